"""The grade of record: full points for right answers, nothing lost when something dies.

What a stranger might try stands in test_attacks.py.
"""

import contextlib
import copy
import csv
import io
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import numpy as np
import pytest
from answers import everything, source
from in_process import graded_here
from machine import needs_bubblewrap
from sample import EVERYTHING, sample

from grader import evaluate
from grader.__main__ import main
from grader.call import InProcess, Rng
from grader.exercises import ROOT, blank
from grader.grading import backends, job, run, table
from grader.grading.assignment import assignments
from grader.grading.proxy import Worker
from grader.grading.sandbox import Sandbox, SandboxError
from grader.grading.scratch import Scratch
from grader.grading.submission import Submission, collect
from grader.grading.verdict import checks_sha256
from grader.tasks import CHAPTERS

NAME = "01_forward_pass"
TASKS = len(CHAPTERS[NAME])
TRUST = ("--trust-anyway",)  # the attacks have tests of their own
ENVIRONMENT = os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the grade of record needs Linux")


@pytest.fixture(scope="session")
def solution():
    return nbformat.read(ROOT / "solutions" / f"{NAME}.ipynb", as_version=4)


@pytest.fixture
def class_of(solution, tmp_path):
    """A function that makes a folder of notebooks: {student: "right", "blank" or relu's source}."""

    def make(**students):
        for student, answer in students.items():
            notebook = blank(solution) if answer == "blank" else copy.deepcopy(solution)
            if answer not in ("right", "blank"):
                next(c for c in notebook.cells if c.id == "relu-answer").source = answer
            folder = tmp_path / "class" / student
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{NAME}.ipynb").write_text(nbformat.writes(notebook), "utf-8")
        return str(tmp_path / "class")

    return make


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def grades(out):
    with open(out / "grades.csv", encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def scores(out):
    return {student: row["score"] for student, row in grades(out).items()}


def line(folder, out, *more):
    return ["grade", folder, "--out", str(out), "--engine", "fast", "-j", "2", *TRUST, *more]


def here(*given):
    return graded_here(line(*given))


def fast(*given):
    return main(line(*given))


# --- what comes out -------------------------------------------------------------------------------


@pytest.mark.slow
@needs_bubblewrap
@pytest.mark.parametrize("engine", ["fast", "nbval"])
def test_right_answers_earn_everything_and_blanks_nothing(class_of, out, engine):
    folder = class_of(ann="right", bob="blank", cid="def relu(z): return abs(z)")
    assert main(["grade", folder, "--out", str(out), "-j", "1", "--engine", engine, *TRUST]) == 0
    rows = grades(out)
    assert {s: (r["score"], r["max"], r["status"]) for s, r in rows.items()} == {
        "ann": (str(3 * TASKS), str(3 * TASKS), "graded"),
        "bob": ("0", str(3 * TASKS), "graded"),
        "cid": (rows["cid"]["score"], str(3 * TASKS), "graded"),
    }
    assert 0 < int(rows["cid"]["score"]) < 3 * TASKS
    result = json.loads((out / "results" / f"ann--{NAME}.json").read_text("utf-8"))
    assert [c["points"] for c in result["checks"]] == [3] * TASKS
    assert (result["engine"], result["sandbox"]) == (engine, "bwrap")
    assert len(result["seed_sha256"]) == 64
    assert result["versions"]["numpy"] == np.__version__


def test_feedback_names_the_mistake_and_escapes_what_the_student_wrote(class_of, out):
    bad = "def relu(z):\n    raise ValueError('<script>alert(1)</script> ```')"
    assert here(class_of(ann=bad), out) == 0
    page = (out / "feedback" / f"ann--{NAME}.html").read_text("utf-8")
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    text = (out / "feedback" / f"ann--{NAME}.md").read_text("utf-8")
    assert "\n````text\n✗ relu 0/3" in text
    assert "ValueError: <script>" in text


def test_all_students_get_the_same_hidden_inputs_and_another_seed_gives_others(
    class_of, out, tmp_path
):
    telling = "def relu(z): raise ValueError(z.sum())"
    folder = class_of(ann=telling, bob=telling)
    one = Path(folder, "ann")
    for seed, given in (("one", folder), ("two", str(one))):
        (tmp_path / seed).write_text(seed)
        assert here(given, out / seed, "--seed-file", str(tmp_path / seed)) == 0
    ann, bob, other = (
        path.read_text("utf-8").splitlines()[1:]
        for seed in ("one", "two")
        for path in sorted((out / seed / "feedback").glob("*.md"))
    )
    assert ann == bob != other
    assert not (out / "one" / "seed").exists()


def test_a_fresh_seed_is_private_and_only_its_hash_is_recorded(class_of, out):
    assert here(class_of(ann="blank"), out) == 0
    assert (out / "seed").stat().st_mode & 0o777 == 0o600
    result = (out / "results" / f"ann--{NAME}.json").read_text("utf-8")
    assert (out / "seed").read_text() not in result


def test_what_cannot_be_graded_is_listed_and_is_no_zero(class_of, out, tmp_path, capsys):
    folder = class_of(ann="blank")
    (tmp_path / "class" / "noise.ipynb").write_bytes(os.urandom(100))
    assert here(folder, out) == 1
    assert "not graded: noise" in capsys.readouterr().out
    row = grades(out)["noise"]
    assert (row["score"], row["status"], row["flags"]) == ("", "ungraded", "no-notebook")


def test_a_name_is_no_formula_in_a_spreadsheet():
    for start in ("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "|", "%", "＝", "＋", "－", "＠"):
        (row,) = csv.DictReader(io.StringIO(table.text([{"student": f"{start}1+1"}]), newline=""))
        assert row["student"].startswith("'")


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("ann/01_forward_pass.ipynb", "ann"),
        ("ann_01_forward_pass.ipynb", "ann"),
        ("01_forward_pass_ann.ipynb", "ann"),
        ("ann/01_forward_pass (1).ipynb", "ann"),
        ("leeann_991_4412_01_forward_pass-2.ipynb", "leeann_991_4412"),
        (
            "Ann Lee_77_assignsubmission_file/01_forward_pass.ipynb",
            "Ann Lee_77_assignsubmission_file",
        ),
        ("ann42.ipynb", "ann42"),
    ],
)
def test_the_student_is_read_off_the_folder_or_the_file_name(solution, tmp_path, path, student):
    file = tmp_path / path
    file.parent.mkdir(exist_ok=True)
    file.write_text(nbformat.writes(solution), "utf-8")
    (submission,) = collect([file], assignments())
    assert (submission.student, submission.assignment) == (student, NAME)


# --- exit codes -----------------------------------------------------------------------------------


def test_wrong_usage_is_2(class_of, out, tmp_path):
    assert here(str(tmp_path / "nowhere"), out) == 2
    (tmp_path / "empty").mkdir()
    assert here(str(tmp_path / "empty"), out) == 2
    assert (
        here(class_of(ann="blank"), out, "--seed-file", str(tmp_path / "none"), "--sandbox", "none")
        == 2
    )
    with pytest.raises(SystemExit) as exit_:
        main(["grade", "--out", str(out)])
    assert exit_.value.code == 2


def test_a_broken_trusted_notebook_is_2(class_of, out, tmp_path, monkeypatch, solution):
    broken = blank(solution)
    next(c for c in broken.cells if c.id == "relu-check").outputs = []
    (tmp_path / f"{NAME}.ipynb").write_text(nbformat.writes(broken), "utf-8")
    real = run.assignments
    monkeypatch.setattr(run, "assignments", lambda: real(tmp_path))
    assert here(class_of(ann="blank"), out) == 2


@pytest.mark.slow
def test_without_bubblewrap_it_refuses_with_3_unless_told_so(class_of, out, monkeypatch, capsys):
    monkeypatch.setenv("PATH", "/nowhere")
    folder = class_of(ann="right")
    assert fast(folder, out) == 3
    assert "bubblewrap is not installed" in capsys.readouterr().err
    assert not (out / "grades.csv").exists()
    assert fast(folder, out, "--sandbox", "none") == 0
    assert scores(out) == {"ann": str(3 * TASKS)}
    assert json.loads((out / "results" / f"ann--{NAME}.json").read_text())["sandbox"] == "none"


def test_an_internal_error_is_4(class_of, out, monkeypatch):
    monkeypatch.setattr(run, "collect", lambda *a: 1 / 0)
    assert here(class_of(ann="blank"), out) == 4


# --- nothing is lost ------------------------------------------------------------------------------


@pytest.mark.slow
@needs_bubblewrap
def test_a_failing_sandbox_leaves_a_submission_ungraded_and_it_can_be_graded_later(
    class_of, out, tmp_path, monkeypatch
):
    tools = tmp_path / "tools"
    tools.mkdir()
    # works for the first look, then never again
    (tools / "bwrap").write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && exit 0\n[ -e {tmp_path}/broken ] && exit 1\n'
        f'touch {tmp_path}/broken\nexec {shutil.which("bwrap")} "$@"\n'
    )
    (tools / "bwrap").chmod(0o755)
    folder = class_of(ann="right")
    with monkeypatch.context() as patched:
        patched.setenv("PATH", f"{tools}:{os.environ['PATH']}")
        assert fast(folder, out) == 1
    row = grades(out)["ann"]
    assert (row["score"], row["status"]) == ("", "ungraded")
    assert fast(folder, out) == 0
    assert scores(out) == {"ann": str(3 * TASKS)}


def test_what_was_graded_is_not_graded_again_until_it_changes(class_of, out, monkeypatch):
    folder = class_of(ann="right", bob="blank")
    assert here(folder, out) == 0
    asked = []
    real = backends.run

    def run(submissions, *args, **options):
        asked.append([s.student for s in submissions])
        return real(submissions, *args, **options)

    monkeypatch.setattr(backends, "run", run)
    assert here(folder, out) == 0
    class_of(bob="right")
    assert here(folder, out) == 0
    assert asked == [[], ["bob"]]
    assert scores(out) == {"ann": str(3 * TASKS), "bob": str(3 * TASKS)}


@needs_bubblewrap
@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM"])  # not every system has both
def test_a_killed_run_goes_on_where_it_stopped(class_of, out, name):
    folder = class_of(**{f"s{i}": "right" for i in range(6)})
    line = [sys.executable, "-m", "grader", "grade", folder]
    line += ["--out", str(out), "--engine", "fast", "-j1"]
    line += TRUST
    run = subprocess.Popen(
        line, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    end = time.monotonic() + 300
    while not (done := list(out.glob("results/*.json"))) and time.monotonic() < end:
        time.sleep(0.05)
    run.send_signal(getattr(signal, name))
    assert run.wait(60) in (-signal.SIGKILL, 1)
    before = {path: path.stat().st_mtime_ns for path in done}
    assert fast(folder, out) == 0
    assert scores(out) == {f"s{i}": str(3 * TASKS) for i in range(6)}
    assert before == {path: path.stat().st_mtime_ns for path in done}


KILLED = """
import os, subprocess, sys
from grader.grading import job, sandbox

sandbox._stage()
subprocess.Popen = lambda *args, **options: os.kill(os.getpid(), 9)
job.run([{"student": "ann"}], {})
"""


def test_what_a_killed_grader_leaves_is_removed_by_the_next_and_nothing_else_is(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    at_work = Scratch()
    line = [sys.executable, "-c", KILLED]
    killed = subprocess.run(line, env=ENVIRONMENT | {"TMPDIR": str(tmp_path)}, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    left = set(tmp_path.iterdir()) - {Path(at_work.path)}
    assert len(left) == 2
    name = next(iter(left)).name
    (tmp_path / f"{name}-mine").mkdir()
    (tmp_path / (name[:-8] + "a_link__")).symlink_to(tmp_path / f"{name}-mine")
    Scratch().remove()
    assert not left & set(tmp_path.iterdir())
    assert len(list(tmp_path.iterdir())) == 3
    at_work.remove()


def killed_once(monkeypatch):
    """Let the first job be killed from outside while it is at work."""
    real, killed = subprocess.Popen.communicate, []

    def communicate(process, *args, **options):
        if "grader.grading.job" in process.args and not killed:
            killed.append(process.pid)
            process.stdin.write(args[0])
            process.stdin.close()
            process.stdin = None
            process.stdout.readline()  # one submission is done
            process.kill()
            args = ()
        return real(process, *args, **options)

    monkeypatch.setattr(subprocess.Popen, "communicate", communicate)
    return killed


@needs_bubblewrap
@pytest.mark.slow
def test_a_killed_job_is_done_again(class_of, out, monkeypatch):
    killed = killed_once(monkeypatch)
    assert fast(class_of(**{f"s{i}": "right" for i in range(5)}), out) == 0
    assert killed
    assert scores(out) == {f"s{i}": str(3 * TASKS) for i in range(5)}


@needs_bubblewrap
def test_a_worker_killed_from_outside_costs_no_points(monkeypatch, solution):
    from grader.grading import proxy, verdict

    real, calls = proxy.Remote.__call__, []

    def call(self, *args, **options):
        calls.append(1)
        if len(calls) == 3:
            os.kill(self.worker.sandbox.process.pid, signal.SIGKILL)
        return real(self, *args, **options)

    monkeypatch.setattr(proxy.Remote, "__call__", call)
    answers = {"relu": "def relu(z): return z * (z > 0)"}
    found = verdict.judge(
        "relu", answers, order=["relu"], setup="import numpy as np", seed=b"1", sandbox="bwrap"
    )
    assert found.points == 3


# --- a Dask cluster -------------------------------------------------------------------------------


@pytest.fixture
def cluster():
    distributed = pytest.importorskip("distributed")
    pytest.importorskip("distributed.deploy.local")
    with contextlib.ExitStack() as stack:
        options = {
            "n_workers": 2,
            "threads_per_worker": 1,
            "dashboard_address": None,
            "processes": True,
        }
        yield stack.enter_context(distributed.LocalCluster(silence_logs=50, **options))


@needs_bubblewrap
@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_grades_even_if_a_worker_is_lost(
    class_of, out, cluster, monkeypatch
):
    folder = class_of(ann="right", bob="blank", cid="right", dan="right")
    real, killed = backends.wait, []

    def wait(*args, **options):
        if not killed:
            worker = next(iter(cluster.workers.values()))
            killed.append(worker.pid)
            time.sleep(0.5)
            os.kill(worker.pid, signal.SIGKILL)
        return real(*args, **options)

    monkeypatch.setattr(backends, "wait", wait)
    arguments = ["grade", folder, "--out", str(out), "--engine", "fast", *TRUST]
    assert main([*arguments, "--scheduler", cluster.scheduler_address]) == 0
    assert killed
    full = str(3 * TASKS)
    assert scores(out) == {"ann": full, "bob": "0", "cid": full, "dan": full}


SCHEDULER = """
import sys
from distributed import LocalCluster

if __name__ == "__main__":
    options = {"n_workers": 1, "threads_per_worker": 1, \
"dashboard_address": None, "silence_logs": 50}
    cluster = LocalCluster(**options)
    print(cluster.scheduler_address, flush=True)
    sys.stdin.read()
"""


@needs_bubblewrap
@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGKILL", "SIGSTOP"], ids=["dead", "silent"])
def test_a_scheduler_that_is_lost_is_told_in_one_line_and_the_same_command_goes_on(
    class_of, out, tmp_path, monkeypatch, capfd, name
):
    pytest.importorskip("distributed")
    (tmp_path / "cluster.py").write_text(SCHEDULER)
    line = [sys.executable, str(tmp_path / "cluster.py")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    real, killed = backends.wait, []

    def wait(waiting, **options):
        found = real(waiting, **options)
        if found.done and not killed:
            killed.append(cluster.pid)
            os.killpg(cluster.pid, getattr(signal, name))
        return found

    monkeypatch.setattr(backends, "wait", wait)
    folder = class_of(**{f"s{i}": "right" for i in range(6)})
    arguments = ["grade", folder, "--out", str(out), "--engine", "fast", *TRUST]
    with subprocess.Popen(
        line, text=True, start_new_session=True, env=ENVIRONMENT, **pipes
    ) as cluster:
        address = cluster.stdout.readline().strip()
        assert main([*arguments, "--scheduler", address]) == 1
        os.killpg(cluster.pid, signal.SIGKILL)
    said = capfd.readouterr().err.replace("\r", "\n").strip().splitlines()
    assert killed
    assert said[-1].startswith(f"grade: the scheduler at {address} is gone; what is graded is kept")
    assert not any("Traceback" in one for one in said)
    states = [row["status"] for row in grades(out).values()]
    assert len(states) == 6
    assert 0 < states.count("ungraded") < 6
    assert fast(folder, out) == 0
    assert scores(out) == {f"s{i}": str(3 * TASKS) for i in range(6)}


# --- calls across the boundary --------------------------------------------------------------------

CELL = """
def numerical_gradient(f, x):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        gradient[i] = (f(x + step) - f(x - step)) / 2e-5
    return gradient

def train(rng):
    W = rng.normal(size=2)
    return lambda X: (X @ W > 0).astype(int)

def minibatches(X, y, rng):
    for i in rng.permutation(len(X)):
        yield X[i], y[i]

def in_place(x):
    x *= 2
    return x, [1.0, np.float32(2)]

def hand_back(x):
    return x.T

def breaks(f, x):
    return f("text")

def scale(x):
    with np.errstate(over="warn"):
        return np.exp(x)

def loss_and_gradients(params, X, y):
    return 0.0, [(0 * W, 0 * b) for W, b in params]

def train_digits(X, y, rng):
    return [(rng.normal(size=(d, h)) / 9, np.zeros(h)) for d, h in ((784, 20), (20, 10))]
"""


@pytest.fixture(scope="module")
def both():
    """A function that gives the answer as it is and as its proxy."""
    names = {"np": np}
    exec(CELL, names)
    with Worker("bwrap") as worker:
        assert worker.run("setup", "import numpy as np\nfrom grader import check") is not None
        assert worker.run("cell", CELL) is None
        yield lambda name: (InProcess(names[name]), worker.take(name))


def square(x):
    """f(x) = sum of x²"""
    return np.sum(x**2)


X = np.arange(6.0).reshape(3, 2) - 2

CALLS = [
    ("numerical_gradient", (square, X), {}),
    ("minibatches", (X, np.arange(3), Rng(3)), {"expects": "iterable"}),
    ("in_place", (X,), {}),
    ("hand_back", (X,), {}),
    ("in_place", (X,), {"layout": "read-only"}),
    ("in_place", ([(X, X)],), {}),
    ("scale", (1e4 * X,), {}),
    ("scale", (np.float32(2),), {"layout": "strided"}),
    ("breaks", (np.sum, X), {}),
]


@needs_bubblewrap
@pytest.mark.parametrize(("name", "args", "options"), CALLS)
def test_a_call_across_the_boundary_is_like_one_at_home(both, name, args, options):
    home, away = (caller(*copy.deepcopy(args), **options) for caller in both(name))
    assert home.failure is None if away.failure is None else home.failure.kind == away.failure.kind
    assert (home.warnings, home.shared) == (away.warnings, away.shared)
    np.testing.assert_equal(home.value, away.value)
    np.testing.assert_equal([list(c) for c in home.changed], [list(c) for c in away.changed])


@needs_bubblewrap
def test_a_returned_function_is_called_across_the_boundary(both):
    home, away = (caller(Rng(1), expects="function").value for caller in both("train"))
    np.testing.assert_array_equal(home(X).value, away(X).value)


@needs_bubblewrap
def test_an_earlier_result_can_be_looked_at_again(both):
    _, away = both("in_place")
    outcome = away(X)
    np.testing.assert_equal(away.again(outcome), outcome.value)


@needs_bubblewrap
def test_the_function_beside_an_answer_is_called_across_the_boundary(both):
    for caller in both("train_digits"):
        beside = caller.beside("loss_and_gradients")
        outcome = beside([(X.T, np.ones(3))], X, np.arange(3))
        np.testing.assert_equal(outcome.value[1], [[np.zeros((2, 3)), np.zeros(3)]])
        assert caller.beside("no_such_name") is None


@needs_bubblewrap
def test_training_is_judged_by_ones_own_gradients_on_both_sides_of_the_boundary(both):
    home, away = (evaluate("train_digits", caller) for caller in both("train_digits"))
    assert home.mistakes == away.mistakes == ["wrong-gradients"]


def test_a_sandbox_that_does_not_start_is_nobodys_fault(monkeypatch):
    monkeypatch.setattr("grader.grading.sandbox.START", "raise SystemExit('no')")
    with pytest.raises(SandboxError, match="no"):
        Worker("none")


@needs_bubblewrap
def test_the_sandbox_works_under_the_numbers_of_its_system_call_filter():
    sandbox = Sandbox("bwrap")
    sandbox.stop()
    sandbox.stop()
    assert sandbox.process.returncode is not None


def test_jobs_refuse_other_checks_than_those_of_the_machine_that_asks():
    settings = {
        "engine": "fast",
        "sandbox": "none",
        "seed": "00",
        "checks_sha256": "",
        "assignments": {},
    }
    lines, said = job.run([{"student": "ann"}], settings)
    assert lines == {}
    assert "another version of the checks" in said


# --- the two engines ------------------------------------------------------------------------------


def catalogued(assignment):
    """Answer sets {task: source} in which every catalogued answer of an assignment occurs once."""
    sources = {}
    for answer in everything():
        if answer.task in assignment.tasks:
            text = f"{source(answer)}\n\n{answer.task} = {answer.function.__name__}\n"
            sources.setdefault(answer.task, []).append((str(answer), text))
    for row in itertools.zip_longest(*sources.values()):
        yield {task: pair for task, pair in zip(sources, row) if pair}


@needs_bubblewrap
@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize("name", sample(assignments(), 4))
def test_both_engines_agree_on_every_catalogued_answer(name):
    assignment = vars(assignments()[name])
    rows = [*catalogued(assignments()[name])]
    if not EVERYTHING:  # the last one in which every task has an answer
        rows = [row for row in rows if set(row) == set(assignment["tasks"])][-1:]
    submissions = [
        Submission(f"row{i}", name, {task: text for task, (_, text) in row.items()}, id=f"row{i}")
        for i, row in enumerate(rows)
    ]
    settings = {"sandbox": "bwrap", "seed": "5eed", "checks_sha256": checks_sha256()}
    settings["assignments"] = {name: assignment}
    points = {}
    for engine in ("fast", "nbval"):
        for submission, checks, error in backends.run(
            submissions, settings | {"engine": engine}, workers=2
        ):
            assert error is None
            for check in checks:
                points.setdefault((submission.id, check["task"]), []).append(
                    (check["points"], check["mistakes"])
                )
    full = {str(answer) for answer in everything() if answer.tag is None}
    for i, row in enumerate(rows):
        for task, (answer, _) in row.items():
            fast_, nbval_ = points[f"row{i}", task]
            assert fast_ == nbval_, answer
            assert (fast_[0] == 3) == (answer in full), (answer, fast_)
