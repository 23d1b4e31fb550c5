"""mend_backward: a ReLU's backward that was broken."""

import numpy as np

from ...task import Task, case
from ..shared import away_from_zero, normal, tidy


def mend_backward(z, dy):
    return dy * (z > 0)


def relu_backward_cases(rng):
    def draw(n, h, make=away_from_zero, aspect="value"):
        return case(make(rng, n, h), away_from_zero(rng, n, h), aspect=aspect)

    kinks = away_from_zero(rng, 4, 3)
    kinks[rng.random((4, 3)) < 0.5] = 0.0
    kinks[0, 0] = 0.0
    both = np.array([[-2.0, 3.0, -0.5, 1.5]]) * rng.integers(1, 3)
    return [
        case(np.array([[0.0, 2.0]]), tidy(rng, 1, 2), aspect="edge"),
        case(np.array([[-0.0, -1.0]]), tidy(rng, 1, 2), aspect="edge"),
        case(kinks, away_from_zero(rng, 4, 3), aspect="edge"),
        case(np.array([[1e-3, -1e-3, 1e-5, -1e-5]]), tidy(rng, 1, 4), aspect="edge"),
        draw(1, 1, tidy, "ones"),
        draw(3, 1, tidy, "ones"),
        case(both, np.array([[1.0, 2.0, -1.0, -2.0]])),
        case(tidy(rng, 2, 3), tidy(rng, 2, 3)),
        draw(3, 3),
        draw(5, 4),
        case(normal(rng, 6, 7, scale=50.0), normal(rng, 6, 7)),
    ]


MISTAKES = """
return dy * (np.maximum(z, 0) >= 0)
    gate-never-closes: The gate never closes: dy passes everywhere. The output of a ReLU is ≥ 0 at
    every entry, so `>=` on it is always true. → Look at the sign of z, with a strict `>`.
return dy * (z < 0)
return dy * (z <= 0)
    inverted-mask: The mask is inverted: dy passes where the unit was off. → dy passes where z > 0.
return dy * (dy > 0)
    mask-from-dy: The mask is taken from dy: negative gradients are cut off. → What the forward pass
    cut off decides, so the mask comes from z.
return dy * (dy > 0) * (z > 0)
    two-masks: The mask is right, but negative gradients are cut off as well. → Only z decides; a
    gradient may have either sign.
return dy * np.maximum(z, 0)
    value-for-slope: dy is multiplied by relu(z), the value; the slope is wanted. → The slope is 1
    where z > 0, whatever z is.
return dy * z
    value-for-slope: dy is multiplied by z. → The slope of ReLU is 1 or 0: multiply by the mask z >
    0.
return np.maximum(z, 0)
    forward: It is the forward pass, relu(z). → Backward returns dy where z > 0, and 0 elsewhere.
return z * (dy > 0)
    roles-swapped: z and dy are exchanged: z passes where dy is positive. → dy passes where z is
    positive.
return dy * (z * dy > 0)
    mask-on-wrong-array: The mask looks at z·dy, so the sign of dy decides as well. → Only the sign
    of z counts.
return dy * (z >= 0)
    slope-one-at-zero: At z = 0 the slope is taken as 1. → The choice here is 0: write a strict `>`.
return dy * np.heaviside(z, 0.5)
    half-at-zero: At z = 0 the slope is taken as ½, as a central difference sees it. → The choice
    here is 0: write a strict `>`.
return np.where(z > 0, dy, 0.01 * dy)
    leaky: It is the backward of LeakyReLU: 0.01 of dy passes where z ≤ 0. → For ReLU nothing passes
    there.
return np.where(z > 0, dy, 0.1 * dy)
    leaky: It is the backward of LeakyReLU: 0.1 of dy passes where z ≤ 0. → For ReLU nothing passes
    there.
return dy * np.sign(z)
    sign-for-mask: dy is multiplied by the sign of z, so it comes back negated where z < 0. → Where
    z < 0 the gradient is 0.
return dy[z > 0]
    selected: Blocked entries are left out, so the shape is lost. → Keep the shape: blocked entries
    stay in their place, as 0.
return dy * (z > 1)
    threshold-at-one: The gate opens at 1. → It opens at 0.
return dy * sigmoid(z)
    smooth-slope: dy is multiplied by the sigmoid of z, the slope of softplus. → The slope of ReLU
    is 1 or 0 and nothing between.
return dy * sigmoid_derivative(sigmoid(z))
    smooth-slope: It is the backward of the sigmoid. → The slope of ReLU is 1 where z > 0, else 0.
[÷ N]
    divided-by-n: It is divided by N. → The mean is in dy already; only the loss divides by N.
return dy @ (z > 0)
return dy @ (z > 0).T
    matrix-product: `@` is a matrix product; the mask is applied entry by entry. → Write `*`.
"""

TASK = Task(
    "mend_backward(z, dy)",
    relu_backward_cases,
    mend_backward,
    shapes={"z": "N H", "dy": "N H"},
    mistakes=MISTAKES,
    hints=(
        "Print the mask of the broken function for z = [[-1, 0, 2]]. "
        "Where should the gate be closed?",
        "dx = dy ⊙ 1[z > 0].",
        "A comparison gives an array of True and False, and `*` takes these as 1 and 0.",
    ),
    place=3,
)
