"""Opens the built site, ``_build/html``, in the machine's Chromium, over http and file://."""

import contextlib
import os
from pathlib import Path

import pytest
from built_site import PREFIX, SITE, listen, settle
from practice_page import FIRST, PracticePage, asks_pyodide_beside

PATIENCE = 180_000  # milliseconds: a busy machine takes its time
PYODIDE = os.environ.get("PYODIDE_TEST")
LOCAL = PYODIDE if PYODIDE != "cdn" else None


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
    """``open_page(path)`` opens a page over file://; keywords go to the browser's context.

    With ``host`` it comes from there. What has to remember needs it: a busy Chromium now and then
    gives a page from the disk an empty memory, and its next load the one that was written.
    """
    contexts = []

    def open_(path, *, host=None, init=None, fragment="", **options):
        context = browser.new_context(**options)
        contexts.append(context)
        if init:
            context.add_init_script(init)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.messages = listen(page)
        page.goto((f"{host}/{path}" if host else (site / path).as_uri()) + fragment)
        if options.get("java_script_enabled", True):
            settle(page)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def practice_host(site, serve, tmp_path_factory):
    """The address of the site, with a local Pyodide in it if there is one."""
    lite = tmp_path_factory.mktemp("beside") / "lite"
    (lite / "static").mkdir(parents=True)
    if LOCAL:
        (lite / "static" / "pyodide").symlink_to(Path(LOCAL).resolve())
    with serve(site, PREFIX, lite) as address:
        yield address


@contextlib.contextmanager
def visits(browser, host):
    """Give ``visit(exercise)``; close what it opened: a page with Python holds much memory."""
    contexts = []

    def visit(exercise=FIRST, *, context=None, init=None, **options):
        if context is None:
            context = browser.new_context(**options)
            contexts.append(context)
            if LOCAL:
                asks_pyodide_beside(context)
            if init:
                context.add_init_script(init)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.messages = listen(page)
        page.goto(f"{host}/{exercise.replace('.ipynb', '.html')}")
        settle(page)
        return PracticePage(page)

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def visit(browser, practice_host):
    """``visit(exercise)`` opens its page as a new reader does; keywords go to the context."""
    with visits(browser, practice_host) as visit:
        yield visit


@pytest.fixture(scope="module")
def warm(browser, practice_host):
    """A page of the first exercise whose Python has been started."""
    with visits(browser, practice_host) as visit:
        page = visit()
        if PYODIDE:
            page.check("relu", "def relu(z):\n    return np.maximum(z, 0)\n")
        yield page
