"""Whose a notebook is, told from where it lay: never from what lies inside a student's folder."""

import csv
import hashlib
import io
import re
import unicodedata

from . import systems

# What a first row of a roster is called by, and what is no student in a gradebook of Canvas.
HEADINGS = {
    "name", "full name", "first name", "last name", "student", "students", "student name",
    "username", "login", "user id", "sis login id", "email", "email address", "id", "id number",
    "identifier", "sid",
}  # fmt: skip
NOBODY = {"points possible", "student, test"}
COPY = (
    r"(?:[\s_-]*\(\d+\)|-\d{1,2}|-Copy\d*)?"  # what a browser or JupyterLab adds to a second copy
)


def owner(inside, given, assignments):
    """Return the student of a file.

    inside: the folders and the file below what was given, outermost first.  The outermost folder
    is the student's; a file that lies in none is named by what its name adds to an assignment's;
    one that is called exactly like an assignment belongs to `given`, what it was found in.
    """
    *folders, file = inside
    if folders:
        return label(folders[0])
    return label(added(file, assignments) or added(f"{given}.zip", assignments) or given)


def added(file, assignments):
    """Return what a file's name adds to the assignment in it: all of it where it names none.

    Where a learning management system has put a student before it, it is that student.
    """
    stem = file.rsplit(".", 1)[0].removesuffix(".ipynb")
    if student := systems.student_of(stem):
        return student
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
    """Return the names in the first column of a CSV file, or in those of first and last name.

    A first row of headings such as Name, Student or Email is none of them, nor are the rows that
    Canvas adds to a gradebook.
    """
    text = decoded(path.read_bytes())
    separator = max(",;\t", key=text.partition("\n")[0].count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    head = [cell.lower() for cell in rows[0]] if rows else []
    if HEADINGS & set(head):
        rows = rows[1:]
    both = [head.index(name) for name in ("first name", "last name") if name in head]
    columns = both if len(both) == 2 else [0]
    names = [" ".join(row[i] for i in columns if i < len(row)) for row in rows]
    return [label(name) for name in names if name and name.lower() not in NOBODY]


def decoded(data):
    """Decode what spreadsheets save: UTF-8 with or without a mark, UTF-16, a byte a letter."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def on_roster(student, names):
    """Return the roster's name for a student, None if it has none.

    A learning management system adds to a name: "Ann Lee_77_assignsubmission_file" is "Ann Lee",
    and so is "leeann_991_4412".  Capitals do not matter.
    """
    moodle, canvas = systems.MOODLE.fullmatch(student), systems.CANVAS.fullmatch(student)
    wanted = (moodle["name"] if moodle else student).casefold()
    for name in names:
        if name.casefold() == wanted or canvas and canvas["name"] in systems.spellings(name):
            return name
    if moodle:  # a group stands before the name: "Tuesday-Ann Lee"
        found = [name for name in names if wanted.endswith(f"-{name.casefold()}")]
    else:
        found = [name for name in names if re.match(re.escape(name.casefold()) + r"[\s_-]", wanted)]
    return max(found, key=len, default=None)
