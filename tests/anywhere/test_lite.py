"""JupyterLite, the reader's own browser: notebooks run, sliders move, checks award points.

Needs the built site, and a Pyodide that fits it: ``PYODIDE_TEST=DIR`` names the unpacked official
release, which then is served beside the site; with ``PYODIDE_TEST=cdn`` the browser asks the
official host, as a reader's does.  ``EVERYTHING=1`` runs every notebook, not only one.
"""

import json
import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import jupyter_page
import pytest
from sample import EVERYTHING

from book import address

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
PREFIX = address.read()["path"].rstrip("/")
PYODIDE = os.environ.get("PYODIDE_TEST")
LITE_PYTHON = ROOT / ".venv-lite" / "bin" / "python"
ALL = [
    path.relative_to(ROOT).as_posix()
    for name in ("chapters", "solutions")
    for path in sorted(ROOT.glob(f"{name}/*.ipynb"))
]
RUN = ALL if EVERYTHING else ["chapters/02_chain_rule.ipynb"]
needs_pyodide = pytest.mark.skipif(
    not PYODIDE,
    reason="no Pyodide: PYODIDE_TEST=DIR names a distribution, PYODIDE_TEST=cdn the official host",
)
pytestmark = pytest.mark.slow
RIGHT = "def relu(z):\n    return np.maximum(z, 0)\n"
KEEP_DRAFT = """source => {
  const {cells} = JSON.parse(document.getElementById("practice-data").textContent);
  const {blank} = cells.find(cell => cell.task === "relu");
  courseProgress.set("draft", "relu", {source, blank});
}"""
WRITE = f"""source => {jupyter_page.NOTEBOOK}.content.widgets
  .find(cell => cell.model.id === "relu-answer").model.sharedModel.setSource(source)"""
# Store the open notebook as an earlier course's, with an answer in it; then what its copies hold.
AGE = """async () => {
  const {contents} = window.jupyterapp.serviceManager;
  const path = "exercises/01_forward_pass.ipynb";
  const {content} = await contents.get(path, {content: true});
  content.metadata.course.version = content.metadata.course.blanks.relu.blank = "of last year";
  content.cells.find(cell => cell.id === "relu-answer").source = "# my old answer";
  await contents.save(path, {type: "notebook", format: "json", content});
}"""
KEPT = """async () => {
  const {contents} = window.jupyterapp.serviceManager;
  const {content} = await contents.get("exercises", {content: true});
  const paths = content.map(({path}) => path).filter(path => path.includes("(of "));
  const read = async path => JSON.stringify(await contents.get(path, {content: true}));
  return Promise.all(paths.map(read));
}"""


@pytest.fixture(scope="session")
def lite(tmp_path_factory):
    """The folder of a freshly built JupyterLite."""
    if not LITE_PYTHON.exists():
        pytest.fail("no environment for JupyterLite: run `make book` first, it makes one")
    site = tmp_path_factory.mktemp("site")
    local = [Path(PYODIDE).resolve()] if PYODIDE and PYODIDE != "cdn" else []
    subprocess.run(
        [LITE_PYTHON, "-m", "book.lite", site, *local], cwd=ROOT, check=True, timeout=300
    )
    return site / "lite"


@pytest.fixture(scope="session")
def host(lite, serve):
    """The address of the built site, below the host's root as on GitHub Pages, with JupyterLite."""
    with serve(SITE, PREFIX, lite) as address:
        yield address


@pytest.fixture
def from_the_button(page, host):
    """Opens a notebook's page on the site, presses its JupyterLite button, returns the notebook."""
    return lambda notebook: press_the_button(page, host, notebook)


def press_the_button(page, host, notebook):
    page.goto(f"{host}/{notebook.replace('.ipynb', '.html')}")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Open in JupyterLite").click()
    lab = opened.value
    lab.set_default_timeout(180_000)
    jupyter_page.wait_until_ready(lab)
    return lab


@pytest.fixture(scope="module")
def exercise(browser, host):
    """The page of the first exercise, with a draft kept, and the notebook opened from there."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    page.set_default_timeout(180_000)
    page.goto(f"{host}/exercises/01_forward_pass.html")
    page.evaluate(KEEP_DRAFT, RIGHT)
    yield page, press_the_button(page, host, "exercises/01_forward_pass.ipynb")
    context.close()


def test_every_notebook_is_staged_blank_and_for_the_browsers_kernel(lite):
    paths = [
        p for name in ("chapters", "exercises", "solutions") for p in ROOT.glob(f"{name}/*.ipynb")
    ]
    for path in paths:
        notebook = json.loads((lite / "files" / path.relative_to(ROOT)).read_text("utf-8"))
        assert notebook["metadata"]["kernelspec"]["name"] == "python"
        assert not any(cell.get("outputs") for cell in notebook["cells"])


def test_words_link_to_the_glossary_of_the_published_site(lite):
    site = address.read()["site"]
    for name in ("chapters", "exercises", "solutions"):
        text = "".join(path.read_text("utf-8") for path in (lite / "files" / name).glob("*.ipynb"))
        assert f"]({site}chapters/glossary.html#term-" in text
        assert not re.search(r"\]\([^)]*\.md\b", text)


def test_what_the_kernel_loads_lies_in_the_site_and_only_pyodide_comes_from_its_host(lite):
    settings = json.loads((lite / "jupyter-lite.json").read_text("utf-8"))["jupyter-config-data"]
    kernel = settings["litePluginSettings"]["@jupyterlite/pyodide-kernel-extension:kernel"]
    wheels = [p for p in kernel["loadPyodideOptions"]["packages"] if p.startswith("../")]
    assert {re.split("[-_]", Path(w).name)[0] for w in wheels} >= {"mlp", "ipywidgets", "tqdm"}
    assert all((lite / "pypi" / Path(wheel).name).is_file() for wheel in wheels)
    assert kernel["disablePyPIFallback"]
    remote = kernel.get("pyodideUrl", "").startswith("https:")
    assert remote == (PYODIDE in (None, "", "cdn"))


@needs_pyodide
@pytest.mark.browser
@pytest.mark.sampled
@pytest.mark.parametrize("notebook", RUN)
def test_from_the_button_on_its_page_a_notebook_runs_to_the_end_and_asks_no_other_host(
    from_the_button, page, notebook
):
    asked = set()
    page.context.on("request", lambda request: asked.add(urlsplit(request.url)))
    lab = from_the_button(notebook)
    cells = jupyter_page.run_all(lab)
    assert jupyter_page.errors(cells) == []
    if notebook.startswith("chapters"):
        before, after = jupyter_page.move_slider(lab)
        assert before != after
    else:
        checks = [
            jupyter_page.text(cell)
            for cell in cells
            if "check" in cell["metadata"].get("grader", {})
        ]
        points = [re.search(r"(\d+)/(\d+)", said).groups() for said in checks]
        assert points
        assert all(earned == possible for earned, possible in points), points
    hosts = {url.hostname for url in asked if url.scheme.startswith("http")}
    assert hosts == {"127.0.0.1"} | ({"cdn.jsdelivr.net"} if PYODIDE == "cdn" else set())


@needs_pyodide
@pytest.mark.browser
def test_a_check_judges_right_wrong_and_endless_answers_in_the_browser(exercise):
    _, lab = exercise
    prepare = "import numpy as np\nfrom grader import check\n"
    right = jupyter_page.run_code(lab, prepare + "check('relu', lambda x: np.maximum(x, 0))")
    wrong = jupyter_page.run_code(lab, "check('relu', lambda x: x)")
    overflows = "def sigmoid(z):\n    return 1 / (1 + np.e ** (-z))\n\n\ncheck('sigmoid', sigmoid)"
    endless = "def relu(x):\n    while True:\n        pass\n\n\ncheck('relu', relu)"
    assert "3/3" in right
    assert "0/3" in wrong
    assert "Nothing is cut off" in wrong
    assert "sigmoid 2/3" in jupyter_page.run_code(lab, overflows)
    assert "does every loop end?" in jupyter_page.run_code(lab, endless)


@needs_pyodide
@pytest.mark.browser
def test_answers_of_the_page_travel_into_the_notebook_and_points_travel_back(exercise):
    page, lab = exercise
    lab.wait_for_function(f"({jupyter_page.SOURCE})('relu-answer')?.includes('np.maximum')")
    for cell in ("setup", "relu-answer", "relu-check"):
        jupyter_page.run_cell(lab, cell)
    page.wait_for_function("courseProgress.get('points', 'relu')?.points === 3", polling=500)
    lab.evaluate(WRITE, "def relu(z):\n    return z * (z > 0)\n")
    page.wait_for_function(
        "courseProgress.get('draft', 'relu').source.includes('z * (z > 0)')", polling=500
    )
    page.evaluate(KEEP_DRAFT, RIGHT)
    lab.wait_for_function(
        f"({jupyter_page.SOURCE})('relu-answer').includes('np.maximum')", polling=500
    )


@pytest.mark.browser
def test_a_stored_notebook_of_an_earlier_course_offers_the_new_one_and_keeps_the_old(page, host):
    address = f"{host}/lite/notebooks/index.html?path=exercises/01_forward_pass.ipynb"
    page.goto(address)
    shown = f"({jupyter_page.SOURCE})('relu-answer')"
    page.wait_for_function(shown)
    assert page.locator("#course-note").count() == 0
    page.evaluate(AGE)
    page.goto(address)
    note = page.locator("#course-note")
    note.wait_for()
    assert "the course has a newer one" in note.inner_text()
    assert "my old answer" in jupyter_page.source(page, "relu-answer")
    note.get_by_role("button", name="Open the new one").click()
    page.wait_for_function(f"{shown}?.includes('NotImplementedError')")
    assert note.count() == 0
    kept = page.evaluate(KEPT)
    assert len(kept) == 1
    assert "my old answer" in kept[0]


@needs_pyodide
@pytest.mark.browser
def test_before_the_button_is_pressed_nothing_of_pyodide_is_loaded(page, host):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{host}/chapters/02_chain_rule.html", wait_until="networkidle")
    assert asked
    assert not [url for url in asked if "pyodide" in url or "/lite/" in url]
