"""Chapter 1: the forward pass."""

import numpy as np

from ..task import Mistake, Task, case
from .drawing import away_from_zero, large, normal, tidy

CHAPTER = "01_forward_pass"

# --- linear_forward -----------------------------------------------------------------------------


def linear_forward(x, W, b):
    return x @ W + b


def linear_cases(rng):
    def draw(n, d, h, make=normal, aspect="value"):
        return case(make(rng, n, d), make(rng, d, h), make(rng, h), aspect=aspect)

    return [
        draw(1, 2, 3, tidy, "ones"),
        draw(2, 3, 1, tidy, "ones"),
        draw(3, 1, 2, tidy, "ones"),
        draw(2, 2, 2, tidy),
        draw(2, 3, 4, tidy),
        draw(3, 3, 3),
        draw(4, 4, 2),
        draw(5, 3, 4),
        draw(7, 5, 6),
    ]


LINEAR_MISTAKES = (
    Mistake(
        "transposed-weights",
        lambda x, W, b: x @ W.T + b,
        "W is transposed: W.T stands where W belongs.",
        "Write the shapes under the product: (N, D) times (D, H) fits without a transpose.",
    ),
    Mistake(
        "no-bias",
        lambda x, W, b: x @ W,
        "The bias is missing.",
        "Add b to every row; broadcasting does it.",
    ),
    Mistake(
        "elementwise-product",
        lambda x, W, b: x * W + b,
        "`*` multiplies entry by entry; a matrix product is wanted.",
        "The matrix product is written `@`.",
    ),
    Mistake(
        "bias-subtracted",
        lambda x, W, b: x @ W - b,
        "The bias is subtracted.",
        "The formula says plus b.",
    ),
    Mistake(
        "bias-twice",
        lambda x, W, b: x @ W + 2 * b,
        "The bias is added twice.",
        "Look for a second `+ b`.",
    ),
    Mistake(
        "bias-along-rows",
        lambda x, W, b: x @ W + b[:, None],
        "The bias runs down the rows: b[n] is added to example n.",
        "b has one entry for each of the H columns; add it as it is, without `[:, None]`.",
    ),
    Mistake(
        "swapped-factors",
        lambda x, W, b: W @ x + b,
        "The factors are swapped: W @ x where x @ W belongs.",
        "Rows are examples here, so x stands on the left.",
    ),
    Mistake(
        "columns-as-examples",
        lambda x, W, b: W.T @ x + b,
        "This is the formula for examples in columns.",
        "Rows are examples here: x stands on the left and nothing is transposed.",
    ),
    Mistake(
        "transposed-input",
        lambda x, W, b: x.T @ W + b,
        "x is transposed: x.T stands where x belongs.",
        "Write the shapes under the product: (N, D) times (D, H) fits without a transpose.",
    ),
    Mistake(
        "transposed-result",
        lambda x, W, b: (x @ W + b).T,
        "The result is transposed.",
        "Rows are examples: the result has shape (N, H).",
    ),
    Mistake(
        "mean-over-batch",
        lambda x, W, b: x @ W / len(x) + b,
        "The product is divided by N.",
        "A layer never averages: leave the division out.",
    ),
    Mistake(
        "relu-added",
        lambda x, W, b: np.maximum(x @ W + b, 0),
        "Negative entries are set to 0: a ReLU has slipped in.",
        "The linear layer alone is wanted; the activation comes after it.",
    ),
    Mistake(
        "integer-dtype",
        lambda x, W, b: (x @ W + b).astype(int),
        "The result is an array of integers: everything after the decimal point is lost.",
        "Find where the array is made: `np.zeros(shape)` holds floats, `dtype=int` does not.",
    ),
    Mistake(
        "bias-inside-product",
        lambda x, W, b: x @ (W + b),
        "The bias is added to W before the product, so x multiplies it too.",
        "First the product, then the bias.",
    ),
)

# --- relu ---------------------------------------------------------------------------------------


def relu(z):
    return np.maximum(z, 0.0)


def relu_cases(rng):
    return [
        case(np.array([[0.0, 1.0]]), aspect="edge"),
        case(np.zeros((2, 3)), aspect="edge"),
        case(tidy(rng, 1, 1), aspect="ones"),
        case(np.array([[-1.0, 2.0]]) * rng.integers(1, 4)),
        case(np.array([[0.5, -1.5], [-0.25, 3.0]]) * rng.integers(1, 4)),
        case(away_from_zero(rng, 3, 3)),
        case(away_from_zero(rng, 5, 4)),
        case(normal(rng, 6, 7, scale=100.0)),
    ]


RELU_MISTAKES = (
    Mistake(
        "identity",
        lambda z: z.copy(),
        "Nothing is cut off: negative entries come back as they are.",
        "Every negative entry has to become 0.",
    ),
    Mistake(
        "minimum",
        lambda z: np.minimum(z, 0),
        "It keeps the negative entries and cuts off the positive ones.",
        "Take the larger of z and 0, not the smaller.",
    ),
    Mistake(
        "absolute-value",
        np.abs,
        "It is the absolute value: negative entries change their sign.",
        "Negative entries have to become 0.",
    ),
    Mistake(
        "step",
        lambda z: (z > 0) * 1.0,
        "It is 1 where z is positive: the mask, or the derivative, but not the function.",
        "Where z is positive, the result is z itself.",
    ),
    Mistake(
        "leaky",
        lambda z: np.where(z > 0, z, 0.01 * z),
        "It is LeakyReLU: negative entries are scaled by 0.01.",
        "Negative entries have to become exactly 0.",
    ),
    Mistake(
        "maximum-over-all",
        lambda z: np.max(z),
        "It is the single largest entry: `np.max` reduces an array.",
        "`np.maximum` compares entry by entry.",
    ),
    Mistake(
        "maximum-over-all",
        lambda z: max(z.max(), 0.0),
        "It is the single largest entry: `max` reduces an array.",
        "`np.maximum` compares entry by entry.",
    ),
    Mistake(
        "maximum-over-rows",
        lambda z: np.max(z, 0),
        "`np.max(z, 0)` is the largest entry of each column: the 0 is taken as an axis.",
        "`np.maximum` compares entry by entry.",
    ),
    Mistake(
        "selected",
        lambda z: z[z > 0],
        "Negative entries are left out, so the shape is lost.",
        "Keep the shape: negative entries stay in their place, as 0.",
    ),
    Mistake(
        "threshold-at-one",
        lambda z: np.maximum(z, 1),
        "It cuts off at 1.",
        "The threshold is 0.",
    ),
    Mistake(
        "sign-flipped",
        lambda z: np.maximum(-z, 0),
        "The sign of z is flipped: negative entries survive as positive ones.",
        "Compare z, not −z, with 0.",
    ),
    Mistake(
        "capped",
        lambda z: np.clip(z, 0, 1),
        "Entries above 1 are cut off too.",
        "ReLU has no upper limit.",
    ),
    Mistake(
        "capped",
        lambda z: np.clip(z, 0, 6),
        "Entries above 6 are cut off too.",
        "ReLU has no upper limit.",
    ),
    Mistake(
        "softplus",
        lambda z: np.logaddexp(0, z),
        "It is softplus, log(1 + exp z), a smooth cousin of ReLU.",
        "No exponential is needed: take the larger of z and 0.",
    ),
    Mistake(
        "integer-dtype",
        lambda z: np.maximum(z, 0).astype(int),
        "The result is an array of integers: everything after the decimal point is lost.",
        "Find where the array is made: `np.zeros(shape)` holds floats, `dtype=int` does not.",
    ),
)

# --- sigmoid ------------------------------------------------------------------------------------


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def sigmoid_cases(rng):
    return [
        case(np.zeros((1, 1)), aspect="edge"),
        case(tidy(rng, 1, 1), aspect="ones"),
        case(tidy(rng, 1, 3)),
        case(tidy(rng, 2, 3)),
        case(normal(rng, 3, 3)),
        case(normal(rng, 5, 4, scale=3.0)),
        case(np.array([[1e4, -1e4]]), aspect="stable"),
        case(np.array([[1000.0], [-1000.0]]), aspect="stable"),
        case(np.array([[-25.0, 25.0, -40.0]]), aspect="stable"),
        case(large(rng, 4, 3), aspect="stable"),
        case(rng.uniform(-40, 40, (5, 4)), aspect="stable"),
    ]


def sigmoid_both_branches(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


SIGMOID_MISTAKES = (
    Mistake(
        "overflow",
        lambda z: 1 / (1 + np.exp(-z)),
        "exp(−z) overflows when z is very negative.",
        "Exponentiate −|z| only, which is never positive: for z < 0 use exp(z) / (1 + exp(z)).",
    ),
    Mistake(
        "overflow",
        lambda z: np.exp(z) / (1 + np.exp(z)),
        "exp(z) overflows when z is large, and inf / inf is NaN.",
        "Exponentiate −|z| only, which is never positive: for z ≥ 0 use 1 / (1 + exp(−z)).",
    ),
    Mistake(
        "both-branches",
        sigmoid_both_branches,
        "`np.where` evaluates both formulas everywhere, so the unwanted one still overflows.",
        "Compute exp(−|z|) once and use it in both formulas, or assign through a mask.",
    ),
    Mistake(
        "clipped",
        lambda z: 1 / (1 + np.exp(-np.clip(z, -20, 20))),
        "z is clipped, so the tails are wrong: sigmoid(−25) is about 1.4e−11, not sigmoid(−20).",
        "No clipping is needed when only −|z| is exponentiated.",
    ),
    Mistake(
        "wrong-sign-in-exponent",
        lambda z: 1 / (1 + np.exp(z)),
        "The sign in the exponent is wrong: this falls where it has to rise.",
        "The formula has exp(−z) in the denominator.",
    ),
    Mistake(
        "tanh",
        np.tanh,
        "It is tanh, which runs from −1 to 1.",
        "The sigmoid runs from 0 to 1: 1 / (1 + exp(−z)).",
    ),
    Mistake(
        "missing-half",
        lambda z: 0.5 * (1 + np.tanh(z)),
        "The tanh form needs z / 2: this is the sigmoid of 2z.",
        "sigmoid(z) = (1 + tanh(z / 2)) / 2.",
    ),
    Mistake(
        "missing-one",
        lambda z: 1 / np.exp(-z),
        "The 1 in the denominator is missing.",
        "The denominator is 1 + exp(−z).",
    ),
    Mistake(
        "minus-in-denominator",
        lambda z: 1 / (1 - np.exp(-z)),
        "The denominator has a minus.",
        "The denominator is 1 + exp(−z).",
    ),
    Mistake(
        "precedence",
        lambda z: 1 / 1 + np.exp(-z),
        "Without parentheses this is (1/1) + exp(−z).",
        "Put parentheses around the whole denominator.",
    ),
    Mistake(
        "derivative",
        lambda z: sigmoid(z) * (1 - sigmoid(z)),
        "It is the derivative, σ(1 − σ).",
        "Only σ itself is wanted here.",
    ),
    Mistake(
        "sigmoid-twice",
        lambda z: sigmoid(sigmoid(z)),
        "The sigmoid is applied twice.",
        "Apply it once.",
    ),
    Mistake(
        "softmax",
        lambda z: (
            np.exp(z - z.max(axis=1, keepdims=True))
            / np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)
        ),
        "It is softmax: the entries of a row share a total of 1.",
        "The sigmoid treats every entry by itself.",
    ),
    Mistake(
        "step",
        lambda z: (z > 0) * 1.0,
        "It is a step: 0 or 1 and nothing between.",
        "The sigmoid is smooth: 1 / (1 + exp(−z)).",
    ),
    Mistake(
        "integer-dtype",
        lambda z: sigmoid(z).astype(int),
        "The result is an array of integers: everything after the decimal point is lost.",
        "Find where the array is made: `np.zeros(shape)` holds floats, `dtype=int` does not.",
    ),
)

# --- mlp_forward --------------------------------------------------------------------------------


def mlp_forward(x, params):
    for W, b in params[:-1]:
        x = relu(linear_forward(x, W, b))
    return linear_forward(x, *params[-1])


def mlp_cases(rng):
    def draw(*sizes, make=normal, aspect="value"):
        n, *sizes = sizes
        params = [(make(rng, d, h), make(rng, h)) for d, h in zip(sizes[:-1], sizes[1:], strict=True)]
        return case(make(rng, n, sizes[0]), params, aspect=aspect)

    return [
        draw(1, 2, 1, make=tidy, aspect="ones"),
        draw(1, 2, 3, 2, make=tidy, aspect="ones"),
        draw(2, 2, 3, make=tidy),
        draw(3, 2, 3, 2, make=tidy),
        draw(3, 3, 3, 3),
        draw(4, 3, 5, 2),
        draw(5, 4, 6, 3, 2),
        draw(6, 3, 5, 4, 7, 2),
    ]


def _mlp(hidden=relu, last=lambda z: z, bias=1.0, transpose=False, first=lambda x: x):
    def forward(x, params):
        x = first(x)
        for i, (W, b) in enumerate(params):
            z = x @ (W.T if transpose else W) + bias * b
            x = last(z) if i == len(params) - 1 else hidden(z)
        return x

    return forward


def _softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _row_sums(x, params):
    return mlp_forward(x, params).sum(axis=1)


MLP_MISTAKES = (
    Mistake(
        "relu-after-last",
        _mlp(last=relu),
        "ReLU follows the last layer too, so no logit can be negative.",
        "Leave the last layer's output as it is: handle it after the loop.",
    ),
    Mistake(
        "no-relu",
        _mlp(hidden=lambda z: z),
        "No ReLU stands between the layers: the whole collapses to one linear map.",
        "Apply relu after every layer but the last.",
    ),
    Mistake(
        "no-bias",
        _mlp(bias=0.0),
        "The biases are missing.",
        "Every layer adds its b.",
    ),
    Mistake(
        "transposed-weights",
        _mlp(transpose=True),
        "W is transposed: W.T stands where W belongs.",
        "W has shape (in, out): x @ W fits without a transpose.",
    ),
    Mistake(
        "softmax-after-last",
        _mlp(last=_softmax),
        "A softmax follows the last layer.",
        "Logits are wanted: the numbers before any softmax.",
    ),
    Mistake(
        "sigmoid-after-last",
        _mlp(last=sigmoid),
        "A sigmoid follows the last layer.",
        "Logits are wanted: the numbers before any activation.",
    ),
    Mistake(
        "sigmoid-for-relu",
        _mlp(hidden=sigmoid),
        "The sigmoid stands between the layers.",
        "Here it is ReLU.",
    ),
    Mistake(
        "tanh-for-relu",
        _mlp(hidden=np.tanh),
        "tanh stands between the layers.",
        "Here it is ReLU.",
    ),
    Mistake(
        "relu-before-layer",
        lambda x, params: _mlp(first=relu)(x, params),
        "ReLU comes before each layer, so it cuts the input x as well.",
        "First the layer, then ReLU; x itself is never cut.",
    ),
    Mistake(
        "relu-before-bias",
        lambda x, params: _relu_before_bias(x, params),
        "ReLU comes before the bias is added.",
        "relu(x @ W + b): the bias is inside.",
    ),
    Mistake(
        "first-layer-only",
        lambda x, params: linear_forward(x, *params[0]),
        "Only the first layer is computed.",
        "Feed each layer's output to the next; `return` belongs after the loop.",
    ),
    Mistake(
        "first-layer-only",
        lambda x, params: relu(linear_forward(x, *params[0])),
        "Only the first layer is computed.",
        "Feed each layer's output to the next; `return` belongs after the loop.",
    ),
    Mistake(
        "last-layer-missing",
        lambda x, params: _mlp(last=relu)(x, params[:-1]),
        "The last layer is missing: the hidden activations are returned.",
        "After the loop one linear layer is left to apply.",
    ),
    Mistake(
        "input-not-passed-on",
        lambda x, params: linear_forward(x, *params[-1]),
        "Only the last layer is computed, and from x.",
        "Each layer takes the output of the one before.",
    ),
    Mistake(
        "reversed-layers",
        lambda x, params: mlp_forward(x, params[::-1]),
        "The layers are applied in reverse.",
        "Forward runs through params from first to last.",
    ),
    Mistake(
        "reduced",
        _row_sums,
        "The outputs of an example are summed.",
        "Return all logits, shape (N, K).",
    ),
    Mistake(
        "labels",
        lambda x, params: mlp_forward(x, params).argmax(axis=1),
        "It returns the position of the largest logit.",
        "The logits themselves are wanted, shape (N, K).",
    ),
)


def _relu_before_bias(x, params):
    for W, b in params[:-1]:
        x = relu(x @ W) + b
    return linear_forward(x, *params[-1])


# --- squared_error_loss -------------------------------------------------------------------------


def squared_error_loss(y_hat, y):
    return np.sum((y_hat - y) ** 2) / (2 * len(y))


def squared_error_cases(rng):
    def draw(n, k, make=normal, aspect="value"):
        y = make(rng, n, k)
        return case(y + away_from_zero(rng, n, k).round(1), y, aspect=aspect)

    return [
        draw(1, 2, tidy, "ones"),
        draw(3, 1, tidy, "ones"),
        draw(2, 3, tidy),
        draw(3, 2, tidy),
        draw(3, 3),
        draw(4, 4),
        draw(7, 5),
        draw(5, 8),
    ]


def _squares(y_hat, y):
    return np.sum((y_hat - y) ** 2)


SQUARED_ERROR_MISTAKES = (
    Mistake(
        "sum-for-mean",
        lambda y_hat, y: _squares(y_hat, y) / 2,
        "It sums over the examples: exactly N times too large.",
        "Divide by the number of examples.",
    ),
    Mistake(
        "mean-over-outputs-too",
        lambda y_hat, y: np.mean((y_hat - y) ** 2) / 2,
        "It averages over all N·K entries: exactly K times too small.",
        "Divide by the number of examples only; outputs are summed. `np.mean` without an axis "
        "divides by both.",
    ),
    Mistake(
        "mean-squared-error",
        lambda y_hat, y: np.mean((y_hat - y) ** 2),
        "It is the mean over all N·K entries, and the ½ is missing.",
        "Sum all squares, then divide by 2N.",
    ),
    Mistake(
        "no-half",
        lambda y_hat, y: _squares(y_hat, y) / len(y),
        "The factor ½ is missing: exactly 2 times too large.",
        "Divide by 2N, not by N.",
    ),
    Mistake(
        "plain-sum",
        _squares,
        "It is the plain sum of squares: the 1/(2N) is missing.",
        "Divide by 2N.",
    ),
    Mistake(
        "divided-by-outputs",
        lambda y_hat, y: _squares(y_hat, y) / (2 * y.shape[1]),
        "It is divided by the number of outputs in place of the number of examples.",
        "N is the number of rows, `y.shape[0]`.",
    ),
    Mistake(
        "divided-twice",
        lambda y_hat, y: _squares(y_hat, y) / (2 * len(y) ** 2),
        "It is divided by N twice.",
        "The 1/N enters once.",
    ),
    Mistake(
        "absolute-error",
        lambda y_hat, y: np.sum(np.abs(y_hat - y)) / (2 * len(y)),
        "The differences are not squared: absolute values are summed.",
        "Square every difference before summing.",
    ),
    Mistake(
        "not-squared",
        lambda y_hat, y: np.sum(y_hat - y) / (2 * len(y)),
        "The differences are not squared, so they cancel.",
        "Square every difference before summing.",
    ),
    Mistake(
        "squared-sum",
        lambda y_hat, y: np.sum(y_hat - y) ** 2 / (2 * len(y)),
        "The sum is squared where the squares have to be summed.",
        "Square first, then sum.",
    ),
    Mistake(
        "not-reduced",
        lambda y_hat, y: (y_hat - y) ** 2 / (2 * len(y)),
        "The squares are not summed: an array comes back where one number is wanted.",
        "Sum over outputs and examples.",
    ),
    Mistake(
        "per-example",
        lambda y_hat, y: np.sum((y_hat - y) ** 2, axis=1) / 2,
        "There is one loss for each example.",
        "One number is wanted: the mean of these.",
    ),
    Mistake(
        "per-output",
        lambda y_hat, y: np.sum((y_hat - y) ** 2, axis=0) / (2 * len(y)),
        "There is one loss for each output.",
        "One number is wanted: sum over the outputs too.",
    ),
    Mistake(
        "norm-not-squared",
        lambda y_hat, y: np.linalg.norm(y_hat - y) / (2 * len(y)),
        "`np.linalg.norm` is the root of the sum of squares; its square is wanted.",
        "Square the norm.",
    ),
    Mistake(
        "root-mean-square",
        lambda y_hat, y: np.sqrt(np.mean((y_hat - y) ** 2)),
        "A root is taken.",
        "Leave the root out: sum of squares, divided by 2N.",
    ),
    Mistake(
        "wrong-sign",
        lambda y_hat, y: -_squares(y_hat, y) / (2 * len(y)),
        "The sign is wrong: a sum of squares is never negative.",
        "Leave the minus out.",
    ),
    Mistake(
        "sum-of-targets",
        lambda y_hat, y: np.sum((y_hat + y) ** 2) / (2 * len(y)),
        "Prediction and target are added.",
        "Their difference is squared: y_hat − y.",
    ),
    Mistake(
        "matrix-product",
        lambda y_hat, y: (y_hat - y).T @ (y_hat - y) / (2 * len(y)),
        "It is a matrix product of the differences: only the diagonal is wanted, summed.",
        "Square entry by entry and sum.",
    ),
)

# --- count_parameters ---------------------------------------------------------------------------


def count_parameters(sizes):
    return sum((d + 1) * h for d, h in zip(sizes[:-1], sizes[1:], strict=True))


def count_cases(rng):
    def draw(depth, top):
        return case([int(n) for n in rng.choice(np.arange(2, top), size=depth, replace=False)])

    return [
        case([1, 1], aspect="ones"),
        draw(2, 9),
        draw(3, 9),
        draw(4, 30),
        case([784, 128, 10]),
        draw(6, 1000),
    ]


def _pairs(sizes):
    return list(zip(sizes[:-1], sizes[1:], strict=True))


COUNT_MISTAKES = (
    Mistake(
        "no-bias",
        lambda sizes: sum(d * h for d, h in _pairs(sizes)),
        "The biases are not counted.",
        "A layer has one bias for each of its outputs.",
    ),
    Mistake(
        "biases-only",
        lambda sizes: sum(sizes[1:]),
        "Only the biases are counted.",
        "A layer from D to H has D·H weights besides.",
    ),
    Mistake(
        "input-bias",
        lambda sizes: sum(d * h for d, h in _pairs(sizes)) + sum(sizes),
        "The input is given biases too.",
        "Only layers have biases: every size but the first.",
    ),
    Mistake(
        "bias-per-input",
        lambda sizes: sum(d * h + d for d, h in _pairs(sizes)),
        "There is one bias for each input of a layer.",
        "There is one for each output: D·H + H.",
    ),
    Mistake(
        "one-bias-per-layer",
        lambda sizes: sum(d * h + 1 for d, h in _pairs(sizes)),
        "One bias is counted for each layer.",
        "b has H entries, one for each output.",
    ),
    Mistake(
        "last-layer-missing",
        lambda sizes: count_parameters(sizes[:-1]),
        "The last layer is not counted.",
        "A list of L + 1 sizes describes L layers: does your loop end one too early?",
    ),
    Mistake(
        "first-layer-missing",
        lambda sizes: count_parameters(sizes[1:]),
        "The first layer is not counted.",
        "The layer from sizes[0] to sizes[1] has parameters as well.",
    ),
    Mistake(
        "first-layer-only",
        lambda sizes: count_parameters(sizes[:2]),
        "Only the first layer is counted.",
        "Add up all layers; `return` belongs after the loop.",
    ),
    Mistake(
        "last-layer-only",
        lambda sizes: count_parameters(sizes[-2:]),
        "Only the last layer is counted: each round of the loop forgets the one before.",
        "Write `+=` and start from 0.",
    ),
    Mistake(
        "product-of-all",
        lambda sizes: int(np.prod(np.array(sizes, float))),
        "All sizes are multiplied together.",
        "Only neighboring sizes are multiplied; the layers are added.",
    ),
    Mistake(
        "sum-of-sizes",
        lambda sizes: sum(sizes),
        "The sizes are added up: these are units, not parameters.",
        "A layer from D to H has D·H weights and H biases.",
    ),
    Mistake(
        "one-per-layer",
        lambda sizes: [(d + 1) * h for d, h in _pairs(sizes)],
        "There is one count for each layer.",
        "One number is wanted: their sum.",
    ),
    Mistake(
        "squared-sizes",
        lambda sizes: sum(n * n for n in sizes),
        "Each size is multiplied by itself.",
        "Multiply neighbors: sizes[i] · sizes[i + 1].",
    ),
)

TASKS = [
    Task(
        "linear_forward(x, W, b)",
        linear_cases,
        linear_forward,
        shapes={"x": "N D", "W": "D H", "b": "H"},
        mistakes=LINEAR_MISTAKES,
        hints=(
            "Write the three shapes side by side: which product takes (N, D) to (N, H)?",
            "y[n, h] = Σ_d x[n, d] · W[d, h] + b[h].",
            "One line: the matrix product `x @ …`, plus b, which NumPy adds to every row.",
        ),
    ),
    Task(
        "relu(z)",
        relu_cases,
        relu,
        shapes={"z": "N H"},
        mistakes=RELU_MISTAKES,
        hints=(
            "Look at one entry at a time: what becomes of −2, of 0, of 3?",
            "relu(z) = max(z, 0), entry by entry.",
            "NumPy compares two arrays entry by entry with `np.maximum(…, …)`.",
        ),
    ),
    Task(
        "sigmoid(z)",
        sigmoid_cases,
        sigmoid,
        shapes={"z": "N H"},
        mistakes=SIGMOID_MISTAKES,
        hints=(
            "Try z = −1000: which intermediate number becomes too large to store?",
            "For z ≥ 0: 1 / (1 + e⁻ᶻ). For z < 0 the same number is eᶻ / (1 + eᶻ). Each exponent "
            "is at most 0.",
            "With `e = np.exp(-np.abs(z))` the denominator is 1 + e in both cases; choose the "
            "numerator, 1 or e, with `np.where`.",
        ),
    ),
    Task(
        "mlp_forward(x, params)",
        mlp_cases,
        mlp_forward,
        shapes={"x": "N D"},
        mistakes=MLP_MISTAKES,
        hints=(
            "How often does ReLU act in a network of three layers? Where not?",
            "h₀ = x, hₗ = relu(hₗ₋₁ Wₗ + bₗ) for all layers but the last, logits = h W + b.",
            "`for W, b in params[:-1]:` replaces x by a hidden layer's output; the last pair is "
            "left for after the loop.",
        ),
    ),
    Task(
        "squared_error_loss(y_hat, y)",
        squared_error_cases,
        squared_error_loss,
        shapes={"y_hat": "N K", "y": "N K"},
        mistakes=SQUARED_ERROR_MISTAKES,
        hints=(
            "Count what you divide by: examples, outputs, or both?",
            "L = 1/(2N) · Σₙ Σₖ (ŷ[n, k] − y[n, k])².",
            "`np.sum(… ** 2)` over everything, divided by `2 * len(y)`.",
        ),
    ),
    Task(
        "count_parameters(sizes)",
        count_cases,
        count_parameters,
        mistakes=COUNT_MISTAKES,
        rtol=0.0,
        hints=(
            "How many layers do the sizes 784, 128, 10 describe, and what shape has each W and b?",
            "A layer from D to H has D·H + H parameters; add up the layers.",
            "`zip(sizes[:-1], sizes[1:])` gives the pairs (D, H).",
        ),
    ),
]
