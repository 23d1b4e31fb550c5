"""The chapters' lines compute what HIPS autograd computes from the forward pass alone."""

import json
import pathlib
from types import SimpleNamespace

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from mlp_lib import Tanh, mlp

ROOT = pathlib.Path(__file__).parents[1]
CHAPTERS = ["04_linear_layer_gradients", "05_backpropagation"]
SIZES = [
    ("all different", 5, 4, 3),
    ("one example", 1, 4, 3),
    ("square", 4, 4, 4),
    ("one unit", 3, 2, 1),
]


@pytest.fixture(scope="module")
def source():
    notebooks = [(ROOT / f"chapters/{name}.ipynb").read_text(encoding="utf-8") for name in CHAPTERS]
    cells = [cell for text in notebooks for cell in json.loads(text)["cells"]]
    return {cell["id"]: "".join(cell["source"]) for cell in cells}


def run(code, **names):
    """Run lines of the chapter with these names defined; return every name they define."""
    names["np"] = np
    exec(code, names)
    return SimpleNamespace(**names)


def line(source, cell, start):
    """Return the one line of a chapter's cell that starts like this."""
    (found,) = [row for row in source[cell].splitlines() if row.startswith(start)]
    return found


def quiet(*args):
    """Stand in for the print of a cell."""


def assert_same(formula, truth):
    assert formula.shape == truth.shape
    np.testing.assert_allclose(formula, truth, rtol=1e-10, atol=1e-12)


# Chapter 4: the linear layer


@pytest.fixture(params=SIZES, ids=[name for name, *_ in SIZES])
def linear(request):
    _, N, D, H = request.param
    rng = np.random.default_rng(0)
    shapes = {"x": (N, D), "W": (D, H), "b": (H,), "dy": (N, H)}
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()}


@pytest.mark.parametrize(("name", "wrt"), [("dW", "W"), ("db", "b"), ("dx", "x")])
def test_the_boxed_linear_gradients_are_autograds(source, linear, name, wrt):
    def loss(array):
        a = linear | {wrt: array}
        return anp.sum(linear["dy"] * (anp.dot(a["x"], a["W"]) + a["b"]))

    code = line(source, f"linear-{name}-check", f"{name} = ")
    assert_same(getattr(run(code, **linear), name), grad(loss)(linear[wrt]))


def test_the_column_forms_are_autograds(linear):
    x, W, b, dz = linear["x"].T, linear["W"].T, linear["b"][:, None], linear["dy"].T

    def loss(W, b, x):
        return anp.sum(dz * (anp.dot(W, x) + b))

    assert_same(dz @ x.T, grad(loss, 0)(W, b, x))
    assert_same(dz.sum(axis=1, keepdims=True), grad(loss, 1)(W, b, x))
    assert_same(W.T @ dz, grad(loss, 2)(W, b, x))


def test_the_loops_over_one_example_are_autograds(source):
    c = run(source["loops"], print=quiet)

    def loss(W, b, x):
        return anp.dot(c.dz, anp.dot(W, x) + b)

    for i, gradient in enumerate([c.dW, c.db, c.dx]):
        assert_same(gradient, grad(loss, i)(c.W, c.b, c.x))


def test_the_sum_of_both_uses_of_a_tied_weight_is_autograds(linear):
    x, W, b = linear["x"], linear["W"], linear["b"]
    dy = np.random.default_rng(1).standard_normal(x.shape)

    def two_uses(U, V):
        return anp.sum(dy * anp.dot(anp.tanh(anp.dot(x, U) + b), V))

    dU, dV = (grad(two_uses, i)(W, W.T) for i in (0, 1))
    assert_same(dU + dV.T, grad(lambda W: two_uses(W, W.T))(W))


def test_the_convolutions_gradients_are_autograds(source):
    w, rng = np.array([1.0, -2.0, 0.5]), np.random.default_rng(2)
    x = rng.standard_normal((5, 8))
    c = run(source["conv-forward"], x=x, N=5, rng=rng, print=quiet)
    names = {"rng": rng, "w": c.w, "x": c.x, "y": c.y, "M": c.M}
    backward = run(source["conv-backward"].partition("def conv_loss")[0], **names)

    def loss(w, x):
        y = sum(w[k] * x[:, k : k + 6] for k in range(3))
        return anp.sum(backward.dy * y)

    assert_same(backward.dw, grad(loss, 0)(w, c.x))
    assert_same(backward.dx, grad(loss, 1)(w, c.x))


# Chapter 5: whole networks


def test_the_gradient_of_half_the_squared_error_is_autograds(source):
    y_hat, y = np.random.default_rng(1).standard_normal((2, 4, 3))
    c = run(line(source, "half-squared-error-check", "dz2 = "), y_hat=y_hat, y=y)
    assert_same(c.dz2, grad(lambda y_hat: anp.sum((y_hat - y) ** 2) / (2 * len(y)))(y_hat))


def test_the_hidden_gradient_is_autograds(source):
    rng = np.random.default_rng(2)
    z1, W2, dz2 = (rng.standard_normal(shape) for shape in [(4, 5), (5, 3), (4, 3)])
    c = run(line(source, "hidden-gradient-check", "dz1 = "), z1=z1, W2=W2, dz2=dz2)
    assert_same(c.dz1, grad(lambda z: anp.sum(dz2 * anp.dot(anp.maximum(z, 0), W2)))(z1))


def two_layers(x, W1, b1, W2, b2, y):
    h = anp.maximum(anp.dot(x, W1) + b1, 0)
    return anp.sum((anp.dot(h, W2) + b2 - y) ** 2) / (2 * len(y))


def test_the_hand_example_is_autograds(source):
    c = run(source["hand-forward"] + "\n" + source["hand-backward"], print=quiet)
    arrays = c.x, c.W1, c.b1, c.W2, c.b2, c.y
    for i, gradient in enumerate([c.dx, c.dW1, c.db1, c.dW2, c.db2]):
        assert_same(gradient, grad(two_layers, i)(*arrays))


def test_the_three_layer_network_is_autograds(source):
    rng = np.random.default_rng(3)
    shapes = [(6, 7), (7, 5), (5,), (5, 4), (4,), (4, 3), (3,)]
    X, W1, b1, W2, b2, W3, b3 = arrays = [rng.standard_normal(shape) for shape in shapes]
    Y = rng.standard_normal((6, 3))
    forward = "\n".join(
        line(source, "three-forward", start)
        for start in ["Z1 =", "H1 =", "Z2 =", "H2 =", "Y_hat ="]
    )
    backward = source["three-backward"].partition("for name")[0]
    names = dict(zip(["X", "W1", "b1", "W2", "b2", "W3", "b3"], arrays), Y=Y)

    def loss(*arrays):
        X, W1, b1, *rest = arrays
        return two_layers(anp.maximum(anp.dot(X, W1) + b1, 0), *rest, Y)

    for i, gradient in enumerate(run(forward + "\n" + backward, **names).gradients.values()):
        assert_same(gradient, grad(loss, i)(*arrays))


def test_the_recursion_is_autograds(source):
    rng = np.random.default_rng(4)
    deep = mlp([5, 7, 6, 4, 3], rng=rng, activation=Tanh).astype(np.float64)
    Ws = [layer.weight.data for layer in deep.layers[::2]]
    Z, dy = [rng.standard_normal((8, 7))], rng.standard_normal((8, 3))
    for W in Ws[1:-1]:
        Z.append(np.tanh(Z[-1]) @ W)

    def loss_from(l, z):
        for W in Ws[l + 1 :]:
            z = anp.dot(anp.tanh(z), W)
        return anp.sum(dy * z)

    dz, step = dy, line(source, "recursion-check", "    dz = ").strip()
    for l in [2, 1, 0]:
        dz = run(step, dz=dz, l=l, Ws=Ws, Z=Z).dz
        assert_same(dz, grad(lambda z, l=l: loss_from(l, z))(Z[l]))


def test_the_chapters_scalar_engine_is_autograds(source):
    code = source["value"].partition("a, b = ")[0]
    Value = run(code).Value
    numbers = np.random.default_rng(5).standard_normal(3)
    a, b, c = map(Value, numbers)
    u = a * b + c
    (u * u + u * a).backward()  # u forks, and so does a

    def f(v):
        u = v[0] * v[1] + v[2]
        return u * u + u * v[0]

    assert_same(np.array([a.grad, b.grad, c.grad]), grad(f)(numbers))
