"""Slides of a chapter: the Markdown cells with the tag ``slide``, and the next cell's figure.

The cells' parts are marked on the page; opened with ``?slides`` the page shows these, as slides.
"""

from pathlib import Path

import nbformat
from docutils import nodes

from book import scripts

TAG = "slide"


def setup(app):
    app.connect("config-inited", add_scripts)
    app.connect("doctree-read", mark)


def add_scripts(app, config):
    out = scripts.BUILT / "slides"
    scripts.esbuild(out, "slides.js", "--format=iife")
    scripts.esbuild(out, "slides.css")


def mark(app, doctree):
    """Give each part of a tagged cell the number of its slide, up to the cell's second heading."""
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix != ".ipynb" or path.parent.name != "chapters":
        return
    slide_of = numbered(nbformat.read(path, 4).cells)
    titled, ended = set(), set()
    for part in doctree.findall(
        lambda node: isinstance(node.parent, (nodes.section, nodes.document))
    ):
        cell = cell_of(part)
        if cell not in slide_of or isinstance(part, nodes.section):
            continue
        if isinstance(part, nodes.title):
            (ended if cell in titled else titled).add(cell)
        if cell not in ended:
            part["classes"].append(f"slide-{slide_of[cell]}")
            if isinstance(
                part, nodes.paragraph
            ):  # whose formulas browsers put behind it, not in it
                for formula in part.findall(nodes.math_block):
                    formula["classes"].append(f"slide-{slide_of[cell]}")


def numbered(cells):
    """Return {index of a cell: number of the slide on which it stands}."""
    found, number = {}, 0
    for index, cell in enumerate(cells):
        if TAG in cell.metadata.get("tags", []):
            number += 1
            found[index] = number
            if index + 1 < len(cells) and draws(cells[index + 1]):
                found[index + 1] = number
    return found


def draws(cell):
    return cell.cell_type == "code" and (
        "mystnb" in cell.metadata or "\nexplore(" in f"\n{cell.source}"
    )


def cell_of(part):
    """Return the index of the cell that a part of the page comes from: MyST-NB counts lines so."""
    if "cell_index" in part:
        return part["cell_index"]
    return (part.line or 0) // 10_000 - 1
