"""adam_step: a step with both moments corrected."""

import numpy as np

from ...task import Task, case
from ..shared import away_from_zero, tidy


def adam_step(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    new_m = beta1 * m + (1 - beta1) * g
    new_v = beta2 * v + (1 - beta2) * g**2
    m_hat = new_m / (1 - beta1**t)
    v_hat = new_v / (1 - beta2**t)
    new_p = p - lr * m_hat / (np.sqrt(v_hat) + eps)
    return new_p, new_m, new_v


def adam_cases(rng):
    def draw(*shape, t, options=(), make=away_from_zero, aspect="value"):
        p, g, m = (make(rng, *shape) for _ in range(3))
        m, v = (m / 2, make(rng, *shape) ** 2) if t > 1 else (0 * m, 0 * m)
        return case(p, g, m, v, t, *options, aspect=aspect)

    zeros, small = np.zeros(3), 1e-6 * tidy(rng, 3)
    return [
        draw(1, t=1, make=tidy, aspect="ones"),
        draw(1, 1, t=3, make=tidy, aspect="ones"),
        draw(2, t=1, make=tidy),
        draw(2, t=2, options=(0.01, 0.5, 0.75, 1e-8), make=tidy),
        # The gradient has been 0 so far: only eps stands in the denominator.
        case(tidy(rng, 3), zeros, zeros, zeros, 1, aspect="edge"),
        # Late, when the corrections have faded, a large eps shows where it stands.
        draw(3, t=40_000, options=(0.01, 0.9, 0.999, 0.1), make=tidy, aspect="edge"),
        # Gradients so small that the size of the default eps shows, and late: where it stands not.
        case(tidy(rng, 3), small, small / 2, small**2, 40_000, aspect="edge"),
        draw(2, 3, t=1, make=tidy),
        draw(3, 3, t=2),
        draw(4, 5, t=10),
        draw(6, t=5, options=(0.005, 0.8, 0.95, 1e-8)),
        draw(3, 2, t=100, options=(0.02,)),
        draw(2, 4, 3, t=7, options=(0.005, 0.6, 0.9, 1e-8)),
    ]


MISTAKES = """
m_hat = new_m; v_hat = new_v
    no-bias-correction: The bias correction is missing: m and v start at 0 and are too small at
    first. → m̂ = m / (1 − beta1ᵗ), v̂ = v / (1 − beta2ᵗ), with t = 1 in the first step.
v_hat = new_v
    no-bias-correction: Only m is corrected for its start at 0, v is not. → m̂ = m / (1 − beta1ᵗ),
    v̂ = v / (1 − beta2ᵗ), with t = 1 in the first step.
m_hat = new_m
    no-bias-correction: Only v is corrected for its start at 0, m is not. → m̂ = m / (1 − beta1ᵗ),
    v̂ = v / (1 − beta2ᵗ), with t = 1 in the first step.
m_hat = new_m / (1 - beta1 ** (t + 1)); v_hat = new_v / (1 - beta2 ** (t + 1))
    t-off-by-one: t is one too large: it counts from 1 already. → Use betaᵗ with t as it is given.
m_hat = new_m / (1 - beta1 ** (t - 1)); v_hat = new_v / (1 - beta2 ** (t - 1))
    t-off-by-one: t is one too small: in the first step it divides by 1 − beta⁰ = 0. → t counts from
    1: use betaᵗ with t as it is given.
m_hat = new_m / (1 - beta1 ** (t + 1))
    t-off-by-one: In the correction of m, t is one too large. → m̂ = m / (1 − beta1ᵗ), v̂ = v / (1 −
    beta2ᵗ), with t = 1 in the first step.
v_hat = new_v / (1 - beta2 ** (t + 1))
    t-off-by-one: In the correction of v, t is one too large. → m̂ = m / (1 − beta1ᵗ), v̂ = v / (1 −
    beta2ᵗ), with t = 1 in the first step.
new_p = p - lr * m_hat / (np.sqrt(new_v) / (1 - beta2**t) + eps)
    root-before-correction: v is corrected after the root is taken. → √(v / (1 − beta2ᵗ)): the root
    is taken of the corrected v̂.
new_v = beta2 * v + (1 - beta2) * new_m**2
    mean-squared: v is the mean of m², not of g². → v ← beta2·v + (1 − beta2)·g².
new_v = beta2 * v + (1 - beta1) * g**2
    one-beta-for-both: In v, g² is weighted by 1 − beta1. → v ← beta2·v + (1 − beta2)·g².
return adam_step(p, g, m, v, t, lr)
    fixed-constant: beta1 and beta2 are fixed at 0.9 and 0.999, whatever is given. → Use the
    arguments.
return adam_step(p, g, m, v, t, 0.001, beta1, beta2, eps)
    fixed-constant: lr is fixed at 0.001, whatever is given. → Use the argument lr.
new_v = np.maximum(beta2 * v, np.abs(g)); new_p = p - lr * m_hat / (new_v + eps)
    adamax: It is AdaMax: v is the largest |g| so far. → v ← beta2·v + (1 − beta2)·g².
beta1, beta2 = beta2, beta1; new_m = beta1 * m + (1 - beta1) * g
    betas-swapped: beta1 and beta2 are swapped. → beta1 belongs to m, the mean of g; beta2 to v, the
    mean of g².
new_m = beta2 * m + (1 - beta2) * g; new_v = beta1 * v + (1 - beta1) * g**2; \
m_hat = new_m; v_hat = new_v
    betas-swapped: beta1 and beta2 are swapped, and the bias correction is missing. → beta1 belongs
    to m, the mean of g; beta2 to v, the mean of g².
def adam_step(p, g, m, v, t, lr=1e-3, beta2=0.999, beta1=0.9, eps=1e-8):
    betas-swapped: beta1 and beta2 have changed places among the parameters. → Keep the first line:
    lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8.
return adam_step(p, g, m, v, t, lr, beta1, beta1, eps)
    one-beta-for-both: beta1 is used for v too. → v is the mean of g² with beta2.
return adam_step(p, g, m, v, t, lr, beta2, beta2, eps)
    one-beta-for-both: beta2 is used for m too. → m is the mean of g with beta1.
m_hat = new_m / (1 - beta2**t); v_hat = new_v / (1 - beta1**t)
    corrections-swapped: The two bias corrections are swapped. → m̂ = m / (1 − beta1ᵗ), v̂ = v / (1
    − beta2ᵗ), with t = 1 in the first step.
new_v = beta2 * v + (1 - beta2) * g
    gradient-not-squared: v is the mean of g: g is not squared, and the root of a negative number is
    NaN. → v ← beta2·v + (1 − beta2)·g².
new_v = beta2 * v + (1 - beta2) * np.abs(g)
    gradient-not-squared: v is the mean of |g|: g is not squared. → v ← beta2·v + (1 − beta2)·g².
new_v = beta2 * v + (1 - beta2) ** 2 * g**2
    factor-inside-square: 1 − beta2 is squared together with g. → v ← beta2·v + (1 − beta2)·g²: only
    g is squared.
new_v = beta2 * v + (1 - beta2) * np.mean(g**2)
    mean-square-over-entries: g² is averaged over all entries. → Every entry has its own v: square
    entry by entry.
new_v = beta2 * v + (1 - beta2) * np.sum(g**2)
    mean-square-over-entries: g² is summed over all entries. → Every entry has its own v: square
    entry by entry.
new_p = p - lr * (m_hat / (v_hat + eps))
    no-root: The square root is missing. → Divide by √v̂ + eps.
new_p = p - lr * (m_hat / np.sqrt(v_hat + eps))
new_p = p - lr * (m_hat / np.sqrt(v_hat + eps**2))
    eps-inside-root: eps is inside the root. → Take the root first, then add eps: √v̂ + eps.
new_p = p - lr * (m_hat / np.sqrt(v_hat))
    no-eps: eps is missing: where every gradient was 0, it divides 0 by 0. → Divide by √v̂ + eps.
new_p = p - lr * (m_hat / np.sqrt(v_hat) + eps)
    no-eps: eps is added to the quotient: parentheses are missing around the denominator. → m̂ /
    (√v̂ + eps).
new_p = p - lr * (m_hat / (np.sqrt(v_hat) + 1e-08))
    no-eps: eps is fixed at 1e−8, whatever is given. → Use the argument eps.
new_p = p + lr * m_hat / (np.sqrt(v_hat) + eps)
    ascent: The step goes uphill: it is added where it has to be subtracted. → p ← p − lr·m̂ / (√v̂
    + eps).
return new_p, m_hat, v_hat
    returns-corrected: The corrected m̂ and v̂ are returned: the next step would correct them again.
    → Return m and v as they are before the correction.
return new_p, m_hat, new_v
    returns-corrected: The corrected m̂ is returned: the next step would correct it again. → Return
    m as it is before the correction.
new_m = beta1 * m + 1 * g; new_v = beta2 * v + 1 * g**2
    no-running-mean: The factors 1 − beta are missing: gradients are summed, not averaged. → m ←
    beta1·m + (1 − beta1)·g, and the same with beta2 and g² for v.
new_m = beta1 * m + 1 * g
    no-running-mean: The factor 1 − beta1 is missing in m. → m ← beta1·m + (1 − beta1)·g.
new_v = beta2 * v + 1 * g**2
    no-running-mean: The factor 1 − beta2 is missing in v. → v ← beta2·v + (1 − beta2)·g².
new_m = (1 - beta1) * m + beta1 * g; new_v = (1 - beta2) * v + beta2 * g**2
    weights-swapped: beta and 1 − beta are swapped. → beta is the share of the old mean: m ← beta1·m
    + (1 − beta1)·g.
m_hat = new_m / (1 - beta1); v_hat = new_v / (1 - beta2)
    correction-without-power: The correction has no power of t: it never fades. → m̂ = m / (1 −
    beta1ᵗ), v̂ = v / (1 − beta2ᵗ), with t = 1 in the first step.
m_hat = new_m / (1 - beta1 * t); v_hat = new_v / (1 - beta2 * t)
    correction-without-power: beta is multiplied by t where a power is wanted. → Write beta**t.
m_hat = new_m * (1 - beta1**t); v_hat = new_v * (1 - beta2**t)
    correction-multiplied: The correction is multiplied where it has to divide. → m̂ = m / (1 −
    beta1ᵗ), v̂ = v / (1 − beta2ᵗ), with t = 1 in the first step.
m_hat = new_m / (1 - beta1) ** t; v_hat = new_v / (1 - beta2) ** t
    power-outside: The power is taken of 1 − beta; it belongs to beta alone. → 1 − beta**t, without
    parentheses around 1 − beta.
new_p = p - m_hat / (np.sqrt(v_hat) + eps)
    no-learning-rate: lr is not used. → p ← p − lr·m̂ / (√v̂ + eps).
new_p = p - lr * g / (np.sqrt(v_hat) + eps)
    gradient-for-mean: The step uses g where m̂ belongs. → p ← p − lr·m̂ / (√v̂ + eps).
m_hat = m / (1 - beta1**t); v_hat = v / (1 - beta2**t)
    old-moments: The step uses the old m and v. → Update m and v first, then take the step with the
    new ones.
return new_p, m.copy(), v.copy()
    old-moments: The old m and v are returned. → Return the new m and v: the next step needs them.
[only p]
    only-parameter: Only p is returned. → Return the three things (p, m, v): the next step needs m
    and v.
[order m, v, p]
    swapped-results: The results come in the wrong order. → Return (p, m, v): the parameter first.
[order p, v, m]
    swapped-results: m and v come in the wrong order. → Return (p, m, v).
def adam_step(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps={1e-5|1e-6|1e-7|1e-10}):
    wrong-defaults: The default of eps is not 1e-8; with small gradients it counts. → Keep the first
    line: lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8.
def adam_step(p, g, m, v, t, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
    wrong-defaults: The default of lr is not 1e-3. → Keep the first line: lr=1e-3, beta1=0.9,
    beta2=0.999, eps=1e-8.
def adam_step(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.99, eps=1e-8):
    wrong-defaults: The default of beta2 is not 0.999. → Keep the first line: lr=1e-3, beta1=0.9,
    beta2=0.999, eps=1e-8.
"""

TASK = Task(
    "adam_step(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8)",
    adam_cases,
    adam_step,
    returns=("p", "m", "v"),
    mistakes=MISTAKES,
    hints=(
        "There are two running means. "
        "Of what is each the mean, and why are both too small at first?",
        "m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², m̂ = m/(1−β₁ᵗ), "
        "v̂ = v/(1−β₂ᵗ), p ← p − lr·m̂/(√v̂ + eps).",
        "Keep `m_hat = m / (1 - beta1**t)` and its like in names of their own: m and v are "
        "returned without the correction.",
    ),
    place=3,
)
