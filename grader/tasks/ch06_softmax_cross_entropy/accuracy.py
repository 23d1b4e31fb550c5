"""accuracy: the share of right predictions."""

import numpy as np

from ...task import Task, case
from ..shared import labels, normal


def accuracy(z, y):
    predicted = z.argmax(axis=1)
    return np.mean(predicted == y)


def accuracy_cases(rng):
    def draw(n, c, make=normal, aspect="value", right=0.6):
        z = make(rng, n, c)
        guess = labels(rng, n, c)
        return case(z, np.where(rng.random(n) < right, z.argmax(axis=1), guess), aspect=aspect)

    def distinct(rng, n, c):
        return np.array([rng.permutation(c) for _ in range(n)]) / 2 - 1

    ties = np.array([[1.0, 1.0, 0.0], [0.0, 2.0, 2.0], [3.0, 0.0, 3.0]])
    return [
        case(ties, np.array([0, 1, 0]), aspect="edge"),
        case(ties, np.array([1, 2, 2]), aspect="edge"),
        case(np.array([[0.0, 0.0]]), np.array([0]), aspect="edge"),
        case(np.array([[0.0, 0.0]]), np.array([1]), aspect="edge"),
        case(np.array([[-1.0], [2.0]]), np.array([0, 0]), aspect="ones"),
        draw(1, 3, distinct, "ones", right=1),
        draw(1, 3, distinct, "ones", right=0),
        case(np.array([[1.0, -1.0], [-0.5, 2.0]]), np.array([0, 0])),
        case(np.array([[-1.0, -0.5, -2.0], [0.5, 1.0, 2.0]]), np.array([1, 0])),
        case(np.array([[-2.0, -1.0], [-1.0, -2.0], [1.0, 2.0]]), np.array([1, 0, 0])),
        draw(3, 3, distinct),
        draw(4, 4),
        draw(7, 3),
        draw(4, 6),
        draw(9, 5),
        draw(20, 10, right=0.8),
    ]


MISTAKES = """
return np.mean(z.argmax(axis=0) == y)
    axis-0: The argmax runs down the columns (axis 0), over examples. → The classes of one example
    stand in a row: `axis=1`.
return np.mean(z.argmax() == y)
    no-axis: Without an axis, argmax finds one position in the whole array. → One prediction for
    each row: `axis=1`.
return 100 * accuracy(z, y)
    percent: It is a percentage. → A fraction from 0 to 1 is wanted.
[× N]
    count: It is the number of right answers: exactly N times too large. → Divide by N.
return np.mean(z.argmax(axis=1) != y)
    error-rate: It is the fraction that is wrong. → Count where prediction and label are equal.
return z.argmax(axis=1) == y
    per-example: There is one True or False for each example. → One number is wanted: their mean.
return z.argmax(axis=1)
    predictions: These are the predicted classes. → Compare them with y and take the mean.
return np.sum(z.argmax(axis=1) == y) / z.shape[1]
    divided-by-classes: It is divided by the number of classes in place of the number of examples. →
    N is the number of rows, `len(z)`.
[÷ N]
    divided-twice: It is divided by N twice. → `np.mean` divides by N already.
[÷ C]
    mean-over-classes-too: It is divided by N·C. → There is one answer for each example: divide by
    N.
return np.all(z.argmax(axis=1) == y)
    all-or-nothing: It is 1 when every example is right and 0 otherwise: `np.all` and `//` both lose
    the fraction. → Take the mean of the comparison, or divide with `/`.
return np.any(z.argmax(axis=1) == y)
    all-or-nothing: It is 1 as soon as one example is right. → The fraction is wanted: the mean of
    the comparison.
return np.mean(z.argmin(axis=1) == y)
    minimum: It takes the smallest logit. → The prediction is the class with the largest logit:
    `argmax`.
return np.mean(z.max(axis=1) == y)
    maximum-for-argmax: The largest logit itself is compared with the label. → Its position is
    wanted: `argmax`.
return np.mean(z.shape[1] - 1 - z[:, ::-1].argmax(axis=1) == y)
    last-maximum: When two logits tie, it takes the last one. → The first one wins: `argmax` does
    it, `>=` in a loop does not.
return np.mean(z.argsort(axis=1)[:, -1] == y)
    last-maximum: When two logits tie, sorting puts the last one at the end. → The first one wins:
    `argmax` does it.
return np.mean(z[np.arange(len(y)), y] == z.max(axis=1))
    ties-count-as-right: A tie counts as right whenever the label is among the largest. → Only the
    first of them is the prediction: compare `argmax` with y.
return np.mean([np.sum(row >= row[k]) == 1 for row, k in zip(z, y)])
    ties-count-as-wrong: A tie counts as wrong. → The first of the largest is the prediction:
    compare `argmax` with y.
return np.mean(z[np.arange(len(y)), y] > 0)
    threshold: It asks whether the label's logit is positive. → It has to be the largest of its row.
return np.mean(picked(softmax(z), y))
    probability-of-label: It averages the probability of the label. → An example is right or wrong:
    compare `argmax` with y.
return np.mean(picked(softmax(z), y) > 0.5)
    majority: It asks for a probability above ½: with more than two classes the largest may be less.
    → The label's logit has to be the largest of its row, no more.
return np.mean(softmax(z.T).T.argmax(axis=1) == y)
    softmax-over-columns: A softmax runs down the columns before the argmax and changes the order
    within a row. → No softmax is needed: it would keep the order of a row.
return np.mean(z.argmax(axis=1) + 1 == y)
    labels-from-one: The predictions count from 1. → Labels count from 0, as `argmax` does.
return np.mean(np.abs(z).argmax(axis=1) == y)
    absolute-value: It takes the logit with the largest absolute value. → A very negative logit is
    the least likely class: leave the absolute value out.
"""

TASK = Task(
    "accuracy(z, y)",
    accuracy_cases,
    accuracy,
    shapes={"z": "N C", "y": "N"},
    mistakes=MISTAKES,
    hints=(
        "Which class does the model predict for one row of logits?",
        "The fraction of rows n with argmaxₖ z[n, k] = y[n].",
        "`z.argmax(axis=1)` are the predictions (the first maximum wins a tie); the mean of a "
        "comparison is the fraction of True.",
    ),
    place=8,
)
