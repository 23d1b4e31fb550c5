"""Run the notebooks side by side before Sphinx reads them, each only if it would say something new.

A run is kept in ``_build/runs`` with what it follows from: the code of the notebook, the files of
the project that it imported, the packages.  A check is not run for a page: a solution shows its
stored output, which nbval compares with a fresh one, and an exercise, still blank, shows none.  So
a change in the grader changes no page.  The front page is Markdown: what its cells show takes their
place.
"""

import hashlib
import json
import math
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from importlib.metadata import version
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).parents[1]
RUNS = ROOT / "_build" / "runs"
FOLDERS = ("chapters", "exercises", "solutions")
# A cell of a page in Markdown.
CELL = re.compile(r"^```\{code-cell\}.*\n(?::.*\n)*\n*((?:.*\n)*?)```$", re.M)
PACKAGES = ("numpy", "matplotlib", "pillow", "ipython", "ipykernel", "ipywidgets")
KERNEL_CONFIG = f"""
import sys
sys.path.append({str(ROOT)!r})
c.InteractiveShellApp.extensions = ["book.explorers"]
c.InlineBackend.figure_formats = set()  # book.explorers shows figures
c.IPKernelApp.log_level = "ERROR"
"""
IMPORTED = (
    "import json, sys; "
    "print(json.dumps([getattr(m, '__file__', None) for m in sys.modules.values()]))"
)


class Client(NotebookClient):
    """Runs every cell but the checks."""

    async def async_execute_cell(self, cell, cell_index, **options):
        if _is_check(cell):
            return cell
        return await super().async_execute_cell(cell, cell_index, **options)


def tell(line):
    print(line, flush=True)


def run_all():
    """Bring every run up to date, as many at a time as there are cores.

    Returns {page: name of its run}; RuntimeError names the cells that failed.
    """
    prepare()
    paths = list(ROOT.glob("index.md"))
    paths += [
        path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.ipynb"), reverse=True)
    ]
    old = longest_first([path for path in paths if not is_fresh(path)])
    failed = []
    if old:
        tell(f"Running {len(old)} of {len(paths)} notebooks, {os.cpu_count()} at a time …")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        started = {pool.submit(run, path): path for path in old}
        for left, future in zip(range(len(old) - 1, -1, -1), as_completed(started)):
            page = page_of(started[future])
            try:
                tell(f"  {page}: {future.result():.0f} s, {left} to go")
            except CellExecutionError as error:
                failed.append(f"{page}: {error}")
    if failed:
        raise RuntimeError("\n".join(failed))
    return {page_of(path): json.loads(_facts(path).read_text("utf-8"))["name"] for path in paths}


def longest_first(paths):
    """Order the pages by how long they ran last, so that no core waits for one at the end.

    A page that never ran comes before: FOLDERS begins with the longest, and later pages draw more.
    """
    return sorted(paths, key=_seconds, reverse=True)


def prepare():
    """Let the kernels know that they work for the book: explorers and figures as on the site."""
    profile = ROOT / "_build" / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text(KERNEL_CONFIG)
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "IPYTHONDIR": str(profile.parent)}


def page_of(path):
    return path.relative_to(ROOT).with_suffix("").as_posix()


def executed(page):
    """Return the text of the page with the cells as they ran and the prose as it is now."""
    ran = nbformat.read((RUNS / page).with_suffix(".ipynb"), as_version=4)
    code = iter(cell for cell in ran.cells if cell.cell_type == "code")
    markdown = (ROOT / page).with_suffix(".md")
    if markdown.is_file():
        return CELL.sub(lambda _: _html(next(code)), markdown.read_text("utf-8"))
    notebook = nbformat.read((ROOT / page).with_suffix(".ipynb"), as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            result = next(code)
            cell.outputs, cell.execution_count = result.outputs, result.execution_count
    return nbformat.writes(notebook)


def is_fresh(path):
    """Whether the kept run is the one that a run of the notebook would give now."""
    try:
        facts = json.loads(_facts(path).read_text("utf-8"))
    except FileNotFoundError:
        return False
    return facts["inputs"] == inputs(path, facts["inputs"]["files"])


def run(path):
    """Run one notebook; keep the run under a name that changes with it; return the seconds."""
    start = time.monotonic()
    notebook = _read(path)
    for cell in notebook.cells:
        if cell.cell_type == "code" and not (_is_check(cell) and path.parent.name == "solutions"):
            cell.outputs, cell.execution_count = [], None
    notebook.cells.append(nbformat.v4.new_code_cell(IMPORTED))
    folder = {"metadata": {"path": str(path.parent)}}
    patience = {"timeout": 3600, "startup_timeout": 600}  # seconds; a busy machine needs many
    client = Client(
        notebook, **patience, kernel_name="python3", record_timing=False, resources=folder
    )
    client.execute()
    files = _own(json.loads(notebook.cells.pop().outputs[0].text), notebook)
    kept = (RUNS / path.relative_to(ROOT)).with_suffix(".ipynb")
    kept.parent.mkdir(parents=True, exist_ok=True)
    text = nbformat.writes(notebook)
    kept.write_text(text, "utf-8")
    seconds = time.monotonic() - start
    facts = {"name": _digest(text.encode()), "seconds": seconds, "inputs": inputs(path, files)}
    _facts(path).write_text(json.dumps(facts), "utf-8")
    return seconds


def inputs(path, files):
    """What the run of a notebook follows from; ``files`` are those of the project that it uses."""
    cells = _read(path).cells
    return {
        "cells": [
            [cell.source, cell.metadata.get("tags", []), cell.outputs if _is_check(cell) else None]
            for cell in cells
            if cell.cell_type == "code"
        ],
        "files": {name: _digest_of(ROOT / name) for name in files},
        "kernel": [
            KERNEL_CONFIG.replace(str(ROOT), ""),
            sys.version,
            *(f"{name} {version(name)}" for name in PACKAGES),
        ],
    }


def _read(path):
    if path.suffix == ".ipynb":
        return nbformat.read(path, as_version=4)
    sources = CELL.findall(path.read_text("utf-8"))
    cells = [nbformat.v4.new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(sources)]
    return nbformat.v4.new_notebook(cells=cells)


def _html(cell):
    shown = [
        output.data["text/html"] for output in cell.outputs if "text/html" in output.get("data", {})
    ]
    return "\n".join(f"````{{raw}} html\n{html}\n````" for html in shown)


def _own(modules, notebook):
    """The project's files behind these modules, and the library's data and style beside them."""
    roots = [ROOT / "mlp_lib", ROOT / "book"] + [ROOT / "grader"] * _asks_the_grader(notebook)
    found = {Path(name).resolve() for name in modules if name}
    found |= {path for path in (ROOT / "mlp_lib").rglob("*") if path.suffix not in (".py", ".pyc")}
    own = {path for path in found if path.is_file() and any(root in path.parents for root in roots)}
    return sorted(path.relative_to(ROOT).as_posix() for path in own)


def _asks_the_grader(notebook):
    """Whether a cell that is run shows what the grader says."""
    text = "\n".join(c.source for c in notebook.cells if c.cell_type == "code" and not _is_check(c))
    rest = text.replace("from grader import check", "")
    return "grader" in rest or (rest != text and "check(" in rest)


def _is_check(cell):
    return "check" in cell.metadata.get("grader", {})


def _seconds(path):
    facts = _facts(path)
    return (
        json.loads(facts.read_text("utf-8")).get("seconds", math.inf)
        if facts.exists()
        else math.inf
    )


def _facts(path):
    return (RUNS / path.relative_to(ROOT)).with_suffix(".json")


def _digest(content):
    return hashlib.sha256(content).hexdigest()


def _digest_of(path):
    return _digest(path.read_bytes()) if path.is_file() else None
