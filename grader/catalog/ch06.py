"""Chapter 6: training."""

import functools
import importlib.util
from pathlib import Path

import numpy as np

from ..calling import Rng
from ..comparing import as_array, close
from ..task import Finding, Mistake, Task, case
from .drawing import away_from_zero, normal, tidy

CHAPTER = "08_training"

INTEGERS = (
    "integer-dtype",
    "The result is an array of integers: everything after the decimal point is lost.",
    "Find where the array is made: `np.zeros(shape)` holds floats, `dtype=int` does not.",
)

# --- sgd_step -----------------------------------------------------------------------------------


def sgd_step(p, g, lr, weight_decay):
    return p - lr * (g + weight_decay * p)


def sgd_cases(rng):
    def draw(*shape, lr=0.1, decay=0.01, make=normal, aspect="value"):
        return case(make(rng, *shape), make(rng, *shape), lr, decay, aspect=aspect)

    return [
        draw(1, lr=0.5, decay=0.5, make=tidy, aspect="ones"),
        draw(1, 1, make=tidy, aspect="ones"),
        draw(2, lr=0.5, decay=0.25, make=tidy),
        draw(2, 3, make=tidy),
        draw(3, decay=0.0, aspect="edge"),
        case(np.zeros((2, 2)), tidy(rng, 2, 2), 0.1, 0.5, aspect="edge"),
        case(tidy(rng, 2, 2), np.zeros((2, 2)), 0.1, 0.5, aspect="edge"),
        draw(3, 3, lr=0.05, decay=0.3),
        draw(4, 3, lr=1.5, decay=2.0),
        draw(5, lr=0.01, decay=1.0),
        draw(2, 4, 3, lr=0.2, decay=0.1),
    ]


SGD_MISTAKES = (
    *(
        Mistake(
            "fixed-constant",
            lambda p, g, lr, weight_decay, fixed=fixed: sgd_step(p, g, fixed, weight_decay),
            "The learning rate is fixed, whatever lr is.",
            "Use the argument lr.",
        )
        for fixed in (0.1, 0.01)
    ),
    Mistake(
        "norm-not-squared",
        lambda p, g, lr, weight_decay: p - lr * (g + weight_decay * np.linalg.norm(p)),
        "The norm of p, one number, is added to every gradient.",
        "The derivative of ½·weight_decay·‖p‖² with respect to p is weight_decay · p.",
    ),
    Mistake(
        "lr-on-parameter",
        lambda p, g, lr, weight_decay: (1 - lr) * p - lr * g,
        "p is multiplied by 1 − lr: the decay has lost its weight_decay.",
        "p − lr·(g + weight_decay·p).",
    ),
    Mistake(
        "averaged-gradient",
        lambda p, g, lr, weight_decay: p - lr * np.mean(g + weight_decay * p),
        "The gradient is averaged: every parameter takes the same step.",
        "Every entry of p follows its own entry of g.",
    ),
    Mistake(
        "ascent",
        lambda p, g, lr, weight_decay: p + lr * (g + weight_decay * p),
        "The step goes uphill: it is added where it has to be subtracted.",
        "The gradient points to where the loss grows; go the other way, p − lr·(…).",
    ),
    Mistake(
        "no-weight-decay",
        lambda p, g, lr, weight_decay: p - lr * g,
        "weight_decay is not used.",
        "The gradient of the penalty, weight_decay · p, joins g before the step.",
    ),
    Mistake(
        "wrong-sign",
        lambda p, g, lr, weight_decay: p - lr * (g - weight_decay * p),
        "The weight decay has the wrong sign: it makes the parameters grow.",
        "Inside the parentheses both terms are added: g + weight_decay · p.",
    ),
    Mistake(
        "wrong-sign",
        lambda p, g, lr, weight_decay: p + lr * (g - weight_decay * p),
        "The gradient has the wrong sign: the step goes uphill.",
        "Both terms lie inside p − lr·(g + weight_decay·p).",
    ),
    Mistake(
        "decay-without-lr",
        lambda p, g, lr, weight_decay: p - lr * g - weight_decay * p,
        "The decay is not multiplied by lr.",
        "weight_decay · p is part of the gradient: add it to g first, then multiply by lr.",
    ),
    Mistake(
        "wrong-sign",
        lambda p, g, lr, weight_decay: p - lr * g + weight_decay * p,
        "Without parentheses the decay is added to the step's result, and without lr.",
        "Put parentheses around g + weight_decay · p.",
    ),
    Mistake(
        "factor-two",
        lambda p, g, lr, weight_decay: p - lr * (g + 2 * weight_decay * p),
        "The decay is exactly 2 times too large.",
        "The penalty is ½·weight_decay·‖p‖²: the ½ cancels the 2 of the derivative.",
    ),
    Mistake(
        "half-decay",
        lambda p, g, lr, weight_decay: p - lr * (g + weight_decay * p / 2),
        "The decay is half of what it has to be.",
        "The ½ of the penalty is gone after differentiating: weight_decay · p.",
    ),
    Mistake(
        "l1",
        lambda p, g, lr, weight_decay: p - lr * (g + weight_decay * np.sign(p)),
        "It uses the sign of p: that is L1, not weight decay.",
        "The decay is proportional to p itself: weight_decay · p.",
    ),
    Mistake(
        "l1",
        lambda p, g, lr, weight_decay: p - lr * (g + weight_decay * np.abs(p)),
        "It uses |p|, which pushes every parameter down instead of towards 0.",
        "The decay is proportional to p itself: weight_decay · p.",
    ),
    Mistake(
        "penalty-for-gradient",
        lambda p, g, lr, weight_decay: p - lr * (g + weight_decay * p**2),
        "p is squared: that is the penalty, not its derivative.",
        "The derivative of ½·weight_decay·p² is weight_decay · p.",
    ),
    Mistake(
        "penalty-for-gradient",
        lambda p, g, lr, weight_decay: p - lr * (g + weight_decay * p**2 / 2),
        "p is squared: that is the penalty, not its derivative.",
        "The derivative of ½·weight_decay·p² is weight_decay · p.",
    ),
    Mistake(
        "penalty-for-gradient",
        lambda p, g, lr, weight_decay: p - lr * (g + weight_decay * np.sum(p**2) / 2),
        "The penalty's value is added to every gradient, where its derivative belongs.",
        "The derivative of ½·weight_decay·‖p‖² with respect to p is weight_decay · p.",
    ),
    Mistake(
        "penalty-for-gradient",
        lambda p, g, lr, weight_decay: p - lr * (g + weight_decay * np.sum(p**2)),
        "The penalty's value is added to every gradient, where its derivative belongs.",
        "The derivative of ½·weight_decay·‖p‖² with respect to p is weight_decay · p.",
    ),
    Mistake(
        "penalty-for-gradient",
        lambda p, g, lr, weight_decay: p - lr * (g + weight_decay),
        "weight_decay is added as it is, without p.",
        "The decay is proportional to p: weight_decay · p.",
    ),
    Mistake(
        "no-learning-rate",
        lambda p, g, lr, weight_decay: p - (g + weight_decay * p),
        "lr is not used.",
        "Multiply the whole gradient by lr.",
    ),
    Mistake(
        "divided-by-lr",
        lambda p, g, lr, weight_decay: p - (g + weight_decay * p) / lr,
        "It divides by lr.",
        "Multiply by lr: a smaller learning rate makes a smaller step.",
    ),
    Mistake(
        "step-only",
        lambda p, g, lr, weight_decay: -lr * (g + weight_decay * p),
        "It returns the step, not where the step leads.",
        "Add the step to p.",
    ),
    Mistake(
        "step-only",
        lambda p, g, lr, weight_decay: lr * (g + weight_decay * p),
        "It returns the step, not where the step leads.",
        "Subtract it from p.",
    ),
    Mistake(
        "gradient-only",
        lambda p, g, lr, weight_decay: g + weight_decay * p,
        "It returns the gradient with the decay, without taking the step.",
        "Return p − lr · (that gradient).",
    ),
    Mistake(
        "decay-on-gradient",
        lambda p, g, lr, weight_decay: p - lr * (g + weight_decay * g),
        "The decay multiplies g: it has to multiply p.",
        "The term is weight_decay · p.",
    ),
    Mistake(
        "decay-on-gradient",
        lambda p, g, lr, weight_decay: p - lr * g * (1 - weight_decay),
        "The decay shrinks the gradient: it has to shrink p.",
        "The term is weight_decay · p, added to g.",
    ),
    Mistake(
        "decay-after-step",
        lambda p, g, lr, weight_decay: (p - lr * g) * (1 - lr * weight_decay),
        "The decay acts on p after the step.",
        "Both terms use the old p: p − lr·(g + weight_decay·p).",
    ),
    Mistake(
        "decay-after-step",
        lambda p, g, lr, weight_decay: (p - lr * g) * (1 - weight_decay),
        "The decay acts on p after the step, and without lr.",
        "Both terms use the old p: p − lr·(g + weight_decay·p).",
    ),
    Mistake(
        "decay-before-step",
        lambda p, g, lr, weight_decay: p - lr * (g + lr * weight_decay * p),
        "The decay is multiplied by lr twice.",
        "p − lr·(g + weight_decay·p): lr stands once, in front.",
    ),
    Mistake(
        "returns-too-much",
        lambda p, g, lr, weight_decay: (sgd_step(p, g, lr, weight_decay), g + weight_decay * p),
        "Two things are returned; the new p alone is wanted.",
        "End with `return` and the new p.",
    ),
    Mistake(
        "returns-too-much",
        lambda p, g, lr, weight_decay: (sgd_step(p, g, lr, weight_decay), g.copy()),
        "Two things are returned; the new p alone is wanted.",
        "End with `return` and the new p.",
    ),
    Mistake(
        "swapped-arguments",
        lambda p, g, lr, weight_decay: p - weight_decay * (g + lr * p),
        "lr and weight_decay are swapped.",
        "lr multiplies the whole step, weight_decay only p.",
    ),
    Mistake(
        "swapped-arguments",
        lambda p, g, lr, weight_decay: g - lr * (p + weight_decay * g),
        "p and g are swapped.",
        "The step starts at p and follows g.",
    ),
    Mistake(
        "normalized-gradient",
        lambda p, g, lr, weight_decay: p - lr * (g / np.linalg.norm(g) + weight_decay * p),
        "g is divided by its norm.",
        "Use g as it is: its length is part of the step.",
    ),
    Mistake(
        "sign-of-gradient",
        lambda p, g, lr, weight_decay: p - lr * (np.sign(g) + weight_decay * p),
        "Only the sign of g is used.",
        "Use g as it is: its size is part of the step.",
    ),
    Mistake(
        "mean-over-batch",
        lambda p, g, lr, weight_decay: p - lr * (g / len(p) + weight_decay * p),
        "g is divided by its number of rows.",
        "The gradient is ready to use: the 1/N is in it already.",
    ),
    Mistake(
        INTEGERS[0],
        lambda p, g, lr, weight_decay: sgd_step(p, g, lr, weight_decay).astype(int),
        *INTEGERS[1:],
    ),
)

# --- momentum_step ------------------------------------------------------------------------------


def momentum_step(p, g, v, lr, beta):
    v = beta * v + g
    return p - lr * v, v


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


def _momentum(new_v, step):
    """Build a variant: v ← new_v(v, g, lr, beta), p ← p + step(v, g, old v, lr, beta)."""

    def variant(p, g, v, lr, beta):
        old, v = v, new_v(v, g, lr, beta)
        return p + step(v, g, old, lr, beta), v

    return variant


def _velocity(v, g, lr, beta):
    return beta * v + g


def _downhill(v, g, old, lr, beta):
    return -lr * v


MOMENTUM_MISTAKES = (
    Mistake(
        "fixed-constant",
        lambda p, g, v, lr, beta: momentum_step(p, g, v, lr, 0.9),
        "beta is fixed at 0.9, whatever is given.",
        "Use the argument beta.",
    ),
    Mistake(
        "gradient-twice",
        _momentum(_velocity, lambda v, g, old, lr, beta: -lr * (v + g)),
        "The step holds g twice: once in v, once by itself.",
        "p ← p − lr·v.",
    ),
    Mistake(
        "damped-gradient",
        _momentum(
            lambda v, g, lr, beta: beta * v + (1 - beta) * lr * g,
            lambda v, g, old, lr, beta: -v,
        ),
        "g is multiplied by 1 − beta, and lr is inside the velocity.",
        "v ← beta·v + g, then p ← p − lr·v.",
    ),
    Mistake(
        "damped-gradient",
        _momentum(lambda v, g, lr, beta: beta * v + (1 - beta) * g, _downhill),
        "g is multiplied by 1 − beta: that is Adam's running mean.",
        "Here the gradients are summed: v ← beta·v + g.",
    ),
    Mistake(
        "lr-in-velocity",
        _momentum(lambda v, g, lr, beta: beta * v + lr * g, lambda v, g, old, lr, beta: -v),
        "lr is inside the velocity.",
        "v ← beta·v + g holds no lr; it enters with the step, p ← p − lr·v.",
    ),
    Mistake(
        "lr-in-velocity",
        _momentum(lambda v, g, lr, beta: beta * v - lr * g, lambda v, g, old, lr, beta: v),
        "It is another convention of momentum: v ← beta·v − lr·g, p ← p + v.",
        "Here v holds gradients only: v ← beta·v + g, then p ← p − lr·v.",
    ),
    Mistake(
        "lr-in-velocity",
        _momentum(lambda v, g, lr, beta: beta * v + lr * g, _downhill),
        "lr is used twice: in the velocity and in the step.",
        "v ← beta·v + g holds no lr; it enters with the step, p ← p − lr·v.",
    ),
    Mistake(
        "nesterov",
        _momentum(_velocity, lambda v, g, old, lr, beta: -lr * (g + beta * v)),
        "It is Nesterov's momentum, which looks one step ahead.",
        "Plain momentum is wanted: p ← p − lr·v with the new v.",
    ),
    Mistake(
        "old-velocity",
        _momentum(_velocity, lambda v, g, old, lr, beta: -lr * old),
        "The step uses the old velocity.",
        "First v ← beta·v + g, then p ← p − lr·v with this new v.",
    ),
    Mistake(
        "old-velocity",
        lambda p, g, v, lr, beta: (p - lr * (beta * v + g), v.copy()),
        "The old velocity is returned.",
        "Return the new v: the next step needs it.",
    ),
    Mistake(
        "momentum-unused",
        _momentum(_velocity, lambda v, g, old, lr, beta: -lr * g),
        "The step uses g alone; the velocity is computed and not used.",
        "p ← p − lr·v.",
    ),
    Mistake(
        "momentum-unused",
        lambda p, g, v, lr, beta: (p - lr * g, v.copy()),
        "The velocity plays no part: this is plain gradient descent.",
        "v ← beta·v + g, then p ← p − lr·v.",
    ),
    Mistake(
        "momentum-unused",
        lambda p, g, v, lr, beta: (p - lr * g, g.copy()),
        "The old velocity is forgotten.",
        "v ← beta·v + g keeps a share of it.",
    ),
    Mistake(
        "no-beta",
        _momentum(lambda v, g, lr, beta: v + g, _downhill),
        "beta is missing: the velocity never slows down.",
        "v ← beta·v + g.",
    ),
    Mistake(
        "beta-on-gradient",
        _momentum(lambda v, g, lr, beta: v + beta * g, _downhill),
        "beta multiplies g: it has to multiply v.",
        "v ← beta·v + g.",
    ),
    Mistake(
        "beta-on-gradient",
        _momentum(lambda v, g, lr, beta: beta * (v + g), _downhill),
        "beta multiplies both v and g.",
        "Only the old velocity is damped: beta·v + g.",
    ),
    Mistake(
        "swapped-weights",
        _momentum(lambda v, g, lr, beta: (1 - beta) * v + beta * g, _downhill),
        "beta and 1 − beta are swapped, and no 1 − beta is wanted here.",
        "v ← beta·v + g.",
    ),
    Mistake(
        "swapped-weights",
        _momentum(lambda v, g, lr, beta: (1 - beta) * v + g, _downhill),
        "v is multiplied by 1 − beta.",
        "beta is the share that is kept: beta·v + g.",
    ),
    Mistake(
        "ascent",
        _momentum(_velocity, lambda v, g, old, lr, beta: lr * v),
        "The step goes uphill: it is added where it has to be subtracted.",
        "p ← p − lr·v.",
    ),
    Mistake(
        "wrong-sign",
        _momentum(lambda v, g, lr, beta: beta * v - g, lambda v, g, old, lr, beta: lr * v),
        "The gradient enters v with a minus.",
        "v ← beta·v + g; the minus stands in p ← p − lr·v.",
    ),
    Mistake(
        "wrong-sign",
        _momentum(lambda v, g, lr, beta: beta * v - g, _downhill),
        "The gradient enters v with a minus.",
        "v ← beta·v + g; the minus stands in p ← p − lr·v.",
    ),
    Mistake(
        "no-learning-rate",
        _momentum(_velocity, lambda v, g, old, lr, beta: -v),
        "lr is not used.",
        "p ← p − lr·v.",
    ),
    Mistake(
        "swapped-arguments",
        _momentum(lambda v, g, lr, beta: lr * v + g, lambda v, g, old, lr, beta: -beta * v),
        "lr and beta are swapped.",
        "beta multiplies the old velocity, lr the step.",
    ),
    Mistake(
        "swapped-results",
        lambda p, g, v, lr, beta: momentum_step(p, g, v, lr, beta)[::-1],
        "The results come in the wrong order.",
        "Return (p, v): the parameter first.",
    ),
    Mistake(
        "step-only",
        lambda p, g, v, lr, beta: (-lr * (beta * v + g), beta * v + g),
        "In place of p it returns the step.",
        "Add the step to p.",
    ),
    Mistake(
        "step-only",
        lambda p, g, v, lr, beta: (lr * (beta * v + g), beta * v + g),
        "In place of p it returns the step.",
        "Subtract it from p.",
    ),
    Mistake(
        "parameter-unchanged",
        lambda p, g, v, lr, beta: (p.copy(), beta * v + g),
        "p comes back as it was: no step is taken.",
        "Return p − lr·v.",
    ),
    Mistake(
        "only-parameter",
        lambda p, g, v, lr, beta: p - lr * (beta * v + g),
        "Only p is returned.",
        "Return the pair (p, v): the next step needs the new v.",
    ),
    Mistake(
        "squared-gradient",
        _momentum(lambda v, g, lr, beta: beta * v + g**2, _downhill),
        "g is squared.",
        "v ← beta·v + g: momentum sums the gradients themselves.",
    ),
    Mistake(
        INTEGERS[0],
        lambda p, g, v, lr, beta: tuple(a.astype(int) for a in momentum_step(p, g, v, lr, beta)),
        *INTEGERS[1:],
    ),
)

# --- adam_step ----------------------------------------------------------------------------------


def adam_step(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def adam_cases(rng):
    def draw(*shape, t, options=(), make=away_from_zero, aspect="value"):
        p, g, m = (make(rng, *shape) for _ in range(3))
        m, v = (m / 2, make(rng, *shape) ** 2) if t > 1 else (0 * m, 0 * m)
        return case(p, g, m, v, t, *options, aspect=aspect)

    zeros = np.zeros(3)
    return [
        draw(1, t=1, make=tidy, aspect="ones"),
        draw(1, 1, t=3, make=tidy, aspect="ones"),
        draw(2, t=1, make=tidy),
        draw(2, t=2, options=(0.01, 0.5, 0.75, 1e-8), make=tidy),
        # The gradient has been 0 so far: only eps stands in the denominator.
        case(tidy(rng, 3), zeros, zeros, zeros, 1, aspect="edge"),
        # Late, when the corrections have faded, a large eps shows where it stands.
        draw(3, t=40_000, options=(0.01, 0.9, 0.999, 0.1), make=tidy, aspect="edge"),
        draw(2, 3, t=1, make=tidy),
        draw(3, 3, t=2),
        draw(4, 5, t=10),
        draw(6, t=5, options=(0.005, 0.8, 0.95, 1e-8)),
        draw(3, 2, t=100, options=(0.02,)),
        draw(2, 4, 3, t=7, options=(0.005, 0.6, 0.9, 1e-8)),
    ]


def _adam(
    first=lambda t: t,
    second=lambda t: t,
    square=np.square,
    weight1=lambda beta: 1 - beta,
    weight2=lambda beta: 1 - beta,
    correct=lambda a, beta, t: a / (1 - beta**t),
    correct1=None,
    correct2=None,
    divide=lambda m, v, eps: m / (np.sqrt(v) + eps),
    sign=-1,
    result=lambda p, m, v, m_hat, v_hat: (p, m, v),
    start_lr=1e-3,
    start_beta1=0.9,
    start_beta2=0.999,
    start_eps=1e-8,
    swapped=False,
):
    """Build a variant of Adam with one piece exchanged."""

    def variant(p, g, m, v, t, lr=start_lr, beta1=start_beta1, beta2=start_beta2, eps=start_eps):
        if swapped:
            beta1, beta2 = beta2, beta1
        m = beta1 * m + weight1(beta1) * g
        v = beta2 * v + weight2(beta2) * square(g)
        m_hat = (correct1 or correct)(m, beta1, first(t))
        v_hat = (correct2 or correct)(v, beta2, second(t))
        return result(p + sign * lr * divide(m_hat, v_hat, eps), m, v, m_hat, v_hat)

    return variant


def _as_it_is(a, beta, t):
    return a


def _adam_root_first(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    _, m, v = adam_step(p, g, m, v, t, lr, beta1, beta2, eps)
    return p - lr * (m / (1 - beta1**t)) / (np.sqrt(v) / (1 - beta2**t) + eps), m, v


def _adam_mean_squared(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * m**2
    return p - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def _adam_mixed_weights(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta1) * g**2
    return p - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def _adamax(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * g
    v = np.maximum(beta2 * v, np.abs(g))
    return p - lr / (1 - beta1**t) * m / (v + eps), m, v


CORRECTION = "m̂ = m / (1 − beta1ᵗ), v̂ = v / (1 − beta2ᵗ), with t = 1 in the first step."

ADAM_MISTAKES = (
    Mistake(
        "no-bias-correction",
        _adam(correct=_as_it_is),
        "The bias correction is missing: m and v start at 0 and are too small at first.",
        CORRECTION,
    ),
    Mistake(
        "no-bias-correction",
        _adam(correct2=_as_it_is),
        "Only m is corrected for its start at 0, v is not.",
        CORRECTION,
    ),
    Mistake(
        "no-bias-correction",
        _adam(correct1=_as_it_is),
        "Only v is corrected for its start at 0, m is not.",
        CORRECTION,
    ),
    Mistake(
        "t-off-by-one",
        _adam(first=lambda t: t + 1, second=lambda t: t + 1),
        "t is one too large: it counts from 1 already.",
        "Use betaᵗ with t as it is given.",
    ),
    Mistake(
        "t-off-by-one",
        _adam(first=lambda t: t - 1, second=lambda t: t - 1),
        "t is one too small: in the first step it divides by 1 − beta⁰ = 0.",
        "t counts from 1: use betaᵗ with t as it is given.",
    ),
    Mistake(
        "t-off-by-one",
        _adam(first=lambda t: t + 1),
        "In the correction of m, t is one too large.",
        CORRECTION,
    ),
    Mistake(
        "t-off-by-one",
        _adam(second=lambda t: t + 1),
        "In the correction of v, t is one too large.",
        CORRECTION,
    ),
    Mistake(
        "root-before-correction",
        _adam_root_first,
        "v is corrected after the root is taken.",
        "√(v / (1 − beta2ᵗ)): the root is taken of the corrected v̂.",
    ),
    Mistake(
        "mean-squared",
        _adam_mean_squared,
        "v is the mean of m², not of g².",
        "v ← beta2·v + (1 − beta2)·g².",
    ),
    Mistake(
        "one-beta-for-both",
        _adam_mixed_weights,
        "In v, g² is weighted by 1 − beta1.",
        "v ← beta2·v + (1 − beta2)·g².",
    ),
    Mistake(
        "fixed-constant",
        lambda p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8: adam_step(p, g, m, v, t, lr),
        "beta1 and beta2 are fixed at 0.9 and 0.999, whatever is given.",
        "Use the arguments.",
    ),
    Mistake(
        "fixed-constant",
        lambda p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8: adam_step(
            p, g, m, v, t, 1e-3, beta1, beta2, eps
        ),
        "lr is fixed at 0.001, whatever is given.",
        "Use the argument lr.",
    ),
    Mistake(
        "adamax",
        _adamax,
        "It is AdaMax: v is the largest |g| so far.",
        "v ← beta2·v + (1 − beta2)·g².",
    ),
    Mistake(
        "betas-swapped",
        _adam(swapped=True),
        "beta1 and beta2 are swapped.",
        "beta1 belongs to m, the mean of g; beta2 to v, the mean of g².",
    ),
    Mistake(
        "betas-swapped",
        _adam(
            correct1=lambda a, beta, t: a,
            correct2=lambda a, beta, t: a,
            result=lambda p, m, v, m_hat, v_hat: (p, m, v),
            swapped=True,
        ),
        "beta1 and beta2 are swapped, and the bias correction is missing.",
        "beta1 belongs to m, the mean of g; beta2 to v, the mean of g².",
    ),
    Mistake(
        "betas-swapped",
        lambda p, g, m, v, t, lr=1e-3, beta2=0.999, beta1=0.9, eps=1e-8: adam_step(
            p, g, m, v, t, lr, beta1, beta2, eps
        ),
        "beta1 and beta2 have changed places among the parameters.",
        "Keep the first line: lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8.",
    ),
    Mistake(
        "one-beta-for-both",
        lambda p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8: adam_step(
            p, g, m, v, t, lr, beta1, beta1, eps
        ),
        "beta1 is used for v too.",
        "v is the mean of g² with beta2.",
    ),
    Mistake(
        "one-beta-for-both",
        lambda p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8: adam_step(
            p, g, m, v, t, lr, beta2, beta2, eps
        ),
        "beta2 is used for m too.",
        "m is the mean of g with beta1.",
    ),
    Mistake(
        "corrections-swapped",
        lambda p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8: _corrections_swapped(
            p, g, m, v, t, lr, beta1, beta2, eps
        ),
        "The two bias corrections are swapped.",
        CORRECTION,
    ),
    Mistake(
        "gradient-not-squared",
        _adam(square=lambda g: g),
        "v is the mean of g: g is not squared, and the root of a negative number is NaN.",
        "v ← beta2·v + (1 − beta2)·g².",
    ),
    Mistake(
        "gradient-not-squared",
        _adam(square=np.abs),
        "v is the mean of |g|: g is not squared.",
        "v ← beta2·v + (1 − beta2)·g².",
    ),
    Mistake(
        "factor-inside-square",
        lambda p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8: _adam(
            weight2=lambda beta: (1 - beta) ** 2
        )(p, g, m, v, t, lr, beta1, beta2, eps),
        "1 − beta2 is squared together with g.",
        "v ← beta2·v + (1 − beta2)·g²: only g is squared.",
    ),
    Mistake(
        "mean-square-over-entries",
        _adam(square=lambda g: np.mean(g**2)),
        "g² is averaged over all entries.",
        "Every entry has its own v: square entry by entry.",
    ),
    Mistake(
        "mean-square-over-entries",
        _adam(square=lambda g: np.sum(g**2)),
        "g² is summed over all entries.",
        "Every entry has its own v: square entry by entry.",
    ),
    Mistake(
        "no-root",
        _adam(divide=lambda m, v, eps: m / (v + eps)),
        "The square root is missing.",
        "Divide by √v̂ + eps.",
    ),
    Mistake(
        "eps-inside-root",
        _adam(divide=lambda m, v, eps: m / np.sqrt(v + eps)),
        "eps is inside the root.",
        "Take the root first, then add eps: √v̂ + eps.",
    ),
    Mistake(
        "eps-inside-root",
        _adam(divide=lambda m, v, eps: m / np.sqrt(v + eps**2)),
        "eps is inside the root.",
        "Take the root first, then add eps: √v̂ + eps.",
    ),
    Mistake(
        "no-eps",
        _adam(divide=lambda m, v, eps: m / np.sqrt(v)),
        "eps is missing: where every gradient was 0, it divides 0 by 0.",
        "Divide by √v̂ + eps.",
    ),
    Mistake(
        "no-eps",
        _adam(divide=lambda m, v, eps: m / np.sqrt(v) + eps),
        "eps is added to the quotient: parentheses are missing around the denominator.",
        "m̂ / (√v̂ + eps).",
    ),
    Mistake(
        "no-eps",
        _adam(divide=lambda m, v, eps: m / (np.sqrt(v) + 1e-8)),
        "eps is fixed at 1e−8, whatever is given.",
        "Use the argument eps.",
    ),
    Mistake(
        "ascent",
        _adam(sign=1),
        "The step goes uphill: it is added where it has to be subtracted.",
        "p ← p − lr·m̂ / (√v̂ + eps).",
    ),
    Mistake(
        "returns-corrected",
        _adam(result=lambda p, m, v, m_hat, v_hat: (p, m_hat, v_hat)),
        "The corrected m̂ and v̂ are returned: the next step would correct them again.",
        "Return m and v as they are before the correction.",
    ),
    Mistake(
        "returns-corrected",
        _adam(result=lambda p, m, v, m_hat, v_hat: (p, m_hat, v)),
        "The corrected m̂ is returned: the next step would correct it again.",
        "Return m as it is before the correction.",
    ),
    Mistake(
        "no-running-mean",
        _adam(weight1=lambda beta: 1, weight2=lambda beta: 1),
        "The factors 1 − beta are missing: gradients are summed, not averaged.",
        "m ← beta1·m + (1 − beta1)·g, and the same with beta2 and g² for v.",
    ),
    Mistake(
        "no-running-mean",
        _adam(weight1=lambda beta: 1),
        "The factor 1 − beta1 is missing in m.",
        "m ← beta1·m + (1 − beta1)·g.",
    ),
    Mistake(
        "no-running-mean",
        _adam(weight2=lambda beta: 1),
        "The factor 1 − beta2 is missing in v.",
        "v ← beta2·v + (1 − beta2)·g².",
    ),
    Mistake(
        "weights-swapped",
        lambda p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8: _weights_swapped(
            p, g, m, v, t, lr, beta1, beta2, eps
        ),
        "beta and 1 − beta are swapped.",
        "beta is the share of the old mean: m ← beta1·m + (1 − beta1)·g.",
    ),
    Mistake(
        "correction-without-power",
        _adam(correct=lambda a, beta, t: a / (1 - beta)),
        "The correction has no power of t: it never fades.",
        CORRECTION,
    ),
    Mistake(
        "correction-without-power",
        _adam(correct=lambda a, beta, t: a / (1 - beta * t)),
        "beta is multiplied by t where a power is wanted.",
        "Write beta**t.",
    ),
    Mistake(
        "correction-multiplied",
        _adam(correct=lambda a, beta, t: a * (1 - beta**t)),
        "The correction is multiplied where it has to divide.",
        CORRECTION,
    ),
    Mistake(
        "power-outside",
        _adam(correct=lambda a, beta, t: a / (1 - beta) ** t),
        "The power is taken of 1 − beta; it belongs to beta alone.",
        "1 − beta**t, without parentheses around 1 − beta.",
    ),
    Mistake(
        "no-learning-rate",
        lambda p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8: adam_step(
            p, g, m, v, t, 1.0, beta1, beta2, eps
        ),
        "lr is not used.",
        "p ← p − lr·m̂ / (√v̂ + eps).",
    ),
    Mistake(
        "gradient-for-mean",
        lambda p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8: (
            p - lr * g / (np.sqrt(adam_step(p, g, m, v, t, lr, beta1, beta2)[2] / (1 - beta2**t)) + eps),
            *adam_step(p, g, m, v, t, lr, beta1, beta2)[1:],
        ),
        "The step uses g where m̂ belongs.",
        "p ← p − lr·m̂ / (√v̂ + eps).",
    ),
    Mistake(
        "old-moments",
        lambda p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8: (
            p - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps),
            *adam_step(p, g, m, v, t, lr, beta1, beta2)[1:],
        ),
        "The step uses the old m and v.",
        "Update m and v first, then take the step with the new ones.",
    ),
    Mistake(
        "old-moments",
        lambda p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8: (
            adam_step(p, g, m, v, t, lr, beta1, beta2, eps)[0],
            m.copy(),
            v.copy(),
        ),
        "The old m and v are returned.",
        "Return the new m and v: the next step needs them.",
    ),
    Mistake(
        "only-parameter",
        lambda p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8: adam_step(
            p, g, m, v, t, lr, beta1, beta2, eps
        )[0],
        "Only p is returned.",
        "Return the three things (p, m, v): the next step needs m and v.",
    ),
    Mistake(
        "swapped-results",
        _adam(result=lambda p, m, v, m_hat, v_hat: (m, v, p)),
        "The results come in the wrong order.",
        "Return (p, m, v): the parameter first.",
    ),
    Mistake(
        "swapped-results",
        _adam(result=lambda p, m, v, m_hat, v_hat: (p, v, m)),
        "m and v come in the wrong order.",
        "Return (p, m, v).",
    ),
    Mistake(
        "wrong-defaults",
        _adam(start_lr=0.01),
        "The default of lr is not 1e-3.",
        "Keep the first line: lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8.",
    ),
    Mistake(
        "wrong-defaults",
        _adam(start_beta2=0.99),
        "The default of beta2 is not 0.999.",
        "Keep the first line: lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8.",
    ),
    Mistake(
        INTEGERS[0],
        _adam(result=lambda p, m, v, m_hat, v_hat: (p.astype(int), m.astype(int), v.astype(int))),
        *INTEGERS[1:],
    ),
)


def _corrections_swapped(p, g, m, v, t, lr, beta1, beta2, eps):
    _, m, v = adam_step(p, g, m, v, t, lr, beta1, beta2, eps)
    m_hat, v_hat = m / (1 - beta2**t), v / (1 - beta1**t)
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def _weights_swapped(p, g, m, v, t, lr, beta1, beta2, eps):
    m = (1 - beta1) * m + beta1 * g
    v = (1 - beta2) * v + beta2 * g**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# --- minibatches --------------------------------------------------------------------------------


def minibatch_cases(rng):
    def draw(n, d, batch_size, aspect="value"):
        # Distinct rows and distinct labels: each example can be told from every other.
        X = rng.permutation(n * d).reshape(n, d) / 4 + 0.25
        return case(X, rng.permutation(n), batch_size, Rng(int(rng.integers(1e6))), aspect=aspect)

    return [
        draw(1, 2, 1, "ones"),
        draw(4, 1, 2, "ones"),
        draw(3, 2, 1, "ones"),
        draw(4, 2, 2),
        draw(6, 3, 3),
        draw(1, 3, 4, "edge"),
        draw(5, 2, 2, "edge"),
        draw(7, 2, 3, "edge"),
        draw(4, 3, 4, "edge"),
        draw(4, 3, 9, "edge"),
        draw(48, 5, 8),
        draw(60, 60, 12),
        draw(83, 4, 16, "edge"),
    ]


def accept_minibatches(value, X, y, batch_size, rng):
    pairs, finding = _pairs_of(value, X, y, batch_size)
    if finding:
        return finding
    n = len(X)
    rows, labels, finding = _who_is_where(pairs, X, y)
    if finding:
        return finding
    sizes = [len(batch) for batch in rows]
    seen_x, seen_y = np.concatenate(rows), np.concatenate(labels)
    if not np.array_equal(seen_x, seen_y):
        return Finding(
            "torn-pairs",
            "X and y no longer belong together: an image comes with another image's label.",
            "Draw one permutation and index both with it.",
        )
    if len(np.unique(seen_x)) < len(seen_x):
        return Finding(
            "examples-repeated",
            "Some examples come twice in one epoch.",
            "Draw without replacement: `rng.permutation(len(X))` holds every index once. And a "
            "batch must not be an array that a later one overwrites.",
        )
    if len(seen_x) < n:
        if sizes and set(sizes) == {batch_size} and len(seen_x) == n // batch_size * batch_size:
            return _short_batch_dropped(n, batch_size)
        return Finding(
            "examples-missing",
            f"Only {len(seen_x)} of {n} examples come up in an epoch.",
            "Let the slices start at 0, batch_size, 2·batch_size, …, and end at the last example.",
        )
    return _sizes_finding(sizes, n, batch_size) or _order_finding(rows, n)


def _short_batch_dropped(n, batch_size):
    return Finding(
        "short-batch-dropped",
        f"The short last batch is dropped: {n} examples in batches of {batch_size} leave "
        f"{n % batch_size} over.",
        "Go on until the examples are used up: `range(0, len(X), batch_size)`; a slice may end "
        "beyond the array.",
        "edge",
    )


def _sizes_finding(sizes, n, batch_size):
    wanted = [min(batch_size, n - start) for start in range(0, n, batch_size)]
    if sizes == wanted:
        return None
    if 0 in sizes and [size for size in sizes if size] == wanted:
        return Finding(
            "empty-batch",
            "There is an empty batch, of which no mean can be taken.",
            "`range(0, len(X), batch_size)` stops before the end; `range(0, len(X) + 1, …)` may not.",
            "edge",
        )
    if len(sizes) == batch_size and batch_size != len(wanted):
        return Finding(
            "number-of-batches",
            f"There are {batch_size} batches: batch_size is taken for the number of batches.",
            "batch_size is how many examples one batch holds.",
        )
    if sorted(sizes) == sorted(wanted):
        return Finding(
            "short-batch-first",
            f"The batches hold {sizes} examples; the short one has to come last.",
            "Cut the shuffled order at 0, batch_size, 2·batch_size, …, whatever is left is last.",
            "edge",
        )
    return Finding(
        "wrong-batch-size",
        f"The batches hold {sizes} examples; wanted is {wanted}.",
        "Every batch but the last holds batch_size examples: order[i : i + batch_size].",
        "edge" if n % batch_size else "value",
    )


def _order_finding(rows, n):
    if n < 40:  # too few to tell an order from chance
        return None
    order = np.concatenate(rows)
    if np.array_equal(order, np.arange(n)) or np.array_equal(order, np.arange(n)[::-1]):
        return Finding(
            "not-shuffled",
            "The examples come in the order of X: nothing is shuffled.",
            "Draw `order = rng.permutation(len(X))` and take the batches from X[order].",
        )
    if all(np.array_equal(np.sort(b), np.arange(b.min(), b.min() + len(b))) for b in rows):
        return Finding(
            "blocks-shuffled",
            "A batch always holds neighbors of X: examples are shuffled only inside the batches, "
            "or the batches as a whole.",
            "Shuffle all examples first, then cut: with X sorted by class, each of your batches "
            "would hold one class.",
        )
    if np.mean(np.abs(np.diff(order)) == 1) > 0.6 or np.mean(order == np.arange(n)) > 0.5:
        return Finding(
            "barely-shuffled",
            "The order is nearly that of X.",
            "`rng.permutation(len(X))` gives all orders the same chance.",
        )
    return None


def _pairs_of(value, X, y, batch_size):
    """Return the list of (X, y) arrays, or a Finding that says why there is none."""
    wanted = "Yield pairs: `yield X[chosen], y[chosen]` for each batch, or return a list of them."
    if not isinstance(value, list):
        return None, Finding("wrong-type", "It gives one array, not batches.", wanted)
    if not value:
        if batch_size > len(X):
            return None, _short_batch_dropped(len(X), batch_size)
        return None, Finding("no-batches", "No batch comes out of it.", wanted)
    pairs = []
    for item in value:
        if not isinstance(item, list) or len(item) != 2:
            got = f"{len(item)} things" if isinstance(item, list) else "one array"
            return None, Finding("not-pairs", f"A batch is {got}; a pair (X, y) is wanted.", wanted)
        x, labels = as_array(item[0]), as_array(item[1])
        if x.ndim == 1 and labels.ndim == 2 and labels.shape[1:] == X.shape[1:]:
            return None, Finding(
                "swapped-results",
                "The pairs come in the wrong order: (y, X).",
                "X first: `yield X[chosen], y[chosen]`.",
            )
        if labels.shape == (len(x), 1) and x.shape[1:] == X.shape[1:]:
            return None, Finding(
                "wrong-shape",
                "The labels of a batch have shape (n, 1); (n,) is wanted.",
                "Index y with the same array of indices as X and leave its shape alone.",
            )
        empty = x.size == 0 and labels.size == 0
        if not empty and (x.shape[1:] != X.shape[1:] or x.ndim != X.ndim or labels.ndim != 1):
            text = f"A pair of shapes {x.shape} and {labels.shape} comes out of X {X.shape} and "
            text += f"y {y.shape}: no batch (n, {X.shape[1]}) with labels (n,)."
            return None, Finding("not-pairs", text, wanted)
        if len(x) != len(labels):
            text = f"A batch has {len(x)} rows and {len(labels)} labels."
            return None, Finding("torn-pairs", text, "Index X and y with the same indices.")
        pairs.append((x, labels))
    return pairs, None


def _who_is_where(pairs, X, y):
    """Return for every batch the indices of its rows in X and of its labels in y."""
    by_row = {row.tobytes(): i for i, row in enumerate(X.astype(np.float32))}
    by_label = {float(label): i for i, label in enumerate(y)}
    rows, labels = [], []
    for x, t in pairs:
        rows.append(np.array([by_row.get(np.float32(row).tobytes(), -1) for row in x], int))
        labels.append(np.array([by_label.get(float(label), -1) for label in t], int))
    if min(np.concatenate(rows).min(initial=0), np.concatenate(labels).min(initial=0)) < 0:
        return (
            None,
            None,
            Finding(
                "changed-values",
                "There are rows or labels that X and y do not hold.",
                "The examples are only put in another order, never changed: X[chosen], y[chosen].",
            ),
        )
    return rows, labels, None


# --- dropout ------------------------------------------------------------------------------------


def dropout_cases(rng):
    def draw(n, d, p, make=away_from_zero, aspect="value"):
        return case(make(rng, n, d), p, Rng(int(rng.integers(1e6))), aspect=aspect)

    return [
        draw(1, 1, 0.5, tidy, "ones"),
        draw(1, 4, 0.25, tidy, "ones"),
        draw(3, 1, 0.8, tidy, "ones"),
        draw(2, 3, 0.0, tidy, "edge"),
        draw(2, 3, 0.5, tidy),
        draw(3, 4, 0.2, tidy),
        draw(3, 3, 0.75, tidy),
        # ReLU's zeros are units too: each is kept or dropped like any other.
        case(np.zeros((25, 44)), 0.3, Rng(int(rng.integers(1e6))), aspect="edge"),
        draw(34, 34, 0.2),
        draw(40, 30, 0.7),
        draw(20, 65, 0.95, aspect="edge"),
        draw(35, 40, 0.4),
    ]


def accept_dropout(value, x, p, rng):
    if not isinstance(value, list) or len(value) != 2:
        got = "one array" if not isinstance(value, list) else f"{len(value)} things"
        return Finding(
            "wrong-type",
            f"Two things (y, mask) are wanted; it returns {got}.",
            "End with `return y, mask`: the backward pass needs the mask.",
        )
    y, mask = as_array(value[0]), as_array(value[1])
    finding = _dropout_shapes(y, mask, x)
    if finding:
        return finding
    y, mask = _as_numbers(y), _as_numbers(mask)
    keep = 1 / (1 - p)
    one_of_two = _close(mask, np.where(mask > keep / 2, keep, 0.0))
    if not one_of_two:
        return _wrong_mask(y, mask, x, p)
    if not _close(y, x * mask):
        return _wrong_product(y, mask, x, p)
    return _wrong_chance(mask, x, p)


def _as_numbers(a):
    return a.astype(float) if a.dtype.kind in "biu" else a


def _close(value, truth):
    return close(value, truth, max(1.0, float(np.max(np.abs(truth), initial=0.0))))


def _dropout_shapes(y, mask, x):
    if mask.shape != x.shape and y.shape == x.shape:
        what = "one number" if mask.size == 1 else f"of shape {mask.shape}"
        return Finding(
            "wrong-mask-shape",
            f"The mask is {what}: units are dropped together, or those of all examples alike.",
            "Draw one number for every entry: `rng.random(x.shape)`.",
        )
    if y.shape != x.shape or mask.shape != x.shape:
        return Finding(
            "wrong-shape",
            f"y has shape {y.shape} and mask {mask.shape}; both have to be {x.shape}.",
            "Keep the dropped entries in their place, as 0.",
        )
    return None


P_DROPS = "p is the probability of dropping: `rng.random(x.shape) >= p` is True for what is kept."


def _wrong_mask(y, mask, x, p):
    """Name the mistake behind a mask whose entries are not 0 or 1/(1−p)."""
    keep, binary = 1 / (1 - p), _close(mask, (mask != 0) * 1.0)
    telling = mask.size > 1 and np.any(x) and not _close(np.abs(x), np.ones_like(x))
    if telling and _close(y, np.where(y > keep / 2, keep, 0.0)) and _close(mask, x * y):
        return _swapped_dropout()
    if telling and _close(mask, x):
        return Finding(
            "mask-is-input",
            "In place of the mask it returns x.",
            "Return y = x * mask and the mask itself, which holds 0 and 1/(1−p).",
        )
    if binary and _close(y, x * mask * keep):
        return Finding(
            "mask-without-scale",
            "y is scaled, but the mask that is returned holds 0 and 1: backward would miss the "
            "factor 1/(1−p).",
            "Put the factor into the mask, mask = (…) / (1 − p), and then y = x * mask.",
        )
    if binary and _close(y, x * mask):
        nothing = "The mask is 1 everywhere: nothing is dropped, or what is kept is not scaled."
        return Finding(
            "no-scale",
            nothing if np.all(mask) else "The kept entries are not scaled: on average y is smaller than x.",
            "Inverted dropout: mask = (what is kept) / (1 − p), so that the mean stays.",
        )
    if binary and _close(y, x * (1 - mask) * keep):
        return _inverted_mask()
    if binary and _close(y, x * mask * (1 - p)):
        return Finding(
            "scale-not-inverted",
            "Kept entries are multiplied by 1 − p, so y shrinks twice.",
            "mask = (what is kept) / (1 − p), and y = x * mask.",
        )
    for wrong, tag, text in (
        (
            1 / p if p else np.nan,
            "keep-probability",
            "Kept entries are scaled by 1/p: p is taken for the probability of keeping.",
        ),
        (1 - p, "scale-not-inverted", "Kept entries are multiplied by 1 − p, so y shrinks twice."),
        (p, "scale-not-inverted", "Kept entries are multiplied by p."),
        (keep**2, "scale-twice", "Kept entries are scaled by 1/(1−p) twice."),
    ):
        if np.isfinite(wrong) and _close(mask, (mask != 0) * wrong):
            return Finding(tag, text, "mask = (what is kept) / (1 − p). " + P_DROPS)
    if telling and _close(mask, y):
        return Finding(
            "mask-is-output",
            "In place of the mask it returns y a second time.",
            "Return y = x * mask and the mask itself, which holds 0 and 1/(1−p).",
        )
    if np.any(mask < 0):
        return Finding(
            "wrong-mask",
            "The mask has negative entries: normal random numbers?",
            "`rng.random` draws from 0 to 1. " + P_DROPS,
        )
    kept = mask[mask != 0]
    if kept.size > 1 and _close(kept, np.full_like(kept, kept[0])):
        return Finding(
            "wrong-scale",
            f"Kept entries are multiplied by {kept[0]:.6g}; it has to be 1/(1−p) = {keep:.6g}.",
            "mask = (what is kept) / (1 − p), whatever share was dropped this time.",
        )
    return Finding(
        "wrong-mask",
        f"The mask holds other numbers than 0 and 1/(1−p) = {keep:.6g}.",
        "mask = (rng.random(x.shape) >= p) / (1 − p).",
    )


def _swapped_dropout():
    return Finding("swapped-results", "The results come in the wrong order.", "Return (y, mask): y first.")


def _inverted_mask():
    return Finding(
        "mask-inverted",
        "The mask marks what was dropped, y has it the other way round.",
        "The mask is 0 where an entry is dropped and 1/(1−p) where it is kept; y = x * mask.",
    )


def _wrong_product(y, mask, x, p):
    keep = 1 / (1 - p)
    if _close(y, x * (mask == 0) * keep) or _close(y, x * (mask == 0)):
        return _inverted_mask()
    if _close(y, x * (mask != 0)):
        return Finding(
            "output-without-scale",
            "The mask carries the factor 1/(1−p), y does not.",
            "y = x * mask, the mask with its factor.",
        )
    if _close(y, x * mask * keep):
        return Finding("scale-twice", "y is scaled by 1/(1−p) twice.", "y = x * mask, no more.")
    if _close(y, x):
        return Finding("nothing-dropped", "y is x: the mask is drawn but not used.", "y = x * mask.")
    if np.all(np.isfinite(y)) and not np.any((y != 0) & (mask == 0)):
        text = "y is not x * mask, though it is 0 where the mask is 0."
    else:
        text = "y is not x * mask: was another mask drawn for y than the one returned?"
    return Finding("output-not-masked", text, "Draw one mask, then y = x * mask.")


def _wrong_chance(mask, x, p):
    """Count: the mask is right in form; are the right share of entries dropped, each by itself?"""
    if mask.size < 1000:
        if p == 0 and not np.any(mask):
            return Finding(
                "keep-probability",
                "With p = 0 everything is dropped: p is taken for the probability of keeping.",
                P_DROPS,
                "edge",
            )
        if p == 0 and not np.all(mask):
            return Finding("wrong-chance", "p = 0 and something is dropped.", P_DROPS, "edge")
        return None
    dropped = mask == 0
    share, spread = dropped.mean(), np.sqrt(p * (1 - p) / mask.size)
    if p and not dropped.any():
        return Finding("nothing-dropped", "Nothing is dropped.", P_DROPS)
    if dropped.all():
        if not np.any(x):
            return _mask_from_zeros()
        return Finding("everything-dropped", "Everything is dropped.", P_DROPS)
    rows, columns = dropped.std(axis=0).max() == 0, dropped.std(axis=1).max() == 0
    if rows or columns:
        same = "example has the same units" if rows else "unit of an example is"
        return Finding(
            "same-mask-for-all",
            f"Every {same} dropped.",
            "Draw one number for every entry: `rng.random(x.shape)`.",
        )
    if abs(share - p) > 6 * spread:
        if abs(share - (1 - p)) < 6 * spread:
            return Finding(
                "keep-probability",
                f"With p = {p:g} a share of {share:.2f} is dropped: p is taken for the "
                "probability of keeping.",
                P_DROPS,
            )
        return Finding(
            "wrong-chance",
            f"With p = {p:g} a share of {share:.3f} is dropped.",
            P_DROPS,
        )
    return _wrong_pattern(dropped, p)


def _mask_from_zeros():
    return Finding(
        "mask-from-zeros",
        "Where x is 0, the mask is always 0: it is read off y or x.",
        "The mask is random alone; draw it before you look at x.",
        "edge",
    )


def _wrong_pattern(dropped, p):
    """Rows, or columns, whose shares of dropped entries differ more than by chance."""
    for axis, which in ((0, "column"), (1, "row")):
        shares = dropped.mean(axis=axis)
        expected = p * (1 - p) / dropped.shape[axis]
        if shares.var() > 4 * expected:
            return Finding(
                "not-independent",
                f"Some {which}s lose far more entries than others.",
                "Every entry is dropped by itself: `rng.random(x.shape)`.",
            )
    return None


# --- dropout_backward ---------------------------------------------------------------------------


def dropout_backward(dy, mask):
    return dy * mask


def dropout_backward_cases(rng):
    def draw(n, d, p, make=normal, aspect="value"):
        mask = (rng.random((n, d)) >= p) / (1 - p)
        mask.flat[0], mask.flat[-1] = 0.0, 1 / (1 - p)
        return case(make(rng, n, d), mask, aspect=aspect)

    return [
        draw(1, 1, 0.5, tidy, "ones"),
        draw(1, 3, 0.75, tidy, "ones"),
        draw(3, 1, 0.5, tidy, "ones"),
        draw(2, 3, 0.5, tidy),
        draw(3, 2, 0.75, tidy),
        case(tidy(rng, 2, 3), np.zeros((2, 3)), aspect="edge"),
        case(tidy(rng, 3, 2), np.ones((3, 2)), aspect="edge"),
        case(np.zeros((2, 2)), np.full((2, 2), 2.0), aspect="edge"),
        draw(3, 3, 0.2),
        draw(5, 4, 0.3),
        draw(7, 6, 0.8),
    ]


DROPOUT_BACKWARD_MISTAKES = (
    Mistake(
        "no-mask",
        lambda dy, mask: dy.copy(),
        "dy comes back as it is: the mask is not used.",
        "y = x * mask, so ∂L/∂x = dy * mask.",
    ),
    Mistake(
        "scale-missing",
        lambda dy, mask: dy * (mask > 0),
        "The factor 1/(1−p) is missing: only the zeros of the mask are used.",
        "The mask holds the factor already: multiply by the mask itself.",
    ),
    Mistake(
        "scale-twice",
        lambda dy, mask: dy * mask**2,
        "The mask is used twice, and so is its factor 1/(1−p).",
        "Multiply by the mask once.",
    ),
    Mistake(
        "scale-inverted",
        lambda dy, mask: np.where(mask > 0, dy / np.where(mask > 0, mask, 1), 0),
        "It divides by the factor 1/(1−p) where it has to multiply.",
        "y = x * mask, so ∂L/∂x = dy * mask.",
    ),
    Mistake(
        "divided-by-mask",
        lambda dy, mask: dy / mask,
        "It divides by the mask, whose zeros give infinity.",
        "y = x * mask, so ∂L/∂x = dy * mask.",
    ),
    Mistake(
        "mask-inverted",
        lambda dy, mask: dy * (mask == 0),
        "The gradient passes where entries were dropped and stops where they were kept.",
        "What was dropped did not act on the loss: its gradient is 0.",
    ),
    Mistake(
        "mask-inverted",
        lambda dy, mask: dy * (mask == 0) * mask.max(),
        "The gradient passes where entries were dropped and stops where they were kept.",
        "What was dropped did not act on the loss: its gradient is 0.",
    ),
    Mistake(
        "mask-inverted",
        lambda dy, mask: dy * (1 - mask),
        "It multiplies by 1 − mask.",
        "y = x * mask, so ∂L/∂x = dy * mask.",
    ),
    Mistake(
        "no-upstream",
        lambda dy, mask: mask.copy(),
        "It is the local derivative alone: dy is not used.",
        "Multiply the mask by dy.",
    ),
    Mistake(
        "mask-from-gradient",
        lambda dy, mask: dy * (dy > 0),
        "The gradient is cut off where dy is negative: that is no dropout.",
        "Multiply by the mask that forward returned.",
    ),
    Mistake(
        "mask-from-gradient",
        lambda dy, mask: np.maximum(dy * mask, 0),
        "Negative gradients are cut off.",
        "dy * mask, nothing more.",
    ),
    Mistake(
        "mean-over-batch",
        lambda dy, mask: dy * mask / len(dy),
        "It is divided by N.",
        "The 1/N is in dy already: the loss has put it there.",
    ),
    Mistake(
        "summed",
        lambda dy, mask: np.sum(dy * mask),
        "It is summed to one number.",
        "∂L/∂x has the shape of x: leave the sum out.",
    ),
    Mistake(
        "summed",
        lambda dy, mask: np.sum(dy * mask, axis=0),
        "It is summed over the batch.",
        "∂L/∂x has the shape of x: leave the sum out.",
    ),
    Mistake(
        "matrix-product",
        lambda dy, mask: dy @ mask.T,
        "It is a matrix product.",
        "The mask acts entry by entry: `*`, not `@`.",
    ),
    Mistake(
        "matrix-product",
        lambda dy, mask: dy @ mask,
        "It is a matrix product.",
        "The mask acts entry by entry: `*`, not `@`.",
    ),
    Mistake(
        "added-mask",
        lambda dy, mask: dy + mask,
        "The mask is added.",
        "y = x * mask, so ∂L/∂x = dy * mask.",
    ),
    Mistake(
        "selected",
        lambda dy, mask: dy[mask > 0],
        "Dropped entries are left out, so the shape is lost.",
        "Keep the shape: dropped entries stay in their place, as 0.",
    ),
    Mistake(
        "selected",
        lambda dy, mask: (dy * mask)[mask > 0],
        "Dropped entries are left out, so the shape is lost.",
        "Keep the shape: dropped entries stay in their place, as 0.",
    ),
    Mistake(
        "wrong-sign",
        lambda dy, mask: -dy * mask,
        "The sign is wrong.",
        "dy * mask, without a minus.",
    ),
    Mistake(INTEGERS[0], lambda dy, mask: (dy * mask).astype(int), *INTEGERS[1:]),
)

# --- l2_gradient --------------------------------------------------------------------------------


def l2_gradient(g, W, lam):
    return g + lam * W


def l2_cases(rng):
    def draw(d, h, lam, make=normal, aspect="value"):
        return case(make(rng, d, h), make(rng, d, h), lam, aspect=aspect)

    return [
        draw(1, 1, 0.5, tidy, "ones"),
        draw(1, 3, 0.25, tidy, "ones"),
        draw(2, 1, 0.5, tidy, "ones"),
        draw(2, 3, 0.5, tidy),
        draw(3, 2, 0.1, tidy),
        draw(2, 2, 0.0, tidy, "edge"),
        case(np.zeros((2, 3)), tidy(rng, 2, 3), 0.1, aspect="edge"),
        case(tidy(rng, 2, 3), np.zeros((2, 3)), 0.1, aspect="edge"),
        draw(3, 3, 0.01),
        draw(5, 4, 3.0),
        draw(6, 7, 0.3),
    ]


L2_MISTAKES = (
    *(
        Mistake(
            "fixed-constant",
            lambda g, W, lam, fixed=fixed: l2_gradient(g, W, fixed),
            "λ is fixed, whatever lam is.",
            "Use the argument lam.",
        )
        for fixed in (0.01, 0.1)
    ),
    Mistake(
        "decayed-weights",
        lambda g, W, lam: g + (1 - lam) * W,
        "It adds the shrunken weights, (1 − λ)W.",
        "The penalty's gradient is λW.",
    ),
    Mistake(
        "returns-too-much",
        lambda g, W, lam: (g.copy(), lam * W),
        "The two gradients are returned side by side.",
        "The gradient of a sum is the sum: g + λW.",
    ),
    Mistake(
        "factor-two",
        lambda g, W, lam: g + 2 * lam * W,
        "It is 2λW: the penalty has a factor ½, which cancels the 2.",
        "The derivative of ½λw² is λw.",
    ),
    Mistake(
        "half",
        lambda g, W, lam: g + lam * W / 2,
        "It is ½λW: the square brings down a 2, which cancels the ½.",
        "The derivative of ½λw² is λw.",
    ),
    Mistake(
        "l1",
        lambda g, W, lam: g + lam * np.sign(W),
        "It is the gradient of λ Σ|w|, the L1 penalty.",
        "The penalty is ½λ‖W‖²: its gradient is proportional to W.",
    ),
    Mistake(
        "l1",
        lambda g, W, lam: g + lam * np.abs(W),
        "It adds λ|W|, which pushes every weight down instead of towards 0.",
        "The derivative of ½λw² is λw, with the sign of w.",
    ),
    Mistake(
        "wrong-sign",
        lambda g, W, lam: g - lam * W,
        "The sign is wrong: with this gradient, descent makes the weights grow.",
        "The loss gains a term, so its gradient is added.",
    ),
    Mistake(
        "wrong-sign",
        lambda g, W, lam: lam * W - g,
        "The loss's own gradient g has the wrong sign.",
        "Both gradients are added.",
    ),
    Mistake(
        "penalty-alone",
        lambda g, W, lam: lam * W,
        "It is the gradient of the penalty alone.",
        "The loss keeps its own gradient: add g.",
    ),
    Mistake(
        "penalty-alone",
        lambda g, W, lam: 2 * lam * W,
        "It is the gradient of a penalty alone, and one without the ½.",
        "The loss keeps its own gradient: add g to λW.",
    ),
    Mistake(
        "no-penalty",
        lambda g, W, lam: g.copy(),
        "The penalty is not in it.",
        "Add the derivative of ½λ‖W‖².",
    ),
    Mistake(
        "penalty-for-gradient",
        lambda g, W, lam: g + lam * np.sum(W**2) / 2,
        "The penalty's value is added, where its gradient belongs.",
        "Differentiate ½λ Σw² with respect to one w.",
    ),
    Mistake(
        "penalty-for-gradient",
        lambda g, W, lam: g + lam * np.sum(W**2),
        "The penalty's value is added (without its ½), where its gradient belongs.",
        "Differentiate ½λ Σw² with respect to one w.",
    ),
    Mistake(
        "penalty-for-gradient",
        lambda g, W, lam: g + lam * W**2,
        "W is squared: that is the penalty, not its derivative.",
        "The derivative of ½λw² is λw.",
    ),
    Mistake(
        "penalty-for-gradient",
        lambda g, W, lam: g + lam * W**2 / 2,
        "W is squared: that is the penalty, not its derivative.",
        "The derivative of ½λw² is λw.",
    ),
    Mistake(
        "norm-not-squared",
        lambda g, W, lam: g + lam * W / np.linalg.norm(W),
        "W is divided by its norm: that is the gradient of λ‖W‖, not of ½λ‖W‖².",
        "The derivative of ½λw² is λw.",
    ),
    Mistake(
        "norm-not-squared",
        lambda g, W, lam: g + lam * np.linalg.norm(W),
        "The norm of W, one number, is added to every entry.",
        "The derivative of ½λw² is λw, entry by entry.",
    ),
    Mistake(
        "norm-not-squared",
        lambda g, W, lam: g + lam * np.linalg.norm(W) * W,
        "W is multiplied by its norm.",
        "The derivative of ½λw² is λw.",
    ),
    Mistake(
        "on-gradient",
        lambda g, W, lam: g * (1 + lam),
        "λ multiplies g: it has to multiply W.",
        "g + λW.",
    ),
    Mistake(
        "on-gradient",
        lambda g, W, lam: lam * (g + W),
        "λ multiplies g as well.",
        "Only the penalty carries λ: g + λW.",
    ),
    Mistake(
        "no-lambda",
        lambda g, W, lam: g + W,
        "λ is missing.",
        "g + λW.",
    ),
    Mistake(
        "no-lambda",
        lambda g, W, lam: g + lam,
        "λ is added as it is, without W.",
        "g + λW.",
    ),
    Mistake(
        "summed",
        lambda g, W, lam: g + lam * np.sum(W),
        "W is summed: one number is added to every entry.",
        "Each weight adds its own λw.",
    ),
    Mistake(
        "averaged",
        lambda g, W, lam: g + lam * W / len(W),
        "The penalty is divided by the number of rows.",
        "½λ‖W‖² is a sum: nothing is averaged.",
    ),
    Mistake(
        "averaged",
        lambda g, W, lam: g + lam * W / W.size,
        "The penalty is divided by the number of weights.",
        "½λ‖W‖² is a sum: nothing is averaged.",
    ),
    Mistake(
        "averaged",
        lambda g, W, lam: g + lam * np.mean(W),
        "The mean of W is added to every entry.",
        "Each weight adds its own λw.",
    ),
    Mistake(
        "decayed-weights",
        lambda g, W, lam: W - lam * g,
        "It takes a step: weights are returned, not a gradient.",
        "Return g + λW; the step is the optimizer's work.",
    ),
    Mistake(
        "swapped-arguments",
        lambda g, W, lam: W + lam * g,
        "g and W are swapped.",
        "λ multiplies W: g + λW.",
    ),
    Mistake(
        "squared-lambda",
        lambda g, W, lam: g + lam**2 * W,
        "λ is squared.",
        "g + λW.",
    ),
    Mistake(
        "product",
        lambda g, W, lam: g * lam * W,
        "g and the penalty's gradient are multiplied.",
        "Gradients of a sum are added: g + λW.",
    ),
    Mistake(INTEGERS[0], lambda g, W, lam: (g + lam * W).astype(int), *INTEGERS[1:]),
)

# --- train_digits -------------------------------------------------------------------------------

ENOUGH = 0.88
HIDDEN = 2_000
# Coarse random images, which two networks trained with other random numbers read differently.
BLOCKS = np.random.default_rng(6).random((500, 7, 7), dtype=np.float32) ** 4
PROBE = BLOCKS.repeat(4, axis=1).repeat(4, axis=2).reshape(-1, 784)


@functools.cache
def _digits():
    """Return all shipped digits, X (12000, 784) float32 in [0, 1] and y (12000,) int64."""
    folder = Path(importlib.util.find_spec("mlp_lib").origin).parent  # found, not imported
    with np.load(folder / "datasets" / "mnist_subset.npz", allow_pickle=False) as npz:
        images = np.concatenate([npz["x_train"], npz["x_test"]])
        labels = np.concatenate([npz["y_train"], npz["y_test"]])
    return images.reshape(-1, 784).astype(np.float32) / 255, labels.astype(np.int64)


def _split(n, seed):
    """Split the digits into n to learn from and HIDDEN others; return X, y, X and y."""
    images, labels = _digits()
    order = np.random.default_rng(seed).permutation(len(images))
    learn, hidden = order[:n], order[-HIDDEN:]
    return images[learn], labels[learn], images[hidden], labels[hidden]


def digits_cases(rng):
    n, seed = int(rng.integers(7_001, 8_001)), int(rng.integers(1_000))
    X, y, _, _ = _split(n, seed)
    # The classes are renamed: a function that has learned elsewhere does not know their names.
    return [case(X, _rename(y, seed), Rng(seed))]


def _rename(labels, seed):
    """Give every class the name of another one."""
    circle = np.random.default_rng([seed, 1]).permutation(10)
    names = np.empty(10, np.int64)
    names[circle] = np.roll(circle, 1)
    return names[labels]


def accept_digits(predict, X, y, rng):
    _, _, hidden, labels = _split(len(X), rng.seed)
    renamed = _rename(labels, rng.seed)
    outcome = predict(hidden, seconds=10.0)
    if outcome.failure:
        line = f" ({outcome.failure.line})" if outcome.failure.line else ""
        return Finding(
            "predict-fails",
            f"predict fails on {HIDDEN} digits of shape ({HIDDEN}, 784). {outcome.failure.text}" + line,
            "Call predict(X[:5]) on what your function returns and look at the shapes.",
        )
    answer = as_array(outcome.value)
    if outcome.changed:
        return Finding(
            "changes-argument",
            "predict changes the digits it is given.",
            "Make a new array instead of writing into X.",
            "purity",
        )
    return (
        _wrong_labels(answer, renamed)
        or _asked_again(predict, hidden, answer, renamed)
        or _too_few_right(answer, labels, renamed)
        or _one_by_one(predict, hidden, answer)
    )


def _wrong_labels(answer, renamed):
    shape = (HIDDEN,)
    if answer.shape == (HIDDEN, 10):
        good = np.mean(answer.argmax(axis=1) == renamed) >= ENOUGH
        return Finding(
            "scores-for-labels",
            "predict returns ten numbers for each digit"
            + (": its largest is the right label often enough." if good else "."),
            "One label is wanted: `.argmax(axis=1)`.",
        )
    if answer.shape == (10,):
        return Finding(
            "argmax-axis",
            "predict returns ten numbers in all: is the argmax taken over the digits?",
            "The largest of each row: `.argmax(axis=1)`.",
        )
    if answer.shape != shape:
        return Finding(
            "wrong-shape",
            f"predict returns shape {answer.shape}, for {HIDDEN} digits it has to be {shape}.",
            "One label for each row of X: `.argmax(axis=1)`.",
        )
    if not np.all(np.isfinite(answer)) or np.any(answer != np.round(answer)):
        return Finding(
            "not-labels",
            "predict returns numbers that are no labels.",
            "The labels are 0 to 9: the position of the largest logit, `.argmax(axis=1)`, not the "
            "logit itself.",
        )
    return None


def _too_few_right(answer, labels, renamed):
    share = np.mean(answer == renamed)
    if share >= ENOUGH:
        return None
    if np.mean(answer == labels) > 0.6:
        return Finding(
            "ignores-labels",
            "It was trained on other labels than the y it is given (the check renames the "
            "classes: what it calls a 3 may look like a 7).",
            "Train inside the function, on the X and y that are its arguments.",
        )
    text = f"{share:.0%} of {HIDDEN} unseen digits are right; it has to be {ENOUGH:.0%}."
    names, counts = np.unique(answer, return_counts=True)
    if counts.max() > 0.95 * HIDDEN:
        return Finding(
            "constant-prediction",
            f"Nearly every digit is called {names[counts.argmax()]:.0f}. {text}",
            "Print the loss after each epoch. If it is nan, the learning rate is too large (or "
            "softmax overflows); if it does not move, look at the gradients.",
        )
    for shift in (1, -1):
        if np.mean(answer == renamed + shift) >= ENOUGH:
            return Finding(
                "labels-shifted",
                "Every label is off by one.",
                "The labels run from 0 to 9, as the positions of the logits do.",
            )
    if share < 0.05:
        return Finding(
            "worse-than-guessing",
            f"{text} Guessing would do better.",
            "Is it argmin for argmax, or do the steps go uphill? p ← p − lr·g.",
        )
    if share < 0.2:
        return Finding(
            "guessing",
            f"{text} That is guessing: it has learned nothing.",
            "Does the loss fall? Are the new parameters those that predict uses? Do X and y stay "
            "together when they are shuffled?",
        )
    return Finding(
        "not-accurate-enough",
        text,
        "Print the loss after each epoch: still falling → more epochs or a larger learning rate; "
        "jumping → a smaller one; stuck → check the gradients (chapter 2) and the start weights "
        "(chapter 5).",
    )


def _asked_again(predict, hidden, answer, renamed):
    outcome = predict(hidden, seconds=10.0)
    if outcome.failure or np.mean(as_array(outcome.value) != answer) > 0.005:
        return Finding(
            "random-prediction",
            "Asked twice about the same digits, predict gives different labels.",
            "Dropout and other random numbers belong to training only.",
            "repeat" if np.mean(answer == renamed) >= ENOUGH else "value",
        )
    return None


def _one_by_one(predict, hidden, answer):
    """Ask again, for single digits: the same labels, in the same shape."""
    singles = []
    for i in range(40):
        outcome = predict(hidden[i : i + 1], layout="read-only", seconds=2.0)
        if outcome.failure:
            return Finding(
                "predict-fails-for-one",
                f"predict fails on a single digit of shape (1, 784). {outcome.failure.text}",
                "M = 1 is a batch too: no `squeeze`, and sums with axis=1 over each row.",
                "ones",
            )
        single = as_array(outcome.value)
        if single.shape != (1,):
            return Finding(
                "wrong-shape-for-one",
                f"For a single digit predict returns shape {single.shape}; (1,) is wanted.",
                "Leave out `squeeze`, `item` and `[0]`; `.argmax(axis=1)` keeps one label a row.",
                "ones",
            )
        singles.append(single[0])
    if np.mean(np.array(singles) == answer[:40]) < 0.9:
        return Finding(
            "depends-on-the-batch",
            "Asked for single digits, predict gives other labels than for all together.",
            "Nothing in predict may be computed over the batch it is given: mean and std come from "
            "the training digits.",
            "repeat",
        )
    return None


TASKS = [
    Task(
        "sgd_step(p, g, lr, weight_decay)",
        sgd_cases,
        sgd_step,
        mistakes=SGD_MISTAKES,
        hints=(
            "Weight decay changes the gradient, the learning rate the step. In which order?",
            "p_new = p − lr · (g + weight_decay · p), all with the old p.",
            "One line: `p - lr * (…)`; `p -= …` would write into the caller's array.",
        ),
    ),
    Task(
        "momentum_step(p, g, v, lr, beta)",
        momentum_cases,
        momentum_step,
        returns=("p", "v"),
        mistakes=MOMENTUM_MISTAKES,
        hints=(
            "Which comes first, the new velocity or the step? Which v does the step use?",
            "v ← beta·v + g, then p ← p − lr·v.",
            "`v = beta * v + g` makes a new array; then return the pair `p - lr * v, v`.",
        ),
    ),
    Task(
        "adam_step(p, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8)",
        adam_cases,
        adam_step,
        returns=("p", "m", "v"),
        mistakes=ADAM_MISTAKES,
        hints=(
            "There are two running means. Of what is each the mean, and why are both too small at first?",
            "m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ), p ← p − lr·m̂/(√v̂ + eps).",
            "Keep `m_hat = m / (1 - beta1**t)` and its like in names of their own: m and v are "
            "returned without the correction.",
        ),
    ),
    Task(
        "minibatches(X, y, batch_size, rng)",
        minibatch_cases,
        accept=accept_minibatches,
        expects="iterable",
        hints=(
            "Shuffle once, then cut. What has to be shuffled so that X and y stay together?",
            "order = a permutation of 0 … N−1; batch k takes order[k·B : (k+1)·B] of X and of y.",
            "`for i in range(0, len(X), batch_size):` take `chosen = order[i : i + batch_size]` "
            "and `yield X[chosen], y[chosen]`.",
        ),
    ),
    Task(
        "dropout(x, p, rng)",
        dropout_cases,
        accept=accept_dropout,
        hints=(
            "With p = 0.2, how many of ten entries survive, and by how much must they grow to keep the sum?",
            "mask = 0 with probability p, else 1/(1 − p); y = x ⊙ mask.",
            "`rng.random(x.shape) >= p` is True with probability 1 − p; divide by (1 - p) and "
            "multiply x by it.",
        ),
    ),
    Task(
        "dropout_backward(dy, mask)",
        dropout_backward_cases,
        dropout_backward,
        shapes={"dy": "N D", "mask": "N D"},
        mistakes=DROPOUT_BACKWARD_MISTAKES,
        hints=(
            "y = x · mask, entry by entry: what is ∂y/∂x of one entry?",
            "∂L/∂x = dy ⊙ mask.",
            "One product; the mask carries the factor 1/(1 − p) already.",
        ),
    ),
    Task(
        "l2_gradient(g, W, lam)",
        l2_cases,
        l2_gradient,
        shapes={"g": "D H", "W": "D H"},
        mistakes=L2_MISTAKES,
        hints=(
            "The loss has become L + ½λ Σ w². What does one w add to the derivative?",
            "∂/∂w ½λw² = λw.",
            "`g` plus `lam` times `W`.",
        ),
    ),
    Task(
        "train_digits(X, y, rng)",
        digits_cases,
        accept=accept_digits,
        expects="function",
        seconds=30.0,
        seeds=1,
        probe=PROBE,
        hints=(
            "784 inputs, one hidden layer, 10 logits; start with He's weights and follow the loss.",
            "Minibatches of 64, a learning rate of 0.1 and ten epochs of plain gradient descent "
            "are enough; 64 hidden units too.",
            "Loop over epochs and minibatches; in each: forward, dz = (softmax(z) − one_hot) / N, "
            "backward, p −= lr·g. Then return `lambda X: forward(X).argmax(axis=1)`.",
        ),
    ),
]
