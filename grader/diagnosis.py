"""The one carrier of "what is wrong", from the first failed call to the printed message."""

from dataclasses import dataclass, replace

ASPECTS = {
    "value": "value",
    "edge": "special points",
    "ones": "sizes of one",
    "stable": "stable for large entries",
    "layout": "any memory layout",
    "purity": "arguments left alone",
    "repeat": "independent of earlier calls",
}


@dataclass(frozen=True)
class Diagnosis:
    """A mistake: its tag, the mistake in words, one next step, what it costs, where it was seen.

    The tag is "" until `diagnose` has found the name; aspect is one of ASPECTS; case is the call
    that shows it; details are further lines of the message, pairs of a label and a text.
    """

    tag: str = ""
    text: str = ""
    advice: str = ""
    aspect: str = "value"
    case: object = None
    details: tuple = ()

    def at(self, case, *details):
        """Return the same mistake as seen in this case."""
        return replace(self, case=case, details=tuple(details))

    def called(self, other):
        """Return this failure under the name, words and advice of another diagnosis."""
        return replace(self, tag=other.tag, text=other.text, advice=other.advice)

    def in_the_smaller_case(self, other):
        """Return this mistake, shown on the other's case if that is smaller."""
        smaller = other.case.size < self.case.size
        return replace(self, case=other.case, details=other.details) if smaller else self
