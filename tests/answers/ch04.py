"""Answers to the tasks of chapter 4."""

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


@wrong("linear_backward", "dx-doubled")
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
    return np.array(
        [[g / math.cosh(v) ** 2 for v, g in zip(*r)] for r in zip(z.tolist(), dy.tolist())]
    )


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


# --- tied_backward ------------------------------------------------------------------------------


@right("tied_backward")
def tied_by_einsum(x, W, b, dy):
    h = np.tanh(np.einsum("nd,dh->nh", x, W) + b)
    dz = np.einsum("nd,dh->nh", dy, W) / np.cosh(x @ W + b) ** 2
    dW = np.einsum("nd,nh->dh", x, dz) + np.einsum("nd,nh->dh", dy, h)
    return np.einsum("nh,dh->nd", dz, W), dW, np.einsum("nh->h", dz)


@right("tied_backward")
def tied_example_by_example(x, W, b, dy):
    dx, dW, db = [], np.zeros(W.shape), np.zeros(b.shape)
    for row, up in zip(x, dy, strict=True):
        h = np.tanh(row @ W + b)
        dz = (W.T @ up) * (1 - h * h)
        dW += np.outer(row, dz)
        dW += np.outer(up, h)
        db += dz
        dx.append(W @ dz)
    return dx, dW, db


@right("tied_backward")
def tied_as_two_layers(x, W, b, dy):
    def linear(x, W, dy):
        return dy @ W.T, x.T @ dy, dy.sum(axis=0)

    h = np.tanh(x @ W + b)
    dh, dV, _ = linear(h, W.T, dy)
    dx, dW, db = linear(x, W, dh * (1 - h**2))
    return [dx, dW + dV.T, db]


@right("tied_backward")
def tied_in_float32(x, W, b, dy):
    single = [a.astype(np.float32) for a in (x, W, b, dy)]
    return tied_as_two_layers(*single)


@wrong("tied_backward", "branch-overwritten")
def tied_first_use(x, W, b, dy):
    h = np.tanh(x @ W + b)
    dz = (dy @ W) * (1 - h**2)
    return dz @ W.T, x.T @ dz, dz.sum(axis=0)


@wrong("tied_backward", "branch-overwritten")
def tied_second_use(x, W, b, dy):
    h = np.tanh(x @ W + b)
    dz = (dy @ W) * (1 - h**2)
    return dz @ W.T, dy.T @ h, dz.sum(axis=0)


@wrong("tied_backward", "dW-out-transposed")
def tied_second_use_transposed(x, W, b, dy):
    h = np.tanh(x @ W + b)
    dz = (dy @ W) * (1 - h**2)
    return dz @ W.T, x.T @ dz + h.T @ dy, dz.sum(axis=0)


@wrong("tied_backward", "slope-missing")
def tied_without_slope(x, W, b, dy):
    h = np.tanh(x @ W + b)
    dz = dy @ W
    return dz @ W.T, x.T @ dz + dy.T @ h, dz.sum(axis=0)


@wrong("tied_backward", "db-mean")
def tied_mean_bias(x, W, b, dy):
    dx, dW, db = tied_as_two_layers(x, W, b, dy)
    return dx, dW, db / len(x)


@partly("tied_backward", "changes-argument", points=2)
def tied_in_place(x, W, b, dy):
    answer = tied_by_einsum(x, W, b, dy)
    dy *= 0
    return answer


# --- conv1d_backward ----------------------------------------------------------------------------


@right("conv1d_backward")
def conv_by_three_loops(x, w, dy):
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for n in range(dy.shape[0]):
        for t in range(dy.shape[1]):
            for k in range(len(w)):
                dx[n, t + k] += w[k] * dy[n, t]
                dw[k] += x[n, t + k] * dy[n, t]
    return dx, dw


@right("conv1d_backward")
def conv_by_numpy(x, w, dy):
    dx = np.array([np.convolve(row, w) for row in dy])
    dw = sum(np.correlate(a, b, mode="valid") for a, b in zip(x, dy, strict=True))
    return dx, dw


@right("conv1d_backward")
def conv_by_windows(x, w, dy):
    seen = np.lib.stride_tricks.sliding_window_view(x, len(w), axis=1)
    padded = np.pad(dy, ((0, 0), (len(w) - 1, len(w) - 1)))
    back = np.lib.stride_tricks.sliding_window_view(padded, len(w), axis=1)
    return back @ w[::-1], np.einsum("ntk,nt->k", seen, dy)


@right("conv1d_backward")
def conv_by_a_matrix(x, w, dy):
    T, steps = x.shape[1], dy.shape[1]
    M = np.zeros((T, steps))
    for t in range(steps):
        M[t : t + len(w), t] = w
    dM = x.T @ dy
    return dy @ M.T, [np.trace(dM, offset=-k) for k in range(len(w))]


@wrong("conv1d_backward", "filter-flipped")
def conv_flipped(x, w, dy):
    return conv_by_numpy(x, w[::-1], dy)[0], conv_by_numpy(x, w, dy)[1]


@wrong("conv1d_backward", "overwritten")
def conv_overwrites(x, w, dy):
    dx = np.zeros(x.shape)
    for k in range(len(w)):
        dx[:, k : k + dy.shape[1]] = w[k] * dy
    return dx, conv_by_numpy(x, w, dy)[1]


@wrong("conv1d_backward", "dw-divided-by-n")
def conv_mean_over_examples(x, w, dy):
    dx, dw = conv_by_numpy(x, w, dy)
    return dx, dw / len(x)


@wrong("conv1d_backward", "dw-flipped")
def conv_dw_reversed(x, w, dy):
    dx, dw = conv_by_numpy(x, w, dy)
    return dx, dw[::-1]


@wrong("conv1d_backward", "raises")
def conv_of_full_length(x, w, dy):
    return dy @ np.tile(w, (len(x), 1)), np.array([np.sum(x * dy) for _ in w])
