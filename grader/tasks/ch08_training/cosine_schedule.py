"""cosine_schedule: a learning rate that warms up in a line and falls along a cosine."""

import math

from ...task import Task, case


def cosine_schedule(step, total, peak, warmup):
    if step <= warmup:
        return peak * step / warmup
    progress = (step - warmup) / (total - warmup)
    return peak * 0.5 * (1 + math.cos(math.pi * progress))


def schedule_cases(rng):
    def draw(total, warmup, step):
        peak = float(rng.choice([0.01, 0.05, 0.1, 0.3, 0.5]))
        return case(step, total, peak, warmup)

    a, b = int(rng.integers(30, 200)), int(rng.integers(200, 2000))
    return [
        case(1, 10, 0.1, 0, aspect="edge"),
        case(10, 10, 0.1, 0, aspect="edge"),
        case(4, 20, 0.5, 4, aspect="edge"),
        case(20, 20, 0.5, 4, aspect="edge"),
        case(1, 2, 1.0, 1, aspect="ones"),
        case(2, 2, 1.0, 1, aspect="ones"),
        draw(10, 4, 1),
        draw(10, 4, 3),
        draw(10, 4, 5),
        draw(10, 4, 7),
        draw(12, 0, 5),
        draw(8, 0, 6),
        draw(a, 7, 3),
        draw(a, 7, 20),
        draw(a, 9, a - 3),
        draw(b, 50, 11),
        draw(b, 50, 51),
        draw(b, 50, b // 2),
        draw(b, 0, b // 3),
    ]


MISTAKES = """
if step <= warmup: => if False:
progress = step / total; if step <= warmup: => if False:
    no-warmup: There is no warm-up. → Up to the step `warmup` the rate rises in a line.
return peak * step / warmup => return peak * warmup / step
    factor-upside-down: In the warm-up the fraction is upside down. → How large is the rate in the
    last step of the warm-up?
return peak * step / warmup => return peak * (step - 1) / warmup
return peak * step / warmup => return peak * (step + 1) / warmup
    one-step-off: The warm-up is one step off. → How large is the rate in the last step of the
    warm-up?
return peak * step / warmup => return peak * step / total
    wrong-length: In the warm-up the step is divided by the number of all steps. → How large is the
    rate in the last step of the warm-up?
return peak * step / warmup => return peak
    constant-warmup: In the warm-up the rate is the peak at once. → It rises in a line.
return peak * step / warmup => return step / warmup
    no-peak: The warm-up leaves the peak out. → What is the rate at the end of the warm-up?
return peak * step / warmup => return peak * (step // warmup)
    integer-division: `//` rounds down, so the warm-up is 0 until its end. → A single `/`.
progress = step / total
    warmup-not-subtracted: The cosine counts its steps from 0, not from the end of the warm-up. →
    Just after the warm-up, how far is the cosine?
progress = (step - warmup) / total
    wrong-length: The cosine is as long as all steps together, so it does not come down to 0. → How
    many steps are left after the warm-up?
progress = step / (total - warmup)
    warmup-not-subtracted: The cosine counts its steps from 0, not from the end of the warm-up. →
    Just after the warm-up, how far is the cosine?
progress = (step - warmup - 1) / (total - warmup)
progress = (step - warmup) / (total - warmup - 1)
progress = (step - warmup - 1) / (total - warmup - 1)
    one-step-off: The cosine is one step off. → How large is the rate in the last step?
progress = (step - warmup) // (total - warmup)
    integer-division: `//` rounds down. → A single `/`.
return peak * (1 + math.cos(math.pi * progress))
    half-missing: The ½ is missing: the cosine starts at twice the peak. → 1 + cos runs from 2 to 0.
return peak * 0.5 * (1 - math.cos(math.pi * progress))
    minus-for-plus: There is a minus before the cosine, so it rises. → Where is the cosine 1?
return peak * 0.5 * math.cos(math.pi * progress)
return peak * math.cos(math.pi * progress)
    one-missing: The 1 before the cosine is missing, so the rate turns negative. → Between which two
    values runs a cosine?
return peak * math.cos(math.pi / 2 * progress)
    quarter-wave: It is a quarter of a wave. → The rate should fall gently at both ends: half a
    wave.
return peak * 0.5 * (1 + math.cos(2 * math.pi * progress))
    whole-wave: It is a whole wave: the rate comes up again. → Half a wave.
return peak * 0.5 * (1 + math.cos(progress))
    pi-missing: π is missing. → `math.cos` takes radians.
return peak * 0.5 * (1 + math.cos(180 * progress))
    degrees: The angle is in degrees. → `math.cos` takes radians.
return peak * 0.5 * (1 + math.sin(math.pi * progress))
    sine: It is a sine. → Which of the two starts at 1?
return peak * (1 - progress)
    linear: It falls in a line. → Along a cosine here.
return 0.5 * (1 + math.cos(math.pi * progress))
    no-peak: The cosine leaves the peak out. → What is the rate at the end of the warm-up?
return peak * 0.5 + (1 + math.cos(math.pi * progress))
return peak * 0.5 * 1 + math.cos(math.pi * progress)
    precedence: Parentheses are missing. → ½·(1 + cos …), and all of it times the peak.
"""

TASK = Task(
    "cosine_schedule(step, total, peak, warmup)",
    schedule_cases,
    cosine_schedule,
    mistakes=MISTAKES,
    hints=(
        "Draw the rate over the steps: where is it the peak, where half of it, where 0?",
        "peak·step/warmup while step ≤ warmup, "
        "then peak·½(1 + cos(π·(step − warmup)/(total − warmup))).",
        "`if step <= warmup: return …`; then `progress = (step - warmup) / (total - warmup)`, "
        "which runs from 0 to 1, and `math.cos(math.pi * progress)`.",
    ),
    place=10,
)
