"""What is wrong with an answer whose every entry is the true one under one formula."""

import itertools

import numpy as np

from .diagnosis import Diagnosis


def factor(known):
    """The truth times a constant, or times a product of sizes."""
    known = [s for s in known if np.any(s.truth)]
    if not known:
        return None
    ratios = []
    for s in known:
        i = np.argmax(np.abs(s.truth))
        ratio = float(s.value.flat[i] / s.truth.flat[i])
        if ratio == 0 or not s.alike(s.value, ratio * s.truth):
            return None
        ratios.append(ratio)
    sign = " and the sign is wrong" if ratios[0] < 0 else ""
    if np.allclose(ratios, -1, rtol=1e-6):
        return Diagnosis(
            "wrong-sign",
            "The sign is wrong: every entry is the true one times −1.",
            "Look for a difference taken the wrong way round, or a minus too few or too many.",
        )
    size = np.abs(ratios)
    if np.allclose(size, size[0], rtol=1e-6):
        base_2 = " That is 1/ln 2: a logarithm to base 2." if np.isclose(size[0], 1.442695) else ""
        return Diagnosis(
            "constant-factor",
            f"It is exactly {_times(size[0])}{sign}.{base_2}",
            "Compare your formula with the task's, factor by factor.",
        )
    names = list(dict.fromkeys(n for s in known for n in s.sizes))
    for product in [c for k in (1, 2) for c in itertools.combinations(names, k)]:
        counts = np.array([np.prod([s.sizes.get(n, np.nan) for n in product]) for s in known])
        for quotient, what in ((size / counts, "large"), (1 / size / counts, "small")):
            if np.allclose(quotient, quotient[0], rtol=1e-6):
                number = [] if np.isclose(quotient[0], 1) else [f"{quotient[0]:.6g}"]
                return Diagnosis(
                    "constant-factor",
                    f"It is exactly {'·'.join([*number, *product])} times too {what}{sign}.",
                    "Look for a mean that has to be a sum or the other way round, and for a factor "
                    "that appears twice or not at all.",
                )
    return None


def _times(factor):
    large = factor > 1
    return f"{factor if large else 1 / factor:.6g} times too {'large' if large else 'small'}"


def elementwise(known):
    """The truth plus a constant, squared, under a root, turned over, without its signs, or 0."""

    def always(f):
        with np.errstate(all="ignore"):
            return all(s.alike(s.value, f(s.truth)) for s in known)

    if all(s.truth.ndim for s in known) and always(lambda t: np.zeros_like(t, float)):
        return Diagnosis("all-zero", "Every entry is 0.", "Is the result ever written?")
    differences = [s.value.astype(float) - s.truth for s in known]
    first = float(differences[0].flat[0]) if differences[0].size else 0.0
    if first and all(np.allclose(d, first, rtol=1e-6, atol=1e-9) for d in differences):
        return Diagnosis(
            "off-by-constant",
            f"Every entry is off by the same amount, {first:+.6g}.",
            "A constant term is missing, added twice, or has the wrong sign.",
        )
    if always(np.square):
        return Diagnosis(
            "squared", "It is the square of the true value.", "Is a square root missing?"
        )
    if always(lambda t: np.sqrt(np.abs(t))):
        return Diagnosis(
            "square-root", "It is the square root of the true value.", "Leave the root out."
        )
    if always(lambda t: 1 / t):
        return Diagnosis("reciprocal", "It is one over the true value.", "Turn the fraction over.")
    if all(s.alike(np.abs(s.value), np.abs(s.truth)) for s in known):
        return Diagnosis(
            "wrong-sign",
            "The size of every entry is right, the sign of some is wrong.",
            "Which term carries the sign, and is an absolute value or a mask hiding it?",
        )
    return None
