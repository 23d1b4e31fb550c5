"""``python -m grader``: every command reaches its room, and every end has its code and sentence."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from grader import __main__ as program
from grader import exercises, status
from grader.grading import command, course, exports, report, run, selftest
from grader.grading.assignment import Broken
from grader.grading.sandbox import SandboxError

main = program.main


@pytest.fixture
def called(monkeypatch):
    """What was called, by the name of its module, each of which returns 7."""
    calls = []

    def instead(module, name):
        def function(*args, **options):
            calls.append((module.__name__.rpartition(".")[2], args, options))
            return 7

        monkeypatch.setattr(module, name, function)

    for module in (exercises, status, selftest, report, exports, command):
        instead(module, "execute")
    return calls


@pytest.mark.parametrize(
    ("line", "call"),
    [
        ("exercises", ("exercises", (), {"check": False})),
        ("exercises --check", ("exercises", (), {"check": True})),
        ("status", ("status", (), {})),
        ("selftest -j 3", ("selftest", (3,), {})),
        ("report out", ("report", (Path("out"),), {})),
        ("export moodle out", ("exports", ("moodle", Path("out"), None), {})),
        (
            "export canvas o --gradebook g.csv",
            ("exports", ("canvas", Path("o"), Path("g.csv")), {}),
        ),
    ],
)
def test_a_command_reaches_its_room(called, line, call):
    assert main(line.split()) == 7
    assert called == [call]


def test_grading_uses_nbval_the_sandbox_and_every_processor_unless_told_otherwise(
    called, monkeypatch
):
    monkeypatch.setattr("os.cpu_count", lambda: 5)
    assert main(["grade", "a", "b.zip", "--out", "o"]) == 7
    [(_, (options,), _)] = called
    assert vars(options) == {
        "command": "grade",
        "submissions": [Path("a"), Path("b.zip")],
        "out": Path("o"),
        "j": 5,
        "scheduler": None,
        "engine": "nbval",
        "seed_file": None,
        "sandbox": "bwrap",
        "roster": None,
        "course": None,
        "missing": False,
        "trust_anyway": False,
    }
    main(["selftest"])
    assert called[1][1] == (5,)
    monkeypatch.setattr("os.cpu_count", lambda: None)
    main(["selftest"])
    main(["grade", "a", "--out", "o"])
    assert (called[2][1], called[3][1][0].j) == ((1,), 1)


def test_grading_takes_all_that_it_offers(called):
    line = "grade a --out o --scheduler tcp://x:1 --engine fast --seed-file s --sandbox none"
    main([*line.split(), *"--roster r --course c --missing --trust-anyway".split()])
    options = called[0][1][0]
    assert (options.scheduler, options.engine, options.sandbox) == ("tcp://x:1", "fast", "none")
    paths = options.seed_file, options.roster, options.course
    assert paths == (Path("s"), Path("r"), Path("c"))
    assert options.missing is options.trust_anyway is True


@pytest.mark.parametrize(
    "line",
    [
        "",
        "grades",
        "grade a",
        "grade --out o",
        "grade a --out o -j 0",
        "grade a --out o -j 9999 --scheduler x",
        "grade a --out o --engine slow",
        "grade a --out o --sandbox docker",
        "export",
        "export blackboard out",
        "report",
        "selftest -j two",
    ],
)
def test_a_line_that_means_nothing_is_2(called, line):
    with pytest.raises(SystemExit) as ended:
        main(line.split())
    assert (ended.value.code, called) == (2, [])


def test_every_command_and_every_option_is_explained(capsys):
    for line in ([], *([name] for name in "exercises status selftest grade report export".split())):
        with pytest.raises(SystemExit) as ended:
            main([*line, "--help"])
        out = capsys.readouterr().out
        assert ended.value.code == 0
        assert "XX" not in out
        assert out.startswith(f"usage: python -m grader{''.join(f' {word}' for word in line)} ")
    with pytest.raises(SystemExit):
        main(["--help"])
    out = capsys.readouterr().out
    assert "\nExercises and points.\n" in out
    told = dict(re.findall(r"^    (\w+) +([a-z].*)$", out, re.MULTILINE))
    assert list(told) == ["exercises", "status", "selftest", "grade", "report", "export"]


def test_what_is_not_installed_is_named_with_what_installs_it(monkeypatch, capsys):
    def missing(name):
        def _run(arguments):
            raise ModuleNotFoundError(name=name)

        monkeypatch.setattr(program, "_run", _run)

    missing("nbformat.v4")
    assert main([]) == 2
    said = capsys.readouterr().err
    assert said.startswith("grader: nbformat.v4 is not installed. ")
    assert said.endswith('pip install "mlp-lib[grading]"\n')
    for ours in ("grader.rooms", "mlp_lib"):
        missing(ours)
        with pytest.raises(ModuleNotFoundError):
            main([])


WINDOWS = """
import sys
sys.modules |= {"fcntl": None, "resource": None}
from grader.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("exercises --check", 0, ""),
        ("report nowhere", 2, "report: there are no results in nowhere: grade into it first\n"),
        ("status --help", 0, "usage: python -m grader status [-h]"),
        ("grade solutions --out OUT --trust-anyway --sandbox none", 2, ""),
    ],
)
def test_without_the_modules_of_a_unix_only_grading_is_refused(tmp_path, line, code, said):
    words = line.replace("OUT", str(tmp_path)).split()
    done = subprocess.run(
        [sys.executable, "-c", WINDOWS, *words], cwd=exercises.ROOT, capture_output=True, text=True
    )
    assert done.returncode == code, done.stderr
    assert done.stdout.startswith(said)
    if words[0] == "grade":
        assert done.stderr.endswith("grader: the grade of record needs Linux\n")


# --- how grading ends -----------------------------------------------------------------------------

ON = "; what is graded is kept, the same command goes on"


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (Broken("one.ipynb: …"), 2, "one.ipynb: …"),
        (run.Usage("there is no x"), 2, "there is no x"),
        (course.BadCourse("course.toml: …"), 2, "course.toml: …"),
        (selftest.NotTested("not tested"), 3, "not tested"),
        (
            SandboxError("no bwrap"),
            3,
            "no bwrap\n(--sandbox none grades without one: only code you trust)",
        ),
        (KeyboardInterrupt(), 1, "interrupted: the same command goes on where it stopped"),
        (run.NotWritten("x cannot be written: full"), 1, f"x cannot be written: full{ON}"),
        (run.LostCluster("it is gone"), 1, f"it is gone{ON}"),
    ],
)
def test_whatever_ends_a_run_is_told_in_a_sentence_with_a_code(
    monkeypatch, capsys, error, code, said
):
    def grade(options):
        raise error

    monkeypatch.setattr(run, "grade", grade)
    assert main(["grade", "a", "--out", "o"]) == code
    assert capsys.readouterr().err == f"grade: {said}\n"


@pytest.mark.parametrize(("left", "code"), [([], 0), ([{}], 1)])
def test_what_was_left_ungraded_is_1(monkeypatch, left, code):
    monkeypatch.setattr(run, "grade", lambda options: left)
    assert main(["grade", "a", "--out", "o"]) == code


def test_an_error_of_ours_is_4_and_shown_whole(monkeypatch, capsys):
    monkeypatch.setattr(run, "grade", lambda options: 1 / 0)
    assert main(["grade", "a", "--out", "o"]) == 4
    assert "ZeroDivisionError: division by zero" in capsys.readouterr().err


# --- exercises ------------------------------------------------------------------------------------


def test_making_exercises_says_what_was_written_and_checking_what_differs(
    monkeypatch, tmp_path, capsys
):
    monkeypatch.setattr(exercises, "ROOT", tmp_path)
    assert exercises.execute(check=False) == 2
    assert capsys.readouterr().err.startswith(
        f"grader: there is no course folder at {tmp_path}: download or clone the course"
    )
    (tmp_path / "solutions").mkdir()
    given = []

    def write(*, check):
        given.append(check)
        return ["a.ipynb", "b.ipynb"]

    monkeypatch.setattr(exercises, "write", write)
    assert exercises.execute(check=False) == 0
    assert capsys.readouterr().out == "exercises/a.ipynb: written\nexercises/b.ipynb: written\n"
    assert exercises.execute(check=True) == 1
    assert "exercises/b.ipynb: differs from what its solution makes\n" in capsys.readouterr().out
    assert given == [False, True]
    monkeypatch.setattr(exercises, "write", lambda *, check: [])
    assert exercises.execute(check=True) == 0

    def refused(*, check):
        raise ValueError("a.ipynb: …")

    monkeypatch.setattr(exercises, "write", refused)
    assert exercises.execute(check=True) == 2
    assert capsys.readouterr().err == "grader: a.ipynb: …\n"
