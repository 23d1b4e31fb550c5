"""numerical_gradient: central differences, entry by entry."""

import numpy as np

from ...compare import WrongStructure, as_array
from ...diagnosis import Diagnosis
from ...task import Task, case
from ..shared import tidy


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
        return Diagnosis("wrong-type", str(error), "Return one array of the shape of x.")
    truth = f.gradient(x)
    if value.shape != truth.shape:
        return _misshapen(value, truth)
    if not np.all(np.isfinite(value)):
        return Diagnosis(
            "not-finite",
            "The result contains NaN or infinity.",
            "Is the step 0 somewhere, for instance because it is a multiple of x?",
        )
    v, t = value.astype(np.float64).ravel(), np.ravel(truth)
    error, size = np.linalg.norm(v - t), np.linalg.norm(v) + np.linalg.norm(t)
    allowed = 1e-6
    if t.size == 1:
        allowed = 0.3  # here the shape counts; how exact it is shows on longer arrays
    if error <= allowed * size and (t.any() or error <= 1e-11):
        return None
    return _inexact(v, t, f, x)


def _misshapen(value, truth):
    if value.size == truth.size and np.allclose(value.ravel(), truth.ravel(), 1e-4):
        text = f"The numbers are right, the shape is not: it is {value.shape}, x has {truth.shape}."
        return Diagnosis("wrong-shape", text, "The gradient has the shape of x.")
    if value.ndim == 0 and np.isclose(value, np.sum(truth), 1e-3, 1e-6):
        return Diagnosis(
            "nudges-all-at-once",
            "All entries of x are nudged at once, so one number comes back.",
            "Nudge one entry at a time, in a loop; the gradient has the shape of x.",
        )
    text = f"The shape is {value.shape} and has to be that of x, {truth.shape}."
    return Diagnosis("wrong-shape", text, "Make the result with `np.zeros(x.shape)` and fill it.")


def _inexact(v, t, f, x):
    """Say why a gradient of the right shape is not exact enough."""
    if not v.any():
        return Diagnosis(
            "all-zero",
            "Every entry is 0: f was called twice on the same numbers.",
            "Are x + h and x − h two arrays, or two names for one? Then copy. Or is h so small "
            "that x + h rounds to x?",
        )
    if t.any():
        c = v @ t / (t @ t)
        for factor, tag, text, advice in FACTORS:
            if np.linalg.norm(v - factor * t) < 0.05 * np.linalg.norm(factor * t):
                return Diagnosis(tag, text, advice)
        if not 0.7 < c < 1.4 and np.linalg.norm(v - c * t) < 1e-3 * np.linalg.norm(v):
            return Diagnosis(
                "constant-factor",
                f"It is the true gradient times {c:.4g}.",
                "The difference of the two values of f is "
                "divided by the distance of the two points, 2h.",
            )
    if t.any() and v.size > 1:
        finding = _misplaced(v, t)
        if finding:
            return finding
    for told, difference in PATTERNS:
        if _explains(difference, v, t, f, x):
            return Diagnosis(*told)
    error = np.linalg.norm(v - t) / (np.linalg.norm(v) + np.linalg.norm(t))
    if error < 0.3:
        return Diagnosis(
            "step-too-small",
            f"The relative error is {error:.0e}, 1e-6 is allowed, and it looks like noise: "
            "f(x + h) and f(x − h) agree in nearly all their digits, and the difference wipes "
            "those out.",
            "Take h near 1e-5, and let x stay float64.",
        )
    return Diagnosis(
        "wrong-value",
        "The numbers are not those of a central difference.",
        "Work the smallest input by hand: "
        "nudge one entry up and down, all others at their old value.",
    )


def _misplaced(v, t):
    """Recognize the true numbers, summed, with other signs, or not all there."""
    if np.allclose(v, np.sum(t), rtol=1e-3, atol=1e-6):
        return Diagnosis(
            "nudges-all-at-once",
            "All entries of x are nudged at once, so every entry is the same.",
            "Nudge one entry at a time, in a loop, the others at their old value.",
        )
    if np.allclose(v, np.cumsum(t), rtol=1e-3, atol=1e-6):
        return Diagnosis(*NOT_RESTORED)
    if np.allclose(np.abs(v), np.abs(t), rtol=1e-6, atol=1e-9):
        return Diagnosis(
            "wrong-sign",
            "The size of every entry is right, the sign of some is wrong.",
            "f(x + h) − f(x − h), in this order, and without an absolute value.",
        )
    wrong = ~np.isclose(v, t, rtol=1e-5, atol=1e-9)
    if wrong.any() and not wrong.all() and not v[wrong].any():
        count = f"{np.sum(wrong)} of {v.size} entries"
        return Diagnosis(
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


MISTAKES = """
return _by_rows(f, x)
    rows-nudged: A whole row is nudged at once: `x[i]` is an entry only when x is a vector. → Loop
    over the entries: `for i in np.ndindex(x.shape)` gives every index of any array.
return _one_dimension(f, x)
return _one_dimension_in_place(f, x)
    only-vectors: It works only when x is a vector: for a matrix `x[i]` is a whole row. → Loop with
    `for i in np.ndindex(x.shape)`, which gives every index of any array.
return _two_dimensions(f, x)
return _unpacked(f, x)
    only-matrices: It works only when x is a matrix. → Loop with `for i in np.ndindex(x.shape)`,
    which gives every index of any array.
return _flattened(f, x)
    flattened: f is called on a flattened copy of x, and f may care about the shape. → Give f an
    array of the shape of x.
[transposed]
    transposed: The gradient is transposed. → It has the shape of x: entry [i, j] belongs to x[i,
    j].
return f.gradient(x).ravel().reshape(x.shape, order="F")
    transposed: The entries are right but in another order than those of x. → Entry [i, j] of the
    gradient belongs to x[i, j].
return f.gradient(x) / len(x)
    divided-by-n: It is divided by N. → Only 2h belongs in the denominator.
return f.gradient(x) / x.size
    divided-by-n: It is divided by the number of entries. → Only 2h belongs in the denominator.
"""

TASK = Task(
    "numerical_gradient(f, x)",
    numerical_cases,
    numerical_gradient,
    accept=numerical_accept,
    mistakes=MISTAKES,
    hints=(
        "One entry at a time, the others untouched. "
        "Which two points does a central difference ask f about?",
        "∂f/∂xᵢ ≈ (f(x + h·eᵢ) − f(x − h·eᵢ)) / 2h with h = 1e-5.",
        "`for i in np.ndindex(x.shape)`: make two copies of x, add h to entry i of one, "
        "subtract it from entry i of the other.",
    ),
    place=1,
)
