"""grades.csv: one row a submission, made from the results and never from one run alone."""

import csv
import io
from collections import Counter

from .course import Course
from .flags import words
from .owner import on_roster

COLUMNS = (
    "student", "assignment", "score", "max", "status", "flags", "sha256", "notebook_sha256", "path",
    "reason",
)  # fmt: skip
FORMULA = tuple("=+-@\t\r\n|%＝＋－＠")


def rows(results, roster=(), course=None):
    """Return the table's rows; who is on the roster and handed in nothing has one too."""
    course = course or Course()
    graded = Counter((r["student"], r["assignment"]) for r in results if r["status"] == "graded")
    table = []
    for result in results:
        flags = list(result["flags"])
        if graded[result["student"], result["assignment"]] > 1:
            flags.append("several-submissions")
        if roster and not on_roster(result["student"], roster):
            flags.append("not-on-roster")
        row = dict(result)
        if result["status"] == "graded" and result.get("checks"):
            row["score"], row["max"] = course.score(result)
            if course.days_late(result["assignment"], result.get("handed_in")):
                flags.append("late")
        table.append(row | {"flags": " ".join(dict.fromkeys(flags))})
    present = {on_roster(r["student"], roster) for r in results}
    for name in roster:
        if name not in present:
            nothing = {"student": name, "assignment": "", "status": "missing", "id": ""}
            table.append(
                nothing | {"flags": "nothing-handed-in", "reason": words("nothing-handed-in")}
            )
    return sorted(table, key=lambda r: (r["assignment"] or "", r["student"], r["id"]))


def text(table, columns=COLUMNS):
    """Return rows as CSV."""
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for row in table:
        writer.writerow({name: cell(row.get(name)) for name in columns})
    return file.getvalue()


def cell(value):
    """A spreadsheet must not take a name for a formula, nor a text for two rows."""
    if not isinstance(value, str):
        return value
    line = "".join(c if c.isprintable() else " " for c in value)
    return "'" + line if value.startswith(FORMULA) or value.lstrip().startswith(FORMULA) else line
