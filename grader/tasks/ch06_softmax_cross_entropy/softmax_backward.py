"""softmax_backward: the vector–Jacobian product of softmax, from its output."""

import numpy as np

from ...task import Task, case
from ..shared import away_from_zero, normal, softmax


def softmax_backward(p, dp):
    mean = np.sum(dp * p, axis=1, keepdims=True)
    dz = p * (dp - mean)
    return dz


def softmax_backward_cases(rng):
    def draw(n, c, scale=1.0, aspect="value"):
        p = softmax(normal(rng, n, c, scale=scale))
        return case(p, away_from_zero(rng, n, c), aspect=aspect)

    def tenths(n, c):
        return np.array([rng.permutation([0.1, 0.2, 0.3, 0.4][: c - 1] + [0.0]) for _ in range(n)])

    p = tenths(2, 3)
    p[p == 0] = 1 - 0.3
    return [
        case(np.array([[1.0, 0.0, 0.0]]), np.array([[1.0, -2.0, 0.5]]), aspect="edge"),
        case(np.full((2, 4), 0.25), away_from_zero(rng, 2, 4), aspect="edge"),
        draw(1, 1, aspect="ones"),
        draw(3, 1, aspect="ones"),
        draw(1, 3, aspect="ones"),
        case(p, rng.choice([-2.0, -1.0, 1.0, 2.0, 3.0], (2, 3))),
        draw(2, 3),
        draw(3, 3),
        draw(5, 4),
        draw(4, 7, 2.0),
        draw(9, 5),
    ]


MISTAKES = """
dz = dp * p * (1 - p)
    diagonal-only: Every logit is treated by itself, with the slope p(1 − p): the Jacobian's
    diagonal alone. → Raising one logit lowers the other probabilities too.
dz = p * dp
    mean-missing: The share of the other classes is missing. → Raising one logit lowers the other
    probabilities too: a second term.
dz = p - dp
dz = (p - dp) / len(p)
    cross-entropy-shortcut: It is the gradient of cross-entropy for labels dp. → Here dp is any
    upstream gradient, not labels.
dz = dp - mean
    factor-missing: The factor p in front is missing. → Compare the result with the Jacobian's row
    for a p near 0.
dz = p * (mean - dp)
    wrong-sign: The sign is wrong. → Take the difference the other way round.
dz = p * (dp + mean)
    plus-for-minus: The two terms are added. → The rows of the result have to sum to 0.
dz = p * (1 - p) * (dp - mean)
    factor-twice: A factor 1 − p too many: the difference holds it already. → Test it with two
    classes, by hand.
dz = p * p * (dp - mean)
    factor-twice: The factor p stands there twice. → Test it with two classes, by hand.
dz = p * (dp - p)
    upstream-missing: p is subtracted where a mean of dp belongs. → The second term is made of dp
    as well.
dz = p * (1 - mean)
    no-upstream: dp is missing in the first term. → Upstream times local.
dz = p * (dp - mean) / len(p)
    divided-by-n: It is divided by N. → The mean is in dp already.
dz = p * (dp - mean) / p.shape[1]
    divided-by-classes: It is divided by the number of classes. → Nothing is averaged here.
dz = np.sum(p * (dp - mean), axis=1)
dz = np.sum(p * (dp - mean), axis=0)
    summed: The entries are summed. → dz has the shape of p.
mean = np.sum(dp * p, axis=0, keepdims=True)
    axis-0: The sum runs down the columns: examples are mixed. → The classes of an example stand in
    a row.
mean = np.sum(dp * p)
    over-everything: The sum runs over the whole array: examples are mixed. → Each row by itself.
mean = np.sum(dp * p, axis=1)
    no-keepdims: Without `keepdims` the row sums are lined up with the columns: an error for N ≠ C,
    silently wrong for N = C. → Keep them a column.
mean = np.mean(dp * p, axis=1, keepdims=True)
    mean-for-sum: The sum over the classes is divided by C. → p is the weight of each class already.
mean = np.sum(dp, axis=1, keepdims=True)
    unweighted: dp is summed without the weights p. → Write one entry of the Jacobian, then the sum.
mean = np.mean(dp, axis=1, keepdims=True)
    unweighted: The plain mean of dp is subtracted. → Its weights are the probabilities.
mean = np.sum(dp * p**2, axis=1, keepdims=True)
    factor-twice: The weights are p². → Write one entry of the Jacobian, then the sum.
mean = np.sum(p, axis=1, keepdims=True)
    upstream-missing: 1 is subtracted: the sum of p without dp. → The second term is made of dp too.
mean = np.max(dp * p, axis=1, keepdims=True)
    maximum-for-sum: The largest entry is subtracted. → Add over the classes.
mean = dp * p
    diagonal-only: The sum over the classes is missing, so only the Jacobian's diagonal is used. →
    Every probability depends on every logit.
p = softmax(p); mean = np.sum(dp * p, axis=1, keepdims=True)
    softmax-twice: Softmax is applied once more: p is its output already. → Use p as it comes.
dz = softmax(p * (dp - mean))
    softmax-of-result: Softmax is applied to the gradient. → A gradient may have any sign.
dz = np.einsum("ni,nj->nij", p, dp)
dz = p[:, :, None] * (np.eye(p.shape[1]) - p[:, None, :])
    jacobian-returned: A matrix comes back for each example. → Multiply it with dp: dz has the shape
    of p.
"""

TASK = Task(
    "softmax_backward(p, dp)",
    softmax_backward_cases,
    softmax_backward,
    shapes={"p": "N C", "dp": "N C"},
    mistakes=MISTAKES,
    hints=(
        "The Jacobian of softmax is full. What does dp times its column j come to?",
        "∂p_k/∂z_j = p_k(δ_kj − p_j), so dz_j = p_j·(dp_j − Σ_k dp_k p_k), row by row.",
        "One weighted sum a row, `np.sum(dp * p, axis=1, keepdims=True)`; subtract it from dp and "
        "multiply by p.",
    ),
    place=9,
)
