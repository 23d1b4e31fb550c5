"""dropout_backward: the same mask on the way back."""

import numpy as np

from ...task import Task, case
from ..shared import normal, tidy


def dropout_backward(dy, mask):
    return dy * mask


def dropout_backward_cases(rng):
    def draw(n, d, p, make=normal, aspect="value"):
        mask = (rng.random((n, d)) >= p) / (1 - p)
        mask.flat[0], mask.flat[-1] = 0.0, 1 / (1 - p)
        return case(make(rng, n, d), mask, aspect=aspect)

    return [
        draw(1, 1, 0.5, tidy, "ones"),
        draw(1, 3, 0.75, tidy, "ones"),
        draw(3, 1, 0.5, tidy, "ones"),
        draw(2, 3, 0.5, tidy),
        draw(3, 2, 0.75, tidy),
        case(tidy(rng, 2, 3), np.zeros((2, 3)), aspect="edge"),
        case(tidy(rng, 3, 2), np.ones((3, 2)), aspect="edge"),
        case(np.zeros((2, 2)), np.full((2, 2), 2.0), aspect="edge"),
        draw(3, 3, 0.2),
        draw(5, 4, 0.3),
        draw(7, 6, 0.8),
    ]


MISTAKES = """
return dy.copy()
    no-mask: dy comes back as it is: the mask is not used. → y = x * mask, so ∂L/∂x = dy * mask.
return dy * (mask > 0)
    scale-missing: The factor 1/(1−p) is missing: only the zeros of the mask are used. → The mask
    holds the factor already: multiply by the mask itself.
return dy * mask**2
    scale-twice: The mask is used twice, and so is its factor 1/(1−p). → Multiply by the mask once.
return np.where(mask > 0, dy / np.where(mask > 0, mask, 1), 0)
    scale-inverted: It divides by the factor 1/(1−p) where it has to multiply. → y = x * mask, so
    ∂L/∂x = dy * mask.
return dy / mask
    divided-by-mask: It divides by the mask, whose zeros give infinity. → y = x * mask, so ∂L/∂x =
    dy * mask.
return dy * (mask == 0)
return dy * (mask == 0) * mask.max()
    mask-inverted: The gradient passes where entries were dropped and stops where they were kept. →
    What was dropped did not act on the loss: its gradient is 0.
return dy * (1 - mask)
    mask-inverted: It multiplies by 1 − mask. → y = x * mask, so ∂L/∂x = dy * mask.
return dy * (dy > 0)
    mask-from-gradient: The gradient is cut off where dy is negative: that is no dropout. → Multiply
    by the mask that forward returned.
return np.maximum(dy * mask, 0)
    mask-from-gradient: Negative gradients are cut off. → dy * mask, nothing more.
[÷ N]
    mean-over-batch: It is divided by N. → The 1/N is in dy already: the loss has put it there.
[summed]
    summed: It is summed to one number. → ∂L/∂x has the shape of x: leave the sum out.
return np.sum(dy * mask, axis=0)
    summed: It is summed over the batch. → ∂L/∂x has the shape of x: leave the sum out.
return dy @ mask.T
return dy @ mask
    matrix-product: It is a matrix product. → The mask acts entry by entry: `*`, not `@`.
return dy + mask
    added-mask: The mask is added. → y = x * mask, so ∂L/∂x = dy * mask.
return dy[mask > 0]
return (dy * mask)[mask > 0]
    selected: Dropped entries are left out, so the shape is lost. → Keep the shape: dropped entries
    stay in their place, as 0.
[negated]
    wrong-sign: The sign is wrong. → dy * mask, without a minus.
"""

TASK = Task(
    "dropout_backward(dy, mask)",
    dropout_backward_cases,
    dropout_backward,
    shapes={"dy": "N D", "mask": "N D"},
    mistakes=MISTAKES,
    hints=(
        "y = x · mask, entry by entry: what is ∂y/∂x of one entry?",
        "∂L/∂x = dy ⊙ mask.",
        "One product; the mask carries the factor 1/(1 − p) already.",
    ),
    place=6,
)
