"""When two results count as equal, and how they are shown to a learner."""

from dataclasses import dataclass

import numpy as np

RTOL = 1e-7
RTOL_FLOAT32 = 1e-4
TAIL = 1e-12


class WrongStructure(Exception):
    """The value is not built like the true one: not n things, or not numbers."""


@dataclass(frozen=True)
class Part:
    """One array of the answer beside the true one; path says which ("dW", "[0][1]", "")."""

    path: str
    value: np.ndarray
    truth: np.ndarray


def parts(value, truth, names=(), path=""):
    """Pair a plain value with the truth, array by array; a tuple and a list are equally good."""
    if isinstance(truth, (list, tuple)):
        if not isinstance(value, list) or len(value) != len(truth):
            what = f" ({', '.join(names)})" if names else ""
            got = f"{len(value)} were" if isinstance(value, list) else "one array was"
            where = f" in {path}" if path else ""
            raise WrongStructure(f"{len(truth)} things{what} are wanted{where}; {got} returned.")
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


def close(value, truth, scale=1.0, rtol=RTOL):
    """Compare two arrays of one shape; scale is the largest magnitude among the inputs."""
    value, truth = np.asarray(value), np.asarray(truth, dtype=np.float64)
    if value.shape != truth.shape:
        return False
    largest = float(np.max(np.abs(truth), initial=0.0, where=np.isfinite(truth)))
    atol = TAIL + 4e-15 * max(largest, scale)
    if is_float32(value) and rtol:
        rtol = max(rtol, RTOL_FLOAT32)
        atol = 1e-5 * largest + 2e-7 * scale
    if not rtol:
        atol = 0.0
    with np.errstate(all="ignore"):
        near = np.abs(value.astype(np.float64) - truth) <= atol + rtol * np.abs(truth)
    return bool(np.all(near))


def same(value, other):
    """Compare two results of wrong answers: NaN equals NaN, inf equals inf."""
    if value.shape != other.shape:
        return False
    value, other = value.astype(np.float64), other.astype(np.float64)
    tolerance = RTOL_FLOAT32 if is_float32(value) or is_float32(other) else RTOL
    return np.allclose(value, other, rtol=tolerance, atol=1e-11, equal_nan=True)


def show(value, limit=12):
    """Write an argument or a result the way a learner would type it."""
    if isinstance(value, np.ndarray):
        if value.size > limit:
            return f"an array of shape {value.shape}"
        if value.ndim == 0:
            return _number(value.item())
        return "[" + ", ".join(show(row) for row in value) + "]"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(show(item, limit) for item in value) + "]"
    if isinstance(value, np.generic):
        return _number(value.item())
    if isinstance(value, float):
        return _number(value)
    if callable(value):
        return (value.__doc__ or value.__name__).strip()
    if hasattr(value, "seed"):
        return f"np.random.default_rng({value.seed})"
    return repr(value)


def _number(x):
    if isinstance(x, (bool, int)):
        return repr(x)
    return repr(float(f"{x:.7g}"))


def first_difference(part, scale, rtol):
    """Name the first wrong entry of a large array: "at [2, 1]: yours 3.0, true 4.0"."""
    for index in np.ndindex(part.truth.shape):
        if not close(part.value[index], part.truth[index], scale, rtol):
            return f"at {list(index)}: yours {show(part.value[index])}, true {show(part.truth[index])}"
    return "all entries are close, yet not all close enough"
