"""One run of grading: what was given is collected, what is new is judged, all is kept."""

import contextlib
import dataclasses
import datetime
import importlib.metadata
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..score import MAX_POINTS
from . import backends, course, feedback, owner, selftest, table
from .assignment import assignments
from .backends import LostCluster
from .flags import words
from .proxy import Worker
from .sandbox import clear
from .store import Store, seed_of
from .submission import collect
from .verdict import checks_sha256

__all__ = ["LostCluster", "NotWritten", "Usage", "grade"]

MALFORMED = {"malformed", "too-large"}  # mistakes that are worth a flag of the submission


class Usage(Exception):
    """The command is wrong."""


class NotWritten(Exception):
    """A file of --out could not be written."""


def grade(options):
    """Grade what is given; return the results of this run that have no grade."""
    trusted = assignments()
    for path in options.submissions:
        if not path.exists() and not path.is_symlink():
            raise Usage(f"there is no {path}")
    roster = _roster(options.roster)
    rules = course.read(options.course) if options.course else None
    submissions = collect(options.submissions, trusted)
    if not submissions:
        raise Usage("there are no notebooks in what was given")
    _look_at_the_sandbox(options)
    store = Store(options.out)
    try:
        seed = _seed(options, store)
        store.assign(submissions)
        for name, given in (("roster.csv", options.roster), ("course.toml", options.course)):
            if given:
                store.save(name, owner.decoded(given.read_bytes()))
    except OSError as error:
        raise _not_written(error) from None
    rules = rules or kept_course(store)
    roster = roster or kept_roster(store)
    common = {
        "engine": options.engine,
        "sandbox": options.sandbox,
        "selftest": "skipped" if options.trust_anyway else "passed",
        "seed_sha256": seed_of(seed).hex(),
        "checks_sha256": checks_sha256(),
    }
    try:
        results = _results(options, submissions, trusted, store, rules, common, seed)
    finally:
        with contextlib.suppress(OSError):  # a full disk has been told of already
            with store.locked():
                store.save("grades.csv", table.text(table.rows(store.results(), roster, rules)))
    left = [r for r in results if r["status"] != "graded"]
    print(f"{len(results) - len(left)} graded, {len(left)} not: {options.out / 'grades.csv'}")
    for result in left:
        print(f"  not graded: {result['id']}: {' '.join(result['flags'])} {result['reason'] or ''}")
    _say_who_is_missing(options, store, results, roster)
    return left


def _results(options, submissions, trusted, store, rules, common, seed):
    """Judge what is not graded yet and keep each result as it comes; return this run's results."""
    results, to_do = [], []
    versions = _versions()

    def keep(submission, checks, error):
        result = _result(submission, trusted.get(submission.assignment), checks, error)
        result |= common | {"versions": versions}
        try:
            store.save(Path("feedback", f"{result['id']}.md"), feedback.markdown(result, rules))
            store.save(Path("feedback", f"{result['id']}.html"), feedback.page(result, rules))
            store.save_result(result)
        except OSError as problem:
            raise _not_written(problem) from None
        results.append(result)

    for submission in submissions:
        if not submission.readable:
            keep(submission, None, None)
            continue
        key = {name: value for name, value in common.items() if name != "selftest"}
        key |= {name: getattr(submission, name) for name in ("sha256", "student", "path")}
        key["notebook_sha256"] = trusted[submission.assignment].sha256
        earlier = store.finished(submission.id, key)
        if earlier:
            results.append(earlier)
        else:
            to_do.append(submission)
    if results:
        print(f"{len(results)} of {len(submissions)} need no grading or were graded before")

    settings = {"engine": options.engine, "sandbox": options.sandbox, "seed": seed_of(seed).hex()}
    settings["checks_sha256"] = common["checks_sha256"]
    settings["assignments"] = {name: dataclasses.asdict(a) for name, a in trusted.items()}
    where = {"scheduler": options.scheduler} if options.scheduler else {"workers": options.j}
    with tqdm(total=len(submissions), initial=len(results), unit="notebook") as bar:
        for submission, checks, error in backends.run(to_do, settings, **where):
            keep(submission, checks, error)
            bar.update()
    return results


def _result(submission, assignment, checks, error):
    """What results/ID.json holds."""
    graded = checks is not None
    flags = list(submission.flags)
    for check in checks or ():
        flags += [f"malformed:{check['task']}" for tag in check["mistakes"] if tag in MALFORMED]
    reason = error if submission.readable else " ".join(map(words, flags))
    return {
        "id": submission.id,
        "student": submission.student,
        "assignment": submission.assignment,
        "score": sum(check["points"] for check in checks) if graded else None,
        "max": assignment.max_points if assignment else None,
        "status": "graded" if graded else "ungraded",
        "flags": flags,
        "reason": reason,
        "path": submission.path,
        "handed_in": submission.handed_in,
        "graded_at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "sha256": submission.sha256,
        "notebook_sha256": assignment.sha256 if assignment else None,
        "checks": [check | {"max": MAX_POINTS} for check in checks or ()],
    }


def _look_at_the_sandbox(options):
    """Refuse before anything is written where the sandbox does not start or is not tested."""
    if options.sandbox == "none":
        print("grade: WITHOUT A SANDBOX: the answers run with your rights", file=sys.stderr)
    elif not options.scheduler:
        with Worker("bwrap"):
            pass
        # kill -9 must leave nothing, and only the jobs' folders are somebody else's to remove
        clear()
        if not options.trust_anyway:
            selftest.demand()


def _seed(options, store):
    if options.seed_file is None:
        data = store.seed()
    else:
        try:
            data = options.seed_file.read_bytes()
        except OSError as error:
            raise Usage(f"the seed file cannot be read: {error}") from None
    if not data:
        raise Usage(f"{options.seed_file or store.folder / 'seed'} is empty")
    return data


def _roster(path):
    try:
        return owner.roster(path) if path else []
    except (OSError, ValueError) as error:
        raise Usage(f"the roster cannot be read: {error}") from None


def kept_roster(store):
    path = store.folder / "roster.csv"
    return owner.roster(path) if path.exists() else []


def kept_course(store):
    path = store.folder / "course.toml"
    return course.read(path) if path.exists() else course.Course()


def _say_who_is_missing(options, store, results, roster):
    everybody = store.results()
    present = {owner.on_roster(r["student"], roster) for r in everybody}
    nothing = [name for name in roster if name not in present]
    if nothing:
        print(f"nothing handed in: {', '.join(nothing)}")
    if options.missing:
        now = {r["id"] for r in results}
        for result in everybody:
            if result["id"] not in now:
                print(f"  not in what was given now: {result['id']}: {result['path']}")


def _not_written(error):
    return NotWritten(f"{error.filename or 'a file'} cannot be written: {error.strerror}")


def _versions():
    versions = {"python": platform.python_version(), "numpy": np.__version__}
    for name in ("mlp-lib", "nbval", "pytest"):
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = "not installed"
    bwrap = shutil.which("bwrap")
    said = (
        subprocess.run([bwrap, "--version"], capture_output=True, text=True).stdout if bwrap else ""
    )
    return versions | {"bubblewrap": said.strip() or "not installed"}
