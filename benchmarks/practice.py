"""Practice in the browser: seconds to a first check, to a further one, and to JupyterLite.

Needs a site that has its own Pyodide, ``make book PYODIDE=DIR``, and Chromium.
"""

import argparse
import contextlib
import statistics
import tempfile
import threading
import time
from pathlib import Path

import nbformat

from book import browser, serve
from grader.exercises import ROOT

from .timing import table

SITE = ROOT / "_build" / "html"
EXERCISE = "01_forward_pass"
TASK = "relu"
WANTED = {
    "first check, cold": 10,
    "first check, warm": 4,
    "further check": 0.3,
    "JupyterLite, cold": 15,
}
FURTHER = 10  # checks of one visit
PUT = """([task, source]) => {
  const {cells} = JSON.parse(document.getElementById("practice-data").textContent);
  const {blank} = cells.find(cell => cell.task === task);
  courseProgress.set("draft", task, {source, blank});
}"""
CHECK = """cell => new Promise(resolve => {
  const status = cell.querySelector(".practice-status");
  const start = performance.now();
  new MutationObserver((changes, observer) => {
    if (!status.textContent.startsWith("Checked")) return;
    observer.disconnect();
    resolve(performance.now() - start);
  }).observe(status, {childList: true, characterData: true, subtree: true});
  cell.querySelector("button[aria-label^='Check ']").click();
})"""
KERNEL_IS_READY = """() => {
  const panel = window.jupyterapp?.shell.currentWidget;
  return panel?.context?.isReady && panel.sessionContext.session?.kernel?.status === "idle";
}"""
RUN_FIRST_CELL = """async () => {
  const {content} = window.jupyterapp.shell.currentWidget;
  content.activeCellIndex = content.widgets.findIndex(cell => cell.model.type === "code");
  await window.jupyterapp.commands.execute("notebook:run-cell");
  return content.activeCell.model.toJSON().execution_count;
}"""


def answer():
    notebook = nbformat.read(ROOT / "solutions" / f"{EXERCISE}.ipynb", as_version=4)
    cells = (
        cell for cell in notebook.cells if cell.metadata.get("grader", {}).get("answer") == TASK
    )
    return next(cells).source


def checks(page, count):
    """Return the seconds that each of ``count`` checks takes, from the click to the verdict."""
    cell = page.locator(f"#cell-{TASK}-answer")
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").wait_for()
    return [cell.evaluate(CHECK) / 1000 for _ in range(count)]


def visit(address, folder, chromium):
    """Return {what: seconds} of a reader who comes twice, and of one who takes JupyterLite."""
    start = chromium.browser_type.launch_persistent_context
    options = {"executable_path": browser.find(), "args": browser.FLAGS}
    page_of_exercise, source = f"{address}exercises/{EXERCISE}.html", answer()
    seconds = {}
    for what in ("cold", "warm"):
        with contextlib.closing(start(folder / "reader", **options)) as context:
            page = context.new_page()
            page.set_default_timeout(180_000)
            page.goto(page_of_exercise)
            page.evaluate(PUT, [TASK, source])
            first, *further = checks(page, 1 + FURTHER)
            seconds[f"first check, {what}"] = first
    seconds["further check"] = statistics.median(further)
    with contextlib.closing(start(folder / "other", **options)) as context:
        page = context.new_page()
        page.set_default_timeout(180_000)
        page.goto(page_of_exercise)
        way = page.get_by_role("link", name="Open in JupyterLite").first.evaluate(
            "link => link.href"
        )
        begin = time.perf_counter()
        page.goto(way)
        page.wait_for_function(KERNEL_IS_READY)
        assert page.evaluate(RUN_FIRST_CELL) == 1
        seconds["JupyterLite, cold"] = time.perf_counter() - begin
    return seconds


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks practice", description=__doc__)
    parser.add_argument("-n", type=int, default=3, help="readers")
    options, _ = parser.parse_known_args(arguments)
    if not (SITE / "lite" / "static" / "pyodide").exists():
        parser.error(
            "the site has no Pyodide of its own: make book PYODIDE=DIR, with its official release"
        )
    seen = []
    with serve.server(SITE, (0,)) as running, browser.start() as chromium:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        for _ in range(options.n):
            with tempfile.TemporaryDirectory() as folder:
                seen.append(
                    visit(f"http://127.0.0.1:{running.server_port}/", Path(folder), chromium)
                )
        running.shutdown()
    median = {what: statistics.median(one[what] for one in seen) for what in WANTED}
    rows = [[what, f"{median[what]:.2f}", wanted] for what, wanted in WANTED.items()]
    print(table(["what", "seconds, median", "wanted"], rows))
    return 0 if all(median[what] <= wanted for what, wanted in WANTED.items()) else 1
