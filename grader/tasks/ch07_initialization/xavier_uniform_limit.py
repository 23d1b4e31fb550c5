"""xavier_uniform_limit: the same variance, drawn evenly."""

import math

import numpy as np

from ...task import Task, case


def xavier_uniform_limit(fan_in, fan_out):
    square = 6 / (fan_in + fan_out)
    return math.sqrt(square)


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
square = 2 / (fan_in + fan_out)
    std-for-limit: It is the standard deviation, √(2/(fan_in + fan_out)). → U(−a, a) has the
    standard deviation a/√3: the limit a is √3 times larger.
square = 6 / fan_in
    he-for-xavier: It is He's limit, √(6/fan_in). → Xavier weighs both directions: √(6/(fan_in +
    fan_out)).
square = 2 / fan_in
    he-for-xavier: It is He's standard deviation, √(2/fan_in). → Xavier's uniform limit is
    √(6/(fan_in + fan_out)).
square = 6 / fan_out
    fan-out-only: It divides by fan_out alone. → Xavier weighs both directions: √(6/(fan_in +
    fan_out)).
square = 3 / fan_in
    fan-in-only: It is √(3/fan_in): right for the forward direction alone. → Xavier weighs both
    directions: √(6/(fan_in + fan_out)).
square = 1 / fan_in
    fan-in-only: It is √(1/fan_in), with neither fan_out nor the 6. → √(6/(fan_in + fan_out)).
square = 3 / fan_out
    fan-out-only: It is √(3/fan_out): right for the backward direction alone. → Xavier weighs both
    directions: √(6/(fan_in + fan_out)).
square = 3 / (fan_in + fan_out)
    three-for-six: A factor 2 under the root is missing: 3 stands where 6 belongs. → a = √3 · std,
    and std² = 2/(fan_in + fan_out): 3 · 2 = 6.
square = 12 / (fan_in + fan_out)
    twelve-for-six: The number under the root is 12: the fans are averaged and the 6 is kept, or the
    width of U(−a, a) is taken as a rather than 2a. → The variance of U(−a, a) is a²/3, and 3 ·
    2/(fan_in + fan_out) is a².
[doubled]
    full-width: It is the full width 2a of the interval from −a to a. → The limit a is wanted.
[halved]
    half-limit: It is half the limit. → a = √(6/(fan_in + fan_out)).
return 6 / (fan_in + fan_out)
    variance: The square root is missing. → a = √(6/(fan_in + fan_out)).
return 2 / (fan_in + fan_out)
    variance: It is the variance of the weights. → a = √(3 · variance) = √(6/(fan_in + fan_out)).
[negated]
    lower-limit: It is the lower limit, −a. → The positive limit a is wanted.
return -math.sqrt(6 / (fan_in + fan_out)), math.sqrt(6 / (fan_in + fan_out))
    both-limits: Both limits, −a and a, are returned. → One number is wanted, a.
square = 6 / (fan_in * fan_out)
    product-of-fans: The fans are multiplied. → They are added: √(6/(fan_in + fan_out)).
return math.sqrt(6 / fan_in + fan_out)
    precedence: Without parentheses this is (6/fan_in) + fan_out. → Put parentheses around the sum:
    6 / (fan_in + fan_out).
return math.sqrt(6) / (fan_in + fan_out)
    root-of-six-only: The root covers only the 6. → Put the whole fraction under the root.
return 6 / math.sqrt(fan_in + fan_out)
    root-of-fans-only: The root covers only the sum of the fans, not the 6. → Put the whole fraction
    under the root.
return math.sqrt((fan_in + fan_out) / 6)
    reciprocal: The fraction stands upside down. → √(6/(fan_in + fan_out)).
return math.sqrt(6 // (fan_in + fan_out))
    integer-division: `//` makes the fraction a whole number: 0 as soon as the sum exceeds 6. →
    Divide with `/`.
"""

TASK = Task(
    "xavier_uniform_limit(fan_in, fan_out)",
    xavier_cases,
    xavier_uniform_limit,
    mistakes=MISTAKES,
    hints=(
        "What is the variance of a number drawn evenly between −a and a?",
        "Var U(−a, a) = a²/3. Set it equal to 2 / (fan_in + fan_out) and solve for a.",
        "√3 times xavier_std(fan_in, fan_out), or `math.sqrt(… / (fan_in + fan_out))`.",
    ),
    place=3,
)
