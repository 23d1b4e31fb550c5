"""Questions on the site: names that stay, scripts that let them answer, pages that gather them.

``{gather} PAGE`` shows the questions of another page of the same folder once more: ``:what: both``
with their answers and where they come from (the review page), ``questions`` and ``key`` apart (a
sheet to print), ``items`` what a checklist asks.  Nothing is written twice.

The answer to a "Predict" is not written at all: it begins with
``**The next cell prints it after `LABEL`**``, and the number that the output shows after the label
is put before that.
"""

import hashlib
import re

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from book import scripts

PREDICTED = "Predict"  # admonitions whose answer is the output of the next cell
ANSWERED = "Think first", PREDICTED, "Looking back"  # those that readers can answer
ORDERED = "In order"  # those whose lines they put in order
NUMBER = re.compile(r"[-−]?\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?")


def setup(app):
    app.add_directive("gather", Gather)
    app.add_post_transform(Gathering)
    app.connect("config-inited", add_scripts)
    app.connect("doctree-read", name_questions)
    app.connect("doctree-read", answer_predictions)
    app.connect("html-page-context", add_script)


# --- scripts --------------------------------------------------------------------------------------


def add_scripts(app, config):
    scripts.bundle("questions")


def add_script(app, pagename, templatename, context, doctree):
    if any(_titled(context.get("body", ""), title) for title in (*ANSWERED, ORDERED)):
        # after the checklist was made
        app.add_js_file("questions/page.js", loading_method="defer", priority=110)
        app.add_css_file("questions/questions.css")


def _titled(body, title):
    return f'<p class="admonition-title">{title}</p>' in body


# --- names ----------------------------------------------------------------------------------------


def questions(doctree):
    """Yield every question of a page with the block below it that holds its answer."""
    for box in doctree.findall(nodes.admonition):
        if box[0].astext() in (*ANSWERED, ORDERED):
            yield box, box.parent[box.parent.index(box) + 1]


def name_questions(app, doctree):
    """Give each question an id that stays while its words do, wherever on its page it moves."""
    page = app.env.docname.rpartition("/")[2]
    chapter = str(int(page[:2])) if page[:2].isdigit() else page.replace("_", "-")
    for box, _ in questions(doctree):
        words = hashlib.sha256(box.astext().encode()).hexdigest()[:8]
        box["ids"].append(f"question-{chapter}-{words}")


# --- predictions ----------------------------------------------------------------------------------


def answer_predictions(app, doctree):
    """Put the number that is to be predicted before the words that say where it is printed."""
    if app.builder.name == "gettext":
        return  # translators see the words as they are written
    for box, answer in questions(doctree):
        if box[0].astext() != PREDICTED:
            continue
        where = next(answer.findall(nodes.strong))
        output = box.next_node(is_output, ascend=True)
        number = printed_after(next(where.findall(nodes.literal)).astext(), output.astext())
        where.replace_self([nodes.strong("", f"{number}."), nodes.Text(" "), *where.children])
        box["classes"].append("prediction")


def is_output(node):
    return isinstance(node, nodes.container) and "cell_output" in node["classes"]


def printed_after(label, output):
    """Return the number that an output shows right after a label, as it is printed.

    >>> printed_after("two each:", "nudges, two each: 203,540")
    '203,540'
    """
    label, output = (" ".join(text.split()) for text in (label, output))
    _, *found = output.split(label)
    number = NUMBER.match(found[0].lstrip(" :=[(")) if len(found) == 1 else None
    if number is None:
        raise ValueError(
            f"wanted an output that prints a number after {label!r}, once; came {output!r}"
        )
    return number[0]


# --- gathering ------------------------------------------------------------------------------------


class gathered(nodes.General, nodes.Element):
    """What is asked on another page, put here once all pages are read."""


class Gather(SphinxDirective):
    required_arguments = 1
    option_spec = {
        "what": lambda value: directives.choice(value, ("both", "questions", "key", "items"))
    }

    def run(self):
        return [gathered(page=self.arguments[0], what=self.options["what"])]


class Gathering(SphinxPostTransform):
    """Puts copies in before Sphinx resolves their links."""

    default_priority = 1

    def run(self, **options):
        folder = self.env.docname.rpartition("/")[0]
        for place in list(self.document.findall(gathered)):
            page = f"{folder}/{place['page']}"
            show = {"both": _both, "questions": _questions, "key": _key, "items": _items}[
                place["what"]
            ]
            place.replace_self(list(show(self.env.get_doctree(page), page)))


def _both(doctree, page):
    for box, answer in questions(doctree):
        name = box["ids"][0]
        title = next(doctree.findall(nodes.title)).astext()
        link = nodes.reference(
            "", title, refuri=f"{page.rpartition('/')[2]}.html#{name}", internal=True
        )
        yield nodes.paragraph(
            "", "", nodes.Text("From "), link, nodes.Text(":"), classes=["review-from"]
        )
        yield box.deepcopy()
        yield answer.deepcopy()


def _questions(doctree, page):
    for number, (box, _) in enumerate(questions(doctree), start=1):
        copy = box.deepcopy()
        copy["ids"], copy[0].children = [], []
        copy[0] += nodes.Text(f"Question {number}: {box[0].astext().lower()}")
        yield copy


def _key(doctree, page):
    for number, (_, answer) in enumerate(questions(doctree), start=1):
        yield nodes.paragraph(
            "", "", nodes.strong("", f"Question {number}"), classes=["key-number"]
        )
        yield from (
            part.deepcopy() for part in answer.children if not isinstance(part, nodes.rubric)
        )


def _items(doctree, page):
    for box in doctree.findall(nodes.bullet_list):
        if "contains-task-list" in box["classes"]:
            yield box.deepcopy()
