"""What learning management systems write into the downloads of a class.

canvas      leeann_LATE_991_4412_work.ipynb: name, user, upload, and what the student's file was
            called (lib/content_zipper.rb in github.com/instructure/canvas-lms)
moodle      "Ann Lee_77_assignsubmission_file", a folder or the beginning of a file's name; 77 is
            "Participant 77" of the grading worksheet (mod/assign in github.com/moodle/moodle)
gradescope  assignment_9100_export/submission_11; submission_metadata.yml beside it says who that is
"""

import functools
import re

import yaml

CANVAS_USER = r"(?P<name>\w+?)_(?:LATE_)?(?P<user>\d+|(?<=anon_)[^\W_]+)"
CANVAS = re.compile(rf"{CANVAS_USER}_(?P<upload>\d+)")
# Of three digits at least: ann_8812_01_forward_pass and report_2026_11_28 are not from Canvas.
CANVAS_FILE = re.compile(rf"(?P<label>{CANVAS_USER}_\d{{3,}})_.+")
MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?")
MOODLE_FILE = re.compile(r"(?P<label>.+_\d+_assignsubmission_(?:file|onlinetext))_.+")
GRADESCOPE = re.compile(r"assignment_\d+_export")
METADATA = "submission_metadata.yml"


def student_of(stem):
    """Return the label that a system put before a file's own name, None if there is none."""
    found = MOODLE_FILE.fullmatch(stem) or CANVAS_FILE.fullmatch(stem)
    return found["label"] if found else None


def person(student):
    """Return what is the same in all labels of one student in one download."""
    found = MOODLE.fullmatch(student)
    if found:
        return found["name"], found["number"]
    found = CANVAS.fullmatch(student)
    return (found["name"], found["user"]) if found else student


def is_late(student):
    """Tell whether Canvas has marked a submission as late."""
    return bool(CANVAS.fullmatch(student)) and "LATE" in student.split("_")


def is_wrapper(name):
    """Tell whether a folder is the one that Gradescope wraps a class in."""
    return bool(GRADESCOPE.fullmatch(name))


def submitters(data):
    """Return {folder: student} of Gradescope's metadata, nothing where it is none."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        about = yaml.load(data, Loader=loader)
        names = {
            folder: " and ".join(str(one[":name"]) for one in each[":submitters"])
            for folder, each in about.items()
        }
    except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return {}
    return {folder: f"{name}_{folder}" for folder, name in names.items() if name}


@functools.cache
def spellings(name):
    """Return how Canvas may write a student of this name: last name first, letters only, small."""
    *first, last = name.split() or [""]
    turned = " ".join([last, *first])
    return {re.sub(r"\W", "", text.lower()) for text in (name, turned)}
