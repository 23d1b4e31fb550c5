"""The exports hold what Canvas, Moodle and Gradescope read, as their own importers read it."""

import csv
import datetime
import io
import json

import pytest

from grader.grading import course, exports

NAME = "01_forward_pass"


def result(student, relu=3, sigmoid=3):
    checks = [
        {"task": task, "points": points, "mistakes": [] if points == 3 else ["wrong-values"],
         "message": f"{task} {points}/3", "seconds": 0.6}
        for task, points in (("relu", relu), ("sigmoid", sigmoid))
    ]  # fmt: skip
    return {
        "id": f"{student}--{NAME}", "student": student, "assignment": NAME, "status": "graded",
        "sha256": "00", "handed_in": 0.0, "graded_at": "2026-10-06T08:00:00+00:00",
        "checks": checks,
    }  # fmt: skip


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


# --- Canvas ---------------------------------------------------------------------------------------

HEAD = "Student,ID,SIS User ID,SIS Login ID,Section"


@pytest.fixture
def canvas(tmp_path):
    """A function that fills in a gradebook: {name: (heading of our column, grade)}."""

    def fill(lines, results, code="utf-8"):
        path = tmp_path / "gradebook.csv"
        path.write_bytes("\n".join(lines).encode(code))
        text = exports.canvas(results, course.Course(), path)["canvas.csv"]
        possible, *students = rows(text)
        assert possible["Student"].strip() == "Points Possible"
        assert text.startswith(f"{HEAD},")  # the importer finds its columns by their place
        column = [name for name in possible if name.startswith(NAME)]
        assert [possible[name] for name in column] == ["6"]
        return {student["Student"]: (column[0], student[column[0]]) for student in students}

    return fill


def test_canvas_finds_its_students_by_number_name_and_login(canvas):
    lines = [
        f"{HEAD},Essay (17)",
        '"Lee, Ann",991,s1,ann@x,S1,9', '"Ray, Bo",992,s2,bo@x,S1,8', '"Oh, Cy",993,s3,cy@x,S1,7',
        '"Fox, Di",994,s4,di@x,S1,', '"Student, Test",995,,t,S1,',
    ]  # fmt: skip
    graded = [result("leeann_991_4412", relu=0), result("Bo Ray"), result("cy@x", relu=1)]
    assert canvas(lines, graded) == {
        "Lee, Ann": (NAME, "3"), "Ray, Bo": (NAME, "6"), "Oh, Cy": (NAME, "4"),
        "Fox, Di": (NAME, ""), "Student, Test": (NAME, ""),
    }  # fmt: skip


def test_canvas_keeps_its_own_column_and_no_grade_in_it_is_deleted(canvas):
    lines = [
        f"{HEAD},{NAME} (1234)",
        "    Points Possible,,,,,6",
        '"Lee, Ann",991,,,S1,',
        '"Ray, Bo",992,,,S1,5',
    ]
    found = canvas(lines, [result("leeann_991_4412", relu=0)])
    assert found == {"Lee, Ann": (f"{NAME} (1234)", "3"), "Ray, Bo": (f"{NAME} (1234)", "5")}


@pytest.mark.parametrize("code", ["utf-8-sig", "utf-16", "cp1252"])
def test_canvas_may_export_with_semicolons_and_in_any_code(canvas, code):
    lines = [f"{HEAD};Essay (17)".replace(",", ";"), "Müller, Ann;991;;;S1;9,5"]
    assert canvas(lines, [result("müllerann_991_4412")], code) == {"Müller, Ann": (NAME, "6")}


def test_of_two_uploads_to_canvas_the_later_one_counts(canvas):
    graded = [result("leeann_991_10001"), result("leeann_LATE_991_9999", relu=0)]
    assert canvas([f"{HEAD},Essay (17)", '"Lee, Ann",991,,,S1,9'], graded) == {
        "Lee, Ann": (NAME, "6")
    }


@pytest.mark.parametrize("text", ["", "a,b\n1,2", "\0"])
def test_what_is_no_gradebook_is_refused_in_a_sentence(tmp_path, text):
    (tmp_path / "gradebook.csv").write_text(text)
    with pytest.raises(exports.Unusable, match=r"gradebook\.csv"):
        exports.canvas([result("ann")], course.Course(), tmp_path / "gradebook.csv")


# --- Moodle ---------------------------------------------------------------------------------------


def test_moodle_gets_the_three_columns_without_which_it_refuses_a_worksheet(capsys):
    graded = [
        result("Ann Lee_77_assignsubmission_file", relu=1),
        result("Participant_78_assignsubmission_file_"),
    ]
    ann, participant = rows(exports.moodle(graded, course.Course(), None)[f"moodle-{NAME}.csv"])
    assert (ann["Identifier"], ann["Full name"], ann["Grade"]) == ("Participant 77", "Ann Lee", "4")
    assert (participant["Identifier"], participant["Grade"]) == ("Participant 78", "6")
    assert datetime.datetime.fromisoformat(ann["Last modified (grade)"]).tzinfo
    assert ann["Feedback comments"] == "relu 1/3: wrong-values; sigmoid 3/3"
    assert capsys.readouterr().out == ""


def test_who_does_not_come_from_moodle_is_told_to_the_teacher(capsys):
    exports.moodle([result("eve")], course.Course(), None)
    assert "eve does not come from Moodle" in capsys.readouterr().out


# --- Gradescope -----------------------------------------------------------------------------------

# https://gradescope-autograders.readthedocs.io/en/latest/specs/, "Output format"
OF_A_RUN = {
    "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format",
    "visibility", "stdout_visibility", "extra_data", "tests", "leaderboard",
}  # fmt: skip
OF_A_TEST = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format",
    "tags", "visibility", "extra_data",
}  # fmt: skip
VISIBILITY = {"hidden", "after_due_date", "after_published", "visible"}


def test_gradescope_gets_its_own_names_and_sees_hidden_tasks_later():
    rules = course.Course(weights={"relu": 2}, hidden=("sigmoid",))
    files = exports.gradescope([result("ann", relu=1)], rules, None)
    assert list(files) == [f"gradescope/ann--{NAME}/results.json"]
    about = json.loads(files[f"gradescope/ann--{NAME}/results.json"])
    assert set(about) <= OF_A_RUN
    assert {about["visibility"], about["stdout_visibility"]} <= VISIBILITY
    assert (about["score"], about["execution_time"], type(about["execution_time"])) == (5, 1, int)
    assert about["output"] == "2 of 6 points."  # nothing of what is hidden
    for test in about["tests"]:
        assert set(test) <= OF_A_TEST
        assert test["visibility"] in VISIBILITY
        assert test["status"] in ("passed", "failed")
        assert 0 <= test["score"] <= test["max_score"]
    shown = {
        test["name"]: (test["score"], test["max_score"], test["visibility"])
        for test in about["tests"]
    }
    assert shown == {"relu": (2, 6, "visible"), "sigmoid": (3, 3, "after_published")}
