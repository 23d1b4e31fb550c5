"""``python -m benchmarks training``, ``mnist``, ``grading`` or ``practice``: one table each."""

import importlib
import os
import sys

NAMES = ("training", "mnist", "grading", "practice")

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in NAMES:
        sys.exit(f"usage: python -m benchmarks {{{','.join(NAMES)}}}")
    # Before NumPy is imported: two threads on a busy machine measure the machine.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    sys.exit(importlib.import_module(f"benchmarks.{sys.argv[1]}").main())
