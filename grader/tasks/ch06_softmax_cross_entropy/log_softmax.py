"""log_softmax: its logarithm, without a log of 0."""

import numpy as np

from ...task import Task, case
from ..shared import large, normal, tidy


def log_softmax(z):
    shifted = z - z.max(axis=1, keepdims=True)
    total = np.exp(shifted).sum(axis=1, keepdims=True)
    return shifted - np.log(total)


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
return np.log(softmax(z))
    log-of-zero: The probability is computed first; where it has underflowed to 0 its logarithm is
    −∞. → Take the logarithm on paper first: log p = z − max − log Σ exp(z − max).
return np.log(softmax(z) + {1e-7|1e-8|1e-9|1e-10|1e-12|1e-15})
return np.log(np.maximum(softmax(z), {1e-7|1e-8|1e-9|1e-10|1e-12|1e-15}))
return np.log(clipped(softmax(z), {1e-7|1e-8|1e-9|1e-10|1e-12|1e-15}))
    log-of-zero-patched: A small constant keeps the logarithm finite, but where the probability is
    smaller than the constant the result is the constant's logarithm, not the true one. → Take the
    logarithm on paper first: log p = z − max − log Σ exp(z − max). It needs no constant.
return np.log(softmax_without_shift(z))
    overflow: exp(z) overflows for large z, and what underflows to 0 has the logarithm −∞. →
    Subtract the row's maximum from z before anything else.
return log_softmax_without_shift(z)
    overflow: exp(z) overflows for large z, and when all of a row is very negative its sum is 0. →
    Subtract the row's maximum from z before anything else.
return log_softmax_with_one_shift(z)
return np.log(softmax_with_one_shift(z))
    global-maximum: One maximum, that of the whole batch, is subtracted from every row: a row far
    below it underflows to zeros. → Subtract each row's own maximum: `z.max(axis=1, keepdims=True)`.
return log_softmax_without_shift(z - z.min(axis=1, keepdims=True))
    minimum-subtracted: The row's minimum is subtracted, so the exponents grow rather than shrink. →
    Subtract the maximum: then no exponent exceeds 0.
return log_softmax_without_shift(z - z.mean(axis=1, keepdims=True))
    mean-subtracted: The row's mean is subtracted: entries far above it still overflow. → Subtract
    the maximum: then no exponent exceeds 0.
return log_softmax(z.T).T
    axis-0: It normalizes down the columns (axis 0): examples compete with each other. → The classes
    of one example stand in a row: reduce along axis 1.
return as_one_row(log_softmax)(z)
    over-everything: It normalizes over the whole array: all examples together share a total of 1. →
    Every row sums to 1 by itself: reduce along axis 1, with `keepdims=True`.
return log_softmax_without_keepdims(z)
return np.log(softmax_without_keepdims(z))
return z - z.max(axis=1) - np.log(row_sum(np.exp(z - z.max(axis=1))))
return z - z.max(axis=1) - np.log(np.exp(z - z.max(axis=1)).sum(axis=1))
return z - np.log(np.exp(z).sum(axis=1))
    no-keepdims: Without `keepdims` the row values have shape (N,) and are lined up with the
    columns: an error for N ≠ C, and silently wrong for N = C. → Keep them a column (N, 1): `axis=1,
    keepdims=True`.
return softmax(z)
    no-logarithm: These are the probabilities: the logarithm is missing. → log p = z − max − log Σ
    exp(z − max).
return z - row_maximum(z) - row_sum(np.exp(z - row_maximum(z)))
    no-logarithm: The logarithm of the sum is missing. → log p = z − max − log Σ exp(z − max).
return log_softmax(softmax(z))
    softmax-twice: The softmax is applied twice: log-softmax of the probabilities. → Apply
    log-softmax to the logits themselves.
return z - np.log(row_sum(np.exp(z - row_maximum(z))))
    shifted-on-one-side: The maximum is subtracted inside the sum but not from the z outside it. →
    log p = z − max − log Σ exp(z − max): the maximum is subtracted in both places.
return z - row_maximum(z) - np.log(row_sum(np.exp(z)))
    shifted-on-one-side: The maximum is subtracted from the z outside the sum but not inside it. →
    log p = z − max − log Σ exp(z − max): the maximum is subtracted in both places.
return z + row_maximum(z) - np.log(row_sum(np.exp(z - row_maximum(z))))
    maximum-with-wrong-sign: The maximum is added where it has to be subtracted. → log p = z − (max
    + log Σ exp(z − max)): mind the parentheses.
return z - row_maximum(z)
    no-normalization: Only the maximum is subtracted; the log of the sum is missing. → Subtract log
    Σ exp(z − max) too: then exp of each row sums to 1.
return z - row_maximum(z) + np.log(row_sum(np.exp(z - row_maximum(z))))
    log-sum-exp-added: The log of the sum is added where it has to be subtracted. → A quotient's
    logarithm is a difference: z − max − log Σ exp(z − max).
return (z - row_maximum(z)) / np.log(row_sum(np.exp(z - row_maximum(z))))
    divided-by-log-sum-exp: It divides by the log of the sum. → A quotient's logarithm is a
    difference: subtract it.
return np.broadcast_to(z - log_softmax(z), z.shape)
return (z - log_softmax(z))[:, :1]
return (z - log_softmax(z))[:, 0]
    only-log-sum-exp: It is the log-sum-exp of each row. → Subtract it from the logits: log p = z −
    log-sum-exp.
return np.log(z) - np.log(row_sum(np.exp(z)))
    log-of-logits: The logarithm is taken of z as well; a negative logit has none. → log(exp z) is z
    itself: log p = z − log Σ exp z.
return np.log(z / row_sum(z))
    log-of-logits: The logits are normalized and their logarithm taken, but they are never
    exponentiated. → log p = z − max − log Σ exp(z − max).
return log_softmax(z) + np.log(z.shape[1])
    mean-for-sum: The exponentials are averaged where they have to be summed: off by log C. → log p
    = z − max − log Σ exp(z − max), with a sum.
[negated]
    wrong-sign: The sign is wrong: the logarithm of a probability is never positive. → log p, not
    −log p, is wanted.
return log_softmax(-z)
    wrong-sign: The sign of z is wrong: the largest logit gets the smallest probability. →
    Exponentiate z − max, not max − z.
[base 2]
    log-base-2: The logarithm is to base 2. → Use the natural logarithm, `np.log`.
[base 10]
    log-base-10: The logarithm is to base 10. → Use the natural logarithm, `np.log`.
return np.log1p(softmax(z))
    log1p: `np.log1p` is the logarithm of 1 + p. → log p is wanted.
return z - row_maximum(z) - np.log1p(row_sum(np.exp(z - row_maximum(z))))
    log1p: `np.log1p` adds a 1 to the sum, which holds the maximum's e⁰ = 1 already. → Use `np.log`
    on the sum.
return -np.logaddexp(0, -z)
    sigmoid: It is the log-sigmoid of every entry by itself. → Subtract the row's own log-sum-exp.
return np.round(log_softmax(z), 3)
    rounded: The result is rounded. → Return it as it is; round only for printing.
"""

TASK = Task(
    "log_softmax(z)",
    _logits,
    log_softmax,
    shapes={"z": "N C"},
    mistakes=MISTAKES,
    hints=(
        "p = e⁻¹⁰⁰⁰⁰ is 0 in a computer, log p = −10000 is not: in which order do you work?",
        "log p[n, k] = z[n, k] − mₙ − log Σⱼ exp(z[n, j] − mₙ), "
        "with mₙ the largest entry of row n.",
        "Shift first: `z = z - z.max(axis=1, keepdims=True)`. Then subtract the `np.log` of "
        "the row sums of `np.exp(z)`, kept as a column.",
    ),
    place=2,
)
