"""The one way to run nbval: nothing of the current folder, of pytest's or the user's settings."""

import json
import os
import subprocess
import sys
from pathlib import Path

from . import bounds
from .sandbox import GRADER


def run(notebooks, folder, *, each_line=None, **environment):
    """Run nbval over notebooks, with a folder for what it leaves behind.

    Return the entries that `recorder` makes, one a cell, and the end of what pytest said.
    each_line is called with each line as pytest prints it.
    """
    record = Path(folder, "record.jsonl")
    record.touch()
    options = ["-v", "-c", os.devnull, f"--rootdir={folder}", "--noconftest", "--tb=short"]
    options += ["-p", "no:cacheprovider", "-p", "nbval.plugin", "-p", "grader.grading.recorder"]
    options += ["--continue-on-collection-errors", "--nbval"]
    options += [f"--nbval-cell-timeout={bounds.CHECK}"]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "pytest", *options, *map(str, notebooks)],
        env=clean_environment(folder) | {"GRADER_RECORD": str(record)} | environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            if each_line:
                each_line(line)
        process.wait()
    finally:
        process.kill()
        process.stdout.close()
        process.wait()
    lines = record.read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines], "".join(said)[-2000:]


def clean_environment(folder):
    """Return a process's environment: its files in a folder, its imports from a safe path."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    path = os.pathsep.join(filter(None, [str(GRADER.parent), os.environ.get("PYTHONPATH")]))
    return kept | {
        "IPYTHONDIR": str(Path(folder, "ipython")),
        "JUPYTER_RUNTIME_DIR": str(Path(folder, "runtime")),
        "OPENBLAS_NUM_THREADS": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": path,
        "PYTHONSAFEPATH": "1",
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(folder),
    }
