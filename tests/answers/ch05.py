"""Answers to the tasks of chapter 5."""

import numpy as np

from . import partly, right, wrong

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


# --- residual_backward --------------------------------------------------------------------------


@right("residual_backward")
def residual_by_where(x, W, b, dy):
    through = np.where(np.dot(x, W) + b > 0, dy, 0.0)
    return through.dot(W.T) + dy, np.dot(x.T, through), np.add.reduce(through)


@right("residual_backward")
def residual_as_one_matrix(x, W, b, dy):
    dx, dW, db = np.empty_like(x), np.zeros_like(W), np.zeros_like(b)
    for n in range(len(x)):
        gate = np.sign(np.maximum(x[n] @ W + b, 0))
        J = np.eye(len(b)) + W * gate
        dx[n] = J @ dy[n]
        dW += np.outer(x[n], gate * dy[n])
        db += gate * dy[n]
    return dx, dW, db


@right("residual_backward")
def residual_by_masked_assignment(x, W, b, dy):
    dz = np.array(dy)
    dz[x @ W + b <= 0] = 0
    dx = dy.copy()
    dx += dz @ W.T
    return dx, (dz.T @ x).T, np.ones(len(x)) @ dz


@wrong("residual_backward", "skip-missing")
def residual_without_skip(x, W, b, dy):
    dx, dW, db = residual_by_where(x, W, b, dy)
    return dx - dy, dW, db


@wrong("residual_backward", "slope-one-at-zero")
def residual_open_at_zero(x, W, b, dy):
    dz = dy * (x @ W + b >= 0)
    return dy + dz @ W.T, x.T @ dz, dz.sum(axis=0)


@wrong("residual_backward", "dx-without-transpose")
def residual_not_transposed(x, W, b, dy):
    dz = dy * (x @ W + b > 0)
    return dy + dz @ W, x.T @ dz, dz.sum(axis=0)


@wrong("residual_backward", "gate-from-output")
def residual_gate_of_y(x, W, b, dy):
    y = x + np.maximum(x @ W + b, 0)
    dz = dy * (y > 0)
    return dy + dz @ W.T, x.T @ dz, dz.sum(axis=0)


@wrong("residual_backward", "dW-transposed")
def residual_dW_transposed(x, W, b, dy):
    dx, dW, db = residual_by_where(x, W, b, dy)
    return dx, dW.T, db
