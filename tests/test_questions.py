"""The course asks enough questions that readers can answer, of each kind."""

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import nbformat
import numpy as np
import pytest

from book.questions import printed_after
from mlp_lib import CrossEntropyLoss, Linear, Sigmoid, mlp, numerical_gradient, relative_error

ROOT = Path(__file__).parents[1]
QUESTION = re.compile(
    r":::\{admonition\} (Think first|Predict|Looking back)\n(.*?)\n:::\n+"
    r":::\{dropdown\} Answer\n+(.*?)\n:::",
    re.DOTALL,
)
PREDICTION = re.compile(r"\*\*The next cell prints it after `(.+?)`\.\*\*")


def sources(path):
    if path.suffix == ".md":
        return [path.read_text("utf-8")]
    cells = nbformat.read(path, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "markdown"]


def questions():
    """Yield the chapter, the text and the answer of every question."""
    pages = [p for p in sorted((ROOT / "chapters").iterdir()) if p.suffix in (".md", ".ipynb")]
    for path in pages:
        for source in sources(path):
            for _, text, answer in QUESTION.findall(source):
                yield path.stem, text, answer


def kind(text, answer):
    right = re.match(r"\*\*(.+?)\.?\*\*", answer)
    if PREDICTION.match(answer):
        return "prediction"
    if re.search(r"^- \*\*A\*\*", text, re.MULTILINE):
        return "choice"
    if right and re.fullmatch(r"\([\w, ]+\)", right[1]):
        return "shape"
    if right and re.fullmatch(r"[-−]?[\d.,/ ]+(e[-−]?\d+)?", right[1]):
        return "number"
    return "open"


def test_there_are_sixty_questions_that_a_reader_can_answer_of_every_kind():
    kinds = Counter(kind(text, answer) for _, text, answer in questions())
    assert sum(kinds.values()) - kinds["open"] >= 60, kinds
    assert min(kinds["choice"], kinds["number"], kinds["shape"], kinds["prediction"]) >= 5, kinds


def test_every_question_can_be_answered_on_the_site():
    for chapter, text, answer in questions():
        assert kind(text, answer) != "open", f"{chapter}: {text[:90]}"


def test_the_diagnostic_asks_ten_questions_and_says_what_to_brush_up_for_each():
    asked = [answer for page, _, answer in questions() if page == "diagnostic"]
    assert len(asked) == 10
    assert all("To brush up:" in answer for answer in asked)


def test_every_wrong_answer_that_is_offered_has_its_own_sentence():
    for page, text, answer in questions():
        offered = set(re.findall(r"^- \*\*([A-Z])\*\*", text, re.MULTILINE))
        said = re.findall(r"^- \*\*(.+?)\*\*:? (.+)", answer, re.MULTILINE)
        right = re.match(r"\*\*(.+?)\.?\*\*", answer)[1]
        if offered:
            assert {name for name, _ in said} == offered - {right}, f"{page}: {text[:90]}"
        sentences = [sentence for _, sentence in said]
        assert sentences, f"{page}: no wrong answer is foreseen in {text[:90]}"
        assert len(set(sentences)) == len(sentences), f"{page}: {text[:90]}"


# --- the three questions on earlier chapters ------------------------------------------------------

CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))


def introduced():
    """Return {glossary term: number of the chapter whose text explains it first, with a link}."""
    glossary = re.search(
        r"```\{glossary\}\n(.*?)\n```", (ROOT / "chapters" / "glossary.md").read_text("utf-8"), re.S
    )
    terms = re.findall(r"^\S.*$", glossary[1], re.MULTILINE)
    found = dict.fromkeys(terms, len(CHAPTERS) + 1)
    for number, path in reversed(list(enumerate(CHAPTERS, start=1))):
        linked = set(re.findall(r"glossary\.md#term-([\w-]+)", "\n".join(sources(path))))
        found |= dict.fromkeys((term for term in terms if term.replace(" ", "-") in linked), number)
    return found


def mentioned(text, terms):
    """The terms that a text uses, the longest first: "linear layer" is not "layer" as well."""
    text = re.sub(r"\]\([^)]*\)", "", text)
    used = set()
    for term in sorted(terms, key=len, reverse=True):
        text, times = re.subn(rf"\b{re.escape(term)}(s|es)?\b", "", text, flags=re.IGNORECASE)
        used |= {term} if times else set()
    return used


@pytest.mark.parametrize(("number", "path"), list(enumerate(CHAPTERS, start=1))[1:])
def test_a_chapter_opens_with_three_questions_in_words_of_earlier_chapters(number, path):
    asked = [question for source in sources(path) for question in QUESTION.findall(source)]
    assert [title == "Looking back" for title, _, _ in asked] == [True] * 3 + [False] * (
        len(asked) - 3
    )
    terms = introduced()
    for _, text, answer in asked[:3]:
        used = {term: terms[term] for term in mentioned(text + answer, terms)}
        assert used, f"no word of an earlier chapter in {text}"
        assert max(used.values()) < number, f"{used} in {text}"
        assert all(
            int(chapter) < number for chapter in re.findall(r"\((\d\d)_\w+\.ipynb", answer)
        ), answer


def test_a_word_that_comes_later_is_seen():
    terms = introduced()
    assert (terms["bias"], terms["momentum"]) == (1, 8)
    assert mentioned("Momentum of [two biases](glossary.md#term-weight)", terms) == {
        "momentum",
        "bias",
    }


# --- the right numbers and shapes, computed -------------------------------------------------------


def slope(f, x):
    """The derivative of a function of one number, measured."""
    return float(numerical_gradient(lambda x: f(x[0]), np.array([float(x)]))[0])


def layer(rows, n_in, n_out):
    """A linear layer that a batch of these sizes went through, forward and backward."""
    passed = Linear(n_in, n_out, rng=np.random.default_rng(0))
    passed.dx = passed.backward(np.ones_like(passed(np.ones((rows, n_in)))))
    return passed


def gradient(size_of, rows, n_in, n_out):
    passed = layer(rows, n_in, n_out)
    return {"dx": passed.dx, "W": passed.weight.data, "b": passed.bias.data}[size_of].shape


def entropy_of(classes):
    return CrossEntropyLoss()(np.zeros((1, classes)), np.array([0]))


def factor_behind(error):
    """By which factor K two gradients differ whose relative error is this: (K − 1)/(K + 1)."""
    return (1 + error) / (1 - error)


def effective_rate(beta):
    velocity = 0.0
    for _ in range(10_000):
        velocity = beta * velocity + 1
    return velocity


GRADIENT = np.array([[0.5, 1.1]])
COMPUTED = {
    "parameters has a 4-6-3 network": lambda: sum(
        parameter.data.size
        for parameter in mlp([4, 6, 3], rng=np.random.default_rng(0)).parameters()
    ),
    "Which shape has its bias?": lambda: gradient("b", 32, 784, 128),
    "the gradients 3 and −2 come back": lambda: slope(lambda u: 3 * u + -2 * u, 1),
    "maps x (5, 3) to y (5, 4). Which shape has $dx$": lambda: gradient("dx", 5, 3, 4),
    "relative error of 0.667 for every array": lambda: factor_behind(0.667),
    "Which shape has its weight `W`?": lambda: gradient("W", 32, 784, 128),
    "Your gradient is exactly twice the true one": lambda: relative_error(2 * GRADIENT, GRADIENT),
    "a window of $K = 5$, so 96 outputs": lambda: 100 - 96 + 1,
    "the output $h$ of its hidden layer": lambda: layer(32, 784, 128)(np.ones((32, 784))).shape,
    "the slope of the sigmoid at $z = 0$": lambda: slope(Sigmoid(), 0),
    "Which shape has $dW = h^\\top dz$": lambda: (np.ones((32, 128)).T @ np.ones((32, 10))).shape,
    "Which shape has `dW = x.T @ dy`": lambda: (np.ones((5, 3)).T @ np.ones((5, 2))).shape,
    "where it is steepest": lambda: slope(Sigmoid(), 0),
    "A classifier with two classes knows nothing yet": lambda: entropy_of(2),
    "784 inputs, 128 ReLU units": lambda: (2 / 784) ** 0.5,
    "the right one of ten classes probability 0.1": lambda: entropy_of(10),
    "You raise $\\beta$ from 0.9 to 0.99": lambda: effective_rate(0.99) / effective_rate(0.9),
    "$f(x) = (3x + 1)^2$": lambda: slope(lambda x: (3 * x + 1) ** 2, 1),
    "$f(x, y) = x^2 y$": lambda: slope(lambda x: x**2 * 2, 3),
    "The derivative of $f$ at a point is −4": lambda: -4 * 0.01,
    r"\log(e^2 \cdot e^3)": lambda: np.log(np.exp(2) * np.exp(3)),
    "Which shape has $AB$": lambda: (np.ones((2, 3)) @ np.ones((3, 4))).shape,
    "Which shape has `x + b`": lambda: (np.ones((5, 3)) + np.ones(3)).shape,
    "Which shape has `x.sum(axis=0)`": lambda: np.ones((5, 3)).sum(axis=0).shape,
    "Which shape has `u - v`": lambda: (np.ones(4) - np.ones((4, 1))).shape,
}
TO_COMPUTE = [one for one in questions() if kind(*one[1:]) in ("number", "shape")]


def test_every_number_and_shape_that_is_asked_for_is_computed():
    for page, text, _ in TO_COMPUTE:
        assert sum(words in text for words in COMPUTED) == 1, f"{page}: {text}"
    assert len(COMPUTED) == len(TO_COMPUTE)


@pytest.mark.parametrize("words", COMPUTED)
def test_a_right_answer_is_what_is_computed_and_no_wrong_one_is(words):
    (answer,) = [answer for _, text, answer in TO_COMPUTE if words in text]
    right = re.match(r"\*\*(.+?)\.?\*\*(?:\s*\(±\s*([\d.]+)\))?", answer)
    wrong = re.findall(r"^- \*\*(.+?)\.?\*\*", answer, re.MULTILINE)
    computed = COMPUTED[words]()
    if isinstance(computed, tuple):
        assert read_shape(right[1]) == computed
        assert computed not in map(read_shape, wrong)
    else:
        slack = max(float(right[2] or 0), 1e-6)
        assert abs(read_number(right[1]) - computed) <= slack
        assert all(abs(read_number(said) - computed) > slack for said in wrong)


# --- predictions, compared with what the next cell prints -----------------------------------------


def predictions():
    """Yield each prediction: chapter, text, answer, and what the next code cell prints."""
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        for i, cell in enumerate(cells):
            for title, text, answer in QUESTION.findall(cell.source):
                if title == "Predict":
                    code = next(below for below in cells[i + 1 :] if below.cell_type == "code")
                    yield path.stem, text, answer, "".join(o.get("text", "") for o in code.outputs)


def printed(answer, output):
    """The number that stands in an output right after what the answer names."""
    label = re.escape(PREDICTION.match(answer)[1])
    (number,) = re.findall(rf"{label}\s*(-?[\d.,]*\d(?:e[-+]\d+)?)", output)
    return number


def last_digit(number):
    """What the last printed digit of a number is worth."""
    return 10.0 ** Decimal(number.replace(",", "")).as_tuple().exponent


def test_every_prediction_is_one_of_what_the_next_cell_prints_and_names_where():
    assert len(list(predictions())) >= 4
    for page, text, answer, output in predictions():
        assert PREDICTION.match(answer), f"{page}: {text}"
        assert np.isfinite(read_number(printed(answer, output))), page


def test_the_number_to_predict_is_not_in_the_text_and_no_wrong_number_is_it():
    for page, text, answer, output in predictions():
        right = printed(answer, output)
        assert right not in text + answer, f"{page} tells {right}"
        for wrong in re.findall(r"^- \*\*(.+?)\*\*", answer, re.MULTILINE):
            off = abs(read_number(wrong) - read_number(right))
            assert off > last_digit(right) / 2, f"{page}: {wrong} counts as {right}"


def test_the_site_takes_the_number_from_the_output():
    for _, _, answer, output in predictions():
        assert printed_after(PREDICTION.match(answer)[1], output) == printed(answer, output)


@pytest.mark.parametrize("output", ["loss 0.3\nloss 0.2", "error 0.3", "loss is falling", ""])
def test_an_output_that_does_not_print_the_number_once_is_refused(output):
    with pytest.raises(ValueError, match="wanted .*'loss'.*came"):
        printed_after("loss", output)


def read_number(said):
    return float(said.replace("−", "-").replace(",", ""))


def read_shape(said):
    return tuple(int(size) for size in re.findall(r"\d+", said))
