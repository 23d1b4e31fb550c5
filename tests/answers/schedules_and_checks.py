"""Answers to check_layer and cosine_schedule."""

import math

import numpy as np

from . import right, wrong

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
