"""Addresses of the course in six chapters lead to where their text is now."""

import pytest
from built_site import SITE

from book.redirects import FOLDERS, MOVED

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("old", MOVED)
def test_an_old_address_leads_to_a_page_that_is_there(site, folder, old):
    assert (site / folder / f"{MOVED[old]}.html").is_file()
    assert f'url={MOVED[old]}.html"' in (site / folder / f"{old}.html").read_text()


@pytest.mark.parametrize("script", [True, False])
def test_an_old_address_shows_its_new_page_from_the_disk(browser, site, script):
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto((SITE / "chapters/05_initialization.html").as_uri() + "#main-content")
    page.wait_for_url("**/07_initialization.html*")
    if script:
        assert page.url.endswith("07_initialization.html#main-content")
    context.close()
