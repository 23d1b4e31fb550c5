"""One answer judged: a fresh sandbox, the cells before it and its own, the checks on this side."""

import dataclasses
import functools
import hashlib
import time

from ..checking import Result, evaluate
from ..score import MAX_POINTS
from . import bounds, wire
from .proxy import Clock, Worker
from .sandbox import GRADER

NOT_DEFINED = "It defines no {}."


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


def judge(task, answers, *, order, setup, seed, sandbox, own=()):
    """Judge the answer to a task, given {task: source} and the order of the tasks in the notebook.

    own holds the sources of the cells that the student added.  SandboxError if the sandbox is to
    blame.
    """
    start = time.perf_counter()
    result = _judge(task, answers, order, setup, seed, sandbox, own)
    seconds = round(time.perf_counter() - start, 3)
    return Verdict(task, result.points, list(result.mistakes), result.message, seconds)


def _judge(name, answers, order, setup, seed, sandbox, own):
    own_seed = int.from_bytes(hashlib.sha256(seed + name.encode()).digest()[:8], "big")
    cells = [task for task in order[: order.index(name) + 1] if task in answers]
    given = answers, setup, own_seed, sandbox
    result = _with_cells(name, cells, *given)
    if result.passed or result.mistakes == ["not-answered"] or name not in answers:
        return result
    if _misses_a_name(result):
        # It may stand in a cell of their own or, as cells are run in any order, in a later one.
        others = [task for task in order if task in answers and task != name]
        if own or others != cells[:-1]:
            result = _better(result, _with_cells(name, [*others, name], *given, own=own))
    if result.passed or cells == [name]:
        return result
    # What an earlier answer broke costs only what needs that answer.
    return _better(result, _with_cells(name, [name], *given))


def _misses_a_name(result):
    return "NameError" in result.message or NOT_DEFINED.format(result.name) in result.message


def _better(result, again):
    return again if again.points > result.points else result


def _with_cells(name, cells, answers, setup, seed, sandbox, *, own=()):
    """Run cells in order in a fresh sandbox, then judge the function of this name."""
    cells, died = list(cells), False
    while True:
        with Worker(sandbox) as worker:
            worker.run("setup", setup)
            _run_own(worker, own)
            if own and worker.lost:
                own = ()  # they cost no answer anything
                continue
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
            what = f"{failure.text} {failure.line}" if failure else NOT_DEFINED.format(name)
            return _zero(name, failure.kind if failure else "not-callable", what)


def _run_own(worker, own):
    """Run the cells that a student added, as long as they take no time that others need."""
    clock = Clock(worker.sandbox, 2 * bounds.CELL, wall=bounds.OWN_SECONDS)
    for i, source in enumerate(own, 1):
        try:
            clock()
        except wire.Late:
            return
        worker.run(f"cell {i}", source)
        if worker.lost:
            return


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
