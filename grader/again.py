"""What is called once more when all cases have been: other layouts, again, with another rng."""

from dataclasses import replace

import numpy as np

from .call import Rng
from .compare import as_array, equal
from .show import brief
from .task import Case
from .words import CHANGES, DEPENDS, IGNORES_RNG, OVERWRITTEN, TRAINED_TWICE


def further_calls(examination):
    try_layouts(examination)
    try_again(examination)
    try_another_seed(examination)


def try_layouts(examination):
    """Call once more on the largest ordinary case, its arrays stored in other ways."""
    ordinary = [c for c in examination.cases if c.aspect == "value"]
    if examination.flaws or not ordinary or not any(map(_has_array, ordinary[-1].args)):
        return
    if examination.task.trains:  # each call trains for seconds
        return
    case = Case(ordinary[-1].args, "layout")
    for layout in ("fortran", "strided"):
        examination.note(examination.flaw(case, examination.call(case, layout)))
    case = Case(ordinary[0].args, "purity")
    flaw = examination.flaw(case, examination.call(case, "read-only"))
    if flaw and flaw.tag == "raises":
        flaw = replace(flaw, **CHANGES, details=(("error", flaw.text), *flaw.details))
    examination.note(flaw)


def try_again(examination):
    """Earlier results must still hold, and an earlier call must give the same once more."""
    pairs = [(s.case, s.outcome) for s in examination.seen if not s.outcome.failure]
    if examination.task.expects == "function":
        quick = pairs and 3 * pairs[0][1].seconds < examination.seconds
        if examination.task.probe is not None and quick and not examination.flaws:
            examination.note(trained_again(examination, *pairs[0]))
        return
    for case, outcome in pairs:
        if not equal(examination.caller.again(outcome), outcome.value):
            examination.note(OVERWRITTEN.at(case))
            break
    if examination.task.trains:
        quick = pairs and 3 * pairs[0][1].seconds < examination.seconds
        pairs = pairs[:1] if quick and not examination.flaws else []
    for case, outcome in [*pairs[:3], *pairs[-1:]]:
        later = examination.call(case)
        if later.failure or not examination.task.alike(later.value, outcome.value):
            first = ("first", brief(outcome.value))
            after = "an error" if later.failure else brief(later.value)
            examination.note(DEPENDS.at(case, first, ("later", after)))
            break


def trained_again(examination, case, outcome):
    """Train once more from the same rng: the function must be the same, wherever asked."""
    before, again = outcome.value(examination.task.probe), examination.call(case)
    after = again.value(examination.task.probe) if again.value else again
    failed = before.failure or after.failure
    if not failed and np.mean(as_array(before.value) != as_array(after.value)) < 0.02:
        return None  # rounding in parallel may flip a label
    return TRAINED_TWICE.at(case)


def try_another_seed(examination):
    """Another rng must give another result: it is there to be used."""
    random = [
        (s.case, s.outcome)
        for s in examination.seen
        if s.case.aspect == "value" and any(isinstance(arg, Rng) for arg in s.case.args)
    ]
    if examination.flaws or not random or examination.task.trains:
        return
    case, outcome = random[-1]
    args = tuple(Rng(arg.seed + 1) if isinstance(arg, Rng) else arg for arg in case.args)
    other = examination.call(Case(args))
    if not other.failure and equal(other.value, outcome.value):
        examination.note(IGNORES_RNG.at(case))


def _has_array(arg):
    if isinstance(arg, (list, tuple)):
        return any(map(_has_array, arg))
    return isinstance(arg, np.ndarray)
