"""Temporary folders that outlive nobody: locked while their process lives, else swept away.

A process that is killed removes nothing; whoever makes the next folder does it instead.
"""

import contextlib
import os
import re
import shutil
import stat
import tempfile
import weakref

PREFIX = "mlp-lib-grade-"
OURS = re.compile(re.escape(PREFIX) + r"\w{8}")  # as tempfile names them


class Scratch:
    """A temporary folder at .path, until `remove` or the end of this process."""

    def __init__(self):
        import fcntl  # here: no Windows has it

        sweep()
        while True:
            self.path = tempfile.mkdtemp(prefix=PREFIX)
            with contextlib.suppress(FileNotFoundError):  # swept before it was locked: another one
                lock = os.open(self.path, os.O_RDONLY)
                fcntl.flock(lock, fcntl.LOCK_EX)
                self.remove = weakref.finalize(self, _remove, self.path, lock)
                if os.path.exists(self.path):
                    return
                self.remove()


def _remove(path, lock):
    shutil.rmtree(path, ignore_errors=True)
    os.close(lock)


def sweep():
    """Remove this user's folders whose process is dead."""
    import fcntl

    with os.scandir(tempfile.gettempdir()) as entries:
        ours = [entry for entry in entries if OURS.fullmatch(entry.name)]
    for entry in ours:
        with contextlib.suppress(OSError):  # it is in use, somebody else's, or gone meanwhile
            about = entry.stat(follow_symlinks=False)
            if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid():
                continue
            lock = os.open(entry.path, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(entry.path, ignore_errors=True)
            finally:
                os.close(lock)
