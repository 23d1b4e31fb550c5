"""tied_backward: one W used twice, y = tanh(xW + b)Wᵀ."""

import numpy as np

from ...task import Task, case
from ..shared import normal, tidy


def tied_backward(x, W, b, dy):
    z = x @ W + b
    h = np.tanh(z)
    dh = dy @ W
    dz = dh * (1 - h**2)
    dx = dz @ W.T
    dW_in = x.T @ dz
    dW_out = dy.T @ h
    dW = dW_in + dW_out
    db = dz.sum(axis=0)
    return dx, dW, db


def tied_cases(rng):
    def draw(n, d, h, make=normal, aspect="value"):
        W = make(rng, d, h) / np.sqrt(d)
        return case(make(rng, n, d), W, make(rng, h) / 2, make(rng, n, d), aspect=aspect)

    return [
        draw(1, 1, 1, tidy, "ones"),
        draw(1, 2, 3, tidy, "ones"),
        draw(2, 3, 1, tidy, "ones"),
        draw(3, 1, 2, tidy, "ones"),
        draw(2, 2, 2, tidy),
        draw(2, 3, 4, tidy),
        draw(3, 3, 3),
        draw(4, 2, 5),
        draw(5, 4, 3),
        draw(7, 5, 6),
    ]


MISTAKES = """
dW = dW_in
    branch-overwritten: dW holds the share of the first use of W alone. → W is used twice: what
    happens to gradients where paths meet?
dW = dW_out
    branch-overwritten: dW holds the share of the second use of W alone. → W is used twice: what
    happens to gradients where paths meet?
dW = (dW_in + dW_out) / 2
    branches-averaged: The shares of the two uses are averaged. → Both uses see the whole of W.
dW = dW_in * dW_out
    branches-multiplied: The shares of the two uses are multiplied. → Along a path sensitivities
    multiply; where paths meet they do not.
dW = dW_in - dW_out
    branches-subtracted: The shares of the two uses are subtracted. → Where paths meet, what
    happens?
dW = 2 * dW_in
dW = 2 * dW_out
    one-use-doubled: One use is counted twice in place of both once. → The two uses have different
    inputs and different gradients.
dW_out = h.T @ dy
    dW-out-transposed: The share of the second use is transposed: it is that of Wᵀ. → Wᵀ is what
    the second use multiplies with; W itself has shape (D, H).
dW_in = dz.T @ x
    dW-in-transposed: The share of the first use is transposed. → It has the shape of W, (D, H).
dW_out = dy.T @ z
    pre-activation-for-output: The second use is given xW + b; what went into it is the tanh of
    that. → Keep the hidden activation of the forward pass.
dW_out = dy.T @ (x @ W)
    pre-activation-for-output: The second use is given xW. → What went into it is the hidden
    activation.
dW_in = x.T @ dh
    slope-missing: The first use misses the slope of tanh. → Between W's first use and h stands
    tanh.
dW_in = x.T @ (dy @ W)
    slope-missing: The first use misses the slope of tanh. → Between W's first use and h stands
    tanh.
dz = dh
    slope-missing: The slope of tanh is missing on the way back. → Between the two products stands
    tanh.
dz = dh * (1 - z**2)
    pre-activation-for-output: The slope of tanh is computed from its input. → Its rule takes the
    output.
dz = dh * (1 - h)
    not-squared: The output is not squared in the slope of tanh. → What is the slope at −h?
dz = dh * h * (1 - h)
    sigmoid-rule: The slope is the sigmoid's. → tanh has a rule of its own.
dz = dh * h
    function-for-derivative: The value of tanh stands where its slope belongs. → Multiply by the
    slope.
dz = dh * (1 - np.tanh(h) ** 2)
    tanh-twice: tanh is applied once more in the slope. → The stored output is a tanh already.
dz = 1 - h**2
    no-upstream: What arrives from above is not multiplied in. → Upstream times local.
dh = dy @ W.T
    dh-transposed: The way back through the second product takes Wᵀ, as the way forward did. →
    Forward through Wᵀ means backward through what?
dh = dy @ W / len(x)
dh = dy @ W / dy.size
    divided-by-n: It is divided by N on the way back. → The mean is in dy already.
dx = dz @ W
    dx-without-transpose: dx misses a transpose. → dx has the shape of x: write the shapes below.
dx = dz @ W.T + dy
    skip-added: dy is added to dx, as if x were passed on beside the layer. → x enters once.
dx = dh @ W.T
    dx-without-slope: dx misses the slope of tanh. → What goes down has passed tanh too.
dx = dy @ W @ W.T
    dx-without-slope: dx misses the slope of tanh. → What goes down has passed tanh too.
db = dz.mean(axis=0)
    db-mean: db is a mean: exactly N times too small. → b is used by every example.
db = dh.sum(axis=0)
    db-without-slope: db misses the slope of tanh. → b is added before tanh.
db = dy.sum(axis=0)
    db-from-dy: db is the sum of dy, as if b stood at the end. → b is added before tanh; it has
    shape (H,).
db = dz
    db-not-summed: db is not summed over the examples. → db has the shape of b, (H,).
db = dz.sum(axis=1)
    db-wrong-axis: db is summed over the units. → db has the shape of b, (H,): which axis goes?
dW_in = x.T @ dz / len(x); dW_out = dy.T @ h / len(x)
    dW-divided-by-n: dW is divided by N. → The mean is in dy already.
dW_in = x.T @ dz / len(x); dW_out = dy.T @ h / len(x); db = dz.mean(axis=0)
    layer-averages: dW and db are divided by N. → The mean is in dy already; only a loss divides.
z = x @ W
    no-bias: The forward pass leaves b out. → b is added before tanh.
h = z + 0
    tanh-missing: The forward pass has no tanh. → tanh stands between the two products.
h = 1 / (1 + np.exp(-z)); dz = dh * h * (1 - h)
    other-activation: It is the network with the sigmoid. → Here it is tanh.
h = np.maximum(z, 0); dz = dh * (z > 0)
    other-activation: It is the network with ReLU. → Here it is tanh.
"""

TASK = Task(
    "tied_backward(x, W, b, dy)",
    tied_cases,
    tied_backward,
    shapes={"x": "N D", "W": "D H", "b": "H", "dy": "N D"},
    returns=("dx", "dW", "db"),
    mistakes=MISTAKES,
    hints=(
        "Call the two uses W₁ and W₂ and find a gradient for each. How do they come together?",
        "h = tanh(xW + b), dh = dy W, dz = dh ⊙ (1 − h²); "
        "dW = xᵀ dz + dyᵀ h, dx = dz Wᵀ, db = Σₙ dzₙ.",
        "`h = np.tanh(x @ W + b)`, `dz = (dy @ W) * (1 - h**2)`; "
        "dW is the sum of `x.T @ dz` and `dy.T @ h`.",
    ),
    place=5,
)
