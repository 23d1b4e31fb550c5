"""Where a choice can be computed, each claim is: the right one holds, and no other does."""

import re

import numpy as np
import pytest
from test_questions import kind, questions, slope

from mlp_lib import (
    SGD,
    Adam,
    BatchNorm,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    Linear,
    Parameter,
    ReLU,
    Residual,
    Sigmoid,
    Tanh,
    mlp,
    numerical_gradient,
    relative_error,
    softmax,
)

RNG = np.random.default_rng(0)
START = RNG.bit_generator.state
CHOICES = {}  # {words of a question: what computes {choice: whether it holds}}

# Questions about what to do or to believe; what they rest on is computed in their chapters' cells.
JUDGED = [
    "What is the largest array that it has to build for $dx$?",
    "What do you do first?",
    "What do you know about the gradients?",
    "Which of them end below 0.3?",
    "instead of creeping on. Why?",
]


def choice(words):
    """Register a function as what computes the claims of the question with these words."""
    return lambda claims: CHOICES.setdefault(words, claims)


def layer(n_in, n_out):
    return Linear(n_in, n_out, rng=np.random.default_rng(0)).astype(np.float64)


# --- chapters 1 and 2 -----------------------------------------------------------------------------


@choice("A ReLU unit with one input has weight 2 and bias −1. You double **both**")
def a_unit_with_both_doubled():
    x = np.linspace(-2, 2, 4001)
    before, after = np.maximum(2 * x - 1, 0), np.maximum(4 * x - 2, 0)
    fold = {name: x[y > 0][0] for name, y in (("before", before), ("after", after))}
    moved, steeper = fold["after"] - fold["before"], np.ptp(after[-2:]) / np.ptp(before[-2:])
    twice = np.isclose(steeper, 2)
    return {"A": moved > 0, "B": moved == 0 and twice, "C": moved < 0 and twice}


@choice("By mistake the bias has shape (4, 1) and not (4,)")
def a_bias_that_is_a_column():
    product, b = RNG.normal(size=(4, 4)), RNG.normal(size=4)
    y = product + b[:, None]  # it would raise here
    each_example = np.array([product[n] + b[n] for n in range(4)])
    return {"A": False, "B": np.allclose(y, product + b), "C": np.allclose(y, each_example)}


@choice("Somebody stacks ten linear layers")
def ten_linear_layers():
    stack = [layer(100, 100) for _ in range(10)]

    def through(x):
        for one in stack:
            x = one(x)
        return x

    b = through(np.zeros((1, 100)))
    W = through(np.eye(100)) - b
    x = RNG.normal(size=(300, 100))
    collapses = np.allclose(through(x), x @ W + b)
    line = through(np.arange(3.0)[:, None] * x[:1])
    return {"A": not collapses, "B": collapses, "C": not np.allclose(np.diff(line, 2, axis=0), 0)}


@choice("In backward they build the mask as `z >= 0`")
def a_mask_of_what_was_overwritten():
    before = np.array([-2.0, -1.0, 1.0, 2.0])
    z = before.copy()
    np.maximum(z, 0, out=z)
    mask, right = z >= 0, before > 0
    return {"A": (mask == right).all(), "B": mask.all(), "C": (mask == right).all()}


@choice("What does a ReLU have to remember")
def what_a_relu_remembers():
    def passes(z):
        relu = ReLU()
        relu(np.array([z]))
        return relu.backward(np.array([1.0]))[0]

    needs_sign, needs_size = passes(1.0) != passes(-1.0), passes(1.0) != passes(7.0)
    return {"A": not needs_sign, "B": needs_sign and not needs_size, "C": needs_size}


@choice("Through $p$ alone, $L$ is 6 times as sensitive as $s$")
def two_branches():
    both = slope(lambda s: 6 * s + 2 * s, 1)
    return {name: np.isclose(both, said) for name, said in zip("ABCD", (8, 12, 4, 6), strict=True)}


@choice("$v = a\\,b$ with $a = 100$ and $b = 0.01$")
def a_product_with_unequal_factors():
    da, db = slope(lambda a: a * 0.01, 100), slope(lambda b: 100 * b, 0.01)
    ones = np.allclose([da, db], 1)
    return {"A": da > db, "B": db > da, "C": ones, "D": ones}


@choice("A gradient has to pass back through ten sigmoids in a row")
def ten_sigmoids():
    arrives = slope(Sigmoid(), 0) ** 10
    return {
        "A": np.isclose(arrives, 0.25),
        "B": np.isclose(arrives, 2.5),
        "C": np.isclose(arrives, 1e-6, rtol=0.1),
    }


# --- chapter 3 ------------------------------------------------------------------------------------


@choice("Which array decides where the backward pass of $h = \\max(z, 0)$")
def what_gates_a_relu():
    relu, z, dh = ReLU(), RNG.normal(size=100), RNG.normal(size=100)
    h = relu(z)
    passed = relu.backward(dh) != 0
    return {
        name: (passed == gate).all()
        for name, gate in zip("ABC", (dh > 0, z > 0, h >= 0), strict=True)
    }


@choice("Your friend sets $h = 10^{-12}$ in float64")
def a_step_that_is_too_small():
    def error(h):
        return abs((np.tanh(0.5 + h) - np.tanh(0.5 - h)) / (2 * h) - (1 - np.tanh(0.5) ** 2))

    tiny, usual = error(1e-12), error(1e-5)
    return {"A": tiny < 1e-20, "B": tiny > 1000 * usual, "C": 0.1 < tiny / usual < 10}


@choice("The simplest choice is $dy = 1$ everywhere")
def a_check_with_ones():
    x = RNG.normal(size=(5, 3))
    y = np.tanh(x)
    without_dy = 1 - y**2
    passes = relative_error(without_dy, numerical_gradient(lambda x: Tanh()(x).sum(), x)) < 1e-8
    return {"A": not passes, "B": passes, "C": not np.isfinite(y.sum())}


def failing(broken):
    """What fails a check when these lines of a backward pass are broken, each by a factor 2."""

    def backward(broken):
        gradient = {"dz3": np.ones((2, 2))}
        makes = {
            "dh2": lambda g: g["dz3"] @ W3.T,
            "dz2": lambda g: g["dh2"] * 0.5,
            "dh1": lambda g: g["dz2"] @ W2.T,
            "dz1": lambda g: g["dh1"] * 0.5,
            "dW1": lambda g: x.T @ g["dz1"],
            "dx": lambda g: g["dz1"] @ W1.T,
        }
        for name, make in makes.items():
            gradient[name] = make(gradient) * (2 if name in broken else 1)
        return gradient

    x, W1, W2, W3 = (np.random.default_rng(seed).normal(size=(2, 2)) for seed in range(4))
    right, came = backward([]), backward(broken)
    return {name for name in right if not np.allclose(right[name], came[name])}


@choice("`dz3`, `dh2` and `dz2` pass; `dh1`, `dz1`, `dW1` and `dx` fail")
def where_the_first_mistake_is():
    seen = {"dh1", "dz1", "dW1", "dx"}
    one_does = any(failing([line]) == seen for line in seen)
    return {"A": failing(["dx"]) == seen, "B": not one_does, "C": failing(["dh1"]) == seen}


# --- chapters 4 and 5 -----------------------------------------------------------------------------


@choice("A number $u$ is used in two places")
def a_fork():
    du = slope(lambda u: 3 * u + -2 * u, 1)
    return {name: np.isclose(du, said) for name, said in zip("ABC", (3, 1, -6), strict=True)}


@choice("what is the largest rank that $dW\\,(100, 50)$ can have?")
def the_rank_of_dW():
    rank = np.linalg.matrix_rank(RNG.normal(size=(4, 100)).T @ RNG.normal(size=(4, 50)))
    return {name: rank == said for name, said in zip("ABC", (50, 4, 1), strict=True)}


@choice("Call the first use $U = W$ and the second $V = W^\\top$")
def a_weight_used_twice():
    W, dU, dV = (RNG.normal(size=(3, 3)) for _ in range(3))
    true = numerical_gradient(lambda W: (dU * W).sum() + (dV * W.T).sum(), W)
    claimed = dU + dV.T, (dU + dV.T) / 2, dU + dV
    return {name: np.allclose(true, dW) for name, dW in zip("ABC", claimed, strict=True)}


@choice("What does it return to the layer before it?")
def what_a_linear_layer_returns():
    linear, x, dy = layer(4, 4), RNG.normal(size=(4, 4)), RNG.normal(size=(4, 4))
    W = linear.weight.data
    true = numerical_gradient(lambda x: (linear(x) * dy).sum(), x)
    claimed = x.T @ dy, dy @ W.T, dy @ W
    return {name: np.allclose(true, dx) for name, dx in zip("ABC", claimed, strict=True)}


@choice("an error of 1.00 for a layer's bias and below $10^{-9}$ for everything else")
def an_error_of_one():
    dy = RNG.normal(size=(32, 5))
    x = RNG.normal(size=(32, 3))
    db, dW = dy.sum(axis=0), x.T @ dy

    def reported(bias, weight):
        return relative_error(bias, db) > 0.995 and relative_error(weight, dW) < 1e-9

    return {"A": reported(db / 32, dW), "B": reported(0 * db, dW), "C": reported(2 * db, 2 * dW)}


@choice("Your cache holds only $h = \\max(z_1, 0)$")
def a_mask_of_the_output():
    relu, z, dh = ReLU(), RNG.normal(size=100), RNG.normal(size=100)
    h = relu(z)
    strict, loose = (np.allclose(dh * mask, relu.backward(dh)) for mask in (h > 0, h >= 0))
    return {"A": strict, "B": loose, "C": not (strict or loose)}


@choice("All weights and biases in $f$ are 0, so $f(x) = 0$")
def a_residual_block_of_zeros():
    block = Residual(layer(3, 3))
    for parameter in block.parameters():
        parameter.data[:] = 0
    dy = RNG.normal(size=(2, 3))
    block(RNG.normal(size=(2, 3)))
    dx = block.backward(dy)
    return {
        name: np.allclose(dx, said) for name, said in zip("ABC", (0 * dy, dy, 2 * dy), strict=True)
    }


@choice("You append a batch to itself, so that every example occurs twice")
def a_batch_twice():
    x, dy = RNG.normal(size=(5, 3)), RNG.normal(size=(5, 2))
    twice_x, twice_dy = np.tile(x, (2, 1)), np.tile(dy, (2, 1))
    factor = (twice_x.T @ twice_dy)[0, 0] / (x.T @ dy)[0, 0]
    factors = factor, factor * 5 / 10  # with the sum, with the mean
    return {
        name: np.allclose(factors, said)
        for name, said in zip("ABC", ((2, 2), (2, 1), (1, 0.5)), strict=True)
    }


# --- chapters 6 and 7 -----------------------------------------------------------------------------


def averaged(x, labels):
    """A linear layer's true dW under a mean loss, and p − y."""
    W = RNG.normal(size=(x.shape[1], 3))
    true = numerical_gradient(lambda W: CrossEntropyLoss()(x @ W, labels), W)
    return true, softmax(x @ W) - np.eye(3)[labels]


@choice("Where does the $1/N$ of a mean loss enter the backward pass?")
def where_the_mean_enters():
    x = RNG.normal(size=(4, 2))
    true, rest = averaged(x, np.array([0, 1, 2, 0]))
    claimed = x.T @ (rest / 4) / 4, x.T @ (rest / 4), x.T @ rest
    return {name: np.allclose(true, dW) for name, dW in zip("ABC", claimed, strict=True)}


@choice("By what does the linear layer below divide its $dW = x^\\top dz$ once more?")
def what_the_layer_divides_by():
    x, labels = RNG.normal(size=(64, 2)), RNG.integers(3, size=64)
    true, rest = averaged(x, labels)
    dW = x.T @ (rest / 64)
    return {"A": np.allclose(true, dW / 64), "B": np.allclose(true, dW)}


@choice("writes `z.max()`: one maximum for all rows. When does it go wrong?")
def one_maximum_for_all_rows():
    def goes_wrong(z):
        with np.errstate(invalid="ignore"):
            e = np.exp(z - z.max())
            return not np.allclose(e / e.sum(axis=1, keepdims=True), softmax(z))

    near = goes_wrong(RNG.normal(size=(5, 3)))
    far = goes_wrong(np.array([[0.0, 1], [-1000, -1001]]))
    return {"A": not near and not far, "B": far and not near, "C": near}


@choice("The patched loss is $-\\log(0 + 10^{-12}) = 27.63$: finite")
def a_patched_loss():
    def patched(z0):
        return -np.log(softmax(np.array([[z0, 1000.0]]))[0, 0] + 1e-12)

    gradient = slope(patched, 0)
    return {
        "A": np.isclose(gradient, -1),
        "B": np.isclose(gradient, -1e12),
        "C": gradient == 0 and round(patched(0), 2) == 27.63,
    }


@choice("The logit $z_0$ grows by a small amount. What do the probabilities do?")
def one_logit_grows():
    z = np.log([[0.5, 0.3, 0.2]])
    more = (softmax(z + [[1e-3, 0, 0]]) - softmax(z))[0]
    shrinks = more[0] > 0 and (more[1:] < 0).all()
    return {
        "A": not shrinks,
        "B": shrinks and np.isclose(more[1], more[2]),
        "C": shrinks and np.isclose(more[1] / more[2], 3 / 2),
    }


@choice("The very first loss that a fresh training run prints is 294.7")
def a_first_loss_of_294():
    loss, labels = CrossEntropyLoss(), RNG.integers(10, size=128)
    large = [
        loss(100 * np.random.default_rng(seed).normal(size=(128, 10)), labels) for seed in (0, 1)
    ]
    mean = loss(np.zeros((128, 10)), labels)
    claimed = large, [128 * mean], [loss(softmax(np.zeros((128, 10))), labels)]
    return {
        name: np.allclose(said, 294.7, atol=0.1) for name, said in zip("ABC", claimed, strict=True)
    }


@choice("One logit, $z = -8$, and the label is 1")
def a_confident_mistake():
    cross_entropy = BCEWithLogitsLoss()
    assert np.isclose(
        slope(lambda z: cross_entropy(np.array([[z]]), np.array([[1.0]])), -8), -1, atol=0.01
    )
    squared = abs(slope(lambda z: (Sigmoid()(z) - 1) ** 2 / 2, -8))
    return {"A": squared > 0.5, "B": np.isclose(squared, 0.0003, atol=0.00005), "C": squared == 0}


@choice("starts with every [weight](glossary.md#term-weight) at 0.5")
def equal_units():
    def different(batch):
        net = mlp([2, 16, 2], rng=np.random.default_rng(0), activation=Sigmoid).astype(np.float64)
        for parameter in net.parameters():
            parameter.data[:] = 0.5 if parameter.data.ndim == 2 else 0
        rng, loss = np.random.default_rng(0), CrossEntropyLoss()
        optimizer = SGD(net.parameters(), lr=0.5)
        x = rng.normal(size=(40, 2))
        labels = (x[:, 0] * x[:, 1] > 0).astype(int)
        for _ in range(1000):
            rows = rng.choice(40, batch, replace=False)
            loss(net(x[rows]), labels[rows])
            net.backward(loss.backward())
            optimizer.step()
        (weight, *_) = (parameter.data for parameter in net.parameters())
        assert not np.allclose(weight, 0.5, atol=0.01), "the network has not been trained"
        return len(np.unique(weight.round(6), axis=1).T)

    full, small = different(40), different(8)
    return {"A": full == 16, "B": full == 1 and small == 1, "C": full == 1 and small == 16}


@choice("A linear layer stands directly in front of a batch normalization")
def a_bias_before_batch_normalization():
    linear, norm, dy = layer(3, 4), BatchNorm(4).astype(np.float64), RNG.normal(size=(6, 4))
    norm(linear(RNG.normal(size=(6, 3))))
    linear.backward(norm.backward(dy))
    zero = np.allclose(linear.bias.grad, 0)
    return {"A": not zero, "B": zero, "C": np.allclose(linear.bias.grad, dy.sum(axis=0) / 2)}


# --- chapter 8 and the diagnostic -----------------------------------------------------------------


@choice("In this valley, a learning rate of 0.07 works")
def a_doubled_rate():
    def after(rate, steps):
        w = np.array([-4.0, 1.0])
        for _ in range(steps):
            w = w - rate * np.array([1.0, 25.0]) * w
        return (np.array([1.0, 25.0]) * w**2).sum() / 2

    assert after(0.07, 30) < after(0.07, 0)
    grows = after(0.14, 60) > after(0.14, 30) > 1e6
    return {
        "A": after(0.14, 30) <= after(0.07, 30),
        "B": after(0.14, 60) < after(0.14, 0),
        "C": grows,
    }


@choice("Two parameters have the gradients 100 and 0.01 at Adam's very first step")
def adams_first_step():
    parameter = Parameter(np.zeros(2))
    parameter.grad = np.array([100, 0.01])
    Adam([parameter], lr=0.001).step()
    moved = abs(parameter.data)
    claimed = [0.1, 0.00001], [0.001] * 2, [0.00316] * 2, [0, 0]
    return {
        name: np.allclose(moved, said, rtol=0.01, atol=1e-6)
        for name, said in zip("ABCD", claimed, strict=True)
    }


@choice("$p$ goes from 1 towards 0. What does $-\\log p$ do?")
def the_logarithm_of_a_probability():
    start, end = -np.log(1), -np.log(1e-300)
    return {
        "A": start == 0 and end > 100,
        "B": start == 1 and abs(end) < 1,
        "C": start == 0 and end < -100,
    }


@choice("What is $\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}")
def a_matrix_times_a_vector():
    product = np.array([[1, 2], [3, 4]]) @ np.array([[1], [-1]])
    claimed = [[-1], [-1]], [[-2], [-2]], [[1, -2], [3, -4]]
    return {name: np.array_equal(product, said) for name, said in zip("ABC", claimed, strict=True)}


# --------------------------------------------------------------------------------------------------

ASKED = [one for one in questions() if kind(*one[1:]) == "choice"]


def test_every_choice_is_computed_or_named_as_one_of_judgment():
    for page, text, _ in ASKED:
        assert sum(words in text for words in [*CHOICES, *JUDGED]) == 1, f"{page}: {text}"
    assert len(CHOICES) + len(JUDGED) == len(ASKED)


@pytest.mark.parametrize("words", CHOICES)
def test_the_right_choice_holds_and_no_other(words):
    ((text, answer),) = [(text, answer) for _, text, answer in ASKED if words in text]
    RNG.bit_generator.state = START  # whichever test came before
    claims = CHOICES[words]()
    assert list(claims) == re.findall(r"^- \*\*([A-Z])\*\*", text, re.MULTILINE)
    assert [name for name, holds in claims.items() if holds] == [
        re.match(r"\*\*([A-Z])", answer)[1]
    ]
