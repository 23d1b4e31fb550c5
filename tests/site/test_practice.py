"""Practice on the page: tasks are edited, run and checked where they are read.

The tests that run Python need a Pyodide: ``PYODIDE_TEST=DIR`` names a distribution, which is served
with the site; with ``PYODIDE_TEST=cdn`` the browser asks the official host, as a reader's does.
``EVERYTHING=1`` tries every exercise, chapter and answer, not a sample.
"""

import contextlib
import os
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from built_site import PREFIX, ROOT, SCREENSHOTS, SITE, transferred
from playwright.sync_api import expect
from practice_page import CHAPTERS, EXERCISES, FIRST, answers, endless, run_here, solution
from sample import EVERYTHING, sample
from sources import natively, with_source

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PYODIDE = os.environ.get("PYODIDE_TEST")
LOCAL = PYODIDE if PYODIDE != "cdn" else None
needs_pyodide = pytest.mark.skipif(
    not PYODIDE,
    reason="no Pyodide: PYODIDE_TEST=DIR names a distribution, PYODIDE_TEST=cdn the official host",
)
TRIED = EXERCISES if EVERYTHING else EXERCISES[:1]
READ = CHAPTERS if EVERYTHING else CHAPTERS[2:3]
WRONG = "def relu(z):\n    return z\n"
RIGHT = "def relu(z):\n    return np.maximum(z, 0)\n"


# --- before the first click -----------------------------------------------------------------------


def test_nothing_of_python_is_loaded_before_a_click(visit, practice_host):
    practice = visit()
    practice.focus("relu")
    asked = practice.page.messages["requests"]
    assert [url for url in asked if not url.startswith((practice_host, "data:"))] == []
    of_python = ("pyodide", "course.zip", "worker")
    assert [url for url in asked if any(word in url for word in of_python)] == []


@needs_pyodide
def test_python_is_loaded_while_the_reader_writes_and_not_for_who_saves_data(visit):
    saves = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"
    for init, loads in ((None, True), (saves, False)):
        practice = visit(init=init)
        practice.focus("relu")
        with practice.page.expect_event("worker") if loads else contextlib.nullcontext():
            practice.page.keyboard.type(" ")
        assert bool(practice.page.workers) == loads
        assert practice.check("relu", RIGHT).startswith("✓ relu 3/3")


def test_the_editor_is_loaded_when_a_cell_comes_near(visit):
    practice = visit(viewport={"width": 1000, "height": 300})
    practice.page.wait_for_function("document.querySelectorAll('.practice-bar').length > 3")
    assert not any("editor.js" in url for url in practice.page.messages["requests"])
    practice.focus("relu")
    assert any("editor.js" in url for url in practice.page.messages["requests"])


def test_the_scripts_of_practice_weigh_at_most_180_kilobytes(site):
    urls = [
        f"http://x{PREFIX}/_static/practice/{name}.js"
        for name in ("contents", "page", "editor", "worker")
    ]
    assert 50_000 < transferred(urls) <= 180_000


def test_the_course_for_the_browser_holds_neither_digits_nor_the_grade_of_record():
    import zipfile

    with zipfile.ZipFile(SITE / "_static" / "practice" / "course.zip") as archive:
        names = archive.namelist()
    assert "mlp_lib/layers.py" in names
    assert "grader/__init__.py" in names
    assert [name for name in names if name.endswith(".npz") or "/grading/" in name] == []


def test_from_the_disk_a_page_reads_as_before_and_says_how_to_serve_it(open_page):
    page = open_page(FIRST.replace(".ipynb", ".html"))
    assert "python -m http.server" in page.locator(".practice-note").inner_text()
    assert page.get_by_text('check("relu", relu)').is_visible()
    assert page.locator(".practice-bar").count() == 0
    assert page.messages["console"] == []


# --- tasks ----------------------------------------------------------------------------------------


@needs_pyodide
@pytest.mark.sampled
@pytest.mark.parametrize("exercise", TRIED)
def test_every_task_answered_blank_right_and_endless_is_judged_in_the_page(visit, exercise):
    practice = visit(exercise)
    right = solution(exercise)
    for task in right:
        assert "Not answered yet" in practice.check(task), task
    for task, source in right.items():
        said = practice.check(task, source)
        assert said.startswith(f"✓ {task} "), said
        earned, _, possible, _ = practice.points(task).split()
        assert earned == possible, task
    for task in right:
        assert "does every loop end?" in practice.check(task, endless(task)), task


@needs_pyodide
def test_a_wrong_answer_is_told_what_it_is_told_in_a_notebook(warm):
    assert warm.check("relu", WRONG) == natively("relu", WRONG)
    assert "Nothing is cut off" in warm.printed("relu")
    assert warm.points("relu").startswith("0 of ")


@needs_pyodide
def test_an_answer_that_overflows_by_an_operator_is_told_so_as_in_a_notebook(warm):
    by_power = "def sigmoid(z):\n    return 1 / (1 + np.e ** (-z))\n"
    assert warm.check("sigmoid", by_power) == natively("sigmoid", by_power)
    assert warm.points("sigmoid").startswith("2 of 3")


@needs_pyodide
def test_more_memory_than_there_is_ends_the_cell_and_the_next_one_runs(visit):
    practice = visit()
    for greedy in (
        "held = [bytearray(1 << 28)]\nwhile True:\n    held.append(held[0] + b'1')",
        "held = [np.ones(1 << 26)]\nwhile True:\n    held.append(held[0] + 1)",
    ):
        practice.put("relu", greedy)
        practice.press("Run", "relu")
        assert "MemoryError" in practice.ended("relu")
    assert practice.check("relu", RIGHT).startswith("✓ relu")


@needs_pyodide
def test_earlier_answers_and_the_setup_run_first(warm):
    warm.put("relu", RIGHT)
    warm.put("linear_forward", "def linear_forward(x, W, b):\n    return x @ W + b\n")
    uses_both = (
        "def mlp_forward(x, params):\n"
        "    for W, b in params[:-1]:\n"
        "        x = relu(linear_forward(x, W, b))\n"
        "    return linear_forward(x, *params[-1])\n"
    )
    assert warm.check("mlp_forward", uses_both).startswith("✓ mlp_forward")


@needs_pyodide
def test_hints_come_layer_by_layer(warm):
    warm.check("relu", WRONG)
    for layer in (1, 2, 3, 3):
        warm.press("Hint", "relu")
        said = warm.ended("relu")
        assert f"Hint {layer}:" in said
        assert f"Hint {layer + 1}:" not in said


@needs_pyodide
def test_run_shows_prints_values_and_errors_with_their_line(warm):
    warm.put("relu", "print('seen')\n6 * 7")
    warm.press("Run", "relu")
    assert warm.ended("relu") == "seen\n42\n"
    warm.put("relu", "def f():\n    return 1 / 0\n\nf()")
    warm.press("Run", "relu")
    said = warm.ended("relu")
    assert "line 2, in f" in said
    assert "ZeroDivisionError: division by zero" in said
    assert "pyodide" not in said


@needs_pyodide
def test_what_is_printed_without_end_is_cut(warm):
    warm.put("relu", "for _ in range(100_000):\n    print('again')")
    warm.press("Run", "relu")
    said = warm.ended("relu")
    assert said.endswith("… and more, which is not shown.\n")
    assert len(said) < 60_000


@needs_pyodide
def test_an_endless_cell_is_stopped_and_the_draft_survives(visit):
    practice = visit()
    practice.put("relu", "while True:\n    pass")
    practice.press("Check", "relu")
    practice.page.get_by_text("Running …").wait_for()
    practice.press("Stop", "relu")
    practice.ended("relu")
    assert "Stopped. Your text is kept" in practice.status("relu")
    assert "while True" in practice.cell("relu").locator(".cm-content").inner_text()
    assert practice.check("relu", RIGHT).startswith("✓ relu")


@needs_pyodide
def test_a_cell_that_nobody_stops_is_ended(visit):
    practice = visit()
    practice.page.clock.install()
    practice.put("relu", "while True:\n    pass")
    practice.press("Run", "relu")
    practice.page.get_by_text("Running …").wait_for()
    practice.page.clock.fast_forward(121_000)
    practice.page.get_by_text("Ended after two minutes").wait_for()


@needs_pyodide
def test_a_worker_that_breaks_is_replaced(visit):
    practice = visit()
    practice.put("relu", "import js\njs.close()\nwhile True:\n    pass")
    practice.press("Run", "relu")
    practice.page.get_by_text("Running …").wait_for()
    practice.press("Stop", "relu")
    assert practice.check("relu", RIGHT).startswith("✓ relu")


@needs_pyodide
def test_the_memory_of_python_is_stated(warm):
    warm.check("relu", RIGHT)
    assert "Python holds" in warm.status("relu")


@needs_pyodide
def test_a_check_in_a_warm_page_loads_nothing(warm):
    before = len(warm.page.messages["requests"])
    warm.check("relu", WRONG)
    assert warm.page.messages["requests"][before:] == []


@pytest.mark.skipif(
    not LOCAL, reason="no Pyodide whose files could be weighed: PYODIDE_TEST=DIR names one"
)
def test_the_first_check_transfers_at_most_10_megabytes(warm):
    loaded = [
        url for url in warm.page.messages["requests"] if "/pyodide/" in url or "/practice/" in url
    ]
    assert not any("matplotlib" in url or "mnist" in url for url in loaded)
    assert 5_000_000 < transferred(loaded, LOCAL) <= 10_000_000


@needs_pyodide
def test_matplotlib_is_loaded_when_something_is_drawn_and_the_picture_appears(visit):
    drawing = next(e for e in EXERCISES if "plt.show()" in (ROOT / e).read_text("utf-8"))
    practice = visit(drawing)
    task = next(iter(answers(drawing)))
    practice.check(task)
    asked = practice.page.messages["requests"]
    assert not any("matplotlib" in url for url in asked)
    practice.put(task, "plt.plot([1, 3, 2])\nplt.show()\nprint('drawn')")
    practice.press("Run", task)
    assert "drawn" in practice.ended(task)
    picture = practice.cell(task).locator(".practice-output img")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300


@needs_pyodide
def test_python_that_cannot_be_loaded_says_so_and_can_be_asked_again(visit):
    practice = visit()
    blocked = "**/*pyodide.js" if LOCAL else "https://cdn.jsdelivr.net/**"
    practice.page.route(blocked, lambda route: route.abort())
    practice.put("relu", RIGHT)
    practice.press("Check", "relu")
    practice.ended("relu")
    assert "could not be loaded" in practice.status("relu")
    assert "is there a network?" in practice.status("relu")
    practice.page.unroute(blocked)
    practice.press("Try again", "relu")
    practice.page.get_by_text("Checked:").wait_for()
    assert practice.printed("relu").startswith("✓ relu")


@needs_pyodide
def test_no_host_is_asked_but_the_site_and_that_of_pyodide(warm):
    asked = warm.page.messages["requests"]
    hosts = {urlsplit(url).hostname for url in asked if url.startswith("http")}
    assert hosts == {"127.0.0.1"} | ({"cdn.jsdelivr.net"} if PYODIDE == "cdn" else set())


# --- chapters -------------------------------------------------------------------------------------


@needs_pyodide
@pytest.mark.sampled
@pytest.mark.parametrize("chapter", READ)
def test_cells_of_a_chapter_run_after_those_above_and_print_what_it_prints(visit, chapter):
    practice = visit(chapter)
    for cell, printed in run_here(chapter).items():
        practice.press("Run", cell)
        assert practice.ended(cell) == printed, cell


@needs_pyodide
def test_a_number_in_a_chapter_is_changed_and_its_assertion_is_explained(visit):
    practice, cell = visit(CHAPTERS[2]), "difference-orders"
    assert practice.status(cell).startswith("Change a number and run it again")
    practice.type(cell, "change = (3 + 0.5) ** 2 - 3**2\nprint(change)\nassert change == 0")
    practice.press("Run", cell)
    assert practice.ended(cell).startswith("3.25\n")
    assert practice.status(cell).startswith("An assertion does not hold for what you changed")
    practice.press("Reset", cell)
    practice.press("Run", cell)
    assert practice.ended(cell) == run_here(CHAPTERS[2])[cell]


# --- the banks of answers -------------------------------------------------------------------------


@needs_pyodide
@pytest.mark.sampled
@pytest.mark.parametrize("exercise", sample(EXERCISES, 3))
def test_answers_of_the_banks_get_the_points_and_the_text_of_a_notebook(visit, exercise):
    practice, tasks = visit(exercise), answers(exercise)
    banked = [(task, source) for task, source in with_source() if task in tasks]
    assert banked
    for task, source in sample(banked, 4):
        told = natively(task, source)
        if practice.check(task, source) != told:
            practice.check(task)  # a browser's Python has only the clock on the wall: once more
        assert practice.printed(task) == told, source
        practice.page.evaluate("task => courseProgress.set('draft', task, null)", task)


# --- hands, eyes, ears ----------------------------------------------------------------------------


@pytest.mark.parametrize("page", [FIRST, CHAPTERS[0]])
def test_the_editor_takes_the_place_of_the_printed_code_and_nothing_moves(visit, page):
    height = "cell => cell.offsetHeight"
    practice = visit(page, init="IntersectionObserver.prototype.observe = () => {}")
    printed = [cell.evaluate(height) for cell in practice.page.locator(".practice").all()]
    practice = visit(page)
    edited = []
    for cell in practice.page.locator(".practice").all():
        cell.evaluate("cell => cell.scrollIntoView({block: 'center'})")
        cell.locator(".cm-content").wait_for()
        edited.append(cell.evaluate(height))
    assert printed
    assert edited == pytest.approx(printed, abs=1)


@needs_pyodide
def test_a_task_is_solved_by_mouse(warm):
    warm.put("relu", "def relu(z):\n    return np.maximum(z, 0)")
    warm.focus("relu")
    warm.cell("relu").get_by_role("button", name="Check ").click()
    assert warm.ended("relu").startswith("✓ relu")


@needs_pyodide
def test_a_task_is_solved_by_keyboard_alone(warm):
    page = warm.page
    warm.focus("relu")
    page.keyboard.press("Control+a")
    page.keyboard.type("def relu(z):\nreturn np.maximum(z, 0)")  # the editor indents
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "Check"
    page.keyboard.press("Enter")
    assert warm.ended("relu").startswith("✓ relu")


def test_tab_indents_and_escape_leads_on(visit):
    practice = visit()
    practice.type("relu", "x")
    practice.page.keyboard.press("Home")
    practice.page.keyboard.press("Tab")
    assert practice.cell("relu").locator(".cm-content").inner_text() == "    x"
    practice.page.keyboard.press("Escape")
    practice.page.keyboard.press("Tab")
    assert practice.page.evaluate("document.activeElement.textContent") == "Run"


def test_reset_brings_back_the_blank_and_undo_the_answer(visit):
    practice = visit()
    practice.type("relu", "mine")
    practice.press("Reset", "relu")
    content = practice.cell("relu").locator(".cm-content")
    expect(content).to_contain_text("NotImplementedError")
    content.focus()
    practice.page.keyboard.press("Control+z")
    expect(content).to_have_text("mine")


def test_every_control_has_a_name_that_says_what_it_is_for(visit):
    practice = visit()
    cell = practice.cell("relu")
    practice.focus("relu")
    names = [button.get_attribute("aria-label") for button in cell.locator("button:visible").all()]
    assert names == ["Check relu", "Run relu", "Hint relu", "Reset relu"]
    editor = cell.get_by_role("textbox", name="Your answer, relu. Tab indents, Escape leaves.")
    editor.wait_for()
    assert cell.locator("[role=status]").count() == 1


@needs_pyodide
@pytest.mark.parametrize("look", ["dark", "phone", "light"])
def test_a_checked_task_is_accessible_and_fits(warm, look):
    page = warm.page
    page.emulate_media(color_scheme="dark" if look == "dark" else "light")
    page.set_viewport_size({"width": 360 if look == "phone" else 1280, "height": 740})
    warm.check("relu", WRONG)
    page.wait_for_timeout(300)  # colors fade over
    found = Axe().run(page, context="#cell-relu-answer").response["violations"]
    assert [f"{v['id']}: {node['html'][:200]}" for v in found for node in v["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    warm.cell("relu").scroll_into_view_if_needed()
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"practice-{look}.png")
