"""Exercises from solutions: the same notebooks, their answers blanked.

In a code cell the lines from ``### BEGIN SOLUTION`` to ``### END SOLUTION`` become a blank; in a
markdown cell the text from ``<!-- BEGIN SOLUTION -->`` to ``<!-- END SOLUTION -->``.
"""

import copy
import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent

CODE = re.compile(
    r"^([ \t]*)### BEGIN SOLUTION[ \t]*\n.*?^[ \t]*### END SOLUTION[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
TEXT = re.compile(r"<!-- BEGIN SOLUTION -->.*?<!-- END SOLUTION -->", re.DOTALL)
MARKER = re.compile(r"(BEGIN|END) SOLUTION")

CODE_BLANK = r"\1raise NotImplementedError  # your code here"
TEXT_BLANK = "*Your derivation here: double-click to edit.*"
HIDING_TAGS = {"hide-input", "hide-cell"}


def blank(notebook):
    """Return the exercise made from a solution notebook; ValueError if a marker has no partner."""
    exercise = copy.deepcopy(notebook)
    for cell in exercise.cells:
        pattern, empty = (CODE, CODE_BLANK) if cell.cell_type == "code" else (TEXT, TEXT_BLANK)
        cell.source, regions = pattern.subn(empty, cell.source)
        if MARKER.search(cell.source):
            raise ValueError(f"cell {cell.id!r}: BEGIN SOLUTION and END SOLUTION do not pair up")
        if regions:
            tags = [tag for tag in cell.metadata.pop("tags", []) if tag not in HIDING_TAGS]
            if tags:
                cell.metadata["tags"] = tags
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        elif "answer" in cell.metadata.get("grader", {}):
            raise ValueError(f"cell {cell.id!r}: an answer cell without a BEGIN SOLUTION")
    return exercise


def text_of(solution):
    """Return the text of the exercise notebook made from one solution file."""
    notebook = nbformat.read(solution, as_version=4)
    try:
        return nbformat.writes(blank(notebook)) + "\n"
    except ValueError as error:
        raise ValueError(f"{solution}: {error}") from None


def write(root=ROOT, *, check=False):
    """Write exercises/*.ipynb; with check, only return the names of those that would change."""
    wanted = {path.name: text_of(path) for path in sorted((root / "solutions").glob("*.ipynb"))}
    folder = root / "exercises"
    found = {path.name: path.read_text("utf-8") for path in folder.glob("*.ipynb")}
    changed = [name for name in sorted({*wanted, *found}) if wanted.get(name) != found.get(name)]
    if not check:
        folder.mkdir(exist_ok=True)
        for name in changed:
            if name in wanted:
                (folder / name).write_text(wanted[name], "utf-8", newline="\n")
            else:
                (folder / name).unlink()
    return changed
