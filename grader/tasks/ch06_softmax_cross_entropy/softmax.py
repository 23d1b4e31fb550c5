"""softmax: rows that sum to 1."""

import numpy as np

from ...task import Task, case
from ..shared import large, normal, tidy


def softmax(z):
    shifted = z - z.max(axis=1, keepdims=True)
    e = np.exp(shifted)
    total = e.sum(axis=1, keepdims=True)
    return e / total


def _logits(rng):
    """Draw what softmax and log-softmax are called on."""
    return [
        case(tidy(rng, 1, 1), aspect="ones"),
        case(tidy(rng, 3, 1), aspect="ones"),
        case(tidy(rng, 1, 3), aspect="ones"),
        case(np.zeros((2, 3)), aspect="edge"),
        case(np.array([[1.0, 1.0, 0.0]]), aspect="edge"),
        case(tidy(rng, 2, 2)),
        case(tidy(rng, 2, 3)),
        case(normal(rng, 3, 3)),
        case(normal(rng, 5, 4)),
        case(normal(rng, 4, 7, scale=2.0)),
        *[case(z, aspect="stable") for z in _large_logits(rng)],
    ]


def _large_logits(rng):
    return [
        np.array([[1000.0, 1001.0]]),
        np.array([[-1000.0, -1001.0]]),
        np.array([[0.0, 1.0, 900.0]]),
        np.array([[1000.0, 1001.0], [-1000.0, -1002.0]]),
        np.array([[1e4, 1e4 - 1, -1e4], [-1e4, -1e4, -1e4 + 0.5]]),
        large(rng, 4, 3),
        rng.uniform(-40, 40, (5, 4)),
    ]


MISTAKES = """
return softmax_without_shift(z)
    overflow: exp(z) overflows for large z, and when all of a row is very negative its sum
    underflows to 0; either way the division gives NaN. → Subtract the row's maximum before
    exponentiating: it changes nothing on paper.
return softmax_with_one_shift(z)
    global-maximum: One maximum, that of the whole batch, is subtracted from every row: a row far
    below it underflows to zeros. → Subtract each row's own maximum: `z.max(axis=1, keepdims=True)`.
return softmax_without_shift(z - z.min(axis=1, keepdims=True))
    minimum-subtracted: The row's minimum is subtracted, so the exponents grow rather than shrink. →
    Subtract the maximum: then no exponent exceeds 0.
return softmax_without_shift(z - z.mean(axis=1, keepdims=True))
    mean-subtracted: The row's mean is subtracted: entries far above it still overflow. → Subtract
    the maximum: then no exponent exceeds 0.
return softmax_without_shift(z - np.abs(z).max(axis=1, keepdims=True))
    absolute-maximum: The largest absolute value is subtracted: a row of very negative entries
    underflows. → Subtract the largest entry itself, `z.max(axis=1, keepdims=True)`.
return softmax_without_shift(np.clip(z, -{50|100|500|700|709}, {50|100|500|700|709}))
    clipped: z is clipped: two entries beyond the limit become equal, and so do their probabilities.
    → Only differences matter: subtract the row's maximum instead of clipping.
return np.nan_to_num(softmax_without_shift(z))
    nan-replaced: The NaN is replaced by 0 afterwards, but the probability that belongs there is
    lost. → Prevent the overflow: subtract the row's maximum before exponentiating.
return softmax(z.T).T
    axis-0: It normalizes down the columns (axis 0): examples compete with each other. → The classes
    of one example stand in a row: reduce along axis 1.
return as_one_row(softmax)(z)
    over-everything: It normalizes over the whole array: all examples together share a total of 1. →
    Every row sums to 1 by itself: reduce along axis 1, with `keepdims=True`.
return softmax_without_keepdims(z)
return softmax_shift_without_keepdims(z)
return np.exp(z - z.max(axis=1)) / np.exp(z - z.max(axis=1)).sum(axis=1)
return np.exp(z) / np.exp(z).sum(axis=1)
return np.exp(z - z.max()) / np.exp(z - z.max()).sum(axis=1)
    no-keepdims: Without `keepdims` the row values have shape (N,) and are lined up with the
    columns: an error for N ≠ C, and silently wrong for N = C. → Keep them a column (N, 1): `axis=1,
    keepdims=True`.
return softmax(softmax(z))
    softmax-twice: The softmax is applied twice, so the result is far too even. → Apply it once: its
    input are the logits.
return log_softmax(z)
    logarithm: It is the logarithm of the softmax. → The probabilities themselves are wanted:
    positive, each row summing to 1.
return np.exp(z - row_maximum(z))
return np.exp(z)
    not-normalized: The exponentials are not divided by their sum. → Divide each row by its sum, so
    that it sums to 1.
return z / row_sum(z)
return (z - row_maximum(z)) / row_sum(z - row_maximum(z))
    no-exponential: The logits are divided by their sum, but never exponentiated. → Exponentiate
    first: only then are all entries positive.
return np.abs(z) / row_sum(np.abs(z))
    no-exponential: Absolute values are normalized; nothing is exponentiated. → Exponentiate: a more
    negative logit has to get a smaller probability.
return softmax(-z)
    wrong-sign: The sign in the exponent is wrong: the largest logit gets the smallest probability.
    → Exponentiate z − max, not max − z.
return np.exp(z - row_maximum(z)) / row_sum(np.exp(z))
    shifted-on-one-side: The maximum is subtracted in the numerator but not in the denominator. →
    Compute `e = np.exp(z - maximum)` once and use it in both places.
return np.exp(z) / row_sum(np.exp(z - row_maximum(z)))
    shifted-on-one-side: The maximum is subtracted in the denominator but not in the numerator. →
    Compute `e = np.exp(z - maximum)` once and use it in both places.
e = np.exp(z) - row_maximum(np.exp(z))
    shift-after-exponential: The maximum is subtracted after exponentiating. → Subtract it from z,
    then exponentiate.
return softmax(z / row_maximum(z))
    divided-by-maximum: z is divided by the row's maximum, which changes the differences between
    logits. → Subtract the maximum: a shift changes nothing, a scale does.
[× C]
    mean-for-sum: The exponentials are divided by their mean: exactly C times too large. → Divide by
    their sum.
return np.exp(z - row_maximum(z)) \
/ np.linalg.norm(np.exp(z - row_maximum(z)), axis=1, keepdims=True)
    square-root-of-squares: The exponentials are divided by their norm, the root of the sum of
    squares. → Divide by their plain sum.
return 1 / (1 + np.exp(-z))
    sigmoid: It is the sigmoid of every entry by itself: the rows do not sum to 1. → Divide each
    row's exponentials by their sum.
return softmax(z * np.log(2))
return 2**z / row_sum(2**z)
    base-2: The base of the powers is 2. → The base is e: `np.exp`.
return softmax(z**2)
    squared: The logits are squared before they are exponentiated. → Exponentiate z itself.
return (z == row_maximum(z)) * 1.0
return np.eye(z.shape[1])[z.argmax(axis=1)]
    one-hot: It is 1 for the largest logit and 0 for the others: a hard maximum. → Softmax gives
    every class a share: exp(z) divided by its row's sum.
return z.argmax(axis=1)
    labels: It returns the position of the largest logit. → The probabilities are wanted, shape (N,
    C).
return 1 - softmax(z)
    complement: It is 1 minus the probabilities. → The probabilities themselves are wanted.
return np.round(softmax(z), 3)
    rounded: The result is rounded. → Return it as it is; round only for printing.
return np.exp(z - row_maximum(z)) / (row_sum(np.exp(z - row_maximum(z))) + {1e-3|1e-4|1e-5|1e-6})
    epsilon-added: A small constant is added to the denominator, so the rows do not sum to 1. → With
    the maximum subtracted the sum is at least 1: it needs no protection.
"""

TASK = Task(
    "softmax(z)",
    _logits,
    softmax,
    shapes={"z": "N C"},
    mistakes=MISTAKES,
    hints=(
        "Which numbers have to sum to 1: those of a row, of a column, or all? "
        "And what is exp(1000)?",
        "p[n, k] = exp(z[n, k] − mₙ) / Σⱼ exp(z[n, j] − mₙ), with mₙ the largest entry of row n.",
        "`m = z.max(axis=1, keepdims=True)`, `e = np.exp(z - m)`; divide e by its own row "
        "sums, kept as a column in the same way.",
    ),
    place=1,
)
