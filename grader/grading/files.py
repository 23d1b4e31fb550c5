"""One file that was handed in: read once, up to a limit, and only if it is a regular one."""

import os
import stat
from dataclasses import dataclass

from . import bounds


@dataclass
class Found:
    """One file: where it lay below what was given (outermost first), its bytes or what is wrong."""

    inside: tuple
    given: str
    path: str
    data: bytes | None = None
    flag: str | None = None
    handed_in: float = 0.0


class Budgets:
    """What each owner may still hand in: files and bytes."""

    def __init__(self):
        self.files, self.bytes, self.told = {}, {}, set()

    def allows(self, inside):
        """Count one more file of its owner's."""
        self.files[inside[0]] = self.files.get(inside[0], 0) + 1
        return self.files[inside[0]] <= bounds.FILES

    def takes(self, inside, size):
        self.bytes[inside[0]] = self.bytes.get(inside[0], 0) + size
        return self.bytes[inside[0]] <= bounds.UNPACKED

    def once(self, inside):
        """Tell whether this owner is told of it for the first time."""
        first = inside[0] not in self.told
        self.told.add(inside[0])
        return first


def read_file(path, inside, given):
    data, flag, changed = _bytes(path, bounds.NOTEBOOK)
    return Found(inside, given, str(path), data, flag, changed)


def _bytes(path, limit):
    """Read a regular file of a bearable size: (bytes, None, time) or (None, flag, 0)."""
    try:
        with open_regular(path) as file:
            about = os.fstat(file.fileno())
            data = file.read(limit + 1) if about.st_size <= limit else None
    except IsADirectoryError:
        return None, "no-regular-file", 0.0
    except OSError:
        return None, "symlink" if path.is_symlink() else "not-readable", 0.0
    if data is None or len(data) > limit:
        return None, "too-large", 0.0
    return data, None, about.st_mtime


def open_regular(path):
    """Open a regular file; IsADirectoryError for a pipe, a device and their like."""
    if not stat.S_ISREG(os.lstat(path).st_mode) and not path.is_symlink():
        raise IsADirectoryError  # not even opened: a pipe waits, a device may act
    # O_NONBLOCK and a second look: the file may have become a pipe meanwhile
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    file = os.fdopen(os.open(path, flags), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise IsADirectoryError
    return file
