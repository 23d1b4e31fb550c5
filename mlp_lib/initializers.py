"""Initial weights: an initializer maps (fan_in, fan_out, rng) to a float32 (fan_in, fan_out) array."""

import math

import numpy as np

__all__ = ["he_normal", "he_uniform", "normal", "xavier_normal", "xavier_uniform", "zeros"]


def zeros(fan_in, fan_out, rng):
    """W = 0: all units of a layer stay equal, so it never learns more than one (chapter 7).

    >>> zeros(1, 3, np.random.default_rng(0)).tolist()
    [[0.0, 0.0, 0.0]]
    """
    return np.zeros((fan_in, fan_out), dtype=np.float32)


def normal(std):
    """W ~ N(0, std²): return the initializer with this std, finite and ≥ 0, else ValueError.

    >>> normal(0.1)(2, 3, np.random.default_rng(0)).shape
    (2, 3)
    """
    if not 0 <= std < math.inf:
        raise ValueError(f"normal expects a finite std ≥ 0, got {std}")
    return lambda i, o, rng: float(std) * rng.standard_normal((i, o), dtype=np.float32)


def xavier_normal(fan_in, fan_out, rng):
    """W ~ N(0, 2/(fan_in + fan_out)), for tanh and sigmoid. Source: Glorot & Bengio (2010).

    >>> round(float(xavier_normal(300, 500, np.random.default_rng(0)).std()), 3)
    0.05
    """
    return normal(math.sqrt(2 / (fan_in + fan_out)))(fan_in, fan_out, rng)


def xavier_uniform(fan_in, fan_out, rng):
    """W ~ U(−a, a), a = √(6/(fan_in + fan_out)). Source: Glorot & Bengio (2010).

    >>> round(float(xavier_uniform(200, 400, np.random.default_rng(0)).max()), 3)
    0.1
    """
    return _uniform(math.sqrt(6 / (fan_in + fan_out)), fan_in, fan_out, rng)


def he_normal(fan_in, fan_out, rng):
    """W ~ N(0, 2/fan_in), for ReLU, which sets half of the units to 0. Source: He et al. (2015).

    >>> round(float(he_normal(200, 500, np.random.default_rng(0)).std()), 3)
    0.1
    """
    return normal(math.sqrt(2 / fan_in))(fan_in, fan_out, rng)


def he_uniform(fan_in, fan_out, rng):
    """W ~ U(−a, a), a = √(6/fan_in), for ReLU. Source: He et al. (2015).

    >>> round(float(he_uniform(600, 100, np.random.default_rng(0)).max()), 3)
    0.1
    """
    return _uniform(math.sqrt(6 / fan_in), fan_in, fan_out, rng)


def _uniform(limit, fan_in, fan_out, rng):
    return rng.uniform(-limit, limit, (fan_in, fan_out)).astype(np.float32)
