"""Chapter 4: softmax and cross-entropy."""

import numpy as np

from ..task import Mistake, Task, case
from .drawing import large, normal, tidy

CHAPTER = "06_softmax_cross_entropy"

# Constants that learners add to, or clip, a probability before its logarithm is taken.
TINY = (1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15)


def _logits(rng):
    """Draw what softmax and log-softmax are called on."""
    return [
        case(tidy(rng, 1, 1), aspect="ones"),
        case(tidy(rng, 3, 1), aspect="ones"),
        case(tidy(rng, 1, 3), aspect="ones"),
        case(np.zeros((2, 3)), aspect="edge"),
        case(np.array([[1.0, 1.0, 0.0]]), aspect="edge"),
        case(tidy(rng, 2, 2)),
        case(tidy(rng, 2, 3)),
        case(normal(rng, 3, 3)),
        case(normal(rng, 5, 4)),
        case(normal(rng, 4, 7, scale=2.0)),
        *[case(z, aspect="stable") for z in _large_logits(rng)],
    ]


def _large_logits(rng):
    return [
        np.array([[1000.0, 1001.0]]),
        np.array([[-1000.0, -1001.0]]),
        np.array([[0.0, 1.0, 900.0]]),
        np.array([[1000.0, 1001.0], [-1000.0, -1002.0]]),
        np.array([[1e4, 1e4 - 1, -1e4], [-1e4, -1e4, -1e4 + 0.5]]),
        large(rng, 4, 3),
        rng.uniform(-40, 40, (5, 4)),
    ]


# --- softmax ------------------------------------------------------------------------------------


def softmax(z, axis=1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def softmax_without_shift(z):
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


def softmax_with_one_shift(z):
    e = np.exp(z - z.max())
    return e / e.sum(axis=1, keepdims=True)


def _everything(f):
    """Apply f as if all entries stood in one row."""
    return lambda z, *more: f(z.reshape(1, -1), *more).reshape(z.shape)


def _without_keepdims(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1)


def _shift_without_keepdims(z):
    e = np.exp(z - z.max(axis=1))
    return e / e.sum(axis=1, keepdims=True)


def _row_maximum(z):
    return z.max(axis=1, keepdims=True)


def _row_sum(z):
    return z.sum(axis=1, keepdims=True)


NOT_SHIFTED = (
    "overflow",
    "exp(z) overflows for large z, and when all of a row is very negative its sum underflows to 0; "
    "either way the division gives NaN.",
    "Subtract the row's maximum before exponentiating: it changes nothing on paper.",
)
GLOBAL_MAXIMUM = (
    "global-maximum",
    "One maximum, that of the whole batch, is subtracted from every row: a row far below it "
    "underflows to zeros.",
    "Subtract each row's own maximum: `z.max(axis=1, keepdims=True)`.",
)
OVER_COLUMNS = (
    "axis-0",
    "It normalizes down the columns (axis 0): examples compete with each other.",
    "The classes of one example stand in a row: reduce along axis 1.",
)
OVER_EVERYTHING = (
    "over-everything",
    "It normalizes over the whole array: all examples together share a total of 1.",
    "Every row sums to 1 by itself: reduce along axis 1, with `keepdims=True`.",
)
NO_KEEPDIMS = (
    "no-keepdims",
    "Without `keepdims` the row values have shape (N,) and are lined up with the columns: an error "
    "for N ≠ C, and silently wrong for N = C.",
    "Keep them a column (N, 1): `axis=1, keepdims=True`.",
)

SOFTMAX_MISTAKES = (
    Mistake(NOT_SHIFTED[0], softmax_without_shift, *NOT_SHIFTED[1:]),
    Mistake(GLOBAL_MAXIMUM[0], softmax_with_one_shift, *GLOBAL_MAXIMUM[1:]),
    Mistake(
        "minimum-subtracted",
        lambda z: softmax_without_shift(z - z.min(axis=1, keepdims=True)),
        "The row's minimum is subtracted, so the exponents grow rather than shrink.",
        "Subtract the maximum: then no exponent exceeds 0.",
    ),
    Mistake(
        "mean-subtracted",
        lambda z: softmax_without_shift(z - z.mean(axis=1, keepdims=True)),
        "The row's mean is subtracted: entries far above it still overflow.",
        "Subtract the maximum: then no exponent exceeds 0.",
    ),
    Mistake(
        "absolute-maximum",
        lambda z: softmax_without_shift(z - np.abs(z).max(axis=1, keepdims=True)),
        "The largest absolute value is subtracted: a row of very negative entries underflows.",
        "Subtract the largest entry itself, `z.max(axis=1, keepdims=True)`.",
    ),
    *[
        Mistake(
            "clipped",
            lambda z, limit=limit: softmax_without_shift(np.clip(z, -limit, limit)),
            "z is clipped: two entries beyond the limit become equal, and so do their probabilities.",
            "Only differences matter: subtract the row's maximum instead of clipping.",
        )
        for limit in (50, 100, 500, 700, 709)
    ],
    Mistake(
        "nan-replaced",
        lambda z: np.nan_to_num(softmax_without_shift(z)),
        "The NaN is replaced by 0 afterwards, but the probability that belongs there is lost.",
        "Prevent the overflow: subtract the row's maximum before exponentiating.",
    ),
    Mistake(OVER_COLUMNS[0], lambda z: softmax(z, axis=0), *OVER_COLUMNS[1:]),
    Mistake(OVER_EVERYTHING[0], _everything(softmax), *OVER_EVERYTHING[1:]),
    Mistake(NO_KEEPDIMS[0], _without_keepdims, *NO_KEEPDIMS[1:]),
    Mistake(NO_KEEPDIMS[0], _shift_without_keepdims, *NO_KEEPDIMS[1:]),
    Mistake(
        NO_KEEPDIMS[0],
        lambda z: np.exp(z - z.max(axis=1)) / np.exp(z - z.max(axis=1)).sum(axis=1),
        *NO_KEEPDIMS[1:],
    ),
    Mistake(
        NO_KEEPDIMS[0],
        lambda z: np.exp(z) / np.exp(z).sum(axis=1),
        *NO_KEEPDIMS[1:],
    ),
    Mistake(
        NO_KEEPDIMS[0],
        lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(axis=1),
        *NO_KEEPDIMS[1:],
    ),
    Mistake(
        "softmax-twice",
        lambda z: softmax(softmax(z)),
        "The softmax is applied twice, so the result is far too even.",
        "Apply it once: its input are the logits.",
    ),
    Mistake(
        "logarithm",
        lambda z: log_softmax(z),
        "It is the logarithm of the softmax.",
        "The probabilities themselves are wanted: positive, each row summing to 1.",
    ),
    Mistake(
        "not-normalized",
        lambda z: np.exp(z - _row_maximum(z)),
        "The exponentials are not divided by their sum.",
        "Divide each row by its sum, so that it sums to 1.",
    ),
    Mistake(
        "not-normalized",
        np.exp,
        "The exponentials are not divided by their sum.",
        "Divide each row by its sum, so that it sums to 1.",
    ),
    Mistake(
        "no-exponential",
        lambda z: z / _row_sum(z),
        "The logits are divided by their sum, but never exponentiated.",
        "Exponentiate first: only then are all entries positive.",
    ),
    Mistake(
        "no-exponential",
        lambda z: (z - _row_maximum(z)) / _row_sum(z - _row_maximum(z)),
        "The logits are divided by their sum, but never exponentiated.",
        "Exponentiate first: only then are all entries positive.",
    ),
    Mistake(
        "no-exponential",
        lambda z: np.abs(z) / _row_sum(np.abs(z)),
        "Absolute values are normalized; nothing is exponentiated.",
        "Exponentiate: a more negative logit has to get a smaller probability.",
    ),
    Mistake(
        "wrong-sign",
        lambda z: softmax(-z),
        "The sign in the exponent is wrong: the largest logit gets the smallest probability.",
        "Exponentiate z − max, not max − z.",
    ),
    Mistake(
        "shifted-on-one-side",
        lambda z: np.exp(z - _row_maximum(z)) / _row_sum(np.exp(z)),
        "The maximum is subtracted in the numerator but not in the denominator.",
        "Compute `e = np.exp(z - maximum)` once and use it in both places.",
    ),
    Mistake(
        "shifted-on-one-side",
        lambda z: np.exp(z) / _row_sum(np.exp(z - _row_maximum(z))),
        "The maximum is subtracted in the denominator but not in the numerator.",
        "Compute `e = np.exp(z - maximum)` once and use it in both places.",
    ),
    Mistake(
        "shift-after-exponential",
        lambda z: (
            (np.exp(z) - np.exp(z).max(axis=1, keepdims=True))
            / _row_sum(np.exp(z) - np.exp(z).max(axis=1, keepdims=True))
        ),
        "The maximum is subtracted after exponentiating.",
        "Subtract it from z, then exponentiate.",
    ),
    Mistake(
        "divided-by-maximum",
        lambda z: softmax(z / _row_maximum(z)),
        "z is divided by the row's maximum, which changes the differences between logits.",
        "Subtract the maximum: a shift changes nothing, a scale does.",
    ),
    Mistake(
        "mean-for-sum",
        lambda z: softmax(z) * z.shape[1],
        "The exponentials are divided by their mean: exactly C times too large.",
        "Divide by their sum.",
    ),
    Mistake(
        "square-root-of-squares",
        lambda z: (
            np.exp(z - _row_maximum(z)) / np.linalg.norm(np.exp(z - _row_maximum(z)), axis=1, keepdims=True)
        ),
        "The exponentials are divided by their norm, the root of the sum of squares.",
        "Divide by their plain sum.",
    ),
    Mistake(
        "sigmoid",
        lambda z: 1 / (1 + np.exp(-z)),
        "It is the sigmoid of every entry by itself: the rows do not sum to 1.",
        "Divide each row's exponentials by their sum.",
    ),
    Mistake(
        "base-2",
        lambda z: softmax(z * np.log(2)),
        "The base of the powers is 2.",
        "The base is e: `np.exp`.",
    ),
    Mistake(
        "base-2",
        lambda z: 2**z / _row_sum(2**z),
        "The base of the powers is 2.",
        "The base is e: `np.exp`.",
    ),
    Mistake(
        "squared",
        lambda z: softmax(z**2),
        "The logits are squared before they are exponentiated.",
        "Exponentiate z itself.",
    ),
    Mistake(
        "one-hot",
        lambda z: (z == _row_maximum(z)) * 1.0,
        "It is 1 for the largest logit and 0 for the others: a hard maximum.",
        "Softmax gives every class a share: exp(z) divided by its row's sum.",
    ),
    Mistake(
        "one-hot",
        lambda z: np.eye(z.shape[1])[z.argmax(axis=1)],
        "It is 1 for the largest logit and 0 for the others: a hard maximum.",
        "Softmax gives every class a share: exp(z) divided by its row's sum.",
    ),
    Mistake(
        "labels",
        lambda z: z.argmax(axis=1),
        "It returns the position of the largest logit.",
        "The probabilities are wanted, shape (N, C).",
    ),
    Mistake(
        "complement",
        lambda z: 1 - softmax(z),
        "It is 1 minus the probabilities.",
        "The probabilities themselves are wanted.",
    ),
    Mistake(
        "rounded",
        lambda z: np.round(softmax(z), 3),
        "The result is rounded.",
        "Return it as it is; round only for printing.",
    ),
    *[
        Mistake(
            "epsilon-added",
            lambda z, eps=eps: np.exp(z - _row_maximum(z)) / (_row_sum(np.exp(z - _row_maximum(z))) + eps),
            "A small constant is added to the denominator, so the rows do not sum to 1.",
            "With the maximum subtracted the sum is at least 1: it needs no protection.",
        )
        for eps in (1e-3, 1e-4, 1e-5, 1e-6)
    ],
)

# --- log_softmax --------------------------------------------------------------------------------


def log_softmax(z, axis=1):
    z = z - z.max(axis=axis, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=axis, keepdims=True))


def _log_softmax_without_shift(z):
    return z - np.log(_row_sum(np.exp(z)))


def _log_softmax_with_one_shift(z):
    z = z - z.max()
    return z - np.log(_row_sum(np.exp(z)))


def _log_softmax_without_keepdims(z):
    z = z - _row_maximum(z)
    return z - np.log(np.exp(z).sum(axis=1))


LOG_OF_ZERO = (
    "log-of-zero",
    "The probability is computed first; where it has underflowed to 0 its logarithm is −∞.",
    "Take the logarithm on paper first: log p = z − max − log Σ exp(z − max).",
)
PATCHED = (
    "log-of-zero-patched",
    "A small constant keeps the logarithm finite, but where the probability is smaller than the "
    "constant the result is the constant's logarithm, not the true one.",
    "Take the logarithm on paper first: log p = z − max − log Σ exp(z − max). It needs no constant.",
)


def _patched(f):
    """Make the mistakes f(log), where log(p) stands for each popular patch of the logarithm."""
    for eps in TINY:
        yield Mistake(PATCHED[0], f(lambda p, e=eps: np.log(p + e)), *PATCHED[1:])
        yield Mistake(PATCHED[0], f(lambda p, e=eps: np.log(np.maximum(p, e))), *PATCHED[1:])
        yield Mistake(PATCHED[0], f(lambda p, e=eps: np.log(np.clip(p, e, 1 - e))), *PATCHED[1:])


LOG_SOFTMAX_MISTAKES = (
    Mistake(LOG_OF_ZERO[0], lambda z: np.log(softmax(z)), *LOG_OF_ZERO[1:]),
    *_patched(lambda log: lambda z: log(softmax(z))),
    Mistake(
        "overflow",
        lambda z: np.log(softmax_without_shift(z)),
        "exp(z) overflows for large z, and what underflows to 0 has the logarithm −∞.",
        "Subtract the row's maximum from z before anything else.",
    ),
    Mistake(
        "overflow",
        _log_softmax_without_shift,
        "exp(z) overflows for large z, and when all of a row is very negative its sum is 0.",
        "Subtract the row's maximum from z before anything else.",
    ),
    Mistake(GLOBAL_MAXIMUM[0], _log_softmax_with_one_shift, *GLOBAL_MAXIMUM[1:]),
    Mistake(GLOBAL_MAXIMUM[0], lambda z: np.log(softmax_with_one_shift(z)), *GLOBAL_MAXIMUM[1:]),
    Mistake(
        "minimum-subtracted",
        lambda z: _log_softmax_without_shift(z - z.min(axis=1, keepdims=True)),
        "The row's minimum is subtracted, so the exponents grow rather than shrink.",
        "Subtract the maximum: then no exponent exceeds 0.",
    ),
    Mistake(
        "mean-subtracted",
        lambda z: _log_softmax_without_shift(z - z.mean(axis=1, keepdims=True)),
        "The row's mean is subtracted: entries far above it still overflow.",
        "Subtract the maximum: then no exponent exceeds 0.",
    ),
    Mistake(OVER_COLUMNS[0], lambda z: log_softmax(z, axis=0), *OVER_COLUMNS[1:]),
    Mistake(OVER_EVERYTHING[0], _everything(log_softmax), *OVER_EVERYTHING[1:]),
    Mistake(NO_KEEPDIMS[0], _log_softmax_without_keepdims, *NO_KEEPDIMS[1:]),
    Mistake(NO_KEEPDIMS[0], lambda z: np.log(_without_keepdims(z)), *NO_KEEPDIMS[1:]),
    Mistake(
        NO_KEEPDIMS[0],
        lambda z: z - z.max(axis=1) - np.log(_row_sum(np.exp(z - z.max(axis=1)))),
        *NO_KEEPDIMS[1:],
    ),
    Mistake(
        NO_KEEPDIMS[0],
        lambda z: z - z.max(axis=1) - np.log(np.exp(z - z.max(axis=1)).sum(axis=1)),
        *NO_KEEPDIMS[1:],
    ),
    Mistake(
        NO_KEEPDIMS[0],
        lambda z: z - np.log(np.exp(z).sum(axis=1)),
        *NO_KEEPDIMS[1:],
    ),
    Mistake(
        "no-logarithm",
        softmax,
        "These are the probabilities: the logarithm is missing.",
        "log p = z − max − log Σ exp(z − max).",
    ),
    Mistake(
        "no-logarithm",
        lambda z: z - _row_maximum(z) - _row_sum(np.exp(z - _row_maximum(z))),
        "The logarithm of the sum is missing.",
        "log p = z − max − log Σ exp(z − max).",
    ),
    Mistake(
        "softmax-twice",
        lambda z: log_softmax(softmax(z)),
        "The softmax is applied twice: log-softmax of the probabilities.",
        "Apply log-softmax to the logits themselves.",
    ),
    Mistake(
        "shifted-on-one-side",
        lambda z: z - np.log(_row_sum(np.exp(z - _row_maximum(z)))),
        "The maximum is subtracted inside the sum but not from the z outside it.",
        "log p = z − max − log Σ exp(z − max): the maximum is subtracted in both places.",
    ),
    Mistake(
        "shifted-on-one-side",
        lambda z: z - _row_maximum(z) - np.log(_row_sum(np.exp(z))),
        "The maximum is subtracted from the z outside the sum but not inside it.",
        "log p = z − max − log Σ exp(z − max): the maximum is subtracted in both places.",
    ),
    Mistake(
        "maximum-with-wrong-sign",
        lambda z: z + _row_maximum(z) - np.log(_row_sum(np.exp(z - _row_maximum(z)))),
        "The maximum is added where it has to be subtracted.",
        "log p = z − (max + log Σ exp(z − max)): mind the parentheses.",
    ),
    Mistake(
        "no-normalization",
        lambda z: z - _row_maximum(z),
        "Only the maximum is subtracted; the log of the sum is missing.",
        "Subtract log Σ exp(z − max) too: then exp of each row sums to 1.",
    ),
    Mistake(
        "log-sum-exp-added",
        lambda z: z - _row_maximum(z) + np.log(_row_sum(np.exp(z - _row_maximum(z)))),
        "The log of the sum is added where it has to be subtracted.",
        "A quotient's logarithm is a difference: z − max − log Σ exp(z − max).",
    ),
    Mistake(
        "divided-by-log-sum-exp",
        lambda z: (z - _row_maximum(z)) / np.log(_row_sum(np.exp(z - _row_maximum(z)))),
        "It divides by the log of the sum.",
        "A quotient's logarithm is a difference: subtract it.",
    ),
    Mistake(
        "only-log-sum-exp",
        lambda z: np.broadcast_to(z - log_softmax(z), z.shape),
        "It is the log-sum-exp of each row.",
        "Subtract it from the logits: log p = z − log-sum-exp.",
    ),
    Mistake(
        "only-log-sum-exp",
        lambda z: (z - log_softmax(z))[:, :1],
        "It is the log-sum-exp of each row.",
        "Subtract it from the logits: log p = z − log-sum-exp.",
    ),
    Mistake(
        "only-log-sum-exp",
        lambda z: (z - log_softmax(z))[:, 0],
        "It is the log-sum-exp of each row.",
        "Subtract it from the logits: log p = z − log-sum-exp.",
    ),
    Mistake(
        "log-of-logits",
        lambda z: np.log(z) - np.log(_row_sum(np.exp(z))),
        "The logarithm is taken of z as well; a negative logit has none.",
        "log(exp z) is z itself: log p = z − log Σ exp z.",
    ),
    Mistake(
        "log-of-logits",
        lambda z: np.log(z / _row_sum(z)),
        "The logits are normalized and their logarithm taken, but they are never exponentiated.",
        "log p = z − max − log Σ exp(z − max).",
    ),
    Mistake(
        "mean-for-sum",
        lambda z: log_softmax(z) + np.log(z.shape[1]),
        "The exponentials are averaged where they have to be summed: off by log C.",
        "log p = z − max − log Σ exp(z − max), with a sum.",
    ),
    Mistake(
        "wrong-sign",
        lambda z: -log_softmax(z),
        "The sign is wrong: the logarithm of a probability is never positive.",
        "log p, not −log p, is wanted.",
    ),
    Mistake(
        "wrong-sign",
        lambda z: log_softmax(-z),
        "The sign of z is wrong: the largest logit gets the smallest probability.",
        "Exponentiate z − max, not max − z.",
    ),
    Mistake(
        "log-base-2",
        lambda z: log_softmax(z) / np.log(2),
        "The logarithm is to base 2.",
        "Use the natural logarithm, `np.log`.",
    ),
    Mistake(
        "log-base-10",
        lambda z: log_softmax(z) / np.log(10),
        "The logarithm is to base 10.",
        "Use the natural logarithm, `np.log`.",
    ),
    Mistake(
        "log1p",
        lambda z: np.log1p(softmax(z)),
        "`np.log1p` is the logarithm of 1 + p.",
        "log p is wanted.",
    ),
    Mistake(
        "log1p",
        lambda z: z - _row_maximum(z) - np.log1p(_row_sum(np.exp(z - _row_maximum(z)))),
        "`np.log1p` adds a 1 to the sum, which holds the maximum's e⁰ = 1 already.",
        "Use `np.log` on the sum.",
    ),
    Mistake(
        "sigmoid",
        lambda z: -np.logaddexp(0, -z),
        "It is the log-sigmoid of every entry by itself.",
        "Subtract the row's own log-sum-exp.",
    ),
    Mistake(
        "rounded",
        lambda z: np.round(log_softmax(z), 3),
        "The result is rounded.",
        "Return it as it is; round only for printing.",
    ),
)

# --- one_hot ------------------------------------------------------------------------------------


def one_hot(y, num_classes):
    return (y[:, None] == np.arange(num_classes)) * 1.0


def _labels(rng, n, c):
    """Draw labels of which no two neighbors are equal, so that they are not constant."""
    if c == 1:
        return np.zeros(n, dtype=int)
    steps = rng.integers(1, c, size=n)
    return np.cumsum(steps) % c


def one_hot_cases(rng):
    def draw(n, c, aspect="value"):
        return case(_labels(rng, n, c), c, aspect=aspect)

    return [
        case(np.array([0]), 1, aspect="ones"),
        case(np.array([0, 0, 0]), 1, aspect="ones"),
        case(np.array([2]), 3, aspect="ones"),
        case(np.array([0]), 3, aspect="ones"),
        case(np.array([1, 0]), 2),
        case(np.array([2, 0]), 3),
        case(np.array([0, 1, 1]), 4),
        case(np.array([3, 3, 0, 1]), 5),
        case(np.array([0, 0, 0]), 4, aspect="edge"),
        case(np.array([1, 1]), 5, aspect="edge"),
        draw(3, 3),
        draw(4, 4),
        draw(7, 5),
        draw(4, 9),
        draw(12, 10),
    ]


def _assigned(columns=lambda y, c: y, rows=lambda y: np.arange(len(y)), value=lambda y: 1.0):
    def function(y, num_classes):
        Y = np.zeros((len(y), num_classes))
        Y[rows(y), columns(y, num_classes)] = value(y)
        return Y

    return function


ONE_HOT_MISTAKES = (
    Mistake(
        "transposed",
        lambda y, num_classes: one_hot(y, num_classes).T,
        "It is transposed: there is one column for each example.",
        "Rows are examples: the shape is (N, num_classes).",
    ),
    Mistake(
        "classes-counted-from-labels",
        lambda y, num_classes: one_hot(y, y.max() + 1),
        "The number of columns is taken from the largest label, not from num_classes: a class that "
        "no example has loses its column.",
        "Make an array with num_classes columns.",
    ),
    Mistake(
        "classes-counted-from-labels",
        lambda y, num_classes: one_hot(y, len(np.unique(y))),
        "The number of columns is the number of labels that occur, not num_classes: a class that "
        "no example has loses its column.",
        "Make an array with num_classes columns.",
    ),
    Mistake(
        "classes-counted-from-labels",
        lambda y, num_classes: np.eye(len(np.unique(y)))[y],
        "The number of columns is the number of labels that occur, not num_classes: a class that "
        "no example has loses its column.",
        "Make an array with num_classes columns.",
    ),
    Mistake(
        "classes-counted-from-labels",
        lambda y, num_classes: np.eye(len(y))[y],
        "The number of columns is the number of examples, not num_classes.",
        "Make an array with num_classes columns.",
    ),
    Mistake(
        "labels-from-one",
        _assigned(lambda y, c: y - 1),
        "The 1 stands one column too far to the left: labels count from 0 here.",
        "Label k belongs in column k.",
    ),
    Mistake(
        "labels-from-one",
        _assigned(lambda y, c: (y + 1) % c),
        "The 1 stands one column too far to the right.",
        "Label k belongs in column k.",
    ),
    Mistake(
        "labels-from-one",
        _assigned(lambda y, c: y + 1),
        "The 1 stands one column too far to the right.",
        "Label k belongs in column k.",
    ),
    Mistake(
        "all-rows-set",
        lambda y, num_classes: np.tile(one_hot(y, num_classes).max(axis=0), (len(y), 1)),
        "`Y[:, y] = 1` sets these columns in every row.",
        "Pair each row with its own column: `Y[np.arange(N), y] = 1`.",
    ),
    Mistake(
        "rows-set",
        _assigned(rows=lambda y: y, columns=lambda y, c: slice(None)),
        "`Y[y] = 1` fills whole rows: y is taken as row numbers.",
        "Pair each row with its own column: `Y[np.arange(N), y] = 1`.",
    ),
    Mistake(
        "rows-set",
        _assigned(rows=lambda y: y, columns=lambda y, c: np.arange(len(y))),
        "Rows and columns are exchanged in the index.",
        "The row is the example, the column its label: `Y[np.arange(N), y] = 1`.",
    ),
    Mistake(
        "label-stored",
        _assigned(value=lambda y: y),
        "The label itself is stored where a 1 belongs.",
        "Store 1, whatever the label.",
    ),
    Mistake(
        "complement",
        lambda y, num_classes: 1 - one_hot(y, num_classes),
        "Zeros and ones are exchanged.",
        "1 at the label, 0 elsewhere.",
    ),
    Mistake(
        "all-zero",
        lambda y, num_classes: np.zeros((len(y), num_classes)),
        "Every entry is 0: nothing is written at the labels.",
        "Set `Y[np.arange(N), y] = 1`.",
    ),
    Mistake(
        "all-one",
        lambda y, num_classes: np.ones((len(y), num_classes)),
        "Every entry is 1.",
        "Start from zeros and set one entry a row.",
    ),
    Mistake(
        "identity",
        lambda y, num_classes: np.eye(len(y), num_classes),
        "It is an identity matrix: the labels play no part.",
        "`np.eye(num_classes)[y]` picks the row of each label.",
    ),
    Mistake(
        "identity",
        lambda y, num_classes: np.eye(num_classes),
        "It is an identity matrix: the labels play no part.",
        "`np.eye(num_classes)[y]` picks the row of each label.",
    ),
    Mistake(
        "thermometer",
        lambda y, num_classes: (np.arange(num_classes) <= y[:, None]) * 1.0,
        "All columns up to the label are set.",
        "Only the label's own column is 1.",
    ),
    Mistake(
        "thermometer",
        lambda y, num_classes: (np.arange(num_classes) < y[:, None]) * 1.0,
        "All columns before the label are set.",
        "Only the label's own column is 1.",
    ),
    Mistake(
        "flat",
        lambda y, num_classes: one_hot(y, num_classes).ravel(),
        "All rows are strung together into one.",
        "Keep the shape (N, num_classes).",
    ),
    Mistake(
        "extra-axis",
        lambda y, num_classes: one_hot(y, num_classes)[:, None, :],
        "There is an axis too many.",
        "The shape is (N, num_classes).",
    ),
    Mistake(
        "one-class-too-many",
        lambda y, num_classes: one_hot(y, num_classes + 1),
        "There is a column too many.",
        "Classes run from 0 to num_classes − 1: that is num_classes columns.",
    ),
    Mistake(
        "one-class-too-few",
        lambda y, num_classes: one_hot(y, num_classes - 1),
        "The last class has no column.",
        "Classes run from 0 to num_classes − 1: that is num_classes columns.",
    ),
    Mistake(
        "minus-one-for-zero",
        lambda y, num_classes: 2 * one_hot(y, num_classes) - 1,
        "The other entries are −1.",
        "They are 0.",
    ),
    Mistake(
        "normalized",
        lambda y, num_classes: one_hot(y, num_classes) / len(y),
        "The ones are divided by N.",
        "Every row sums to 1: leave the division to the loss.",
    ),
)

# --- cross_entropy ------------------------------------------------------------------------------


def cross_entropy(z, y):
    return -np.mean(log_softmax(z)[np.arange(len(y)), y])


def cross_entropy_cases(rng):
    def draw(n, c, make=normal, aspect="value"):
        return case(make(rng, n, c), _labels(rng, n, c), aspect=aspect)

    return [
        draw(1, 1, tidy, "ones"),
        draw(3, 1, tidy, "ones"),
        draw(1, 3, tidy, "ones"),
        draw(1, 4, normal, "ones"),
        case(np.zeros((2, 3)), np.array([2, 0]), aspect="edge"),
        draw(2, 2, tidy),
        draw(2, 3, tidy),
        draw(3, 2, tidy),
        draw(3, 3),
        draw(4, 4),
        draw(5, 3),
        draw(4, 7),
        draw(9, 5),
        case(np.array([[1000.0, 0.0]]), np.array([1]), aspect="stable"),
        case(np.array([[1e4, -1e4]]), np.array([1]), aspect="stable"),
        case(np.array([[1e4, -1e4]]), np.array([0]), aspect="stable"),
        case(np.array([[40.0, 0.0]]), np.array([1]), aspect="stable"),
        *[case(z, _labels(rng, *z.shape), aspect="stable") for z in _large_logits(rng)],
    ]


def _picked(log_p, y):
    return log_p[np.arange(len(y)), y]


def _entropy_of(log_p):
    """Make the cross-entropy that uses log_p in place of log-softmax."""
    return lambda z, y: -np.mean(_picked(log_p(z), y))


def _binary_style(z, y):
    p, Y = softmax(z), one_hot(y, z.shape[1])
    return -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / len(y)


def _p_of_labels(z, y):
    return _picked(softmax(z), y)


CROSS_ENTROPY_MISTAKES = (
    Mistake(LOG_OF_ZERO[0], _entropy_of(lambda z: np.log(softmax(z))), *LOG_OF_ZERO[1:]),
    Mistake(
        LOG_OF_ZERO[0],
        lambda z, y: -np.sum(one_hot(y, z.shape[1]) * np.log(softmax(z))) / len(y),
        "The probabilities are computed first; where one has underflowed to 0 its logarithm is −∞, "
        "and 0 · ∞ is NaN.",
        LOG_OF_ZERO[2],
    ),
    *_patched(lambda log: _entropy_of(lambda z: log(softmax(z)))),
    Mistake(
        "overflow",
        _entropy_of(lambda z: np.log(softmax_without_shift(z))),
        "exp(z) overflows for large z, and what underflows to 0 has the logarithm −∞.",
        "Use log-softmax, with the row's maximum subtracted.",
    ),
    Mistake(
        "overflow",
        _entropy_of(_log_softmax_without_shift),
        "exp(z) overflows for large z, and when all of a row is very negative its sum is 0.",
        "Use log-softmax, with the row's maximum subtracted.",
    ),
    Mistake(GLOBAL_MAXIMUM[0], _entropy_of(_log_softmax_with_one_shift), *GLOBAL_MAXIMUM[1:]),
    Mistake(
        GLOBAL_MAXIMUM[0],
        _entropy_of(lambda z: np.log(softmax_with_one_shift(z))),
        *GLOBAL_MAXIMUM[1:],
    ),
    Mistake(
        "sum-for-mean",
        lambda z, y: len(y) * cross_entropy(z, y),
        "It sums over the examples: exactly N times too large.",
        "Divide by the number of examples.",
    ),
    Mistake(
        "mean-over-classes-too",
        lambda z, y: cross_entropy(z, y) / z.shape[1],
        "It averages over all N·C entries: exactly C times too small.",
        "Divide by the number of examples only: each has one loss, −log p of its label.",
    ),
    Mistake(
        "divided-by-classes",
        lambda z, y: cross_entropy(z, y) * len(y) / z.shape[1],
        "It is divided by the number of classes in place of the number of examples.",
        "N is the number of rows, `len(z)`.",
    ),
    Mistake(
        "divided-twice",
        lambda z, y: cross_entropy(z, y) / len(y),
        "It is divided by N twice.",
        "The 1/N enters once: `np.mean` contains it.",
    ),
    Mistake(
        "half",
        lambda z, y: cross_entropy(z, y) / 2,
        "There is a factor ½, which belongs to the squared error.",
        "Cross-entropy is the plain mean of −log p.",
    ),
    Mistake(
        "wrong-sign",
        lambda z, y: -cross_entropy(z, y),
        "The minus is missing: log p is negative, the loss has to be positive.",
        "Return the mean of −log p.",
    ),
    Mistake(
        "log-base-2",
        lambda z, y: cross_entropy(z, y) / np.log(2),
        "The logarithm is to base 2: the loss is in bits, 1.4427 times too large.",
        "Use the natural logarithm, `np.log`.",
    ),
    Mistake(
        "log-base-10",
        lambda z, y: cross_entropy(z, y) / np.log(10),
        "The logarithm is to base 10.",
        "Use the natural logarithm, `np.log`.",
    ),
    Mistake(
        "columns-for-entries",
        lambda z, y: -np.mean(log_softmax(z)[:, y]),
        "`log_p[:, y]` takes the columns y of **every** row, an (N, N) array.",
        "Pair each row with its own label: `log_p[np.arange(N), y]`.",
    ),
    Mistake(
        "columns-for-entries",
        lambda z, y: -np.sum(log_softmax(z)[:, y]) / len(y),
        "`log_p[:, y]` takes the columns y of **every** row, an (N, N) array.",
        "Pair each row with its own label: `log_p[np.arange(N), y]`.",
    ),
    Mistake(
        "rows-for-entries",
        lambda z, y: -np.mean(log_softmax(z)[y]),
        "`log_p[y]` takes whole rows: y is used as row numbers.",
        "Pair each row with its own label: `log_p[np.arange(N), y]`.",
    ),
    Mistake(
        "rows-for-entries",
        lambda z, y: -np.sum(log_softmax(z)[y]) / len(y),
        "`log_p[y]` takes whole rows: y is used as row numbers.",
        "Pair each row with its own label: `log_p[np.arange(N), y]`.",
    ),
    Mistake(
        "labels-as-weights",
        lambda z, y: -np.sum(y[:, None] * log_softmax(z)) / len(y),
        "The log probabilities are multiplied by the integer labels.",
        "A label says which entry of its row to take: `log_p[np.arange(N), y]`, or use one-hot rows.",
    ),
    Mistake(
        "labels-as-weights",
        lambda z, y: -np.sum(y * log_softmax(z)) / len(y),
        "The log probabilities are multiplied by the integer labels.",
        "A label says which entry of its row to take: `log_p[np.arange(N), y]`, or use one-hot rows.",
    ),
    Mistake(
        "labels-from-one",
        lambda z, y: -np.mean(_picked(log_softmax(z), y - 1)),
        "The entry before the label is taken: labels count from 0 here.",
        "Take `log_p[n, y[n]]`.",
    ),
    Mistake(
        "labels-ignored",
        lambda z, y: -np.mean(log_softmax(z).max(axis=1)),
        "It takes each row's largest probability, whatever the label.",
        "Take the probability of the label.",
    ),
    Mistake(
        "labels-ignored",
        lambda z, y: -np.sum(log_softmax(z)) / len(y),
        "It sums −log p over all classes: the labels play no part.",
        "Take the probability of the label only.",
    ),
    Mistake(
        "labels-ignored",
        lambda z, y: -np.mean(log_softmax(z)),
        "It averages −log p over all classes: the labels play no part.",
        "Take the probability of the label only.",
    ),
    Mistake(
        "labels-ignored",
        lambda z, y: -np.mean(log_softmax(z)[:, 0]),
        "It takes class 0 in every row: the labels play no part.",
        "Take the probability of the label.",
    ),
    Mistake(
        "entropy",
        lambda z, y: -np.sum(softmax(z) * log_softmax(z)) / len(y),
        "It is the entropy of p itself: the labels play no part.",
        "Weight log p with the one-hot labels, not with p.",
    ),
    Mistake(
        "no-softmax",
        lambda z, y: -np.mean(_picked(z, y)),
        "The logits themselves are averaged: there is no log-softmax.",
        "Turn z into log probabilities first.",
    ),
    Mistake(
        "no-softmax",
        _entropy_of(np.log),
        "The logarithm is taken of the logits: they are no probabilities.",
        "Turn z into log probabilities with log-softmax first.",
    ),
    *[
        Mistake(
            "no-softmax",
            _entropy_of(lambda z, e=eps: np.log(np.clip(z, e, 1 - e))),
            "The logarithm is taken of the clipped logits: they are no probabilities.",
            "Turn z into log probabilities with log-softmax first.",
        )
        for eps in (1e-12, 1e-15)
    ],
    Mistake(
        "softmax-twice",
        lambda z, y: cross_entropy(softmax(z), y),
        "The softmax is applied twice.",
        "z holds logits: one log-softmax turns them into log probabilities.",
    ),
    Mistake(OVER_COLUMNS[0], _entropy_of(lambda z: log_softmax(z, axis=0)), *OVER_COLUMNS[1:]),
    Mistake(OVER_EVERYTHING[0], _entropy_of(_everything(log_softmax)), *OVER_EVERYTHING[1:]),
    Mistake(NO_KEEPDIMS[0], _entropy_of(_log_softmax_without_keepdims), *NO_KEEPDIMS[1:]),
    Mistake(NO_KEEPDIMS[0], _entropy_of(lambda z: np.log(_without_keepdims(z))), *NO_KEEPDIMS[1:]),
    Mistake(
        NO_KEEPDIMS[0],
        _entropy_of(lambda z: z - np.log(np.exp(z).sum(axis=1))),
        *NO_KEEPDIMS[1:],
    ),
    Mistake(
        "shifted-on-one-side",
        _entropy_of(lambda z: z - np.log(_row_sum(np.exp(z - _row_maximum(z))))),
        "The maximum is subtracted inside the sum but not from the z outside it.",
        "log p = z − max − log Σ exp(z − max): the maximum is subtracted in both places.",
    ),
    Mistake(
        "no-logarithm",
        lambda z, y: -np.mean(_p_of_labels(z, y)),
        "The logarithm is missing: it averages −p.",
        "The loss of an example is −log p of its label.",
    ),
    Mistake(
        "no-logarithm",
        lambda z, y: np.mean(1 - _p_of_labels(z, y)),
        "The logarithm is missing: it averages 1 − p.",
        "The loss of an example is −log p of its label.",
    ),
    Mistake(
        "log-of-mean",
        lambda z, y: -np.log(np.mean(_p_of_labels(z, y))),
        "The mean is taken before the logarithm.",
        "First −log p of each example, then the mean.",
    ),
    Mistake(
        "binary-style",
        _binary_style,
        "The other classes are charged too, as (1 − y) log(1 − p): that is the binary loss.",
        "With softmax only the label's own −log p counts.",
    ),
    Mistake(
        "squared-error",
        lambda z, y: np.sum((softmax(z) - one_hot(y, z.shape[1])) ** 2) / (2 * len(y)),
        "It is the squared error of the probabilities.",
        "The loss of an example is −log p of its label.",
    ),
    Mistake(
        "squared-error",
        lambda z, y: np.mean((softmax(z) - one_hot(y, z.shape[1])) ** 2),
        "It is the squared error of the probabilities.",
        "The loss of an example is −log p of its label.",
    ),
    Mistake(
        "perplexity",
        lambda z, y: np.exp(cross_entropy(z, y)),
        "It is exp of the loss, the perplexity.",
        "Leave the last exponential out.",
    ),
    Mistake(
        "per-example",
        lambda z, y: -_picked(log_softmax(z), y),
        "There is one loss for each example.",
        "One number is wanted: the mean of these.",
    ),
    Mistake(
        "per-class",
        lambda z, y: -np.mean(one_hot(y, z.shape[1]) * log_softmax(z), axis=0),
        "There is one loss for each class.",
        "One number is wanted: sum over the classes too.",
    ),
    Mistake(
        "first-example-only",
        lambda z, y: -log_softmax(z)[0, y[0]],
        "Only the first example is counted.",
        "Average over all N examples: does `return` stand outside the loop?",
    ),
    Mistake(
        "last-example-only",
        lambda z, y: -log_softmax(z)[-1, y[-1]],
        "Only the last example is counted: each round of the loop forgets the one before.",
        "Write `+=`, start from 0 and divide by N.",
    ),
    Mistake(
        "last-example-only",
        lambda z, y: -log_softmax(z)[-1, y[-1]] / len(y),
        "Only the last example is counted: each round of the loop forgets the one before.",
        "Write `+=`, start from 0 and divide by N.",
    ),
)

# --- cross_entropy_gradient ---------------------------------------------------------------------


def cross_entropy_gradient(z, y):
    return (softmax(z) - one_hot(y, z.shape[1])) / len(y)


def _gradient_of(p):
    """Make the gradient that uses p in place of softmax."""
    return lambda z, y: (p(z) - one_hot(y, z.shape[1])) / len(y)


def _the_long_way(z, y):
    """Multiply ∂L/∂p = −y/p by the softmax Jacobian, number by number."""
    p = softmax(z)
    dp = -one_hot(y, z.shape[1]) / p / len(y)
    return p * (dp - np.sum(dp * p, axis=1, keepdims=True))


def _the_long_way_by_jacobians(z, y):
    p, Y = softmax(z), one_hot(y, z.shape[1])
    return np.array([(np.diag(q) - np.outer(q, q)) @ (-t / q) for q, t in zip(p, Y)]) / len(y)


def _the_long_way_from_the_label(z, y):
    p, dp = softmax(z), np.zeros(z.shape)
    dp[np.arange(len(y)), y] = -1 / _picked(p, y)
    return np.array([(np.diag(q) - np.outer(q, q)) @ d for q, d in zip(p, dp)]) / len(y)


def _columns_lowered(z, y):
    p = softmax(z)
    p[:, y] -= 1
    return p / len(y)


CROSS_ENTROPY_GRADIENT_MISTAKES = (
    Mistake(NOT_SHIFTED[0], _gradient_of(softmax_without_shift), *NOT_SHIFTED[1:]),
    Mistake(GLOBAL_MAXIMUM[0], _gradient_of(softmax_with_one_shift), *GLOBAL_MAXIMUM[1:]),
    *[
        Mistake(
            "the-long-way",
            function,
            "1/p is infinite where p has underflowed to 0: two factors that cancel on paper meet "
            "as 0 · ∞, which is NaN.",
            "Cancel them on paper first: what is left is (p − one-hot) / N.",
        )
        for function in (
            _the_long_way,
            _the_long_way_by_jacobians,
            _the_long_way_from_the_label,
        )
    ],
    Mistake(
        "no-mean",
        lambda z, y: softmax(z) - one_hot(y, z.shape[1]),
        "The 1/N is missing: exactly N times too large.",
        "The loss is a mean over the batch: divide by N.",
    ),
    Mistake(
        "divided-twice",
        lambda z, y: cross_entropy_gradient(z, y) / len(y),
        "It is divided by N twice.",
        "The 1/N enters once.",
    ),
    Mistake(
        "divided-by-classes",
        lambda z, y: (softmax(z) - one_hot(y, z.shape[1])) / z.shape[1],
        "It is divided by the number of classes in place of the number of examples.",
        "N is the number of rows, `len(z)`.",
    ),
    Mistake(
        "mean-over-classes-too",
        lambda z, y: (softmax(z) - one_hot(y, z.shape[1])) / z.size,
        "It is divided by N·C: exactly C times too small.",
        "The loss is a mean over the N examples only.",
    ),
    Mistake(
        "wrong-sign",
        lambda z, y: -cross_entropy_gradient(z, y),
        "The sign is wrong: one-hot minus p. A step against this gradient makes the loss larger.",
        "The gradient is p minus the one-hot labels.",
    ),
    Mistake(
        "no-one-hot",
        lambda z, y: softmax(z) / len(y),
        "Only p is returned: the one-hot labels are not subtracted.",
        "Subtract 1 from the entry of each row's label.",
    ),
    Mistake(
        "no-one-hot",
        lambda z, y: softmax(z),
        "Only p is returned: the one-hot labels are not subtracted, and the 1/N is missing.",
        "Subtract 1 from the entry of each row's label, then divide by N.",
    ),
    Mistake(
        "labels-subtracted",
        lambda z, y: (softmax(z) - y[:, None]) / len(y),
        "The integer labels themselves are subtracted.",
        "Subtract one-hot rows: 1 at the label, 0 elsewhere.",
    ),
    Mistake(
        "labels-subtracted",
        lambda z, y: (softmax(z) - y) / len(y),
        "The integer labels themselves are subtracted, lined up with the columns.",
        "Subtract one-hot rows: 1 at the label, 0 elsewhere.",
    ),
    Mistake(
        "labels-added",
        lambda z, y: (softmax(z) + one_hot(y, z.shape[1])) / len(y),
        "The one-hot labels are added.",
        "They are subtracted: p minus one-hot.",
    ),
    Mistake(
        "columns-for-entries",
        _columns_lowered,
        "`p[:, y] -= 1` lowers these columns in **every** row.",
        "Pair each row with its own label: `p[np.arange(N), y] -= 1`.",
    ),
    Mistake(
        "labels-from-one",
        lambda z, y: (softmax(z) - np.eye(z.shape[1])[y - 1]) / len(y),
        "1 is subtracted one column too far to the left: labels count from 0 here.",
        "Subtract it at column y[n] of row n.",
    ),
    Mistake(
        "mean-before-one-hot",
        lambda z, y: softmax(z) / len(y) - one_hot(y, z.shape[1]),
        "Only p is divided by N; the 1 at the label is not.",
        "Put parentheses around the difference: (p − one-hot) / N.",
    ),
    Mistake(
        "mean-before-one-hot",
        lambda z, y: softmax(z) - one_hot(y, z.shape[1]) / len(y),
        "Only the one-hot labels are divided by N; p is not.",
        "Put parentheses around the difference: (p − one-hot) / N.",
    ),
    Mistake(
        "no-softmax",
        lambda z, y: (z - one_hot(y, z.shape[1])) / len(y),
        "The one-hot labels are subtracted from the logits.",
        "Subtract them from the probabilities, softmax(z).",
    ),
    Mistake(
        "log-softmax-for-softmax",
        lambda z, y: (log_softmax(z) - one_hot(y, z.shape[1])) / len(y),
        "log p stands where p belongs.",
        "The gradient is p minus the one-hot labels.",
    ),
    Mistake(
        "sigmoid-for-softmax",
        lambda z, y: (1 / (1 + np.exp(-z)) - one_hot(y, z.shape[1])) / len(y),
        "The sigmoid stands where softmax belongs.",
        "The gradient is softmax(z) minus the one-hot labels.",
    ),
    Mistake(
        "softmax-twice",
        lambda z, y: cross_entropy_gradient(softmax(z), y),
        "The softmax is applied twice.",
        "z holds logits: one softmax turns them into probabilities.",
    ),
    Mistake(OVER_COLUMNS[0], _gradient_of(lambda z: softmax(z, axis=0)), *OVER_COLUMNS[1:]),
    Mistake(OVER_EVERYTHING[0], _gradient_of(_everything(softmax)), *OVER_EVERYTHING[1:]),
    Mistake(NO_KEEPDIMS[0], _gradient_of(_without_keepdims), *NO_KEEPDIMS[1:]),
    Mistake(
        NO_KEEPDIMS[0],
        _gradient_of(lambda z: np.exp(z) / np.exp(z).sum(axis=1)),
        *NO_KEEPDIMS[1:],
    ),
    Mistake(
        "squared-error",
        lambda z, y: cross_entropy_gradient(z, y) * softmax(z) * (1 - softmax(z)),
        "p(1 − p) is multiplied in: with cross-entropy it has cancelled already.",
        "The whole gradient is (p − one-hot) / N.",
    ),
    Mistake(
        "squared-error",
        lambda z, y: (
            softmax(z) * (cross_entropy_gradient(z, y) - _row_sum(cross_entropy_gradient(z, y) * softmax(z)))
        ),
        "p − one-hot is multiplied by the softmax Jacobian once more: that is the squared error's gradient.",
        "With cross-entropy the Jacobian has cancelled already: (p − one-hot) / N.",
    ),
    Mistake(
        "gradient-for-p",
        lambda z, y: -one_hot(y, z.shape[1]) / softmax(z) / len(y),
        "It is ∂L/∂p, the gradient for the probabilities.",
        "Go on through the softmax to z: what is left is (p − one-hot) / N.",
    ),
    Mistake(
        "label-entries-only",
        lambda z, y: one_hot(y, z.shape[1]) * cross_entropy_gradient(z, y),
        "Only the label's entry of each row is filled: the other logits have a gradient too.",
        "Their share is p / N: each of them takes probability away from the label.",
    ),
    Mistake(
        "label-entries-only",
        lambda z, y: _picked(cross_entropy_gradient(z, y), y),
        "Only the label's entry of each row is returned.",
        "Every logit has a gradient: the shape is that of z.",
    ),
    Mistake(
        "other-entries-only",
        lambda z, y: (1 - one_hot(y, z.shape[1])) * softmax(z) / len(y),
        "The label's entry is set to 0.",
        "It is (p − 1) / N there.",
    ),
    Mistake(
        "summed-over-batch",
        lambda z, y: cross_entropy_gradient(z, y).sum(axis=0),
        "The rows are summed: one row is left for the whole batch.",
        "Every logit has its own gradient: the shape is that of z.",
    ),
    Mistake(
        "summed-over-batch",
        lambda z, y: (softmax(z) - one_hot(y, z.shape[1])).sum(axis=0),
        "The rows are summed: one row is left for the whole batch.",
        "Every logit has its own gradient: the shape is that of z.",
    ),
    Mistake(
        "transposed",
        lambda z, y: cross_entropy_gradient(z, y).T,
        "It is transposed.",
        "The gradient has the shape of z, (N, C).",
    ),
    Mistake(
        "half",
        lambda z, y: cross_entropy_gradient(z, y) / 2,
        "It is divided by 2N.",
        "The ½ belongs to the squared error: divide by N.",
    ),
    Mistake(
        "doubled",
        lambda z, y: 2 * cross_entropy_gradient(z, y),
        "There is a factor 2, as from a square.",
        "The whole gradient is (p − one-hot) / N.",
    ),
    Mistake(
        "loss",
        cross_entropy,
        "It is the loss, not its gradient.",
        "The gradient has the shape of z: (p − one-hot) / N.",
    ),
)

# --- bce_with_logits ----------------------------------------------------------------------------


def _sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def bce_with_logits(z, y):
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


def _binary_cases(rng):
    def draw(n, kind, make=normal, aspect="value"):
        y = rng.permutation(np.arange(n) % 2)
        return case(make(rng, n), y.astype(kind), aspect=aspect)

    def stable(z):
        z = np.array(z, dtype=float)
        y = rng.permutation(np.arange(len(z)) % 2)
        return [case(z, labels.astype(float), aspect="stable") for labels in (y, 1 - y)]

    return [
        case(np.array([0.0, 0.0]), np.array([0.0, 1.0]), aspect="edge"),
        case(np.array([0.0]), np.array([1.0]), aspect="edge"),
        case(tidy(rng, 1), np.array([1.0]), aspect="ones"),
        case(tidy(rng, 1), np.array([0]), aspect="ones"),
        draw(2, float, tidy),
        draw(3, int, tidy),
        draw(4, float),
        draw(5, int),
        draw(6, float, lambda rng, n: normal(rng, n, scale=2.0)),
        draw(9, int, lambda rng, n: normal(rng, n, scale=2.0)),
        case(normal(rng, 3), np.ones(3)),
        case(normal(rng, 4), np.zeros(4, dtype=int)),
        *stable([1e4]),
        *stable([-1e4]),
        *stable([1000.0, -1000.0]),
        *stable([-22.0, 25.0]),
        *stable([-40.0, 40.0, 35.0]),
        *stable(large(rng, 4)),
        *stable(rng.uniform(-40, 40, 5)),
        *stable(rng.uniform(-800, 800, 6)),
    ]


def _bce(p, log=np.log):
    return lambda z, y: -np.mean(y * log(p(z)) + (1 - y) * log(1 - p(z)))


def _naive_sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _other_naive_sigmoid(z):
    return np.exp(z) / (1 + np.exp(z))


def _tanh_sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))


def _both_branches(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


def _integer_losses(z, y):
    losses = np.zeros_like(y)
    losses[...] = np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))
    return losses.mean()


BINARY_LOG_OF_ZERO = (
    "log-of-zero",
    "σ(z) is computed first; where it has been rounded to 0 or 1, a logarithm is −∞ and 0 · ∞ is NaN.",
    "Take the logarithms on paper first: max(z, 0) − z·y + log(1 + exp(−|z|)).",
)
BINARY_PATCHED = (
    PATCHED[0],
    PATCHED[1],
    "Take the logarithms on paper first: max(z, 0) − z·y + log(1 + exp(−|z|)). No constant is needed.",
)


def _binary_patches():
    for eps in TINY:
        for p in (_sigmoid, _naive_sigmoid, _tanh_sigmoid):
            for function in (
                _bce(p, lambda q, e=eps: np.log(q + e)),
                _bce(lambda z, e=eps, p=p: np.clip(p(z), e, 1 - e)),
            ):
                yield Mistake(BINARY_PATCHED[0], function, *BINARY_PATCHED[1:])


BCE_MISTAKES = (
    Mistake(BINARY_LOG_OF_ZERO[0], _bce(_sigmoid), *BINARY_LOG_OF_ZERO[1:]),
    Mistake(BINARY_LOG_OF_ZERO[0], _bce(_naive_sigmoid), *BINARY_LOG_OF_ZERO[1:]),
    Mistake(BINARY_LOG_OF_ZERO[0], _bce(_other_naive_sigmoid), *BINARY_LOG_OF_ZERO[1:]),
    Mistake(BINARY_LOG_OF_ZERO[0], _bce(_tanh_sigmoid), *BINARY_LOG_OF_ZERO[1:]),
    Mistake(
        BINARY_LOG_OF_ZERO[0],
        lambda z, y: -np.mean(np.where(y == 1, np.log(_sigmoid(z)), np.log(1 - _sigmoid(z)))),
        "σ(z) is computed first; where it has been rounded to 0 or 1, a logarithm is −∞.",
        BINARY_LOG_OF_ZERO[2],
    ),
    *_binary_patches(),
    Mistake(
        "overflow",
        lambda z, y: np.mean(np.log(1 + np.exp(z)) - z * y),
        "log(1 + exp(z)) overflows for large z.",
        "log(1 + exp z) = max(z, 0) + log(1 + exp(−|z|)), whose exponent is never positive.",
    ),
    Mistake(
        "overflow",
        lambda z, y: np.mean(z - z * y + np.log(1 + np.exp(-z))),
        "log(1 + exp(−z)) overflows when z is very negative.",
        "log(1 + exp(−z)) = max(−z, 0) + log(1 + exp(−|z|)), whose exponent is never positive.",
    ),
    Mistake(
        "overflow",
        lambda z, y: np.mean(np.log(1 + np.exp(-(2 * y - 1) * z))),
        "log(1 + exp(…)) overflows where the answer is confidently wrong.",
        "With u for the exponent: log(1 + exp u) = max(u, 0) + log(1 + exp(−|u|)).",
    ),
    Mistake(
        "both-branches",
        lambda z, y: np.mean(
            np.where(z >= 0, z - z * y + np.log1p(np.exp(-z)), -z * y + np.log1p(np.exp(z)))
        ),
        "`np.where` evaluates both formulas everywhere, so the unwanted one still overflows.",
        "One formula serves both: max(z, 0) − z·y + log(1 + exp(−|z|)).",
    ),
    Mistake(
        "sum-for-mean",
        lambda z, y: len(z) * bce_with_logits(z, y),
        "It sums over the examples: exactly N times too large.",
        "Divide by the number of examples.",
    ),
    Mistake(
        "divided-twice",
        lambda z, y: bce_with_logits(z, y) / len(z),
        "It is divided by N twice.",
        "The 1/N enters once: `np.mean` contains it.",
    ),
    Mistake(
        "half",
        lambda z, y: bce_with_logits(z, y) / 2,
        "There is a factor ½.",
        "Each example has one label: the loss is the plain mean over N.",
    ),
    Mistake(
        "wrong-sign",
        lambda z, y: -bce_with_logits(z, y),
        "The minus is missing: logarithms of probabilities are negative, the loss has to be positive.",
        "Return minus the mean of y·log σ + (1 − y)·log(1 − σ).",
    ),
    Mistake(
        "log-base-2",
        lambda z, y: bce_with_logits(z, y) / np.log(2),
        "The logarithm is to base 2: 1.4427 times too large.",
        "Use the natural logarithm, `np.log`.",
    ),
    Mistake(
        "log-base-10",
        lambda z, y: bce_with_logits(z, y) / np.log(10),
        "The logarithm is to base 10.",
        "Use the natural logarithm, `np.log`.",
    ),
    Mistake(
        "only-label-one",
        lambda z, y: np.mean(y * np.logaddexp(0, -z)),
        "Examples with label 0 cost nothing: the term (1 − y)·log(1 − σ) is missing.",
        "Add it: a high logit for label 0 has to cost as well.",
    ),
    Mistake(
        "only-label-zero",
        lambda z, y: np.mean((1 - y) * np.logaddexp(0, z)),
        "Examples with label 1 cost nothing: the term y·log σ is missing.",
        "Add it: a low logit for label 1 has to cost as well.",
    ),
    Mistake(
        "labels-exchanged",
        lambda z, y: bce_with_logits(z, 1 - y),
        "The labels 0 and 1 are exchanged.",
        "log σ(z) belongs to y = 1, log(1 − σ(z)) to y = 0.",
    ),
    Mistake(
        "labels-ignored",
        lambda z, y: np.mean(np.logaddexp(0, z)),
        "The labels play no part: −z·y is missing.",
        "The loss is log(1 + exp z) − z·y.",
    ),
    Mistake(
        "labels-ignored",
        lambda z, y: np.mean(np.logaddexp(0, -z)),
        "The labels play no part: every example is treated as a 1.",
        "The loss is log(1 + exp z) − z·y.",
    ),
    Mistake(
        "labels-plus-minus-one",
        lambda z, y: np.mean(np.logaddexp(0, -y * z)),
        "This formula is for labels −1 and +1.",
        "Here they are 0 and 1: use (2y − 1) in place of y.",
    ),
    Mistake(
        "wrong-sign-of-product",
        lambda z, y: np.mean(np.maximum(z, 0) + z * y + np.log1p(np.exp(-np.abs(z)))),
        "z·y is added where it has to be subtracted.",
        "max(z, 0) − z·y + log(1 + exp(−|z|)).",
    ),
    Mistake(
        "wrong-sign-of-logarithm",
        lambda z, y: np.mean(np.maximum(z, 0) - z * y - np.log1p(np.exp(-np.abs(z)))),
        "The logarithm is subtracted where it has to be added.",
        "max(z, 0) − z·y + log(1 + exp(−|z|)).",
    ),
    Mistake(
        "no-logarithm",
        lambda z, y: np.mean(np.maximum(z, 0) - z * y),
        "The term log(1 + exp(−|z|)) is missing.",
        "max(z, 0) − z·y + log(1 + exp(−|z|)).",
    ),
    Mistake(
        "no-logarithm",
        lambda z, y: np.mean(np.maximum(z, 0) - z * y + np.log(np.exp(-np.abs(z)))),
        "The 1 inside the logarithm is missing.",
        "max(z, 0) − z·y + log(1 + exp(−|z|)).",
    ),
    Mistake(
        "no-absolute-value",
        lambda z, y: np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-z))),
        "The exponent is −z; it has to be −|z|.",
        "max(z, 0) − z·y + log(1 + exp(−|z|)).",
    ),
    Mistake(
        "no-absolute-value",
        lambda z, y: np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(z))),
        "The exponent is z; it has to be −|z|.",
        "max(z, 0) − z·y + log(1 + exp(−|z|)).",
    ),
    Mistake(
        "no-absolute-value",
        lambda z, y: np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(np.abs(z)))),
        "The exponent is +|z|; it has to be −|z|.",
        "max(z, 0) − z·y + log(1 + exp(−|z|)).",
    ),
    Mistake(
        "no-maximum",
        lambda z, y: np.mean(z - z * y + np.log1p(np.exp(-np.abs(z)))),
        "z stands where max(z, 0) belongs.",
        "max(z, 0) − z·y + log(1 + exp(−|z|)).",
    ),
    Mistake(
        "no-sigmoid",
        lambda z, y: -np.mean(y * np.log(z) + (1 - y) * np.log(1 - z)),
        "The logarithms are taken of the logits: they are no probabilities.",
        "z goes through the sigmoid first; best on paper: max(z, 0) − z·y + log(1 + exp(−|z|)).",
    ),
    *[
        Mistake(
            "no-sigmoid",
            _bce(lambda z, e=eps: np.clip(z, e, 1 - e)),
            "The logarithms are taken of the clipped logits: they are no probabilities.",
            "z goes through the sigmoid first; best on paper: max(z, 0) − z·y + log(1 + exp(−|z|)).",
        )
        for eps in (1e-12, 1e-15)
    ],
    Mistake(
        "sigmoid-twice",
        lambda z, y: bce_with_logits(_sigmoid(z), y),
        "The sigmoid is applied twice.",
        "z holds logits: one sigmoid turns them into probabilities.",
    ),
    Mistake(
        "squared-error",
        lambda z, y: np.mean((_sigmoid(z) - y) ** 2),
        "It is the squared error of the probabilities.",
        "The loss of an example is −log of the probability given to its label.",
    ),
    Mistake(
        "squared-error",
        lambda z, y: np.mean((_sigmoid(z) - y) ** 2) / 2,
        "It is the squared error of the probabilities.",
        "The loss of an example is −log of the probability given to its label.",
    ),
    Mistake(
        "log-of-mean",
        lambda z, y: -np.log(np.mean(np.where(y == 1, _sigmoid(z), _sigmoid(-z)))),
        "The mean is taken before the logarithm.",
        "First −log p of each example, then the mean.",
    ),
    Mistake(
        "no-logarithm",
        lambda z, y: -np.mean(np.where(y == 1, _sigmoid(z), _sigmoid(-z))),
        "The logarithm is missing: it averages −p.",
        "The loss of an example is −log of the probability given to its label.",
    ),
    Mistake(
        "no-logarithm",
        lambda z, y: np.mean(np.abs(_sigmoid(z) - y)),
        "The logarithm is missing: it averages |σ − y|.",
        "The loss of an example is −log of the probability given to its label.",
    ),
    Mistake(
        "softmax-over-batch",
        lambda z, y: -np.sum(y * log_softmax(z[None])[0]) / len(z),
        "A softmax runs over the batch: examples compete with each other.",
        "Each example has its own sigmoid.",
    ),
    Mistake(
        "per-example",
        lambda z, y: np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))),
        "There is one loss for each example.",
        "One number is wanted: the mean of these.",
    ),
    Mistake(
        "integer-dtype",
        _integer_losses,
        "The losses are stored in an array of integers when y holds integers: everything after the "
        "decimal point is lost.",
        "Make the array like z, not like y: `np.zeros(len(z))`.",
    ),
    Mistake(
        "first-example-only",
        lambda z, y: bce_with_logits(z[:1], y[:1]),
        "Only the first example is counted.",
        "Average over all N examples: does `return` stand outside the loop?",
    ),
    Mistake(
        "last-example-only",
        lambda z, y: bce_with_logits(z[-1:], y[-1:]) / len(z),
        "Only the last example is counted: each round of the loop forgets the one before.",
        "Write `+=`, start from 0 and divide by N.",
    ),
)

# --- bce_with_logits_gradient -------------------------------------------------------------------


def bce_with_logits_gradient(z, y):
    return (_sigmoid(z) - y) / len(z)


def _binary_gradient_of(p):
    return lambda z, y: (p(z) - y) / len(z)


def _binary_long_way(z, y):
    p = _sigmoid(z)
    return (p - y) / (p * (1 - p)) * (p * (1 - p)) / len(z)


def _binary_long_way_in_terms(z, y):
    p = _sigmoid(z)
    return (-y / p + (1 - y) / (1 - p)) * p * (1 - p) / len(z)


def _integer_gradient(z, y):
    dz = np.zeros_like(y)
    dz[...] = (_sigmoid(z) - y) / len(z)
    return dz


BCE_GRADIENT_MISTAKES = (
    *[
        Mistake(
            "overflow",
            _binary_gradient_of(p),
            text,
            "Exponentiate −|z| only: σ(z) is 1/(1 + e⁻ᶻ) for z ≥ 0 and eᶻ/(1 + eᶻ) for z < 0.",
        )
        for p, text in (
            (_naive_sigmoid, "exp(−z) overflows when z is very negative."),
            (_other_naive_sigmoid, "exp(z) overflows when z is large, and inf / inf is NaN."),
        )
    ],
    Mistake(
        "both-branches",
        _binary_gradient_of(_both_branches),
        "`np.where` evaluates both formulas everywhere, so the unwanted one still overflows.",
        "Compute exp(−|z|) once and use it in both formulas, or assign through a mask.",
    ),
    *[
        Mistake(
            "clipped",
            _binary_gradient_of(lambda z, c=limit: _sigmoid(np.clip(z, -c, c))),
            "z is clipped, so the tails are wrong.",
            "No clipping is needed when only −|z| is exponentiated.",
        )
        for limit in (10, 15, 20)
    ],
    *[
        Mistake(
            "the-long-way",
            function,
            "It divides by σ(1 − σ), which is 0 where σ has been rounded to 0 or 1: the result is NaN.",
            "Cancel the factors on paper first: what is left is (σ(z) − y) / N.",
        )
        for function in (_binary_long_way, _binary_long_way_in_terms)
    ],
    Mistake(
        "no-mean",
        lambda z, y: _sigmoid(z) - y,
        "The 1/N is missing: exactly N times too large.",
        "The loss is a mean over the batch: divide by N.",
    ),
    Mistake(
        "divided-twice",
        lambda z, y: bce_with_logits_gradient(z, y) / len(z),
        "It is divided by N twice.",
        "The 1/N enters once.",
    ),
    Mistake(
        "half",
        lambda z, y: bce_with_logits_gradient(z, y) / 2,
        "It is divided by 2N.",
        "Divide by N.",
    ),
    Mistake(
        "doubled",
        lambda z, y: 2 * bce_with_logits_gradient(z, y),
        "There is a factor 2, as from a square.",
        "The whole gradient is (σ(z) − y) / N.",
    ),
    Mistake(
        "wrong-sign",
        lambda z, y: -bce_with_logits_gradient(z, y),
        "The sign is wrong: y − σ. A step against this gradient makes the loss larger.",
        "The gradient is σ(z) minus y.",
    ),
    Mistake(
        "labels-exchanged",
        lambda z, y: bce_with_logits_gradient(z, 1 - y),
        "The labels 0 and 1 are exchanged.",
        "The gradient is σ(z) − y: prediction minus truth.",
    ),
    Mistake(
        "labels-added",
        lambda z, y: (_sigmoid(z) + y) / len(z),
        "The labels are added.",
        "They are subtracted: σ(z) − y.",
    ),
    Mistake(
        "no-label",
        lambda z, y: _sigmoid(z) / len(z),
        "Only σ(z) is returned: the labels are not subtracted.",
        "The gradient is σ(z) − y, over N.",
    ),
    Mistake(
        "no-label",
        lambda z, y: _sigmoid(z),
        "Only σ(z) is returned: the labels are not subtracted, and the 1/N is missing.",
        "The gradient is σ(z) − y, over N.",
    ),
    Mistake(
        "only-label-one",
        lambda z, y: y * (_sigmoid(z) - 1) / len(z),
        "Examples with label 0 have no gradient.",
        "Theirs is σ(z) / N: the whole is (σ(z) − y) / N.",
    ),
    Mistake(
        "mean-before-label",
        lambda z, y: _sigmoid(z) / len(z) - y,
        "Only σ is divided by N; the label is not.",
        "Put parentheses around the difference: (σ − y) / N.",
    ),
    Mistake(
        "mean-before-label",
        lambda z, y: _sigmoid(z) - y / len(z),
        "Only the label is divided by N; σ is not.",
        "Put parentheses around the difference: (σ − y) / N.",
    ),
    Mistake(
        "no-sigmoid",
        lambda z, y: (z - y) / len(z),
        "The labels are subtracted from the logits.",
        "Subtract them from the probabilities, σ(z).",
    ),
    Mistake(
        "sigmoid-twice",
        lambda z, y: bce_with_logits_gradient(_sigmoid(z), y),
        "The sigmoid is applied twice.",
        "z holds logits: one sigmoid turns them into probabilities.",
    ),
    Mistake(
        "squared-error",
        lambda z, y: bce_with_logits_gradient(z, y) * _sigmoid(z) * _sigmoid(-z),
        "σ(1 − σ) is multiplied in: with cross-entropy it has cancelled already.",
        "The whole gradient is (σ(z) − y) / N.",
    ),
    Mistake(
        "gradient-for-p",
        lambda z, y: (_sigmoid(z) - y) / (_sigmoid(z) * _sigmoid(-z)) / len(z),
        "It is ∂L/∂σ, the gradient for the probability.",
        "Go on through the sigmoid to z: its slope σ(1 − σ) cancels the denominator.",
    ),
    Mistake(
        "summed-over-batch",
        lambda z, y: bce_with_logits_gradient(z, y).sum(),
        "The entries are summed into one number.",
        "Every logit has its own gradient: the shape is (N,).",
    ),
    Mistake(
        "summed-over-batch",
        lambda z, y: np.mean(bce_with_logits_gradient(z, y)),
        "The entries are averaged into one number.",
        "Every logit has its own gradient: the shape is (N,).",
    ),
    Mistake(
        "softmax-for-sigmoid",
        lambda z, y: (softmax(z[None])[0] - y) / len(z),
        "A softmax runs over the batch: examples compete with each other.",
        "Each example has its own sigmoid.",
    ),
    Mistake(
        "integer-dtype",
        _integer_gradient,
        "The gradient is stored in an array of integers when y holds integers: everything after "
        "the decimal point is lost.",
        "Make the array like z, not like y.",
    ),
    Mistake(
        "loss",
        bce_with_logits,
        "It is the loss, not its gradient.",
        "The gradient has the shape of z: (σ(z) − y) / N.",
    ),
    Mistake(
        "hard-prediction",
        lambda z, y: ((z > 0) - y) / len(z),
        "The prediction is rounded to 0 or 1 before the label is subtracted.",
        "Subtract y from the probability σ(z) itself.",
    ),
)

# --- accuracy -----------------------------------------------------------------------------------


def accuracy(z, y):
    return np.mean(z.argmax(axis=1) == y)


def accuracy_cases(rng):
    def draw(n, c, make=normal, aspect="value", right=0.6):
        z = make(rng, n, c)
        guess = _labels(rng, n, c)
        return case(z, np.where(rng.random(n) < right, z.argmax(axis=1), guess), aspect=aspect)

    def distinct(rng, n, c):
        return np.array([rng.permutation(c) for _ in range(n)]) / 2 - 1

    ties = np.array([[1.0, 1.0, 0.0], [0.0, 2.0, 2.0], [3.0, 0.0, 3.0]])
    return [
        case(ties, np.array([0, 1, 0]), aspect="edge"),
        case(ties, np.array([1, 2, 2]), aspect="edge"),
        case(np.array([[0.0, 0.0]]), np.array([0]), aspect="edge"),
        case(np.array([[0.0, 0.0]]), np.array([1]), aspect="edge"),
        case(np.array([[-1.0], [2.0]]), np.array([0, 0]), aspect="ones"),
        draw(1, 3, distinct, "ones", right=1),
        draw(1, 3, distinct, "ones", right=0),
        case(np.array([[1.0, -1.0], [-0.5, 2.0]]), np.array([0, 0])),
        case(np.array([[-1.0, -0.5, -2.0], [0.5, 1.0, 2.0]]), np.array([1, 0])),
        case(np.array([[-2.0, -1.0], [-1.0, -2.0], [1.0, 2.0]]), np.array([1, 0, 0])),
        draw(3, 3, distinct),
        draw(4, 4),
        draw(7, 3),
        draw(4, 6),
        draw(9, 5),
        draw(20, 10, right=0.8),
    ]


ACCURACY_MISTAKES = (
    Mistake(
        "axis-0",
        lambda z, y: np.mean(z.argmax(axis=0) == y),
        "The argmax runs down the columns (axis 0), over examples.",
        "The classes of one example stand in a row: `axis=1`.",
    ),
    Mistake(
        "no-axis",
        lambda z, y: np.mean(z.argmax() == y),
        "Without an axis, argmax finds one position in the whole array.",
        "One prediction for each row: `axis=1`.",
    ),
    Mistake(
        "percent",
        lambda z, y: 100 * accuracy(z, y),
        "It is a percentage.",
        "A fraction from 0 to 1 is wanted.",
    ),
    Mistake(
        "count",
        lambda z, y: np.sum(z.argmax(axis=1) == y),
        "It is the number of right answers: exactly N times too large.",
        "Divide by N.",
    ),
    Mistake(
        "error-rate",
        lambda z, y: np.mean(z.argmax(axis=1) != y),
        "It is the fraction that is wrong.",
        "Count where prediction and label are equal.",
    ),
    Mistake(
        "per-example",
        lambda z, y: z.argmax(axis=1) == y,
        "There is one True or False for each example.",
        "One number is wanted: their mean.",
    ),
    Mistake(
        "predictions",
        lambda z, y: z.argmax(axis=1),
        "These are the predicted classes.",
        "Compare them with y and take the mean.",
    ),
    Mistake(
        "divided-by-classes",
        lambda z, y: np.sum(z.argmax(axis=1) == y) / z.shape[1],
        "It is divided by the number of classes in place of the number of examples.",
        "N is the number of rows, `len(z)`.",
    ),
    Mistake(
        "divided-twice",
        lambda z, y: accuracy(z, y) / len(y),
        "It is divided by N twice.",
        "`np.mean` divides by N already.",
    ),
    Mistake(
        "mean-over-classes-too",
        lambda z, y: accuracy(z, y) / z.shape[1],
        "It is divided by N·C.",
        "There is one answer for each example: divide by N.",
    ),
    Mistake(
        "all-or-nothing",
        lambda z, y: np.all(z.argmax(axis=1) == y),
        "It is 1 when every example is right and 0 otherwise: `np.all` and `//` both lose the fraction.",
        "Take the mean of the comparison, or divide with `/`.",
    ),
    Mistake(
        "all-or-nothing",
        lambda z, y: np.any(z.argmax(axis=1) == y),
        "It is 1 as soon as one example is right.",
        "The fraction is wanted: the mean of the comparison.",
    ),
    Mistake(
        "minimum",
        lambda z, y: np.mean(z.argmin(axis=1) == y),
        "It takes the smallest logit.",
        "The prediction is the class with the largest logit: `argmax`.",
    ),
    Mistake(
        "maximum-for-argmax",
        lambda z, y: np.mean(z.max(axis=1) == y),
        "The largest logit itself is compared with the label.",
        "Its position is wanted: `argmax`.",
    ),
    Mistake(
        "last-maximum",
        lambda z, y: np.mean(z.shape[1] - 1 - z[:, ::-1].argmax(axis=1) == y),
        "When two logits tie, it takes the last one.",
        "The first one wins: `argmax` does it, `>=` in a loop does not.",
    ),
    Mistake(
        "last-maximum",
        lambda z, y: np.mean(z.argsort(axis=1)[:, -1] == y),
        "When two logits tie, sorting puts the last one at the end.",
        "The first one wins: `argmax` does it.",
    ),
    Mistake(
        "ties-count-as-right",
        lambda z, y: np.mean(z[np.arange(len(y)), y] == z.max(axis=1)),
        "A tie counts as right whenever the label is among the largest.",
        "Only the first of them is the prediction: compare `argmax` with y.",
    ),
    Mistake(
        "ties-count-as-wrong",
        lambda z, y: np.mean([np.sum(row >= row[k]) == 1 for row, k in zip(z, y)]),
        "A tie counts as wrong.",
        "The first of the largest is the prediction: compare `argmax` with y.",
    ),
    Mistake(
        "threshold",
        lambda z, y: np.mean(z[np.arange(len(y)), y] > 0),
        "It asks whether the label's logit is positive.",
        "It has to be the largest of its row.",
    ),
    Mistake(
        "probability-of-label",
        lambda z, y: np.mean(_picked(softmax(z), y)),
        "It averages the probability of the label.",
        "An example is right or wrong: compare `argmax` with y.",
    ),
    Mistake(
        "majority",
        lambda z, y: np.mean(_picked(softmax(z), y) > 0.5),
        "It asks for a probability above ½: with more than two classes the largest may be less.",
        "The label's logit has to be the largest of its row, no more.",
    ),
    Mistake(
        "softmax-over-columns",
        lambda z, y: np.mean(softmax(z, axis=0).argmax(axis=1) == y),
        "A softmax runs down the columns before the argmax and changes the order within a row.",
        "No softmax is needed: it would keep the order of a row.",
    ),
    Mistake(
        "labels-from-one",
        lambda z, y: np.mean(z.argmax(axis=1) + 1 == y),
        "The predictions count from 1.",
        "Labels count from 0, as `argmax` does.",
    ),
    Mistake(
        "absolute-value",
        lambda z, y: np.mean(np.abs(z).argmax(axis=1) == y),
        "It takes the logit with the largest absolute value.",
        "A very negative logit is the least likely class: leave the absolute value out.",
    ),
)

TASKS = [
    Task(
        "softmax(z)",
        _logits,
        softmax,
        shapes={"z": "N C"},
        mistakes=SOFTMAX_MISTAKES,
        hints=(
            "Which numbers have to sum to 1: those of a row, of a column, or all? And what is exp(1000)?",
            "p[n, k] = exp(z[n, k] − mₙ) / Σⱼ exp(z[n, j] − mₙ), with mₙ the largest entry of row n.",
            "`m = z.max(axis=1, keepdims=True)`, `e = np.exp(z - m)`; divide e by its own row "
            "sums, kept as a column in the same way.",
        ),
    ),
    Task(
        "log_softmax(z)",
        _logits,
        log_softmax,
        shapes={"z": "N C"},
        mistakes=LOG_SOFTMAX_MISTAKES,
        hints=(
            "p = e⁻¹⁰⁰⁰⁰ is 0 in a computer, log p = −10000 is not: in which order do you work?",
            "log p[n, k] = z[n, k] − mₙ − log Σⱼ exp(z[n, j] − mₙ), with mₙ the largest entry of row n.",
            "Shift first: `z = z - z.max(axis=1, keepdims=True)`. Then subtract the `np.log` of "
            "the row sums of `np.exp(z)`, kept as a column.",
        ),
    ),
    Task(
        "one_hot(y, num_classes)",
        one_hot_cases,
        one_hot,
        shapes={"y": "N"},
        mistakes=ONE_HOT_MISTAKES,
        rtol=0.0,
        hints=(
            "How many rows, how many columns, and how many ones in each row?",
            "Y[n, k] = 1 if k = y[n], else 0.",
            "Start from `np.zeros((len(y), num_classes))` and write to all pairs of row number and "
            "label at once: `Y[np.arange(…), …] = 1`.",
        ),
    ),
    Task(
        "cross_entropy(z, y)",
        cross_entropy_cases,
        cross_entropy,
        shapes={"z": "N C", "y": "N"},
        mistakes=CROSS_ENTROPY_MISTAKES,
        hints=(
            "For one example: which single entry of its row decides the loss?",
            "L = −1/N · Σₙ log p[n, y[n]], with log p from log-softmax.",
            "`log_p = log_softmax(z)`; `log_p[np.arange(N), y]` are the N numbers whose mean, with "
            "a minus, is the loss.",
        ),
    ),
    Task(
        "cross_entropy_gradient(z, y)",
        cross_entropy_cases,
        cross_entropy_gradient,
        shapes={"z": "N C", "y": "N"},
        mistakes=CROSS_ENTROPY_GRADIENT_MISTAKES,
        hints=(
            "Everything cancels but a subtraction: what does each row of the gradient sum to?",
            "∂L/∂z = (p − Y) / N, with p = softmax(z) and Y the one-hot labels.",
            "`dz = softmax(z)` is a new array: subtract 1 from it at `[np.arange(N), y]` and divide by N.",
        ),
    ),
    Task(
        "bce_with_logits(z, y)",
        _binary_cases,
        bce_with_logits,
        shapes={"z": "N", "y": "N"},
        mistakes=BCE_MISTAKES,
        hints=(
            "What does one example cost when y = 1 and z is very large? Very negative? Which "
            "formula can say so without infinity?",
            "One example costs log(1 + eᶻ) − z·y, and log(1 + eᶻ) = max(z, 0) + log(1 + e⁻ˡᶻˡ), "
            "where the exponent is minus the absolute value of z.",
            "`np.log1p(np.exp(-np.abs(z)))` never overflows; add `np.maximum(z, 0) - z * y` and "
            "take the mean.",
        ),
    ),
    Task(
        "bce_with_logits_gradient(z, y)",
        _binary_cases,
        bce_with_logits_gradient,
        shapes={"z": "N", "y": "N"},
        mistakes=BCE_GRADIENT_MISTAKES,
        hints=(
            "It has the same form as softmax with cross-entropy: prediction minus truth.",
            "∂L/∂z = (σ(z) − y) / N.",
            "Write a sigmoid that exponentiates only `-np.abs(z)`, subtract y, divide by `len(z)`.",
        ),
    ),
    Task(
        "accuracy(z, y)",
        accuracy_cases,
        accuracy,
        shapes={"z": "N C", "y": "N"},
        mistakes=ACCURACY_MISTAKES,
        hints=(
            "Which class does the model predict for one row of logits?",
            "The fraction of rows n with argmaxₖ z[n, k] = y[n].",
            "`z.argmax(axis=1)` are the predictions (the first maximum wins a tie); the mean of a "
            "comparison is the fraction of True.",
        ),
    ),
]
