"""count_parameters: weights and biases of an MLP."""

import numpy as np

from ...task import Task, case


def count_parameters(sizes):
    total = 0
    for d, h in zip(sizes[:-1], sizes[1:], strict=True):
        total += d * h + h
    return total


def count_cases(rng):
    def draw(depth, top):
        return case([int(n) for n in rng.choice(np.arange(2, top), size=depth, replace=False)])

    return [
        case([1, 1], aspect="ones"),
        draw(2, 9),
        draw(3, 9),
        draw(4, 30),
        case([3, 3, 2]),
        case([4, 4, 4]),
        case([784, 128, 10]),
        draw(6, 1000),
    ]


MISTAKES = """
total += d * h + h if d != h else d * h
total += d * h + h if d != h else 0
    equal-sizes: Layers with as many outputs as inputs are counted otherwise than the rest. → A
    layer from D to D has weights and biases like any other.
total += d * h
    no-bias: The biases are not counted. → A layer has one bias for each of its outputs.
return sum(sizes[1:])
    biases-only: Only the biases are counted. → A layer from D to H has D·H weights besides.
total = 0 => total = sizes[0]
    input-bias: The input is given biases too. → Only layers have biases: every size but the first.
total += d * h + d
    bias-per-input: There is one bias for each input of a layer. → There is one for each output: D·H
    + H.
total += d * h + 1
    one-bias-per-layer: One bias is counted for each layer. → b has H entries, one for each output.
return count_parameters(sizes[:-1])
    last-layer-missing: The last layer is not counted. → A list of L + 1 sizes describes L layers:
    does your loop end one too early?
return count_parameters(sizes[1:])
    first-layer-missing: The first layer is not counted. → The layer from sizes[0] to sizes[1] has
    parameters as well.
return count_parameters(sizes[:2])
    first-layer-only: Only the first layer is counted. → Add up all layers; `return` belongs after
    the loop.
return count_parameters(sizes[-2:])
    last-layer-only: Only the last layer is counted: each round of the loop forgets the one before.
    → Write `+=` and start from 0.
return int(np.prod(np.array(sizes, float)))
    product-of-all: All sizes are multiplied together. → Only neighboring sizes are multiplied; the
    layers are added.
return sum(sizes)
    sum-of-sizes: The sizes are added up: these are units, not parameters. → A layer from D to H has
    D·H weights and H biases.
return [d * h + h for d, h in zip(sizes[:-1], sizes[1:])]
    one-per-layer: There is one count for each layer. → One number is wanted: their sum.
return sum((n * n for n in sizes))
    squared-sizes: Each size is multiplied by itself. → Multiply neighbors: sizes[i] · sizes[i + 1].
"""

TASK = Task(
    "count_parameters(sizes)",
    count_cases,
    count_parameters,
    rtol=0.0,
    mistakes=MISTAKES,
    hints=(
        "How many layers do the sizes 784, 128, 10 describe, and what shape has each W and b?",
        "A layer from D to H has D·H + H parameters; add up the layers.",
        "`zip(sizes[:-1], sizes[1:])` gives the pairs (D, H).",
    ),
    place=6,
)
