"""The notebooks in a zip file, unpacked in memory; names in it are labels and never become paths."""

import io
import os
import stat
import struct
import time
import zipfile
import zlib
from pathlib import PurePosixPath

from . import bounds
from .files import Found, open_regular
from .owner import added

ENDINGS = (".ipynb", ".zip")
LISTING_END, LISTING64 = b"PK\x05\x06", b"PK\x06\x07"
BROKEN = (OSError, RuntimeError, NotImplementedError, ValueError, EOFError, zipfile.BadZipFile, zlib.error)


def archive(path, given, inside, budgets, assignments):
    """Yield what is Found in a zip file; inside says whose it is, () that it holds a class."""
    try:
        with open_regular(path) as file:
            yield from _members(file, str(path), given, inside, budgets, assignments, nested=False)
    except IsADirectoryError:
        yield Found((*inside, path.name), given, str(path), flag="no-regular-file")
    except OSError:
        flag = "symlink" if path.is_symlink() else "not-readable"
        yield Found((*inside, path.name), given, str(path), flag=flag)


def _members(file, path, given, inside, budgets, assignments, *, nested):
    flag = _listing_flag(file)
    try:
        opened = zipfile.ZipFile(file) if not flag else None
    except BROKEN:
        flag = "broken-zip"
    if flag:
        yield Found((*inside, path.rsplit("/", 1)[-1]), given, path, flag=flag)
        return
    with opened:
        members = [m for m in opened.infolist() if m.filename.lower().endswith(ENDINGS)]
        places = [PurePosixPath(m.filename.replace("\\", "/")).parts for m in members]
        kept = [(m, p) for m, p in zip(members, places, strict=True) if p and not _system(p)]
        wrapped = not inside and all(len(p) > 1 and p[0] == given for _, p in kept)
        for member, parts in kept[: bounds.ENTRIES]:
            place = inside + (parts[1:] if wrapped else parts)
            shown = f"{path}/{'/'.join(parts)}"
            if len(place) > 1 and not budgets.allows(place):
                if budgets.once(place):
                    yield Found(place, given, shown, flag="too-many-files")
                continue
            found = Found(place, given, shown, handed_in=_time(member))
            if ".." in parts or "/" in parts:
                found.flag = "path-traversal"
            elif len(parts) > bounds.DEPTH:
                found.flag = "too-deep"
            elif stat.S_ISLNK(member.external_attr >> 16):
                found.flag = "symlink"
            else:
                found.data, found.flag = _unpack(opened, member)
            if found.data is not None and not budgets.takes(place, len(found.data)):
                found.data, found.flag = None, "too-many-bytes"
            if found.data is not None and parts[-1].lower().endswith(".zip"):
                if nested:
                    continue
                whose = place[:-1] or (added(parts[-1], assignments) or parts[-1],)
                data = io.BytesIO(found.data)
                yield from _members(data, shown, whose[0], whose, budgets, assignments, nested=True)
                continue
            yield found


def _listing_flag(file):
    """Look at the end of an archive before its table of contents is read."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - (1 << 16) - 22))
    end = file.read()
    start = end.rfind(LISTING_END)
    if start < 0 or len(end) < start + 22:
        return "broken-zip"
    entries, listing = struct.unpack("<HL", end[start + 10 : start + 16])
    if LISTING64 in end[max(0, start - 20) : start] or entries == 0xFFFF or listing > bounds.LISTING:
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


def _system(parts):
    return any(part.startswith((".", "__MACOSX")) and part not in (".", "..") for part in parts)


def _time(member):
    try:
        return time.mktime((*member.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0
