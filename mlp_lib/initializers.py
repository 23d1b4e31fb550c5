"""Initial weights: an initializer maps (fan_in, fan_out, rng) to a float32 array of that shape."""

import math

import numpy as np

__all__ = ["he_normal", "he_uniform", "normal", "xavier_normal", "xavier_uniform", "zeros"]


def zeros(fan_in, fan_out, rng):
    """W = 0: all units of a layer stay equal, so it never learns more than one (chapter 7).

    Parameters
    ----------
    fan_in, fan_out : int
    rng : numpy.random.Generator
        Not asked.

    Returns
    -------
    W : numpy.ndarray, float32 (fan_in, fan_out)

    Notes
    -----
    Source: Goodfellow, Bengio & Courville (2016), section 8.4.

    Examples
    --------
    >>> zeros(1, 3, np.random.default_rng(0)).tolist()
    [[0.0, 0.0, 0.0]]
    """
    return np.zeros((fan_in, fan_out), dtype=np.float32)


def normal(std):
    """W ~ N(0, std²): return the initializer that draws with this standard deviation.

    Parameters
    ----------
    std : float
        Finite and ≥ 0.

    Returns
    -------
    callable
        Maps (fan_in, fan_out, rng) to a float32 (fan_in, fan_out) array.

    Raises
    ------
    ValueError
        std is negative, infinite or nan.

    Notes
    -----
    Source: Goodfellow, Bengio & Courville (2016), section 8.4.

    Examples
    --------
    >>> normal(0.1)(2, 3, np.random.default_rng(0)).shape
    (2, 3)
    """
    if not 0 <= std < math.inf:
        raise ValueError(f"expected a finite std ≥ 0, got {std}")

    def initializer(fan_in, fan_out, rng):
        return float(std) * rng.standard_normal((fan_in, fan_out), dtype=np.float32)

    return initializer


def xavier_normal(fan_in, fan_out, rng):
    """W ~ N(0, 2/(fan_in + fan_out)), for tanh and sigmoid.

    Parameters
    ----------
    fan_in, fan_out : int
    rng : numpy.random.Generator

    Returns
    -------
    W : numpy.ndarray, float32 (fan_in, fan_out)

    Notes
    -----
    Source: Glorot & Bengio (2010).

    Examples
    --------
    >>> round(float(xavier_normal(300, 500, np.random.default_rng(0)).std()), 3)
    0.05
    """
    std = math.sqrt(2 / (fan_in + fan_out))
    return normal(std)(fan_in, fan_out, rng)


def xavier_uniform(fan_in, fan_out, rng):
    """W ~ U(−a, a), a = √(6/(fan_in + fan_out)), for tanh and sigmoid.

    Parameters
    ----------
    fan_in, fan_out : int
    rng : numpy.random.Generator

    Returns
    -------
    W : numpy.ndarray, float32 (fan_in, fan_out)

    Notes
    -----
    Source: Glorot & Bengio (2010).

    Examples
    --------
    >>> round(float(xavier_uniform(200, 400, np.random.default_rng(0)).max()), 3)
    0.1
    """
    return _uniform(math.sqrt(6 / (fan_in + fan_out)), fan_in, fan_out, rng)


def he_normal(fan_in, fan_out, rng):
    """W ~ N(0, 2/fan_in), for ReLU, which sets half of the units to 0.

    Parameters
    ----------
    fan_in, fan_out : int
    rng : numpy.random.Generator

    Returns
    -------
    W : numpy.ndarray, float32 (fan_in, fan_out)

    Notes
    -----
    Source: He et al. (2015).

    Examples
    --------
    >>> round(float(he_normal(200, 500, np.random.default_rng(0)).std()), 3)
    0.1
    """
    std = math.sqrt(2 / fan_in)
    return normal(std)(fan_in, fan_out, rng)


def he_uniform(fan_in, fan_out, rng):
    """W ~ U(−a, a), a = √(6/fan_in), for ReLU.

    Parameters
    ----------
    fan_in, fan_out : int
    rng : numpy.random.Generator

    Returns
    -------
    W : numpy.ndarray, float32 (fan_in, fan_out)

    Notes
    -----
    Source: He et al. (2015).

    Examples
    --------
    >>> round(float(he_uniform(600, 100, np.random.default_rng(0)).max()), 3)
    0.1
    """
    return _uniform(math.sqrt(6 / fan_in), fan_in, fan_out, rng)


def _uniform(a, fan_in, fan_out, rng):
    return rng.uniform(-a, a, (fan_in, fan_out)).astype(np.float32)
