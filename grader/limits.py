"""What surrounds a learner's code: a limit of CPU seconds, one of memory, and silence."""

import contextlib
import io
import os
import signal
import sys
import threading
import time
from pathlib import Path

import numpy as np

MEMORY = 2 << 30  # bytes an answer may allocate on top of what the process holds

_HERE = str(Path(__file__).parent)
_NUMPY = str(Path(np.__file__).parent)
_STDLIB = str(Path(os.__file__).parent)
_OURS = (_HERE, _NUMPY, _STDLIB, "<frozen", "<__array_function__")


class OutOfTime(BaseException):
    """Not an Exception, so an answer's own ``except Exception`` does not swallow it."""


def wall(seconds):
    """Return after how many seconds by the clock a call is ended that computes for fewer.

    So generous that a busy machine changes no verdict: it ends what sleeps or waits for ever.
    """
    return max(20.0, 10.0 * seconds)


def allowed(seconds):
    """Return how long this Python may take for what takes another these CPU seconds.

    A browser's has only the clock on the wall, on a machine that may be busy, and is slower itself.
    """
    return 5.0 * seconds if sys.platform == "emscripten" else seconds


def is_learners(frame):
    return not frame.f_code.co_filename.startswith(_OURS)


def cpu_clock():
    """Return the clock that counts only the seconds in which this thread or process computes."""
    if sys.platform == "emscripten":
        return time.monotonic  # its process clock stands still
    main = threading.current_thread() is threading.main_thread()
    return time.process_time if main else time.thread_time


@contextlib.contextmanager
def limits(seconds):
    """End what runs inside: OutOfTime after these CPU seconds, MemoryError beyond MEMORY."""
    by_signal = (
        hasattr(signal, "setitimer")
        and sys.platform != "emscripten"
        and threading.current_thread() is threading.main_thread()
    )
    with _memory_limit(), (_alarm if by_signal else _trace)(max(seconds, 0.01)):
        yield


@contextlib.contextmanager
def _alarm(seconds):
    running = True

    def ring(signum, frame):
        # Never inside the clean-up below: a timer that outlives its handler ends the process.
        if running and _learner_runs(frame, owner):
            _trace_handlers(frame)
            raise OutOfTime

    start = time.monotonic()
    owner = sys._getframe()
    while owner.f_code.co_filename == contextlib.__file__ or owner.f_code.co_name in _CLOCK:
        owner = owner.f_back
    tracer = sys.gettrace()
    handlers = {number: signal.signal(number, ring) for number in (signal.SIGPROF, signal.SIGALRM)}
    # They ring again and again, because a bare `except:` in the answer may swallow the first one.
    signal.setitimer(signal.ITIMER_PROF, seconds, 0.01)
    remaining, interval = signal.setitimer(signal.ITIMER_REAL, wall(seconds), 0.01)
    try:
        yield
    finally:
        running = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.settrace(tracer)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if remaining:
            left = max(remaining - (time.monotonic() - start), 0.001)
            signal.setitimer(signal.ITIMER_REAL, left, interval)


_CLOCK = ("limits", "_alarm")


def _learner_runs(frame, owner):
    """Tell whether a frame of the learner's stands above the one that set the clock."""
    while frame and frame is not owner:
        if is_learners(frame):
            return True
        frame = frame.f_back
    return False


def _trace_handlers(frame):
    """Raise OutOfTime once more on the first line of an `except` body that swallows it."""

    def look(frame, event, arg):
        if not is_learners(frame):
            return None
        if event == "line" and isinstance(sys.exc_info()[1], OutOfTime):
            raise OutOfTime
        return look

    sys.settrace(look)
    while frame and not frame.f_code.co_filename.startswith(_HERE):
        frame.f_trace = look
        frame = frame.f_back


@contextlib.contextmanager
def _trace(seconds):
    """The portable clock: looks at the time before every instruction of the learner's code."""
    clock = cpu_clock()
    computed, waited = clock() + seconds, time.monotonic() + wall(seconds)

    def look(frame, event, arg):
        if not is_learners(frame):
            return None
        if clock() > computed or time.monotonic() > waited:
            raise OutOfTime
        frame.f_trace_opcodes = True  # `while True: pass` has no second line to stop at
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        yield
    finally:
        sys.settrace(before)


@contextlib.contextmanager
def _memory_limit():
    if sys.platform != "linux":
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    for other in (soft, hard):
        if other != resource.RLIM_INFINITY:
            limit = min(limit, other)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


class _Sink(io.TextIOBase):
    def write(self, text):
        return len(text)


@contextlib.contextmanager
def silence():
    with contextlib.redirect_stdout(_Sink()), contextlib.redirect_stderr(_Sink()):
        yield
