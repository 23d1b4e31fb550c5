"""A class graded for the record: submissions a minute, memory of the judging side, what is left."""

import argparse
import contextlib
import copy
import os
import tempfile
import threading
import time
from pathlib import Path

import nbformat
import psutil

from grader.exercises import ROOT
from grader.grading import backends
from grader.grading.assignment import assignments
from grader.grading.attacks import ATTACKS
from grader.grading.submission import collect
from grader.grading.verdict import checks_sha256

from .timing import table

HOSTILE = 0.08  # share of the class
WANTED = {"fast": 45, "nbval": 20}  # submissions a minute on two cores
MEMORY = 300  # MB of one judging process
JUDGING = ("grader.grading.job", "ipykernel_launcher", "nbval")


def make_class(folder, count):
    """Write notebooks with right answers, some with an attack as relu; return the attackers."""
    name = next(iter(assignments()))
    right = nbformat.read(ROOT / "solutions" / f"{name}.ipynb", as_version=4)
    attacks = list(ATTACKS.values())
    hostile = {round((i + 0.5) / HOSTILE) for i in range(round(HOSTILE * count))}
    for i in range(count):
        notebook = copy.deepcopy(right)
        if i in hostile:
            cell = next(
                c for c in notebook.cells if c.metadata.get("grader", {}).get("answer") == "relu"
            )
            cell.source = attacks[i * 37 % len(attacks)]
        place = Path(folder, f"student{i}", f"{name}.ipynb")
        place.parent.mkdir()
        place.write_text(nbformat.writes(notebook), "utf-8")
    return {f"student{i}" for i in hostile}


@contextlib.contextmanager
def watched():
    """Yield a list that holds, in the end, the largest memory of a judging process in MB."""
    most, done = [0], threading.Event()

    def watch():
        while not done.wait(0.5):
            for process in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    if any(word in " ".join(process.cmdline()) for word in JUDGING):
                        most[0] = max(most[0], process.memory_info().rss >> 20)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        done.set()
        thread.join()


def grade(submissions, trusted, hostile, engine, workers):
    """Return the minutes that a class takes, and what was not graded as it should be."""
    settings = {"engine": engine, "sandbox": "bwrap", "seed": os.urandom(32).hex()}
    settings |= {
        "checks_sha256": checks_sha256(),
        "assignments": {n: vars(a) for n, a in trusted.items()},
    }
    start, wrong = time.perf_counter(), []
    for submission, checks, error in backends.run(submissions, settings, workers=workers):
        full = not error and all(check["points"] == check.get("max", 3) for check in checks)
        if error or full == (submission.student in hostile):
            wrong.append(f"{submission.student}: {error or [c['points'] for c in checks]}")
    return (time.perf_counter() - start) / 60, wrong


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks grading", description=__doc__)
    parser.add_argument("-n", type=int, default=200, help="submissions")
    parser.add_argument("-j", type=int, default=os.cpu_count(), help="processes")
    options, _ = parser.parse_known_args(arguments)
    rows, met = [], True
    with tempfile.TemporaryDirectory() as folder:
        rooms, temporary = Path(folder, "class"), Path(folder, "temporary")
        rooms.mkdir()
        temporary.mkdir()
        tempfile.tempdir = str(temporary)
        hostile = make_class(rooms, options.n)
        trusted = assignments()
        submissions = collect([rooms], trusted)
        for engine, wanted in WANTED.items():
            with watched() as memory:
                minutes, wrong = grade(submissions, trusted, hostile, engine, options.j)
            rate, left = options.n / minutes, len(list(temporary.iterdir()))
            rows.append(
                [engine, f"{rate:.0f}", str(wanted), f"{memory[0]}", str(left), str(len(wrong))]
            )
            met &= rate >= wanted and memory[0] <= MEMORY and not left and not wrong
            print(*wrong, sep="\n", end="\n" if wrong else "")
        tempfile.tempdir = None
    count = len(next(iter(trusted.values())).tasks)
    print(
        f"{options.n} submissions of {count} tasks each, "
        f"{len(hostile)} of them hostile, -j {options.j}\n"
    )
    head = [
        "engine",
        "submissions a minute",
        "wanted",
        "MB of judging",
        "files left",
        "wrongly graded",
    ]
    print(table(head, rows))
    return 0 if met else 1
