"""Formulas stand in the page as it arrives: no script sets them, a screen reader speaks them."""

import html
import re

import pytest
from built_site import CHAPTERS, PAGES
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError

from book.formulas import ITALICS, TAG, mathml_of

FORMULA = re.compile(r'<(span|div) class="[^"]*\bmath\b[^"]*"[^>]*>(.*?)</\1>', re.S)
MATH = re.compile(r"<math\b.*?</math>", re.S)

pytestmark = pytest.mark.browser


def text_of(site, page):
    return (site / page).read_text("utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_arrives_with_every_formula_set(site, page):
    text = text_of(site, page)
    formulas = [found[2] for found in FORMULA.finditer(text)]
    assert [formula for formula in formulas if "<math" not in formula] == []
    assert len(MATH.findall(text)) == len(formulas)


def test_the_chapters_have_formulas(site):
    counts = [len(MATH.findall(text_of(site, page))) for page in CHAPTERS]
    assert len(counts) == 8
    assert min(counts) > 50


def test_the_font_has_every_character_of_every_formula(site):
    font = TTFont(site / "_static" / "formulas" / "STIXTwoMath.woff2")
    has = font.getBestCmap()
    shown = {
        character
        for page in PAGES
        for formula in MATH.findall(text_of(site, page))
        for character in html.unescape(TAG.sub("", formula))
    }
    invisible = {"\u2061", "\u00a0"}  # function application, a space
    assert {hex(ord(c)) for c in shown - invisible if ord(c) not in has} == set()
    assert [hex(code) for code in ITALICS if code not in has] == []
    assert "MATH" in font  # how fractions, roots and braces are built


def test_a_formula_becomes_mathml_in_the_line_or_on_its_own():
    inline, displayed = mathml_of([["x^2", False], [r"\frac{1}{N}", True]])
    assert inline.startswith("<math><msup><mi>x</mi><mn")
    assert ">2</mn></msup></math>" in inline
    assert "<mfrac><mn>1</mn><mi>N</mi></mfrac>" in displayed
    assert 'display="block"' in displayed


def test_what_is_not_tex_stops_the_build_and_is_named():
    with pytest.raises(ExtensionError, match="fra"):
        mathml_of([[r"\fra{1}{2}", False]])


def test_formulas_are_set_in_the_math_font_without_javascript(open_page):
    page = open_page("chapters/04_linear_layer_gradients.html", java_script_enabled=False)
    formula = page.locator("math mfrac").first
    formula.scroll_into_view_if_needed()
    assert formula.bounding_box()["height"] > 20  # one above the other


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_formula_is_cut_off(open_page, chapter):
    page = open_page(chapter)
    for width in (1280, 768, 360):
        page.set_viewport_size({"width": width, "height": 800})
        cut = page.evaluate(
            """() => [...document.querySelectorAll("math")].filter(math => {
              const inside = math.getBoundingClientRect(), box = math.closest(".math");
              const scrolls = ["auto", "scroll"].includes(getComputedStyle(box).overflowX);
              return inside.width && inside.right > innerWidth + 1 && !scrolls
                && !math.closest(".pst-scrollable-table-container, .cell_output");
            }).map(math => math.textContent)"""
        )
        assert cut == [], width
