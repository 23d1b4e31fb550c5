"""Stored outputs: a wrong one is noticed; a new number or verdict is stored only when told to."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from book import normalize

ROOT = Path(__file__).resolve().parents[1]


def stream(text, name="stdout"):
    return new_output("stream", text=text, name=name)


def cell(source, printed=None, **metadata):
    """A cell as it is stored: executed if it printed something."""
    outputs = [] if printed is None else [stream(printed)]
    count = None if printed is None else 1
    return new_code_cell(source, id="c", outputs=outputs, execution_count=count, metadata=metadata)


def write(path, *cells):
    nbformat.write(normalize.strip(new_notebook(cells=list(cells))), path)
    return path


# nbval, as `make test` runs it


@pytest.fixture(scope="module")
def canary(tmp_path_factory):
    """{name: nbval's word} for notebooks of one cell."""
    folder = tmp_path_factory.mktemp("canary")
    write(folder / "right.ipynb", cell("print('error 0.25')", "error 0.25\n"))
    write(folder / "changed.ipynb", cell("print('error 0.25')", "error 0.26\n"))
    write(folder / "never_executed.ipynb", cell("print('error 0.25')"))
    write(folder / "raises.ipynb", cell("1 / 0", "error 0.25\n"))
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-cell-timeout=900"]
    command += ["-p", "tests.conftest"]
    done = subprocess.run(
        [*command, "-rA", "-p", "no:cacheprovider", folder],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT / "tests")},  # what conftest imports
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stdout
    lines = [line for line in done.stdout.splitlines() if ".ipynb::Cell 0" in line]
    return {
        line.split("/")[-1].partition(".ipynb")[0]: line.split()[0]
        for line in lines
        if line[0] in "PFE"
    }


@pytest.mark.slow
def test_nbval_passes_a_notebook_that_prints_what_it_stores(canary):
    assert canary["right"] == "PASSED"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["changed", "never_executed", "raises"])
def test_nbval_fails_on_a_changed_character_a_cell_never_executed_and_one_that_raises(canary, name):
    assert canary[name] in ("FAILED", "ERROR")


# make normalize


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("error 0.25", "error 0.26"),
        ("mended: True", "mended: False"),
        ("the gradient is right", "the gradient is wrong"),
        ("1e-7", "1e-8"),
        ("z = 1.0", "z = -1.0"),
        ("a < b", "a > b"),
        ("3 of 4 agree", "4 of 4 agree"),
        ("✓ relu", "✗ relu"),
        ("the same", "not the same"),
    ],
)
def test_a_changed_number_or_verdict_is_a_changed_fact(before, after):
    ((name, diff, fact),) = normalize.changes(
        new_notebook(cells=[cell("x", before)]), new_notebook(cells=[cell("x", after)])
    )
    assert (name, fact) == ("c", True)
    assert [line for line in diff if line[0] in "+-"] == [f"-{before}", f"+{after}"]


def test_other_words_may_change_and_are_shown():
    old, new = (
        new_notebook(cells=[cell("x", t)]) for t in ("loss 0.5 falling", "loss 0.5 going down")
    )
    ((_, diff, fact),) = normalize.changes(old, new)
    assert not fact
    assert "+loss 0.5 going down" in diff


def test_what_stays_and_what_never_ran_is_no_change():
    new = new_notebook(cells=[cell("x", "1")])
    assert list(normalize.changes(new, new)) == []
    assert list(normalize.changes(new_notebook(cells=[cell("x")]), new)) == []


@pytest.mark.slow
def test_a_changed_number_is_stored_only_when_it_is_accepted(tmp_path, capsys):
    path = write(tmp_path / "a.ipynb", cell("print(2 + 2)", "5\n"))
    other = write(tmp_path / "b.ipynb", cell("print('new')"))
    stored = path.read_bytes(), other.read_bytes()

    assert normalize.main([path, other]) == 1
    told = capsys.readouterr().out
    assert "cell c" in told
    assert "-5" in told
    assert "+4" in told
    assert "ACCEPT=1" in told
    assert (path.read_bytes(), other.read_bytes()) == stored

    assert normalize.main([path, other], accept=True) == 0
    assert json.loads(path.read_text())["cells"][0]["outputs"][0]["text"] == ["4\n"]
    assert normalize.main([path, other]) == 0


@pytest.mark.slow
def test_a_cell_that_fails_is_named_and_nothing_is_stored(tmp_path, capsys):
    fine = write(tmp_path / "a.ipynb", cell("print('hello')"))
    broken = write(tmp_path / "b.ipynb", cell("1 / 0"))
    stored = fine.read_bytes(), broken.read_bytes()
    assert normalize.main([fine, broken], accept=True) == 1
    assert "b.ipynb, cell c: ZeroDivisionError" in capsys.readouterr().out
    assert (fine.read_bytes(), broken.read_bytes()) == stored


@pytest.fixture
def kernel(monkeypatch):
    """Let a cell say its own source in capitals, or fail; tell what the client was given."""
    given = []

    class Client:
        def __init__(self, notebook, **options):
            self.notebook = notebook
            given.append(options)

        def execute(self):
            for number, one in enumerate(self.notebook.cells, start=1):
                if one.source == "fail":
                    one.outputs = [new_output("error", ename="E", evalue="why", traceback=[])]
                    raise CellExecutionError("traceback", "E", "why")
                one.outputs = [new_output("stream", text=f"{one.source.upper()}\n")]
                one.execution_count = number

    monkeypatch.setattr(normalize, "NotebookClient", Client)
    return given


def test_what_a_notebook_prints_now_is_stored_where_no_fact_has_changed(tmp_path, kernel, capsys):
    new = new_code_cell("new", id="d")
    one = write(tmp_path / "a.ipynb", cell("word", "before\n"), new)
    assert normalize.main([str(one)]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out == [
        f"{one}, cell c:", "  @@ -1 +1 @@", "  -before", "  +WORD", f"{one}: 2 cells"
    ]  # fmt: skip
    assert [c["outputs"][0]["text"] for c in json.loads(one.read_text())["cells"]] == [
        ["WORD\n"], ["NEW\n"]
    ]  # fmt: skip
    assert kernel == [
        {"timeout": 3600, "startup_timeout": 600, "kernel_name": "python3",
         "resources": {"metadata": {"path": str(tmp_path)}}}
    ]  # fmt: skip


def test_where_one_fact_of_one_notebook_has_changed_nothing_is_stored(tmp_path, kernel, capsys):
    one = write(tmp_path / "a.ipynb", cell("5", "4\n"))
    two = write(tmp_path / "b.ipynb", cell("word", "before\n"))
    before = one.read_bytes(), two.read_bytes()
    assert normalize.main([one, two]) == 1
    out = capsys.readouterr().out
    assert out.endswith(
        "Numbers or verdicts differ: nothing was stored. Read the sentences around them; if the "
        "new\nones are right and the text agrees, store them with ACCEPT=1.\n"
    )
    assert (one.read_bytes(), two.read_bytes()) == before
    assert normalize.main([one, two], accept=True) == 0
    assert json.loads(one.read_text())["cells"][0]["outputs"][0]["text"] == ["5\n"]


def test_the_cell_that_failed_is_named(tmp_path, kernel, capsys):
    path = write(tmp_path / "a.ipynb", cell("word"), new_code_cell("fail", id="d"))
    assert normalize.main([path], accept=True) == 1
    assert capsys.readouterr().out == f"{path}, cell d: E: why\n"


def test_what_a_reader_sees_of_outputs_is_compared():
    shown = new_code_cell("x", outputs=[
        new_output("stream", text="one"),
        new_output("display_data", data={"text/plain": "two", "text/html": "<b>"}),
        new_output("error", ename="E", evalue="why", traceback=["long"]),
    ])  # fmt: skip
    assert normalize.printed(shown) == "one\n<b>\ntwo\nE\nwhy"
    assert normalize.printed(new_code_cell("x")) == ""


# The stored form


def stripped(*outputs, **metadata):
    notebook = new_notebook(
        cells=[new_code_cell("x", id="c", outputs=list(outputs), metadata=metadata)]
    )
    return normalize.strip(notebook).cells[0]


def test_one_print_cut_in_two_is_joined_and_streams_of_other_names_are_kept_apart():
    kept = stripped(stream("a"), stream("b"), stream("warned", "stderr"), stream("c")).outputs
    assert [(o.name, o.text) for o in kept] == [
        ("stdout", "ab"),
        ("stderr", "warned"),
        ("stdout", "c"),
    ]


def test_text_stays_and_pictures_go():
    data = {"text/plain": "t", "text/html": "h", "text/latex": "l", "image/png": "AAAA"}
    shown = stripped(
        new_output("display_data", data=data, metadata={"needs": "background"})
    ).outputs[0]
    assert shown.data == {"text/plain": "t", "text/html": "h", "text/latex": "l"}
    assert shown.metadata == {}


def test_of_a_widget_only_its_plain_text_stays():
    data = {"text/plain": "t", "text/html": "h", "application/vnd.jupyter.widget-view+json": {}}
    assert stripped(new_output("display_data", data=data)).outputs[0].data == {"text/plain": "t"}


def test_timings_and_other_metadata_go_and_what_book_and_graders_read_stays():
    kept = stripped(tags=["hide-input"], grader={"answer": "relu"}, execution={}, collapsed=True)
    assert kept.metadata == {"tags": ["hide-input"], "grader": {"answer": "relu"}}


def test_a_notebook_names_no_python_of_this_machine():
    notebook = new_notebook(metadata={"kernelspec": {"name": "mine", "display_name": "Mine"}})
    notebook.nbformat_minor = 2
    notebook.cells = [new_markdown_cell("text", id="a")]
    kept = normalize.strip(notebook)
    assert kept.metadata.kernelspec.name == "python3"
    assert kept.metadata.language_info == {"name": "python"}
    assert (kept.nbformat, kept.nbformat_minor) == (4, 5)
