"""What is taken from a submitted file: the text of its answer cells, matched by id.

A file is read once, up to a limit, and only if it is a regular one; nothing in it is executed,
unpacked or believed.  Whatever is odd becomes a flag of the submission.
"""

import hashlib
import json
import os
import re
import stat
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

MAX_NOTEBOOK = 10 << 20  # bytes; stored pictures count
MAX_ANSWER = 64 << 10  # characters of one cell
MAX_MEMBERS = 5000  # of a zip file


@dataclass
class Submission:
    """One student's notebook; answers is {task: source}; assignment None if it cannot be graded."""

    student: str
    assignment: str | None = None
    answers: dict = field(default_factory=dict)
    flags: list = field(default_factory=list)
    sha256: str = ""
    id: str = ""


def collect(paths, assignments):
    """Return the Submissions in files, folders and zip files, each with an id of its own."""
    found = []
    for path in map(Path, paths):
        found += _from_path(path, assignments)
    used, seen = set(), set()
    for submission in found:
        key = submission.student, submission.assignment
        if submission.assignment and key in seen:
            submission.flags.append("several-submissions")
        seen.add(key)
        submission.id = _id(submission, used)
    return found


def _from_path(path, assignments):
    if path.is_symlink():
        yield Submission(_student(path.parts, None), flags=["symlink"])
    elif path.is_dir():
        for inside in sorted(path.iterdir()):
            if not inside.name.startswith("."):
                if inside.is_dir() or inside.suffix in (".ipynb", ".zip"):
                    yield from _from_path(inside, assignments)
    elif path.suffix == ".zip":
        yield from _from_zip(path, assignments)
    else:
        data, flag = _bytes(path)
        yield _parse(path.absolute().parts, data, flag, assignments)


def _bytes(path):
    """Read a regular file of a bearable size: (bytes, None) or (None, flag)."""
    try:
        # O_NONBLOCK: a FIFO must not keep us waiting
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(fd, "rb") as file:
            about = os.fstat(fd)
            if not stat.S_ISREG(about.st_mode):
                return None, "no-regular-file"
            if about.st_size > MAX_NOTEBOOK:
                return None, "too-large"
            data = file.read(MAX_NOTEBOOK + 1)
    except OSError:
        return None, "not-readable"
    return (data, None) if len(data) <= MAX_NOTEBOOK else (None, "too-large")


def _from_zip(path, assignments):
    """Take the notebooks out of a zip file, in memory; names in it are labels, never paths."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if m.filename.endswith(".ipynb")]
            if len(members) > MAX_MEMBERS:
                yield Submission(path.stem, flags=["too-many-files"])
                return
            for member in members:
                parts = (path.stem, *PurePosixPath(member.filename.replace("\\", "/")).parts)
                if any(part.startswith("__MACOSX") for part in parts):
                    continue
                data, flag = None, None
                if ".." in parts or "/" in parts:
                    flag = "path-traversal"
                elif stat.S_ISLNK(member.external_attr >> 16):
                    flag = "symlink"
                elif member.file_size > MAX_NOTEBOOK:
                    flag = "too-large"
                else:
                    with archive.open(member) as file:
                        data = file.read(MAX_NOTEBOOK + 1)
                    if len(data) > MAX_NOTEBOOK:
                        data, flag = None, "too-large"
                yield _parse(parts, data, flag, assignments)
    except (OSError, RuntimeError, NotImplementedError, ValueError, zipfile.BadZipFile):
        yield Submission(path.stem, flags=["broken-zip"])


# --- a notebook -----------------------------------------------------------------------------------


def _parse(parts, data, flag, assignments):
    if flag:
        return Submission(_student(parts, None), flags=[flag])
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        cells = _code_cells(json.loads(data.decode()))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return Submission(_student(parts, None), flags=["no-notebook"], sha256=sha256)
    assignment = _recognise(parts, cells, assignments)
    if assignment is None:
        return Submission(_student(parts, None), flags=["no-answer-cells"], sha256=sha256)
    submission = Submission(_student(parts, assignment.name), assignment.name, sha256=sha256)
    for cell_id, task in assignment.answers.items():
        sources = {source for found, source in cells if found == cell_id}
        if not sources:
            submission.flags.append(f"missing:{task}")
        elif len(sources) > 1:
            submission.flags.append(f"duplicate:{task}")
        elif len(source := sources.pop()) > MAX_ANSWER or "\0" in source or not _is_text(source):
            submission.flags.append(f"unusable:{task}")
        else:
            submission.answers[task] = source
    return submission


def _code_cells(notebook):
    """Return [(id, source)] of the code cells."""
    cells = []
    for cell in notebook["cells"]:
        source, cell_id = cell.get("source", ""), cell.get("id")
        if cell.get("cell_type") == "code" and isinstance(cell_id, str):
            cells.append((cell_id, source if isinstance(source, str) else "".join(source)))
    return cells


def _is_text(source):
    try:
        return bool(source.encode())
    except UnicodeEncodeError:  # lone surrogates
        return source == ""


def _recognise(parts, cells, assignments):
    """The assignment with most answer cells in the notebook; the file's name decides a tie."""
    ids = {cell_id for cell_id, _ in cells}
    scores = {
        name: (len(ids & assignment.answers.keys()), name in parts[-1])
        for name, assignment in assignments.items()
    }
    best = max(scores, key=scores.get)
    return assignments[best] if scores[best][0] else None


# --- names ----------------------------------------------------------------------------------------


def _student(parts, assignment):
    """Whose it is: the folder of 01_forward_pass.ipynb, or what a longer file name adds to that."""
    stem = parts[-1].rsplit(".", 1)[0]
    rest = re.sub(re.escape(assignment), "", stem) if assignment else stem
    rest = re.sub(r"[\s_-]*\(?\d?\)?$", "", rest).strip(" _-") if rest != stem else stem
    return _printable(rest or (parts[-2] if len(parts) > 1 else stem))


def _printable(name):
    text = name.encode(errors="replace").decode()
    return "".join(c if c.isprintable() else "_" for c in text)[:120] or "unknown"


def _id(submission, used):
    """A file name that cannot be a path, unique in this run."""
    wanted = "--".join(filter(None, (submission.student, submission.assignment)))
    safe = re.sub(r"[^A-Za-z0-9._-]", "_", wanted).lstrip(".-")[:100] or "submission"
    if safe != wanted or safe.lower() in used:
        safe += "-" + hashlib.sha256((wanted + submission.sha256).encode()).hexdigest()[:8]
    unique, number = safe, 2
    while unique.lower() in used:
        unique, number = f"{safe}-{number}", number + 1
    used.add(unique.lower())
    return unique
