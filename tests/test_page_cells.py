"""Cells that run on their page print there what the chapter prints: tried without a browser.

The page's own ``cells.py`` runs them, in a process of its own, whose imports it changes.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from book.practice import cells_of

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted(ROOT.glob("chapters/*.ipynb"))
LIGHT = 20  # seconds of computing until the last such cell of a chapter has run
RUN = """
import json, sys, time
import cells

said, above, run_here = {}, [], []
for cell in json.load(sys.stdin):
    heard, result = [], {"needs_matplotlib": True}
    if cell["kind"] == "experiment":
        job = {"before": above, "cell": [cell["id"], cell["source"]], "check": None, "fresh": False}
        while "needs_matplotlib" in result:
            heard.clear()
            result = json.loads(cells.run(json.dumps(job), heard.append, heard.append))
            if "needs_matplotlib" in result:
                cells.use_matplotlib()
        said[cell["id"]] = "".join(heard)
    above.append([cell["id"], cell["source"]])
json.dump([said, time.process_time()], sys.stdout)
"""


@pytest.mark.slow
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_invites_to_change_some_cells_which_run_as_printed_and_soon(chapter):
    printed = {
        cell.id: "".join(output.text for output in cell.outputs)
        for cell in nbformat.read(chapter, 4).cells
        if cell.metadata.get("course", {}).get("run_here")
    }
    assert len(printed) >= 3
    path = os.pathsep.join(map(str, (ROOT, ROOT / "book" / "web" / "practice")))
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        input=json.dumps(cells_of(chapter)),
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": path, "MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    said, seconds = json.loads(done.stdout)
    assert said == printed
    assert seconds < LIGHT
