"""When two results count as equal: Outcome and truth → Parts, close or not."""

from dataclasses import dataclass

import numpy as np

from .show import count, show

RTOL = 1e-7
TAIL = 1e-12
EPS32 = float(np.finfo(np.float32).eps)
ULPS = 16  # float32 results may be so many times as far off as the reference run in float32
LOOSEST = 1e-4  # of the size of an entry: where even that run is of no use


class WrongStructure(Exception):
    """The value is not built like the true one: not n things, or not numbers."""


@dataclass(frozen=True)
class Part:
    """One array of an answer beside the true one.

    path says which ("dW", "[0][1]", ""); scale is the largest magnitude among the inputs; slack
    is what float32 costs in this computation (see `float32_error`).
    """

    path: str
    value: np.ndarray
    truth: np.ndarray
    scale: float = 1.0
    rtol: float = RTOL
    slack: np.ndarray | None = None

    @property
    def right(self):
        return self.near(self.truth)

    def near(self, truth):
        """Tell whether the value is this other truth, as exactly as the true one is wanted."""
        return close(self.value, truth, self.scale, self.rtol, self.slack)


def parts(value, truth, names=(), path=""):
    """Pair a plain value with the truth, array by array; a tuple and a list are equally good."""
    if isinstance(truth, (list, tuple)):
        if not isinstance(value, list) or len(value) != len(truth):
            what = f" ({', '.join(names)})" if names else ""
            got = count(len(value), "thing") if isinstance(value, list) else "one array"
            where = f" in {path}" if path else ""
            raise WrongStructure(
                f"Wanted{where}: {count(len(truth), 'thing')}{what}; returned: {got}."
            )
        labels = names or [f"{path}[{i}]" for i in range(len(truth))]
        pairs = zip(value, truth, labels, strict=True)
        return [part for v, t, label in pairs for part in parts(v, t, path=label)]
    return [Part(path, as_array(value), np.asarray(truth))]


def as_array(value):
    """Turn nested lists of equal length into one array."""
    if not isinstance(value, list):
        return value
    items = [as_array(item) for item in value]
    if len({item.shape for item in items}) > 1:
        shapes = ", ".join(str(item.shape) for item in items)
        raise WrongStructure(f"One array is wanted; {len(items)} things were returned ({shapes}).")
    return np.array(items) if items else np.zeros(0)


def is_float32(value):
    """Tell whether a result carries float32's precision, in its dtype or in its digits."""
    if value.dtype == np.float32:
        return True
    if value.dtype != np.float64 or not np.all(np.isfinite(value)):
        return False
    with np.errstate(all="ignore"):
        single, half = value.astype(np.float32), value.astype(np.float16)
    return bool(np.all(single == value) and np.any(half != value))


def close(value, truth, scale=1.0, rtol=RTOL, slack=None):
    """Compare two arrays of one shape.

    A float32 result is allowed `slack`, float32's own error in this computation, and without it
    a few units in the last place of the largest entry; it may also round a tail down to 0, though
    not invent one.
    """
    value, truth = np.asarray(value), np.asarray(truth, dtype=np.float64)
    if value.shape != truth.shape:
        return False
    largest = float(np.max(np.abs(truth), initial=0.0, where=np.isfinite(truth)))
    allowed = TAIL + 4e-15 * max(largest, scale)
    single = bool(rtol) and is_float32(value)
    if single:
        rtol = max(rtol, ULPS / 2 * EPS32)
        allowed += ULPS * EPS32 * largest if slack is None or slack.shape != truth.shape else slack
    with np.errstate(all="ignore"):
        allowed = allowed + rtol * np.abs(truth) if rtol else 0.0
        near = np.abs(value.astype(np.float64) - truth) <= allowed
        if single:
            near |= (np.abs(truth) < EPS32) & (np.abs(value) <= np.abs(truth))
    return bool(np.all(near))


def float32_error(reference, args):
    """Return how far float32 alone takes this computation off, an array for each of its parts.

    The reference is run in float32, on the inputs rounded to it and moved by as little as
    rounding moves them: the largest error of a part, ULPS times, is what its entries are allowed.
    Where that run is of no use, LOOSEST is the limit, though none below rounding beside a 1.
    """
    truth = parts_of(reference(*args))
    worst = [np.zeros(np.shape(t)) for t in truth]
    rng = np.random.default_rng(0)
    with np.errstate(all="ignore"):
        for size in (0.0, EPS32, EPS32, EPS32):
            single = parts_of(reference(*(_rounded(arg, size, rng) for arg in args)))
            for i, (s, t) in enumerate(zip(single, truth, strict=True)):
                error = np.abs(np.asarray(s, np.float64) - t)
                worst[i] = np.maximum(worst[i], np.where(np.isfinite(error), error, np.inf))
    return [
        np.full(np.shape(t), min(ULPS * np.max(w, initial=0.0), _loosest(t)))
        for w, t in zip(worst, truth, strict=True)
    ]


def _loosest(truth):
    return max(LOOSEST * np.max(np.abs(truth), initial=0.0), ULPS * EPS32)


def parts_of(value):
    """Return the arrays of a nested result in order."""
    if isinstance(value, (list, tuple)):
        return [part for item in value for part in parts_of(item)]
    return [np.asarray(value)]


def _rounded(arg, size, rng):
    if isinstance(arg, (list, tuple)):
        return type(arg)(_rounded(item, size, rng) for item in arg)
    if isinstance(arg, np.ndarray) and arg.dtype == np.float64:
        return (arg * (1 + size * rng.uniform(-1, 1, arg.shape))).astype(np.float32)
    return arg


def same(value, other):
    """Compare two results of wrong answers: NaN equals NaN, inf equals inf."""
    if isinstance(value, list) and isinstance(other, list):
        return len(value) == len(other) and all(map(same, value, other))
    try:
        value, other = as_array(value), as_array(other)  # rows in a list are as good as an array
    except WrongStructure:
        return False
    if value.shape != other.shape:
        return False

    def within(rtol):
        return np.allclose(
            value.astype(np.float64), other.astype(np.float64), rtol, atol=1e-11, equal_nan=True
        )

    # Most are far apart, which is soon seen; whether one has float32's digits only where not.
    return within(1e-4) and (within(RTOL) or is_float32(value) or is_float32(other))


def equal(value, other):
    """Compare what one answer returned at two times."""
    try:
        value, other = as_array(value), as_array(other)  # at once: a list may be long
    except WrongStructure:
        pass
    if isinstance(value, list):
        return (
            isinstance(other, list) and len(value) == len(other) and all(map(equal, value, other))
        )
    if isinstance(other, list) or value.shape != other.shape:
        return False
    return np.allclose(value, other, rtol=1e-10, atol=1e-14, equal_nan=True)


def first_difference(part):
    """Name the first wrong entry of a large array: "at [2, 1]: yours 3.0, true 4.0"."""
    slack = part.slack
    for index in np.ndindex(part.truth.shape):
        allowed = None if slack is None else slack[index]
        value, truth = part.value[index], part.truth[index]
        if not close(value, truth, part.scale, part.rtol, allowed):
            return f"at {list(index)}: yours {show(value)}, true {show(truth)}"
    return "all entries are close, yet not all close enough"
