"""Answers to the tasks of chapter 3."""

import math

import numpy as np

from . import partly, right, wrong


def sigma(z):
    return 0.5 * (1 + np.tanh(z / 2))


# --- numerical_gradient -------------------------------------------------------------------------


@right("numerical_gradient")
def numerical_ndindex(f, x):
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += 1e-5
        down[i] -= 1e-5
        gradient[i] = (f(up) - f(down)) / 2e-5
    return gradient


@right("numerical_gradient")
def numerical_nditer(f, x):
    x = np.array(x, dtype=float)
    gradient = np.empty(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        i, old, h = it.multi_index, x[it.multi_index], 1e-4
        x[i] = old + h
        above = f(x)
        x[i] = old - h
        below = f(x)
        x[i] = old
        gradient[i] = (above - below) / (2 * h)
        it.iternext()
    return gradient


@right("numerical_gradient")
def numerical_flat_view(f, x):
    x = np.array(x)
    flat, gradient = x.reshape(-1), []
    for i in range(flat.size):
        flat[i] += 1e-6
        above = f(x)
        flat[i] -= 2e-6
        below = f(x)
        flat[i] += 1e-6
        gradient.append((above - below) / 2e-6)
    return np.array(gradient).reshape(x.shape)


@right("numerical_gradient")
def numerical_unit_vectors(f, x):
    h = np.finfo(float).eps ** (1 / 3)
    steps = (h * np.eye(x.size)).reshape(x.size, *x.shape)
    return np.array([(f(x + s) - f(x - s)) / (2 * h) for s in steps]).reshape(x.shape).tolist()


@right("numerical_gradient")
def numerical_scaled_step(f, x):
    gradient = np.zeros(x.shape)
    for i, v in np.ndenumerate(x):
        h = 1e-5 * max(1.0, abs(v))
        e = np.zeros(x.shape)
        e[i] = h
        gradient[i] = (f(x + e) - f(x - e)) / (2 * h)
    return gradient


@right("numerical_gradient")
def numerical_five_points(f, x):
    gradient, h = np.zeros(x.shape), 1e-3
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        near, far = f(x + e) - f(x - e), f(x + 2 * e) - f(x - 2 * e)
        gradient[i] = (8 * near - far) / (12 * h)
    return gradient


@right("numerical_gradient")
def numerical_two_sides_averaged(f, x):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = 1e-5
        gradient[i] = ((f(x + e) - f(x)) / 1e-5 + (f(x) - f(x - e)) / 1e-5) / 2
    return gradient


@right("numerical_gradient")
def numerical_recursive(f, x):
    if x.ndim == 0:
        return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5

    def with_part(k, part):
        whole = np.array(x)
        whole[k] = part
        return f(whole)

    return np.array(
        [numerical_recursive(lambda part, k=k: with_part(k, part), x[k]) for k in range(len(x))]
    )


def difference(f, x, above, below, distance):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += above
        down[i] -= below
        gradient[i] = (f(up) - f(down)) / distance
    return gradient


@right("numerical_gradient")
def numerical_step_a_thousandth(f, x):
    return difference(f, x, 1e-3, 1e-3, 2e-3)


@right("numerical_gradient")
def numerical_step_small(f, x):
    return difference(f, x, 1e-7, 1e-7, 2e-7)


@right("numerical_gradient")
def numerical_returns_float32(f, x):
    return difference(f, x, 1e-5, 1e-5, 2e-5).astype(np.float32)


@wrong("numerical_gradient", "forward-difference")
def numerical_forward(f, x):
    return difference(f, x, 1e-5, 0, 1e-5)


@wrong("numerical_gradient", "forward-difference")
def numerical_forward_large(f, x):
    return difference(f, x, 0.01, 0, 0.01)


@wrong("numerical_gradient", "forward-difference")
def numerical_forward_tiny(f, x):
    return difference(f, x, 1e-8, 0, 1e-8)


@wrong("numerical_gradient", "forward-difference")
def numerical_backward(f, x):
    return difference(f, x, 0, 1e-6, 1e-6)


@wrong("numerical_gradient", "missing-two")
def numerical_missing_two(f, x):
    return difference(f, x, 1e-5, 1e-5, 1e-5)


@wrong("numerical_gradient", "missing-two")
def numerical_precedence(f, x):
    return difference(f, x, 1e-4, 1e-4, 1) / 2 * 1e-4 * 2e8


@wrong("numerical_gradient", "one-step-over-2h")
def numerical_one_side_over_two(f, x):
    return difference(f, x, 1e-5, 0, 2e-5)


@wrong("numerical_gradient", "step-too-small")
def numerical_tiny_step(f, x):
    return difference(f, x, 1e-12, 1e-12, 2e-12)


@wrong("numerical_gradient", "step-too-large")
def numerical_large_step(f, x):
    return difference(f, x, 0.1, 0.1, 0.2)


@wrong("numerical_gradient", "step-too-large")
def numerical_step_a_hundredth(f, x):
    return difference(f, x, 0.01, 0.01, 0.02)


@wrong("numerical_gradient", "all-zero")
def numerical_vanishing_step(f, x):
    return difference(f, x, 1e-17, 1e-17, 2e-17)


@wrong("numerical_gradient", "not-restored")
def numerical_not_restored(f, x):
    x, gradient = np.array(x), np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += 1e-5
        above = f(x)
        x[i] -= 2e-5
        gradient[i] = (above - f(x)) / 2e-5
    return gradient


@wrong("numerical_gradient", "one-step-over-2h")
def numerical_back_to_the_middle(f, x):
    x, gradient = np.array(x), np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += 1e-5
        above = f(x)
        x[i] -= 1e-5
        gradient[i] = (above - f(x)) / 2e-5
    return gradient


@wrong("numerical_gradient", "constant-factor")
def numerical_not_divided(f, x):
    return difference(f, x, 1e-5, 1e-5, 1)


@wrong("numerical_gradient", "wrong-sign")
def numerical_sign(f, x):
    return difference(f, x, -1e-5, -1e-5, 2e-5)


@wrong("numerical_gradient", "nudges-all-at-once")
def numerical_all_at_once(f, x):
    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5


@wrong("numerical_gradient", "rows-nudged")
def numerical_rows(f, x):
    gradient = np.zeros_like(x)
    for i in range(len(x)):
        up, down = x.copy(), x.copy()
        up[i] += 1e-5
        down[i] -= 1e-5
        gradient[i] = (f(up) - f(down)) / 2e-5
    return gradient


@wrong("numerical_gradient", "only-vectors")
def numerical_vectors(f, x):
    gradient = np.zeros(x.size)
    for i in range(x.size):
        up, down = x.copy(), x.copy()
        up[i] += 1e-4
        down[i] -= 1e-4
        gradient[i] = (f(up) - f(down)) / 2e-4
    return gradient


@wrong("numerical_gradient", "only-matrices")
def numerical_matrices(f, x):
    gradient = np.zeros(x.shape)
    rows, columns = x.shape
    for i in range(rows):
        for j in range(columns):
            e = np.zeros(x.shape)
            e[i, j] = 1e-5
            gradient[i, j] = (f(x + e) - f(x - e)) / 2e-5
    return gradient


@wrong("numerical_gradient", "wrong-shape")
def numerical_flat_result(f, x):
    return numerical_ndindex(f, x).ravel()


@wrong("numerical_gradient", "all-zero")
def numerical_aliases(f, x):
    x, gradient = np.array(x), np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up, down = x, x
        up[i] += 1e-5
        down[i] -= 1e-5
        gradient[i] = (f(up) - f(down)) / 2e-5
    return gradient


@wrong("numerical_gradient", "wrong-sign")
def numerical_absolute(f, x):
    return np.abs(numerical_ndindex(f, x))


@wrong("numerical_gradient", "entries-missing")
def numerical_last_forgotten(f, x):
    gradient = numerical_ndindex(f, x)
    if gradient.size > 1:
        gradient.flat[-1] = 0
    return gradient


@wrong("numerical_gradient", "not-restored")
def numerical_from_one_start(f, x):
    x, gradient, start = np.array(x), np.zeros(x.shape), f(x)
    for i in np.ndindex(x.shape):
        x[i] += 1e-5
        gradient[i] = (f(x) - start) / 1e-5
    return gradient


@wrong("numerical_gradient", "step-too-large")
def numerical_step_a_fiftieth(f, x):
    return difference(f, x, 0.02, 0.02, 0.04)


@wrong("numerical_gradient", "not-finite")
def numerical_step_times_x(f, x):
    gradient = np.zeros(x.shape)
    for i, v in np.ndenumerate(x):
        e = np.zeros(x.shape)
        e[i] = 1e-5 * v
        gradient[i] = np.divide(f(x + e) - f(x - e), 2e-5 * v)
    return gradient


@wrong("numerical_gradient", "step-too-small")
def numerical_in_float32(f, x):
    return difference(f, x.astype(np.float32), 1e-5, 1e-5, 2e-5)


@partly("numerical_gradient", "changes-argument", points=2)
def numerical_on_the_argument(f, x):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + 1e-5
        above = f(x)
        x[i] = old - 1e-5
        gradient[i] = (above - f(x)) / 2e-5
        x[i] = old
    return gradient


@wrong("numerical_gradient", "wrong-type")
def numerical_pair(f, x):
    return numerical_ndindex(f, x), f(x)


# --- relative_error -----------------------------------------------------------------------------


@right("relative_error")
def relative_norms(a, b):
    size = np.linalg.norm(a) + np.linalg.norm(b)
    return 0 if size == 0 else np.linalg.norm(a - b) / size


@right("relative_error")
def relative_frobenius(a, b):
    top = np.linalg.norm(a - b, "fro")
    return float(top / max(np.linalg.norm(a, "fro") + np.linalg.norm(b, "fro"), 1e-300))


@right("relative_error")
def relative_loops(a, b):
    aa = bb = dd = 0.0
    for u, v in zip(a.ravel().tolist(), b.ravel().tolist()):
        aa, bb, dd = aa + u * u, bb + v * v, dd + (u - v) ** 2
    return np.array(math.sqrt(dd) / (math.sqrt(aa) + math.sqrt(bb)) if aa + bb else 0.0)


@right("relative_error")
def relative_equal_first(a, b):
    if np.array_equal(a, b):
        return 0.0
    d = (a - b).ravel()
    return np.sqrt(d @ d) / (np.sqrt(np.vdot(a, a)) + np.sqrt(np.vdot(b, b)))


@right("relative_error")
def relative_nan_to_num(a, b):
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b)))


@right("relative_error")
def relative_trace(a, b):
    def size(m):
        return np.sqrt(np.trace(m.T @ m))

    return size(a - b) / (size(a) + size(b) + np.finfo(float).tiny)


@right("relative_error")
def relative_tiny_constant(a, b):
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b) + 1e-15)


@partly("relative_error", "zero-by-zero", points=2)
def relative_without_if(a, b):
    return np.sqrt(((a - b) ** 2).sum()) / (np.sqrt((a**2).sum()) + np.sqrt((b**2).sum()))


@wrong("relative_error", "absolute-error")
def relative_absolute(a, b):
    return np.sqrt(np.sum((a - b) ** 2))


@wrong("relative_error", "relative-to-one")
def relative_to_b(a, b):
    size = np.linalg.norm(b)
    return np.linalg.norm(a - b) / size if size else 0.0


@wrong("relative_error", "larger-norm")
def relative_larger(a, b):
    size = max(np.linalg.norm(a), np.linalg.norm(b))
    return np.linalg.norm(a - b) / size if size else 0.0


@wrong("relative_error", "entry-by-entry")
def relative_entries(a, b):
    return np.average(np.abs(a - b) / (np.abs(a) + np.abs(b)))


@wrong("relative_error", "norm-not-rooted")
def relative_squares(a, b):
    size = (a * a).sum() + (b * b).sum()
    return ((a - b) ** 2).sum() / size if size else 0.0


@wrong("relative_error", "norm-of-sum")
def relative_sum(a, b):
    size = np.linalg.norm(a + b)
    return np.linalg.norm(a - b) / size if size else 0.0


@wrong("relative_error", "other-norm")
def relative_spectral(a, b):
    size = np.linalg.norm(a, 2) + np.linalg.norm(b, 2)
    return np.linalg.norm(a - b, 2) / size if size else 0.0


@wrong("relative_error", "added-constant")
def relative_padded(a, b):
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b) + 1e-8)


@wrong("relative_error", "constant-factor")
def relative_mean_size(a, b):
    size = (np.linalg.norm(a) + np.linalg.norm(b)) / 2
    return np.linalg.norm(a - b) / size if size else 0.0


@partly("relative_error", "changes-argument", points=2)
def relative_in_place(a, b):
    size = np.linalg.norm(a) + np.linalg.norm(b)
    a -= b
    return np.linalg.norm(a) / size if size else 0.0


# --- mend_backward ------------------------------------------------------------------------------


@right("mend_backward")
def mend_where(z, dy):
    return np.where(z > 0, dy, 0)


@right("mend_backward")
def mend_from_output(z, dy):
    return dy * (np.maximum(z, 0) > 0)


@right("mend_backward")
def mend_own_copy(z, dy):
    dz = dy.copy()
    dz[z <= 0] = 0
    return dz


@right("mend_backward")
def mend_heaviside(z, dy):
    return np.heaviside(z, 0) * dy


@right("mend_backward")
def mend_loops(z, dy):
    return [[g if v > 0 else 0 for v, g in zip(*rows)] for rows in zip(z.tolist(), dy.tolist())]


@wrong("mend_backward", "gate-never-closes")
def mend_not_mended(z, dy):
    return np.where(np.maximum(z, 0) >= 0, dy, 0)


@partly("mend_backward", "slope-one-at-zero", points=2)
def mend_other_choice(z, dy):
    return np.where(z < 0, 0, dy)


@partly("mend_backward", "half-at-zero", points=2)
def mend_half(z, dy):
    return dy * (np.sign(z) + 1) / 2


@partly("mend_backward", "wrong-value", points=2)
def mend_threshold(z, dy):
    return dy * (z > 0.01)


@wrong("mend_backward", "inverted-mask")
def mend_inverted(z, dy):
    return np.where(z > 0, 0, dy)


@wrong("mend_backward", "mask-from-dy")
def mend_dy(z, dy):
    return np.maximum(dy, 0)


@wrong("mend_backward", "no-upstream")
def mend_mask(z, dy):
    return z > 0


@partly("mend_backward", "changes-argument", points=2)
def mend_in_place(z, dy):
    dy[z <= 0] = 0
    return dy


# --- check_layer --------------------------------------------------------------------------------


def central(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


def relative(a, b):
    return float(np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b)))


@right("check_layer")
def check_plainly(forward, backward, x, rng):
    dy = rng.standard_normal(forward(x).shape)
    return relative(backward(x, dy), central(lambda x: np.sum(dy * forward(x)), x))


@right("check_layer")
def check_in_place(forward, backward, x, rng):
    x = np.array(x, dtype=float)
    dy = rng.normal(size=np.shape(forward(x)))
    dx = backward(x.copy(), dy)
    numbers = []
    for i in range(x.size):
        old = x.flat[i]
        x.flat[i] = old + 1e-6
        up = (dy * forward(x)).sum()
        x.flat[i] = old - 1e-6
        down = (dy * forward(x)).sum()
        x.flat[i] = old
        numbers.append((up - down) / 2e-6)
    n = np.array(numbers).reshape(x.shape)
    top, bottom = np.sum((dx - n) ** 2) ** 0.5, np.sum(dx**2) ** 0.5 + np.sum(n**2) ** 0.5
    return top / bottom if bottom else 0.0


@right("check_layer")
def check_by_the_jacobian(forward, backward, x, rng):
    dy = rng.standard_normal(forward(x).shape)
    n = np.empty_like(x)
    for i in np.ndindex(*x.shape):
        e = np.zeros_like(x)
        e[i] = 2e-5
        n[i] = np.vdot(dy, (forward(x + e) - forward(x - e)) / 4e-5)
    return np.array(relative(backward(x, dy), n))


@wrong("check_layer", "mistake-missed")
def check_with_ones(forward, backward, x, rng):
    dy = np.ones(forward(x).shape)
    return relative(backward(x, dy), central(lambda x: np.sum(dy * forward(x)), x))


@wrong("check_layer", "false-alarm")
def check_without_dy(forward, backward, x, rng):
    dy = rng.standard_normal(forward(x).shape)
    return relative(backward(x, dy), central(lambda x: np.sum(forward(x)), x))


@wrong("check_layer", "false-alarm")
def check_draws_again(forward, backward, x, rng):
    dx = backward(x, rng.standard_normal(forward(x).shape))
    dy = rng.standard_normal(forward(x).shape)
    return relative(dx, central(lambda x: np.sum(dy * forward(x)), x))


@wrong("check_layer", "low-precision")
def check_forward_difference(forward, backward, x, rng):
    dy = rng.standard_normal(forward(x).shape)
    n = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = 1e-5
        n[i] = np.sum(dy * (forward(x + e) - forward(x))) / 1e-5
    return relative(backward(x, dy), n)


@wrong("check_layer", "wrong-shape")
def check_entry_by_entry(forward, backward, x, rng):
    dy = rng.standard_normal(forward(x).shape)
    return np.abs(backward(x, dy) - central(lambda x: np.sum(dy * forward(x)), x))


@wrong("check_layer", "wrong-type")
def check_verdict(forward, backward, x, rng):
    return check_plainly(forward, backward, x, rng) < 1e-7


@wrong("check_layer", "mistake-missed")
def check_nothing(forward, backward, x, rng):
    return 0.0


@wrong("check_layer", "ignores-rng")
def check_with_its_own_rng(forward, backward, x, rng):
    return check_plainly(forward, backward, x, np.random.default_rng(0))
