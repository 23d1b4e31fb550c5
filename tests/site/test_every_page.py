"""Every page of the built site: nothing from other hosts, no errors, light, accessible, no shifts.

A page is opened once over http; each test then looks at one promise.  Of sheets, exercises,
solutions and the library some are visited, of the others all.  axe, which takes longer than all the
rest, judges two of each kind, and the same ones are opened from the disk.
"""

import itertools
import re

import pytest
from accessibility import broken_rules, pale_texts
from built_site import LOAD_PICTURES, PAGES, fade, listen, settle, transferred
from conftest import PATIENCE
from sample import sample

pytestmark = pytest.mark.browser

WATCH_SHIFTS = """
  window.shifts = [];
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) for (const {node} of entry.sources)
      if (node?.parentElement?.closest(".explorer")) shifts.push(node.outerHTML.slice(0, 80));
  }).observe({type: "layout-shift", buffered: true});
"""


def kind(page):
    """Return what a page shares with its like: its name up to a number, else its folder."""
    name, number, _ = re.split(r"(\d|$)", page, maxsplit=1)
    return name if number else page.rpartition("/")[0]


KINDS = {name: [*pages] for name, pages in itertools.groupby(sorted(PAGES, key=kind), kind)}
ALIKE = ("chapters/lesson_", "exercises/", "library", "solutions/")
VISITED = [
    pytest.param(page, marks=pytest.mark.sampled) if name in ALIKE else page
    for name, pages in KINDS.items()
    for page in (sample(pages, 5) if name in ALIKE else pages)
]
JUDGED = [page for pages in KINDS.values() for page in sample(pages, 2)]
WIDER_THAN_WINDOW = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture(scope="module", params=VISITED)
def visit(request, browser, host):
    """What was seen of one page, over http: light, dark, narrow, printed."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script(WATCH_SHIFTS)
    seen = listen(page)
    page.goto(f"{host}/{request.param}")
    settle(page)
    seen["transferred"] = transferred(seen["requests"])
    seen["broken pictures"] = page.evaluate(LOAD_PICTURES)
    seen["headings"] = page.locator("article h1").count()
    if request.param in JUDGED:
        seen["light"] = broken_rules(page) + pale_texts(page)
        to_dark(page)
        seen["dark"] = pale_texts(page)
    for width in (640, 360):  # 1280 at 200 % zoom; a narrow phone
        page.set_viewport_size({"width": width, "height": 700})
        seen[width] = page.evaluate(WIDER_THAN_WINDOW)
    seen["shifts"] = page.evaluate("window.shifts")
    context.close()
    return seen | {"page": request.param}


def to_dark(page):
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme == 'dark'")
    fade(page)


def test_asks_no_other_host(visit, host):
    foreign = [url for url in visit["requests"] if not url.startswith((host, "data:", "blob:"))]
    assert foreign == []


def test_has_a_silent_console(visit):
    assert visit["console"] == []


@pytest.mark.sampled
@pytest.mark.parametrize("page", [page for page in JUDGED if page != "404.html"])
def test_is_silent_and_alone_when_opened_from_the_disk(open_page, page):
    seen = open_page(page).messages
    foreign = [url for url in seen["requests"] if not url.startswith(("file:", "data:", "blob:"))]
    assert (seen["console"], foreign) == ([], [])


def test_transfers_at_most_3_megabytes(visit):
    assert visit["transferred"] <= 3_000_000


def test_shows_every_picture(visit):
    assert visit["broken pictures"] == []


@pytest.mark.sampled
@pytest.mark.parametrize("visit", JUDGED, indirect=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_has_no_accessibility_violation(visit, theme):
    assert visit[theme] == []


@pytest.mark.parametrize(("theme", "pale"), [("light", "#bbb"), ("dark", "#444")])
def test_one_kind_of_letters_that_is_pale_is_found(browser, host, theme, pale):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{host}/solutions/05_backpropagation.html")
    if theme == "dark":
        to_dark(page)
    letters = ":is(.highlight .k, math mi, .bd-toc-item li:last-child a)"
    page.add_style_tag(content=f"html {letters} {{color: {pale} !important}}")
    fade(page)
    found = pale_texts(page)
    context.close()
    assert {"span", "mi", "a"} == {re.search("<([a-z]+)", text)[1] for text in found}


@pytest.mark.parametrize("width", [640, 360])
def test_does_not_scroll_sideways_when_zoomed_or_on_a_phone(visit, width):
    assert not visit[width]


def test_has_explorers_that_shift_nothing(visit):
    assert visit["shifts"] == []


def test_has_one_title(visit):
    if visit["page"] in ("404.html", "search.html"):
        pytest.skip("made by the theme")
    assert visit["headings"] == 1
