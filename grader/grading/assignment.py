"""The trusted notebooks: which cells hold answers, which check them, what a right answer prints."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import nbformat

from ..exercises import HOW_TO_GET_ONE, ROOT
from ..score import MAX_POINTS
from ..tasks import TASKS


class Broken(Exception):
    """The project's own notebook cannot be used to grade."""


@dataclass(frozen=True)
class Assignment:
    """One exercise notebook of ours, as plain data."""

    name: str
    sha256: str
    answers: dict  # {cell id: task}
    tasks: list  # in the order of their checks
    setup: str  # the source of the cell "setup"
    given: list  # the sources of all code cells that hold no answer
    merged: str  # the notebook to run: a setup of proxies, then our check cells and our outputs

    @property
    def max_points(self):
        return MAX_POINTS * len(self.tasks)


def assignments(folder=ROOT / "exercises"):
    """Return {name: Assignment} of the exercise notebooks; Broken if one of them is."""
    found = {path.stem: _read(path) for path in sorted(Path(folder).glob("*.ipynb"))}
    if not found:
        raise Broken(f"there is no course folder with notebooks in {folder}: {HOW_TO_GET_ONE}")
    return found


def _read(path):
    data = path.read_bytes()
    try:
        notebook = nbformat.reads(data.decode(), as_version=4)
        nbformat.validate(notebook)
    except Exception as error:  # JSON, schema and decoding errors have no common ancestor
        raise Broken(f"{path}: {error!s:.300}") from None
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    setup = next((cell.source for cell in code if cell.id == "setup"), None)
    if setup is None:
        raise Broken(f"{path}: no code cell has the id 'setup'")
    answers, checks = {}, {}
    for cell in code:
        about = cell.metadata.get("grader", {})
        if "answer" in about:
            answers[cell.id] = about["answer"]
        if "check" in about:
            task = about["check"]
            text = "".join(o.get("text", "") for o in cell.outputs)
            if task not in TASKS or text != f"✓ {task} {MAX_POINTS}/{MAX_POINTS}\n":
                raise Broken(
                    f"{path}, cell {cell.id!r}: its output is not that of a right {task!r}"
                )
            checks[task] = cell
    if sorted(answers.values()) != sorted(checks) or not checks:
        raise Broken(f"{path}: every answer needs one check, every check one answer")
    names = [f"{task} = Answer({task!r})" for task in checks]
    proxies = "\n".join(["from grader.grading.kernel import Answer, check", "", *names])
    merged = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(proxies, id="setup"), *checks.values()],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    return Assignment(
        path.stem,
        hashlib.sha256(data).hexdigest(),
        answers,
        list(checks),
        setup,
        [cell.source for cell in code if "answer" not in cell.metadata.get("grader", {})],
        nbformat.writes(merged),
    )
