"""chain_backward: back through h ← tanh(w·h), as often as there are weights."""

import numpy as np

from ...task import Task, case


def chain_backward(x, ws):
    hs = [x]
    for w in ws:
        h = np.tanh(w * hs[-1])
        hs.append(h)
    dws = []
    dy = 1.0
    dh = dy
    for w, h_in, h_out in zip(ws[::-1], hs[-2::-1], hs[:0:-1], strict=True):
        dz = dh * (1 - h_out**2)
        dw = dz * h_in
        dws.insert(0, dw)
        dh = dz * w
    return hs[-1], dh, np.array(dws)


def chain_cases(rng):
    def draw(length, aspect="value"):
        ws = rng.uniform(0.5, 1.6, length) * rng.choice([-1.0, 1.0], length)
        return case(float(rng.uniform(0.3, 1.5)), [float(w) for w in ws], aspect=aspect)

    return [
        case(0.0, [1.5, -0.5], aspect="edge"),
        case(0.5, [2.0, 0.0, 1.0], aspect="edge"),
        draw(1, "ones"),
        case(0.5, [1.0, -1.5]),
        draw(2),
        draw(3),
        draw(4),
        draw(7),
    ]


MISTAKES = """
dz = dh
    slope-missing: The slope of tanh is missing on the way back. → Each step is two: the product
    w·h, then tanh; a way back passes both.
dz = 1 - h_out**2
dz = dh * (1 - h_out**2) if w is ws[-1] else 1 - h_out**2
    no-upstream: Every step begins anew: what arrives from above is not multiplied in. → Upstream
    times local, at every step.
dz = dh * (1 - h_in**2)
dz = dh * (1 - np.tanh(h_in) ** 2)
    slope-at-input: The slope of tanh is taken at what goes into the step; its rule needs what
    comes out of tanh. → Keep every output on the way forward.
dz = dh * (1 - np.tanh(h_out) ** 2)
    tanh-twice: tanh is applied once more in the slope, to what is a tanh already. → Use the stored
    output as it is.
dz = dh * (1 - (w * h_in) ** 2)
    pre-activation-for-output: The slope of tanh is computed from its input w·h. → Its rule takes
    the output.
dz = dh * (1 - h_out)
    not-squared: The output is not squared in the slope. → What is the slope of tanh at −h?
dz = dh * h_out * (1 - h_out)
    sigmoid-rule: The slope is the sigmoid's. → tanh has a rule of its own.
dz = dh * h_out
    function-for-derivative: The value of tanh stands where its slope belongs. → Multiply by the
    slope.
dh = dz
dh = dh * (1 - h_out**2)
    weight-missing: The way back leaves the weights out. → One step down, w·h passes its gradient to
    h through w.
dh = dh * w
    slope-missing-below: The slope reaches dw but not the step below. → What goes down has passed
    tanh too.
dh = dz * h_in
    factors-exchanged: What goes down is multiplied by h, the share of w. → Multiply swaps: the
    partner of h is w.
dw = dz * w
    factors-exchanged: dw is multiplied by w, the share of h. → Multiply swaps: the partner of w is
    what it was multiplied with.
dw = dz * h_out
    output-for-input: dw uses what comes out of its step. → w was multiplied with what went in.
dw = dz * x
    first-input-everywhere: Every dw is multiplied by x. → Only the first step takes x in; keep
    every h on the way forward.
dw = dz
    input-missing: dw is the gradient at w·h, not yet that of w. → One factor is missing: what was w
    multiplied with?
dw = dh * h_in
    slope-missing-in-dw: dw leaves the slope of its own tanh out. → Between w and h stands tanh.
dws.insert(0, dw) => dws.append(dw)
    reversed-layers: dws is in the order of the way back, last weight first. → Return it in the
    order of ws.
return hs[-1], dz, np.array(dws)
    one-step-short: dx stops at the first product: its weight is missing. → One step more leads from
    w·x to x.
return hs[-1], dh, np.cumsum(dws)
    dws-accumulated: The entries of dws pile up. → Each weight is used once: nothing is added.
dy = hs[-1]
    starts-at-value: The way back starts with y. → How does y change with y itself?
dy = 0.0
    starts-at-zero: The way back starts with 0, so all gradients are 0. → How does y change with y?
h = w * hs[-1]
    tanh-missing: The forward pass has no tanh. → Every step ends with tanh.
h = np.tanh(w * x)
    not-passed-on: Every step of the forward pass takes x in. → Each step takes what the one before
    gave.
h = np.tanh(hs[-1]) * w
    order-of-operations: tanh is taken before the product. → First w·h, then tanh.
return x, dh, np.array(dws)
    input-for-output: x comes back in place of y. → y is the last h.
return np.array(hs[1:]), dh, np.array(dws)
    all-outputs: All h come back in place of y. → y is the last one alone.
return hs[-1], dh, np.sum(dws)
    summed: The entries of dws are summed. → One number for each weight.
return hs[-1], dh, dws[-1]
    last-weight-only: Only the last weight's gradient comes back. → One number for each weight.
"""

TASK = Task(
    "chain_backward(x, ws)",
    chain_cases,
    chain_backward,
    returns=("y", "dx", "dws"),
    mistakes=MISTAKES,
    hints=(
        "Keep every h on the way forward. Which two does the way back need at each step?",
        "dz = dh·(1 − h_l²), then dw_l = dz·h_{l−1} and, one step down, dh = dz·w_l; "
        "it starts with dh = 1.",
        "`hs = [x]`, one more for every w; then loop over l from the last to the first with `dz`, "
        "`dws[l] = dz * hs[l]` and `dh = dz * ws[l]`; dh ends as dx.",
    ),
    place=4,
)
