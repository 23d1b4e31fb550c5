"""tanh_backward: back through tanh."""

import numpy as np

from ...task import Task, case
from ..shared import away_from_zero, large, normal, tidy


def tanh_backward(z, dy):
    t = np.tanh(z)
    slope = 1 - t**2
    return dy * slope


def smooth_cases(rng):
    """Cases for a smooth activation's backward, z and dy alike in shape."""

    def draw(n, h, scale=1.0):
        return case(normal(rng, n, h, scale=scale), away_from_zero(rng, n, h))

    return [
        case(np.zeros((1, 2)), tidy(rng, 1, 2), aspect="edge"),
        case(tidy(rng, 1, 2), np.zeros((1, 2)), aspect="edge"),
        case(tidy(rng, 1, 1), tidy(rng, 1, 1), aspect="ones"),
        case(tidy(rng, 3, 1), tidy(rng, 3, 1), aspect="ones"),
        case(tidy(rng, 1, 2), np.array([[2.0, -1.0]]) * rng.integers(1, 3)),
        case(tidy(rng, 2, 3), tidy(rng, 2, 3)),
        draw(3, 3),
        draw(5, 4),
        draw(6, 7, 3.0),
        case(np.array([[1e4, -1e4]]), np.array([[1.0, 2.0]]), aspect="stable"),
        case(np.array([[1000.0], [-1000.0]]), np.array([[-1.0], [2.0]]), aspect="stable"),
        case(np.array([[-25.0, 25.0, -15.0]]), np.array([[1.0, 2.0, 3.0]]), aspect="stable"),
        case(normal(rng, 2, 3), large(rng, 2, 3), aspect="stable"),
        case(large(rng, 4, 3), normal(rng, 4, 3), aspect="stable"),
        case(rng.uniform(-40, 40, (5, 4)), normal(rng, 5, 4), aspect="stable"),
    ]


def _tanh_by_exp(z):
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


def _tanh_by_one_exp(z):
    return (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)


MISTAKES = """
return dy / np.cosh(z) ** 2
return dy * (1 / np.cosh(z)) ** 2
return dy * (1 - _tanh_by_exp(z) ** 2)
return dy * (1 - _tanh_by_one_exp(z) ** 2)
return dy * (1 - (2 * naive_sigmoid(2 * z) - 1) ** 2)
return dy * 4 / (np.exp(z) + np.exp(-z)) ** 2
return dy * (1 - (np.sinh(z) / np.cosh(z)) ** 2)
    overflow: exp or cosh overflows for large entries of z. → `np.tanh` is safe for every z, and the
    slope needs it alone: 1 − t².
return dy * (1 - z**2)
    pre-activation-for-output: It is dy·(1 − z²): the rule takes tanh's output, z is its input. →
    Compute t = tanh z first; the slope is 1 − t².
return dy * (1 - np.tanh(np.tanh(z)) ** 2)
    tanh-twice: tanh is applied twice. → t = tanh z, once; then 1 − t².
return dy * np.tanh(z) * (1 - np.tanh(z))
    sigmoid-rule: The slope is taken as t·(1 − t), which is the sigmoid's rule. → For tanh it is 1 −
    t².
return dy * sigmoid_derivative(sigmoid(z))
    sigmoid-rule: It is the backward of the sigmoid. → Here t = tanh z, and the slope is 1 − t².
return dy * (1 - np.tanh(z))
    not-squared: tanh z is not squared in the slope. → The slope is 1 − t².
return dy * np.tanh(z)
    function-for-derivative: dy is multiplied by tanh z, the value; the slope is wanted. → The slope
    is 1 − t².
return np.tanh(z)
    forward: It is the forward pass, tanh z. → Backward returns dy times the slope, 1 − t².
return dy * (1 + np.tanh(z) ** 2)
    plus-for-minus: There is a plus where a minus belongs: 1 + t². → A saturated tanh, t = 1, has
    slope 0.
return dy * (1 - np.tanh(z)) ** 2
    square-of-difference: The difference is squared where only t has to be. → `1 - t**2`: the power
    comes before the minus.
return dy * np.tanh(z) ** 2
    squared: The 1 is missing in the slope. → The slope is 1 − t².
return dy * 1 - np.tanh(z) ** 2
    precedence: Parentheses are missing: dy multiplies only the 1. → dy · (1 − t²).
[negated]
    wrong-sign: The sign is wrong: tanh rises everywhere. → The slope is 1 − t², not t² − 1.
return z * (1 - np.tanh(dy) ** 2)
    roles-swapped: z and dy are exchanged: the slope is taken at dy. → The slope is taken at z; dy
    multiplies it.
return 1 - np.tanh(dy) ** 2
    slope-of-upstream: The slope is taken at dy, and z is not used. → The slope is taken at z; dy
    multiplies it.
return 1 - dy**2
    slope-of-upstream: It is 1 − dy², and z is not used. → The slope is 1 − t² with t = tanh z; dy
    multiplies it.
return dy + 1 - np.tanh(z) ** 2
    upstream-added: dy is added to the slope. → Upstream times local: multiply.
return dy * (z > 0)
    relu-gate: It is the backward of ReLU. → The slope of tanh is 1 − t².
return dy.copy()
    identity: dy comes back unchanged. → Multiply it by the slope, 1 − t².
[÷ N]
    divided-by-n: It is divided by N. → The mean is in dy already; only the loss divides by N.
return dy @ (1 - np.tanh(z) ** 2)
return dy @ (1 - np.tanh(z) ** 2).T
    matrix-product: `@` is a matrix product; an activation works entry by entry. → Write `*`.
"""

TASK = Task(
    "tanh_backward(z, dy)",
    smooth_cases,
    tanh_backward,
    shapes={"z": "N H", "dy": "N H"},
    mistakes=MISTAKES,
    hints=(
        "z is the input of tanh here. What does its slope need?",
        "dz = dy ⊙ (1 − t²) with t = tanh z.",
        "`np.tanh` never overflows; square its result, subtract from 1, multiply by dy.",
    ),
    place=4,
)
