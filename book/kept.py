"""Frames of an explorer, kept by what their figures hold: only a picture that changed is made anew.

A page's code draws its figures on every run, for who knows all that a draw function sees?  To lay
them out and to write them takes four times as long, and follows from what stands in the figures,
from the style, and from the files and packages that do it.  All of that together names what is
kept.  Figures are pickled to be named; nothing is ever unpickled.  What no build has asked for in a
month is dropped: frames of a figure that was changed since, and what an ended build left half done.
"""

import hashlib
import io
import json
import os
import pickle
import sys
import time
from importlib.metadata import version
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.transforms import TransformNode

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "_build" / "frames"
FILES = [
    ROOT / name
    for name in ("book/kept.py", "book/explorers.py", "book/figures.py", "mlp_lib/explore.py")
]
OURS = (b"__main__", b"mlp_lib", b"grader")  # what is ours is pickled by its name alone
PACKAGES = ("numpy", "matplotlib", "pillow", "kiwisolver")
MONTH = 30 * 24 * 3600  # seconds


def kept(figures, make):
    """Return what ``make(figures)`` gives, lists and dicts; from last time for the same figures."""
    name = name_of(figures)
    if name is None:
        return make(figures)
    file = FOLDER / f"{name}.json"
    if not file.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        half = file.with_suffix(f".{os.getpid()}")  # another notebook may write the same
        half.write_text(json.dumps(make(figures)), "utf-8")
        half.replace(file)
    file.touch()  # when it was last asked for
    return json.loads(file.read_text("utf-8"))


def drop_unused():
    """Delete what no build has asked for in a month."""
    for file in FOLDER.glob("*"):
        if time.time() - file.stat().st_mtime > MONTH:
            file.unlink(missing_ok=True)  # another build may drop it too


def name_of(figures):
    """Return a name that changes with anything that shows, or None where nobody can tell."""
    digest = hashlib.sha256(
        repr([sys.version, *map(version, PACKAGES), dict(mpl.rcParams)]).encode()
    )
    for file in FILES:
        digest.update(file.read_bytes())
    for figure in figures:
        held = io.BytesIO()
        try:
            Pickler(held).dump(figure)
        except (pickle.PicklingError, TypeError, AttributeError):  # it holds a lambda, a lock …
            return None
        if any(name in held.getvalue() for name in OURS):
            return None
        digest.update(held.getvalue())
    return digest.hexdigest()


class Pickler(pickle.Pickler):
    """Writes a figure the same in every process."""

    def reducer_override(self, thing):
        if not isinstance(thing, TransformNode | Figure):
            return NotImplemented
        build, arguments, state, *rest = thing.__reduce_ex__(pickle.DEFAULT_PROTOCOL)
        if isinstance(thing, Figure):
            state.pop("_number", None)  # pyplot's, which counts the open figures
        else:
            state["_parents"] = list(state["_parents"].values())  # by their addresses otherwise
        return build, arguments, state, *rest
