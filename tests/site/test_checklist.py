"""The checklist: ticks stay in the browser, travel as a file, survive a browser that forgets."""

import json

import pytest

pytestmark = pytest.mark.browser

PAGE = "chapters/checklist.html"
BLOCK_STORAGE = """
  for (const name of ["getItem", "setItem"])
    Storage.prototype[name] = () => { throw new DOMException("blocked", "SecurityError"); };
"""


def boxes(page):
    return page.locator(".task-list-item input")


def message(page):
    return page.locator(".checklist-bar [role=status]").inner_text()


def ticked(page):
    return [box.is_checked() for box in boxes(page).all()]


def test_a_tick_survives_a_reload(open_page, host):
    page = open_page(PAGE, host=host)
    count = boxes(page).count()
    assert count >= 3
    assert message(page).startswith(f"0 of {count} ticked")
    boxes(page).nth(1).check()
    assert message(page).startswith(f"1 of {count} ticked")
    page.reload()
    assert ticked(page) == [number == 1 for number in range(count)]
    boxes(page).nth(1).uncheck()
    page.reload()
    assert not any(ticked(page))


def test_a_tick_survives_a_reload_from_the_disk(open_page):
    for _ in range(3):  # a busy Chromium may lose what such a page has written
        page = open_page(PAGE)
        boxes(page).first.check()
        page.reload()
        if any(ticked(page)):
            break
    assert ticked(page) == [True] + [False] * (boxes(page).count() - 1)


def test_the_keyboard_alone_ticks(open_page):
    page = open_page(PAGE)
    boxes(page).first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    assert ticked(page)[0]
    assert not boxes(page).first.evaluate("box => box == document.activeElement")


def test_a_click_on_the_words_ticks_them(open_page):
    page = open_page(PAGE)
    page.locator(".task-list-item label").first.click(position={"x": 60, "y": 12})
    assert boxes(page).first.is_checked()


def test_ticks_travel_to_another_browser_as_a_file(open_page, host, tmp_path):
    page = open_page(PAGE)
    boxes(page).first.check()
    boxes(page).last.check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "progress.json"
    entries = json.loads(file.read_text())["entries"]
    assert [name.partition("/")[0] for name in entries].count("tick") == 2

    other = open_page(PAGE, host=host)
    other.locator(".checklist-bar input[type=file]").set_input_files(file)
    other.wait_for_function("document.querySelector('progress').value == 2")
    other.reload()
    assert ticked(other) == ticked(page)


def test_a_wrong_file_is_refused_and_changes_nothing(open_page, host, tmp_path):
    page = open_page(PAGE, host=host)
    boxes(page).first.check()
    file = tmp_path / "wrong.json"
    for content in ("no JSON", '"text"', "[1]", "null", '{"a": 1}'):
        file.write_text(content)
        page.locator(".checklist-bar input[type=file]").set_input_files(file)
        page.wait_for_function(
            "document.querySelector('.checklist-bar').innerText.includes('Expected')"
        )
        page.reload()
        assert ticked(page) == [True] + [False] * (boxes(page).count() - 1), content


def test_a_browser_that_forgets_says_so_and_can_still_export(open_page):
    page = open_page(PAGE, init=BLOCK_STORAGE)
    boxes(page).first.check()
    assert "this browser forgets" in message(page)
    with page.expect_download():
        page.get_by_role("button", name="Export").click()


def test_ticks_from_before_there_were_points_are_kept(open_page, tmp_path):
    page = open_page(PAGE)
    text = boxes(page).first.evaluate("box => box.parentElement.textContent.trim()")
    file = tmp_path / "checklist.json"
    file.write_text(json.dumps({text: True}))
    page.locator(".checklist-bar input[type=file]").set_input_files(file)
    page.wait_for_function("document.querySelector('progress').value == 1")
    old = open_page(
        PAGE, init=f"localStorage.setItem('checklist', {json.dumps(json.dumps({text: True}))})"
    )
    assert boxes(old).first.is_checked()
