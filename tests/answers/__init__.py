"""Answers whose grade is known: unusual right ones, and wrong ones with the tag each must get.

One module a chapter, ``chNN.py``; every function that it marks is tested::

    @right("relu")
    def relu_by_loops(z): ...

    @wrong("relu", "changes-argument")
    def relu_in_place(z): ...

    @partly("sigmoid", "overflow", points=2)   # as wrong, the points too
    def sigmoid_naive(z): ...
"""

import importlib
import pkgutil
import re
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    task: str
    function: object
    tag: str | None = None
    points: int | None = None

    def __str__(self):
        return f"{self.task}-{self.function.__name__}"


BANK = []


def right(task):
    """Mark an answer that must earn full points."""
    return _mark(task, None, 3)


def wrong(task, tag):
    """Mark an answer that must lose points and be told this tag."""
    return _mark(task, tag, None)


def partly(task, tag, *, points):
    """Mark a wrong answer that must earn exactly these points and be told this tag."""
    return _mark(task, tag, points)


def _mark(task, tag, points):
    def mark(function):
        BANK.append(Answer(task, function, tag, points))
        return function

    return mark


def everything():
    """Import every chapter's module and return all answers."""
    for module in sorted(found.name for found in pkgutil.iter_modules(__path__)):
        importlib.import_module(f"{__name__}.{module}")
    return BANK


STANDS_ALONE = """
def right(*args, **options):
    return lambda function: function


wrong = partly = right
"""


def source(answer):
    """Return an answer's module as the text of a cell of its own; the answer keeps its name."""
    with open(sys.modules[answer.function.__module__].__file__, encoding="utf-8") as file:
        return STANDS_ALONE + re.sub(r"^from \. import .*$", "", file.read(), flags=re.MULTILINE)
