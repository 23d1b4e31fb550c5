"""Run notebooks and keep of their outputs what a test can compare: text.

``python -m book.normalize NOTEBOOK…`` executes each in its own folder and rewrites it in one form:
pictures, widget views and explorer frames stripped, no timings, no versions of this machine.
It shows how the outputs differ from the stored ones.  Where a number or a verdict differs, it
stores nothing and exits with 1, unless the environment variable ACCEPT says that the new one is
right.  It also exits with 1, and names the cell, if one fails.
"""

import difflib
import os
import pathlib
import re
import sys
from concurrent.futures import ThreadPoolExecutor

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

# What a reader takes for a fact: numbers, signs, and words that judge.
FACT = re.compile(
    r"""
    \d+(?:\.\d+)?(?:e[-+]?\d+)? | [-+<>=≤≥≈×✓✗] | \b(?:nan|inf)\b
    | \b(?:true|false|none|yes|no|not|never|always|right|wrong|correct|incorrect|same|equal
        |different|differs?
        |pass(?:es|ed)?|fails?|failed|ok|caught|missed|smaller|larger|less|more|better|worse|Error)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
CELL_METADATA = {"tags", "mystnb", "course", "grader", "jupyter", "cellView"}
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def strip(notebook):
    """Keep each cell's text outputs and the metadata that the book and the graders read."""
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell in notebook.cells:
        cell.metadata = {k: v for k, v in sorted(cell.metadata.items()) if k in CELL_METADATA}
        if "outputs" in cell:
            cell.outputs = _merge_streams(cell.outputs)
        for output in cell.get("outputs", []):
            if "data" in output:
                live = any("widget" in kind for kind in output.data)
                kept = ("text/plain",) if live else ("text/plain", "text/html", "text/latex")
                output.data = {k: v for k, v in output.data.items() if k in kept}
                output.metadata = {}
    return notebook


def _merge_streams(outputs):
    """Join what one print wrote in two pieces: how it was cut depends on the moment."""
    merged = []
    for output in outputs:
        last = merged[-1] if merged else None
        if output.output_type == "stream" and last is not None and last.get("name") == output.name:
            last.text += output.text
        else:
            merged.append(output)
    return merged


def execute(path):
    """Return the notebook at path, each cell run in order in a fresh kernel from its folder."""
    notebook = nbformat.read(path, as_version=4)
    folder = {"metadata": {"path": str(path.parent)}}
    try:
        NotebookClient(
            notebook, timeout=3600, startup_timeout=600, kernel_name="python3", resources=folder
        ).execute()
    except CellExecutionError as error:
        failed = next(
            c for c in notebook.cells if any(o.output_type == "error" for o in c.get("outputs", []))
        )
        raise RuntimeError(f"{path}, cell {failed.id}: {error.ename}: {error.evalue}") from None
    return strip(notebook)


def changes(old, new):
    """Yield (cell id, lines of a diff, whether a fact differs) for cells that print something else.

    A cell that was never executed has nothing to compare with.
    """
    stored = {c.id: printed(c) for c in old.cells if c.cell_type == "code" and c.execution_count}
    for cell in new.cells:
        before, after = stored.get(cell.id), printed(cell)
        if before not in (None, after):
            diff = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1)
            yield cell.id, list(diff)[2:], FACT.findall(before) != FACT.findall(after)


def printed(cell):
    """What a reader sees under a cell, as text."""
    pieces = []
    for output in cell.get("outputs", []):
        pieces += [output.get("text", ""), output.get("ename", ""), output.get("evalue", "")]
        pieces += [str(text) for _, text in sorted(output.get("data", {}).items())]
    return "\n".join(filter(None, pieces))


def main(paths, accept=False):
    """Store what the notebooks print now; return 1, with nothing stored, if that may be wrong."""
    # One thread: on a busy machine two threads can be ten times slower than one.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    paths = [pathlib.Path(path) for path in paths]
    refused = False
    try:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            notebooks = list(pool.map(execute, paths))
    except RuntimeError as error:
        print(error)
        return 1
    for path, notebook in zip(paths, notebooks):
        old = strip(nbformat.read(path, as_version=4))
        for cell, diff, differs in changes(old, notebook):
            print(f"{path}, cell {cell}:", *diff, sep="\n  ")
            refused |= differs
    if refused and not accept:
        print(
            "Numbers or verdicts differ: nothing was stored. "
            "Read the sentences around them; if the new"
        )
        print("ones are right and the text agrees, store them with ACCEPT=1.")
        return 1
    for path, notebook in zip(paths, notebooks):
        nbformat.write(notebook, path)
        print(f"{path}: {len(notebook.cells)} cells")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], accept=bool(os.environ.get("ACCEPT"))))
