"""activation_stds: how a signal's spread goes through layers."""

import numpy as np

from ...task import Task, case
from ..shared import normal, relu, sigmoid, tidy


def activation_stds(weights, x, activation):
    h = x
    stds = []
    for W in weights:
        z = h @ W
        h = activation(z)
        stds.append(np.std(h))
    return np.array(stds)


def tanh(z):
    """np.tanh"""
    return np.tanh(z)


def identity(z):
    """z itself: no activation"""
    return np.array(z)


def activation_cases(rng):
    def draw(n, *sizes, activation=tanh, scale=1.0, make=normal, aspect="value"):
        weights = [make(rng, d, h) * scale for d, h in zip(sizes[:-1], sizes[1:])]
        return case(weights, make(rng, n, sizes[0]), activation, aspect=aspect)

    return [
        draw(1, 1, 1, make=tidy, activation=identity, aspect="ones"),
        draw(1, 2, 3, make=tidy, activation=identity, aspect="ones"),
        draw(3, 1, 2, make=tidy, aspect="ones"),
        draw(4, 2, 1, make=tidy, activation=sigmoid, aspect="ones"),
        draw(2, 2, 2, make=tidy, activation=identity),
        draw(2, 2, 3, make=tidy, activation=sigmoid),
        draw(2, 3, 2, 4, make=tidy, activation=identity),
        draw(3, 3, 3, 3),
        draw(6, 4, 5, 3, activation=relu),
        draw(5, 3, 4, activation=relu),
        draw(7, 6, 5, 4, 3, scale=0.5, activation=sigmoid),
        draw(10, 8, 8, 8, 8, 8, scale=0.1, activation=tanh),
        draw(10, 7, 9, 5, 6, scale=3.0, activation=sigmoid),
    ]


MISTAKES = """
stds.append(np.std(h)) => stds.append(np.std(z))
    before-activation: The spread is measured before the activation. → Measure what the layer hands
    on: activation(x @ W).
h = z + 0
    no-activation: The activation is never applied. → Each layer computes activation(x @ W).
h = activation(z) if W is not weights[-1] else z + 0
    last-layer-without-activation: The last layer's output is measured without its activation. →
    Here every layer has the activation, the last one too.
return activation_stds(weights, x, activation)[:-1]
    last-layer-missing: The last layer is missing. → One number for each weight matrix: does your
    loop end one too early?
return [np.std(x), *activation_stds(weights, x, activation)]
    input-included: The spread of the input x stands first. → One number for each weight matrix: the
    input is no layer's output.
return [np.std(x), *activation_stds(weights, x, activation)[:-1]]
    one-layer-late: The spread is measured before the layer: the list begins with x and lacks the
    last layer. → First compute the layer, then measure.
stds.append(np.std(h)) => stds.append(np.std(h, ddof=1))
    sample-std: It is the sample standard deviation, which divides by n − 1. → The population std
    divides by n: `np.std` without `ddof`.
stds.append(np.std(h)) => stds.append(np.var(h))
    variance: It is the variance. → The standard deviation is its square root: `np.std`.
stds.append(np.std(h)) => stds.append(np.sqrt(np.mean(h**2)))
    root-mean-square: It is the root of the mean square: the mean is not subtracted. → `np.std`
    subtracts the mean first.
stds.append(np.std(h)) => stds.append(np.mean(h))
    mean: It is the mean. → The standard deviation is wanted: `np.std`.
stds.append(np.std(h)) => stds.append(np.mean(np.abs(h)))
    mean: It is the mean of the absolute values. → The standard deviation is wanted: `np.std`.
stds.append(np.std(h)) => stds.append(np.linalg.norm(h))
    norm: It is the norm, which grows with the number of entries. → The standard deviation is
    wanted: `np.std`.
stds.append(np.std(h)) => stds.append(h.std(axis=0).mean())
    mean-of-column-stds: It is the mean of the columns' standard deviations. → Take one standard
    deviation over all entries: `np.std` without an axis.
stds.append(np.std(h)) => stds.append(h.std(axis=1).mean())
    mean-of-row-stds: It is the mean of the rows' standard deviations. → Take one standard deviation
    over all entries: `np.std` without an axis.
stds.append(np.std(h)) => stds.append(h.std(axis=0)); return stds
    std-per-unit: There is one standard deviation for each unit. → One number for each layer:
    `np.std` without an axis.
stds.append(np.std(h)) => stds.append(h.std(axis=1)); return stds
    std-per-example: There is one standard deviation for each example. → One number for each layer:
    `np.std` without an axis.
return [np.std(activation(x @ W)) for W in weights]
    not-passed-on: Every layer is fed with x itself. → Each layer takes the output of the one
    before.
h = z + 0; stds.append(np.std(h)) => stds.append(np.std(activation(h)))
    pre-activation-passed-on: The activation is measured but not handed on: the next layer gets the
    pre-activation. → Replace x by activation(x @ W).
z = activation(h) @ W; h = z + 0
    activation-first: The activation comes before the layer. → First x @ W, then the activation.
h = activation(activation(z))
    activation-twice: The activation is applied twice. → Each layer computes activation(x @ W),
    once.
z = h @ W.T
    transposed-weights: The weights are transposed. → W has shape (in, out): x @ W fits without a
    transpose.
z = W @ h
    swapped-factors: The factors are swapped: W @ x where x @ W belongs. → Rows are examples here,
    so x stands on the left.
return [np.std(W) for W in weights]
    std-of-weights: It is the spread of the weights. → The spread of each layer's output is wanted.
return activation_stds(weights, x, activation)[-1]
    last-layer-only: Only the last layer's spread is returned. → Collect one number for each layer
    in a list.
return activation_stds(weights, x, activation)[-1:]
    last-layer-only: Only the last layer's spread is returned. → Collect one number for each layer:
    make the list before the loop.
return activation_stds(weights[:1], x, activation)
    first-layer-only: Only the first layer's spread is returned. → `return` belongs after the loop.
return activation_stds(weights[:1], x, activation)[0]
    first-layer-only: Only the first layer's spread is returned. → Collect one number for each layer
    in a list; `return` belongs after the loop.
stds.append(np.std(h)) => stds.append(h); return stds
    outputs: These are the outputs themselves. → Return the standard deviation of each.
return [s / np.std(x) for s in activation_stds(weights, x, activation)]
    ratio: The spread is divided by that of the input. → Return each layer's own standard deviation.
z = (h / np.std(h) if stds else h) @ W
    normalized-between: Each layer's output is divided by its spread before it is handed on. → Hand
    the output on as it is: what happens to its scale is the question.
return activation_stds(weights, x, activation)[::-1]
    reversed-layers: The list runs from the last layer to the first. → First layer first.
"""

TASK = Task(
    "activation_stds(weights, x, activation)",
    activation_cases,
    activation_stds,
    shapes={"x": "N D"},
    mistakes=MISTAKES,
    hints=(
        "How many numbers are wanted for three weight matrices, and which array is the last "
        "one the spread of?",
        "h₀ = x, hₗ = activation(hₗ₋₁ Wₗ), and the std of all entries of hₗ for l = 1 … L.",
        "In a loop over weights: `x = activation(x @ W)`, then append `np.std(x)` to a list.",
    ),
    place=4,
)
