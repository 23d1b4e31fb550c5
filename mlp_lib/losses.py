"""Losses: ``loss = loss_fn(output, target)``, a float; then ``loss_fn.backward()`` is ∂L/∂output.

Each is a mean over the N ≥ 1 examples, and 1/N enters nowhere else. ValueError for shapes that do
not fit, an output that is not finite, or targets that are not what the loss says they are.
"""

import numpy as np

from .layers import as_float, sigmoid

__all__ = "softmax log_softmax one_hot accuracy SquaredErrorLoss CrossEntropyLoss BCEWithLogitsLoss".split()


def softmax(z):
    """pₖ = exp(zₖ − max z)/Σⱼ exp(zⱼ − max z), over the last axis. Source: Bridle (1990).

    >>> softmax(np.array([[0.0, 0.0], [-1000.0, 1000.0]])).tolist()
    [[0.5, 0.5], [0.0, 1.0]]
    """
    return np.exp(log_softmax(z))


def log_softmax(z):
    """log pₖ = zₖ − max z − log Σⱼ exp(zⱼ − max z), over the last axis. Source: Goodfellow et al., 4.1.

    >>> log_softmax(np.array([[0.0, 1000.0]]))
    array([[-1000.,     0.]])
    """
    z = as_float(z)
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def _class_labels(labels, num_classes):
    labels = np.asarray(labels)
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise ValueError(f"expected integer labels (N,), got {labels.shape} of {labels.dtype}")
    if len(labels) and not 0 <= labels.min() <= labels.max() < num_classes:
        raise ValueError(f"expected labels 0 to {num_classes - 1}, got {labels.min()} to {labels.max()}")
    return labels


def are_label_rows(y):
    """Whether y is (N, C), each row a distribution over classes: entries ≥ 0 with sum 1."""
    return y.ndim == 2 and bool((y >= 0).all() and (abs(y.sum(axis=1) - 1) < 1e-5).all())


def one_hot(labels, num_classes):
    """Y[n, labels[n]] = 1, else 0: integer labels (N,) from 0 to C − 1 as float32 rows (N, C).

    >>> one_hot([2, 0], 3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    labels = _class_labels(labels, num_classes)
    return np.equal(labels[:, None], np.arange(num_classes)).astype(np.float32)


def accuracy(output, labels):
    """Mean over n of [argmax outputₙ = labelsₙ], output (N, C), labels (N,) or rows (N, C); or of
    [(outputₙ > 0) = labelsₙ] where both are (N,) or (N, 1), and output the logit of class 1.

    >>> accuracy(np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([1, 1]))
    0.5
    """
    output, y, shape = np.asarray(output), np.asarray(labels), np.shape(output)
    if len(shape) not in (1, 2) or output.size == 0 or y.shape not in (shape, shape[:1]):
        raise ValueError(f"accuracy expects (N, C), N ≥ 1, and (N,) or (N, C), got {shape} and {y.shape}")
    if y.shape == shape and output[0].size == 1:
        return float(((output > 0) == (y > 0.5)).mean())
    y = y.argmax(axis=1) if y.shape == shape else _class_labels(y, shape[1])
    return float((output.argmax(axis=1) == y).mean())


class _Loss:
    _memory = None

    def _check(self, output, target, wanted, fits):
        """Return both as arrays, of one dtype where they have one shape."""
        output, target = as_float(output), np.asarray(target)
        o, t = output.shape, target.shape
        if output.size == 0 or not fits(o, t):
            raise ValueError(f"expected output and target {wanted}, N ≥ 1, got {o} and {t}")
        if not np.isfinite(output).all():
            raise ValueError(f"expected finite output, got {output[~np.isfinite(output)][0]}")
        return output, as_float(target).astype(output.dtype) if t == o else target

    def _recall(self):
        if self._memory is None:
            raise RuntimeError("expected loss_fn(output, target) before backward, got none")
        return self._memory


class SquaredErrorLoss(_Loss):
    r"""Half squared error, :math:`L = \frac{1}{2N}\sum_{n,k}(\hat y_{nk} - y_{nk})^2`.
    :math:`\partial L/\partial\hat y = (\hat y - y)/N`: a sum over outputs, a mean over examples.
    Output ŷ and target y have one shape, (N,) or (N, K). Source: Rumelhart et al. (1986).

    >>> SquaredErrorLoss()(np.array([[1.0], [4.0]]), np.array([[0.0], [1.0]]))
    2.5
    """

    def __call__(self, output, target):
        y_hat, y = self._check(output, target, "both (N,) or (N, K)", lambda o, t: t == o and 0 < len(o) < 3)
        self._memory = diff = y_hat - y
        return float(np.square(diff, dtype=np.float64).sum() / (2 * len(diff)))

    def backward(self):
        diff = self._recall()
        return diff / len(diff)


class CrossEntropyLoss(_Loss):
    r"""Softmax cross-entropy, :math:`L = -\frac{1}{N}\sum_n \log p_{n, y_n}`, p = softmax(z).
    :math:`\partial L/\partial z = (p - y)/N`, y as one-hot rows. Output z holds logits (N, C); target, labels
    (N,) from 0 to C − 1, or rows (N, C) of probabilities. Source: Goodfellow et al. (2016), section 6.2.

    >>> round(CrossEntropyLoss()(np.zeros((1, 4)), np.array([2])), 4)
    1.3863
    """

    def __call__(self, output, target):
        z, y = self._check(
            output, target, "(N, C) and (N[, C])", lambda o, t: len(o) == 2 and t in (o, o[:1])
        )
        if y.ndim == 1:
            y = one_hot(y, z.shape[1])
        elif not are_label_rows(y):
            raise ValueError("expected target rows of probabilities ≥ 0 with sum 1, got others")
        self._memory = log_p, _ = log_softmax(z), y
        return float(-np.multiply(y, log_p, dtype=np.float64).sum() / len(z))

    def backward(self):
        log_p, y = self._recall()
        return (np.exp(log_p) - y) / len(y)


class BCEWithLogitsLoss(_Loss):
    r"""Binary cross-entropy, :math:`L = -\frac{1}{N}\sum_n [y\log\sigma(z) + (1 - y)\log(1 - \sigma(z))]_n`.
    :math:`\partial L/\partial z = (\sigma(z) - y)/N`. Output z and target y, 0 or 1, have one shape,
    (N,) or (N, 1). L is taken as :math:`\max(z, 0) - zy + \log(1 + e^{-|z|})`, which no logit
    overflows. Source: Bishop (2006), section 4.3.2.

    >>> round(BCEWithLogitsLoss()(np.array([0.0]), np.array([1])), 4)
    0.6931
    """

    def __call__(self, output, target):
        z, y = self._check(output, target, "both (N,) or (N, 1)", lambda o, t: o == t and o[1:] in [(), (1,)])
        if not ((y == 0) | (y == 1)).all():
            raise ValueError(f"expected targets 0 or 1, got {y.min()} to {y.max()}")
        self._memory = z, y
        each = np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))
        return float(each.mean(dtype=np.float64))

    def backward(self):
        z, y = self._recall()
        return (sigmoid(z) - y) / len(z)
