"""train_digits(X, y, rng): see the exercise."""

import functools
import importlib.util
from pathlib import Path

import numpy as np

from ...call import Rng
from ...compare import as_array
from ...diagnosis import Diagnosis
from ...task import Task, case

ENOUGH = 0.88


HIDDEN = 2_000


# Coarse random images, which two networks trained with other random numbers read differently.
BLOCKS = np.random.default_rng(6).random((500, 7, 7), dtype=np.float32) ** 4


PROBE = BLOCKS.repeat(4, axis=1).repeat(4, axis=2).reshape(-1, 784)


@functools.cache
def _digits():
    """Return all shipped digits, X (12000, 784) float32 in [0, 1] and y (12000,) int64."""
    folder = Path(importlib.util.find_spec("mlp_lib").origin).parent  # found, not imported
    with np.load(folder / "datasets" / "mnist_subset.npz", allow_pickle=False) as npz:
        images = np.concatenate([npz["x_train"], npz["x_test"]])
        labels = np.concatenate([npz["y_train"], npz["y_test"]])
    return images.reshape(-1, 784).astype(np.float32) / 255, labels.astype(np.int64)


def _split(n, seed):
    """Split the digits into n to learn from and HIDDEN others; return X, y, X and y."""
    images, labels = _digits()
    order = np.random.default_rng(seed).permutation(len(images))
    learn, hidden = order[:n], order[-HIDDEN:]
    return images[learn], labels[learn], images[hidden], labels[hidden]


def digits_cases(rng):
    n, seed = int(rng.integers(7_001, 8_001)), int(rng.integers(1_000))
    X, y, _, _ = _split(n, seed)
    # The classes are renamed: a function that has learned elsewhere does not know their names.
    return [case(X, _rename(y, seed), Rng(seed))]


def _rename(labels, seed):
    """Give every class the name of another one."""
    circle = np.random.default_rng([seed, 1]).permutation(10)
    names = np.empty(10, np.int64)
    names[circle] = np.roll(circle, 1)
    return names[labels]


def accept_digits(predict, X, y, rng):
    _, _, hidden, labels = _split(len(X), rng.seed)
    renamed = _rename(labels, rng.seed)
    outcome = predict(hidden, seconds=10.0)
    if outcome.failure:
        line = f" ({outcome.failure.line})" if outcome.failure.line else ""
        return Diagnosis(
            "predict-fails",
            f"predict fails on {HIDDEN} digits of shape ({HIDDEN}, 784). {outcome.failure.text}" + line,
            "Call predict(X[:5]) on what your function returns and look at the shapes.",
        )
    answer = as_array(outcome.value)
    if outcome.changed:
        return Diagnosis(
            "changes-argument",
            "predict changes the digits it is given.",
            "Make a new array instead of writing into X.",
            "purity",
        )
    return (
        _wrong_labels(answer, renamed)
        or _asked_again(predict, hidden, answer, renamed)
        or _too_few_right(answer, labels, renamed)
        or _one_by_one(predict, hidden, answer)
    )


def _wrong_labels(answer, renamed):
    shape = (HIDDEN,)
    if answer.shape == (HIDDEN, 10):
        good = np.mean(answer.argmax(axis=1) == renamed) >= ENOUGH
        return Diagnosis(
            "scores-for-labels",
            "predict returns ten numbers for each digit"
            + (": its largest is the right label often enough." if good else "."),
            "One label is wanted: `.argmax(axis=1)`.",
        )
    if answer.shape == (10,):
        return Diagnosis(
            "argmax-axis",
            "predict returns ten numbers in all: is the argmax taken over the digits?",
            "The largest of each row: `.argmax(axis=1)`.",
        )
    if answer.shape != shape:
        return Diagnosis(
            "wrong-shape",
            f"predict returns shape {answer.shape}, for {HIDDEN} digits it has to be {shape}.",
            "One label for each row of X: `.argmax(axis=1)`.",
        )
    if not np.all(np.isfinite(answer)) or np.any(answer != np.round(answer)):
        return Diagnosis(
            "not-labels",
            "predict returns numbers that are no labels.",
            "The labels are 0 to 9: the position of the largest logit, `.argmax(axis=1)`, not the "
            "logit itself.",
        )
    return None


def _too_few_right(answer, labels, renamed):
    share = np.mean(answer == renamed)
    if share >= ENOUGH:
        return None
    if np.mean(answer == labels) > 0.6:
        return Diagnosis(
            "ignores-labels",
            "It was trained on other labels than the y it is given (the check renames the "
            "classes: what it calls a 3 may look like a 7).",
            "Train inside the function, on the X and y that are its arguments.",
        )
    text = f"{share:.0%} of {HIDDEN} unseen digits are right; it has to be {ENOUGH:.0%}."
    names, counts = np.unique(answer, return_counts=True)
    if counts.max() > 0.95 * HIDDEN:
        return Diagnosis(
            "constant-prediction",
            f"Nearly every digit is called {names[counts.argmax()]:.0f}. {text}",
            "Print the loss after each epoch. If it is nan, the learning rate is too large (or "
            "softmax overflows); if it does not move, look at the gradients.",
        )
    for shift in (1, -1):
        if np.mean(answer == renamed + shift) >= ENOUGH:
            return Diagnosis(
                "labels-shifted",
                "Every label is off by one.",
                "The labels run from 0 to 9, as the positions of the logits do.",
            )
    if share < 0.05:
        return Diagnosis(
            "worse-than-guessing",
            f"{text} Guessing would do better.",
            "Is it argmin for argmax, or do the steps go uphill? p ← p − lr·g.",
        )
    if share < 0.2:
        return Diagnosis(
            "guessing",
            f"{text} That is guessing: it has learned nothing.",
            "Does the loss fall? Are the new parameters those that predict uses? Do X and y stay "
            "together when they are shuffled?",
        )
    return Diagnosis(
        "not-accurate-enough",
        text,
        "Print the loss after each epoch: still falling → more epochs or a larger learning rate; "
        "jumping → a smaller one; stuck → check the gradients (chapter 2) and the start weights "
        "(chapter 5).",
    )


def _asked_again(predict, hidden, answer, renamed):
    outcome = predict(hidden, seconds=10.0)
    if outcome.failure or np.mean(as_array(outcome.value) != answer) > 0.005:
        return Diagnosis(
            "random-prediction",
            "Asked twice about the same digits, predict gives different labels.",
            "Dropout and other random numbers belong to training only.",
            "repeat" if np.mean(answer == renamed) >= ENOUGH else "value",
        )
    return None


def _one_by_one(predict, hidden, answer):
    """Ask again, for single digits: the same labels, in the same shape."""
    singles = []
    for i in range(40):
        outcome = predict(hidden[i : i + 1], layout="read-only", seconds=2.0)
        if outcome.failure:
            return Diagnosis(
                "predict-fails-for-one",
                f"predict fails on a single digit of shape (1, 784). {outcome.failure.text}",
                "M = 1 is a batch too: no `squeeze`, and sums with axis=1 over each row.",
                "ones",
            )
        single = as_array(outcome.value)
        if single.shape != (1,):
            return Diagnosis(
                "wrong-shape-for-one",
                f"For a single digit predict returns shape {single.shape}; (1,) is wanted.",
                "Leave out `squeeze`, `item` and `[0]`; `.argmax(axis=1)` keeps one label a row.",
                "ones",
            )
        singles.append(single[0])
    if np.mean(np.array(singles) == answer[:40]) < 0.9:
        return Diagnosis(
            "depends-on-the-batch",
            "Asked for single digits, predict gives other labels than for all together.",
            "Nothing in predict may be computed over the batch it is given: mean and std come from "
            "the training digits.",
            "repeat",
        )
    return None


TASK = Task(
    "train_digits(X, y, rng)",
    digits_cases,
    accept=accept_digits,
    expects="function",
    seeds=1,
    probe=PROBE,
    trains=30.0,
    hints=(
        "784 inputs, one hidden layer, 10 logits; start with He's weights and follow the loss.",
        "Minibatches of 64, a learning rate of 0.1 and ten epochs of plain gradient descent "
        "are enough; 64 hidden units too.",
        "Loop over epochs and minibatches; in each: forward, dz = (softmax(z) − one_hot) / N, "
        "backward, p −= lr·g. Then return `lambda X: forward(X).argmax(axis=1)`.",
    ),
    place=9,
)
