"""train_digits: parameters that read digits, trained from their own gradients."""

import functools
import importlib.util
from pathlib import Path

import numpy as np

from ...call import Rng
from ...compare import WrongStructure, as_array, parts
from ...diagnosis import Diagnosis
from ...task import Task, case
from .loss_and_gradients import loss_and_gradients

ENOUGH = 0.93  # between plain right runs and what softmax regression and gateless nets reach
UNSEEN = 2000  # digits that are kept back
PIXELS, CLASSES = 784, 10
CHANCE = 1 / CLASSES  # of the digits are right by guessing
AGREE = 0.98  # of the labels of two trainings: rounding in parallel may flip some

RIGHT_FIRST = 'First make check("loss_and_gradients", loss_and_gradients) right, then train again.'
DIVERGED = Diagnosis(
    "diverged",
    "The parameters contain NaN or infinity: training has diverged.",
    "Print the loss of the first steps. If it rises from the start, the step "
    "goes uphill (p + lr·g) or is too long: a sum in place of a mean makes it 64 times longer.",
)

# Coarse random images, which two networks trained with other random numbers read differently.
BLOCKS = np.random.default_rng(6).random((500, 7, 7), dtype=np.float32) ** 4
PROBE = BLOCKS.repeat(4, axis=1).repeat(4, axis=2).reshape(-1, PIXELS)


@functools.cache
def _digits():
    """Return all shipped digits, X (12000, 784) float32 in [0, 1] and y (12000,) int64."""
    folder = Path(importlib.util.find_spec("mlp_lib").origin).parent  # found, not imported
    with np.load(folder / "datasets" / "mnist_subset.npz", allow_pickle=False) as npz:
        images = np.concatenate([npz["x_train"], npz["x_test"]])
        labels = np.concatenate([npz["y_train"], npz["y_test"]])
    return images.reshape(-1, PIXELS).astype(np.float32) / 255, labels.astype(np.int64)


def split(n, seed):
    """Draw n digits to learn from; return their X and y, then those of the UNSEEN others.

    The unseen are always the same: others would be harder or easier, by as much as a network's
    gates are worth.
    """
    images, labels = _digits()
    unseen, rest = np.split(np.random.default_rng(0).permutation(len(images)), [UNSEEN])
    learn = np.random.default_rng(seed).permutation(rest)[:n]
    return images[learn], labels[learn], images[unseen], labels[unseen]


def digits_cases(rng):
    n, seed = int(rng.integers(9_800, 10_001)), int(rng.integers(1000))
    X, y, _, _ = split(n, seed)
    return [case(X, rename(y, seed), Rng(seed))]


def rename(labels, seed):
    """Give every class the name of another one: what is called a 3 may look like a 7."""
    circle = np.random.default_rng([seed, 1]).permutation(CLASSES)
    names = np.empty(CLASSES, np.int64)
    names[circle] = np.roll(circle, 1)
    return names[labels]


def accept(value, X, y, rng, own_gradients):
    """Judge trained parameters; own_gradients calls the loss_and_gradients they came from."""
    params = _layers(value)
    if isinstance(params, Diagnosis):
        return params
    finite = all(np.all(np.isfinite(array)) for pair in params for array in pair)
    where, there = ("trained", params) if finite else ("fresh", _fresh(params))
    wrong = _wrong_gradients(own_gradients, where, there, X[:40].astype(np.float64), y[:40])
    if wrong or not finite:
        return wrong or DIVERGED
    _, _, unseen, labels = split(len(X), rng.seed)
    answer, renamed = predicted(params, unseen), rename(labels, rng.seed)
    if np.mean(answer == renamed) >= ENOUGH:
        return None
    loss, _ = loss_and_gradients(params, X[:1000].astype(np.float64), y[:1000])
    return _too_few_right(answer, labels, renamed, loss)


def predicted(params, X):
    h = X
    for W, b in params[:-1]:
        h = np.maximum(h @ W + b, 0)
    W, b = params[-1]
    return np.argmax(h @ W + b, axis=1)


def _layers(value):
    """Return the parameters as a list of pairs of arrays, or what is wrong with their form."""
    advice = "Return params as init_params makes them: a list of pairs (W, b), first layer first."
    if not isinstance(value, list) or not all(isinstance(p, list) and len(p) == 2 for p in value):
        return Diagnosis("wrong-type", "What comes back is no list of pairs (W, b).", advice)
    params = [(as_array(W), as_array(b)) for W, b in value]
    shapes = [(W.shape, b.shape) for W, b in params]
    told = ", ".join(f"{w} and {b}" for w, b in shapes)
    if any(W.ndim != 2 or b.shape != (W.shape[1],) for W, b in params):
        return Diagnosis(
            "wrong-shape", f"The layers have shapes {told}: no (in, out), (out,).", advice
        )
    sizes = [W.shape[0] for W, _ in params] + [params[-1][0].shape[1]] if params else []
    joined = all(a[0].shape[1] == b[0].shape[0] for a, b in zip(params, params[1:], strict=False))
    if not joined or sizes[:1] != [PIXELS] or sizes[-1:] != [CLASSES]:
        text = (
            f"The layers, {told or 'none'}, do not lead from {PIXELS} inputs to {CLASSES} logits."
        )
        return Diagnosis("wrong-shape", text, advice)
    if len(params) < 2:
        text = "There is no hidden layer: this is softmax regression."
        return Diagnosis(
            "no-hidden-layer", text, "At least one ReLU layer comes before the logits."
        )
    return [(W.astype(np.float64), b.astype(np.float64)) for W, b in params]


def _fresh(params):
    """Return parameters of these sizes as they are before training."""
    rng = np.random.default_rng(0)
    return [(rng.normal(0, np.sqrt(2 / len(W)), W.shape), np.zeros(len(b))) for W, b in params]


def _wrong_gradients(own_gradients, where, params, X, y):
    """Compare the learner's own gradients with the true ones, at these parameters."""
    if own_gradients is None:
        return Diagnosis(
            "no-gradients",
            "There is no function loss_and_gradients beside train_digits, so nothing shows that "
            "these parameters come from backpropagation.",
            "Define loss_and_gradients(params, X, y) under this name in a cell of its own, outside "
            "every other function, and let train_digits call it.",
        )
    outcome = own_gradients(params, X, y)
    if outcome.failure:
        text = f"loss_and_gradients fails at the {where} parameters. {outcome.failure.text}"
        return Diagnosis("wrong-gradients", text, RIGHT_FIRST)
    truth = loss_and_gradients(params, X, y)
    try:
        found = parts(outcome.value, truth, ("loss", "grads"))[1:]
    except WrongStructure as error:
        text = f"loss_and_gradients does not return (loss, grads) as asked. {error}"
        return Diagnosis("wrong-gradients", text, RIGHT_FIRST)
    if all(_agree(part, len(y)) for part in found):
        return Diagnosis(
            "sum-for-mean",
            "Your loss_and_gradients adds the gradients of the examples up where the loss is their "
            "mean: with 64 examples every step is 64 times too long.",
            RIGHT_FIRST,
        )
    if all(_agree(part, -1) for part in found):
        return Diagnosis(
            "wrong-sign",
            "Your loss_and_gradients returns every gradient with the wrong sign: "
            "W − lr·dW goes uphill.",
            RIGHT_FIRST,
        )
    for i, part in enumerate(found):
        if not _agree(part):
            name = f"{('dW', 'db')[i % 2]} of layer {i // 2 + 1}"
            text = (
                f"At the {where} parameters {name} is not the gradient of the loss. However well "
                "it trains, it is not backpropagation."
            )
            return Diagnosis("wrong-gradients", text, RIGHT_FIRST)
    return None


def _agree(part, times=1):
    """Tell whether a gradient is so many times the true one, within a relative error of 1e-4."""
    if part.value.shape != part.truth.shape:
        return False
    exact = times * part.truth
    size = np.linalg.norm(part.value) + np.linalg.norm(exact)
    return bool(np.linalg.norm(part.value - exact) <= 1e-4 * size)


def _too_few_right(answer, labels, renamed, loss):
    share = float(np.mean(answer == renamed))
    if np.mean(answer == labels) > 0.6:
        return Diagnosis(
            "ignores-labels",
            "It was trained on other labels than the y it is given (the check renames the classes: "
            "what it calls a 3 may look like a 7).",
            "Train inside the function, on the X and y that are its arguments.",
        )
    text = f"{share:.1%} of {UNSEEN} unseen digits are right; it has to be {ENOUGH:.0%}."
    if share < 2 * CHANCE and loss > 1.2 * np.log(CLASSES):
        return Diagnosis(
            "climbs",
            f"The loss has grown to {loss:.1f}; a network that knows nothing has ln 10 ≈ 2.3. "
            f"{text}",
            "Print the loss of the first steps: does it rise? "
            "Then the step goes uphill (p + lr·g), or it is far too long.",
        )
    names, counts = np.unique(answer, return_counts=True)
    if counts.max() > 0.95 * UNSEEN:
        return Diagnosis(
            "constant-prediction",
            f"Nearly every digit is called {names[counts.argmax()]}. {text}",
            "Does the loss fall at all? Print it: too large a step, a sum in place of a mean, or "
            "weights that start at 0?",
        )
    if share < 0.5:
        return Diagnosis(
            "hardly-learned",
            text,
            "Print the loss of every epoch. A step far too small or too large, a sum in place of a "
            "mean, or X and y shuffled apart all look like this.",
        )
    return Diagnosis(
        "too-few-right",
        text,
        "If the loss is still falling: more epochs, more hidden units, a larger step. "
        "If it is not: a network with a wrong gate, or without one, ends here; "
        "check its gradients.",
    )


def alike(value, other):
    """Tell whether two trainings gave the same network, as far as its labels show."""
    first, second = _layers(value), _layers(other)
    if isinstance(first, Diagnosis) or isinstance(second, Diagnosis):
        return False
    return np.mean(predicted(first, PROBE) == predicted(second, PROBE)) > AGREE


TASK = Task(
    "train_digits(X, y, rng)",
    digits_cases,
    accept=accept,
    beside=("loss_and_gradients",),
    alike=alike,
    trains=30.0,  # the contract says 20: a slow machine refuses nobody
    seeds=1,
    hints=(
        "784 inputs, one hidden layer, 10 logits. "
        "Print the loss of each epoch: is it still falling?",
        "Minibatch gradient descent: "
        "p ← p − lr·g, 128 hidden units, minibatches of 64, lr = 0.1, 20 epochs.",
        "In a loop over epochs: `order = rng.permutation(len(X))`; for every slice of it "
        "`_, grads = loss_and_gradients(params, X[i], y[i])`, then new pairs `(W - lr * dW, "
        "b - lr * db)`.",
    ),
    place=3,
)
