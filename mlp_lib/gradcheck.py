"""Gradient checking: compare what backward computes with what the loss really does."""

import copy
import math

import numpy as np
from numpy.linalg import norm

from .layers import as_float

__all__ = ["check_gradients", "numerical_gradient", "relative_error"]


def numerical_gradient(f, x, *, eps=1e-5):
    """∂f/∂xᵢ ≈ (f(x + eps·eᵢ) − f(x − eps·eᵢ))/(2·eps), for every entry of x, in float64.
    f maps an array of x's shape, whatever it is, to a number. Source: Nocedal & Wright (2006), 8.1.

    >>> numerical_gradient(lambda x: (x**2).sum(), np.array([1.0, 3.0])).round(6)
    array([2., 6.])
    """
    x = np.array(x, dtype=np.float64)
    gradient = np.empty_like(x)
    for i in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[i] = eps
        gradient[i] = (float(f(x + step)) - float(f(x - step))) / (2 * eps)
    return gradient


def relative_error(a, b):
    """‖a − b‖/(‖a‖ + ‖b‖): 0 for equal arrays (two zeros too), 1 for opposite ones, at any scale.
    a and b have one shape. Between gradients, up to 1e-7 is rounding, 1e-4 asks for a look, 1e-2 is wrong.

    >>> relative_error([3.0, 4.0], [3.0, 4.0]), relative_error([1.0], [3.0])
    (0.0, 0.5)
    """
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if a.shape != b.shape:
        raise ValueError(f"relative_error expects two arrays of one shape, got {a.shape}, {b.shape}")
    size = norm(a) + norm(b)
    return float(norm(a - b) / size) if size > 0 else 0.0


def check_gradients(model, x, *, loss_fn=None, target=None):
    """‖a − n‖/(‖a‖ + ‖n‖), a from backward, n central differences, for x and each parameter.
    Returns ``{"x": …, "0.weight": …}`` (a bare layer's are ``weight`` and ``bias``), from a float64 copy in
    the model's mode, random layers drawing one mask throughout. L is loss_fn(model(x), target), given both,
    else Σ dy ⊙ model(x) with a random dy. Gradients too small to stand out from the differences' rounding,
    as that of a bias before batch norm, are measured against it. Source: Goodfellow et al. (2016), 11.5.

    >>> from mlp_lib import mlp
    >>> rng = np.random.default_rng(0)
    >>> errors = check_gradients(mlp([3, 4, 2], rng=rng), rng.standard_normal((5, 3)))
    >>> list(errors), max(errors.values()) < 1e-7
    (['x', '0.weight', '0.bias', '2.weight', '2.bias'], True)
    """
    if (loss_fn is None) != (target is None):
        raise ValueError(f"expected loss_fn and target together, got {loss_fn} and {target}")
    model, loss_fn = model.astype(np.float64), copy.deepcopy(loss_fn)
    x, eps = as_float(x).astype(np.float64), 1e-5
    held = [value for _, module in model.named_modules() for value in vars(module).values()]
    rngs = [value for value in held if isinstance(value, np.random.Generator)]
    states = [rng.bit_generator.state for rng in rngs]
    # Nobody else's seed: with dy equal to x, a transposed xᵀdy would pass.
    dy = np.random.default_rng(533_536).standard_normal(model(x).shape)

    def loss_at(array, values):
        array[...] = values
        for rng, state in zip(rngs, states):
            rng.bit_generator.state = state
        y = model(x)
        return loss_fn(y, target) if loss_fn else float((dy * y).sum())

    L = loss_at(x, x)
    arrays = {"x": (model.backward(loss_fn.backward() if loss_fn else dy), x)}
    arrays |= {name: (p.grad.copy(), p.data) for name, p in model.named_parameters()}
    errors = {}
    for name, (a, array) in arrays.items():
        start = array.copy()
        n = numerical_gradient(lambda values, array=array: loss_at(array, values), start, eps=eps)
        array[...] = start
        least = 1e8 * np.spacing(abs(L)) / eps * math.sqrt(n.size)
        errors[name] = relative_error(a, n) * min(1.0, float(norm(a) + norm(n)) / least)
    return errors
