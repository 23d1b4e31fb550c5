"""Submissions a minute of the grade of record: both engines, both back ends, one run."""

import argparse
import contextlib
import copy
import io
import os
import tempfile
import time
from pathlib import Path

import nbformat

from grader.exercises import ROOT
from grader.grading import backends
from grader.grading.assignment import assignments
from grader.grading.submission import collect
from grader.grading.verdict import checks_sha256

from .timing import table

TASKS = 2
WANTED = {"nbval": 150, "fast": 20}  # seconds for 100 submissions on two cores


def two_tasks(assignment, notebook):
    """An assignment of the first tasks only, and a right answer to it."""
    kept = assignment.tasks[:TASKS]
    answers = {cell_id: task for cell_id, task in assignment.answers.items() if task in kept}
    merged = nbformat.reads(assignment.merged, 4)
    merged.cells = [c for c in merged.cells if c.metadata.get("grader", {"check": kept[0]})["check"] in kept]
    fields = vars(assignment) | {"tasks": kept, "answers": answers, "merged": nbformat.writes(merged)}
    notebook = copy.deepcopy(notebook)
    notebook.cells = [c for c in notebook.cells if c.metadata.get("grader", {}).get("answer") in kept]
    return type(assignment)(**fields), notebook


def seconds(submissions, trusted, engine, **where):
    settings = {"engine": engine, "sandbox": "bwrap", "seed": os.urandom(32).hex()}
    settings |= {"checks_sha256": checks_sha256(), "assignments": {trusted.name: vars(trusted)}}
    start = time.perf_counter()
    for submission, checks, error in backends.run(submissions, settings, **where):
        if error or sum(check["points"] for check in checks) != trusted.max_points:
            raise RuntimeError(f"a right answer is not graded as one: {submission.id}: {error or checks}")
    return time.perf_counter() - start


@contextlib.contextmanager
def cluster(workers):
    """The options for a Dask cluster on this machine; None if Dask is not installed."""
    try:
        from distributed import LocalCluster
    except ImportError:
        yield None
        return
    options = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
    with contextlib.redirect_stderr(io.StringIO()), LocalCluster(**options) as local:
        yield {"scheduler": local.scheduler_address}


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks grading", description=__doc__)
    parser.add_argument("-n", type=int, default=100, help="submissions")
    parser.add_argument("-j", type=int, default=os.cpu_count(), help="processes, and Dask workers")
    options, _ = parser.parse_known_args(arguments)
    name, assignment = next(iter(assignments().items()))
    notebook = nbformat.read(ROOT / "solutions" / f"{name}.ipynb", as_version=4)
    trusted, notebook = two_tasks(assignment, notebook)
    with tempfile.TemporaryDirectory() as folder:
        for i in range(options.n):
            room = Path(folder, f"student{i}")
            room.mkdir()
            (room / f"{name}.ipynb").write_text(nbformat.writes(notebook), "utf-8")
        submissions = collect([folder], {name: trusted})
    rows, met = [], True
    with cluster(options.j) as dask:
        for engine, wanted in WANTED.items():
            for backend, where in {f"-j {options.j}": {"workers": options.j}, "Dask": dask}.items():
                if where is None:
                    rows.append([engine, backend, "not installed", "", ""])
                    continue
                took = seconds(submissions, trusted, engine, **where)
                allowed = wanted * options.n / 100
                met &= backend == "Dask" or took <= allowed
                rows.append([engine, backend, f"{60 * options.n / took:.0f}", f"{took:.1f}", f"{allowed:g}"])
    print(
        f"{options.n} submissions of {TASKS} tasks each, {os.cpu_count()} cores, every check in its sandbox\n"
    )
    print(table(["engine", "back end", "submissions a minute", "seconds", "wanted at most"], rows))
    return 0 if met else 1
