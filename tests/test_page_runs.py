"""Runs that are kept for the pages: what each follows from, what is shown, what is told."""

import json
import math
import os

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from book import runs


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project's folder whose kernels run nothing: a cell says its own words in capitals."""
    monkeypatch.setattr(runs, "ROOT", tmp_path)
    monkeypatch.setattr(runs, "RUNS", tmp_path / "kept")
    for name in ("IPYTHONDIR", "OPENBLAS_NUM_THREADS"):
        monkeypatch.setenv(name, "before")
    for name in ("chapters", "exercises", "solutions", "mlp_lib", "grader", "book"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text("1")
    (tmp_path / "mlp_lib" / "style.css").write_text("2")
    clients = []

    class Client:
        def __init__(self, notebook, **options):
            self.notebook = notebook
            clients.append(options)

        def execute(self):
            for number, cell in enumerate(self.notebook.cells):
                if cell.cell_type != "code" or runs._is_check(cell):
                    continue
                if cell.source == "fail":
                    raise CellExecutionError("fail", "Error", "it failed")
                text = cell.source.upper()
                if cell.source == runs.IMPORTED:
                    text = json.dumps([str(tmp_path / "mlp_lib" / "a.py"), None, "/usr/x.py"])
                cell.outputs = [new_output("stream", text=text)]
                cell.execution_count = number

    monkeypatch.setattr(runs, "Client", Client)
    return tmp_path, clients


def saved(root, name, *cells):
    path = root / name
    nbformat.write(new_notebook(cells=list(cells)), path)
    return path


def check(source="check()", text="stored"):
    made = new_code_cell(source, metadata={"grader": {"check": "relu"}})
    made.outputs = [new_output("stream", text=text)]
    return made


def said(page):
    cells = json.loads(runs.executed(page))["cells"]
    return ["".join(o["text"][0] for o in cell.get("outputs", [])) for cell in cells]


# --- running --------------------------------------------------------------------------------------


def test_every_page_is_run_once_and_again_when_its_code_changes(project, capsys):
    root, clients = project
    one = saved(root, "chapters/one.ipynb", new_markdown_cell("Text."), new_code_cell("a"))
    saved(root, "solutions/two.ipynb", new_code_cell("b"), check())
    (root / "index.md").write_text("# Front\n")
    names = runs.run_all()
    assert sorted(names) == ["chapters/one", "index", "solutions/two"]
    assert all(len(name) == 64 for name in names.values())
    out = capsys.readouterr().out.splitlines()
    assert out[0] == f"Running 3 of 3 notebooks, {os.cpu_count()} at a time …"
    assert sorted(line.split(":")[0].strip() for line in out[1:]) == sorted(names)
    assert [line.split(", ")[1] for line in out[1:]] == ["2 to go", "1 to go", "0 to go"]
    folders = sorted(client.pop("resources")["metadata"]["path"] for client in clients)
    assert folders == sorted([str(root), str(root / "chapters"), str(root / "solutions")])
    assert clients[0] == {
        "timeout": 3600, "startup_timeout": 600, "kernel_name": "python3", "record_timing": False
    }  # fmt: skip
    assert runs.run_all() == names
    assert capsys.readouterr().out == ""
    saved(root, "chapters/one.ipynb", new_markdown_cell("Other."), new_code_cell("a"))
    assert runs.run_all() == names  # words are no code
    saved(root, "chapters/one.ipynb", new_code_cell("new"))
    changed = runs.run_all()
    assert {page for page in names if names[page] != changed[page]} == {"chapters/one"}
    assert runs.is_fresh(one)
    (root / "mlp_lib" / "a.py").write_text("changed")
    assert not runs.is_fresh(one)


def test_a_page_shows_the_prose_as_it_is_with_the_cells_as_they_ran(project):
    root, _ = project
    saved(root, "chapters/one.ipynb", new_markdown_cell("Old."), new_code_cell("a"))
    runs.run(root / "chapters" / "one.ipynb")
    saved(root, "chapters/one.ipynb", new_markdown_cell("New."), new_code_cell("a"))
    assert "New." in runs.executed("chapters/one")
    assert said("chapters/one") == ["", "A"]
    cells = json.loads(runs.executed("chapters/one"))["cells"]
    assert [cell.get("execution_count") for cell in cells] == [None, 1]


def test_a_check_shows_its_stored_word_in_a_solution_and_none_in_an_exercise(project):
    root, _ = project
    for folder in ("solutions", "exercises"):
        path = saved(root, f"{folder}/one.ipynb", new_code_cell("a"), check())
        assert runs.run(path) >= 0
    assert said("solutions/one") == ["A", "stored"]
    assert said("exercises/one") == ["A", ""]


def test_a_cell_that_fails_stops_the_build_and_is_named_and_the_others_are_kept(project):
    root, _ = project
    saved(root, "chapters/bad.ipynb", new_code_cell("fail"))
    good = saved(root, "chapters/good.ipynb", new_code_cell("a"))
    with pytest.raises(RuntimeError, match=r"^chapters/bad: fail") as stopped:
        runs.run_all()
    assert "good" not in str(stopped.value)
    assert runs.is_fresh(good)


def test_the_cells_of_a_markdown_page_are_replaced_by_what_they_show(project, monkeypatch):
    root, _ = project
    page = "# Front\n\n```{code-cell} python\n:tags: [x]\n\na\nb\n```\n\nText.\n"
    (root / "index.md").write_text(page)
    notebook = runs._read(root / "index.md")
    assert [(cell.id, cell.source) for cell in notebook.cells] == [("cell-0", "a\nb\n")]
    ran = new_notebook(cells=[new_code_cell("a")])
    ran.cells[0].outputs = [
        new_output("display_data", data={"text/html": html}) for html in ("<b>1</b>", "<i>2</i>")
    ] + [new_output("stream", text="noise")]
    runs.RUNS.mkdir()
    nbformat.write(ran, runs.RUNS / "index.ipynb")
    assert runs.executed("index") == (
        "# Front\n\n````{raw} html\n<b>1</b>\n````\n````{raw} html\n<i>2</i>\n````\n\nText.\n"
    )


# --- what a run follows from ----------------------------------------------------------------------


def test_a_run_follows_from_code_tags_stored_checks_files_and_packages(project):
    root, _ = project
    path = saved(root, "chapters/one.ipynb", new_markdown_cell("x"), check("c", "word"))
    told = runs.inputs(path, ["mlp_lib/a.py", "gone.py"])
    assert set(told) == {"cells", "files", "kernel"}
    [[source, tags, outputs]] = told["cells"]
    assert (source, tags, outputs[0]["text"]) == ("c", [], "word")
    assert told["files"] == {
        "mlp_lib/a.py": runs._digest(b"1"), "gone.py": None
    }  # fmt: skip
    assert str(root) not in told["kernel"][0]
    assert [line.split()[0] for line in told["kernel"][2:]] == list(runs.PACKAGES)


def test_of_the_imported_files_only_the_project_s_count_and_what_lies_beside_the_library(project):
    root, _ = project
    modules = [str(root / folder / "a.py") for folder in ("mlp_lib", "book", "grader", "chapters")]
    plain = new_notebook(cells=[new_code_cell("a")])
    assert runs._own([*modules, None, "/usr/x.py", str(root / "book" / "gone.py")], plain) == [
        "book/a.py", "mlp_lib/a.py", "mlp_lib/style.css"
    ]  # fmt: skip
    asking = new_notebook(cells=[new_code_cell("import grader")])
    assert "grader/a.py" in runs._own(modules, asking)


def test_a_page_that_never_ran_runs_before_those_that_ran_longest(project):
    root, _ = project
    paths = [saved(root, f"chapters/{name}.ipynb") for name in "abc"]
    for path, seconds in zip(paths, ('{"seconds": 1}', '{"seconds": 9}', None), strict=True):
        if seconds:
            runs._facts(path).parent.mkdir(parents=True, exist_ok=True)
            runs._facts(path).write_text(seconds)
    assert [path.stem for path in runs.longest_first(paths)] == ["c", "b", "a"]
    runs._facts(paths[0]).write_text("{}")
    assert runs._seconds(paths[0]) == math.inf


def test_kernels_are_told_that_they_work_for_the_book(project):
    root, _ = project
    runs.prepare()
    config = root / "_build" / "ipython" / "profile_default" / "ipython_kernel_config.py"
    assert config.read_text() == runs.KERNEL_CONFIG
    assert os.environ["IPYTHONDIR"] == str(root / "_build" / "ipython")
    assert os.environ["OPENBLAS_NUM_THREADS"] == "1"
    runs.prepare()
