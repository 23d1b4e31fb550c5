"""Submissions out of files, folders and archives: whose, which assignment, which answers.

What is wrong with a file becomes a flag of its submission, which keeps its owner.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from . import notebook, systems
from .files import Found
from .folders import find
from .owner import file_id, label, named, owner


@dataclass
class Submission:
    """One notebook; answers is {task: source}; readable tells whether it can be graded at all.

    own holds the sources of the code cells that the student added or changed besides.
    """

    student: str
    assignment: str | None = None
    answers: dict = field(default_factory=dict)
    own: list = field(default_factory=list)
    flags: list = field(default_factory=list)
    sha256: str = ""
    path: str = ""
    handed_in: float = 0.0  # seconds since 1970, as the file says
    readable: bool = False
    id: str = ""


def collect(paths, assignments):
    """Return the Submissions in files, folders and archives, each with an id of its own."""
    submissions = [_submission(f, assignments) for p in paths for f in find(Path(p), assignments)]
    used, seen = set(), set()
    for submission in submissions:
        key = submission.student, submission.assignment
        if submission.readable and key in seen:
            submission.flags.append("several-submissions")
        seen |= {key} if submission.readable else set()
        submission.id = unused(file_id(*key), used)
    return submissions


def unused(wanted, used):
    """Return an id that is not used yet, whatever capitals are worth on this disk; use it."""
    unique, number = wanted, 2
    while unique.lower() in used:
        unique, number = f"{wanted}-{number}", number + 1
    used.add(unique.lower())
    return unique


def _submission(found: Found, assignments):
    named_after = named(found.inside[-1], assignments)
    submission = Submission(
        owner(found.inside, found.given, assignments),
        named_after,
        flags=[found.flag] if found.flag else [],
        path=label_path(found.path),
        handed_in=found.handed_in,
    )
    if found.flag:
        return submission
    submission.sha256 = hashlib.sha256(found.data).hexdigest()
    try:
        cells = notebook.read(found.data)
    except ValueError:
        submission.flags.append("no-notebook")
        return submission
    assignment = notebook.recognise(cells, named_after, assignments)
    if assignment is None:
        submission.flags.append("no-answer-cells")
        return submission
    submission.assignment, submission.readable = assignment.name, True
    submission.answers, submission.flags = notebook.answers(cells, assignment)
    submission.own = notebook.own(cells, assignment, submission.answers)
    if systems.is_late(submission.student):
        submission.flags.append("late")
    return submission


def label_path(path):
    """A path as it is shown: printable, without what a file system allows and a table does not."""
    return "/".join(label(part) if part else "" for part in path.split("/"))
