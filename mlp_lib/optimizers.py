"""Optimizers: ``step()`` moves each parameter, p, by its gradient, g = p.grad + weight_decay·p.

p is updated in place, p.grad stays as it is; weight_decay·p is the gradient of ½·weight_decay·‖p‖².
ValueError for no parameters, lr ≤ 0, weight_decay < 0, or a momentum or beta outside [0, 1).
"""

import math

import numpy as np

__all__ = ["SGD", "Adam", "clip_grad_norm"]


class _Optimizer:
    def __init__(self, params, lr, weight_decay, decays):
        self.params, self.lr, self.weight_decay = list(params), float(lr), float(weight_decay)
        if not (self.params and 0 < lr < math.inf and 0 <= weight_decay < math.inf):
            got = len(self.params), lr, weight_decay
            raise ValueError(f"expected parameters, lr > 0 and weight_decay ≥ 0, got {got}")
        if not all(0 <= decay < 1 for decay in decays):
            raise ValueError(f"expected momentum or betas in [0, 1), got {decays}")

    def _zeros(self):
        return [np.zeros_like(p.data) for p in self.params]

    def _gradient(self, p):
        return p.grad + self.weight_decay * p.data if self.weight_decay else p.grad


class SGD(_Optimizer):
    """v ← momentum·v + g, p ← p − lr·v, as in PyTorch. Source: Robbins & Monro (1951); Polyak (1964).

    >>> from mlp_lib import Parameter
    >>> p = Parameter([1.0])
    >>> SGD([p], lr=0.1, weight_decay=0.5).step(), p.data.tolist()
    (None, [0.95])
    """

    def __init__(self, params, lr, *, momentum=0.0, weight_decay=0.0):
        super().__init__(params, lr, weight_decay, [momentum])
        self.momentum, self.velocities = float(momentum), self._zeros()

    def step(self):
        for p, v in zip(self.params, self.velocities):
            g = self._gradient(p)
            if self.momentum:
                v[...] = g = self.momentum * v + g
            p.data -= self.lr * g


class Adam(_Optimizer):
    """m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², p ← p − lr·m̂/(√v̂ + eps), as in PyTorch; m̂ = m/(1−β₁ᵗ) and
    v̂ = v/(1−β₂ᵗ), t = 1, 2, …, make up for the start at 0. Source: Kingma & Ba (2015).

    >>> from mlp_lib import Parameter
    >>> p = Parameter([1.0])  # the first step has length lr, however long the gradient
    >>> Adam([p], lr=0.1, weight_decay=0.5).step(), p.data.round(6).tolist()
    (None, [0.9])
    """

    def __init__(self, params, lr=1e-3, *, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(params, lr, weight_decay, betas)
        self.betas, self.eps, self.t = tuple(map(float, betas)), float(eps), 0
        self.m, self.v = self._zeros(), self._zeros()

    def step(self):
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
    Scales .grad in place; returns ‖g‖ as it was before, a float. ValueError for max_norm ≤ 0 or
    gradients that are not finite. Source: Pascanu, Mikolov & Bengio (2013).

    >>> from mlp_lib import Parameter
    >>> clip_grad_norm([Parameter([1.0])], max_norm=1)
    0.0
    """
    params = list(params)
    norm = math.sqrt(sum(float(np.square(p.grad, dtype=np.float64).sum()) for p in params))
    if not (max_norm > 0 and math.isfinite(norm)):
        raise ValueError(f"expected max_norm > 0 and a finite norm, got {max_norm} and {norm}")
    if norm > max_norm:
        for p in params:
            p.grad *= float(max_norm) / norm
    return norm
