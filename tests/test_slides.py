"""Every chapter has slides for one lesson, made of its own cells."""

from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx_app import SphinxApp

from book import slides

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_has_ten_to_twenty_slides_and_figures_among_them(path):
    cells = nbformat.read(path, as_version=4).cells
    shown = slides.numbered(cells)
    assert 10 <= max(shown.values()) <= 20
    assert sorted(set(shown.values())) == list(range(1, max(shown.values()) + 1))
    assert any(cells[index].cell_type == "code" for index in shown)


def test_only_prose_carries_the_tag_and_brings_the_figure_below_it():
    for path in CHAPTERS:
        for cell in nbformat.read(path, as_version=4).cells:
            assert slides.TAG not in cell.metadata.get("tags", []) or cell.cell_type == "markdown"


@pytest.mark.parametrize("number", range(1, 9))
def test_every_chapter_has_a_lesson_with_its_slides_its_questions_and_their_key(number):
    chapter = CHAPTERS[number - 1].stem
    lesson = (ROOT / "chapters" / f"lesson_{number}.md").read_text("utf-8")
    plan = lesson.split("## Questions")[0]
    assert f'href="{chapter}.html?slides"' in plan
    assert 100 <= len(plan.split()) <= 250
    for what in ("questions", "key"):
        assert f"```{{gather}} {chapter}\n:what: {what}\n```" in lesson


@pytest.fixture
def chapter(tmp_path):
    cell, text = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
    tagged = {"tags": ["slide"]}
    cells = [text("no"), text("a", metadata=tagged), cell("explore(x)"), text("b", metadata=tagged)]
    cells += [cell("x = 1"), text("c", metadata=tagged)]
    (tmp_path / "chapters").mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "chapters" / "01.ipynb")
    return tmp_path


def marked(folder, page, *parts):
    """Mark the parts of a page, (node, index of its cell); return the classes of each."""
    doctree = new_document("")
    section = nodes.section()
    doctree += section
    for part, cell in parts:
        part.line = (cell + 1) * 10_000 + 3
        section += part
    env = SimpleNamespace(docname=page, doc2path=lambda name: folder / name)
    slides.mark(SimpleNamespace(env=env), doctree)
    return [part["classes"] for part, _ in parts]


def test_the_parts_of_a_tagged_cell_are_marked_up_to_its_second_heading(chapter):
    formula = nodes.paragraph("", "", nodes.math_block("", "x"))
    figure = nodes.container(cell_index=2)
    parts = [
        (nodes.paragraph("", "no"), 0),
        (nodes.title("", "A"), 1),
        (formula, 1),
        (figure, 99),
        (nodes.paragraph("", "b"), 3),
        (nodes.paragraph("", "no"), 4),
        (nodes.title("", "C"), 5),
        (nodes.title("", "D"), 5),
        (nodes.paragraph("", "no"), 5),
    ]
    assert marked(chapter, "chapters/01.ipynb", *parts) == [
        [], ["slide-1"], ["slide-1"], ["slide-1"], ["slide-2"], [], ["slide-3"], [], []
    ]  # fmt: skip
    assert formula[0]["classes"] == ["slide-1"]


@pytest.mark.parametrize("page", ["chapters/01.md", "exercises/01.ipynb"])
def test_only_chapters_have_slides(chapter, page):
    assert marked(chapter, page, (nodes.paragraph("", "a"), 1)) == [[]]


@pytest.mark.parametrize(
    ("cell", "draws"),
    [
        (nbformat.v4.new_code_cell("x = 1\nexplore(x)"), True),
        (nbformat.v4.new_code_cell("no_explore(x)"), False),
        (nbformat.v4.new_code_cell("x", metadata={"mystnb": {}}), True),
        (nbformat.v4.new_markdown_cell("explore(x)"), False),
    ],
)
def test_a_cell_draws_if_it_explores_or_has_a_caption(cell, draws):
    assert slides.draws(cell) is draws


def test_slides_have_one_script_and_one_style(monkeypatch):
    made = []
    monkeypatch.setattr(slides.scripts, "esbuild", lambda *args: made.append(args))
    slides.add_scripts(None, None)
    out = slides.scripts.BUILT / "slides"
    assert made == [(out, "slides.js", "--format=iife"), (out, "slides.css")]
    app = SphinxApp()
    slides.setup(app)
    assert app.told == [
        ("connect", ("config-inited", slides.add_scripts), {}),
        ("connect", ("doctree-read", slides.mark), {}),
    ]
