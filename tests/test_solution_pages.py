"""A solution page has a title of its own, leads to its exercise and asks for nothing."""

from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document

from book import solutions


def page(*, name="solutions/01_forward_pass"):
    title = nodes.title("", "Practice: build the forward pass")
    request = nodes.paragraph("", "Write your answer where it says ")
    request += [nodes.literal("", "# your code here"), nodes.Text(", run the cell. Then rest.")]
    doctree = new_document("")
    doctree += nodes.section("", title, nodes.paragraph("", "Six functions."), request)
    solutions.mark(SimpleNamespace(env=SimpleNamespace(docname=name)), doctree)
    return doctree


def test_its_title_says_solution_and_its_first_line_leads_to_the_exercise():
    title, lead, *_ = page()[0].children
    assert title.astext() == "Solution: build the forward pass"
    assert lead.astext().startswith(
        "These are worked answers to the exercise: build the forward pass."
    )
    assert lead.astext().endswith("forward pass. Try it first.")
    about = {name: value for name, value in lead[1].attributes.items() if name.startswith("ref")}
    assert about == {
        "reftype": "doc", "refdomain": "std", "reftarget": "/exercises/01_forward_pass",
        "refexplicit": True, "refwarn": True, "refdoc": "solutions/01_forward_pass",
    }  # fmt: skip


def test_it_asks_for_no_answer():
    assert page()[0].children[-1].astext() == "Then rest."


@pytest.mark.parametrize("name", ["exercises/01_forward_pass", "index"])
def test_other_pages_stay_as_they_are(name):
    assert page(name=name)[0].children[0].astext() == "Practice: build the forward pass"
