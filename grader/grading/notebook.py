"""What is taken from a notebook: the text of its code cells.  Nothing in it is run or believed.

A cell answers by its id; where the ids are gone (Colab, notebooks before 4.5) by the answer that
its metadata names.  What its owner added or changed besides is kept apart.
"""

import json

from . import bounds

BLANK = "raise NotImplementedError  # your code here"


def read(data):
    """Return [(id, task of its metadata, source)] of the code cells; ValueError if unreadable.

    UTF-8 with and without a byte order mark, UTF-16 and what an old editor of Windows writes are
    read; so are the formats 3 and 4.
    """
    try:
        notebook = json.loads(_decoded(data))
        sheets = [notebook] if "cells" in notebook else notebook["worksheets"]
        cells = [cell for sheet in sheets for cell in sheet["cells"]]
    except (ValueError, TypeError, LookupError, RecursionError):
        raise ValueError("this is no notebook") from None
    found = []
    for cell in cells:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            found.append((_text(cell.get("id")), _task(cell), _source(cell)))
    return found


def _decoded(data):
    try:
        return data.decode(json.detect_encoding(data), "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def recognise(cells, name, assignments):
    """Return the assignment with most answer cells in the notebook; `name` decides a tie."""

    def count(assignment):
        ids = {cell_id for cell_id, _, _ in cells} & assignment.answers.keys()
        tasks = {task for _, task, _ in cells} & set(assignment.answers.values())
        return max(len(ids), len(tasks)), assignment.name == name

    best = max(assignments.values(), key=count)
    return best if count(best)[0] else None


def answers(cells, assignment):
    """Return the answers {task: source}, and a flag for each that is not there or not usable."""
    taken, flags = {}, []
    for cell_id, task in assignment.answers.items():
        sources = {source for found, _, source in cells if found == cell_id}
        if not sources:
            others = [c for c in cells if c[0] not in assignment.answers]
            sources = {source for _, named, source in others if named == task}
            filled = {source for source in sources if source and BLANK not in source}
            sources = filled or sources  # a copy that was never filled in is no second answer
        if not sources:
            flags.append(f"missing:{task}")
        elif len(sources) > 1:
            flags.append(f"duplicate:{task}")
        elif not _is_usable(source := sources.pop()):
            flags.append(f"unusable:{task}")
        else:
            taken[task] = source
    return taken, flags


def own(cells, assignment, taken):
    """Return the code cells that are neither answers nor as the exercise has them."""
    known, left, found = {*assignment.given, *taken.values()}, bounds.OWN, []
    for _, _, source in cells:
        if source and source not in known and _is_usable(source) and len(source) <= left:
            found.append(source)
            left -= len(source)
    return found


def _task(cell):
    about = cell.get("metadata")
    about = about.get("grader") if isinstance(about, dict) else None
    return _text(about.get("answer")) if isinstance(about, dict) else None


def _source(cell):
    source = cell.get("source", cell.get("input", ""))  # format 3 calls it input
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    return _text(source)


def _text(value):
    return value if isinstance(value, str) else None


def _is_usable(source):
    if source is None or len(source) > bounds.ANSWER or "\0" in source:
        return False
    try:
        return isinstance(source.encode(), bytes)
    except UnicodeEncodeError:  # lone surrogates
        return False
