"""The chapters judge the library: broken in any of these ways, some assertion of theirs raises.

Nothing is compared with stored outputs here. `make test-claims` tries every way; `make test` only
those that SAMPLE names.
"""

import contextlib
import multiprocessing
import os
import shutil
import sys
from pathlib import Path

import matplotlib
import nbformat
import pytest
from sample import EVERYTHING

from tests.breakages import BREAKAGES

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
SAMPLE = {
    "Linear forgets its bias",
    "ReLU's slope at 0 is 1",
    "tanh remembers its output",
    "dW of the mean",
    "relative error without its second norm",
}
SECONDS = 900  # of wall clock, for a chapter that no longer ends

# Every run is a fork of one process that has imported all but the library, which takes longer than
# most chapters.
RUNS = multiprocessing.get_context("forkserver")
RUNS.set_forkserver_preload(["ipywidgets", "matplotlib.pyplot", "nbformat", "pytest"])


def run(cells, library, said):
    """Execute the cells with this folder's library; send what the first to raise says, or None."""
    os.chdir(ROOT / "chapters")
    matplotlib.use("agg")
    sys.path.insert(0, str(library))
    space = {"__name__": "__main__"}
    with open(os.devnull, "w") as nowhere:
        with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
            for name, source in cells:
                try:
                    exec(compile(source, name, "exec"), space)
                except Exception as error:
                    line = " ".join(f"cell {name}: {type(error).__name__} {error}".split())
                    return said.send(line[:200])
    used = Path(sys.modules["mlp_lib"].__file__).parents[1]
    assert used == library, f"expected the library in {library}, got the one in {used}"
    said.send(None)


def complaint(chapter, library):
    """Run a chapter's cells with this folder's library; return what the first to raise says."""
    notebook = nbformat.read(chapter, as_version=4)
    cells = [
        (cell.id, cell.source)
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.id != "colab"
    ]
    hears, says = RUNS.Pipe(duplex=False)
    process = RUNS.Process(target=run, args=(cells, library, says), daemon=True)
    process.start()
    says.close()  # so that a run that dies is heard
    try:
        assert hears.poll(SECONDS), f"{chapter.stem} did not end in {SECONDS} s"
        return hears.recv()
    finally:
        process.kill()
        process.join()


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """Return a function that makes a copy of the library, broken or whole, and names its folder."""

    def make(breakage=None):
        folder = tmp_path_factory.mktemp("library")
        shutil.copytree(
            ROOT / "mlp_lib", folder / "mlp_lib", ignore=shutil.ignore_patterns("__pycache__")
        )
        if breakage:
            module = folder / "mlp_lib" / f"{breakage.module}.py"
            module.write_text(breakage.applied(module.read_text("utf-8")), "utf-8")
        return folder

    return make


def test_every_breakage_still_finds_its_place_in_the_library():
    for breakage in BREAKAGES:
        source = (ROOT / "mlp_lib" / f"{breakage.module}.py").read_text("utf-8")
        compile(breakage.applied(source), str(breakage), "exec")
    assert len({str(breakage) for breakage in BREAKAGES}) == len(BREAKAGES) >= 40
    assert {str(breakage) for breakage in BREAKAGES} >= SAMPLE


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize(
    "chapter", CHAPTERS if EVERYTHING else CHAPTERS[:1], ids=lambda path: path.stem
)
def test_a_chapter_has_nothing_to_say_against_the_library_as_it_is(chapter, library):
    assert complaint(chapter, library()) is None


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize(
    "breakage", [b for b in BREAKAGES if EVERYTHING or b.name in SAMPLE], ids=str
)
def test_an_assertion_in_a_chapter_notices_that_the_library_is_broken(breakage, library):
    folder = library(breakage)
    first = breakage.chapters.split()
    for chapter in sorted(CHAPTERS, key=lambda path: (path.name[1] not in first, path.name)):
        said = complaint(chapter, folder)
        if said:
            print(f"{breakage}: {chapter.stem}, {said}")
            return
    pytest.fail(f"no chapter notices: {breakage}")
