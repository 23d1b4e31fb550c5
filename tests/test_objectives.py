"""Every objective that a chapter promises is met by a graded task or a checked cell."""

import json
import re
from pathlib import Path

import pytest
import yaml

import grader

ROOT = Path(__file__).parents[1]
MET = yaml.safe_load((ROOT / "chapters" / "objectives.yml").read_text(encoding="utf-8"))


def cells(folder, chapter):
    return json.loads((ROOT / folder / f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]


@pytest.mark.parametrize("chapter", MET)
def test_each_objective_has_its_row(chapter):
    promised = re.findall(r"^- ", "".join(cells("chapters", chapter)[0]["source"]), re.M)
    assert len(promised) == len(MET[chapter])


@pytest.mark.parametrize("chapter", MET)
def test_each_row_names_tasks_and_cells_that_exist(chapter):
    known = set(grader.tasks()[chapter])
    known |= {cell["id"] for folder in ("chapters", "solutions") for cell in cells(folder, chapter)}
    for row in MET[chapter]:
        assert row
        assert set(row) <= known
