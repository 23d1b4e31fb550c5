"""One answer judged: a fresh sandbox, the cells it needs, the checks on this side."""

import dataclasses
import functools
import hashlib
import re
import time

from ..catalog import TASKS
from ..judging import MAX_POINTS, Judge, Result
from .proxy import Worker
from .sandbox import GRADER

DEFINES = re.compile(
    r"^(?:async\s+def|def|class)\s+(\w+)|^(\w+)\s*(?::[^=\n]+)?=[^=]|^(?:from|import)\b(.*)$",
    re.MULTILINE,
)
WORD = re.compile(r"\w+")


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


def judge(task, answers, *, setup, seed, sandbox):
    """Judge one of the answers {task: source}; SandboxError if the sandbox is to blame."""
    start = time.perf_counter()
    result = _judge(task, answers, setup, seed, sandbox)
    seconds = round(time.perf_counter() - start, 3)
    return Verdict(task, result.points, list(result.mistakes), result.message, seconds)


def _judge(name, answers, setup, seed, sandbox):
    if name not in answers:
        return _zero(name, "no-answer", "There is no answer cell to take, see the flags.")
    task = dataclasses.replace(TASKS[name], seconds=_patient(TASKS[name].seconds))
    own_seed = int.from_bytes(hashlib.sha256(seed + name.encode()).digest()[:8], "big")
    needed = _needed(name, answers, setup)
    died = False
    while True:
        with Worker(sandbox) as worker:
            worker.run("setup", setup)
            failure = None
            for cell in needed:
                failure = worker.run(cell, answers[cell])
                if worker.lost:
                    break
            caller = None if worker.lost else worker.take(name)
            if worker.lost and cell != name:
                needed.remove(cell)  # another answer's crash costs this one nothing
                continue
            if caller:
                result = Judge(task, caller, own_seed).result()
        if worker.lost and worker.lost.kind == "crashed" and not died:
            died = True  # somebody else may have killed it: once more
            continue
        if worker.lost:
            return _zero(name, worker.lost.kind, worker.lost.text)
        if caller is None:
            what = f"{failure.text} {failure.line}" if failure else f"It defines no {name}."
            return _zero(name, failure.kind if failure else "not-callable", what)
        return result


def _patient(seconds):
    """The record's clock is a generous one: its machine may be busy with a whole class."""
    return 2 * seconds + 5


def _needed(name, answers, setup):
    """Return the earlier answers that this one uses, directly or not, and itself at the end."""
    given = set(WORD.findall(setup))
    earlier = list(answers)[: list(answers).index(name)]
    words = set(WORD.findall(answers[name])) - given
    needed = [name]
    for cell in reversed(earlier):
        source = answers[cell]
        if words & _defined(source):
            needed.append(cell)
            words |= set(WORD.findall(source)) - given
    return needed[::-1]


def _defined(source):
    """The names that a cell gives to others, as far as its unindented lines tell."""
    return {word for groups in DEFINES.findall(source) for g in groups for word in WORD.findall(g)}


def _zero(name, tag, text):
    message = f"✗ {name} 0/{MAX_POINTS}\n  Mistake: {text}"
    return Result(name, 0, MAX_POINTS, False, [tag], message)
