"""Every chapter has slides for one lesson, made of its own cells."""

from pathlib import Path

import nbformat
import pytest

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
