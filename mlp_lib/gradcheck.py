"""Gradient checking: compare what backward computes with what the loss really does."""

import copy
import math
from functools import partial

import numpy as np
from numpy.linalg import norm

from .layers import as_float, expect

__all__ = ["check_gradients", "numerical_gradient", "relative_error"]

EPS = 1e-5  # where truncation and rounding of a central difference balance in float64
MEASURABLE = 1e8  # a norm is known to eight digits where it holds so many units of rounding


def numerical_gradient(f, x, *, eps=EPS):
    """∂f/∂xᵢ ≈ (f(x + eps·eᵢ) − f(x − eps·eᵢ))/(2·eps), for every entry of x, in float64.

    Parameters
    ----------
    f : callable
        Maps an array of x's shape to a number.
    x : array_like, any shape
    eps : float
        The nudge.

    Returns
    -------
    numpy.ndarray
        float64, of x's shape.

    Notes
    -----
    Source: Nocedal & Wright (2006), section 8.1.

    Examples
    --------
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

    Parameters
    ----------
    a, b : array_like
        Of one shape.

    Returns
    -------
    float
        Between gradients, up to 1e-7 is rounding, 1e-4 asks for a look, 1e-2 is wrong.

    Raises
    ------
    ValueError
        The shapes differ.

    Notes
    -----
    Source: Goodfellow, Bengio & Courville (2016), section 11.5.

    Examples
    --------
    >>> relative_error([3.0, 4.0], [3.0, 4.0]), relative_error([1.0], [3.0])
    (0.0, 0.5)
    """
    a = np.asarray(a, dtype=np.float64)
    b = np.asarray(b, dtype=np.float64)
    expect(a.shape == b.shape, "two arrays of one shape", a.shape, b.shape)
    size = norm(a) + norm(b)
    return 0.0 if size == 0 else float(norm(a - b) / size)


def check_gradients(model, x, *, loss_fn=None, target=None):
    """‖a − n‖/(‖a‖ + ‖n‖), a from backward, n central differences, for x and each parameter.

    Parameters
    ----------
    model : Module
        Checked as a float64 copy, in the mode it is in.
    x : array_like
        A batch, as model takes it.
    loss_fn, target
        L = loss_fn(model(x), target); without them L = Σ dy ⊙ model(x), dy random.

    Returns
    -------
    dict of str to float
        The relative error for "x" and for each parameter's path: "0.weight", … ("weight" and
        "bias" for a bare layer).

    Raises
    ------
    ValueError
        loss_fn without target, or target without loss_fn.

    Notes
    -----
    Random layers draw one mask throughout. A gradient too small to stand out from the rounding
    of the differences, as that of a bias before batch norm, is measured against that rounding.
    Source: Goodfellow, Bengio & Courville (2016), section 11.5.

    Examples
    --------
    >>> from mlp_lib import mlp
    >>> rng = np.random.default_rng(0)
    >>> errors = check_gradients(mlp([3, 4, 2], rng=rng), rng.standard_normal((5, 3)))
    >>> list(errors), max(errors.values()) < 1e-7
    (['x', '0.weight', '0.bias', '2.weight', '2.bias'], True)
    """
    together = (loss_fn is None) == (target is None)
    expect(together, "loss_fn and target together", loss_fn, target)
    model = model.astype(np.float64)
    loss_fn = copy.deepcopy(loss_fn)
    x = as_float(x).astype(np.float64)
    rewind = _rewinder(model)
    # Nobody else's seed: with dy equal to x, a transposed xᵀdy would pass.
    dy = np.random.default_rng(533_536).standard_normal(model(x).shape)

    def loss_at(array, values):
        array[...] = values
        rewind()
        y = model(x)
        return loss_fn(y, target) if loss_fn else float((dy * y).sum())

    L = loss_at(x, x)
    dx = model.backward(loss_fn.backward() if loss_fn else dy)
    pairs = {"x": (dx, x)}
    for name, p in model.named_parameters():
        pairs[name] = (p.grad.copy(), p.data)

    rounding = np.spacing(abs(L)) / EPS  # of one difference quotient of L
    errors = {}
    for name, (a, array) in pairs.items():
        start = array.copy()
        n = numerical_gradient(partial(loss_at, array), start)
        array[...] = start
        measurable = MEASURABLE * rounding * math.sqrt(n.size)
        errors[name] = relative_error(a, n) * min(1.0, float(norm(a) + norm(n)) / measurable)
    return errors


def _rewinder(model):
    """Return a function that puts every random generator of the model back to where it is now."""
    generators = []
    for _, module in model.named_modules():
        generators += [v for v in vars(module).values() if isinstance(v, np.random.Generator)]
    states = [generator.bit_generator.state for generator in generators]

    def rewind():
        for generator, state in zip(generators, states):
            generator.bit_generator.state = state

    return rewind
