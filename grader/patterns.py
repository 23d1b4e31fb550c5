"""What is wrong with an answer that matches no known mistake: the pattern, measured.

Every test looks at all samples at once, so that a pattern is only named when it explains
everything that was seen.
"""

from dataclasses import dataclass

import numpy as np

from . import formulas
from .compare import Part, close
from .diagnosis import Diagnosis
from .show import count, multiple


@dataclass(frozen=True)
class Sample:
    """One call: an array of the answer beside the true one (None if the call failed), its case."""

    part: Part | None
    case: object
    sizes: dict  # N, D, …

    @property
    def value(self):
        return self.part.value

    @property
    def truth(self):
        return self.part.truth

    @property
    def right(self):
        return self.part is not None and self.part.right

    def alike(self, value, truth):
        return close(value, truth, self.part.scale, self.part.rtol, self.part.slack)


def measure(samples):
    """Return the Diagnosis that describes these samples, at least one of which is wrong.

    Its case is set where one call shows the pattern better than the smallest one that failed.
    """
    right = [s for s in samples if s.right]
    wrong = [s for s in samples if not s.right]
    subset = _subset(right, wrong)
    whole = [s for s in wrong if s.part]
    if subset or not whole:
        fails = Diagnosis("wrong-value", "The call fails on some inputs.", "Try them one by one.")
        return subset or fails
    known = [s for s in samples if s.part]
    if any(s.value.shape != s.truth.shape for s in whole):
        return _shape(whole)
    return (
        _dtype(whole)
        or _not_finite(whole)
        or formulas.factor(known)
        or formulas.elementwise(known)
        or _transposed(known)
        or _rows(whole)
        or _precision(whole)
        or _size_of_error(whole)
    )


def _subset(right, wrong):
    """Right on some kinds of input only."""
    if not right:
        return None
    if all(s.case.square for s in right) and not any(s.case.square for s in wrong):
        return Diagnosis(
            "only-square",
            "It is right only when the matrices are square.",
            "Somewhere a transpose is wrong: write the shape of every factor beside it and try "
            "sizes that all differ.",
        )
    for name in dict.fromkeys(name for s in wrong for name in s.sizes):
        ones = [s.sizes.get(name) == 1 for s in right], [s.sizes.get(name) == 1 for s in wrong]
        if all(ones[0]) and not any(ones[1]):
            return Diagnosis(
                f"only-{name.lower()}-one",
                f"It is right only when {name} = 1.",
                f"Check what you do along the axis of length {name}: which axis is summed, and is "
                f"it divided by the right count?",
            )
    return None


def _shape(whole):
    s = min((s for s in whole if s.value.shape != s.truth.shape), key=lambda s: s.truth.size)
    said = f"The shape is {s.value.shape} and has to be {s.truth.shape}"
    odd = [s for s in whole if s.value.shape != s.truth.shape]
    if all(s.alike(s.value.T, s.truth) for s in odd):
        return Diagnosis(
            "transposed", "It is transposed: " + said.lower() + ".", "Exchange the axes."
        )
    if all(s.value.size == s.truth.size for s in odd):
        numbers = all(s.alike(s.value.reshape(s.truth.shape), s.truth) for s in odd)
        if numbers:
            return Diagnosis(
                "wrong-shape",
                f"The numbers are right, the shape is not. {said}.",
                "Look at `keepdims`, `squeeze` and `reshape`: is an axis too many or too few kept?",
            )
    if all(s.value.ndim < s.truth.ndim for s in odd):
        advice = "An axis was summed or averaged away that has to stay: which `axis` do you name?"
    elif all(s.value.ndim > s.truth.ndim for s in odd):
        advice = "An axis is left that has to go: is a sum missing, or its `axis`?"
    else:
        advice = "Write the shape of every factor beside it: where does the result's shape arise?"
    return Diagnosis("wrong-shape", said + ".", advice)


def _dtype(whole):
    if all(s.value.dtype.kind in "iub" for s in whole):
        if all(np.all(np.abs(s.value.astype(float) - s.truth) <= 1) for s in whole):
            return Diagnosis(
                "integer-dtype",
                "The result is an array of integers: everything after the decimal point is lost.",
                "Find where the array is made: `np.zeros(shape)` holds floats, `dtype=int` and "
                "`zeros_like` of integers do not.",
            )
    return None


def _not_finite(whole):
    for s in whole:
        if not np.all(np.isfinite(s.value)):
            what = "NaN" if np.any(np.isnan(s.value)) else "infinity"
            return Diagnosis(
                "not-finite",
                f"The result contains {what}.",
                "Print the intermediate values: where does the first NaN or inf appear, and what "
                "was divided by zero or overflowed there?",
                case=s.case,
            )
    return None


def _transposed(known):
    if all(s.truth.ndim == 2 and s.alike(s.value.T, s.truth) for s in known):
        return Diagnosis("transposed", "It is transposed.", "Exchange the axes.")
    return None


def _rows(whole):
    """Rows, or columns, of which some are right in every sample."""
    tall = [s for s in whole if s.truth.ndim == 2 and min(s.truth.shape) > 1]
    if not tall:
        return None
    for axis, name in ((0, "row"), (1, "column")):
        good = []
        for s in tall:
            v, t = np.moveaxis(s.value, axis, 0), np.moveaxis(s.truth, axis, 0)
            good.append([s.alike(a, b) for a, b in zip(v, t, strict=True)])
        for which, index in (("first", 0), ("last", -1)):
            others = [g[1:] if index == 0 else g[:-1] for g in good]
            if all(g[index] for g in good) and not any(any(o) for o in others):
                return Diagnosis(
                    f"only-{which}-{name}",
                    f"Only the {which} {name} is right, the others are wrong.",
                    f"Does your loop run over every {name}, and does `return` stand outside it?",
                )
            if not any(g[index] for g in good) and all(all(o) for o in others):
                return Diagnosis(
                    f"{which}-{name}-wrong",
                    f"Every {name} is right but the {which}.",
                    f"Does your loop or slice reach the {which} {name}?",
                )
    return None


def _precision(whole):
    worst = max(_relative_error(s) for s in whole)
    if worst < 1e-3:
        return Diagnosis(
            "low-precision",
            f"It is right to {_digits(worst)} and has to be right to 7.",
            "Look for a rounded constant, an added 1e-something, or a numerical gradient.",
        )
    return None


def _size_of_error(whole):
    worst = max(_relative_error(s) for s in whole)
    return Diagnosis(
        "wrong-value",
        f"The numbers differ from the true ones ({multiple(worst)}) "
        "and follow no pattern known here.",
        "Work the small input below by hand and compare after every step.",
    )


def _digits(error):
    digits = max(int(-np.log10(error)), 1)
    return count(digits, "digit")


def _relative_error(s):
    size = float(np.max(np.abs(s.truth), initial=1e-300))
    return float(np.max(np.abs(s.value.astype(float) - s.truth), initial=0.0)) / size
