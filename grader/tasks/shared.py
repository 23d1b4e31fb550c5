"""What the tasks share: random inputs, and functions, right and wrong, that slips are made of."""

import numpy as np

# --- random inputs ------------------------------------------------------------------------------


def tidy(rng, *shape):
    """Draw multiples of one half, never 0: numbers that can be checked by hand."""
    return rng.choice([-2.0, -1.5, -1.0, -0.5, 0.5, 1.0, 1.5, 2.0], size=shape)


def normal(rng, *shape, scale=1.0):
    """Draw from a normal distribution."""
    return scale * rng.standard_normal(shape)


def away_from_zero(rng, *shape):
    """Draw entries of both signs with a magnitude of 0.1 to 2, for functions with a kink at 0."""
    return rng.uniform(0.1, 2.0, shape) * rng.choice([-1.0, 1.0], shape)


def large(rng, *shape):
    """Draw entries of exactly ±1e4 among ordinary ones; the first is +1e4, the last −1e4."""
    x = rng.choice([-1e4, -1.0, 0.5, 1e4], size=shape)
    x.flat[-1], x.flat[0] = -1e4, 1e4
    return x


def labels(rng, n, c):
    """Draw labels of which no two neighbors are equal, so that they are not constant."""
    if c == 1:
        return np.zeros(n, dtype=int)
    steps = rng.integers(1, c, size=n)
    return np.cumsum(steps) % c


# --- right functions ----------------------------------------------------------------------------


def relu(z):
    return np.maximum(z, 0.0)


def linear_forward(x, W, b):
    return x @ W + b


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def sigmoid_derivative(s):
    return s * (1.0 - s)


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def log_softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def one_hot(y, num_classes):
    return (y[:, None] == np.arange(num_classes)) * 1.0


def picked(log_p, y):
    """Return the entry of each row that its label points to."""
    return log_p[np.arange(len(y)), y]


def cross_entropy(z, y):
    return -np.mean(picked(log_softmax(z), y))


def bce_with_logits(z, y):
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


def row_maximum(z):
    return z.max(axis=1, keepdims=True)


def row_sum(z):
    return z.sum(axis=1, keepdims=True)


# --- wrong functions, as learners write them ----------------------------------------------------


def naive_sigmoid(z):
    return 1 / (1 + np.exp(-z))


def other_naive_sigmoid(z):
    return np.exp(z) / (1 + np.exp(z))


def tanh_sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))


def sigmoid_both_branches(z):
    return np.where(z >= 0, naive_sigmoid(z), other_naive_sigmoid(z))


def clipped(p, eps):
    return np.clip(p, eps, 1 - eps)


def softmax_without_shift(z):
    return np.exp(z) / row_sum(np.exp(z))


def softmax_with_one_shift(z):
    return softmax_without_shift(z - z.max())


def softmax_without_keepdims(z):
    e = np.exp(z - row_maximum(z))
    return e / e.sum(axis=1)


def softmax_shift_without_keepdims(z):
    e = np.exp(z - z.max(axis=1))
    return e / row_sum(e)


def log_softmax_without_shift(z):
    return z - np.log(row_sum(np.exp(z)))


def log_softmax_with_one_shift(z):
    return log_softmax_without_shift(z - z.max())


def log_softmax_without_keepdims(z):
    z = z - row_maximum(z)
    return z - np.log(np.exp(z).sum(axis=1))


def as_one_row(f):
    """Apply f as if all entries stood in one row."""
    return lambda z: f(z.reshape(1, -1)).reshape(z.shape)
