"""sigmoid: 1/(1 + exp(−z)) for every z."""

import numpy as np

from ...task import Task, case
from ..shared import large, normal, tidy


def sigmoid(z):
    e = np.exp(-np.abs(z))
    numerator = np.where(z >= 0, 1.0, e)
    return numerator / (1.0 + e)


def sigmoid_cases(rng):
    return [
        case(np.zeros((1, 1)), aspect="edge"),
        case(tidy(rng, 1, 1), aspect="ones"),
        case(tidy(rng, 1, 3)),
        case(tidy(rng, 2, 3)),
        case(normal(rng, 3, 3)),
        case(normal(rng, 5, 4, scale=3.0)),
        case(np.array([[1e4, -1e4]]), aspect="stable"),
        case(np.array([[1000.0], [-1000.0]]), aspect="stable"),
        case(np.array([[-25.0, 25.0, -40.0]]), aspect="stable"),
        case(large(rng, 4, 3), aspect="stable"),
        case(rng.uniform(-40, 40, (5, 4)), aspect="stable"),
    ]


MISTAKES = """
return 1 / (1 + np.exp(-z))
    overflow: exp(−z) overflows when z is very negative. → Exponentiate −|z| only, which is never
    positive: for z < 0 use exp(z) / (1 + exp(z)).
return np.exp(z) / (1 + np.exp(z))
    overflow: exp(z) overflows when z is large, and inf / inf is NaN. → Exponentiate −|z| only,
    which is never positive: for z ≥ 0 use 1 / (1 + exp(−z)).
return sigmoid_both_branches(z)
    both-branches: `np.where` evaluates both formulas everywhere, so the unwanted one still
    overflows. → Compute exp(−|z|) once and use it in both formulas, or assign through a mask.
return 1 / (1 + np.exp(-np.clip(z, -20, 20)))
    clipped: z is clipped, so the tails are wrong: sigmoid(−25) is about 1.4e−11, not sigmoid(−20).
    → No clipping is needed when only −|z| is exponentiated.
return 1 / (1 + np.exp(z))
    wrong-sign-in-exponent: The sign in the exponent is wrong: this falls where it has to rise. →
    The formula has exp(−z) in the denominator.
return np.tanh(z)
    tanh: It is tanh, which runs from −1 to 1. → The sigmoid runs from 0 to 1: 1 / (1 + exp(−z)).
return 0.5 * (1 + np.tanh(z))
    missing-half: The tanh form needs z / 2: this is the sigmoid of 2z. → sigmoid(z) = (1 + tanh(z /
    2)) / 2.
return 1 / np.exp(-z)
    missing-one: The 1 in the denominator is missing. → The denominator is 1 + exp(−z).
return 1 / (1 - np.exp(-z))
    minus-in-denominator: The denominator has a minus. → The denominator is 1 + exp(−z).
return 1 / 1 + np.exp(-z)
    precedence: Without parentheses this is (1/1) + exp(−z). → Put parentheses around the whole
    denominator.
return sigmoid(z) * (1 - sigmoid(z))
    derivative: It is the derivative, σ(1 − σ). → Only σ itself is wanted here.
return sigmoid(sigmoid(z))
    sigmoid-twice: The sigmoid is applied twice. → Apply it once.
return softmax(z)
    softmax: It is softmax: the entries of a row share a total of 1. → The sigmoid treats every
    entry by itself.
return (z > 0) * 1.0
    step: It is a step: 0 or 1 and nothing between. → The sigmoid is smooth: 1 / (1 + exp(−z)).
"""

TASK = Task(
    "sigmoid(z)",
    sigmoid_cases,
    sigmoid,
    shapes={"z": "N H"},
    mistakes=MISTAKES,
    hints=(
        "Try z = −1000: which intermediate number becomes too large to store?",
        "For z ≥ 0: 1 / (1 + e⁻ᶻ). For z < 0 the same number is eᶻ / (1 + eᶻ). "
        "Each exponent is at most 0.",
        "With `e = np.exp(-np.abs(z))` the denominator is 1 + e in both cases; choose the "
        "numerator, 1 or e, with `np.where`.",
    ),
    place=3,
)
