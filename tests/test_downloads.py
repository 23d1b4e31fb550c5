"""What is downloaded from Canvas, Moodle and Gradescope keeps its owners; none is left out."""

import zipfile

import pytest
from archived import zipped

from grader.exercises import ROOT
from grader.grading import owner, systems
from grader.grading.assignment import assignments
from grader.grading.submission import collect

NAME, NEXT = "01_forward_pass", "02_chain_rule"
RIGHT = (ROOT / "solutions" / f"{NAME}.ipynb").read_text("utf-8")


@pytest.fixture(scope="module")
def trusted():
    return assignments()


@pytest.fixture(params=["archive", "folder"])
def collected(request, tmp_path, trusted):
    """A function that makes a download of files {name: text} and returns {student: flags}."""

    def collect_(files, name="download"):
        (tmp_path / f"{name}.zip").write_bytes(zipped(files))
        given = tmp_path / f"{name}.zip"
        if request.param == "folder":
            with zipfile.ZipFile(given) as archive:
                archive.extractall(given := tmp_path / name)
        found = {}
        for submission in collect([given], trusted):
            found.setdefault(submission.student, []).append(submission.flags)
        return found

    return collect_


def test_canvas_names_the_student_whatever_the_file_is_called(collected):
    files = {
        f"leeann_991_4412_{NAME}-1.ipynb": RIGHT,
        "obrien_d_LATE_992_4413_My homework (final).ipynb": RIGHT,
        "zed_993_4414_work.zip": zipped({f"leeann/{NAME}.ipynb": RIGHT}),
        f"anon_5bVzX_4415_{NAME}.ipynb": RIGHT,
        "ray_994_4416_answers.pdf": "%PDF",
        "two_995_4417_notes.txt": "see the notebook",
        f"two_995_4418_{NAME}.ipynb": RIGHT,
    }
    assert collected(files) == {
        "leeann_991_4412": [[]],
        "obrien_d_LATE_992_4413": [["late"]],
        "zed_993_4414": [[]],
        "anon_5bVzX_4415": [[]],
        "ray_994_4416": [["no-notebook-found"]],
        "two_995_4418": [[]],
    }


def test_moodle_names_the_student_in_a_folder_or_before_the_files_name(collected):
    files = {
        f"Ann Lee_77_assignsubmission_file/{NAME}.ipynb": RIGHT,
        "Ann Lee_77_assignsubmission_onlinetext/onlinetext.html": "<p>Done.</p>",
        "Bo Oh_78_assignsubmission_file_homework.ipynb": RIGHT,
        "Cy Ray_79_assignsubmission_file_work.zip": zipped({f"ann/{NAME}.ipynb": RIGHT}),
        "Di Fox_80_assignsubmission_file/answers.pdf": "%PDF",
        "Ed Fox_81_assignsubmission_file_answers.docx": "PK",
    }
    assert collected(files) == {
        "Ann Lee_77_assignsubmission_file": [[]],
        "Bo Oh_78_assignsubmission_file": [[]],
        "Cy Ray_79_assignsubmission_file": [[]],
        "Di Fox_80_assignsubmission_file": [["no-notebook-found"]],
        "Ed Fox_81_assignsubmission_file": [["no-notebook-found"]],
    }


METADATA = """---
submission_11:
  :submitters:
  - :name: Ann Lee
    :sid: '123'
submission_12:
  :submitters:
  - :name: Bo Oh
  - :name: Cy Ray
submission_13:
  :submitters:
  - :name: Di Fox
"""


@pytest.mark.parametrize("wrapper", ["assignment_9100_export/", ""])
def test_gradescopes_own_list_names_the_students(collected, wrapper):
    files = {
        f"{wrapper}submission_metadata.yml": METADATA,
        f"{wrapper}submission_11/{NAME}.ipynb": RIGHT,
        f"{wrapper}submission_12/Ann Lee/{NAME}.ipynb": RIGHT,
        f"{wrapper}submission_12/submission_metadata.yml": METADATA.replace("Bo", "Ann"),
        f"{wrapper}submission_13/answers.py": "",
    }
    assert collected(files) == {
        "Ann Lee_submission_11": [[]],
        "Bo Oh and Cy Ray_submission_12": [[]],
        "Di Fox_submission_13": [["no-notebook-found"]],
    }


@pytest.mark.parametrize(
    "text", ["", "7", "[", "a: 1", "submission_11: {':submitters': [{}]}", "!!python/x"]
)
def test_a_list_that_is_broken_names_nobody_and_costs_nobody(collected, text):
    files = {"submission_metadata.yml": text, f"submission_11/{NAME}.ipynb": RIGHT}
    assert collected(files) == {"submission_11": [[]]}


def test_a_folder_without_a_notebook_is_told_with_its_whole_name(collected):
    files = {
        f"{NAME}.ipynb": RIGHT,
        "ann.lee@x.edu/answers.py": "",
        f"bob.ray@x.edu/{NAME}.ipynb": RIGHT,
        "cy/work.zip": zipped({"answers.pdf": "%PDF"}),
    }
    found = collected(files, "class")
    assert found["ann.lee@x.edu"] == found["cy"] == [["no-notebook-found"]]
    assert found["bob.ray@x.edu"] == [[]]


def test_what_lies_beside_the_notebook_of_one_student_is_nobody(collected):
    files = {f"{NAME}.ipynb": RIGHT, "pictures/a.png": "", "data/x.csv": "", "notes.pdf": "%PDF"}
    assert collected(files, "ann") == {"ann": [[]]}


@pytest.mark.parametrize(
    ("stem", "student"),
    [
        ("ann_8812_01_forward_pass", None),
        ("report_2026_11_28", None),
        ("leeann_991_4412_x", "leeann_991_4412"),
        ("LATE_anon_5bVzX_4412_x", "LATE_anon_5bVzX_4412"),
        ("Ann Lee_77_assignsubmission_file_x", "Ann Lee_77_assignsubmission_file"),
    ],
)
def test_only_what_a_system_writes_is_taken_for_it(stem, student):
    assert systems.student_of(stem) == student


# --- rosters --------------------------------------------------------------------------------------

NAMES = ["Ann Lee", "Zoë Ray"]
ROSTERS = {
    "names alone": "Ann Lee\nZoë Ray\n",
    "a heading": "Name,Email\nAnn Lee,a@x\nZoë Ray,z@x\n",
    "another heading": "Student,ID\n    Points Possible,\nAnn Lee,1\nZoë Ray,2\n",
    "first and last name": "First name,Last name,Email address\nAnn,Lee,a@x\nZoë,Ray,z@x\n",
    "semicolons": "Name;Email\nAnn Lee;a@x\nZoë Ray;z@x\n",
    "quotes and empty lines": '"Ann Lee"\r\n\r\n"Zoë Ray"\r\n',
}


@pytest.mark.parametrize("text", ROSTERS.values(), ids=ROSTERS.keys())
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_roster_is_read_as_spreadsheets_and_systems_save_it(tmp_path, text, code):
    (tmp_path / "names.csv").write_bytes(text.encode(code))
    assert owner.roster(tmp_path / "names.csv") == NAMES


@pytest.mark.parametrize(
    ("student", "name"),
    [
        ("Ann Lee", "Ann Lee"),
        ("ann lee", "Ann Lee"),
        ("Ann Lee_77_assignsubmission_file", "Ann Lee"),
        ("Tuesday-Ann Lee_77_assignsubmission_file", "Ann Lee"),
        ("Ann Leeds_77_assignsubmission_file", None),
        ("Ann Lee Ray_77_assignsubmission_file", None),
        ("leeann_991_4412", "Ann Lee"),
        ("leeann_LATE_991_4412", "Ann Lee"),
        ("rayzoë_992_4413", "Ray, Zoë"),
        ("leeanna_993_4414", None),
        ("Ann Lee_submission_11", "Ann Lee"),
    ],
)
def test_a_label_is_found_on_the_roster_and_a_longer_name_is_another(student, name):
    assert owner.on_roster(student, ["Ann Lee", "Ray, Zoë"]) == name


def test_two_exercises_in_one_download_are_one_students_each(collected):
    other = (ROOT / "solutions" / f"{NEXT}.ipynb").read_text("utf-8")
    files = {f"ann/{NAME}.ipynb": RIGHT, f"ann/{NEXT}.ipynb": other}
    assert collected(files) == {"ann": [[], []]}


def test_an_id_is_a_tame_file_name_that_only_this_student_and_exercise_have():
    assert owner.file_id("ann", NAME) == f"ann--{NAME}"
    assert owner.file_id("ann", None) == "ann"
    assert owner.file_id("Ann", NAME) != owner.file_id("ann", NAME)
    assert owner.file_id("Ann", NAME).startswith(f"Ann--{NAME}-")
    assert len(owner.file_id("Ann", NAME).rpartition("-")[2]) == 8
    assert owner.file_id("a/b", None).startswith("a_b-")
    assert owner.file_id("a/b", None) != owner.file_id("a_b", None) == "a_b"
    assert owner.file_id("..-", None).startswith("submission-")
    assert len(owner.file_id("x" * 500, None)) == 109


@pytest.mark.parametrize(
    ("file", "adds", "named"),
    [
        ("ann_one.ipynb", "ann", "one"),
        ("one_two.ipynb", "", "one_two"),
        ("ann one_two (3).ipynb", "ann", "one_two"),
        ("one-Copy2_ann.ipynb", "ann", "one"),
        ("ann (2).ipynb", "ann (2)", None),
        ("ann one (1) (2).ipynb", "ann", "one"),
        ("work.ipynb.txt", "work", None),
    ],
)
def test_a_file_is_named_after_the_longest_exercise_in_its_name(file, adds, named):
    names = ["one", "one_two"]
    assert owner.added(file, names) == adds
    assert owner.named(file, names) == named


def test_a_name_is_compared_composed_printable_and_of_bearable_length():
    assert owner.label(" Zoe\u0308\x07 ") == "Zo\u00eb_"
    assert owner.label("\ud800") == "?"
    assert owner.label("  ") == "unknown"
    assert len(owner.label("x" * 500)) == 120
