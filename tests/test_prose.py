"""Chapters and pages: links lead somewhere, formulas are checked, figures described."""

import ast
import doctest
import json
import math
import re
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest
from myst_parser.mdit_to_docutils.base import default_slugify

from book import times
from book.normalize import strip
from mlp_lib import relative_error

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted(ROOT.glob("chapters/*.ipynb"))
SOLUTIONS = sorted(ROOT.glob("solutions/*.ipynb"))
EXERCISES = sorted(ROOT.glob("exercises/*.ipynb"))
NOTEBOOKS = CHAPTERS + SOLUTIONS + EXERCISES
PAGES = [ROOT / "index.md", *sorted(ROOT.glob("chapters/*.md")), *sorted(ROOT.glob("library/*.md"))]
TEXTS = NOTEBOOKS + PAGES
ALLOWED_TAGS = {
    "slide",
    "hide-input",
    "hide-cell",
    "remove-cell",
    "raises-exception",
    "nbval-ignore-output",
}
LABEL = r"^\$\$ \((eq-\S+)\)$"


def name(path):
    return path.relative_to(ROOT).as_posix()


def each(paths):
    return pytest.mark.parametrize("path", paths, ids=name)


@cache
def cells(path):
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell in found:
        cell["source"] = "".join(cell["source"])
    return found


def code_cells(path):
    """Without the one that installs the course on Colab, which the site leaves out."""
    return [cell for cell in cells(path) if cell["cell_type"] == "code" and cell["id"] != "colab"]


@cache
def prose(path):
    """The words of a page: Markdown cells, captions and alt texts, without YAML at the top."""
    if path.suffix == ".md":
        return re.sub(r"\A---\n.*?\n---\n", "", path.read_text(encoding="utf-8"), flags=re.S)
    words = [cell["source"] for cell in cells(path) if cell["cell_type"] == "markdown"]
    return "\n\n".join(words + [text for figure in figures(path) for text in figure[1:]])


def without_code(text):
    """Without fenced code, so that what stands there is read neither as a heading nor as a link."""
    return re.sub(r"^```(?:python|bash|\{code-cell\}).*?^```$", "", text, flags=re.S | re.M)


def figures(path):
    """(name, caption, alt) of every figure; outside the chapters a figure may go without a name."""
    shown = [c["metadata"]["mystnb"] for c in code_cells(path) if "mystnb" in c["metadata"]]
    named = [(m.get("figure", {}), m.get("image", {})) for m in shown]
    return [(f.get("name", ""), f.get("caption", ""), i.get("alt", "")) for f, i in named]


def repeated(items):
    items = list(items)
    return sorted({item for item in items if items.count(item) > 1})


# Words: the glossary and the sources


def terms(text):
    """The anchors of the glossary entries that a text links to."""
    return set(re.findall(r"glossary\.md#(term-[\w-]+)\)", text))


def anchor(word):
    """The anchor that the glossary gives to its entry."""
    return "term-" + re.sub(r"[^\w]+", "-", word)


@cache
def glossary():
    """Headword → definition, in the order of the page."""
    body = re.search(r"```\{glossary\}\n(.*?)```", prose(ROOT / "chapters/glossary.md"), re.S)[1]
    return dict(re.findall(r"^(\S.*)\n((?:  .*\n)+)", body, re.M))


@each(TEXTS)
def test_every_term_stands_in_the_glossary(path):
    assert terms(prose(path)) <= set(map(anchor, glossary()))


def test_the_glossary_is_in_alphabetical_order_without_repeats():
    body = prose(ROOT / "chapters/glossary.md").split("```{glossary}")[1]
    words = [word.lower() for word in re.findall(r"^([A-Za-z].*)$", body, re.M)]
    assert words == sorted(set(words))
    assert len(words) == len(glossary()) > 80


def test_every_glossary_entry_is_linked_from_somewhere_else():
    used = set().union(*(terms(prose(p)) for p in TEXTS if p.name != "glossary.md"))
    for word, definition in glossary().items():
        used |= terms(definition) - {anchor(word)}
    assert set(map(anchor, glossary())) <= used


def test_every_source_cited_is_in_the_bibliography_and_every_source_is_cited():
    listed = re.findall(
        r"^@\w+\{(\S+),", (ROOT / "references.bib").read_text(encoding="utf-8"), re.M
    )
    assert not repeated(listed)
    keys = re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", "".join(map(prose, TEXTS)))
    assert {key.strip() for group in keys for key in group.split(",")} == set(listed)


# Links


@cache
def anchors(path):
    """What a link to this page may name after the #: its headings, the glossary's entries."""
    titles = re.findall(r"^#{1,3} (.+)$", without_code(prose(path)), re.M)
    entries = map(anchor, glossary()) if path.name == "glossary.md" else ()
    return {default_slugify(title.replace("`", "")) for title in titles} | set(entries)


@each(TEXTS)
def test_every_internal_link_leads_to_a_file_and_a_heading(path):
    links = re.findall(r"\]\(([^)\s]+)\)", without_code(prose(path)))
    broken = []
    for link in links:
        target, _, anchor = link.partition("#")
        if target.startswith(("http:", "https:")):
            continue
        page = (path.parent / target).resolve() if target else path
        if not page.is_file() or (anchor and anchor not in anchors(page)):
            broken.append(link)
    assert not broken


@each(TEXTS)
def test_every_figure_and_formula_that_is_referred_to_exists(path):
    defined = {figure for page in NOTEBOOKS for figure, *_ in figures(page)}
    defined |= {label for page in CHAPTERS for label in re.findall(LABEL, prose(page), re.M)}
    asked = re.findall(r"\{(?:numref|eq)\}`(?:[^`<]*<)?([^`>]+)>?`", prose(path))
    assert set(asked) <= defined


# The project speaks of itself alone


@each(TEXTS)
def test_no_page_speaks_of_how_it_was_made(path):
    text = path.read_text(encoding="utf-8")
    made = (
        r"issue #|/work/|/tmp/|\.\./shared|\bsessions?\b|helper agent|AI-generated|"
        r"language model|lorem"
    )
    assert not re.findall(made, text, re.I)
    assert not re.findall(r"TODO|FIXME|XXX", text)


@each(CHAPTERS + PAGES)
def test_no_page_falls_into_a_foreign_spelling(path):
    british = (
        r"\b\w*(?:colour|behaviour|neighbour|favour|honour|"
        r"vectoris|normalis|initialis|optimis|regularis)\w*"
    )
    assert not re.findall(british, prose(path), re.I)


@each([page for page in PAGES if ">>> " in page.read_text(encoding="utf-8")])
def test_every_example_on_a_page_prints_what_it_shows(path):
    examples = "\n".join(re.findall(r"```python\n(>>> .*?)```", prose(path), re.S))
    test = doctest.DocTestParser().get_doctest(examples, {}, name(path), str(path), 0)
    result = doctest.DocTestRunner().run(test)
    assert result.failed == 0
    assert result.attempted > 2


def test_the_figures_among_the_common_mistakes_are_right():
    page = prose(ROOT / "chapters/common_mistakes.md")
    adam_first_step = (1 - 0.9) / math.sqrt(1 - 0.999)  # without bias correction, gradient 1
    for figure, phrase in {
        f"{adam_first_step:.2f}": "times too long",
        f"{1 / adam_first_step:.2f}": "of the right one",
        f"{-math.log(1e-12):.1f}": "a ceiling of",
        f"{math.log(1 + 9 / math.e):.2f}": "cannot fall below",
        f"{128 * math.log(10):.1f}": "for 128 examples and ten classes",
        f"{math.sqrt(2 / 100) / (2 / 100):.0f}": "times too small",
        f"{int(np.log(np.finfo(np.float64).max))} "
        f"({int(np.log(np.finfo(np.float32).max))}": "exceeds",
    }.items():
        assert re.search(
            rf"{re.escape(figure)}.{{0,9}}{phrase}|{phrase}.{{0,9}}{re.escape(figure)}", page
        )
    assert math.isclose(math.sqrt(1 / 2) ** 20, 1 / 1000, rel_tol=0.03)
    dy, mask = np.random.default_rng(0).standard_normal((4, 3)), np.eye(4, 3)
    assert math.isclose(relative_error(dy * mask, dy * mask / (1 - 0.4)), 0.4 / (2 - 0.4))


def test_the_checklist_has_six_items_a_chapter_each_with_its_answer():
    parts = re.split(r"^## ", prose(ROOT / "chapters/checklist.md"), flags=re.M)[1:]
    assert len(parts) == len(CHAPTERS) + 1
    for part in parts:
        items = re.findall(r"^- \[ \] (.+)$", part, re.M)
        assert len(items) >= 6
        assert all(re.search(r"\(\[.+\]\(.+\.ipynb#.+\)\)$", item) for item in items)


# Chapters: proportion, questions, figures, formulas


@each(CHAPTERS)
def test_a_chapter_is_one_sitting_and_says_how_long(path):
    assert times.minutes(path) <= 60
    assert times.TOLD.search(prose(path)[:3000])[0] == times.phrase(path), (
        "run python -m book.times"
    )
    assert times.phrase(path) in times.card(prose(ROOT / "index.md"), path)


@each(CHAPTERS)
def test_a_chapter_has_at_most_forty_code_cells(path):
    assert len(code_cells(path)) <= 40


QUESTION = re.compile(
    r":::\{admonition\} (Think first|Predict|Looking back)\n:class: tip\n\n(.*?)\n\n:::\n\n"
    r":::\{dropdown\} Answer\n\n(.*?)\n\n:::(?:\n|$)",
    re.S,
)


@cache
def questions(path):
    """(kind, question, answer) of each question of a chapter."""
    return QUESTION.findall(prose(path))


@each(CHAPTERS)
def test_every_question_of_a_chapter_is_followed_by_its_answer(path):
    assert len(questions(path)) == len(times.QUESTION.findall(prose(path)))


@each(CHAPTERS)
def test_a_chapter_asks_three_questions_and_looks_back_at_three(path):
    kinds = [kind for kind, *_ in questions(path)]
    assert kinds.count("Think first") >= 3
    assert kinds.count("Looking back") == (0 if path == CHAPTERS[0] else 3)


@each(CHAPTERS)
def test_every_answer_that_a_reader_may_give_has_a_sentence_of_its_own(path):
    for _, question, answer in questions(path):
        offered = re.findall(r"^- \*\*([A-F])\*\* ", question, re.M)
        right = re.match(r"\*\*(.+?)\*\*", answer)[1].rstrip(".")
        discussed = re.findall(r"^- \*\*(.+?)\*\*:? \S", answer, re.M)
        if offered:
            assert len(offered) >= 2
            assert sorted([right, *discussed]) == offered, question
        else:  # a number, a shape, or what the next cell prints
            number_or_shape = r"[-+−]?[\d.,]+(?:e-?\d+)?|\([\d, ]+\)"
            assert re.fullmatch(rf"{number_or_shape}|The next cell prints it after `.+`", right), (
                question
            )
            assert discussed, question
            assert right not in discussed, question


@cache
def explorers(path):
    return [c for c in code_cells(path) if re.search(r"^explore\(", c["source"], re.M)]


@each(CHAPTERS)
def test_a_chapter_lets_its_reader_move_two_figures(path):
    assert len(explorers(path)) >= 2


def test_the_course_has_fourteen_explorers():
    assert sum(len(explorers(path)) for path in CHAPTERS) >= 14


@each(CHAPTERS)
def test_a_code_cell_holds_at_most_fifteen_lines_and_ends_in_what_it_is_for(path):
    for cell in code_cells(path)[1:]:
        assert len([line for line in cell["source"].splitlines() if line.strip()]) <= 15, cell["id"]
        shows = cell["outputs"] or "plt.show()" in cell["source"]
        defines = isinstance(ast.parse(cell["source"]).body[-1], (ast.FunctionDef, ast.ClassDef))
        folded = {"hide-input", "hide-cell"} & set(cell["metadata"].get("tags", []))
        assert shows or defines or folded, cell["id"]


@each(CHAPTERS)
def test_prose_stands_between_two_code_cells(path):
    kinds = [(cell["cell_type"], cell["id"]) for cell in cells(path) if cell["id"] != "colab"]
    assert [b for (a, _), (kind, b) in zip(kinds, kinds[1:]) if a == kind == "code"] == []


@each(CHAPTERS)
def test_a_chapter_begins_with_its_title_and_one_setup_cell(path):
    assert re.match(r"# \S", cells(path)[0]["source"])
    assert code_cells(path)[0]["id"] == "setup"
    assert "## What you now know" in prose(path)
    assert "## Further reading" in prose(path)
    assert f"(../exercises/{path.name})" in prose(path)


@each(CHAPTERS)
def test_every_figure_has_a_caption_and_says_what_is_seen(path):
    for cell in code_cells(path):
        if "plt.show()" in cell["source"]:
            assert "mystnb" in cell["metadata"], cell["id"]
    for figure, caption, alt in figures(path):
        assert figure.startswith("fig-"), figure
        assert caption.endswith("."), figure
        assert re.fullmatch(r".{40,}\.", alt, re.S), figure


def test_captions_alts_and_labels_are_unique_in_the_book():
    shown = [figure for path in CHAPTERS + SOLUTIONS for figure in figures(path)]
    assert not repeated(text for figure in shown for text in figure if text)
    assert not repeated(
        label for path in CHAPTERS for label in re.findall(LABEL, prose(path), re.M)
    )


@each(CHAPTERS)
def test_the_next_code_cell_after_a_numbered_formula_checks_it(path):
    waiting, all_labels = [], re.findall(LABEL, prose(path), re.M)
    for cell in cells(path):
        if cell["cell_type"] == "markdown":
            waiting += re.findall(LABEL, cell["source"], re.M)
            continue
        checks = cell["metadata"].get("course", {}).get("checks", [])
        assert set(waiting) <= set(checks) <= set(all_labels), cell["id"]
        judges = r"assert|< ?\d|< 1e-|within|allclose"
        assert not checks or re.search(judges, cell["source"]), cell["id"]
        waiting = []
    assert waiting == []


@each(CHAPTERS)
def test_every_boxed_gradient_is_numbered_or_the_columns_form_of_one_that_is(path):
    for cell in cells(path):
        if cell["cell_type"] == "markdown":
            rows = re.findall(r":sync: rows\n(.*?):::\n", cell["source"], re.S)
            assert all("$$ (eq-grad-" in tab for tab in rows if r"\boxed" in tab), cell["id"]
            assert len(rows) == cell["source"].count(":sync: columns"), cell["id"]


# Notebooks: their form


@each(NOTEBOOKS)
def test_a_notebook_reads_well_where_markdown_is_all_that_is_understood(path):
    for cell in cells(path):
        if cell["cell_type"] == "markdown":
            assert not re.search(r"^```+\{", cell["source"], re.M), (
                f"{cell['id']}: use ::: or $$ … $$ (label)"
            )
            assert "{term}" not in cell["source"], (
                f"{cell['id']}: use [word](glossary.md#term-word)"
            )


@each(NOTEBOOKS)
def test_a_notebook_names_the_python3_kernel_and_its_cells_once_each(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    ids = [cell["id"] for cell in cells(path)]
    assert not repeated(ids)
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{2,64}", one) for one in ids)


@each(CHAPTERS + SOLUTIONS)
def test_a_notebook_is_stored_in_the_normal_form(path):
    stored = path.read_text(encoding="utf-8")
    assert nbformat.writes(strip(nbformat.reads(stored, as_version=4))) == stored.removesuffix("\n")


@each(NOTEBOOKS)
def test_a_notebook_uses_known_tags_and_no_trailing_semicolon(path):
    for cell in cells(path):
        assert set(cell["metadata"].get("tags", [])) <= ALLOWED_TAGS, cell["id"]
        assert cell["cell_type"] == "markdown" or not cell["source"].rstrip().endswith(";"), cell[
            "id"
        ]


@each(CHAPTERS + SOLUTIONS)
def test_every_code_cell_was_run_in_order(path):
    counts = [cell["execution_count"] for cell in code_cells(path)]
    assert counts == list(range(2, len(counts) + 2))


@each(NOTEBOOKS)
def test_stored_outputs_are_text_without_errors_or_warnings(path):
    for cell in code_cells(path):
        for output in cell["outputs"]:
            kinds = set(output.get("data", {}))
            assert kinds <= {"text/plain", "text/html", "text/latex"}, cell["id"]
            assert output.get("name") != "stderr", cell["id"]
            if "raises-exception" not in cell["metadata"].get("tags", []):
                assert output["output_type"] != "error", cell["id"]


@each(CHAPTERS + SOLUTIONS)
def test_no_stored_output_shows_a_machine_or_a_bare_numpy_scalar(path):
    told = json.dumps([cell["outputs"] for cell in code_cells(path)])
    assert not re.findall(r"0x[0-9a-f]{6,}|np\.(?:float|int|bool)\w*\(|/home/|/usr/", told)
