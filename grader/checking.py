"""The functions that a notebook or a script calls: check, evaluate, tasks; and what they share."""

from dataclasses import dataclass

from . import message
from .call import Caller, InProcess
from .diagnose import Diagnoses
from .examine import Examination
from .score import MAX_POINTS, points
from .tasks import CHAPTERS, TASKS

__all__ = ["Result", "check", "evaluate", "tasks"]

SEED = 20_240


@dataclass(frozen=True)
class Result:
    """The grade of one answer; mistakes are short tags, message is what `check` prints."""

    name: str
    points: int
    max_points: int
    passed: bool
    mistakes: list
    message: str


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
    return judge(_task(name), caller, seed)


def judge(task, caller, seed, *, seconds=None):
    """Judge a caller's answer to a task: call, compare, diagnose, score, write the message."""
    examination = Examination(task, caller, seed, seconds)
    stopped = examination.run()
    if not examination.flaws:
        text = message.right(task, examination.float32)
        return Result(task.name, MAX_POINTS, MAX_POINTS, True, [], text)
    diagnoses = [stopped] if stopped else Diagnoses(examination).named()
    earned = 0 if stopped else points(examination, diagnoses)
    tags = list(dict.fromkeys(diagnosis.tag for diagnosis in diagnoses))
    summary = [] if stopped else [message.summary(examination)]
    text = message.wrong(task, earned, diagnoses, summary)
    return Result(task.name, earned, MAX_POINTS, False, tags, text)


def tasks():
    """Return the names of the tasks by chapter: {"01_forward_pass": ["linear_forward", …], …}."""
    return {chapter: [task.name for task in group] for chapter, group in CHAPTERS.items()}


def _task(name):
    if name not in TASKS:
        raise ValueError(f"there is no task {name!r}; the tasks are {', '.join(TASKS)}")
    return TASKS[name]
