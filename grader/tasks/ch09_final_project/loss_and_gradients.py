"""loss_and_gradients: a ReLU network of any depth with softmax cross-entropy, forward and back."""

import numpy as np

from ...task import Task, case
from ..shared import labels, log_softmax, normal, one_hot, picked


def loss_and_gradients(params, X, y):
    inputs, zs = [], []
    h = X
    for W, b in params:
        inputs.append(h)
        z = h @ W + b
        zs.append(z)
        h = np.maximum(z, 0)
    logits = zs[-1]
    log_p = log_softmax(logits)
    p = np.exp(log_p)
    loss = -np.mean(picked(log_p, y))
    dlogits = (p - one_hot(y, p.shape[1])) / len(y)
    dz = dlogits
    grads = []
    for i in reversed(range(len(params))):
        W = params[i][0]
        dW = inputs[i].T @ dz
        db = dz.sum(axis=0)
        grads.insert(0, (dW, db))
        if i > 0:
            dh = dz @ W.T
            dz = dh * (zs[i - 1] > 0)
    return loss, grads


def network_cases(rng):
    def draw(n, *sizes, aspect="value"):
        while True:
            pairs = zip(sizes[:-1], sizes[1:], strict=True)
            params = [(normal(rng, d, h) * np.sqrt(2 / d), normal(rng, h) / 4) for d, h in pairs]
            X = normal(rng, n, sizes[0])
            if _well_chosen(X, params, strict=aspect == "value"):
                return case(params, X, labels(rng, n, sizes[-1]), aspect=aspect)

    return [
        draw(1, 3, 4, 2, aspect="ones"),
        draw(1, 2, 4, 3, 3, aspect="ones"),
        draw(3, 1, 4, 3, aspect="ones"),
        draw(2, 2, 3, 2),
        draw(3, 3, 3, 3),
        draw(4, 3, 6, 5),
        draw(5, 4, 6, 5, 3),
        draw(4, 5, 5, 5, 5),
        draw(5, 3, 6, 7, 5, 4),
        draw(7, 6, 8, 7, 6, 10),
        _trained(rng, draw),
    ]


def _trained(rng, draw):
    """Train a small network for some steps: at its end, gradients are small and gates decided."""
    params, X, y = draw(12, 4, 8, 3).args
    for _ in range(60):
        _, grads = loss_and_gradients(params, X, y)
        params = [
            (W - 0.2 * dW, b - 0.2 * db) for (W, b), (dW, db) in zip(params, grads, strict=True)
        ]
    return case(params, X, y)


def _well_chosen(h, params, strict):
    """Tell whether no unit is near its kink and, if strict, every hidden layer is partly on."""
    for W, b in params[:-1]:
        z = h @ W + b
        on = z > 0
        if np.min(np.abs(z)) < 0.002 or not on.any() or (strict and on.all()):
            return False
        h = np.maximum(z, 0)
    return True


MISTAKES = """
dlogits = p - one_hot(y, p.shape[1])
    sum-for-mean: The loss is right; every gradient is exactly N times too large. → The loss is a
    mean over the examples; is its gradient?
loss = -np.sum(picked(log_p, y)); dlogits = p - one_hot(y, p.shape[1])
    sum-for-mean: The loss and every gradient are sums over the examples: exactly N times too large.
    → The loss is a mean over the examples, and so is its gradient.
dW = inputs[i].T @ dz / len(y); db = dz.sum(axis=0) / len(y)
    divided-twice: The gradients are divided by N twice: once at the loss, once more in every layer.
    → Where does the mean enter, and how often?
dW = inputs[i].T @ dz / len(y)
    divided-twice: dW is divided by N twice: once at the loss, once more in every layer. → Where
    does the mean enter, and how often?
db = dz.mean(axis=0)
    db-mean: db is a mean over the examples; the mean was taken at the loss. → b is used by every
    example: add.
dh = dz @ W.T / len(y)
    divided-twice: Every layer divides by N once more on the way back. → Where does the mean enter?
dlogits = (one_hot(y, p.shape[1]) - p) / len(y)
    wrong-sign: The sign of every gradient is wrong. → Test one logit: raising the right one lowers
    the loss.
dlogits = p / len(y)
    labels-missing: The way back leaves the labels out. → What does the label change?
dlogits = (logits - one_hot(y, p.shape[1])) / len(y)
    no-softmax: The way back takes logits for probabilities. → Softmax comes first.
dlogits = -one_hot(y, p.shape[1]) / p / len(y)
    gradient-for-p: The way back begins with the gradient at the probabilities. → One step more
    leads through softmax to the logits.
dlogits = (p - one_hot(y, p.shape[1])) / p.size
dlogits = (p - one_hot(y, p.shape[1])) / p.shape[1]
    divided-by-classes: The gradients are divided by the number of classes. → The loss is a mean
    over the examples alone.
dlogits = (p - one_hot(y, p.shape[1])) * p * (1 - p) / len(y)
    squared-error: It is the gradient of a squared error through a sigmoid. → Softmax and
    cross-entropy collapse to something simpler.
dz = dh
    gate-missing: The gates of ReLU never close on the way back: the last layer is right, those
    before it are not. → Where the forward pass cut off, nothing comes back.
dz = dh * (np.maximum(zs[i - 1], 0) >= 0)
    gate-missing: The gates of ReLU never close on the way back: the output of a ReLU is ≥ 0
    everywhere. → Look at z, and be strict.
dz = dh if i == 1 else dh * (zs[i - 1] > 0)
    gate-missing: The gate of the first hidden layer is missing. → Every ReLU has its gate.
dz = dh * (zs[i - 1] > 0) if i == 1 else dh
    gate-missing: Only the gate of the first hidden layer is there. → Every ReLU has its gate.
dz = dh * (zs[i - 1] < 0)
    inverted-mask: The gates are inverted. → The gradient passes where z passed.
dz = dh * (dh > 0)
    mask-from-dy: The gates look at the gradient. → The forward pass decides.
dz = dh * np.maximum(zs[i - 1], 0)
dz = dh * zs[i - 1]
    value-for-slope: The gates multiply by the value of the ReLU. → Its slope is 0 or 1.
dz = np.where(zs[i - 1] > 0, dh, {0.01|0.1} * dh)
    leaky: The gates are those of LeakyReLU. → For ReLU nothing passes where the unit was off.
dz = dlogits => dz = dlogits * (logits > 0)
    gate-after-last: The last layer has a gate too. → No ReLU follows it.
logits = np.maximum(zs[-1], 0)
    relu-after-last: A ReLU follows the last layer. → Logits may be negative.
h = z + 0
    no-relu: The forward pass has no ReLU. → It stands after every layer but the last.
h = z + 0; dz = dh
    no-relu: There is no ReLU, neither forward nor back. → It stands after every layer but the last.
h = np.tanh(z); dz = dh * (1 - np.tanh(zs[i - 1]) ** 2)
    other-activation: tanh stands between the layers. → Here it is ReLU.
inputs.append(h) => inputs.append(zs[-1] if zs else X)
    pre-activation-for-input: dW uses z of the layer before. → What went into the layer?
z = h @ W
    no-bias: The forward pass leaves the biases out. → Every layer adds its b.
dW = dz.T @ inputs[i]
    dW-transposed: Every dW is transposed. → Each has the shape of its W.
dh = dz @ W
    dh-without-transpose: The way back misses the transpose of W. → Forward through W means backward
    through what?
db = dz.sum(axis=0, keepdims=True)
    db-keepdims: db has shape (1, H); b has shape (H,). → Leave `keepdims` out.
db = dz
    db-not-summed: db is not summed over the examples. → db has the shape of b.
db = np.zeros(dz.shape[1])
    db-zero: db is 0 everywhere: the bias gradient is forgotten. → b is used by every example.
grads.insert(0, (dW, db)) => grads.append((dW, db))
    reversed-layers: The list is in the order of the way back, last layer first. → Return it in the
    order of params.
grads.insert(0, (dW, db)) => grads.insert(0, (db, dW))
    pairs-swapped: In each pair db comes first. → Each pair is (dW, db).
return loss, [g for pair in grads for g in pair]
    not-in-pairs: The gradients come back in one flat list. → One pair (dW, db) for each layer.
return grads, loss
    wrong-order: The gradients come first. → Return the loss, then the gradients.
return loss
    only-loss: Only the loss comes back. → Return the pair (loss, grads).
loss = -np.sum(picked(log_p, y))
    loss-summed: The loss is summed over the examples: exactly N times too large; the gradients are
    right. → It is their mean.
loss = -np.mean(one_hot(y, p.shape[1]) * log_p)
    loss-mean-over-classes: The loss is averaged over the classes too: exactly C times too small. →
    It is a mean over the examples.
loss = np.mean(picked(log_p, y))
    loss-sign: The loss has the wrong sign. → A cross-entropy is never negative.
loss = -picked(log_p, y)
    loss-per-example: There is one loss for each example. → One number is wanted, their mean.
loss = -np.mean(np.sum(p * log_p, axis=1))
    entropy: The loss leaves the labels out: it is the entropy of p. → Which entry of a row counts?
loss = -np.mean(picked(logits, y))
    loss-without-softmax: The loss is made of logits. → Of log-probabilities.
loss = np.mean(np.sum((p - one_hot(y, p.shape[1])) ** 2, axis=1)) / 2
    loss-squared: The loss is a squared error. → Here it is cross-entropy.
"""

TASK = Task(
    "loss_and_gradients(params, X, y)",
    network_cases,
    loss_and_gradients,
    shapes={"X": "N D", "y": "N"},
    returns=("loss", "grads"),
    mistakes=MISTAKES,
    hints=(
        "Check it as chapter 3 does: "
        "which is the first gradient that differs from central differences?",
        "dz_L = (P − Y)/N; then for l = L … 1: dW = h_{l−1}ᵀ dz, db = Σₙ dzₙ, and one layer down "
        "dz = (dz Wᵀ) ⊙ 1[z > 0].",
        "Keep every layer's input and z on the way forward; loop over reversed(range(len(params))) "
        "and insert each pair at the front.",
    ),
    place=2,
)
