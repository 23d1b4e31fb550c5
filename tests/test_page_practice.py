"""What the pages know of their cells, by hand: which can be run, what lies beside them."""

import json
import zipfile
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from docutils import nodes
from docutils.utils import new_document
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from sphinx_app import SphinxApp

from book import practice
from book.fingerprint import fingerprint


def code(source, id="c", tags=(), outputs=(), **metadata):
    metadata |= {"tags": list(tags)} if tags else {}
    return new_code_cell(source, id=id, metadata=metadata, outputs=list(outputs))


def saved(path, *cells):
    path.parent.mkdir(exist_ok=True)
    nbformat.write(new_notebook(cells=list(cells)), path)
    return path


# --- kinds of cells -------------------------------------------------------------------------------

HERE = {"course": {"run_here": True}}


@pytest.mark.parametrize(
    ("cell", "in_exercise", "in_chapter"),
    [
        (code("def f(): ...", grader={"answer": "f"}), "answer", "answer"),
        (code("check()", grader={"check": "f"}), "check", "check"),
        (code("import numpy as np"), "setup", "setup"),
        (code("from x import y\nplt.style.use('a')"), "setup", "setup"),
        (code("%matplotlib inline\nimport x"), "experiment", "setup"),
        (code("  "), "setup", "setup"),
        (code("plt.show()"), "experiment", "setup"),
        (code("x = 1"), "experiment", "setup"),
        (code("x = 1", **HERE), "experiment", "experiment"),
        (code("import x", **HERE), "setup", "experiment"),
        (code("x = 1", course={}), "experiment", "setup"),
        (new_markdown_cell("text"), "setup", "setup"),
    ],
)
def test_what_a_cell_is_follows_from_the_notebook(cell, in_exercise, in_chapter):
    kinds = practice.kind_of(cell, True), practice.kind_of(cell, False)
    assert kinds == (in_exercise, in_chapter)


@pytest.mark.parametrize(
    ("source", "later", "draws"),
    [
        ("plt.plot(x)", "y = 1", True),
        ("y = 1", "print(y)", False),
        ("y = 1", "y = 2\nprint(y)", True),
        ("y = 1", "print(z)", True),
        ("def f(): pass", "f()", False),
        ("class F: pass", "F()", False),
        ("rng.random()", "", False),
        ("print(y)", "print(y)", True),
    ],
)
def test_a_hidden_cell_only_draws_if_nothing_later_needs_it(source, later, draws):
    hidden = code(source, tags=["hide-input"])
    assert practice.only_draws(hidden, [code("1"), code(later)]) is draws
    assert practice.only_draws(code(source), [code(later)]) is False


def test_the_names_of_a_cell_are_those_it_stores_and_those_it_reads():
    cell = code("import a\nx = y + 1\ndef f(z): return z\nclass G: pass\nfor i in f(x): b.c = i")
    assert practice.names_in(cell) == ({"x", "f", "G", "i"}, {"y", "z", "f", "x", "b", "i"})


def test_the_page_knows_each_cell_that_runs_and_no_other(tmp_path):
    cells = [
        new_markdown_cell("# Title"),
        code("!pip", id="colab", tags=["remove-cell"]),
        code("import x", id="setup"),
        code("plt.plot(1)", id="picture", tags=["hide-input"]),
        code("def f(): ...", id="f", grader={"answer": "f"}),
    ]
    chapter = practice.cells_of(saved(tmp_path / "chapters" / "a.ipynb", *cells))
    assert chapter == [
        {"id": "setup", "kind": "setup", "task": None, "source": "import x",
         "blank": fingerprint(b"import x")},
        {"id": "f", "kind": "answer", "task": "f", "source": "def f(): ...",
         "blank": fingerprint(b"def f(): ...")},
    ]  # fmt: skip
    exercise = practice.cells_of(saved(tmp_path / "exercises" / "a.ipynb", *cells))
    assert [(cell["id"], cell["kind"]) for cell in exercise] == [
        ("setup", "setup"), ("picture", "experiment"), ("f", "answer")
    ]  # fmt: skip


def test_possible_points_are_read_off_what_a_right_answer_prints(tmp_path):
    def check(task, text):
        return code("", id=task, grader={"check": task}, outputs=[new_output("stream", text=text)])

    saved(
        tmp_path / "exercises" / "b.ipynb", code("1"), check("f", "✓ f 3/3"), check("g", "✓ g 5/12")
    )
    saved(tmp_path / "exercises" / "a.ipynb", check("h", "✓ h 1/3"))
    found = practice.exercises(tmp_path)
    assert list(found) == ["exercises/a", "exercises/b"]
    assert found == {"exercises/a": {"h": 3}, "exercises/b": {"f": 3, "g": 12}}


# --- pages ----------------------------------------------------------------------------------------


@pytest.fixture
def app(tmp_path):
    saved(tmp_path / "chapters" / "a.ipynb", code("x = '</script>'", id="x", **HERE))
    saved(tmp_path / "chapters" / "dull.ipynb", code("x = 1"))
    saved(tmp_path / "solutions" / "a.ipynb", code("x = 1", **HERE))
    env = SimpleNamespace(docname="chapters/a", doc2path=lambda name: tmp_path / f"{name}.ipynb")
    return SphinxApp(srcdir=tmp_path, env=env)


def test_a_page_with_something_to_run_carries_its_cells_and_the_script(app):
    context = {"body": "<p>text</p>"}
    practice.add_cells(app, "chapters/a", "", context, None)
    start = '<p>text</p><script type="application/json" id="practice-data">'
    assert context["body"].startswith(start)
    data, end = context["body"].removeprefix(start).split("</script>")
    assert end == ""
    assert json.loads(data) == {
        "name": "chapters/a", "cells": practice.cells_of(app.srcdir / "chapters" / "a.ipynb")
    }  # fmt: skip
    options = {"loading_method": "defer", "priority": 60}
    assert app.told == [("add_js_file", ("practice/page.js",), options)]
    exercise = {"body": ""}
    saved(app.srcdir / "exercises" / "a.ipynb", code("x = 'é'", id="x"))
    practice.add_cells(app, "exercises/a", "", exercise, None)
    assert "x = 'é'" in exercise["body"]


@pytest.mark.parametrize("name", ["chapters/dull", "solutions/a", "chapters/none"])
def test_a_page_without_stays_as_it_is(app, name):
    context = {"body": "text"}
    practice.add_cells(app, name, "", context, None)
    assert (context, app.told) == ({"body": "text"}, [])


def test_each_cell_of_code_has_its_id_on_the_page(app, tmp_path):
    saved(tmp_path / "chapters" / "a.ipynb", new_markdown_cell("1"), code("2", id="two"))
    doctree = new_document("")
    doctree += nodes.container("", nb_element="cell_code", cell_index=1)
    doctree += nodes.container("", nb_element="other", cell_index=1)
    practice.name_cells(app, doctree)
    assert [place["ids"] for place in doctree] == [["cell-two"], []]
    app.env.doc2path = lambda name: tmp_path / "index.md"
    practice.name_cells(app, doctree)


def test_a_notebook_s_page_shows_the_way_into_jupyterlite_below_its_first_title(app):
    context = {
        "body": "<h1>A</h1><h1>B</h1>",
        "pathto": lambda target, resource: f"../{target}" if resource else "wrong",
    }
    practice.add_lite(app, "chapters/a", "", context, None)
    assert context["body"] == (
        '<h1>A</h1>\n<a class="btn btn-sm open-in-lite" target="_blank" '
        'href="../lite/notebooks/index.html?path=chapters/a.ipynb">Open in JupyterLite</a>'
        "<h1>B</h1>"
    )
    before = dict(context)
    practice.add_lite(app, "chapters/none", "", context, None)
    assert context == before


def test_all_of_it_is_told_to_sphinx():
    app = SphinxApp()
    practice.setup(app)
    assert app.told == [
        ("connect", ("config-inited", practice.add_scripts), {}),
        ("connect", ("doctree-read", practice.name_cells), {}),
        ("connect", ("html-page-context", practice.add_cells), {}),
        ("connect", ("html-page-context", practice.add_lite), {}),
    ]


# --- what lies beside the pages -------------------------------------------------------------------


@pytest.fixture
def built(monkeypatch):
    """What was bundled: (the folder's name, the script, the options)."""
    made = []

    def esbuild(out, script, *options):
        made.append((out.name, script, options))
        (out / Path(script).name).write_text(script, "utf-8")

    monkeypatch.setattr(practice, "esbuild", esbuild)
    monkeypatch.setattr(practice, "items", lambda: {"an item": "1"})
    monkeypatch.delenv("PYODIDE", raising=False)
    return made


def test_the_scripts_know_points_items_and_a_name_for_what_a_worker_loads(built, tmp_path):
    out = tmp_path / "deep" / "practice"
    for _ in range(2):  # anew, whatever was there
        practice.bundle(out, {"exercises/a": {"f": 3}})
        (out / "old.js").touch()
    made = built[5:]
    assert made[:3] == [
        ("practice", "practice/editor.js", ("--format=esm",)),
        ("practice", "practice/worker.js", ("--format=iife", "--loader:.py=text")),
        ("practice", "lite.js", ("--format=iife",)),
    ]
    loaded = ["editor.js", "lite.js", "mnist_subset.npz", "practice.css", "worker.js"]
    (_, page, options), (_, contents, same) = made[3:]
    assert (page, contents, options) == ("practice/page.js", "contents.js", same)
    assert options == (
        "--format=iife",
        '--define:EXERCISES={"exercises/a": {"f": 3}}',
        '--define:ITEMS={"an item": "1"}',
        f'--define:PYODIDE="{practice.PYODIDE_URL}"',
        f'--define:VERSION="{fingerprint(*((out / name).read_bytes() for name in loaded))}"',
    )
    (out / "old.js").unlink()
    assert sorted(path.name for path in out.iterdir()) == sorted(
        [*loaded, "page.js", "contents.js"]
    )


def test_every_page_gets_the_reader_s_progress(built, tmp_path, monkeypatch):
    monkeypatch.setattr(practice, "BUILT", tmp_path / "made")
    (tmp_path / "exercises").mkdir()
    app = SphinxApp(srcdir=str(tmp_path))
    config = SimpleNamespace(html_static_path=["other"])
    practice.add_scripts(app, config)
    assert config.html_static_path == ["other", str(tmp_path / "made")]
    assert app.told == [
        ("add_js_file", ("practice/contents.js",), {"loading_method": "defer", "priority": 50}),
        ("add_css_file", ("practice/practice.css",), {}),
    ]
    assert (tmp_path / "made" / "practice" / "page.js").exists()


def test_pyodide_is_beside_the_site_only_where_one_was_put(monkeypatch):
    monkeypatch.delenv("PYODIDE", raising=False)
    assert practice.pyodide().startswith("https://")
    monkeypatch.setenv("PYODIDE", "/somewhere")
    assert practice.pyodide() == "lite/static/pyodide/pyodide.js"


def test_the_course_is_packed_without_digits_and_without_the_grade_of_record(tmp_path):
    for name in ("one.zip", "two.zip"):
        practice.pack_course(tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        names = archive.namelist()
        about = {(info.compress_type, info.date_time) for info in archive.infolist()}
        assert about == {(zipfile.ZIP_DEFLATED, (1980, 1, 1, 0, 0, 0))}
        assert (
            archive.read("mlp_lib/layers.py") == (practice.ROOT / "mlp_lib/layers.py").read_bytes()
        )
    assert {"grader/tasks/ch01_forward_pass/relu.py", "grader/__init__.py"} < {*names}
    assert any(name.endswith(".mplstyle") for name in names)
    assert not [name for name in names if "grading" in name or "datasets/" in name]
    assert {name.partition("/")[0] for name in names} == {"mlp_lib", "grader"}


def test_what_can_be_kept_offline_is_listed_with_a_name_for_this_build(tmp_path, monkeypatch):
    monkeypatch.delenv("PYODIDE", raising=False)
    monkeypatch.setattr(
        practice, "esbuild", lambda out, name: (out / name).write_text("work();\n", "utf-8")
    )
    kept = ["index.html", "chapters/a.html", "_sources/exercises/a.ipynb"]
    left = ["lite/x.js", "_sources/chapters/a.ipynb", "_sources/solutions/a.ipynb", "built"]
    left += ["_images/social_previews/a.png", "objects.inv", ".buildinfo"]
    for name in kept + left:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)

    def written():
        practice.write_offline(tmp_path)
        *known, script, end = (tmp_path / "offline.js").read_text("utf-8").split("\n")
        assert (script, end) == ("work();", "")
        return dict(line.removeprefix("const ").removesuffix(";").split(" = ") for line in known)

    first = written()
    assert {name: json.loads(value) for name, value in first.items()} == {
        "FILES": sorted(kept),
        "PYODIDE": practice.PYODIDE_URL,
        "VERSION": fingerprint(*(name.encode() for name in sorted(kept))),
    }
    assert written() == first  # the worker itself is not among them
    (tmp_path / "index.html").write_text("new")
    assert written()["VERSION"] != first["VERSION"]
