"""sgd_step: a step with weight decay."""

import numpy as np

from ...task import Task, case
from ..shared import normal, tidy


def sgd_step(p, g, lr, weight_decay):
    gradient = g + weight_decay * p
    return p - lr * gradient


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


MISTAKES = """
return sgd_step(p, g, {0.1|0.01}, weight_decay)
    fixed-constant: The learning rate is fixed, whatever lr is. → Use the argument lr.
return p - lr * (g + weight_decay * np.linalg.norm(p))
    norm-not-squared: The norm of p, one number, is added to every gradient. → The derivative of
    ½·weight_decay·‖p‖² with respect to p is weight_decay · p.
return (1 - lr) * p - lr * g
    lr-on-parameter: p is multiplied by 1 − lr: the decay has lost its weight_decay. → p − lr·(g +
    weight_decay·p).
return p - lr * np.mean(g + weight_decay * p)
    averaged-gradient: The gradient is averaged: every parameter takes the same step. → Every entry
    of p follows its own entry of g.
return p + lr * (g + weight_decay * p)
    ascent: The step goes uphill: it is added where it has to be subtracted. → The gradient points
    to where the loss grows; go the other way, p − lr·(…).
return p - lr * g
    no-weight-decay: weight_decay is not used. → The gradient of the penalty, weight_decay · p,
    joins g before the step.
return p - lr * (g - weight_decay * p)
    wrong-sign: The weight decay has the wrong sign: it makes the parameters grow. → Inside the
    parentheses both terms are added: g + weight_decay · p.
return p + lr * (g - weight_decay * p)
    wrong-sign: The gradient has the wrong sign: the step goes uphill. → Both terms lie inside p −
    lr·(g + weight_decay·p).
return p - lr * g - weight_decay * p
    decay-without-lr: The decay is not multiplied by lr. → weight_decay · p is part of the gradient:
    add it to g first, then multiply by lr.
return p - lr * g + weight_decay * p
    wrong-sign: Without parentheses the decay is added to the step's result, and without lr. → Put
    parentheses around g + weight_decay · p.
return p - lr * (g + 2 * weight_decay * p)
    factor-two: The decay is exactly 2 times too large. → The penalty is ½·weight_decay·‖p‖²: the ½
    cancels the 2 of the derivative.
return p - lr * (g + weight_decay * p / 2)
    half-decay: The decay is half of what it has to be. → The ½ of the penalty is gone after
    differentiating: weight_decay · p.
return p - lr * (g + weight_decay * np.sign(p))
    l1: It uses the sign of p: that is L1, not weight decay. → The decay is proportional to p
    itself: weight_decay · p.
return p - lr * (g + weight_decay * np.abs(p))
    l1: It uses |p|, which pushes every parameter down instead of towards 0. → The decay is
    proportional to p itself: weight_decay · p.
return p - lr * (g + weight_decay * p**2)
return p - lr * (g + weight_decay * p**2 / 2)
    penalty-for-gradient: p is squared: that is the penalty, not its derivative. → The derivative of
    ½·weight_decay·p² is weight_decay · p.
return p - lr * (g + weight_decay * np.sum(p**2) / 2)
return p - lr * (g + weight_decay * np.sum(p**2))
    penalty-for-gradient: The penalty's value is added to every gradient, where its derivative
    belongs. → The derivative of ½·weight_decay·‖p‖² with respect to p is weight_decay · p.
return p - lr * (g + weight_decay)
    penalty-for-gradient: weight_decay is added as it is, without p. → The decay is proportional to
    p: weight_decay · p.
return p - (g + weight_decay * p)
    no-learning-rate: lr is not used. → Multiply the whole gradient by lr.
return p - (g + weight_decay * p) / lr
    divided-by-lr: It divides by lr. → Multiply by lr: a smaller learning rate makes a smaller step.
return -lr * (g + weight_decay * p)
    step-only: It returns the step, not where the step leads. → Add the step to p.
return lr * (g + weight_decay * p)
    step-only: It returns the step, not where the step leads. → Subtract it from p.
return g + weight_decay * p
    gradient-only: It returns the gradient with the decay, without taking the step. → Return p − lr
    · (that gradient).
return p - lr * (g + weight_decay * g)
    decay-on-gradient: The decay multiplies g: it has to multiply p. → The term is weight_decay · p.
return p - lr * g * (1 - weight_decay)
    decay-on-gradient: The decay shrinks the gradient: it has to shrink p. → The term is
    weight_decay · p, added to g.
return (p - lr * g) * (1 - lr * weight_decay)
    decay-after-step: The decay acts on p after the step. → Both terms use the old p: p − lr·(g +
    weight_decay·p).
return (p - lr * g) * (1 - weight_decay)
    decay-after-step: The decay acts on p after the step, and without lr. → Both terms use the old
    p: p − lr·(g + weight_decay·p).
return p - lr * (g + lr * weight_decay * p)
    decay-before-step: The decay is multiplied by lr twice. → p − lr·(g + weight_decay·p): lr stands
    once, in front.
return sgd_step(p, g, lr, weight_decay), g + weight_decay * p
return sgd_step(p, g, lr, weight_decay), g.copy()
    returns-too-much: Two things are returned; the new p alone is wanted. → End with `return` and
    the new p.
return p - weight_decay * (g + lr * p)
    swapped-arguments: lr and weight_decay are swapped. → lr multiplies the whole step, weight_decay
    only p.
return g - lr * (p + weight_decay * g)
    swapped-arguments: p and g are swapped. → The step starts at p and follows g.
return p - lr * (g / np.linalg.norm(g) + weight_decay * p)
    normalized-gradient: g is divided by its norm. → Use g as it is: its length is part of the step.
return p - lr * (np.sign(g) + weight_decay * p)
    sign-of-gradient: Only the sign of g is used. → Use g as it is: its size is part of the step.
return p - lr * (g / len(p) + weight_decay * p)
    mean-over-batch: g is divided by its number of rows. → The gradient is ready to use: the 1/N is
    in it already.
"""

TASK = Task(
    "sgd_step(p, g, lr, weight_decay)",
    sgd_cases,
    sgd_step,
    mistakes=MISTAKES,
    hints=(
        "Weight decay changes the gradient, the learning rate the step. In which order?",
        "p_new = p − lr · (g + weight_decay · p), all with the old p.",
        "One line: `p - lr * (…)`; `p -= …` would write into the caller's array.",
    ),
    place=1,
)
