"""Notebooks: a verdict is asserted where it is printed, and code keeps to 79 columns."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

from book import normalize

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS, SOLUTIONS, EXERCISES = (
    sorted(ROOT.glob(f"{folder}/*.ipynb")) for folder in ("chapters", "solutions", "exercises")
)
VERDICT = re.compile(
    r"\b(?:True|False|WRONG|wrong|right|caught|missed|equals?|agrees?|fits?|refuses?|diverges"
    r"|as (?:derived|written)|at least|below|above)\b|<"
)


def each(paths):
    return pytest.mark.parametrize(
        "path", paths, ids=lambda path: path.relative_to(ROOT).as_posix()
    )


def code_cells(path):
    """Without the one that installs the course on Colab."""
    cells = nbformat.read(path, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code" and cell.id != "colab"]


def asserts(source):
    """Whether Python would stop here if a claim were false; comments and strings do not count."""
    return any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.Raise) and "AssertionError" in ast.unparse(node))
        or (
            isinstance(node, ast.Call)
            and ast.unparse(node.func).split(".")[-1].startswith("assert_")
        )
        for node in ast.walk(ast.parse(source))
    )


@pytest.mark.parametrize(
    ("source", "stops"),
    [
        ("assert x < 1", True),
        (
            "try:\n    f()\n    raise AssertionError('no')\nexcept ValueError:\n"
            "    print('refused')",
            True,
        ),
        ("for x in y:\n    np.testing.assert_allclose(x, 1)", True),
        ("print('assert')  # assert", False),
        ("print(x < 1)", False),
        ("raise ValueError('no')", False),
    ],
)
def test_only_what_stops_python_counts_as_an_assertion(source, stops):
    assert asserts(source) == stops


def judges(cell):
    """Whether a verdict stands below a cell; an explorer tells of whichever frame is chosen."""
    shown = normalize.printed(cell)
    return bool(VERDICT.search(shown)) and not shown.startswith(("<Figure", "Explorer: "))


@each(CHAPTERS + SOLUTIONS)
def test_a_cell_that_prints_a_verdict_asserts_it(path):
    grades = re.compile(r"^check\(", re.M)  # the grader judges what is in front of it
    found = [cell for cell in code_cells(path) if judges(cell) and not grades.search(cell.source)]
    assert [cell.id for cell in found if not asserts(cell.source)] == []


@each(CHAPTERS + SOLUTIONS + EXERCISES)
def test_no_line_of_code_is_longer_than_79_columns(path):
    lines = [(cell.id, line) for cell in code_cells(path) for line in cell.source.splitlines()]
    assert [(name, line) for name, line in lines if len(line) > 79] == []
