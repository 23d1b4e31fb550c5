"""Whose a notebook is, told from where it lay: never from what lies inside a student's folder."""

import csv
import hashlib
import re
import unicodedata

COPY = r"(?:[\s_-]*\(\d+\)|-\d{1,2}|-Copy\d*)?"  # what a browser or JupyterLab adds to a second copy


def owner(inside, given, assignments):
    """Return the student of a file.

    inside: the folders and the file below what was given, outermost first.  The outermost folder
    is the student's; a file that lies in none is named by what its name adds to an assignment's;
    one that is called exactly like an assignment belongs to `given`, what it was found in.
    """
    *folders, file = inside
    return label(folders[0]) if folders else label(added(file, assignments) or given)


def added(file, assignments):
    """Return what a file's name adds to the assignment in it: all of it where it names none."""
    stem = file.rsplit(".", 1)[0]
    for name in sorted(assignments, key=len, reverse=True):
        if name in stem:
            before, after = re.split(re.escape(name) + COPY, stem, maxsplit=1)
            return re.sub(r"\s*\(\d+\)$", "", before + after).strip(" _-")
    return stem


def named(file, assignments):
    """Return the assignment that a file is named after, or None."""
    found = [name for name in assignments if name in file]
    return max(found, key=len, default=None)


def label(name):
    """A name as it is compared and shown: composed, printable, of bearable length."""
    text = unicodedata.normalize("NFC", name).encode(errors="replace").decode()
    return "".join(c if c.isprintable() else "_" for c in text).strip()[:120] or "unknown"


def file_id(student, assignment):
    """A file name that cannot be a path, and that only this student and assignment have."""
    wanted = "--".join(filter(None, (student, assignment)))
    safe = re.sub(r"[^A-Za-z0-9._-]", "_", wanted).lstrip(".-")[:100] or "submission"
    if safe == wanted and safe == safe.lower():
        return safe
    # The hash keeps apart what differs in capitals or in signs that a file name cannot have.
    return f"{safe}-{hashlib.sha256(wanted.encode()).hexdigest()[:8]}"


def roster(path):
    """Return the names in the first column of a CSV file; a header called name or student is none."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = [row[0].strip() for row in csv.reader(file) if row and row[0].strip()]
    names = [label(name) for name in rows]
    return names[1:] if names and names[0].lower() in ("name", "student", "students") else names


def on_roster(student, names):
    """Return the roster's name for a student, None if it has none.

    A learning management system adds to a name: "Ann Lee_77_assignsubmission_file" is "Ann Lee".
    """
    if student in names:
        return student
    found = [name for name in names if re.match(re.escape(name) + r"[\s_-]", student)]
    return max(found, key=len, default=None)
