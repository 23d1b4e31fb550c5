"""A report on a class: what it counts, by hand, on results that are made up."""

import csv

import pytest
from bs4 import BeautifulSoup

from grader.grading import report
from grader.grading.store import Store

TASKS = ("relu", "sigmoid")
COURSE = """
title = "A <class>"
[late]
per_day = 0.5
days = 2
[deadlines]
one = 2026-01-10T00:00:00Z
"""
DUE = 1_768_003_200.0  # 2026-01-10 in seconds


def check(task, points, mistakes=(), seconds=0.5):
    said = "" if points == 3 else f"✗ {task} {points}/3\n  Mistake: {mistakes[0]} it is.\n  Next: …"
    made = {"task": task, "points": points, "max": 3, "mistakes": list(mistakes)}
    return made | {"seconds": seconds, "message": said}


def handed_in(student, *checks, assignment="one", status="graded", at=DUE - 1, **more):
    made = {"id": f"{student}-{assignment}-{at:.0f}", "student": student, "assignment": assignment}
    made |= {
        "status": status,
        "flags": [],
        "handed_in": at,
        "checks": list(checks),
        "path": student,
    }
    return made | {"sha256": "", "notebook_sha256": ""} | more


RESULTS = [
    handed_in("ann", check("relu", 3), check("sigmoid", 3)),
    handed_in("ann", check("relu", 0, ["not-answered"]), check("sigmoid", 3), at=DUE - 9),
    handed_in("bob", check("relu", 0, ["no-cut"]), check("sigmoid", 2, ["unstable"], 2.0)),
    handed_in("cid", check("relu", 3), check("sigmoid", 0, ["no-answer"])),
    handed_in("dan", check("relu", 0, ["no-cut"]), check("sigmoid", 1, ["x=y <b>"])),
    handed_in("eve", check("relu", 3), check("sigmoid", 3), at=DUE + 3600),
    handed_in("ann", check("softmax", 0, ["no-cut"]), assignment="two"),
    handed_in("=fay", assignment=None, status="unreadable", reason="It is <no> notebook."),
]


@pytest.fixture
def told(tmp_path, capsys):
    """The report's page, its headings' tables, its CSV, and what was printed."""
    store = Store(tmp_path)
    for result in RESULTS:
        store.save_result(result)
    store.save("course.toml", COURSE)
    store.save("roster.csv", "ann\nbob\ncid\ndan\neve\n=fay\ngil\n")
    assert report.execute(tmp_path) == 0
    page = BeautifulSoup((tmp_path / "report.html").read_text("utf-8"), "html.parser")
    with open(tmp_path / "report.csv", newline="", encoding="utf-8") as file:
        return page, list(csv.DictReader(file)), capsys.readouterr().out, tmp_path


def tables(page, assignment):
    """Return {heading: rows of cells} of what stands below the heading of an assignment."""
    found = {}
    for heading in page.find_all("h3"):
        above = heading.find_previous("h2")
        if above.get_text() == assignment:
            rows = heading.find_next("table").find_all("tr")
            cells = [[c.get_text() for c in row.find_all(["th", "td"])] for row in rows]
            found[heading.get_text()] = cells
    return found


def test_where_nothing_was_graded_it_says_so(tmp_path, capsys):
    assert report.execute(tmp_path) == 2
    out = capsys.readouterr().out
    assert out == f"report: there are no results in {tmp_path}: grade into it first\n"


def test_it_names_what_it_wrote_and_the_course(told):
    page, _, out, folder = told
    assert out == f"written: {folder / 'report.html'}, {folder / 'report.csv'}\n"
    assert page.title.get_text() == "A <class>"
    assert [h.get_text() for h in page.find_all("h2")] == ["one", "two"]


def test_the_last_of_several_submissions_counts_and_the_middle_is_told(told):
    one, two = [p.get_text() for p in told[0].find_all("p") if "graded." in p.get_text()]
    # ann 6, bob 2, cid 3, dan 1, eve 3 of 6: a day late is half
    assert one == "5 graded. Median 3 of 6, mean 3.0. Grading took 6 s, 1.3 s each."
    assert two == "1 graded. Median 0 of 3, mean 0.0. Grading took 0 s, 0.5 s each."


def test_shares_of_the_points_are_drawn_as_bars(told):
    head, *rows = tables(told[0], "one")["Distribution"]
    assert head == ["share of the points", "students", ""]
    assert [row[0] for row in rows[:2]] == ["0–10 %", "10–20 %"]
    assert [int(row[1]) for row in rows] == [0, 1, 0, 1, 0, 2, 0, 0, 0, 1]
    assert [len(row[2]) for row in rows] == [0, 15, 0, 15, 0, 30, 0, 0, 0, 15]


def test_each_task_has_its_mean_its_extremes_and_its_seconds(told):
    assert tables(told[0], "one")["Points per task"] == [
        ["task", "mean of 3", "all points", "no points", "not answered", "seconds"],
        ["relu", "1.80", "3", "2", "0", "0.5"],
        ["sigmoid", "1.80", "2", "1", "1", "0.8"],
    ]


def test_mistakes_are_told_by_how_many_share_them_in_words_with_an_example(told):
    head, first, *others = tables(told[0], "one")["Most frequent mistakes"]
    assert head == ["task", "mistake", "students", "in words", "example"]
    assert first == ["relu", "no cut", "2", "no-cut it is.", "bob"]
    assert sorted(others) == [
        ["sigmoid", "unstable", "1", "unstable it is.", "bob"],
        ["sigmoid", "x=y <b>", "1", "x=y <b> it is.", "dan"],
    ]


def test_who_has_less_than_half_the_points_needs_help(told):
    assert tables(told[0], "one")["Who needs help"] == [
        ["student", "points", "nothing yet in"],
        ["bob", "2 of 6", "relu"],
        ["dan", "1 of 6", "relu"],
    ]
    assert tables(told[0], "two")["Who needs help"][1:] == [["ann", "0 of 3", "softmax"]]


def test_what_was_not_graded_is_listed_with_its_reason(told):
    head, *rows = tables(told[0], "two")["Not graded"]
    assert head == ["student", "file", "flags", "why"]
    assert ["=fay", "=fay", "", "It is <no> notebook."] in rows
    [missing] = [row for row in rows if row[0] == "gil"]
    assert missing[1:3] == ["", "nothing-handed-in"]
    assert missing[3]
    assert len(rows) == 2


def test_numbers_are_marked_as_such_for_the_page(told):
    row = told[0].find("td", string="relu").parent
    assert [cell.get("class") for cell in row.find_all("td")][2:5] == [["number"]] * 3


def test_every_check_of_every_submission_is_a_row_of_the_csv(told):
    rows = told[1]
    assert len(rows) == sum(len(result["checks"]) for result in RESULTS)
    [row] = [r for r in rows if (r["student"], r["task"]) == ("bob", "sigmoid")]
    assert row == {
        "student": "bob", "assignment": "one", "task": "sigmoid", "points": "2", "max": "3",
        "mistakes": "unstable", "seconds": "2.0", "path": "bob",
    }  # fmt: skip
