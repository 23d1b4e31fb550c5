"""xavier_std: a compromise between both directions."""

import math

import numpy as np

from ...task import Task, case


def xavier_std(fan_in, fan_out):
    variance = 2 / (fan_in + fan_out)
    return math.sqrt(variance)


def xavier_cases(rng):
    def draw(low, high):
        fans = rng.choice(np.arange(low, high), size=2, replace=False)
        return case(*map(int, fans))

    n = int(rng.integers(3, 200))
    return [
        case(1, 1, aspect="ones"),
        case(1, 5, aspect="ones"),
        case(5, 1, aspect="ones"),
        case(6, 2),
        case(3, 5),
        draw(2, 12),
        case(n, n),
        draw(10, 100),
        draw(10, 100),
        case(784, 128),
        case(10, 1000),
        draw(100, 4096),
    ]


MISTAKES = """
variance = 2 / fan_in
    he-for-xavier: It is He's √(2/fan_in). → Xavier weighs both directions: √(2/(fan_in + fan_out)).
variance = 2 / fan_out
    fan-out-only: It divides by fan_out alone. → Xavier weighs both directions: √(2/(fan_in +
    fan_out)).
variance = 1 / fan_in
    fan-in-only: It is √(1/fan_in): right for the forward direction alone. → Xavier weighs both
    directions: √(2/(fan_in + fan_out)).
variance = 1 / fan_out
    fan-out-only: It is √(1/fan_out): right for the backward direction alone. → Xavier weighs both
    directions: √(2/(fan_in + fan_out)).
variance = 1 / (fan_in + fan_out)
    no-factor-two: The 2 is missing: it divides by the sum of the fans where their mean is meant. →
    √(2/(fan_in + fan_out)).
return 2 / (fan_in + fan_out)
    variance: It is the variance, 2/(fan_in + fan_out). → The standard deviation is its square root.
variance = 6 / (fan_in + fan_out)
    uniform-limit: It is the limit of the uniform distribution, √(6/(fan_in + fan_out)). → The
    standard deviation is √(2/(fan_in + fan_out)).
variance = 2 / (fan_in * fan_out)
    product-of-fans: The fans are multiplied. → They are added: √(2/(fan_in + fan_out)).
variance = 2 / ((fan_in + fan_out) / 2)
    mean-of-fans: It is exactly √2 too large: the 2 stands outside the root, or the fans are
    averaged and the 2 is kept as well. → Divide 2 by the sum of the fans, then take the root of the
    whole.
return math.sqrt(2 / fan_in + fan_out)
    precedence: Without parentheses this is (2/fan_in) + fan_out. → Put parentheses around the sum:
    2 / (fan_in + fan_out).
return math.sqrt(2 / fan_in + 2 / fan_out)
return math.sqrt(1 / fan_in + 1 / fan_out)
    sum-of-fractions: Two fractions are added. → There is one fraction, 2/(fan_in + fan_out).
return math.sqrt((1 / fan_in + 1 / fan_out) / 2)
    sum-of-fractions: It averages 1/fan_in and 1/fan_out. → The fans are averaged, not their
    reciprocals: 2/(fan_in + fan_out).
return math.sqrt(2) / (fan_in + fan_out)
    root-of-two-only: The root covers only the 2. → Put the whole fraction under the root.
return math.sqrt((fan_in + fan_out) / 2)
    reciprocal: The fraction stands upside down: more connections must give smaller weights. →
    √(2/(fan_in + fan_out)).
return np.sqrt(np.float64(2) / (fan_in - fan_out))
return math.sqrt(2 / abs(fan_in - fan_out))
    difference-of-fans: The fans are subtracted. → They are added.
return math.sqrt(2 // (fan_in + fan_out))
    integer-division: `//` makes the fraction a whole number: 0 as soon as the sum exceeds 2. →
    Divide with `/`.
variance = 1 / (2 * fan_in)
    fan-in-twice: fan_in is added to itself in one form or another; fan_out plays no part. →
    √(2/(fan_in + fan_out)).
"""

TASK = Task(
    "xavier_std(fan_in, fan_out)",
    xavier_cases,
    xavier_std,
    mistakes=MISTAKES,
    hints=(
        "Forward wants 1/fan_in, backward wants 1/fan_out: what lies between?",
        "Var(W) = 2 / (fan_in + fan_out), and the standard deviation is its square root.",
        "`math.sqrt(2 / (…))`, with the sum in parentheses.",
    ),
    place=2,
)
