"""relu: max(z, 0), entry by entry."""

import numpy as np

from ...task import Task, case
from ..shared import away_from_zero, normal, tidy


def relu(z):
    return np.maximum(z, 0.0)


def relu_cases(rng):
    return [
        case(np.array([[0.0, 1.0]]), aspect="edge"),
        case(np.zeros((2, 3)), aspect="edge"),
        case(tidy(rng, 1, 1), aspect="ones"),
        case(np.array([[-1.0, 2.0]]) * rng.integers(1, 4)),
        case(np.array([[0.5, -1.5], [-0.25, 3.0]]) * rng.integers(1, 4)),
        case(away_from_zero(rng, 3, 3)),
        case(away_from_zero(rng, 5, 4)),
        case(normal(rng, 6, 7, scale=100.0)),
    ]


MISTAKES = """
return z.copy()
    identity: Nothing is cut off: negative entries come back as they are. → Every negative entry has
    to become 0.
return np.minimum(z, 0)
    minimum: It keeps the negative entries and cuts off the positive ones. → Take the larger of z
    and 0, not the smaller.
return np.abs(z)
    absolute-value: It is the absolute value: negative entries change their sign. → Negative entries
    have to become 0.
return (z > 0) * 1.0
    step: It is 1 where z is positive: the mask, or the derivative, but not the function. → Where z
    is positive, the result is z itself.
return np.where(z > 0, z, 0.01 * z)
    leaky: It is LeakyReLU: negative entries are scaled by 0.01. → Negative entries have to become
    exactly 0.
return np.max(z)
    maximum-over-all: It is the single largest entry: `np.max` reduces an array. → `np.maximum`
    compares entry by entry.
return max(z.max(), 0.0)
    maximum-over-all: It is the single largest entry: `max` reduces an array. → `np.maximum`
    compares entry by entry.
return np.max(z, 0)
    maximum-over-rows: `np.max(z, 0)` is the largest entry of each column: the 0 is taken as an
    axis. → `np.maximum` compares entry by entry.
return z[z > 0]
    selected: Negative entries are left out, so the shape is lost. → Keep the shape: negative
    entries stay in their place, as 0.
return np.maximum(z, 1)
    threshold-at-one: It cuts off at 1. → The threshold is 0.
return np.maximum(-z, 0)
    sign-flipped: The sign of z is flipped: negative entries survive as positive ones. → Compare z,
    not −z, with 0.
return np.clip(z, 0, 1)
    capped: Entries above 1 are cut off too. → ReLU has no upper limit.
return np.clip(z, 0, 6)
    capped: Entries above 6 are cut off too. → ReLU has no upper limit.
return np.logaddexp(0, z)
    softplus: It is softplus, log(1 + exp z), a smooth cousin of ReLU. → No exponential is needed:
    take the larger of z and 0.
"""

TASK = Task(
    "relu(z)",
    relu_cases,
    relu,
    shapes={"z": "N H"},
    mistakes=MISTAKES,
    hints=(
        "Look at one entry at a time: what becomes of −2, of 0, of 3?",
        "relu(z) = max(z, 0), entry by entry.",
        "NumPy compares two arrays entry by entry with `np.maximum(…, …)`.",
    ),
    place=2,
)
