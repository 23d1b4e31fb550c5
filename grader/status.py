"""The score table of the whole course, from a run of nbval over the exercises."""

import re
import sys
import tempfile
from pathlib import Path

from tqdm import tqdm

from .exercises import HOW_TO_GET_ONE, ROOT, parsed
from .grading import bounds, nbval
from .score import MAX_POINTS
from .tasks import TASKS

_POINTS = re.compile(r"^[✓✗○] (\w+) (\d+)/\d+", re.MULTILINE)


def execute():
    """Print the table; return the exit code."""
    if not (ROOT / "exercises").is_dir():
        print(f"grader: there is no course folder at {ROOT}: {HOW_TO_GET_ONE}", file=sys.stderr)
        return 2
    print_table()
    return 0


def print_table(root=ROOT):
    """Run every exercise notebook and print points per task, per notebook and in total.

    A notebook that cannot be read costs its own rows and one line that says why.
    """
    paths = sorted((root / "exercises").glob("*.ipynb"))
    if not paths:
        raise FileNotFoundError(f"no notebooks in {root / 'exercises'}: run `make exercises`")
    tasks = {path: check_cells(path) for path in paths}
    printed = run([path for path, found in tasks.items() if not isinstance(found, str)])
    total = 0, 0
    for path, found in tasks.items():
        if isinstance(found, str):
            print(f"{path.stem:<36}   not read: {found}")
            continue
        scores = {task: points(printed.get((path.name, task), ""), task) for task in found}
        sum_, maximum = sum(scores.values()), MAX_POINTS * len(scores)
        print(f"{path.stem:<36}{sum_:>4}/{maximum}")
        for task, got in scores.items():
            print(f"  {'✓' if got == MAX_POINTS else ' '} {task:<32}{got:>4}/{MAX_POINTS}")
        total = total[0] + sum_, total[1] + maximum
    print(f"{'total':<36}{total[0]:>4}/{total[1]}")


def check_cells(path):
    """Return the tasks that a notebook checks, or what is wrong with it in a few words."""
    try:
        if not path.is_file() or path.stat().st_size > bounds.NOTEBOOK:
            return "it is no file of at most 10 MB"
        cells = parsed(path.read_text("utf-8")).cells
        found = [cell.metadata.get("grader", {}).get("check") for cell in cells]
        found = [task for task in found if task in TASKS]
    except OSError as error:
        return str(error.strerror)
    except Exception:  # a hostile file provokes whatever nbformat and json can raise
        return "it is no notebook, or a broken one: take a fresh copy"
    return found or "it has no check cells: take a fresh copy"


def points(text, task):
    """Read the points off what a check printed: none where it printed nothing."""
    return max((int(got) for name, got in _POINTS.findall(text) if name == task), default=0)


def run(paths):
    """Run nbval over notebooks; return {(file name, task): what its check printed}."""
    if not paths:
        return {}
    with tempfile.TemporaryDirectory() as folder, tqdm(unit="cell", leave=False) as bar:
        places = [path.resolve() for path in paths]
        entries, said = nbval.run(places, folder, each_line=lambda line: bar.update("%]" in line))
    if not entries:
        raise RuntimeError("nbval did not run:\n" + said)
    return {(Path(e["notebook"]).name, e["task"]): e["text"] for e in entries if e["task"]}
