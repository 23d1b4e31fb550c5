"""One answer judged: a fresh sandbox, the cells before it and its own, the checks on this side."""

import dataclasses
import functools
import hashlib
import time

from ..checking import Result, evaluate
from ..score import MAX_POINTS
from . import bounds
from .proxy import Worker
from .sandbox import GRADER


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What is recorded of one check."""

    task: str
    points: int
    mistakes: list
    message: str
    seconds: float


@functools.cache
def checks_sha256():
    """One hash of everything that decides about points: the code of the checks."""
    digest = hashlib.sha256()
    for path in sorted(GRADER.rglob("*.py")):
        digest.update(path.relative_to(GRADER).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def judge(task, answers, *, order, setup, seed, sandbox):
    """Judge the answer to a task, given {task: source} and the order of the tasks in the notebook.

    SandboxError if the sandbox is to blame.
    """
    start = time.perf_counter()
    result = _judge(task, answers, order, setup, seed, sandbox)
    seconds = round(time.perf_counter() - start, 3)
    return Verdict(task, result.points, list(result.mistakes), result.message, seconds)


def _judge(name, answers, order, setup, seed, sandbox):
    own_seed = int.from_bytes(hashlib.sha256(seed + name.encode()).digest()[:8], "big")
    cells = [task for task in order[: order.index(name) + 1] if task in answers]
    result = _with_cells(name, cells, answers, setup, own_seed, sandbox)
    if result.passed or result.mistakes == ["not-answered"] or cells in ([], [name]):
        return result
    # What an earlier answer broke costs only what needs that answer.
    alone = [name] if name in answers else []
    again = _with_cells(name, alone, answers, setup, own_seed, sandbox)
    return again if again.points > result.points else result


def _with_cells(name, cells, answers, setup, seed, sandbox):
    """Run cells in order in a fresh sandbox, then judge the function of this name."""
    cells, died = list(cells), False
    while True:
        with Worker(sandbox) as worker:
            worker.run("setup", setup)
            failure, cell = None, name
            for cell in cells:
                failure = worker.run(cell, answers[cell])
                if worker.lost:
                    break
            caller = worker.take(name)
            result = _evaluate(name, caller, seed) if caller else None
        if worker.lost and cell != name:
            cells.remove(cell)  # another answer's crash costs this one nothing
        elif worker.lost and worker.lost.kind == "crashed" and not died:
            died = True  # somebody else may have killed it: once more
        elif worker.lost:
            return _zero(name, worker.lost.kind, worker.lost.text)
        elif result:
            return result
        elif name not in answers:
            return _zero(name, "no-answer", "There is no answer cell to take, see the flags.")
        else:
            what = f"{failure.text} {failure.line}" if failure else f"It defines no {name}."
            return _zero(name, failure.kind if failure else "not-callable", what)


def _evaluate(name, caller, seed):
    """Run the checks on this side of the wall, which what comes over it must not exhaust."""
    try:
        with bounds.bounded() as late:
            result = evaluate(name, caller, seed=seed)
        if not late():
            return result
    except (bounds.TooMuch, MemoryError):
        pass
    return _zero(name, "too-large", "What it returns is too large to be judged.")


def _zero(name, tag, text):
    message = f"✗ {name} 0/{MAX_POINTS}\n  Mistake: {text}"
    return Result(name, 0, MAX_POINTS, False, [tag], message)
