"""dropout: inverted dropout."""

import numpy as np

from ...call import Rng
from ...compare import as_array, close
from ...diagnosis import Diagnosis
from ...show import count
from ...task import Task, case
from ..shared import away_from_zero, tidy


def dropout_cases(rng):
    def draw(n, d, p, make=away_from_zero, aspect="value"):
        return case(make(rng, n, d), p, Rng(int(rng.integers(1e6))), aspect=aspect)

    return [
        draw(1, 1, 0.5, tidy, "ones"),
        draw(1, 4, 0.25, tidy, "ones"),
        draw(3, 1, 0.8, tidy, "ones"),
        draw(2, 3, 0.0, tidy, "edge"),
        draw(2, 3, 0.5, tidy),
        draw(3, 4, 0.2, tidy),
        draw(3, 3, 0.75, tidy),
        # ReLU's zeros are units too: each is kept or dropped like any other.
        case(np.zeros((25, 44)), 0.3, Rng(int(rng.integers(1e6))), aspect="edge"),
        draw(34, 34, 0.2),
        draw(40, 30, 0.7),
        draw(20, 65, 0.95, aspect="edge"),
        draw(35, 40, 0.4),
    ]


def accept_dropout(value, x, p, rng):
    if not isinstance(value, list) or len(value) != 2:
        got = "one array" if not isinstance(value, list) else count(len(value), "thing")
        return Diagnosis(
            "wrong-type",
            f"Two things (y, mask) are wanted; it returns {got}.",
            "End with `return y, mask`: the backward pass needs the mask.",
        )
    y, mask = as_array(value[0]), as_array(value[1])
    finding = _dropout_shapes(y, mask, x)
    if finding:
        return finding
    y, mask = _as_numbers(y), _as_numbers(mask)
    keep = 1 / (1 - p)
    one_of_two = _close(mask, np.where(mask > keep / 2, keep, 0.0))
    if not one_of_two:
        return _wrong_mask(y, mask, x, p)
    if not _close(y, x * mask):
        return _wrong_product(y, mask, x, p)
    return _wrong_chance(mask, x, p)


def _as_numbers(a):
    return a.astype(float) if a.dtype.kind in "biu" else a


def _close(value, truth):
    return close(value, truth, max(1.0, float(np.max(np.abs(truth), initial=0.0))))


def _dropout_shapes(y, mask, x):
    if mask.shape != x.shape and y.shape == x.shape:
        what = "one number" if mask.size == 1 else f"of shape {mask.shape}"
        return Diagnosis(
            "wrong-mask-shape",
            f"The mask is {what}: units are dropped together, or those of all examples alike.",
            "Draw one number for every entry: `rng.random(x.shape)`.",
        )
    if y.shape != x.shape or mask.shape != x.shape:
        return Diagnosis(
            "wrong-shape",
            f"y has shape {y.shape} and mask {mask.shape}; both have to be {x.shape}.",
            "Keep the dropped entries in their place, as 0.",
        )
    return None


P_DROPS = "p is the probability of dropping: `rng.random(x.shape) >= p` is True for what is kept."


def _wrong_mask(y, mask, x, p):
    """Name the mistake behind a mask whose entries are not 0 or 1/(1−p)."""
    keep, binary = 1 / (1 - p), _close(mask, (mask != 0) * 1.0)
    telling = mask.size > 1 and np.any(x) and not _close(np.abs(x), np.ones_like(x))
    if telling and _close(y, np.where(y > keep / 2, keep, 0.0)) and _close(mask, x * y):
        return _swapped_dropout()
    if telling and _close(mask, x):
        return Diagnosis(
            "mask-is-input",
            "In place of the mask it returns x.",
            "Return y = x * mask and the mask itself, which holds 0 and 1/(1−p).",
        )
    if binary and _close(y, x * mask * keep):
        return Diagnosis(
            "mask-without-scale",
            "y is scaled, but the mask that is returned holds 0 and 1: backward would miss the "
            "factor 1/(1−p).",
            "Put the factor into the mask, mask = (…) / (1 − p), and then y = x * mask.",
        )
    if binary and _close(y, x * mask):
        nothing = "The mask is 1 everywhere: nothing is dropped, or what is kept is not scaled."
        return Diagnosis(
            "no-scale",
            nothing
            if np.all(mask)
            else "The kept entries are not scaled: on average y is smaller than x.",
            "Inverted dropout: mask = (what is kept) / (1 − p), so that the mean stays.",
        )
    if binary and _close(y, x * (1 - mask) * keep):
        return _inverted_mask()
    if binary and _close(y, x * mask * (1 - p)):
        return Diagnosis(
            "scale-not-inverted",
            "Kept entries are multiplied by 1 − p, so y shrinks twice.",
            "mask = (what is kept) / (1 − p), and y = x * mask.",
        )
    for wrong, tag, text in (
        (
            1 / p if p else np.nan,
            "keep-probability",
            "Kept entries are scaled by 1/p: p is taken for the probability of keeping.",
        ),
        (1 - p, "scale-not-inverted", "Kept entries are multiplied by 1 − p, so y shrinks twice."),
        (p, "scale-not-inverted", "Kept entries are multiplied by p."),
        (keep**2, "scale-twice", "Kept entries are scaled by 1/(1−p) twice."),
    ):
        if np.isfinite(wrong) and _close(mask, (mask != 0) * wrong):
            return Diagnosis(tag, text, "mask = (what is kept) / (1 − p). " + P_DROPS)
    if telling and _close(mask, y):
        return Diagnosis(
            "mask-is-output",
            "In place of the mask it returns y a second time.",
            "Return y = x * mask and the mask itself, which holds 0 and 1/(1−p).",
        )
    if np.any(mask < 0):
        return Diagnosis(
            "wrong-mask",
            "The mask has negative entries: normal random numbers?",
            "`rng.random` draws from 0 to 1. " + P_DROPS,
        )
    kept = mask[mask != 0]
    if kept.size > 1 and _close(kept, np.full_like(kept, kept[0])):
        return Diagnosis(
            "wrong-scale",
            f"Kept entries are multiplied by {kept[0]:.6g}; it has to be 1/(1−p) = {keep:.6g}.",
            "mask = (what is kept) / (1 − p), whatever share was dropped this time.",
        )
    return Diagnosis(
        "wrong-mask",
        f"The mask holds other numbers than 0 and 1/(1−p) = {keep:.6g}.",
        "mask = (rng.random(x.shape) >= p) / (1 − p).",
    )


def _swapped_dropout():
    return Diagnosis(
        "swapped-results", "The results come in the wrong order.", "Return (y, mask): y first."
    )


def _inverted_mask():
    return Diagnosis(
        "mask-inverted",
        "The mask marks what was dropped, y has it the other way round.",
        "The mask is 0 where an entry is dropped and 1/(1−p) where it is kept; y = x * mask.",
    )


def _wrong_product(y, mask, x, p):
    keep = 1 / (1 - p)
    if _close(y, x * (mask == 0) * keep) or _close(y, x * (mask == 0)):
        return _inverted_mask()
    if _close(y, x * (mask != 0)):
        return Diagnosis(
            "output-without-scale",
            "The mask carries the factor 1/(1−p), y does not.",
            "y = x * mask, the mask with its factor.",
        )
    if _close(y, x * mask * keep):
        return Diagnosis("scale-twice", "y is scaled by 1/(1−p) twice.", "y = x * mask, no more.")
    if _close(y, x):
        return Diagnosis(
            "nothing-dropped", "y is x: the mask is drawn but not used.", "y = x * mask."
        )
    if np.all(np.isfinite(y)) and not np.any((y != 0) & (mask == 0)):
        text = "y is not x * mask, though it is 0 where the mask is 0."
    else:
        text = "y is not x * mask: was another mask drawn for y than the one returned?"
    return Diagnosis("output-not-masked", text, "Draw one mask, then y = x * mask.")


def _wrong_chance(mask, x, p):
    """Count: the mask is right in form; are the right share of entries dropped, each by itself?"""
    if mask.size < 1000:
        if p == 0 and not np.any(mask):
            return Diagnosis(
                "keep-probability",
                "With p = 0 everything is dropped: p is taken for the probability of keeping.",
                P_DROPS,
                "edge",
            )
        if p == 0 and not np.all(mask):
            return Diagnosis("wrong-chance", "p = 0 and something is dropped.", P_DROPS, "edge")
        return None
    dropped = mask == 0
    share, spread = dropped.mean(), np.sqrt(p * (1 - p) / mask.size)
    if p and not dropped.any():
        return Diagnosis("nothing-dropped", "Nothing is dropped.", P_DROPS)
    if dropped.all():
        if not np.any(x):
            return _mask_from_zeros()
        return Diagnosis("everything-dropped", "Everything is dropped.", P_DROPS)
    rows, columns = dropped.std(axis=0).max() == 0, dropped.std(axis=1).max() == 0
    if rows or columns:
        same = "example has the same units" if rows else "unit of an example is"
        return Diagnosis(
            "same-mask-for-all",
            f"Every {same} dropped.",
            "Draw one number for every entry: `rng.random(x.shape)`.",
        )
    if mask.shape[1] >= 30 and 0.1 < p < 0.9 and len(np.unique(dropped, axis=0)) < len(mask):
        return Diagnosis(
            "shared-mask",
            "Some examples share one mask: the very same units are dropped.",
            "Draw one number for every entry: `rng.random(x.shape)`.",
        )
    if abs(share - p) > 6 * spread:
        if abs(share - (1 - p)) < 6 * spread:
            return Diagnosis(
                "keep-probability",
                f"With p = {p:g} a share of {share:.2f} is dropped: p is taken for the "
                "probability of keeping.",
                P_DROPS,
            )
        return Diagnosis(
            "wrong-chance",
            f"With p = {p:g} a share of {share:.3f} is dropped.",
            P_DROPS,
        )
    return _wrong_pattern(dropped, p)


def together(calls):
    """Judge all masks at once: none may drop exactly its share every time."""
    large = [(as_array(value[1]), p) for value, x, p, _ in calls if x.size > 1000 and 0 < p < 1]
    if large and all(np.sum(mask == 0) == round(p * mask.size) for mask, p in large):
        return Diagnosis(
            "exact-share",
            "Every mask drops exactly the share p of all entries, to the last one: the entries are "
            "not dropped independently.",
            "Each entry has a chance of its own: one random number for each, compared with p.",
        )
    return None


def _mask_from_zeros():
    return Diagnosis(
        "mask-from-zeros",
        "Where x is 0, the mask is always 0: it is read off y or x.",
        "The mask is random alone; draw it before you look at x.",
        "edge",
    )


def _wrong_pattern(dropped, p):
    """Rows, or columns, whose shares of dropped entries differ more than by chance."""
    for axis, which in ((0, "column"), (1, "row")):
        shares = dropped.mean(axis=axis)
        expected = p * (1 - p) / dropped.shape[axis]
        if shares.var() > 4 * expected:
            return Diagnosis(
                "not-independent",
                f"Some {which}s lose far more entries than others.",
                "Every entry is dropped by itself: `rng.random(x.shape)`.",
            )
    return None


TASK = Task(
    "dropout(x, p, rng)",
    dropout_cases,
    accept=accept_dropout,
    together=together,
    hints=(
        "With p = 0.2, how many of ten entries survive, "
        "and by how much must they grow to keep the sum?",
        "mask = 0 with probability p, else 1/(1 − p); y = x ⊙ mask.",
        "`rng.random(x.shape) >= p` is True with probability 1 − p; "
        "divide by (1 - p) and multiply x by it.",
    ),
    place=5,
)
