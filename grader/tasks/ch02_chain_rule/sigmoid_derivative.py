"""sigmoid_derivative: the slope from the output."""

import numpy as np

from ...task import Task, case
from ..shared import normal, sigmoid


def sigmoid_derivative(s):
    return s * (1.0 - s)


def sigmoid_derivative_cases(rng):
    def tenths(*shape):
        return rng.choice([0.1, 0.2, 0.25, 0.4, 0.6, 0.75, 0.8, 0.9], size=shape)

    return [
        case(np.array([[0.5, 0.0, 1.0]]), aspect="edge"),
        case(tenths(1, 1), aspect="ones"),
        case(tenths(3, 1), aspect="ones"),
        case(tenths(1, 2)),
        case(tenths(2, 3)),
        case(sigmoid(normal(rng, 3, 3))),
        case(sigmoid(normal(rng, 5, 4, scale=3.0))),
        case(sigmoid(normal(rng, 6, 7, scale=8.0))),
    ]


MISTAKES = """
return sigmoid_derivative(sigmoid(s))
    sigmoid-twice: The sigmoid is applied once more: s is its output already. → Use s as it comes;
    no exponential is needed.
return sigmoid(s)
    function-for-derivative: It is the sigmoid itself, and of a number that is a sigmoid already. →
    The slope at output s is wanted: s times something.
return s.copy()
    identity: It returns s itself: the output, not the slope. → The slope is s times a second
    factor.
return 1 - s
    factor-missing: The factor s is missing. → The slope is a product of two factors, s and 1 − s.
return 1 - s**2
    tanh-rule: It is the rule for tanh, 1 − a². → For the sigmoid the slope is s·(1 − s).
[negated]
    wrong-sign: The sign is wrong: the sigmoid rises everywhere, so no slope is negative. → The
    second factor is 1 − s, not s − 1.
return s * (1 + s)
    plus-for-minus: There is a plus where a minus belongs: s·(1 + s). → Test s = 1: a saturated
    sigmoid has slope 0.
return s * s
    squared: It is s², so the slope would be largest where the sigmoid is flat. → The second factor
    is 1 − s.
return (1 - s) ** 2
    squared: It is (1 − s)². → Only one of the two factors is 1 − s; the other is s.
return s * (1 - s) ** 2
    squared: The factor 1 − s appears twice. → The slope is s·(1 − s).
return s**2 * (1 - s)
    squared: The factor s appears twice. → The slope is s·(1 − s).
return 1 - 2 * s
    second-derivative: It is 1 − 2s, the derivative of s·(1 − s) with respect to s. → s·(1 − s) is
    the answer already; do not differentiate once more.
return s * (1 - s) * (1 - 2 * s)
    second-derivative: It is the second derivative, σ″. → One differentiation is enough: s·(1 − s).
return s @ (1 - s)
    matrix-product: `@` is a matrix product; the two factors are multiplied entry by entry. → Write
    `*`.
"""

TASK = Task(
    "sigmoid_derivative(s)",
    sigmoid_derivative_cases,
    sigmoid_derivative,
    shapes={"s": "N H"},
    mistakes=MISTAKES,
    hints=(
        "s is what the sigmoid returned. Where is a sigmoid steep, and what is s there?",
        "σ′ = σ·(1 − σ), and σ is s.",
        "One line, two factors: s and 1 − s, multiplied entry by entry with `*`.",
    ),
    place=1,
)
