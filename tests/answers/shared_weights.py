"""Answers to chain_backward, tied_backward, conv1d_backward and residual_backward."""

import math

import numpy as np

from . import partly, right, wrong

# --- chain_backward -----------------------------------------------------------------------------


@right("chain_backward")
def chain_by_recursion(x, ws):
    if not ws:
        return x, 1.0, []
    h = math.tanh(ws[0] * x)
    y, dh, dws = chain_by_recursion(h, ws[1:])
    dz = dh * (1 - h * h)
    return y, dz * ws[0], [dz * x, *dws]


@right("chain_backward")
def chain_by_forward_mode(x, ws):
    def run(seed):
        h, dot = x, float(seed == -1)
        for i, w in enumerate(ws):
            dot = dot * w + (seed == i) * h
            h = math.tanh(w * h)
            dot *= 1 - h**2
        return h, dot

    y, dx = run(-1)
    return y, dx, [run(i)[1] for i in range(len(ws))]


@right("chain_backward")
def chain_with_arrays(x, ws):
    hs = np.array([x] + [0.0] * len(ws))
    for i, w in enumerate(ws):
        hs[i + 1] = np.tanh(w * hs[i])
    slopes = 1 - hs[1:] ** 2
    after = [np.prod(slopes[i:]) * np.prod(ws[i + 1 :]) for i in range(len(ws))]
    return np.float64(hs[-1]), after[0] * ws[0], np.array(after) * hs[:-1]


@right("chain_backward")
def chain_by_cosh(x, ws):
    zs, h = [], x
    for w in ws:
        zs.append((w, h))
        h = math.tanh(w * h)
    dws, grad = [], 1.0
    while zs:
        w, below = zs.pop()
        grad /= math.cosh(w * below) ** 2
        dws.append(grad * below)
        grad *= w
    return [h, grad, dws[::-1]]


@wrong("chain_backward", "reversed-layers")
def chain_in_the_order_of_the_way_back(x, ws):
    y, dx, dws = chain_by_recursion(x, ws)
    return y, dx, dws[::-1]


@wrong("chain_backward", "slope-missing")
def chain_of_products(x, ws):
    hs = [x]
    for w in ws:
        hs.append(math.tanh(w * hs[-1]))
    dws = [math.prod(ws[i + 1 :]) * hs[i] for i in range(len(ws))]
    return hs[-1], math.prod(ws), dws


@wrong("chain_backward", "changes-argument")
def chain_in_place(x, ws):
    answer = chain_by_recursion(x, list(ws))
    ws.reverse()
    return answer


@wrong("chain_backward", "wrong-type")
def chain_without_y(x, ws):
    return chain_by_recursion(x, ws)[1:]


@wrong("chain_backward", "output-for-input")
def chain_one_h_late(x, ws):
    h, hs = x, []
    for w in ws:
        h = math.tanh(w * h)
        hs.append(h)
    grad, dws = 1.0, []
    for w, h in zip(ws[::-1], hs[::-1], strict=True):
        grad = grad * (1 - h**2)
        dws = [grad * h, *dws]
        grad = grad * w
    return hs[-1], grad, dws


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
