"""check_layer: the relative error of a layer's backward, found with a random upstream gradient."""

import numpy as np

from ...call import Rng
from ...compare import as_array
from ...diagnosis import Diagnosis
from ...show import show
from ...task import Task, case

STEP = 1e-5


class Layer:
    """Two functions of x for the learner, forward and backward, and what checking them gives.

    error is the relative error whatever dy is, or None where it depends on dy.
    """

    def __init__(self, says, forward, backward, error=None):
        def run_forward(x):
            return forward(np.asarray(x, dtype=np.float64))

        def run_backward(x, dy):
            return backward(np.asarray(x, dtype=np.float64), np.asarray(dy, dtype=np.float64))

        run_forward.__doc__, run_backward.__doc__ = says
        run_forward.__name__, run_backward.__name__ = "forward", "backward"
        run_forward.layer = self
        self.forward, self.backward, self.error = run_forward, run_backward, error


W = np.array([[0.5, -1.0, 1.5, 0.25], [1.0, 0.75, -0.5, 2.0], [-1.5, 0.5, 1.0, -0.75]])


def _exp(x, dy):
    return 2 * dy * np.exp(2 * x)


def _linear(x, dy):
    return dy @ W.T


def _square(x, dy):
    return 2 * dy * (x @ W) @ W.T


EXP = "exp(2x)", lambda x: np.exp(2 * x)
LINEAR = "x @ W", lambda x: x @ W
SQUARE = "(x @ W)**2", lambda x: (x @ W) ** 2

LAYERS = {
    "right": Layer(("exp(2x)", "2·dy·exp(2x)"), EXP[1], _exp, 0.0),
    "linear": Layer(("x @ W, W of shape (3, 4)", "dy @ W.T"), LINEAR[1], _linear, 0.0),
    "square": Layer(("(x @ W)²", "2·dy·(x @ W) @ W.T"), SQUARE[1], _square, 0.0),
    "half": Layer(("exp(2x)", "dy·exp(2x)"), EXP[1], lambda x, dy: dy * np.exp(2 * x), 1 / 3),
    "three": Layer(("x @ W", "3·dy @ W.T"), LINEAR[1], lambda x, dy: 3 * _linear(x, dy), 0.5),
    "sign": Layer(("x @ W", "−dy @ W.T"), LINEAR[1], lambda x, dy: -_linear(x, dy), 1.0),
    "zero": Layer(("x @ W", "zeros"), LINEAR[1], lambda x, dy: np.zeros_like(x), 1.0),
    "ones": Layer(
        ("x @ W", "ones @ W.T: it ignores dy"),
        LINEAR[1],
        lambda x, dy: _linear(x, np.ones_like(dy)),
    ),
    "mean": Layer(
        ("(x @ W)²", "the mean of dy in place of dy"),
        SQUARE[1],
        lambda x, dy: _square(x, np.full_like(dy, dy.mean())),
    ),
}


def check_cases(rng):
    def draw(name, *shape, aspect="value"):
        layer = LAYERS[name]
        x = rng.uniform(-1.2, 1.2, shape)
        args = layer.forward, layer.backward, x, Rng(int(rng.integers(1000)))
        return case(*args, aspect=aspect)

    return [
        draw("right", 1, 1, aspect="ones"),
        draw("half", 1, 1, aspect="ones"),
        draw("linear", 1, 3, aspect="ones"),
        draw("right", 2, 3),
        draw("half", 2, 2),
        draw("three", 2, 3),
        draw("zero", 2, 3),
        draw("sign", 2, 3),
        draw("linear", 4, 3),
        draw("square", 4, 3),
        draw("ones", 4, 3),
        draw("mean", 5, 3),
    ]


def expected(forward, backward, x, rng):
    """Return the relative error for the dy that rng draws first."""
    if isinstance(rng, Rng):
        rng = np.random.default_rng(rng.seed)
    dy = rng.standard_normal(np.shape(forward(x)))
    dx = backward(x, dy)
    numerical = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += STEP
        down[i] -= STEP
        difference = np.sum(dy * forward(up)) - np.sum(dy * forward(down))
        numerical[i] = difference / (2 * STEP)
    error = np.linalg.norm(dx - numerical)
    size = np.linalg.norm(dx) + np.linalg.norm(numerical)
    return error / size


def accept(value, forward, backward, x, rng):
    value = as_array(value)
    if value.shape != ():
        return Diagnosis(
            "wrong-shape",
            f"One number is wanted; an array of shape {value.shape} came back.",
            "A relative error is one number: take norms of whole arrays.",
        )
    if value.dtype.kind == "b":
        return Diagnosis("wrong-type", "True or False came back.", "Return the error itself.")
    value, layer = float(value), forward.layer
    if not np.isfinite(value):
        return Diagnosis("not-finite", f"It returns {value}.", "What was divided by 0?")
    truth = expected(forward, backward, x, rng)
    details = (("your value", show(value)), ("an exact check", show(float(f"{truth:.2g}"))))
    told = _wrong(value, truth, layer.error, forward, backward, x)
    return told and told.at(None, *details)


def _wrong(value, truth, fingerprint, forward, backward, x):
    if value < 0:
        return Diagnosis("negative", "An error is never negative.", "Take norms before dividing.")
    if fingerprint == 0.0:
        if value <= 1e-6:
            return None
        if value < 1e-2:
            return Diagnosis(
                "low-precision",
                f"This layer is right, and the error found is {value:.0e}: "
                "the difference is too rough.",
                "Nudge one entry up and down, by a step near 1e-5, and divide by the distance.",
            )
        return _false_alarm(value, forward, backward, x)
    if fingerprint is None:
        fine = value > 0.03 and value <= 1 + 1e-9
        missed = Diagnosis(
            "mistake-missed",
            "This backward is wrong, and the error found is next to nothing: some upstream "
            "gradients hide what it does.",
            "Which upstream gradient tells apart everything that a layer may do with it?",
        )
        return None if fine else missed if value <= 0.03 else _too_large(value)
    if abs(value - fingerprint) <= 1e-4:
        return None
    if value < 1e-6:
        return Diagnosis(
            "mistake-missed",
            "This backward is wrong, and no error was found.",
            "Compare what backward returns with differences of forward alone.",
        )
    if value > 1 + 1e-6:
        return _too_large(value)
    return Diagnosis(
        "wrong-value",
        f"The relative error of this layer is {fingerprint:.3g}, whatever dy is.",
        "Is the error relative, to the sum of both norms, and are all entries compared?",
    )


def _too_large(value):
    return Diagnosis(
        "not-relative",
        f"The error is {value:.3g}; a relative error is at most 1.",
        "Divide by the sizes of both gradients, added.",
    )


def _false_alarm(value, forward, backward, x):
    """Say why a right layer was called wrong."""
    ones = np.ones(np.shape(forward(x)))
    text = f"This layer is right, and the error found is {value:.3g}."
    if ones.size == 1:
        return Diagnosis("false-alarm", text, "Do both sides use the same dy?")
    return Diagnosis(
        "false-alarm",
        text + " The two sides do not differentiate the same thing.",
        "Draw dy once, before any difference is taken, and use it on both sides.",
    )


TASK = Task(
    "check_layer(forward, backward, x, rng)",
    check_cases,
    accept=accept,
    hints=(
        "A layer has no loss. Which number can be made of its output, so that its gradient is what "
        "backward should return?",
        "With f(x) = Σ dy ⊙ forward(x) and dy drawn once: ‖dx − n‖ / (‖dx‖ + ‖n‖), n the central "
        "differences of f.",
        "`dy = rng.standard_normal(forward(x).shape)`, then your numerical_gradient of "
        "`lambda x: np.sum(dy * forward(x))` and your relative_error.",
    ),
    place=4,
)
