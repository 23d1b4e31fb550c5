"""residual_backward: y = x + max(xW + b, 0), where x takes two ways."""

import numpy as np

from ...task import Task, case
from ..shared import away_from_zero, normal, tidy


def residual_backward(x, W, b, dy):
    z = x @ W + b
    dz = dy * (z > 0)
    dW = x.T @ dz
    db = dz.sum(axis=0)
    dx = dy + dz @ W.T
    return dx, dW, db


def residual_cases(rng):
    def draw(n, d, make=normal, aspect="value"):
        while True:
            x, W, b = make(rng, n, d), make(rng, d, d), make(rng, d)
            z = x @ W + b
            if np.min(np.abs(z)) > 0.05 and (aspect != "value" or (z > 0).any() and (z < 0).any()):
                return case(x, W, b, away_from_zero(rng, n, d), aspect=aspect)

    x, W = tidy(rng, 1, 2), tidy(rng, 2, 2)
    corner = np.array([[1.0, 2.0], [-1.0, 0.5]])
    return [
        case(x, W, -(x @ W)[0], tidy(rng, 1, 2), aspect="edge"),
        case(np.zeros((2, 2)), corner, np.array([0.0, 1.0]), tidy(rng, 2, 2), aspect="edge"),
        draw(1, 1, tidy, "ones"),
        draw(1, 3, tidy, "ones"),
        draw(3, 1, tidy, "ones"),
        draw(2, 2, tidy),
        draw(3, 2, tidy),
        draw(2, 3),
        draw(3, 3),
        draw(5, 4),
        draw(6, 7),
    ]


MISTAKES = """
dx = dz @ W.T
    skip-missing: dx misses the way around the layer, on which x is passed on. → x is used twice:
    what comes back on each way?
dx = dy + 0
    branch-missing: dx misses the way through the layer. → x is used twice: what comes back on each
    way?
dx = dy * (dz @ W.T)
dx = dy + dy * (dz @ W.T)
    branches-multiplied: What comes back on the two ways is multiplied. → Where paths meet,
    gradients do something else.
dx = (dy + dz @ W.T) / 2
    branches-averaged: What comes back on the two ways is averaged. → Both ways carry the whole of
    x.
dx = dy - dz @ W.T
    branches-subtracted: What comes back on the two ways is subtracted. → The forward pass adds.
dx = 2 * dy + dz @ W.T
    skip-twice: The way around the layer is counted twice. → It is one path.
dx = 1 + dz @ W.T
    skip-without-upstream: The way around the layer brings 1 in place of dy. → Upstream times local.
dx = x + dz @ W.T
    skip-forward: x is added, as in the forward pass. → What comes back on that way is a gradient.
dx = dz + dz @ W.T
    skip-gated: The gate also closes the way around the layer. → That way has no ReLU.
dx = (dy + dz @ W.T) * (z > 0)
    skip-gated: The gate also closes the way around the layer. → That way has no ReLU.
dx = dy + (dy @ W.T) * (z > 0)
    gate-after-weights: The gate comes after Wᵀ on the way back. → Backward passes the ReLU first.
dx = dy + dy @ W.T
    gate-missing-in-dx: In dx the gate of the ReLU is missing. → What goes down has passed the ReLU.
dx = dy + dz @ W
    dx-without-transpose: dx takes W where its transpose belongs; W is square, so the shapes do not
    tell. → Forward through W means backward through what?
dx = dy @ W.T + dz
    ways-exchanged: The gate stands on the wrong way. → Which way has the ReLU?
dz = dy
    gate-missing: The gate of the ReLU never closes (a ReLU's output is ≥ 0 everywhere). → Where did
    the forward pass cut off?
dz = dy * (z >= 0)
    slope-one-at-zero: Where xW + b is exactly 0 the slope is taken as 1. → The choice here is 0.
dz = dy * np.heaviside(z, 0.5)
    half-at-zero: Where xW + b is exactly 0 the slope is taken as ½. → The choice here is 0.
dz = dy * (x + np.maximum(z, 0) > 0)
    gate-from-output: The gate looks at y. → The ReLU saw xW + b.
dz = dy * (x > 0)
    gate-from-input: The gate looks at x. → The ReLU saw xW + b.
dz = dy * (dy > 0)
    mask-from-dy: The mask is taken from dy. → The forward pass decides.
dz = dy * (z < 0)
    inverted-mask: The mask is inverted. → The gradient passes where z passed.
dz = dy * np.maximum(z, 0)
    value-for-slope: The value of the ReLU stands where its slope belongs. → The slope is 0 or 1.
dz = dy * z
    value-for-slope: dy is multiplied by xW + b. → The slope of a ReLU is 0 or 1.
dz = (z > 0) * 1.0
    no-upstream: Through the layer dy is missing. → Upstream times local.
dz = dy * (z > 0) / len(x)
    divided-by-n: Through the layer it is divided by N. → The mean is in dy already.
dz = dy * (x @ W > 0)
    no-bias: The gate leaves b out. → The ReLU saw xW + b.
dW = dz.T @ x
    dW-transposed: dW is transposed; W is square, so the shapes do not tell. → Which index of W
    belongs to x?
dW = x.T @ dy
    gate-missing-in-dW: In dW the gate of the ReLU is missing. → W stands before the ReLU.
dW = x.T @ dz / len(x)
    dW-divided-by-n: dW is divided by N. → The mean is in dy already.
dW = x.T @ dz + np.eye(len(W))
    identity-added: The identity is added to dW. → x + … has no part in W.
dW = np.maximum(z, 0).T @ dz
    output-for-input: dW uses what comes out of the layer. → W was multiplied with what went in.
db = dy.sum(axis=0)
    gate-missing-in-db: In db the gate of the ReLU is missing. → b stands before the ReLU.
db = dz.mean(axis=0)
    db-mean: db is a mean: exactly N times too small. → b is used by every example.
db = dz
    db-not-summed: db is not summed over the examples. → db has the shape of b, (D,).
db = dz.sum(axis=1)
    db-wrong-axis: db is summed over the units. → db has the shape of b: which axis goes?
dW = x.T @ dz / len(x); db = dz.mean(axis=0)
    layer-averages: dW and db are divided by N. → The mean is in dy already; only a loss divides.
"""

TASK = Task(
    "residual_backward(x, W, b, dy)",
    residual_cases,
    residual_backward,
    shapes={"x": "N D", "W": "D D", "b": "D", "dy": "N D"},
    returns=("dx", "dW", "db"),
    mistakes=MISTAKES,
    hints=(
        "Draw the graph: x takes two ways to y. What comes back on each?",
        "dz = dy ⊙ 1[xW + b > 0], dW = xᵀ dz, db = Σₙ dzₙ, dx = dy + dz Wᵀ.",
        "`dz = dy * (x @ W + b > 0)`; then as in linear_backward, and dy is added to its dx.",
    ),
    place=2,
)
