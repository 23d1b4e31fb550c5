"""mlp_forward: layers with ReLU between."""

from ...task import Task, case
from ..shared import normal, relu, tidy


def mlp_forward(x, params):
    h = x
    for W, b in params[:-1]:
        z = h @ W + b
        h = relu(z)
    W, b = params[-1]
    logits = h @ W + b
    return logits


def mlp_cases(rng):
    def draw(*sizes, make=normal, aspect="value"):
        n, *sizes = sizes
        params = [
            (make(rng, d, h), make(rng, h)) for d, h in zip(sizes[:-1], sizes[1:], strict=True)
        ]
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


MISTAKES = """
return relu(logits)
    relu-after-last: ReLU follows the last layer too, so no logit can be negative. → Leave the last
    layer's output as it is: handle it after the loop.
h = z
    no-relu: No ReLU stands between the layers: the whole collapses to one linear map. → Apply relu
    after every layer but the last.
z = h @ W; logits = h @ W
    no-bias: The biases are missing. → Every layer adds its b.
z = h @ W.T + b; logits = h @ W.T + b
    transposed-weights: W is transposed: W.T stands where W belongs. → W has shape (in, out): x @ W
    fits without a transpose.
return softmax(logits)
    softmax-after-last: A softmax follows the last layer. → Logits are wanted: the numbers before
    any softmax.
return sigmoid(logits)
    sigmoid-after-last: A sigmoid follows the last layer. → Logits are wanted: the numbers before
    any activation.
h = sigmoid(z)
    sigmoid-for-relu: The sigmoid stands between the layers. → Here it is ReLU.
h = np.tanh(z)
    tanh-for-relu: tanh stands between the layers. → Here it is ReLU.
h = x => h = relu(x)
    relu-before-layer: ReLU comes before each layer, so it cuts the input x as well. → First the
    layer, then ReLU; x itself is never cut.
h = relu(h @ W) + b
    relu-before-bias: ReLU comes before the bias is added. → relu(x @ W + b): the bias is inside.
return linear_forward(x, *params[0])
return relu(linear_forward(x, *params[0]))
    first-layer-only: Only the first layer is computed. → Feed each layer's output to the next;
    `return` belongs after the loop.
return h
    last-layer-missing: The last layer is missing: the hidden activations are returned. → After the
    loop one linear layer is left to apply.
return linear_forward(x, *params[-1])
    input-not-passed-on: Only the last layer is computed, and from x. → Each layer takes the output
    of the one before.
return mlp_forward(x, params[::-1])
    reversed-layers: The layers are applied in reverse. → Forward runs through params from first to
    last.
return logits.sum(axis=1)
    reduced: The outputs of an example are summed. → Return all logits, shape (N, K).
return logits.argmax(axis=1)
    labels: It returns the position of the largest logit. → The logits themselves are wanted, shape
    (N, K).
"""

TASK = Task(
    "mlp_forward(x, params)",
    mlp_cases,
    mlp_forward,
    shapes={"x": "N D"},
    mistakes=MISTAKES,
    hints=(
        "How often does ReLU act in a network of three layers? Where not?",
        "h₀ = x, hₗ = relu(hₗ₋₁ Wₗ + bₗ) for all layers but the last, logits = h W + b.",
        "`for W, b in params[:-1]:` replaces x by a hidden layer's output; the last pair is "
        "left for after the loop.",
    ),
    place=4,
)
