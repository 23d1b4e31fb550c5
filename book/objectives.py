"""What the course promises, and the graded tasks and the cells that keep each promise.

``python -m book.objectives`` writes the table of chapters/objectives.yml for instructors.
"""

import json
import re
from pathlib import Path

import yaml
from myst_parser.mdit_to_docutils.base import default_slugify

import grader

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "chapters" / "instructors.md"
BEGIN, END = "<!-- The objectives -->\n\n", "\n<!-- End of the objectives -->"
LIST = re.compile(r"(?:You will|What you will) (?:learn|be able to do).*\n\n((?:(?:- |  ).*\n?)+)")
ITEM = re.compile(r"^- (.*(?:\n  .*)*)", re.M)
HEADING = re.compile(r"^#+ (?:\d[\d and]*[.:] )?(.*)", re.M)
DERIVATIONS = ROOT / "chapters" / "on_paper.md"
LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")


def met():
    """{place: what meets each of its objectives}, a place being a chapter or the front page."""
    return yaml.safe_load((ROOT / "chapters" / "objectives.yml").read_text(encoding="utf-8"))


def promised(place):
    """The objectives of a chapter or of the front page, in their order."""
    if place == "index":
        text = (ROOT / "index.md").read_text(encoding="utf-8")
    else:
        cells = _cells("chapters", place)[:2]
        text = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    items = ITEM.findall(LIST.search(text)[1])
    return [re.sub(r"\s+", " ", LINK.sub(r"\1", item)).rstrip(";.") for item in items]


def tasks(place):
    """The names of the graded tasks of a chapter, or of all for the front page."""
    return [name for chapter in chapters(place) for name in grader.tasks()[chapter]]


def sections(place):
    """{cell: heading above it} of the code cells, the chapter's before its exercise's; and of the
    derivations to be put in order, {its anchor on their page: its title}.
    """
    found = {}
    for folder in ("chapters", "solutions"):
        for chapter in chapters(place):
            for cell, heading in _sections(folder, chapter):
                found.setdefault(cell, heading)
    return found | {
        name: title for chapter in chapters(place) for name, title in _on_paper(chapter)
    }


def chapters(place):
    return list(grader.tasks()) if place == "index" else [place]


def table():
    """The rows of chapters/objectives.yml, a table for each chapter and one for the front page."""
    parts = []
    for place, rows in met().items():
        title = "Front page" if place == "index" else f"Chapter {int(place[:2])}"
        lines = [
            f"| {title}: objective | graded | derived and checked, or tried |",
            "|---|---|---|",
        ]
        graded, where = tasks(place), sections(place)
        for objective, row in zip(promised(place), rows, strict=True):
            names = ", ".join(f"`{name}`" for name in row if name in graded)
            places = "; ".join(dict.fromkeys(where[name] for name in row if name not in graded))
            if place != "index":
                places = places.replace(f" (chapter {int(place[:2])})", "")
            lines.append(f"| {objective} | {names} | {places} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def with_table(page):
    """The instructors' page with the table as it is now."""
    before, rest = page.split(BEGIN)
    return before + BEGIN + table() + END + rest.split(END)[1]


def _sections(folder, chapter):
    kind = {"chapters": "chapter", "solutions": "exercise"}[folder]
    heading = ""
    for cell in _cells(folder, chapter):
        headings = HEADING.findall("".join(cell["source"]))
        if cell["cell_type"] == "markdown" and headings:
            heading = headings[-1]
        if cell["cell_type"] == "code" and cell["id"] not in ("colab", "setup"):
            yield cell["id"], f"{heading} ({kind} {int(chapter[:2])})"


def _on_paper(chapter):
    for part in re.split(r"^## ", DERIVATIONS.read_text(encoding="utf-8"), flags=re.M)[1:]:
        if part.startswith(f"Chapter {int(chapter[:2])}:"):
            for title in re.findall(r"^### (.+)$", part, re.M):
                yield default_slugify(title), f"{title}, in order (chapter {int(chapter[:2])})"


def _cells(folder, chapter):
    path = ROOT / folder / f"{chapter}.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))["cells"] if path.exists() else []


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
