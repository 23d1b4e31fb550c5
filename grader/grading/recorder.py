"""A pytest plugin for nbval: its verdict on every cell and what the cell printed, a JSON line each.

The lines go to the file that the environment names in GRADER_RECORD.  A kernel that has died is not
waited for.
"""

import contextlib
import json
import os
import queue

import pytest
from nbval.kernel import RunningKernel

LOOK = 1  # seconds between two looks at the kernel


def pytest_configure():
    real = RunningKernel.get_message

    def get_message(kernel, stream, timeout=None):
        while stream == "shell" and timeout and timeout > LOOK and kernel.is_alive():
            with contextlib.suppress(queue.Empty):
                return real(kernel, stream, LOOK)
            timeout -= LOOK
        return real(kernel, stream, timeout if kernel.is_alive() else 0)

    RunningKernel.get_message = get_message


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call" and hasattr(item, "cell"):
        outputs = item.test_outputs or []
        printed = [o.text for o in outputs if o.output_type == "stream" and o.name == "stdout"]
        entry = {
            "notebook": str(item.path),
            "cell": item.cell.get("id"),
            "task": item.cell.metadata.get("grader", {}).get("check"),
            "nbval": report.outcome,
            "text": "".join(printed),
        }
        with open(os.environ["GRADER_RECORD"], "a", encoding="utf-8") as record:
            record.write(json.dumps(entry) + "\n")
    return report
