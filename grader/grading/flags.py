"""What is odd about a notebook, in words that its owner can act on."""

FLAGS = {
    # one answer; {} is the task
    "missing": "The answer cell of {} is not in your notebook: its id is gone. Copy your answer "
    "into the cell of a fresh exercise notebook.",
    "duplicate": "Two cells claim to be the answer to {} and differ, "
    "so neither was taken. Delete one.",
    "unusable": "The answer to {} is longer than 64 kB or is no text.",
    "malformed": "What the answer to {} sent back was no data that an answer can return.",
    "too-large": "The file is larger than 10 MB. "
    "Clear the outputs (Edit, Clear Outputs of All Cells), save and hand in again.",
    # the whole notebook
    "several-submissions": "There is another notebook of yours for this assignment.",
    "not-on-roster": "This name is not on the course's list: "
    "tell your instructor which account is yours.",
    "late": "It was handed in after the deadline.",
    # nothing could be graded
    "no-notebook": "The file cannot be read as a notebook. "
    "Download the .ipynb again (File, Download) and hand in that file, unopened.",
    "no-answer-cells": "No answer cell of this course is in the notebook. Copy your answers into a "
    "fresh exercise notebook.",
    "no-notebook-found": "There is no .ipynb file in what you handed in. "
    "Hand in the notebook itself, or a .zip file with the notebook in it.",
    "symlink": "You handed in a link to a file. Hand in the file itself.",
    "no-regular-file": "What you handed in is no ordinary file.",
    "not-readable": "The file cannot be opened. Hand it in again, without a password.",
    "path-traversal": "The archive names a file outside of itself. Hand in the .ipynb file.",
    "broken-zip": "The archive cannot be opened. Hand in the .ipynb file.",
    "archive-too-large": "The archive has too many files. Hand in the .ipynb files only.",
    "too-many-files": "You handed in more than 100 notebooks. Hand in the ones that count.",
    "too-many-bytes": "Your notebooks are larger than 64 MB together. Clear their outputs.",
    "too-deep": "The file lies in too many folders. Hand in the .ipynb file.",
    "nothing-handed-in": "Nothing was handed in.",
}


def words(flag):
    """Return a flag such as "missing:relu" in words."""
    kind, _, task = flag.partition(":")
    return FLAGS[kind].format(task) if kind in FLAGS else f"The file is flagged: {kind}."
