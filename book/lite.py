"""Put JupyterLite into the built site: every notebook runs in the reader's own browser.

``python -m book.lite SITE`` writes ``SITE/lite``; ``python -m book.lite SITE PYODIDE`` puts that
folder, a Pyodide distribution, beside it, so that nothing comes from another host.  Runs with the
Python of the environment made from ``book/lite/requirements.txt``, which holds the ready-made
wheels in ``wheels/``.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from . import address
from .fingerprint import fingerprint

ROOT = Path(__file__).parents[1]
WHEELS = Path(sys.prefix, "wheels")
FOLDERS = ("chapters", "exercises", "solutions")
PYODIDE_URL = "https://cdn.jsdelivr.net/pyodide/v0.27.7/full/pyodide.js"
APPS = ("lab", "notebooks")  # those that open notebooks
SCRIPT = "../../_static/practice/lite.js"  # from book/web/lite.js
KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
# A link to a page, which would open as source text.
PAGE_LINK = re.compile(r"\]\((?:\.\./chapters/)?(\w+)\.md(#[\w-]+)?\)")
KERNEL_PLUGIN = "@jupyterlite/pyodide-kernel-extension:kernel"
FROM_WORKER = "../../../../pypi/"  # addresses are resolved from where the kernel's script lies


def build(site, pyodide=None):
    """Write ``site/lite`` anew."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        stage_notebooks(folder / "contents")
        wheels = [build_wheel(folder / "wheel"), *sorted(WHEELS.glob("*.whl"))]
        configure(folder, wheels, pyodide)
        if pyodide:
            shutil.copytree(pyodide, folder / "static" / "pyodide")
        shutil.rmtree(site / "lite", ignore_errors=True)
        run("jupyter", "lite", "build", "--output-dir", site.resolve() / "lite", cwd=folder)
    add_script(site / "lite")


def stage_notebooks(contents):
    """Copy the notebooks with the browser's kernel, without outputs: a reader runs them first."""
    site = address.read()["site"]
    for path in (path for name in FOLDERS for path in sorted((ROOT / name).glob("*.ipynb"))):
        notebook = json.loads(path.read_text("utf-8"))
        notebook["metadata"]["kernelspec"] = KERNEL
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell |= {"outputs": [], "execution_count": None}
            else:
                cell["source"] = PAGE_LINK.sub(
                    rf"]({site}chapters/\1.html\2)", "".join(cell["source"])
                )
        mark_version(notebook)
        target = contents / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")


def mark_version(notebook):
    """Let a copy that a browser stores know its version, and the unanswered cells of its tasks."""
    blanks = {}
    for cell in notebook["cells"]:
        task = cell["metadata"].get("grader", {}).get("answer")
        if task:
            source = "".join(cell["source"])
            blanks[task] = {"source": source, "blank": fingerprint(source.encode())}
    version = fingerprint(json.dumps(notebook["cells"]).encode())
    notebook["metadata"]["course"] = {"version": version, "blanks": blanks}


def add_script(lite):
    """Let JupyterLite's pages keep the reader's answers and points as the site's pages do."""
    for page in (lite / app / "index.html" for app in APPS):
        text = page.read_text("utf-8")
        page.write_text(
            text.replace("</head>", f'<script defer src="{SCRIPT}"></script></head>', 1), "utf-8"
        )


def build_wheel(folder):
    """Return the wheel of mlp_lib and grader, built from a copy: no traces in the tree."""
    copy = folder / "source"
    for name in ("mlp_lib", "grader"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"]
    run(*pip, "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder, copy)
    return next(folder.glob("*.whl"))


def configure(folder, wheels, pyodide):
    """Write JupyterLite's two configuration files: what is built in, and what a page loads."""
    packages = [FROM_WORKER + wheel.name for wheel in wheels]
    kernel = {
        "disablePyPIFallback": True,  # what is not here is missing: no request to PyPI
        "loadPyodideOptions": {
            "packages": [
                *("numpy", "matplotlib", "ipython", "traitlets"),
                *packages,
                "./pypi/widgetsnbextension-4.0.999-py3-none-any.whl",
            ]
        },
    }
    if not pyodide:
        kernel["pyodideUrl"] = PYODIDE_URL
    page = {
        "appName": "Backpropagation from Scratch",
        "exposeAppInBrowser": True,  # the tests run notebooks through it
        "litePluginSettings": {KERNEL_PLUGIN: kernel},
    }
    tool = {
        "LiteBuildConfig": {
            "contents": ["contents"],
            "apps": [*APPS, "tree"],
            "no_sourcemaps": True,
        },
        "PipliteAddon": {"piplite_urls": [str(wheel) for wheel in wheels]},
    }
    write(
        folder / "jupyter-lite.json",
        {"jupyter-lite-schema-version": 0, "jupyter-config-data": page},
    )
    write(folder / "jupyter_lite_config.json", tool)


def write(path, content):
    path.write_text(json.dumps(content, indent=2), "utf-8")


def run(command, *arguments, cwd=None):
    """Run a program of this environment; show what it said only if it fails."""
    program = (
        Path(command) if Path(command).is_absolute() else Path(sys.executable).with_name(command)
    )
    done = subprocess.run(
        [program, *arguments], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        sys.exit(f"{done.stdout}\nJupyterLite was not built: {command} failed (see above)")


if __name__ == "__main__":
    build(*map(Path, sys.argv[1:3]))
