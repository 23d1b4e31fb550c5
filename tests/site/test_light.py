"""A chapter is light: what it takes to read it.

Frames and editors come once the reader is near them, and have limits of their own.
"""

import re

import pytest
from built_site import CHAPTERS, listen, settle, transferred
from fontTools.ttLib import TTFont

from book.fonts import icons

SHIFTS = """
  window.shifted = 0;
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
  }).observe({type: "layout-shift", buffered: true});
"""
NEAR = re.compile(r"/_static/(explorers/|practice/editor\.js)")
DRAWN_CODE = re.compile(r'<span class="[npw]">')


@pytest.fixture(scope="module", params=["index.html", *CHAPTERS])
def visit(request, browser, host):
    """What a page costs whoever opens it and reads."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.add_init_script(SHIFTS)
    requests = listen(page)["requests"]
    page.goto(f"{host}/{request.param}")
    settle(page)
    page.wait_for_timeout(300)
    seen = {
        "bytes": transferred([url for url in requests if not NEAR.search(url)]),
        "elements": page.evaluate("document.querySelectorAll('*').length"),
        "shifted": page.evaluate("window.shifted"),
    }
    context.close()
    return seen


@pytest.mark.browser
def test_takes_at_most_350_kilobytes_to_read(visit):
    assert visit["bytes"] <= 350_000


@pytest.mark.browser
def test_has_at_most_12000_elements(visit):
    assert visit["elements"] <= 12_000


@pytest.mark.browser
def test_does_not_shift_while_it_loads(visit):
    assert visit["shifted"] <= 0.02


def test_the_fonts_have_every_icon_that_the_site_shows(site):
    fonts = list((site / "_static/vendor/fontawesome/webfonts").glob("*.woff2"))
    drawn = set().union(*(TTFont(font).getBestCmap() for font in fonts))
    shown = icons(site)
    assert len(fonts) == 3
    assert 20 < len(shown) < 100
    assert 0xF0EB in shown  # the bulb of "Think first"
    assert 0xF0C9 in shown  # the button that opens the contents
    private = {hex(code) for code in shown if 0xE000 <= code <= 0xF8FF}
    assert private - {hex(c) for c in drawn} == set()


@pytest.mark.parametrize("page", CHAPTERS)
def test_code_is_marked_only_where_its_color_differs(site, page):
    assert DRAWN_CODE.findall((site / page).read_text("utf-8")) == []
