"""Answers to softmax_backward, batchnorm_backward and layernorm_backward."""

import numpy as np

from . import partly, right, wrong

# --- softmax_backward ---------------------------------------------------------------------------


@right("softmax_backward")
def softmax_by_jacobians(p, dp):
    return np.array([(np.diag(q) - np.outer(q, q)) @ d for q, d in zip(p, dp, strict=True)])


@right("softmax_backward")
def softmax_in_two_terms(p, dp):
    g = p * dp
    return g - p * g.sum(axis=1)[:, None]


@right("softmax_backward")
def softmax_by_einsum(p, dp):
    return p * dp - p * np.einsum("nc,nc->n", p, dp).reshape(-1, 1)


@right("softmax_backward")
def softmax_by_loops(p, dp):
    dz = [[0.0] * p.shape[1] for _ in p]
    for n, row in enumerate(p):
        for j in range(len(row)):
            for k in range(len(row)):
                dz[n][j] += dp[n, k] * row[k] * ((k == j) - row[j])
    return dz


@right("softmax_backward")
def softmax_in_float32(p, dp):
    return softmax_in_two_terms(p.astype(np.float32), dp.astype(np.float32))


@wrong("softmax_backward", "diagonal-only")
def softmax_like_a_sigmoid(p, dp):
    return dp * p * (1 - p)


@wrong("softmax_backward", "cross-entropy-shortcut")
def softmax_minus_labels(p, dp):
    return p - dp


@wrong("softmax_backward", "axis-0")
def softmax_down_the_columns(p, dp):
    return p * (dp - (dp * p).sum(axis=0))


@wrong("softmax_backward", "mean-for-sum")
def softmax_averages(p, dp):
    return p * (dp - (dp * p).mean(axis=1, keepdims=True))


@wrong("softmax_backward", "no-keepdims")
def softmax_lines_up_wrongly(p, dp):
    return p * (dp - (dp * p).sum(axis=1))


# --- batchnorm_backward -------------------------------------------------------------------------


@right("batchnorm_backward")
def batchnorm_path_by_path(x, weight, dy, eps):
    N = len(x)
    centred = x - x.mean(axis=0)
    variance = (centred**2).mean(axis=0)
    inverse = (variance + eps) ** -0.5
    dx_hat = dy * weight
    dvariance = np.sum(dx_hat * centred, axis=0) * -0.5 * inverse**3
    dmean = -np.sum(dx_hat, axis=0) * inverse + dvariance * -2 * centred.mean(axis=0)
    dx = dx_hat * inverse + dvariance * 2 * centred / N + dmean / N
    return dx, np.sum(dy * centred * inverse, axis=0), dy.sum(axis=0)


@right("batchnorm_backward")
def batchnorm_column_by_column(x, weight, dy, eps):
    dx, dweight, dbias = np.empty(x.shape), [], []
    for d in range(x.shape[1]):
        column, up = x[:, d], dy[:, d]
        s = np.sqrt(np.var(column) + eps)
        h = (column - column.mean()) / s
        N = len(column)
        J = (np.eye(N) - 1 / N - np.outer(h, h) / N) / s
        dx[:, d] = J @ up * weight[d]
        dweight.append(up @ h)
        dbias.append(up.sum())
    return dx, dweight, dbias


@right("batchnorm_backward")
def batchnorm_in_one_line(x, weight, dy, eps):
    N = x.shape[0]
    s = np.sqrt(np.mean(x**2, 0) - np.mean(x, 0) ** 2 + eps)
    h = (x - np.mean(x, 0)) / s
    dw, db = (dy * h).sum(0), dy.sum(0)
    return weight / (N * s) * (N * dy - db - h * dw), dw, db


@wrong("batchnorm_backward", "statistics-as-constants")
def batchnorm_constants(x, weight, dy, eps):
    _, dw, db = batchnorm_in_one_line(x, weight, dy, eps)
    return dy * weight / np.sqrt(x.var(axis=0) + eps), dw, db


@wrong("batchnorm_backward", "sample-variance")
def batchnorm_unbiased(x, weight, dy, eps):
    N = len(x)
    s = np.sqrt(x.var(axis=0, ddof=1) + eps)
    h = (x - x.mean(axis=0)) / s
    dw, db = (dy * h).sum(axis=0), dy.sum(axis=0)
    return weight / (N * s) * (N * dy - db - h * dw), dw, db


@wrong("batchnorm_backward", "fixed-constant")
def batchnorm_own_eps(x, weight, dy, eps):
    return batchnorm_in_one_line(x, weight, dy, 1e-5)


@wrong("batchnorm_backward", "dbias-mean")
def batchnorm_mean_bias(x, weight, dy, eps):
    dx, dw, db = batchnorm_in_one_line(x, weight, dy, eps)
    return dx, dw, db / len(x)


@wrong("batchnorm_backward", "weight-missing-in-dx")
def batchnorm_without_weight(x, weight, dy, eps):
    dx, dw, db = batchnorm_in_one_line(x, weight, dy, eps)
    return dx / weight, dw, db


@partly("batchnorm_backward", "changes-argument", points=2)
def batchnorm_centres_in_place(x, weight, dy, eps):
    answer = batchnorm_in_one_line(x.copy(), weight, dy, eps)
    x -= x.mean(axis=0)
    return answer


# --- layernorm_backward -------------------------------------------------------------------------


@right("layernorm_backward")
def layernorm_by_transposing(x, weight, dy, eps):
    g = (dy * weight).T
    dx, _, _ = batchnorm_in_one_line(x.T, np.ones(len(x)), g, eps)
    h = (x.T - x.mean(axis=1)) / np.sqrt(x.var(axis=1) + eps)
    return dx.T, (dy.T * h).sum(axis=1), dy.sum(axis=0)


@right("layernorm_backward")
def layernorm_row_by_row(x, weight, dy, eps):
    dx, dweight, dbias = [], np.zeros(weight.shape), np.zeros(weight.shape)
    for row, up in zip(x, dy, strict=True):
        s = (row.var() + eps) ** 0.5
        h = (row - row.mean()) / s
        g = up * weight
        dx.append((g - g.mean() - h * (g @ h) / len(row)) / s)
        dweight += up * h
        dbias += up
    return dx, dweight, dbias


@right("layernorm_backward")
def layernorm_path_by_path(x, weight, dy, eps):
    D = x.shape[1]
    c = x - x.mean(axis=1, keepdims=True)
    inverse = 1 / np.sqrt((c**2).sum(axis=1, keepdims=True) / D + eps)
    g = dy * weight
    dv = -0.5 * (g * c).sum(axis=1, keepdims=True) * inverse**3
    dc = g * inverse + 2 * c * dv / D
    return dc - dc.mean(axis=1, keepdims=True), (dy * c * inverse).sum(axis=0), dy.sum(axis=0)


@wrong("layernorm_backward", "batch-norm")
def layernorm_over_the_batch(x, weight, dy, eps):
    return batchnorm_in_one_line(x, weight, dy, eps)


@wrong("layernorm_backward", "weight-too-late")
def layernorm_weight_at_the_end(x, weight, dy, eps):
    _, dw, db = layernorm_by_transposing(x, weight, dy, eps)
    return weight * layernorm_by_transposing(x, np.ones_like(weight), dy, eps)[0], dw, db


@wrong("layernorm_backward", "dweight-wrong-axis")
def layernorm_dweight_by_row(x, weight, dy, eps):
    dx, _, db = layernorm_by_transposing(x, weight, dy, eps)
    s = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    return dx, (dy * (x - x.mean(axis=1, keepdims=True)) / s).sum(axis=1), db


@wrong("layernorm_backward", "variance-path-missing")
def layernorm_mean_only(x, weight, dy, eps):
    _, dw, db = layernorm_by_transposing(x, weight, dy, eps)
    g = dy * weight
    s = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    return (g - g.mean(axis=1, keepdims=True)) / s, dw, db
