"""best_std: a spread that a deep net keeps."""

import math

from ...diagnosis import Diagnosis
from ...task import Task, case


def best_std(width, depth):
    variance = 2 / width
    return math.sqrt(variance)


def best_std_cases(rng):
    return [
        case(1, 1, aspect="ones"),
        case(2, 1, aspect="ones"),
        case(8, 1, aspect="ones"),
        case(8, 5),
        case(50, 2),
        case(10, 50),
        case(64, 20),
        case(int(rng.integers(3, 40)), int(rng.integers(10, 60))),
        case(int(rng.integers(100, 600)), int(rng.integers(10, 60))),
        case(784, 10),
        case(1000, 100),
        case(3, 30),
    ]


def accept_best_std(value, width, depth):
    if isinstance(value, list) or value.shape != ():
        text = "One number is wanted, the standard deviation σ of all weights."
        return Diagnosis("wrong-type", text, "Return a single float.")
    std = float(value)
    if not 0 < std < math.inf:
        text = f"σ = {std:.6g} is no standard deviation of weights that let a signal through."
        return Diagnosis("not-positive", text, "σ has to be positive and finite.")
    log_2 = depth * (math.log2(std) + math.log2(width / 2) / 2)
    if abs(log_2) <= 1 + 1e-5:
        return None
    size = f"about 10^{log_2 * math.log10(2):.0f}" if abs(log_2) > 13 else f"{2**log_2:.4g}"
    what = f"With σ = {std:.6g}, (σ·√(width/2))^depth is {size}: "
    advice = "The factor of one layer, σ·√(width/2), has to be 1 or very close to it: solve for σ."
    if log_2 < 0:
        return Diagnosis("signal-vanishes", what + "below ½, the signal dies out.", advice)
    return Diagnosis("signal-explodes", what + "above 2, the signal explodes.", advice)


MISTAKES = """
return math.sqrt(1 / width)
    xavier-for-he: √(1/width) is Xavier's: each ReLU layer multiplies the signal by √½, and depth
    does the rest. → ReLU removes half of the variance: put it back with a 2.
return 2 / width
    variance: 2/width is the variance. → The standard deviation is its square root.
return 1 / width
    variance: 1/width is a variance (and Xavier's). → The standard deviation is a square root; for
    ReLU that of 2/width.
return math.sqrt(width / 2)
    reciprocal: The fraction stands upside down: wider layers need smaller weights. → Solve
    σ·√(width/2) = 1 for σ.
return math.sqrt(6 / width)
    uniform-limit: √(6/width) is the limit of a uniform distribution. → Its standard deviation is √3
    times smaller.
return math.sqrt(2 / depth)
    depth-for-width: It divides by the depth. → A unit sums over the width of the layer before:
    divide by width.
return math.sqrt(2 / (width * depth))
return math.sqrt(2 / width) / depth
    depth-divided-too: It divides by the depth as well. → What keeps one layer's scale keeps it for
    any depth: √(2/width).
return math.sqrt(2 / (width + depth))
    depth-added: Width and depth are added. → Depth is no fan-out: the σ that keeps one layer's
    scale is √(2/width).
return math.sqrt(2) / width
    root-of-two-only: The root covers only the 2. → Put the whole fraction under the root:
    √(2/width).
return 2 / math.sqrt(width)
    root-of-width-only: The root covers only the width, not the 2. → Put the whole fraction under
    the root: √(2/width).
return math.sqrt(2 / width) ** (1 / depth)
    root-of-depth: The depth-th root is taken of the whole. → Take it of the wanted product only:
    (σ·√(width/2))^depth = 1 means σ·√(width/2) = 1.
return math.sqrt(2 / width) ** depth
    power-of-depth: √(2/width) is raised to the power of the depth. → σ is the std of each single
    layer: the power is what becomes of the signal.
return 1.0
    constant: It is 1 for every width. → The right σ depends on the width: solve σ·√(width/2) = 1.
return 0.1
    constant: It is 0.1 for every width. → The right σ depends on the width: solve σ·√(width/2) = 1.
return 0.05
    constant: It is 0.05 for every width. → The right σ depends on the width: solve σ·√(width/2) =
    1.
return 0.02
    constant: It is 0.02 for every width. → The right σ depends on the width: solve σ·√(width/2) =
    1.
return 0.01
    constant: It is 0.01 for every width. → The right σ depends on the width: solve σ·√(width/2) =
    1.
return 2 / math.sqrt(width / 2)
    one-layer-only: It makes the factor of a single layer 2, and depth multiplies it. → Choose the
    factor of one layer so that its depth-th power stays between ½ and 2.
return 0.5 / math.sqrt(width / 2)
    one-layer-only: It makes the factor of a single layer ½, and depth multiplies it. → Choose the
    factor of one layer so that its depth-th power stays between ½ and 2.
"""

TASK = Task(
    "best_std(width, depth)",
    best_std_cases,
    slipped=best_std,
    accept=accept_best_std,
    mistakes=MISTAKES,
    hints=(
        "By which factor does one ReLU layer multiply the size of the signal?",
        "One layer multiplies it by σ·√(width/2). What must that be, so that its depth-th "
        "power stays near 1?",
        "Solve σ·√(width/2) = 1 for σ.",
    ),
    place=6,
)
