"""How an answer to a task is judged.

An answer is called on many cases, from small to large.  Each case belongs to an aspect: the
value on ordinary inputs, special points, sizes of one, stability.  Three more are looked at for
every task: memory layout, arguments left alone, independence of earlier calls.  A right answer
earns 3 points; a failed aspect costs one; a wrong value leaves one at most.
"""

import time
from dataclasses import dataclass, field

import numpy as np

from . import patterns
from .calling import Caller, InProcess, Rng
from .comparing import (
    RTOL,
    WrongStructure,
    as_array,
    close,
    first_difference,
    is_float32,
    parts,
    same,
    show,
)
from .task import ASPECTS, SECONDS, Case, Finding

MAX_POINTS = 3


@dataclass(frozen=True)
class Result:
    """The grade of one answer; mistakes are short tags, message is what `check` prints."""

    name: str
    points: int
    max_points: int
    passed: bool
    mistakes: list
    message: str


@dataclass
class Flaw:
    """One failed case: whatever the message needs."""

    aspect: str
    tag: str
    text: str
    advice: str = ""
    case: Case | None = None
    details: list = field(default_factory=list)

    def take_smaller(self, other):
        """Show the other flaw's case if it is smaller: both come from one mistake."""
        if other.case.size < self.case.size:
            self.case, self.details = other.case, other.details


class _Stop(Exception):
    """No further call makes sense."""

    def __init__(self, flaw):
        self.flaw = flaw


_AT_ONCE = {"not-answered", "not-callable", "endless-loop", "too-slow", "too-much-memory"}

_ADVICE = {
    "not-answered": "Write your answer in place of `raise NotImplementedError`, run the cell, then "
    "this one again.",
    "not-callable": "Give the function itself, without parentheses: check(name, function).",
    "endless-loop": "Run it on a small input and print inside the loop: what never changes?",
    "too-slow": "Matrix products over whole minibatches are fast, loops over examples slow; fewer "
    "epochs and fewer hidden units may do. On a busy machine, simply try once more.",
    "too-much-memory": "Print the shapes of the arrays you make.",
    "returns-none": "End the function with `return` and the result.",
    "wrong-type": "Return exactly what the task asks for, made of NumPy arrays and plain numbers.",
    "wrong-arguments": "Keep the parameters as the task gives them.",
    "raises": "Run the function on the input below and read the last line of the error.",
}


class Judge:
    def __init__(self, task, caller, seed):
        self.task, self.caller = task, caller
        drawn = [c for k in range(task.seeds) for c in task.cases(np.random.default_rng([seed, k]))]
        self.cases = sorted(drawn, key=lambda c: c.size)
        self.outcomes = []  # one for each case
        self.flaws = []
        self.others = {}  # what the known mistakes do
        self.float32 = False

    def result(self):
        self.deadline = time.monotonic() + self.task.seconds
        try:
            for one in self.cases:
                outcome = self.call(one)
                self.outcomes.append(outcome)
                self.note(self.flaw(one, outcome))
                self.note(self.written_to(one, outcome))
                self.note(self.shared_with(one, outcome))
            self.try_layouts()
            self.try_again()
            self.try_another_seed()
        except _Stop as stop:
            self.flaws = [stop.flaw]
            return self.write(0)
        return self.write(self.points())

    # --- calls ----------------------------------------------------------------------------------

    def call(self, one, layout="plain"):
        outcome = self.caller(
            *one.args,
            layout=layout,
            expects=self.task.expects,
            seconds=self.deadline - time.monotonic(),
        )
        if outcome.failure and outcome.failure.kind in _AT_ONCE:
            raise _Stop(self.failed(one, outcome))
        return outcome

    def note(self, flaw):
        if flaw:
            self.flaws.append(flaw)

    def try_layouts(self):
        """Call once more on the largest ordinary case, its arrays stored in other ways."""
        ordinary = [c for c in self.cases if c.aspect == "value"]
        if self.flaws or not ordinary or not any(map(_has_array, ordinary[-1].args)):
            return
        if self.task.expects == "function":  # each call trains for seconds
            return
        one = Case(ordinary[-1].args, "layout")
        for layout in ("fortran", "strided"):
            self.note(self.flaw(one, self.call(one, layout)))
        one = Case(ordinary[0].args, "purity")
        flaw = self.flaw(one, self.call(one, "read-only"))
        if flaw and flaw.tag in ("raises", *(m.tag for m in self.task.mistakes)):
            flaw.tag, flaw.text = (
                "changes-argument",
                "It fails when its arguments are read-only: it writes to one of them. " + flaw.text,
            )
            flaw.advice = "Make a new array instead of writing into the one you were given."
        self.note(flaw)

    def try_again(self):
        """Earlier results must still hold, and an earlier call must give the same once more."""
        pairs = [(c, o) for c, o in zip(self.cases, self.outcomes, strict=True) if not o.failure]
        if self.task.expects == "function":
            quick = pairs and 3 * pairs[0][1].seconds < self.task.seconds
            if self.task.probe is not None and quick and not self.flaws:
                self.note(self.trained_again(*pairs[0]))
            return
        for one, outcome in pairs:
            if not _equal(self.caller.again(outcome), outcome.value):
                self.flaws.append(
                    Flaw(
                        "repeat",
                        "result-overwritten",
                        "A later call changes the array that an earlier call returned.",
                        "Make a new array in every call instead of reusing one.",
                        one,
                    )
                )
                break
        for one, outcome in [*pairs[:3], *pairs[-1:]]:
            later = self.call(one)
            if later.failure or not _equal(later.value, outcome.value):
                self.flaws.append(
                    Flaw(
                        "repeat",
                        "depends-on-earlier-calls",
                        "The same call gives another result later on.",
                        "Something outlives the call: a global, a default argument that is a list "
                        "or an array, or random numbers that are not drawn from `rng`.",
                        one,
                        [
                            ("first", _brief(outcome)),
                            ("later", _brief(later)),
                        ],
                    )
                )
                break

    def trained_again(self, one, outcome):
        """Train once more from the same rng: the function must be the same, wherever it is asked."""
        before, again = outcome.value(self.task.probe), self.call(one)
        after = again.value(self.task.probe) if again.value else again
        failed = before.failure or after.failure
        if not failed and np.mean(as_array(before.value) != as_array(after.value)) < 0.02:
            return None  # rounding in parallel may flip a label
        return Flaw(
            "repeat",
            "depends-on-earlier-calls",
            "Trained twice from the same rng, it gives two different functions.",
            "All randomness has to come from `rng`, and nothing may outlive the call: look for "
            "`np.random.…`, for an rng of your own and for a global.",
            one,
        )

    def try_another_seed(self):
        """Another rng must give another result: it is there to be used."""
        random = [
            (c, o)
            for c, o in zip(self.cases, self.outcomes, strict=True)
            if c.aspect == "value" and any(isinstance(arg, Rng) for arg in c.args)
        ]
        if self.flaws or not random or self.task.expects == "function":
            return
        one, outcome = random[-1]
        args = tuple(Rng(arg.seed + 1) if isinstance(arg, Rng) else arg for arg in one.args)
        other = self.call(Case(args))
        if not other.failure and _equal(other.value, outcome.value):
            self.note(
                Flaw(
                    "repeat",
                    "ignores-rng",
                    "It gives the same result whatever `rng` is.",
                    "Draw every random number from the rng that is given, not from `np.random` and "
                    "not from an rng of your own; and keep nothing from one call to the next.",
                    one,
                )
            )

    # --- one case -------------------------------------------------------------------------------

    def truth(self, one):
        return self.task.reference(*one.args)

    def flaw(self, one, outcome):
        """Return what is wrong with one outcome, or None."""
        if outcome.failure:
            return self.failed(one, outcome)
        if self.task.accept:
            finding = self.finding(one, outcome)
            if finding is None:
                return self.warned(one, outcome)
            prop = finding.aspect if one.aspect == "value" else one.aspect
            details = []
            if self.task.reference:
                truth = show(self.truth(one))
                details = [("your value", show(outcome.value)), ("true value", truth)]
            return Flaw(prop, finding.tag, finding.text, finding.advice, one, details)
        try:
            pieces = parts(outcome.value, self.truth(one), self.task.returns)
        except WrongStructure as error:
            advice = "Return exactly what the task asks for."
            return Flaw(one.aspect, "wrong-type", str(error), advice, one)
        self.float32 |= any(is_float32(p.value) and p.value.dtype == np.float32 for p in pieces)
        wrong = [p for p in pieces if not close(p.value, p.truth, one.scale, self.task.rtol)]
        if not wrong:
            return self.warned(one, outcome)
        part = wrong[0]
        of = f" of {part.path}" if part.path else ""
        details = [
            (f"your value{of}", show(part.value)),
            (f"true value{of}", show(part.truth)),
        ]
        if part.value.shape == part.truth.shape and part.truth.size > 12:
            details.append(("", first_difference(part, one.scale, self.task.rtol)))
        return Flaw(one.aspect, "", "", "", one, details)

    def finding(self, one, outcome):
        try:
            return self.task.accept(outcome.value, *one.args)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, WrongStructure):
            # accept reads the value as the task describes it; this one is built otherwise
            text = "What it returns is not built as the task asks."
            return Finding("wrong-type", text, "Read again what has to be returned.")

    def warned(self, one, outcome):
        if one.aspect != "stable" or not outcome.warnings:
            return None
        return Flaw(
            "stable",
            "unstable",
            f"NumPy warns: {outcome.warnings[0]}.",
            "Rewrite the formula so that nothing large is ever exponentiated; hiding the warning "
            "cures nothing.",
            one,
        )

    def failed(self, one, outcome):
        failure, kind, text = outcome.failure, outcome.failure.kind, outcome.failure.text
        details = [("your line", failure.line)] if failure.line else []
        if kind == "endless-loop":  # the time is that of all calls together
            text = f"It had not finished after {self.task.seconds:g} s: does every loop end?"
            if self.task.seconds > SECONDS:
                kind, text = "too-slow", f"It had not finished after {self.task.seconds:g} s."
        return Flaw(
            one.aspect,
            kind,
            text,
            _ADVICE.get(kind, ""),
            one,
            details,
        )

    def written_to(self, one, outcome):
        if not outcome.changed:
            return None
        position, after = outcome.changed[0]
        name = self.task.parameters[position]
        return Flaw(
            "purity",
            "changes-argument",
            f"It changes its argument {name}, which belongs to the caller.",
            f"Make a new array instead of writing into {name} "
            "(`z = z * 2` makes one; `z *= 2` and `z[...] = …` write).",
            one,
            [(f"{name} after the call", show(after))],
        )

    def shared_with(self, one, outcome):
        if not (self.task.copies and outcome.shared):
            return None
        name = self.task.parameters[outcome.shared[0]]
        return Flaw(
            "purity",
            "returns-argument",
            f"It returns {name} itself, or an array of it, and no copy: whoever changes the result "
            f"changes {name} too.",
            "Return new arrays in every case (`g.copy()`, `g * 1.0`), in a new list.",
            one,
        )

    # --- points ---------------------------------------------------------------------------------

    def points(self):
        failed = {flaw.aspect for flaw in self.flaws}
        if "value" in failed:
            return int(self.right_shape_at_least())
        return max(MAX_POINTS - len(failed), 1)

    def right_shape_at_least(self):
        """A wrong value earns one point for its shape, if it is an answer at all."""
        if not self.task.reference:
            return False
        seen = []
        for one, outcome in zip(self.cases, self.outcomes, strict=True):
            if one.aspect != "value":
                continue
            if outcome.failure:
                return False
            try:
                pieces = parts(outcome.value, self.truth(one))
            except WrongStructure:
                return False
            if any(p.value.shape != p.truth.shape for p in pieces):
                return False
            if any(not np.all(np.isfinite(p.value)) for p in pieces):
                return False
            seen.append((one, pieces))
        everything = np.concatenate([p.value.ravel() for _, pieces in seen for p in pieces])
        constant = np.all(everything == everything[0])
        handed_back = all(
            any(_equal(p.value, a) for a in one.args if isinstance(a, np.ndarray))
            for one, pieces in seen
            for p in pieces
        )
        return not constant and not handed_back

    # --- mistakes -------------------------------------------------------------------------------

    def name_flaws(self):
        """Keep one flaw for each failed aspect, the smallest case's, and name the mistakes."""
        first = {}
        for flaw in self.flaws:
            first.setdefault(flaw.aspect, flaw)
        chosen = [first[p] for p in ASPECTS if p in first]
        known, told = None, []
        for flaw in chosen:
            if flaw.aspect in ("value", "edge", "ones", "stable") and flaw.tag not in _AT_ONCE:
                if known and self.agreement(known, flaw.aspect) >= 0:
                    told[0].take_smaller(flaw)  # the mistake already named explains this too
                    continue
                known = known or self.known_mistake(flaw)
                if known and known.tag not in [other.tag for other in told]:
                    if flaw.tag == "raises":
                        flaw.details.insert(0, ("error", flaw.text))
                    flaw.tag, flaw.text, flaw.advice = known.tag, known.text, known.advice
                elif flaw.aspect == "value" and flaw.tag == "raises" and self.task.reference:
                    self.describe(flaw)
                elif flaw.aspect == "stable" and flaw.tag == "raises":
                    flaw.tag = "unstable"
                    flaw.text = f"For large entries it fails. {flaw.text}"
                elif not flaw.tag:
                    self.describe(flaw)
                if told and flaw.tag == told[0].tag:
                    told[0].take_smaller(flaw)
                    continue
            elif not flaw.tag and flaw.aspect == "layout":
                flaw.tag = "memory-layout"
                flaw.text = "It is right only for arrays stored row after row without gaps."
                flaw.advice = "Avoid `ravel(order=…)`, `.data`, `.strides` and views of raw memory."
            elif not flaw.tag:
                flaw.tag = "changes-argument"
                flaw.text = "It gives another result when its arguments are read-only."
                flaw.advice = "Make a new array instead of writing into the one you were given."
            told.append(flaw)
        return told

    def known_mistake(self, flaw):
        """Find the known wrong function that does the same as the answer."""
        best, highest = None, (-1, 0)
        for mistake in self.task.mistakes:
            score = self.agreement(mistake, flaw.aspect)
            if score >= 0:
                elsewhere = sum(self.agreement(mistake, aspect) >= 0 for aspect in ASPECTS)
                if (score, elsewhere) > highest:
                    best, highest = mistake, (score, elsewhere)
        return best

    def agreement(self, mistake, prop):
        """Return how well a mistake explains a failed aspect, −1 if it does not."""
        score, explains = 0, False
        for one, outcome in zip(self.cases, self.outcomes, strict=True):
            if one.aspect not in ("value", prop):
                continue
            other = self.outcome_of(mistake, one)
            if not _alike(outcome, other):
                return -1
            explains |= one.aspect == prop and self.flaw(one, other) is not None
            score += set(outcome.warnings) == set(other.warnings)
            score += outcome.failure is None and other.failure is None
        return score if explains else -1

    def outcome_of(self, mistake, one):
        key = id(mistake), id(one)
        if key not in self.others:
            self.others[key] = InProcess(mistake.function)(*one.args, expects=self.task.expects)
        return self.others[key]

    def describe(self, flaw):
        """Name the measured pattern of an unknown mistake."""
        samples, good, part_name = [], set(), None
        pieces_by_case = []
        for one, outcome in zip(self.cases, self.outcomes, strict=True):
            if one.aspect not in ("value", flaw.aspect):
                continue
            try:
                pieces = None if outcome.failure else parts(outcome.value, self.truth(one), self.task.returns)
            except WrongStructure:
                pieces = None
            pieces_by_case.append((one, pieces))
        paths = {}
        for one, pieces in pieces_by_case:
            for p in pieces or ():
                right = close(p.value, p.truth, one.scale, self.task.rtol)
                paths[p.path] = paths.get(p.path, True) and right
        good = [path for path, right in paths.items() if right]
        part_name = next((path for path, right in paths.items() if not right), "")
        part_name = part_name or next(iter(paths), "")
        for one, pieces in pieces_by_case:
            part = next((p for p in pieces or () if p.path == part_name), None)
            if part is None and pieces is not None:
                continue
            samples.append(
                patterns.Sample(
                    part.value if part else None,
                    part.truth if part else np.zeros(0),
                    self.task.sizes(one.args),
                    one.scale,
                    self.task.rtol or RTOL,
                    one.square,
                )
            )
        pattern = patterns.measure(samples)
        if flaw.tag == "raises":
            if pattern.tag.startswith("only-"):
                flaw.tag, flaw.advice = pattern.tag, pattern.advice
                flaw.text = f"{pattern.text} Otherwise: {flaw.text}"
            return
        flaw.tag, flaw.advice = pattern.tag, pattern.advice
        flaw.text = pattern.text
        if part_name:
            fine = f"; {', '.join(good)} {'is' if len(good) == 1 else 'are'} right" if good else ""
            flaw.text = f"In {part_name}: {pattern.text[0].lower()}{pattern.text[1:-1]}{fine}."
        if flaw.aspect == "stable":
            flaw.tag = "unstable"
            flaw.text = "For large entries it goes wrong. " + flaw.text
        elif flaw.aspect == "ones" and flaw.tag == "wrong-value":
            flaw.tag = "fails-for-sizes-of-one"

    # --- the message ----------------------------------------------------------------------------

    def write(self, points):
        task = self.task
        if not self.flaws:
            lines = [f"✓ {task.name} {MAX_POINTS}/{MAX_POINTS}"]
            if self.float32:
                lines.append("  Remark: the result is float32, so it is compared at 1e-4.")
            return Result(task.name, MAX_POINTS, MAX_POINTS, True, [], "\n".join(lines))
        flaws = self.name_flaws()
        tags = list(dict.fromkeys(flaw.tag for flaw in flaws))
        head = f"✗ {task.name} {points}/{MAX_POINTS}"
        if tags == ["not-answered"]:
            lines = [f"○ {task.name} 0/{MAX_POINTS}  Not answered yet, and that is fine."]
            elsewhere = [line for _, line in flaws[0].details if f" of {task.name}" not in line]
            lines += [f"  The blank is in another function: {line}" for line in elsewhere]
            lines.append(f"  Next: {flaws[0].advice}")
        else:
            looked_at_all = len(self.outcomes) == len(self.cases)
            lines = [head, *([f"  {self.summary()}"] if looked_at_all else [])]
            lines += self.explain(flaws[0])
            for flaw in flaws[1:]:
                lines.append(f"  Also ({ASPECTS[flaw.aspect]}): {flaw.text}")
        if task.hints:
            lines.append(f'  A hint: check("{task.name}", {task.name}, hint=1), then 2, then 3')
        return Result(task.name, points, MAX_POINTS, False, tags, "\n".join(lines))

    def summary(self):
        failed = {flaw.aspect for flaw in self.flaws}
        tried = {c.aspect for c in self.cases} | failed | {"purity", "repeat"}
        return " · ".join(f"{ASPECTS[p]} {'✗' if p in failed else '✓'}" for p in ASPECTS if p in tried)

    def explain(self, flaw):
        yield f"  Mistake: {flaw.text}"
        yield f"  Next: {flaw.advice}"
        if flaw.case is None or flaw.tag == "not-callable":
            return
        yield "  Smallest input that fails:"
        named = list(zip(self.task.parameters, flaw.case.args, strict=False))
        rows = [(name, show(arg)) for name, arg in named] + flaw.details
        width = max(len(label) for label, _ in rows)
        for label, text in rows:
            yield f"    {label:<{width}}  {text}"


def _alike(outcome, other):
    """Tell whether two outcomes come from the same mistake."""
    if outcome.failure or other.failure:
        both = outcome.failure and other.failure
        return bool(both) and outcome.failure.kind == other.failure.kind
    if isinstance(outcome.value, Caller):
        return False
    return _same(outcome.value, other.value)


def _same(value, other):
    if isinstance(value, list) and isinstance(other, list):
        return len(value) == len(other) and all(map(_same, value, other))
    try:
        return same(as_array(value), as_array(other))  # rows in a list are as good as an array
    except WrongStructure:
        return False


def _equal(value, other):
    try:
        value, other = as_array(value), as_array(other)  # at once: a list may be long
    except WrongStructure:
        pass
    if isinstance(value, list):
        return isinstance(other, list) and len(value) == len(other) and all(map(_equal, value, other))
    if isinstance(other, list) or value.shape != other.shape:
        return False
    return np.allclose(value, other, rtol=1e-10, atol=1e-14, equal_nan=True)


def _brief(outcome):
    text = "an error" if outcome.failure else show(outcome.value)
    return text if len(text) < 100 else text[:90] + " …"


def _has_array(arg):
    if isinstance(arg, (list, tuple)):
        return any(map(_has_array, arg))
    return isinstance(arg, np.ndarray)
