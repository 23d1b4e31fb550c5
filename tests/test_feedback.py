"""What a student reads of a result, and what a course's own rules make of its points, by hand."""

import datetime
import math

import pytest
from bs4 import BeautifulSoup

from grader.grading import course, feedback
from grader.grading.course import BadCourse, Course
from grader.grading.flags import FLAGS, words

DUE = datetime.datetime(2026, 1, 10, tzinfo=datetime.UTC)
HOUR, DAY = 3600.0, 86_400.0


def check(task, points, *mistakes, message="It is *wrong*."):
    return {"task": task, "points": points, "mistakes": list(mistakes), "message": message}


def result(*checks, late=-HOUR, **more):
    about = {"student": "ann_lee", "assignment": "one", "status": "graded", "flags": []}
    about |= {"reason": None, "handed_in": DUE.timestamp() + late, "checks": list(checks)}
    return about | more


RULES = Course(
    weights={"relu": 2.0, "tanh": 0},
    deadlines={"one": DUE},
    per_day=0.25,
    days=3,
    hidden=("sigmoid",),
    messages={"relu": "See page 12.", "no-cut": "Think of *both* signs.", "fine": "Well done."},
)


# --- the rules of a course ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("late", "days"),
    [(-DAY, 0), (0, 0), (0.001, 1), (HOUR, 1), (DAY, 1), (DAY + 1, 2), (3 * DAY, 3)],
)
def test_a_day_that_has_begun_is_a_day_late(late, days):
    assert RULES.days_late("one", DUE.timestamp() + late) == days
    assert RULES.days_late("two", DUE.timestamp() + late) == 0
    assert Course().days_late("one", DUE.timestamp() + late) == 0


def test_of_what_tells_no_time_no_day_is_counted():
    assert RULES.days_late("one", 0.0) == RULES.days_late("one", None) == 0


def test_points_are_weighted_and_late_days_taken_off():
    checks = check("relu", 2), check("sigmoid", 3), check("tanh", 3)
    assert RULES.score(result(*checks)) == (7, 9)
    assert RULES.score(result(*checks, late=HOUR)) == (5.25, 9)
    assert RULES.score(result(*checks, late=3 * DAY)) == (1.75, 9)
    assert RULES.score(result(*checks, late=3 * DAY + 1)) == (0, 9)  # beyond the last day
    assert RULES.score(result(*checks), shown_only=True) == (4, 6)
    assert Course().score(result(*checks, late=99 * DAY)) == (8, 9)
    assert Course(per_day=0.5, deadlines={"one": DUE}).score(result(*checks, late=9 * DAY))[0] == 0


def test_points_have_two_decimals_and_none_where_they_are_zero():
    points, of = Course(weights={"relu": 1 / 3}).score(result(check("relu", 2)))
    assert (points, of) == (0.67, 1)
    assert [type(n) for n in (points, of)] == [float, int]


def test_an_instructors_words_stand_with_what_is_not_right():
    assert RULES.remarks(check("relu", 2, "no-cut", "other")) == [
        "See page 12.",
        "Think of *both* signs.",
    ]
    assert RULES.remarks(check("relu", 3)) == []
    assert RULES.remarks(check("tanh", 0, "other")) == []


def read(tmp_path, text):
    (tmp_path / "course.toml").write_text(text, "utf-8")
    return course.read(tmp_path / "course.toml")


def test_a_course_file_is_read_as_it_is_written(tmp_path):
    rules = read(
        tmp_path,
        'title = "A & B"\n[weights]\nrelu = 0\nsigmoid = 2.5\n[late]\nper_day = 1\ndays = 0\n'
        "[deadlines]\n01_forward_pass = 2026-01-10T00:00:00Z\n"
        '[hidden]\ntasks = ["relu"]\n[messages]\nrelu = "Page 12."\n7 = "seven"',
    )
    assert rules == Course(
        "A & B",
        {"relu": 0, "sigmoid": 2.5},
        {"01_forward_pass": DUE},
        1,
        0,
        ("relu",),
        {"relu": "Page 12.", "7": "seven"},
    )


def test_of_an_empty_course_file_nothing_is_late_hidden_or_weighted(tmp_path):
    assert read(tmp_path, "") == Course()
    assert Course() == Course("Grades", {}, {}, 0.0, math.inf, (), {})
    assert read(tmp_path, "[late]\nper_day = 0.5").days == math.inf
    assert read(tmp_path, "[late]\ndays = 2").per_day == 0
    assert read(tmp_path, "[late]\ndays = inf").days == math.inf


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[typo]", "there is no section 'typo'; there are deadlines, hidden, late, messages, "),
        ("[weights]\nrleu = 1", "there is no task 'rleu'"),
        ("[hidden]\ntasks = ['rleu']", "there is no task 'rleu'"),
        ("[weights]\nrelu = -0.1", "a weight is a number from 0 on"),
        ("[weights]\nrelu = true", "a weight is a number from 0 on"),
        ("[weights]\nrelu = inf", "a weight is a number from 0 on"),
        ("[weights]\nrelu = 'two'", "a weight is a number from 0 on"),
        ("[late]\nper_day = -0.1", "per_day is a share from 0 to 1"),
        ("[late]\nper_day = 1.1", "per_day is a share from 0 to 1"),
        ("[late]\ndays = -1", "days a number from 0 on"),
        ("[late]\ndays = 'two'", "days a number from 0 on"),
        (
            "[deadlines]\none = 2026-01-10",
            "the deadline of one is no date and time like 2026-10-05",
        ),
        ("= 1", "Invalid"),
    ],
)
def test_what_cannot_be_used_in_a_course_file_is_named(tmp_path, text, said):
    with pytest.raises(BadCourse) as refused:
        read(tmp_path, text)
    assert str(refused.value).startswith(f"{tmp_path / 'course.toml'}: ")
    assert said in str(refused.value)


def test_a_course_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BadCourse, match="No such file"):
        course.read(tmp_path / "course.toml")


# --- feedback -------------------------------------------------------------------------------------

GRADED = result(
    check("relu", 1, "no-cut", message="✗ relu 1/3\n  A `fence`:\n```\n  A hint: check(relu)\n"),
    check("sigmoid", 0),
    check("tanh", 3, message="✓ tanh 3/3"),
    late=HOUR,
    flags=["late", "missing:softmax"],
)


def test_the_whole_feedback_as_markdown():
    assert feedback.markdown(GRADED, RULES).split("\n") == [
        "# one: ann\\_lee",
        "",
        "1.5 of 6 points. Days late: 1. Graded and shown later: 1 more.",
        "",
        "- It was handed in after the deadline.",
        "- The answer cell of softmax is not in your notebook: its id is gone. Copy your answer "
        "into the cell of a fresh exercise notebook.",
        "",
        "## relu: 1 of 3",
        "",
        "````text",
        "✗ relu 1/3",
        "  A `fence`:",
        "```",
        "````",
        "",
        "See page 12.",
        "Think of \\*both\\* signs.",
        "",
        "## tanh: 3 of 3",
        "",
        "```text",
        "✓ tanh 3/3",
        "```",
        "",
    ]


def test_the_feedback_as_a_page_says_the_same_and_runs_nothing():
    mine = GRADED | {"student": "<b>ann</b>"}
    mine["checks"] = [check("relu", 2, "no-cut", message="<script>x</script>\a")]
    text = feedback.page(mine, RULES)
    page = BeautifulSoup(text, "html.parser")
    assert page.title.text == page.h1.text == "one: <b>ann</b>"
    assert [p.text for p in page.find_all("p")] == [
        "3 of 6 points. Days late: 1.",
        *map(words, GRADED["flags"]),
        "See page 12.",
        "Think of *both* signs.",
    ]
    assert [h.text for h in page.find_all("h2")] == ["relu: 2 of 3"]
    assert page.pre.text == "<script>x</script> "
    assert not page.find_all(["script", "b"])
    policy = page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_what_was_not_graded_says_that_it_is_no_score_and_why():
    nothing = result(status="ungraded", assignment=None, reason="It *died*.")
    assert feedback.markdown(nothing, Course()) == (
        "# Not graded: ann\\_lee\n\nThis notebook could not be graded; that is no score.\n\n"
        "- It \\*died\\*.\n"
    )
    flagged = nothing | {"flags": ["too-large"]}
    assert "died" not in feedback.markdown(flagged, Course())
    assert FLAGS["too-large"] in feedback.page(flagged, Course())
    assert "- " not in feedback.markdown(nothing | {"reason": None}, Course())
    assert "- " not in feedback.markdown(result(reason="kept"), Course())


def test_in_time_and_with_nothing_hidden_only_the_points_are_told():
    plain = result(check("relu", 3), assignment="two")
    assert feedback.markdown(plain, Course()).split("\n")[2] == "3 of 3 points."


def test_a_flag_is_told_in_words_even_if_nobody_wrote_any():
    assert words("duplicate:relu").startswith("Two cells claim to be the answer to relu and differ")
    assert words("new:thing") == "The file is flagged: new."
