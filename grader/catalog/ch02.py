"""Chapter 2: the chain rule."""

import numpy as np

from ..comparing import RTOL_FLOAT32, WrongStructure, as_array, is_float32
from ..task import Finding, Mistake, Task, case
from .drawing import away_from_zero, normal, tidy

CHAPTER = "02_chain_rule"


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


# --- sigmoid_derivative -------------------------------------------------------------------------


def sigmoid_derivative(s):
    return s * (1.0 - s)


def sigmoid_derivative_cases(rng):
    def tenths(*shape):
        return rng.choice([0.1, 0.2, 0.25, 0.4, 0.6, 0.75, 0.8, 0.9], size=shape)

    return [
        case(np.array([[0.5, 0.0, 1.0]]), aspect="edge"),
        case(tenths(1, 1), aspect="ones"),
        case(tenths(3, 1), aspect="ones"),
        case(tenths(1, 2)),
        case(tenths(2, 3)),
        case(sigmoid(normal(rng, 3, 3))),
        case(sigmoid(normal(rng, 5, 4, scale=3.0))),
        case(sigmoid(normal(rng, 6, 7, scale=8.0))),
    ]


SIGMOID_DERIVATIVE_MISTAKES = (
    Mistake(
        "sigmoid-twice",
        lambda s: sigmoid_derivative(sigmoid(s)),
        "The sigmoid is applied once more: s is its output already.",
        "Use s as it comes; no exponential is needed.",
    ),
    Mistake(
        "function-for-derivative",
        sigmoid,
        "It is the sigmoid itself, and of a number that is a sigmoid already.",
        "The slope at output s is wanted: s times something.",
    ),
    Mistake(
        "identity",
        lambda s: s.copy(),
        "It returns s itself: the output, not the slope.",
        "The slope is s times a second factor.",
    ),
    Mistake(
        "factor-missing",
        lambda s: 1 - s,
        "The factor s is missing.",
        "The slope is a product of two factors, s and 1 − s.",
    ),
    Mistake(
        "tanh-rule",
        lambda s: 1 - s**2,
        "It is the rule for tanh, 1 − a².",
        "For the sigmoid the slope is s·(1 − s).",
    ),
    Mistake(
        "wrong-sign",
        lambda s: s * (s - 1),
        "The sign is wrong: the sigmoid rises everywhere, so no slope is negative.",
        "The second factor is 1 − s, not s − 1.",
    ),
    Mistake(
        "plus-for-minus",
        lambda s: s * (1 + s),
        "There is a plus where a minus belongs: s·(1 + s).",
        "Test s = 1: a saturated sigmoid has slope 0.",
    ),
    Mistake(
        "squared",
        lambda s: s * s,
        "It is s², so the slope would be largest where the sigmoid is flat.",
        "The second factor is 1 − s.",
    ),
    Mistake(
        "squared",
        lambda s: (1 - s) ** 2,
        "It is (1 − s)².",
        "Only one of the two factors is 1 − s; the other is s.",
    ),
    Mistake(
        "squared",
        lambda s: s * (1 - s) ** 2,
        "The factor 1 − s appears twice.",
        "The slope is s·(1 − s).",
    ),
    Mistake(
        "squared",
        lambda s: s**2 * (1 - s),
        "The factor s appears twice.",
        "The slope is s·(1 − s).",
    ),
    Mistake(
        "second-derivative",
        lambda s: 1 - 2 * s,
        "It is 1 − 2s, the derivative of s·(1 − s) with respect to s.",
        "s·(1 − s) is the answer already; do not differentiate once more.",
    ),
    Mistake(
        "second-derivative",
        lambda s: s * (1 - s) * (1 - 2 * s),
        "It is the second derivative, σ″.",
        "One differentiation is enough: s·(1 − s).",
    ),
    Mistake(
        "matrix-product",
        lambda s: s @ (1 - s),
        "`@` is a matrix product; the two factors are multiplied entry by entry.",
        "Write `*`.",
    ),
)

# --- tanh_derivative ----------------------------------------------------------------------------


def tanh_derivative(a):
    return 1.0 - a * a


def tanh_derivative_cases(rng):
    def tenths(*shape):
        return rng.choice([-0.9, -0.75, -0.5, -0.2, 0.1, 0.25, 0.6, 0.8], size=shape)

    return [
        case(np.array([[0.0, 1.0, -1.0]]), aspect="edge"),
        case(tenths(1, 1), aspect="ones"),
        case(tenths(3, 1), aspect="ones"),
        case(tenths(1, 2)),
        case(tenths(2, 3)),
        case(np.tanh(normal(rng, 3, 3))),
        case(np.tanh(normal(rng, 5, 4))),
        case(np.tanh(normal(rng, 6, 7, scale=3.0))),
    ]


TANH_DERIVATIVE_MISTAKES = (
    Mistake(
        "tanh-twice",
        lambda a: 1 - np.tanh(a) ** 2,
        "tanh is applied once more: a is its output already.",
        "Use a as it comes.",
    ),
    Mistake(
        "function-for-derivative",
        np.tanh,
        "It is tanh itself, and of a number that is a tanh already.",
        "The slope at output a is wanted.",
    ),
    Mistake(
        "identity",
        lambda a: a.copy(),
        "It returns a itself: the output, not the slope.",
        "Test a = 0: there tanh is steepest, with slope 1.",
    ),
    Mistake(
        "sigmoid-rule",
        lambda a: a * (1 - a),
        "It is the rule for the sigmoid, a·(1 − a).",
        "Test a = 0: tanh has slope 1 there.",
    ),
    Mistake(
        "sigmoid-rule",
        lambda a: sigmoid_derivative(sigmoid(a)),
        "It is the slope of a sigmoid.",
        "tanh has a rule of its own; test a = 0, where its slope is 1.",
    ),
    Mistake(
        "not-squared",
        lambda a: 1 - a,
        "The output is not squared.",
        "The slope is the same at a and at −a: which power of a does that suggest?",
    ),
    Mistake(
        "not-squared",
        lambda a: 1 - np.abs(a),
        "The output is not squared: its absolute value is taken.",
        "Square it.",
    ),
    Mistake(
        "not-squared",
        lambda a: 1 - 2 * a,
        "The output is doubled in place of squared.",
        "`a ** 2` or `a * a`.",
    ),
    Mistake(
        "plus-for-minus",
        lambda a: 1 + a**2,
        "There is a plus where a minus belongs.",
        "Test a = 1: a saturated tanh has slope 0.",
    ),
    Mistake(
        "wrong-sign",
        lambda a: a**2 - 1,
        "The sign is wrong: tanh rises everywhere, so no slope is negative.",
        "The difference is taken the wrong way round.",
    ),
    Mistake(
        "square-of-difference",
        lambda a: (1 - a) ** 2,
        "The difference is squared where only a has to be.",
        "`1 - a**2`: the power comes before the minus.",
    ),
    Mistake(
        "squared",
        lambda a: a**2,
        "The 1 is missing.",
        "Test a = 0: tanh is steepest there.",
    ),
    Mistake(
        "second-derivative",
        lambda a: -2 * a,
        "It is −2a, the derivative of 1 − a² with respect to a.",
        "1 − a² is the answer already; do not differentiate once more.",
    ),
    Mistake(
        "second-derivative",
        lambda a: -2 * a * (1 - a**2),
        "It is the second derivative, tanh″.",
        "One differentiation is enough.",
    ),
    Mistake(
        "square-root",
        lambda a: np.sqrt(1 - a**2),
        "A square root is taken.",
        "Leave the root out.",
    ),
    Mistake(
        "matrix-product",
        lambda a: 1 - a @ a,
        "`@` is a matrix product; a is squared entry by entry.",
        "Write `a * a` or `a ** 2`.",
    ),
    Mistake(
        "integer-dtype",
        lambda a: tanh_derivative(a).astype(int),
        "The result is an array of integers: everything after the decimal point is lost.",
        "Find where the array is made: `np.zeros(shape)` holds floats, `dtype=int` does not.",
    ),
)

# --- branch_gradient ----------------------------------------------------------------------------


def branch_gradient(x, a, dy):
    return dy * (a + 1.0 - np.tanh(x) ** 2)


def branch_cases(rng):
    def draw(n, d, make=normal, aspect="value"):
        return case(*(make(rng, n, d) for _ in range(3)), aspect=aspect)

    return [
        case(np.zeros((1, 2)), tidy(rng, 1, 2), tidy(rng, 1, 2), aspect="edge"),
        case(tidy(rng, 1, 2), np.zeros((1, 2)), tidy(rng, 1, 2), aspect="edge"),
        draw(1, 1, tidy, "ones"),
        draw(3, 1, tidy, "ones"),
        draw(1, 2, tidy),
        draw(2, 3, tidy),
        draw(3, 3),
        draw(5, 4),
        draw(4, 7),
    ]


def _slope(x):
    return 1 - np.tanh(x) ** 2


BRANCH_MISTAKES = (
    Mistake(
        "branch-overwritten",
        lambda x, a, dy: dy * _slope(x),
        "Only the tanh branch arrives: the product's share is missing, as when `=` overwrites "
        "what the first branch has stored.",
        "x is used twice; add both contributions, `dx = …` and then `dx += …`.",
    ),
    Mistake(
        "branch-overwritten",
        lambda x, a, dy: dy * a,
        "Only the product's branch arrives: the share of tanh is missing.",
        "x is used twice; add both contributions.",
    ),
    Mistake(
        "branches-multiplied",
        lambda x, a, dy: dy * a * _slope(x),
        "The two branches are multiplied.",
        "Along a path sensitivities multiply, but where paths meet they add.",
    ),
    Mistake(
        "branches-multiplied",
        lambda x, a, dy: (dy * a) * (dy * _slope(x)),
        "The two branches are multiplied.",
        "Along a path sensitivities multiply, but where paths meet they add.",
    ),
    Mistake(
        "branches-averaged",
        lambda x, a, dy: dy * (a + _slope(x)) / 2,
        "The two branches are averaged: exactly 2 times too small.",
        "Both branches receive the whole of x, so their contributions add.",
    ),
    Mistake(
        "branches-subtracted",
        lambda x, a, dy: dy * (a - _slope(x)),
        "The two branches are subtracted.",
        "Where paths meet, sensitivities add.",
    ),
    Mistake(
        "larger-branch",
        lambda x, a, dy: np.maximum(dy * a, dy * _slope(x)),
        "Only the larger of the two branches arrives.",
        "Both contribute; add them.",
    ),
    Mistake(
        "no-upstream",
        lambda x, a, dy: a + _slope(x),
        "The upstream gradient dy is missing: these are the local derivatives alone.",
        "Multiply by dy: upstream times local.",
    ),
    Mistake(
        "upstream-on-one-branch",
        lambda x, a, dy: dy * a + _slope(x),
        "dy multiplies the product's branch only.",
        "dy arrives at y and goes back along both branches: are parentheses missing?",
    ),
    Mistake(
        "upstream-on-one-branch",
        lambda x, a, dy: a + dy * _slope(x),
        "dy multiplies the tanh branch only.",
        "dy arrives at y and goes back along both branches.",
    ),
    Mistake(
        "upstream-added",
        lambda x, a, dy: dy + a + _slope(x),
        "dy is added to the local derivatives.",
        "Upstream times local: dy multiplies.",
    ),
    Mistake(
        "upstream-twice",
        lambda x, a, dy: dy**2 * (a + _slope(x)),
        "dy is multiplied in twice.",
        "Each path carries it once.",
    ),
    Mistake(
        "pre-activation-for-output",
        lambda x, a, dy: dy * (a + 1 - x**2),
        "The slope of tanh is taken as 1 − x²: its rule is 1 − tanh² x.",
        "Compute t = tanh x first; the slope is 1 − t².",
    ),
    Mistake(
        "tanh-twice",
        lambda x, a, dy: dy * (a + _slope(np.tanh(x))),
        "tanh is applied twice in the slope.",
        "The slope at x is 1 − tanh² x.",
    ),
    Mistake(
        "not-squared",
        lambda x, a, dy: dy * (a + 1 - np.tanh(x)),
        "tanh x is not squared in the slope.",
        "The slope of tanh is 1 − tanh² x.",
    ),
    Mistake(
        "slope-without-one",
        lambda x, a, dy: dy * (a - np.tanh(x) ** 2),
        "The 1 in the slope of tanh is missing.",
        "The slope is 1 − tanh² x.",
    ),
    Mistake(
        "function-for-derivative",
        lambda x, a, dy: dy * (a + np.tanh(x)),
        "tanh x stands where its slope belongs.",
        "The slope of tanh is 1 − tanh² x.",
    ),
    Mistake(
        "function-for-derivative",
        lambda x, a, dy: dy * (x * a + np.tanh(x)),
        "It is dy times y itself: nothing is differentiated.",
        "Find ∂y/∂x: one term for each of the two places where x is used.",
    ),
    Mistake(
        "forward",
        lambda x, a, dy: x * a + np.tanh(x),
        "It is y, the forward pass.",
        "The gradient ∂L/∂x is wanted: dy times the local derivatives, added.",
    ),
    Mistake(
        "wrong-variable",
        lambda x, a, dy: dy * x,
        "It is the gradient with respect to a.",
        "Multiply swaps: what comes back to x is dy times a.",
    ),
    Mistake(
        "wrong-variable",
        lambda x, a, dy: dy * (x + _slope(x)),
        "The product's local derivative is taken as x: that is the one with respect to a.",
        "Multiply swaps: what comes back to x is dy times a.",
    ),
    Mistake(
        "slope-missing",
        lambda x, a, dy: dy * (a + 1),
        "The tanh branch passes dy on unchanged: its slope is missing.",
        "The slope of tanh is 1 − tanh² x.",
    ),
    Mistake(
        "product-as-sum",
        lambda x, a, dy: dy * (1 + _slope(x)),
        "The product x·a is treated like a sum: its local derivative is taken as 1.",
        "The derivative of x·a with respect to x is a.",
    ),
    Mistake(
        "sigmoid-rule",
        lambda x, a, dy: dy * (a + np.tanh(x) * (1 - np.tanh(x))),
        "The slope of tanh is taken as t·(1 − t), which is the sigmoid's rule.",
        "The slope of tanh is 1 − t².",
    ),
    Mistake(
        "sigmoid-rule",
        lambda x, a, dy: dy * (a + sigmoid_derivative(sigmoid(x))),
        "The slope of the sigmoid stands where that of tanh belongs.",
        "The slope of tanh is 1 − tanh² x.",
    ),
    Mistake(
        "plus-for-minus",
        lambda x, a, dy: dy * (a + 1 + np.tanh(x) ** 2),
        "The slope of tanh has a plus.",
        "It is 1 − tanh² x.",
    ),
    Mistake(
        "summed",
        lambda x, a, dy: np.sum(branch_gradient(x, a, dy)),
        "The entries are summed.",
        "dx has the shape of x: nothing is summed.",
    ),
    Mistake(
        "divided-by-n",
        lambda x, a, dy: branch_gradient(x, a, dy) / len(x),
        "It is divided by N.",
        "The mean is in dy already; only the loss divides by N.",
    ),
)

# --- numerical_gradient -------------------------------------------------------------------------


def numerical_gradient(f, x):
    return f.gradient(x)


def _function(text, value, gradient):
    """Make the f that a learner's numerical_gradient is given; text is what a message shows."""

    def f(x):
        return float(value(np.asarray(x, dtype=np.float64)))

    f.__doc__, f.gradient = text, gradient
    return f


def _softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


def _log_sum_exp(x):
    return x.max() + np.log(np.sum(np.exp(x - x.max())))


def _chain_gradient(x):
    gradient = 1 - np.tanh(x) ** 2
    gradient[:-1] += x[1:]
    gradient[1:] += x[:-1]
    return gradient


C = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
WEIGHTS = np.array([[1.0], [2.0], [3.0], [4.0]])

SQUARES = _function("f(x) = sum of x²", lambda x: np.sum(x**2), lambda x: 2 * x)
CUBES = _function("f(x) = sum of x³", lambda x: np.sum(x**3), lambda x: 3 * x**2)
COUPLED = _function(
    "f(x) = sum of x², plus (sum of x)²",
    lambda x: np.sum(x**2) + np.sum(x) ** 2,
    lambda x: 2 * x + 2 * np.sum(x),
)
WEIGHTED_SINE = _function(
    "f(x) = sum of C·sin x, C = [[1, 2, 3], [4, 5, 6]]",
    lambda x: np.sum(C * np.sin(x)),
    lambda x: C * np.cos(x),
)
MATRIX_SQUARE = _function(
    "f(x) = sum of all entries of x @ x",
    lambda x: np.sum(x @ x),
    lambda x: x.sum(axis=1)[None, :] + x.sum(axis=0)[:, None],
)
LOG_SUM_EXP = _function("f(x) = log of the sum of exp x", _log_sum_exp, _softmax)
ROWS = _function(
    "f(x) = sum of n·tanh x, n = 1 … 4 the row",
    lambda x: np.sum(WEIGHTS * np.tanh(x)),
    lambda x: WEIGHTS * (1 - np.tanh(x) ** 2),
)
CHAIN = _function(
    "f(x) = sum of tanh x, plus each entry times the next",
    lambda x: np.sum(np.tanh(x)) + np.sum(x[:-1] * x[1:]),
    _chain_gradient,
)


def numerical_cases(rng):
    def sizable(*shape):
        return rng.choice([1.0, 1.5, 2.0, -2.0], size=shape)

    half_turns = np.array([[0, 1, 0], [1, 0, 1]])  # so that gradients of both signs occur
    # No gradient but COUPLED's has an entry near 0, where rounding would hide what a mistake does.
    return [
        case(SQUARES, np.array(1.5), aspect="ones"),
        case(SQUARES, sizable(1), aspect="ones"),
        case(SQUARES, sizable(1, 1), aspect="ones"),
        case(CUBES, np.append(sizable(2), [1.0, 1.5])),
        case(COUPLED, np.zeros((2, 2))),
        case(WEIGHTED_SINE, rng.uniform(-1.0, 1.0, (2, 3)) + np.pi * half_turns),
        case(MATRIX_SQUARE, -np.abs(tidy(rng, 3, 3))),
        case(LOG_SUM_EXP, rng.uniform(-1.0, 1.0, (2, 3, 2))),
        case(ROWS, rng.uniform(-1.0, 1.0, (4, 5))),
        # The largest is flat, so that the memory layout of x is the same whatever x is copied with.
        case(CHAIN, rng.uniform(0.3, 1.5, 30)),
    ]


def nudged(f, x, i, h):
    """Return f with entry i of x nudged by h."""
    x = np.array(x)
    x[i] += h
    return f(x)


def _forward(f, x, h):
    return np.array([(nudged(f, x, i, h) - f(x)) / h for i in np.ndindex(x.shape)])


def _central(f, x, h):
    up_down = [(nudged(f, x, i, h), nudged(f, x, i, -h)) for i in np.ndindex(x.shape)]
    return np.array([(up - down) / (2 * h) for up, down in up_down])


def _not_restored(f, x, h):
    x, differences = np.array(x), []
    for i in np.ndindex(x.shape):
        differences.append((nudged(f, x, i, h) - nudged(f, x, i, -h)) / (2 * h))
        x[i] -= h
    return np.array(differences)


def _left_nudged(f, x, h):
    x, differences = np.array(x), []
    for i in np.ndindex(x.shape):
        differences.append((nudged(f, x, i, h) - nudged(f, x, i, -h)) / (2 * h))
        x[i] += h
    return np.array(differences)


FORWARD = (
    "forward-difference",
    "It is the forward difference, (f(x + h) − f(x)) / h: its error falls only as h.",
    "Nudge to both sides: (f(x + h) − f(x − h)) / 2h, whose error falls as h².",
)
BACKWARD = (
    "forward-difference",
    "It is the one-sided difference (f(x) − f(x − h)) / h: its error falls only as h.",
    "Nudge to both sides: (f(x + h) − f(x − h)) / 2h, whose error falls as h².",
)
NOT_RESTORED = (
    "not-restored",
    "Nudges pile up: an entry is not put back to its old value before the next one is nudged.",
    "Keep the old value, and write it back after the two calls of f.",
)
STEP_TOO_LARGE = (
    "step-too-large",
    "The step h is too large: the error of a central difference grows as h².",
    "Take h near 1e-5.",
)
PATTERNS = (
    (FORWARD, _forward),
    (BACKWARD, lambda f, x, h: _forward(f, x, -h)),
    (STEP_TOO_LARGE, _central),
    (NOT_RESTORED, _not_restored),
    (NOT_RESTORED, _left_nudged),
)
FACTORS = (
    (
        2.0,
        "missing-two",
        "It is exactly 2 times too large: the 2 in the denominator is missing.",
        "The two points are 2h apart, so divide by 2h.",
    ),
    (
        0.5,
        "one-step-over-2h",
        "It is 2 times too small: the two points are h apart and the difference is divided by 2h.",
        "Call f at x + h and at x − h: is an entry put back to x by the second nudge?",
    ),
    (
        -1.0,
        "wrong-sign",
        "The sign is wrong.",
        "f(x + h) − f(x − h), in this order.",
    ),
)


def numerical_accept(value, f, x):
    try:
        value = np.asarray(as_array(value), dtype=None)
    except WrongStructure as error:
        return Finding("wrong-type", str(error), "Return one array of the shape of x.")
    truth = f.gradient(x)
    if value.shape != truth.shape:
        return _misshapen(value, truth)
    if not np.all(np.isfinite(value)):
        return Finding(
            "not-finite",
            "The result contains NaN or infinity.",
            "Is the step 0 somewhere, for instance because it is a multiple of x?",
        )
    v, t = value.astype(np.float64).ravel(), np.ravel(truth)
    error, size = np.linalg.norm(v - t), np.linalg.norm(v) + np.linalg.norm(t)
    allowed = RTOL_FLOAT32 if value.dtype == np.float32 or is_float32(value) else 1e-6
    if t.size == 1:
        allowed = 0.3  # here the shape counts; how exact it is shows on longer arrays
    if error <= allowed * size and (t.any() or error <= 1e-11):
        return None
    return _inexact(v, t, f, x)


def _misshapen(value, truth):
    if value.size == truth.size and np.allclose(value.ravel(), truth.ravel(), 1e-4):
        text = f"The numbers are right, the shape is not: it is {value.shape}, x has {truth.shape}."
        return Finding("wrong-shape", text, "The gradient has the shape of x.")
    if value.ndim == 0 and np.isclose(value, np.sum(truth), 1e-3, 1e-6):
        return Finding(
            "nudges-all-at-once",
            "All entries of x are nudged at once, so one number comes back.",
            "Nudge one entry at a time, in a loop; the gradient has the shape of x.",
        )
    text = f"The shape is {value.shape} and has to be that of x, {truth.shape}."
    return Finding("wrong-shape", text, "Make the result with `np.zeros(x.shape)` and fill it.")


def _inexact(v, t, f, x):
    """Say why a gradient of the right shape is not exact enough."""
    if not v.any():
        return Finding(
            "all-zero",
            "Every entry is 0: f was called twice on the same numbers.",
            "Are x + h and x − h two arrays, or two names for one? Then copy. Or is h so small "
            "that x + h rounds to x?",
        )
    if t.any():
        c = v @ t / (t @ t)
        for factor, tag, text, advice in FACTORS:
            if np.linalg.norm(v - factor * t) < 0.05 * np.linalg.norm(factor * t):
                return Finding(tag, text, advice)
        if not 0.7 < c < 1.4 and np.linalg.norm(v - c * t) < 1e-3 * np.linalg.norm(v):
            return Finding(
                "constant-factor",
                f"It is the true gradient times {c:.4g}.",
                "The difference of the two values of f is divided by the distance of the two points, 2h.",
            )
    if t.any() and v.size > 1:
        finding = _misplaced(v, t)
        if finding:
            return finding
    for told, difference in PATTERNS:
        if _explains(difference, v, t, f, x):
            return Finding(*told)
    error = np.linalg.norm(v - t) / (np.linalg.norm(v) + np.linalg.norm(t))
    if error < 0.3:
        return Finding(
            "step-too-small",
            f"The relative error is {error:.0e}, 1e-6 is allowed, and it looks like noise: "
            "f(x + h) and f(x − h) agree in nearly all their digits, and the difference wipes "
            "those out.",
            "Take h near 1e-5, and let x stay float64.",
        )
    return Finding(
        "wrong-value",
        "The numbers are not those of a central difference.",
        "Work the smallest input by hand: nudge one entry up and down, all others at their old value.",
    )


def _misplaced(v, t):
    """Recognize the true numbers, summed, with other signs, or not all there."""
    if np.allclose(v, np.sum(t), rtol=1e-3, atol=1e-6):
        return Finding(
            "nudges-all-at-once",
            "All entries of x are nudged at once, so every entry is the same.",
            "Nudge one entry at a time, in a loop, the others at their old value.",
        )
    if np.allclose(v, np.cumsum(t), rtol=1e-3, atol=1e-6):
        return Finding(*NOT_RESTORED)
    if np.allclose(np.abs(v), np.abs(t), rtol=1e-6, atol=1e-9):
        return Finding(
            "wrong-sign",
            "The size of every entry is right, the sign of some is wrong.",
            "f(x + h) − f(x − h), in this order, and without an absolute value.",
        )
    wrong = ~np.isclose(v, t, rtol=1e-5, atol=1e-9)
    if wrong.any() and not wrong.all() and not v[wrong].any():
        count = f"{np.sum(wrong)} of {v.size} entries"
        return Finding(
            "entries-missing",
            f"0 stands in {count}, as if never written there; the others are right.",
            "Does your loop reach every entry, and does `return` stand outside it?",
        )
    return None


def _explains(difference, v, t, f, x):
    """Tell whether the errors v − t are those of this difference, whatever its step."""
    error = v - t
    for h in (1.0, 0.5, 0.3, 0.1, 0.05, 0.03, 0.01, 0.003, 1e-3, 1e-4):
        known = difference(f, x, h) - t
        if np.linalg.norm(known) < 1e-9:
            continue
        c = error @ known / (known @ known)
        fits = np.linalg.norm(error - c * known) < 0.02 * np.linalg.norm(error)
        if fits and (0.2 < c < 5 if h > 1e-4 else 0 < c < 10):
            return True
    return False


def _by_rows(f, x, h=1e-5):
    """Nudge x[i], which is a whole row of a matrix."""
    gradient = np.zeros_like(x)
    for i in range(len(x)):
        gradient[i] = (nudged(f, x, i, h) - nudged(f, x, i, -h)) / (2 * h)
    return gradient


def _one_dimension(f, x, h=1e-5):
    gradient = np.zeros(x.size)
    for i in range(x.size):
        gradient[i] = (nudged(f, x, i, h) - nudged(f, x, i, -h)) / (2 * h)
    return gradient


def _one_dimension_in_place(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    for i in range(x.size):
        gradient[i] = (nudged(f, x, i, h) - nudged(f, x, i, -h)) / (2 * h)
    return gradient


def _two_dimensions(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            gradient[i, j] = (nudged(f, x, (i, j), h) - nudged(f, x, (i, j), -h)) / (2 * h)
    return gradient


def _unpacked(f, x):
    rows, columns = x.shape
    return f.gradient(x)


def _flattened(f, x, h=1e-5):
    flat = np.array(x).ravel()
    gradient = np.zeros_like(flat)
    for i in range(flat.size):
        gradient[i] = (nudged(f, flat, i, h) - nudged(f, flat, i, -h)) / (2 * h)
    return gradient.reshape(x.shape)


NUMERICAL_MISTAKES = (
    Mistake(
        "rows-nudged",
        _by_rows,
        "A whole row is nudged at once: `x[i]` is an entry only when x is a vector.",
        "Loop over the entries: `for i in np.ndindex(x.shape)` gives every index of any array.",
    ),
    Mistake(
        "only-vectors",
        _one_dimension,
        "It works only when x is a vector: for a matrix `x[i]` is a whole row.",
        "Loop with `for i in np.ndindex(x.shape)`, which gives every index of any array.",
    ),
    Mistake(
        "only-vectors",
        _one_dimension_in_place,
        "It works only when x is a vector: for a matrix `x[i]` is a whole row.",
        "Loop with `for i in np.ndindex(x.shape)`, which gives every index of any array.",
    ),
    Mistake(
        "only-matrices",
        _two_dimensions,
        "It works only when x is a matrix.",
        "Loop with `for i in np.ndindex(x.shape)`, which gives every index of any array.",
    ),
    Mistake(
        "only-matrices",
        _unpacked,
        "It works only when x is a matrix.",
        "Loop with `for i in np.ndindex(x.shape)`, which gives every index of any array.",
    ),
    Mistake(
        "flattened",
        _flattened,
        "f is called on a flattened copy of x, and f may care about the shape.",
        "Give f an array of the shape of x.",
    ),
    Mistake(
        "transposed",
        lambda f, x: f.gradient(x).T,
        "The gradient is transposed.",
        "It has the shape of x: entry [i, j] belongs to x[i, j].",
    ),
    Mistake(
        "transposed",
        lambda f, x: f.gradient(x).ravel().reshape(x.shape, order="F"),
        "The entries are right but in another order than those of x.",
        "Entry [i, j] of the gradient belongs to x[i, j].",
    ),
    Mistake(
        "divided-by-n",
        lambda f, x: f.gradient(x) / len(x),
        "It is divided by N.",
        "Only 2h belongs in the denominator.",
    ),
    Mistake(
        "divided-by-n",
        lambda f, x: f.gradient(x) / x.size,
        "It is divided by the number of entries.",
        "Only 2h belongs in the denominator.",
    ),
)

# --- relative_error -----------------------------------------------------------------------------


def relative_error(a, b):
    size = np.sqrt(np.sum(a * a)) + np.sqrt(np.sum(b * b))
    return np.sqrt(np.sum((a - b) ** 2)) / size if size > 0 else 0.0


def relative_error_cases(rng):
    def pair(n, d, apart=1.0, make=normal):
        a = make(rng, n, d)
        return a, a + apart * away_from_zero(rng, n, d)

    tiny = [1e-4 * array for array in pair(2, 3)]
    return [
        case(np.zeros((1, 2)), np.zeros((1, 2)), aspect="edge"),
        case(np.zeros((3, 2)), np.zeros((3, 2)), aspect="edge"),
        case(np.zeros((1, 2)), tidy(rng, 1, 2), aspect="edge"),
        case(tidy(rng, 1, 3), np.zeros((1, 3)), aspect="edge"),
        case(*pair(1, 1, make=tidy), aspect="ones"),
        case(np.array([[3.0, 4.0]]), np.array([[0.0, 1.0]]) * rng.integers(1, 4)),
        case(*pair(2, 2, make=tidy)),
        case(*pair(2, 3, make=tidy)),
        case(*tiny),
        case(*pair(3, 3)),
        case(*pair(4, 5, 1e-4)),
        case(*pair(6, 4)),
        case(1e3 * normal(rng, 5, 7), normal(rng, 5, 7)),
    ]


def _norm(x, **how):
    return np.linalg.norm(x, **how)


def _zero_safe(numerator, denominator):
    return numerator / denominator if denominator > 0 else 0.0


RELATIVE_ERROR_MISTAKES = (
    Mistake(
        "zero-by-zero",
        lambda a, b: _norm(a - b) / (_norm(a) + _norm(b)),
        "For two zeros it divides 0 by 0, which is NaN.",
        "Two zeros agree: return 0 when the denominator is 0.",
    ),
    Mistake(
        "one-for-zeros",
        lambda a, b: relative_error(a, b) if a.any() or b.any() else 1.0,
        "For two zeros it returns 1.",
        "Two zeros agree: their error is 0.",
    ),
    Mistake(
        "zero-for-one-zero",
        lambda a, b: relative_error(a, b) if a.any() and b.any() else 0.0,
        "It returns 0 when only one of the two is zero.",
        "Only two zeros agree: look at the sum of the norms, not at one of them or their product.",
    ),
    Mistake(
        "absolute-error",
        lambda a, b: _norm(a - b),
        "It is the absolute error: the denominator is missing.",
        "Divide by ‖a‖ + ‖b‖, so that the scale of the gradient no longer matters.",
    ),
    Mistake(
        "absolute-error",
        lambda a, b: np.max(np.abs(a - b)),
        "It is the largest absolute difference.",
        "Divide the norm of a − b by ‖a‖ + ‖b‖.",
    ),
    Mistake(
        "absolute-error",
        lambda a, b: np.mean(np.abs(a - b)),
        "It is the mean absolute difference.",
        "Divide the norm of a − b by ‖a‖ + ‖b‖.",
    ),
    Mistake(
        "relative-to-one",
        lambda a, b: _zero_safe(_norm(a - b), _norm(a)),
        "It is divided by ‖a‖ alone.",
        "The denominator is ‖a‖ + ‖b‖, so that neither has to be the true one.",
    ),
    Mistake(
        "relative-to-one",
        lambda a, b: _norm(a - b) / _norm(a),
        "It is divided by ‖a‖ alone.",
        "The denominator is ‖a‖ + ‖b‖, so that neither has to be the true one.",
    ),
    Mistake(
        "relative-to-one",
        lambda a, b: _zero_safe(_norm(a - b), _norm(b)),
        "It is divided by ‖b‖ alone.",
        "The denominator is ‖a‖ + ‖b‖, so that neither has to be the true one.",
    ),
    Mistake(
        "relative-to-one",
        lambda a, b: _norm(a - b) / _norm(b),
        "It is divided by ‖b‖ alone.",
        "The denominator is ‖a‖ + ‖b‖, so that neither has to be the true one.",
    ),
    Mistake(
        "larger-norm",
        lambda a, b: _zero_safe(_norm(a - b), max(_norm(a), _norm(b))),
        "It is divided by the larger of the two norms.",
        "Here the denominator is their sum.",
    ),
    Mistake(
        "larger-norm",
        lambda a, b: _norm(a - b) / max(_norm(a), _norm(b)),
        "It is divided by the larger of the two norms.",
        "Here the denominator is their sum.",
    ),
    Mistake(
        "entry-by-entry",
        lambda a, b: np.abs(a - b) / (np.abs(a) + np.abs(b)),
        "There is one error for each entry.",
        "Take the norms first: one number for the whole array.",
    ),
    Mistake(
        "entry-by-entry",
        lambda a, b: np.mean(np.abs(a - b) / (np.abs(a) + np.abs(b))),
        "The error is taken entry by entry and averaged.",
        "Take the norms first, then divide once.",
    ),
    Mistake(
        "entry-by-entry",
        lambda a, b: np.max(np.abs(a - b) / (np.abs(a) + np.abs(b))),
        "The error is taken entry by entry, and the largest returned.",
        "Take the norms first, then divide once.",
    ),
    Mistake(
        "entry-by-entry",
        lambda a, b: np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))),
        "The error is taken entry by entry, and the largest returned.",
        "Take the norms first, then divide once.",
    ),
    Mistake(
        "norm-of-sum",
        lambda a, b: _zero_safe(_norm(a - b), _norm(a + b)),
        "The denominator is ‖a + b‖, where positive and negative entries cancel.",
        "Take the two norms and add them: ‖a‖ + ‖b‖.",
    ),
    Mistake(
        "norm-of-sum",
        lambda a, b: _norm(a - b) / _norm(a + b),
        "The denominator is ‖a + b‖, where positive and negative entries cancel.",
        "Take the two norms and add them: ‖a‖ + ‖b‖.",
    ),
    Mistake(
        "difference-of-norms",
        lambda a, b: _zero_safe(abs(_norm(a) - _norm(b)), _norm(a) + _norm(b)),
        "The norms are subtracted, so two arrays that differ can have error 0.",
        "Subtract first, then take the norm: ‖a − b‖.",
    ),
    Mistake(
        "difference-of-norms",
        lambda a, b: abs(_norm(a) - _norm(b)) / (_norm(a) + _norm(b)),
        "The norms are subtracted, so two arrays that differ can have error 0.",
        "Subtract first, then take the norm: ‖a − b‖.",
    ),
    Mistake(
        "norm-not-rooted",
        lambda a, b: _zero_safe(np.sum((a - b) ** 2), np.sum(a**2) + np.sum(b**2)),
        "The squares are summed and no root is taken.",
        "A norm is the square root of the sum of squares.",
    ),
    Mistake(
        "norm-not-rooted",
        lambda a, b: np.sum((a - b) ** 2) / (np.sum(a**2) + np.sum(b**2)),
        "The squares are summed and no root is taken.",
        "A norm is the square root of the sum of squares.",
    ),
    Mistake(
        "root-of-sum-of-squares",
        lambda a, b: _zero_safe(_norm(a - b), np.sqrt(np.sum(a**2) + np.sum(b**2))),
        "The denominator is the root of all squares together.",
        "Two norms, each with its own root, are added.",
    ),
    Mistake(
        "sum-of-absolutes",
        lambda a, b: _zero_safe(np.abs(a - b).sum(), np.abs(a).sum() + np.abs(b).sum()),
        "Absolute values are summed where squares belong.",
        "The Frobenius norm is the square root of the sum of squares.",
    ),
    Mistake(
        "sum-of-absolutes",
        lambda a, b: np.abs(a - b).sum() / (np.abs(a).sum() + np.abs(b).sum()),
        "Absolute values are summed where squares belong.",
        "The Frobenius norm is the square root of the sum of squares.",
    ),
    Mistake(
        "largest-entry",
        lambda a, b: _zero_safe(np.abs(a - b).max(), np.abs(a).max() + np.abs(b).max()),
        "The largest entries stand where the norms belong.",
        "The Frobenius norm is the square root of the sum of squares.",
    ),
    Mistake(
        "other-norm",
        lambda a, b: _zero_safe(_norm(a - b, ord=2), _norm(a, ord=2) + _norm(b, ord=2)),
        "`ord=2` is the largest stretch of a matrix, not the root of the sum of squares.",
        "`np.linalg.norm(a)` without `ord` is the Frobenius norm.",
    ),
    Mistake(
        "other-norm",
        lambda a, b: _norm(a - b, ord=2) / (_norm(a, ord=2) + _norm(b, ord=2)),
        "`ord=2` is the largest stretch of a matrix, not the root of the sum of squares.",
        "`np.linalg.norm(a)` without `ord` is the Frobenius norm.",
    ),
    Mistake(
        "other-norm",
        lambda a, b: _zero_safe(_norm(a - b, ord=1), _norm(a, ord=1) + _norm(b, ord=1)),
        "`ord=1` is the largest column sum of a matrix.",
        "`np.linalg.norm(a)` without `ord` is the Frobenius norm.",
    ),
    Mistake(
        "norm-by-axis",
        lambda a, b: _norm(a - b, axis=1) / (_norm(a, axis=1) + _norm(b, axis=1)),
        "There is one error for each row.",
        "One number is wanted: take the norm of the whole array, without `axis`.",
    ),
    Mistake(
        "norm-by-axis",
        lambda a, b: _norm(a - b, axis=0) / (_norm(a, axis=0) + _norm(b, axis=0)),
        "There is one error for each column.",
        "One number is wanted: take the norm of the whole array, without `axis`.",
    ),
    Mistake(
        "added-constant",
        lambda a, b: _norm(a - b) / (_norm(a) + _norm(b) + 1e-8),
        "A constant is added to the denominator, so small gradients look better than they are.",
        "Treat two zeros by themselves, with an `if`.",
    ),
    Mistake(
        "added-constant",
        lambda a, b: _norm(a - b) / (_norm(a) + _norm(b) + 1e-10),
        "A constant is added to the denominator, so small gradients look better than they are.",
        "Treat two zeros by themselves, with an `if`.",
    ),
    Mistake(
        "sum-for-difference",
        lambda a, b: _zero_safe(_norm(a + b), _norm(a) + _norm(b)),
        "a and b are added in the numerator.",
        "Their difference tells how far they are apart.",
    ),
    Mistake(
        "precedence",
        lambda a, b: _norm(a - b) / _norm(a) + _norm(b),
        "Without parentheses only ‖a‖ divides, and ‖b‖ is added at the end.",
        "Put parentheses around ‖a‖ + ‖b‖.",
    ),
    Mistake(
        "wrong-sign",
        lambda a, b: _zero_safe(_norm(a - b), _norm(a) - _norm(b)),
        "The norms are subtracted in the denominator.",
        "They are added: ‖a‖ + ‖b‖.",
    ),
)

# --- mend_backward (and relu_backward of chapter 3) ---------------------------------------------


def relu_backward(z, dy):
    return dy * (z > 0)


def relu_backward_cases(rng):
    def draw(n, h, make=away_from_zero, aspect="value"):
        return case(make(rng, n, h), away_from_zero(rng, n, h), aspect=aspect)

    kinks = away_from_zero(rng, 4, 3)
    kinks[rng.random((4, 3)) < 0.5] = 0.0
    kinks[0, 0] = 0.0
    both = np.array([[-2.0, 3.0, -0.5, 1.5]]) * rng.integers(1, 3)
    return [
        case(np.array([[0.0, 2.0]]), tidy(rng, 1, 2), aspect="edge"),
        case(np.array([[-0.0, -1.0]]), tidy(rng, 1, 2), aspect="edge"),
        case(kinks, away_from_zero(rng, 4, 3), aspect="edge"),
        case(np.array([[1e-3, -1e-3, 1e-5, -1e-5]]), tidy(rng, 1, 4), aspect="edge"),
        draw(1, 1, tidy, "ones"),
        draw(3, 1, tidy, "ones"),
        case(both, np.array([[1.0, 2.0, -1.0, -2.0]])),
        case(tidy(rng, 2, 3), tidy(rng, 2, 3)),
        draw(3, 3),
        draw(5, 4),
        case(normal(rng, 6, 7, scale=50.0), normal(rng, 6, 7)),
    ]


RELU_BACKWARD_MISTAKES = (
    Mistake(
        "gate-never-closes",
        lambda z, dy: dy * (np.maximum(z, 0) >= 0),
        "The gate never closes: dy passes everywhere. The output of a ReLU is ≥ 0 at every entry, "
        "so `>=` on it is always true.",
        "Look at the sign of z, with a strict `>`.",
    ),
    Mistake(
        "inverted-mask",
        lambda z, dy: dy * (z < 0),
        "The mask is inverted: dy passes where the unit was off.",
        "dy passes where z > 0.",
    ),
    Mistake(
        "inverted-mask",
        lambda z, dy: dy * (z <= 0),
        "The mask is inverted: dy passes where the unit was off.",
        "dy passes where z > 0.",
    ),
    Mistake(
        "mask-from-dy",
        lambda z, dy: dy * (dy > 0),
        "The mask is taken from dy: negative gradients are cut off.",
        "What the forward pass cut off decides, so the mask comes from z.",
    ),
    Mistake(
        "two-masks",
        lambda z, dy: dy * (dy > 0) * (z > 0),
        "The mask is right, but negative gradients are cut off as well.",
        "Only z decides; a gradient may have either sign.",
    ),
    Mistake(
        "no-upstream",
        lambda z, dy: (z > 0) * 1.0,
        "The upstream gradient dy is missing: this is the local derivative alone.",
        "Multiply by dy, entry by entry.",
    ),
    Mistake(
        "value-for-slope",
        lambda z, dy: dy * np.maximum(z, 0),
        "dy is multiplied by relu(z), the value; the slope is wanted.",
        "The slope is 1 where z > 0, whatever z is.",
    ),
    Mistake(
        "value-for-slope",
        lambda z, dy: dy * z,
        "dy is multiplied by z.",
        "The slope of ReLU is 1 or 0: multiply by the mask z > 0.",
    ),
    Mistake(
        "forward",
        lambda z, dy: np.maximum(z, 0),
        "It is the forward pass, relu(z).",
        "Backward returns dy where z > 0, and 0 elsewhere.",
    ),
    Mistake(
        "roles-swapped",
        lambda z, dy: z * (dy > 0),
        "z and dy are exchanged: z passes where dy is positive.",
        "dy passes where z is positive.",
    ),
    Mistake(
        "mask-on-wrong-array",
        lambda z, dy: dy * (z * dy > 0),
        "The mask looks at z·dy, so the sign of dy decides as well.",
        "Only the sign of z counts.",
    ),
    Mistake(
        "slope-one-at-zero",
        lambda z, dy: dy * (z >= 0),
        "At z = 0 the slope is taken as 1.",
        "The choice here is 0: write a strict `>`.",
    ),
    Mistake(
        "half-at-zero",
        lambda z, dy: dy * np.heaviside(z, 0.5),
        "At z = 0 the slope is taken as ½, as a central difference sees it.",
        "The choice here is 0: write a strict `>`.",
    ),
    Mistake(
        "leaky",
        lambda z, dy: np.where(z > 0, dy, 0.01 * dy),
        "It is the backward of LeakyReLU: 0.01 of dy passes where z ≤ 0.",
        "For ReLU nothing passes there.",
    ),
    Mistake(
        "leaky",
        lambda z, dy: np.where(z > 0, dy, 0.1 * dy),
        "It is the backward of LeakyReLU: 0.1 of dy passes where z ≤ 0.",
        "For ReLU nothing passes there.",
    ),
    Mistake(
        "sign-for-mask",
        lambda z, dy: dy * np.sign(z),
        "dy is multiplied by the sign of z, so it comes back negated where z < 0.",
        "Where z < 0 the gradient is 0.",
    ),
    Mistake(
        "selected",
        lambda z, dy: dy[z > 0],
        "Blocked entries are left out, so the shape is lost.",
        "Keep the shape: blocked entries stay in their place, as 0.",
    ),
    Mistake(
        "threshold-at-one",
        lambda z, dy: dy * (z > 1),
        "The gate opens at 1.",
        "It opens at 0.",
    ),
    Mistake(
        "smooth-slope",
        lambda z, dy: dy * sigmoid(z),
        "dy is multiplied by the sigmoid of z, the slope of softplus.",
        "The slope of ReLU is 1 or 0 and nothing between.",
    ),
    Mistake(
        "smooth-slope",
        lambda z, dy: dy * sigmoid_derivative(sigmoid(z)),
        "It is the backward of the sigmoid.",
        "The slope of ReLU is 1 where z > 0, else 0.",
    ),
    Mistake(
        "divided-by-n",
        lambda z, dy: dy * (z > 0) / len(z),
        "It is divided by N.",
        "The mean is in dy already; only the loss divides by N.",
    ),
    Mistake(
        "matrix-product",
        lambda z, dy: dy @ (z > 0),
        "`@` is a matrix product; the mask is applied entry by entry.",
        "Write `*`.",
    ),
    Mistake(
        "matrix-product",
        lambda z, dy: dy @ (z > 0).T,
        "`@` is a matrix product; the mask is applied entry by entry.",
        "Write `*`.",
    ),
    Mistake(
        "integer-dtype",
        lambda z, dy: (dy * (z > 0)).astype(int),
        "The result is an array of integers: everything after the decimal point is lost.",
        "Find where the array is made: `np.zeros(shape)` holds floats, `dtype=int` does not.",
    ),
)

TASKS = [
    Task(
        "sigmoid_derivative(s)",
        sigmoid_derivative_cases,
        sigmoid_derivative,
        shapes={"s": "N H"},
        mistakes=SIGMOID_DERIVATIVE_MISTAKES,
        hints=(
            "s is what the sigmoid returned. Where is a sigmoid steep, and what is s there?",
            "σ′ = σ·(1 − σ), and σ is s.",
            "One line, two factors: s and 1 − s, multiplied entry by entry with `*`.",
        ),
    ),
    Task(
        "tanh_derivative(a)",
        tanh_derivative_cases,
        tanh_derivative,
        shapes={"a": "N H"},
        mistakes=TANH_DERIVATIVE_MISTAKES,
        hints=(
            "a is what tanh returned. What is its slope at a = 0, and at a = ±1?",
            "tanh′ = 1 − tanh², and tanh is a.",
            "One line: 1 minus the square of a, entry by entry.",
        ),
    ),
    Task(
        "branch_gradient(x, a, dy)",
        branch_cases,
        branch_gradient,
        shapes={"x": "N D", "a": "N D", "dy": "N D"},
        mistakes=BRANCH_MISTAKES,
        hints=(
            "Draw the graph: how many arrows leave x?",
            "dx = dy ⊙ ∂(x·a)/∂x + dy ⊙ ∂(tanh x)/∂x: at a fork gradients add.",
            "The local derivatives are a and 1 − tanh² x; dy multiplies their sum.",
        ),
    ),
    Task(
        "numerical_gradient(f, x)",
        numerical_cases,
        numerical_gradient,
        accept=numerical_accept,
        mistakes=NUMERICAL_MISTAKES,
        hints=(
            "One entry at a time, the others untouched. Which two points does a central difference "
            "ask f about?",
            "∂f/∂xᵢ ≈ (f(x + h·eᵢ) − f(x − h·eᵢ)) / 2h with h = 1e-5.",
            "`for i in np.ndindex(x.shape)`: make two copies of x, add h to entry i of one, "
            "subtract it from entry i of the other.",
        ),
    ),
    Task(
        "relative_error(a, b)",
        relative_error_cases,
        relative_error,
        shapes={"a": "N D", "b": "N D"},
        mistakes=RELATIVE_ERROR_MISTAKES,
        hints=(
            "What should it be for two equal arrays, for opposite ones, for two zeros?",
            "‖a − b‖ / (‖a‖ + ‖b‖), each norm the square root of a sum of squares.",
            "`np.linalg.norm(…)` three times, and an `if` for a denominator of 0.",
        ),
    ),
    Task(
        "mend_backward(z, dy)",
        relu_backward_cases,
        relu_backward,
        shapes={"z": "N H", "dy": "N H"},
        mistakes=RELU_BACKWARD_MISTAKES,
        hints=(
            "Print the mask of the broken function for z = [[-1, 0, 2]]. Where should the gate be closed?",
            "dx = dy ⊙ 1[z > 0].",
            "A comparison gives an array of True and False, and `*` takes these as 1 and 0.",
        ),
    ),
]
