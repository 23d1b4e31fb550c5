"""Colab: one folded cell installs the course there, and does nothing anywhere else."""

import json
import sys
from pathlib import Path

import pytest
import yaml
from IPython.core.inputtransformer2 import TransformerManager

ROOT = Path(__file__).parents[2]
NOTEBOOKS = [
    p
    for name in ("chapters", "exercises", "solutions")
    for p in sorted(ROOT.glob(f"{name}/*.ipynb"))
]


def colab_cell(path):
    code = [
        cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"
    ]
    return code[0]


class Shell:
    """Notes the magics that a cell runs."""

    def __init__(self):
        self.ran = []

    def run_line_magic(self, name, line):
        self.ran.append((name, line))


def run(source):
    shell = Shell()
    exec(TransformerManager().transform_cell(source), {"get_ipython": lambda: shell})
    return shell.ran


def test_every_notebook_begins_with_the_same_cell():
    assert len({"".join(colab_cell(path)["source"]) for path in NOTEBOOKS}) == 1


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_cell_is_folded_in_every_notebook_program_and_absent_from_the_site(path):
    cell = colab_cell(path)
    assert cell["id"] == "colab"
    assert cell["metadata"] == {
        "cellView": "form",
        "jupyter": {"source_hidden": True},
        "tags": ["remove-cell"],
    }


def test_on_colab_it_installs_the_course_from_its_repository(monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", object())
    home = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["repository"]["url"]
    assert run("".join(colab_cell(NOTEBOOKS[0])["source"])) == [("pip", f"install -q git+{home}")]


def test_elsewhere_it_does_nothing(monkeypatch):
    monkeypatch.delitem(sys.modules, "google.colab", raising=False)
    assert run("".join(colab_cell(NOTEBOOKS[0])["source"])) == []
