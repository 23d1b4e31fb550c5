"""train_xor: a network that cuts four corners apart."""

import numpy as np

from ...call import Rng
from ...diagnosis import Diagnosis
from ...task import Task, case

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])

XOR = np.array([0, 1, 1, 0])

PLANE = np.stack(np.meshgrid(*[np.linspace(-1, 2, 46)] * 2), axis=-1).reshape(-1, 2)


def xor_cases(rng):
    return [
        case(Rng(int(seed))) for seed in rng.integers(1_000_000, size=8)
    ]  # two thirds of luck pass 1 time in 25


def xor_accept(predict, rng):
    """Judge a trained predict on the corners, on one alone, and on corners moved by up to 0.1."""
    outcome = predict(CORNERS, layout="read-only")
    if outcome.failure and not predict(CORNERS).failure:
        return Diagnosis(
            "changes-argument",
            f"predict fails when X is read-only: {outcome.failure.text}",
            "Make a new array instead of writing into X.",
            "purity",
        )
    if outcome.failure:
        line = f" ({outcome.failure.line})" if outcome.failure.line else ""
        text = f"predict fails on the four corners. {outcome.failure.text}{line}"
        return Diagnosis(
            outcome.failure.kind, text, "Call it yourself: predict(X), X of shape (4, 2)."
        )
    finding = _labels(outcome.value, 4) or _corners(np.asarray(_flat(outcome.value)))
    if finding:
        return finding
    if predict(CORNERS).changed:
        return Diagnosis(
            "changes-argument",
            "predict changes its argument X, which belongs to the caller.",
            "Make a new array instead of writing into X.",
            "purity",
        )
    for corner, label in zip(CORNERS, XOR, strict=True):
        alone = predict(corner[None])
        if alone.failure:
            text = f"predict fails on a single point of shape (1, 2). {alone.failure.text}"
            return Diagnosis("fails-for-sizes-of-one", text, "M = 1 works too.", "ones")
        finding = _labels(alone.value, 1)
        if finding:
            return Diagnosis(finding.tag, f"For one point: {finding.text}", finding.advice, "ones")
        if _flat(alone.value) != [label]:
            return Diagnosis(
                "depends-on-other-points",
                f"The label of {corner.tolist()} is another one when the point comes alone.",
                "Each row is a point of its own: is a mean or a maximum taken over the rows?",
            )
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    circle = 0.1 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    moves = np.concatenate([circle, circle / 2])
    points = np.concatenate([corner + moves for corner in CORNERS])
    moved = predict(points)
    if moved.failure:
        text = f"predict fails on {len(points)} points. {moved.failure.text}"
        return Diagnosis(moved.failure.kind, text, "predict takes any number M of points.")
    finding = _labels(moved.value, len(points))
    if finding:
        return finding
    wrong = np.flatnonzero(np.asarray(_flat(moved.value)) != np.repeat(XOR, len(moves)))
    if wrong.size:
        where = ", ".join(f"{c:.2f}" for c in points[wrong[0]])
        return Diagnosis(
            "no-margin",
            f"The corners are right, but {wrong.size} of {len(points)} points within 0.1 of a "
            f"corner are not, for instance [{where}].",
            "The boundary runs too close to a corner: train longer, use more hidden units, or "
            "train on moved corners too. A table of the four corners is not enough.",
        )
    return None


def _flat(value):
    """Return labels as a plain list, whether they came as an array or as a list."""
    items = value if isinstance(value, list) else np.ravel(value)
    return [np.asarray(item).item() for item in items]


def _labels(value, count):
    """Return what is wrong with the form of the labels of so many points, or None."""
    if isinstance(value, list) and any(not isinstance(v, np.ndarray) or v.ndim for v in value):
        shape = np.shape(value)
    else:
        shape = (len(value),) if isinstance(value, list) else value.shape
    if shape != (count,):
        columns = " It looks like one column for each class: take the argmax of each row."
        return Diagnosis(
            "wrong-shape",
            f"predict returns shape {shape} for {count} points; one label each, ({count},), is "
            f"wanted.{columns if shape == (count, 2) else ''}",
            "Select the one column, or take `argmax(axis=1)`.",
        )
    found = set(_flat(value))
    if not found <= {0, 1}:
        minus = found <= {-1, 1}
        return Diagnosis(
            "labels-minus-one" if minus else "not-labels",
            "predict returns labels −1 and 1."
            if minus
            else "predict returns numbers that are not labels: outputs, probabilities or NaN.",
            "Labels are 0 and 1." if minus else "Turn them into 0 or 1: compare, or take argmax.",
        )
    return None


def _corners(labels):
    right = int(np.sum(labels == XOR))
    if right == 4:
        return None
    if right == 0:
        return Diagnosis(
            "labels-inverted",
            "All four corners have the wrong label: 0 and 1 are exchanged.",
            "The label is 1 where exactly one coordinate is 1.",
        )
    if len(set(labels.tolist())) == 1:
        return Diagnosis(
            "one-label-only",
            f"Every corner is given the label {int(labels[0])}.",
            "Print the loss while training: does it fall? A step too small or too large, weights "
            "that start at 0, or a threshold that is never crossed all look like this.",
        )
    return Diagnosis(
        "not-learned",
        f"{right} of the 4 corners are right; a straight line gets at most 3.",
        "Print the loss while training. If it stays high: is there a nonlinearity between two "
        "layers, are there enough hidden units (8 or more), enough steps?",
    )


TASK = Task(
    "train_xor(rng)",
    xor_cases,
    accept=xor_accept,
    expects="function",
    seeds=1,
    probe=PLANE,
    trains=60.0,
    hints=(
        "Print the loss every few hundred steps. Where does it stop falling?",
        "One hidden layer of 8 to 16 units, tanh or ReLU, the four corners as one batch, some "
        "thousand steps of gradient descent.",
        "Draw W₁ (2, 16) and W₂ (16, 1) with rng.standard_normal; in a loop: forward, "
        "dz = (ŷ − y)/4, the gradients as in mlp_backward, `W -= lr * dW`. Then "
        "predict(X) is 1 where ŷ > ½.",
    ),
    place=8,
)
