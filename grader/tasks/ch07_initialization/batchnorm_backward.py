"""batchnorm_backward: back through batch normalization, each column by its mean and variance."""

import numpy as np

from ...task import Task, case
from ..shared import away_from_zero, normal, tidy


def batchnorm_backward(x, weight, dy, eps):
    mean = x.mean(axis=0)
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - mean) / std
    dweight = np.sum(dy * x_hat, axis=0)
    dbias = np.sum(dy, axis=0)
    dx_hat = dy * weight
    through_mean = np.mean(dx_hat, axis=0)
    through_var = x_hat * np.mean(dx_hat * x_hat, axis=0)
    dx = (dx_hat - through_mean - through_var) / std
    return dx, dweight, dbias


def norm_cases(rng):
    """Cases for both normalizations: no row and no column is constant, sizes of both kinds."""

    def draw(n, d, eps=1e-5, make=normal, scale=1.0):
        x = scale * make(rng, n, d) + np.arange(d) / 2 + np.arange(n)[:, None] / 4
        return case(x, away_from_zero(rng, d), away_from_zero(rng, n, d), eps)

    flat = np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]])
    return [
        case(flat, away_from_zero(rng, 3), away_from_zero(rng, 2, 3), 0.25, aspect="edge"),
        draw(2, 2, 0.5, tidy),
        draw(2, 3, 0.5, tidy),
        draw(3, 2, 0.25, tidy),
        draw(3, 3, 0.1),
        draw(4, 4, 1e-3),
        draw(5, 4),
        draw(4, 7, 0.1),
        draw(8, 5, 1.0, scale=3.0),
        draw(9, 6),
    ]


MISTAKES = """
dx = dx_hat / std
    statistics-as-constants: In dx, mean and variance are treated as constants. → Both are computed
    from x: two more paths lead back to it.
dx = (dx_hat - through_mean) / std
    variance-path-missing: In dx the path through the variance is missing. → The variance is
    computed from x as well.
dx = (dx_hat - through_var) / std
    mean-path-missing: In dx the path through the mean is missing. → The mean is computed from x as
    well.
dx = (dx_hat + through_mean + through_var) / std
dx = (dx_hat - through_mean + through_var) / std
dx = (dx_hat + through_mean - through_var) / std
    plus-for-minus: In dx a path through mean or variance has the wrong sign. → Raising one x raises
    the mean, which lowers every x̂.
dx = dx_hat - through_mean - through_var
    std-missing: In dx the division by the standard deviation is missing. → x̂ is x over it.
dx = (dx_hat - through_mean - through_var) * std
    std-multiplied: In dx the standard deviation multiplies where it divides. → x̂ is x over it.
dx = (dx_hat - through_mean - through_var) / std**2
    variance-for-std: In dx the variance divides where its root belongs. → x̂ is x over the root.
dx = (dx_hat - through_mean - through_var) / std / len(x)
    dx-divided-by-n: dx is divided by N once more. → The means hold the only 1/N.
through_mean = np.sum(dx_hat, axis=0); through_var = x_hat * np.sum(dx_hat * x_hat, axis=0)
through_mean = np.sum(dx_hat, axis=0)
through_var = x_hat * np.sum(dx_hat * x_hat, axis=0)
    sum-for-mean: In dx a sum stands where a mean belongs. → Mean and variance hold a 1/N.
through_var = x_hat * np.mean(dx_hat, axis=0)
    x-hat-missing: In the path through the variance one x̂ is missing. → How does the variance
    change with x[n]?
through_var = np.mean(dx_hat * x_hat, axis=0)
    x-hat-missing: In the path through the variance one x̂ is missing. → How does the variance
    change with x[n]?
through_var = 2 * x_hat * np.mean(dx_hat * x_hat, axis=0)
through_var = x_hat * np.mean(dx_hat * x_hat, axis=0) / 2
    factor-two: In the path through the variance a factor 2 is wrong: that of the square and that
    of the root cancel. → Derive that path by hand once.
through_var = x * np.mean(dx_hat * x, axis=0)
through_var = (x - mean) * np.mean(dx_hat * (x - mean), axis=0)
    not-normalized: The path through the variance uses x in place of x̂. → Keep x̂ of the forward
    pass.
dx_hat = dy
dx_hat = dy + 0
    weight-missing-in-dx: dx leaves the weight out. → y = weight·x̂ + bias: what reaches x̂?
dx_hat = dy / weight
    divided-by-weight: dy is divided by the weight. → Multiply swaps.
dx_hat = dy * weight * x_hat
    x-hat-multiplied: What reaches x̂ is multiplied by x̂. → The partner of x̂ is the weight alone.
dx_hat = weight * np.ones_like(dy)
    dx-no-upstream: dx leaves dy out. → Upstream times local.
dweight = np.sum(dy * x, axis=0)
    dweight-from-x: dweight uses x. → The weight multiplied x̂.
dweight = np.sum(dy * (x - mean), axis=0)
    dweight-not-divided: dweight uses x − mean. → The weight multiplied x̂.
dweight = np.sum(dy, axis=0)
    dweight-without-x-hat: dweight leaves x̂ out. → The weight multiplied x̂.
dweight = np.sum(dy * x_hat * weight, axis=0)
    dweight-with-weight: dweight is multiplied by the weight. → Its partner is x̂ alone.
dweight = np.mean(dy * x_hat, axis=0)
    dweight-mean: dweight is a mean. → The weight is used by every example: add.
dweight = np.sum(dy * x_hat)
    dweight-summed-over-all: dweight is one number. → One for each column.
dweight = dy * x_hat
    dweight-not-summed: dweight is not summed over the examples. → It has shape (D,).
dweight = np.sum(dy * x_hat, axis=1)
    dweight-wrong-axis: dweight is summed over the columns. → It has shape (D,).
dbias = np.mean(dy, axis=0)
    dbias-mean: dbias is a mean. → The bias is used by every example: add.
dbias = np.sum(dy)
    dbias-summed-over-all: dbias is one number. → One for each column.
dbias = dy
    dbias-not-summed: dbias is not summed over the examples. → It has shape (D,).
dbias = np.sum(dy, axis=1)
    dbias-wrong-axis: dbias is summed over the columns. → It has shape (D,).
dbias = np.sum(dy * weight, axis=0)
    dbias-with-weight: dbias is multiplied by the weight. → The bias is added after it.
dweight = np.mean(dy * x_hat, axis=0); dbias = np.mean(dy, axis=0)
    layer-averages: dweight and dbias are means. → The mean is in dy already; only a loss divides.
std = np.sqrt(x.var(axis=0, ddof=1) + eps)
    sample-variance: The variance is divided by N − 1. → Here it is the biased one, over N.
std = np.sqrt(x.var(axis=0)) + eps
std = np.sqrt(x.var(axis=0)) + np.sqrt(eps)
    eps-outside-root: eps is added to the standard deviation. → It is added to the variance, inside
    the root.
std = np.sqrt(x.var(axis=0))
    no-eps: eps is left out. → It is added to the variance.
std = np.sqrt(x.var(axis=0) + {1e-5|1e-8|1e-3})
    fixed-constant: eps is a constant of yours, not the argument. → Use the eps that is given.
std = x.var(axis=0) + eps
    root-missing: The variance divides where its root belongs. → x̂ = (x − mean)/√(var + eps).
mean = x.mean()
    one-mean-for-all: One mean is taken over the whole array. → One for each column.
std = np.sqrt(x.var() + eps)
    one-variance-for-all: One variance is taken over the whole array. → One for each column.
"""

TASK = Task(
    "batchnorm_backward(x, weight, dy, eps)",
    norm_cases,
    batchnorm_backward,
    shapes={"x": "N D", "weight": "D", "dy": "N D"},
    returns=("dx", "dweight", "dbias"),
    mistakes=MISTAKES,
    hints=(
        "x reaches x̂ on three paths: directly, through the mean, through the variance. Which of "
        "them does your dx have?",
        "dx̂ = dy ⊙ weight; dx = (dx̂ − mean(dx̂) − x̂ ⊙ mean(dx̂ ⊙ x̂)) / √(var + eps), means over "
        "axis 0; dweight = Σₙ dy ⊙ x̂, dbias = Σₙ dy.",
        "`std = np.sqrt(x.var(axis=0) + eps)`, `x_hat = (x - x.mean(axis=0)) / std`, "
        "`g = dy * weight`; then one line each for dx, dweight and dbias.",
    ),
    place=7,
)
