"""Derivations on the site: what follows is right, the first wrong line is told; no mouse needed."""

import pytest
from test_derivations import DERIVATIONS

pytestmark = pytest.mark.browser

PAGE = "chapters/on_paper.html"
SIGMOID = DERIVATIONS[0]


@pytest.fixture
def page(open_page):
    return open_page(PAGE)


def box(page, one):
    return page.locator(".admonition.question").nth(DERIVATIONS.index(one))


def line(box, letter):
    return box.locator(f"li[data-letter={letter}]")


def put(box, letters):
    for letter in letters:
        line(box, letter).locator(".derivation-line").click()
    box.get_by_role("button", name="Check").click()
    return " ".join(box.locator(".question-says").inner_text().split())


def mine(box):
    return [row.get_attribute("data-letter") for row in box.locator(".derivation-mine > li").all()]


def test_the_order_that_is_told_is_right_and_opens_the_derivation(page):
    for one in DERIVATIONS:
        assert put(box(page, one), one.order).startswith("Right."), one.title
        answer = box(page, one).locator("xpath=following-sibling::details[1]")
        assert answer.get_attribute("open") is not None, one.title


def test_another_order_in_which_each_line_follows_is_right_too(page):
    assert put(box(page, SIGMOID), "DHFAC").startswith("Right.")


def test_a_line_above_what_it_needs_is_named_and_its_reason_told(page):
    said = put(box(page, SIGMOID), "FAHDC")
    assert said.startswith("Not yet. Line A is true")
    assert "chain rule" in said
    assert line(box(page, SIGMOID), "A").evaluate(
        "row => row.classList.contains('derivation-wrong')"
    )


def test_the_first_mistake_is_told_with_its_own_sentence(page):
    said = put(box(page, SIGMOID), "FEB")
    assert said.startswith("Not this line: E lowers the power by too little")
    assert "\\(" not in said  # its formulas are set


def test_what_is_right_so_far_is_told_with_how_much_is_missing(page):
    assert "3 more lines are needed" in put(box(page, SIGMOID), "FH")


def test_lines_are_placed_moved_and_taken_out_by_keyboard_alone(page):
    one = box(page, SIGMOID)
    line(one, "A").locator(".derivation-line").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # the focus went on to B
    assert mine(one) == ["A", "B"]
    one.get_by_role("button", name="Move line B up").focus()
    page.keyboard.press("Enter")
    assert mine(one) == ["B", "A"]
    assert "number 1" in one.locator(".question-says").inner_text()
    one.get_by_role("button", name="Take line A out").focus()
    page.keyboard.press("Enter")
    assert mine(one) == ["B"]
    assert page.evaluate("document.activeElement.closest('li').dataset.letter") == "A"


def test_a_line_is_dragged_by_its_dots(page):
    one = box(page, SIGMOID)
    one.scroll_into_view_if_needed()
    place = one.locator(".derivation-mine").bounding_box()
    line(one, "A").locator(".derivation-grip").hover()
    page.mouse.down()
    page.mouse.move(place["x"] + 60, place["y"] + 20, steps=5)
    page.mouse.up()
    assert mine(one) == ["A"]


def test_a_finger_places_lines_too(open_page):
    page = open_page(PAGE, has_touch=True, viewport={"width": 360, "height": 700})
    one = box(page, SIGMOID)
    for letter in SIGMOID.order:
        line(one, letter).locator(".derivation-line").tap()
    one.get_by_role("button", name="Check").tap()
    assert one.locator(".question-says").inner_text().startswith("Right.")


def test_on_a_phone_a_placed_line_is_read_as_wide_as_it_was_offered(open_page):
    page = open_page(PAGE, viewport={"width": 360, "height": 700})
    one = box(page, SIGMOID)
    for letter in SIGMOID.order:
        formula = line(one, letter).locator(".derivation-line")
        cut = "formula => formula.scrollWidth - formula.clientWidth"
        offered = formula.evaluate(cut)
        formula.click()
        assert formula.evaluate(cut) <= max(offered, 1), letter


def test_without_javascript_lines_and_derivation_can_be_read(open_page):
    page = open_page(PAGE, java_script_enabled=False)
    assert page.locator(".admonition.question").count() == 0
    assert page.locator(".admonition ul > li").count() == sum(len(one.lines) for one in DERIVATIONS)
