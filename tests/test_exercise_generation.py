"""Exercises: generated from the solutions, blank, and confirmed by nbval."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import grader
from grader import exercises, status
from grader.score import MAX_POINTS
from grader.tasks import CHAPTERS

ROOT = Path(__file__).resolve().parent.parent
NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()
NAMES = sorted(path.name for path in (ROOT / "solutions").glob("*.ipynb"))
TRAINING = ("07", "08", "09")  # the chapters whose notebooks train networks
RUN = [pytest.param(n, marks=pytest.mark.slow) if n.startswith(TRAINING) else n for n in NAMES]


def read(folder, name):
    return nbformat.read(ROOT / folder / name, as_version=4)


def answers(notebook):
    """Run the answer cells and what they import, and return the namespace."""
    namespace = {}
    for cell in notebook.cells:
        is_check = "check" in cell.metadata.get("grader", {})
        if cell.cell_type == "code" and cell.id != "colab" and not is_check:
            exec(compile(cell.source, f"<{cell.id}>", "exec"), namespace)
    return namespace


def cells_with(notebook, role):
    found = {c.id: c.metadata.get("grader", {}).get(role) for c in notebook.cells}
    return {cell: task for cell, task in found.items() if task}


def test_every_exercise_is_what_its_solution_makes():
    assert exercises.write(ROOT, check=True) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_each_solution_scores_full(name):
    notebook = read("solutions", name)
    namespace = answers(notebook)
    for task in cells_with(notebook, "check").values():
        result = grader.evaluate(task, namespace[task])
        assert result.passed, result.message


@pytest.mark.parametrize("name", RUN)
def test_each_blank_scores_zero(name):
    notebook = read("exercises", name)
    namespace = answers(notebook)
    for task in cells_with(notebook, "check").values():
        result = grader.evaluate(task, namespace[task])
        assert (result.points, result.mistakes) == (0, ["not-answered"])


@pytest.mark.parametrize("folder", ["solutions", "exercises"])
@pytest.mark.parametrize("name", NAMES)
def test_every_task_has_one_answer_cell_and_one_check_cell_that_stores_what_a_right_answer_prints(
    name, folder
):
    notebook = read(folder, name)
    tasks = list(cells_with(notebook, "check").values())
    assert tasks == grader.tasks()[Path(name).stem]
    assert list(cells_with(notebook, "answer").values()) == tasks
    assert list(cells_with(notebook, "check").values()) == tasks
    for cell in notebook.cells:
        task = cell.metadata.get("grader", {}).get("check")
        if task:
            assert cell.source == f'check("{task}", {task})'
            assert cell.execution_count
            assert "".join(o.text for o in cell.outputs) == f"✓ {task} 3/3\n"


@pytest.mark.parametrize("name", NAMES)
def test_an_exercise_keeps_ids_and_shows_nothing_of_the_solution(name):
    solution, exercise = read("solutions", name), read("exercises", name)
    assert [c.id for c in solution.cells] == [c.id for c in exercise.cells]
    assert "SOLUTION" not in "".join(c.source for c in exercise.cells)
    for before, after in zip(solution.cells, exercise.cells, strict=True):
        if "answer" in after.metadata.get("grader", {}):
            assert "hide-input" in before.metadata["tags"]
            assert "tags" not in after.metadata
            assert "raise NotImplementedError  # your code here" in after.source
            assert (after.outputs, after.execution_count) == ([], None)
    nbformat.validate(exercise)


def told(text, what):
    """Return how many things a text names, in digits or words: {6} for "Six functions"."""
    words = "|".join(NUMBERS)
    found = re.findall(rf"\b(\d+|{words}) (?:short )?{what}\b", text, re.IGNORECASE)
    return {int(n) if n.isdigit() else NUMBERS.index(n.lower()) for n in found}


def test_numbers_are_read_in_digits_and_in_words():
    assert told("Six short functions, 18 points; nine functions.", "functions") == {6, 9}
    assert told("Time: an evening. 9 points.", "points") == {9}


@pytest.mark.parametrize("name", NAMES)
def test_an_exercise_says_how_many_functions_and_points_it_has(name):
    title, count = read("solutions", name).cells[0].source, len(CHAPTERS[Path(name).stem])
    assert told(title, "functions") <= {count}
    assert told(title, "points") == {MAX_POINTS * count}


def test_every_chapter_with_tasks_has_a_solution():
    assert {Path(name).stem for name in NAMES} == set(CHAPTERS)


def test_blanking_keeps_indentation_and_everything_around_the_region():
    source = "def f(x):\n    ### BEGIN SOLUTION\n    y = x\n    ### END SOLUTION\n    return y"
    text = "Before\n<!-- BEGIN SOLUTION -->\n```{dropdown} Worked\nab\n```\n<!-- END SOLUTION -->"
    notebook = new_notebook(cells=[new_code_cell(source, id="a"), new_markdown_cell(text, id="b")])
    code, prose = exercises.blank(notebook).cells
    assert code.source == (
        "def f(x):\n    raise NotImplementedError  # your code here\n    return y"
    )
    assert prose.source == "Before\n" + exercises.TEXT_BLANK


@pytest.mark.parametrize("source", ["### BEGIN SOLUTION\nx = 1", "x = 1\n### END SOLUTION"])
def test_a_marker_without_a_partner_is_refused(source):
    with pytest.raises(ValueError, match="do not pair up"):
        exercises.blank(new_notebook(cells=[new_code_cell(source, id="a")]))


@pytest.mark.slow
def test_generation_is_deterministic_and_check_mode_tells_of_a_difference(tmp_path):
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    assert exercises.write(tmp_path, check=True) == NAMES
    assert exercises.write(tmp_path) == NAMES
    assert exercises.write(tmp_path) == []
    for name in NAMES:
        assert (tmp_path / "exercises" / name).read_text() == exercises.text_of(
            ROOT / "solutions" / name
        )
    (tmp_path / "exercises" / NAMES[0]).write_text("{}")
    assert exercises.write(tmp_path, check=True) == [NAMES[0]]


def nbval(notebook, **environment):
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-cell-timeout=900", "-q"]
    command += ["-p", "no:cacheprovider", str(notebook)]
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    return run.returncode, run.stdout


@pytest.mark.slow
def test_nbval_fails_on_the_blank_and_passes_with_the_answers_in(tmp_path):
    name = "01_forward_pass.ipynb"
    solution, exercise = read("solutions", name), read("exercises", name)
    nbformat.write(exercise, tmp_path / "blank.ipynb")
    code, output = nbval(tmp_path / "blank.ipynb")
    assert code == 1
    assert "6 failed" in output

    for before, after in zip(solution.cells, exercise.cells, strict=True):
        if "answer" in after.metadata.get("grader", {}):
            after.source = before.source
    nbformat.write(exercise, tmp_path / "answered.ipynb")
    code, output = nbval(tmp_path / "answered.ipynb")
    assert code == 0, output


@pytest.mark.slow
def test_status_adds_up_the_points_that_the_checks_print(tmp_path, capsys):
    name = "01_forward_pass.ipynb"
    solution, exercise = read("solutions", name), read("exercises", name)
    for before, after in zip(solution.cells, exercise.cells, strict=True):
        if after.metadata.get("grader", {}).get("answer") in ("relu", "sigmoid"):
            after.source = before.source
    sigmoid = next(c for c in exercise.cells if c.id == "sigmoid-answer")
    sigmoid.source = "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))"
    (tmp_path / "exercises").mkdir()
    nbformat.write(exercise, tmp_path / "exercises" / name)
    status.print_table(tmp_path)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].split() == ["total", "5/18"]
    assert ["✓", "relu", "3/3"] in [line.split() for line in lines]
    assert ["sigmoid", "2/3"] in [line.split() for line in lines]


ANSWER = {"grader": {"answer": "relu"}}
REGION = "def relu(z):\n    ### BEGIN SOLUTION\n    return z * (z > 0)\n    ### END SOLUTION\n"
PUBLISHED = {
    "after the end": REGION + "    return np.maximum(z, 0)",
    "before the beginning": REGION.replace("    ###", "    y = z * (z > 0)\n    ###", 1),
    "in a function of its own": REGION + "\n\ndef helper(z):\n    return z * (z > 0)",
    "in a line of its own": "relu_of = lambda z: z * (z > 0)\n" + REGION,
    "a misspelt beginning": REGION.replace("BEGIN", "BEGN"),
    "a misspelt end": REGION.replace("END SOLUTION", "END SOLUTON"),
    "both misspelt": REGION.replace("SOLUTION", "SOLUTOIN"),
    "small letters": REGION.lower(),
    "no region": "def relu(z):\n    return z * (z > 0)",
}


@pytest.mark.parametrize("source", PUBLISHED.values(), ids=PUBLISHED.keys())
def test_an_answer_outside_of_its_markers_is_never_published(source):
    notebook = new_notebook(cells=[new_code_cell(source, id="a", metadata=ANSWER)])
    with pytest.raises(ValueError, match="cell 'a': "):
        exercises.blank(notebook)


def test_a_misspelt_marker_in_a_text_is_refused():
    cell = new_markdown_cell("<!-- BEGIN SOLUTON -->\nthe proof\n<!-- END SOLUTON -->", id="b")
    with pytest.raises(ValueError, match="misspelt"):
        exercises.blank(new_notebook(cells=[cell]))


def test_a_check_without_an_answer_cell_is_refused():
    cell = new_code_cell("check('relu', relu)", id="c", metadata={"grader": {"check": "relu"}})
    with pytest.raises(ValueError, match="no answer cell"):
        exercises.blank(new_notebook(cells=[cell]))


def test_a_notebook_with_answers_is_kept_beside_the_new_one(tmp_path, capsys):
    name = NAMES[0]
    (tmp_path / "solutions").mkdir()
    (tmp_path / "exercises").mkdir()
    shutil.copy(ROOT / "solutions" / name, tmp_path / "solutions" / name)
    answered = (ROOT / "solutions" / name).read_bytes()
    for _ in range(2):
        (tmp_path / "exercises" / name).write_bytes(answered)
        assert exercises.write(tmp_path) == [name]
    kept = sorted(path for path in (tmp_path / "exercises").iterdir() if path.name != name)
    assert [path.read_bytes() for path in kept] == [answered, answered]
    assert "are kept in exercises/" in capsys.readouterr().out
    assert exercises.write(tmp_path) == []


BROKEN = [b"", b"{", b"[]", b"\xff\xfe", b'{"cells": 3}', b"[" * 100_000]


@pytest.mark.parametrize("data", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_notebook_costs_its_own_line_of_the_table(tmp_path, capsys, data):
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "broken.ipynb").write_bytes(data)
    status.print_table(tmp_path)
    first, last = capsys.readouterr().out.splitlines()
    assert first.split()[:3] == ["broken", "not", "read:"]
    assert last.split() == ["total", "0/0"]


STRANGE = {
    "its check is a list": new_notebook(
        cells=[new_code_cell("1", metadata={"grader": {"check": ["relu"]}})]
    ),
    "its grader is a list": new_notebook(
        cells=[new_code_cell("1", metadata={"grader": ["answer"]})]
    ),
    "ids twice": new_notebook(cells=[new_code_cell("1", id="a"), new_code_cell("2", id="a")]),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("notebook", STRANGE.values(), ids=STRANGE)
def test_a_strange_notebook_costs_its_own_line_and_no_exercise_is_made_of_it(
    tmp_path, capsys, notebook
):
    for folder in ("exercises", "solutions"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "odd.ipynb").write_text(json.dumps(notebook), "utf-8")
    status.print_table(tmp_path)
    said = capsys.readouterr()
    assert [line.split()[0] for line in said.out.splitlines()] == ["odd", "total"]
    assert said.err == ""
    if "grader" in notebook.cells[0].metadata:
        with pytest.raises(ValueError, match=r"odd\.ipynb: the metadata `grader`"):
            exercises.write(tmp_path)


@pytest.mark.slow
def test_a_kernel_that_dies_costs_its_own_notebook_and_is_not_waited_for(tmp_path, capsys):
    (tmp_path / "exercises").mkdir()
    notebook = read("solutions", NAMES[0])
    for name, source in (("dies", "import os\nos._exit(1)"), ("works", "import numpy as np")):
        next(c for c in notebook.cells if c.id == "colab").source = source
        notebook.cells = [c for c in notebook.cells if c.cell_type == "code"][:4]
        nbformat.write(notebook, tmp_path / "exercises" / f"{name}.ipynb")
    status.print_table(tmp_path)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["dies", "0/3"] in lines
    assert ["works", "3/3"] in lines


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes need a Unix")
@pytest.mark.parametrize("folder", ["exercises", "solutions"])
def test_a_pipe_among_the_notebooks_is_not_waited_for(tmp_path, capsys, folder):
    for name in ("exercises", "solutions"):
        (tmp_path / name).mkdir()
    os.mkfifo(tmp_path / folder / "pipe.ipynb")
    with pytest.raises(ValueError, match=r"pipe\.ipynb: it is no file"):
        exercises.write(tmp_path)
    if folder == "exercises":
        status.print_table(tmp_path)
        assert capsys.readouterr().out.startswith("pipe ")


def test_a_broken_solution_is_named_in_one_line_and_nothing_is_written(tmp_path):
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "x.ipynb").write_bytes(b"{")
    with pytest.raises(ValueError, match=r"x\.ipynb: it is no notebook"):
        exercises.write(tmp_path)
    assert not (tmp_path / "exercises").exists()


def test_an_exercise_hides_nothing_and_keeps_the_other_tags():
    answer = new_code_cell(
        "### BEGIN SOLUTION\nx = 1\n### END SOLUTION",
        metadata={"tags": ["hide-input", "mine", "hide-cell"]},
        execution_count=3,
    )
    plain = new_code_cell("x", metadata={"tags": ["hide-input"]}, execution_count=4)
    made, kept = exercises.blank(new_notebook(cells=[answer, plain])).cells
    assert (made.source, made.metadata, made.execution_count) == (
        exercises.BLANK, {"tags": ["mine"]}, None
    )  # fmt: skip
    assert (kept.metadata, kept.execution_count) == ({"tags": ["hide-input"]}, 4)
    answer.metadata.tags = ["hide-input"]
    assert exercises.blank(new_notebook(cells=[answer])).cells[0].metadata == {}


@pytest.mark.parametrize(
    ("source", "count", "answered"),
    [
        (exercises.BLANK, None, False),
        (f"import numpy\n{exercises.BLANK}", None, False),
        (exercises.BLANK, 1, True),  # it was run
        ("x = 1", None, True),
    ],
)
def test_an_answer_is_what_was_written_or_run(source, count, answered):
    cell = new_code_cell(source, metadata={"grader": {"answer": "f"}}, execution_count=count)
    notebook = new_notebook(cells=[new_code_cell("x", execution_count=9), cell])
    assert exercises.has_answers(nbformat.writes(notebook).encode()) is answered
    assert not exercises.has_answers(nbformat.writes(new_notebook()).encode())
    assert not exercises.has_answers(b" ")


def test_what_is_kept_has_a_name_that_nothing_has(tmp_path):
    names = []
    for _ in range(3):
        (tmp_path / "a.ipynb").write_text("x")
        names.append(exercises._keep(tmp_path / "a.ipynb").name)
    assert names == ["a-your-answers.ipynb", "a-your-answers2.ipynb", "a-your-answers3.ipynb"]
