"""Losses: ``loss = loss_fn(output, target)``, a float; then ``loss_fn.backward()`` is ∂L/∂output.

Each is a mean over the N ≥ 1 examples; 1/N enters nowhere else.
"""

import numpy as np

from .layers import as_float, expect, sigmoid

__all__ = "softmax log_softmax one_hot accuracy".split()
__all__ += "SquaredErrorLoss CrossEntropyLoss BCEWithLogitsLoss".split()


def softmax(z):
    """pₖ = exp(zₖ − max z)/Σⱼ exp(zⱼ − max z), over the last axis.

    Parameters
    ----------
    z : array_like, (…, C)
        Logits.

    Returns
    -------
    p : numpy.ndarray, (…, C)
        Entries ≥ 0; each row sums to 1.

    Notes
    -----
    Source: Bridle (1990).

    Examples
    --------
    >>> softmax(np.array([[0.0, 0.0], [-1000.0, 1000.0]])).tolist()
    [[0.5, 0.5], [0.0, 1.0]]
    """
    return np.exp(log_softmax(z))


def log_softmax(z):
    """log pₖ = zₖ − max z − log Σⱼ exp(zⱼ − max z), over the last axis.

    Parameters
    ----------
    z : array_like, (…, C)
        Logits.

    Returns
    -------
    log_p : numpy.ndarray, (…, C)

    Notes
    -----
    Source: Goodfellow, Bengio & Courville (2016), section 4.1.

    Examples
    --------
    >>> log_softmax(np.array([[0.0, 1000.0]]))
    array([[-1000.,     0.]])
    """
    z = as_float(z)
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def one_hot(labels, num_classes):
    """Y[n, labels[n]] = 1, else 0.

    Parameters
    ----------
    labels : array_like of int, (N,)
        From 0 to C − 1.
    num_classes : int
        C.

    Returns
    -------
    Y : numpy.ndarray, float32 (N, C)

    Raises
    ------
    ValueError
        labels are not integers, not (N,), or lie outside 0 … C − 1.

    Notes
    -----
    Source: Goodfellow, Bengio & Courville (2016), section 3.9.

    Examples
    --------
    >>> one_hot([2, 0], 3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    labels = _class_labels(labels, num_classes)
    return np.equal(labels[:, None], np.arange(num_classes)).astype(np.float32)


def accuracy(output, labels):
    """Mean over n of [argmax outputₙ = labelsₙ], or of [(outputₙ > 0) = labelsₙ] for one logit.

    Parameters
    ----------
    output : array_like
        Logits (N, C); or (N,) or (N, 1), the logit of class 1.
    labels : array_like
        Integers (N,), or rows (N, C) whose largest entry is the class; for one logit 0 or 1, in
        output's shape.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ValueError
        N = 0, shapes that do not fit, labels that are not integers or lie outside 0 … C − 1.

    Notes
    -----
    Source: Goodfellow, Bengio & Courville (2016), section 5.1.

    Examples
    --------
    >>> accuracy(np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([1, 1]))
    0.5
    """
    output, y = np.asarray(output), np.asarray(labels)
    shape = output.shape
    fits = len(shape) in (1, 2) and output.size > 0 and y.shape in (shape, shape[:1])
    expect(fits, "output (N, C), N ≥ 1, and labels (N,) or (N, C)", shape, y.shape)
    if y.shape == shape and output[0].size == 1:
        right = (output > 0) == (y > 0.5)
    elif y.shape == shape:
        right = output.argmax(axis=1) == y.argmax(axis=1)
    else:
        right = output.argmax(axis=1) == _class_labels(y, shape[1])
    return float(right.mean())


def are_label_rows(y):
    """Tell whether y is (N, C), each row a distribution over classes: yₖ ≥ 0, Σₖ yₖ = 1.

    Parameters
    ----------
    y : numpy.ndarray

    Returns
    -------
    bool
    """
    return y.ndim == 2 and bool((y >= 0).all() and (abs(y.sum(axis=1) - 1) < 1e-5).all())


def _class_labels(labels, num_classes):
    labels = np.asarray(labels)
    integers = labels.ndim == 1 and labels.dtype.kind in "iu"
    expect(integers, "integer labels (N,)", labels.shape, labels.dtype)
    inside = len(labels) == 0 or 0 <= labels.min() <= labels.max() < num_classes
    expect(inside, f"labels from 0 to {num_classes - 1}", labels)
    return labels


class _Loss:
    """What the losses share: they look at the output, and remember what backward needs."""

    _memory = None

    def _check(self, output, fits, wanted, target):
        """Refuse shapes that do not fit, N = 0, and an output that is not finite."""
        fits = fits and output.size > 0
        expect(fits, f"output and target {wanted}, N ≥ 1", output.shape, target.shape)
        expect(np.isfinite(output).all(), "finite output", output)

    def _recall(self):
        if self._memory is None:
            raise RuntimeError("expected loss_fn(output, target) before backward, got none")
        return self._memory


class SquaredErrorLoss(_Loss):
    r"""Half squared error, :math:`L = \frac{1}{2N}\sum_{n,k}(\hat y_{nk} - y_{nk})^2`.

    Notes
    -----
    :math:`\partial L/\partial\hat y = (\hat y - y)/N`: a sum over outputs, a mean over examples.
    Source: Rumelhart, Hinton & Williams (1986).

    Examples
    --------
    >>> SquaredErrorLoss()(np.array([[1.0], [4.0]]), np.array([[0.0], [1.0]]))
    2.5
    """

    def __call__(self, output, target):
        """L = 1/(2N) Σ (ŷ − y)²; remembers ŷ − y.

        Parameters
        ----------
        output : array_like, (N,) or (N, K)
            ŷ, N ≥ 1.
        target : array_like
            y, of output's shape.

        Returns
        -------
        float

        Raises
        ------
        ValueError
            Shapes that differ, N = 0, or an output that is not finite.
        """
        y_hat, y = as_float(output), np.asarray(target)
        fits = y_hat.ndim in (1, 2) and y.shape == y_hat.shape
        self._check(y_hat, fits, "both (N,) or (N, K)", y)
        diff = y_hat - as_float(y).astype(y_hat.dtype)
        self._memory = diff
        return float(np.square(diff, dtype=np.float64).sum() / (2 * len(diff)))

    def backward(self):
        """∂L/∂ŷ = (ŷ − y)/N.

        Returns
        -------
        numpy.ndarray
            Of output's shape.

        Raises
        ------
        RuntimeError
            The loss was not computed before.
        """
        diff = self._recall()
        return diff / len(diff)


class CrossEntropyLoss(_Loss):
    r"""Softmax cross-entropy, :math:`L = -\frac{1}{N}\sum_n \log p_{n, y_n}`, p = softmax(z).

    Notes
    -----
    :math:`\partial L/\partial z = (p - y)/N`, y as one-hot rows.
    Source: Goodfellow, Bengio & Courville (2016), section 6.2.

    Examples
    --------
    >>> round(CrossEntropyLoss()(np.zeros((1, 4)), np.array([2])), 4)
    1.3863
    """

    def __call__(self, output, target):
        """L = −(1/N) Σ y ⊙ log softmax(z); remembers log p and y.

        Parameters
        ----------
        output : array_like, (N, C)
            z, the logits, N ≥ 1.
        target : array_like
            Integer labels (N,) from 0 to C − 1, or rows (N, C), each ≥ 0 with sum 1.

        Returns
        -------
        float

        Raises
        ------
        ValueError
            Shapes that do not fit, N = 0, an output that is not finite, or other targets.
        """
        z, y = as_float(output), np.asarray(target)
        fits = z.ndim == 2 and y.shape in (z.shape, z.shape[:1])
        self._check(z, fits, "(N, C) and (N[, C])", y)
        if y.ndim == 1:
            y = one_hot(y, z.shape[1])
        else:
            y = as_float(y).astype(z.dtype)
            expect(are_label_rows(y), "target rows of probabilities ≥ 0 with sum 1", "others")
        log_p = log_softmax(z)
        self._memory = (log_p, y)
        return float(-np.multiply(y, log_p, dtype=np.float64).sum() / len(z))

    def backward(self):
        """∂L/∂z = (p − y)/N.

        Returns
        -------
        numpy.ndarray, (N, C)

        Raises
        ------
        RuntimeError
            The loss was not computed before.
        """
        log_p, y = self._recall()
        return (np.exp(log_p) - y) / len(y)


class BCEWithLogitsLoss(_Loss):
    r"""Binary cross-entropy, L = −(1/N) Σₙ [y log p + (1 − y) log(1 − p)]ₙ, p = σ(z).

    Notes
    -----
    :math:`\partial L/\partial z = (p - y)/N`. Each example's share is taken as
    :math:`\max(z, 0) - zy + \log(1 + e^{-|z|})`, the same number, which no logit overflows.
    Source: Bishop (2006), section 4.3.2.

    Examples
    --------
    >>> round(BCEWithLogitsLoss()(np.array([0.0]), np.array([1])), 4)
    0.6931
    """

    def __call__(self, output, target):
        """L = (1/N) Σ [max(z, 0) − z y + log(1 + exp(−|z|))]; remembers z and y.

        Parameters
        ----------
        output : array_like, (N,) or (N, 1)
            z, the logits of class 1, N ≥ 1.
        target : array_like
            y, 0 or 1, of output's shape.

        Returns
        -------
        float

        Raises
        ------
        ValueError
            Shapes that do not fit, N = 0, an output that is not finite, or other targets.
        """
        z, y = as_float(output), np.asarray(target)
        fits = y.shape == z.shape and z.shape[1:] in ((), (1,)) and z.ndim > 0
        self._check(z, fits, "both (N,) or (N, 1)", y)
        y = as_float(y).astype(z.dtype)
        expect(((y == 0) | (y == 1)).all(), "targets 0 or 1", y)
        self._memory = (z, y)
        shares = np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))
        return float(shares.mean(dtype=np.float64))

    def backward(self):
        """∂L/∂z = (σ(z) − y)/N.

        Returns
        -------
        numpy.ndarray
            Of output's shape.

        Raises
        ------
        RuntimeError
            The loss was not computed before.
        """
        z, y = self._recall()
        return (sigmoid(z) - y) / len(z)
