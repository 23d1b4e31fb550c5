"""The course asks enough questions that readers can answer, of each kind."""

import re
from collections import Counter
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[1]
QUESTION = re.compile(
    r":::\{admonition\} (Think first|Predict|Looking back)\n(.*?)\n:::\n+:::\{dropdown\} Answer\n+(.*?)\n:::",
    re.DOTALL,
)


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
    assert min(kinds["choice"], kinds["number"], kinds["shape"]) >= 5, kinds


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
