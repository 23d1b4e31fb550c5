"""Explorers and figures on the site: the kernels that run the notebooks load this as an extension.

An explorer's cell shows its start frame, native controls, and every frame as JSON, which the site
moves into a file of its own (``store_frames``) that the page asks for when the reader comes near.
"""

import gc
import gzip
import hashlib
import json
import math
import re
from html import escape

from matplotlib.figure import Figure

from mlp_lib.explore import Explorer, label, spaced

from . import figures
from .kept import kept

MAX_BYTES = 600_000  # of one file of frames, gzipped as a web server sends it
FRAMES = re.compile(r'<script type="application/json" data-frames="([\w-]+)">(.*?)</script>', re.S)


def load_ipython_extension(shell):
    """Let explorers and figures display themselves as the site shows them."""
    formatter = shell.display_formatter.mimebundle_formatter
    formatter.for_type(Explorer, show_explorer)
    formatter.for_type(Figure, show_figure)


def show_explorer(explorer, **kwargs):
    html, description = page(explorer)
    return {"text/plain": explorer.text(description), "text/html": html}


def show_figure(figure, **kwargs):
    wide = figures.svgs([figure])[0][0]
    narrow = "" if figures.fits_a_phone(figure) else figures.svgs([figure], figures.PHONE)[0][0]
    return {"text/plain": repr(figure), "image/svg+xml": both(wide, narrow)}


def both(wide, narrow):
    """Return the picture of a wide window and that of a narrow one; the style sheet shows one."""
    if not narrow:
        return f'<div class="picture">{wide}</div>'
    return f'<div class="picture wide">{wide}</div><div class="picture narrow">{narrow}</div>'


def frames(explorer):
    """Return every frame: ``{"wide": [[svg, description, grips], …], "narrow": […]}``.

    A figure that fits a phone has no narrow frames.
    """
    gc.disable()  # all figures live until the last is drawn: it would look through them in vain
    try:
        drawn = list(explorer.frames())
        descriptions = [description for *_, description in drawn]
        variants = kept([figure for _, figure, _ in drawn], wide_and_narrow)
    finally:
        gc.enable()
    return {
        variant: [[svg, text, grips] for (svg, grips), text in zip(drawn, descriptions)]
        for variant, drawn in variants.items()
    }


def wide_and_narrow(pictures):
    variants = {"wide": figures.svgs(pictures)}
    if not figures.fits_a_phone(pictures[0]):
        variants["narrow"] = figures.svgs(pictures, figures.PHONE)
    return variants


def page(explorer):
    """Return ``(html, description)``: the start frame, controls that need no kernel, all frames."""
    variants = frames(explorer)
    start = start_frame(explorer)
    wide = variants["wide"]
    name = hashlib.sha256(json.dumps(variants, sort_keys=True).encode()).hexdigest()[:12]
    narrow = variants["narrow"][start][0] if "narrow" in variants else ""
    descriptions = [description for _, description, _ in wide]
    html = PAGE.format(
        names=escape(", ".join(map(spaced, explorer.axes))),
        name=name,
        start=start,
        variants=" ".join(variants),
        description=escape(descriptions[start]),
        longest=escape(max(descriptions, key=len)),
        picture=both(wide[start][0], narrow),
        controls="".join(control(explorer, axis, name) for axis in explorer.axes),
        frames="".join(as_json(f"{name}-{variant}", drawn) for variant, drawn in variants.items()),
    )
    return html, descriptions[start]


def start_frame(explorer):
    """Return the start frame's place in the order of itertools.product."""
    place = 0
    for axis, values in explorer.axes.items():
        place = place * len(values) + values.index(explorer.start[axis])
    return place


def as_json(name, drawn):
    content = json.dumps(drawn, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    size = len(gzip.compress(content.encode(), 6))
    if size > MAX_BYTES:
        raise ValueError(
            f"an explorer's frames must stay under {MAX_BYTES} bytes, gzipped; got {size} in "
            f"{len(drawn)} frames: use fewer frames or simpler pictures"
        )
    return f'<script type="application/json" data-frames="{name}">{content}</script>'


def control(explorer, axis, name):
    """Return the native control of one axis."""
    values = explorer.axes[axis]
    labels = [label(value) for value in values]
    place = values.index(explorer.start[axis])
    kind = explorer.kind(axis)
    if kind == "choice":
        return CHOICE.format(
            name=escape(spaced(axis)),
            axis=escape(axis),
            options="".join(
                OPTION.format(
                    group=f"{name}-{axis}", value=i, label=escape(text), state=checked(i == place)
                )
                for i, text in enumerate(labels)
            ),
        )
    return SLIDER.format(
        name=escape(spaced(axis)),
        axis=escape(axis),
        last=len(labels) - 1,
        place=place,
        labels=escape(json.dumps(labels, ensure_ascii=False)),
        text=escape(labels[place]),
        width=max(map(len, labels)),
        buttons=BUTTONS.format(pause=max(80, math.ceil(6000 / len(labels))))
        if kind == "time"
        else "",
    )


def checked(yes):
    return " checked" if yes else ""


def store_frames(body, folder):
    """Write the frames in a page's body into files that scripts can load; return the rest."""

    def store(found):
        folder.mkdir(parents=True, exist_ok=True)
        name, content = found.groups()
        (folder / f"{name}.js").write_text(f'explorerFrames("{name}",{content})', "utf-8")
        return ""

    return FRAMES.sub(store, body)


PAGE = """<div class="explorer" role="figure" aria-label="Explorer: {names}" \
data-frames="{name}" data-start="{start}" data-variants="{variants}">
<div class="explorer-picture" role="img" aria-label="{description}">{picture}</div>
<fieldset class="explorer-controls" disabled>{controls}</fieldset>
<p class="explorer-description" aria-hidden="true" data-longest="{longest}">\
<span>{description}</span></p>
<noscript><p>The controls need JavaScript; this is their first position.</p></noscript>
<p class="explorer-status" role="status"></p>
{frames}</div>"""

SLIDER = """<div class="explorer-axis" data-axis="{axis}"><label><span>{name}</span>\
<input type="range" min="0" max="{last}" value="{place}" autocomplete="off" data-labels="{labels}" \
aria-valuetext="{text}"><output aria-hidden="true" style="min-width: {width}ch">{text}</output>\
</label>{buttons}</div>"""

BUTTONS = """<div class="explorer-buttons"><button type="button" data-play="{pause}" \
aria-pressed="false">Play</button>\
<button type="button" data-step="-1" aria-label="One step back">‹</button>\
<button type="button" data-step="1" aria-label="One step on">›</button></div>"""

CHOICE = """<div class="explorer-axis explorer-choice" role="radiogroup" aria-label="{name}" \
data-axis="{axis}"><span aria-hidden="true">{name}</span><div>{options}</div></div>"""

OPTION = """<label><input type="radio" name="{group}" value="{value}" autocomplete="off"{state}>\
<span>{label}</span></label>"""
