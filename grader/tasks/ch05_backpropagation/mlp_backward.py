"""mlp_backward: a three-layer network, forward and back."""

import numpy as np

from ...task import Task, case
from ..shared import normal, tidy


def mlp_backward(x, y, params):
    inputs, zs = [], []
    h = x
    for W, b in params:
        inputs.append(h)
        z = h @ W + b
        zs.append(z)
        h = np.maximum(z, 0)
    y_hat = zs[-1]
    dy_hat = (y_hat - y) / len(y)
    grads = []
    dz = dy_hat
    for i in reversed(range(len(params))):
        W = params[i][0]
        dW = inputs[i].T @ dz
        db = dz.sum(axis=0)
        grads.insert(0, (dW, db))
        if i > 0:
            dh = dz @ W.T
            dz = dh * (zs[i - 1] > 0)
    return grads


def mlp_backward_cases(rng):
    def draw(n, *sizes, make=normal, aspect="value"):
        while True:
            x, y = make(rng, n, sizes[0]), make(rng, n, sizes[-1])
            pairs = zip(sizes[:-1], sizes[1:], strict=True)
            params = [(make(rng, d, h), make(rng, h)) for d, h in pairs]
            if _well_chosen(x, params, strict=aspect == "value"):
                return case(x, y, params, aspect=aspect)

    def on_the_kink():
        x, y, params = draw(1, 3, 2, 4, 2, make=tidy, aspect="ones").args
        (W1, b1), (W2, b2), last = params
        b1 = np.array([-(x @ W1)[0, 0], 2.0 - (x @ W1)[0, 1]])
        b2 = b2 - np.eye(4)[1] * (np.maximum(x @ W1 + b1, 0) @ W2 + b2)[0, 1]
        return case(x, y, [(W1, b1), (W2, b2), last], aspect="edge")

    return [
        on_the_kink(),
        draw(1, 1, 1, 1, 1, make=tidy, aspect="ones"),
        draw(1, 3, 2, 4, 2, aspect="ones"),
        draw(3, 2, 3, 4, 1, aspect="ones"),
        draw(3, 1, 4, 3, 2, aspect="ones"),
        draw(2, 2, 2, 2, 2, make=tidy),
        draw(2, 3, 4, 3, 2, make=tidy),
        draw(3, 3, 3, 3, 3),
        draw(4, 3, 6, 5, 2),
        draw(6, 4, 5, 7, 3),
        draw(5, 7, 6, 4, 8),
    ]


def _well_chosen(x, params, strict):
    """Tell whether no unit is near its kink and, if strict, every hidden layer is partly on."""
    h = x
    for W, b in params[:-1]:
        z = h @ W + b
        on = z > 0
        if np.min(np.abs(z)) < 0.05 or not on.any() or (strict and on.all()):
            return False
        h = np.maximum(z, 0)
    return True


MISTAKES = """
[× N]
    sum-for-mean: The 1/N is missing: every gradient is exactly N times too large. → The loss is a
    mean over the examples, so the first gradient is (ŷ − y)/N.
[÷ N]
    divided-twice: It is divided by N twice: as a rule once in (ŷ − y)/N and once more in every
    layer. → The 1/N enters once, in the loss's own gradient.
dW = inputs[i].T @ dz / len(inputs[i])
    divided-twice: dW is divided by N twice: once in (ŷ − y)/N and once more in every layer. → The
    1/N enters once, in the loss's own gradient.
db = dz.mean(axis=0)
    db-mean: db is a mean over the examples; the 1/N is in dz already. → Sum dz over the examples,
    `axis=0`.
[÷ K]
    mean-over-outputs-too: It is divided by the number of outputs as well: exactly K times too
    small. → The loss sums over the outputs and averages over the examples: (ŷ − y)/N.
dy_hat = (y_hat - y) / y.shape[1]
    divided-by-outputs: It is divided by the number of outputs in place of the number of examples. →
    N is the number of rows, `len(y)`.
[doubled]
    factor-two: Every gradient is exactly 2 times too large: the ½ of the loss cancels the 2 of the
    square. → The first gradient is (ŷ − y)/N.
[halved]
    half-left-in: Every gradient is exactly 2 times too small: the 2 of the square cancels the ½ of
    the loss. → The first gradient is (ŷ − y)/N.
[negated]
    wrong-sign: The sign of every gradient is wrong: y − ŷ where ŷ − y belongs. → The first gradient
    is (ŷ − y)/N; the minus of the descent comes in the optimizer's step.
dy_hat = y_hat / len(y)
    target-missing: The target is not subtracted. → The first gradient is (ŷ − y)/N.
dy_hat = (y_hat - y) ** 2 / (2 * len(y))
    loss-not-differentiated: The way back begins with the squared differences: the loss is not
    differentiated. → The first gradient is (ŷ − y)/N.
dy_hat = 2 * (y_hat - y) / y.size
    mean-squared-error: It is the gradient of the mean over all N·K entries, without the ½. → The
    loss here sums over the outputs and has a ½: the first gradient is (ŷ − y)/N.
dh = dz @ W.T / len(dz)
    divided-twice: On the way back every layer divides by N once more. → The 1/N enters once, in the
    loss's own gradient.
dz = np.where(zs[i - 1] > 0, dh, 0.01 * dh)
    leaky: The gates are those of LeakyReLU: 0.01 of the gradient passes where the unit was off. →
    For ReLU nothing passes there.
dz = (zs[i - 1] > 0) * 1.0
    no-upstream: At the gates the gradient is replaced by the mask. → Upstream times local: dz = dh
    ⊙ 1[z > 0].
dz = dh
    gate-missing: The gates of ReLU never close on the way back: the last layer is right, those
    before it are not. → Multiply by the mask z > 0; `>=` on the output of a ReLU is always true.
dz = dh if i == 1 else dh * (zs[i - 1] > 0)
    gate-missing: The gate of the first hidden layer is missing. → Every ReLU has its gate: dz₁ =
    dh₁ ⊙ 1[z₁ > 0] as well.
dz = dh if i == 2 else dh * (zs[i - 1] > 0)
    gate-missing: The gate of the second hidden layer is missing. → Every ReLU has its gate: dz₂ =
    dh₂ ⊙ 1[z₂ > 0] as well.
dz = dh * (zs[i - 1] >= 0)
    slope-one-at-zero: Where z is exactly 0 the slope of ReLU is taken as 1. → The choice here is 0:
    be strict.
dz = dh * (zs[i - 1] < 0)
    inverted-mask: The mask is inverted: the gradient passes where the unit was off. → It passes
    where z > 0.
dz = dh * (dh > 0)
    mask-from-dy: The mask is taken from the gradient, so negative gradients are cut off. → What the
    forward pass cut off decides: the mask is z > 0.
dz = dh * np.maximum(zs[i - 1], 0)
    value-for-slope: The gate multiplies by the ReLU's value; the slope is wanted. → The slope is 1
    where z > 0, whatever z is.
dz = dh * zs[i - 1]
    value-for-slope: The gate multiplies by z; the slope is wanted. → The slope is 1 where z > 0,
    else 0.
dz = dy_hat => dz = dy_hat * (zs[-1] > 0)
    gate-after-last: The last layer has a gate too, and no ReLU follows it. → The gradient of the
    output goes into the last linear layer as it is.
y_hat = np.maximum(zs[-1], 0)
    relu-after-last: A ReLU follows the last layer too. → ReLU stands between the layers; the output
    is linear.
h = z; dz = dh
    no-relu: There is no ReLU, neither forward nor backward. → Apply it after every layer but the
    last, and its gate on the way back.
h = z
    no-relu: The forward pass has no ReLU. → Apply it after every layer but the last; the backward
    pass needs its outputs.
h = np.tanh(z); dz = dh * (1 - np.tanh(zs[i - 1]) ** 2)
    other-activation: tanh stands between the layers. → Here it is ReLU.
h = sigmoid(z); dz = dh * sigmoid(zs[i - 1]) * (1 - sigmoid(zs[i - 1]))
    other-activation: The sigmoid stands between the layers. → Here it is ReLU.
inputs.append(h) => inputs.append(zs[-1] if zs else x)
    pre-activation-for-input: dW uses z of the layer before; what went into the layer is relu(z). →
    Keep each layer's input h in the forward pass: dW = hᵀ dz.
z = h @ W
    no-bias: The forward pass leaves the biases out. → Every layer adds its b before the ReLU.
[transposed]
    dW-transposed: dW is transposed: dzᵀ h where hᵀ dz belongs. → Each dW has the shape of its W.
dW = inputs[i] @ dz
    dW-without-transpose: dW is h @ dz: the transpose is missing. → Each dW has the shape of its W:
    hᵀ dz.
dh = dz @ W
    dh-without-transpose: On the way back the transpose of W is missing. → Forward through W means
    backward through Wᵀ: dh = dz Wᵀ.
db = dz.sum(axis=0, keepdims=True)
    db-keepdims: db has shape (1, H); b has shape (H,). → Leave `keepdims` out.
db = dz
    db-not-summed: db is dz itself: the sum over the examples is missing. → db has the shape of b:
    sum over axis 0.
db = dz.sum(axis=1)
    db-wrong-axis: db is summed over the features: one number for each example. → db has the shape
    of b: sum over the examples, axis 0.
db = dz.sum()
    db-summed-over-all: db is one number: the sum over everything. → Sum over the examples only,
    `axis=0`.
db = np.zeros(dz.shape[1])
    db-zero: db is 0 everywhere: the bias gradient is forgotten. → db is the sum of dz over the
    examples.
[order grads[2], grads[1], grads[0]]
    reversed-layers: The list is in the order of the backward pass, last layer first. → Return it in
    layer order: reverse it at the end, or insert at the front.
return [(db, dW) for dW, db in grads]
    pairs-swapped: In each pair db comes first. → Each pair is (dW, db).
return [g for pair in grads for g in pair]
    not-in-pairs: Six arrays come back in one flat list. → Return one pair (dW, db) for each of the
    three layers.
return [dW for dW, _ in grads], [db for _, db in grads]
    not-in-pairs: A list of all dW and a list of all db come back. → Return one pair (dW, db) for
    each of the three layers.
return grads[-1:]
    last-layer-only: Only the last layer's gradients come back. → Return one pair (dW, db) for each
    of the three layers.
return grads[:1]
    first-layer-only: Only the first layer's gradients come back. → Return one pair (dW, db) for
    each of the three layers.
"""

TASK = Task(
    "mlp_backward(x, y, params)",
    mlp_backward_cases,
    mlp_backward,
    shapes={"x": "N D", "y": "N K"},
    returns=("grads[0]", "grads[1]", "grads[2]"),
    mistakes=MISTAKES,
    hints=(
        "Run forward first and keep what went into every layer. Where does the way back begin?",
        "dz₃ = (ŷ − y)/N, then for each layer dW = hᵀ dz, db = Σₙ dzₙ, and one layer down "
        "dz = (dz Wᵀ) ⊙ 1[z > 0].",
        "`for i in (2, 1, 0)`: append (inputs[i].T @ dz, dz.sum(axis=0)), then, if i > 0, "
        "`dz = (dz @ params[i][0].T) * (inputs[i] > 0)`; reverse the list.",
    ),
    place=1,
)
