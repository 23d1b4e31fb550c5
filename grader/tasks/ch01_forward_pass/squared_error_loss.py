"""squared_error_loss: half the mean squared length."""

import numpy as np

from ...task import Task, case
from ..shared import away_from_zero, normal, tidy


def squared_error_loss(y_hat, y):
    squares = np.sum((y_hat - y) ** 2)
    return squares / (2 * len(y))


def squared_error_cases(rng):
    def draw(n, k, make=normal, aspect="value"):
        y = make(rng, n, k)
        return case(y + away_from_zero(rng, n, k).round(1), y, aspect=aspect)

    return [
        draw(1, 2, tidy, "ones"),
        draw(3, 1, tidy, "ones"),
        draw(2, 3, tidy),
        draw(3, 2, tidy),
        draw(3, 3),
        draw(4, 4),
        draw(7, 5),
        draw(5, 8),
    ]


MISTAKES = """
[× N]
    sum-for-mean: It sums over the examples: exactly N times too large. → Divide by the number of
    examples.
[÷ K]
    mean-over-outputs-too: It averages over all N·K entries: exactly K times too small. → Divide by
    the number of examples only; outputs are summed. `np.mean` without an axis divides by both.
return np.mean((y_hat - y) ** 2)
    mean-squared-error: It is the mean over all N·K entries, and the ½ is missing. → Sum all
    squares, then divide by 2N.
[doubled]
    no-half: The factor ½ is missing: exactly 2 times too large. → Divide by 2N, not by N.
return squares
    plain-sum: It is the plain sum of squares: the 1/(2N) is missing. → Divide by 2N.
return squares / (2 * y.shape[1])
    divided-by-outputs: It is divided by the number of outputs in place of the number of examples. →
    N is the number of rows, `y.shape[0]`.
[÷ N]
    divided-twice: It is divided by N twice. → The 1/N enters once.
return np.sum(np.abs(y_hat - y)) / (2 * len(y))
    absolute-error: The differences are not squared: absolute values are summed. → Square every
    difference before summing.
return np.sum(y_hat - y) / (2 * len(y))
    not-squared: The differences are not squared, so they cancel. → Square every difference before
    summing.
return np.sum(y_hat - y) ** 2 / (2 * len(y))
    squared-sum: The sum is squared where the squares have to be summed. → Square first, then sum.
return (y_hat - y) ** 2 / (2 * len(y))
    not-reduced: The squares are not summed: an array comes back where one number is wanted. → Sum
    over outputs and examples.
return np.sum((y_hat - y) ** 2, axis=1) / 2
    per-example: There is one loss for each example. → One number is wanted: the mean of these.
return np.sum((y_hat - y) ** 2, axis=0) / (2 * len(y))
    per-output: There is one loss for each output. → One number is wanted: sum over the outputs too.
return np.linalg.norm(y_hat - y) / (2 * len(y))
    norm-not-squared: `np.linalg.norm` is the root of the sum of squares; its square is wanted. →
    Square the norm.
return np.sqrt(np.mean((y_hat - y) ** 2))
    root-mean-square: A root is taken. → Leave the root out: sum of squares, divided by 2N.
[negated]
    wrong-sign: The sign is wrong: a sum of squares is never negative. → Leave the minus out.
return np.sum((y_hat + y) ** 2) / (2 * len(y))
    sum-of-targets: Prediction and target are added. → Their difference is squared: y_hat − y.
return (y_hat - y).T @ (y_hat - y) / (2 * len(y))
    matrix-product: It is a matrix product of the differences: only the diagonal is wanted, summed.
    → Square entry by entry and sum.
"""

TASK = Task(
    "squared_error_loss(y_hat, y)",
    squared_error_cases,
    squared_error_loss,
    shapes={"y_hat": "N K", "y": "N K"},
    mistakes=MISTAKES,
    hints=(
        "Count what you divide by: examples, outputs, or both?",
        "L = 1/(2N) · Σₙ Σₖ (ŷ[n, k] − y[n, k])².",
        "`np.sum(… ** 2)` over everything, divided by `2 * len(y)`.",
    ),
    place=5,
)
