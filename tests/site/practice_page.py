"""Drives a page on which cells run: fills an editor, presses its buttons, reads what it says."""

import re
import textwrap

import nbformat
import pytest
from built_site import ROOT, SITE
from playwright.sync_api import TimeoutError

from book.lite import PYODIDE_URL
from book.practice import PYODIDE_BESIDE

EXERCISES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("exercises/*.ipynb"))
FIRST = EXERCISES[0]
CHAPTERS = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("chapters/*.ipynb"))
ENDINGS = r"^(Checked|It runs|It ended|An assertion|Done|Stopped|Ended|Python could|Python broke)"
PUT = """([name, source]) => {
  const {cells} = JSON.parse(document.getElementById("practice-data").textContent);
  const {blank} = cells.find(cell => cell.task === name);
  courseProgress.set("draft", name, {source, blank});
}"""


class PracticePage:
    """One open page; a task is named as the notebook names it, another cell by its id."""

    def __init__(self, page):
        self.page = page

    def cell(self, task):
        return self.page.locator(f"#cell-{task.replace('_', '-')}-answer, #cell-{task}.practice")

    def put(self, task, source):
        """Put an answer into the task's editor, as another tab would."""
        self.page.evaluate(PUT, [task, source])

    def type(self, task, source):
        """Write an answer by keyboard alone, in place of what stands there."""
        self.focus(task)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)

    def focus(self, task):
        """Go to a task, whose editor comes when it is near."""
        self.cell(task).evaluate("cell => cell.scrollIntoView({block: 'center'})")
        self.cell(task).locator(".cm-content").focus()

    def press(self, button, task):
        """Press a button by keyboard: what comes in above moves it away from a mouse."""
        self.cell(task).get_by_role("button", name=f"{button} ").press("Enter")

    def check(self, task, source=None):
        """Check an answer; return what stands below it."""
        if source is not None:
            self.put(task, source)
        self.press("Check", task)
        return self.ended(task)

    def ended(self, task):
        """Wait until the run has ended; return what was printed."""
        try:
            self.page.wait_for_function(
                "([id, end]) => document.querySelector(`#${id} .practice-status`)"
                ".textContent.match(end)",
                arg=[self.cell(task).get_attribute("id"), ENDINGS],
                polling=200,
            )
        except TimeoutError:
            pytest.fail(f"{task} did not end; its status: {self.status(task)!r}")
        return self.printed(task)

    def printed(self, task):
        return self.cell(task).locator(".practice-output").text_content()

    def status(self, task):
        return self.cell(task).locator(".practice-status").inner_text()

    def points(self, task):
        return self.cell(task).locator(".practice-points").inner_text()


def answers(notebook):
    """Return {task: source} of a notebook's answer cells."""
    cells = nbformat.read(ROOT / notebook, 4).cells
    return {
        c.metadata["grader"]["answer"]: c.source
        for c in cells
        if "answer" in c.metadata.get("grader", {})
    }


def solution(exercise):
    """Return {task: source} of the right answers to an exercise, without the marks around them."""
    worked = answers(exercise.replace("exercises/", "solutions/"))
    return {
        task: re.sub(r"[ \t]*### (BEGIN|END) SOLUTION\n?", "", source)
        for task, source in worked.items()
    }


def run_here(chapter):
    """Return {cell's id: what the chapter prints below it} of the cells that the page can run."""
    cells = nbformat.read(ROOT / chapter, 4).cells
    return {
        c.id: "".join(output.text for output in c.outputs)
        for c in cells
        if c.metadata.get("course", {}).get("run_here")
    }


def endless(task):
    return textwrap.dedent(
        f"""
        def {task}(*arguments):
            while True:
                pass
        """
    )


def asks_pyodide_beside(context):
    """Let the pages of a context load Pyodide from the site."""

    contents = (SITE / "_static" / "practice" / "contents.js").read_text("utf-8")
    answer = {
        "body": contents.replace(PYODIDE_URL, PYODIDE_BESIDE),
        "content_type": "text/javascript",
    }
    context.route("**/practice/contents.js*", lambda route: route.fulfill(**answer))
