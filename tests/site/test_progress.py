"""The reader's progress: answers and points stay, travel and are handed in; two tabs keep both."""

import json
import os

import pytest
from built_site import at_rest
from machine import needs_bubblewrap
from playwright.sync_api import expect
from practice_page import FIRST, answers

from grader.__main__ import main

expect.set_options(timeout=180_000)  # a busy machine takes its time
pytestmark = [pytest.mark.browser, pytest.mark.slow]

RIGHT = "def relu(z):\n    return np.maximum(z, 0)\n"
LINEAR = "def linear_forward(x, W, b):\n    return x @ W + b\n"
IN_PLACE = "def sigmoid(z):\n    z /= 2\n    return 0.5 * (1 + np.tanh(z))\n"
FILL = """() => {
  let filling = "";
  for (let size = 2 ** 22; size >= 1; size /= 2) {
    try {
      localStorage.setItem("filling", filling + "x".repeat(size));
      filling += "x".repeat(size);
    } catch { /* too much: half of it */ }
  }
}"""
EARN = """task => courseProgress.set("points", task, {points: 2, possible: 3, blank: ""})"""
LISTEN = """() => {
  window.heard = 0;
  addEventListener("storage", ({key}) => { window.heard += key.startsWith("course:"); });
}"""
BLOCK_STORAGE = """
  for (const name of ["getItem", "setItem"])
    Storage.prototype[name] = () => { throw new DOMException("blocked", "SecurityError"); };
"""


def editor(practice, task):
    """The task's editor; a tab behind another one does not load its editors."""
    practice.page.bring_to_front()
    practice.focus(task)
    return practice.cell(task).locator(".cm-content")


def saved(practice, press, folder):
    """Press a button that saves a file; return where it lies."""
    with practice.page.expect_download() as download:
        practice.page.get_by_role("button", name=press).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_answers_and_points_are_there_on_the_next_visit(visit):
    practice = visit()
    practice.type("relu", RIGHT)
    practice.page.evaluate(EARN, "relu")
    again = visit(context=practice.page.context)
    expect(editor(again, "relu")).to_contain_text("np.maximum")
    assert again.points("relu") == "2 of 3 points"
    assert again.page.locator(".practice-top strong").inner_text().startswith("2 of ")


def test_points_are_shown_beside_the_exercise_in_the_contents_and_on_the_checklist_at_once(visit):
    practice = visit()
    checklist = visit("chapters/checklist.html", context=practice.page.context)
    expect(checklist.page.locator(".checklist-bar [role=status]")).to_contain_text(" 0 of ")
    practice.page.evaluate(EARN, "relu")
    expect(practice.page.locator(".contents-points").first).to_contain_text("2 of ")
    expect(checklist.page.locator(".contents-points").first).to_contain_text("2 of ")
    expect(checklist.page.locator(".checklist-bar [role=status]")).to_contain_text(" 2 of ")


def test_two_tabs_do_not_overwrite_each_other(visit):
    one = visit()
    other = visit(context=one.page.context)
    one.put("relu", "mine in one tab")
    other.put("linear_forward", "mine in the other")
    both = "() => ['relu', 'linear_forward'].every(task => courseProgress.get('draft', task))"
    for tab in (one, other):
        tab.page.wait_for_function(both, polling=100)
    assert one.page.evaluate("courseProgress.get('draft', 'relu').source") == "mine in one tab"
    assert (
        one.page.evaluate("courseProgress.get('draft', 'linear_forward').source")
        == "mine in the other"
    )


def test_two_tabs_come_to_rest_after_a_change(visit):
    one = visit()
    other = visit(context=one.page.context)
    for tab in (one, other):
        tab.page.evaluate(LISTEN)
    one.page.evaluate(EARN, "relu")
    expect(other.cell("relu").locator(".practice-points")).to_have_text("2 of 3 points")
    assert at_rest(one.page, lambda: [tab.page.evaluate("heard") for tab in (one, other)])


def test_progress_travels_to_another_browser_as_a_file(visit, tmp_path):
    practice = visit()
    practice.put("relu", RIGHT)
    practice.page.evaluate(EARN, "relu")
    file = saved(practice, "Export", tmp_path)
    other = visit()
    other.put("linear_forward", LINEAR)
    other.page.locator(".practice-top input[type=file]").set_input_files(file)
    expect(other.page.locator(".practice-top [role=status]")).to_contain_text("Imported")
    assert other.points("relu") == "2 of 3 points"
    expect(editor(other, "relu")).to_contain_text("np.maximum")
    expect(editor(other, "linear_forward")).to_contain_text("x @ W + b")


def test_of_two_entries_the_newer_one_stays(visit, tmp_path):
    practice = visit()
    practice.put("relu", "older")
    file = saved(practice, "Export", tmp_path)
    practice.page.wait_for_timeout(5)
    practice.put("relu", "newer")
    practice.page.locator(".practice-top input[type=file]").set_input_files(file)
    expect(practice.page.locator(".practice-top [role=status]")).to_contain_text("Imported")
    expect(editor(practice, "relu")).to_have_text("newer")


def test_a_file_of_a_later_course_is_refused_and_changes_nothing(visit, tmp_path):
    practice = visit()
    file = tmp_path / "later.json"
    entry = {"at": 9e15, "value": {"points": 3, "possible": 3}}
    file.write_text(
        json.dumps({"format": "course-progress", "schema": 2, "entries": {"points/relu": entry}})
    )
    practice.page.locator(".practice-top input[type=file]").set_input_files(file)
    expect(practice.page.locator(".practice-top [role=status]")).to_contain_text("Expected a file")
    assert practice.points("relu") == ""


def test_an_answer_to_a_task_that_has_changed_stands_beside_the_new_one(visit):
    practice = visit()
    practice.page.evaluate(
        "source => courseProgress.set('draft', 'relu', {source, blank: 'of an earlier course'})",
        RIGHT,
    )
    expect(editor(practice, "relu")).to_contain_text("NotImplementedError")
    earlier = practice.cell("relu").locator(".practice-earlier")
    assert "This task has changed" in earlier.inner_text()
    practice.type("relu", "something new")
    practice.page.reload()
    expect(editor(practice, "relu")).to_have_text("something new")
    earlier.locator("summary").click()
    assert "np.maximum" in earlier.inner_text()
    earlier.get_by_role("button").click()
    expect(editor(practice, "relu")).to_contain_text("np.maximum")


@pytest.mark.skipif(
    not os.environ.get("PYODIDE_TEST"),
    reason="no Pyodide: PYODIDE_TEST=DIR names a distribution, PYODIDE_TEST=cdn the official host",
)
@needs_bubblewrap
def test_a_teachers_grade_of_the_downloaded_notebook_is_that_of_the_page(visit, tmp_path):
    practice, points = visit(), {}
    some = {"relu": RIGHT, "sigmoid": IN_PLACE, "linear_forward": LINEAR.replace("@ W", "@ W.T")}
    for task, source in some.items():
        practice.check(task, source)
        points[task] = int(practice.points(task).split()[0])
    assert sorted(points.values()) == [0, 2, 3]
    (tmp_path / "class" / "ann").mkdir(parents=True)
    saved(practice, "Download my notebook", tmp_path / "class" / "ann")
    out = tmp_path / "grades"
    options = ["--out", str(out), "--engine", "fast", "--trust-anyway"]
    assert main(["grade", str(tmp_path / "class"), *options]) == 0
    (result,) = (out / "results").glob("ann--*.json")
    graded = {
        check["task"]: check["points"] for check in json.loads(result.read_text("utf-8"))["checks"]
    }
    assert graded == dict.fromkeys(graded, 0) | points


def test_a_full_storage_is_told_and_the_page_goes_on(visit, tmp_path):
    practice = visit()
    practice.page.evaluate(FILL)
    practice.type("relu", RIGHT + "# long" * 500)
    expect(practice.page.locator(".practice-top [role=status]")).to_contain_text(
        "export before you leave"
    )
    entries = json.loads(saved(practice, "Export", tmp_path).read_text("utf-8"))["entries"]
    assert entries["draft/relu"]["value"]["source"].startswith(RIGHT)
    practice.page.evaluate("localStorage.removeItem('filling')")
    practice.type("relu", RIGHT)
    again = visit(context=practice.page.context)
    expect(editor(again, "relu")).to_contain_text("np.maximum")


def test_a_browser_that_stores_nothing_says_so_and_works_all_the_same(visit, tmp_path):
    practice = visit(init=BLOCK_STORAGE)
    practice.type("relu", RIGHT)
    expect(practice.page.locator(".practice-top [role=status]")).to_contain_text(
        "export before you leave"
    )
    entries = json.loads(saved(practice, "Export", tmp_path).read_text("utf-8"))["entries"]
    assert entries["draft/relu"]["value"]["source"] == RIGHT


def test_the_downloaded_notebook_holds_the_answers_in_their_cells(visit, tmp_path):
    practice = visit()
    practice.put("relu", RIGHT)
    file = saved(practice, "Download my notebook", tmp_path)
    assert file.name == FIRST.rpartition("/")[2]
    assert answers(file) == answers(FIRST) | {"relu": RIGHT}
