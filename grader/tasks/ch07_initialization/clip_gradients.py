"""clip_gradients: one global norm, one factor."""

import math

import numpy as np

from ...task import Task, case
from ..shared import normal, tidy


def clip_gradients(grads, max_norm):
    squares = sum(float(np.sum(g**2)) for g in grads)
    norm = math.sqrt(squares)
    factor = max_norm / norm if norm > max_norm else 1.0
    clipped = [g * factor for g in grads]
    return clipped, norm


def clip_cases(rng):
    def draw(*shapes, ratio, make=normal, aspect="value"):
        grads = [make(rng, *shape) for shape in shapes]
        norm = math.sqrt(sum(float(np.sum(g**2)) for g in grads))
        return case(grads, float(f"{ratio * norm:.3g}"), aspect=aspect)

    zeros = [np.zeros((2, 3)), np.zeros(3)]
    return [
        case([np.array([3.0]), np.array([4.0])], 5.0, aspect="edge"),
        case([np.array([6.0, 8.0])], 10.0, aspect="edge"),
        case(zeros, 1.0, aspect="edge"),
        case([np.zeros(2)], 0.5, aspect="edge"),
        case([np.array([-3.0])], 1.0, aspect="ones"),
        case([np.array([[0.5]])], 2.0, aspect="ones"),
        case([np.array([3.0, 0.0]), np.array([0.0, -4.0])], 1.0),
        case([np.array([3.0, 0.0]), np.array([0.0, -4.0])], 20.0),
        case([np.array([[0.5, 0.0]]), np.array([6.0])], 3.0),
        draw((2, 3), (3,), ratio=0.4, make=tidy),
        draw((2, 3), (3,), ratio=1.7, make=tidy),
        draw((3, 3), (3,), (3, 3), (3,), ratio=0.9),
        draw((4, 5), (5,), (5, 2), (2,), ratio=0.1),
        draw((4, 5), (5,), (5, 2), (2,), ratio=3.0),
        draw((6, 4), (4,), ratio=0.01),
        draw((3, 7), ratio=0.7),
    ]


def _each_by_itself(grads, max_norm):
    norms = [np.linalg.norm(g) for g in grads]
    return [g * (max_norm / n if n > max_norm else 1.0) for g, n in zip(grads, norms, strict=True)]


MISTAKES = """
clipped = _each_by_itself(grads, max_norm)
clipped = _each_by_itself(grads, max_norm); return clipped, [np.linalg.norm(g) for g in grads]
clipped = _each_by_itself(grads, max_norm); return clipped, np.linalg.norm(grads[-1])
    each-array-by-itself: Every array is clipped by its own norm, which turns the gradient as a
    whole. → Compute one norm over all arrays and scale all of them by the same factor.
clipped = [np.clip(g, -max_norm, max_norm) for g in grads]
    clipped-by-value: Every entry is clipped by itself, which changes the direction. → Scale all
    entries by one factor, max_norm / norm.
factor = max_norm / norm if norm else 1.0
factor = max_norm / (norm + 1e-12)
    always-scaled: It scales always: a short gradient becomes longer. → Scale only when the norm is
    above max_norm.
factor = np.float64(max_norm) / norm
    always-scaled: It scales always: a short gradient becomes longer, and a zero one NaN. → Scale
    only when the norm is above max_norm.
factor = max_norm / norm if 0 < norm < max_norm else 1.0
    scaled-when-below: It scales when the norm is below max_norm, and not when it is above. → Turn
    the comparison round.
factor = 1.0
    never-scaled: The gradients come back unscaled, whatever their norm. → Multiply all of them by
    max_norm / norm when the norm is above max_norm.
factor = norm / max_norm if norm > max_norm else 1.0
    factor-upside-down: The factor stands upside down: it makes a long gradient longer. → Multiply
    by max_norm / norm.
factor = 1 / max_norm if norm > max_norm else 1.0
    divided-by-max-norm: It divides by max_norm; the norm plays no part in the factor. → Multiply by
    max_norm / norm.
factor = 1 / norm if norm > max_norm else 1.0
    unit-length: It scales to length 1. → Scale to length max_norm: multiply by max_norm / norm.
factor = max_norm if norm > max_norm else 1.0
    times-max-norm: It multiplies by max_norm; the norm plays no part in the factor. → Multiply by
    max_norm / norm.
factor = 0.0 if norm > max_norm else 1.0
    zeroed: A gradient that is too long is set to 0. → Shorten it: multiply by max_norm / norm.
norm = math.sqrt(squares) ** 2
    no-root: The root is missing: the sum of squares is used as the norm. → norm = √(sum of all
    squares).
norm = sum((np.linalg.norm(g) for g in grads))
    sum-of-norms: The norms of the arrays are added. → Add the squares of all entries and take one
    root.
norm = sum((np.sum(np.abs(g)) for g in grads))
    absolute-sum: It is the sum of absolute values. → norm = √(sum of all squares).
norm = abs(sum((np.sum(g) for g in grads)))
    absolute-sum: The entries are summed without being squared. → norm = √(sum of all squares).
norm = max((np.max(np.abs(g)) for g in grads))
    largest-entry: It is the largest absolute entry. → norm = √(sum of all squares).
norm = max((np.linalg.norm(g) for g in grads))
    largest-norm: It is the largest of the arrays' norms. → norm = √(sum of all squares), over all
    arrays together.
norm = np.mean([np.linalg.norm(g) for g in grads])
    mean-of-norms: It is the mean of the arrays' norms. → norm = √(sum of all squares), over all
    arrays together.
norm = math.sqrt(squares) / math.sqrt(sum((np.size(g) for g in grads)))
    root-mean-square: It is the root of the mean square. → The norm sums the squares: no mean.
norm = math.sqrt(sum((float(np.linalg.norm(g, 2)) ** 2 for g in grads)))
    spectral-norm: `np.linalg.norm(g, 2)` of a matrix is its largest singular value. →
    `np.linalg.norm(g)` without the 2 is the root of the sum of squares.
norm = np.linalg.norm(grads[-1])
    last-array-only: The norm is that of the last array: each round of the loop forgets the one
    before. → Write `+=` and start from 0.
norm = np.linalg.norm(grads[0])
    first-array-only: The norm is that of the first array alone. → One norm over all arrays.
return clipped, math.sqrt(sum(float(np.sum(g**2)) for g in clipped))
return clipped, min(norm, max_norm)
    norm-after: The norm returned is that of the clipped gradients. → Return the norm before
    clipping.
return clipped, norm**2
    squared-norm-returned: The norm returned is squared: its root is missing. → norm = √(sum of all
    squares).
return clipped, factor
    factor-returned: The factor is returned where the norm is wanted. → Return the new list and the
    norm before clipping.
[order the norm, the new list]
    order-of-results: The two results stand in the wrong order. → Return the new list first, then
    the norm.
[only the new list]
    norm-missing: Only the list is returned. → Return two things: the new list and the norm before
    clipping.
return np.concatenate([g.ravel() for g in clipped]), norm
    flat: All gradients are strung together into one array. → Return a list with one array for each
    gradient, each of its own shape.
factor = max_norm / (norm + {1e-3|1e-4|1e-5|1e-6}) if norm > max_norm else 1.0
factor = min(1.0, max_norm / (norm + {1e-3|1e-4|1e-5|1e-6}))
    epsilon-added: A small constant is added to the norm, so the result is a little too short. → No
    constant is needed: one divides only when the norm is above max_norm, never by 0.
clipped = [g * min(1.0, max_norm / norm) for g in grads]
factor = np.minimum(max_norm, norm) / np.float64(norm)
clipped = [g / norm * min(norm, max_norm) for g in grads]
    division-by-zero: When all gradients are 0, it divides by the norm 0. → Compare before you
    divide: scale only when the norm is above max_norm.
"""

TASK = Task(
    "clip_gradients(grads, max_norm)",
    clip_cases,
    clip_gradients,
    returns=("the new list", "the norm"),
    copies=True,
    mistakes=MISTAKES,
    hints=(
        "Think of all entries of all arrays as one long vector: how long is it?",
        "norm = √(Σ over all arrays Σ over all entries g²); if norm > max_norm, every array "
        "becomes g · max_norm / norm.",
        "`sum(np.sum(g ** 2) for g in grads)` under a root; then a new list of `g * scale`, "
        "with scale 1.0 when the norm is not above max_norm.",
    ),
    place=5,
)
