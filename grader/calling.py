"""The seam between a check and a learner's function.

A check calls the learner's function only through a `Caller`, with arrays and plain values, and
gets back an `Outcome` made of arrays and plain values.  `InProcess` is the caller of a notebook;
a sandbox supplies another with the same two methods, and no check can tell the difference.

What may cross the seam
    going in: arrays, numbers, strings, None, lists and tuples of these; `Rng(seed)`, which arrives
    as ``np.random.default_rng(seed)``; a trusted function of plain values (it is called back).
    coming out: `plain` values (below), or, where the task asks for a function, another `Caller`.
"""

import contextlib
import io
import linecache
import os
import signal
import sys
import threading
import time
import traceback
import warnings
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

LAYOUTS = ("plain", "read-only", "fortran", "strided")
MEMORY = 2 << 30  # bytes an answer may allocate on top of what the process holds
MAX_ITEMS = 100_000  # taken from an iterable

_NUMPY_SCALARS = frozenset(np.sctypeDict.values())
_HERE = str(Path(__file__).parent)
_NUMPY = str(Path(np.__file__).parent)
_STDLIB = str(Path(os.__file__).parent)


@dataclass(frozen=True)
class Rng:
    """An argument that reaches the learner as ``np.random.default_rng(seed)``."""

    seed: int


@dataclass(frozen=True)
class Failure:
    """Why a call gave no value: kind is a mistake tag, text one sentence, line the learner's."""

    kind: str
    text: str
    line: str = ""


@dataclass(frozen=True)
class Outcome:
    """What one call did: its plain value or its failure, and everything else worth knowing."""

    value: object = None
    failure: Failure | None = None
    warnings: tuple = ()
    changed: tuple = ()  # (position, value afterwards) of each argument that was written to
    shared: tuple = ()  # position of each argument that the value is or has memory of
    seconds: float = 0.0
    kept: object = None  # the caller's own handle on what was returned, for `Caller.again`


class Caller:
    """Calls one function of the learner's; subclasses say where it lives."""

    def __call__(self, *args, layout="plain", expects="value", seconds=2.0):
        """Return the Outcome of one call.

        layout: how the arrays lie in memory, one of LAYOUTS.  expects: "value", "function" or
        "iterable" (an iterable is collected into a list).  seconds: the time limit.
        """
        raise NotImplementedError

    def again(self, outcome):
        """Return what the value returned earlier looks like now, after later calls."""
        raise NotImplementedError


class Refused(Exception):
    """The answer returned something that is not numbers; the tag and the sentence say what."""

    def __init__(self, tag, text):
        super().__init__(text)
        self.tag = tag


def plain(value):
    """Copy what a function returned into exact ndarrays, lists of them, strings and None.

    Only true arrays, lists, tuples and Python and NumPy numbers are taken, by their type and not
    by what they say about themselves, so an object that claims to equal everything is refused.
    """
    kind = type(value)
    if issubclass(kind, np.ndarray):
        array = np.array(np.ndarray.view(value, np.ndarray), order="C")
    elif kind in _NUMPY_SCALARS or kind in (bool, float):
        array = np.array(value)
    elif kind is int:
        array = np.array(value if abs(value) < 2**63 else float(value))
    elif issubclass(kind, tuple):
        return [plain(item) for item in tuple.__iter__(value)]
    elif issubclass(kind, list):
        return [plain(item) for item in list.__iter__(value)]
    elif value is None:
        raise Refused("returns-none", "It returns None: is the `return` missing?")
    elif kind.__name__ in ("generator", "coroutine"):
        value.close()
        raise Refused("wrong-type", f"It returns a {kind.__name__}, not numbers.")
    else:
        raise Refused("wrong-type", f"It returns an object of type {kind.__name__}, not numbers.")
    if array.dtype.kind == "c":
        raise Refused("wrong-type", "It returns complex numbers; real ones are wanted.")
    if array.dtype.kind not in "biuf":
        raise Refused("wrong-type", f"It returns an array of dtype {array.dtype}, not numbers.")
    if array.dtype.itemsize > 8:
        array = array.astype(np.float64)
    return array.astype(array.dtype.newbyteorder("="))


class InProcess(Caller):
    """The caller of a notebook: the function lives in this very process."""

    def __init__(self, function):
        self.function = function

    def __call__(self, *args, layout="plain", expects="value", seconds=2.0):
        if not callable(self.function):
            text = f"A function is wanted; this is an object of type {type(self.function).__name__}."
            return Outcome(failure=Failure("not-callable", text))
        given = [_lay_out(arg, layout) for arg in args]
        value, raw, failure, shared = None, None, None, ()
        start = time.perf_counter()
        with warnings.catch_warnings(record=True) as caught, _default_floating_point():
            warnings.simplefilter("always")
            try:
                with _silence(), limits(seconds):
                    raw = self.function(*given)
                    value, raw = self._take(raw, expects)
                    shared = tuple(i for i, arg in enumerate(given) if _shares(raw, arg))
            except BaseException as error:  # an answer may raise anything, SystemExit included
                failure = _explain(error, seconds)
                error.__traceback__ = None
        return Outcome(
            value=value,
            failure=failure,
            warnings=tuple(str(w.message) for w in caught if issubclass(w.category, RuntimeWarning)),
            changed=tuple(
                (i, after)
                for i, (before, after) in enumerate(zip(args, given, strict=True))
                if not _identical(before, after)
            ),
            shared=shared,
            seconds=time.perf_counter() - start,
            kept=raw,
        )

    def _take(self, raw, expects):
        if expects == "function":
            if not callable(raw):
                if raw is None:
                    plain(raw)  # says so
                what = type(raw).__name__
                raise Refused("wrong-type", f"It returns an object of type {what}, not a function.")
            return InProcess(raw), None
        if expects == "iterable" and not isinstance(raw, (np.ndarray, list, tuple)):
            if not hasattr(type(raw), "__iter__"):
                plain(raw)  # says what is wrong with None and its like
                what = type(raw).__name__
                raise Refused("wrong-type", f"It returns an object of type {what}, not an iterable.")
            raw = list(islice(iter(raw), MAX_ITEMS))
        return plain(raw), raw

    def again(self, outcome):
        return plain(outcome.kept)


def _lay_out(arg, layout):
    """Copy an argument for the learner, its arrays laid out in memory as asked."""
    if isinstance(arg, Rng):
        return np.random.default_rng(arg.seed)
    if isinstance(arg, (list, tuple)):
        return type(arg)(_lay_out(item, layout) for item in arg)
    if not isinstance(arg, np.ndarray):
        return arg
    if layout == "strided" and arg.ndim:
        wide = np.zeros(tuple(2 * n for n in arg.shape), arg.dtype)
        view = wide[tuple(slice(None, None, 2) for _ in arg.shape)]
        view[...] = arg
        return view
    copy = arg.copy(order="F" if layout == "fortran" else "C")
    copy.flags.writeable = layout != "read-only"
    return copy


def _identical(before, after):
    if isinstance(before, np.ndarray):
        same_kind = before.shape == after.shape and before.dtype == after.dtype
        return same_kind and np.array_equal(before, after, equal_nan=before.dtype.kind == "f")
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(map(_identical, before, after))
    return True


def _shares(result, arg):
    """Tell whether a result is an argument or holds a view of it."""
    if isinstance(result, (list, tuple)):
        return (result is arg and bool(arg)) or any(_shares(item, arg) for item in result)
    if isinstance(arg, (list, tuple)):
        return any(_shares(result, item) for item in arg)
    arrays = isinstance(result, np.ndarray) and isinstance(arg, np.ndarray)
    return arrays and np.may_share_memory(np.ndarray.view(result, np.ndarray), arg)


def _is_learners(frame):
    own = (_HERE, _NUMPY, _STDLIB, "<frozen", "<__array_function__")
    return not frame.f_code.co_filename.startswith(own)


def _explain(error, seconds):
    """Turn what an answer raised into a Failure with the learner's own line."""
    name, line, ours = type(error).__name__, "", False
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        ours = _is_learners(frame)
        if ours:
            source = linecache.getline(frame.f_code.co_filename, number).strip()[:120]
            line = f"line {number} of {frame.f_code.co_name}" + (f":  {source}" if source else "")
            break
    try:
        message = str(error)[:300]
    except BaseException:
        message = ""
    if isinstance(error, NotImplementedError):
        return Failure("not-answered", "Not answered yet.", line)
    if isinstance(error, OutOfTime):
        text = f"It had not finished after {seconds:.1f} s: does every loop end?"
        return Failure("endless-loop", text, line)
    if isinstance(error, MemoryError):
        text = "It asked for more memory than there is: is an array far larger than it has to be?"
        return Failure("too-much-memory", text, line)
    if isinstance(error, Refused):
        return Failure(error.tag, message)
    if isinstance(error, TypeError) and not ours:
        return Failure("wrong-arguments", f"It cannot be called like this: {message}")
    return Failure("raises", f"{name}: {message}" if message else name, line)


# --- what surrounds a call ----------------------------------------------------------------------


class OutOfTime(BaseException):
    """Not an Exception, so an answer's own ``except Exception`` does not swallow it."""


class _Sink(io.TextIOBase):
    def write(self, text):
        return len(text)


@contextlib.contextmanager
def _silence():
    with contextlib.redirect_stdout(_Sink()), contextlib.redirect_stderr(_Sink()):
        yield


def _default_floating_point():
    return np.errstate(divide="warn", over="warn", under="ignore", invalid="warn")


@contextlib.contextmanager
def limits(seconds):
    """End what runs inside after some seconds (OutOfTime) or beyond MEMORY (MemoryError)."""
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
        # Never inside the clean-up below: a timer that outlives its handler ends the whole process.
        if running and _learner_runs(frame, owner):
            _trace_handlers(frame)
            raise OutOfTime

    start = time.monotonic()
    owner = sys._getframe()
    while owner.f_code.co_filename == contextlib.__file__ or owner.f_code.co_name in _CLOCK:
        owner = owner.f_back
    tracer = sys.gettrace()
    handler = signal.signal(signal.SIGALRM, ring)
    # It rings again and again, because a bare `except:` in the answer may swallow the first one.
    remaining, interval = signal.setitimer(signal.ITIMER_REAL, seconds, 0.01)
    try:
        yield
    finally:
        running = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.settrace(tracer)
        signal.signal(signal.SIGALRM, handler)
        if remaining:
            left = max(remaining - (time.monotonic() - start), 0.001)
            signal.setitimer(signal.ITIMER_REAL, left, interval)


_CLOCK = ("limits", "_alarm")


def _learner_runs(frame, owner):
    """Tell whether a frame of the learner's stands above the one that set the clock."""
    while frame and frame is not owner:
        if _is_learners(frame):
            return True
        frame = frame.f_back
    return False


def _trace_handlers(frame):
    """Raise OutOfTime once more on the first line of an `except` body that swallows it."""

    def look(frame, event, arg):
        if not _is_learners(frame):
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
    deadline = time.monotonic() + seconds

    def look(frame, event, arg):
        if not _is_learners(frame):
            return None
        if time.monotonic() > deadline:
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
