"""linear_forward: the affine map of a whole batch."""

from ...task import Task, case
from ..shared import normal, tidy


def linear_forward(x, W, b):
    y = x @ W + b
    return y


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


MISTAKES = """
return x @ W.T + b
    transposed-weights: W is transposed: W.T stands where W belongs. → Write the shapes under the
    product: (N, D) times (D, H) fits without a transpose.
return x @ W
    no-bias: The bias is missing. → Add b to every row; broadcasting does it.
return x * W + b
    elementwise-product: `*` multiplies entry by entry; a matrix product is wanted. → The matrix
    product is written `@`.
return x @ W - b
    bias-subtracted: The bias is subtracted. → The formula says plus b.
return x @ W + 2 * b
    bias-twice: The bias is added twice. → Look for a second `+ b`.
return x @ W + b[:, None]
    bias-along-rows: The bias runs down the rows: b[n] is added to example n. → b has one entry for
    each of the H columns; add it as it is, without `[:, None]`.
return W @ x + b
    swapped-factors: The factors are swapped: W @ x where x @ W belongs. → Rows are examples here,
    so x stands on the left.
return W.T @ x + b
    columns-as-examples: This is the formula for examples in columns. → Rows are examples here: x
    stands on the left and nothing is transposed.
return x.T @ W + b
    transposed-input: x is transposed: x.T stands where x belongs. → Write the shapes under the
    product: (N, D) times (D, H) fits without a transpose.
[transposed]
    transposed-result: The result is transposed. → Rows are examples: the result has shape (N, H).
return x @ W / len(x) + b
    mean-over-batch: The product is divided by N. → A layer never averages: leave the division out.
return np.maximum(x @ W + b, 0)
    relu-added: Negative entries are set to 0: a ReLU has slipped in. → The linear layer alone is
    wanted; the activation comes after it.
return x @ (W + b)
    bias-inside-product: The bias is added to W before the product, so x multiplies it too. → First
    the product, then the bias.
"""

TASK = Task(
    "linear_forward(x, W, b)",
    linear_cases,
    linear_forward,
    shapes={"x": "N D", "W": "D H", "b": "H"},
    mistakes=MISTAKES,
    hints=(
        "Write the three shapes side by side: which product takes (N, D) to (N, H)?",
        "y[n, h] = Σ_d x[n, d] · W[d, h] + b[h].",
        "One line: the matrix product `x @ …`, plus b, which NumPy adds to every row.",
    ),
    place=1,
)
