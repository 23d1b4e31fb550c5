"""What a picture draws can be seen on what it is drawn on: in the light, in the dark, in print."""

import json
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from built_site import PAGES, SITE
from drawn import PAGE, contrast, faint, rgb

from book import figures

pytestmark = pytest.mark.browser

# What may be faint: it is a ground for other things, or it repeats what they say.
FAINT = {
    "#bfe0f5": "a region; a line, a label or markers say what it is",
    "#f5d9b8": "a region",
    "#fbe0ae": "a band in an outline",
    "#d4eaf8": "a region of one class, by its markers",
    "#fce9c6": "a region of one class",
    "#d2eee4": "a region of one class",
    "#a9d8f3": "a region of which the network is sure",
    "#f9d591": "a region of which the network is sure",
    "#a6dfcb": "a region of which the network is sure",
    "#cccccc": "a legend's frame",
    "#e5e5e5": "a band; the title says whether the curve lies in it",
    "#dddddd": "gridlines; the ticks have labels",
    "#555555": "an axis; where a map of colors fills the axes, their rim says the same",
}
FRAMES = sorted((SITE / "_static" / "explorers").glob("*.js"))
PICTURE = re.compile(r'<div class="picture[^"]*">(<svg xmlns.*?</svg>)</div>', re.S)


def failures(pictures):
    found = {}
    for picture in pictures:
        found |= faint(picture, exempt=FAINT)
    return found


@pytest.mark.parametrize("file", FRAMES, ids=lambda file: file.stem)
def test_what_explorers_draw_can_be_seen(file):
    frames = json.loads(file.read_text("utf-8").partition(",")[2][:-1])
    first = 0 if file.stem.endswith("wide") else 1  # the two variants share the work
    assert failures(svg for svg, *_ in frames[first::3]) == {}


@pytest.mark.parametrize("page", PAGES)
def test_what_the_figures_of_a_page_draw_can_be_seen(site, page):
    assert failures(PICTURE.findall((site / page).read_text("utf-8"))) == {}


def test_there_are_pictures_to_look_at(site):
    assert len(FRAMES) >= 30
    assert sum(len(PICTURE.findall((site / page).read_text("utf-8"))) for page in PAGES) > 60


def svg_of(*, text="#222222", line="#0072b2", region=None, image=None):
    figure, ax = plt.subplots(figsize=(4, 3))
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.set_axis_off()
    if region:
        ax.axvspan(0, 1, color=region, lw=0)
    if image is not None:
        ax.imshow(np.full((8, 8), image), cmap="gray", vmin=0, vmax=1, extent=(0, 1, 0, 1))
    ax.plot([0.1, 0.9], [0.8, 0.9], color=line)
    ax.text(0.5, 0.5, "a text", color=text, ha="center")
    plt.close(figure)
    return figures.svgs([figure])[0][0]


@pytest.mark.parametrize(
    ("drawn", "kind", "theme"),
    [
        ({"text": "#d55e00"}, "text", "light"),
        ({"line": "#e69f00"}, "line", "light"),
        ({"text": "#0072b2", "region": "#56b4e9"}, "text", "light"),
        ({"text": "#222222", "region": "#00664b"}, "text", "light"),
        ({"text": "#555555", "image": 0.3}, "text", "dark"),
        ({"line": "#222222", "image": 0.2}, "line", "dark"),
    ],
)
def test_a_wrong_color_is_found(drawn, kind, theme):
    assert (kind, next(iter(drawn.values())), theme) in faint(svg_of(**drawn))


def test_right_colors_are_not_found():
    assert faint(svg_of()) == {}
    assert faint(svg_of(text="#000000", line="#000000", image=0.9)) == {}
    assert faint(svg_of(text="#222222", region="#bfe0f5"), exempt=FAINT) == {}


def test_a_color_that_may_be_faint_is_a_color_of_areas_and_lines_only():
    assert ("text", "#dddddd", "light") in faint(svg_of(text="#dddddd"), exempt=FAINT)


def test_contrast_is_that_of_wcag():
    assert contrast(rgb("#000000"), rgb("#ffffff")) == 21
    assert round(contrast(rgb("#767676"), rgb("#ffffff")), 2) == 4.54


def test_the_dark_page_is_that_of_the_style_sheet():
    assert contrast(rgb(PAGE["dark"]), rgb("#ffffff")) > 15
