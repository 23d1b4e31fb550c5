"""Run notebooks and keep of their outputs what a test can compare: text.

``python -m book.normalize NOTEBOOK…`` executes each in its own folder and rewrites it in one form:
pictures, widget views and explorer frames stripped, no timings, no versions of this machine.
Exits with 1 and names the cell if one fails.
"""

import os
import pathlib
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

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


def execute(notebook, folder):
    """Run every cell in order, in a fresh kernel, from the notebook's folder."""
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()


def main(paths):
    # One thread: on a busy machine two threads can be ten times slower than one.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for path in map(pathlib.Path, paths):
        notebook = nbformat.read(path, as_version=4)
        try:
            execute(notebook, path.parent)
        except CellExecutionError as error:
            failed = next(
                c for c in notebook.cells if any(o.output_type == "error" for o in c.get("outputs", []))
            )
            sys.exit(f"{path}, cell {failed.id}: {error.ename}: {error.evalue}")
        nbformat.write(strip(notebook), path)
        print(f"{path}: {len(notebook.cells)} cells")


if __name__ == "__main__":
    main(sys.argv[1:])
