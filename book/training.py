"""A network that trains in the page after a click, by the course's library in its own Python.

A page asks for one with the directive ``training``, a code cell with the metadata
``"course": {"training": true}``.  Until the click the figure before it stands, and an explorer
stands no longer than that; without a web server or without scripts nothing is added to it.
"""

import json
from html import escape

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from book import scripts
from book.web.training.network import DATA

EXPLAINED = "chapters/08_training", "worlds-train"  # the page and the cell that train so
CHOICES = {
    "data": ("data", list(DATA)),
    "activation": ("activation", "ReLU LeakyReLU Tanh Sigmoid".split()),
}
NUMBERS = {  # the option: its name, its values, the first one
    "hidden_units": ("hidden units", [2, 3, 4, 6, 8, 12, 16, 24, 32], 32),
    "lr": ("learning rate", [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0], 0.01),
    "batch_size": ("batch size", [10, 20, 30, 50, 100, 210], 30),
}


def setup(app):
    app.add_directive("training", Training)
    app.connect("config-inited", lambda app, config: scripts.bundle("training"))
    app.connect("doctree-read", place)
    app.connect("html-page-context", add_to_page)


class Training(SphinxDirective):
    """``:::{training}``: where a page has no code cell to hang it on, or wants it elsewhere."""

    def run(self):
        return [nodes.raw("", html(self.env.app.builder, self.env.docname), format="html")]


def place(app, doctree):
    """Put the network below each cell that asks for one."""
    for cell in list(doctree.findall(nodes.container)):
        if cell.get("cell_metadata", {}).get("course", {}).get("training"):
            shown = nodes.raw("", html(app.builder, app.env.docname), format="html")
            cell.parent.insert(cell.parent.index(cell) + 1, shown)


def add_to_page(app, pagename, templatename, context, doctree):
    if 'class="training"' in context.get("body", ""):
        app.add_js_file("training/page.js", loading_method="defer")
        app.add_css_file("training/training.css")


def html(builder, docname):
    """The button, and the panel that it opens, hidden until the script is there."""
    page, cell = EXPLAINED
    way = "" if docname == page else builder.get_relative_uri(docname, page)
    controls = [choice(option, *CHOICES[option]) for option in CHOICES]
    controls += [slider(option, *NUMBERS[option]) for option in NUMBERS]
    return PAGE.format(controls="".join(controls), link=f"{way}#cell-{cell}")


def choice(option, name, values):
    options = "".join(
        OPTION.format(option=option, value=value, state=" checked" if value == values[0] else "")
        for value in values
    )
    return CHOICE.format(option=option, name=name, options=options)


def slider(option, name, values, first):
    return SLIDER.format(
        option=option,
        name=name,
        values=escape(json.dumps(values)),
        last=len(values) - 1,
        place=values.index(first),
        value=f"{first:g}",
    )


OPTION = """<label><input type="radio" name="training-{option}" value="{value}" \
autocomplete="off"{state}>\
<span>{value}</span></label>"""

CHOICE = """<div class="explorer-axis explorer-choice" role="radiogroup" aria-label="{name}" \
data-option="{option}"><span aria-hidden="true">{name}</span><div>{options}</div></div>"""

SLIDER = """<div class="explorer-axis" data-option="{option}"><label><span>{name}</span>\
<input type="range" min="0" max="{last}" value="{place}" autocomplete="off" data-values="{values}" \
aria-valuetext="{value}">\
<output aria-hidden="true" style="min-width: 5ch">{value}</output></label></div>"""

PAGE = """<div class="training" hidden>
<p class="training-open"><button type="button" data-open>Train it here</button>
<span role="status">Loads Python, once; the course's own library \
then trains in this page.</span></p>
<div class="training-panel" role="group" aria-label="A network that trains in the page" hidden>
<div class="training-buttons explorer-buttons"><button type="button" data-run>Play</button>\
<button type="button" data-epoch>One epoch</button>\
<button type="button" data-again>Start again</button></div>
<p class="training-now"></p>
<div class="training-pictures">
<div class="training-plane"><canvas width="330" height="330" role="img"></canvas>
<svg viewBox="0 0 330 330" aria-hidden="true"><path/><path/><path/></svg></div>
<div class="training-beside">
<svg class="training-loss" viewBox="0 0 280 150" role="img">
<path class="axes" d="M26 8V130H274"/><path class="grid" d="M26 32H274M26 81H274"/>
<text x="20" y="134" text-anchor="end">0</text><text x="20" y="85" text-anchor="end">½</text>
<text x="20" y="36" text-anchor="end">1</text><text x="34" y="18">loss</text>
<text x="150" y="147" text-anchor="middle">epoch</text>
<text class="dashed" x="274" y="18" text-anchor="end">dashed: the run before</text>
<text class="last" x="274" y="147" text-anchor="end"></text>
<path class="before"/><path class="now"/></svg>
<p aria-hidden="true">First layer: where each unit is active</p>
<div class="training-units" role="img"></div></div></div>
<div class="explorer-controls">{controls}</div>
<p>Both hidden layers have that many units; Adam trains, always from the same seed. \
In a notebook these lines
do the same, as <a href="{link}">a cell of chapter 8</a> does:</p>
<pre class="training-code"><code></code></pre>
<p class="explorer-status" role="status"></p></div></div>
"""
