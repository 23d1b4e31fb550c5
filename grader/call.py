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
import inspect
import sys
import warnings
from dataclasses import dataclass
from itertools import islice

import numpy as np

from .explain import Failure, Refused, explain
from .floating import warned
from .limits import cpu_clock, limits, silence

LAYOUTS = ("plain", "read-only", "fortran", "strided")
MAX_ITEMS = 100_000  # taken from an iterable

_NUMPY_SCALARS = frozenset(np.sctypeDict.values())


@dataclass(frozen=True)
class Rng:
    """An argument that reaches the learner as ``np.random.default_rng(seed)``."""

    seed: int


@dataclass(frozen=True)
class Outcome:
    """What one call did: its plain value or its failure, and everything else worth knowing."""

    value: object = None
    failure: Failure | None = None
    warnings: tuple = ()
    changed: tuple = ()  # (position, value afterwards) of each argument that was written to
    shared: tuple = ()  # position of each argument that the value is or has memory of
    seconds: float = 0.0  # in which it computed
    kept: object = None  # the caller's own handle on what was returned, for `Caller.again`


class Caller:
    """Calls one function of the learner's; subclasses say where it lives."""

    def __call__(self, *args, layout="plain", expects="value", seconds=2.0):
        """Return the Outcome of one call.

        layout: how the arrays lie in memory, one of LAYOUTS.  expects: "value", "function" or
        "iterable" (an iterable is collected into a list).  seconds: the limit of CPU seconds.
        """
        raise NotImplementedError

    def again(self, outcome):
        """Return what the value returned earlier looks like now, after later calls."""
        raise NotImplementedError

    def beside(self, name):
        """Return the caller of another function that is defined beside this one, or None."""
        return None


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

    def __init__(self, function, *, limited=True):
        self.function, self.limited = function, limited

    def __call__(self, *args, layout="plain", expects="value", seconds=2.0):
        if self.function is None:
            text = "No function is there: nothing has the task's name."
            return Outcome(failure=Failure("not-defined", text))
        if not callable(self.function):
            text = (
                f"A function is wanted; this is an object of type {type(self.function).__name__}."
            )
            return Outcome(failure=Failure("not-callable", text))
        given = [_lay_out(arg, layout) for arg in args]
        value, raw, failure, shared = None, None, None, ()
        clock = cpu_clock()
        start = clock()
        with warnings.catch_warnings(record=True) as caught, warned():
            warnings.simplefilter("always")
            try:
                with silence(), limits(seconds) if self.limited else contextlib.nullcontext():
                    raw = self.function(*given)
                    value, raw = self._take(raw, expects)
                    shared = tuple(i for i, arg in enumerate(given) if _shares(raw, arg))
            except BaseException as error:  # an answer may raise anything, SystemExit included
                failure = explain(error, seconds)
                error.__traceback__ = None
        return Outcome(
            value=value,
            failure=failure,
            warnings=tuple(
                str(w.message) for w in caught if issubclass(w.category, RuntimeWarning)
            ),
            changed=tuple(
                (i, after)
                for i, (before, after) in enumerate(zip(args, given, strict=True))
                if not _identical(before, after)
            ),
            shared=shared,
            seconds=clock() - start,
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
                raise Refused(
                    "wrong-type", f"It returns an object of type {what}, not an iterable."
                )
            raw = list(islice(iter(raw), MAX_ITEMS))
        return plain(raw), raw

    def again(self, outcome):
        return plain(outcome.kept)

    def beside(self, name):
        # A partial, an object that can be called and the like have no globals of their own.
        function = inspect.unwrap(getattr(self.function, "func", self.function))
        for names in (getattr(function, "__globals__", {}), vars(sys.modules["__main__"])):
            if callable(names.get(name)):
                return InProcess(names[name])
        return None


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
    if isinstance(before, (bool, int, float)):
        return before is after or before == after
    return True


def _shares(result, arg):
    """Tell whether a result is an argument or holds a view of it."""
    if isinstance(result, (list, tuple)):
        return (result is arg and bool(arg)) or any(_shares(item, arg) for item in result)
    if isinstance(arg, (list, tuple)):
        return any(_shares(result, item) for item in arg)
    arrays = isinstance(result, np.ndarray) and isinstance(arg, np.ndarray)
    return arrays and np.may_share_memory(np.ndarray.view(result, np.ndarray), arg)
