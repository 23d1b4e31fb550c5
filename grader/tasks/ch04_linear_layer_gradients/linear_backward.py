"""linear_backward: three gradients of xW + b."""

from ...task import Task, case
from ..shared import normal, tidy


def linear_backward(x, W, dy):
    dx = dy @ W.T
    dW = x.T @ dy
    db = dy.sum(axis=0)
    return dx, dW, db


def linear_backward_cases(rng):
    def draw(n, d, h, make=normal, aspect="value"):
        return case(make(rng, n, d), make(rng, d, h), make(rng, n, h), aspect=aspect)

    return [
        draw(1, 1, 1, tidy, "ones"),
        draw(1, 2, 3, tidy, "ones"),
        draw(2, 3, 1, tidy, "ones"),
        draw(3, 1, 2, tidy, "ones"),
        draw(2, 2, 2, tidy),
        draw(2, 3, 4, tidy),
        draw(3, 3, 3),
        draw(4, 2, 2),
        draw(5, 3, 4),
        draw(4, 6, 3),
        draw(7, 5, 6),
    ]


MISTAKES = """
[dW transposed]
    dW-transposed: dW is transposed: dyᵀ x where xᵀ dy belongs. → dW has the shape of W, (D, H): x.T
    is (D, N), dy is (N, H).
dW = x.T @ dy / len(x); db = dy.mean(axis=0)
    layer-averages: dW and db are divided by N, and the mean is in dy already: the classic double
    1/N. → A layer adds up the examples' shares; only the loss divides by N.
[÷ N]
    layer-averages: All three are divided by N, and the mean is in dy already: the classic double
    1/N. → A layer adds up the examples' shares; only the loss divides by N.
dW = x @ dy
    dW-without-transpose: dW is x @ dy: the transpose is missing. → dW has the shape of W, (D, H):
    x.T is (D, N), dy is (N, H).
dW = dy @ x.T
    dW-swapped-factors: dW is dy @ x.T, which sums over features where it has to sum over examples.
    → dW = xᵀ dy: the N of both is summed away.
dW = x @ dy.T
    dW-swapped-factors: dW is x @ dy.T, which sums over features where it has to sum over examples.
    → dW = xᵀ dy: the N of both is summed away.
dW = x * dy
    dW-elementwise: In dW `*` multiplies entry by entry; a matrix product is wanted. → dW = xᵀ dy,
    with `@`.
dW = np.outer(x.sum(axis=0), dy.sum(axis=0))
    dW-from-sums: dW is the outer product of two sums; the sum of outer products is wanted. →
    Multiply example by example, then add: xᵀ dy does both.
dW = x[:, :, None] * dy[:, None, :]
    dW-not-summed: dW has one matrix for each example. → Add them: W is shared by all examples.
dW = W * dy.sum(axis=0)
    dW-from-weights: dW is built from W. → Multiply swaps: the weight's partner is x, so dW = xᵀ dy.
[db ÷ N]
    db-mean: db is a mean: exactly N times too small. → b is used by every example, and at a fork
    gradients add: sum over the examples.
db = dy.copy()
    db-not-summed: db is dy itself: the sum over the examples is missing. → db has the shape of b,
    (H,): sum over axis 0.
db = dy.sum(axis=1)
    db-wrong-axis: db is summed over the features: one number for each example. → db has the shape
    of b, (H,): sum over the examples, axis 0.
[db keepdims]
    db-keepdims: db has shape (1, H); b has shape (H,). → Leave `keepdims` out.
[db summed over all]
    db-summed-over-all: db is one number: the sum over everything. → Sum over the examples only,
    `axis=0`.
db = np.full(dy.shape[1], dy.sum())
    db-summed-over-all: Every entry of db is the sum over everything. → Sum over the examples only,
    `axis=0`.
[db zero]
    db-zero: db is 0 everywhere: the bias gradient is forgotten. → db is the sum of dy over the
    examples.
[db ones]
    db-ones: db is 1 everywhere: the local derivative without dy. → Upstream times local, summed
    over the examples: the column sums of dy.
[db dy ones]
    db-ones: db is N everywhere: the local derivatives summed without dy. → Upstream times local,
    summed over the examples: the column sums of dy.
dW = np.outer(x[-1], dy[-1]); db = dy[-1].copy()
    last-example: dW and db hold the last example's share only: each round of the loop overwrites
    the one before. → Start from zeros and write `+=`.
dx = dy @ W
    dx-without-transpose: dx is dy @ W: the transpose is missing. → Forward through W means backward
    through Wᵀ: (N, H) times (H, D).
[dx transposed]
    dx-transposed: dx is transposed: W dyᵀ where dy Wᵀ belongs. → dx has the shape of x, (N, D).
dx = W.T @ dy
    dx-swapped-factors: dx is W.T @ dy: the formula for examples in columns. → Rows are examples
    here: dx = dy Wᵀ.
dx = dy * W
    dx-elementwise: In dx `*` multiplies entry by entry; a matrix product is wanted. → dx = dy Wᵀ,
    with `@`.
dx = x * (dy @ W.T)
    dx-from-input: dx is multiplied by x. → Multiply swaps: the partner of x is W alone, so dx = dy
    Wᵀ.
dx = dy @ W.T * (x > 0)
    dx-gated: dx is cut where x ≤ 0: a ReLU's gate has slipped in. → The linear layer alone is
    wanted.
[transposed]
    all-transposed: dx and dW are transposed, as for examples in columns. → Each gradient has the
    shape of its array: dx (N, D), dW (D, H).
dx = dy @ W; dW = x @ dy
    no-transposes: The transposes are missing, in dx and in dW. → dx = dy Wᵀ and dW = xᵀ dy.
[negated]
    wrong-sign: The sign of all three is wrong. → The minus of gradient descent belongs to the
    optimizer's step, not to the gradient.
return linear_backward(x, W, np.broadcast_to(dy.mean(axis=0), dy.shape))
    upstream-averaged: dy is averaged over the examples before it is used. → Each example has its
    own dy; nothing is averaged here.
"""

TASK = Task(
    "linear_backward(x, W, dy)",
    linear_backward_cases,
    linear_backward,
    shapes={"x": "N D", "W": "D H", "dy": "N H"},
    returns=("dx", "dW", "db"),
    mistakes=MISTAKES,
    hints=(
        "Each gradient has the shape of its array. Which of x, W and dy meet in which?",
        "dx = dy Wᵀ, dW = xᵀ dy, db = Σₙ dyₙ.",
        "Two products with `@` and one `.T` each, and one `sum(axis=0)`.",
    ),
    place=1,
)
