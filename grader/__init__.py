"""Checks that know what went wrong: ``check("relu", relu)`` prints points, mistake and next step.

Runs wherever NumPy runs, the browser included; how to add a task stands in `grader.tasks`.
"""

import os
import sys

if sys.argv[:1] == ["-m"] and os.getcwd() != os.path.dirname(
    os.path.dirname(os.path.abspath(__file__))
):
    # `python -m grader` imports from the current folder first, where a student's numpy.py may lie.
    sys.path[:] = [path for path in sys.path if path not in ("", os.getcwd())]

from .checking import Result, check, evaluate, tasks
from .floating import watch_notebook

watch_notebook()

__all__ = ["Result", "check", "evaluate", "tasks"]
