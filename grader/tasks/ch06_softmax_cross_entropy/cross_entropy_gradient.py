"""cross_entropy_gradient: (p − y)/N at the logits."""

import numpy as np

from ...task import Task, case
from ..shared import labels, large, normal, one_hot, softmax, tidy


def cross_entropy_gradient(z, y):
    p = softmax(z)
    Y = one_hot(y, z.shape[1])
    return (p - Y) / len(y)


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


MISTAKES = """
p = softmax_without_shift(z)
    overflow: exp(z) overflows for large z, and when all of a row is very negative its sum
    underflows to 0; either way the division gives NaN. → Subtract the row's maximum before
    exponentiating: it changes nothing on paper.
p = softmax_with_one_shift(z)
    global-maximum: One maximum, that of the whole batch, is subtracted from every row: a row far
    below it underflows to zeros. → Subtract each row's own maximum: `z.max(axis=1, keepdims=True)`.
dp = -Y / p / len(y); return p * (dp - np.sum(dp * p, axis=1, keepdims=True))
return np.array([(np.diag(q) - np.outer(q, q)) @ (-t / q) for q, t in zip(p, Y)]) / len(y)
return np.array([q * (d - q @ d) for q, d in zip(p, np.where(Y == 1, -1 / p, 0))]) / len(y)
    the-long-way: 1/p is infinite where p has underflowed to 0: two factors that cancel on paper
    meet as 0 · ∞, which is NaN. → Cancel them on paper first: what is left is (p − one-hot) / N.
[× N]
    no-mean: The 1/N is missing: exactly N times too large. → The loss is a mean over the batch:
    divide by N.
[÷ N]
    divided-twice: It is divided by N twice. → The 1/N enters once.
return (softmax(z) - one_hot(y, z.shape[1])) / z.shape[1]
    divided-by-classes: It is divided by the number of classes in place of the number of examples. →
    N is the number of rows, `len(z)`.
[÷ C]
    mean-over-classes-too: It is divided by N·C: exactly C times too small. → The loss is a mean
    over the N examples only.
[negated]
    wrong-sign: The sign is wrong: one-hot minus p. A step against this gradient makes the loss
    larger. → The gradient is p minus the one-hot labels.
return softmax(z) / len(y)
    no-one-hot: Only p is returned: the one-hot labels are not subtracted. → Subtract 1 from the
    entry of each row's label.
return softmax(z)
    no-one-hot: Only p is returned: the one-hot labels are not subtracted, and the 1/N is missing. →
    Subtract 1 from the entry of each row's label, then divide by N.
return (softmax(z) - y[:, None]) / len(y)
    labels-subtracted: The integer labels themselves are subtracted. → Subtract one-hot rows: 1 at
    the label, 0 elsewhere.
return (softmax(z) - y) / len(y)
    labels-subtracted: The integer labels themselves are subtracted, lined up with the columns. →
    Subtract one-hot rows: 1 at the label, 0 elsewhere.
return (softmax(z) + one_hot(y, z.shape[1])) / len(y)
    labels-added: The one-hot labels are added. → They are subtracted: p minus one-hot.
p[:, y] -= 1; return p / len(y)
    columns-for-entries: `p[:, y] -= 1` lowers these columns in **every** row. → Pair each row with
    its own label: `p[np.arange(N), y] -= 1`.
return (softmax(z) - np.eye(z.shape[1])[y - 1]) / len(y)
    labels-from-one: 1 is subtracted one column too far to the left: labels count from 0 here. →
    Subtract it at column y[n] of row n.
return softmax(z) / len(y) - one_hot(y, z.shape[1])
    mean-before-one-hot: Only p is divided by N; the 1 at the label is not. → Put parentheses around
    the difference: (p − one-hot) / N.
return softmax(z) - one_hot(y, z.shape[1]) / len(y)
    mean-before-one-hot: Only the one-hot labels are divided by N; p is not. → Put parentheses
    around the difference: (p − one-hot) / N.
return (z - one_hot(y, z.shape[1])) / len(y)
    no-softmax: The one-hot labels are subtracted from the logits. → Subtract them from the
    probabilities, softmax(z).
return (log_softmax(z) - one_hot(y, z.shape[1])) / len(y)
    log-softmax-for-softmax: log p stands where p belongs. → The gradient is p minus the one-hot
    labels.
return (1 / (1 + np.exp(-z)) - one_hot(y, z.shape[1])) / len(y)
    sigmoid-for-softmax: The sigmoid stands where softmax belongs. → The gradient is softmax(z)
    minus the one-hot labels.
return cross_entropy_gradient(softmax(z), y)
    softmax-twice: The softmax is applied twice. → z holds logits: one softmax turns them into
    probabilities.
p = softmax(z.T).T
    axis-0: It normalizes down the columns (axis 0): examples compete with each other. → The classes
    of one example stand in a row: reduce along axis 1.
p = as_one_row(softmax)(z)
    over-everything: It normalizes over the whole array: all examples together share a total of 1. →
    Every row sums to 1 by itself: reduce along axis 1, with `keepdims=True`.
p = softmax_without_keepdims(z)
p = np.exp(z) / np.exp(z).sum(axis=1)
    no-keepdims: Without `keepdims` the row values have shape (N,) and are lined up with the
    columns: an error for N ≠ C, and silently wrong for N = C. → Keep them a column (N, 1): `axis=1,
    keepdims=True`.
return cross_entropy_gradient(z, y) * softmax(z) * (1 - softmax(z))
    squared-error: p(1 − p) is multiplied in: with cross-entropy it has cancelled already. → The
    whole gradient is (p − one-hot) / N.
return softmax(z) * (cross_entropy_gradient(z, y) \
- row_sum(cross_entropy_gradient(z, y) * softmax(z)))
    squared-error: p − one-hot is multiplied by the softmax Jacobian once more: that is the squared
    error's gradient. → With cross-entropy the Jacobian has cancelled already: (p − one-hot) / N.
return -one_hot(y, z.shape[1]) / softmax(z) / len(y)
    gradient-for-p: It is ∂L/∂p, the gradient for the probabilities. → Go on through the softmax to
    z: what is left is (p − one-hot) / N.
return one_hot(y, z.shape[1]) * cross_entropy_gradient(z, y)
    label-entries-only: Only the label's entry of each row is filled: the other logits have a
    gradient too. → Their share is p / N: each of them takes probability away from the label.
return picked(cross_entropy_gradient(z, y), y)
    label-entries-only: Only the label's entry of each row is returned. → Every logit has a
    gradient: the shape is that of z.
return (1 - one_hot(y, z.shape[1])) * softmax(z) / len(y)
    other-entries-only: The label's entry is set to 0. → It is (p − 1) / N there.
return cross_entropy_gradient(z, y).sum(axis=0)
return (softmax(z) - one_hot(y, z.shape[1])).sum(axis=0)
    summed-over-batch: The rows are summed: one row is left for the whole batch. → Every logit has
    its own gradient: the shape is that of z.
[transposed]
    transposed: It is transposed. → The gradient has the shape of z, (N, C).
[halved]
    half: It is divided by 2N. → The ½ belongs to the squared error: divide by N.
[doubled]
    doubled: There is a factor 2, as from a square. → The whole gradient is (p − one-hot) / N.
return cross_entropy(z, y)
    loss: It is the loss, not its gradient. → The gradient has the shape of z: (p − one-hot) / N.
"""

TASK = Task(
    "cross_entropy_gradient(z, y)",
    cross_entropy_cases,
    cross_entropy_gradient,
    shapes={"z": "N C", "y": "N"},
    mistakes=MISTAKES,
    hints=(
        "Everything cancels but a subtraction: what does each row of the gradient sum to?",
        "∂L/∂z = (p − Y) / N, with p = softmax(z) and Y the one-hot labels.",
        "`dz = softmax(z)` is a new array: "
        "subtract 1 from it at `[np.arange(N), y]` and divide by N.",
    ),
    place=5,
)
