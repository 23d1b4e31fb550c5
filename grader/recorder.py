"""A pytest plugin for nbval: what every cell printed, one JSON line a cell.

The lines go to the file that the environment names in GRADER_RECORD.
"""

import json
import os

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call" and hasattr(item, "cell"):
        outputs = item.test_outputs or []
        text = "".join(o.text for o in outputs if o.output_type == "stream" and o.name == "stdout")
        entry = {"notebook": item.path.name, "cell": item.cell.id, "text": text}
        with open(os.environ["GRADER_RECORD"], "a", encoding="utf-8") as record:
            record.write(json.dumps(entry) + "\n")
    return report
