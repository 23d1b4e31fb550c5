"""Training: the three lines of a step, repeated, and what came of it."""

import math
import sys

import numpy as np

from .data import batches, check_examples
from .layers import Linear, Sequential, expect
from .losses import BCEWithLogitsLoss, SquaredErrorLoss, accuracy, are_label_rows

__all__ = ["History", "TrainingDiverged", "evaluate", "fit"]

SLICE = 1024  # examples looked at together where nothing is learned from them


class History:
    """loss[e − 1], accuracy[e − 1] while epoch e = 1, 2, … ran; val_loss, val_accuracy after it.

    Attributes
    ----------
    loss, accuracy, val_loss, val_accuracy : list of float
        Means over the examples; empty without validation, or where labels are not classes.

    Examples
    --------
    >>> History().loss
    []
    """

    def __init__(self):
        self.loss = []
        self.accuracy = []
        self.val_loss = []
        self.val_accuracy = []

    def _append(self, scores):
        for values, score in zip(vars(self).values(), scores):
            if score is not None:
                values.append(score)


class TrainingDiverged(ValueError):
    """L = inf or nan: raised at the first such loss, before a step on it.

    Attributes
    ----------
    history : History
        Of the epochs that were finished.

    Examples
    --------
    >>> issubclass(TrainingDiverged, ValueError)
    True
    """

    history = None


def fit(model, loss_fn, optimizer, X, y, *, epochs, batch_size, rng,
        validation=None, callback=None, progress=True):  # fmt: skip
    """θ ← step(θ, ∂L/∂θ) for each minibatch of X and y, epoch by epoch.

    Parameters
    ----------
    model : Module
        Put into training mode.
    loss_fn : callable
        SquaredErrorLoss, CrossEntropyLoss, BCEWithLogitsLoss or one like them.
    optimizer : SGD or Adam
        Of the model's parameters.
    X, y : array_like, (N, …)
        Examples and targets, N ≥ 1; X finite.
    epochs, batch_size : int
    rng : numpy.random.Generator
        Shuffles afresh each epoch.
    validation : pair (X, y)
        Evaluated after each epoch.
    callback : callable
        callback(epoch, model, history) after each epoch, counted from 1; True stops training.
    progress : bool
        Show a bar where somebody watches.

    Returns
    -------
    History

    Raises
    ------
    TrainingDiverged
        The first loss that is not finite; the weights are as before that step.
    ValueError
        N = 0, lengths that differ, inf or nan in X, or batch_size < 1.

    Notes
    -----
    Source: Robbins & Monro (1951).

    Examples
    --------
    >>> from mlp_lib import SGD
    >>> model = Linear(1, 1, rng=np.random.default_rng(0))
    >>> optimizer = SGD(model.parameters(), lr=0.5)
    >>> X, y = [[0.0], [1.0]], [[1.0], [3.0]]
    >>> rng = np.random.default_rng(1)
    >>> history = fit(model, SquaredErrorLoss(), optimizer, X, y, epochs=99, batch_size=2, rng=rng)
    >>> round(history.loss[-1], 6)
    0.0
    """
    X, y, classes = _check(loss_fn, X, y, batch_size)
    history = History()
    numbers = range(1, epochs + 1)
    if progress and _someone_watches():
        from tqdm.auto import tqdm

        numbers = tqdm(numbers, desc="epochs", leave=False)
    try:
        for epoch in numbers:
            model.train()
            # An overflow is reported once, by the loss it leads to.
            with np.errstate(over="ignore", invalid="ignore"):
                pairs = batches(X, y, batch_size, rng=rng)
                scores = _train(model, loss_fn, optimizer, pairs, classes)
                if validation is not None:
                    scores += evaluate(model, loss_fn, *validation)
            history._append(scores)
            stop = callback(epoch, model, history) if callback else None
            if isinstance(stop, (bool, np.bool_)) and stop:
                break
    except TrainingDiverged as error:
        error.history = history
        raise
    return history


def evaluate(model, loss_fn, X, y, *, batch_size=SLICE):
    """(L, accuracy), means over N examples, in evaluation mode, which is left again afterwards.

    Parameters
    ----------
    model : Module
    loss_fn : callable
        As in fit.
    X, y : array_like, (N, …)
        Examples and targets, N ≥ 1; X finite.
    batch_size : int
        How many examples are looked at together; the result does not depend on it.

    Returns
    -------
    loss : float
    accuracy : float or None
        A fraction; None where y does not hold classes.

    Raises
    ------
    TrainingDiverged
        A loss that is not finite.
    ValueError
        N = 0, lengths that differ, inf or nan in X, or batch_size < 1.

    Notes
    -----
    Source: Goodfellow, Bengio & Courville (2016), section 5.3.

    Examples
    --------
    >>> from mlp_lib import ReLU
    >>> evaluate(Sequential(ReLU()), SquaredErrorLoss(), [[1.0], [-2.0]], [[0.0], [2.0]])
    (1.25, None)
    """
    X, y, classes = _check(loss_fn, X, y, batch_size)
    modes = [(module, module.training) for _, module in model.named_modules()]
    model.eval()
    try:
        sums = np.zeros(3)
        for start in range(0, len(X), batch_size):
            part = slice(start, start + batch_size)
            sums += _sums(loss_fn, model(X[part]), y[part], classes)
        return _means(sums, classes)
    finally:
        for module, mode in modes:
            module.training = mode


def _train(model, loss_fn, optimizer, pairs, classes):
    """Take one step for each pair; return the mean loss and accuracy, taken before each step."""
    spare = {"input_grad": False} if isinstance(model, (Linear, Sequential)) else {}
    sums = np.zeros(3)
    for x, y in pairs:
        sums += _sums(loss_fn, model(x), y, classes)
        model.backward(loss_fn.backward(), **spare)
        optimizer.step()
    return _means(sums, classes)


def _sums(loss_fn, output, y, classes):
    """Return the number of examples, and the sums of their losses and of their right answers."""
    # Asked before the loss is, which would call such an output a bad argument.
    loss = loss_fn(output, y) if np.isfinite(output).all() else math.nan
    if not math.isfinite(loss):
        raise TrainingDiverged("expected a finite loss, got inf or nan: is lr too large?")
    return len(y) * np.array([1.0, loss, accuracy(output, y) if classes else 0.0])


def _means(sums, classes):
    N, loss, right = sums.tolist()
    return loss / N, right / N if classes else None


def _check(loss_fn, X, y, batch_size):
    """Return X and y as arrays, and whether y holds classes: labels, label rows, or 0 and 1."""
    X, y = check_examples(X, y, batch_size)
    for start in range(0, len(X), SLICE):  # so that no second array of X's size is needed
        expect(np.isfinite(X[start : start + SLICE]).all(), "finite X", "inf or nan in it")
    labels = y.ndim == 1 and y.dtype.kind in "iu" and not isinstance(loss_fn, SquaredErrorLoss)
    return X, y, labels or are_label_rows(y) or isinstance(loss_fn, BCEWithLogitsLoss)


def _someone_watches():
    """Tell whether a bar would be seen: on a terminal, or in a notebook whose user can be asked."""
    ipython = sys.modules.get("IPython")
    kernel = getattr(ipython.get_ipython(), "kernel", None) if ipython else None
    if kernel is None:
        return sys.stderr.isatty()
    return kernel.get_parent().get("content", {}).get("allow_stdin", False)
