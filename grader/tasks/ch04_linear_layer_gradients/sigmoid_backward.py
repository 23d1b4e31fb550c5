"""sigmoid_backward: back through the sigmoid."""

import numpy as np

from ...task import Task, case
from ..shared import away_from_zero, large, normal, sigmoid, tidy


def sigmoid_backward(z, dy):
    s = sigmoid(z)
    slope = s * (1 - s)
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


MISTAKES = """
return dy * naive_sigmoid(z) * (1 - naive_sigmoid(z))
return dy * other_naive_sigmoid(z) * (1 - other_naive_sigmoid(z))
return dy * np.exp(-z) / (1 + np.exp(-z)) ** 2
return dy * np.exp(z) / (1 + np.exp(z)) ** 2
return dy / (2 + np.exp(z) + np.exp(-z))
return dy / (4 * np.cosh(z / 2) ** 2)
return dy * naive_sigmoid(z) * naive_sigmoid(-z)
    overflow: exp overflows for large entries of z. → Exponentiate −|z| only, which is never
    positive; the slope then needs s alone, s·(1 − s).
return dy * sigmoid_both_branches(z) * (1 - sigmoid_both_branches(z))
    both-branches: `np.where` evaluates both formulas everywhere, so the unwanted one still
    overflows. → Compute exp(−|z|) once and use it in both formulas, or assign through a mask.
return dy * naive_sigmoid(np.clip(z, -{20|10}, {20|10})) \
* (1 - naive_sigmoid(np.clip(z, -{20|10}, {20|10})))
    clipped: z is clipped, so the tails are wrong: there the slope should fall further. → No
    clipping is needed when only −|z| is exponentiated.
return dy * z * (1 - z)
    pre-activation-for-output: It is dy·z·(1 − z): the rule takes the sigmoid's output, z is its
    input. → Compute s = σ(z) first; the slope is s·(1 − s).
return dy * sigmoid(z) * (1 - z)
return dy * z * (1 - sigmoid(z))
    pre-activation-for-output: One factor of the slope takes z where the output s belongs. → Compute
    s = σ(z) first; the slope is s·(1 − s).
return dy * sigmoid_derivative(sigmoid(sigmoid(z)))
    sigmoid-twice: The sigmoid is applied twice. → s = σ(z), once; then s·(1 − s).
return dy * sigmoid(z)
    function-for-derivative: dy is multiplied by σ(z), the value; the slope is wanted. → The slope
    is s·(1 − s).
return sigmoid(z)
    forward: It is the forward pass, σ(z). → Backward returns dy times the slope, s·(1 − s).
return dy * (1 - sigmoid(z))
    factor-missing: The factor s is missing in the slope. → The slope is s·(1 − s).
return dy * (1 - sigmoid(z) ** 2)
    tanh-rule: The slope is taken as 1 − s², which is the rule for tanh. → For the sigmoid it is
    s·(1 − s).
return dy * (1 - np.tanh(z) ** 2)
    tanh-rule: It is the backward of tanh. → Here s = σ(z), and the slope is s·(1 − s).
return dy * sigmoid(z) * (1 + sigmoid(z))
    plus-for-minus: There is a plus where a minus belongs: s·(1 + s). → A saturated sigmoid, s = 1,
    has slope 0.
[negated]
    wrong-sign: The sign is wrong. → The slope s·(1 − s) is positive: is a difference taken the
    wrong way round?
return z * sigmoid_derivative(sigmoid(dy))
    roles-swapped: z and dy are exchanged: the slope is taken at dy. → The slope is taken at z; dy
    multiplies it.
return sigmoid_derivative(sigmoid(dy))
    slope-of-upstream: The slope is taken at dy, and z is not used. → The slope is taken at z; dy
    multiplies it.
return dy * (1 - dy)
    slope-of-upstream: It is dy·(1 − dy), and z is not used. → The slope is s·(1 − s) with s = σ(z);
    dy multiplies it.
return sigmoid_derivative(sigmoid(z * dy))
    slope-of-upstream: The slope is taken at z·dy. → The slope is taken at z; dy multiplies it.
return dy + sigmoid_derivative(sigmoid(z))
    upstream-added: dy is added to the slope. → Upstream times local: multiply.
return dy * (z > 0)
    relu-gate: It is the backward of ReLU. → The slope of the sigmoid is s·(1 − s).
return dy.copy()
    identity: dy comes back unchanged. → Multiply it by the slope, s·(1 − s).
[÷ N]
    divided-by-n: It is divided by N. → The mean is in dy already; only the loss divides by N.
return dy @ sigmoid_derivative(sigmoid(z))
return dy @ sigmoid_derivative(sigmoid(z)).T
    matrix-product: `@` is a matrix product; an activation works entry by entry. → Write `*`.
"""

TASK = Task(
    "sigmoid_backward(z, dy)",
    smooth_cases,
    sigmoid_backward,
    shapes={"z": "N H", "dy": "N H"},
    mistakes=MISTAKES,
    hints=(
        "z is the input of the sigmoid here. What does its slope need?",
        "dz = dy ⊙ s ⊙ (1 − s) with s = σ(z).",
        "Compute s with an exponent that is never positive, `np.exp(-np.abs(z))`, as in "
        "chapter 1; then multiply three arrays.",
    ),
    place=3,
)
