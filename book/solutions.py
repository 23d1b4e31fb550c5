"""Solution pages say what they are: a title, a link to the exercise, nothing to fill in."""

from docutils import nodes
from sphinx import addnodes

ANSWERS = "These are worked answers to the exercise: "
ASKS = "Write your answer where it says "


def mark(app, doctree):
    """Turn a notebook of ``solutions/`` into a page that cannot be taken for its exercise."""
    folder, _, name = app.env.docname.partition("/")
    if folder != "solutions":
        return
    title = next(doctree.findall(nodes.title))
    text = title.astext().removeprefix("Practice: ")
    title.children = []
    title += nodes.Text(f"Solution: {text}")
    for paragraph in list(doctree.findall(nodes.paragraph)):
        if paragraph.astext().startswith(ASKS):
            _leave_out_the_request(paragraph)
    page = addnodes.pending_xref(
        "", nodes.inline("", text), reftype="doc", refdomain="std", reftarget=f"/exercises/{name}",
        refexplicit=True, refwarn=True, refdoc=app.env.docname,
    )  # fmt: skip
    lead = nodes.paragraph("", "", nodes.Text(ANSWERS), page, nodes.Text(". Try it first."))
    title.parent.insert(title.parent.index(title) + 1, lead)


def _leave_out_the_request(paragraph):
    """Remove the first sentence: it asks for an answer in words and one piece of code."""
    *_, rest = paragraph.children[2].astext().partition(".")
    del paragraph.children[:3]
    paragraph.insert(0, nodes.Text(rest.lstrip()))
    if not paragraph.astext().strip():
        paragraph.parent.remove(paragraph)
