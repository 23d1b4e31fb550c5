"""layernorm_backward: back through layer normalization, each row by its mean and variance."""

import numpy as np

from ...task import Task
from .batchnorm_backward import batchnorm_backward, norm_cases  # noqa: F401  a slip calls it


def layernorm_backward(x, weight, dy, eps):
    mean = x.mean(axis=1, keepdims=True)
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    x_hat = (x - mean) / std
    dweight = np.sum(dy * x_hat, axis=0)
    dbias = np.sum(dy, axis=0)
    dx_hat = dy * weight
    through_mean = np.mean(dx_hat, axis=1, keepdims=True)
    through_var = x_hat * np.mean(dx_hat * x_hat, axis=1, keepdims=True)
    dx = (dx_hat - through_mean - through_var) / std
    return dx, dweight, dbias


MISTAKES = """
return batchnorm_backward(x, weight, dy, eps)
    batch-norm: It is batch normalization: mean and variance of every column. → Here every row is
    normalized by itself.
through_mean = np.mean(dx_hat, axis=0); through_var = x_hat * np.mean(dx_hat * x_hat, axis=0)
    dx-wrong-axis: The means in dx run over axis 0, as in batch normalization. → The mean and the
    variance of x run along a row; so do these.
dx_hat = dy + 0; dx = weight * (dx_hat - through_mean - through_var) / std
    weight-too-late: The weight multiplies at the end, after the means. → Within a row the weights
    differ: what reaches x̂ is dy times the weight, and the means are taken of that.
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
    dx-divided-by-n: dx is divided by N. → Rows are normalized by themselves: no 1/N occurs.
through_mean = row_sum(dx_hat); through_var = x_hat * row_sum(dx_hat * x_hat)
through_mean = np.sum(dx_hat, axis=1, keepdims=True)
through_var = x_hat * np.sum(dx_hat * x_hat, axis=1, keepdims=True)
    sum-for-mean: In dx a sum stands where a mean belongs. → Mean and variance hold a 1/D.
through_var = x_hat * np.mean(dx_hat, axis=1, keepdims=True)
    x-hat-missing: In the path through the variance one x̂ is missing. → How does the variance
    change with x[n]?
through_var = np.mean(dx_hat * x_hat, axis=1, keepdims=True)
    x-hat-missing: In the path through the variance one x̂ is missing. → How does the variance
    change with x[n]?
through_var = 2 * x_hat * np.mean(dx_hat * x_hat, axis=1, keepdims=True)
through_var = x_hat * np.mean(dx_hat * x_hat, axis=1, keepdims=True) / 2
    factor-two: In the path through the variance a factor 2 is wrong: that of the square and that
    of the root cancel. → Derive that path by hand once.
through_var = x * np.mean(dx_hat * x, axis=1, keepdims=True)
through_var = (x - mean) * np.mean(dx_hat * (x - mean), axis=1, keepdims=True)
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
std = np.sqrt(x.var(axis=1, ddof=1, keepdims=True) + eps)
    sample-variance: The variance is divided by D − 1. → Here it is the biased one, over D.
std = np.sqrt(x.var(axis=1, keepdims=True)) + eps
std = np.sqrt(x.var(axis=1, keepdims=True)) + np.sqrt(eps)
    eps-outside-root: eps is added to the standard deviation. → It is added to the variance, inside
    the root.
std = np.sqrt(x.var(axis=1, keepdims=True))
    no-eps: eps is left out. → It is added to the variance.
std = np.sqrt(x.var(axis=1, keepdims=True) + {1e-5|1e-8|1e-3})
    fixed-constant: eps is a constant of yours, not the argument. → Use the eps that is given.
std = x.var(axis=1, keepdims=True) + eps
    root-missing: The variance divides where its root belongs. → x̂ = (x − mean)/√(var + eps).
mean = x.mean()
    one-mean-for-all: One mean is taken over the whole array. → One for each row.
std = np.sqrt(x.var() + eps)
    one-variance-for-all: One variance is taken over the whole array. → One for each row.
"""

TASK = Task(
    "layernorm_backward(x, weight, dy, eps)",
    norm_cases,
    layernorm_backward,
    shapes={"x": "N D", "weight": "D", "dy": "N D"},
    returns=("dx", "dweight", "dbias"),
    mistakes=MISTAKES,
    hints=(
        "What changes against batch normalization: the axis of which sums, and of which not?",
        "dx̂ = dy ⊙ weight; dx = (dx̂ − mean(dx̂) − x̂ ⊙ mean(dx̂ ⊙ x̂)) / √(var + eps), means along "
        "each row; dweight = Σₙ dy ⊙ x̂, dbias = Σₙ dy.",
        "As batchnorm_backward with `axis=1, keepdims=True` for mean, "
        "variance and the two means in dx; dweight and dbias still sum over axis 0.",
    ),
    place=8,
)
