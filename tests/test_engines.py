"""Jobs and engines: whatever dies is tried again or told, and no verdict is taken on trust."""

import json
import math
import sys

import nbformat
import pytest

from grader.grading import assignment, backends, engines, exports, selftest
from grader.grading.attacks import ATTACKS
from grader.grading.sandbox import SandboxError
from grader.grading.store import Store
from grader.grading.submission import Submission
from grader.grading.verdict import Verdict

# --- jobs -----------------------------------------------------------------------------------------

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the grade of record needs Linux")


@pytest.fixture
def ran(monkeypatch):
    """A function that runs submissions by a job of one's own; (what came, the batches)."""

    def run(ids, job, workers=1):
        batches = []

        def noted(submissions, settings):
            assert settings == {"engine": "fast"}
            batches.append([s["id"] for s in submissions])
            return job([s["id"] for s in submissions])

        monkeypatch.setattr(backends.job, "run", noted)
        given = [Submission(name, id=name) for name in ids]
        came = backends.run(given, {"engine": "fast"}, workers=workers)
        return {s.id: (checks, error) for s, checks, error in came}, batches

    return run


def lines(ids, said=""):
    return {name: {"id": name, "checks": [name], "error": None} for name in ids}, said


def test_submissions_are_handed_out_in_batches_that_keep_all_workers_busy(ran):
    names = [f"s{i:02}" for i in range(50)]
    came, batches = ran(names, lines)
    assert came == {name: ([name], None) for name in names}
    assert [len(batch) for batch in batches] == [16, 16, 16, 2]
    assert sum(batches, []) == names
    for count, workers in ((50, 4), (10, 2), (3, 8)):
        _, batches = ran(names[:count], lines, workers)
        assert max(map(len, batches)) == min(16, math.ceil(count / (2 * workers)))
    assert ran([], lines) == ({}, [])


def test_what_a_dead_job_left_is_tried_again_one_by_one_three_times_in_all(ran):
    def job(ids):
        return lines([name for name in ids if name != "bad"], "it died")

    came, batches = ran(["a", "bad", "b", "c"], job)
    assert came["bad"] == (None, "it died")
    assert came["a"] == (["a"], None)
    assert [batch for batch in batches if "bad" in batch] == [["a", "bad"], ["bad"], ["bad"]]


def test_an_error_of_a_job_is_told_after_the_third_time(ran):
    def broken(ids):
        raise OSError("no room")

    assert ran(["a"], broken)[0] == {"a": (None, "OSError: no room")}
    tries = iter([1, 2, 3])

    def better(ids):
        return ({}, "not yet") if next(tries) < 3 else lines(ids)

    assert ran(["a"], better)[0] == {"a": (["a"], None)}


def test_a_verdict_that_is_an_error_is_asked_for_again(ran):
    def failed(ids):
        return {"a": {"id": "a", "checks": None, "error": "no sandbox"}}, ""

    came, batches = ran(["a"], failed)
    assert (came, len(batches)) == ({"a": (None, "no sandbox")}, 3)


def test_an_interrupted_run_ends_its_jobs(monkeypatch):
    stopped = []
    monkeypatch.setattr(backends.job, "stop_all", lambda: stopped.append(1))
    with backends._processes(3) as (executor, workers, alive):
        assert (workers, executor._max_workers, alive()) == (3, 3, None)
    assert stopped == []
    with pytest.raises(KeyboardInterrupt), backends._processes(1) as (executor, _, _):
        raise KeyboardInterrupt
    assert stopped == [1]
    with pytest.raises(RuntimeError):
        executor.submit(print)


# --- engines --------------------------------------------------------------------------------------

VERDICT = Verdict("relu", 3, [], "✓ relu 3/3", 0.1)
ASSIGNMENT = {
    "name": "one",
    "answers": {"r": "relu", "s": "sigmoid"},
    "tasks": ["relu"],
    "setup": "import numpy",
    "merged": "{}",
}


def test_the_fast_engine_judges_each_task_with_what_the_notebook_holds(monkeypatch):
    asked = []

    def judge(task, answers, **given):
        asked.append((task, answers, given))
        if answers == "bad":
            raise SandboxError("no sandbox")
        return VERDICT

    monkeypatch.setattr(engines, "judge", judge)
    given = [Submission("a", "one", {"relu": "1"}, ["own"], id="a")]
    given.append(Submission("b", "one", "bad", id="b"))
    came = list(engines.fast(given, {"one": ASSIGNMENT}, b"seed", "bwrap"))
    assert came == [("a", [VERDICT], None), ("b", None, "no sandbox")]
    settings = {"order": ["relu", "sigmoid"], "setup": "import numpy", "own": ["own"]}
    assert asked[0] == ("relu", {"relu": "1"}, {**settings, "seed": b"seed", "sandbox": "bwrap"})


def nbval(monkeypatch, verdict=VERDICT, says="passed"):
    """Run the engine of nbval, which says this and leaves that verdict; return what came."""

    def run(notebooks, folder, **environment):
        assert environment == {"GRADER_SEED": b"seed".hex()}
        entries = []
        for notebook in notebooks:
            job = json.loads(notebook.with_name("job.json").read_text())
            assert job == {
                "answers": {"relu": "1"}, "own": ["own"], "order": ["relu", "sigmoid"],
                "setup": "import numpy", "sandbox": "bwrap",
            }  # fmt: skip
            assert (notebook.name, notebook.read_text()) == ("one.ipynb", "{}")
            if verdict:
                text = json.dumps(vars(verdict))
                notebook.with_name("relu.json").write_text(text, "utf-8")
            if says:
                entries.append({"notebook": str(notebook), "task": "relu", "nbval": says})
        return entries, "pytest's last words"

    monkeypatch.setattr(engines.runner, "run", run)
    given = [Submission("x", "one", {"relu": "1"}, ["own"], id=name) for name in "ab"]
    return list(engines.nbval(given, {"one": ASSIGNMENT}, b"seed", "bwrap"))


def test_the_engine_of_nbval_gives_every_notebook_a_room_of_its_own(monkeypatch):
    assert nbval(monkeypatch) == [("a", [VERDICT], None), ("b", [VERDICT], None)]
    wrong = Verdict("relu", 1, ["x"], "✗ relu 1/3", 0.1)
    assert nbval(monkeypatch, wrong, "failed")[1] == ("b", [wrong], None)


@pytest.mark.parametrize(
    ("verdict", "says", "error"),
    [
        (VERDICT, None, "nbval did not run the check of relu: pytest's last words"),
        (None, "failed", "the check of relu did not end (nbval: failed): pytest's last words"),
        (VERDICT, "failed", "nbval says failed of relu, its check ✓ relu 3/3"),
        (Verdict("relu", 0, [], "✗ relu", 0.1), "passed", "nbval says passed of relu, its check ✗"),
    ],
)
def test_nbval_and_the_points_must_tell_the_same_story(monkeypatch, verdict, says, error):
    for _, verdicts, told in nbval(monkeypatch, verdict, says):
        assert verdicts is None
        assert told.startswith(error)


# --- the trusted notebooks ------------------------------------------------------------------------


def trusted(folder, change=lambda cells: None, name="one.ipynb"):
    cell = nbformat.v4.new_code_cell
    right = nbformat.v4.new_output("stream", text="✓ relu 3/3\n")
    cells = {
        "setup": cell("import numpy as np", id="setup"),
        "text": nbformat.v4.new_markdown_cell("Write.", id="text"),
        "answer": cell("def relu", id="a", metadata={"grader": {"answer": "relu"}}),
        "check": cell("check()", id="c", metadata={"grader": {"check": "relu"}}, outputs=[right]),
        "more": cell("1 + 1", id="m"),
    }
    change(cells)
    notebook = nbformat.v4.new_notebook(cells=list(cells.values()))
    (folder / name).write_text(nbformat.writes(notebook), "utf-8")


def test_a_trusted_notebook_is_read_as_plain_data(tmp_path):
    trusted(tmp_path)
    trusted(tmp_path, name="two.ipynb")
    found = assignment.assignments(tmp_path)
    assert list(found) == ["one", "two"]
    one = found["one"]
    assert (one.name, one.answers, one.tasks, one.max_points) == ("one", {"a": "relu"}, ["relu"], 3)
    assert (one.setup, one.given) == (
        "import numpy as np",
        ["import numpy as np", "check()", "1 + 1"],
    )
    merged = nbformat.reads(one.merged, as_version=4)
    assert [cell.id for cell in merged.cells] == ["setup", "c"]
    assert merged.cells[0].source == (
        "from grader.grading.kernel import Answer, check\n\nrelu = Answer('relu')"
    )
    assert merged.cells[1].outputs[0].text == "✓ relu 3/3\n"
    assert merged.metadata.kernelspec.name == "python3"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda cells: cells.pop("setup"), "no code cell has the id 'setup'"),
        (lambda cells: cells.pop("answer"), "every answer needs one check, every check one answer"),
        (lambda cells: cells.pop("check"), "every answer needs one check, every check one answer"),
        (
            lambda cells: (cells.pop("check"), cells.pop("answer")),
            "every answer needs one check, every check one answer",
        ),
        (
            lambda cells: cells["check"].update(outputs=[]),
            "cell 'c': its output is not that of a right 'relu'",
        ),
        (
            lambda cells: cells["check"].metadata.grader.update(check="rleu"),
            "cell 'c': its output is not that of a right 'rleu'",
        ),
    ],
)
def test_a_trusted_notebook_that_cannot_grade_is_named(tmp_path, change, said):
    trusted(tmp_path, change)
    with pytest.raises(assignment.Broken) as broken:
        assignment.assignments(tmp_path)
    assert str(broken.value).startswith(str(tmp_path / "one.ipynb"))
    assert str(broken.value).endswith(said)


def test_a_folder_without_notebooks_and_a_file_that_is_none_are_told(tmp_path):
    with pytest.raises(assignment.Broken, match="there is no course folder with notebooks in"):
        assignment.assignments(tmp_path)
    (tmp_path / "one.ipynb").write_text("{")
    with pytest.raises(assignment.Broken, match=r"one\.ipynb: "):
        assignment.assignments(tmp_path)


# --- the selftest ---------------------------------------------------------------------------------


@pytest.fixture
def attacked(monkeypatch, tmp_path):
    """A function that runs the selftest with checks made by a function of the attack's name."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    sources = {source: name for name, source in ATTACKS.items()}
    sources[selftest.RIGHT] = "right"

    def tested(judged):
        def run(submissions, settings, *, workers):
            assert (settings["engine"], settings["sandbox"]) == ("fast", "bwrap")
            assert len(bytes.fromhex(settings["seed"])) == 32
            assert settings["assignments"] == {"selftest": selftest.ASSIGNMENT}
            for submission in submissions:
                assert (submission.student, submission.assignment) == ("selftest", "selftest")
                assert submission.answers["sigmoid"] == selftest.SIGMOID
                yield submission, *judged(sources[submission.answers["relu"]])

        monkeypatch.setattr(selftest.backends, "run", run)
        return selftest.execute(4)

    return tested


def checks(relu=0, sigmoid=3, said="✗ relu 0/3"):
    return [{"points": relu, "message": said}, {"points": sigmoid, "message": "✗ sigmoid"}], None


def test_a_machine_on_which_no_attack_gets_through_may_grade(attacked, capsys):
    with pytest.raises(selftest.NotTested, match="run `python -m grader selftest`"):
        selftest.demand()
    assert attacked(lambda name: checks(3 if name == "right" else 0)) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[-1] == "passed: this machine may grade"
    groups = {group for group, _ in ATTACKS}
    assert len(out) == len(groups) + 1
    assert all(line.endswith("   0 got through") for line in out[:-1])
    assert sum(int(line[16:20]) for line in out[:-1]) == len(ATTACKS)
    selftest.demand()


def test_another_version_or_machine_has_to_be_tested_anew(attacked, monkeypatch):
    assert attacked(lambda name: checks(3 if name == "right" else 0)) == 0
    monkeypatch.setattr(selftest, "checks_sha256", lambda: "other")
    with pytest.raises(selftest.NotTested):
        selftest.demand()


@pytest.mark.parametrize("data", ["[]", "{", "{}"])
def test_a_record_that_cannot_be_read_is_no_pass(monkeypatch, tmp_path, data):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / "mlp-lib").mkdir()
    (tmp_path / "mlp-lib" / "selftest.json").write_text(data)
    with pytest.raises(selftest.NotTested, match="has not passed its selftest on this machine"):
        selftest.demand()


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (checks(relu=2), "earned 2 points"),
        (checks(said='ValueError: ESCAPED ["/etc"] …'), '["/etc"] …'),
        (checks(sigmoid=2), "cost another answer its points: ✗ sigmoid"),
        ((None, "it died"), "not graded: it died"),
    ],
)
def test_an_attack_that_gets_through_fails_the_machine(attacked, capsys, result, said):
    group, name = bad = list(ATTACKS)[3]

    def judged(attack):
        return result if attack == bad else checks(3 if attack == "right" else 0)

    assert attacked(judged) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[-1] == "FAILED: do not grade on this machine"
    at = out.index(f"    {name}: {said}")
    assert out[at - 1].startswith(group)
    assert out[at - 1].endswith("   1 got through")
    with pytest.raises(selftest.NotTested):
        selftest.demand()


def test_where_a_right_answer_earns_nothing_nothing_is_tested(attacked, capsys):
    assert attacked(lambda name: checks(0)) == 3
    assert capsys.readouterr().out == "selftest: a right answer is not graded as one: \n"

    def no_sandbox(name):
        raise SandboxError("it does not start")

    assert attacked(no_sandbox) == 3
    assert capsys.readouterr().out == "selftest: it does not start\n"


# --- the exports' command -------------------------------------------------------------------------


def test_an_export_is_written_below_the_results_and_counted(tmp_path, capsys):
    assert exports.execute("moodle", tmp_path) == 2
    assert capsys.readouterr().out == (
        f"export: there are no grades in {tmp_path}: grade into it first\n"
    )
    store = Store(tmp_path)
    about = {"id": "ann", "student": "ann", "assignment": "one", "status": "graded", "checks": []}
    store.save_result(about | {"graded_at": "now", "sha256": "", "handed_in": 0.0})
    assert exports.execute("canvas", tmp_path) == 2
    assert capsys.readouterr().out.startswith("export: canvas needs --gradebook FILE: ")
    assert exports.execute("moodle", tmp_path) == 0
    assert capsys.readouterr().out.endswith(f"written: 1 file in {tmp_path / 'export'}\n")
    assert (tmp_path / "export" / "moodle-one.csv").exists()
    store.save_result(about | {"id": "bob", "student": "bob", "sha256": ""})
    assert exports.execute("gradescope", tmp_path) == 0
    assert capsys.readouterr().out == f"written: 2 files in {tmp_path / 'export'}\n"
