"""Questions on a page: ids that stay, predictions that are filled in, copies on other pages."""

from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from sphinx_app import SphinxApp

from book import questions

PAGE = """
Title of the page
=================

.. admonition:: Think first

   How many?

.. container:: answer

   **Two.** Because.

.. admonition:: Note

   No question.

.. admonition:: Predict

   What comes out?

.. container:: answer

   **The next cell prints it after** ``loss:``. Look.

.. container:: cell_output

   ``step 1 loss: 0.25``

.. admonition:: In order

   Put in order.

.. container:: answer

   First, then second.

.. container:: cell_output

   ``loss: 9``

* plain

"""


def page():
    doctree = publish_doctree(PAGE, settings_overrides={"report_level": 5})
    for output in doctree.findall(
        lambda n: "cell-output" in getattr(n, "attributes", {}).get("classes", ())
    ):
        output["classes"] = ["cell_output"]  # as MyST-NB writes it
    for strong in doctree.findall(nodes.strong):
        literal = strong.next_node(nodes.literal, ascend=True, siblings=True)
        if strong.astext().startswith("The next cell"):
            strong += literal.deepcopy()
    return doctree


def app(docname="chapters/04_linear", builder="html"):
    builder = SimpleNamespace(name=builder)
    return SimpleNamespace(env=SimpleNamespace(docname=docname), builder=builder)


def test_a_question_is_a_box_with_the_answer_below_it():
    found = list(questions.questions(page()))
    assert [box[0].astext() for box, _ in found] == ["Think first", "Predict", "In order"]
    assert [answer.astext().split()[0] for _, answer in found] == ["Two.", "The", "First,"]


def test_an_id_holds_the_chapter_and_the_words():
    def ids(docname, change=lambda text: text):
        doctree = page()
        for text in list(doctree.findall(nodes.Text)):
            text.parent.replace(text, nodes.Text(change(text.astext())))
        questions.name_questions(app(docname), doctree)
        return [box["ids"][-1] for box, _ in questions.questions(doctree)]

    first = ids("chapters/04_linear")
    assert [name[:11] for name in first] == ["question-4-"] * 3
    assert len({name[11:] for name in first}) == 3
    assert {len(name) for name in first} == {19}
    assert ids("other/04_renamed") == first
    assert ids("chapters/12_x")[0] == first[0].replace("-4-", "-12-")
    assert ids("chapters/on_paper")[0].startswith("question-on-paper-")
    changed = ids("chapters/04_linear", lambda text: text.replace("How many", "How few"))
    assert changed[0] != first[0]
    assert changed[1:] == first[1:]


def test_a_prediction_is_answered_by_the_number_that_the_next_cell_prints():
    doctree = page()
    questions.answer_predictions(app(), doctree)
    (_, first), (box, answer), (other, _) = questions.questions(doctree)
    assert answer.astext() == "0.25. The next cell prints it afterloss: loss:. Look."
    assert next(answer.findall(nodes.strong)).astext() == "0.25."
    assert "prediction" in box["classes"]
    assert "prediction" not in other["classes"]
    assert first.astext() == "Two. Because."


def test_translators_see_the_words_as_they_are_written():
    doctree = page()
    before = doctree.astext()
    questions.answer_predictions(app(builder="gettext"), doctree)
    assert doctree.astext() == before


@pytest.mark.parametrize(
    ("label", "output", "number"),
    [
        ("loss:", "loss: 1", "1"),
        ("loss:", "a\n  loss:   -1.5e-3 (2)", "-1.5e-3"),
        ("a b", "a\nb: 203,540 and 7", "203,540"),
        ("x", "x = (12.5, 3)", "12.5"),
        ("x", "x[−3]", "−3"),
    ],
)
def test_the_number_right_after_the_label_is_taken(label, output, number):
    assert questions.printed_after(label, output) == number


@pytest.mark.parametrize("output", ["", "loss 1", "loss: 1 loss: 2", "loss: none"])
def test_an_output_without_one_such_number_is_refused(output):
    with pytest.raises(
        ValueError, match=r"wanted an output that prints a number after 'loss:', on"
    ):
        questions.printed_after("loss:", output)


def gathered(what):
    doctree = page()
    questions.name_questions(app(), doctree)
    show = {"both": questions._both, "questions": questions._questions, "key": questions._key}
    return doctree, list(show[what](doctree, "chapters/04_linear"))


def test_a_review_shows_questions_and_answers_and_where_they_come_from():
    doctree, shown = gathered("both")
    assert len(shown) == 9
    where, box, answer = shown[:3]
    assert where.astext() == "From Title of the page:"
    assert where["classes"] == ["review-from"]
    link = next(where.findall(nodes.reference))
    assert link["refuri"] == f"04_linear.html#{box['ids'][0]}"
    assert link["internal"] is True
    assert answer.astext() == "Two. Because."
    assert box is not next(questions.questions(doctree))[0]  # copies


def test_a_sheet_shows_numbered_questions_and_its_key_the_answers():
    doctree, shown = gathered("questions")
    assert [box[0].astext() for box in shown] == [
        "Question 1: think first", "Question 2: predict", "Question 3: in order"
    ]  # fmt: skip
    assert [box["ids"] for box in shown] == [[], [], []]
    assert next(questions.questions(doctree))[0]["ids"]
    _, key = gathered("key")
    assert [part.astext() for part in key[::2]] == ["Question 1", "Question 2", "Question 3"]
    assert key[0]["classes"] == ["key-number"]
    assert [part.astext() for part in key[1::2]][::2] == ["Two. Because.", "First, then second."]


def test_a_key_has_no_headings():
    doctree = page()
    _, answer = next(questions.questions(doctree))
    answer.insert(0, nodes.rubric("", "Answer"))
    assert [n.astext() for n in questions._key(doctree, "")][:2] == ["Question 1", "Two. Because."]


def test_a_checklist_gives_only_its_tasks():
    doctree = page()
    plain = next(doctree.findall(nodes.bullet_list))
    assert list(questions._items(doctree, "")) == []
    plain["classes"].append("contains-task-list")
    assert [items.astext() for items in questions._items(doctree, "")] == ["plain"]


def test_a_place_is_filled_from_the_page_that_it_names_beside_its_own():
    asked = []
    source = page()
    questions.name_questions(app(), source)

    def get_doctree(name):
        asked.append(name)
        return source

    document = publish_doctree("")
    document += questions.gathered(page="04_linear", what="questions")
    document.settings.env = SimpleNamespace(docname="chapters/review", get_doctree=get_doctree)
    questions.Gathering(document).run()
    assert asked == ["chapters/04_linear"]
    assert [box[0].astext()[:10] for box in document.children] == [
        "Question 1",
        "Question 2",
        "Question 3",
    ]


@pytest.mark.parametrize("title", ["Think first", "Predict", "Looking back", "In order"])
def test_only_a_page_with_a_question_gets_the_script(title):
    app = SphinxApp()
    questions.add_script(app, "page", "page.html", {}, None)
    questions.add_script(app, "page", "page.html", {"body": "<p>Predict</p>"}, None)
    assert app.told == []
    body = f'<p class="admonition-title">{title}</p>'
    questions.add_script(app, "page", "page.html", {"body": body}, None)
    assert app.told == [
        ("add_js_file", ("questions/page.js",), {"loading_method": "defer", "priority": 110}),
        ("add_css_file", ("questions/questions.css",), {}),
    ]


def test_all_of_it_is_told_to_sphinx():
    app = SphinxApp()
    questions.setup(app)
    assert app.told == [
        ("add_directive", ("gather", questions.Gather), {}),
        ("add_post_transform", (questions.Gathering,), {}),
        ("connect", ("config-inited", questions.add_scripts), {}),
        ("connect", ("doctree-read", questions.name_questions), {}),
        ("connect", ("doctree-read", questions.answer_predictions), {}),
        ("connect", ("html-page-context", questions.add_script), {}),
    ]
