"""bce_with_logits_gradient: (σ(z) − y)/N."""

import numpy as np

from ...task import Task, case
from ..shared import large, normal, sigmoid, tidy


def bce_with_logits_gradient(z, y):
    p = sigmoid(z)
    return (p - y) / len(z)


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


MISTAKES = """
p = naive_sigmoid(z)
    overflow: exp(−z) overflows when z is very negative. → Exponentiate −|z| only: σ(z) is 1/(1 +
    e⁻ᶻ) for z ≥ 0 and eᶻ/(1 + eᶻ) for z < 0.
p = other_naive_sigmoid(z)
    overflow: exp(z) overflows when z is large, and inf / inf is NaN. → Exponentiate −|z| only: σ(z)
    is 1/(1 + e⁻ᶻ) for z ≥ 0 and eᶻ/(1 + eᶻ) for z < 0.
p = sigmoid_both_branches(z)
    both-branches: `np.where` evaluates both formulas everywhere, so the unwanted one still
    overflows. → Compute exp(−|z|) once and use it in both formulas, or assign through a mask.
p = sigmoid(np.clip(z, -{10|15|20}, {10|15|20}))
    clipped: z is clipped, so the tails are wrong. → No clipping is needed when only −|z| is
    exponentiated.
return (p - y) / (p * (1 - p)) * (p * (1 - p)) / len(z)
return (-y / p + (1 - y) / (1 - p)) * p * (1 - p) / len(z)
    the-long-way: It divides by σ(1 − σ), which is 0 where σ has been rounded to 0 or 1: the result
    is NaN. → Cancel the factors on paper first: what is left is (σ(z) − y) / N.
[× N]
    no-mean: The 1/N is missing: exactly N times too large. → The loss is a mean over the batch:
    divide by N.
[÷ N]
    divided-twice: It is divided by N twice. → The 1/N enters once.
[halved]
    half: It is divided by 2N. → Divide by N.
[doubled]
    doubled: There is a factor 2, as from a square. → The whole gradient is (σ(z) − y) / N.
[negated]
    wrong-sign: The sign is wrong: y − σ. A step against this gradient makes the loss larger. → The
    gradient is σ(z) minus y.
return bce_with_logits_gradient(z, 1 - y)
    labels-exchanged: The labels 0 and 1 are exchanged. → The gradient is σ(z) − y: prediction minus
    truth.
return (sigmoid(z) + y) / len(z)
    labels-added: The labels are added. → They are subtracted: σ(z) − y.
return sigmoid(z) / len(z)
    no-label: Only σ(z) is returned: the labels are not subtracted. → The gradient is σ(z) − y, over
    N.
return sigmoid(z)
    no-label: Only σ(z) is returned: the labels are not subtracted, and the 1/N is missing. → The
    gradient is σ(z) − y, over N.
return y * (sigmoid(z) - 1) / len(z)
    only-label-one: Examples with label 0 have no gradient. → Theirs is σ(z) / N: the whole is (σ(z)
    − y) / N.
return sigmoid(z) / len(z) - y
    mean-before-label: Only σ is divided by N; the label is not. → Put parentheses around the
    difference: (σ − y) / N.
return sigmoid(z) - y / len(z)
    mean-before-label: Only the label is divided by N; σ is not. → Put parentheses around the
    difference: (σ − y) / N.
return (z - y) / len(z)
    no-sigmoid: The labels are subtracted from the logits. → Subtract them from the probabilities,
    σ(z).
return bce_with_logits_gradient(sigmoid(z), y)
    sigmoid-twice: The sigmoid is applied twice. → z holds logits: one sigmoid turns them into
    probabilities.
return bce_with_logits_gradient(z, y) * sigmoid(z) * sigmoid(-z)
    squared-error: σ(1 − σ) is multiplied in: with cross-entropy it has cancelled already. → The
    whole gradient is (σ(z) − y) / N.
return (sigmoid(z) - y) / (sigmoid(z) * sigmoid(-z)) / len(z)
    gradient-for-p: It is ∂L/∂σ, the gradient for the probability. → Go on through the sigmoid to z:
    its slope σ(1 − σ) cancels the denominator.
[summed]
    summed-over-batch: The entries are summed into one number. → Every logit has its own gradient:
    the shape is (N,).
return np.mean(bce_with_logits_gradient(z, y))
    summed-over-batch: The entries are averaged into one number. → Every logit has its own gradient:
    the shape is (N,).
return (softmax(z[None])[0] - y) / len(z)
    softmax-for-sigmoid: A softmax runs over the batch: examples compete with each other. → Each
    example has its own sigmoid.
return ((p - y) / len(z)).astype(y.dtype)
    integer-dtype: The gradient is stored in an array of integers when y holds integers: everything
    after the decimal point is lost. → Make the array like z, not like y.
return bce_with_logits(z, y)
    loss: It is the loss, not its gradient. → The gradient has the shape of z: (σ(z) − y) / N.
return ((z > 0) - y) / len(z)
    hard-prediction: The prediction is rounded to 0 or 1 before the label is subtracted. → Subtract
    y from the probability σ(z) itself.
"""

TASK = Task(
    "bce_with_logits_gradient(z, y)",
    _binary_cases,
    bce_with_logits_gradient,
    shapes={"z": "N", "y": "N"},
    mistakes=MISTAKES,
    hints=(
        "It has the same form as softmax with cross-entropy: prediction minus truth.",
        "∂L/∂z = (σ(z) − y) / N.",
        "Write a sigmoid that exponentiates only `-np.abs(z)`, subtract y, divide by `len(z)`.",
    ),
    place=7,
)
