"""What a task is made of: the signature, the cases to call it on, the reference, the mistakes."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as _field
from functools import cached_property

import numpy as np

from .compare import RTOL, equal

SECONDS = 1.6  # of computing, for all calls of one check together
SEEDS = 3  # how often cases() is drawn


@dataclass
class Case:
    """One call to make: the arguments, and the aspect that its result decides."""

    args: tuple
    aspect: str = "value"

    @property
    def size(self):
        return sum(map(_size, self.args))

    @property
    def scale(self):
        return max(map(_scale, self.args), default=1.0)

    @property
    def square(self):
        matrices = [a for a in self.args if isinstance(a, np.ndarray) and a.ndim == 2]
        return bool(matrices) and len({n for a in matrices for n in a.shape}) == 1


def case(*args, aspect="value"):
    return Case(args, aspect)


@dataclass
class Task:
    """A function to write; `grader.tasks` says what each field means and how to add a task."""

    signature: str
    cases: Callable
    reference: Callable | None = None
    slipped: Callable | None = None
    accept: Callable | None = None
    together: Callable | None = None
    shapes: dict = _field(default_factory=dict)
    returns: tuple = ()
    mistakes: str = ""
    hints: tuple = ()
    rtol: float = RTOL
    expects: str = "value"
    trains: float | None = None
    seeds: int = SEEDS
    copies: bool = False
    probe: object = None
    beside: tuple = ()
    alike: Callable = equal
    place: int = 0

    @property
    def name(self):
        return self.signature.split("(")[0]

    @property
    def parameters(self):
        inside = self.signature.split("(", 1)[1].rstrip(")")
        return [p.split("=")[0].strip() for p in inside.split(",")]

    @property
    def seconds(self):
        """The CPU seconds of all calls of one check together."""
        return self.trains or SECONDS

    @cached_property
    def known(self):
        """The wrong answers to recognize: pairs of a function and its Diagnosis."""
        from .operators import operators  # here: only a wrong answer asks for them
        from .slips import slips

        if not self.mistakes:
            return []
        written, renamed = slips(self)
        return [*written, *(operators(self, renamed) if self.reference else ())]

    def sizes(self, args):
        """Read N, D, … off the arguments' shapes."""
        found = {}
        for name, arg in zip(self.parameters, args, strict=False):
            if isinstance(arg, np.ndarray):
                found.update(zip(self.shapes.get(name, "").split(), arg.shape, strict=False))
        return found


def _size(arg):
    if isinstance(arg, (list, tuple)):
        return sum(map(_size, arg))
    return arg.size if isinstance(arg, np.ndarray) else 1


def _scale(arg):
    if isinstance(arg, (list, tuple)):
        return max(map(_scale, arg), default=1.0)
    if isinstance(arg, np.ndarray) and arg.dtype.kind in "biuf":
        return max(1.0, float(np.max(np.abs(arg), initial=0.0)))
    return 1.0
