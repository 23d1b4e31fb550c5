"""Optimizers: ``step()`` moves each parameter p by its gradient g = p.grad + weight_decay·p.

p is updated in place, p.grad stays as it is; weight_decay·p is the gradient of ½·weight_decay·‖p‖².
"""

import math

import numpy as np

from .layers import expect

__all__ = ["SGD", "Adam", "clip_grad_norm"]


class _Optimizer:
    """What the optimizers share: parameters, learning rate, weight decay."""

    def __init__(self, params, lr, weight_decay):
        self.params = list(params)
        self.lr = float(lr)
        self.weight_decay = float(weight_decay)
        expect(len(self.params) > 0, "parameters, one at least", "none")
        expect(0 < lr < math.inf, "lr > 0", lr)
        expect(0 <= weight_decay < math.inf, "weight_decay ≥ 0", weight_decay)

    def _zeros(self):
        return [np.zeros_like(p.data) for p in self.params]

    def _gradient(self, p):
        return p.grad + self.weight_decay * p.data if self.weight_decay else p.grad


class SGD(_Optimizer):
    """v ← momentum·v + g, p ← p − lr·v, as in PyTorch.

    Parameters
    ----------
    params : iterable of Parameter
        At least one.
    lr : float
        The learning rate, > 0.
    momentum : float
        In [0, 1); 0 is plain gradient descent.
    weight_decay : float
        ≥ 0, of every parameter given.

    Raises
    ------
    ValueError
        No parameters, or a number outside its range.

    Notes
    -----
    Source: Robbins & Monro (1951); Polyak (1964).

    Examples
    --------
    >>> from mlp_lib import Parameter
    >>> p = Parameter([1.0])
    >>> SGD([p], lr=0.1, weight_decay=0.5).step(), p.data.tolist()
    (None, [0.95])
    """

    def __init__(self, params, lr, *, momentum=0.0, weight_decay=0.0):
        super().__init__(params, lr, weight_decay)
        expect(0 <= momentum < 1, "momentum in [0, 1)", momentum)
        self.momentum = float(momentum)
        self.velocities = self._zeros()

    def step(self):
        """v ← momentum·v + g, p ← p − lr·v, for every parameter, in place.

        Returns
        -------
        None
        """
        for p, v in zip(self.params, self.velocities):
            g = self._gradient(p)
            if self.momentum:
                g = self.momentum * v + g
                v[...] = g
            p.data -= self.lr * g


class Adam(_Optimizer):
    """m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², p ← p − lr·m̂/(√v̂ + eps), as in PyTorch.

    Parameters
    ----------
    params : iterable of Parameter
        At least one.
    lr : float
        The learning rate, > 0.
    betas : pair of float
        β₁ and β₂, in [0, 1).
    eps : float
        Keeps the quotient finite where v̂ = 0.
    weight_decay : float
        ≥ 0, of every parameter given.

    Raises
    ------
    ValueError
        No parameters, or a number outside its range.

    Notes
    -----
    m̂ = m/(1−β₁ᵗ) and v̂ = v/(1−β₂ᵗ), t = 1, 2, …, make up for the start at 0.
    Source: Kingma & Ba (2015).

    Examples
    --------
    >>> from mlp_lib import Parameter
    >>> p = Parameter([1.0])  # the first step has length lr, however long the gradient
    >>> Adam([p], lr=0.1, weight_decay=0.5).step(), p.data.round(6).tolist()
    (None, [0.9])
    """

    def __init__(self, params, lr=1e-3, *, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(params, lr, weight_decay)
        expect(all(0 <= beta < 1 for beta in betas), "betas in [0, 1)", betas)
        self.betas = tuple(map(float, betas))
        self.eps = float(eps)
        self.t = 0
        self.m, self.v = self._zeros(), self._zeros()

    def step(self):
        """p ← p − lr·m̂/(√v̂ + eps), for every parameter, in place; t counts the steps.

        Returns
        -------
        None
        """
        self.t += 1
        beta1, beta2 = self.betas
        for p, m, v in zip(self.params, self.m, self.v):
            g = self._gradient(p)
            m[...] = beta1 * m + (1 - beta1) * g
            v[...] = beta2 * v + (1 - beta2) * g * g
            m_hat = m / (1 - beta1**self.t)
            v_hat = v / (1 - beta2**self.t)
            p.data -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


def clip_grad_norm(params, max_norm):
    """g ← g·max_norm/‖g‖ where ‖g‖, the norm over all gradients together, is above max_norm.

    Parameters
    ----------
    params : iterable of Parameter
        Their .grad is scaled in place.
    max_norm : float
        > 0.

    Returns
    -------
    float
        ‖g‖ as it was before.

    Raises
    ------
    ValueError
        max_norm ≤ 0, or a gradient that is not finite.

    Notes
    -----
    Source: Pascanu, Mikolov & Bengio (2013).

    Examples
    --------
    >>> from mlp_lib import Parameter
    >>> clip_grad_norm([Parameter([1.0])], max_norm=1)
    0.0
    """
    params = list(params)
    squares = [float(np.square(p.grad, dtype=np.float64).sum()) for p in params]
    norm = math.sqrt(sum(squares))
    expect(max_norm > 0, "max_norm > 0", max_norm)
    expect(math.isfinite(norm), "finite gradients", f"the norm {norm}")
    if norm > max_norm:
        for p in params:
            p.grad *= float(max_norm) / norm
    return norm
