"""Times, old addresses and the checklist's items, as the site shows them."""

import json

import pytest

from book import checklist, redirects, times


@pytest.fixture
def chapter(tmp_path):
    """A function that writes a chapter of these cells: (kind, source) or (kind, source, id)."""

    def write(*cells):
        made = [
            {"cell_type": kind, "source": source.splitlines(keepends=True), "id": (*more, "c")[0]}
            for kind, source, *more in cells
        ]
        (tmp_path / "chapters").mkdir(exist_ok=True)
        path = tmp_path / "chapters" / "one.ipynb"
        path.write_text(json.dumps({"cells": made, "told": "about 5 minutes, about 5 minutes"}))
        return path

    return write


# --- times ----------------------------------------------------------------------------------------


def test_words_lines_explorers_and_questions_take_their_minutes(chapter):
    path = chapter(
        ("markdown", "word " * 400),
        ("code", "a = 1\n\n   \n" * 24),
        ("code", "install()", "colab"),
        ("code", "explore(draw, x=1)\nother(explore(1))"),
        ("markdown", ":::{admonition} Think first\n:::\n:::{admonition} Note\n:::"),
        ("markdown", ":::{admonition} Predict\n:::"),
        ("markdown", ":::{admonition} Looking back\n:::"),
    )
    words = 400 + 7 + 3 + 4
    lines = 24 + 2
    assert times.minutes(path) == pytest.approx(words / 200 + lines / 12 + 2 + 3)


@pytest.mark.parametrize(("words", "told"), [(8400, 40), (8600, 45), (200, 0), (600, 5)])
def test_minutes_are_told_to_the_nearest_five(chapter, words, told):
    assert times.phrase(chapter(("markdown", "word " * words))) == f"about {told} minutes"


CARDS = """
:::{grid-item-card} One
:link: chapters/one
about 5 minutes, 3 points
:::
:::{grid-item-card} Two
:link: chapters/two
about 5 minutes
:::
"""


def test_the_honest_minutes_are_written_where_they_are_told(chapter, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(times, "ROOT", tmp_path)
    path = chapter(("markdown", "word " * 4000))
    (tmp_path / "index.md").write_text(CARDS)
    assert times.card(CARDS, path) == "about 5 minutes, 3 points"
    times.main()
    assert capsys.readouterr().out == "one.ipynb: 20.0, about 20 minutes\n"
    assert json.loads(path.read_text())["told"] == "about 20 minutes, about 5 minutes"
    assert (tmp_path / "index.md").read_text() == CARDS.replace(
        "about 5 minutes, 3", "about 20 minutes, 3"
    )


# --- old addresses --------------------------------------------------------------------------------


def test_a_page_at_an_old_address_leads_to_the_new_one(tmp_path):
    for folder in redirects.FOLDERS:
        (tmp_path / folder).mkdir()
    redirects.write(tmp_path)
    made = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.html")}
    assert made == redirects.addresses()
    assert len(made) == 12
    page = (tmp_path / "chapters" / "05_initialization.html").read_text("utf-8")
    assert page.count("07_initialization.html") == 5
    assert 'url=07_initialization.html">' in page
    assert 'location.replace("07_initialization.html" + location.search + location.hash)' in page


# --- the checklist --------------------------------------------------------------------------------

LIST = """
- [ ] before any chapter
## Chapter 1: forward
- [ ] say what `x @ W` [means](a.md)
- [x] no item
## Chapter 12
- [ ] don't "guess"
text
"""


def test_items_are_those_of_the_page_in_its_words_with_their_chapter(tmp_path, monkeypatch):
    monkeypatch.setattr(checklist, "PAGE", tmp_path / "checklist.md")
    (tmp_path / "checklist.md").write_text(LIST, "utf-8")
    assert checklist.items() == {
        "before any chapter": None,
        "say what x @ W means": "1",
        "don’t “guess”": "12",
    }
