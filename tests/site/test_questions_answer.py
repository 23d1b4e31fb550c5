"""Questions answer: a choice is told what belongs to it; numbers and shapes as readers write."""

import re

import pytest
from built_site import PAGES, SITE

from book.questions import ANSWERED


def asks(page):
    """Whether a page has questions that are answered: derivations are put in order."""
    text = (SITE / page).read_text("utf-8") if (SITE / page).exists() else ""
    return any(f'<p class="admonition-title">{title}</p>' in text for title in ANSWERED)


ASKING = [page for page in PAGES if asks(page)]
pytestmark = pytest.mark.browser

# For each question of the page: what was answered, what was said, and what stands under "Answer".
ANSWER_ALL = """() => [
  ...document.querySelectorAll(".admonition.question:not(:has(.derivation-mine))")
].map(box => {
  const words = node => node.textContent.replace(/\\s+/g, " ").trim();
  const answer = box.nextElementSibling;
  const says = () => words(box.querySelector(".question-says"));
  const body = answer.querySelector(".sd-summary-content");
  const right = words(body.querySelector("strong")).replace(/[.:]$/, "");
  const told = {};
  for (const item of body.querySelectorAll("ul > li")) {
    const strong = item.querySelector(":scope > p > strong:first-child, \
:scope > strong:first-child");
    if (strong) told[words(strong).replace(/[.:]$/, "")] = words(item);
  }
  const form = box.querySelector(".question-entry");
  const give = said => {
    if (form) {
      form.querySelector("input").value = said;
      form.requestSubmit();
    } else {
      [...box.querySelectorAll(".question-choices button")]
        .find(button => words(button).startsWith(said)).click();
    }
    return [says(), answer.open];
  };
  const predicted = box.matches(".prediction");
  const choices = [...box.querySelectorAll(".question-choices button")].map(b => words(b)[0]);
  const wrong = Object.keys(told).filter(said => said !== right);
  return {
    question: words(box).slice(0, 80), right, choices, told, predicted,
    wrong: wrong.map(said => [said, give(said)]),
    final: give(right),
  };
})"""


@pytest.mark.parametrize("path", ASKING)
def test_every_answer_is_told_what_belongs_to_it(open_page, path):
    page = open_page(path)
    asked = page.evaluate(ANSWER_ALL)
    assert asked
    for one in asked:
        if one["choices"]:
            assert sorted([*one["told"], one["right"]]) == sorted(one["choices"]), one["question"]
        for said, (says, is_open) in one["wrong"]:
            if one["predicted"]:
                assert re.search(
                    rf", and {re.escape(one['right'])} is printed: [\d.,]+ too (high|low)\.", says
                ), one
                assert says.endswith(one["told"][said]), one
                continue
            assert (
                says == f"Not this.{one['told'][said]}" or says == f"Not this. {one['told'][said]}"
            ), one
            assert not is_open, one["question"]
        says, is_open = one["final"]
        assert says.startswith("Right."), one
        assert len(says) > len("Right. ") + 10, f"right answers are explained too: {one}"
        assert is_open
    assert not page.messages["console"]


def entry(page, right):
    """Return the form of the question whose right answer this is."""
    answers = page.locator(".admonition.question:has(.question-entry)")
    for i in range(answers.count()):
        body = answers.nth(i).locator("xpath=following-sibling::details[1]//strong").first
        if body.text_content().strip().rstrip(".:") == right:
            return answers.nth(i)
    raise AssertionError(f"no question is answered by {right}")


SHAPE = ["(784, 128)", "784, 128", "784x128", "( 784 ,128 )", "784 × 128"]


def test_a_shape_may_be_written_in_several_ways(open_page):
    box = entry(open_page("chapters/04_linear_layer_gradients.html"), "(784, 128)")
    for said in SHAPE:
        assert predict(box, "0").startswith("Not")
        assert predict(box, said).startswith("Right."), said


NUMBERS = {
    "0,5": "Not",
    "1/3": "Right.",
    "−1": "Not",
    "0.333": "Right.",
    "": "Not",
    "a third": "Not",
}


def test_a_number_may_be_written_in_several_ways(open_page):
    box = entry(open_page("chapters/04_linear_layer_gradients.html"), "0.333")
    for said, verdict in NUMBERS.items():
        assert predict(box, said).startswith(verdict), said


def prediction(page):
    """The prediction of a gradient that is 1 % too large, and the output below it."""
    box = page.locator(".prediction", has_text="1 % too large in every entry")
    return box, page.locator(".cell_output", has_text="32 times too large")


def predict(box, said):
    box.locator("input").fill(said)
    box.locator("input").press("Enter")
    return box.locator(".question-says").inner_text()


def test_an_output_is_covered_until_it_was_predicted_and_is_compared_with_it(open_page):
    page = open_page("chapters/03_gradient_checking.html")
    box, output = prediction(page)
    assert not output.is_visible()
    assert predict(box, "about one") == "Not this.\n\nTry again, or open the answer."
    assert not output.is_visible()
    says = predict(box, "0.02")
    assert output.is_visible()
    assert "You predicted 0.02, and 0.005 is printed: 0.015 too high." in says
    assert "doubles where it should halve" in says


def test_a_prediction_that_nobody_foresaw_is_told_how_far_off_it_is_and_why(open_page):
    box, _ = prediction(open_page("chapters/03_gradient_checking.html"))
    says = predict(box, "0.001")
    assert "You predicted 0.001, and 0.005 is printed: 0.004 too low." in says
    assert "that is divided by the size of both" in says


def test_a_prediction_that_rounds_to_what_is_printed_is_right(open_page):
    box, output = prediction(open_page("chapters/03_gradient_checking.html"))
    assert predict(box, "0.01/2.01").startswith("Right.")
    assert output.is_visible()


def test_a_covered_output_can_be_shown_without_predicting_and_is_printed(open_page):
    page = open_page("chapters/03_gradient_checking.html")
    _, output = prediction(page)
    page.emulate_media(media="print")
    assert output.is_visible()
    assert not page.locator(".question-uncover").first.is_visible()
    page.emulate_media(media="screen")
    assert not output.is_visible()
    output.locator("xpath=preceding-sibling::button").click()
    assert output.is_visible()


def test_an_output_that_was_predicted_on_an_earlier_visit_is_not_covered_again(open_page, host):
    page = open_page("chapters/03_gradient_checking.html", host=host)
    assert predict(prediction(page)[0], "0.005").startswith("Right.")
    page.reload()
    page.locator(".question-says").first.wait_for(state="attached")
    assert prediction(page)[1].is_visible()
    assert page.locator(".question-covered").count() == 2


def test_without_javascript_what_is_to_be_predicted_is_shown(open_page):
    page = open_page("chapters/03_gradient_checking.html", java_script_enabled=False)
    assert prediction(page)[1].is_visible()


def test_a_question_is_answered_by_keyboard_alone(open_page):
    page = open_page("chapters/04_linear_layer_gradients.html")
    first = page.locator(".question-choices button").first
    first.focus()
    page.keyboard.press("Enter")
    assert first.get_attribute("aria-pressed") == "true"
    says = page.locator(".question-says").first
    assert says.inner_text()
    assert says.get_attribute("role") == "status"
    assert first.evaluate("button => button == document.activeElement")


def test_without_javascript_the_question_reads_as_it_stands(open_page):
    page = open_page("chapters/04_linear_layer_gradients.html", java_script_enabled=False)
    assert page.locator(".question").count() == 0
    assert page.locator(".admonition ul > li strong").first.inner_text() == "A"
