"""One submission judged: in this process, or as a notebook under nbval."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .sandbox import GRADER, SandboxError
from .verdict import Verdict, judge

CELL_TIMEOUT = 600  # seconds; every check ends itself earlier


class EngineError(Exception):
    """The grader failed, not the answer."""


def fast(submissions, assignments, seed, sandbox):
    """Yield (id, [Verdict], error) of each, without a kernel; either verdicts or an error is None."""
    for submission in submissions:
        assignment = assignments[submission.assignment]
        given = {"setup": assignment["setup"], "seed": seed, "sandbox": sandbox}
        try:
            verdicts = [judge(task, submission.answers, **given) for task in assignment["tasks"]]
            yield submission.id, verdicts, None
        except SandboxError as error:
            yield submission.id, None, str(error)


def nbval(submissions, assignments, seed, sandbox):
    """Yield the same as `fast`, from one run of ``pytest --nbval`` over all submissions."""
    with tempfile.TemporaryDirectory(prefix="grade-") as folder:
        notebooks = []
        for submission in submissions:
            assignment = assignments[submission.assignment]
            room = Path(folder, submission.id)
            room.mkdir()
            job = {"answers": submission.answers, "setup": assignment["setup"], "sandbox": sandbox}
            (room / "job.json").write_text(json.dumps(job | {"seed": seed.hex()}), "utf-8")
            notebooks.append(room / f"{assignment['name']}.ipynb")
            notebooks[-1].write_text(assignment["merged"], "utf-8")
        said = _pytest(notebooks, folder)
        for submission, notebook in zip(submissions, notebooks, strict=True):
            tasks = assignments[submission.assignment]["tasks"]
            try:
                verdicts = _verdicts(notebook.with_name("cells.jsonl"), tasks, said)
                yield submission.id, verdicts, None
            except EngineError as error:
                yield submission.id, None, str(error)


ENGINES = {"fast": fast, "nbval": nbval}


def _pytest(notebooks, folder):
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "grader.grading.plugin"]
    command += ["-p", "no:cacheprovider", "-c", os.devnull, f"--rootdir={folder}", "--tb=short"]
    command += [f"--nbval-cell-timeout={CELL_TIMEOUT}", *map(str, notebooks)]
    path = os.pathsep.join(filter(None, [str(GRADER.parent), os.environ.get("PYTHONPATH")]))
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": path}
    run = subprocess.run(
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    return run.stdout[-2000:]


def _verdicts(record, tasks, said):
    """Pair nbval's verdicts with the points; they must tell the same story."""
    if not record.exists():
        raise EngineError(f"nbval did not run: {said}")
    entries = {e["task"]: e for e in map(json.loads, record.read_text("utf-8").splitlines())}
    verdicts = []
    for task in tasks:
        entry = entries.get(task, {"nbval": "none", "verdict": None})
        if entry["verdict"] is None:
            raise EngineError(f"the check of {task} did not end (nbval: {entry['nbval']}): {said}")
        verdict = Verdict(**entry["verdict"])
        if (entry["nbval"] == "passed") != verdict.message.startswith("✓"):
            raise EngineError(f"nbval says {entry['nbval']} of {task}, its check {verdict.message}")
        verdicts.append(verdict)
    return verdicts
