"""Attacks on the grade of record: each earns nothing, and costs the other answers nothing.

Every attack stands in the answer cell of ``relu`` or in the notebook around it, runs inside the
sandbox, and is judged together with two right answers.
"""

import copy
import json
import os
import socket
import stat
import textwrap
import time
import tracemalloc
import zipfile

import nbformat
import numpy as np
import pytest
from machine import needs_bubblewrap
from sample import sample

from grader.exercises import ROOT, blank
from grader.grading import bounds, engines, selftest, verdict, wire
from grader.grading.assignment import assignments
from grader.grading.attacks import ATTACKS, GROUPS
from grader.grading.submission import collect

pytestmark = [
    pytest.mark.slow,
    needs_bubblewrap,
]

NAME = "01_forward_pass"
JUDGED = ["linear_forward", "relu", "sigmoid"]
SEED = b"a hidden seed"


@pytest.fixture(scope="session")
def trusted():
    return assignments(ROOT / "exercises")


@pytest.fixture(scope="session")
def solution():
    return nbformat.read(ROOT / "solutions" / f"{NAME}.ipynb", as_version=4)


@pytest.fixture
def grade(trusted, tmp_path):
    """A function that grades a notebook: (points by task, message about relu, flags)."""

    def run(notebook):
        folder = tmp_path / "student"
        folder.mkdir(exist_ok=True)
        (folder / f"{NAME}.ipynb").write_text(json.dumps(notebook), "utf-8")
        (submission,) = collect([folder], trusted)
        assignment = vars(trusted[NAME]) | {"tasks": JUDGED}
        ((_, verdicts, error),) = engines.fast([submission], {NAME: assignment}, SEED, "bwrap")
        assert error is None
        return {v.task: v.points for v in verdicts}, verdicts[1].message, submission.flags

    return run


def cell(notebook, cell_id):
    return next(c for c in notebook.cells if c.id == cell_id)


def with_relu(solution, source):
    notebook = copy.deepcopy(solution)
    cell(notebook, "relu-answer").source = textwrap.dedent(source)
    return notebook


NOTHING_FOR_RELU = {"linear_forward": 3, "relu": 0, "sigmoid": 3}


def test_the_right_answers_earn_everything(grade, solution):
    assert grade(solution)[0] == {"linear_forward": 3, "relu": 3, "sigmoid": 3}


# --- the notebook around the answers --------------------------------------------------------------


def unanswered(solution):
    notebook = copy.deepcopy(solution)
    stub = cell(blank(solution), "relu-answer").source
    cell(notebook, "relu-answer").source = stub
    return notebook


def edit_check(notebook):
    cell(notebook, "relu-check").source = 'print("✓ relu 3/3")'


def delete_check(notebook):
    notebook.cells.remove(cell(notebook, "relu-check"))


def duplicate_check(notebook):
    notebook.cells.append(copy.deepcopy(cell(notebook, "linear-forward-check")))
    notebook.cells[-1].id = "relu-check-2"
    notebook.cells[-1].metadata["grader"] = {"check": "relu"}


def reorder(notebook):
    notebook.cells.reverse()


def retag_check(notebook):
    cell(notebook, "relu-check").metadata = {"grader": {"check": "linear_forward"}, "tags": ["x"]}


def retag_answer(notebook):
    cell(notebook, "relu-answer").metadata = {"grader": {"answer": "sigmoid", "points": 99}}


def never_run(notebook):
    for one in notebook.cells:
        if one.cell_type == "code":
            one.outputs, one.execution_count = [], None


def forge_outputs(notebook):
    for one in notebook.cells:
        if one.cell_type == "code":
            one.outputs = [nbformat.v4.new_output("stream", name="stdout", text="✓ relu 3/3\n")]
            one.metadata["grade"] = {"points": 3}


def ignore_output(notebook):
    for one in notebook.cells:
        one.metadata["tags"] = ["nbval-ignore-output", "nbval-skip", "raises-exception"]
    for name in ("relu-answer", "relu-check"):
        cell(notebook, name).source = (
            "# NBVAL_IGNORE_OUTPUT\n# NBVAL_SKIP\n" + cell(notebook, name).source
        )


def add_cells(notebook):
    source = "import grader\ngrader.check = lambda *a, **k: print('✓ relu 3/3')\nrelu = abs"
    notebook.cells.insert(0, nbformat.v4.new_code_cell(source, id="mine"))
    notebook.cells.append(nbformat.v4.new_code_cell(source, id="mine-too"))


TAMPERING = [
    edit_check, delete_check, duplicate_check, reorder, retag_check, retag_answer, never_run,
    forge_outputs, ignore_output, add_cells,
]  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda f: f.__name__)
def test_a_tampered_notebook_earns_nothing(grade, solution, tamper):
    notebook = unanswered(solution)
    tamper(notebook)
    assert grade(notebook)[0] == NOTHING_FOR_RELU


def test_two_different_cells_for_one_answer_are_flagged_and_neither_is_taken(grade, solution):
    notebook = copy.deepcopy(solution)
    notebook.cells.append(cell(notebook, "relu-answer") | {"source": "relu = 1"})
    points, _, flags = grade(notebook)
    assert points == NOTHING_FOR_RELU
    assert flags == ["duplicate:relu"]


def test_a_missing_answer_cell_is_flagged(grade, solution):
    notebook = copy.deepcopy(solution)
    notebook.cells.remove(cell(notebook, "relu-answer"))
    points, _, flags = grade(notebook)
    assert points == NOTHING_FOR_RELU
    assert flags == ["missing:relu"]


@pytest.mark.slow
def test_tampered_notebooks_earn_nothing_under_nbval(trusted, solution, tmp_path):
    for tamper in TAMPERING[:8:2]:
        notebook = unanswered(solution)
        tamper(notebook)
        folder = tmp_path / tamper.__name__
        folder.mkdir()
        (folder / f"{NAME}.ipynb").write_text(nbformat.writes(notebook), "utf-8")
    submissions = collect([tmp_path], trusted)
    for _, verdicts, error in engines.nbval(
        submissions, {NAME: vars(trusted[NAME])}, SEED, "bwrap"
    ):
        assert error is None
        points = {v.task: v.points for v in verdicts}
        assert points["relu"] == 0
        assert sum(points.values()) >= 12  # the solution of the whole network may call relu


# --- inside the answer ----------------------------------------------------------------------------


@pytest.mark.sampled
@pytest.mark.parametrize("group", GROUPS)
def test_no_attack_earns_anything_or_costs_another_answer(group):
    attacks = dict(sample([item for item in ATTACKS.items() if item[0][0] == group], 20))
    wrong = {name: text for name, text in selftest.attacked(attacks, workers=2) if text}
    assert wrong == {}


def test_an_attack_in_a_cell_that_others_use_costs_only_its_own_points(trusted, solution, tmp_path):
    notebook = with_relu(solution, "import math, os\nos._exit(1)\ndef relu(z): return z")
    cell(notebook, "sigmoid-answer").source = (
        "def sigmoid(z):\n    math.pi, relu\n    e = np.exp(-np.abs(z))\n"
        "    return np.where(z >= 0, 1, e) / (1 + e)\nimport math\nrelu = 1"
    )
    path = tmp_path / f"{NAME}.ipynb"
    path.write_text(nbformat.writes(notebook), "utf-8")
    (submission,) = collect([path], trusted)
    order = list(trusted[NAME].answers.values())
    given = {"order": order, "setup": trusted[NAME].setup, "seed": SEED, "sandbox": "bwrap"}
    assert verdict.judge("sigmoid", submission.answers, **given).points == 3


# --- what can be seen and reached -----------------------------------------------------------------


def told(grade, solution, body):
    """What the answer finds out: it raises its discovery as an error."""
    source = "import os\ndef relu(z):\n" + textwrap.indent(textwrap.dedent(body), "    ")
    points, message, _ = grade(with_relu(solution, source))
    assert points == NOTHING_FOR_RELU
    return message


def test_nothing_outside_can_be_written(grade, solution, tmp_path):
    victim = tmp_path / "results.json"
    victim.write_text("mine")
    body = f"""
        written = []
        for path in ({str(victim)!r}, {str(tmp_path / "new")!r}, "/x", "/grade/x", \
"/usr/lib/x", "/dev/x",
                     "/grade/grader/call.py", "/libraries/numpy/__init__.py", os.__file__):
            try:
                open(path, "w").close()
                written.append(path)
            except OSError:
                pass
        raise ValueError(f"written {{written}}")
        """
    assert "written []" in told(grade, solution, body)
    assert victim.read_text() == "mine"
    assert os.listdir(tmp_path / "student") == [f"{NAME}.ipynb"]


def test_there_is_no_network(grade, solution):
    with socket.create_server(("127.0.0.1", 0)) as server:
        body = f"""
            import socket
            try:
                socket.create_connection(("127.0.0.1", {server.getsockname()[1]}), timeout=1)
            except OSError as error:
                raise ValueError(f"no connection: {{error}}")
            """
        assert "no connection" in told(grade, solution, body)


def test_a_daemon_does_not_outlive_its_check(grade, solution):
    marker = f"daemon-{os.getpid()}"
    body = f"""
        import threading, time
        for start in (os.fork,):
            try:
                if start() == 0:
                    os.setsid()
                    open("/proc/self/comm", "w").write({marker!r})
                    time.sleep(600)
            except OSError:
                pass
        open("/proc/self/comm", "w").write({marker[:15]!r})
        threading.Thread(target=time.sleep, args=(600,)).start()
        return z
        """
    told(grade, solution, body)
    end = time.monotonic() + 60
    while marker[:15] in process_names() and time.monotonic() < end:
        time.sleep(0.1)  # the kernel may still be clearing up
    assert marker[:15] not in process_names()


def process_names():
    names = set()
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/comm") as file:
                names.add(file.read().strip())
        except OSError:
            pass
    return names


# --- files ----------------------------------------------------------------------------------------


def flags(paths, trusted):
    submissions = collect(paths, trusted)
    for submission in submissions:
        assert submission.id
        assert "/" not in submission.id
        assert not submission.id.startswith((".", "-"))
    return [s.flags for s in submissions]


def test_a_notebook_of_100_mb_is_not_even_read(trusted, tmp_path):
    path = tmp_path / "big.ipynb"
    with open(path, "wb") as file:
        file.truncate(100 << 20)
    tracemalloc.start()
    assert flags([path], trusted) == [["too-large"]]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 << 20


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\0" * 1000, b"\xff\xfe{}", b"[]", b"null", b"7", b"{}", b'{"cells": 1}',
        b'{"cells": [1]}', b'{"cells": [{"source": {}}]}',
        b'{"cells": [{"cell_type": "code", "id": "a", "source": [1]}]}',
        b"[" * 500_000, b'{"cells": ' + b"[" * 50_000, b'{"cells": []}', b"1" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_flagged_and_crashes_nothing(trusted, tmp_path, data):
    (tmp_path / "broken.ipynb").write_bytes(data)
    ((flag,),) = flags([tmp_path], trusted)
    assert flag in ("no-notebook", "no-answer-cells")


def test_binary_and_oversized_answers_are_flagged(trusted, solution, tmp_path):
    notebook = copy.deepcopy(solution)
    cell(notebook, "relu-answer").source = "x" * 100_000
    cell(notebook, "sigmoid-answer").source = "relu = '\0'"
    data = json.loads(nbformat.writes(notebook))
    next(c for c in data["cells"] if c["id"] == "linear-forward-answer")["source"] = "'\ud800'"
    (tmp_path / "a.ipynb").write_text(json.dumps(data))
    assert flags([tmp_path], trusted) == [
        ["unusable:linear_forward", "unusable:relu", "unusable:sigmoid"]
    ]


def test_links_pipes_and_devices_are_never_opened(trusted, tmp_path):
    (tmp_path / "link.ipynb").symlink_to(ROOT / "solutions" / f"{NAME}.ipynb")
    (tmp_path / "folder").symlink_to(ROOT / "solutions")
    os.mkfifo(tmp_path / "pipe.ipynb")
    assert flags([tmp_path], trusted) == [["symlink"], ["symlink"], ["no-regular-file"]]


def test_names_in_a_zip_file_are_labels_and_not_paths(trusted, solution, tmp_path):
    text = nbformat.writes(solution)
    with zipfile.ZipFile(tmp_path / "class.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ann/01_forward_pass.ipynb", text)
        archive.writestr("../../etc/01_forward_pass.ipynb", text)
        archive.writestr("/etc/01_forward_pass.ipynb", text)
        archive.writestr("..\\x\\01_forward_pass.ipynb", text)
        archive.writestr("bomb/01_forward_pass.ipynb", bytes(bounds.NOTEBOOK + 1))
        link = zipfile.ZipInfo("link/01_forward_pass.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    found = flags([tmp_path / "class.zip"], trusted)
    traversal = ["path-traversal"]
    assert found == [[], traversal, traversal, traversal, ["too-large"], ["symlink"]]
    assert os.listdir(tmp_path) == ["class.zip"]


def test_a_broken_zip_file_is_flagged(trusted, tmp_path):
    (tmp_path / "class.zip").write_bytes(b"PK\x03\x04" + bytes(100))
    assert flags([tmp_path], trusted) == [["broken-zip"]]


@pytest.mark.parametrize(
    "name", ["..", "-rf", "=1+1", "a\nb", "ü" * 100, "CON", "con", "<script>", "a'b\"c"]
)
def test_a_wild_name_becomes_a_tame_file_name(trusted, solution, tmp_path, name):
    folder = tmp_path / name if name != ".." else tmp_path / "..x"
    folder.mkdir()
    (folder / "01_forward_pass.ipynb").write_text(nbformat.writes(solution), "utf-8")
    assert flags([folder], trusted) == [[]]


def test_a_worker_sends_nothing_that_is_unpickled():
    with pytest.raises(wire.Malformed):
        wire.array(
            b"\x93NUMPY\x01\x00\x76\x00"
            + b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
        )
    values = [
        np.arange(6.0).reshape(2, 3),
        np.array(3),
        np.ones((2, 0)),
        np.array([True]),
        np.float32(2.5),
    ]
    frame = wire.dump({"value": values})
    texts = int.from_bytes(frame[:4], "big")
    back = wire.load(frame[8 : 8 + texts], frame[8 + texts :])["value"]
    for before, after in zip(values, back, strict=True):
        assert (before.dtype, before.shape) == (after.dtype, after.shape)
        np.testing.assert_array_equal(before, after)
