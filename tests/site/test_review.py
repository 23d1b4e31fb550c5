"""The review page: what was missed or is not ticked returns after 2, 7, 21 days."""

import datetime
import json
import re

import pytest
from built_site import PAGES, SITE, settle

from book.checklist import items

pytestmark = pytest.mark.browser

CHAPTER, REVIEW = "chapters/04_linear_layer_gradients.html", "chapters/review.html"
START = datetime.datetime(2026, 3, 1, 12)
ANSWER = """([id, right]) => {
  const box = document.getElementById(id);
  const strong = box.nextElementSibling.querySelector(".sd-summary-content strong");
  const said = strong.textContent.replace(/[.:]$/, "");
  const buttons = [...box.querySelectorAll(".question-choices button")];
  buttons.find(button => button.textContent.trim().startsWith(said) === right).click();
}"""
CHOICE = "document.querySelector('.admonition.question:has(.question-choices)').id"
OF_CHAPTER_4 = [item for item, chapter in items().items() if chapter == "4"]


@pytest.fixture
def reader(open_page, host):
    """One reader, whose days pass: ``reader(path, day)`` is what their page is then.

    Each visit is a tab of its own, and the one before is closed: the memory is all that they share.
    """
    last = open_page("index.html", host=host)
    context = last.context

    def visit(path, day):
        nonlocal last
        page = context.new_page()
        last.close()
        last = page
        now = START + datetime.timedelta(days=day)
        page.clock.set_fixed_time(now)
        page.goto(f"{host}/{path}")
        settle(page)
        assert page.evaluate("Date.now()") == now.timestamp() * 1000
        return page

    return visit


def asked(page):
    """The ids of the questions that the review page shows."""
    return [box.get_attribute("id") for box in page.locator(".admonition.question:visible").all()]


def answer(page, name, right):
    page.evaluate(ANSWER, [name, right])


def miss_one(reader):
    page = reader(CHAPTER, 0)
    name = page.evaluate(CHOICE)
    answer(page, name, False)
    return name


def test_what_was_missed_comes_back_after_2_7_and_21_days_and_then_stays_known(reader):
    name = miss_one(reader)
    day = 0
    for wait in (2, 7, 21):
        assert name not in asked(reader(REVIEW, day + wait - 0.1))
        day += wait
        page = reader(REVIEW, day)
        assert name in asked(page)
        answer(page, name, True)
    assert name not in asked(reader(REVIEW, 400))


def test_what_is_missed_again_starts_over(reader):
    name = miss_one(reader)
    answer(reader(REVIEW, 2), name, True)
    page = reader(REVIEW, 9)
    answer(page, name, False)
    answer(page, name, True)  # the second try does not make it known
    assert name not in asked(reader(REVIEW, 10))
    assert name in asked(reader(REVIEW, 11))


def test_what_is_right_at_once_does_not_come_back(reader):
    page = reader(CHAPTER, 0)
    name = page.evaluate(CHOICE)
    answer(page, name, True)
    assert name not in asked(reader(REVIEW, 30))


def test_what_the_checklist_asks_of_a_begun_chapter_comes_back_until_it_is_ticked(reader):
    miss_one(reader)
    page = reader(REVIEW, 2)
    shown = [
        item.locator("label").inner_text().strip()
        for item in page.locator(".task-list-item:visible").all()
    ]
    assert shown == OF_CHAPTER_4
    page.get_by_role("button", name=f"Not yet: {OF_CHAPTER_4[0]}").click()
    page.get_by_label(OF_CHAPTER_4[1], exact=True).check()
    page = reader(REVIEW, 8.9)
    assert page.locator(".task-list-item:visible").count() == len(OF_CHAPTER_4) - 2
    page = reader(REVIEW, 9)
    assert page.locator(".task-list-item:visible").count() == len(OF_CHAPTER_4) - 1


def test_every_page_says_how_much_is_due(reader):
    miss_one(reader)
    due = 1 + len(OF_CHAPTER_4)
    assert reader("index.html", 1).locator("article .review-count").first.inner_text() == ""
    assert (
        reader("index.html", 2).locator("article .review-count").first.inner_text().strip()
        == f"({due} due)"
    )
    assert reader(REVIEW, 2).locator(".review-due").inner_text() == f"{due} are due today."
    assert "comes back on 3 March" in reader(REVIEW, 1).locator(".review-due").inner_text().replace(
        "March 3", "3 March"
    )


def test_a_page_from_the_disk_shows_what_is_due_too(open_page):
    page = open_page(REVIEW)
    assert page.locator(".review-due").inner_text() == "Nothing is due today."
    page.evaluate("name => courseProgress.set('review', name, {step: 0, due: 0})", OF_CHAPTER_4[0])
    assert page.locator(".review-due").inner_text() == "1 is due today."
    assert page.locator(".task-list-item:visible").count() == 1


def test_the_review_travels_with_the_rest_of_the_progress(reader, open_page, tmp_path):
    name = miss_one(reader)
    file = tmp_path / "progress.json"
    file.write_text(reader(REVIEW, 1).evaluate("courseProgress.exported()"))
    assert f"review/{name}" in json.loads(file.read_text())["entries"]
    other = open_page(REVIEW)
    other.locator(".checklist-bar input[type=file]").set_input_files(file)
    other.wait_for_function("name => courseProgress.get('review', name)", arg=name)
    assert name in asked(other)  # today is long after
    assert other.locator(".task-list-item:visible").count() == len(OF_CHAPTER_4)


def test_a_month_of_reviews_is_kept_by_export_and_import_after_the_memory_is_cleared(
    reader, tmp_path
):
    missed = {}
    for path in ("chapters/diagnostic.html", CHAPTER):
        page = reader(path, 0)
        missed[path] = page.evaluate(CHOICE)
        answer(page, missed[path], False)
    again, known = missed.values()
    for day in (2, 9):
        answer(reader(REVIEW, day), known, True)
    answer(reader(REVIEW, 10), again, False)  # due again on day 12
    page = reader(REVIEW, 29)
    assert asked(page) == [again]
    page = reader(REVIEW, 30)
    due, says = set(asked(page)), page.locator(".review-due").inner_text()
    assert due == {again, known}
    file = tmp_path / "progress.json"
    file.write_text(page.evaluate("courseProgress.exported()"))
    page.evaluate("localStorage.clear()")
    page = reader(REVIEW, 30)
    assert not asked(page)
    page.locator(".checklist-bar input[type=file]").set_input_files(file)
    page.wait_for_function("name => courseProgress.get('review', name)", arg=known)
    assert set(asked(page)) == due
    assert page.locator(".review-due").inner_text() == says
    assert set(asked(reader(REVIEW, 30))) == due


def test_the_page_holds_every_question_of_the_course_once(open_page):
    page = open_page(REVIEW)
    ids = page.evaluate("[...document.querySelectorAll('.admonition.question')].map(box => box.id)")
    written = [(SITE / path).read_text("utf-8") for path in PAGES if path != REVIEW]
    assert sorted(ids) == sorted(re.findall(r'id="(question-[\w-]+)"', "".join(written)))
    assert len(set(ids)) == len(ids)
    assert page.evaluate("[...document.querySelectorAll('.review-from a')].length") == len(ids)


def test_the_checklists_items_are_known_in_the_words_of_the_page(open_page):
    page = open_page("chapters/checklist.html")
    said = page.evaluate(
        "[...document.querySelectorAll('.task-list-item')].map(item => item.textContent.trim())"
    )
    assert said == list(items())
