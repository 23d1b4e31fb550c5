"""Every limit of the grade of record, and why it is what it is."""

import contextlib
import signal
import sys
import threading
import time

# --- what a file may be -------------------------------------------------------------------------

NOTEBOOK = 10 << 20  # bytes; stored pictures count
ANSWER = 64 << 10  # characters of one cell
OWN = 256 << 10  # characters of all cells that a student added to one notebook
DEPTH = 12  # folders in folders
FILES = 100  # notebooks and archives of one student
UNPACKED = 64 << 20  # bytes of one student's notebooks together
ENTRIES = 50_000  # files looked at in one folder or archive, whatever they are
LISTING = 16 << 20  # bytes of an archive's table of contents

# --- what the sandbox may do --------------------------------------------------------------------

MEMORY = 3 << 30  # bytes of address space
DISK = 64 << 20  # bytes of /tmp
FILE = 32 << 20  # bytes of one file
CELL = 5  # CPU seconds of one statement of a cell
OWN_SECONDS = (
    30  # seconds by the clock for all that a student added; the one that runs may end later
)
GRACE = 2  # seconds in which a worker has to end a call by itself
READY = 60  # seconds for a worker to start, however busy the machine is

# --- what it may send, before anything is done with it ------------------------------------------

JSON = 4 << 20  # bytes of one frame's text
ARRAYS = 32 << 20  # bytes of one frame's arrays
ITEMS = 100_000  # arrays, numbers and lists of one frame
CALLBACKS = 256 << 20  # bytes of all that one call asks of the checks

# --- what judging it may take -------------------------------------------------------------------

JUDGING = 60  # CPU seconds of this side for one check
HEADROOM = 1 << 30  # bytes of address space on top of what the process holds
CHECK = 600  # seconds by the clock; every check ends itself earlier
SUBMISSION = 1800  # seconds by the clock, should everything hang


def wall(seconds):
    """Return how long a call of so many CPU seconds may sleep or wait."""
    return 20 + 10 * seconds


class TooMuch(BaseException):
    """Judging takes more than it may; no Exception, so that nothing on the way eats it."""


@contextlib.contextmanager
def bounded(seconds=JUDGING, memory=HEADROOM):
    """Raise TooMuch in this main thread beyond the CPU seconds, MemoryError beyond the memory.

    Yields a function that tells whether time ran out, should something have swallowed TooMuch.
    """
    import resource  # here: no Windows has it, and the table of points needs the limits above

    main, done = threading.main_thread().ident, threading.Event()
    clock = time.pthread_getcpuclockid(main)
    end = time.clock_gettime(clock) + seconds

    def stop(signum, frame):
        if not done.is_set():
            raise TooMuch

    def watch():
        while not done.wait(0.2):
            if time.clock_gettime(clock) > end:
                signal.pthread_kill(main, signal.SIGUSR1)

    before = signal.signal(signal.SIGUSR1, stop)
    watcher = threading.Thread(target=watch, daemon=True)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    watcher.start()
    try:
        _set_memory(memory, soft, hard)
        yield lambda: time.clock_gettime(clock) > end
    finally:
        done.set()
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        watcher.join()
        signal.signal(signal.SIGUSR1, before)


def _set_memory(memory, soft, hard):
    if sys.platform != "linux":
        return
    import resource

    with open("/proc/self/statm") as file:
        limit = int(file.read().split()[0]) * resource.getpagesize() + memory
    for other in (soft, hard):
        limit = limit if other == resource.RLIM_INFINITY else min(limit, other)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
