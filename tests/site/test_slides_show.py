"""A chapter as slides: each fits the screen, figures are on theirs, a phone's can be read."""

import itertools

import pytest
from built_site import CHAPTERS
from sample import sample

pytestmark = pytest.mark.browser
WIDE, PHONE = {"width": 1280, "height": 720}, {"width": 390, "height": 844}
# What of a slide cannot be seen without scrolling, and the formulas that scroll in themselves.
OVERFLOW = """async slide => {
  await document.fonts.ready;
  await new Promise(requestAnimationFrame);
  const name = part => `${part.tagName.toLowerCase()}.${part.className} \
${part.textContent.slice(0, 40)}`;
  const scrolls = part => part.scrollWidth > part.clientWidth + 2
    && ["auto", "scroll"].includes(getComputedStyle(part).overflowX);
  const formula = "span.math, div.math";
  const {right} = slide.getBoundingClientRect();
  const drawn = "svg *, math *";
  const parts = [...slide.querySelectorAll("*")].filter(part => !part.closest(drawn));
  const wide = parts.filter(scrolls);
  const cut = parts.filter(part => part.checkVisibility() && !wide.some(one => one.contains(part))
    && part.getBoundingClientRect().right > right + 2);
  return {
    high: slide.scrollHeight - slide.clientHeight,
    cut: [...cut, ...wide.filter(part => !part.matches(formula))].map(name),
    formulas: wide.filter(part => part.matches(formula)).map(name),
  };
}"""


def show(page, number):
    """Go to a slide, counted from 1."""
    page.locator(".reveal .slides > section.present").wait_for(state="attached")
    for _ in range(number - 1):
        page.keyboard.press("ArrowRight")
    return page.locator(".reveal .slides > section.present")


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("path", "size"),
    sample(
        itertools.product(
            CHAPTERS, [{"width": 1100, "height": 720}, {"width": 540, "height": 960}, PHONE]
        ),
        10,
    ),
)
def test_no_slide_is_cut_or_scrolls_and_on_a_phone_only_wide_formulas_do(open_page, path, size):
    page = open_page(path, fragment="?slides", viewport=size)
    slides = page.locator(".reveal .slides > section").count()
    assert slides >= 10
    slide = show(page, 1)
    for number in range(1, slides + 1):
        found = slide.evaluate(OVERFLOW)
        assert found["high"] <= 2, f"slide {number} of {path} is {found['high']} too high"
        assert not found["cut"], f"slide {number} of {path} is cut: {found['cut']}"
        if size["width"] > size["height"]:
            assert not found["formulas"], f"slide {number} of {path}: {found['formulas']}"
        page.keyboard.press("ArrowRight")


def test_a_slide_that_is_too_high_becomes_smaller(open_page):
    page = open_page("chapters/04_linear_layer_gradients.html", fragment="?slides", viewport=WIDE)
    slide = show(page, 3)
    assert "outer products add up" in slide.inner_text()
    page.wait_for_function("document.querySelector('section.present').style.zoom < 1")
    heights = slide.evaluate("slide => [slide.scrollHeight, slide.clientHeight]")
    assert heights[0] <= heights[1] + 2


def test_the_glass_box_is_on_the_slide_of_the_figure_that_it_replaces_and_code_is_on_none(
    open_page,
):
    page = open_page("chapters/05_backpropagation.html", fragment="?slides", viewport=WIDE)
    slide = show(page, 5)
    assert slide.locator(".glass-box svg:visible").count()
    assert not slide.get_by_text("Show code cell source").is_visible()


def test_a_phone_shows_one_slide_at_a_time_in_letters_that_can_be_read(open_page):
    page = open_page("chapters/07_initialization.html", fragment="?slides", viewport=PHONE)
    slide = show(page, 2)
    assert "Zeros" in slide.inner_text()
    drawn = slide.evaluate("""slide => {
      const scale = slide.getBoundingClientRect().width / slide.offsetWidth;
      const text = slide.querySelector(".admonition p:not(.admonition-title)");
      return scale * parseFloat(getComputedStyle(text).fontSize);
    }""")
    assert drawn >= 12


def test_a_printed_sheet_has_its_key_on_a_page_of_its_own_and_a_derivation_no_empty_box(open_page):
    sheet = open_page("chapters/lesson_3.html")
    sheet.emulate_media(media="print")
    key = sheet.locator("section:has(> .key-number)")
    assert key.evaluate("key => getComputedStyle(key).breakBefore") == "page"
    paper = open_page("chapters/on_paper.html")
    paper.emulate_media(media="print")
    assert not paper.locator("ol.derivation-mine").first.is_visible()
