"""tanh_derivative: the slope from the output."""

import numpy as np

from ...task import Task, case
from ..shared import normal


def tanh_derivative(a):
    return 1.0 - a * a


def tanh_derivative_cases(rng):
    def tenths(*shape):
        return rng.choice([-0.9, -0.75, -0.5, -0.2, 0.1, 0.25, 0.6, 0.8], size=shape)

    return [
        case(np.array([[0.0, 1.0, -1.0]]), aspect="edge"),
        case(tenths(1, 1), aspect="ones"),
        case(tenths(3, 1), aspect="ones"),
        case(tenths(1, 2)),
        case(tenths(2, 3)),
        case(np.tanh(normal(rng, 3, 3))),
        case(np.tanh(normal(rng, 5, 4))),
        case(np.tanh(normal(rng, 6, 7, scale=3.0))),
    ]


MISTAKES = """
return 1 - np.tanh(a) ** 2
    tanh-twice: tanh is applied once more: a is its output already. → Use a as it comes.
return np.tanh(a)
    function-for-derivative: It is tanh itself, and of a number that is a tanh already. → The slope
    at output a is wanted.
return a.copy()
    identity: It returns a itself: the output, not the slope. → Test a = 0: there tanh is steepest,
    with slope 1.
return a * (1 - a)
    sigmoid-rule: It is the rule for the sigmoid, a·(1 − a). → Test a = 0: tanh has slope 1 there.
return sigmoid_derivative(sigmoid(a))
    sigmoid-rule: It is the slope of a sigmoid. → tanh has a rule of its own; test a = 0, where its
    slope is 1.
return 1 - a
    not-squared: The output is not squared. → The slope is the same at a and at −a: which power of a
    does that suggest?
return 1 - np.abs(a)
    not-squared: The output is not squared: its absolute value is taken. → Square it.
return 1 - 2 * a
    not-squared: The output is doubled in place of squared. → `a ** 2` or `a * a`.
return 1 + a**2
    plus-for-minus: There is a plus where a minus belongs. → Test a = 1: a saturated tanh has slope
    0.
[negated]
    wrong-sign: The sign is wrong: tanh rises everywhere, so no slope is negative. → The difference
    is taken the wrong way round.
return (1 - a) ** 2
    square-of-difference: The difference is squared where only a has to be. → `1 - a**2`: the power
    comes before the minus.
return a**2
    squared: The 1 is missing. → Test a = 0: tanh is steepest there.
return -2 * a
    second-derivative: It is −2a, the derivative of 1 − a² with respect to a. → 1 − a² is the answer
    already; do not differentiate once more.
return -2 * a * (1 - a**2)
    second-derivative: It is the second derivative, tanh″. → One differentiation is enough.
return np.sqrt(1 - a**2)
    square-root: A square root is taken. → Leave the root out.
return 1 - a @ a
    matrix-product: `@` is a matrix product; a is squared entry by entry. → Write `a * a` or `a **
    2`.
"""

TASK = Task(
    "tanh_derivative(a)",
    tanh_derivative_cases,
    tanh_derivative,
    shapes={"a": "N H"},
    mistakes=MISTAKES,
    hints=(
        "a is what tanh returned. What is its slope at a = 0, and at a = ±1?",
        "tanh′ = 1 − tanh², and tanh is a.",
        "One line: 1 minus the square of a, entry by entry.",
    ),
    place=2,
)
