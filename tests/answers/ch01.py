"""Answers to the tasks of chapter 1."""

import math
from functools import reduce

import numpy as np

from . import partly, right, wrong

# --- linear_forward -----------------------------------------------------------------------------


@right("linear_forward")
def linear_einsum(x, W, b):
    return np.einsum("nd,dh->nh", x, W) + b


@right("linear_forward")
def linear_loops(x, W, b):
    y = np.empty((x.shape[0], W.shape[1]))
    for n in range(x.shape[0]):
        for h in range(W.shape[1]):
            y[n, h] = sum(x[n, d] * W[d, h] for d in range(x.shape[1])) + b[h]
    return y


@right("linear_forward")
def linear_lists(x, W, b):
    return [[float(row @ W[:, h] + b[h]) for h in range(W.shape[1])] for row in x]


@right("linear_forward")
def linear_extended(x, W, b):
    ones = np.ones((len(x), 1))
    return np.hstack([x, ones]) @ np.vstack([W, b])


@right("linear_forward")
def linear_float32(x, W, b):
    return x.astype(np.float32) @ W.astype(np.float32) + b.astype(np.float32)


@right("linear_forward")
def linear_transposed_twice(x, W, b):
    print("shapes", x.shape, W.shape)
    return (W.T @ x.T).T + b


@right("linear_forward")
def linear_longdouble(x, W, b):
    return x.astype(np.longdouble) @ W + b


LINEAR_SEEN = {}


@right("linear_forward")
def linear_memoised(x, W, b):
    key = x.tobytes(), W.tobytes(), b.tobytes(), x.shape
    if key not in LINEAR_SEEN:
        LINEAR_SEEN[key] = x @ W + b
    return LINEAR_SEEN[key]


@wrong("linear_forward", "transposed-weights")
def linear_wt(x, W, b):
    return np.dot(x, np.transpose(W)) + b


@wrong("linear_forward", "no-bias")
def linear_no_bias(x, W, b):
    return np.einsum("nd,dh->nh", x, W)


@wrong("linear_forward", "elementwise-product")
def linear_star(x, W, b):
    return np.multiply(x, W) + b


@wrong("linear_forward", "bias-along-rows")
def linear_bias_rows(x, W, b):
    return x @ W + b.reshape(-1, 1)


@wrong("linear_forward", "integer-dtype")
def linear_integers(x, W, b):
    y = np.zeros((x.shape[0], W.shape[1]), dtype=int)
    for n in range(x.shape[0]):
        y[n] = x[n] @ W + b
    return y


@wrong("linear_forward", "transposed-result")
def linear_columns(x, W, b):
    return W.T @ x.T + b[:, None]


@wrong("linear_forward", "only-first-row")
def linear_first_row(x, W, b):
    y = np.zeros((len(x), W.shape[1]))
    y[0] = x[0] @ W + b
    return y


@wrong("linear_forward", "last-row-wrong")
def linear_last_row_forgotten(x, W, b):
    y = np.zeros((len(x), W.shape[1]))
    for n in range(max(len(x) - 1, 1)):
        y[n] = x[n] @ W + b
    return y


@partly("linear_forward", "wrong-shape", points=2)
def linear_squeezed(x, W, b):
    return np.squeeze(x @ W + b)


@partly("linear_forward", "changes-argument", points=2)
def linear_in_place(x, W, b):
    W += 0.0
    b *= 2
    return x @ W + b / 2


LINEAR_BUFFER = {}


@partly("linear_forward", "result-overwritten", points=2)
def linear_buffer(x, W, b):
    y = LINEAR_BUFFER.setdefault((x.shape, W.shape), np.empty((len(x), W.shape[1])))
    y[...] = x @ W + b
    return y


LINEAR_FIRST = {}


@wrong("linear_forward", "wrong-value")
def linear_remembers_shape(x, W, b):
    return LINEAR_FIRST.setdefault((x.shape, W.shape), x @ W + b)


@wrong("linear_forward", "wrong-type")
def linear_pair(x, W, b):
    return x @ W + b, x


@wrong("linear_forward", "low-precision")
def linear_rounded(x, W, b):
    return np.round(x @ W + b, 5)


@wrong("linear_forward", "wrong-arguments")
def linear_arity(x, W):
    return x @ W


@wrong("linear_forward", "constant-factor")
def linear_doubled(x, W, b):
    return 2 * (x @ W + b)


@wrong("linear_forward", "raises")
def linear_typo(x, W, b):
    return x @ w + b  # noqa: F821


# --- relu ---------------------------------------------------------------------------------------


@right("relu")
def relu_where(z):
    return np.where(z < 0, 0, z)


@right("relu")
def relu_mask(z):
    return z * (z > 0)


@right("relu")
def relu_half(z):
    return (z + np.abs(z)) / 2


@right("relu")
def relu_loops(z):
    return [[max(float(v), 0.0) for v in row] for row in z]


@right("relu")
def relu_copy(z):
    z = z.copy()
    z[z < 0] = 0
    return z


@right("relu")
def relu_clip(z):
    return z.clip(min=0).astype(np.float32)


@partly("relu", "changes-argument", points=2)
def relu_in_place(z):
    z[z < 0] = 0
    return z


@partly("relu", "changes-argument", points=2)
def relu_out(z):
    return np.maximum(z, 0, out=z)


@wrong("relu", "absolute-value")
def relu_abs(z):
    return np.sqrt(z**2)


@wrong("relu", "step")
def relu_step(z):
    return np.where(z > 0, 1, 0)


@wrong("relu", "leaky")
def relu_leaky(z):
    return np.maximum(0.01 * z, z)


@wrong("relu", "maximum-over-all")
def relu_max(z):
    return max(0, z.max())


@wrong("relu", "maximum-over-rows")
def relu_axis(z):
    return np.amax(z, 0)


@wrong("relu", "minimum")
def relu_min(z):
    return z * (z < 0)


@wrong("relu", "selected")
def relu_selected(z):
    return np.array([v for v in z.ravel() if v > 0])


@wrong("relu", "identity")
def relu_no_gate(z):
    return z + 0


@wrong("relu", "wrong-type")
def relu_mixed(z):
    return "max(z, 0)"


@wrong("relu", "raises")
def relu_python_max(z):
    return max(z, 0)


# --- sigmoid ------------------------------------------------------------------------------------


@right("sigmoid")
def sigmoid_tanh(z):
    return 0.5 * (1 + np.tanh(z / 2))


@right("sigmoid")
def sigmoid_logaddexp(z):
    return np.exp(-np.logaddexp(0, -z))


@right("sigmoid")
def sigmoid_masks(z):
    s = np.empty_like(z)
    up = z >= 0
    s[up] = 1 / (1 + np.exp(-z[up]))
    e = np.exp(z[~up])
    s[~up] = e / (1 + e)
    return s


@right("sigmoid")
def sigmoid_loops(z):
    def one(v):
        return 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v))

    return [[one(v) for v in row] for row in z.tolist()]


@right("sigmoid")
def sigmoid_generous_clip(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


@right("sigmoid")
def sigmoid_float32(z):
    z = z.astype(np.float32)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, np.float32(1), e) / (1 + e)


@right("sigmoid")
def sigmoid_errstate(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


@partly("sigmoid", "overflow", points=2)
def sigmoid_naive(z):
    return 1.0 / (1.0 + np.exp(-1.0 * z))


@partly("sigmoid", "overflow", points=2)
def sigmoid_naive_other(z):
    e = np.exp(z)
    return e / (e + 1)


@partly("sigmoid", "both-branches", points=2)
def sigmoid_where(z):
    return np.where(z < 0, np.exp(z) / (1 + np.exp(z)), 1 / (1 + np.exp(-z)))


@partly("sigmoid", "clipped", points=2)
def sigmoid_clipped(z):
    return 1 / (1 + np.exp(-np.minimum(np.maximum(z, -20), 20)))


@partly("sigmoid", "unstable", points=2)
def sigmoid_raises_when_large(z):
    return np.array([[1 / (1 + math.exp(-v)) for v in row] for row in z.tolist()])


@wrong("sigmoid", "wrong-sign-in-exponent")
def sigmoid_sign(z):
    return 1 - sigmoid_tanh(z)


@wrong("sigmoid", "derivative")
def sigmoid_prime(z):
    s = sigmoid_tanh(z)
    return s - s**2


@wrong("sigmoid", "precedence")
def sigmoid_precedence(z):
    return 1 / 1 + np.exp(-z)


@wrong("sigmoid", "tanh")
def sigmoid_as_tanh(z):
    return 2 * sigmoid_tanh(2 * z) - 1


@wrong("sigmoid", "integer-dtype")
def sigmoid_integers(z):
    out = np.zeros(z.shape, dtype=int)
    out[...] = sigmoid_tanh(z)
    return out


@partly("sigmoid", "changes-argument", points=2)
def sigmoid_in_place(z):
    z /= 2
    return 0.5 * (1 + np.tanh(z))


# --- mlp_forward --------------------------------------------------------------------------------


@right("mlp_forward")
def mlp_recursive(x, params):
    W, b = params[0]
    z = x @ W + b
    return z if len(params) == 1 else mlp_recursive(np.maximum(z, 0), params[1:])


@right("mlp_forward")
def mlp_enumerate(x, params):
    for i, (W, b) in enumerate(params, start=1):
        x = np.einsum("nd,dh->nh", x, W) + b
        if i < len(params):
            x = x * (x > 0)
    return x


@right("mlp_forward")
def mlp_reduce(x, params):
    def layer(h, p):
        return np.maximum(h, 0) @ p[0] + p[1]

    first, *rest = params
    return reduce(layer, rest, x @ first[0] + first[1]).tolist()


@right("mlp_forward")
def mlp_by_example(x, params):
    rows = []
    for row in x:
        for W, b in params[:-1]:
            row = np.maximum(row @ W + b, 0)
        W, b = params[-1]
        rows.append(row @ W + b)
    return np.array(rows)


@wrong("mlp_forward", "relu-after-last")
def mlp_relu_everywhere(x, params):
    for W, b in params:
        x = np.maximum(x @ W + b, 0)
    return x


@wrong("mlp_forward", "no-relu")
def mlp_linear(x, params):
    for p in params:
        x = x @ p[0] + p[1]
    return x


@wrong("mlp_forward", "no-bias")
def mlp_no_bias(x, params):
    for W, _ in params[:-1]:
        x = np.maximum(x @ W, 0)
    return x @ params[-1][0]


@wrong("mlp_forward", "relu-before-layer")
def mlp_relu_first(x, params):
    for W, b in params:
        x = np.maximum(x, 0) @ W + b
    return x


@wrong("mlp_forward", "first-layer-only")
def mlp_early_return(x, params):
    for W, b in params:
        x = np.maximum(x @ W + b, 0)
        return x


@wrong("mlp_forward", "transposed-weights")
def mlp_wt(x, params):
    for W, b in params[:-1]:
        x = np.maximum(x @ W.T + b, 0)
    return x @ params[-1][0].T + params[-1][1]


@wrong("mlp_forward", "sigmoid-for-relu")
def mlp_sigmoid(x, params):
    for W, b in params[:-1]:
        x = sigmoid_tanh(x @ W + b)
    return x @ params[-1][0] + params[-1][1]


@partly("mlp_forward", "changes-argument", points=2)
def mlp_pops(x, params):
    W, b = params.pop()
    for V, c in params:
        x = np.maximum(x @ V + c, 0)
    return x @ W + b


@wrong("mlp_forward", "raises")
def mlp_two_layers_only(x, params):
    (W1, b1), (W2, b2) = params
    return np.maximum(x @ W1 + b1, 0) @ W2 + b2


# --- squared_error_loss -------------------------------------------------------------------------


@right("squared_error_loss")
def loss_mean_of_rows(y_hat, y):
    return float(np.mean(np.sum((y_hat - y) ** 2, axis=1)) / 2)


@right("squared_error_loss")
def loss_vdot(y_hat, y):
    d = y - y_hat
    return np.array(0.5 * np.vdot(d, d) / d.shape[0])


@right("squared_error_loss")
def loss_frobenius(y_hat, y):
    return np.linalg.norm(y_hat - y, "fro") ** 2 / (2 * y.shape[0])


@right("squared_error_loss")
def loss_loops(y_hat, y):
    total = 0
    for a, b in zip(y_hat.tolist(), y.tolist()):
        total += sum((p - q) ** 2 for p, q in zip(a, b))
    return total / len(y_hat) / 2


@right("squared_error_loss")
def loss_float32(y_hat, y):
    return float(np.sum((y_hat - y).astype(np.float32) ** 2) / np.float32(2 * len(y)))


@wrong("squared_error_loss", "sum-for-mean")
def loss_sum(y_hat, y):
    return 0.5 * np.sum(np.square(y_hat - y))


@wrong("squared_error_loss", "mean-over-outputs-too")
def loss_mean_all(y_hat, y):
    return np.sum((y_hat - y) ** 2) / (2 * y.size)


@wrong("squared_error_loss", "no-half")
def loss_no_half(y_hat, y):
    return np.mean(np.sum((y_hat - y) ** 2, axis=1))


@wrong("squared_error_loss", "mean-squared-error")
def loss_mse(y_hat, y):
    return np.average((y_hat - y) ** 2)


@wrong("squared_error_loss", "per-example")
def loss_rows(y_hat, y):
    return 0.5 * ((y_hat - y) ** 2).sum(-1)


@wrong("squared_error_loss", "wrong-sign")
def loss_negative(y_hat, y):
    return -loss_vdot(y_hat, y)


@wrong("squared_error_loss", "wrong-shape")
def loss_keepdims(y_hat, y):
    return np.sum((y_hat - y) ** 2, keepdims=True) / (2 * len(y))


@wrong("squared_error_loss", "squared-sum")
def loss_squared_sum(y_hat, y):
    return (y_hat - y).sum() ** 2 / len(y) / 2


@wrong("squared_error_loss", "constant-factor")
def loss_quarter(y_hat, y):
    return loss_vdot(y_hat, y) / 2


@partly("squared_error_loss", "changes-argument", points=2)
def loss_in_place(y_hat, y):
    y_hat -= y
    return np.sum(y_hat**2) / (2 * len(y))


@wrong("squared_error_loss", "returns-none")
def loss_forgets_return(y_hat, y):
    np.sum((y_hat - y) ** 2) / (2 * len(y))


# --- count_parameters ---------------------------------------------------------------------------


@right("count_parameters")
def count_arrays(sizes):
    return sum(np.zeros((d, h)).size + np.zeros(h).size for d, h in zip(sizes[:-1], sizes[1:]))


@right("count_parameters")
def count_dot(sizes):
    n = np.array(sizes)
    return (n[:-1] + 1) @ n[1:]


@right("count_parameters")
def count_while(sizes):
    total, i = 0.0, 0
    while i + 1 < len(sizes):
        total += sizes[i] * sizes[i + 1] + sizes[i + 1]
        i += 1
    return total


@right("count_parameters")
def count_recursive(sizes):
    if len(sizes) < 2:
        return 0
    return (sizes[0] + 1) * sizes[1] + count_recursive(sizes[1:])


@wrong("count_parameters", "no-bias")
def count_weights(sizes):
    return int(np.sum(np.array(sizes[:-1]) * np.array(sizes[1:])))


@wrong("count_parameters", "bias-per-input")
def count_input_biases(sizes):
    return sum(d * (h + 1) for d, h in zip(sizes[:-1], sizes[1:]))


@wrong("count_parameters", "input-bias")
def count_all_biases(sizes):
    total = sum(sizes)
    for d, h in zip(sizes[:-1], sizes[1:]):
        total += d * h
    return total


@wrong("count_parameters", "last-layer-only")
def count_forgets(sizes):
    for d, h in zip(sizes[:-1], sizes[1:]):
        total = d * h + h
    return total


@wrong("count_parameters", "product-of-all")
def count_product(sizes):
    return math.prod(sizes)


@wrong("count_parameters", "one-per-layer")
def count_list(sizes):
    return [d * h + h for d, h in zip(sizes, sizes[1:])]


@partly("count_parameters", "changes-argument", points=2)
def count_pops(sizes):
    total = 0
    while len(sizes) > 1:
        h = sizes.pop()
        total += sizes[-1] * h + h
    return total


@wrong("count_parameters", "off-by-constant")
def count_off_by_one(sizes):
    return count_while(sizes) + 1


@wrong("count_parameters", "equal-sizes")
def count_equal_sizes_forgotten(sizes):
    return sum(d * h + (h if d != h else 0) for d, h in zip(sizes[:-1], sizes[1:], strict=True))
