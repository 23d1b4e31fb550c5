"""Exact: forward, every gradient and three optimizer steps agree with two independent autodiffs."""

from importlib.util import find_spec

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

import mlp_lib as m


@pytest.fixture(scope="module")
def pytorch():
    """Import PyTorch only for a test that runs: it takes seconds."""
    global torch
    import torch


def needs_torch(test):
    missing = pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")
    return missing(pytest.mark.slow(pytest.mark.usefixtures("pytorch")(test)))


ACTIVATIONS = {
    "relu": (m.ReLU, lambda z: anp.maximum(z, 0)),
    "leaky_relu": (m.LeakyReLU, lambda z: anp.where(z > 0, z, 0.01 * z)),
    "sigmoid": (m.Sigmoid, lambda z: 1 / (1 + anp.exp(-z))),
    "tanh": (m.Tanh, anp.tanh),
}
LOSSES = ["squared_error", "cross_entropy", "cross_entropy_rows", "bce"]
OPTIMIZERS = {
    "sgd": (m.SGD, {"lr": 0.1}),
    "momentum": (m.SGD, {"lr": 0.1, "momentum": 0.9}),
    "decay": (m.SGD, {"lr": 0.1, "weight_decay": 0.01}),
    "momentum_decay": (m.SGD, {"lr": 0.1, "momentum": 0.5, "weight_decay": 0.1}),
    "adam": (m.Adam, {}),
    "adam_options": (m.Adam, {"lr": 0.01, "betas": (0.8, 0.95), "eps": 1e-4, "weight_decay": 0.1}),
}


def problem(depth, loss, seed=0):
    """A network of this depth, every size different, and a batch of another size still."""
    rng = np.random.default_rng([seed, depth])
    sizes = [int(n) for n in rng.permutation(np.arange(3, 12))[: depth + 1]]
    N = 13
    if loss == "bce":
        sizes[-1] = 1
    X = rng.standard_normal((N, sizes[0]))
    C = sizes[-1]
    target = {
        "squared_error": lambda: rng.standard_normal((N, C)),
        "cross_entropy": lambda: rng.integers(0, C, N),
        "cross_entropy_rows": lambda: rng.dirichlet(np.ones(C), N),
        "bce": lambda: rng.integers(0, 2, (N, 1)).astype(float),
    }[loss]()
    loss_fn = {
        "squared_error": m.SquaredErrorLoss,
        "bce": m.BCEWithLogitsLoss,
    }.get(loss, m.CrossEntropyLoss)()
    return sizes, X, target, loss_fn, rng


def worst(ours, theirs):
    return max(m.relative_error(a, b) for a, b in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("depth", range(1, 7))
def test_loss_and_gradients_agree_with_autograd(depth, activation, loss):
    sizes, X, target, loss_fn, rng = problem(depth, loss)
    layer, phi = ACTIVATIONS[activation]
    model = m.mlp(sizes, rng=rng, activation=layer).astype(np.float64)
    params = model.parameters()
    for p in params:
        p.data += 0.1 * rng.standard_normal(p.data.shape)

    def their_loss(X, *arrays):
        h = X
        for i in range(depth):
            h = anp.dot(h, arrays[2 * i]) + arrays[2 * i + 1]
            h = phi(h) if i < depth - 1 else h
        if loss == "squared_error":
            return anp.sum((h - target) ** 2) / (2 * len(X))
        if loss == "bce":
            p = 1 / (1 + anp.exp(-h))
            return -anp.mean(target * anp.log(p) + (1 - target) * anp.log(1 - p))
        log_p = h - anp.log(anp.sum(anp.exp(h), axis=1, keepdims=True))
        rows = np.eye(sizes[-1])[target] if loss == "cross_entropy" else target
        return -anp.sum(rows * log_p) / len(X)

    arrays = [X, *(p.data for p in params)]
    assert loss_fn(model(X), target) == pytest.approx(their_loss(*arrays), rel=1e-10)
    ours = [model.backward(loss_fn.backward()), *(p.grad for p in params)]
    theirs = [autograd.grad(their_loss, i)(*arrays) for i in range(len(arrays))]
    assert worst(ours, theirs) < 1e-10


TORCH_ACTIVATIONS = {
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
}


def torch_twin(model, activation, dtype):
    layers = []
    for layer in model.layers:
        if isinstance(layer, m.Linear):
            twin = torch.nn.Linear(*layer.weight.data.shape, dtype=dtype)
            with torch.no_grad():
                twin.weight.copy_(torch.tensor(layer.weight.data.T))
                twin.bias.copy_(torch.tensor(layer.bias.data))
        else:
            twin = getattr(torch.nn, TORCH_ACTIVATIONS[activation])()
        layers.append(twin)
    return torch.nn.Sequential(*layers)


def torch_loss(loss, output, target):
    if loss == "squared_error":
        return ((output - torch.tensor(target, dtype=output.dtype)) ** 2).sum() / (2 * len(output))
    if loss == "bce":
        y = torch.tensor(target, dtype=output.dtype)
        return torch.nn.functional.binary_cross_entropy_with_logits(output, y)
    y = torch.tensor(target) if target.ndim == 1 else torch.tensor(target, dtype=output.dtype)
    return torch.nn.functional.cross_entropy(output, y)


def torch_run(model, activation, loss, X, target, optimizer=None, dtype=None):
    """Return output, loss and gradients; with an optimizer also the parameters after 3 steps."""
    dtype = dtype or torch.float64
    twin = torch_twin(model, activation, dtype)
    x = torch.tensor(X, dtype=dtype, requires_grad=True)
    steps = 0 if optimizer is None else 3
    if optimizer is not None:
        name, options = optimizer
        their = getattr(torch.optim, name)(twin.parameters(), **options)
    for _ in range(max(steps, 1)):
        twin.zero_grad()
        output = twin(x)
        value = torch_loss(loss, output, target)
        value.backward()
        if steps:
            their.step()

    def ours(tensors):
        return [t.detach().numpy().T if t.ndim == 2 else t.detach().numpy() for t in tensors]

    if steps:
        return ours(twin.parameters())
    grads = [x.grad.numpy(), *ours([p.grad for p in twin.parameters()])]
    return [output.detach().numpy(), np.array(value.item()), *grads]


@needs_torch
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("depth", range(1, 7))
def test_forward_loss_and_gradients_agree_with_pytorch(depth, activation, loss):
    sizes, X, target, loss_fn, rng = problem(depth, loss, seed=1)
    model32 = m.mlp(sizes, rng=rng, activation=ACTIVATIONS[activation][0])
    results = {}
    for dtype in (np.float64, np.float32):
        model = model32.astype(dtype)
        output = model(X.astype(dtype))
        value = loss_fn(output, target)
        dx = model.backward(loss_fn.backward())
        results[dtype] = [output, np.array(value), dx, *(p.grad for p in model.parameters())]
    theirs = torch_run(model32.astype(np.float64), activation, loss, X, target)
    assert worst(results[np.float64], theirs) < 1e-10
    theirs32 = torch_run(model32, activation, loss, X, target, dtype=torch.float32)
    if worst(theirs32, theirs) < 1e-6:
        assert worst(results[np.float32], theirs) < 1e-5


@needs_torch
@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("depth", [1, 3, 6])
def test_three_steps_agree_with_pytorch(depth, name):
    sizes, X, target, loss_fn, rng = problem(depth, "cross_entropy", seed=2)
    make, options = OPTIMIZERS[name]
    model = m.mlp(sizes, rng=rng, activation=m.Tanh).astype(np.float64)
    theirs = torch_run(model, "tanh", "cross_entropy", X, target, (make.__name__, options))
    optimizer = make(model.parameters(), **options)
    for _ in range(3):
        loss_fn(model(X), target)
        model.backward(loss_fn.backward())
        optimizer.step()
    assert worst([p.data for p in model.parameters()], theirs) < 1e-10


@needs_torch
def test_batch_norm_agrees_with_pytorch_in_both_modes(rng):
    X = 2 + 3 * rng.standard_normal((13, 4))
    layer = m.BatchNorm(4).astype(np.float64)
    twin = torch.nn.BatchNorm1d(4, dtype=torch.float64)
    layer.weight.data[:] = rng.standard_normal(4)
    twin.weight.data = torch.tensor(layer.weight.data)
    dy = rng.standard_normal((13, 4))
    for mode in (True, True, False):
        layer.train(mode)
        twin.train(mode)
        x = torch.tensor(X, requires_grad=True)
        twin.zero_grad()
        y = twin(x)
        y.backward(torch.tensor(dy))
        assert m.relative_error(layer(X), y.detach().numpy()) < 1e-12
        ours = [
            layer.backward(dy),
            layer.weight.grad,
            layer.bias.grad,
            layer.running_mean,
            layer.running_var,
        ]
        theirs = [x.grad, twin.weight.grad, twin.bias.grad, twin.running_mean, twin.running_var]
        assert worst(ours, [t.numpy() for t in theirs]) < 1e-12


@needs_torch
def test_clipping_agrees_with_pytorch(rng):
    model = m.mlp([4, 7, 3], rng=rng).astype(np.float64)
    model(rng.standard_normal((5, 4)))
    model.backward(rng.standard_normal((5, 3)))
    theirs = [torch.nn.Parameter(torch.tensor(p.data)) for p in model.parameters()]
    for p, t in zip(model.parameters(), theirs):
        t.grad = torch.tensor(p.grad)
    norm = torch.nn.utils.clip_grad_norm_(theirs, 0.5).item()
    assert m.clip_grad_norm(model.parameters(), 0.5) == pytest.approx(norm, rel=1e-12)
    for p, t in zip(model.parameters(), theirs):
        # PyTorch divides by norm + 1e-6.
        np.testing.assert_allclose(p.grad, t.grad.numpy(), rtol=1e-5)


def test_the_hand_example_comes_out_exactly():
    model = m.mlp([2, 2, 1], rng=np.random.default_rng(0)).astype(np.float64)
    model.layers[0].weight.data[:] = np.array([[0.1, 0.2], [0.3, 0.4]]).T
    model.layers[2].weight.data[:] = [[0.5], [0.6]]
    loss_fn = m.SquaredErrorLoss()
    x, target = np.array([[1.0, 2.0]]), np.array([[1.0]])
    close = {"rtol": 1e-13, "atol": 1e-15}
    np.testing.assert_allclose(model.layers[0](x), [[0.5, 1.1]], **close)
    np.testing.assert_allclose(model(x), [[0.91]], **close)
    assert loss_fn(model(x), target) == pytest.approx(0.00405, rel=1e-13)
    dy = loss_fn.backward()
    np.testing.assert_allclose(dy, [[-0.09]], **close)
    np.testing.assert_allclose(model.layers[2].backward(dy), [[-0.045, -0.054]], **close)
    model.backward(dy)
    dW1, db1, dW2, db2 = (p.grad for p in model.parameters())
    np.testing.assert_allclose(dW2, [[-0.045], [-0.099]], **close)
    np.testing.assert_allclose(db2, [-0.09], **close)
    np.testing.assert_allclose(dW1.T, [[-0.045, -0.09], [-0.054, -0.108]], **close)
    np.testing.assert_allclose(db1, [-0.045, -0.054], **close)
