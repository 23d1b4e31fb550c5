"""``python -m grader export``: the grades as Canvas, Moodle and Gradescope read them.

canvas      the gradebook that Canvas exported, with our columns: --gradebook FILE
moodle      one offline grading worksheet for each assignment
gradescope  one results.json for each submission
"""

import csv
import io
import json
import re
from pathlib import Path

from ..score import MAX_POINTS
from . import systems, table
from .feedback import shown
from .owner import decoded, label
from .report import latest
from .run import kept_course
from .store import Store

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLE = (
    "Identifier", "Full name", "Status", "Grade", "Maximum Grade", "Last modified (grade)",
    "Feedback comments",
)  # fmt: skip


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
    """Fill in the columns of our assignments; Canvas matches the students by its own.

    A column that the gradebook has already, "01_forward_pass (1234)", keeps its heading and the
    grades of those who have none from us: an empty cell would delete them.  What Canvas takes:
    lib/gradebook_importer.rb in github.com/instructure/canvas-lms.
    """
    if gradebook is None:
        raise Unusable("canvas needs --gradebook FILE: in Canvas, Grades, Export, Entire Gradebook")
    head, lines = _gradebook(gradebook)
    by_id, by_name = {}, {}
    for result in sorted(graded, key=_upload):
        known = systems.CANVAS.fullmatch(result["student"])
        where = (by_id, known["user"]) if known else (by_name, result["student"])
        where[0].setdefault(where[1], {})[result["assignment"]] = course.score(result)
    assignments = sorted({r["assignment"] for r in graded})
    columns = {a: next((name for name in head if _title(name) == a), a) for a in assignments}
    most = {columns[r["assignment"]]: course.score(r)[1] for r in graded}
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
        before = {name: student.get(name, "") for name in (*CANVAS, *columns.values())}
        rows.append(before | {columns[a]: points for a, (points, _) in scores.items()})
    return {"canvas.csv": table.text(rows, (*CANVAS, *columns.values()))}


def _gradebook(path):
    """Return the headings and the lines of a gradebook, separated by commas or semicolons."""
    try:
        text = decoded(path.read_bytes())
        separator = max(",;", key=text.partition("\n")[0].count)
        head, *lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator)) or [[]]
    except (OSError, ValueError, csv.Error) as error:
        raise Unusable(f"{path} cannot be read: {error}") from None
    head = [name.strip() for name in head]
    if not {"Student", "ID"} <= set(head):
        raise Unusable(f"{path} has no columns Student and ID: it is no gradebook of Canvas")
    return head, lines


def _upload(result):
    """Canvas numbers the uploads: of two by one student the later one has the larger number."""
    known = systems.CANVAS.fullmatch(result["student"])
    return int(known["upload"]) if known else 0


def _title(heading):
    return re.sub(r" \(\d+\)$", "", heading)


def moodle(graded, course, _):
    """A worksheet of the assignment's participants; the number in their folder's name is Moodle's.

    Moodle wants Identifier, Grade and Last modified (grade), and leaves alone what has been changed
    in it after that time: mod/assign/feedback/offline/importgradeslib.php in
    github.com/moodle/moodle.
    """
    files = {}
    for assignment in sorted({r["assignment"] for r in graded}):
        rows = []
        for result in sorted(graded, key=lambda r: r["student"]):
            if result["assignment"] != assignment:
                continue
            points, of = course.score(result)
            known = systems.MOODLE.fullmatch(result["student"])
            if not known:
                name = result["student"]
                print(f"export: {name} does not come from Moodle, which will skip that row")
            rows.append(
                {
                    "Identifier": f"Participant {known['number']}" if known else "",
                    "Full name": known["name"] if known else result["student"],
                    "Status": "Submitted for grading",
                    "Grade": points,
                    "Maximum Grade": of,
                    "Last modified (grade)": result["graded_at"],
                    "Feedback comments": _comment(result, course),
                }
            )
        files[f"moodle-{assignment}.csv"] = table.text(rows, MOODLE)
    return files


def gradescope(graded, course, _):
    """What an autograder of Gradescope leaves behind, one file a submission.

    The format: https://gradescope-autograders.readthedocs.io/en/latest/specs/, "Output format".
    """
    files = {}
    for result in graded:
        shown_points, shown_of = course.score(result, shown_only=True)
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
                    "visibility": "after_published"
                    if check["task"] in course.hidden
                    else "visible",
                }
            )
        about = {
            "score": course.score(result)[0],
            "execution_time": round(sum(c["seconds"] for c in result["checks"])),
            "output": f"{shown_points} of {shown_of} points.",
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
