"""Formulas arrive in the page as MathML: no script sets them, screen readers speak them.

Temml turns a page's TeX into MathML once the page is read.  The font is STIX Two Math, cut down to
the characters that the formulas of all pages have.
"""

import json
import re
import shutil
import subprocess

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.util.math import get_node_equation_number

from book import scripts
from book.fonts import cut

STYLE = scripts.PACKAGES / "temml" / "dist" / "Temml-STIX2.css"
FONT = scripts.PACKAGES / "@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2"
CLASS = "math notranslate nohighlight"
TAG = re.compile(r"<[^>]*>")
# Browsers set one-letter names in italics, which are characters of their own.
ITALICS = [0x210E, *range(0x1D434, 0x1D455), *range(0x1D456, 0x1D468), *range(0x1D6E2, 0x1D71C)]
ASCII = range(0x20, 0x7F)


def setup(app):
    app.add_html_math_renderer("mathml", (show_inline, None), (show_displayed, None))
    app.connect("doctree-read", render, priority=400)  # before Sphinx collects the titles
    app.connect("env-updated", cut_font)
    app.add_css_file("formulas/formulas.css")


def render(app, doctree):
    """Keep the MathML of each formula of a page beside its TeX."""
    formulas = list(doctree.findall(is_formula))
    if formulas:
        tex = [[formula.astext(), isinstance(formula, nodes.math_block)] for formula in formulas]
        for formula, mathml in zip(formulas, mathml_of(tex), strict=True):
            formula["mathml"] = mathml
    characters = set(TAG.sub("", "".join(formula["mathml"] for formula in formulas)))
    app.env.metadata[app.env.docname]["characters of formulas"] = "".join(sorted(characters))


def is_formula(node):
    return isinstance(node, nodes.math | nodes.math_block)


def mathml_of(tex):
    """Return the MathML of each ``[TeX, whether displayed]``; ExtensionError names bad TeX."""
    try:
        return json.loads(scripts.node("formulas.cjs", json.dumps(tex)))
    except subprocess.CalledProcessError as error:
        raise ExtensionError(f"a formula could not be set: {error.stderr}") from None


def show_inline(writer, node):
    writer.body.append(
        writer.starttag(node, "span", "", CLASS="math notranslate nohighlight")
        + node["mathml"]
        + "</span>"
    )
    raise nodes.SkipNode


def show_displayed(writer, node):
    writer.body.append(writer.starttag(node, "div", CLASS=CLASS))
    if node["number"]:
        writer.body.append(f'<span class="eqno">({get_node_equation_number(writer, node)})')
        writer.add_permalink_ref(node, _("Link to this equation"))
        writer.body.append("</span>")
    writer.body.append(node["mathml"] + "</div>\n")
    raise nodes.SkipNode


def cut_font(app, env):
    """Write the font with the formulas' characters, beside the style sheet that asks for it."""
    out = scripts.BUILT / "formulas"
    out.mkdir(parents=True, exist_ok=True)
    shutil.copy(STYLE, out / "formulas.css")
    facts = env.metadata.values()
    characters = set().union(*(page.get("characters of formulas", "") for page in facts))
    cut(FONT, {*ASCII, *ITALICS, *map(ord, characters)}, out / "STIXTwoMath.woff2")
