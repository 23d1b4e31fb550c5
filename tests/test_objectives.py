"""Every objective of a page is met by a graded task or by a cell that checks or tries."""

import pytest

import grader
from book import objectives

PLACES = ["index", *grader.tasks()]
PLACES.remove("09_final_project")  # an exercise without a chapter
MET = objectives.met()


def wrong_rows(promised, rows, known):
    """What is wrong with the rows that should meet the promised objectives."""
    wrong = [f"no row: {objective}" for objective in promised[len(rows) :]]
    wrong += [f"no objective: {row}" for row in rows[len(promised) :]]
    wrong += [f"empty row: {promise}" for promise, row in zip(promised, rows) if not row]
    return wrong + [
        f"no such task or cell: {name}" for row in rows for name in row if name not in known
    ]


def test_the_front_page_and_every_chapter_have_rows():
    assert list(MET) == PLACES


@pytest.mark.parametrize("place", PLACES)
def test_each_objective_is_met_by_tasks_and_cells_that_exist(place):
    known = {*objectives.tasks(place), *objectives.sections(place)}
    assert len(objectives.promised(place)) >= 3
    assert wrong_rows(objectives.promised(place), MET[place], known) == []


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([["relu"], ["collapse"]], []),
        ([["relu"]], ["no row: see why"]),
        ([["relu"], []], ["empty row: see why"]),
        ([["relu"], ["gone"]], ["no such task or cell: gone"]),
        ([["relu"], ["collapse"], ["relu"]], ["no objective: ['relu']"]),
    ],
)
def test_an_objective_without_a_row_and_a_row_of_what_does_not_exist_are_refused(rows, wrong):
    assert wrong_rows(["bend", "see why"], rows, {"relu", "collapse"}) == wrong


def test_instructors_see_the_table_as_it_is():
    page = objectives.PAGE.read_text(encoding="utf-8")
    assert page == objectives.with_table(page), "python -m book.objectives writes it"
