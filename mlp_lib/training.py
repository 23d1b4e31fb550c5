"""Training: the three lines of a step, repeated, and what came of it."""

import math
import sys

import numpy as np

from .data import batches, check_examples
from .layers import Linear, Sequential
from .losses import BCEWithLogitsLoss, SquaredErrorLoss, accuracy, are_label_rows

__all__ = ["History", "TrainingDiverged", "evaluate", "fit"]


class History:
    """loss[e − 1] of epoch e = 1, 2, …, accuracy likewise, while it learned; val_loss, val_accuracy after it.
    Each a list of means over the examples; empty without validation, or where labels are not classes.

    >>> History().loss
    []
    """

    def __init__(self):
        self.loss, self.accuracy, self.val_loss, self.val_accuracy = [], [], [], []


class TrainingDiverged(ValueError):
    """L = inf or nan: raised at the first such loss, before a step on it; ``history`` until then.

    >>> issubclass(TrainingDiverged, ValueError)
    True
    """

    history = None


def _check(loss_fn, X, y, batch_size):
    """Return X and y as arrays, and whether y holds classes."""
    X, y = check_examples(X, y, batch_size)
    # In slices, so that no second array of X's size is needed.
    if not all(np.isfinite(X[i : i + 1024]).all() for i in range(0, len(X), 1024)):
        raise ValueError("expected finite X, got inf or nan in it")
    labels = y.dtype.kind in "iu" and y.ndim == 1 and not isinstance(loss_fn, SquaredErrorLoss)
    return X, y, labels or isinstance(loss_fn, BCEWithLogitsLoss) or are_label_rows(y)


def _mean_scores(model, loss_fn, pairs, classes, optimizer=None):
    """Return the mean loss, and accuracy or None, over the pairs (x, y), stepping after each."""
    spare = {"input_grad": False} if isinstance(model, (Linear, Sequential)) else {}
    N, total, right = 0, 0.0, 0.0
    for x, y in pairs:
        output = model(x)
        # Asked before the loss is, which would call it a bad argument.
        loss = loss_fn(output, y) if np.isfinite(output).all() else math.nan
        if not math.isfinite(loss):
            raise TrainingDiverged("expected a finite loss, got inf or nan: is lr too large?")
        if optimizer is not None:
            model.backward(loss_fn.backward(), **spare)
            optimizer.step()
        N, total = N + len(y), total + len(y) * loss
        right += len(y) * accuracy(output, y) if classes else 0
    return total / N, right / N if classes else None


def evaluate(model, loss_fn, X, y, *, batch_size=1024):
    """(loss, accuracy or None), means over N examples, in evaluation mode but for now. Raises as fit does.

    >>> from mlp_lib import ReLU
    >>> evaluate(Sequential(ReLU()), SquaredErrorLoss(), [[1.0], [-2.0]], [[0.0], [2.0]])
    (1.25, None)
    """
    X, y, classes = _check(loss_fn, X, y, batch_size)
    modes = [(module, module.training) for _, module in model.named_modules()]
    model.eval()
    try:
        slices = [slice(i, i + batch_size) for i in range(0, len(X), batch_size)]
        return _mean_scores(model, loss_fn, ((X[s], y[s]) for s in slices), classes)
    finally:
        for module, mode in modes:
            module.training = mode


def _someone_watches():
    """Whether a bar would be seen: on a terminal, or in a notebook whose user can be asked."""
    kernel = "IPython" in sys.modules and getattr(sys.modules["IPython"].get_ipython(), "kernel", 0)
    asks = kernel and kernel.get_parent().get("content", {}).get("allow_stdin")
    return asks if kernel else sys.stderr.isatty()


def fit(model, loss_fn, optimizer, X, y, *, epochs, batch_size, rng,
        validation=None, callback=None, progress=True):  # fmt: skip
    """θ ← step(θ, ∂L/∂θ) for each minibatch of X (N, …) and y (N, …), epoch by epoch: a History.
    rng shuffles afresh each epoch, validation = (X, y) is evaluated after it, and then callback(epoch, model,
    history), epoch = 1, 2, …, stops training by returning True. progress shows a bar where somebody watches.
    TrainingDiverged at the first loss that is not finite, the weights as before that step; ValueError for
    N = 0, lengths that differ, inf or nan in X, or batch_size < 1. Source: Robbins & Monro (1951).

    >>> model, rng = Linear(1, 1, rng=np.random.default_rng(0)), np.random.default_rng(1)
    >>> from mlp_lib import SGD
    >>> optimizer, X, y = SGD(model.parameters(), lr=0.5), [[0.0], [1.0]], [[1.0], [3.0]]
    >>> round(fit(model, SquaredErrorLoss(), optimizer, X, y, epochs=99, batch_size=2, rng=rng).loss[-1], 6)
    0.0
    """
    X, y, classes = _check(loss_fn, X, y, batch_size)
    history, epoch_numbers = History(), range(1, epochs + 1)
    if progress and _someone_watches():
        from tqdm.auto import tqdm

        epoch_numbers = tqdm(epoch_numbers, desc="epochs", leave=False)
    try:
        for epoch in epoch_numbers:
            model.train()
            pairs = batches(X, y, batch_size, rng=rng)
            # An overflow is reported once, by the loss it leads to.
            with np.errstate(over="ignore", invalid="ignore"):
                scores = _mean_scores(model, loss_fn, pairs, classes, optimizer)
                scores += evaluate(model, loss_fn, *validation) if validation is not None else ()
            for name, score in zip(("loss", "accuracy", "val_loss", "val_accuracy"), scores):
                getattr(history, name).extend([] if score is None else [score])
            if callback and callback(epoch, model, history) in (True,):
                break
    except TrainingDiverged as error:
        error.history = history
        raise
    return history
