"""One submission judged: in this process, or as a notebook under nbval."""

import json
import tempfile
from pathlib import Path

from . import nbval as runner
from .sandbox import SandboxError
from .verdict import Verdict, judge


class EngineError(Exception):
    """The grader failed, not the answer."""


def fast(submissions, assignments, seed, sandbox):
    """Yield (id, [Verdict], error) of each, without a kernel; one of the two is None."""
    for submission in submissions:
        assignment = assignments[submission.assignment]
        order = list(assignment["answers"].values())
        given = {"order": order, "setup": assignment["setup"], "own": submission.own}
        given |= {"seed": seed, "sandbox": sandbox}
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
            order = list(assignment["answers"].values())
            job = {"answers": submission.answers, "own": submission.own}
            job |= {"order": order, "setup": assignment["setup"]}
            (room / "job.json").write_text(json.dumps(job | {"sandbox": sandbox}), "utf-8")
            notebooks.append(room / f"{assignment['name']}.ipynb")
            notebooks[-1].write_text(assignment["merged"], "utf-8")
        # The seed travels in the environment: no file but its owner's ever holds it.
        entries, said = runner.run(notebooks, folder, GRADER_SEED=seed.hex())
        for submission, notebook in zip(submissions, notebooks, strict=True):
            nbval_says = {e["task"]: e["nbval"] for e in entries if e["notebook"] == str(notebook)}
            tasks = assignments[submission.assignment]["tasks"]
            try:
                yield submission.id, [_verdict(notebook, t, nbval_says, said) for t in tasks], None
            except EngineError as error:
                yield submission.id, None, str(error)


ENGINES = {"fast": fast, "nbval": nbval}


def _verdict(notebook, task, nbval_says, said):
    """Pair nbval's verdict with the points; they must tell the same story."""
    if task not in nbval_says:
        raise EngineError(f"nbval did not run the check of {task}: {said}")
    points = notebook.with_name(f"{task}.json")
    if not points.exists():
        raise EngineError(f"the check of {task} did not end (nbval: {nbval_says[task]}): {said}")
    verdict = Verdict(**json.loads(points.read_text("utf-8")))
    if (nbval_says[task] == "passed") != verdict.message.startswith("✓"):
        raise EngineError(f"nbval says {nbval_says[task]} of {task}, its check {verdict.message}")
    return verdict
