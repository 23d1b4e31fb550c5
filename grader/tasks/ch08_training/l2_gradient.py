"""l2_gradient: what a penalty adds."""

import numpy as np

from ...task import Task, case
from ..shared import normal, tidy


def l2_gradient(g, W, lam):
    penalty = lam * W
    return g + penalty


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


MISTAKES = """
return l2_gradient(g, W, {0.01|0.1})
    fixed-constant: λ is fixed, whatever lam is. → Use the argument lam.
return g + (1 - lam) * W
    decayed-weights: It adds the shrunken weights, (1 − λ)W. → The penalty's gradient is λW.
return g.copy(), lam * W
    returns-too-much: The two gradients are returned side by side. → The gradient of a sum is the
    sum: g + λW.
return g + 2 * lam * W
    factor-two: It is 2λW: the penalty has a factor ½, which cancels the 2. → The derivative of ½λw²
    is λw.
return g + lam * W / 2
    half: It is ½λW: the square brings down a 2, which cancels the ½. → The derivative of ½λw² is
    λw.
return g + lam * np.sign(W)
    l1: It is the gradient of λ Σ|w|, the L1 penalty. → The penalty is ½λ‖W‖²: its gradient is
    proportional to W.
return g + lam * np.abs(W)
    l1: It adds λ|W|, which pushes every weight down instead of towards 0. → The derivative of ½λw²
    is λw, with the sign of w.
return g - lam * W
    wrong-sign: The sign is wrong: with this gradient, descent makes the weights grow. → The loss
    gains a term, so its gradient is added.
return lam * W - g
    wrong-sign: The loss's own gradient g has the wrong sign. → Both gradients are added.
return lam * W
    penalty-alone: It is the gradient of the penalty alone. → The loss keeps its own gradient: add
    g.
return 2 * lam * W
    penalty-alone: It is the gradient of a penalty alone, and one without the ½. → The loss keeps
    its own gradient: add g to λW.
return g.copy()
    no-penalty: The penalty is not in it. → Add the derivative of ½λ‖W‖².
return g + lam * np.sum(W**2) / 2
    penalty-for-gradient: The penalty's value is added, where its gradient belongs. → Differentiate
    ½λ Σw² with respect to one w.
return g + lam * np.sum(W**2)
    penalty-for-gradient: The penalty's value is added (without its ½), where its gradient belongs.
    → Differentiate ½λ Σw² with respect to one w.
return g + lam * W**2
return g + lam * W**2 / 2
    penalty-for-gradient: W is squared: that is the penalty, not its derivative. → The derivative of
    ½λw² is λw.
return g + lam * W / np.linalg.norm(W)
    norm-not-squared: W is divided by its norm: that is the gradient of λ‖W‖, not of ½λ‖W‖². → The
    derivative of ½λw² is λw.
return g + lam * np.linalg.norm(W)
    norm-not-squared: The norm of W, one number, is added to every entry. → The derivative of ½λw²
    is λw, entry by entry.
return g + lam * np.linalg.norm(W) * W
    norm-not-squared: W is multiplied by its norm. → The derivative of ½λw² is λw.
return g * (1 + lam)
    on-gradient: λ multiplies g: it has to multiply W. → g + λW.
return lam * (g + W)
    on-gradient: λ multiplies g as well. → Only the penalty carries λ: g + λW.
return g + W
    no-lambda: λ is missing. → g + λW.
return g + lam
    no-lambda: λ is added as it is, without W. → g + λW.
return g + lam * np.sum(W)
    summed: W is summed: one number is added to every entry. → Each weight adds its own λw.
return g + lam * W / len(W)
    averaged: The penalty is divided by the number of rows. → ½λ‖W‖² is a sum: nothing is averaged.
return g + lam * W / W.size
    averaged: The penalty is divided by the number of weights. → ½λ‖W‖² is a sum: nothing is
    averaged.
return g + lam * np.mean(W)
    averaged: The mean of W is added to every entry. → Each weight adds its own λw.
return W - lam * g
    decayed-weights: It takes a step: weights are returned, not a gradient. → Return g + λW; the
    step is the optimizer's work.
return W + lam * g
    swapped-arguments: g and W are swapped. → λ multiplies W: g + λW.
return g + lam**2 * W
    squared-lambda: λ is squared. → g + λW.
return g * lam * W
    product: g and the penalty's gradient are multiplied. → Gradients of a sum are added: g + λW.
"""

TASK = Task(
    "l2_gradient(g, W, lam)",
    l2_cases,
    l2_gradient,
    shapes={"g": "D H", "W": "D H"},
    mistakes=MISTAKES,
    hints=(
        "The loss has become L + ½λ Σ w². What does one w add to the derivative?",
        "∂/∂w ½λw² = λw.",
        "`g` plus `lam` times `W`.",
    ),
    place=7,
)
