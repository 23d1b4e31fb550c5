"""Finding one's way: search, keyboard, 404 page, first paint."""

import json

import pytest
from built_site import CHAPTERS, listen

pytestmark = pytest.mark.browser

TASKS = "disabled-by-default-devtools.timeline"
PHONE = {"width": 360, "height": 700}


def test_search_finds_a_chapter_from_the_disk_without_console_errors(open_page):
    page = open_page("search.html", fragment="?q=sigmoid")
    results = page.locator("#search-results li a")
    results.first.wait_for(timeout=10_000)
    assert any("chapters/" in result.get_attribute("href") for result in results.all())
    assert page.messages["console"] == []


def test_search_shows_what_stands_around_the_word(browser, host):
    context = browser.new_context()
    page = context.new_page()
    seen = listen(page)
    page.goto(f"{host}/search.html?q=saturated")
    found = page.locator("#search-results li .context")
    found.first.wait_for(timeout=10_000)
    page.wait_for_function(
        "[...document.querySelectorAll('#search-results li')]"
        ".every(li => li.querySelector('.context'))"
    )
    texts = [text.lower() for text in found.all_inner_texts()]
    titles = page.locator("#search-results li > a").all_inner_texts()
    assert len(set(titles)) == len(titles) > 1
    assert [text for text in texts if "satur" not in text] == []
    assert seen["console"] == []
    context.close()


def test_control_k_opens_a_search_that_leads_to_results(open_page):
    page = open_page("index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("softmax")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=softmax**")
    page.locator("#search-results li a").first.wait_for(timeout=10_000)


def test_the_first_tab_stop_skips_to_the_text(open_page):
    page = open_page(CHAPTERS[0])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Skip to main content"
    assert page.locator("#pst-skip-link a").is_visible()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main-content")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('main')")


def test_focus_is_visible_at_every_stop(open_page):
    page = open_page(CHAPTERS[0])
    stops = 0
    for _ in range(80):
        page.keyboard.press("Tab")
        name, visible = page.evaluate(
            """() => {
              const element = document.activeElement, style = getComputedStyle(element);
              const outlined = style.outlineStyle != "none" && parseFloat(style.outlineWidth) > 0;
              return [element.outerHTML.slice(0, 120), outlined || style.boxShadow != "none"];
            }"""
        )
        if name.startswith("<body"):
            break
        stops += 1
        assert visible, name
    assert stops > 10


@pytest.mark.parametrize("path", CHAPTERS[:1])
def test_copy_buttons_are_no_tab_stops_and_nothing_that_scrolls_is_a_landmark(open_page, path):
    page = open_page(path, viewport=PHONE)
    page.locator(".copybtn").first.wait_for(state="attached")
    page.wait_for_function(
        "[...document.querySelectorAll('.copybtn')].every(b => b.tabIndex == -1)"
    )
    assert page.locator("[role=region]").count() == 0


@pytest.mark.parametrize("path", CHAPTERS[:1])
def test_printed_code_keeps_the_ends_of_its_lines(open_page, path):
    page = open_page(path, viewport={"width": 690, "height": 900})  # A4 less its margins
    page.emulate_media(media="print")
    wide = "pre => pre.scrollWidth > pre.clientWidth + 1"
    cut = f"[...document.querySelectorAll('pre')].filter({wide}).length"
    assert page.evaluate(cut) == 0


@pytest.mark.parametrize("width", [970, 1000, 1140, 1280])
def test_the_name_of_the_course_fits_into_the_sidebar(open_page, width):
    page = open_page("index.html", viewport={"width": width, "height": 600})
    fits = """() => {
      const words = document.createRange();
      words.selectNodeContents(document.querySelector(".logo__title"));
      const sidebar = document.querySelector(".bd-sidebar-primary");
      return words.getBoundingClientRect().right <= sidebar.getBoundingClientRect().right;
    }"""
    assert page.evaluate(fits)


def test_next_leads_from_a_chapter_to_its_exercise_and_on_to_the_next_chapter(open_page):
    page = open_page("chapters/01_forward_pass.html")
    page.locator("a.right-next").click()
    page.wait_for_url("**/exercises/01_forward_pass.html")
    page.locator("a.right-next").click()
    page.wait_for_url("**/chapters/02_chain_rule.html")


def test_the_theme_can_be_chosen_and_is_kept(open_page):
    page = open_page("index.html")
    button = page.locator(".theme-switch-button:visible").first
    themes = set()
    for _ in range(3):
        button.click()
        themes.add(page.evaluate("document.documentElement.dataset.mode"))
    assert themes == {"light", "dark", "auto"}


def test_an_unknown_address_shows_the_404_page_with_its_style(browser, host):
    page = browser.new_page()
    seen = listen(page)
    page.goto(f"{host}/404.html")
    assert page.locator("article h1").inner_text() == "Page not found"
    assert page.locator("nav a").count() > 3
    assert [url for url in seen["requests"] if not url.startswith((host, "data:"))] == []
    page.close()


@pytest.fixture(scope="module", params=CHAPTERS)
def loadings(request, browser, host):
    """The traces of loading a chapter twice, each up to half a second of rest."""
    traces = []
    for _ in range(2):
        page = browser.new_page()
        wanted = ["toplevel", "devtools.timeline", "loading", TASKS]
        browser.start_tracing(page=page, categories=wanted)
        page.goto(f"{host}/{request.param}")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(500)
        traces.append(json.loads(browser.stop_tracing())["traceEvents"])
        page.close()
    return traces


def computed(trace, before_paint=False):
    """Return the seconds that the page's main thread computed, all in all or before it painted."""
    paint = [event for event in trace if event["name"] == "firstContentfulPaint"][-1]
    return 1e-6 * sum(
        event.get("tdur", 0)  # of the thread: a busy machine adds nothing; none, it had not ended
        for event in trace
        if event["name"] == "RunTask"
        and (event["pid"], event["tid"]) == (paint["pid"], paint["tid"])
        and (event["ts"] < paint["ts"] or not before_paint)
    )


def test_a_processor_a_quarter_as_fast_paints_a_chapter_within_a_second_and_a_half(loadings):
    assert 0 < min(computed(trace, before_paint=True) for trace in loadings) <= 1.5 / 4


def test_a_chapter_is_there_after_a_second_and_a_half_of_computing(loadings):
    assert 0 < min(map(computed, loadings)) <= 1.5


TOP = "place => document.getElementById(place).getBoundingClientRect().top"


def test_a_page_that_has_come_is_laid_out_to_its_end(open_page):
    page = open_page(CHAPTERS[0])
    skipped = """[...document.querySelectorAll(".bd-article > section > section > h2")]
      .filter(e => !e.checkVisibility({contentVisibilityAuto: true})).length"""
    assert page.evaluate(skipped) == 0
    last = page.locator(".bd-article h2").last
    last.scroll_into_view_if_needed()
    assert 0 <= last.bounding_box()["y"] < page.viewport_size["height"]


@pytest.mark.parametrize("way", ["address", "contents"])
def test_a_link_into_a_page_leads_to_its_place(open_page, way):
    page = open_page(CHAPTERS[0])
    link = page.locator(".toc-h2 > a:visible").nth(-4)
    place = link.get_attribute("href").removeprefix("#")
    if way == "address":
        page = open_page(CHAPTERS[0], fragment=f"#{place}")
    else:
        link.click()
    page.wait_for_function(f"Math.abs(({TOP})({json.dumps(place)}) - 72) < 4")  # below the header
    page.wait_for_timeout(500)
    assert abs(page.evaluate(TOP, place) - 72) < 4


def test_the_contents_beside_the_page_show_where_the_reader_is(open_page):
    page = open_page(CHAPTERS[0])
    link = page.locator(".toc-h2 > a:visible").nth(3)
    link.click()
    page.wait_for_function("link => link.classList.contains('active')", arg=link.element_handle())
    page.locator(".active .toc-h3 > a:visible").first.wait_for()  # what stands below it comes up
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    page.wait_for_function("!document.querySelector('.toc-entry a.active')")


def test_what_scrolls_sideways_can_be_reached_with_the_keyboard(open_page):
    page = open_page(CHAPTERS[3], viewport=PHONE)
    wide = "[...document.querySelectorAll('pre')].filter(e => e.scrollWidth > e.clientWidth)"
    assert page.evaluate(f"{wide}.length") > 1
    page.wait_for_function(f"{wide}.every(e => e.tabIndex == 0)")


def test_a_dark_page_is_dark_before_the_themes_script_has_run(browser, host):
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.route("**/pydata-sphinx-theme.js", lambda route: route.abort())
    page.goto(f"{host}/{CHAPTERS[0]}")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    context.close()
