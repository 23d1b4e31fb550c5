"""momentum_step: a step along the velocity."""

import numpy as np

from ...task import Task, case
from ..shared import normal, tidy


def momentum_step(p, g, v, lr, beta):
    new_v = beta * v + g
    new_p = p - lr * new_v
    return new_p, new_v


def momentum_cases(rng):
    def draw(*shape, lr=0.1, beta=0.9, make=normal, aspect="value"):
        return case(*(make(rng, *shape) for _ in range(3)), lr, beta, aspect=aspect)

    return [
        draw(1, lr=0.5, beta=0.5, make=tidy, aspect="ones"),
        draw(1, 1, make=tidy, aspect="ones"),
        draw(2, lr=0.5, beta=0.5, make=tidy),
        draw(2, 3, lr=0.1, beta=0.75, make=tidy),
        case(tidy(rng, 2, 2), tidy(rng, 2, 2), np.zeros((2, 2)), 0.1, 0.9, aspect="edge"),
        draw(2, 2, lr=0.2, beta=0.0, make=tidy, aspect="edge"),
        case(tidy(rng, 3), np.zeros(3), tidy(rng, 3), 0.1, 0.9, aspect="edge"),
        draw(3, 3),
        draw(4, 5, lr=0.05),
        draw(6, lr=0.01, beta=0.3),
        draw(2, 4, 3, lr=2.0, beta=0.6),
    ]


MISTAKES = """
return momentum_step(p, g, v, lr, 0.9)
    fixed-constant: beta is fixed at 0.9, whatever is given. → Use the argument beta.
new_p = p - lr * (new_v + g)
    gradient-twice: The step holds g twice: once in v, once by itself. → p ← p − lr·v.
new_v = beta * v + (1 - beta) * lr * g; new_p = p - new_v
    damped-gradient: g is multiplied by 1 − beta, and lr is inside the velocity. → v ← beta·v + g,
    then p ← p − lr·v.
new_v = beta * v + (1 - beta) * g
    damped-gradient: g is multiplied by 1 − beta: that is Adam's running mean. → Here the gradients
    are summed: v ← beta·v + g.
new_v = beta * v + lr * g; new_p = p - new_v
    lr-in-velocity: lr is inside the velocity. → v ← beta·v + g holds no lr; it enters with the
    step, p ← p − lr·v.
new_v = beta * v - lr * g; new_p = p + new_v
    lr-in-velocity: It is another convention of momentum: v ← beta·v − lr·g, p ← p + v. → Here v
    holds gradients only: v ← beta·v + g, then p ← p − lr·v.
new_v = beta * v + lr * g
    lr-in-velocity: lr is used twice: in the velocity and in the step. → v ← beta·v + g holds no lr;
    it enters with the step, p ← p − lr·v.
new_p = p - lr * (g + beta * new_v)
    nesterov: It is Nesterov's momentum, which looks one step ahead. → Plain momentum is wanted: p ←
    p − lr·v with the new v.
new_p = p - lr * v
    old-velocity: The step uses the old velocity. → First v ← beta·v + g, then p ← p − lr·v with
    this new v.
return p - lr * (beta * v + g), v.copy()
    old-velocity: The old velocity is returned. → Return the new v: the next step needs it.
new_p = p - lr * g
    momentum-unused: The step uses g alone; the velocity is computed and not used. → p ← p − lr·v.
return p - lr * g, v.copy()
    momentum-unused: The velocity plays no part: this is plain gradient descent. → v ← beta·v + g,
    then p ← p − lr·v.
return p - lr * g, g.copy()
    momentum-unused: The old velocity is forgotten. → v ← beta·v + g keeps a share of it.
new_v = v + g
    no-beta: beta is missing: the velocity never slows down. → v ← beta·v + g.
new_v = v + beta * g
    beta-on-gradient: beta multiplies g: it has to multiply v. → v ← beta·v + g.
new_v = beta * (v + g)
    beta-on-gradient: beta multiplies both v and g. → Only the old velocity is damped: beta·v + g.
new_v = (1 - beta) * v + beta * g
    swapped-weights: beta and 1 − beta are swapped, and no 1 − beta is wanted here. → v ← beta·v +
    g.
new_v = (1 - beta) * v + g
    swapped-weights: v is multiplied by 1 − beta. → beta is the share that is kept: beta·v + g.
new_p = p + lr * new_v
    ascent: The step goes uphill: it is added where it has to be subtracted. → p ← p − lr·v.
new_v = beta * v - g; new_p = p + lr * new_v
new_v = beta * v - g
    wrong-sign: The gradient enters v with a minus. → v ← beta·v + g; the minus stands in p ← p −
    lr·v.
new_p = p - new_v
    no-learning-rate: lr is not used. → p ← p − lr·v.
new_v = lr * v + g; new_p = p - beta * new_v
    swapped-arguments: lr and beta are swapped. → beta multiplies the old velocity, lr the step.
[order v, p]
    swapped-results: The results come in the wrong order. → Return (p, v): the parameter first.
new_p = -lr * (beta * v + g)
    step-only: In place of p it returns the step. → Add the step to p.
new_p = lr * (beta * v + g)
    step-only: In place of p it returns the step. → Subtract it from p.
new_p = p.copy()
    parameter-unchanged: p comes back as it was: no step is taken. → Return p − lr·v.
[only p]
    only-parameter: Only p is returned. → Return the pair (p, v): the next step needs the new v.
new_v = beta * v + g**2
    squared-gradient: g is squared. → v ← beta·v + g: momentum sums the gradients themselves.
"""

TASK = Task(
    "momentum_step(p, g, v, lr, beta)",
    momentum_cases,
    momentum_step,
    returns=("p", "v"),
    mistakes=MISTAKES,
    hints=(
        "Which comes first, the new velocity or the step? Which v does the step use?",
        "v ← beta·v + g, then p ← p − lr·v.",
        "`v = beta * v + g` makes a new array; then return the pair `p - lr * v, v`.",
    ),
    place=2,
)
