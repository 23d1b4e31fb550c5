"""A process of its own that judges a few submissions: ``python -m grader.grading.job``.

It reads one JSON object from stdin and writes one line for each submission to stdout.  That it is
a process keeps the checks' clocks and memory limits in a main thread of their own, wherever the
job runs, and makes it something that can die without taking the run along.
"""

import atexit
import dataclasses
import json
import os
import signal
import subprocess
import sys
import threading
import time

from . import bounds
from .engines import ENGINES
from .nbval import clean_environment
from .scratch import Scratch
from .submission import Submission
from .verdict import checks_sha256

_running = set()


def run(submissions, settings):
    """Judge submissions (dicts) in a new process; return ({id: line}, what it said when it failed).

    A submission that the process did not get to is missing from the lines.
    """
    scratch = Scratch()
    folder = scratch.path
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "grader.grading.job"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(folder)
        | {"GRADER_FOLDER": folder, "GRADER_PARENT": str(os.getpid())},
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    clock = threading.Timer(bounds.SUBMISSION * len(submissions), process.kill)
    clock.start()
    _running.add(process)
    try:
        out, err = process.communicate(json.dumps({"submissions": submissions, **settings}))
    finally:
        _running.discard(process)
        clock.cancel()
        _end(process)
        scratch.remove()
    lines = {}
    for text in out.splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue  # it died in the middle of a line
        lines[line["id"]] = line
    said = err.strip()[-1500:] or f"the grading process ended with code {process.returncode}"
    return lines, said


def stop_all():
    """End the processes of this one that are still at work."""
    for process in list(_running):
        _end(process)


def _end(process):
    """Kill a job, and the pytest and kernels that are left of it."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def main():
    _leave_with_the_parent()
    job = json.load(sys.stdin)
    if job["checks_sha256"] != checks_sha256():
        raise SystemExit("this machine has another version of the checks than the one that asks")
    for line in judged(job):
        print(json.dumps(line), flush=True)


def judged(job):
    """Yield a line {id, checks, error} for each submission of a job, as it is judged."""
    submissions = [Submission(**fields) for fields in job["submissions"]]
    engine = ENGINES[job["engine"]]
    seed = bytes.fromhex(job["seed"])
    for name, verdicts, error in engine(submissions, job["assignments"], seed, job["sandbox"]):
        checks = None if error else [dataclasses.asdict(v) for v in verdicts]
        yield {"id": name, "checks": checks, "error": error}


# Run by a process of its own: whoever is still at work in the folder cannot remove it.
CLEAR = """
import contextlib, os, shutil, signal, sys, time
with contextlib.suppress(ProcessLookupError):
    os.killpg(int(sys.argv[1]), signal.SIGKILL)
for _ in range(300):  # a kernel needs a moment to see that it is alone
    shutil.rmtree(sys.argv[2], ignore_errors=True)
    if not os.path.exists(sys.argv[2]):
        break
    time.sleep(0.1)
"""


def _leave_with_the_parent():
    """End this job and remove its files when the process that wants its answer is gone."""

    def watch():
        while not _is_alone():
            time.sleep(1)
        _clear()

    threading.Thread(target=watch, daemon=True).start()
    atexit.register(lambda: _is_alone() and _clear())  # it may have read only half of what was said


def _is_alone():
    return os.getppid() != int(os.environ["GRADER_PARENT"])


def _clear():
    line = [sys.executable, "-I", "-S", "-c", CLEAR, str(os.getpgrp()), os.environ["GRADER_FOLDER"]]
    subprocess.Popen(line, start_new_session=True)


if __name__ == "__main__":
    main()
