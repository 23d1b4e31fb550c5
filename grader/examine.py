"""Every call that a check makes, and what is wrong with each: Diagnoses that have no name yet.

A case that fails is a flaw in its aspect: the value on ordinary inputs, special points, sizes of
one, stability.  Three more aspects are looked at for every task: memory layout, arguments left
alone, independence of earlier calls.
"""

from dataclasses import dataclass, replace

import numpy as np

from .again import further_calls
from .call import Outcome
from .compare import (
    WrongStructure,
    first_difference,
    float32_error,
    is_float32,
    parts,
)
from .diagnose import AT_ONCE
from .diagnosis import Diagnosis
from .limits import allowed
from .show import show
from .task import Case
from .words import ADVICE, TWO_WORDS


@dataclass(frozen=True)
class Seen:
    """One call: the case, its outcome, the parts of the value if it is built like the truth."""

    case: Case
    outcome: Outcome
    parts: list | None
    flaw: Diagnosis | None


class Stop(Exception):
    """No further call makes sense."""

    def __init__(self, flaw):
        super().__init__(flaw.tag)
        self.flaw = flaw


class Examination:
    """The calls of one check: .seen, one for each case, and .flaws, from small to large."""

    def __init__(self, task, caller, seed, seconds=None):
        self.task, self.caller = task, caller
        self.seconds = self.left = allowed(seconds or task.seconds)
        drawn = [c for k in range(task.seeds) for c in task.cases(np.random.default_rng([seed, k]))]
        self.cases = sorted(drawn, key=lambda c: c.size)
        self.seen, self.flaws = [], []
        self.truths, self.slacks = {}, {}
        self.float32 = False

    def run(self):
        """Make all calls; return the flaw that ended them early, or None."""
        try:
            for case in self.cases:
                outcome = self.call(case)
                flaw = self.flaw(case, outcome)
                self.seen.append(Seen(case, outcome, self.parts_of(case, outcome), flaw))
                self.note(flaw, self.written_to(case, outcome), self.shared_with(case, outcome))
            self.look_at_all()
            further_calls(self)
        except Stop as stop:
            self.flaws = [stop.flaw]
            return stop.flaw
        return None

    def call(self, case, layout="plain"):
        outcome = self.caller(
            *case.args, layout=layout, expects=self.task.expects, seconds=max(self.left, 0.01)
        )
        self.left -= max(outcome.seconds, 0.0)
        if outcome.failure and outcome.failure.kind in AT_ONCE:
            raise Stop(self.failed(case, outcome))
        return outcome

    def note(self, *flaws):
        self.flaws += [flaw for flaw in flaws if flaw]

    def seen_in(self, case):
        return next(seen for seen in self.seen if seen.case is case)

    # --- one case -------------------------------------------------------------------------------

    def truth(self, case):
        if id(case) not in self.truths:
            self.truths[id(case)] = self.task.reference(*case.args)
        return self.truths[id(case)]

    def parts_of(self, case, outcome):
        """Return the value's parts beside the true ones, None where there are none to compare."""
        if outcome.failure or not self.task.reference or self.task.expects != "value":
            return None
        try:
            return self.compared(case, outcome)
        except WrongStructure:
            return None

    def compared(self, case, outcome):
        found = parts(outcome.value, self.truth(case), self.task.returns)
        slacks = [None] * len(found)
        if any(is_float32(p.value) for p in found) and not self.task.accept:
            slacks = self.slack(case)
        return [
            replace(p, scale=case.scale, rtol=self.task.rtol, slack=slack)
            for p, slack in zip(found, slacks, strict=True)
        ]

    def slack(self, case):
        if id(case) not in self.slacks:
            self.slacks[id(case)] = float32_error(self.task.reference, case.args)
        return self.slacks[id(case)]

    def flaw(self, case, outcome):
        """Return what is wrong with one outcome, or None."""
        if outcome.failure:
            return self.failed(case, outcome)
        if self.task.accept:
            return self.accepted(case, outcome)
        try:
            pieces = self.compared(case, outcome)
        except WrongStructure as error:
            advice = "Return exactly what the task asks for."
            return Diagnosis("wrong-type", str(error), advice, case.aspect, case)
        self.float32 |= any(p.value.dtype == np.float32 for p in pieces)
        wrong = [p for p in pieces if not p.right]
        if not wrong:
            return self.warned(case, outcome)
        part = wrong[0]
        of = f" of {part.path}" if part.path else ""
        details = [(f"your value{of}", show(part.value)), (f"true value{of}", show(part.truth))]
        if part.value.shape == part.truth.shape and part.truth.size > 12:
            details.append(("", first_difference(part)))
        return Diagnosis(aspect=case.aspect, case=case, details=tuple(details))

    def accepted(self, case, outcome):
        """Return what the task's own `accept` finds wrong, or None."""
        try:
            others = [self.caller.beside(name) for name in self.task.beside]
            found = self.task.accept(outcome.value, *case.args, *others)
        except (
            ArithmeticError,
            AttributeError,
            LookupError,
            TypeError,
            ValueError,
            WrongStructure,
        ):
            # accept reads the value as the task describes it; this one is built otherwise
            text = "What it returns is not built as the task asks."
            found = Diagnosis("wrong-type", text, "Read again what has to be returned.")
        if found is None:
            return self.warned(case, outcome)
        aspect = found.aspect if case.aspect == "value" else case.aspect
        if not found.details and self.task.reference:
            values = ("your value", show(outcome.value)), ("true value", show(self.truth(case)))
            found = replace(found, details=values)
        return replace(found, aspect=aspect, case=case)

    def warned(self, case, outcome):
        if case.aspect != "stable" or not outcome.warnings:
            return None
        return Diagnosis(
            "unstable",
            f"NumPy warns: {outcome.warnings[0]}.",
            "Rewrite the formula so that nothing large is ever exponentiated; hiding the warning "
            "cures nothing.",
            "stable",
            case,
        )

    def failed(self, case, outcome):
        kind, text = outcome.failure.kind, outcome.failure.text
        details = [("your line", outcome.failure.line)] if outcome.failure.line else []
        if kind == "endless-loop":  # the time is that of all calls together
            text = f"It had not finished after {self.seconds:g} s of computing"
            if self.task.trains:
                kind, text = "too-slow", f"{text}: it trains too long, or a loop never ends."
            else:
                text += ": does every loop end?"
        advice = ADVICE.get(kind, "")
        if kind == "wrong-type" and self.task.expects in TWO_WORDS:
            advice = TWO_WORDS[self.task.expects]
        return Diagnosis(kind, text, advice, case.aspect, case, tuple(details))

    def written_to(self, case, outcome):
        if not outcome.changed:
            return None
        position, after = outcome.changed[0]
        name = self.task.parameters[position]
        return Diagnosis(
            "changes-argument",
            f"It changes its argument {name}, which belongs to the caller.",
            f"Make a new array instead of writing into {name} "
            f"(`{name} = {name} * 2` makes one; `{name} *= 2` and `{name}[...] = …` write).",
            "purity",
            case,
            ((f"{name} after the call", show(after)),),
        )

    def shared_with(self, case, outcome):
        if not (self.task.copies and outcome.shared):
            return None
        name = self.task.parameters[outcome.shared[0]]
        return Diagnosis(
            "returns-argument",
            f"It returns {name} itself, or an array of it, and no copy: whoever changes the result "
            f"changes {name} too.",
            "Return new arrays in every case (`g.copy()`, `g * 1.0`), in a new list.",
            "purity",
            case,
        )

    def look_at_all(self):
        """Let the task judge what no single call shows."""
        if self.task.together and not self.flaws:
            found = self.task.together([(s.outcome.value, *s.case.args) for s in self.seen])
            self.note(found and found.at(self.cases[-1]))
