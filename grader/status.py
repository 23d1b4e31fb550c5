"""The score table of the whole course, from a run of nbval over the exercises."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from tqdm import tqdm

from .exercises import ROOT
from .judging import MAX_POINTS

CELL_TIMEOUT = 90  # seconds; the training tasks end themselves earlier

_POINTS = re.compile(r"^[✓✗○] (\w+) (\d+)/\d+", re.MULTILINE)


def print_table(root=ROOT):
    """Run every exercise notebook and print points per task, per notebook and in total."""
    paths = sorted((root / "exercises").glob("*.ipynb"))
    if not paths:
        raise FileNotFoundError(f"no notebooks in {root / 'exercises'}: run `make exercises`")
    printed = run(paths)
    total = 0, 0
    for path in paths:
        scores = {
            task: points(printed.get((path.name, cell), ""), task) for cell, task in check_cells(path).items()
        }
        sum_, maximum = sum(scores.values()), MAX_POINTS * len(scores)
        print(f"{path.stem:<36}{sum_:>4}/{maximum}")
        for task, got in scores.items():
            print(f"  {'✓' if got == MAX_POINTS else ' '} {task:<32}{got:>4}/{MAX_POINTS}")
        total = total[0] + sum_, total[1] + maximum
    print(f"{'total':<36}{total[0]:>4}/{total[1]}")


def check_cells(path):
    """Return {cell id: task} of a notebook's check cells."""
    cells = nbformat.read(path, as_version=4).cells
    return {c.id: c.metadata["grader"]["check"] for c in cells if "check" in c.metadata.get("grader", {})}


def points(text, task):
    """Read the points off what a check printed: none where it printed nothing."""
    return max((int(got) for name, got in _POINTS.findall(text) if name == task), default=0)


def run(paths):
    """Run nbval over notebooks; return {(file name, cell id): printed text}."""
    cells = sum(c.cell_type == "code" for p in paths for c in nbformat.read(p, 4).cells)
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder, "record.jsonl")
        record.touch()
        command = [sys.executable, "-m", "pytest", "--nbval", "-v", "-p", "grader.recorder"]
        command += [f"--nbval-cell-timeout={CELL_TIMEOUT}", "-p", "no:cacheprovider"]
        command += [
            "-c",
            os.devnull,
            f"--rootdir={folder}",
            *(str(path.resolve()) for path in paths),
        ]
        environment = os.environ | {
            "GRADER_RECORD": str(record),
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONUNBUFFERED": "1",
        }
        process = subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        said = []
        with process, tqdm(total=cells, unit="cell", leave=False) as bar:
            for line in process.stdout:
                said.append(line)
                bar.update("%]" in line)
        if process.returncode not in (0, 1):  # 1: some outputs differ, as they do in a blank
            raise RuntimeError("nbval did not run:\n" + "".join(said[-20:]))
        lines = record.read_text("utf-8").splitlines()
    entries = map(json.loads, lines)
    return {(entry["notebook"], entry["cell"]): entry["text"] for entry in entries}
