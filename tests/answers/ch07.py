"""Answers to the tasks of chapter 7."""

import math

import numpy as np

from . import partly, right, wrong

# --- he_std -------------------------------------------------------------------------------------


@right("he_std")
def he_power(fan_in):
    return (2.0 / fan_in) ** 0.5


@right("he_std")
def he_numpy(fan_in):
    return np.sqrt(2) / np.sqrt(fan_in)


@right("he_std")
def he_zero_dimensional(fan_in):
    return np.array(math.exp(0.5 * (math.log(2) - math.log(fan_in))))


@right("he_std")
def he_float32(fan_in):
    return np.sqrt(np.float32(2 / fan_in))


@wrong("he_std", "variance")
def he_variance(fan_in):
    return 2.0 / fan_in


@wrong("he_std", "no-factor-two")
def he_lecun(fan_in):
    return fan_in**-0.5


@wrong("he_std", "root-of-two-only")
def he_root_of_two(fan_in):
    return np.sqrt(2) / fan_in


@wrong("he_std", "uniform-limit")
def he_uniform(fan_in):
    return np.sqrt(6 / fan_in)


@wrong("he_std", "root-of-fan-in-only")
def he_precedence(fan_in):
    return 2 / fan_in**0.5


@wrong("he_std", "integer-division")
def he_floor(fan_in):
    return np.sqrt(2 // fan_in)


@wrong("he_std", "wrong-shape")
def he_in_a_list(fan_in):
    return [math.sqrt(2 / fan_in)]


# --- xavier_std ---------------------------------------------------------------------------------


@right("xavier_std")
def xavier_mean(fan_in, fan_out):
    return 1 / math.sqrt((fan_in + fan_out) / 2)


@right("xavier_std")
def xavier_power(fan_in, fan_out):
    return np.float64(2 / (fan_in + fan_out)) ** 0.5


@right("xavier_std")
def xavier_harmonic(fan_in, fan_out):
    return np.sqrt(np.array(2.0) / np.add(fan_in, fan_out))


@right("xavier_std")
def xavier_from_limit(fan_in, fan_out):
    return math.sqrt(6) / math.sqrt(fan_in + fan_out) / math.sqrt(3)


@wrong("xavier_std", "he-for-xavier")
def xavier_he(fan_in, fan_out):
    return np.sqrt(2 / fan_in)


@wrong("xavier_std", "fan-in-only")
def xavier_forward(fan_in, fan_out):
    return 1 / np.sqrt(fan_in)


@wrong("xavier_std", "variance")
def xavier_variance(fan_in, fan_out):
    return 2 / (fan_in + fan_out)


@wrong("xavier_std", "uniform-limit")
def xavier_limit(fan_in, fan_out):
    return (6 / (fan_in + fan_out)) ** 0.5


@wrong("xavier_std", "precedence")
def xavier_no_parentheses(fan_in, fan_out):
    return np.sqrt(2 / fan_in + fan_out)


@wrong("xavier_std", "fan-out-only")
def xavier_fan_out(fan_in, fan_out):
    return math.sqrt(2 / fan_out)


@wrong("xavier_std", "no-factor-two")
def xavier_one(fan_in, fan_out):
    return math.sqrt(1 / (fan_in + fan_out))


# --- xavier_uniform_limit -----------------------------------------------------------------------


@right("xavier_uniform_limit")
def limit_from_std(fan_in, fan_out):
    return np.sqrt(3) * np.sqrt(2 / (fan_in + fan_out))


@right("xavier_uniform_limit")
def limit_glorot(fan_in, fan_out):
    return 6**0.5 / (fan_in + fan_out) ** 0.5


@right("xavier_uniform_limit")
def limit_hypot(fan_in, fan_out):
    return np.array((6 / sum([fan_in, fan_out])) ** 0.5)


@right("xavier_uniform_limit")
def limit_from_width(fan_in, fan_out):
    return math.sqrt(12 * 2 / (fan_in + fan_out)) / 2


@wrong("xavier_uniform_limit", "std-for-limit")
def limit_std(fan_in, fan_out):
    return math.sqrt(2 / (fan_in + fan_out))


@wrong("xavier_uniform_limit", "he-for-xavier")
def limit_he(fan_in, fan_out):
    return math.sqrt(6 / fan_in)


@wrong("xavier_uniform_limit", "both-limits")
def limit_pair(fan_in, fan_out):
    a = limit_glorot(fan_in, fan_out)
    return [-a, a]


@wrong("xavier_uniform_limit", "variance")
def limit_no_root(fan_in, fan_out):
    return 6 / (fan_in + fan_out)


@wrong("xavier_uniform_limit", "three-for-six")
def limit_three(fan_in, fan_out):
    return math.sqrt(3 / (fan_in + fan_out))


@wrong("xavier_uniform_limit", "constant-factor")
def limit_seven(fan_in, fan_out):
    return math.sqrt(7 / (fan_in + fan_out))


# --- activation_stds ----------------------------------------------------------------------------


@right("activation_stds")
def stds_array(weights, x, activation):
    found = np.empty(len(weights))
    for i, W in enumerate(weights):
        x = activation(np.einsum("nd,dh->nh", x, W))
        found[i] = x.std()
    return found


@right("activation_stds")
def stds_recursive(weights, x, activation):
    if not weights:
        return ()
    x = activation(x @ weights[0])
    return (np.sqrt(np.mean((x - x.mean()) ** 2)), *stds_recursive(weights[1:], x, activation))


@right("activation_stds")
def stds_columns(weights, x, activation):
    h, found = x.T, []
    for W in weights:
        h = activation(W.T @ h)
        found.append(float(np.std(h)))
    return found


@right("activation_stds")
def stds_entry_by_entry(weights, x, activation):
    found = []
    for W in weights:
        x = np.array([[float(activation(v)) for v in row] for row in x @ W])
        found.append(np.array(np.std(x)))
    return found


@right("activation_stds")
def stds_float32(weights, x, activation):
    x, found = x.astype(np.float32), []
    for W in weights:
        x = activation(x @ W.astype(np.float32))
        found.append(np.std(x))
    return found


@wrong("activation_stds", "before-activation")
def stds_before(weights, x, activation):
    found = []
    for W in weights:
        z = x @ W
        found.append(np.std(z))
        x = activation(z)
    return found


@wrong("activation_stds", "last-layer-without-activation")
def stds_logits(weights, x, activation):
    found = []
    for i, W in enumerate(weights):
        x = x @ W
        if i < len(weights) - 1:
            x = activation(x)
        found.append(x.std())
    return found


@wrong("activation_stds", "last-layer-missing")
def stds_too_few(weights, x, activation):
    return stds_array(weights[:-1], x, activation)


@wrong("activation_stds", "input-included")
def stds_too_many(weights, x, activation):
    return [np.std(x), *stds_array(weights, x, activation)]


@wrong("activation_stds", "sample-std")
def stds_sample(weights, x, activation):
    found = []
    for W in weights:
        x = activation(x @ W)
        found.append(x.std(ddof=1))
    return found


@wrong("activation_stds", "not-passed-on")
def stds_from_x(weights, x, activation):
    return [activation(x @ W).std() for W in weights]


@wrong("activation_stds", "mean-of-column-stds")
def stds_columnwise(weights, x, activation):
    found = []
    for W in weights:
        x = activation(x @ W)
        found.append(np.mean(np.std(x, axis=0)))
    return found


@wrong("activation_stds", "variance")
def stds_var(weights, x, activation):
    return np.square(stds_array(weights, x, activation))


@partly("activation_stds", "changes-argument", points=2)
def stds_pops(weights, x, activation):
    found = []
    while weights:
        x = activation(x @ weights.pop(0))
        found.append(np.std(x))
    return found


STDS_SO_FAR = []


@wrong("activation_stds", "wrong-shape")
def stds_global(weights, x, activation):
    for W in weights:
        x = activation(x @ W)
        STDS_SO_FAR.append(np.std(x))
    return STDS_SO_FAR


# --- clip_gradients -----------------------------------------------------------------------------


@right("clip_gradients")
def clip_flat(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    if norm > max_norm:
        return [g * (max_norm / norm) for g in grads], norm
    return [g.copy() for g in grads], norm


@right("clip_gradients")
def clip_norm_of_norms(grads, max_norm):
    norm = np.linalg.norm([np.linalg.norm(g) for g in grads])
    scale = min(1.0, max_norm / (norm + 1e-12))
    return tuple(g * scale for g in grads), float(norm)


@right("clip_gradients")
def clip_loops(grads, max_norm):
    total = 0.0
    for g in grads:
        for v in np.nditer(g):
            total += float(v) ** 2
    norm = total**0.5
    new = [np.array(g) for g in grads]
    if norm >= max_norm:
        for g in new:
            g *= max_norm
            g /= norm
    return [new, np.array(norm)]


@right("clip_gradients")
def clip_divides(grads, max_norm):
    norm = math.sqrt(sum(np.vdot(g, g) for g in grads))
    return [g / max(1.0, norm / max_norm) for g in grads], norm


@right("clip_gradients")
def clip_lists(grads, max_norm):
    norm = np.sqrt(sum((g * g).sum() for g in grads))
    return [(g * (max_norm / norm if norm > max_norm else 1)).tolist() for g in grads], norm


@right("clip_gradients")
def clip_float32(grads, max_norm):
    grads = [g.astype(np.float32) for g in grads]
    norm = np.float32(np.sqrt(sum(np.sum(g**2) for g in grads)))
    scale = np.float32(max_norm / norm) if norm > max_norm else np.float32(1)
    return [g * scale for g in grads], norm


@wrong("clip_gradients", "each-array-by-itself")
def clip_each(grads, max_norm):
    new = []
    for g in grads:
        norm = np.linalg.norm(g)
        new.append(g * max_norm / norm if norm > max_norm else g.copy())
    return new, clip_flat(grads, max_norm)[1]


@wrong("clip_gradients", "clipped-by-value")
def clip_values(grads, max_norm):
    return [g.clip(-max_norm, max_norm) for g in grads], clip_flat(grads, max_norm)[1]


@wrong("clip_gradients", "always-scaled")
def clip_always(grads, max_norm):
    norm = clip_flat(grads, max_norm)[1]
    return [g * max_norm / (norm + 1e-12) for g in grads], norm


@wrong("clip_gradients", "no-root")
def clip_squared(grads, max_norm):
    norm = sum(np.sum(g**2) for g in grads)
    return [g * min(1, max_norm / (norm + 1e-12)) for g in grads], norm


@wrong("clip_gradients", "norm-after")
def clip_norm_after(grads, max_norm):
    new, _ = clip_flat(grads, max_norm)
    return new, clip_flat(new, max_norm)[1]


@wrong("clip_gradients", "order-of-results")
def clip_exchanged(grads, max_norm):
    new, norm = clip_flat(grads, max_norm)
    return norm, new


@wrong("clip_gradients", "norm-missing")
def clip_only_list(grads, max_norm):
    return clip_flat(grads, max_norm)[0]


@wrong("clip_gradients", "changes-argument")
def clip_in_place(grads, max_norm):
    norm = clip_flat(grads, max_norm)[1]
    if norm > max_norm:
        for g in grads:
            g *= max_norm / norm
    return grads, norm


@wrong("clip_gradients", "changes-argument")
def clip_into_the_list(grads, max_norm):
    norm = clip_flat(grads, max_norm)[1]
    for i, g in enumerate(grads):
        grads[i] = g * min(1.0, max_norm / (norm + 1e-12))
    return list(grads), norm


@partly("clip_gradients", "returns-argument", points=2)
def clip_same_list(grads, max_norm):
    norm = clip_flat(grads, max_norm)[1]
    if norm <= max_norm:
        return grads, norm
    return [g * (max_norm / norm) for g in grads], norm


@partly("clip_gradients", "returns-argument", points=2)
def clip_new_list_of_old_arrays(grads, max_norm):
    norm = clip_flat(grads, max_norm)[1]
    return [g * (max_norm / norm) if norm > max_norm else g for g in grads], norm


@partly("clip_gradients", "division-by-zero", points=2)
def clip_zero(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    return [g / norm * min(norm, max_norm) for g in grads], norm


# --- best_std -----------------------------------------------------------------------------------


@right("best_std")
def best_exact(width, depth):
    return (2 / width) ** 0.5


@right("best_std")
def best_upper_end(width, depth):
    return 2 ** (1 / depth) / math.sqrt(width / 2)


@right("best_std")
def best_lower_end(width, depth):
    return np.float32(0.5 ** (1 / depth) * np.sqrt(2 / width))


@right("best_std")
def best_search(width, depth):
    for sigma in np.geomspace(0.01, 10, 20_001):
        if 0.7 < (sigma * np.sqrt(width / 2)) ** depth < 1.5:
            return np.array(sigma)


@right("best_std")
def best_bisection(width, depth):
    low, high = 0.0, 10.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (low, middle) if middle**2 * width > 2 else (middle, high)
    return low


@wrong("best_std", "xavier-for-he")
def best_xavier(width, depth):
    return 1 / np.sqrt(width)


@wrong("best_std", "variance")
def best_variance(width, depth):
    return 2 / width


@wrong("best_std", "constant")
def best_constant(width, depth):
    return 0.01


@wrong("best_std", "signal-vanishes")
def best_too_small(width, depth):
    return 0.9 * math.sqrt(2 / width)


@wrong("best_std", "signal-explodes")
def best_too_large(width, depth):
    return 1.2 * math.sqrt(2 / width)


@wrong("best_std", "not-positive")
def best_negative(width, depth):
    return -math.sqrt(2 / width)


@wrong("best_std", "wrong-type")
def best_pair(width, depth):
    return [math.sqrt(2 / width)] * depth


@wrong("best_std", "depth-added")
def best_sum(width, depth):
    return math.sqrt(2 / (width + depth))


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
