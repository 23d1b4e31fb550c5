"""Answers to the tasks of the final project."""

import numpy as np

from . import partly, right, wrong

# --- init_params --------------------------------------------------------------------------------


def layers(sizes):
    return list(zip(sizes[:-1], sizes[1:], strict=True))


@right("init_params")
def init_he(sizes, rng):
    return [(rng.standard_normal((d, h)) * np.sqrt(2 / d), np.zeros(h)) for d, h in layers(sizes)]


@right("init_params")
def init_he_uniform_float32(sizes, rng):
    params = []
    for d, h in layers(sizes):
        limit = np.sqrt(6 / d)
        W = rng.uniform(-limit, limit, size=(d, h)).astype(np.float32)
        params.append([W, np.full(h, 0.01, dtype=np.float32)])
    return params


@right("init_params")
def init_xavier(sizes, rng):
    return [(rng.normal(0, (2 / (d + h)) ** 0.5, (d, h)), np.zeros(h)) for d, h in layers(sizes)]


@right("init_params")
def init_smaller_at_the_end(sizes, rng):
    params = init_he(sizes, rng)
    W, b = params[-1]
    return (*params[:-1], (W / np.sqrt(2), b))


@wrong("init_params", "symmetric")
def init_zeros(sizes, rng):
    return [(np.zeros((d, h)), np.zeros(h)) for d, h in layers(sizes)]


@wrong("init_params", "too-small")
def init_one_hundredth(sizes, rng):
    return [(0.01 * rng.standard_normal((d, h)), np.zeros(h)) for d, h in layers(sizes)]


@wrong("init_params", "too-large")
def init_standard(sizes, rng):
    return [(rng.standard_normal((d, h)), np.zeros(h)) for d, h in layers(sizes)]


@wrong("init_params", "fan-out")
def init_by_outputs(sizes, rng):
    return [(rng.standard_normal((d, h)) * np.sqrt(2 / h), np.zeros(h)) for d, h in layers(sizes)]


@wrong("init_params", "too-small")
def init_variance_for_std(sizes, rng):
    return [(rng.standard_normal((d, h)) * 2 / d, np.zeros(h)) for d, h in layers(sizes)]


@wrong("init_params", "transposed-weights")
def init_transposed(sizes, rng):
    return [(W.T, b) for W, b in init_he(sizes, rng)]


@wrong("init_params", "not-centred")
def init_positive(sizes, rng):
    return [(rng.random((d, h)) * np.sqrt(6 / d), np.zeros(h)) for d, h in layers(sizes)]


@wrong("init_params", "large-bias")
def init_random_biases(sizes, rng):
    return [(W, rng.standard_normal(len(b))) for W, b in init_he(sizes, rng)]


@wrong("init_params", "same-weights")
def init_same_seed(sizes, rng):
    seed = int(rng.integers(1000))
    return [
        (np.random.default_rng(seed).normal(0, np.sqrt(2 / d), (d, h)), np.zeros(h))
        for d, h in layers(sizes)
    ]


@wrong("init_params", "ignores-rng")
def init_own_rng(sizes, rng):
    return init_he(sizes, np.random.default_rng(1))


@wrong("init_params", "wrong-shape")
def init_bias_rows(sizes, rng):
    return [(W, b[None]) for W, b in init_he(sizes, rng)]


# --- loss_and_gradients -------------------------------------------------------------------------


@right("loss_and_gradients")
def loss_and_gradients(params, X, y, gate=lambda dh, z: dh * (z > 0)):
    zs, hs = [], [X]
    for W, b in params:
        zs.append(hs[-1] @ W + b)
        hs.append(np.maximum(zs[-1], 0))
    z = zs[-1] - zs[-1].max(axis=1, keepdims=True)
    p = np.exp(z)
    p /= p.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    loss = -np.log(p[rows, y]).mean()
    p[rows, y] -= 1
    dz, grads = p / p.dtype.type(len(y)), []
    for i in range(len(params) - 1, -1, -1):
        grads.append((hs[i].T @ dz, dz.sum(axis=0)))
        if i:
            dz = gate(dz @ params[i][0].T, zs[i - 1])
    return loss, grads[::-1]


@right("loss_and_gradients")
def loss_by_recursion(params, X, y):
    def back(h, rest):
        (W, b), *rest = rest
        z = h @ W + b
        if rest:
            loss, dh, grads = back(np.maximum(z, 0), rest)
            dz = np.where(z > 0, dh, 0.0)
        else:
            z = z - z.max(axis=1, keepdims=True)
            log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
            Y = np.eye(z.shape[1])[y]
            loss, grads = -np.sum(Y * log_p) / len(y), []
            dz = (np.exp(log_p) - Y) / len(y)
        return loss, dz @ W.T, [[h.T @ dz, np.ones(len(h)) @ dz], *grads]

    loss, _, grads = back(X, params)
    return [loss, grads]


@right("loss_and_gradients")
def loss_example_by_example(params, X, y):
    total = 0.0
    sums = [(np.zeros(W.shape), np.zeros(b.shape)) for W, b in params]
    for x, label in zip(X, y, strict=True):
        hs = [x]
        for i, (W, b) in enumerate(params):
            z = hs[-1] @ W + b
            hs.append(np.maximum(z, 0) if i < len(params) - 1 else z)
        e = np.exp(hs[-1] - max(hs[-1]))
        p = e / e.sum()
        total -= np.log(p[label])
        dz = p - (np.arange(len(p)) == label)
        for i in reversed(range(len(params))):
            sums[i][0][...] += np.outer(hs[i], dz)
            sums[i][1][...] += dz
            dz = (params[i][0] @ dz) * (hs[i] > 0)
    return total / len(X), [(dW / len(X), db / len(X)) for dW, db in sums]


@right("loss_and_gradients")
def loss_in_float32(params, X, y, exact=loss_and_gradients):  # kept: it may get that name itself
    single = [(W.astype(np.float32), b.astype(np.float32)) for W, b in params]
    return exact(single, X.astype(np.float32), y)


@wrong("loss_and_gradients", "gate-missing")
def loss_gateless(params, X, y):
    return loss_and_gradients(params, X, y, gate=lambda dh, z: dh)


@wrong("loss_and_gradients", "sum-for-mean")
def loss_gradients_summed(params, X, y):
    loss, grads = loss_and_gradients(params, X, y)
    return loss, [(len(y) * dW, len(y) * db) for dW, db in grads]


@wrong("loss_and_gradients", "sum-for-mean")
def loss_and_gradients_summed(params, X, y):
    loss, grads = loss_and_gradients(params, X, y)
    return len(y) * loss, [(len(y) * dW, len(y) * db) for dW, db in grads]


@wrong("loss_and_gradients", "divided-twice")
def loss_divided_twice(params, X, y):
    loss, grads = loss_and_gradients(params, X, y)
    return loss, [(dW / len(y), db / len(y)) for dW, db in grads]


@wrong("loss_and_gradients", "loss-summed")
def loss_sum(params, X, y):
    loss, grads = loss_and_gradients(params, X, y)
    return loss * len(y), grads


@wrong("loss_and_gradients", "reversed-layers")
def loss_backwards(params, X, y):
    loss, grads = loss_and_gradients(params, X, y)
    return loss, grads[::-1]


@wrong("loss_and_gradients", "value-for-slope")
def loss_gate_by_value(params, X, y):
    return loss_and_gradients(params, X, y, gate=lambda dh, z: dh * np.maximum(z, 0))


@wrong("loss_and_gradients", "only-loss")
def loss_alone(params, X, y):
    return loss_and_gradients(params, X, y)[0]


# --- train_digits -------------------------------------------------------------------------------


def descend(X, y, rng, sizes=(784, 128, 10), epochs=18, lr=0.1, gradients=loss_and_gradients):
    pairs = zip(sizes[:-1], sizes[1:], strict=True)
    params = [
        (
            rng.standard_normal((d, h), np.float32) * np.float32((2 / d) ** 0.5),
            np.zeros(h, np.float32),
        )
        for d, h in pairs
    ]
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for i in range(0, len(X), 64):
            _, grads = gradients(params, X[order[i : i + 64]], y[order[i : i + 64]])
            params = [
                (W - np.float32(lr) * dW, b - np.float32(lr) * db)
                for (W, b), (dW, db) in zip(params, grads, strict=True)
            ]
    return params


@right("train_digits")
def digits_plain(X, y, rng):
    return descend(X, y, rng)


@right("train_digits")
def digits_two_hidden_layers(X, y, rng):
    return descend(X, y, rng, (784, 96, 48, 10), epochs=16)


@right("train_digits")
def digits_wide_and_steep(X, y, rng):
    return [list(pair) for pair in descend(X, y, rng, (784, 200, 10), epochs=10, lr=0.25)]


def gateless(params, X, y):
    return loss_and_gradients(params, X, y, gate=lambda dh, z: dh)


@wrong("train_digits", "too-few-right")
def digits_gateless(X, y, rng):
    return descend(X, y, rng, gradients=gateless)


@wrong("train_digits", "no-hidden-layer")
def digits_softmax_regression(X, y, rng):
    return descend(X, y, rng, (784, 10))


@wrong("train_digits", "too-few-right")
def digits_softmax_regression_in_disguise(X, y, rng):
    [(W, b)] = descend(X, y, rng, (784, 10))
    return [(np.eye(784), np.zeros(784)), (W, b)]


@wrong("train_digits", "climbs")
def digits_uphill(X, y, rng):
    return descend(X[:2000], y[:2000], rng, epochs=1, lr=-0.01)


@wrong("train_digits", "diverged")
def digits_uphill_in_long_steps(X, y, rng):
    return descend(X, y, rng, epochs=1, lr=-0.1)


@wrong("train_digits", "hardly-learned")
def digits_untrained(X, y, rng):
    return descend(X, y, rng, epochs=0)


@wrong("train_digits", "wrong-type")
def digits_predict(X, y, rng):
    params = descend(X[:500], y[:500], rng, epochs=1)
    return params[0][0]


@wrong("train_digits", "ignores-labels")
def digits_of_other_names(X, y, rng):
    back = _names_back(X, y)
    return descend(X, back[y], rng)


def _names_back(X, y):
    """Find the true names of the classes from digits that were read elsewhere."""
    from grader.tasks.ch09_final_project.train_digits import _digits

    images, labels = _digits()
    true = {image.tobytes(): label for image, label in zip(images, labels, strict=True)}
    names = np.zeros(10, int)
    for x, label in zip(X[:300], y[:300], strict=True):
        names[label] = true[x.tobytes()]
    return names


@partly("train_digits", "depends-on-earlier-calls", points=2)
def digits_own_randomness(X, y, rng):
    noise = np.random.default_rng().standard_normal
    return [(W + np.float32(0.01) * noise(W.shape, np.float32), b) for W, b in descend(X, y, rng)]
