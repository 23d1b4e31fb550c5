"""Building: a notebook runs again when what it shows may have changed, and only then."""

import json
import os
import subprocess

import nbformat
import pytest

from book import runs


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A project of one notebook that imports one module, and runs it."""
    monkeypatch.setattr(runs, "ROOT", tmp_path)
    monkeypatch.setattr(runs, "KERNEL_CONFIG", "")
    monkeypatch.setattr(runs, "RUNS", tmp_path / "_build" / "runs")
    for name in ("IPYTHONDIR", "OPENBLAS_NUM_THREADS"):
        monkeypatch.setenv(name, os.environ.get(name, ""))  # put back at the end
    for folder in ("chapters", "solutions", "mlp_lib", "grader"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "__init__.py").touch()
    (tmp_path / "mlp_lib" / "words.py").write_text("WORD = 'one'")
    (tmp_path / "grader" / "words.py").write_text("WORD = 'one'")

    def write(name, *cells):
        cells = [
            {
                "id": f"c{i}",
                "cell_type": "code",
                "source": source,
                "metadata": metadata,
                "outputs": outputs,
            }
            | {"execution_count": None}
            for i, (source, metadata, outputs) in enumerate(cells)
        ]
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
        path = tmp_path / name
        path.write_text(json.dumps(notebook), "utf-8")
        return path

    return write


HERE = "import sys; sys.path.insert(0, '..')"


def shown(page):
    cells = json.loads(runs.executed(page))["cells"]
    return [
        "".join(text for output in cell["outputs"] for text in output["text"]) for cell in cells
    ]


@pytest.mark.slow
def test_a_notebook_runs_again_only_when_its_code_or_what_it_imports_has_changed(small):
    code = f"{HERE}\nfrom mlp_lib.words import WORD\nprint(WORD)"
    path = small("chapters/a.ipynb", (code, {}, []))
    assert not runs.is_fresh(path)
    names = runs.run_all()
    assert shown("chapters/a") == ["one\n"]
    assert runs.is_fresh(path)

    (runs.ROOT / "grader" / "words.py").write_text("WORD = 'two'")
    assert runs.is_fresh(path), "it does not import the grader"
    (runs.ROOT / "mlp_lib" / "words.py").write_text("WORD = 'two'")
    assert not runs.is_fresh(path)
    assert runs.run_all() != names
    assert shown("chapters/a") == ["two\n"]

    small("chapters/a.ipynb", (code + "  # a change", {}, []))
    assert not runs.is_fresh(path)


@pytest.mark.slow
def test_a_check_is_not_run_for_a_page_and_a_solution_shows_its_stored_word(small):
    stored = [{"output_type": "stream", "name": "stdout", "text": ["✓ relu 3/3\n"]}]
    check = ("raise SystemError('run')", {"grader": {"check": "relu"}}, stored)
    small("solutions/a.ipynb", ("print(1)", {}, []), check)
    small("chapters/a.ipynb", ("print(1)", {}, []), check)
    runs.run_all()
    assert shown("solutions/a") == ["1\n", "✓ relu 3/3\n"]
    assert shown("chapters/a") == ["1\n", ""]


@pytest.mark.slow
def test_a_failing_cell_stops_the_build_and_is_named(small):
    small("chapters/a.ipynb", ("print(1)", {}, []))
    small("chapters/b.ipynb", ("1 / 0", {}, []))
    with pytest.raises(RuntimeError, match=r"(?s)chapters/b: .*ZeroDivisionError"):
        runs.run_all()
    assert shown("chapters/a") == ["1\n"]


def test_no_page_is_drawn_with_the_grader():
    """The Makefile counts on it: a change in the grader does not run Sphinx."""
    paths = [
        path for folder in runs.FOLDERS for path in sorted((runs.ROOT / folder).glob("*.ipynb"))
    ]
    assert paths
    assert [path for path in paths if runs._asks_the_grader(nbformat.read(path, 4))] == []


@pytest.mark.parametrize(
    ("code", "asks"),
    [
        ("from grader import check\nprint(1)", False),
        ("from grader import check\ncheck('relu', relu)", True),
        ("import grader", True),
        ("def check(name):\n    return name\ncheck('relu')", False),
    ],
)
def test_who_asks_the_grader_is_known(code, asks):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    assert runs._asks_the_grader(notebook) == asks


def what_make_would_do(changed):
    site = "_build/html/lite/built"  # what `make book` asks of make itself
    command = ["make", "--dry-run", f"--what-if={changed}", site, "UV=uv"]
    return subprocess.run(command, cwd=runs.ROOT, capture_output=True, text=True, check=True).stdout


def test_a_change_in_the_grader_packs_the_course_anew_and_runs_no_sphinx():
    if "sphinx" in what_make_would_do("README.md"):
        pytest.skip("the site is not up to date: make book")
    steps = what_make_would_do("grader/call.py")
    assert "book.practice" in steps
    assert "book.lite" in steps
    assert "sphinx" not in steps
    assert "sphinx" in what_make_would_do("mlp_lib/layers.py")


@pytest.mark.slow
def test_what_ran_longest_runs_first_and_what_never_ran_before_it(small):
    quick = small("chapters/quick.ipynb", ("print(1)", {}, []))
    slow = small("chapters/slow.ipynb", ("import time\ntime.sleep(5)", {}, []))
    assert runs.longest_first([quick, slow]) == [quick, slow]
    runs.run_all()
    new = small("solutions/new.ipynb", ("print(1)", {}, []))
    assert runs.longest_first([quick, slow, new]) == [new, slow, quick]


@pytest.mark.slow
def test_what_a_markdown_page_s_cells_show_takes_their_place(small):
    cell = "```{code-cell} python3\n:tags: [remove-input]\n\n{}\n```"
    codes = ["n = 6 * 7", "from IPython.display import HTML\nHTML(f'<b>{n}</b>')"]
    cells = [cell.replace("{}", code, 1) for code in codes]
    (runs.ROOT / "index.md").write_text(
        "# Start\n\n" + "\n\nthen\n\n".join(cells) + "\n\nend\n", "utf-8"
    )
    names = runs.run_all()
    assert set(names) == {"index"}
    text = runs.executed("index")
    assert text == "# Start\n\n\n\nthen\n\n````{raw} html\n<b>42</b>\n````\n\nend\n"
    assert runs.run_all() == names


def test_the_front_page_s_cells_are_found():
    cells = runs._read(runs.ROOT / "index.md").cells
    assert len(cells) == (runs.ROOT / "index.md").read_text("utf-8").count("{code-cell}") > 0
    for cell in cells:
        compile(cell.source, "index.md", "exec")
