"""A process of its own that judges a few submissions: ``python -m grader.grading.job``.

It reads one JSON object from stdin and writes one line for each submission to stdout.  That it is
a process keeps the checks' clocks and memory limits in a main thread of their own, wherever the
job runs, and makes it something that can die without taking the run along.
"""

import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from . import bounds
from .engines import ENGINES
from .nbval import clean_environment
from .submission import Submission
from .verdict import checks_sha256

_running = set()


def run(submissions, settings):
    """Judge submissions (dicts) in a new process; return ({id: line}, what it said when it failed).

    A submission that the process did not get to is missing from the lines.
    """
    folder = tempfile.mkdtemp(prefix="grade-job-")
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "grader.grading.job"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(folder) | {"GRADER_FOLDER": folder},
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
        shutil.rmtree(folder, ignore_errors=True)
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
    submissions = [Submission(**fields) for fields in job["submissions"]]
    engine = ENGINES[job["engine"]]
    seed = bytes.fromhex(job["seed"])
    for name, verdicts, error in engine(submissions, job["assignments"], seed, job["sandbox"]):
        checks = None if error else [dataclasses.asdict(v) for v in verdicts]
        print(json.dumps({"id": name, "checks": checks, "error": error}), flush=True)


def _leave_with_the_parent():
    """End this job and remove its files when the process that wants its answer is gone."""
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(1)
        shutil.rmtree(os.environ["GRADER_FOLDER"], ignore_errors=True)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    main()
