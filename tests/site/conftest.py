"""Opens the built site, ``_build/html``, in the machine's Chromium, over http and file://."""

import pytest
from built_site import PREFIX, SITE, listen, settle


@pytest.fixture(scope="session")
def site():
    """The folder of the built site."""
    if not (SITE / "index.html").exists():
        pytest.fail(f"these tests open the built site: run `make book` first, it writes {SITE}")
    return SITE


@pytest.fixture(scope="session")
def host(site, serve):
    """The address of a web server that serves the site as it is published."""
    with serve(site, PREFIX) as address:
        yield address


@pytest.fixture
def open_page(browser, site):
    """``open_page(path)`` opens a page over file://; keyword arguments go to the browser context."""
    contexts = []

    def open_(path, *, init=None, fragment="", **options):
        context = browser.new_context(**options)
        contexts.append(context)
        if init:
            context.add_init_script(init)
        page = context.new_page()
        page.messages = listen(page)
        page.goto((site / path).as_uri() + fragment)
        if options.get("java_script_enabled", True):
            settle(page)
        return page

    yield open_
    for context in contexts:
        context.close()
