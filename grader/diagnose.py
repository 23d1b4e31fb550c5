"""From failed cases to named mistakes: slips, then operators, then what is measured."""

from collections import namedtuple
from dataclasses import replace
from functools import cached_property

from . import patterns
from .call import Caller, InProcess
from .compare import same
from .diagnosis import ASPECTS

AT_ONCE = {
    "not-answered",
    "not-defined",
    "not-callable",
    "endless-loop",
    "too-slow",
    "too-much-memory",
}
BY_VALUE = ("value", "edge", "ones", "stable")  # aspects that known mistakes explain

Known = namedtuple("Known", "function diagnosis")


class Diagnoses:
    """The named mistakes of one examination (see `examine`)."""

    def __init__(self, examination):
        self.examination, self.task = examination, examination.task
        self.known = [Known(*pair) for pair in self.task.known]
        self.tries = {}

    def named(self):
        """Return one diagnosis for each failed aspect, the smallest case's, with its name."""
        first = {}
        for flaw in self.examination.flaws:
            first.setdefault(flaw.aspect, flaw)
        told, known = [], None
        for flaw in (first[aspect] for aspect in ASPECTS if aspect in first):
            if flaw.aspect not in BY_VALUE or flaw.tag in AT_ONCE:
                told.append(_without_a_name(flaw))
                continue
            if known and self.agreement(known, flaw.aspect) >= 0:
                told[0] = told[0].in_the_smaller_case(flaw)  # one mistake explains both
                continue
            known = known or self.known_mistake(flaw)
            flaw = self.name(flaw, known, [other.tag for other in told])
            if told and flaw.tag == told[0].tag:
                told[0] = told[0].in_the_smaller_case(flaw)
            else:
                told.append(flaw)
        return told

    def name(self, flaw, known, taken):
        """Name one flaw: by the known mistake unless that is told already, else by measuring."""
        if known and known.diagnosis.tag not in taken:
            if flaw.tag == "raises":
                flaw = replace(flaw, details=(("error", flaw.text), *flaw.details))
            return flaw.called(known.diagnosis)
        if flaw.aspect == "stable" and flaw.tag == "raises":
            text = f"For large entries it fails. {flaw.text}"
            return replace(flaw, tag="unstable", text=text)
        if flaw.tag == "raises":
            pattern = self.pattern(flaw) if flaw.aspect == "value" else None
            if pattern and pattern.tag.startswith("only-"):
                text = f"{pattern.text} Otherwise: {flaw.text}"
                return replace(flaw, tag=pattern.tag, text=text, advice=pattern.advice)
            return flaw
        return flaw if flaw.tag else self.measured(flaw)

    # --- known mistakes -------------------------------------------------------------------------

    def known_mistake(self, flaw):
        """Find the known wrong answer that does the same as the learner's, or None."""
        best, highest = None, (-1, 0)
        for known in self.known:
            score = self.agreement(known, flaw.aspect)
            if score >= 0:
                elsewhere = sum(self.agreement(known, aspect) >= 0 for aspect in ASPECTS)
                if (score, elsewhere) > highest:
                    best, highest = known, (score, elsewhere)
        return best

    def agreement(self, known, aspect):
        """Return how well a mistake explains a failed aspect, −1 if it does not."""
        score, explains, returns = 0, False, False
        for seen in self.examination.seen:
            if seen.case.aspect not in ("value", aspect):
                continue
            tried = self.tried(known, seen)
            if not tried.alike:
                return -1
            if seen.case.aspect == aspect:
                explains = explains or tried.wrong
            other = tried.outcome
            score += set(seen.outcome.warnings) == set(other.warnings)
            score += seen.outcome.failure is None and other.failure is None
            returns = returns or other.failure is None
        return score if explains and returns else -1  # whatever always fails says so itself

    def tried(self, known, seen):
        key = id(known.function), id(seen.case)
        if key not in self.tries:
            self.tries[key] = Tried(known, seen, self.examination)
        return self.tries[key]

    # --- unknown mistakes -----------------------------------------------------------------------

    def measured(self, flaw):
        """Name an unknown mistake after the pattern of its numbers."""
        path, good = self.wrong_part(flaw)
        pattern = self.pattern(flaw)
        text = pattern.text
        if path:
            fine = f"; {', '.join(good)} {'is' if len(good) == 1 else 'are'} right" if good else ""
            text = f"In {path}: {text[0].lower()}{text[1:-1]}{fine}."
        tag = pattern.tag
        if flaw.aspect == "stable":
            tag, text = "unstable", "For large entries it goes wrong. " + text
        elif flaw.aspect == "ones" and tag == "wrong-value":
            tag = "fails-for-sizes-of-one"
        shown = self.examination.seen_in(pattern.case).flaw if pattern.case else None
        return replace(shown or flaw, aspect=flaw.aspect, tag=tag, text=text, advice=pattern.advice)

    def pattern(self, flaw):
        path, _ = self.wrong_part(flaw)
        samples = []
        for seen in self.examination.seen:
            if seen.case.aspect not in ("value", flaw.aspect):
                continue
            part = next((p for p in seen.parts or () if p.path == path), None)
            if part is None and seen.parts is not None:
                continue
            samples.append(patterns.Sample(part, seen.case, self.task.sizes(seen.case.args)))
        return patterns.measure(samples)

    def wrong_part(self, flaw):
        """Return the path of the first part that is wrong, and those that are right everywhere."""
        right = {}
        for seen in self.examination.seen:
            for part in seen.parts or ():
                if seen.case.aspect in ("value", flaw.aspect):
                    right[part.path] = right.get(part.path, True) and part.right
        wrong = [path for path, is_right in right.items() if not is_right]
        path = next(iter([*wrong, *right]), "")
        return path, [path for path, is_right in right.items() if is_right]


class Tried:
    """A known mistake tried on a case that the learner's answer was tried on."""

    def __init__(self, known, seen, examination):
        call = InProcess(known.function, limited=False)
        self.outcome = call(*seen.case.args, expects=examination.task.expects)
        self.alike = _alike(seen.outcome, self.outcome)
        self.case, self.examination = seen.case, examination

    @cached_property
    def wrong(self):
        return self.examination.flaw(self.case, self.outcome) is not None


def _without_a_name(flaw):
    """Name what only the layout or the read-only arguments brought to light."""
    if flaw.tag:
        return flaw
    if flaw.aspect == "layout":
        return replace(
            flaw,
            tag="memory-layout",
            text="It is right only for arrays stored row after row without gaps.",
            advice="Avoid `ravel(order=…)`, `.data`, `.strides` and views of raw memory.",
        )
    return replace(
        flaw,
        tag="changes-argument",
        text="It gives another result when its arguments are read-only.",
        advice="Make a new array instead of writing into the one you were given.",
    )


def _alike(outcome, other):
    """Tell whether two outcomes come from the same mistake."""
    if outcome.failure or other.failure:
        both = outcome.failure and other.failure
        return bool(both) and outcome.failure.kind == other.failure.kind
    return not isinstance(outcome.value, Caller) and same(outcome.value, other.value)
