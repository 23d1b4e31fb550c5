"""relative_error: ‖a − b‖ over ‖a‖ + ‖b‖."""

import numpy as np

from ...task import Task, case
from ..shared import away_from_zero, normal, tidy


def relative_error(a, b):
    difference = np.linalg.norm(a - b)
    sizes = np.linalg.norm(a) + np.linalg.norm(b)
    return difference / sizes if sizes > 0 else 0.0


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


MISTAKES = """
return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b))
    zero-by-zero: For two zeros it divides 0 by 0, which is NaN. → Two zeros agree: return 0 when
    the denominator is 0.
return relative_error(a, b) if a.any() or b.any() else 1.0
    one-for-zeros: For two zeros it returns 1. → Two zeros agree: their error is 0.
return relative_error(a, b) if a.any() and b.any() else 0.0
    zero-for-one-zero: It returns 0 when only one of the two is zero. → Only two zeros agree: look
    at the sum of the norms, not at one of them or their product.
return np.linalg.norm(a - b)
    absolute-error: It is the absolute error: the denominator is missing. → Divide by ‖a‖ + ‖b‖, so
    that the scale of the gradient no longer matters.
return np.max(np.abs(a - b))
    absolute-error: It is the largest absolute difference. → Divide the norm of a − b by ‖a‖ + ‖b‖.
return np.mean(np.abs(a - b))
    absolute-error: It is the mean absolute difference. → Divide the norm of a − b by ‖a‖ + ‖b‖.
difference = np.linalg.norm(a - b); sizes = np.linalg.norm(a)
return np.linalg.norm(a - b) / np.linalg.norm(a)
    relative-to-one: It is divided by ‖a‖ alone. → The denominator is ‖a‖ + ‖b‖, so that neither has
    to be the true one.
difference = np.linalg.norm(a - b); sizes = np.linalg.norm(b)
return np.linalg.norm(a - b) / np.linalg.norm(b)
    relative-to-one: It is divided by ‖b‖ alone. → The denominator is ‖a‖ + ‖b‖, so that neither has
    to be the true one.
difference = np.linalg.norm(a - b); sizes = max(np.linalg.norm(a), np.linalg.norm(b))
return np.linalg.norm(a - b) / max(np.linalg.norm(a), np.linalg.norm(b))
    larger-norm: It is divided by the larger of the two norms. → Here the denominator is their sum.
return np.abs(a - b) / (np.abs(a) + np.abs(b))
    entry-by-entry: There is one error for each entry. → Take the norms first: one number for the
    whole array.
return np.mean(np.abs(a - b) / (np.abs(a) + np.abs(b)))
    entry-by-entry: The error is taken entry by entry and averaged. → Take the norms first, then
    divide once.
return np.max(np.abs(a - b) / (np.abs(a) + np.abs(b)))
return np.max(np.abs(a - b) / np.maximum(1e-08, np.abs(a) + np.abs(b)))
    entry-by-entry: The error is taken entry by entry, and the largest returned. → Take the norms
    first, then divide once.
difference = np.linalg.norm(a - b); sizes = np.linalg.norm(a + b)
return np.linalg.norm(a - b) / np.linalg.norm(a + b)
    norm-of-sum: The denominator is ‖a + b‖, where positive and negative entries cancel. → Take the
    two norms and add them: ‖a‖ + ‖b‖.
difference = abs(np.linalg.norm(a) - np.linalg.norm(b)); \
sizes = np.linalg.norm(a) + np.linalg.norm(b)
return abs(np.linalg.norm(a) - np.linalg.norm(b)) / (np.linalg.norm(a) + np.linalg.norm(b))
    difference-of-norms: The norms are subtracted, so two arrays that differ can have error 0. →
    Subtract first, then take the norm: ‖a − b‖.
difference = np.sum((a - b) ** 2); sizes = np.sum(a**2) + np.sum(b**2)
return np.sum((a - b) ** 2) / (np.sum(a**2) + np.sum(b**2))
    norm-not-rooted: The squares are summed and no root is taken. → A norm is the square root of the
    sum of squares.
difference = np.linalg.norm(a - b); sizes = np.sqrt(np.sum(a**2) + np.sum(b**2))
    root-of-sum-of-squares: The denominator is the root of all squares together. → Two norms, each
    with its own root, are added.
difference = np.abs(a - b).sum(); sizes = np.abs(a).sum() + np.abs(b).sum()
return np.abs(a - b).sum() / (np.abs(a).sum() + np.abs(b).sum())
    sum-of-absolutes: Absolute values are summed where squares belong. → The Frobenius norm is the
    square root of the sum of squares.
difference = np.abs(a - b).max(); sizes = np.abs(a).max() + np.abs(b).max()
    largest-entry: The largest entries stand where the norms belong. → The Frobenius norm is the
    square root of the sum of squares.
difference = np.linalg.norm(a - b, ord=2); \
sizes = np.linalg.norm(a, ord=2) + np.linalg.norm(b, ord=2)
return np.linalg.norm(a - b, ord=2) / (np.linalg.norm(a, ord=2) + np.linalg.norm(b, ord=2))
    other-norm: `ord=2` is the largest stretch of a matrix, not the root of the sum of squares. →
    `np.linalg.norm(a)` without `ord` is the Frobenius norm.
difference = np.linalg.norm(a - b, ord=1); \
sizes = np.linalg.norm(a, ord=1) + np.linalg.norm(b, ord=1)
    other-norm: `ord=1` is the largest column sum of a matrix. → `np.linalg.norm(a)` without `ord`
    is the Frobenius norm.
return np.linalg.norm(a - b, axis=1) / (np.linalg.norm(a, axis=1) + np.linalg.norm(b, axis=1))
    norm-by-axis: There is one error for each row. → One number is wanted: take the norm of the
    whole array, without `axis`.
return np.linalg.norm(a - b, axis=0) / (np.linalg.norm(a, axis=0) + np.linalg.norm(b, axis=0))
    norm-by-axis: There is one error for each column. → One number is wanted: take the norm of the
    whole array, without `axis`.
return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b) + {1e-8|1e-10})
    added-constant: A constant is added to the denominator, so small gradients look better than they
    are. → Treat two zeros by themselves, with an `if`.
difference = np.linalg.norm(a + b); sizes = np.linalg.norm(a) + np.linalg.norm(b)
    sum-for-difference: a and b are added in the numerator. → Their difference tells how far they
    are apart.
return np.linalg.norm(a - b) / np.linalg.norm(a) + np.linalg.norm(b)
    precedence: Without parentheses only ‖a‖ divides, and ‖b‖ is added at the end. → Put parentheses
    around ‖a‖ + ‖b‖.
difference = np.linalg.norm(a - b); sizes = np.linalg.norm(a) - np.linalg.norm(b)
    wrong-sign: The norms are subtracted in the denominator. → They are added: ‖a‖ + ‖b‖.
"""

TASK = Task(
    "relative_error(a, b)",
    relative_error_cases,
    relative_error,
    shapes={"a": "N D", "b": "N D"},
    mistakes=MISTAKES,
    hints=(
        "What should it be for two equal arrays, for opposite ones, for two zeros?",
        "‖a − b‖ / (‖a‖ + ‖b‖), each norm the square root of a sum of squares.",
        "`np.linalg.norm(…)` three times, and an `if` for a denominator of 0.",
    ),
    place=2,
)
