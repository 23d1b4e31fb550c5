"""init_params: weights whose variance suits their layer, small biases."""

import numpy as np

from ...call import Rng
from ...compare import as_array
from ...diagnosis import Diagnosis
from ...show import show
from ...task import Task, case

BIAS = 0.1  # the largest start of a bias that still counts as small


def init_cases(rng):
    def draw(*sizes, aspect="value"):
        return case(list(sizes), Rng(int(rng.integers(1000))), aspect=aspect)

    return [draw(784, 128, 10), draw(300, 60, 60, 60, 10), draw(60, 500, 40)]


def accept(value, sizes, rng):
    pairs = list(zip(sizes[:-1], sizes[1:], strict=True))
    if not isinstance(value, list) or len(value) != len(pairs):
        got = f"{len(value)} came back" if isinstance(value, list) else "one array came back"
        return Diagnosis(
            "wrong-type",
            f"The sizes {sizes} make {len(pairs)} layers, one pair (W, b) each; {got}.",
            "L + 1 sizes describe L layers: return a list of pairs.",
        )
    layers = []
    for number, (pair, (fan_in, fan_out)) in enumerate(zip(value, pairs, strict=True), start=1):
        if not isinstance(pair, list) or len(pair) != 2:
            text = f"Layer {number} is no pair (W, b)."
            return Diagnosis("wrong-type", text, "Return a list of pairs (W, b).")
        W, b = as_array(pair[0]), as_array(pair[1])
        found = _shapes(W, b, number, fan_in, fan_out) or _numbers(W, b, number, fan_in, fan_out)
        if found:
            return found
        layers.append(W)
    for first, second in zip(layers[:-1], layers[1:], strict=True):
        if first.shape == second.shape and np.array_equal(first, second):
            return Diagnosis(
                "same-weights",
                "Two layers of one shape have the very same weights.",
                "Draw new numbers for every layer: one rng, made outside the loop.",
            )
    return None


def _shapes(W, b, number, fan_in, fan_out):
    if W.shape == (fan_in, fan_out) and b.shape == (fan_out,):
        return None
    advice = "Rows are examples: x @ W + b has to work, with W (in, out) and b (out,)."
    if W.shape == (fan_out, fan_in) and fan_in != fan_out:
        text = f"W of layer {number} has shape {W.shape}: it is transposed."
        return Diagnosis("transposed-weights", text, advice)
    text = f"Layer {number} has W of shape {W.shape} and b of shape {b.shape}; wanted are "
    return Diagnosis("wrong-shape", f"{text}{(fan_in, fan_out)} and {(fan_out,)}.", advice)


def _numbers(W, b, number, fan_in, fan_out):
    if not (np.all(np.isfinite(W)) and np.all(np.isfinite(b))):
        text = f"Layer {number} contains NaN or infinity."
        return Diagnosis("not-finite", text, "Print what the standard deviation comes to.")
    W, b = W.astype(np.float64), b.astype(np.float64)
    if np.max(np.abs(b)) > BIAS:
        text = f"The biases of layer {number} start at up to {np.max(np.abs(b)):.2g}."
        return Diagnosis("large-bias", text, "Nothing is known yet: let every bias start at 0.")
    if np.ptp(W, axis=1).max() == 0:
        text = f"In layer {number} all units have the same weights, so they stay equal for ever."
        return Diagnosis("symmetric", text, "Units have to start differently: draw the weights.")
    low, high = min(1 / fan_in, 2 / (fan_in + fan_out)), 2 / fan_in
    variance = float(np.mean(W**2))
    noise = 1 + 6 * np.sqrt(2 / W.size)
    details = (
        ("layer", f"{number}, {fan_in} → {fan_out}"),
        ("your variance", show(float(f"{variance:.3g}"))),
        ("variance × in", show(float(f"{variance * fan_in:.3g}"))),
    )
    if abs(np.mean(W)) > 0.3 * np.std(W):
        text = f"The weights of layer {number} are not drawn around 0."
        told = Diagnosis("not-centred", text, "Weights of both signs are wanted, equally often.")
        return told.at(None, *details)
    if low / noise / 1.05 <= variance <= high * noise * 1.05:
        return None
    size = "small" if variance < low else "large"
    where = f"The weights of layer {number} ({fan_in} inputs) are too {size}"
    fits = low / noise <= variance * fan_out / fan_in <= high * noise
    if fits and fan_in != fan_out:
        tag, text = "fan-out", f"{where}: their variance is scaled by the number of outputs."
    elif size == "small":
        tag, text = "too-small", f"{where}: the signal shrinks from layer to layer."
    else:
        tag, text = "too-large", f"{where}: the signal grows from layer to layer."
    advice = "How does the variance of x @ W depend on the number of inputs? A ReLU halves it."
    return Diagnosis(tag, text, advice).at(None, *details)


TASK = Task(
    "init_params(sizes, rng)",
    init_cases,
    accept=accept,
    seeds=2,
    hints=(
        "One pair for every layer. What makes a signal keep its size from layer to layer?",
        "Before a ReLU: Var(W) = 2 / fan_in, biases 0.",
        "For d, h in zip(sizes[:-1], sizes[1:]): "
        "`rng.standard_normal((d, h)) * np.sqrt(2 / d)` and `np.zeros(h)`.",
    ),
    place=1,
)
