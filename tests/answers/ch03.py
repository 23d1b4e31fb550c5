"""Answers to the tasks of chapter 3."""

import math

import numpy as np

from . import partly, right, wrong

# --- linear_backward ----------------------------------------------------------------------------


@right("linear_backward")
def linear_einsum(x, W, dy):
    dx = np.einsum("nh,dh->nd", dy, W)
    dW = np.einsum("nd,nh->dh", x, dy)
    return [dx, dW, np.einsum("nh->h", dy)]


@right("linear_backward")
def linear_outer_products(x, W, dy):
    dx, dW, db = np.zeros_like(x), np.zeros_like(W), np.zeros(W.shape[1])
    for n, (row, g) in enumerate(zip(x, dy)):
        dx[n] = W @ g
        dW += np.outer(row, g)
        db += g
    return dx, dW, db


@right("linear_backward")
def linear_indices(x, W, dy):
    N, D, H = len(x), *W.shape
    dx = [[sum(dy[n, h] * W[d, h] for h in range(H)) for d in range(D)] for n in range(N)]
    dW = [[sum(x[n, d] * dy[n, h] for n in range(N)) for h in range(H)] for d in range(D)]
    return dx, dW, [sum(dy[:, h]) for h in range(H)]


@right("linear_backward")
def linear_columns_turned(x, W, dy):
    X, G = x.T, dy.T
    return (W @ G).T, (G @ X.T).T, G.sum(1)


@right("linear_backward")
def linear_bias_by_ones(x, W, dy):
    extended = np.hstack([x, np.ones((len(x), 1))]).T @ dy
    return np.tensordot(dy, W, axes=(1, 1)), extended[:-1], extended[-1]


@right("linear_backward")
def linear_float32(x, W, dy):
    x, W, dy = (v.astype(np.float32) for v in (x, W, dy))
    return dy @ W.T, x.T @ dy, dy.sum(axis=0)


@wrong("linear_backward", "dW-transposed")
def linear_dW_transposed(x, W, dy):
    return dy @ W.T, (x.T @ dy).T, dy.sum(axis=0)


@wrong("linear_backward", "dW-divided-by-n")
def linear_dW_mean(x, W, dy):
    return dy @ W.T, x.T @ dy / x.shape[0], np.sum(dy, axis=0)


@wrong("linear_backward", "layer-averages")
def linear_averages(x, W, dy):
    return dy @ W.T, x.T.dot(dy) / len(dy), np.mean(dy, axis=0)


@wrong("linear_backward", "db-mean")
def linear_db_mean(x, W, dy):
    return dy @ W.T, x.T @ dy, np.mean(dy, 0)


@wrong("linear_backward", "db-not-summed")
def linear_db_unsummed(x, W, dy):
    return dy @ W.T, x.T @ dy, dy


@wrong("linear_backward", "db-wrong-axis")
def linear_db_axis(x, W, dy):
    return dy @ W.T, x.T @ dy, dy.sum(1)


@wrong("linear_backward", "db-keepdims")
def linear_db_row(x, W, dy):
    return dy @ W.T, x.T @ dy, np.ones((1, len(x))) @ dy


@wrong("linear_backward", "dx-without-transpose")
def linear_dx(x, W, dy):
    return np.matmul(dy, W), x.T @ dy, dy.sum(axis=0)


@wrong("linear_backward", "dx-transposed")
def linear_dx_columns(x, W, dy):
    return W @ dy.T, x.T @ dy, dy.sum(axis=0)


@wrong("linear_backward", "wrong-order")
def linear_order(x, W, dy):
    return x.T @ dy, dy.sum(axis=0), dy @ W.T


@wrong("linear_backward", "wrong-type")
def linear_two_only(x, W, dy):
    return x.T @ dy, dy.sum(axis=0)


@wrong("linear_backward", "constant-factor")
def linear_dx_doubled(x, W, dy):
    return 2 * dy @ W.T, x.T @ dy, dy.sum(axis=0)


@wrong("linear_backward", "dW-last-example")
def linear_overwrites(x, W, dy):
    for row, g in zip(x, dy):
        dW = np.outer(row, g)
    return dy @ W.T, dW, dy.sum(axis=0)


@wrong("linear_backward", "wrong-sign")
def linear_descent(x, W, dy):
    return -dy @ W.T, -x.T @ dy, -dy.sum(axis=0)


@wrong("linear_backward", "raises")
def linear_typo(x, W, dy):
    return dy @ W.T, x.T @ dy, db  # noqa: F821


@partly("linear_backward", "changes-argument", points=2)
def linear_in_place(x, W, dy):
    dx, dW = dy @ W.T, x.T @ dy
    for n in range(1, len(dy)):
        dy[0] += dy[n]
    return dx, dW, dy[0].copy()


GRADS = {}


@partly("linear_backward", "result-overwritten", points=2)
def linear_accumulates_in_a_buffer(x, W, dy):
    dW = GRADS.setdefault(W.shape, np.zeros(W.shape))
    dW[...] = x.T @ dy
    return dy @ W.T, dW, dy.sum(axis=0)


ADDED = {}


@wrong("linear_backward", "depends-on-earlier-calls")
def linear_never_zeroed(x, W, dy):
    ADDED[W.shape] = ADDED.get(W.shape, 0) + x.T @ dy
    return dy @ W.T, ADDED[W.shape], dy.sum(axis=0)


# --- relu_backward ------------------------------------------------------------------------------


@right("relu_backward")
def relu_where(z, dy):
    return np.where(z <= 0, 0.0, dy)


@right("relu_backward")
def relu_from_output(z, dy):
    return dy * np.sign(np.maximum(z, 0))


@right("relu_backward")
def relu_copy(z, dy):
    dz = np.zeros_like(dy)
    np.copyto(dz, dy, where=z > 0)
    return dz


@right("relu_backward")
def relu_loops(z, dy):
    dz = np.empty(z.shape)
    for i in np.ndindex(z.shape):
        dz[i] = dy[i] if z[i] > 0 else 0
    return dz


@right("relu_backward")
def relu_float32(z, dy):
    return (dy * (z > 0)).astype(np.float32)


@wrong("relu_backward", "gate-never-closes")
def relu_output_gate(z, dy):
    h = np.maximum(z, 0)
    return dy * (h >= 0)


@wrong("relu_backward", "mask-from-dy")
def relu_gate_of_dy(z, dy):
    return np.where(dy > 0, dy, 0)


@wrong("relu_backward", "two-masks")
def relu_guided(z, dy):
    return np.maximum(dy, 0) * (z > 0)


@wrong("relu_backward", "inverted-mask")
def relu_inverted(z, dy):
    dz = dy.copy()
    dz[z > 0] = 0
    return dz


@wrong("relu_backward", "value-for-slope")
def relu_value(z, dy):
    return np.maximum(0, z) * dy


@wrong("relu_backward", "no-upstream")
def relu_slope(z, dy):
    return np.where(z > 0, 1.0, 0.0)


@wrong("relu_backward", "leaky")
def relu_leaky(z, dy):
    return dy * np.where(z > 0, 1, 0.01)


@wrong("relu_backward", "forward")
def relu_forward(z, dy):
    return z * (z > 0)


@partly("relu_backward", "slope-one-at-zero", points=2)
def relu_closed_interval(z, dy):
    return dy * (z >= 0)


@partly("relu_backward", "changes-argument", points=2)
def relu_in_place(z, dy):
    dy *= z > 0
    return dy


@partly("relu_backward", "changes-argument", points=2)
def relu_writes_z(z, dy):
    z[z <= 0] = 0
    z[z > 0] = 1
    return z * dy


@wrong("relu_backward", "selected")
def relu_filtered(z, dy):
    return np.extract(z > 0, dy)


# --- sigmoid_backward ---------------------------------------------------------------------------


@right("sigmoid_backward")
def sigmoid_by_tanh(z, dy):
    return dy * (1 - np.tanh(z / 2) ** 2) / 4


@right("sigmoid_backward")
def sigmoid_one_exp(z, dy):
    e = np.exp(-np.abs(z))
    return dy * e / (1 + e) ** 2


@right("sigmoid_backward")
def sigmoid_masks(z, dy):
    s = np.empty_like(z)
    s[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    e = np.exp(z[z < 0])
    s[z < 0] = e / (1 + e)
    return dy * s * (1 - s)


@right("sigmoid_backward")
def sigmoid_loops(z, dy):
    def slope(v):
        e = math.exp(-abs(v))
        return e / (1 + e) ** 2

    return [[g * slope(v) for v, g in zip(*rows)] for rows in zip(z.tolist(), dy.tolist())]


@right("sigmoid_backward")
def sigmoid_logaddexp(z, dy):
    return dy * np.exp(-np.logaddexp(0, z) - np.logaddexp(0, -z))


@right("sigmoid_backward")
def sigmoid_errstate(z, dy):
    with np.errstate(over="ignore"):
        s = 1 / (1 + np.exp(-z))
    return dy * (s - s * s)


@right("sigmoid_backward")
def sigmoid_generous_clip(z, dy):
    s = 1 / (1 + np.exp(-np.clip(z, -500, 500)))
    return dy * s * (1 - s)


@right("sigmoid_backward")
def sigmoid_float32(z, dy):
    e = np.exp(-np.abs(z.astype(np.float32)))
    return dy.astype(np.float32) * e / (1 + e) ** 2


@partly("sigmoid_backward", "overflow", points=2)
def sigmoid_naive(z, dy):
    s = 1.0 / (1.0 + np.exp(-z))
    return dy * s * (1.0 - s)


@partly("sigmoid_backward", "overflow", points=2)
def sigmoid_quotient(z, dy):
    e = np.exp(-z)
    return dy * (e / (1 + e) ** 2)


@partly("sigmoid_backward", "both-branches", points=2)
def sigmoid_where(z, dy):
    s = np.where(z < 0, np.exp(z) / (1 + np.exp(z)), 1 / (1 + np.exp(-z)))
    return s * (1 - s) * dy


@wrong("sigmoid_backward", "pre-activation-for-output")
def sigmoid_of_output(z, dy):
    return dy * (z - z**2)


@wrong("sigmoid_backward", "sigmoid-twice")
def sigmoid_twice(z, dy):
    s = 0.5 * (1 + np.tanh(z / 2))
    s = 0.5 * (1 + np.tanh(s / 2))
    return dy * s * (1 - s)


@wrong("sigmoid_backward", "no-upstream")
def sigmoid_slope(z, dy):
    return (1 - np.tanh(z / 2) ** 2) / 4


@wrong("sigmoid_backward", "tanh-rule")
def sigmoid_as_tanh(z, dy):
    return dy / np.cosh(np.clip(z, -300, 300)) ** 2


@wrong("sigmoid_backward", "function-for-derivative")
def sigmoid_value(z, dy):
    return dy * 0.5 * (1 + np.tanh(z / 2))


@wrong("sigmoid_backward", "constant-factor")
def sigmoid_missing_quarter(z, dy):
    return dy * (1 - np.tanh(z / 2) ** 2)


@partly("sigmoid_backward", "changes-argument", points=2)
def sigmoid_in_place(z, dy):
    np.tanh(z / 2, out=z)
    return dy * (1 - z * z) / 4


# --- tanh_backward ------------------------------------------------------------------------------


@right("tanh_backward")
def tanh_square(z, dy):
    return dy * (1 - np.tanh(z) ** 2)


@right("tanh_backward")
def tanh_expanded(z, dy):
    t = np.tanh(z)
    return dy - dy * t * t


@right("tanh_backward")
def tanh_one_exp(z, dy):
    e = np.exp(-2 * np.abs(z))
    return dy * 4 * e / (1 + e) ** 2


@right("tanh_backward")
def tanh_loops(z, dy):
    dz = np.zeros(z.shape)
    for n in range(z.shape[0]):
        for h in range(z.shape[1]):
            dz[n][h] = dy[n][h] * (1 - math.tanh(z[n][h]) ** 2)
    return dz


@right("tanh_backward")
def tanh_float32(z, dy):
    t = np.tanh(z.astype(np.float32))
    return dy.astype(np.float32) * (1 - t * t)


@right("tanh_backward")
def tanh_clipped_cosh(z, dy):
    return dy / np.cosh(np.clip(z, -100, 100)) ** 2


@partly("tanh_backward", "overflow", points=2)
def tanh_cosh(z, dy):
    return dy / np.square(np.cosh(z))


@partly("tanh_backward", "overflow", points=2)
def tanh_by_hand(z, dy):
    up, down = np.exp(z), np.exp(-z)
    t = (up - down) / (up + down)
    return dy * (1 - t**2)


@partly("tanh_backward", "unstable", points=2)
def tanh_math_cosh(z, dy):
    return np.array([[g / math.cosh(v) ** 2 for v, g in zip(*r)] for r in zip(z.tolist(), dy.tolist())])


@wrong("tanh_backward", "pre-activation-for-output")
def tanh_of_output(z, dy):
    return dy * (1 - z) * (1 + z)


@wrong("tanh_backward", "sigmoid-rule")
def tanh_as_sigmoid(z, dy):
    s = 1 / (1 + np.exp(-np.clip(z, -500, 500)))
    return dy * s * (1 - s)


@wrong("tanh_backward", "tanh-twice")
def tanh_twice(z, dy):
    return dy * (1 - np.square(np.tanh(np.tanh(z))))


@wrong("tanh_backward", "no-upstream")
def tanh_slope(z, dy):
    return 1 - np.square(np.tanh(z))


@wrong("tanh_backward", "not-squared")
def tanh_not_squared(z, dy):
    return dy * (1 - np.tanh(z))


@wrong("tanh_backward", "precedence")
def tanh_precedence(z, dy):
    return dy - np.tanh(z) ** 2


@partly("tanh_backward", "changes-argument", points=2)
def tanh_in_place(z, dy):
    dy *= 1 - np.tanh(z) ** 2
    return dy


# --- mlp_backward -------------------------------------------------------------------------------


@right("mlp_backward")
def mlp_written_out(x, y, params):
    (W1, b1), (W2, b2), (W3, b3) = params
    z1 = x @ W1 + b1
    h1 = np.maximum(z1, 0)
    z2 = h1 @ W2 + b2
    h2 = np.maximum(z2, 0)
    d3 = (h2 @ W3 + b3 - y) / len(x)
    d2 = d3 @ W3.T * (h2 > 0)
    d1 = d2 @ W2.T * (h1 > 0)
    return [(x.T @ d1, d1.sum(0)), (h1.T @ d2, d2.sum(0)), (h2.T @ d3, d3.sum(0))]


@right("mlp_backward")
def mlp_recursive(x, y, params):
    def step(h, rest):
        """Return the gradients of the rest of the network, and ∂L/∂h."""
        (W, b), *rest = rest
        z = h @ W + b
        if rest:
            grads, dz = step(np.where(z > 0, z, 0), rest)
            dz = np.where(z > 0, dz, 0)
        else:
            grads, dz = [], (z - y) / y.shape[0]
        return [[h.T @ dz, dz.sum(axis=0)], *grads], dz @ W.T

    return tuple(step(x, params)[0])


@right("mlp_backward")
def mlp_example_by_example(x, y, params):
    totals = [[np.zeros_like(W), np.zeros_like(b)] for W, b in params]
    for row, target in zip(x, y):
        hs = [row]
        for i, (W, b) in enumerate(params):
            z = hs[-1] @ W + b
            hs.append(z if i == 2 else np.maximum(z, 0))
        g = (hs[-1] - target) / len(x)
        for i in (2, 1, 0):
            totals[i][0] += np.outer(hs[i], g)
            totals[i][1] += g
            g = (params[i][0] @ g) * (hs[i] > 0)
    return totals


class Layer:
    def __init__(self, W, b, relu):
        self.W, self.b, self.relu = W, b, relu

    def forward(self, x):
        self.x, self.z = x, x @ self.W + self.b
        return np.maximum(self.z, 0) if self.relu else self.z

    def backward(self, dy):
        dz = dy * (self.z > 0) if self.relu else dy
        self.grads = np.einsum("nd,nh->dh", self.x, dz), dz.sum(axis=0)
        return np.einsum("nh,dh->nd", dz, self.W)


@right("mlp_backward")
def mlp_of_classes(x, y, params):
    layers = [Layer(W, b, i < len(params) - 1) for i, (W, b) in enumerate(params)]
    for layer in layers:
        x = layer.forward(x)
    dy = (x - y) / len(y)
    for layer in layers[::-1]:
        dy = layer.backward(dy)
    return [layer.grads for layer in layers]


@right("mlp_backward")
def mlp_float32(x, y, params):
    params = [(W.astype(np.float32), b.astype(np.float32)) for W, b in params]
    return mlp_written_out(x.astype(np.float32), y.astype(np.float32), params)


@right("mlp_backward")
def mlp_mean_at_the_end(x, y, params):
    n = len(x)
    return [(dW / n, db / n) for dW, db in mlp_no_mean(x, y, params)]


@wrong("mlp_backward", "sum-for-mean")
def mlp_no_mean(x, y, params):
    return [(len(x) * dW, len(x) * db) for dW, db in mlp_written_out(x, y, params)]


@wrong("mlp_backward", "divided-twice")
def mlp_double_mean(x, y, params):
    return [(dW / len(x), db / len(x)) for dW, db in mlp_written_out(x, y, params)]


@wrong("mlp_backward", "factor-two")
def mlp_factor_two(x, y, params):
    return [(2 * dW, 2 * db) for dW, db in mlp_written_out(x, y, params)]


@wrong("mlp_backward", "wrong-sign")
def mlp_sign(x, y, params):
    return [(-dW, -db) for dW, db in mlp_written_out(x, y, params)]


@wrong("mlp_backward", "reversed-layers")
def mlp_reversed(x, y, params):
    return list(reversed(mlp_written_out(x, y, params)))


@wrong("mlp_backward", "pairs-swapped")
def mlp_pairs(x, y, params):
    return [(db, dW) for dW, db in mlp_written_out(x, y, params)]


@wrong("mlp_backward", "not-in-pairs")
def mlp_flat(x, y, params):
    (a, b), (c, d), (e, f) = mlp_written_out(x, y, params)
    return a, b, c, d, e, f


@wrong("mlp_backward", "gate-missing")
def mlp_no_gates(x, y, params):
    (W1, b1), (W2, b2), (W3, b3) = params
    h1 = np.maximum(x @ W1 + b1, 0)
    h2 = np.maximum(h1 @ W2 + b2, 0)
    d3 = (h2 @ W3 + b3 - y) / len(x)
    d2 = d3 @ W3.T * (h2 >= 0)
    d1 = d2 @ W2.T * (h1 >= 0)
    return [(x.T @ d1, d1.sum(0)), (h1.T @ d2, d2.sum(0)), (h2.T @ d3, d3.sum(0))]


@wrong("mlp_backward", "pre-activation-for-input")
def mlp_uses_z(x, y, params):
    (W1, b1), (W2, b2), (W3, b3) = params
    z1 = x @ W1 + b1
    z2 = np.maximum(z1, 0) @ W2 + b2
    d3 = (np.maximum(z2, 0) @ W3 + b3 - y) / len(x)
    d2 = d3 @ W3.T * (z2 > 0)
    d1 = d2 @ W2.T * (z1 > 0)
    return [(x.T @ d1, d1.sum(0)), (z1.T @ d2, d2.sum(0)), (z2.T @ d3, d3.sum(0))]


@wrong("mlp_backward", "dW-transposed")
def mlp_transposed(x, y, params):
    return [(dW.T, db) for dW, db in mlp_written_out(x, y, params)]


@wrong("mlp_backward", "db-keepdims")
def mlp_keepdims(x, y, params):
    return [(dW, db[None]) for dW, db in mlp_written_out(x, y, params)]


@partly("mlp_backward", "changes-argument", points=2)
def mlp_pops(x, y, params):
    grads = mlp_written_out(x, y, params)
    params.clear()
    return grads


@partly("mlp_backward", "changes-argument", points=2)
def mlp_descends(x, y, params):
    grads = mlp_written_out(x, y, params)
    for (W, b), (dW, db) in zip(params, grads):
        W -= 0.1 * dW
        b -= 0.1 * db
    return grads


# --- train_xor ----------------------------------------------------------------------------------

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TARGETS = np.array([[0.0], [1.0], [1.0], [0.0]])


def train(rng, *, steps=2500, hidden=16, lr=0.2, std=1.0, linear=False):
    W1, b1 = std * rng.standard_normal((2, hidden)), np.zeros(hidden)
    W2, b2 = std * rng.standard_normal((hidden, 1)) / 4, np.zeros(1)
    act = (lambda z: z) if linear else np.tanh
    for _ in range(steps):
        h = act(CORNERS @ W1 + b1)
        d2 = (h @ W2 + b2 - TARGETS) / 4
        d1 = d2 @ W2.T * (1.0 if linear else 1 - h**2)
        W2, b2 = W2 - lr * h.T @ d2, b2 - lr * d2.sum(0)
        W1, b1 = W1 - lr * CORNERS.T @ d1, b1 - lr * d1.sum(0)
    return lambda X: (act(X @ W1 + b1) @ W2 + b2)[:, 0]


@right("train_xor")
def xor_tanh(rng):
    output = train(rng)
    return lambda X: (output(X) > 0.5).astype(int)


@right("train_xor")
def xor_booleans(rng):
    output = train(rng)

    def predict(X):
        return output(X) > 0.5

    return predict


@right("train_xor")
def xor_list_of_floats(rng):
    output = train(rng, hidden=8)
    return lambda X: [float(v > 0.5) for v in output(X)]


class Network:
    """Two logits, ReLU, softmax, noisy corners; float32."""

    def __init__(self, rng):
        def draw(d, h):
            return (rng.standard_normal((d, h)) * np.sqrt(2 / d)).astype(np.float32)

        self.W1, self.b1, self.W2, self.b2 = draw(2, 24), np.zeros(24), draw(24, 2), np.zeros(2)

    def step(self, X, y, lr=0.2):
        z = X @ self.W1 + self.b1
        h = np.maximum(z, 0)
        logits = h @ self.W2 + self.b2
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        p[np.arange(len(y)), y] -= 1
        p /= len(y)
        dz = p @ self.W2.T * (z > 0)
        self.W2, self.b2 = self.W2 - lr * h.T @ p, self.b2 - lr * p.sum(0)
        self.W1, self.b1 = self.W1 - lr * X.T @ dz, self.b1 - lr * dz.sum(0)

    def __call__(self, X):
        h = np.maximum(X @ self.W1 + self.b1, 0)
        return np.argmax(h @ self.W2 + self.b2, axis=1)


@right("train_xor")
def xor_relu_softmax(rng):
    network, y = Network(rng), np.array([0, 1, 1, 0] * 8)
    for _ in range(1000):
        X = np.tile(CORNERS, (8, 1)) + rng.uniform(-0.1, 0.1, (32, 2))
        network.step(X, y)
    return network


@wrong("train_xor", "not-learned")
def xor_linear(rng):
    output = train(rng, steps=300, linear=True, lr=0.1)
    corners = output(CORNERS)
    return lambda X: (output(X) > np.sort(corners)[1]).astype(int)


@wrong("train_xor", "one-label-only")
def xor_untrained(rng):
    output = train(rng, steps=0, std=0.01)
    return lambda X: (output(X) > 0.5).astype(int)


@wrong("train_xor", "labels-inverted")
def xor_inverted(rng):
    output = train(rng)
    return lambda X: (output(X) < 0.5).astype(int)


@wrong("train_xor", "not-labels")
def xor_outputs(rng):
    return train(rng)


@wrong("train_xor", "wrong-shape")
def xor_column(rng):
    output = train(rng)
    return lambda X: (output(X) > 0.5).astype(int)[:, None]


@wrong("train_xor", "labels-minus-one")
def xor_signs(rng):
    output = train(rng)
    return lambda X: np.sign(output(X) - 0.5)


@wrong("train_xor", "no-margin")
def xor_table(rng):
    known = {(0.0, 0.0): 0, (0.0, 1.0): 1, (1.0, 0.0): 1, (1.0, 1.0): 0}
    return lambda X: np.array([known.get((a, b), 0) for a, b in X.tolist()])


@wrong("train_xor", "wrong-type")
def xor_labels_of_the_corners(rng):
    return np.array([0, 1, 1, 0])


@wrong("train_xor", "depends-on-earlier-calls")
def xor_global_randomness(rng):
    output = train(np.random.default_rng())
    return lambda X: (output(X) > 0.5).astype(int)


@wrong("train_xor", "changes-argument")
def xor_writes_to_X(rng):
    output = train(rng)

    def predict(X):
        X += 0.0
        X[:] = np.clip(X, 0, 1)
        return (output(X) > 0.5).astype(int)

    return predict


@wrong("train_xor", "fails-for-sizes-of-one")
def xor_four_points_only(rng):
    output = train(rng)

    def predict(X):
        if len(X) < 2:
            raise ValueError("a batch is wanted")
        return (output(X) > 0.5).astype(int)

    return predict


@wrong("train_xor", "wrong-shape")
def xor_squeezes(rng):
    output = train(rng)
    return lambda X: np.squeeze(output(X) > 0.5).astype(int)


@wrong("train_xor", "depends-on-other-points")
def xor_threshold_from_the_batch(rng):
    output = train(rng)

    def predict(X):
        values = output(X)
        return (values > values.mean() - 1e-9).astype(int)

    return predict


@wrong("train_xor", "returns-none")
def xor_forgets_return(rng):
    train(rng, steps=10)


@partly("mlp_backward", "slope-one-at-zero", points=2)
def mlp_open_at_zero(x, y, params):
    zs, hs = [], [x]
    for W, b in params:
        zs.append(hs[-1] @ W + b)
        hs.append(np.maximum(zs[-1], 0))
    dz, grads = (zs[-1] - y) / len(y), []
    for i in reversed(range(len(params))):
        grads.insert(0, (hs[i].T @ dz, dz.sum(axis=0)))
        dz = dz @ params[i][0].T * (zs[i - 1] >= 0) if i else None
    return grads


@wrong("train_xor", "not-learned")
def xor_on_two_thirds_of_the_seeds(rng):
    learned = xor_tanh(rng)
    return learned if rng.random() < 2 / 3 else lambda X: (np.asarray(X)[:, 0] > 0.5) * 1
