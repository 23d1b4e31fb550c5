"""CONTRIBUTING.md, followed to the letter: its explorer is drawn, its task is added to a copy."""

import json
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from mlp_lib.explore import Explorer

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
LESSON = "01_forward_pass"
TASK = "leaky_relu"
JUDGE = f"""
import json, sys
sys.path.insert(0, "tests")
import grader
from answers import BANK, ch01
from grader.tasks import TASKS
answers = [answer for answer in BANK if answer.task == "{TASK}"]
results = [grader.evaluate(answer.task, answer.function) for answer in answers]
print(json.dumps({{
    "tasks": grader.tasks()["{LESSON}"],
    "hints": len(TASKS["{TASK}"].hints),
    "told": [[answer.tag, answer.points, result.mistakes, result.points]
             for answer, result in zip(answers, results)],
}}))
"""


def code(title):
    """Return the Python blocks of one section."""
    section = TEXT.split(f"## {title}\n")[1].split("\n## ")[0]
    blocks = re.findall(r"^( *)```python\n(.*?)^ *```$", section, re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(block) for _, block in blocks]


def test_the_guides_explorer_is_drawn():
    *before, last = code("Add an explorer")[0].strip().split("\n\n\n")
    names = {}
    exec("\n\n\n".join(before), names)
    explorer = eval(last, names)
    assert isinstance(explorer, Explorer)
    assert explorer.count <= 60
    assert "estimated slope is 3.00" in repr(explorer)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course to which the guide's task was added, piece by piece."""
    course = tmp_path_factory.mktemp("course")
    for folder in ("grader", "tests/answers"):
        shutil.copytree(
            ROOT / folder, course / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    (course / "solutions").mkdir()
    solution = course / "solutions" / f"{LESSON}.ipynb"
    notebook = nbformat.read(ROOT / "solutions" / solution.name, as_version=4)
    for block in code("Add a task"):
        head, source = block.split("\n", 1)
        place, _, metadata = head.removeprefix("# ").partition(": ")
        if metadata:
            cell = new_code_cell(source.strip(), id=place, metadata=json.loads(metadata))
            notebook.cells.append(cell)
        else:
            with open(course / place, "a", encoding="utf-8") as file:
                file.write(source)
    nbformat.write(notebook, solution)
    return course


def run(course, *line):
    done = subprocess.run([sys.executable, *line], cwd=course, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_guides_task_is_known_and_judges_its_bank(course):
    said = json.loads(run(course, "-c", JUDGE))
    assert said["tasks"][-1] == TASK
    assert said["hints"] == 3
    right = [answer for answer in said["told"] if answer[0] is None]
    wrong = [answer for answer in said["told"] if answer[0]]
    assert len(right) >= 3
    assert len(wrong) >= 3
    assert all(points == 3 for _, _, _, points in right)
    for tag, wanted, mistakes, points in wrong:
        assert tag in mistakes
        assert points < 3
        assert wanted in (None, points)


@pytest.mark.slow
def test_the_guides_cells_become_an_exercise(course):
    assert f"exercises/{LESSON}.ipynb: written" in run(course, "-m", "grader", "exercises")
    cells = nbformat.read(course / "exercises" / f"{LESSON}.ipynb", as_version=4).cells
    answer, check = cells[-2:]
    assert "raise NotImplementedError  # your code here" in answer.source
    assert "np.where" not in answer.source
    assert check.source == f'check("{TASK}", {TASK})'
