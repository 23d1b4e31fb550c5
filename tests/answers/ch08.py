"""Answers to the tasks of chapter 8."""

import math
from itertools import islice

import numpy as np

from . import partly, right, wrong

# --- sgd_step -----------------------------------------------------------------------------------


@right("sgd_step")
def sgd_shrink_first(p, g, lr, weight_decay):
    return (1 - lr * weight_decay) * p - lr * g


@right("sgd_step")
def sgd_loops(p, g, lr, weight_decay):
    new = np.empty_like(p)
    for i in np.ndindex(p.shape):
        new[i] = p[i] - lr * g[i] - lr * weight_decay * p[i]
    return new


@right("sgd_step")
def sgd_in_place_on_a_copy(p, g, lr, weight_decay):
    new = p.copy()
    new -= lr * weight_decay * p
    new -= lr * g
    return new


@right("sgd_step")
def sgd_list(p, g, lr, weight_decay):
    return np.subtract(p, np.multiply(lr, np.add(g, np.multiply(weight_decay, p)))).tolist()


@right("sgd_step")
def sgd_float32(p, g, lr, weight_decay):
    p, g = p.astype(np.float32), g.astype(np.float32)
    return p - np.float32(lr) * (g + np.float32(weight_decay) * p)


@right("sgd_step")
def sgd_keywords(p, g, lr=0.1, weight_decay=0.0):
    if weight_decay:
        g = g + weight_decay * p
    return p - lr * g


@partly("sgd_step", "changes-argument", points=2)
def sgd_in_place(p, g, lr, weight_decay):
    p -= lr * (g + weight_decay * p)
    return p


@partly("sgd_step", "changes-argument", points=2)
def sgd_gradient_in_place(p, g, lr, weight_decay):
    g += weight_decay * p
    return p - lr * g


@wrong("sgd_step", "returns-none")
def sgd_forgets_return(p, g, lr, weight_decay):
    p = p - lr * (g + weight_decay * p)


@wrong("sgd_step", "ascent")
def sgd_uphill(p, g, lr, weight_decay):
    return p * (1 + lr * weight_decay) + lr * g


@wrong("sgd_step", "decay-without-lr")
def sgd_decoupled(p, g, lr, weight_decay):
    return (1 - weight_decay) * p - lr * g


@wrong("sgd_step", "factor-two")
def sgd_two(p, g, lr, weight_decay):
    return p * (1 - 2 * lr * weight_decay) - lr * g


@wrong("sgd_step", "no-weight-decay")
def sgd_plain(p, g, lr, weight_decay):
    return np.subtract(p, lr * g)


@wrong("sgd_step", "returns-too-much")
def sgd_pair(p, g, lr, weight_decay):
    return p - lr * (g + weight_decay * p), g


@wrong("sgd_step", "decay-after-step")
def sgd_two_steps(p, g, lr, weight_decay):
    p = p - lr * g
    return p - lr * weight_decay * p


@wrong("sgd_step", "low-precision")
def sgd_rounded(p, g, lr, weight_decay):
    return np.round(p - lr * (g + weight_decay * p), 4)


# --- momentum_step ------------------------------------------------------------------------------


@right("momentum_step")
def momentum_list(p, g, v, lr, beta):
    v = np.add(np.multiply(v, beta), g)
    return [np.subtract(p, np.multiply(v, lr)), v]


@right("momentum_step")
def momentum_expanded(p, g, v, lr, beta):
    return p - lr * beta * v - lr * g, v * beta + g


@right("momentum_step")
def momentum_loops(p, g, v, lr, beta):
    q, u = p.copy(), v.copy()
    for i in np.ndindex(p.shape):
        u[i] = beta * u[i] + g[i]
        q[i] -= lr * u[i]
    return q, u


@right("momentum_step")
def momentum_float32(p, g, v, lr, beta):
    v = (beta * v + g).astype(np.float32)
    return (p - lr * v).astype(np.float32), v


@partly("momentum_step", "changes-argument", points=2)
def momentum_in_place(p, g, v, lr, beta):
    v *= beta
    v += g
    return p - lr * v, v


@wrong("momentum_step", "wrong-sign")
def momentum_minus(p, g, v, lr, beta):
    v = beta * v - g
    return p + lr * v, v


@wrong("momentum_step", "damped-gradient")
def momentum_mean(p, g, v, lr, beta):
    v = v + (1 - beta) * (g - v)
    return p - lr * v, v


@wrong("momentum_step", "lr-in-velocity")
def momentum_other_convention(p, g, v, lr, beta):
    v = lr * g + beta * v
    return p - v, v


@wrong("momentum_step", "nesterov")
def momentum_looks_ahead(p, g, v, lr, beta):
    v = beta * v + g
    return p - lr * g - lr * beta * v, v


@wrong("momentum_step", "old-velocity")
def momentum_order(p, g, v, lr, beta):
    p = p - lr * v
    return p, beta * v + g


@wrong("momentum_step", "swapped-results")
def momentum_swapped(p, g, v, lr, beta):
    v = beta * v + g
    return v, p - lr * v


@wrong("momentum_step", "only-parameter")
def momentum_only_p(p, g, v, lr, beta):
    v = beta * v + g
    return p - v * lr


@wrong("momentum_step", "swapped-weights")
def momentum_swapped_weights(p, g, v, lr, beta):
    v = (1 - beta) * v + beta * g
    return p - lr * v, v


# --- adam_step ----------------------------------------------------------------------------------


@right("adam_step")
def adam_list(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = m + (1 - beta1) * (g - m)
    v = v + (1 - beta2) * (g * g - v)
    step = (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return [p - lr * step, m, v]


@right("adam_step")
def adam_folded(p, g, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-08):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * np.square(g)
    root = math.sqrt(1 - beta2**t)
    return p - lr * root / (1 - beta1**t) * m / (np.sqrt(v) + eps * root), m, v


@right("adam_step")
def adam_with_the_papers_eps_hat(p, g, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-08):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * np.square(g)
    rate = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return p - rate * m / (np.sqrt(v) + eps), m, v


@right("adam_step")
def adam_loops(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    p, m, v = p.copy(), m.copy(), v.copy()
    for i in np.ndindex(p.shape):
        m[i] = beta1 * m[i] + (1 - beta1) * g[i]
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2
        p[i] -= lr * m[i] / (1 - beta1**t) / (math.sqrt(v[i] / (1 - beta2**t)) + eps)
    return p, m, v


@right("adam_step")
def adam_float32(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    p, g, m, v = (a.astype(np.float32) for a in (p, g, m, v))
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    return p - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@right("adam_step")
def adam_power_by_exp(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    c1, c2 = -math.expm1(t * math.log(beta1)), -math.expm1(t * math.log(beta2))
    return p - lr * (m / c1) / ((v / c2) ** 0.5 + eps), m, v


@partly("adam_step", "changes-argument", points=2)
def adam_in_place(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m *= beta1
    m += (1 - beta1) * g
    v *= beta2
    v += (1 - beta2) * g**2
    return p - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@wrong("adam_step", "no-bias-correction")
def adam_uncorrected(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    return p - lr * m / (v**0.5 + eps), m, v


@wrong("adam_step", "t-off-by-one")
def adam_late(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t += 1
    return adam_list(p, g, m, v, t, lr, beta1, beta2, eps)


@wrong("adam_step", "t-off-by-one")
def adam_early(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    return adam_list(p, g, m, v, t - 1, lr, beta1, beta2, eps)


@wrong("adam_step", "betas-swapped")
def adam_swapped(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    return adam_list(p, g, m, v, t, lr, beta2, beta1, eps)


@wrong("adam_step", "betas-swapped")
def adam_swapped_in_the_signature(p, g, m, v, t, lr=1e-3, beta2=0.999, beta1=0.9, eps=1e-8):
    return adam_list(p, g, m, v, t, lr, beta1, beta2, eps)


@wrong("adam_step", "gradient-not-squared")
def adam_unsquared(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g
    return p - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@partly("adam_step", "eps-inside-root", points=2)
def adam_eps_inside(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    return p - lr * (m / (1 - beta1**t)) / np.sqrt(v / (1 - beta2**t) + eps), m, v


@partly("adam_step", "no-eps", points=2)
def adam_no_eps(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    return adam_list(p, g, m, v, t, lr, beta1, beta2, 0.0)


@wrong("adam_step", "returns-corrected")
def adam_overwrites(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = (beta1 * m + (1 - beta1) * g) / (1 - beta1**t)
    v = (beta2 * v + (1 - beta2) * g**2) / (1 - beta2**t)
    return p - lr * m / (np.sqrt(v) + eps), m, v


@wrong("adam_step", "only-parameter")
def adam_only_p(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    return adam_list(p, g, m, v, t, lr, beta1, beta2, eps)[0]


@wrong("adam_step", "wrong-arguments")
def adam_without_defaults(p, g, m, v, t, lr, beta1, beta2, eps):
    return adam_list(p, g, m, v, t, lr, beta1, beta2, eps)


@wrong("adam_step", "ascent")
def adam_uphill(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    return adam_list(p, g, m, v, t, -lr, beta1, beta2, eps)


# --- minibatches --------------------------------------------------------------------------------


@right("minibatches")
def batches_generator(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for i in range(0, len(X), batch_size):
        yield X[order[i : i + batch_size]], y[order[i : i + batch_size]]


@right("minibatches")
def batches_list_of_lists(X, y, batch_size, rng):
    order = rng.choice(len(X), size=len(X), replace=False)
    parts = np.split(order, range(batch_size, len(X), batch_size))
    return [[X[i], y[i]] for i in parts]


@right("minibatches")
def batches_zip(X, y, batch_size, rng):
    order = np.argsort(rng.random(len(y)))
    X, y = X[order], y[order]
    starts = range(0, len(y), batch_size)
    return zip((X[s : s + batch_size] for s in starts), (y[s : s + batch_size] for s in starts))


class Batches:
    def __init__(self, X, y, batch_size, rng):
        self.pairs = list(zip(X.tolist(), y.tolist()))
        rng.shuffle(self.pairs)
        self.batch_size = batch_size

    def __iter__(self):
        pairs = iter(self.pairs)
        while batch := list(islice(pairs, self.batch_size)):
            yield tuple(map(np.array, zip(*batch)))


@right("minibatches")
def batches_class(X, y, batch_size, rng):
    return Batches(X, y, batch_size, rng)


@right("minibatches")
def batches_same_shuffle_twice(X, y, batch_size, rng):
    seed = int(rng.integers(2**32))
    X, y = X.copy(), y.copy()
    np.random.default_rng(seed).shuffle(X)
    np.random.default_rng(seed).shuffle(y)
    return tuple(
        (X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size)
    )


@right("minibatches")
def batches_one_table(X, y, batch_size, rng):
    table = rng.permutation(np.column_stack([X, y]))
    while len(table):
        yield table[:batch_size, :-1], table[:batch_size, -1].astype(int)
        table = table[batch_size:]


@wrong("minibatches", "torn-pairs")
def batches_torn(X, y, batch_size, rng):
    X, y = rng.permutation(X), rng.permutation(y)
    for i in range(0, len(X), batch_size):
        yield X[i : i + batch_size], y[i : i + batch_size]


@wrong("minibatches", "torn-pairs")
def batches_labels_left_behind(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for i in range(0, len(X), batch_size):
        yield X[order[i : i + batch_size]], y[i : i + batch_size]


@wrong("minibatches", "not-shuffled")
def batches_in_order(X, y, batch_size, rng):
    return [(X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


@partly("minibatches", "short-batch-dropped", points=2)
def batches_dropped(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for k in range(len(X) // batch_size):
        chosen = order[k * batch_size : (k + 1) * batch_size]
        yield X[chosen], y[chosen]


@wrong("minibatches", "examples-repeated")
def batches_with_replacement(X, y, batch_size, rng):
    for _ in range(math.ceil(len(X) / batch_size)):
        chosen = rng.integers(len(X), size=batch_size)
        yield X[chosen], y[chosen]


@partly("minibatches", "empty-batch", points=1)
def batches_one_too_many(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for k in range(len(X) // batch_size + 1):
        chosen = order[k * batch_size : (k + 1) * batch_size]
        yield X[chosen], y[chosen]


@partly("minibatches", "wrong-batch-size", points=2)
def batches_even(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for chosen in np.array_split(order, math.ceil(len(X) / batch_size)):
        yield X[chosen], y[chosen]


@partly("minibatches", "short-batch-first", points=2)
def batches_short_first(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for k in reversed(range(0, len(X), batch_size)):
        yield X[order[k : k + batch_size]], y[order[k : k + batch_size]]


@wrong("minibatches", "blocks-shuffled")
def batches_blocks(X, y, batch_size, rng):
    for k in rng.permutation(len(X) // batch_size):
        yield X[k * batch_size :][:batch_size], y[k * batch_size :][:batch_size]
    if len(X) % batch_size:
        rest = len(X) // batch_size * batch_size
        yield X[rest:], y[rest:]


@wrong("minibatches", "blocks-shuffled")
def batches_shuffled_inside(X, y, batch_size, rng):
    for i in range(0, len(X), batch_size):
        chosen = i + rng.permutation(len(X[i : i + batch_size]))
        yield X[chosen], y[chosen]


@wrong("minibatches", "not-pairs")
def batches_without_labels(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    return [X[order[i : i + batch_size]] for i in range(0, len(X), batch_size)]


@wrong("minibatches", "one-batch")
def batches_one_pair(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for i in range(0, len(X), batch_size):
        return X[order[i : i + batch_size]], y[order[i : i + batch_size]]


@wrong("minibatches", "one-batch")
def batches_returned_in_the_loop(X, y, batch_size, rng):
    order, batches = rng.permutation(len(X)), []
    for i in range(0, len(X), batch_size):
        batches.append((X[order[i : i + batch_size]], y[order[i : i + batch_size]]))
        return batches


@wrong("minibatches", "not-pairs")
def batches_of_three(X, y, batch_size, rng):
    for x, t in batches_generator(X, y, batch_size, rng):
        yield x, t, len(t)


@wrong("minibatches", "swapped-results")
def batches_swapped(X, y, batch_size, rng):
    return ((t, x) for x, t in batches_generator(X, y, batch_size, rng))


@wrong("minibatches", "number-of-batches")
def batches_count(X, y, batch_size, rng):
    for chosen in np.array_split(rng.permutation(len(X)), batch_size):
        yield X[chosen], y[chosen]


@partly("minibatches", "changes-argument", points=2)
def batches_in_place(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    X[:], y[:] = X[order], y[order]
    for i in range(0, len(X), batch_size):
        yield X[i : i + batch_size].copy(), y[i : i + batch_size].copy()


@partly("minibatches", "ignores-rng", points=2)
def batches_own_rng(X, y, batch_size, rng):
    return batches_generator(X, y, batch_size, np.random.default_rng(0))


@partly("minibatches", "depends-on-earlier-calls", points=2)
def batches_global_rng(X, y, batch_size, rng):
    return batches_generator(X, y, batch_size, np.random)


# --- dropout ------------------------------------------------------------------------------------


@right("dropout")
def dropout_greater(x, p, rng):
    mask = (rng.random(x.shape) > p) / (1 - p)
    return [x * mask, mask]


@right("dropout")
def dropout_binomial(x, p, rng):
    mask = rng.binomial(1, 1 - p, size=x.shape) / (1 - p)
    return x * mask, mask


@right("dropout")
def dropout_choice(x, p, rng):
    mask = rng.choice([0.0, 1 / (1 - p)], size=x.shape, p=[p, 1 - p])
    return np.multiply(mask, x), mask


@right("dropout")
def dropout_loops(x, p, rng):
    y, mask = np.zeros_like(x), np.zeros_like(x)
    for n in range(x.shape[0]):
        for d in range(x.shape[1]):
            if rng.uniform() < 1 - p:
                mask[n, d] = 1 / (1 - p)
                y[n, d] = x[n, d] / (1 - p)
    return y, mask.tolist()


@right("dropout")
def dropout_float32(x, p, rng):
    mask = (rng.random(x.shape, dtype=np.float32) >= p).astype(np.float32) / np.float32(1 - p)
    return x.astype(np.float32) * mask, mask


@right("dropout")
def dropout_where(x, p, rng):
    dropped = rng.random(x.shape) < p
    return np.where(dropped, 0, x / (1 - p)), np.where(dropped, 0, 1 / (1 - p))


@wrong("dropout", "no-scale")
def dropout_plain(x, p, rng):
    mask = rng.random(x.shape) >= p
    return x * mask, mask


@wrong("dropout", "mask-without-scale")
def dropout_boolean_mask(x, p, rng):
    mask = rng.random(x.shape) >= p
    return x * mask / (1 - p), mask


@wrong("dropout", "keep-probability")
def dropout_keeps(x, p, rng):
    mask = (rng.random(x.shape) < p) / p if p else np.zeros_like(x)
    return x * mask, mask


@wrong("dropout", "keep-probability")
def dropout_keeps_with_p(x, p, rng):
    mask = (rng.random(x.shape) < p) / (1 - p)
    return x * mask, mask


@wrong("dropout", "scale-not-inverted")
def dropout_shrinks(x, p, rng):
    mask = (rng.random(x.shape) >= p) * (1 - p)
    return x * mask, mask


@wrong("dropout", "wrong-mask-shape")
def dropout_columns(x, p, rng):
    mask = (rng.random(x.shape[1]) >= p) / (1 - p)
    return x * mask, mask


@wrong("dropout", "same-mask-for-all")
def dropout_same_for_all(x, p, rng):
    mask = np.tile((rng.random(x.shape[1]) >= p) / (1 - p), (len(x), 1))
    return x * mask, mask


@wrong("dropout", "same-mask-for-all")
def dropout_whole_rows(x, p, rng):
    mask = (rng.random((len(x), 1)) >= p) / (1 - p) * np.ones_like(x)
    return x * mask, mask


@wrong("dropout", "wrong-type")
def dropout_only_y(x, p, rng):
    return x * (rng.random(x.shape) >= p) / (1 - p)


@wrong("dropout", "swapped-results")
def dropout_swapped(x, p, rng):
    mask = (rng.random(x.shape) >= p) / (1 - p)
    return mask, x * mask


@wrong("dropout", "output-not-masked")
def dropout_two_masks(x, p, rng):
    def draw():
        return (rng.random(x.shape) >= p) / (1 - p)

    return x * draw(), draw()


@wrong("dropout", "mask-inverted")
def dropout_inverted_mask(x, p, rng):
    dropped = rng.random(x.shape) < p
    return x * ~dropped / (1 - p), dropped


@wrong("dropout", "wrong-chance")
def dropout_normal(x, p, rng):
    mask = (rng.standard_normal(x.shape) > p) / (1 - p)
    return x * mask, mask


@partly("dropout", "mask-from-zeros", points=2)
def dropout_mask_from_y(x, p, rng):
    y = x * (rng.random(x.shape) >= p) / (1 - p)
    return y, (y != 0) / (1 - p)


@partly("dropout", "changes-argument", points=2)
def dropout_in_place(x, p, rng):
    mask = (rng.random(x.shape) >= p) / (1 - p)
    x *= mask
    return x, mask


@partly("dropout", "ignores-rng", points=2)
def dropout_seeded(x, p, rng):
    return dropout_greater(x, p, np.random.default_rng(42))


@partly("dropout", "depends-on-earlier-calls", points=2)
def dropout_global(x, p, rng):
    return dropout_greater(x, p, np.random)


# --- dropout_backward ---------------------------------------------------------------------------


@right("dropout_backward")
def dropout_backward_where(dy, mask):
    return np.where(mask > 0, dy * mask, 0.0)


@right("dropout_backward")
def dropout_backward_einsum(dy, mask):
    return np.einsum("nd,nd->nd", dy, mask)


@right("dropout_backward")
def dropout_backward_lists(dy, mask):
    return [[a * b for a, b in zip(*rows)] for rows in zip(dy.tolist(), mask.tolist())]


@right("dropout_backward")
def dropout_backward_float32(dy, mask):
    return np.float32(dy) * np.float32(mask)


@right("dropout_backward")
def dropout_backward_out(dy, mask):
    dx = np.zeros_like(dy)
    dx[mask != 0] = dy[mask != 0] * mask.max()
    return dx


@wrong("dropout_backward", "scale-missing")
def dropout_backward_gate(dy, mask):
    return np.where(mask > 0, dy, 0)


@wrong("dropout_backward", "scale-twice")
def dropout_backward_twice(dy, mask):
    return dy * mask * mask.max()


@wrong("dropout_backward", "no-mask")
def dropout_backward_forgets(dy, mask):
    return dy * 1.0


@wrong("dropout_backward", "divided-by-mask")
def dropout_backward_divides(dy, mask):
    return np.divide(dy, mask)


@wrong("dropout_backward", "mask-inverted")
def dropout_backward_inverted(dy, mask):
    return dy - dy * mask


@partly("dropout_backward", "changes-argument", points=2)
def dropout_backward_in_place(dy, mask):
    dy *= mask
    return dy


# --- l2_gradient --------------------------------------------------------------------------------


@right("l2_gradient")
def l2_loops(g, W, lam):
    return [[a + lam * w for a, w in zip(*rows)] for rows in zip(g, W)]


@right("l2_gradient")
def l2_by_difference(g, W, lam):
    half = 0.5 * lam
    return g + half * ((W + 1) ** 2 - (W - 1) ** 2) / 2


@right("l2_gradient")
def l2_matrix(g, W, lam):
    return np.add(g, W @ (lam * np.eye(W.shape[1])))


@right("l2_gradient")
def l2_float32(g, W, lam):
    return (g + lam * W).astype(np.float32)


@wrong("l2_gradient", "factor-two")
def l2_two(g, W, lam):
    return g + lam * (W + W)


@wrong("l2_gradient", "l1")
def l2_sign(g, W, lam):
    return g + lam * np.where(W > 0, 1, np.where(W < 0, -1, 0))


@wrong("l2_gradient", "wrong-sign")
def l2_minus(g, W, lam):
    return np.subtract(g, W * lam)


@wrong("l2_gradient", "penalty-alone")
def l2_alone(g, W, lam):
    return np.multiply(W, lam)


@wrong("l2_gradient", "penalty-for-gradient")
def l2_value(g, W, lam):
    return g + 0.5 * lam * np.linalg.norm(W) ** 2


@wrong("l2_gradient", "averaged")
def l2_mean(g, W, lam):
    return g + lam / W.shape[0] * W


@partly("l2_gradient", "changes-argument", points=2)
def l2_in_place(g, W, lam):
    g += lam * W
    return g


# --- train_xor ----------------------------------------------------------------------------------

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TARGETS = np.array([[0.0], [1.0], [1.0], [0.0]])


def train(rng, *, steps=2500, hidden=16, lr=0.2, std=1.0, linear=False):
    W1, b1 = std * rng.standard_normal((2, hidden)), np.zeros(hidden)
    W2, b2 = std * rng.standard_normal((hidden, 1)) / 4, np.zeros(1)
    act = (lambda z: z) if linear else np.tanh
    for _ in range(steps):
        h = act(CORNERS @ W1 + b1)
        d2 = (h @ W2 + b2 - TARGETS) / 4
        d1 = d2 @ W2.T * (1.0 if linear else 1 - h**2)
        W2, b2 = W2 - lr * h.T @ d2, b2 - lr * d2.sum(0)
        W1, b1 = W1 - lr * CORNERS.T @ d1, b1 - lr * d1.sum(0)
    return lambda X: (act(X @ W1 + b1) @ W2 + b2)[:, 0]


@right("train_xor")
def xor_tanh(rng):
    output = train(rng)
    return lambda X: (output(X) > 0.5).astype(int)


@right("train_xor")
def xor_booleans(rng):
    output = train(rng)

    def predict(X):
        return output(X) > 0.5

    return predict


@right("train_xor")
def xor_list_of_floats(rng):
    output = train(rng, hidden=8)
    return lambda X: [float(v > 0.5) for v in output(X)]


class Network:
    """Two logits, ReLU, softmax, noisy corners; float32."""

    def __init__(self, rng):
        def draw(d, h):
            return (rng.standard_normal((d, h)) * np.sqrt(2 / d)).astype(np.float32)

        self.W1, self.b1, self.W2, self.b2 = draw(2, 24), np.zeros(24), draw(24, 2), np.zeros(2)

    def step(self, X, y, lr=0.2):
        z = X @ self.W1 + self.b1
        h = np.maximum(z, 0)
        logits = h @ self.W2 + self.b2
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        p[np.arange(len(y)), y] -= 1
        p /= len(y)
        dz = p @ self.W2.T * (z > 0)
        self.W2, self.b2 = self.W2 - lr * h.T @ p, self.b2 - lr * p.sum(0)
        self.W1, self.b1 = self.W1 - lr * X.T @ dz, self.b1 - lr * dz.sum(0)

    def __call__(self, X):
        h = np.maximum(X @ self.W1 + self.b1, 0)
        return np.argmax(h @ self.W2 + self.b2, axis=1)


@right("train_xor")
def xor_relu_softmax(rng):
    network, y = Network(rng), np.array([0, 1, 1, 0] * 8)
    for _ in range(1000):
        X = np.tile(CORNERS, (8, 1)) + rng.uniform(-0.1, 0.1, (32, 2))
        network.step(X, y)
    return network


@wrong("train_xor", "not-learned")
def xor_linear(rng):
    output = train(rng, steps=300, linear=True, lr=0.1)
    corners = output(CORNERS)
    return lambda X: (output(X) > np.sort(corners)[1]).astype(int)


@wrong("train_xor", "one-label-only")
def xor_untrained(rng):
    output = train(rng, steps=0, std=0.01)
    return lambda X: (output(X) > 0.5).astype(int)


@wrong("train_xor", "labels-inverted")
def xor_inverted(rng):
    output = train(rng)
    return lambda X: (output(X) < 0.5).astype(int)


@wrong("train_xor", "not-labels")
def xor_outputs(rng):
    return train(rng)


@wrong("train_xor", "wrong-shape")
def xor_column(rng):
    output = train(rng)
    return lambda X: (output(X) > 0.5).astype(int)[:, None]


@wrong("train_xor", "labels-minus-one")
def xor_signs(rng):
    output = train(rng)
    return lambda X: np.sign(output(X) - 0.5)


@wrong("train_xor", "no-margin")
def xor_table(rng):
    known = {(0.0, 0.0): 0, (0.0, 1.0): 1, (1.0, 0.0): 1, (1.0, 1.0): 0}
    return lambda X: np.array([known.get((a, b), 0) for a, b in X.tolist()])


@wrong("train_xor", "wrong-type")
def xor_labels_of_the_corners(rng):
    return np.array([0, 1, 1, 0])


@wrong("train_xor", "depends-on-earlier-calls")
def xor_global_randomness(rng):
    output = train(np.random.default_rng())
    return lambda X: (output(X) > 0.5).astype(int)


@wrong("train_xor", "changes-argument")
def xor_writes_to_X(rng):
    output = train(rng)

    def predict(X):
        X += 0.0
        X[:] = np.clip(X, 0, 1)
        return (output(X) > 0.5).astype(int)

    return predict


@wrong("train_xor", "fails-for-sizes-of-one")
def xor_four_points_only(rng):
    output = train(rng)

    def predict(X):
        if len(X) < 2:
            raise ValueError("a batch is wanted")
        return (output(X) > 0.5).astype(int)

    return predict


@wrong("train_xor", "wrong-shape")
def xor_squeezes(rng):
    output = train(rng)
    return lambda X: np.squeeze(output(X) > 0.5).astype(int)


@wrong("train_xor", "depends-on-other-points")
def xor_threshold_from_the_batch(rng):
    output = train(rng)

    def predict(X):
        values = output(X)
        return (values > values.mean() - 1e-9).astype(int)

    return predict


@wrong("train_xor", "returns-none")
def xor_forgets_return(rng):
    train(rng, steps=10)


@partly("mlp_backward", "slope-one-at-zero", points=2)
def mlp_open_at_zero(x, y, params):
    zs, hs = [], [x]
    for W, b in params:
        zs.append(hs[-1] @ W + b)
        hs.append(np.maximum(zs[-1], 0))
    dz, grads = (zs[-1] - y) / len(y), []
    for i in reversed(range(len(params))):
        grads.insert(0, (hs[i].T @ dz, dz.sum(axis=0)))
        dz = dz @ params[i][0].T * (zs[i - 1] >= 0) if i else None
    return grads


@wrong("train_xor", "not-learned")
def xor_on_two_thirds_of_the_seeds(rng):
    learned = xor_tanh(rng)
    return learned if rng.random() < 2 / 3 else lambda X: (np.asarray(X)[:, 0] > 0.5) * 1


# --- cosine_schedule ----------------------------------------------------------------------------


@right("cosine_schedule")
def schedule_by_squares(step, total, peak, warmup):
    if step < warmup:
        return step / warmup * peak
    return peak * math.cos(math.pi / 2 * (step - warmup) / (total - warmup)) ** 2


@right("cosine_schedule")
def schedule_by_numpy(step, total, peak, warmup):
    left = np.linspace(0, np.pi, total - warmup + 1)
    rates = np.concatenate([np.arange(1, warmup + 1) * (peak / max(warmup, 1)), np.cos(left[1:])])
    rates[warmup:] = peak * (1 + rates[warmup:]) / 2
    return rates[step - 1]


@right("cosine_schedule")
def schedule_from_the_end(step, total, peak, warmup):
    rising = step <= warmup and warmup > 0
    if rising:
        return np.float64(peak * step) / warmup
    left = (total - step) / (total - warmup)
    return peak / 2 * (1 - math.cos(math.pi * left))


@wrong("cosine_schedule", "warmup-not-subtracted")
def schedule_counts_from_zero(step, total, peak, warmup):
    if step <= warmup:
        return peak * step / warmup
    return peak * 0.5 * (1 + math.cos(math.pi * step / total))


@wrong("cosine_schedule", "half-missing")
def schedule_twice_the_peak(step, total, peak, warmup):
    if step <= warmup:
        return peak * step / warmup
    return peak * (1 + math.cos(math.pi * (step - warmup) / (total - warmup)))


@wrong("cosine_schedule", "no-warmup")
def schedule_starts_high(step, total, peak, warmup):
    return peak * 0.5 * (1 + math.cos(math.pi * (step - warmup) / (total - warmup)))


@wrong("cosine_schedule", "linear")
def schedule_in_lines(step, total, peak, warmup):
    if step <= warmup:
        return peak * step / warmup
    return peak * (total - step) / (total - warmup)


@wrong("cosine_schedule", "raises")
def schedule_divides_by_warmup(step, total, peak, warmup):
    rising = peak * step / warmup
    falling = peak * 0.5 * (1 + math.cos(math.pi * (step - warmup) / (total - warmup)))
    return min(rising, falling) if step <= warmup else falling


# --- what went unnoticed once -------------------------------------------------------------------


@wrong("dropout", "exact-share")
def dropout_of_an_exact_share(x, p, rng):
    mask = np.full(x.size, 1 / (1 - p))
    mask[rng.permutation(x.size)[: round(p * x.size)]] = 0
    mask = mask.reshape(x.shape)
    return x * mask, mask


@wrong("dropout", "shared-mask")
def dropout_two_examples_a_mask(x, p, rng):
    n, d = x.shape
    mask = np.repeat(rng.random(((n + 1) // 2, d)) >= p, 2, axis=0)[:n] / (1 - p)
    return x * mask, mask


@wrong("minibatches", "sorted-by-label")
def minibatches_by_label(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    order = order[np.argsort(y[order])]
    for i in range(0, len(X), batch_size):
        yield X[order[i : i + batch_size]], y[order[i : i + batch_size]]


@wrong("minibatches", "halves-apart")
def minibatches_in_halves(X, y, batch_size, rng):
    half = len(X) // 2
    order = np.concatenate([rng.permutation(half), half + rng.permutation(len(X) - half)])
    for i in range(0, len(X), batch_size):
        yield X[order[i : i + batch_size]], y[order[i : i + batch_size]]


def adam(p, g, m, v, t, lr, beta1, beta2, eps):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
    step = lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return p - step, m, v


@partly("adam_step", "wrong-defaults", points=2)
def adam_eps_as_elsewhere(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-7):
    return adam(p, g, m, v, t, lr, beta1, beta2, eps)


@partly("adam_step", "wrong-defaults", points=2)
def adam_eps_large(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-6):
    return adam(p, g, m, v, t, lr, beta1, beta2, eps)
