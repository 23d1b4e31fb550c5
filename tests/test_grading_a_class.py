"""A class is graded: whose work it is, what is kept, what a teacher gets out of it."""

import contextlib
import copy
import csv
import datetime
import io
import json
import os
import struct
import subprocess
import sys
import unicodedata
import zipfile

import nbformat
import pytest
from in_process import graded_here
from machine import needs_bubblewrap

from grader.__main__ import main
from grader.exercises import ROOT, blank
from grader.grading import course, owner
from grader.grading.assignment import assignments
from grader.grading.store import Store
from grader.grading.submission import collect
from grader.tasks import CHAPTERS

NAME = "01_forward_pass"
FULL = str(3 * len(CHAPTERS[NAME]))

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the grade of record needs Linux")


@pytest.fixture(scope="module")
def solution():
    return nbformat.read(ROOT / "solutions" / f"{NAME}.ipynb", as_version=4)


@pytest.fixture(scope="module")
def trusted():
    return assignments()


@pytest.fixture
def room(tmp_path):
    """A function that writes a notebook, or any bytes, below class/ and returns that folder."""

    def put(path, data):
        file = tmp_path / "class" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        data = nbformat.writes(data).encode() if isinstance(data, nbformat.NotebookNode) else data
        file.write_bytes(data)
        return tmp_path / "class"

    return put


def grade(*paths, out, more=()):
    options = ["--engine", "fast", "-j", "2", "--trust-anyway"]
    line = ["grade", *map(str, paths), "--out", str(out), *options]
    return graded_here([*line, *map(str, more)])


def rows(out):
    return list(csv.DictReader(io.StringIO((out / "grades.csv").read_text("utf-8"), newline="")))


def owners(paths, trusted):
    return [(s.student, s.flags) for s in collect(paths, trusted)]


# --- whose it is ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        f"ann/bob_{NAME}.ipynb",
        f"ann/bob/{NAME}.ipynb",
        f"ann/deep/bob/carl_{NAME} (1).ipynb",
        "ann/bob.ipynb",
    ],
)
def test_what_lies_in_a_students_folder_is_that_students(room, solution, trusted, path):
    assert owners([room(path, solution)], trusted) == [("ann", [])]


def test_an_archive_in_a_students_folder_makes_no_other_students(room, trusted, solution):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for i in range(300):
            file.writestr(f"victim{i}/{NAME}.ipynb", nbformat.writes(solution) if i < 2 else "{}")
    found = owners([room("ann/work.zip", archive.getvalue())], trusted)
    assert {student for student, _ in found} == {"ann"}
    assert found[-1] == ("ann", ["too-many-files"])
    assert len(found) <= 101


def test_an_archive_of_a_class_names_its_students_by_its_folders(tmp_path, trusted, solution):
    with zipfile.ZipFile(tmp_path / "Week1.zip", "w") as file:
        for student in ("ann", "bob"):
            file.writestr(f"Week1/{student}/bob_{NAME}.ipynb", nbformat.writes(solution))
    assert owners([tmp_path / "Week1.zip"], trusted) == [("ann", []), ("bob", [])]


UNREADABLE = {
    b"": "no-notebook",
    b"\xff\xfe\x00": "no-notebook",
    b'{"cells": [1, {"cell_type": "code", "source": 7}]}': "no-answer-cells",
    bytes(11 << 20): "too-large",
}


@pytest.mark.parametrize("data", UNREADABLE, ids=UNREADABLE.values())
def test_unreadable_work_keeps_its_owner_and_says_what_to_do(room, tmp_path, data):
    folder = room(f"ann/{NAME}.ipynb", data)
    room(f"bob_{NAME}.ipynb", data)
    assert grade(folder, out=tmp_path / "out") == 1
    for row, student in zip(rows(tmp_path / "out"), ("ann", "bob"), strict=True):
        assert (row["student"], row["assignment"], row["status"], row["score"]) == (
            student, NAME, "ungraded", ""
        )  # fmt: skip
        assert row["flags"] == UNREADABLE[data]
        assert len(row["reason"]) > 30
        assert row["path"].endswith(".ipynb")


def without_ids(notebook, minor):
    old = json.loads(nbformat.writes(notebook))
    old["nbformat_minor"] = minor
    for cell in old["cells"]:
        del cell["id"]
    return old


def encodings(notebook):
    text = nbformat.writes(notebook)
    yield from (text.encode(code) for code in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le"))
    yield text.replace("Practice", "Übung").encode("cp1252", errors="replace")
    yield from (json.dumps(without_ids(notebook, minor)).encode() for minor in range(5))
    third = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {},
        "worksheets": [without_ids(notebook, 0)],
    }
    for cell in third["worksheets"][0]["cells"]:
        cell["input"] = cell.pop("source")
    yield json.dumps(third).encode()


def test_byte_order_marks_utf_16_and_older_formats_are_read(room, solution, trusted):
    for i, data in enumerate(encodings(solution)):
        folder = room(f"student{i}/{NAME}.ipynb", data)
    found = collect([folder], trusted)
    assert len(found) == 11
    assert all(s.readable and s.flags == [] and len(s.answers) == 6 for s in found)


@pytest.mark.parametrize("ending", [".ipynb.txt", ".ipynb.json", ".IPYNB"])
def test_a_browsers_own_ending_makes_no_other_file_of_a_notebook(
    room, solution, trusted, ending, tmp_path
):
    room(f"ann/{NAME}{ending}", solution)
    folder = room(f"bob_{NAME}{ending}", solution)
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as file:
        file.writestr(f"carl/{NAME}{ending}", nbformat.writes(solution))
    assert owners([folder, tmp_path / "class.zip"], trusted) == [
        ("ann", []),
        ("bob", []),
        ("carl", []),
    ]


def test_the_archive_of_one_student_is_named_as_a_file_would_be(tmp_path, solution, trusted):
    for name in (f"ann_{NAME}", "bob"):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as file:
            file.writestr(f"{NAME}.ipynb", nbformat.writes(solution))
    given = sorted(tmp_path.glob("*.zip"))
    assert owners(given, trusted) == [("ann", []), ("bob", [])]


@pytest.mark.parametrize("code", ["utf-8", "cp437"])
def test_a_name_in_an_archive_is_read_in_the_code_that_it_is_written_in(
    tmp_path, solution, trusted, code
):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:  # of ASCII names the archive does not say the code
        file.writestr(f"{'x' * len('Zoë'.encode(code))}/{NAME}.ipynb", nbformat.writes(solution))
    written = "Zoë".encode(code)
    data = archive.getvalue().replace(b"x" * len(written) + b"/", written + b"/")
    (tmp_path / "class.zip").write_bytes(data)
    assert owners([tmp_path / "class.zip"], trusted) == [("Zoë", [])]


def test_an_archive_that_tells_the_time_in_utc_is_believed_whatever_the_clock_here(
    tmp_path, solution, trusted
):
    info = zipfile.ZipInfo(f"ann/{NAME}.ipynb", (2026, 10, 5, 23, 58, 58))
    other, times = (0xCAFE, 2, 0), (0x5455, 5, 1, 1_790_000_000)
    info.extra = struct.pack("<HHH", *other) + struct.pack("<HHBl", *times)
    plain = zipfile.ZipInfo(f"bob/{NAME}.ipynb", (2026, 10, 5, 23, 58, 58))
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as file:
        for one in (info, plain):
            file.writestr(one, nbformat.writes(solution))
    here = datetime.datetime(2026, 10, 5, 23, 58, 58).timestamp()
    assert [s.handed_in for s in collect([tmp_path / "class.zip"], trusted)] == [
        1_790_000_000,
        here,
    ]


def test_the_cells_that_a_student_added_or_changed_are_kept_apart(room, solution, trusted):
    mine = copy.deepcopy(solution)
    mine.cells.insert(3, nbformat.v4.new_code_cell("K = 1"))
    setup = next(c for c in mine.cells if c.id == "setup")
    setup.source += "\nfrom math import exp"
    for i, data in enumerate([solution, json.dumps(without_ids(solution, 4)).encode(), mine]):
        folder = room(f"student{i}/{NAME}.ipynb", data)
    found = collect([folder], trusted)
    assert [s.own for s in found] == [[], [], ["K = 1", setup.source]]
    assert all(len(s.answers) == 6 for s in found)


def test_composed_and_decomposed_names_are_one_student(room, solution, trusted):
    for form in ("NFC", "NFD"):
        folder = room(f"{unicodedata.normalize(form, 'Zoë')}/{form}.ipynb", solution)
    found = collect([folder], trusted)
    assert {s.student for s in found} == {unicodedata.normalize("NFC", "Zoë")}
    assert [s.flags for s in found] == [[], ["several-submissions"]]


def test_a_roster_tells_who_handed_in_nothing_and_who_is_not_on_it(
    room, solution, tmp_path, capsys
):
    (tmp_path / "names.csv").write_text("\ufeffname,id\nann,1\nZoe Lee,2\ndan,3\n", "utf-8")
    folder = room(f"ann/{NAME}.ipynb", blank(solution))
    room(f"Zoe Lee_77_assignsubmission_file/{NAME}.ipynb", blank(solution))
    room(f"eve/{NAME}.ipynb", blank(solution))
    assert grade(folder, out=tmp_path / "out", more=["--roster", tmp_path / "names.csv"]) == 0
    found = {row["student"]: (row["status"], row["flags"]) for row in rows(tmp_path / "out")}
    assert found == {
        "ann": ("graded", ""),
        "Zoe Lee_77_assignsubmission_file": ("graded", ""),
        "eve": ("graded", "not-on-roster"),
        "dan": ("missing", "nothing-handed-in"),
    }
    assert "nothing handed in: dan" in capsys.readouterr().out


def test_a_label_of_a_moodle_folder_is_found_on_the_roster():
    assert owner.on_roster("Ann Lee_77_assignsubmission_file", ["Ann", "Ann Lee"]) == "Ann Lee"
    assert owner.on_roster("Anna", ["Ann"]) is None


# --- folders that want to break the run -----------------------------------------------------------


def test_deep_folders_pipes_and_floods_are_flagged_and_the_rest_is_graded(room, solution, trusted):
    folder = room(f"ann/{NAME}.ipynb", solution)
    (folder / "deep" / "/".join("d" * 30)).mkdir(parents=True)
    (folder / "pipe").mkdir()
    os.mkfifo(folder / "pipe" / "x.zip")
    os.mkfifo(folder / "pipe" / "y.ipynb")
    (folder / "flood").mkdir()
    for i in range(500):
        (folder / "flood" / f"{i}.ipynb").touch()
    (folder / "nothing").mkdir()
    found = owners([folder], trusted)
    flags = {student: [f for s, f in found if s == student][-1] for student, _ in found}
    assert flags == {
        "ann": [],
        "deep": ["too-deep"],
        "flood": ["too-many-files"],
        "nothing": ["no-notebook-found"],
        "pipe": ["no-regular-file"],
    }


# --- nothing is lost ------------------------------------------------------------------------------


def test_late_work_adds_rows_and_a_regrade_replaces_its_own(room, solution, tmp_path, capsys):
    out = tmp_path / "out"
    folder = room(f"ann/{NAME}.ipynb", blank(solution))
    assert grade(folder, out=out) == 0
    late = tmp_path / "late"
    (late / "bob").mkdir(parents=True)
    nbformat.write(solution, late / "bob" / f"{NAME}.ipynb")
    assert grade(late, out=out, more=["--missing"]) == 0
    assert "not in what was given now: ann" in capsys.readouterr().out
    assert [(r["student"], r["score"]) for r in rows(out)] == [("ann", "0"), ("bob", FULL)]
    room(f"ann/{NAME}.ipynb", solution)
    assert grade(folder, out=out) == 0
    assert [(r["student"], r["score"]) for r in rows(out)] == [("ann", FULL), ("bob", FULL)]
    (late / "ann").mkdir()
    nbformat.write(blank(solution), late / "ann" / f"{NAME}.ipynb")
    assert grade(late, out=out) == 0
    found = [(r["student"], r["score"], r["flags"]) for r in rows(out)]
    assert sorted(found) == [
        ("ann", "0", "several-submissions"),
        ("ann", FULL, "several-submissions"),
        ("bob", FULL, ""),
    ]


@pytest.mark.slow
@needs_bubblewrap
def test_two_graders_on_one_folder_lose_nothing(tmp_path, solution):
    out, graders = tmp_path / "out", []
    for number in range(2):
        for student in range(3):
            place = tmp_path / f"part{number}" / f"student{number}{student}"
            place.mkdir(parents=True)
            nbformat.write(blank(solution), place / f"{NAME}.ipynb")
        part = str(tmp_path / f"part{number}")
        line = [sys.executable, "-m", "grader", "grade", part, "--out", str(out)]
        line += ["--engine", "fast", "-j1", "--trust-anyway"]
        graders.append(subprocess.Popen(line, cwd=ROOT, stderr=subprocess.DEVNULL))
    assert [grader.wait(300) for grader in graders] == [0, 0]
    assert len(rows(out)) == 6
    assert len({json.loads(p.read_text())["seed_sha256"] for p in out.glob("results/*.json")}) == 1


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_nothing_beside_it(
    tmp_path, monkeypatch
):
    store = Store(tmp_path)
    store.save("grades.csv", "old")

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"No space left on device: '.*grades\.csv'"):
        store.save("grades.csv", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["grades.csv"]
    assert (tmp_path / "grades.csv").read_text() == "old"


def test_a_full_disk_ends_in_one_plain_line(room, solution, tmp_path, monkeypatch, capsys):
    folder = room(f"ann/{NAME}.ipynb", blank(solution))
    real = Store.save

    def full(self, name, *args, **options):
        if "feedback" in str(name):
            raise OSError(28, "No space left on device", str(name))
        return real(self, name, *args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Store, "save", full)
        assert grade(folder, out=tmp_path / "out") == 1
    assert "No space left on device; what is graded is kept" in capsys.readouterr().err
    assert rows(tmp_path / "out")[0]["status"] == "ungraded"
    assert grade(folder, out=tmp_path / "out") == 0
    assert rows(tmp_path / "out")[0]["score"] == "0"


def test_without_a_passed_selftest_it_refuses_with_3_and_a_skip_is_recorded(
    room, solution, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder, out = room(f"ann/{NAME}.ipynb", blank(solution)), tmp_path / "out"
    line = ["grade", str(folder), "--out", str(out), "--engine", "fast"]
    assert graded_here(line) == 3
    assert "python -m grader selftest" in capsys.readouterr().err
    assert not out.exists()
    assert graded_here([*line, "--trust-anyway"]) == 0
    assert json.loads((out / "results" / f"ann--{NAME}.json").read_text())["selftest"] == "skipped"


@pytest.mark.slow
@needs_bubblewrap
def test_nbval_leaves_no_file_behind_and_no_file_ever_holds_the_seed(
    room, solution, tmp_path, monkeypatch
):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    # What pytest and Python would pick up, were they let:
    (tmp_path / "temporary" / "conftest.py").write_text("raise SystemExit('picked up')")
    (tmp_path / "numpy.py").write_text("raise SystemExit('picked up')")
    folder = room(f"ann/{NAME}.ipynb", solution)
    line = [sys.executable, "-m", "grader", "grade", str(folder), "--out", str(tmp_path / "out")]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        [*line, "-j1", "--trust-anyway"], cwd=tmp_path, env=environment, timeout=300
    )
    assert done.returncode == 0
    assert rows(tmp_path / "out")[0]["score"] == FULL
    assert [path.name for path in (tmp_path / "temporary").iterdir()] == ["conftest.py"]


# --- what a teacher gets --------------------------------------------------------------------------

COURSE = """
title = "Autumn"
[weights]
relu = 2
[deadlines]
01_forward_pass = 2020-01-01T00:00:00Z
[late]
per_day = 0.25
days = 4
[hidden]
tasks = ["sigmoid"]
[messages]
relu = "See page 12."
"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory, solution):
    """A folder of results: two right ones, one with a wrong relu; one is a day late."""
    folder = tmp_path_factory.mktemp("graded")
    wrong = copy.deepcopy(solution)
    next(c for c in wrong.cells if c.id == "relu-answer").source = "def relu(z):\n    return abs(z)"
    for student, notebook in (
        ("Ann Lee_77_assignsubmission_file", solution),
        ("leebob_42_9", wrong),
    ):
        place = folder / "class" / student / f"{NAME}.ipynb"
        place.parent.mkdir(parents=True)
        nbformat.write(notebook, place)
        os.utime(
            place, (1577836800 + 100, 1577836800 + (100 if student.startswith("leebob") else -100))
        )
    (folder / "course.toml").write_text(COURSE)
    with contextlib.redirect_stderr(io.StringIO()):
        code = grade(
            folder / "class", out=folder / "out", more=["--course", folder / "course.toml"]
        )
    assert code == 0
    return folder / "out"


def test_weights_deadlines_hidden_tasks_and_own_words(graded):
    ann, bob = rows(graded)
    assert (ann["score"], ann["max"], ann["flags"]) == ("21", "21", "")
    assert (bob["max"], bob["flags"]) == ("21", "late")
    assert float(bob["score"]) < 0.75 * 21
    text = (graded / "feedback" / f"{'leebob_42_9'}--{NAME}.md").read_text("utf-8")
    assert "See page 12" in text
    assert "## sigmoid" not in text
    assert "Graded and shown later: 1 more" in text


@pytest.mark.parametrize(
    "text",
    ["[weights]\nno_task = 1", "[weights]\nrelu = -1", "[late]\nper_day = 2", "[typo]", "= 1",
     "[deadlines]\n01_forward_pass = 'soon'", "[hidden]\ntasks = ['x']"],
)  # fmt: skip
def test_a_wrong_course_file_says_what_is_wrong(tmp_path, text):
    (tmp_path / "course.toml").write_text(text)
    with pytest.raises(course.BadCourse, match=r"course\.toml: ."):
        course.read(tmp_path / "course.toml")


def test_the_report_names_mistakes_and_who_needs_help(graded):
    assert main(["report", str(graded)]) == 0
    page = (graded / "report.html").read_text("utf-8")
    for words in (
        "Points per task",
        "Most frequent mistakes",
        "Distribution",
        "relu",
        "leebob_42_9",
    ):
        assert words in page
    assert "<script" not in page
    with open(graded / "report.csv", encoding="utf-8", newline="") as file:
        points = {(r["student"], r["task"]): r["points"] for r in csv.DictReader(file)}
    assert points["Ann Lee_77_assignsubmission_file", "relu"] == "3"
    assert int(points["leebob_42_9", "relu"]) < 3


def test_the_exports_are_what_the_systems_read(graded, tmp_path):
    gradebook = tmp_path / "gradebook.csv"
    gradebook.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Essay (1)\n    Points Possible,,,,,10\n"
        '"Lee, Bob",42,b1,bob,S1,3\n"Ray, Eve",43,e1,eve,S1,4\n'
    )
    assert main(["export", "canvas", str(graded)]) == 2
    assert main(["export", "canvas", str(graded), "--gradebook", str(gradebook)]) == 0
    with open(graded / "export" / "canvas.csv", encoding="utf-8", newline="") as file:
        possible, bob, eve = csv.DictReader(file)
    assert (possible["Student"].strip(), possible[NAME]) == ("Points Possible", "21")
    assert (bob["ID"], bob["SIS Login ID"], bob[NAME]) == ("42", "bob", rows(graded)[1]["score"])
    assert eve[NAME] == ""

    assert main(["export", "moodle", str(graded)]) == 0
    with open(graded / "export" / f"moodle-{NAME}.csv", encoding="utf-8", newline="") as file:
        ann = next(csv.DictReader(file))
    assert (ann["Identifier"], ann["Full name"]) == ("Participant 77", "Ann Lee")
    assert (ann["Grade"], ann["Maximum Grade"]) == ("21", "21")

    assert main(["export", "gradescope", str(graded)]) == 0
    path = graded / "export" / "gradescope" / f"leebob_42_9--{NAME}" / "results.json"
    result = json.loads(path.read_text("utf-8"))
    assert set(result) >= {"score", "output", "visibility", "tests", "execution_time"}
    relu = next(test for test in result["tests"] if test["name"] == "relu")
    assert (relu["max_score"], relu["status"], relu["visibility"]) == (6, "failed", "visible")
    hidden = [test["name"] for test in result["tests"] if test["visibility"] == "after_published"]
    assert hidden == ["sigmoid"]


# --- the machine ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_nothing_is_imported_from_the_folder_in_which_the_command_is_typed(tmp_path):
    for name in ("ast", "json", "numpy", "tqdm", "yaml"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('picked up')")
    line = [sys.executable, "-m", "grader", "report", "nothing"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout.startswith("report: there are no results")


DEBIAN = "/usr/bin/python3"
BINDS = (
    "import sys; sys.path[:0] = sys.argv[1:];"
    "from grader.grading.proxy import Worker\nwith Worker('bwrap'): print('started')"
)


def same_python():
    if not os.path.exists(DEBIAN) or os.path.realpath(sys.executable) == os.path.realpath(DEBIAN):
        return False
    line = [DEBIAN, "-c", "import sys; print(*sys.version_info[:2])"]
    said = subprocess.run(line, capture_output=True, text=True).stdout.split()
    return said == [str(n) for n in sys.version_info[:2]]


@pytest.mark.slow
@needs_bubblewrap
@pytest.mark.skipif(
    not same_python(), reason="there is no other Python of this version in /usr/bin"
)
def test_the_sandbox_starts_with_the_systems_python_whatever_the_hash_seed():
    packages = next(p for p in sys.path if p.endswith("site-packages"))
    for seed in range(40):
        done = subprocess.run(
            [DEBIAN, "-c", BINDS, str(ROOT), packages],
            env={
                "PATH": os.environ["PATH"],
                "PYTHONHASHSEED": str(seed),
                "OPENBLAS_NUM_THREADS": "1",
            },
            capture_output=True,
            text=True,
        )
        assert done.stdout == "started\n", (seed, done.stderr[-500:])


@pytest.mark.slow
@needs_bubblewrap
def test_a_cluster_that_is_not_there_is_told_in_one_line(room, solution, tmp_path, capsys):
    pytest.importorskip("distributed")
    folder = room(f"ann/{NAME}.ipynb", blank(solution))
    line = ["grade", str(folder), "--out", str(tmp_path / "out")]
    line += ["--engine", "fast", "--trust-anyway"]
    assert main([*line, "--scheduler", "tcp://127.0.0.1:9"]) == 1
    said = capsys.readouterr().err.strip().splitlines()
    assert "there is no scheduler at tcp://127.0.0.1:9" in said[-1]
    assert main(line) == 0
