"""``python -m grader export``: the grades as Canvas, Moodle and Gradescope read them.

canvas      the gradebook that Canvas exported, with our columns: --gradebook FILE
moodle      one offline grading worksheet for each assignment
gradescope  one results.json for each submission
"""

import csv
import json
import re
from pathlib import Path

from ..score import MAX_POINTS
from . import table
from .feedback import shown
from .owner import label
from .report import latest
from .run import kept_course
from .store import Store

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
CANVAS_LABEL = re.compile(r"[^_]+(?:_LATE)?_(\d+)_\d+")  # leeann_991_4412: name, user, submission
MOODLE = ("Identifier", "Full name", "Status", "Grade", "Maximum Grade", "Feedback comments")
MOODLE_LABEL = re.compile(r"(.+)_(\d+)_assignsubmission_(?:file|onlinetext)_?")


class Unusable(Exception):
    """What was given cannot be used, and why."""


def execute(kind, folder, gradebook=None):
    """Write the files into OUT/export; return the exit code."""
    store = Store(folder)
    graded = [r for r in latest(store.results()) if r["status"] == "graded"]
    if not graded:
        print(f"export: there are no grades in {folder}: grade into it first")
        return 2
    try:
        files = EXPORTS[kind](graded, kept_course(store), gradebook)
    except Unusable as error:
        print(f"export: {error}")
        return 2
    for name, text in files.items():
        store.save(Path("export", name), text)
    print(f"written: {len(files)} file{'s' if len(files) > 1 else ''} in {Path(folder, 'export')}")
    return 0


def canvas(graded, course, gradebook):
    """Fill in the columns of our assignments; Canvas matches the students by its own."""
    if gradebook is None:
        raise Unusable("canvas needs --gradebook FILE: in Canvas, Grades, Export, Entire Gradebook")
    try:
        with open(gradebook, encoding="utf-8-sig", newline="") as file:
            head, *lines = list(csv.reader(file))
    except (OSError, ValueError) as error:
        raise Unusable(f"{gradebook} cannot be read: {error}") from None
    head = [name.strip() for name in head]
    if not {"Student", "ID"} <= set(head):
        raise Unusable(f"{gradebook} has no columns Student and ID: it is no gradebook of Canvas")
    by_id, by_name = {}, {}
    for result in graded:
        number = CANVAS_LABEL.fullmatch(result["student"])
        where = (by_id, number[1]) if number else (by_name, result["student"])
        where[0].setdefault(where[1], {})[result["assignment"]] = course.score(result)
    assignments = sorted({r["assignment"] for r in graded})
    most = {r["assignment"]: course.score(r)[1] for r in graded}
    rows = [{"Student": "    Points Possible"} | most]
    for line in lines:
        student = dict(zip(head, line, strict=False))
        if not student.get("ID", "").strip():
            continue  # Canvas's own rows of points and policies
        name = label(student["Student"])
        turned = " ".join(reversed(name.split(", ")))
        scores = by_id.get(student["ID"].strip()) or by_name.get(name) or by_name.get(turned) or {}
        login = label(student.get("SIS Login ID", ""))
        scores = scores or by_name.get(login, {})
        rows.append({c: student.get(c, "") for c in CANVAS} | {a: s[0] for a, s in scores.items()})
    return {"canvas.csv": table.text(rows, (*CANVAS, *assignments))}


def moodle(graded, course, _):
    """A worksheet of the assignment's participants; the number in their folder's name is Moodle's."""
    files = {}
    for assignment in sorted({r["assignment"] for r in graded}):
        rows = []
        for result in sorted(graded, key=lambda r: r["student"]):
            if result["assignment"] != assignment:
                continue
            points, of = course.score(result)
            known = MOODLE_LABEL.fullmatch(result["student"])
            rows.append(
                {
                    "Identifier": f"Participant {known[2]}" if known else "",
                    "Full name": known[1] if known else result["student"],
                    "Status": "Submitted for grading",
                    "Grade": points,
                    "Maximum Grade": of,
                    "Feedback comments": _comment(result, course),
                }
            )
        files[f"moodle-{assignment}.csv"] = table.text(rows, MOODLE)
    return files


def gradescope(graded, course, _):
    """What an autograder of Gradescope leaves behind, one file a submission."""
    files = {}
    for result in graded:
        points, of = course.score(result)
        tests = []
        for check in result["checks"]:
            weight = course.weights.get(check["task"], 1)
            tests.append(
                {
                    "name": check["task"],
                    "score": weight * check["points"],
                    "max_score": weight * MAX_POINTS,
                    "status": "passed" if check["points"] == MAX_POINTS else "failed",
                    "output": shown(check["message"]),
                    "output_format": "text",
                    "tags": check["mistakes"],
                    "visibility": "after_published" if check["task"] in course.hidden else "visible",
                }
            )
        about = {
            "score": points,
            "execution_time": round(sum(c["seconds"] for c in result["checks"])),
            "output": f"{points} of {of} points.",
            "visibility": "visible",
            "stdout_visibility": "hidden",
            "extra_data": {"student": result["student"], "sha256": result["sha256"]},
            "tests": tests,
        }
        name = f"gradescope/{result['id']}/results.json"
        files[name] = json.dumps(about, indent=1, ensure_ascii=False) + "\n"
    return files


EXPORTS = {"canvas": canvas, "moodle": moodle, "gradescope": gradescope}


def _comment(result, course):
    checks = [c for c in result["checks"] if c["task"] not in course.hidden]
    told = [f"{c['task']} {c['points']}/{MAX_POINTS}: {', '.join(c['mistakes'])}" for c in checks]
    lines = [text.rstrip(": ") for text in told]
    return "; ".join(lines)
