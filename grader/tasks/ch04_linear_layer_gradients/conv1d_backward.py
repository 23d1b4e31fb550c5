"""conv1d_backward: a one-dimensional convolution, whose steps all share one small w."""

import numpy as np

from ...task import Task, case
from ..shared import normal, tidy


def conv1d_backward(x, w, dy):
    steps = dy.shape[1]
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    for k in range(len(w)):
        window = x[:, k : k + steps]
        dw[k] = np.sum(dy * window)
        dx[:, k : k + steps] += w[k] * dy
    return dx, dw


def conv1d_cases(rng):
    def draw(n, t, k, make=normal, aspect="value"):
        return case(make(rng, n, t), make(rng, k), make(rng, n, t - k + 1), aspect=aspect)

    return [
        draw(1, 1, 1, tidy, "ones"),
        draw(1, 4, 2, tidy, "ones"),
        draw(2, 3, 1, tidy, "ones"),
        draw(2, 3, 3, tidy, "edge"),
        draw(2, 4, 2, tidy),
        draw(2, 5, 3, tidy),
        draw(3, 6, 2),
        draw(4, 5, 2),
        draw(3, 8, 5),
        draw(6, 10, 4),
    ]


MISTAKES = """
dx[:, k : k + steps] += w[k] * dy => dx[:, k : k + steps] += w[-1 - k] * dy
    filter-flipped: dx uses w from its other end. → Which output does w[k] carry x[n, t] to?
dx[:, k : k + steps] += w[k] * dy => dx[:, k : k + steps] = w[k] * dy
    overwritten: In dx every k overwrites what the one before has stored. → An entry of x is used by
    several outputs: what happens to their gradients?
dx[:, k : k + steps] += w[k] * dy => dx[:, :steps] += w[k] * dy
    not-shifted: In dx the window does not move with k. → w[k] looks k entries further on.
dx[:, k : k + steps] += w[k] * dy => dx[:, k : k + steps] += dy
    weight-missing: dx leaves w out. → Multiply swaps: the partner of x is w.
dx[:, k : k + steps] += w[k] * dy => dx[:, k : k + steps] += w[k] * window
    factors-exchanged: dx is built from x. → Multiply swaps: the partner of x is w; and dy?
dx[:, k : k + steps] += w[k] * dy => dx[:, k : k + steps] += w[k]
    dx-no-upstream: dx leaves dy out. → Upstream times local.
dx[:, k : k + steps] += w[k] * dy => dx[:, k : k + steps] += dw[k] * dy
    gradient-for-weight: dx uses dw where w belongs. → The partner of x is w itself.
dx[:, k : k + steps] += w[k] * dy => dx[:, k : k + steps] += w[k] * dy / len(w)
    dx-averaged: In dx the uses are averaged: exactly K times too small. → Shares of several uses
    add.
dx[:, k : k + steps] += w[k] * dy => dx[:, k : k + steps] += w[k] * dy / len(x)
    dx-divided-by-n: dx is divided by N. → The mean is in dy already.
for k in range(len(w)): => for k in range(len(w) - 1):
    last-weight-missing: The last entry of w is never reached. → How many entries does w have?
dw[k] = np.sum(dy * x[:, :steps])
    window-not-moved: In dw the window does not move with k, so all its entries are equal. → w[k]
    meets x[n, t + k].
dw[k] = np.sum(dy * window) / len(x)
dw[k] = np.sum(np.mean(dy * window, axis=0))
    dw-divided-by-n: dw is divided by N. → The mean is in dy already; w is shared by all examples.
dw[k] = np.mean(dy * window)
    dw-mean: dw is a mean over all examples and steps. → Every use of w[k] has its share, and
    shares add.
dw[k] = np.sum(dy * window) / steps
    dw-divided-by-steps: dw is averaged over the steps. → Every use of w[k] has its share, and
    shares add.
dw[k] = np.sum(dy[0] * window[0])
    dw-first-example: dw holds the first example's share alone. → w is shared by all examples.
dw[k] = np.sum(dy[-1] * window[-1])
    dw-last-example: dw holds the last example's share alone. → w is shared by all examples: add.
dw[k] = np.sum(dy[:, 0] * window[:, 0])
    dw-first-step: dw holds the first step's share alone. → w is shared by all steps.
dw[k] = np.sum(dy[:, -1] * window[:, -1])
    dw-last-step: dw holds the last step's share alone. → w is shared by all steps: add.
dw[k] = np.sum(window)
    dw-no-upstream: dw leaves dy out. → Upstream times local.
dw[k] = np.sum(dy)
    input-missing: dw leaves x out. → Multiply swaps: the partner of w[k] is x.
dw[k] = np.sum(dy) * np.sum(window)
    sums-multiplied: The sums of dy and x are multiplied. → Multiply entry by entry, then add.
dw[k] = np.sum(dy * window) * w[k]
    weight-multiplied: dw is multiplied by w. → The partner of w[k] is x alone.
return dx, dw[::-1]
    dw-flipped: dw is in reverse order. → dw[k] is the gradient of w[k].
return dx[:, ::-1], dw
    dx-flipped: dx runs backwards. → dx[n, t] is the gradient of x[n, t].
return dx, np.sum(dw)
    dw-summed: dw is one number. → One for each entry of w.
return dx[:, : dy.shape[1]], dw
    dx-too-short: dx has the shape of dy. → It has the shape of x, (N, T).
"""

TASK = Task(
    "conv1d_backward(x, w, dy)",
    conv1d_cases,
    conv1d_backward,
    shapes={"x": "N T", "w": "K", "dy": "N L"},
    returns=("dx", "dw"),
    mistakes=MISTAKES,
    hints=(
        "Write out y for T = 4 and K = 2. How often does w[0] occur, and how often x[n, 1]?",
        "dw_k = Σₙ Σₜ dy[n, t]·x[n, t+k], and dx[n, t+k] gathers w_k·dy[n, t] from every t and k.",
        "Loop over k: `x[:, k : k + dy.shape[1]]` is what w[k] met; sum its product with dy for "
        "dw[k], and add `w[k] * dy` to the same part of dx.",
    ),
    place=6,
)
