"""Practice on the page: its scripts, the course for the browser's Python, the cells' sources.

``python -m book.practice SITE`` packs the course into the built site, and lists what can be kept
offline.  Sphinx does not: no page is drawn with the grader, so its changes leave the pages alone.

Which cells can be edited and run follows from the notebooks alone: in an exercise the answer cells
(metadata ``grader.answer``) and whatever else is more than imports; in a chapter the cells with the
metadata ``course.run_here``, after the cells before them; those that only draw are passed over.
"""

import ast
import json
import os
import re
import shutil
import sys
import zipfile
from pathlib import Path

import nbformat
from docutils import nodes

from book.checklist import items
from book.fingerprint import fingerprint
from book.lite import PYODIDE_URL
from book.scripts import BUILT, ROOT, WEB, esbuild

PYODIDE_BESIDE = "lite/static/pyodide/pyodide.js"  # where `make book PYODIDE=DIR` puts one
OFFLINE = "offline.js"  # the service worker, in the site's root
MADE = "built"  # make's mark in the site
NOT_OFFLINE = (
    "lite/",
    "_sources/chapters/",
    "_sources/solutions/",
    "_images/social_previews/",
    "objects.inv",
    ".",
)
DIGITS = Path("mlp_lib", "datasets", "mnist_subset.npz")
NOT_IN_THE_BROWSER = ("mlp_lib/datasets/", "grader/grading/", "__pycache__")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same files make the same archive


def setup(app):
    app.connect("config-inited", add_scripts)
    app.connect("doctree-read", name_cells)
    app.connect("html-page-context", add_cells)
    app.connect("html-page-context", add_lite)


# --- scripts --------------------------------------------------------------------------------------


def add_scripts(app, config):
    """Bundle the scripts; every page gets the reader's progress."""
    bundle(BUILT / "practice", exercises(Path(app.srcdir)))
    config.html_static_path.append(str(BUILT))
    app.add_js_file("practice/contents.js", loading_method="defer", priority=50)
    app.add_css_file("practice/practice.css")


def bundle(out, tasks):
    """Write all that practice needs into the folder out."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    shutil.copy(ROOT / DIGITS, out)
    shutil.copy(WEB / "practice" / "practice.css", out)
    esbuild(out, "practice/editor.js", "--format=esm")
    esbuild(out, "practice/worker.js", "--format=iife", "--loader:.py=text")
    esbuild(out, "lite.js", "--format=iife")
    constants = {
        "EXERCISES": tasks,
        "ITEMS": items(),
        "PYODIDE": pyodide(),
        "VERSION": fingerprint(*(path.read_bytes() for path in sorted(out.iterdir()))),
    }
    defined = [f"--define:{name}={json.dumps(value)}" for name, value in constants.items()]
    esbuild(out, "practice/page.js", "--format=iife", *defined)
    esbuild(out, "contents.js", "--format=iife", *defined)


def pyodide():
    """Where the pages find Pyodide: beside the site, or at its official host."""
    return PYODIDE_BESIDE if os.environ.get("PYODIDE") else PYODIDE_URL


def pack_course(target):
    """Write mlp_lib and grader into an archive, without digits and without the grade of record."""
    paths = [path for name in ("mlp_lib", "grader") for path in sorted((ROOT / name).rglob("*"))]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in (".py", ".mplstyle") and not any(
                part in name for part in NOT_IN_THE_BROWSER
            ):
                archive.writestr(
                    zipfile.ZipInfo(name, EPOCH), path.read_bytes(), zipfile.ZIP_DEFLATED
                )


# --- offline --------------------------------------------------------------------------------------


def write_offline(site):
    """Write the service worker, which knows all files of this site and a name for this build."""
    files = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    files = [
        file for file in files if file not in (OFFLINE, MADE) and not file.startswith(NOT_OFFLINE)
    ]
    constants = {
        "FILES": files,
        "PYODIDE": pyodide(),
        "VERSION": fingerprint(*((site / file).read_bytes() for file in files)),
    }
    esbuild(site, OFFLINE)
    script = (site / OFFLINE).read_text("utf-8")
    known = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in constants.items())
    (site / OFFLINE).write_text(known + script, "utf-8")


# --- notebooks ------------------------------------------------------------------------------------


def exercises(srcdir):
    """Return {page: {task: possible points}}; a check's stored output is a right answer's."""
    found = {}
    for path in sorted((srcdir / "exercises").glob("*.ipynb")):
        cells = [cell for cell in nbformat.read(path, 4).cells if kind_of(cell, True) == "check"]
        possible = {
            cell.metadata["grader"]["check"]: int(re.search(r" \d+/(\d+)", cell.outputs[0].text)[1])
            for cell in cells
        }
        found[f"exercises/{path.stem}"] = possible
    return found


def cells_of(path):
    """Return what the page's script needs to know of each code cell that runs."""
    is_exercise = path.parent.name == "exercises"
    cells = [
        cell
        for cell in nbformat.read(path, 4).cells
        if cell.cell_type == "code" and "remove-cell" not in cell.metadata.get("tags", [])
    ]
    return [
        {
            "id": cell.id,
            "kind": kind_of(cell, is_exercise),
            "task": cell.metadata.get("grader", {}).get("answer"),
            "blank": fingerprint(cell.source.encode()),
            "source": cell.source,
        }
        for number, cell in enumerate(cells)
        if is_exercise or not only_draws(cell, cells[number + 1 :])
    ]


def kind_of(cell, is_exercise):
    """Tell what a code cell is: answer, check, experiment (can be edited and run) or setup."""
    marks = cell.metadata.get("grader", {})
    for kind in ("answer", "check"):
        if kind in marks:
            return kind
    runs = (
        not only_prepares(cell)
        if is_exercise
        else cell.metadata.get("course", {}).get("run_here", False)
    )
    return "experiment" if runs else "setup"


def only_prepares(cell):
    """Tell whether a cell only imports and chooses a style."""
    if cell.cell_type != "code":
        return True
    prepares = (ast.Import, ast.ImportFrom)
    return all(
        isinstance(step, prepares) or ast.unparse(step).startswith("plt.style.use(")
        for step in ast.parse(re.sub(r"(?m)^(\s*)[%!].*$", r"\1pass", cell.source)).body
    )


def only_draws(cell, later):
    """Tell whether a cell shows a picture and changes nothing that a later cell uses."""
    if "hide-input" not in cell.metadata.get("tags", []):
        return False
    defined, used = names_in(cell)
    needed = set().union(
        *(other_used - other_defined for other_defined, other_used in map(names_in, later))
    )
    return "rng" not in used and not defined & needed


def names_in(cell):
    """Return the names that a cell defines and those that it uses."""
    steps = list(ast.walk(ast.parse(cell.source)))
    named = [step for step in steps if isinstance(step, ast.Name)]
    defined = {step.name for step in steps if isinstance(step, (ast.FunctionDef, ast.ClassDef))}
    defined |= {step.id for step in named if isinstance(step.ctx, ast.Store)}
    return defined, {step.id for step in named if isinstance(step.ctx, ast.Load)}


def practice_cells(app, name):
    """Return the cells of a page on which something can be run, else nothing."""
    path = Path(app.srcdir, f"{name}.ipynb")
    if path.parent.name not in ("chapters", "exercises") or not path.is_file():
        return []
    cells = cells_of(path)
    return cells if any(cell["kind"] in ("answer", "experiment") for cell in cells) else []


# --- pages ----------------------------------------------------------------------------------------


def name_cells(app, doctree):
    """Give each code cell an id on the page."""
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix == ".ipynb":
        cells = nbformat.read(path, 4).cells
        for place in doctree.findall(nodes.container):
            if place.get("nb_element") == "cell_code":
                place["ids"].append(f"cell-{cells[place['cell_index']].id}")


def add_cells(app, pagename, templatename, context, doctree):
    """Put the cells' sources into the page, and the script that makes them run."""
    cells = practice_cells(app, pagename)
    if cells:
        data = json.dumps({"name": pagename, "cells": cells}, ensure_ascii=False).replace(
            "</", r"<\/"
        )
        context["body"] += f'<script type="application/json" id="practice-data">{data}</script>'
        app.add_js_file("practice/page.js", loading_method="defer", priority=60)


def add_lite(app, pagename, templatename, context, doctree):
    """Let each notebook's page show the way into JupyterLite, which lies beside the site."""
    notebook = Path(app.srcdir, f"{pagename}.ipynb")
    if notebook.is_file():
        target = context["pathto"]("lite/notebooks/index.html", resource=True)
        way = f"{target}?path={pagename}.ipynb"
        link = (
            f'<a class="btn btn-sm open-in-lite" target="_blank" href="{way}">'
            "Open in JupyterLite</a>"
        )
        context["body"] = context["body"].replace("</h1>", f"</h1>\n{link}", 1)


if __name__ == "__main__":
    built = Path(sys.argv[1])
    pack_course(built / "_static" / "practice" / "course.zip")
    write_offline(built)
