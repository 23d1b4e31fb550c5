"""A pytest plugin for nbval: its verdict on every check cell, and the points that go with it.

One JSON line a check, in cells.jsonl of the notebook's folder.
"""

import json

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    task = item.cell.metadata.get("grader", {}).get("check") if hasattr(item, "cell") else None
    if call.when == "call" and task:
        points = item.path.with_name(f"{task}.json")
        entry = {
            "task": task,
            "nbval": report.outcome,
            "verdict": json.loads(points.read_text("utf-8")) if points.exists() else None,
        }
        with open(item.path.with_name("cells.jsonl"), "a", encoding="utf-8") as record:
            record.write(json.dumps(entry) + "\n")
    return report
