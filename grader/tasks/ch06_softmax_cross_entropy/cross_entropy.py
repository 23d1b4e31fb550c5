"""cross_entropy: the mean of −log p of the labels."""

import numpy as np

from ...task import Task, case
from ..shared import labels, large, log_softmax, normal, picked, softmax, tidy


def cross_entropy(z, y):
    log_p = log_softmax(z)
    of_labels = log_p[np.arange(len(y)), y]
    return -np.mean(of_labels)


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


def cross_entropy_cases(rng):
    def draw(n, c, make=normal, aspect="value"):
        return case(make(rng, n, c), labels(rng, n, c), aspect=aspect)

    return [
        draw(1, 1, tidy, "ones"),
        draw(3, 1, tidy, "ones"),
        draw(1, 3, tidy, "ones"),
        draw(1, 4, normal, "ones"),
        case(np.zeros((2, 3)), np.array([2, 0]), aspect="edge"),
        draw(2, 2, tidy),
        draw(2, 3, tidy),
        draw(3, 2, tidy),
        draw(3, 3),
        draw(4, 4),
        draw(5, 3),
        draw(4, 7),
        draw(9, 5),
        case(np.array([[1000.0, 0.0]]), np.array([1]), aspect="stable"),
        case(np.array([[1e4, -1e4]]), np.array([1]), aspect="stable"),
        case(np.array([[1e4, -1e4]]), np.array([0]), aspect="stable"),
        case(np.array([[40.0, 0.0]]), np.array([1]), aspect="stable"),
        *[case(z, labels(rng, *z.shape), aspect="stable") for z in _large_logits(rng)],
    ]


def _p_of_labels(z, y):
    return picked(softmax(z), y)


MISTAKES = """
log_p = np.log(softmax(z))
    log-of-zero: The probability is computed first; where it has underflowed to 0 its logarithm is
    −∞. → Take the logarithm on paper first: log p = z − max − log Σ exp(z − max).
return -np.sum(one_hot(y, z.shape[1]) * np.log(softmax(z))) / len(y)
    log-of-zero: The probabilities are computed first; where one has underflowed to 0 its logarithm
    is −∞, and 0 · ∞ is NaN. → Take the logarithm on paper first: log p = z − max − log Σ exp(z −
    max).
log_p = np.log(softmax(z) + {1e-7|1e-8|1e-9|1e-10|1e-12|1e-15})
log_p = np.log(np.maximum(softmax(z), {1e-7|1e-8|1e-9|1e-10|1e-12|1e-15}))
log_p = np.log(clipped(softmax(z), {1e-7|1e-8|1e-9|1e-10|1e-12|1e-15}))
    log-of-zero-patched: A small constant keeps the logarithm finite, but where the probability is
    smaller than the constant the result is the constant's logarithm, not the true one. → Take the
    logarithm on paper first: log p = z − max − log Σ exp(z − max). It needs no constant.
log_p = np.log(softmax_without_shift(z))
    overflow: exp(z) overflows for large z, and what underflows to 0 has the logarithm −∞. → Use
    log-softmax, with the row's maximum subtracted.
log_p = log_softmax_without_shift(z)
    overflow: exp(z) overflows for large z, and when all of a row is very negative its sum is 0. →
    Use log-softmax, with the row's maximum subtracted.
log_p = log_softmax_with_one_shift(z)
log_p = np.log(softmax_with_one_shift(z))
    global-maximum: One maximum, that of the whole batch, is subtracted from every row: a row far
    below it underflows to zeros. → Subtract each row's own maximum: `z.max(axis=1, keepdims=True)`.
[× N]
    sum-for-mean: It sums over the examples: exactly N times too large. → Divide by the number of
    examples.
[÷ C]
    mean-over-classes-too: It averages over all N·C entries: exactly C times too small. → Divide by
    the number of examples only: each has one loss, −log p of its label.
return cross_entropy(z, y) * len(y) / z.shape[1]
    divided-by-classes: It is divided by the number of classes in place of the number of examples. →
    N is the number of rows, `len(z)`.
[÷ N]
    divided-twice: It is divided by N twice. → The 1/N enters once: `np.mean` contains it.
[halved]
    half: There is a factor ½, which belongs to the squared error. → Cross-entropy is the plain mean
    of −log p.
[negated]
    wrong-sign: The minus is missing: log p is negative, the loss has to be positive. → Return the
    mean of −log p.
[base 2]
    log-base-2: The logarithm is to base 2: the loss is in bits, 1.4427 times too large. → Use the
    natural logarithm, `np.log`.
[base 10]
    log-base-10: The logarithm is to base 10. → Use the natural logarithm, `np.log`.
return -np.mean(log_softmax(z)[:, y])
return -np.sum(log_softmax(z)[:, y]) / len(y)
    columns-for-entries: `log_p[:, y]` takes the columns y of **every** row, an (N, N) array. → Pair
    each row with its own label: `log_p[np.arange(N), y]`.
return -np.mean(log_softmax(z)[y])
return -np.sum(log_softmax(z)[y]) / len(y)
    rows-for-entries: `log_p[y]` takes whole rows: y is used as row numbers. → Pair each row with
    its own label: `log_p[np.arange(N), y]`.
return -np.sum(y[:, None] * log_softmax(z)) / len(y)
return -np.sum(y * log_softmax(z)) / len(y)
    labels-as-weights: The log probabilities are multiplied by the integer labels. → A label says
    which entry of its row to take: `log_p[np.arange(N), y]`, or use one-hot rows.
return -np.mean(picked(log_softmax(z), y - 1))
    labels-from-one: The entry before the label is taken: labels count from 0 here. → Take `log_p[n,
    y[n]]`.
return -np.mean(log_softmax(z).max(axis=1))
    labels-ignored: It takes each row's largest probability, whatever the label. → Take the
    probability of the label.
return -np.sum(log_softmax(z)) / len(y)
    labels-ignored: It sums −log p over all classes: the labels play no part. → Take the probability
    of the label only.
return -np.mean(log_softmax(z))
    labels-ignored: It averages −log p over all classes: the labels play no part. → Take the
    probability of the label only.
return -np.mean(log_softmax(z)[:, 0])
    labels-ignored: It takes class 0 in every row: the labels play no part. → Take the probability
    of the label.
return -np.sum(softmax(z) * log_softmax(z)) / len(y)
    entropy: It is the entropy of p itself: the labels play no part. → Weight log p with the one-hot
    labels, not with p.
return -np.mean(picked(z, y))
    no-softmax: The logits themselves are averaged: there is no log-softmax. → Turn z into log
    probabilities first.
log_p = np.log(z)
    no-softmax: The logarithm is taken of the logits: they are no probabilities. → Turn z into log
    probabilities with log-softmax first.
log_p = np.log(np.clip(z, {1e-12|1e-15}, 1 - {1e-12|1e-15}))
    no-softmax: The logarithm is taken of the clipped logits: they are no probabilities. → Turn z
    into log probabilities with log-softmax first.
return cross_entropy(softmax(z), y)
    softmax-twice: The softmax is applied twice. → z holds logits: one log-softmax turns them into
    log probabilities.
log_p = log_softmax(z.T).T
    axis-0: It normalizes down the columns (axis 0): examples compete with each other. → The classes
    of one example stand in a row: reduce along axis 1.
log_p = as_one_row(log_softmax)(z)
    over-everything: It normalizes over the whole array: all examples together share a total of 1. →
    Every row sums to 1 by itself: reduce along axis 1, with `keepdims=True`.
log_p = log_softmax_without_keepdims(z)
log_p = np.log(softmax_without_keepdims(z))
log_p = z - np.log(np.exp(z).sum(axis=1))
    no-keepdims: Without `keepdims` the row values have shape (N,) and are lined up with the
    columns: an error for N ≠ C, and silently wrong for N = C. → Keep them a column (N, 1): `axis=1,
    keepdims=True`.
log_p = z - np.log(row_sum(np.exp(z - row_maximum(z))))
    shifted-on-one-side: The maximum is subtracted inside the sum but not from the z outside it. →
    log p = z − max − log Σ exp(z − max): the maximum is subtracted in both places.
return -np.mean(_p_of_labels(z, y))
    no-logarithm: The logarithm is missing: it averages −p. → The loss of an example is −log p of
    its label.
return np.mean(1 - _p_of_labels(z, y))
    no-logarithm: The logarithm is missing: it averages 1 − p. → The loss of an example is −log p of
    its label.
return -np.log(np.mean(_p_of_labels(z, y)))
    log-of-mean: The mean is taken before the logarithm. → First −log p of each example, then the
    mean.
p, Y = softmax(z), one_hot(y, z.shape[1]); \
return -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / len(y)
    binary-style: The other classes are charged too, as (1 − y) log(1 − p): that is the binary loss.
    → With softmax only the label's own −log p counts.
return np.sum((softmax(z) - one_hot(y, z.shape[1])) ** 2) / (2 * len(y))
return np.mean((softmax(z) - one_hot(y, z.shape[1])) ** 2)
    squared-error: It is the squared error of the probabilities. → The loss of an example is −log p
    of its label.
return np.exp(cross_entropy(z, y))
    perplexity: It is exp of the loss, the perplexity. → Leave the last exponential out.
return -picked(log_softmax(z), y)
    per-example: There is one loss for each example. → One number is wanted: the mean of these.
return -np.mean(one_hot(y, z.shape[1]) * log_softmax(z), axis=0)
    per-class: There is one loss for each class. → One number is wanted: sum over the classes too.
[first example]
    first-example-only: Only the first example is counted. → Average over all N examples: does
    `return` stand outside the loop?
[last example]
return -log_softmax(z)[-1, y[-1]] / len(y)
    last-example-only: Only the last example is counted: each round of the loop forgets the one
    before. → Write `+=`, start from 0 and divide by N.
"""

TASK = Task(
    "cross_entropy(z, y)",
    cross_entropy_cases,
    cross_entropy,
    shapes={"z": "N C", "y": "N"},
    mistakes=MISTAKES,
    hints=(
        "For one example: which single entry of its row decides the loss?",
        "L = −1/N · Σₙ log p[n, y[n]], with log p from log-softmax.",
        "`log_p = log_softmax(z)`; `log_p[np.arange(N), y]` are the N numbers whose mean, with "
        "a minus, is the loss.",
    ),
    place=4,
)
