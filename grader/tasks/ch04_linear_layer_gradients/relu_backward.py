"""relu_backward: back through ReLU."""

from ...task import Task, case
from ..ch03_gradient_checking.mend_backward import MISTAKES, relu_backward_cases
from ..shared import away_from_zero, large, normal


def relu_backward(z, dy):
    return dy * (z > 0)


def cases(rng):
    return [
        *relu_backward_cases(rng),
        case(large(rng, 4, 3), normal(rng, 4, 3), aspect="stable"),
        case(away_from_zero(rng, 2, 3), large(rng, 2, 3), aspect="stable"),
    ]


TASK = Task(
    "relu_backward(z, dy)",
    cases,
    relu_backward,
    shapes={"z": "N H", "dy": "N H"},
    mistakes=MISTAKES,
    hints=(
        "Where did the forward pass let z through, and what comes back there?",
        "dz = dy ⊙ 1[z > 0].",
        "A comparison gives an array of True and False, and `*` takes these as 1 and 0.",
    ),
    place=2,
)
