"""Binder: what repo2docker would build of this repository, and a chapter in JupyterLab as built."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import jupyter_page
import pytest
from sample import EVERYTHING

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted(path.stem for path in ROOT.glob("chapters/*.ipynb"))
linux = pytest.mark.skipif(os.name == "nt", reason="Binder runs Linux")


@pytest.fixture(scope="module")
def buildpack():
    from repo2docker.app import Repo2Docker  # here: it takes its time

    app = Repo2Docker()
    with contextlib.chdir(ROOT):
        packs = (pack(app.base_image) for pack in app.buildpacks)
        pack = next(pack for pack in packs if pack.detect())
        pack.platform = "linux/amd64"
        yield pack


def test_binder_sees_a_python_project_and_the_pinned_python(buildpack):
    assert type(buildpack).__name__ == "PythonBuildPack"
    assert buildpack.python_version == "3.11"


def test_binder_installs_the_file_that_everyone_installs_and_nothing_from_the_system(buildpack):
    commands = [command for _, command in buildpack.get_assemble_scripts()]
    assert any('install --no-cache-dir -r "requirements.txt"' in command for command in commands)
    assert not buildpack.get_preassemble_scripts()
    assert not any(re.search(r"\bapt|conda install|npm\b", command) for command in commands)


@pytest.mark.slow
def test_the_image_file_can_be_written(buildpack):
    dockerfile = buildpack.render({})
    assert "requirements.txt" in dockerfile
    assert "${REPO_DIR}/start" in dockerfile


@linux
def test_what_binder_starts_has_one_blas_thread():
    start = ROOT / "start"
    assert os.access(start, os.X_OK)
    command = [start, sys.executable, "-c", "import os; print(os.environ['OPENBLAS_NUM_THREADS'])"]
    environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab's address, started as Binder starts it; it works on a copy of the notebooks."""
    folder = tmp_path_factory.mktemp("home")
    for name in ("chapters", "exercises"):
        shutil.copytree(ROOT / name, folder / name)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # of an environment made as Binder's is
    python = os.environ.get("BINDER_PYTHON", sys.executable)
    options = [
        "--no-browser",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=",
    ]
    options += [
        "--allow-root",
        "--LabApp.expose_app_in_browser=True",
        f"--ServerApp.root_dir={folder}",
    ]
    server = subprocess.Popen(
        [ROOT / "start", python, "-m", "jupyterlab", *options],
        env=os.environ | {"JUPYTER_CONFIG_DIR": str(folder / ".jupyter")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/api").close()
                break
            time.sleep(0.5)
        else:
            pytest.fail("JupyterLab did not answer within five minutes")
        yield address
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture
def open_notebook(lab, page):
    def open_(notebook):
        page.goto(f"{lab}/lab/tree/{notebook}?reset")  # where Binder's button leads
        jupyter_page.wait_until_ready(page)
        return page

    return open_


@pytest.mark.slow
@pytest.mark.browser
@linux
@pytest.mark.sampled
@pytest.mark.parametrize("name", CHAPTERS if EVERYTHING else ["05_backpropagation"])
def test_a_chapter_runs_in_jupyterlab_and_its_slider_moves(open_notebook, name):
    page = open_notebook(f"chapters/{name}.ipynb")
    assert jupyter_page.errors(jupyter_page.run_all(page)) == []
    before, after = jupyter_page.move_slider(page)
    assert before != after


@pytest.mark.slow
@pytest.mark.browser
@linux
def test_jupyterlab_renders_the_course_s_markdown(open_notebook):
    page = open_notebook("chapters/02_chain_rule.ipynb")
    jupyter_page.scroll_to(page, "Think first")
    page.locator(".jp-MarkdownCell details", has_text="Answer").first.wait_for()
    told = page.locator(".jp-MarkdownCell").all_inner_texts()
    assert not [text for text in told if ":::" in text or "{cite}" in text]


@pytest.mark.slow
@pytest.mark.browser
@linux
def test_a_check_passes_in_jupyterlab(open_notebook):
    page = open_notebook("exercises/01_forward_pass.ipynb")
    prepare = "import numpy as np\nfrom grader import check\n"
    assert "0/3" in jupyter_page.run_code(page, prepare + "check('relu', lambda x: x)")
    assert "3/3" in jupyter_page.run_code(page, "check('relu', lambda x: np.maximum(x, 0))")
