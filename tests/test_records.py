"""What a run writes down, and how it judges one answer: the record, the cells, the last word."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from unittest import mock

import nbformat
import numpy as np
import pytest
from in_process import Here, graded_here

from grader.call import Failure
from grader.exercises import ROOT, blank
from grader.grading import bounds, job, nbval, run, verdict
from grader.grading.assignment import assignments
from grader.grading.verdict import checks_sha256

NAME = "01_forward_pass"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the grade of record needs Linux")


# --- a run ----------------------------------------------------------------------------------------


@pytest.fixture
def graded(tmp_path, capsys):
    """A function that grades {student: notebook or bytes}: (exit code, results, what was said)."""

    def grade(students, *more):
        for student, work in students.items():
            place = tmp_path / "class" / student / f"{NAME}.ipynb"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(work if isinstance(work, bytes) else nbformat.writes(work).encode())
        line = ["grade", str(tmp_path / "class"), "--out", str(tmp_path / "out"), *more]
        code = graded_here([*line, "--engine", "fast", "--trust-anyway", "-j", "1"])
        found = {
            path.stem.partition("--")[0]: json.loads(path.read_text("utf-8"))
            for path in (tmp_path / "out" / "results").glob("*.json")
        }
        return code, found, capsys.readouterr()

    return grade


@pytest.fixture(scope="module")
def empty():
    return blank(nbformat.read(ROOT / "solutions" / f"{NAME}.ipynb", as_version=4))


def test_a_result_says_all_that_is_needed_to_grade_again(graded, empty, tmp_path):
    (tmp_path / "seed").write_text("seed")
    with mock.patch.object(run.subprocess, "run") as bwrap:
        bwrap.return_value.stdout = "bubblewrap 0.8\n"
        code, found, said = graded({"ann": empty}, "--seed-file", str(tmp_path / "seed"))
    assert code == 0
    result = found["ann"]
    trusted = assignments()[NAME]
    checks = result.pop("checks")
    assert set(checks[0]) == {"task", "points", "mistakes", "message", "seconds", "max"}
    assert [c["task"] for c in checks] == trusted.tasks
    assert {c["max"] for c in checks} == {3}
    assert time.strptime(result.pop("graded_at"), "%Y-%m-%dT%H:%M:%S+00:00")
    work = tmp_path / "class" / "ann" / f"{NAME}.ipynb"
    assert result.pop("handed_in") == work.stat().st_mtime
    assert len(result.pop("sha256")) == 64
    versions = result.pop("versions")
    assert set(versions) == {"python", "numpy", "mlp-lib", "nbval", "pytest", "bubblewrap"}
    assert versions["numpy"] == np.__version__
    assert versions["python"] == ".".join(map(str, sys.version_info[:3]))
    assert versions["nbval"] == "0.11.0"
    assert result == {
        "id": f"ann--{NAME}",
        "student": "ann",
        "assignment": NAME,
        "score": 0,
        "max": trusted.max_points,
        "status": "graded",
        "flags": [],
        "reason": None,
        "path": str(work),
        "notebook_sha256": trusted.sha256,
        "engine": "fast",
        "sandbox": "bwrap",
        "selftest": "skipped",
        "seed_sha256": "19b25856e1c150ca834cffc8b59b23adbd0ec0389e58eb22b3b64768098d002b",
        "checks_sha256": checks_sha256(),
    }
    assert said.out == f"1 graded, 0 not: {tmp_path / 'out' / 'grades.csv'}\n"
    assert "1/1" in said.err


def test_what_is_not_installed_is_written_down_as_that(monkeypatch):
    def absent(name):
        raise run.importlib.metadata.PackageNotFoundError

    monkeypatch.setattr(run.importlib.metadata, "version", absent)
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    versions = run._versions()
    assert {name for name, v in versions.items() if v == "not installed"} == {
        "mlp-lib", "nbval", "pytest", "bubblewrap"
    }  # fmt: skip


def test_what_was_graded_before_or_cannot_be_is_counted_and_told(graded, empty):
    code, found, said = graded({"ann": empty, "bob": b"{"})
    assert (code, found["bob"]["status"], found["bob"]["score"]) == (1, "ungraded", None)
    first, second, third = said.out.splitlines()
    assert first == "1 of 2 need no grading or were graded before"
    assert second.startswith("1 graded, 1 not: ")
    assert third == f"  not graded: bob--{NAME}: no-notebook {found['bob']['reason']}"
    assert found["bob"]["reason"].startswith("The file cannot be read as a notebook.")
    assert graded({"cid": empty})[2].out.startswith("2 of 3 need no grading")
    # Another sandbox, engine, seed or version of the checks, and what was graded is graded anew.
    with mock.patch.object(run, "checks_sha256", return_value="new"):
        code, found, said = graded({})
    assert said.out.startswith("1 of 3 need no grading")
    assert {r["checks_sha256"] for r in found.values()} == {"new"}


def test_without_a_sandbox_it_warns(graded, empty):
    code, found, said = graded({"ann": empty}, "--sandbox", "none")
    assert said.err.startswith("grade: WITHOUT A SANDBOX: the answers run with your rights\n")
    assert found["ann"]["sandbox"] == "none"


@pytest.mark.parametrize(("given", "said"), [("", " is empty"), (None, "cannot be read: ")])
def test_a_seed_file_that_is_no_use_is_told(graded, empty, tmp_path, given, said):
    if given is not None:
        (tmp_path / "seed").write_text(given)
    code, found, told = graded({"ann": empty}, "--seed-file", str(tmp_path / "seed"))
    assert (code, found) == (2, {})
    assert said in told.err


def test_a_roster_that_cannot_be_read_is_told(graded, empty, tmp_path):
    code, _, told = graded({"ann": empty}, "--roster", str(tmp_path / "none.csv"))
    assert code == 2
    assert told.err.startswith("grade: the roster cannot be read: ")


def test_what_a_run_was_given_is_kept_for_the_next(graded, empty, tmp_path):
    (tmp_path / "names.csv").write_text("ann\nzoe\n")
    (tmp_path / "rules.toml").write_text("[hidden]\ntasks = ['relu']\n")
    more = ["--roster", str(tmp_path / "names.csv"), "--course", str(tmp_path / "rules.toml")]
    assert "nothing handed in: zoe\n" in graded({"ann": empty}, *more)[2].out
    assert (tmp_path / "out" / "roster.csv").read_text() == "ann\nzoe\n"
    assert "nothing handed in: zoe\n" in graded({"bob": empty})[2].out
    assert "relu" not in (tmp_path / "out" / "feedback" / f"bob--{NAME}.md").read_text()


def test_an_answer_that_is_no_data_is_flagged(graded, empty, tmp_path):
    bad = {"task": "relu", "points": 0, "mistakes": ["malformed"], "message": "", "seconds": 0.1}
    with mock.patch.object(run.backends, "run", lambda given, *_, **__: [(given[0], [bad], None)]):
        _, found, _ = graded({"ann": empty})
    assert found["ann"]["flags"] == ["malformed:relu"]
    told = (tmp_path / "out" / "feedback" / f"ann--{NAME}.md").read_text()
    assert "- What the answer to relu sent back was no data that an answer can return.\n" in told


def test_a_folder_that_cannot_be_written_is_told_with_its_name():
    error = OSError(28, "No space left on device", "out/seed")
    assert str(run._not_written(error)) == "out/seed cannot be written: No space left on device"
    assert str(run._not_written(OSError(28, "full"))) == "a file cannot be written: full"


# --- one answer -----------------------------------------------------------------------------------

RELU = "def relu(z): return np.maximum(z, 0)"
SIGMOID = "def sigmoid(z):\n    e = np.exp(-abs(z))\n    return np.where(z < 0, e, 1) / (1 + e)"
ORDER = ["relu", "sigmoid", "tanh_derivative"]


def judged(task, answers, own=(), worker=Here):
    with mock.patch.object(verdict, "Worker", worker):
        return verdict.judge(
            task, answers, order=ORDER, setup="import numpy as np", seed=b"s", sandbox="x", own=own
        )


def test_an_answer_is_judged_after_the_cells_before_it():
    both = {
        "relu": RELU + "\nfactor = 1",
        "sigmoid": SIGMOID.replace("-abs(z)", "-abs(z) * factor"),
    }
    told = judged("sigmoid", both)
    assert (told.task, told.points, told.mistakes) == ("sigmoid", 3, [])
    assert told.message == "✓ sigmoid 3/3"
    assert 0 < told.seconds < 30
    assert judged("sigmoid", {"sigmoid": both["sigmoid"]}).points == 0


def test_what_an_earlier_answer_broke_costs_only_what_needs_that_answer():
    assert judged("sigmoid", {"relu": "np = None", "sigmoid": SIGMOID}).points == 3
    assert judged("sigmoid", {"relu": "1 +", "sigmoid": SIGMOID}).points == 3
    needs = {"relu": "factor = None", "sigmoid": SIGMOID.replace("-abs(z)", "-abs(z) * factor")}
    assert judged("sigmoid", needs).points == 0


@pytest.mark.parametrize("name", ["relu", "factor"])
def test_a_name_that_is_missing_is_looked_for_in_later_and_in_added_cells(name):
    needs = RELU if name == "relu" else RELU.replace("np.max", "0 * factor + np.max")
    later = {"relu": needs if name == "factor" else "", "sigmoid": f"{RELU}\nfactor = 1"}
    assert judged("relu", later).points == 3
    added = {"relu": later["relu"]}
    assert judged("relu", added).points == 0
    assert judged("relu", added, own=[f"{RELU}\nfactor = 1"]).points == 3


def test_what_an_answer_cell_does_instead_of_defining_it_is_told():
    assert judged("relu", {}).message == (
        "✗ relu 0/3\n  Mistake: There is no answer cell to take, see the flags."
    )
    assert judged("relu", {}).mistakes == ["no-answer"]
    assert judged("relu", {"relu": "x = 1"}).message == (
        "✗ relu 0/3\n  Mistake: It defines no relu."
    )
    assert judged("relu", {"relu": "x = 1"}).mistakes == ["not-callable"]
    failed = judged("relu", {"relu": "x = 1 / 0"})
    assert failed.mistakes == ["raises"]
    assert "ZeroDivisionError" in failed.message
    assert "line 1" in failed.message


def dying(cell, kind, times=99):
    """Make a worker that is lost at a cell so many times."""
    left = [times]

    class Dying(Here):
        def run(self, name, source):
            if name == cell and left[0]:
                left[0] -= 1
                self.lost = Failure(kind, f"It is {kind}.")
                return self.lost
            return super().run(name, source)

    return Dying


@pytest.mark.parametrize(
    ("cell", "kind", "times", "points"),
    [
        ("relu", "crashed", 99, 3),  # another answer's crash costs this one nothing
        ("relu", "endless-loop", 99, 3),
        ("sigmoid", "crashed", 1, 3),  # somebody else may have killed it: once more
        ("sigmoid", "crashed", 99, 0),
        ("sigmoid", "endless-loop", 99, 0),
        ("cell 1", "crashed", 99, 3),
        ("setup", "crashed", 0, 3),
    ],
)
def test_a_worker_that_is_lost_costs_the_answer_that_lost_it(cell, kind, times, points):
    answers = {"relu": RELU, "sigmoid": SIGMOID}
    told = judged("sigmoid", answers, own=["1"], worker=dying(cell, kind, times))
    assert told.points == points
    if not points:
        assert (told.mistakes, told.message) == (
            [kind],
            f"✗ sigmoid 0/3\n  Mistake: It is {kind}.",
        )


def test_added_cells_may_take_no_time_that_others_need(monkeypatch):
    ran = []

    class Counting(Here):
        def run(self, name, source):
            ran.append(name)
            return super().run(name, source)

    needs = {"relu": RELU.replace("np.max", "nowhere + np.max")}
    judged("relu", needs, own=["1", "2"], worker=Counting)
    assert [name for name in ran if name.startswith("cell")] == ["cell 1", "cell 2"]
    ran.clear()
    monkeypatch.setattr(bounds, "OWN_SECONDS", 0)
    judged("relu", needs, own=["1", "2"], worker=Counting)
    assert [name for name in ran if name.startswith("cell")] == []


def test_what_is_too_large_to_be_judged_earns_nothing(monkeypatch):
    def hungry(*args, **options):
        raise MemoryError

    monkeypatch.setattr(verdict, "evaluate", hungry)
    told = judged("relu", {"relu": RELU})
    assert (told.points, told.mistakes) == (0, ["too-large"])
    assert told.message.endswith("  Mistake: What it returns is too large to be judged.")


def test_every_task_and_seed_has_hidden_inputs_of_its_own(monkeypatch):
    seeds = []

    def evaluate(name, caller, seed):
        seeds.append(seed)
        return verdict.Result(name, 3, 3, True, [], "✓")

    monkeypatch.setattr(verdict, "evaluate", evaluate)
    judged("relu", {"relu": RELU})
    judged("sigmoid", {"sigmoid": SIGMOID})
    judged("relu", {"relu": RELU})
    assert seeds[0] == seeds[2] != seeds[1]
    assert seeds[0] == int.from_bytes(hashlib.sha256(b"srelu").digest()[:8], "big")


# --- processes ------------------------------------------------------------------------------------


def test_the_environment_of_nbval_is_clean():
    before = {"PYTEST_ADDOPTS": "--lf", "PYTHONPATH": "/mine", "KEPT": "1", "TMPDIR": "/tmp"}
    clean = {
        "IPYTHONDIR": "/room/ipython",
        "JUPYTER_RUNTIME_DIR": "/room/runtime",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONSAFEPATH": "1",
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": "/room",
    }
    with mock.patch.dict(os.environ, before, clear=True):
        mine = {"KEPT": "1", "PYTHONPATH": f"{ROOT}{os.pathsep}/mine"}
        assert nbval.clean_environment("/room") == clean | mine
        del os.environ["PYTHONPATH"]
        assert nbval.clean_environment("/room") == clean | {"KEPT": "1"}


def test_nbval_is_run_with_nothing_of_the_current_folder(monkeypatch, tmp_path):
    started = []

    class Pytest:
        def __init__(self, line, **options):
            started.append((line, options))
            record = options["env"]["GRADER_RECORD"]
            with open(record, "a", encoding="utf-8") as file:
                file.write('{"task": "relu"}\n{"task": null}\n')
            self.stdout = open(record, encoding="utf-8")

        def wait(self):
            started.append("waited")

        def kill(self):
            started.append("killed")

    monkeypatch.setattr(nbval.subprocess, "Popen", Pytest)
    lines = []
    entries, said = nbval.run(["a.ipynb", "b.ipynb"], tmp_path, each_line=lines.append, MORE="1")
    assert entries == [{"task": "relu"}, {"task": None}]
    assert said == "".join(lines) == '{"task": "relu"}\n{"task": null}\n'
    (line, options), *ends = started
    assert ends == ["waited", "killed", "waited"]
    assert line == [
        sys.executable, "-P", "-m", "pytest", "-v", "-c", os.devnull, f"--rootdir={tmp_path}",
        "--noconftest", "--tb=short", "-p", "no:cacheprovider", "-p", "nbval.plugin", "-p",
        "grader.grading.recorder", "--continue-on-collection-errors", "--nbval",
        "--nbval-cell-timeout=600", "a.ipynb", "b.ipynb",
    ]  # fmt: skip
    record = str(tmp_path / "record.jsonl")
    assert options["env"] == nbval.clean_environment(tmp_path) | {
        "GRADER_RECORD": record, "MORE": "1"
    }  # fmt: skip
    assert (options["cwd"], options["stdin"]) == (tmp_path, subprocess.DEVNULL)
    assert options["stderr"] == subprocess.STDOUT
    assert (options["encoding"], options["errors"]) == ("utf-8", "replace")


@pytest.fixture
def process(monkeypatch):
    """A function that lets a job say this, and end with that code; what was done to it."""
    done = []

    def says(out, err="", code=0):
        class Process:
            pid, returncode = 4711, code

            def __init__(self, line, **options):
                done.append((line, options))

            def communicate(self, text):
                done.append(json.loads(text))
                return out, err

            def kill(self):
                done.append("killed")

        monkeypatch.setattr(job.subprocess, "Popen", Process)
        monkeypatch.setattr(job.os, "killpg", lambda pid, number: done.append((pid, number)))
        return done

    return says


def test_a_job_gets_its_submissions_on_stdin_and_answers_line_by_line(process):
    done = process('{"id": "a", "n": 1}\nnoise\n{"id": "b"}\n{"id": "c', "  Warning\n")
    lines, said = job.run([{"id": "a"}], {"engine": "fast"})
    assert lines == {"a": {"id": "a", "n": 1}, "b": {"id": "b"}}
    assert said == "Warning"
    (line, options), given, killed = done
    assert line == [sys.executable, "-P", "-m", "grader.grading.job"]
    assert given == {"submissions": [{"id": "a"}], "engine": "fast"}
    assert killed == (4711, signal.SIGKILL)
    folder = options["env"]["GRADER_FOLDER"]
    assert options["env"]["GRADER_PARENT"] == str(os.getpid())
    assert options["env"]["TMPDIR"] == folder
    assert not os.path.exists(folder)
    assert options["start_new_session"] is True
    pipes = {options[name] for name in ("stdin", "stdout", "stderr")}
    assert pipes == {subprocess.PIPE}
    assert job._running == set()


def test_a_job_that_says_nothing_is_told_by_its_code(process):
    process("", " ", -9)
    assert job.run([], {}) == ({}, "the grading process ended with code -9")
    process("", "x" * 9000)
    assert job.run([], {})[1] == "x" * 1500


def test_jobs_that_still_run_are_ended(process, monkeypatch):
    done = process("")
    for number in (1, 2):
        job._running.add(mock.Mock(pid=number))
    job.stop_all()
    job._running.clear()
    assert sorted(done) == [(1, signal.SIGKILL), (2, signal.SIGKILL)]

    def gone(pid, number):
        raise ProcessLookupError

    monkeypatch.setattr(job.os, "killpg", gone)
    job._end(mock.Mock(pid=3))


def test_a_job_judges_what_it_reads_and_prints_a_line_for_each(monkeypatch, capsys):
    monkeypatch.setattr(job, "_leave_with_the_parent", lambda: None)
    asked = []

    def engine(submissions, known, seed, sandbox):
        asked.append(([s.id for s in submissions], known, seed, sandbox))
        yield "a", [verdict.Verdict("relu", 3, [], "✓", 0.5)], None
        yield "b", None, "no sandbox"

    monkeypatch.setitem(job.ENGINES, "fast", engine)
    order = {"engine": "fast", "seed": "00ff", "sandbox": "bwrap", "assignments": {"one": 1}}
    order |= {"checks_sha256": checks_sha256(), "submissions": [{"student": "x", "id": "a"}]}
    monkeypatch.setattr(job.sys, "stdin", mock.Mock(read=lambda: json.dumps(order)))
    job.main()
    assert asked == [(["a"], {"one": 1}, b"\x00\xff", "bwrap")]
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    check = {"task": "relu", "points": 3, "mistakes": [], "message": "✓", "seconds": 0.5}
    assert first == {"id": "a", "checks": [check], "error": None}
    assert second == {"id": "b", "checks": None, "error": "no sandbox"}
    order["checks_sha256"] = "other"
    with pytest.raises(SystemExit, match="another version of the checks"):
        job.main()
