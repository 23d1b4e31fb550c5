"""``python -m grader grade``: from submitted notebooks to a table of grades."""

import dataclasses
import hashlib
import importlib.metadata
import os
import platform
import secrets
import signal
import subprocess
import sys
import traceback
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..judging import MAX_POINTS
from . import backends, report
from .assignment import Broken, assignments
from .proxy import Worker
from .sandbox import SandboxError
from .submission import collect
from .verdict import checks_sha256

GRADED, UNGRADED, USAGE, NO_SANDBOX, INTERNAL = range(5)


def add_arguments(parser):
    parser.add_argument("submissions", nargs="+", type=Path, help="notebooks, folders, zip files")
    parser.add_argument("--out", required=True, type=Path, help="folder for grades and feedback")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("-j", type=_positive, default=os.cpu_count() or 1, help="processes")
    where.add_argument("--scheduler", help="address of a Dask scheduler, tcp://host:8786")
    parser.add_argument("--engine", choices=("nbval", "fast"), default="nbval")
    parser.add_argument("--seed-file", type=Path, help="the hidden inputs follow from its bytes")
    parser.add_argument("--sandbox", choices=("bwrap", "none"), default="bwrap")


def run(options):
    """Return the exit code: all graded, some not, usage, no sandbox, internal error."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _grade(options)
    except (Broken, _Usage) as error:
        return _say(error, USAGE)
    except SandboxError as error:
        return _say(f"{error}\n(--sandbox none grades without one: only code you trust)", NO_SANDBOX)
    except KeyboardInterrupt:
        return _say("interrupted: the same command goes on where it stopped", UNGRADED)
    except Exception:
        traceback.print_exc()
        return INTERNAL


class _Usage(Exception):
    pass


def _positive(text):
    value = int(text)
    if value < 1:
        raise ValueError
    return value


def _say(text, code):
    print(f"grade: {text}", file=sys.stderr)
    return code


def _grade(options):
    trusted = assignments()
    for path in options.submissions:
        if not path.exists() and not path.is_symlink():
            raise _Usage(f"there is no {path}")
    submissions = collect(options.submissions, trusted)
    if not submissions:
        raise _Usage("there are no notebooks in what was given")
    if options.sandbox == "none":
        _say("WITHOUT A SANDBOX: the answers run with your rights", 0)
    elif not options.scheduler:
        with Worker("bwrap"):
            pass
    seed = _seed(options)
    settings = {"engine": options.engine, "sandbox": options.sandbox, "seed": seed.hex()}
    settings["checks_sha256"] = checks_sha256()
    settings["assignments"] = {name: dataclasses.asdict(a) for name, a in trusted.items()}
    common = {
        "engine": options.engine,
        "sandbox": options.sandbox,
        "seed_sha256": hashlib.sha256(seed).hexdigest(),
        "checks_sha256": settings["checks_sha256"],
        "versions": _versions(),
    }

    results, to_do = [], []
    for submission in submissions:
        if submission.assignment is None:
            result = _result(submission, None, common, None, "no notebook of this course")
            report.write(options.out, result, None)
            results.append(result)
            continue
        key = {name: value for name, value in common.items() if name != "versions"}
        key |= {"sha256": submission.sha256, "student": submission.student}
        key["notebook_sha256"] = trusted[submission.assignment].sha256
        earlier = report.finished(options.out, submission.id, key)
        if earlier:
            results.append(earlier)
        else:
            to_do.append(submission)
    if results:
        print(f"{len(results)} of {len(submissions)} need no grading or were graded before")

    where = {"scheduler": options.scheduler} if options.scheduler else {"workers": options.j}
    with tqdm(total=len(submissions), initial=len(results), unit="notebook") as bar:
        for submission, checks, error in backends.run(to_do, settings, **where):
            result = _result(submission, trusted[submission.assignment], common, checks, error)
            report.write(options.out, result, checks)
            results.append(result)
            bar.update()
    report.write_grades(options.out, results)
    left = [r for r in results if r["status"] != "graded"]
    print(f"{len(results) - len(left)} graded, {len(left)} not: {options.out / 'grades.csv'}")
    for result in left:
        print(f"  not graded: {result['id']}: {' '.join(result['flags'])} {result['error'] or ''}")
    return UNGRADED if left else GRADED


def _result(submission, assignment, common, checks, error):
    """What results/ID.json holds."""
    graded = checks is not None
    return {
        "id": submission.id,
        "student": submission.student,
        "assignment": submission.assignment,
        "score": sum(check["points"] for check in checks) if graded else None,
        "max": assignment.max_points if assignment else None,
        "status": "graded" if graded else "ungraded",
        "flags": submission.flags,
        "error": error,
        "sha256": submission.sha256,
        "notebook_sha256": assignment.sha256 if assignment else None,
        "checks": [
            {"task": c["task"], "points": c["points"], "max": MAX_POINTS}
            | {"mistakes": c["mistakes"], "seconds": c["seconds"]}
            for c in checks or ()
        ],
        **common,
    }


def _seed(options):
    """The secret that the hidden inputs follow from; a fresh one is kept so that a run can go on."""
    kept = options.out / "seed"
    path = options.seed_file or (kept if kept.exists() else None)
    if path:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise _Usage(f"the seed file cannot be read: {error}") from None
        if not data:
            raise _Usage(f"{path} is empty")
        return hashlib.sha256(data).digest()
    data = secrets.token_hex(32).encode()
    options.out.mkdir(parents=True, exist_ok=True)
    with open(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    return hashlib.sha256(data).digest()


def _versions():
    versions = {"python": platform.python_version(), "numpy": np.__version__}
    for name in ("mlp-lib", "nbval", "pytest"):
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = "not installed"
    try:
        said = subprocess.run(["bwrap", "--version"], capture_output=True, text=True, timeout=10)
        versions["bubblewrap"] = said.stdout.strip()
    except OSError:
        versions["bubblewrap"] = "not installed"
    return versions
