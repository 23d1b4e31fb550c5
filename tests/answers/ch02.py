"""Answers to the tasks of chapter 2."""

import math

import numpy as np

from . import partly, right, wrong


def sigma(z):
    return 0.5 * (1 + np.tanh(z / 2))


# --- sigmoid_derivative -------------------------------------------------------------------------


@right("sigmoid_derivative")
def sigmoid_slope_expanded(s):
    return s - s**2


@right("sigmoid_derivative")
def sigmoid_slope_completed_square(s):
    return 0.25 - (s - 0.5) ** 2


@right("sigmoid_derivative")
def sigmoid_slope_loops(s):
    return [[float(v) * (1 - float(v)) for v in row] for row in s]


@right("sigmoid_derivative")
def sigmoid_slope_einsum(s):
    return np.einsum("nh,nh->nh", s, np.ones_like(s) - s)


@right("sigmoid_derivative")
def sigmoid_slope_float32(s):
    s = s.astype(np.float32)
    return s * (1 - s)


@right("sigmoid_derivative")
def sigmoid_slope_own_copy(s):
    out = np.array(s)
    out *= 1 - s
    return out


@wrong("sigmoid_derivative", "sigmoid-twice")
def sigmoid_slope_twice(s):
    a = 1 / (1 + np.exp(-s))
    return a * (1 - a)


@wrong("sigmoid_derivative", "sigmoid-twice")
def sigmoid_slope_by_exp(s):
    return np.exp(-s) / (1 + np.exp(-s)) ** 2


@wrong("sigmoid_derivative", "tanh-rule")
def sigmoid_slope_as_tanh(s):
    return (1 - s) * (1 + s)


@wrong("sigmoid_derivative", "wrong-sign")
def sigmoid_slope_sign(s):
    return s**2 - s


@wrong("sigmoid_derivative", "factor-missing")
def sigmoid_slope_one_factor(s):
    return np.subtract(1, s)


@wrong("sigmoid_derivative", "constant-factor")
def sigmoid_slope_doubled(s):
    return 2 * s * (1 - s)


@wrong("sigmoid_derivative", "matrix-product")
def sigmoid_slope_dot(s):
    return np.dot(s, 1 - s)


@wrong("sigmoid_derivative", "integer-dtype")
def sigmoid_slope_integers(s):
    out = np.zeros(s.shape, dtype=int)
    out[...] = s * (1 - s)
    return out


@wrong("sigmoid_derivative", "returns-none")
def sigmoid_slope_forgets_return(s):
    s * (1 - s)


@partly("sigmoid_derivative", "changes-argument", points=2)
def sigmoid_slope_in_place(s):
    s *= 1 - s
    return s


@wrong("sigmoid_derivative", "wrong-arguments")
def sigmoid_slope_arity(s, dy):
    return dy * s * (1 - s)


# --- tanh_derivative ----------------------------------------------------------------------------


@right("tanh_derivative")
def tanh_slope_factored(a):
    return (1 - a) * (1 + a)


@right("tanh_derivative")
def tanh_slope_power(a):
    return np.ones(a.shape) - np.power(a, 2)


@right("tanh_derivative")
def tanh_slope_lists(a):
    return tuple(tuple(1 - v * v for v in row) for row in a.tolist())


@right("tanh_derivative")
def tanh_slope_from_sigmoid(a):
    s = (1 + a) / 2
    return 4 * s * (1 - s)


@right("tanh_derivative")
def tanh_slope_vectorized(a):
    return np.vectorize(lambda v: 1.0 - v**2, otypes=[float])(a)


@wrong("tanh_derivative", "tanh-twice")
def tanh_slope_twice(a):
    return 1 / np.cosh(a) ** 2


@wrong("tanh_derivative", "sigmoid-rule")
def tanh_slope_as_sigmoid(a):
    return a - a * a


@wrong("tanh_derivative", "not-squared")
def tanh_slope_not_squared(a):
    return 1 - a


@wrong("tanh_derivative", "square-of-difference")
def tanh_slope_squared_difference(a):
    return np.square(1 - a)


@wrong("tanh_derivative", "wrong-sign")
def tanh_slope_sign(a):
    return -(1 - a**2)


@wrong("tanh_derivative", "plus-for-minus")
def tanh_slope_plus(a):
    return 1 + a * a


@wrong("tanh_derivative", "raises")
def tanh_slope_math(a):
    return 1 - math.tanh(a) ** 2


@partly("tanh_derivative", "changes-argument", points=2)
def tanh_slope_out(a):
    np.multiply(a, a, out=a)
    return 1 - a


# --- branch_gradient ----------------------------------------------------------------------------


@right("branch_gradient")
def branch_accumulated(x, a, dy):
    dx = dy * a
    dx += dy * (1 - np.tanh(x) ** 2)
    return dx


@right("branch_gradient")
def branch_cosh(x, a, dy):
    return dy * a + dy / np.cosh(x) ** 2


@right("branch_gradient")
def branch_loops(x, a, dy):
    dx = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        for local in (a[i], 1 - math.tanh(x[i]) ** 2):
            dx[i] += dy[i] * local
    return dx


@right("branch_gradient")
def branch_summed_stack(x, a, dy):
    t = np.tanh(x)
    return np.einsum("knd,nd->nd", np.stack([a, 1 - t * t]), dy)


@right("branch_gradient")
def branch_float32(x, a, dy):
    x, a, dy = (v.astype(np.float32) for v in (x, a, dy))
    return dy * (a + 1 - np.tanh(x) ** 2)


@right("branch_gradient")
def branch_complex_step(x, a, dy):
    z = x + 1e-30j
    return dy * (z * a + np.tanh(z)).imag / 1e-30


@wrong("branch_gradient", "branch-overwritten")
def branch_overwritten(x, a, dy):
    dx = dy * a
    dx = dy * (1 - np.tanh(x) ** 2)
    return dx


@wrong("branch_gradient", "branch-overwritten")
def branch_product_only(x, a, dy):
    return np.multiply(a, dy)


@wrong("branch_gradient", "branches-multiplied")
def branch_product(x, a, dy):
    return dy * a * (1 - np.tanh(x) ** 2)


@wrong("branch_gradient", "branches-averaged")
def branch_average(x, a, dy):
    return np.mean([dy * a, dy * (1 - np.tanh(x) ** 2)], axis=0)


@wrong("branch_gradient", "no-upstream")
def branch_local(x, a, dy):
    return a + 1 - np.tanh(x) ** 2


@wrong("branch_gradient", "upstream-on-one-branch")
def branch_half_upstream(x, a, dy):
    return dy * a + 1 / np.cosh(x) ** 2


@wrong("branch_gradient", "pre-activation-for-output")
def branch_raw_slope(x, a, dy):
    return dy * (a + (1 - x * x))


@wrong("branch_gradient", "wrong-variable")
def branch_wrong_factor(x, a, dy):
    return dy * x + dy * (1 - np.tanh(x) ** 2)


@wrong("branch_gradient", "function-for-derivative")
def branch_tanh_itself(x, a, dy):
    return dy * (a + np.tanh(x))


@wrong("branch_gradient", "wrong-sign")
def branch_negative(x, a, dy):
    return -branch_cosh(x, a, dy)


@partly("branch_gradient", "changes-argument", points=2)
def branch_in_place(x, a, dy):
    a += 1 - np.tanh(x) ** 2
    return dy * a


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
