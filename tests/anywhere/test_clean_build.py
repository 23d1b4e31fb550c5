"""A site that was built after a change is, byte by byte, the one that a clean build gives."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
COPIED = (
    "book",
    "mlp_lib",
    "grader",
    "locks",
    "Makefile",
    "pyproject.toml",
    "_config.yml",
    "references.bib",
)
TOC = """format: jb-book
root: index
parts:
  - caption: The course
    chapters:
      - file: chapters/one
      - file: chapters/checklist
      - file: exercises/two
      - file: solutions/two
"""
CHECKLIST = """# Checklist

## Chapter 1: one

- [ ] What is one? ([one](one.ipynb))
"""
INDEX = """---
file_format: mystnb
---
# Start

Read [one](chapters/one.ipynb).

```{code-cell} python3
:tags: [remove-input]

import matplotlib.pyplot as plt
from mlp_lib.explore import explore


def draw(n):
    figure, ax = plt.subplots(figsize=(3, 2))
    ax.plot([0, n])
    return figure, f"A line up to {n}."


explore(draw, n=[1, 2])
```
"""
PLOT = "import matplotlib.pyplot as plt\nplt.plot([0, 1]);"
WORD = "from mlp_lib.layers import __doc__ as text\nprint(text.splitlines()[0])"


def write_notebook(path, title, text, *codes):
    cells = [nbformat.v4.new_markdown_cell(f"# {title}\n\n{text}", id="title")]
    cells += [nbformat.v4.new_code_cell(code, id=f"code-{i}") for i, code in enumerate(codes)]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path.write_text(
        nbformat.writes(nbformat.v4.new_notebook(cells=cells, metadata=metadata)), "utf-8"
    )


@pytest.fixture
def course(tmp_path):
    """A front page and three notebooks, with the course's Makefile and everything it calls."""
    if not (ROOT / ".node" / "installed").exists():
        pytest.skip("the scripts' packages are not installed: make book")
    course = tmp_path / "course"
    course.mkdir()
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, course / name)
    for name in (".venv", ".node"):
        (course / name).symlink_to(ROOT / name)
    for name in ("chapters", "exercises", "solutions"):
        (course / name).mkdir()
    (course / "_toc.yml").write_text(TOC, "utf-8")
    (course / "index.md").write_text(INDEX, "utf-8")
    (course / "chapters" / "checklist.md").write_text(CHECKLIST, "utf-8")
    write_notebook(course / "chapters" / "one.ipynb", "One", "The first.", PLOT, WORD)
    write_notebook(course / "exercises" / "two.ipynb", "Two", "The second.", "print(2)")
    write_notebook(course / "solutions" / "two.ipynb", "Two", "The second.", "print(2)")
    return course


def build(course):
    """Let the Makefile build the pages; return the site, {path: content}."""
    there = ["--assume-old=.venv/build", "--assume-old=.node/installed"]
    command = ["make", *there, f"BIN={Path(sys.executable).parent}", "_build/html/offline.js"]
    # The copy is imported, not the project that is installed.
    environment = {**os.environ, "PYTHONPATH": str(course), "MAKEFLAGS": "", "PYODIDE": ""}
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    site = course / "_build" / "html"
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in sorted(site.rglob("*"))
        if path.is_file() and path.name != "built"
    }


@pytest.mark.slow
def test_after_each_kind_of_change_the_site_is_that_of_a_clean_build(course):
    first = build(course)
    assert b'class="explorer"' in first["index.html"]

    write_notebook(course / "exercises" / "two.ipynb", "Two, anew", "The second.", "print(3)")
    layers = course / "mlp_lib" / "layers.py"
    layers.write_text(layers.read_text("utf-8").replace('"""', '"""Changed. ', 1), "utf-8")
    changed = build(course)
    assert b"Two, anew" in changed["chapters/one.html"], "a title stands in every page's contents"
    assert b"Changed." in changed["chapters/one.html"]

    shutil.rmtree(course / "_build")
    clean = build(course)
    assert set(changed) == set(clean)
    assert [path for path in clean if changed[path] != clean[path]] == []
    assert first != clean
