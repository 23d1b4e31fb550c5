"""The notebooks in a zip file, unpacked in memory; names in it are labels, never paths."""

import io
import os
import stat
import struct
import time
import zipfile
import zlib
from pathlib import PurePosixPath

from . import bounds, systems
from .files import Found, open_regular
from .owner import added
from .roll import ENDINGS, Roll

LISTING_END, LISTING64 = b"PK\x05\x06", b"PK\x06\x07"
UTF_8 = 0x800  # the flag of a name in UTF-8
TIMES = 0x5455  # the extra field with times in UTC
BROKEN = (
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
)


def archive(path, given, inside, budgets, assignments):
    """Yield what is Found in a zip file; inside says whose it is, () that it holds a class."""
    try:
        with open_regular(path) as file:
            yield from Archive(given, budgets, assignments).found(file, str(path), inside)
    except IsADirectoryError:
        yield Found((*inside, path.name), given, str(path), flag="no-regular-file")
    except OSError:
        flag = "symlink" if path.is_symlink() else "not-readable"
        yield Found((*inside, path.name), given, str(path), flag=flag)


class Archive:
    """A zip file that was handed in or, with a class in it, downloaded."""

    def __init__(self, given, budgets, assignments, *, nested=False):
        self.given, self.budgets = given, budgets
        self.assignments, self.nested = assignments, nested

    def found(self, file, path, inside):
        flag = _listing_flag(file)
        try:
            opened = zipfile.ZipFile(file) if not flag else None
        except BROKEN:
            flag = "broken-zip"
        if flag:
            yield Found((*inside, path.rsplit("/", 1)[-1]), self.given, path, flag=flag)
            return
        with opened:
            members = [Member(m) for m in opened.infolist()]
            members = [member for member in members if member.parts and not member.is_system]
            if not inside:
                yield from self._class(opened, members, path)
                return
            for member in members:
                yield from self._member(opened, member, inside + member.parts, path)

    def _class(self, opened, members, path):
        """Unpack a class: what its students handed in, and who handed in no notebook."""
        wrapper = self._wrapper(members)
        roll = Roll(self.assignments, _submitters(opened, members, wrapper))
        for member in members:
            first, *rest = member.parts[len(wrapper) :] or ("",)
            folder = bool(rest) or member.info.is_dir()
            student = roll.student(first, folder=folder)
            found = list(
                self._member(opened, member, (student, *rest) if folder else (first,), path)
            )
            yield from found
            if first not in ("", "/", ".."):
                roll.note(student, f"{path}/{first}", found)
        for student, where in roll.without_notebook():
            yield Found((student, ""), self.given, where, flag="no-notebook-found")

    def _wrapper(self, members):
        """Return the parts of the one folder that holds all, if it is no student's."""
        tops = {m.parts[0] for m in members if m.is_work or len(m.parts) > 1}
        top = tops.pop() if len(tops) == 1 else ""
        deep = all(len(m.parts) > 1 for m in members if m.is_work)
        return (top,) if deep and (top == self.given or systems.is_wrapper(top)) else ()

    def _member(self, opened, member, place, path):
        """Yield what one member holds: a notebook, a zip file of some, or nothing of interest."""
        if not member.is_work:
            return
        shown = f"{path}/{'/'.join(member.parts)}"
        if len(place) > 1 and not self.budgets.allows(place):
            if self.budgets.once(place):
                yield Found(place, self.given, shown, flag="too-many-files")
            return
        found = Found(place, self.given, shown, handed_in=_time(member.info))
        if ".." in member.parts or "/" in member.parts:
            found.flag = "path-traversal"
        elif len(member.parts) > bounds.DEPTH:
            found.flag = "too-deep"
        elif stat.S_ISLNK(member.info.external_attr >> 16):
            found.flag = "symlink"
        else:
            found.data, found.flag = _unpack(opened, member.info)
        if found.data is not None and not self.budgets.takes(place, len(found.data)):
            found.data, found.flag = None, "too-many-bytes"
        if found.data is None or not member.info.filename.lower().endswith(".zip"):
            yield found
        elif not self.nested:  # in an archive in an archive there are no archives
            whose = place[:-1] or (added(place[-1], self.assignments) or place[-1],)
            inner = Archive(whose[0], self.budgets, self.assignments, nested=True)
            yield from inner.found(io.BytesIO(found.data), shown, whose)


class Member:
    """One entry of an archive's table of contents."""

    def __init__(self, info):
        self.info = info
        self.parts = PurePosixPath(_name(info).replace("\\", "/")).parts
        self.is_work = info.filename.lower().endswith(ENDINGS)
        self.is_system = any(
            p.startswith((".", "__MACOSX")) and p not in (".", "..") for p in self.parts
        )


def _name(info):
    """Return a member's name; macOS and others write UTF-8 without saying so."""
    try:
        return info.filename if info.flag_bits & UTF_8 else info.filename.encode("cp437").decode()
    except UnicodeError:
        return info.filename


def _submitters(opened, members, wrapper):
    """Return {folder: student} where Gradescope tells."""
    for member in members:
        if member.parts == (*wrapper, systems.METADATA):
            return systems.submitters(_unpack(opened, member.info)[0] or b"")
    return {}


def _listing_flag(file):
    """Look at the end of an archive before its table of contents is read."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - (1 << 16) - 22))
    end = file.read()
    start = end.rfind(LISTING_END)
    if start < 0 or len(end) < start + 22:
        return "broken-zip"
    entries, listing = struct.unpack("<HL", end[start + 10 : start + 16])
    if (
        LISTING64 in end[max(0, start - 20) : start]
        or entries == 0xFFFF
        or listing > bounds.LISTING
    ):
        return "archive-too-large"
    return None


def _unpack(archive, member):
    if member.file_size > bounds.NOTEBOOK:
        return None, "too-large"
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return None, "not-readable"  # other methods may ask for gigabytes
    try:
        with archive.open(member) as file:
            data = file.read(bounds.NOTEBOOK + 1)
    except BROKEN:
        return None, "not-readable"
    return (data, None) if len(data) <= bounds.NOTEBOOK else (None, "too-large")


def _time(member):
    """Return when a member was changed: in UTC where it says so, else by this machine's clock."""
    extra = member.extra
    while len(extra) >= 9:
        kind, size, flags, changed = struct.unpack("<HHBl", extra[:9])
        if kind == TIMES and flags & 1 and size >= 5:
            return float(changed)
        extra = extra[4 + size :]
    try:
        return time.mktime((*member.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0
