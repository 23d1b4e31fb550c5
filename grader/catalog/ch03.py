"""Chapter 3: the gradients of linear layers and of whole networks."""

import numpy as np

from ..calling import Rng
from ..task import Finding, Mistake, Task, case
from .ch02 import (
    RELU_BACKWARD_MISTAKES,
    relu_backward,
    relu_backward_cases,
    sigmoid,
    sigmoid_derivative,
)
from .drawing import away_from_zero, large, normal, tidy

CHAPTER = "04_linear_layer_gradients"

# --- linear_backward ----------------------------------------------------------------------------


def linear_backward(x, W, dy):
    return dy @ W.T, x.T @ dy, dy.sum(axis=0)


def linear_backward_cases(rng):
    def draw(n, d, h, make=normal, aspect="value"):
        return case(make(rng, n, d), make(rng, d, h), make(rng, n, h), aspect=aspect)

    return [
        draw(1, 1, 1, tidy, "ones"),
        draw(1, 2, 3, tidy, "ones"),
        draw(2, 3, 1, tidy, "ones"),
        draw(3, 1, 2, tidy, "ones"),
        draw(2, 2, 2, tidy),
        draw(2, 3, 4, tidy),
        draw(3, 3, 3),
        draw(4, 2, 2),
        draw(5, 3, 4),
        draw(4, 6, 3),
        draw(7, 5, 6),
    ]


def _layer(dx=lambda x, W, dy: dy @ W.T, dW=lambda x, W, dy: x.T @ dy, db=lambda x, W, dy: dy.sum(axis=0)):
    return lambda x, W, dy: (dx(x, W, dy), dW(x, W, dy), db(x, W, dy))


LINEAR_BACKWARD_MISTAKES = (
    Mistake(
        "dW-transposed",
        _layer(dW=lambda x, W, dy: dy.T @ x),
        "dW is transposed: dyᵀ x where xᵀ dy belongs.",
        "dW has the shape of W, (D, H): x.T is (D, N), dy is (N, H).",
    ),
    Mistake(
        "dW-divided-by-n",
        _layer(dW=lambda x, W, dy: x.T @ dy / len(x)),
        "dW is divided by N: exactly N times too small.",
        "The mean is in dy already; only the loss divides by N.",
    ),
    Mistake(
        "layer-averages",
        _layer(dW=lambda x, W, dy: x.T @ dy / len(x), db=lambda x, W, dy: dy.mean(axis=0)),
        "dW and db are divided by N, and the mean is in dy already: the classic double 1/N.",
        "A layer adds up the examples' shares; only the loss divides by N.",
    ),
    Mistake(
        "layer-averages",
        lambda x, W, dy: tuple(g / len(x) for g in linear_backward(x, W, dy)),
        "All three are divided by N, and the mean is in dy already: the classic double 1/N.",
        "A layer adds up the examples' shares; only the loss divides by N.",
    ),
    Mistake(
        "dW-without-transpose",
        _layer(dW=lambda x, W, dy: x @ dy),
        "dW is x @ dy: the transpose is missing.",
        "dW has the shape of W, (D, H): x.T is (D, N), dy is (N, H).",
    ),
    Mistake(
        "dW-swapped-factors",
        _layer(dW=lambda x, W, dy: dy @ x.T),
        "dW is dy @ x.T, which sums over features where it has to sum over examples.",
        "dW = xᵀ dy: the N of both is summed away.",
    ),
    Mistake(
        "dW-swapped-factors",
        _layer(dW=lambda x, W, dy: x @ dy.T),
        "dW is x @ dy.T, which sums over features where it has to sum over examples.",
        "dW = xᵀ dy: the N of both is summed away.",
    ),
    Mistake(
        "dW-elementwise",
        _layer(dW=lambda x, W, dy: x * dy),
        "In dW `*` multiplies entry by entry; a matrix product is wanted.",
        "dW = xᵀ dy, with `@`.",
    ),
    Mistake(
        "dW-from-sums",
        _layer(dW=lambda x, W, dy: np.outer(x.sum(axis=0), dy.sum(axis=0))),
        "dW is the outer product of two sums; the sum of outer products is wanted.",
        "Multiply example by example, then add: xᵀ dy does both.",
    ),
    Mistake(
        "dW-first-example",
        _layer(dW=lambda x, W, dy: np.outer(x[0], dy[0])),
        "dW holds the first example's share only.",
        "Add the outer products of all examples.",
    ),
    Mistake(
        "dW-last-example",
        _layer(dW=lambda x, W, dy: np.outer(x[-1], dy[-1])),
        "dW holds the last example's share only: each round of the loop overwrites the one before.",
        "Start from zeros and write `+=`.",
    ),
    Mistake(
        "dW-not-summed",
        _layer(dW=lambda x, W, dy: x[:, :, None] * dy[:, None, :]),
        "dW has one matrix for each example.",
        "Add them: W is shared by all examples.",
    ),
    Mistake(
        "dW-from-weights",
        _layer(dW=lambda x, W, dy: W * dy.sum(axis=0)),
        "dW is built from W.",
        "Multiply swaps: the weight's partner is x, so dW = xᵀ dy.",
    ),
    Mistake(
        "dW-zero",
        _layer(dW=lambda x, W, dy: np.zeros_like(W)),
        "dW is 0 everywhere.",
        "Is the result ever written? dW = xᵀ dy.",
    ),
    Mistake(
        "db-mean",
        _layer(db=lambda x, W, dy: dy.mean(axis=0)),
        "db is a mean: exactly N times too small.",
        "b is used by every example, and at a fork gradients add: sum over the examples.",
    ),
    Mistake(
        "db-not-summed",
        _layer(db=lambda x, W, dy: dy.copy()),
        "db is dy itself: the sum over the examples is missing.",
        "db has the shape of b, (H,): sum over axis 0.",
    ),
    Mistake(
        "db-wrong-axis",
        _layer(db=lambda x, W, dy: dy.sum(axis=1)),
        "db is summed over the features: one number for each example.",
        "db has the shape of b, (H,): sum over the examples, axis 0.",
    ),
    Mistake(
        "db-keepdims",
        _layer(db=lambda x, W, dy: dy.sum(axis=0, keepdims=True)),
        "db has shape (1, H); b has shape (H,).",
        "Leave `keepdims` out.",
    ),
    Mistake(
        "db-summed-over-all",
        _layer(db=lambda x, W, dy: dy.sum()),
        "db is one number: the sum over everything.",
        "Sum over the examples only, `axis=0`.",
    ),
    Mistake(
        "db-summed-over-all",
        _layer(db=lambda x, W, dy: np.full(dy.shape[1], dy.sum())),
        "Every entry of db is the sum over everything.",
        "Sum over the examples only, `axis=0`.",
    ),
    Mistake(
        "db-first-example",
        _layer(db=lambda x, W, dy: dy[0].copy()),
        "db holds the first example's share only.",
        "Sum over all examples, `axis=0`.",
    ),
    Mistake(
        "db-last-example",
        _layer(db=lambda x, W, dy: dy[-1].copy()),
        "db holds the last example's share only.",
        "Sum over all examples, `axis=0`.",
    ),
    Mistake(
        "db-zero",
        _layer(db=lambda x, W, dy: np.zeros(dy.shape[1])),
        "db is 0 everywhere: the bias gradient is forgotten.",
        "db is the sum of dy over the examples.",
    ),
    Mistake(
        "db-ones",
        _layer(db=lambda x, W, dy: np.ones(dy.shape[1])),
        "db is 1 everywhere: the local derivative without dy.",
        "Upstream times local, summed over the examples: the column sums of dy.",
    ),
    Mistake(
        "db-ones",
        _layer(db=lambda x, W, dy: np.full(dy.shape[1], float(len(dy)))),
        "db is N everywhere: the local derivatives summed without dy.",
        "Upstream times local, summed over the examples: the column sums of dy.",
    ),
    Mistake(
        "last-example",
        _layer(
            dW=lambda x, W, dy: np.outer(x[-1], dy[-1]),
            db=lambda x, W, dy: dy[-1].copy(),
        ),
        "dW and db hold the last example's share only: each round of the loop overwrites the one before.",
        "Start from zeros and write `+=`.",
    ),
    Mistake(
        "dx-without-transpose",
        _layer(dx=lambda x, W, dy: dy @ W),
        "dx is dy @ W: the transpose is missing.",
        "Forward through W means backward through Wᵀ: (N, H) times (H, D).",
    ),
    Mistake(
        "dx-transposed",
        _layer(dx=lambda x, W, dy: W @ dy.T),
        "dx is transposed: W dyᵀ where dy Wᵀ belongs.",
        "dx has the shape of x, (N, D).",
    ),
    Mistake(
        "dx-swapped-factors",
        _layer(dx=lambda x, W, dy: W.T @ dy),
        "dx is W.T @ dy: the formula for examples in columns.",
        "Rows are examples here: dx = dy Wᵀ.",
    ),
    Mistake(
        "dx-elementwise",
        _layer(dx=lambda x, W, dy: dy * W),
        "In dx `*` multiplies entry by entry; a matrix product is wanted.",
        "dx = dy Wᵀ, with `@`.",
    ),
    Mistake(
        "dx-divided-by-n",
        _layer(dx=lambda x, W, dy: dy @ W.T / len(x)),
        "dx is divided by N: exactly N times too small.",
        "The mean is in dy already; only the loss divides by N.",
    ),
    Mistake(
        "dx-from-input",
        _layer(dx=lambda x, W, dy: x * (dy @ W.T)),
        "dx is multiplied by x.",
        "Multiply swaps: the partner of x is W alone, so dx = dy Wᵀ.",
    ),
    Mistake(
        "dx-gated",
        _layer(dx=lambda x, W, dy: (dy @ W.T) * (x > 0)),
        "dx is cut where x ≤ 0: a ReLU's gate has slipped in.",
        "The linear layer alone is wanted.",
    ),
    Mistake(
        "dx-zero",
        _layer(dx=lambda x, W, dy: np.zeros_like(x)),
        "dx is 0 everywhere.",
        "Is the result ever written? dx = dy Wᵀ.",
    ),
    Mistake(
        "all-transposed",
        lambda x, W, dy: ((dy @ W.T).T, (x.T @ dy).T, dy.sum(axis=0)),
        "dx and dW are transposed, as for examples in columns.",
        "Each gradient has the shape of its array: dx (N, D), dW (D, H).",
    ),
    Mistake(
        "no-transposes",
        _layer(dx=lambda x, W, dy: dy @ W, dW=lambda x, W, dy: x @ dy),
        "The transposes are missing, in dx and in dW.",
        "dx = dy Wᵀ and dW = xᵀ dy.",
    ),
    Mistake(
        "wrong-order",
        lambda x, W, dy: (x.T @ dy, dy @ W.T, dy.sum(axis=0)),
        "The three are right, in another order: dW comes first.",
        "Return dx, dW, db.",
    ),
    Mistake(
        "wrong-order",
        lambda x, W, dy: (x.T @ dy, dy.sum(axis=0), dy @ W.T),
        "The three are right, in another order: dx comes last.",
        "Return dx, dW, db.",
    ),
    Mistake(
        "wrong-order",
        lambda x, W, dy: (dy @ W.T, dy.sum(axis=0), x.T @ dy),
        "The three are right, in another order: db comes before dW.",
        "Return dx, dW, db.",
    ),
    Mistake(
        "wrong-order",
        lambda x, W, dy: linear_backward(x, W, dy)[::-1],
        "The three are right, in reverse order.",
        "Return dx, dW, db.",
    ),
    Mistake(
        "wrong-sign",
        lambda x, W, dy: tuple(-g for g in linear_backward(x, W, dy)),
        "The sign of all three is wrong.",
        "The minus of gradient descent belongs to the optimizer's step, not to the gradient.",
    ),
    Mistake(
        "no-upstream",
        lambda x, W, dy: linear_backward(x, W, np.ones_like(dy)),
        "dy is missing: these are the gradients for a dy of ones.",
        "Upstream times local: dy stands in all three.",
    ),
    Mistake(
        "upstream-averaged",
        lambda x, W, dy: linear_backward(x, W, np.broadcast_to(dy.mean(axis=0), dy.shape)),
        "dy is averaged over the examples before it is used.",
        "Each example has its own dy; nothing is averaged here.",
    ),
)

# --- sigmoid_backward ---------------------------------------------------------------------------


def sigmoid_backward(z, dy):
    s = sigmoid(z)
    return dy * s * sigmoid(-z)


def smooth_cases(rng):
    """Cases for a smooth activation's backward, z and dy alike in shape."""

    def draw(n, h, scale=1.0):
        return case(normal(rng, n, h, scale=scale), away_from_zero(rng, n, h))

    return [
        case(np.zeros((1, 2)), tidy(rng, 1, 2), aspect="edge"),
        case(tidy(rng, 1, 2), np.zeros((1, 2)), aspect="edge"),
        case(tidy(rng, 1, 1), tidy(rng, 1, 1), aspect="ones"),
        case(tidy(rng, 3, 1), tidy(rng, 3, 1), aspect="ones"),
        case(tidy(rng, 1, 2), np.array([[2.0, -1.0]]) * rng.integers(1, 3)),
        case(tidy(rng, 2, 3), tidy(rng, 2, 3)),
        draw(3, 3),
        draw(5, 4),
        draw(6, 7, 3.0),
        case(np.array([[1e4, -1e4]]), np.array([[1.0, 2.0]]), aspect="stable"),
        case(np.array([[1000.0], [-1000.0]]), np.array([[-1.0], [2.0]]), aspect="stable"),
        case(np.array([[-25.0, 25.0, -15.0]]), np.array([[1.0, 2.0, 3.0]]), aspect="stable"),
        case(normal(rng, 2, 3), large(rng, 2, 3), aspect="stable"),
        case(large(rng, 4, 3), normal(rng, 4, 3), aspect="stable"),
        case(rng.uniform(-40, 40, (5, 4)), normal(rng, 5, 4), aspect="stable"),
    ]


def _naive(z):
    return 1 / (1 + np.exp(-z))


def _naive_other(z):
    return np.exp(z) / (1 + np.exp(z))


def _both_branches(z):
    return np.where(z >= 0, _naive(z), _naive_other(z))


OVERFLOW = (
    "exp overflows for large entries of z.",
    "Exponentiate −|z| only, which is never positive; the slope then needs s alone, s·(1 − s).",
)

SIGMOID_BACKWARD_MISTAKES = (
    Mistake("overflow", lambda z, dy: dy * _naive(z) * (1 - _naive(z)), *OVERFLOW),
    Mistake("overflow", lambda z, dy: dy * _naive_other(z) * (1 - _naive_other(z)), *OVERFLOW),
    Mistake("overflow", lambda z, dy: dy * np.exp(-z) / (1 + np.exp(-z)) ** 2, *OVERFLOW),
    Mistake("overflow", lambda z, dy: dy * np.exp(z) / (1 + np.exp(z)) ** 2, *OVERFLOW),
    Mistake("overflow", lambda z, dy: dy / (2 + np.exp(z) + np.exp(-z)), *OVERFLOW),
    Mistake("overflow", lambda z, dy: dy / (4 * np.cosh(z / 2) ** 2), *OVERFLOW),
    Mistake("overflow", lambda z, dy: dy * _naive(z) * _naive(-z), *OVERFLOW),
    Mistake(
        "both-branches",
        lambda z, dy: dy * _both_branches(z) * (1 - _both_branches(z)),
        "`np.where` evaluates both formulas everywhere, so the unwanted one still overflows.",
        "Compute exp(−|z|) once and use it in both formulas, or assign through a mask.",
    ),
    Mistake(
        "clipped",
        lambda z, dy: dy * _naive(np.clip(z, -20, 20)) * (1 - _naive(np.clip(z, -20, 20))),
        "z is clipped, so the tails are wrong: there the slope should fall further.",
        "No clipping is needed when only −|z| is exponentiated.",
    ),
    Mistake(
        "clipped",
        lambda z, dy: dy * _naive(np.clip(z, -10, 10)) * (1 - _naive(np.clip(z, -10, 10))),
        "z is clipped, so the tails are wrong: there the slope should fall further.",
        "No clipping is needed when only −|z| is exponentiated.",
    ),
    Mistake(
        "pre-activation-for-output",
        lambda z, dy: dy * z * (1 - z),
        "It is dy·z·(1 − z): the rule takes the sigmoid's output, z is its input.",
        "Compute s = σ(z) first; the slope is s·(1 − s).",
    ),
    Mistake(
        "pre-activation-for-output",
        lambda z, dy: dy * sigmoid(z) * (1 - z),
        "One factor of the slope takes z where the output s belongs.",
        "Compute s = σ(z) first; the slope is s·(1 − s).",
    ),
    Mistake(
        "pre-activation-for-output",
        lambda z, dy: dy * z * (1 - sigmoid(z)),
        "One factor of the slope takes z where the output s belongs.",
        "Compute s = σ(z) first; the slope is s·(1 − s).",
    ),
    Mistake(
        "sigmoid-twice",
        lambda z, dy: dy * sigmoid_derivative(sigmoid(sigmoid(z))),
        "The sigmoid is applied twice.",
        "s = σ(z), once; then s·(1 − s).",
    ),
    Mistake(
        "no-upstream",
        lambda z, dy: sigmoid_derivative(sigmoid(z)),
        "The upstream gradient dy is missing: this is the local derivative alone.",
        "Multiply by dy, entry by entry.",
    ),
    Mistake(
        "function-for-derivative",
        lambda z, dy: dy * sigmoid(z),
        "dy is multiplied by σ(z), the value; the slope is wanted.",
        "The slope is s·(1 − s).",
    ),
    Mistake(
        "forward",
        lambda z, dy: sigmoid(z),
        "It is the forward pass, σ(z).",
        "Backward returns dy times the slope, s·(1 − s).",
    ),
    Mistake(
        "factor-missing",
        lambda z, dy: dy * (1 - sigmoid(z)),
        "The factor s is missing in the slope.",
        "The slope is s·(1 − s).",
    ),
    Mistake(
        "tanh-rule",
        lambda z, dy: dy * (1 - sigmoid(z) ** 2),
        "The slope is taken as 1 − s², which is the rule for tanh.",
        "For the sigmoid it is s·(1 − s).",
    ),
    Mistake(
        "tanh-rule",
        lambda z, dy: dy * (1 - np.tanh(z) ** 2),
        "It is the backward of tanh.",
        "Here s = σ(z), and the slope is s·(1 − s).",
    ),
    Mistake(
        "plus-for-minus",
        lambda z, dy: dy * sigmoid(z) * (1 + sigmoid(z)),
        "There is a plus where a minus belongs: s·(1 + s).",
        "A saturated sigmoid, s = 1, has slope 0.",
    ),
    Mistake(
        "wrong-sign",
        lambda z, dy: -dy * sigmoid_derivative(sigmoid(z)),
        "The sign is wrong.",
        "The slope s·(1 − s) is positive: is a difference taken the wrong way round?",
    ),
    Mistake(
        "roles-swapped",
        lambda z, dy: z * sigmoid_derivative(sigmoid(dy)),
        "z and dy are exchanged: the slope is taken at dy.",
        "The slope is taken at z; dy multiplies it.",
    ),
    Mistake(
        "slope-of-upstream",
        lambda z, dy: sigmoid_derivative(sigmoid(dy)),
        "The slope is taken at dy, and z is not used.",
        "The slope is taken at z; dy multiplies it.",
    ),
    Mistake(
        "slope-of-upstream",
        lambda z, dy: dy * (1 - dy),
        "It is dy·(1 − dy), and z is not used.",
        "The slope is s·(1 − s) with s = σ(z); dy multiplies it.",
    ),
    Mistake(
        "slope-of-upstream",
        lambda z, dy: sigmoid_derivative(sigmoid(z * dy)),
        "The slope is taken at z·dy.",
        "The slope is taken at z; dy multiplies it.",
    ),
    Mistake(
        "upstream-added",
        lambda z, dy: dy + sigmoid_derivative(sigmoid(z)),
        "dy is added to the slope.",
        "Upstream times local: multiply.",
    ),
    Mistake(
        "relu-gate",
        lambda z, dy: dy * (z > 0),
        "It is the backward of ReLU.",
        "The slope of the sigmoid is s·(1 − s).",
    ),
    Mistake(
        "identity",
        lambda z, dy: dy.copy(),
        "dy comes back unchanged.",
        "Multiply it by the slope, s·(1 − s).",
    ),
    Mistake(
        "divided-by-n",
        lambda z, dy: dy * sigmoid_derivative(sigmoid(z)) / len(z),
        "It is divided by N.",
        "The mean is in dy already; only the loss divides by N.",
    ),
    Mistake(
        "matrix-product",
        lambda z, dy: dy @ sigmoid_derivative(sigmoid(z)),
        "`@` is a matrix product; an activation works entry by entry.",
        "Write `*`.",
    ),
    Mistake(
        "matrix-product",
        lambda z, dy: dy @ sigmoid_derivative(sigmoid(z)).T,
        "`@` is a matrix product; an activation works entry by entry.",
        "Write `*`.",
    ),
)

# --- tanh_backward ------------------------------------------------------------------------------


def tanh_backward(z, dy):
    t = np.tanh(z)
    return dy * (1 - t) * (1 + t)


def _tanh_by_exp(z):
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


def _tanh_by_one_exp(z):
    return (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)


TANH_OVERFLOW = (
    "exp or cosh overflows for large entries of z.",
    "`np.tanh` is safe for every z, and the slope needs it alone: 1 − t².",
)

TANH_BACKWARD_MISTAKES = (
    Mistake("overflow", lambda z, dy: dy / np.cosh(z) ** 2, *TANH_OVERFLOW),
    Mistake("overflow", lambda z, dy: dy * (1 / np.cosh(z)) ** 2, *TANH_OVERFLOW),
    Mistake("overflow", lambda z, dy: dy * (1 - _tanh_by_exp(z) ** 2), *TANH_OVERFLOW),
    Mistake("overflow", lambda z, dy: dy * (1 - _tanh_by_one_exp(z) ** 2), *TANH_OVERFLOW),
    Mistake("overflow", lambda z, dy: dy * (1 - (2 * _naive(2 * z) - 1) ** 2), *TANH_OVERFLOW),
    Mistake("overflow", lambda z, dy: dy * 4 / (np.exp(z) + np.exp(-z)) ** 2, *TANH_OVERFLOW),
    Mistake("overflow", lambda z, dy: dy * (1 - (np.sinh(z) / np.cosh(z)) ** 2), *TANH_OVERFLOW),
    Mistake(
        "pre-activation-for-output",
        lambda z, dy: dy * (1 - z**2),
        "It is dy·(1 − z²): the rule takes tanh's output, z is its input.",
        "Compute t = tanh z first; the slope is 1 − t².",
    ),
    Mistake(
        "tanh-twice",
        lambda z, dy: dy * (1 - np.tanh(np.tanh(z)) ** 2),
        "tanh is applied twice.",
        "t = tanh z, once; then 1 − t².",
    ),
    Mistake(
        "sigmoid-rule",
        lambda z, dy: dy * np.tanh(z) * (1 - np.tanh(z)),
        "The slope is taken as t·(1 − t), which is the sigmoid's rule.",
        "For tanh it is 1 − t².",
    ),
    Mistake(
        "sigmoid-rule",
        lambda z, dy: dy * sigmoid_derivative(sigmoid(z)),
        "It is the backward of the sigmoid.",
        "Here t = tanh z, and the slope is 1 − t².",
    ),
    Mistake(
        "no-upstream",
        lambda z, dy: 1 - np.tanh(z) ** 2,
        "The upstream gradient dy is missing: this is the local derivative alone.",
        "Multiply by dy, entry by entry.",
    ),
    Mistake(
        "not-squared",
        lambda z, dy: dy * (1 - np.tanh(z)),
        "tanh z is not squared in the slope.",
        "The slope is 1 − t².",
    ),
    Mistake(
        "function-for-derivative",
        lambda z, dy: dy * np.tanh(z),
        "dy is multiplied by tanh z, the value; the slope is wanted.",
        "The slope is 1 − t².",
    ),
    Mistake(
        "forward",
        lambda z, dy: np.tanh(z),
        "It is the forward pass, tanh z.",
        "Backward returns dy times the slope, 1 − t².",
    ),
    Mistake(
        "plus-for-minus",
        lambda z, dy: dy * (1 + np.tanh(z) ** 2),
        "There is a plus where a minus belongs: 1 + t².",
        "A saturated tanh, t = 1, has slope 0.",
    ),
    Mistake(
        "square-of-difference",
        lambda z, dy: dy * (1 - np.tanh(z)) ** 2,
        "The difference is squared where only t has to be.",
        "`1 - t**2`: the power comes before the minus.",
    ),
    Mistake(
        "squared",
        lambda z, dy: dy * np.tanh(z) ** 2,
        "The 1 is missing in the slope.",
        "The slope is 1 − t².",
    ),
    Mistake(
        "precedence",
        lambda z, dy: dy * 1 - np.tanh(z) ** 2,
        "Parentheses are missing: dy multiplies only the 1.",
        "dy · (1 − t²).",
    ),
    Mistake(
        "wrong-sign",
        lambda z, dy: dy * (np.tanh(z) ** 2 - 1),
        "The sign is wrong: tanh rises everywhere.",
        "The slope is 1 − t², not t² − 1.",
    ),
    Mistake(
        "roles-swapped",
        lambda z, dy: z * (1 - np.tanh(dy) ** 2),
        "z and dy are exchanged: the slope is taken at dy.",
        "The slope is taken at z; dy multiplies it.",
    ),
    Mistake(
        "slope-of-upstream",
        lambda z, dy: 1 - np.tanh(dy) ** 2,
        "The slope is taken at dy, and z is not used.",
        "The slope is taken at z; dy multiplies it.",
    ),
    Mistake(
        "slope-of-upstream",
        lambda z, dy: 1 - dy**2,
        "It is 1 − dy², and z is not used.",
        "The slope is 1 − t² with t = tanh z; dy multiplies it.",
    ),
    Mistake(
        "upstream-added",
        lambda z, dy: dy + 1 - np.tanh(z) ** 2,
        "dy is added to the slope.",
        "Upstream times local: multiply.",
    ),
    Mistake(
        "relu-gate",
        lambda z, dy: dy * (z > 0),
        "It is the backward of ReLU.",
        "The slope of tanh is 1 − t².",
    ),
    Mistake(
        "identity",
        lambda z, dy: dy.copy(),
        "dy comes back unchanged.",
        "Multiply it by the slope, 1 − t².",
    ),
    Mistake(
        "divided-by-n",
        lambda z, dy: dy * (1 - np.tanh(z) ** 2) / len(z),
        "It is divided by N.",
        "The mean is in dy already; only the loss divides by N.",
    ),
    Mistake(
        "matrix-product",
        lambda z, dy: dy @ (1 - np.tanh(z) ** 2),
        "`@` is a matrix product; an activation works entry by entry.",
        "Write `*`.",
    ),
    Mistake(
        "matrix-product",
        lambda z, dy: dy @ (1 - np.tanh(z) ** 2).T,
        "`@` is a matrix product; an activation works entry by entry.",
        "Write `*`.",
    ),
)

# --- mlp_backward -------------------------------------------------------------------------------


def _sums(dy):
    return dy.sum(axis=0)


def _network(
    first_delta=lambda y_hat, y: (y_hat - y) / len(y),
    gate=lambda dh, z, h: dh * (z > 0),
    weight_grad=lambda h, delta: h.T @ delta,
    bias_grad=_sums,
    back=lambda delta, W: delta @ W.T,
    activation=lambda z: np.maximum(z, 0),
    last=lambda z: z,
    layer_input=lambda z, h: h,
    gate_last=False,
    bias=1.0,
    ungated=(),
    arrange=list,
):
    """Build a backward pass; every part can be replaced by a wrong one."""

    def backward(x, y, params):
        h, inputs, zs = x, [], []
        for i, (W, b) in enumerate(params):
            inputs.append(x if i == 0 else layer_input(zs[-1], h))
            zs.append(h @ W + bias * b)
            h = last(zs[-1]) if i == len(params) - 1 else activation(zs[-1])
        delta = first_delta(h, y)
        if gate_last:
            delta = gate(delta, zs[-1], h)
        grads = []
        for i in reversed(range(len(params))):
            grads.insert(0, (weight_grad(inputs[i], delta), bias_grad(delta)))
            if i:
                dh = back(delta, params[i][0])
                z = zs[i - 1]
                delta = dh if i - 1 in ungated else gate(dh, z, activation(z))
        return arrange(grads)

    return backward


mlp_backward = _network()


def mlp_backward_cases(rng):
    def draw(n, *sizes, make=normal, aspect="value"):
        while True:
            x, y = make(rng, n, sizes[0]), make(rng, n, sizes[-1])
            pairs = zip(sizes[:-1], sizes[1:], strict=True)
            params = [(make(rng, d, h), make(rng, h)) for d, h in pairs]
            if _well_chosen(x, params, strict=aspect == "value"):
                return case(x, y, params, aspect=aspect)

    return [
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


MLP_BACKWARD_MISTAKES = (
    Mistake(
        "sum-for-mean",
        _network(first_delta=lambda y_hat, y: y_hat - y),
        "The 1/N is missing: every gradient is exactly N times too large.",
        "The loss is a mean over the examples, so the first gradient is (ŷ − y)/N.",
    ),
    Mistake(
        "divided-twice",
        _network(
            weight_grad=lambda h, delta: h.T @ delta / len(h),
            bias_grad=lambda delta: delta.mean(axis=0),
        ),
        "It is divided by N twice: as a rule once in (ŷ − y)/N and once more in every layer.",
        "The 1/N enters once, in the loss's own gradient.",
    ),
    Mistake(
        "divided-twice",
        _network(weight_grad=lambda h, delta: h.T @ delta / len(h)),
        "dW is divided by N twice: once in (ŷ − y)/N and once more in every layer.",
        "The 1/N enters once, in the loss's own gradient.",
    ),
    Mistake(
        "db-mean",
        _network(bias_grad=lambda delta: delta.mean(axis=0)),
        "db is a mean over the examples; the 1/N is in δ already.",
        "Sum δ over the examples, `axis=0`.",
    ),
    Mistake(
        "mean-over-outputs-too",
        _network(first_delta=lambda y_hat, y: (y_hat - y) / y.size),
        "It is divided by the number of outputs as well: exactly K times too small.",
        "The loss sums over the outputs and averages over the examples: (ŷ − y)/N.",
    ),
    Mistake(
        "divided-by-outputs",
        _network(first_delta=lambda y_hat, y: (y_hat - y) / y.shape[1]),
        "It is divided by the number of outputs in place of the number of examples.",
        "N is the number of rows, `len(y)`.",
    ),
    Mistake(
        "factor-two",
        _network(first_delta=lambda y_hat, y: 2 * (y_hat - y) / len(y)),
        "Every gradient is exactly 2 times too large: the ½ of the loss cancels the 2 of the square.",
        "The first gradient is (ŷ − y)/N.",
    ),
    Mistake(
        "half-left-in",
        _network(first_delta=lambda y_hat, y: (y_hat - y) / (2 * len(y))),
        "Every gradient is exactly 2 times too small: the 2 of the square cancels the ½ of the loss.",
        "The first gradient is (ŷ − y)/N.",
    ),
    Mistake(
        "wrong-sign",
        _network(first_delta=lambda y_hat, y: (y - y_hat) / len(y)),
        "The sign of every gradient is wrong: y − ŷ where ŷ − y belongs.",
        "The first gradient is (ŷ − y)/N; the minus of the descent comes in the optimizer's step.",
    ),
    Mistake(
        "target-missing",
        _network(first_delta=lambda y_hat, y: y_hat / len(y)),
        "The target is not subtracted.",
        "The first gradient is (ŷ − y)/N.",
    ),
    Mistake(
        "loss-not-differentiated",
        _network(first_delta=lambda y_hat, y: (y_hat - y) ** 2 / (2 * len(y))),
        "The way back begins with the squared differences: the loss is not differentiated.",
        "The first gradient is (ŷ − y)/N.",
    ),
    Mistake(
        "mean-squared-error",
        _network(first_delta=lambda y_hat, y: 2 * (y_hat - y) / y.size),
        "It is the gradient of the mean over all N·K entries, without the ½.",
        "The loss here sums over the outputs and has a ½: the first gradient is (ŷ − y)/N.",
    ),
    Mistake(
        "divided-twice",
        _network(back=lambda delta, W: delta @ W.T / len(delta)),
        "On the way back every layer divides by N once more.",
        "The 1/N enters once, in the loss's own gradient.",
    ),
    Mistake(
        "leaky",
        _network(gate=lambda dh, z, h: np.where(z > 0, dh, 0.01 * dh)),
        "The gates are those of LeakyReLU: 0.01 of the gradient passes where the unit was off.",
        "For ReLU nothing passes there.",
    ),
    Mistake(
        "no-upstream",
        _network(gate=lambda dh, z, h: (z > 0) * 1.0),
        "At the gates the gradient is replaced by the mask.",
        "Upstream times local: δ = dh ⊙ 1[z > 0].",
    ),
    Mistake(
        "gate-missing",
        _network(gate=lambda dh, z, h: dh),
        "The gates of ReLU never close on the way back: the last layer is right, those before it are not.",
        "Multiply by the mask z > 0; `>=` on the output of a ReLU is always true.",
    ),
    Mistake(
        "gate-missing",
        _network(ungated=(0,)),
        "The gate of the first hidden layer is missing.",
        "Every ReLU has its gate: δ₁ = dh₁ ⊙ 1[z₁ > 0] as well.",
    ),
    Mistake(
        "gate-missing",
        _network(ungated=(1,)),
        "The gate of the second hidden layer is missing.",
        "Every ReLU has its gate: δ₂ = dh₂ ⊙ 1[z₂ > 0] as well.",
    ),
    Mistake(
        "inverted-mask",
        _network(gate=lambda dh, z, h: dh * (z < 0)),
        "The mask is inverted: the gradient passes where the unit was off.",
        "It passes where z > 0.",
    ),
    Mistake(
        "mask-from-dy",
        _network(gate=lambda dh, z, h: dh * (dh > 0)),
        "The mask is taken from the gradient, so negative gradients are cut off.",
        "What the forward pass cut off decides: the mask is z > 0.",
    ),
    Mistake(
        "value-for-slope",
        _network(gate=lambda dh, z, h: dh * h),
        "The gate multiplies by the ReLU's value; the slope is wanted.",
        "The slope is 1 where z > 0, whatever z is.",
    ),
    Mistake(
        "value-for-slope",
        _network(gate=lambda dh, z, h: dh * z),
        "The gate multiplies by z; the slope is wanted.",
        "The slope is 1 where z > 0, else 0.",
    ),
    Mistake(
        "gate-after-last",
        _network(gate_last=True),
        "The last layer has a gate too, and no ReLU follows it.",
        "The gradient of the output goes into the last linear layer as it is.",
    ),
    Mistake(
        "relu-after-last",
        _network(last=lambda z: np.maximum(z, 0)),
        "A ReLU follows the last layer too.",
        "ReLU stands between the layers; the output is linear.",
    ),
    Mistake(
        "no-relu",
        _network(activation=lambda z: z, gate=lambda dh, z, h: dh),
        "There is no ReLU, neither forward nor backward.",
        "Apply it after every layer but the last, and its gate on the way back.",
    ),
    Mistake(
        "no-relu",
        _network(activation=lambda z: z),
        "The forward pass has no ReLU.",
        "Apply it after every layer but the last; the backward pass needs its outputs.",
    ),
    Mistake(
        "other-activation",
        _network(activation=np.tanh, gate=lambda dh, z, h: dh * (1 - np.tanh(z) ** 2)),
        "tanh stands between the layers.",
        "Here it is ReLU.",
    ),
    Mistake(
        "other-activation",
        _network(activation=sigmoid, gate=lambda dh, z, h: dh * h * (1 - h)),
        "The sigmoid stands between the layers.",
        "Here it is ReLU.",
    ),
    Mistake(
        "pre-activation-for-input",
        _network(layer_input=lambda z, h: z),
        "dW uses z of the layer before; what went into the layer is relu(z).",
        "Keep each layer's input h in the forward pass: dW = hᵀ δ.",
    ),
    Mistake(
        "no-bias",
        _network(bias=0.0),
        "The forward pass leaves the biases out.",
        "Every layer adds its b before the ReLU.",
    ),
    Mistake(
        "dW-transposed",
        _network(weight_grad=lambda h, delta: delta.T @ h),
        "dW is transposed: δᵀ h where hᵀ δ belongs.",
        "Each dW has the shape of its W.",
    ),
    Mistake(
        "dW-without-transpose",
        _network(weight_grad=lambda h, delta: h @ delta),
        "dW is h @ δ: the transpose is missing.",
        "Each dW has the shape of its W: hᵀ δ.",
    ),
    Mistake(
        "dh-without-transpose",
        _network(back=lambda delta, W: delta @ W),
        "On the way back the transpose of W is missing.",
        "Forward through W means backward through Wᵀ: dh = δ Wᵀ.",
    ),
    Mistake(
        "db-keepdims",
        _network(bias_grad=lambda delta: delta.sum(axis=0, keepdims=True)),
        "db has shape (1, H); b has shape (H,).",
        "Leave `keepdims` out.",
    ),
    Mistake(
        "db-not-summed",
        _network(bias_grad=lambda delta: delta),
        "db is δ itself: the sum over the examples is missing.",
        "db has the shape of b: sum over axis 0.",
    ),
    Mistake(
        "db-wrong-axis",
        _network(bias_grad=lambda delta: delta.sum(axis=1)),
        "db is summed over the features: one number for each example.",
        "db has the shape of b: sum over the examples, axis 0.",
    ),
    Mistake(
        "db-summed-over-all",
        _network(bias_grad=lambda delta: delta.sum()),
        "db is one number: the sum over everything.",
        "Sum over the examples only, `axis=0`.",
    ),
    Mistake(
        "db-zero",
        _network(bias_grad=lambda delta: np.zeros(delta.shape[1])),
        "db is 0 everywhere: the bias gradient is forgotten.",
        "db is the sum of δ over the examples.",
    ),
    Mistake(
        "reversed-layers",
        _network(arrange=lambda grads: grads[::-1]),
        "The list is in the order of the backward pass, last layer first.",
        "Return it in layer order: reverse it at the end, or insert at the front.",
    ),
    Mistake(
        "pairs-swapped",
        _network(arrange=lambda grads: [(db, dW) for dW, db in grads]),
        "In each pair db comes first.",
        "Each pair is (dW, db).",
    ),
    Mistake(
        "not-in-pairs",
        _network(arrange=lambda grads: [g for pair in grads for g in pair]),
        "Six arrays come back in one flat list.",
        "Return one pair (dW, db) for each of the three layers.",
    ),
    Mistake(
        "not-in-pairs",
        _network(arrange=lambda grads: ([dW for dW, _ in grads], [db for _, db in grads])),
        "A list of all dW and a list of all db come back.",
        "Return one pair (dW, db) for each of the three layers.",
    ),
    Mistake(
        "last-layer-only",
        _network(arrange=lambda grads: grads[-1:]),
        "Only the last layer's gradients come back.",
        "Return one pair (dW, db) for each of the three layers.",
    ),
    Mistake(
        "first-layer-only",
        _network(arrange=lambda grads: grads[:1]),
        "Only the first layer's gradients come back.",
        "Return one pair (dW, db) for each of the three layers.",
    ),
)

# --- train_xor ----------------------------------------------------------------------------------

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0, 1, 1, 0])
PLANE = np.stack(np.meshgrid(*[np.linspace(-1, 2, 46)] * 2), axis=-1).reshape(-1, 2)


def xor_cases(rng):
    return [case(Rng(int(seed))) for seed in rng.integers(1_000_000, size=2)]


def xor_accept(predict, rng):
    """Judge a trained predict on the corners, on one alone, and on corners moved by up to 0.1."""
    outcome = predict(CORNERS, layout="read-only")
    if outcome.failure and not predict(CORNERS).failure:
        return Finding(
            "changes-argument",
            f"predict fails when X is read-only: {outcome.failure.text}",
            "Make a new array instead of writing into X.",
            "purity",
        )
    if outcome.failure:
        line = f" ({outcome.failure.line})" if outcome.failure.line else ""
        text = f"predict fails on the four corners. {outcome.failure.text}{line}"
        return Finding(outcome.failure.kind, text, "Call it yourself: predict(X), X of shape (4, 2).")
    finding = _labels(outcome.value, 4) or _corners(np.asarray(_flat(outcome.value)))
    if finding:
        return finding
    if predict(CORNERS).changed:
        return Finding(
            "changes-argument",
            "predict changes its argument X, which belongs to the caller.",
            "Make a new array instead of writing into X.",
            "purity",
        )
    for corner, label in zip(CORNERS, XOR, strict=True):
        alone = predict(corner[None])
        if alone.failure:
            text = f"predict fails on a single point of shape (1, 2). {alone.failure.text}"
            return Finding("fails-for-sizes-of-one", text, "M = 1 works too.", "ones")
        finding = _labels(alone.value, 1)
        if finding:
            return Finding(finding.tag, f"For one point: {finding.text}", finding.advice, "ones")
        if _flat(alone.value) != [label]:
            return Finding(
                "depends-on-other-points",
                f"The label of {corner.tolist()} is another one when the point comes alone.",
                "Each row is a point of its own: is a mean or a maximum taken over the rows?",
            )
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    circle = 0.1 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    moves = np.concatenate([circle, circle / 2])
    points = np.concatenate([corner + moves for corner in CORNERS])
    moved = predict(points)
    if moved.failure:
        text = f"predict fails on {len(points)} points. {moved.failure.text}"
        return Finding(moved.failure.kind, text, "predict takes any number M of points.")
    finding = _labels(moved.value, len(points))
    if finding:
        return finding
    wrong = np.flatnonzero(np.asarray(_flat(moved.value)) != np.repeat(XOR, len(moves)))
    if wrong.size:
        where = ", ".join(f"{c:.2f}" for c in points[wrong[0]])
        return Finding(
            "no-margin",
            f"The corners are right, but {wrong.size} of {len(points)} points within 0.1 of a "
            f"corner are not, for instance [{where}].",
            "The boundary runs too close to a corner: train longer, use more hidden units, or "
            "train on moved corners too. A table of the four corners is not enough.",
        )
    return None


def _flat(value):
    """Return labels as a plain list, whether they came as an array or as a list."""
    items = value if isinstance(value, list) else np.ravel(value)
    return [np.asarray(item).item() for item in items]


def _labels(value, count):
    """Return what is wrong with the form of the labels of so many points, or None."""
    if isinstance(value, list) and any(not isinstance(v, np.ndarray) or v.ndim for v in value):
        shape = np.shape(value)
    else:
        shape = (len(value),) if isinstance(value, list) else value.shape
    if shape != (count,):
        columns = " It looks like one column for each class: take the argmax of each row."
        return Finding(
            "wrong-shape",
            f"predict returns shape {shape} for {count} points; one label each, ({count},), is "
            f"wanted.{columns if shape == (count, 2) else ''}",
            "Select the one column, or take `argmax(axis=1)`.",
        )
    found = set(_flat(value))
    if not found <= {0, 1}:
        minus = found <= {-1, 1}
        return Finding(
            "labels-minus-one" if minus else "not-labels",
            "predict returns labels −1 and 1."
            if minus
            else "predict returns numbers that are not labels: outputs, probabilities or NaN.",
            "Labels are 0 and 1." if minus else "Turn them into 0 or 1: compare, or take argmax.",
        )
    return None


def _corners(labels):
    right = int(np.sum(labels == XOR))
    if right == 4:
        return None
    if right == 0:
        return Finding(
            "labels-inverted",
            "All four corners have the wrong label: 0 and 1 are exchanged.",
            "The label is 1 where exactly one coordinate is 1.",
        )
    if len(set(labels.tolist())) == 1:
        return Finding(
            "one-label-only",
            f"Every corner is given the label {int(labels[0])}.",
            "Print the loss while training: does it fall? A step too small or too large, weights "
            "that start at 0, or a threshold that is never crossed all look like this.",
        )
    return Finding(
        "not-learned",
        f"{right} of the 4 corners are right; a straight line gets at most 3.",
        "Print the loss while training. If it stays high: is there a nonlinearity between two "
        "layers, are there enough hidden units (8 or more), enough steps?",
    )


TASKS = [
    Task(
        "linear_backward(x, W, dy)",
        linear_backward_cases,
        linear_backward,
        shapes={"x": "N D", "W": "D H", "dy": "N H"},
        returns=("dx", "dW", "db"),
        mistakes=LINEAR_BACKWARD_MISTAKES,
        hints=(
            "Each gradient has the shape of its array. Which of x, W and dy meet in which?",
            "dx = dy Wᵀ, dW = xᵀ dy, db = Σₙ dyₙ.",
            "Two products with `@` and one `.T` each, and one `sum(axis=0)`.",
        ),
    ),
    Task(
        "relu_backward(z, dy)",
        lambda rng: [
            *relu_backward_cases(rng),
            case(large(rng, 4, 3), normal(rng, 4, 3), aspect="stable"),
            case(away_from_zero(rng, 2, 3), large(rng, 2, 3), aspect="stable"),
        ],
        relu_backward,
        shapes={"z": "N H", "dy": "N H"},
        mistakes=RELU_BACKWARD_MISTAKES,
        hints=(
            "Where did the forward pass let z through, and what comes back there?",
            "dz = dy ⊙ 1[z > 0].",
            "A comparison gives an array of True and False, and `*` takes these as 1 and 0.",
        ),
    ),
    Task(
        "sigmoid_backward(z, dy)",
        smooth_cases,
        sigmoid_backward,
        shapes={"z": "N H", "dy": "N H"},
        mistakes=SIGMOID_BACKWARD_MISTAKES,
        hints=(
            "z is the input of the sigmoid here. What does its slope need?",
            "dz = dy ⊙ s ⊙ (1 − s) with s = σ(z).",
            "Compute s with an exponent that is never positive, `np.exp(-np.abs(z))`, as in "
            "chapter 1; then multiply three arrays.",
        ),
    ),
    Task(
        "tanh_backward(z, dy)",
        smooth_cases,
        tanh_backward,
        shapes={"z": "N H", "dy": "N H"},
        mistakes=TANH_BACKWARD_MISTAKES,
        hints=(
            "z is the input of tanh here. What does its slope need?",
            "dz = dy ⊙ (1 − t²) with t = tanh z.",
            "`np.tanh` never overflows; square its result, subtract from 1, multiply by dy.",
        ),
    ),
    Task(
        "mlp_backward(x, y, params)",
        mlp_backward_cases,
        mlp_backward,
        shapes={"x": "N D", "y": "N K"},
        returns=("grads[0]", "grads[1]", "grads[2]"),
        mistakes=MLP_BACKWARD_MISTAKES,
        hints=(
            "Run forward first and keep what went into every layer. Where does the way back begin?",
            "δ₃ = (ŷ − y)/N, then for each layer dW = hᵀ δ, db = Σₙ δₙ, and one layer down "
            "δ = (δ Wᵀ) ⊙ 1[z > 0].",
            "`for i in (2, 1, 0)`: append (inputs[i].T @ delta, delta.sum(axis=0)), then, if i > 0, "
            "`delta = (delta @ params[i][0].T) * (inputs[i] > 0)`; reverse the list.",
        ),
    ),
    Task(
        "train_xor(rng)",
        xor_cases,
        accept=xor_accept,
        expects="function",
        seconds=30.0,
        seeds=1,
        probe=PLANE,
        hints=(
            "Print the loss every few hundred steps. Where does it stop falling?",
            "One hidden layer of 8 to 16 units, tanh or ReLU, the four corners as one batch, some "
            "thousand steps of gradient descent.",
            "Draw W₁ (2, 16) and W₂ (16, 1) with rng.standard_normal; in a loop: forward, "
            "δ = (ŷ − y)/4, the gradients as in mlp_backward, `W -= lr * dW`. Then "
            "predict(X) is 1 where ŷ > ½.",
        ),
    ),
]
