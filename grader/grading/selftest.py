"""``python -m grader selftest``: the attacks, run on the machine that will grade."""

import datetime
import json
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..score import MAX_POINTS
from . import backends
from .attacks import ATTACKS
from .sandbox import SandboxError
from .submission import Submission
from .verdict import checks_sha256

SIGMOID = """
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)
"""
RIGHT = "def relu(z):\n    return z * (z > 0)"
NAME = "selftest"
ASSIGNMENT = {
    "name": NAME,
    "answers": {"relu-answer": "relu", "sigmoid-answer": "sigmoid"},
    "tasks": ["relu", "sigmoid"],
    "setup": "import numpy as np\n\nfrom grader import check",
}


class NotTested(Exception):
    """This version has not passed its selftest on this machine."""


def attacked(attacks, workers=1):
    """Judge each attack beside a right sigmoid; yield (name, what went wrong).

    The attacks are {name: source of relu}.  What went wrong is "" where one earned nothing and cost
    nothing.
    """
    named = {f"attack-{i}": name for i, name in enumerate(attacks)}
    submissions = [
        Submission(NAME, NAME, {"relu": attacks[name], "sigmoid": SIGMOID}, id=i)
        for i, name in named.items()
    ]
    settings = {"engine": "fast", "sandbox": "bwrap", "seed": os.urandom(32).hex()}
    settings |= {"checks_sha256": checks_sha256(), "assignments": {NAME: ASSIGNMENT}}
    for submission, checks, error in backends.run(submissions, settings, workers=workers):
        yield named[submission.id], _verdict(checks, error)


def _verdict(checks, error):
    if checks is None:
        return f"not graded: {error}"
    relu, sigmoid = checks
    escaped = re.search(r"ESCAPED (\[.*)", relu["message"])
    if escaped:
        return escaped[1]
    if relu["points"]:
        return f"earned {relu['points']} points"
    return (
        ""
        if sigmoid["points"] == MAX_POINTS
        else f"cost another answer its points: {sigmoid['message']}"
    )


def execute(workers):
    """Run everything, print a table, remember a pass; return the exit code."""
    try:
        control = dict(attacked({"a right answer": RIGHT}))
        if control != {"a right answer": f"earned {MAX_POINTS} points"}:
            raise SandboxError(f"a right answer is not graded as one: {control['a right answer']}")
        with tqdm(total=len(ATTACKS), unit="attack", leave=False) as bar:
            found = {}
            for name, wrong in attacked(ATTACKS, workers):
                found[name] = wrong
                bar.update()
    except SandboxError as error:
        print(f"selftest: {error}")
        return 3
    for group in dict.fromkeys(group for group, _ in ATTACKS):
        wrong = {name: text for (where, name), text in found.items() if where == group and text}
        tried = sum(where == group for where, _ in ATTACKS)
        print(f"{group:<16}{tried:>4} attacks{len(wrong):>4} got through")
        for name, text in wrong.items():
            print(f"    {name}: {text}")
    passed = not any(found.values())
    if passed:
        _remember()
    print("passed: this machine may grade" if passed else "FAILED: do not grade on this machine")
    return 0 if passed else 1


def demand():
    """Raise NotTested unless this version has passed on this machine."""
    try:
        passed = json.loads(_record().read_text("utf-8"))
    except (OSError, ValueError):
        passed = {}
    if not isinstance(passed, dict) or passed.get("machine") != _machine():
        raise NotTested(
            "this version has not passed its selftest on this machine: "
            "run `python -m grader selftest` (a few minutes), "
            "or grade with --trust-anyway, which the record says"
        )


def _remember():
    path = _record()
    path.parent.mkdir(parents=True, exist_ok=True)
    when = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    path.write_text(json.dumps({"machine": _machine(), "passed_at": when}, indent=1), "utf-8")


def _record():
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state, "mlp-lib", "selftest.json")


def _machine():
    """What a pass depends on: our code, the kernel, bubblewrap, Python and NumPy."""
    bwrap = shutil.which("bwrap")
    said = (
        subprocess.run([bwrap, "--version"], capture_output=True, text=True).stdout if bwrap else ""
    )
    return {
        "checks_sha256": checks_sha256(),
        "machine": [platform.node(), platform.machine(), platform.release()],
        "bubblewrap": said.strip(),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }
