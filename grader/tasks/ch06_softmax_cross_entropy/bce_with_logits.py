"""bce_with_logits: binary cross-entropy from logits."""

import numpy as np

from ...task import Task, case
from ..shared import large, normal, tidy


def bce_with_logits(z, y):
    losses = np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))
    return np.mean(losses)


def _binary_cases(rng):
    def draw(n, kind, make=normal, aspect="value"):
        y = rng.permutation(np.arange(n) % 2)
        return case(make(rng, n), y.astype(kind), aspect=aspect)

    def stable(z):
        z = np.array(z, dtype=float)
        y = rng.permutation(np.arange(len(z)) % 2)
        return [case(z, labels.astype(float), aspect="stable") for labels in (y, 1 - y)]

    return [
        case(np.array([0.0, 0.0]), np.array([0.0, 1.0]), aspect="edge"),
        case(np.array([0.0]), np.array([1.0]), aspect="edge"),
        case(tidy(rng, 1), np.array([1.0]), aspect="ones"),
        case(tidy(rng, 1), np.array([0]), aspect="ones"),
        draw(2, float, tidy),
        draw(3, int, tidy),
        draw(4, float),
        draw(5, int),
        draw(6, float, lambda rng, n: normal(rng, n, scale=2.0)),
        draw(9, int, lambda rng, n: normal(rng, n, scale=2.0)),
        case(normal(rng, 3), np.ones(3)),
        case(normal(rng, 4), np.zeros(4, dtype=int)),
        *stable([1e4]),
        *stable([-1e4]),
        *stable([1000.0, -1000.0]),
        *stable([-22.0, 25.0]),
        *stable([-40.0, 40.0, 35.0]),
        *stable(large(rng, 4)),
        *stable(rng.uniform(-40, 40, 5)),
        *stable(rng.uniform(-800, 800, 6)),
    ]


def _from_p(p, y, eps=0.0):
    return -np.mean(y * np.log(p + eps) + (1 - y) * np.log(1 - p + eps))


MISTAKES = """
return _from_p(sigmoid(z), y)
return _from_p(naive_sigmoid(z), y)
return _from_p(other_naive_sigmoid(z), y)
return _from_p(tanh_sigmoid(z), y)
    log-of-zero: σ(z) is computed first; where it has been rounded to 0 or 1, a logarithm is −∞ and
    0 · ∞ is NaN. → Take the logarithms on paper first: max(z, 0) − z·y + log(1 + exp(−|z|)).
return -np.mean(np.where(y == 1, np.log(sigmoid(z)), np.log(1 - sigmoid(z))))
    log-of-zero: σ(z) is computed first; where it has been rounded to 0 or 1, a logarithm is −∞. →
    Take the logarithms on paper first: max(z, 0) − z·y + log(1 + exp(−|z|)).
return _from_p({sigmoid|naive_sigmoid|tanh_sigmoid}(z), y, {1e-7|1e-8|1e-9|1e-10|1e-12|1e-15})
return _from_p(clipped({sigmoid|naive_sigmoid|tanh_sigmoid}(z), \
{1e-7|1e-8|1e-9|1e-10|1e-12|1e-15}), y)
    log-of-zero-patched: A small constant keeps the logarithm finite, but where the probability is
    smaller than the constant the result is the constant's logarithm, not the true one. → Take the
    logarithms on paper first: max(z, 0) − z·y + log(1 + exp(−|z|)). No constant is needed.
return np.mean(np.log(1 + np.exp(z)) - z * y)
    overflow: log(1 + exp(z)) overflows for large z. → log(1 + exp z) = max(z, 0) + log(1 +
    exp(−|z|)), whose exponent is never positive.
return np.mean(z - z * y + np.log(1 + np.exp(-z)))
    overflow: log(1 + exp(−z)) overflows when z is very negative. → log(1 + exp(−z)) = max(−z, 0) +
    log(1 + exp(−|z|)), whose exponent is never positive.
return np.mean(np.log(1 + np.exp(-(2 * y - 1) * z)))
    overflow: log(1 + exp(…)) overflows where the answer is confidently wrong. → With u for the
    exponent: log(1 + exp u) = max(u, 0) + log(1 + exp(−|u|)).
return np.mean(np.where(z >= 0, z - z * y + np.log1p(np.exp(-z)), -z * y + np.log1p(np.exp(z))))
    both-branches: `np.where` evaluates both formulas everywhere, so the unwanted one still
    overflows. → One formula serves both: max(z, 0) − z·y + log(1 + exp(−|z|)).
[× N]
    sum-for-mean: It sums over the examples: exactly N times too large. → Divide by the number of
    examples.
[÷ N]
    divided-twice: It is divided by N twice. → The 1/N enters once: `np.mean` contains it.
[halved]
    half: There is a factor ½. → Each example has one label: the loss is the plain mean over N.
[negated]
    wrong-sign: The minus is missing: logarithms of probabilities are negative, the loss has to be
    positive. → Return minus the mean of y·log σ + (1 − y)·log(1 − σ).
[base 2]
    log-base-2: The logarithm is to base 2: 1.4427 times too large. → Use the natural logarithm,
    `np.log`.
[base 10]
    log-base-10: The logarithm is to base 10. → Use the natural logarithm, `np.log`.
return np.mean(y * np.logaddexp(0, -z))
    only-label-one: Examples with label 0 cost nothing: the term (1 − y)·log(1 − σ) is missing. →
    Add it: a high logit for label 0 has to cost as well.
return np.mean((1 - y) * np.logaddexp(0, z))
    only-label-zero: Examples with label 1 cost nothing: the term y·log σ is missing. → Add it: a
    low logit for label 1 has to cost as well.
return bce_with_logits(z, 1 - y)
    labels-exchanged: The labels 0 and 1 are exchanged. → log σ(z) belongs to y = 1, log(1 − σ(z))
    to y = 0.
return np.mean(np.logaddexp(0, z))
    labels-ignored: The labels play no part: −z·y is missing. → The loss is log(1 + exp z) − z·y.
return np.mean(np.logaddexp(0, -z))
    labels-ignored: The labels play no part: every example is treated as a 1. → The loss is log(1 +
    exp z) − z·y.
return np.mean(np.logaddexp(0, -y * z))
    labels-plus-minus-one: This formula is for labels −1 and +1. → Here they are 0 and 1: use (2y −
    1) in place of y.
return np.mean(np.maximum(z, 0) + z * y + np.log1p(np.exp(-np.abs(z))))
    wrong-sign-of-product: z·y is added where it has to be subtracted. → max(z, 0) − z·y + log(1 +
    exp(−|z|)).
return np.mean(np.maximum(z, 0) - z * y - np.log1p(np.exp(-np.abs(z))))
    wrong-sign-of-logarithm: The logarithm is subtracted where it has to be added. → max(z, 0) − z·y
    + log(1 + exp(−|z|)).
return np.mean(np.maximum(z, 0) - z * y)
    no-logarithm: The term log(1 + exp(−|z|)) is missing. → max(z, 0) − z·y + log(1 + exp(−|z|)).
return np.mean(np.maximum(z, 0) - z * y + np.log(np.exp(-np.abs(z))))
    no-logarithm: The 1 inside the logarithm is missing. → max(z, 0) − z·y + log(1 + exp(−|z|)).
return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-z)))
    no-absolute-value: The exponent is −z; it has to be −|z|. → max(z, 0) − z·y + log(1 +
    exp(−|z|)).
return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(z)))
    no-absolute-value: The exponent is z; it has to be −|z|. → max(z, 0) − z·y + log(1 + exp(−|z|)).
return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(np.abs(z))))
    no-absolute-value: The exponent is +|z|; it has to be −|z|. → max(z, 0) − z·y + log(1 +
    exp(−|z|)).
return np.mean(z - z * y + np.log1p(np.exp(-np.abs(z))))
    no-maximum: z stands where max(z, 0) belongs. → max(z, 0) − z·y + log(1 + exp(−|z|)).
return -np.mean(y * np.log(z) + (1 - y) * np.log(1 - z))
    no-sigmoid: The logarithms are taken of the logits: they are no probabilities. → z goes through
    the sigmoid first; best on paper: max(z, 0) − z·y + log(1 + exp(−|z|)).
return _from_p(clipped(z, {1e-12|1e-15}), y)
    no-sigmoid: The logarithms are taken of the clipped logits: they are no probabilities. → z goes
    through the sigmoid first; best on paper: max(z, 0) − z·y + log(1 + exp(−|z|)).
return bce_with_logits(sigmoid(z), y)
    sigmoid-twice: The sigmoid is applied twice. → z holds logits: one sigmoid turns them into
    probabilities.
return np.mean((sigmoid(z) - y) ** 2)
return np.mean((sigmoid(z) - y) ** 2) / 2
    squared-error: It is the squared error of the probabilities. → The loss of an example is −log of
    the probability given to its label.
return -np.log(np.mean(np.where(y == 1, sigmoid(z), sigmoid(-z))))
    log-of-mean: The mean is taken before the logarithm. → First −log p of each example, then the
    mean.
return -np.mean(np.where(y == 1, sigmoid(z), sigmoid(-z)))
    no-logarithm: The logarithm is missing: it averages −p. → The loss of an example is −log of the
    probability given to its label.
return np.mean(np.abs(sigmoid(z) - y))
    no-logarithm: The logarithm is missing: it averages |σ − y|. → The loss of an example is −log of
    the probability given to its label.
return -np.sum(y * log_softmax(z[None])[0]) / len(z)
    softmax-over-batch: A softmax runs over the batch: examples compete with each other. → Each
    example has its own sigmoid.
return np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))
    per-example: There is one loss for each example. → One number is wanted: the mean of these.
return np.mean(losses.astype(y.dtype))
    integer-dtype: The losses are stored in an array of integers when y holds integers: everything
    after the decimal point is lost. → Make the array like z, not like y: `np.zeros(len(z))`.
[first example]
    first-example-only: Only the first example is counted. → Average over all N examples: does
    `return` stand outside the loop?
return bce_with_logits(z[-1:], y[-1:]) / len(z)
    last-example-only: Only the last example is counted: each round of the loop forgets the one
    before. → Write `+=`, start from 0 and divide by N.
"""

TASK = Task(
    "bce_with_logits(z, y)",
    _binary_cases,
    bce_with_logits,
    shapes={"z": "N", "y": "N"},
    mistakes=MISTAKES,
    hints=(
        "What does one example cost when y = 1 and z is very large? Very negative? Which "
        "formula can say so without infinity?",
        "One example costs log(1 + eᶻ) − z·y, and log(1 + eᶻ) = max(z, 0) + log(1 + e⁻ˡᶻˡ), "
        "where the exponent is minus the absolute value of z.",
        "`np.log1p(np.exp(-np.abs(z)))` never overflows; "
        "add `np.maximum(z, 0) - z * y` and take the mean.",
    ),
    place=6,
)
