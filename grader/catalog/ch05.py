"""Chapter 5: initialization and vanishing gradients."""

import math

import numpy as np

from ..task import Finding, Mistake, Task, case
from .drawing import normal, tidy

CHAPTER = "07_initialization"


# --- he_std -------------------------------------------------------------------------------------


def he_std(fan_in):
    return math.sqrt(2 / fan_in)


def he_cases(rng):
    drawn = rng.choice(np.arange(3, 60), size=4, replace=False)
    return [
        case(1, aspect="ones"),
        case(8),
        *[case(int(n)) for n in sorted(drawn)],
        case(784),
        case(int(rng.integers(100, 4096))),
    ]


HE_MISTAKES = (
    Mistake(
        "variance",
        lambda fan_in: 2 / fan_in,
        "It is the variance, 2/fan_in.",
        "The standard deviation is its square root.",
    ),
    Mistake(
        "no-factor-two",
        lambda fan_in: math.sqrt(1 / fan_in),
        "The 2 is missing: √(1/fan_in) keeps the variance of a linear layer, and ReLU removes half of it.",
        "He: √(2/fan_in).",
    ),
    Mistake(
        "uniform-limit",
        lambda fan_in: math.sqrt(6 / fan_in),
        "It is the limit of the uniform distribution, √(6/fan_in).",
        "The standard deviation is √(2/fan_in).",
    ),
    Mistake(
        "root-of-two-only",
        lambda fan_in: math.sqrt(2) / fan_in,
        "The root covers only the 2, not fan_in.",
        "Put the whole fraction under the root: √(2/fan_in).",
    ),
    Mistake(
        "root-of-fan-in-only",
        lambda fan_in: 2 / math.sqrt(fan_in),
        "The root covers only fan_in, not the 2.",
        "Put the whole fraction under the root: √(2/fan_in).",
    ),
    Mistake(
        "reciprocal",
        lambda fan_in: math.sqrt(fan_in / 2),
        "The fraction stands upside down: more inputs must give smaller weights.",
        "He: √(2/fan_in).",
    ),
    Mistake(
        "product",
        lambda fan_in: math.sqrt(2 * fan_in),
        "It multiplies by fan_in where it has to divide.",
        "He: √(2/fan_in).",
    ),
    Mistake(
        "one-over-fan-in",
        lambda fan_in: 1 / fan_in,
        "It is 1/fan_in: the variance that keeps a linear layer's scale.",
        "He: √(2/fan_in).",
    ),
    Mistake(
        "integer-division",
        lambda fan_in: math.sqrt(2 // fan_in),
        "`//` makes 2 // fan_in a whole number: 0 as soon as fan_in exceeds 2.",
        "Divide with `/`.",
    ),
    Mistake(
        "square",
        lambda fan_in: (2 / fan_in) ** 2,
        "The fraction is squared where its root is wanted.",
        "`** 0.5`, or `math.sqrt`.",
    ),
)

# --- xavier_std and xavier_uniform_limit --------------------------------------------------------


def xavier_std(fan_in, fan_out):
    return math.sqrt(2 / (fan_in + fan_out))


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


def _root(numerator, denominator):
    return lambda fan_in, fan_out: math.sqrt(numerator / denominator(fan_in, fan_out))


def _in(fan_in, fan_out):
    return fan_in


def _out(fan_in, fan_out):
    return fan_out


def _sum(fan_in, fan_out):
    return fan_in + fan_out


def _product(fan_in, fan_out):
    return fan_in * fan_out


XAVIER_MISTAKES = (
    Mistake(
        "he-for-xavier",
        _root(2, _in),
        "It is He's √(2/fan_in).",
        "Xavier weighs both directions: √(2/(fan_in + fan_out)).",
    ),
    Mistake(
        "fan-out-only",
        _root(2, _out),
        "It divides by fan_out alone.",
        "Xavier weighs both directions: √(2/(fan_in + fan_out)).",
    ),
    Mistake(
        "fan-in-only",
        _root(1, _in),
        "It is √(1/fan_in): right for the forward direction alone.",
        "Xavier weighs both directions: √(2/(fan_in + fan_out)).",
    ),
    Mistake(
        "fan-out-only",
        _root(1, _out),
        "It is √(1/fan_out): right for the backward direction alone.",
        "Xavier weighs both directions: √(2/(fan_in + fan_out)).",
    ),
    Mistake(
        "no-factor-two",
        _root(1, _sum),
        "The 2 is missing: it divides by the sum of the fans where their mean is meant.",
        "√(2/(fan_in + fan_out)).",
    ),
    Mistake(
        "variance",
        lambda fan_in, fan_out: 2 / (fan_in + fan_out),
        "It is the variance, 2/(fan_in + fan_out).",
        "The standard deviation is its square root.",
    ),
    Mistake(
        "uniform-limit",
        _root(6, _sum),
        "It is the limit of the uniform distribution, √(6/(fan_in + fan_out)).",
        "The standard deviation is √(2/(fan_in + fan_out)).",
    ),
    Mistake(
        "product-of-fans",
        _root(2, _product),
        "The fans are multiplied.",
        "They are added: √(2/(fan_in + fan_out)).",
    ),
    Mistake(
        "mean-of-fans",
        _root(2, lambda fan_in, fan_out: (fan_in + fan_out) / 2),
        "It is exactly √2 too large: the 2 stands outside the root, or the fans are averaged and the "
        "2 is kept as well.",
        "Divide 2 by the sum of the fans, then take the root of the whole.",
    ),
    Mistake(
        "precedence",
        lambda fan_in, fan_out: math.sqrt(2 / fan_in + fan_out),
        "Without parentheses this is (2/fan_in) + fan_out.",
        "Put parentheses around the sum: 2 / (fan_in + fan_out).",
    ),
    Mistake(
        "sum-of-fractions",
        lambda fan_in, fan_out: math.sqrt(2 / fan_in + 2 / fan_out),
        "Two fractions are added.",
        "There is one fraction, 2/(fan_in + fan_out).",
    ),
    Mistake(
        "sum-of-fractions",
        lambda fan_in, fan_out: math.sqrt(1 / fan_in + 1 / fan_out),
        "Two fractions are added.",
        "There is one fraction, 2/(fan_in + fan_out).",
    ),
    Mistake(
        "sum-of-fractions",
        lambda fan_in, fan_out: math.sqrt((1 / fan_in + 1 / fan_out) / 2),
        "It averages 1/fan_in and 1/fan_out.",
        "The fans are averaged, not their reciprocals: 2/(fan_in + fan_out).",
    ),
    Mistake(
        "root-of-two-only",
        lambda fan_in, fan_out: math.sqrt(2) / (fan_in + fan_out),
        "The root covers only the 2.",
        "Put the whole fraction under the root.",
    ),
    Mistake(
        "reciprocal",
        lambda fan_in, fan_out: math.sqrt((fan_in + fan_out) / 2),
        "The fraction stands upside down: more connections must give smaller weights.",
        "√(2/(fan_in + fan_out)).",
    ),
    Mistake(
        "difference-of-fans",
        lambda fan_in, fan_out: np.sqrt(np.float64(2) / (fan_in - fan_out)),
        "The fans are subtracted.",
        "They are added.",
    ),
    Mistake(
        "difference-of-fans",
        lambda fan_in, fan_out: math.sqrt(2 / abs(fan_in - fan_out)),
        "The fans are subtracted.",
        "They are added.",
    ),
    Mistake(
        "integer-division",
        lambda fan_in, fan_out: math.sqrt(2 // (fan_in + fan_out)),
        "`//` makes the fraction a whole number: 0 as soon as the sum exceeds 2.",
        "Divide with `/`.",
    ),
    Mistake(
        "fan-in-twice",
        _root(1, lambda fan_in, fan_out: 2 * fan_in),
        "fan_in is added to itself in one form or another; fan_out plays no part.",
        "√(2/(fan_in + fan_out)).",
    ),
)

XAVIER_UNIFORM_MISTAKES = (
    Mistake(
        "std-for-limit",
        _root(2, _sum),
        "It is the standard deviation, √(2/(fan_in + fan_out)).",
        "U(−a, a) has the standard deviation a/√3: the limit a is √3 times larger.",
    ),
    Mistake(
        "he-for-xavier",
        _root(6, _in),
        "It is He's limit, √(6/fan_in).",
        "Xavier weighs both directions: √(6/(fan_in + fan_out)).",
    ),
    Mistake(
        "he-for-xavier",
        _root(2, _in),
        "It is He's standard deviation, √(2/fan_in).",
        "Xavier's uniform limit is √(6/(fan_in + fan_out)).",
    ),
    Mistake(
        "fan-out-only",
        _root(6, _out),
        "It divides by fan_out alone.",
        "Xavier weighs both directions: √(6/(fan_in + fan_out)).",
    ),
    Mistake(
        "fan-in-only",
        _root(3, _in),
        "It is √(3/fan_in): right for the forward direction alone.",
        "Xavier weighs both directions: √(6/(fan_in + fan_out)).",
    ),
    Mistake(
        "fan-in-only",
        _root(1, _in),
        "It is √(1/fan_in), with neither fan_out nor the 6.",
        "√(6/(fan_in + fan_out)).",
    ),
    Mistake(
        "fan-out-only",
        _root(3, _out),
        "It is √(3/fan_out): right for the backward direction alone.",
        "Xavier weighs both directions: √(6/(fan_in + fan_out)).",
    ),
    Mistake(
        "three-for-six",
        _root(3, _sum),
        "A factor 2 under the root is missing: 3 stands where 6 belongs.",
        "a = √3 · std, and std² = 2/(fan_in + fan_out): 3 · 2 = 6.",
    ),
    Mistake(
        "twelve-for-six",
        _root(12, _sum),
        "The number under the root is 12: the fans are averaged and the 6 is kept, or the width of "
        "U(−a, a) is taken as a rather than 2a.",
        "The variance of U(−a, a) is a²/3, and 3 · 2/(fan_in + fan_out) is a².",
    ),
    Mistake(
        "full-width",
        lambda fan_in, fan_out: 2 * math.sqrt(6 / (fan_in + fan_out)),
        "It is the full width 2a of the interval from −a to a.",
        "The limit a is wanted.",
    ),
    Mistake(
        "half-limit",
        lambda fan_in, fan_out: math.sqrt(6 / (fan_in + fan_out)) / 2,
        "It is half the limit.",
        "a = √(6/(fan_in + fan_out)).",
    ),
    Mistake(
        "variance",
        lambda fan_in, fan_out: 6 / (fan_in + fan_out),
        "The square root is missing.",
        "a = √(6/(fan_in + fan_out)).",
    ),
    Mistake(
        "variance",
        lambda fan_in, fan_out: 2 / (fan_in + fan_out),
        "It is the variance of the weights.",
        "a = √(3 · variance) = √(6/(fan_in + fan_out)).",
    ),
    Mistake(
        "lower-limit",
        lambda fan_in, fan_out: -math.sqrt(6 / (fan_in + fan_out)),
        "It is the lower limit, −a.",
        "The positive limit a is wanted.",
    ),
    Mistake(
        "both-limits",
        lambda fan_in, fan_out: (
            -math.sqrt(6 / (fan_in + fan_out)),
            math.sqrt(6 / (fan_in + fan_out)),
        ),
        "Both limits, −a and a, are returned.",
        "One number is wanted, a.",
    ),
    Mistake(
        "product-of-fans",
        _root(6, _product),
        "The fans are multiplied.",
        "They are added: √(6/(fan_in + fan_out)).",
    ),
    Mistake(
        "precedence",
        lambda fan_in, fan_out: math.sqrt(6 / fan_in + fan_out),
        "Without parentheses this is (6/fan_in) + fan_out.",
        "Put parentheses around the sum: 6 / (fan_in + fan_out).",
    ),
    Mistake(
        "root-of-six-only",
        lambda fan_in, fan_out: math.sqrt(6) / (fan_in + fan_out),
        "The root covers only the 6.",
        "Put the whole fraction under the root.",
    ),
    Mistake(
        "root-of-fans-only",
        lambda fan_in, fan_out: 6 / math.sqrt(fan_in + fan_out),
        "The root covers only the sum of the fans, not the 6.",
        "Put the whole fraction under the root.",
    ),
    Mistake(
        "reciprocal",
        lambda fan_in, fan_out: math.sqrt((fan_in + fan_out) / 6),
        "The fraction stands upside down.",
        "√(6/(fan_in + fan_out)).",
    ),
    Mistake(
        "integer-division",
        lambda fan_in, fan_out: math.sqrt(6 // (fan_in + fan_out)),
        "`//` makes the fraction a whole number: 0 as soon as the sum exceeds 6.",
        "Divide with `/`.",
    ),
)

# --- activation_stds ----------------------------------------------------------------------------


def relu(z):
    """max(z, 0)"""
    return np.maximum(z, 0)


def tanh(z):
    """np.tanh"""
    return np.tanh(z)


def sigmoid(z):
    """the sigmoid"""
    return 0.5 * (1 + np.tanh(z / 2))


def identity(z):
    """z itself: no activation"""
    return np.array(z)


def outputs(weights, x, activation):
    """Return every layer's output after the activation."""
    found = []
    for W in weights:
        x = activation(x @ W)
        found.append(x)
    return found


def activation_stds(weights, x, activation):
    return np.array([np.std(a) for a in outputs(weights, x, activation)])


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


def _stds(weights, x, activation, std=np.std):
    return [std(a) for a in outputs(weights, x, activation)]


def _pre_activations(weights, x, activation):
    found = []
    for W in weights:
        found.append(x @ W)
        x = activation(found[-1])
    return found


def _without_last_activation(weights, x, activation):
    return [*outputs(weights[:-1], x, activation), _pre_activations(weights, x, activation)[-1]]


def _transposed_weights(weights, x, activation):
    return _stds([W.T for W in weights], x, activation)


def _columns_as_examples(weights, x, activation):
    found = []
    for W in weights:
        x = activation(W @ x)
        found.append(np.std(x))
    return found


def _normalized_between(weights, x, activation):
    found = []
    for W in weights:
        x = activation(x @ W)
        found.append(np.std(x))
        x = x / found[-1]
    return found


ACTIVATION_STDS_MISTAKES = (
    Mistake(
        "before-activation",
        lambda weights, x, f: [np.std(z) for z in _pre_activations(weights, x, f)],
        "The spread is measured before the activation.",
        "Measure what the layer hands on: activation(x @ W).",
    ),
    Mistake(
        "no-activation",
        lambda weights, x, f: _stds(weights, x, lambda z: z),
        "The activation is never applied.",
        "Each layer computes activation(x @ W).",
    ),
    Mistake(
        "last-layer-without-activation",
        lambda weights, x, f: [np.std(a) for a in _without_last_activation(weights, x, f)],
        "The last layer's output is measured without its activation.",
        "Here every layer has the activation, the last one too.",
    ),
    Mistake(
        "last-layer-missing",
        lambda weights, x, f: _stds(weights, x, f)[:-1],
        "The last layer is missing.",
        "One number for each weight matrix: does your loop end one too early?",
    ),
    Mistake(
        "input-included",
        lambda weights, x, f: [np.std(x), *_stds(weights, x, f)],
        "The spread of the input x stands first.",
        "One number for each weight matrix: the input is no layer's output.",
    ),
    Mistake(
        "one-layer-late",
        lambda weights, x, f: [np.std(x), *_stds(weights, x, f)[:-1]],
        "The spread is measured before the layer: the list begins with x and lacks the last layer.",
        "First compute the layer, then measure.",
    ),
    Mistake(
        "sample-std",
        lambda weights, x, f: _stds(weights, x, f, lambda a: np.std(a, ddof=1)),
        "It is the sample standard deviation, which divides by n − 1.",
        "The population std divides by n: `np.std` without `ddof`.",
    ),
    Mistake(
        "variance",
        lambda weights, x, f: _stds(weights, x, f, np.var),
        "It is the variance.",
        "The standard deviation is its square root: `np.std`.",
    ),
    Mistake(
        "root-mean-square",
        lambda weights, x, f: _stds(weights, x, f, lambda a: np.sqrt(np.mean(a**2))),
        "It is the root of the mean square: the mean is not subtracted.",
        "`np.std` subtracts the mean first.",
    ),
    Mistake(
        "mean",
        lambda weights, x, f: _stds(weights, x, f, np.mean),
        "It is the mean.",
        "The standard deviation is wanted: `np.std`.",
    ),
    Mistake(
        "mean",
        lambda weights, x, f: _stds(weights, x, f, lambda a: np.mean(np.abs(a))),
        "It is the mean of the absolute values.",
        "The standard deviation is wanted: `np.std`.",
    ),
    Mistake(
        "norm",
        lambda weights, x, f: _stds(weights, x, f, np.linalg.norm),
        "It is the norm, which grows with the number of entries.",
        "The standard deviation is wanted: `np.std`.",
    ),
    Mistake(
        "mean-of-column-stds",
        lambda weights, x, f: _stds(weights, x, f, lambda a: a.std(axis=0).mean()),
        "It is the mean of the columns' standard deviations.",
        "Take one standard deviation over all entries: `np.std` without an axis.",
    ),
    Mistake(
        "mean-of-row-stds",
        lambda weights, x, f: _stds(weights, x, f, lambda a: a.std(axis=1).mean()),
        "It is the mean of the rows' standard deviations.",
        "Take one standard deviation over all entries: `np.std` without an axis.",
    ),
    Mistake(
        "std-per-unit",
        lambda weights, x, f: _stds(weights, x, f, lambda a: a.std(axis=0)),
        "There is one standard deviation for each unit.",
        "One number for each layer: `np.std` without an axis.",
    ),
    Mistake(
        "std-per-example",
        lambda weights, x, f: _stds(weights, x, f, lambda a: a.std(axis=1)),
        "There is one standard deviation for each example.",
        "One number for each layer: `np.std` without an axis.",
    ),
    Mistake(
        "not-passed-on",
        lambda weights, x, f: [np.std(f(x @ W)) for W in weights],
        "Every layer is fed with x itself.",
        "Each layer takes the output of the one before.",
    ),
    Mistake(
        "pre-activation-passed-on",
        lambda weights, x, f: [np.std(f(z)) for z in _pre_activations(weights, x, lambda z: z)],
        "The activation is measured but not handed on: the next layer gets the pre-activation.",
        "Replace x by activation(x @ W).",
    ),
    Mistake(
        "activation-first",
        lambda weights, x, f: [np.std(z) for z in _pre_activations(weights, f(x), f)],
        "The activation comes before the layer.",
        "First x @ W, then the activation.",
    ),
    Mistake(
        "activation-twice",
        lambda weights, x, f: _stds(weights, x, lambda z: f(f(z))),
        "The activation is applied twice.",
        "Each layer computes activation(x @ W), once.",
    ),
    Mistake(
        "transposed-weights",
        _transposed_weights,
        "The weights are transposed.",
        "W has shape (in, out): x @ W fits without a transpose.",
    ),
    Mistake(
        "swapped-factors",
        _columns_as_examples,
        "The factors are swapped: W @ x where x @ W belongs.",
        "Rows are examples here, so x stands on the left.",
    ),
    Mistake(
        "std-of-weights",
        lambda weights, x, f: [np.std(W) for W in weights],
        "It is the spread of the weights.",
        "The spread of each layer's output is wanted.",
    ),
    Mistake(
        "last-layer-only",
        lambda weights, x, f: _stds(weights, x, f)[-1],
        "Only the last layer's spread is returned.",
        "Collect one number for each layer in a list.",
    ),
    Mistake(
        "last-layer-only",
        lambda weights, x, f: _stds(weights, x, f)[-1:],
        "Only the last layer's spread is returned.",
        "Collect one number for each layer: make the list before the loop.",
    ),
    Mistake(
        "first-layer-only",
        lambda weights, x, f: _stds(weights[:1], x, f),
        "Only the first layer's spread is returned.",
        "`return` belongs after the loop.",
    ),
    Mistake(
        "first-layer-only",
        lambda weights, x, f: _stds(weights[:1], x, f)[0],
        "Only the first layer's spread is returned.",
        "Collect one number for each layer in a list; `return` belongs after the loop.",
    ),
    Mistake(
        "outputs",
        outputs,
        "These are the outputs themselves.",
        "Return the standard deviation of each.",
    ),
    Mistake(
        "ratio",
        lambda weights, x, f: [s / np.std(x) for s in _stds(weights, x, f)],
        "The spread is divided by that of the input.",
        "Return each layer's own standard deviation.",
    ),
    Mistake(
        "normalized-between",
        _normalized_between,
        "Each layer's output is divided by its spread before it is handed on.",
        "Hand the output on as it is: what happens to its scale is the question.",
    ),
    Mistake(
        "reversed-layers",
        lambda weights, x, f: _stds(weights, x, f)[::-1],
        "The list runs from the last layer to the first.",
        "First layer first.",
    ),
)


# --- clip_gradients -----------------------------------------------------------------------------


def clip_gradients(grads, max_norm):
    norm = math.sqrt(sum(float(np.sum(g**2)) for g in grads))
    return [g * (max_norm / norm if norm > max_norm else 1.0) for g in grads], norm


def clip_cases(rng):
    def draw(*shapes, ratio, make=normal, aspect="value"):
        grads = [make(rng, *shape) for shape in shapes]
        norm = math.sqrt(sum(float(np.sum(g**2)) for g in grads))
        return case(grads, float(f"{ratio * norm:.3g}"), aspect=aspect)

    zeros = [np.zeros((2, 3)), np.zeros(3)]
    return [
        case([np.array([3.0]), np.array([4.0])], 5.0, aspect="edge"),
        case([np.array([6.0, 8.0])], 10.0, aspect="edge"),
        case(zeros, 1.0, aspect="edge"),
        case([np.zeros(2)], 0.5, aspect="edge"),
        case([np.array([-3.0])], 1.0, aspect="ones"),
        case([np.array([[0.5]])], 2.0, aspect="ones"),
        case([np.array([3.0, 0.0]), np.array([0.0, -4.0])], 1.0),
        case([np.array([3.0, 0.0]), np.array([0.0, -4.0])], 20.0),
        case([np.array([[0.5, 0.0]]), np.array([6.0])], 3.0),
        draw((2, 3), (3,), ratio=0.4, make=tidy),
        draw((2, 3), (3,), ratio=1.7, make=tidy),
        draw((3, 3), (3,), (3, 3), (3,), ratio=0.9),
        draw((4, 5), (5,), (5, 2), (2,), ratio=0.1),
        draw((4, 5), (5,), (5, 2), (2,), ratio=3.0),
        draw((6, 4), (4,), ratio=0.01),
        draw((3, 7), ratio=0.7),
    ]


def _norm(grads):
    return math.sqrt(sum(float(np.sum(g**2)) for g in grads))


def _scaled(factor, norm=_norm):
    """Make the answer that multiplies by factor(norm, max_norm)."""

    def clip(grads, max_norm):
        n = norm(grads)
        with np.errstate(all="ignore"):
            return [g * factor(n, max_norm) for g in grads], n

    return clip


def _when_above(n, max_norm):
    return max_norm / n if n > max_norm else 1.0


def _each_by_itself(grads, max_norm):
    return [g * _when_above(np.linalg.norm(g), max_norm) for g in grads], _norm(grads)


def _norm_after(grads, max_norm):
    clipped, norm = clip_gradients(grads, max_norm)
    return clipped, _norm(clipped)


CLIP_MISTAKES = (
    Mistake(
        "each-array-by-itself",
        _each_by_itself,
        "Every array is clipped by its own norm, which turns the gradient as a whole.",
        "Compute one norm over all arrays and scale all of them by the same factor.",
    ),
    Mistake(
        "each-array-by-itself",
        lambda grads, max_norm: (
            _each_by_itself(grads, max_norm)[0],
            [np.linalg.norm(g) for g in grads],
        ),
        "Every array is clipped by its own norm, which turns the gradient as a whole.",
        "Compute one norm over all arrays and scale all of them by the same factor.",
    ),
    Mistake(
        "each-array-by-itself",
        lambda grads, max_norm: (
            _each_by_itself(grads, max_norm)[0],
            np.linalg.norm(grads[-1]),
        ),
        "Every array is clipped by its own norm, which turns the gradient as a whole.",
        "Compute one norm over all arrays and scale all of them by the same factor.",
    ),
    Mistake(
        "clipped-by-value",
        lambda grads, max_norm: ([np.clip(g, -max_norm, max_norm) for g in grads], _norm(grads)),
        "Every entry is clipped by itself, which changes the direction.",
        "Scale all entries by one factor, max_norm / norm.",
    ),
    Mistake(
        "always-scaled",
        _scaled(lambda n, m: m / n if n else 1.0),
        "It scales always: a short gradient becomes longer.",
        "Scale only when the norm is above max_norm.",
    ),
    Mistake(
        "always-scaled",
        _scaled(lambda n, m: np.float64(m) / n),
        "It scales always: a short gradient becomes longer, and a zero one NaN.",
        "Scale only when the norm is above max_norm.",
    ),
    Mistake(
        "always-scaled",
        _scaled(lambda n, m: m / (n + 1e-12)),
        "It scales always: a short gradient becomes longer.",
        "Scale only when the norm is above max_norm.",
    ),
    Mistake(
        "scaled-when-below",
        _scaled(lambda n, m: m / n if 0 < n < m else 1.0),
        "It scales when the norm is below max_norm, and not when it is above.",
        "Turn the comparison round.",
    ),
    Mistake(
        "never-scaled",
        _scaled(lambda n, m: 1.0),
        "The gradients come back unscaled, whatever their norm.",
        "Multiply all of them by max_norm / norm when the norm is above max_norm.",
    ),
    Mistake(
        "factor-upside-down",
        _scaled(lambda n, m: n / m if n > m else 1.0),
        "The factor stands upside down: it makes a long gradient longer.",
        "Multiply by max_norm / norm.",
    ),
    Mistake(
        "divided-by-max-norm",
        _scaled(lambda n, m: 1 / m if n > m else 1.0),
        "It divides by max_norm; the norm plays no part in the factor.",
        "Multiply by max_norm / norm.",
    ),
    Mistake(
        "unit-length",
        _scaled(lambda n, m: 1 / n if n > m else 1.0),
        "It scales to length 1.",
        "Scale to length max_norm: multiply by max_norm / norm.",
    ),
    Mistake(
        "times-max-norm",
        _scaled(lambda n, m: m if n > m else 1.0),
        "It multiplies by max_norm; the norm plays no part in the factor.",
        "Multiply by max_norm / norm.",
    ),
    Mistake(
        "zeroed",
        _scaled(lambda n, m: 0.0 if n > m else 1.0),
        "A gradient that is too long is set to 0.",
        "Shorten it: multiply by max_norm / norm.",
    ),
    Mistake(
        "no-root",
        _scaled(_when_above, lambda grads: _norm(grads) ** 2),
        "The root is missing: the sum of squares is used as the norm.",
        "norm = √(sum of all squares).",
    ),
    Mistake(
        "sum-of-norms",
        _scaled(_when_above, lambda grads: sum(np.linalg.norm(g) for g in grads)),
        "The norms of the arrays are added.",
        "Add the squares of all entries and take one root.",
    ),
    Mistake(
        "absolute-sum",
        _scaled(_when_above, lambda grads: sum(np.sum(np.abs(g)) for g in grads)),
        "It is the sum of absolute values.",
        "norm = √(sum of all squares).",
    ),
    Mistake(
        "absolute-sum",
        _scaled(_when_above, lambda grads: abs(sum(np.sum(g) for g in grads))),
        "The entries are summed without being squared.",
        "norm = √(sum of all squares).",
    ),
    Mistake(
        "largest-entry",
        _scaled(_when_above, lambda grads: max(np.max(np.abs(g)) for g in grads)),
        "It is the largest absolute entry.",
        "norm = √(sum of all squares).",
    ),
    Mistake(
        "largest-norm",
        _scaled(_when_above, lambda grads: max(np.linalg.norm(g) for g in grads)),
        "It is the largest of the arrays' norms.",
        "norm = √(sum of all squares), over all arrays together.",
    ),
    Mistake(
        "mean-of-norms",
        _scaled(_when_above, lambda grads: np.mean([np.linalg.norm(g) for g in grads])),
        "It is the mean of the arrays' norms.",
        "norm = √(sum of all squares), over all arrays together.",
    ),
    Mistake(
        "root-mean-square",
        _scaled(_when_above, lambda grads: _norm(grads) / math.sqrt(sum(np.size(g) for g in grads))),
        "It is the root of the mean square.",
        "The norm sums the squares: no mean.",
    ),
    Mistake(
        "spectral-norm",
        _scaled(
            _when_above,
            lambda grads: math.sqrt(sum(float(np.linalg.norm(g, 2)) ** 2 for g in grads)),
        ),
        "`np.linalg.norm(g, 2)` of a matrix is its largest singular value.",
        "`np.linalg.norm(g)` without the 2 is the root of the sum of squares.",
    ),
    Mistake(
        "last-array-only",
        _scaled(_when_above, lambda grads: np.linalg.norm(grads[-1])),
        "The norm is that of the last array: each round of the loop forgets the one before.",
        "Write `+=` and start from 0.",
    ),
    Mistake(
        "first-array-only",
        _scaled(_when_above, lambda grads: np.linalg.norm(grads[0])),
        "The norm is that of the first array alone.",
        "One norm over all arrays.",
    ),
    Mistake(
        "norm-after",
        _norm_after,
        "The norm returned is that of the clipped gradients.",
        "Return the norm before clipping.",
    ),
    Mistake(
        "norm-after",
        lambda grads, max_norm: (
            clip_gradients(grads, max_norm)[0],
            min(_norm(grads), max_norm),
        ),
        "The norm returned is that of the clipped gradients.",
        "Return the norm before clipping.",
    ),
    Mistake(
        "squared-norm-returned",
        lambda grads, max_norm: (clip_gradients(grads, max_norm)[0], _norm(grads) ** 2),
        "The norm returned is squared: its root is missing.",
        "norm = √(sum of all squares).",
    ),
    Mistake(
        "factor-returned",
        lambda grads, max_norm: (
            clip_gradients(grads, max_norm)[0],
            _when_above(_norm(grads), max_norm),
        ),
        "The factor is returned where the norm is wanted.",
        "Return the new list and the norm before clipping.",
    ),
    Mistake(
        "order-of-results",
        lambda grads, max_norm: clip_gradients(grads, max_norm)[::-1],
        "The two results stand in the wrong order.",
        "Return the new list first, then the norm.",
    ),
    Mistake(
        "norm-missing",
        lambda grads, max_norm: clip_gradients(grads, max_norm)[0],
        "Only the list is returned.",
        "Return two things: the new list and the norm before clipping.",
    ),
    Mistake(
        "flat",
        lambda grads, max_norm: (
            np.concatenate([g.ravel() for g in clip_gradients(grads, max_norm)[0]]),
            _norm(grads),
        ),
        "All gradients are strung together into one array.",
        "Return a list with one array for each gradient, each of its own shape.",
    ),
    *[
        Mistake(
            "epsilon-added",
            _scaled(lambda n, m, e=eps: m / (n + e) if n > m else 1.0),
            "A small constant is added to the norm, so the result is a little too short.",
            "No constant is needed: one divides only when the norm is above max_norm, never by 0.",
        )
        for eps in (1e-3, 1e-4, 1e-5, 1e-6)
    ],
    *[
        Mistake(
            "epsilon-added",
            _scaled(lambda n, m, e=eps: min(1.0, m / (n + e))),
            "A small constant is added to the norm, so the result is a little too short.",
            "No constant is needed: one divides only when the norm is above max_norm, never by 0.",
        )
        for eps in (1e-3, 1e-4, 1e-5, 1e-6)
    ],
    Mistake(
        "division-by-zero",
        lambda grads, max_norm: (
            [g * min(1.0, max_norm / _norm(grads)) for g in grads],
            _norm(grads),
        ),
        "When all gradients are 0, it divides by the norm 0.",
        "Compare before you divide: scale only when the norm is above max_norm.",
    ),
    Mistake(
        "division-by-zero",
        _scaled(lambda n, m: np.minimum(m, n) / np.float64(n)),
        "When all gradients are 0, it divides by the norm 0.",
        "Compare before you divide: scale only when the norm is above max_norm.",
    ),
    Mistake(
        "division-by-zero",
        lambda grads, max_norm: (
            [g / _norm(grads) * min(_norm(grads), max_norm) for g in grads],
            _norm(grads),
        ),
        "When all gradients are 0, it divides by the norm 0.",
        "Compare before you divide: scale only when the norm is above max_norm.",
    ),
)

# --- best_std -----------------------------------------------------------------------------------


def best_std(width, depth):
    return math.sqrt(2 / width)


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
        return Finding("wrong-type", text, "Return a single float.")
    std = float(value)
    if not 0 < std < math.inf:
        text = f"σ = {std:.6g} is no standard deviation of weights that let a signal through."
        return Finding("not-positive", text, "σ has to be positive and finite.")
    log_2 = depth * (math.log2(std) + math.log2(width / 2) / 2)
    if abs(log_2) <= 1 + 1e-5:
        return None
    size = f"about 10^{log_2 * math.log10(2):.0f}" if abs(log_2) > 13 else f"{2**log_2:.4g}"
    what = f"With σ = {std:.6g}, (σ·√(width/2))^depth is {size}: "
    advice = "The factor of one layer, σ·√(width/2), has to be 1 or very close to it: solve for σ."
    if log_2 < 0:
        return Finding("signal-vanishes", what + "below ½, the signal dies out.", advice)
    return Finding("signal-explodes", what + "above 2, the signal explodes.", advice)


BEST_STD_MISTAKES = (
    Mistake(
        "xavier-for-he",
        lambda width, depth: math.sqrt(1 / width),
        "√(1/width) is Xavier's: each ReLU layer multiplies the signal by √½, and depth does the rest.",
        "ReLU removes half of the variance: put it back with a 2.",
    ),
    Mistake(
        "variance",
        lambda width, depth: 2 / width,
        "2/width is the variance.",
        "The standard deviation is its square root.",
    ),
    Mistake(
        "variance",
        lambda width, depth: 1 / width,
        "1/width is a variance (and Xavier's).",
        "The standard deviation is a square root; for ReLU that of 2/width.",
    ),
    Mistake(
        "reciprocal",
        lambda width, depth: math.sqrt(width / 2),
        "The fraction stands upside down: wider layers need smaller weights.",
        "Solve σ·√(width/2) = 1 for σ.",
    ),
    Mistake(
        "uniform-limit",
        lambda width, depth: math.sqrt(6 / width),
        "√(6/width) is the limit of a uniform distribution.",
        "Its standard deviation is √3 times smaller.",
    ),
    Mistake(
        "depth-for-width",
        lambda width, depth: math.sqrt(2 / depth),
        "It divides by the depth.",
        "A unit sums over the width of the layer before: divide by width.",
    ),
    Mistake(
        "depth-divided-too",
        lambda width, depth: math.sqrt(2 / (width * depth)),
        "It divides by the depth as well.",
        "What keeps one layer's scale keeps it for any depth: √(2/width).",
    ),
    Mistake(
        "depth-divided-too",
        lambda width, depth: math.sqrt(2 / width) / depth,
        "It divides by the depth as well.",
        "What keeps one layer's scale keeps it for any depth: √(2/width).",
    ),
    Mistake(
        "depth-added",
        lambda width, depth: math.sqrt(2 / (width + depth)),
        "Width and depth are added.",
        "Depth is no fan-out: the σ that keeps one layer's scale is √(2/width).",
    ),
    Mistake(
        "root-of-two-only",
        lambda width, depth: math.sqrt(2) / width,
        "The root covers only the 2.",
        "Put the whole fraction under the root: √(2/width).",
    ),
    Mistake(
        "root-of-width-only",
        lambda width, depth: 2 / math.sqrt(width),
        "The root covers only the width, not the 2.",
        "Put the whole fraction under the root: √(2/width).",
    ),
    Mistake(
        "root-of-depth",
        lambda width, depth: math.sqrt(2 / width) ** (1 / depth),
        "The depth-th root is taken of the whole.",
        "Take it of the wanted product only: (σ·√(width/2))^depth = 1 means σ·√(width/2) = 1.",
    ),
    Mistake(
        "power-of-depth",
        lambda width, depth: math.sqrt(2 / width) ** depth,
        "√(2/width) is raised to the power of the depth.",
        "σ is the std of each single layer: the power is what becomes of the signal.",
    ),
    *[
        Mistake(
            "constant",
            lambda width, depth, std=std: std,
            f"It is {std:g} for every width.",
            "The right σ depends on the width: solve σ·√(width/2) = 1.",
        )
        for std in (1.0, 0.1, 0.05, 0.02, 0.01)
    ],
    Mistake(
        "one-layer-only",
        lambda width, depth: 2 / math.sqrt(width / 2),
        "It makes the factor of a single layer 2, and depth multiplies it.",
        "Choose the factor of one layer so that its depth-th power stays between ½ and 2.",
    ),
    Mistake(
        "one-layer-only",
        lambda width, depth: 0.5 / math.sqrt(width / 2),
        "It makes the factor of a single layer ½, and depth multiplies it.",
        "Choose the factor of one layer so that its depth-th power stays between ½ and 2.",
    ),
)

TASKS = [
    Task(
        "he_std(fan_in)",
        he_cases,
        he_std,
        mistakes=HE_MISTAKES,
        hints=(
            "ReLU sets half of the units to 0: by which factor does that shrink the mean square?",
            "Var(W) = 2 / fan_in, and the standard deviation is its square root.",
            "`math.sqrt(… / fan_in)`, or `(… / fan_in) ** 0.5` with the parentheses.",
        ),
    ),
    Task(
        "xavier_std(fan_in, fan_out)",
        xavier_cases,
        xavier_std,
        mistakes=XAVIER_MISTAKES,
        hints=(
            "Forward wants 1/fan_in, backward wants 1/fan_out: what lies between?",
            "Var(W) = 2 / (fan_in + fan_out), and the standard deviation is its square root.",
            "`math.sqrt(2 / (…))`, with the sum in parentheses.",
        ),
    ),
    Task(
        "xavier_uniform_limit(fan_in, fan_out)",
        xavier_cases,
        lambda fan_in, fan_out: math.sqrt(6 / (fan_in + fan_out)),
        mistakes=XAVIER_UNIFORM_MISTAKES,
        hints=(
            "What is the variance of a number drawn evenly between −a and a?",
            "Var U(−a, a) = a²/3. Set it equal to 2 / (fan_in + fan_out) and solve for a.",
            "√3 times xavier_std(fan_in, fan_out), or `math.sqrt(… / (fan_in + fan_out))`.",
        ),
    ),
    Task(
        "activation_stds(weights, x, activation)",
        activation_cases,
        activation_stds,
        shapes={"x": "N D"},
        mistakes=ACTIVATION_STDS_MISTAKES,
        hints=(
            "How many numbers are wanted for three weight matrices, and which array is the last "
            "one the spread of?",
            "h₀ = x, hₗ = activation(hₗ₋₁ Wₗ), and the std of all entries of hₗ for l = 1 … L.",
            "In a loop over weights: `x = activation(x @ W)`, then append `np.std(x)` to a list.",
        ),
    ),
    Task(
        "clip_gradients(grads, max_norm)",
        clip_cases,
        clip_gradients,
        returns=("the new list", "the norm"),
        mistakes=CLIP_MISTAKES,
        copies=True,
        hints=(
            "Think of all entries of all arrays as one long vector: how long is it?",
            "norm = √(Σ over all arrays Σ over all entries g²); if norm > max_norm, every array "
            "becomes g · max_norm / norm.",
            "`sum(np.sum(g ** 2) for g in grads)` under a root; then a new list of `g * scale`, "
            "with scale 1.0 when the norm is not above max_norm.",
        ),
    ),
    Task(
        "best_std(width, depth)",
        best_std_cases,
        accept=accept_best_std,
        mistakes=BEST_STD_MISTAKES,
        hints=(
            "By which factor does one ReLU layer multiply the size of the signal?",
            "One layer multiplies it by σ·√(width/2). What must that be, so that its depth-th "
            "power stays near 1?",
            "Solve σ·√(width/2) = 1 for σ.",
        ),
    ),
]
