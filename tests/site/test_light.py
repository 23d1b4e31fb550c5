"""A chapter is light: what it takes to read it.

Frames and editors come once the reader is near them, and have limits of their own.
"""

import gzip
import re

import pytest
from built_site import CHAPTERS, PAGES, listen, settle, transferred
from fontTools.ttLib import TTFont

from book.fonts import icons

pytestmark = pytest.mark.browser

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


def test_takes_at_most_350_kilobytes_to_read(visit):
    assert visit["bytes"] <= 350_000


def test_has_at_most_12000_elements(visit):
    assert visit["elements"] <= 12_000


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


LINKED = re.compile(r'<link [^>]*href="[^"]*_static/([^"?]+\.css)')
SCRIPT = re.compile(r'<script (?![^>]*defer)[^>]*src="[^"]*?([\w.-]+\.js)')


@pytest.mark.parametrize("page", PAGES)
def test_a_page_waits_for_one_style_sheet_and_what_is_its_own(site, page):
    first, *own = LINKED.findall((site / page).read_text("utf-8"))
    assert first == "site.css"
    assert set(own) <= {f"{name}/{name}.css" for name in ("glassbox", "questions", "training")}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_waits_for_no_script_but_the_one_of_its_options(site, page):
    assert set(SCRIPT.findall((site / page).read_text("utf-8"))) <= {"documentation_options.js"}


def test_the_style_sheet_has_what_is_used_and_little_else(site):
    style = (site / "_static" / "site.css").read_text("utf-8")
    assert len(gzip.compress(style.encode())) <= 45_000
    assert "form-floating" not in style  # the theme's, for pages that are not in this book
    assert 'html[data-theme="dark"] .picture' in style
    for address in re.findall(r"url\([\"']?(?!data:|%23)([^\"')]+)", style):
        assert address.endswith(".ttf") or (site / "_static" / address).exists()
