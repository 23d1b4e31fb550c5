"""The notebooks in files, folders and archives: where each lay, and what is wrong with it.

A student's folder is bounded in files, bytes and depth; what goes beyond, is no file or cannot be
opened is skipped with a flag.
"""

import itertools
import os
from pathlib import Path

from . import bounds, systems
from .archives import archive
from .files import Budgets, Found, read_file
from .owner import added
from .roll import ENDINGS, Roll


def find(path, assignments):
    """Yield what is Found in one file, folder or archive that was given."""
    where = path.absolute()
    if path.is_dir() and not path.is_symlink():
        yield from Folder(where, assignments).found()
    elif where.suffix.lower() == ".zip" and not path.is_symlink():
        yield from archive(where, where.stem, (), Budgets(), assignments)
    else:
        yield read_file(where, (where.name,), where.parent.name)


class Folder:
    """A folder that was given: in it students' folders, or their files."""

    def __init__(self, root, assignments):
        self.root, self.assignments, self.budgets = root, assignments, Budgets()

    def found(self):
        entries = self._entries(self.root)
        roll = Roll(self.assignments, self._submitters(entries))
        for entry in entries:
            folder = entry.is_dir(follow_symlinks=False)
            if folder and systems.is_wrapper(entry.name):
                yield from Folder(Path(entry.path), self.assignments).found()
                continue
            student = roll.student(entry.name, folder=folder or entry.is_symlink())
            found = list(self._inside(entry, (student,)) if folder else self._entry(entry, ()))
            yield from found
            roll.note(student, entry.path, found)
        for student, path in roll.without_notebook():
            yield Found((student, ""), self.root.name, path, flag="no-notebook-found")

    def _submitters(self, entries):
        for entry in entries:
            if entry.name == systems.METADATA:
                return systems.submitters(read_file(Path(entry.path), (), "").data or b"")
        return {}

    def _entries(self, folder):
        """The entries of a folder in order; those that a system keeps for itself left out."""
        with os.scandir(folder) as entries:
            some = list(itertools.islice(entries, bounds.ENTRIES))
        some.sort(key=lambda e: e.name)
        return [e for e in some if not e.name.startswith((".", "__MACOSX"))]

    def _inside(self, folder, place):
        """What lies in a folder; place is where that is, outermost folder first."""
        if len(place) > bounds.DEPTH:
            if self.budgets.once(place):
                yield self._flagged(folder, (*place, ""), "too-deep")
            return
        try:
            entries = self._entries(folder.path)
        except OSError:
            yield self._flagged(folder, (*place, ""), "not-readable")
            return
        for one in entries:
            yield from self._entry(one, place)

    def _entry(self, entry, inside):
        place = (*inside, entry.name)
        if entry.is_symlink():
            is_file = inside or entry.name.lower().endswith(ENDINGS)
            yield self._flagged(entry, place if is_file else (entry.name, ""), "symlink")
        elif entry.is_dir(follow_symlinks=False):
            yield from self._inside(entry, place)
        elif entry.name.lower().endswith(ENDINGS):
            if inside and not self.budgets.allows(place):
                if self.budgets.once(place):
                    yield self._flagged(entry, place, "too-many-files")
            elif entry.name.lower().endswith(".zip"):
                whose = inside or (added(entry.name, self.assignments) or entry.name,)
                yield from archive(
                    Path(entry.path), whose[0], whose, self.budgets, self.assignments
                )
            else:
                found = read_file(Path(entry.path), place, self.root.name)
                if inside and found.data and not self.budgets.takes(place, len(found.data)):
                    found.data, found.flag = None, "too-many-bytes"
                yield found

    def _flagged(self, entry, place, flag):
        return Found(place, self.root.name, entry.path, flag=flag)
