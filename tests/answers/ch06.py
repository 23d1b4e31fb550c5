"""Answers to the tasks of chapter 6."""

import math

import numpy as np

from . import partly, right, wrong

# --- softmax ------------------------------------------------------------------------------------


@right("softmax")
def softmax_rows(z):
    rows = []
    for row in z.tolist():
        top = max(row)
        e = [math.exp(v - top) for v in row]
        rows.append([v / sum(e) for v in e])
    return rows


@right("softmax")
def softmax_transposed(z):
    e = np.exp(z.T - z.max(axis=-1))
    return (e / e.sum(axis=0)).T


@right("softmax")
def softmax_by_differences(z):
    with np.errstate(over="ignore"):
        return 1 / np.exp(z[:, None, :] - z[:, :, None]).sum(axis=2)


@right("softmax")
def softmax_logaddexp(z):
    return np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))


@right("softmax")
def softmax_float32(z):
    z = z.astype(np.float32)
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.einsum("nc->n", e)[:, None]


@right("softmax")
def softmax_on_a_copy(z):
    z = z.copy()
    z -= np.amax(z, axis=1).reshape(-1, 1)
    np.exp(z, out=z)
    z /= z @ np.ones((z.shape[1], 1))
    return z


@right("softmax")
def softmax_apply_along_axis(z):
    return np.apply_along_axis(lambda r: np.exp(r - r.max()) / np.exp(r - r.max()).sum(), 1, z)


SOFTMAX_SEEN = {}


@right("softmax")
def softmax_memoised(z):
    key = z.tobytes(), z.shape
    if key not in SOFTMAX_SEEN:
        SOFTMAX_SEEN[key] = softmax_logaddexp(z)
    return SOFTMAX_SEEN[key]


@partly("softmax", "overflow", points=2)
def softmax_naive(z):
    return (np.exp(z).T / np.exp(z).sum(1)).T


@partly("softmax", "overflow", points=2)
def softmax_warnings_hidden(z):
    with np.errstate(all="ignore"):
        return np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)


@partly("softmax", "global-maximum", points=2)
def softmax_global(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e, axis=1)[:, None]


@wrong("softmax", "axis-0")
def softmax_columns(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


@wrong("softmax", "over-everything")
def softmax_all(z):
    e = np.exp(z - z.max())
    return e / e.sum()


@wrong("softmax", "softmax-twice")
def softmax_twice(z):
    return softmax_logaddexp(softmax_logaddexp(z))


@wrong("softmax", "no-keepdims")
def softmax_no_keepdims(z):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1)


@wrong("softmax", "integer-dtype")
def softmax_integers(z):
    p = np.zeros(z.shape, dtype=int)
    p[:] = softmax_logaddexp(z)
    return p


@partly("softmax", "changes-argument", points=2)
def softmax_in_place(z):
    z -= z.max(axis=1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


@partly("softmax", "clipped", points=2)
def softmax_clipped(z):
    return softmax_logaddexp(np.clip(z, -500, 500))


@wrong("softmax", "wrong-sign")
def softmin(z):
    e = np.exp(z.min(axis=1, keepdims=True) - z)
    return e / e.sum(axis=1, keepdims=True)


@wrong("softmax", "only-first-row")
def softmax_first_row(z):
    p = np.zeros(z.shape)
    p[0] = softmax_logaddexp(z)[0]
    return p


@wrong("softmax", "returns-none")
def softmax_forgets_return(z):
    softmax_logaddexp(z)


@wrong("softmax", "transposed")
def softmax_turned(z):
    return softmax_logaddexp(z).T


# --- log_softmax --------------------------------------------------------------------------------


@right("log_softmax")
def log_softmax_logaddexp(z):
    return z - np.logaddexp.reduce(z, axis=1)[:, None]


@right("log_softmax")
def log_softmax_rows(z):
    def one(row):
        top = max(row)
        total = top + math.log(sum(math.exp(v - top) for v in row))
        return [v - total for v in row]

    return tuple(one(row) for row in z.tolist())


@right("log_softmax")
def log_softmax_twice_is_the_same(z):
    return log_softmax_logaddexp(log_softmax_logaddexp(z))


@right("log_softmax")
def log_softmax_pieces(z):
    m = z.max(axis=1, keepdims=True)
    return z - (m + np.log(np.einsum("nc->n", np.exp(z - m)))[:, None])


@right("log_softmax")
def log_softmax_float32(z):
    return log_softmax_logaddexp(z.astype(np.float32))


@partly("log_softmax", "log-of-zero", points=2)
def log_of_softmax(z):
    return np.log(softmax_on_a_copy(z))


@partly("log_softmax", "log-of-zero-patched", points=2)
def log_of_softmax_patched(z):
    return np.log(softmax_on_a_copy(z) + 1e-12)


@partly("log_softmax", "log-of-zero-patched", points=2)
def log_of_softmax_clipped(z):
    return np.log(np.clip(softmax_on_a_copy(z), 1e-15, None))


@partly("log_softmax", "overflow", points=2)
def log_softmax_naive(z):
    return z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))


@partly("log_softmax", "global-maximum", points=2)
def log_softmax_global(z):
    m = z.max()
    return z - m - np.log(np.sum(np.exp(z - m), axis=1, keepdims=True))


@wrong("log_softmax", "no-logarithm")
def log_softmax_forgets_log(z):
    return softmax_on_a_copy(z)


@wrong("log_softmax", "wrong-sign")
def log_softmax_negative(z):
    return -log_softmax_logaddexp(z)


@wrong("log_softmax", "log-base-2")
def log_softmax_bits(z):
    return np.log2(softmax_on_a_copy(z))


@wrong("log_softmax", "axis-0")
def log_softmax_columns(z):
    return log_softmax_logaddexp(z.T).T


@wrong("log_softmax", "shifted-on-one-side")
def log_softmax_forgets_shift(z):
    m = z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z - m).sum(axis=1, keepdims=True))


@partly("log_softmax", "changes-argument", points=2)
def log_softmax_in_place(z):
    z -= z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


# --- one_hot ------------------------------------------------------------------------------------


@right("one_hot")
def one_hot_eye(y, num_classes):
    return np.eye(num_classes)[y]


@right("one_hot")
def one_hot_lists(y, num_classes):
    return [[int(k == label) for k in range(num_classes)] for label in y]


@right("one_hot")
def one_hot_put(y, num_classes):
    Y = np.zeros((y.size, num_classes), dtype=np.uint8)
    np.put_along_axis(Y, y[:, None], 1, axis=1)
    return Y


@right("one_hot")
def one_hot_flat(y, num_classes):
    Y = np.zeros(len(y) * num_classes, np.float32)
    Y[np.arange(len(y)) * num_classes + y] = 1
    return Y.reshape(len(y), -1)


@right("one_hot")
def one_hot_compare(y, num_classes):
    return np.equal.outer(y, np.arange(num_classes)).astype(int)


@wrong("one_hot", "classes-counted-from-labels")
def one_hot_counts(y, num_classes):
    return np.eye(y.max() + 1)[y]


@wrong("one_hot", "transposed")
def one_hot_columns(y, num_classes):
    return (np.arange(num_classes)[:, None] == y).astype(float)


@wrong("one_hot", "all-rows-set")
def one_hot_slice(y, num_classes):
    Y = np.zeros((len(y), num_classes))
    Y[:, y] = 1
    return Y


@wrong("one_hot", "rows-set")
def one_hot_rows(y, num_classes):
    Y = np.zeros((len(y), num_classes))
    Y[y] = 1
    return Y


@wrong("one_hot", "labels-from-one")
def one_hot_shifted(y, num_classes):
    return np.eye(num_classes)[y - 1]


@wrong("one_hot", "label-stored")
def one_hot_label(y, num_classes):
    return np.eye(num_classes)[y] * y[:, None]


@wrong("one_hot", "only-first-row")
def one_hot_first(y, num_classes):
    Y = np.zeros((len(y), num_classes))
    for n in range(len(y)):
        Y[n, y[n]] = 1
        return Y


# --- cross_entropy ------------------------------------------------------------------------------


@right("cross_entropy")
def entropy_loops(z, y):
    total = 0.0
    for row, label in zip(z.tolist(), y.tolist()):
        top = max(row)
        total += top + math.log(sum(math.exp(v - top) for v in row)) - row[label]
    return total / len(y)


@right("cross_entropy")
def entropy_one_hot(z, y):
    return np.array(-np.sum(one_hot_eye(y, z.shape[1]) * log_softmax_logaddexp(z)) / len(z))


@right("cross_entropy")
def entropy_take(z, y):
    picked = np.take_along_axis(log_softmax_pieces(z), y[:, None], axis=1)
    return float(np.negative(picked).mean())


@right("cross_entropy")
def entropy_logsumexp(z, y):
    return np.mean(np.logaddexp.reduce(z, axis=1) - z[range(len(y)), y])


@right("cross_entropy")
def entropy_differences(z, y):
    d = z - z[np.arange(len(y)), y][:, None]
    return np.mean(np.logaddexp.reduce(d, axis=1)).astype(np.float32)


@right("cross_entropy")
def entropy_by_diagonal(z, y):
    return -np.diagonal(log_softmax_logaddexp(z)[:, y]).mean()


@right("cross_entropy")
def entropy_einsum(z, y):
    Y = one_hot_put(y, z.shape[1])
    return -np.einsum("nc,nc->", Y, log_softmax_pieces(z)) / len(y)


@partly("cross_entropy", "log-of-zero", points=2)
def entropy_of_softmax(z, y):
    return -np.mean(np.log(softmax_on_a_copy(z)[np.arange(len(y)), y]))


@partly("cross_entropy", "log-of-zero-patched", points=2)
def entropy_patched(z, y):
    p = softmax_on_a_copy(z)[np.arange(len(y)), y]
    return np.sum(-np.log(p + 1e-12)) / len(y)


@partly("cross_entropy", "log-of-zero-patched", points=2)
def entropy_clipped(z, y):
    p = np.clip(softmax_on_a_copy(z), 1e-12, 1.0)
    return -np.mean(np.sum(one_hot_eye(y, z.shape[1]) * np.log(p), axis=1))


@partly("cross_entropy", "overflow", points=2)
def entropy_naive(z, y):
    p = softmax_naive(z)
    return -np.mean(np.log(p[np.arange(len(y)), y]))


@wrong("cross_entropy", "sum-for-mean")
def entropy_sum(z, y):
    return -np.sum(log_softmax_logaddexp(z)[np.arange(len(y)), y])


@wrong("cross_entropy", "sum-for-mean")
def entropy_naive_sum(z, y):
    return -np.sum(np.log(softmax_naive(z)[np.arange(len(y)), y]))


@wrong("cross_entropy", "mean-over-classes-too")
def entropy_mean_all(z, y):
    return -np.mean(one_hot_eye(y, z.shape[1]) * log_softmax_logaddexp(z))


@wrong("cross_entropy", "wrong-sign")
def entropy_negative(z, y):
    return np.mean(log_softmax_logaddexp(z)[np.arange(len(y)), y])


@wrong("cross_entropy", "log-base-2")
def entropy_bits(z, y):
    return -np.mean(np.log2(softmax_on_a_copy(z)[np.arange(len(y)), y]))


@wrong("cross_entropy", "columns-for-entries")
def entropy_columns(z, y):
    return -np.log(softmax_on_a_copy(z)[:, y]).mean()


@wrong("cross_entropy", "columns-for-entries")
def entropy_columns_summed(z, y):
    return -log_softmax_logaddexp(z)[:, y].sum() / len(y)


@wrong("cross_entropy", "softmax-twice")
def entropy_softmax_twice(z, y):
    return entropy_logsumexp(softmax_on_a_copy(z), y)


@wrong("cross_entropy", "per-example")
def entropy_rows(z, y):
    return np.logaddexp.reduce(z, axis=1) - z[np.arange(len(y)), y]


@wrong("cross_entropy", "axis-0")
def entropy_axis_0(z, y):
    p = softmax_columns(z)
    return -np.mean(np.log(p[np.arange(len(y)), y]))


@wrong("cross_entropy", "constant-factor")
def entropy_tripled(z, y):
    return 3 * entropy_logsumexp(z, y)


@wrong("cross_entropy", "wrong-shape")
def entropy_kept(z, y):
    return np.mean(entropy_rows(z, y), keepdims=True)


# --- cross_entropy_gradient ---------------------------------------------------------------------


@right("cross_entropy_gradient")
def gradient_of_entropy(z, y):
    dz = softmax_on_a_copy(z)
    dz[np.arange(len(y)), y] -= 1
    dz /= len(y)
    return dz


@right("cross_entropy_gradient")
def gradient_of_entropy_loops(z, y):
    p = softmax_rows(z)
    return [[(v - (k == t)) / len(y) for k, v in enumerate(r)] for r, t in zip(p, y)]


@right("cross_entropy_gradient")
def gradient_of_entropy_where(z, y):
    p = softmax_logaddexp(z)
    return np.where(np.arange(z.shape[1]) == y[:, None], p - 1, p) / z.shape[0]


@right("cross_entropy_gradient")
def gradient_of_entropy_jacobian(z, y):
    p, Y = softmax_logaddexp(z), np.eye(z.shape[1])[y]
    return (p * Y.sum(axis=1, keepdims=True) - Y).astype(np.float32) / len(y)


@wrong("cross_entropy_gradient", "no-mean")
def gradient_of_entropy_sum(z, y):
    return softmax_logaddexp(z) - np.eye(z.shape[1])[y]


@wrong("cross_entropy_gradient", "divided-twice")
def gradient_of_entropy_twice(z, y):
    return gradient_of_entropy(z, y) / z.shape[0]


@wrong("cross_entropy_gradient", "wrong-sign")
def gradient_of_entropy_sign(z, y):
    return (np.eye(z.shape[1])[y] - softmax_logaddexp(z)) / len(y)


@wrong("cross_entropy_gradient", "no-one-hot")
def gradient_of_entropy_p(z, y):
    return softmax_logaddexp(z) / len(y)


@wrong("cross_entropy_gradient", "columns-for-entries")
def gradient_of_entropy_columns(z, y):
    p = softmax_logaddexp(z)
    p[:, y] -= 1
    return p / len(y)


@wrong("cross_entropy_gradient", "labels-subtracted")
def gradient_of_entropy_labels(z, y):
    return (softmax_logaddexp(z) - y.reshape(-1, 1)) / len(y)


@partly("cross_entropy_gradient", "overflow", points=2)
def gradient_of_entropy_naive(z, y):
    return (softmax_naive(z) - np.eye(z.shape[1])[y]) / len(y)


@partly("cross_entropy_gradient", "global-maximum", points=2)
def gradient_of_entropy_global(z, y):
    return (softmax_global(z) - np.eye(z.shape[1])[y]) / len(y)


@partly("cross_entropy_gradient", "the-long-way", points=2)
def gradient_of_entropy_long(z, y):
    dz = np.zeros(z.shape)
    for n, p in enumerate(softmax_logaddexp(z)):
        dp = np.zeros(len(p))
        dp[y[n]] = -1 / p[y[n]]
        dz[n] = (np.diag(p) - np.outer(p, p)) @ dp / len(y)
    return dz


@partly("cross_entropy_gradient", "changes-argument", points=2)
def gradient_of_entropy_in_place(z, y):
    p = softmax_in_place(z)
    p[np.arange(len(y)), y] -= 1
    return p / len(y)


@wrong("cross_entropy_gradient", "constant-factor")
def gradient_of_entropy_tenth(z, y):
    return gradient_of_entropy(z, y) / 10


# --- bce_with_logits ----------------------------------------------------------------------------


@right("bce_with_logits")
def bce_logaddexp(z, y):
    return np.mean(np.logaddexp(0, z) - y * z)


@right("bce_with_logits")
def bce_signs(z, y):
    return float(np.mean(np.logaddexp(0, (1 - 2 * y) * z)))


@right("bce_with_logits")
def bce_loops(z, y):
    total = 0
    for v, t in zip(z.tolist(), y.tolist()):
        total += max(v, 0) - v * t + math.log1p(math.exp(-abs(v)))
    return total / len(z)


@right("bce_with_logits")
def bce_two_class_softmax(z, y):
    logits = np.stack([np.zeros_like(z), z], axis=1)
    return entropy_logsumexp(logits, y.astype(int))


@right("bce_with_logits")
def bce_where(z, y):
    wrong_by = np.where(y == 1, -z, z)
    return np.array(np.mean(np.where(wrong_by > 0, wrong_by, 0) + np.log(1 + np.exp(-np.abs(z)))))


@right("bce_with_logits")
def bce_float32(z, y):
    z, y = z.astype(np.float32), y.astype(np.float32)
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


@partly("bce_with_logits", "log-of-zero", points=2)
def bce_textbook(z, y):
    p = 1 / (1 + np.exp(-z))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@partly("bce_with_logits", "log-of-zero-patched", points=2)
def bce_patched(z, y):
    p = 1 / (1 + np.exp(-z))
    return -(y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12)).mean()


@partly("bce_with_logits", "log-of-zero-patched", points=2)
def bce_clipped(z, y):
    p = np.clip(0.5 * (1 + np.tanh(z / 2)), 1e-15, 1 - 1e-15)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()


@partly("bce_with_logits", "overflow", points=2)
def bce_softplus_naive(z, y):
    return np.mean(np.log(1 + np.exp(z)) - y * z)


@wrong("bce_with_logits", "sum-for-mean")
def bce_sum(z, y):
    return np.sum(np.logaddexp(0, z) - y * z)


@wrong("bce_with_logits", "wrong-sign")
def bce_negative(z, y):
    return np.mean(y * z - np.logaddexp(0, z))


@wrong("bce_with_logits", "only-label-one")
def bce_half_of_it(z, y):
    return -np.mean(y * np.log(1 / (1 + np.exp(-z))))


@wrong("bce_with_logits", "labels-exchanged")
def bce_exchanged(z, y):
    return np.mean(np.logaddexp(0, -z) + y * z)


@wrong("bce_with_logits", "per-example")
def bce_rows(z, y):
    return np.logaddexp(0, z) - y * z


@wrong("bce_with_logits", "integer-dtype")
def bce_integers(z, y):
    out = np.empty_like(y)
    for n in range(len(z)):
        out[n] = np.logaddexp(0, z[n]) - y[n] * z[n]
    return np.mean(out)


# --- bce_with_logits_gradient -------------------------------------------------------------------


@right("bce_with_logits_gradient")
def bce_gradient_tanh(z, y):
    return (0.5 + 0.5 * np.tanh(z / 2) - y) / z.size


@right("bce_with_logits_gradient")
def bce_gradient_masks(z, y):
    s = np.empty(z.shape)
    s[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    s[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))
    return (s - y) / len(y)


@right("bce_with_logits_gradient")
def bce_gradient_loops(z, y):
    return [(0.5 + 0.5 * math.tanh(v / 2) - t) / len(z) for v, t in zip(z, y)]


@right("bce_with_logits_gradient")
def bce_gradient_logaddexp(z, y):
    return np.subtract(np.exp(-np.logaddexp(0, -z)), y) * (1 / len(z))


@right("bce_with_logits_gradient")
def bce_gradient_signs(z, y):
    sign = 1 - 2 * y
    return sign * np.exp(-np.logaddexp(0, -sign * z)) / len(z)


@right("bce_with_logits_gradient")
def bce_gradient_float32(z, y):
    return bce_gradient_tanh(z.astype(np.float32), y.astype(np.float32))


@partly("bce_with_logits_gradient", "overflow", points=2)
def bce_gradient_naive(z, y):
    return (1 / (1 + np.exp(-z)) - y) / len(z)


@partly("bce_with_logits_gradient", "both-branches", points=2)
def bce_gradient_where(z, y):
    s = np.where(z < 0, np.exp(z) / (1 + np.exp(z)), 1 / (1 + np.exp(-z)))
    return (s - y) / len(z)


@wrong("bce_with_logits_gradient", "no-mean")
def bce_gradient_sum(z, y):
    return 0.5 * (1 + np.tanh(z / 2)) - y


@wrong("bce_with_logits_gradient", "wrong-sign")
def bce_gradient_sign(z, y):
    return -bce_gradient_tanh(z, y)


@wrong("bce_with_logits_gradient", "squared-error")
def bce_gradient_squared(z, y):
    s = 0.5 * (1 + np.tanh(z / 2))
    return (s - y) * s * (1 - s) / len(z)


@wrong("bce_with_logits_gradient", "summed-over-batch")
def bce_gradient_mean(z, y):
    return np.mean(0.5 * (1 + np.tanh(z / 2)) - y) / len(z)


@wrong("bce_with_logits_gradient", "integer-dtype")
def bce_gradient_integers(z, y):
    dz = np.zeros_like(y)
    for n in range(len(z)):
        dz[n] = (0.5 + 0.5 * np.tanh(z[n] / 2) - y[n]) / len(z)
    return dz


@wrong("bce_with_logits_gradient", "no-sigmoid")
def bce_gradient_no_sigmoid(z, y):
    return (z - y) / len(z)


# --- accuracy -----------------------------------------------------------------------------------


@right("accuracy")
def accuracy_loops(z, y):
    right_ones = 0
    for row, label in zip(z.tolist(), y):
        right_ones += row.index(max(row)) == label
    return right_ones / len(y)


@right("accuracy")
def accuracy_count(z, y):
    return np.count_nonzero(np.argmax(z, axis=-1) == y) / y.size


@right("accuracy")
def accuracy_after_softmax(z, y):
    return np.array((softmax_on_a_copy(z).argmax(1) == y).mean())


@right("accuracy")
def accuracy_one_minus_error(z, y):
    return 1 - np.mean(z.argmax(axis=1) != y)


@right("accuracy")
def accuracy_stable_sort(z, y):
    best = np.argsort(-z, axis=1, kind="stable")[:, 0]
    return np.float32(np.average(best == y))


@wrong("accuracy", "axis-0")
def accuracy_columns(z, y):
    return (np.argmax(z, 0) == y).mean()


@wrong("accuracy", "percent")
def accuracy_percent(z, y):
    return 100 * accuracy_count(z, y)


@wrong("accuracy", "count")
def accuracy_sum(z, y):
    return int((z.argmax(axis=1) == y).sum())


@wrong("accuracy", "error-rate")
def accuracy_error(z, y):
    return float((z.argmax(axis=1) != y).mean())


@partly("accuracy", "last-maximum", points=2)
def accuracy_last(z, y):
    right_ones = 0
    for row, label in zip(z, y):
        best = 0
        for k in range(len(row)):
            if row[k] >= row[best]:
                best = k
        right_ones += best == label
    return right_ones / len(y)


@partly("accuracy", "ties-count-as-right", points=2)
def accuracy_generous(z, y):
    return np.mean(z.max(axis=1) == np.take_along_axis(z, y[:, None], 1)[:, 0])


@wrong("accuracy", "all-or-nothing")
def accuracy_floor(z, y):
    return (z.argmax(axis=1) == y).sum() // len(y)


@wrong("accuracy", "no-axis")
def accuracy_no_axis(z, y):
    return np.mean(np.argmax(z) == y)


@wrong("accuracy", "minimum")
def accuracy_minimum(z, y):
    return np.mean(np.argmin(z, axis=1) == y)


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
