"""he_std: the standard deviation that ReLU wants."""

import math

import numpy as np

from ...task import Task, case


def he_std(fan_in):
    variance = 2 / fan_in
    return math.sqrt(variance)


def he_cases(rng):
    drawn = rng.choice(np.arange(3, 60), size=4, replace=False)
    return [
        case(1, aspect="ones"),
        case(8),
        *[case(int(n)) for n in sorted(drawn)],
        case(784),
        case(int(rng.integers(100, 4096))),
    ]


MISTAKES = """
return 2 / fan_in
    variance: It is the variance, 2/fan_in. → The standard deviation is its square root.
return math.sqrt(1 / fan_in)
    no-factor-two: The 2 is missing: √(1/fan_in) keeps the variance of a linear layer, and ReLU
    removes half of it. → He: √(2/fan_in).
return math.sqrt(6 / fan_in)
    uniform-limit: It is the limit of the uniform distribution, √(6/fan_in). → The standard
    deviation is √(2/fan_in).
return math.sqrt(2) / fan_in
    root-of-two-only: The root covers only the 2, not fan_in. → Put the whole fraction under the
    root: √(2/fan_in).
return 2 / math.sqrt(fan_in)
    root-of-fan-in-only: The root covers only fan_in, not the 2. → Put the whole fraction under the
    root: √(2/fan_in).
return math.sqrt(fan_in / 2)
    reciprocal: The fraction stands upside down: more inputs must give smaller weights. → He:
    √(2/fan_in).
return math.sqrt(2 * fan_in)
    product: It multiplies by fan_in where it has to divide. → He: √(2/fan_in).
return 1 / fan_in
    one-over-fan-in: It is 1/fan_in: the variance that keeps a linear layer's scale. → He:
    √(2/fan_in).
return math.sqrt(2 // fan_in)
    integer-division: `//` makes 2 // fan_in a whole number: 0 as soon as fan_in exceeds 2. → Divide
    with `/`.
return (2 / fan_in) ** 2
    square: The fraction is squared where its root is wanted. → `** 0.5`, or `math.sqrt`.
"""

TASK = Task(
    "he_std(fan_in)",
    he_cases,
    he_std,
    mistakes=MISTAKES,
    hints=(
        "ReLU sets half of the units to 0: by which factor does that shrink the mean square?",
        "Var(W) = 2 / fan_in, and the standard deviation is its square root.",
        "`math.sqrt(… / fan_in)`, or `(… / fan_in) ** 0.5` with the parentheses.",
    ),
    place=1,
)
