"""The folder of a run: ids that stay, results that are kept, a table made of them."""

import csv
import datetime
import io
import json
import stat
import sys

import pytest

from grader.grading import table
from grader.grading.course import Course
from grader.grading.store import Store, seed_of
from grader.grading.submission import Submission, unused

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the grade of record needs Linux")


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "out")


def submission(student, path=None, sha256="a", assignment="one"):
    return Submission(student, assignment, sha256=sha256, path=path or f"{student}.ipynb")


def result(name, status="graded", **more):
    about = {"id": name, "student": name, "assignment": "one", "status": status, "flags": []}
    return about | {"checks": [], "path": f"{name}.ipynb", "sha256": "a"} | more


# --- files ----------------------------------------------------------------------------------------


def test_a_file_is_saved_whole_with_its_folder_and_for_everybody_to_read(store):
    store.save("deep/one.txt", "Zoë\r\n")
    path = store.folder / "deep" / "one.txt"
    assert path.read_bytes() == "Zoë\r\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    store.save("deep/one.txt", "two", mode=0o600)
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("two", 0o600)
    assert [p.name for p in path.parent.iterdir()] == ["one.txt"]


def test_a_seed_is_drawn_once_and_only_its_owner_reads_it(store):
    seed = store.seed()
    assert len(seed) == 64
    assert store.seed() == seed
    assert stat.S_IMODE((store.folder / "seed").stat().st_mode) == 0o600
    assert Store(store.folder / "other").seed() != seed
    assert seed_of(b"seed") == bytes.fromhex(
        "19b25856e1c150ca834cffc8b59b23adbd0ec0389e58eb22b3b64768098d002b"
    )


# --- results --------------------------------------------------------------------------------------


def test_a_result_is_read_as_it_was_saved_in_letters_that_can_be_read(store):
    store.save_result(result("ann", reason="Zoë"))
    assert store.result("ann") == result("ann", reason="Zoë")
    text = (store.folder / "results" / "ann.json").read_text("utf-8")
    assert text.startswith('{\n "id": "ann",\n')
    assert text.endswith("}\n")
    assert "Zoë" in text


@pytest.mark.parametrize("data", ["", "{", "[]", "3", '{"id": "bob"}', "{}", "ÿ"])
def test_what_is_no_result_of_this_name_is_none(store, data):
    store.save_result(result("zoe"))
    (store.folder / "results" / "ann.json").write_text(data, "latin-1")
    assert store.result("ann") is None
    assert [r["id"] for r in store.results()] == ["zoe"]
    assert store.result("nobody") is None


def test_what_a_run_did_not_get_to_is_listed_as_ungraded(store):
    given = [submission("ann"), submission("bob")]
    store.assign(given)
    store.save_result(result("bob--one"))
    waiting = {r["id"]: r for r in store.results()}["ann--one"]
    assert waiting == {
        "id": "ann--one",
        "student": "ann",
        "assignment": "one",
        "path": "ann.ipynb",
        "sha256": "a",
        "score": None,
        "max": None,
        "flags": [],
        "checks": [],
        "status": "ungraded",
        "reason": "The run was interrupted before this notebook: the same command goes on.",
        "notebook_sha256": None,
    }
    assert len(store.results()) == 2


def test_only_the_very_same_thing_counts_as_graded_before(store):
    store.save_result(result("ann", engine="fast"))
    store.save_result(result("bob", status="ungraded", engine="fast"))
    assert store.finished("ann", {"engine": "fast", "sha256": "a"})["id"] == "ann"
    assert store.finished("ann", {"engine": "fast", "sha256": "b"}) is None
    assert store.finished("ann", {"engine": "nbval", "sha256": "a"}) is None
    assert store.finished("bob", {"engine": "fast"}) is None
    assert store.finished("cid", {"engine": None}) is None


# --- ids ------------------------------------------------------------------------------------------


def ids(store, *given):
    store.assign(list(given))
    return [s.id for s in given]


def test_a_submission_keeps_its_id_where_it_lay_or_as_the_same_file_elsewhere(store):
    assert ids(store, submission("ann"), submission("bob")) == ["ann--one", "bob--one"]
    changed = submission("ann", sha256="new")
    assert ids(store, changed) == ["ann--one"]
    moved = submission("ann", path="elsewhere.ipynb", sha256="new")
    assert ids(store, moved) == ["ann--one"]
    other = submission("ann", path="third.ipynb", sha256="third")
    assert ids(store, other) == ["ann--one-2"]
    assert ids(store, submission("ann", path="third.ipynb", sha256="third")) == ["ann--one-2"]


def test_two_copies_of_one_file_are_two_submissions(store):
    first, second = submission("ann", path="1"), submission("ann", path="2")
    assert ids(store, first, second) == ["ann--one", "ann--one-2"]
    # The first is gone, and the second lies where it lay: it does not take over the other's id.
    assert ids(store, submission("ann", path="2")) == ["ann--one-2"]
    assert ids(store, submission("ann", path="2"), submission("ann", path="1")) == [
        "ann--one-2",
        "ann--one",
    ]


def test_another_student_or_assignment_gets_another_id_whatever_the_file(store):
    assert ids(store, submission("ann", path="x")) == ["ann--one"]
    assert ids(store, submission("bob", path="x")) == ["bob--one"]
    assert ids(store, submission("ann", path="x", assignment="two")) == ["ann--two"]
    kept = json.loads((store.folder / "ids.json").read_text("utf-8"))
    assert sorted(kept) == ["ann--one", "ann--two", "bob--one"]
    assert kept["bob--one"] == {
        "student": "bob", "assignment": "one", "path": "x", "sha256": "a"
    }  # fmt: skip


@pytest.mark.parametrize("data", ["", "[]", "{", '{"ann": 3}', '{"ann": {"student": "ann"}}'])
def test_ids_that_cannot_be_read_are_made_anew(store, data):
    store.save("ids.json", data)
    assert ids(store, submission("ann")) == ["ann--one"]


def test_an_id_is_unused_whatever_capitals_are_worth():
    used = {"ann"}
    assert [unused("Ann", used) for _ in range(3)] == ["Ann-2", "Ann-3", "Ann-4"]
    assert unused("bob", used) == "bob"
    assert used == {"ann", "ann-2", "ann-3", "ann-4", "bob"}


# --- the table ------------------------------------------------------------------------------------


def rows(*results, **given):
    made = table.rows(list(results), **given)
    return list(csv.DictReader(io.StringIO(table.text(made), newline="")))


CHECKS = [{"task": "relu", "points": 2}, {"task": "sigmoid", "points": 3}]


def test_the_table_has_a_row_for_each_result_in_order():
    table_ = rows(
        result("zoe", checks=CHECKS, score=5, max=6),
        result("bob", assignment="two", checks=CHECKS, handed_in=5.0),
        result("ann", status="ungraded", assignment=None, flags=["no-notebook"], reason="Why."),
    )
    assert [row["student"] for row in table_] == ["ann", "zoe", "bob"]
    assert table_[0] == {
        "student": "ann", "assignment": "", "score": "", "max": "", "status": "ungraded",
        "flags": "no-notebook", "sha256": "a", "notebook_sha256": "", "path": "ann.ipynb",
        "reason": "Why.",
    }  # fmt: skip
    assert [(row["score"], row["max"]) for row in table_[1:]] == [("5", "6"), ("5", "6")]


def test_two_graded_notebooks_of_one_student_are_flagged_and_an_ungraded_one_is_none():
    def one(name, **more):
        return result(name, student="ann", checks=CHECKS, **more)

    both = rows(one("1"), one("2", flags=["several-submissions", "missing:x"]), one("3"))
    assert [row["flags"] for row in both] == [
        "several-submissions",
        "several-submissions missing:x",
        "several-submissions",
    ]
    assert [row["flags"] for row in rows(one("1"), one("2", status="ungraded"))] == ["", ""]
    assert [row["flags"] for row in rows(one("1"), one("2", assignment="two"))] == ["", ""]


def test_the_roster_tells_who_is_missing_and_who_is_not_on_it():
    found = rows(result("ann"), result("eve"), roster=["Ann", "Bob"])
    told = {row["student"]: (row["status"], row["flags"], row["reason"]) for row in found}
    assert told == {
        "ann": ("graded", "", ""),
        "eve": ("graded", "not-on-roster", ""),
        "Bob": ("missing", "nothing-handed-in", "Nothing was handed in."),
    }


def test_late_work_is_flagged_and_counted_by_the_courses_rules():
    due = datetime.datetime.fromtimestamp(1000, datetime.UTC)
    rules = Course(deadlines={"one": due}, per_day=0.5, weights={"relu": 2})
    late = result("ann", checks=CHECKS, handed_in=1001.0)
    early = result("bob", checks=CHECKS, handed_in=1000.0)
    found = rows(late, early, course=rules)
    assert [(r["score"], r["max"], r["flags"]) for r in found] == [
        ("3.5", "9", "late"),
        ("7", "9", ""),
    ]


def test_a_cell_is_one_line_and_no_formula():
    assert table.cell("two\nlines\x00") == "two lines "
    assert table.cell("  =1+1") == "'  =1+1"
    assert table.cell("1 = 1") == "1 = 1"
    assert table.cell(-1) == -1
    assert table.text([{"student": "a,b"}], ("student",)) == 'student\n"a,b"\n'
