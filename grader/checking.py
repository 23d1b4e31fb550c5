"""The three functions that a notebook or a script calls: check, evaluate, tasks."""

from .calling import Caller, InProcess
from .catalog import CHAPTERS, TASKS
from .judging import Judge, Result

__all__ = ["Result", "check", "evaluate", "tasks"]

SEED = 20_240


def check(name, function, *, hint=0):
    """Print the points of an answer and, when something is wrong, what, where and how to go on.

    hint=1 says where to look, 2 which formula to use, 3 comes near the code.
    """
    task = _task(name)
    result = evaluate(name, function)
    # A right answer prints the same line whatever else is remarked: it is the stored output.
    lines = result.message.splitlines()
    lines = lines if hint or not result.passed else lines[:1]
    if not result.passed:
        lines += [f"  Hint {i}: {text}" for i, text in enumerate(task.hints[:hint], start=1)]
    print("\n".join(lines) + "\n", end="")  # one write: a kernel may split two


def evaluate(name, function, *, seed=SEED):
    """Judge an answer and return a Result; function may also be a `Caller`."""
    caller = function if isinstance(function, Caller) else InProcess(function)
    return Judge(_task(name), caller, seed).result()


def tasks():
    """Return the names of the tasks by chapter: {"01_forward_pass": ["linear_forward", …], …}."""
    return {chapter: [task.name for task in group] for chapter, group in CHAPTERS.items()}


def _task(name):
    if name not in TASKS:
        raise ValueError(f"there is no task {name!r}; the tasks are {', '.join(TASKS)}")
    return TASKS[name]
