"""branch_gradient: y = x·a + tanh x, where x forks."""

import numpy as np

from ...task import Task, case
from ..shared import normal, tidy


def branch_gradient(x, a, dy):
    slope = 1.0 - np.tanh(x) ** 2
    return dy * (a + slope)


def branch_cases(rng):
    def draw(n, d, make=normal, aspect="value"):
        return case(*(make(rng, n, d) for _ in range(3)), aspect=aspect)

    return [
        case(np.zeros((1, 2)), tidy(rng, 1, 2), tidy(rng, 1, 2), aspect="edge"),
        case(tidy(rng, 1, 2), np.zeros((1, 2)), tidy(rng, 1, 2), aspect="edge"),
        draw(1, 1, tidy, "ones"),
        draw(3, 1, tidy, "ones"),
        draw(1, 2, tidy),
        draw(2, 3, tidy),
        draw(3, 3),
        draw(5, 4),
        draw(4, 7),
    ]


MISTAKES = """
return dy * slope
    branch-overwritten: Only the tanh branch arrives: the product's share is missing, as when `=`
    overwrites what the first branch has stored. → x is used twice; add both contributions, `dx = …`
    and then `dx += …`.
return dy * a
    branch-overwritten: Only the product's branch arrives: the share of tanh is missing. → x is used
    twice; add both contributions.
return dy * a * slope
return dy * a * (dy * slope)
    branches-multiplied: The two branches are multiplied. → Along a path sensitivities multiply, but
    where paths meet they add.
[halved]
    branches-averaged: The two branches are averaged: exactly 2 times too small. → Both branches
    receive the whole of x, so their contributions add.
return dy * (a - slope)
    branches-subtracted: The two branches are subtracted. → Where paths meet, sensitivities add.
return np.maximum(dy * a, dy * slope)
    larger-branch: Only the larger of the two branches arrives. → Both contribute; add them.
return dy * a + slope
    upstream-on-one-branch: dy multiplies the product's branch only. → dy arrives at y and goes back
    along both branches: are parentheses missing?
return a + dy * slope
    upstream-on-one-branch: dy multiplies the tanh branch only. → dy arrives at y and goes back
    along both branches.
return dy + a + slope
    upstream-added: dy is added to the local derivatives. → Upstream times local: dy multiplies.
return dy**2 * (a + slope)
    upstream-twice: dy is multiplied in twice. → Each path carries it once.
return dy * (a + 1 - x**2)
    pre-activation-for-output: The slope of tanh is taken as 1 − x²: its rule is 1 − tanh² x. →
    Compute t = tanh x first; the slope is 1 − t².
return dy * (a + (1 - np.tanh(np.tanh(x)) ** 2))
    tanh-twice: tanh is applied twice in the slope. → The slope at x is 1 − tanh² x.
return dy * (a + 1 - np.tanh(x))
    not-squared: tanh x is not squared in the slope. → The slope of tanh is 1 − tanh² x.
return dy * (a - np.tanh(x) ** 2)
    slope-without-one: The 1 in the slope of tanh is missing. → The slope is 1 − tanh² x.
return dy * (a + np.tanh(x))
    function-for-derivative: tanh x stands where its slope belongs. → The slope of tanh is 1 − tanh²
    x.
return dy * (x * a + np.tanh(x))
    function-for-derivative: It is dy times y itself: nothing is differentiated. → Find ∂y/∂x: one
    term for each of the two places where x is used.
return x * a + np.tanh(x)
    forward: It is y, the forward pass. → The gradient ∂L/∂x is wanted: dy times the local
    derivatives, added.
return dy * x
    wrong-variable: It is the gradient with respect to a. → Multiply swaps: what comes back to x is
    dy times a.
return dy * (x + slope)
    wrong-variable: The product's local derivative is taken as x: that is the one with respect to a.
    → Multiply swaps: what comes back to x is dy times a.
return dy * (a + 1)
    slope-missing: The tanh branch passes dy on unchanged: its slope is missing. → The slope of tanh
    is 1 − tanh² x.
return dy * (1 + slope)
    product-as-sum: The product x·a is treated like a sum: its local derivative is taken as 1. → The
    derivative of x·a with respect to x is a.
return dy * (a + np.tanh(x) * (1 - np.tanh(x)))
    sigmoid-rule: The slope of tanh is taken as t·(1 − t), which is the sigmoid's rule. → The slope
    of tanh is 1 − t².
return dy * (a + sigmoid_derivative(sigmoid(x)))
    sigmoid-rule: The slope of the sigmoid stands where that of tanh belongs. → The slope of tanh is
    1 − tanh² x.
return dy * (a + 1 + np.tanh(x) ** 2)
    plus-for-minus: The slope of tanh has a plus. → It is 1 − tanh² x.
[summed]
    summed: The entries are summed. → dx has the shape of x: nothing is summed.
[÷ N]
    divided-by-n: It is divided by N. → The mean is in dy already; only the loss divides by N.
"""

TASK = Task(
    "branch_gradient(x, a, dy)",
    branch_cases,
    branch_gradient,
    shapes={"x": "N D", "a": "N D", "dy": "N D"},
    mistakes=MISTAKES,
    hints=(
        "Draw the graph: how many arrows leave x?",
        "dx = dy ⊙ ∂(x·a)/∂x + dy ⊙ ∂(tanh x)/∂x: at a fork gradients add.",
        "The local derivatives are a and 1 − tanh² x; dy multiplies their sum.",
    ),
    place=3,
)
