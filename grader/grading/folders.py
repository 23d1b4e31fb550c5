"""The notebooks in files, folders and archives: where each lay, and what is wrong with it.

A student's folder is bounded in files, bytes and depth; what goes beyond, is no file or cannot be
opened is skipped with a flag.
"""

import itertools
import os
from pathlib import Path

from . import bounds
from .archives import archive
from .files import Budgets, Found, read_file
from .owner import added

ENDINGS = (".ipynb", ".zip")


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
        flat = False
        for entry in self._entries(self.root):
            if not entry.is_dir(follow_symlinks=False):
                flat |= entry.name.lower().endswith(ENDINGS)
                yield from self._entry(entry, ())
                continue
            some = False
            for found in self._inside(entry, ()):
                some = True
                yield found
            if not some and not flat:
                yield self._flagged(entry, (), "no-notebook-found")

    def _entries(self, folder):
        """The entries of a folder in order; those that a system keeps for itself left out."""
        with os.scandir(folder) as entries:
            some = list(itertools.islice(entries, bounds.ENTRIES))
        some.sort(key=lambda e: e.name)
        return [e for e in some if not e.name.startswith((".", "__MACOSX"))]

    def _inside(self, entry, inside):
        if len(inside) >= bounds.DEPTH:
            if self.budgets.once(inside):
                yield self._flagged(entry, inside, "too-deep")
            return
        try:
            entries = self._entries(entry.path)
        except OSError:
            yield self._flagged(entry, inside, "not-readable")
            return
        for one in entries:
            yield from self._entry(one, (*inside, entry.name))

    def _entry(self, entry, inside):
        if entry.is_symlink():
            yield self._flagged(entry, inside, "symlink")
        elif entry.is_dir(follow_symlinks=False):
            yield from self._inside(entry, inside)
        elif entry.name.lower().endswith(ENDINGS):
            place = (*inside, entry.name)
            if inside and not self.budgets.allows(place):
                if self.budgets.once(place):
                    yield self._flagged(entry, inside, "too-many-files")
            elif entry.name.lower().endswith(".zip"):
                whose = inside or (added(entry.name, self.assignments) or entry.name,)
                yield from archive(Path(entry.path), whose[0], whose, self.budgets, self.assignments)
            else:
                found = read_file(Path(entry.path), place, self.root.name)
                if inside and found.data and not self.budgets.takes(place, len(found.data)):
                    found.data, found.flag = None, "too-many-bytes"
                yield found

    def _flagged(self, entry, inside, flag):
        return Found((*inside, entry.name), self.root.name, entry.path, flag=flag)
