"""explore(): what it refuses, what it shows with a kernel, and what it writes for the site."""

import base64
import io
import json
import re
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from mlp_lib.explore import explore

AXES = {"learning_rate": [0.1, 0.01], "shape": ["line", "<b>", "wave"]}


def draw(learning_rate, shape):
    figure, ax = plt.subplots(figsize=(3.2, 1.8))
    ax.plot([0, learning_rate], label=shape)
    ax.set(title=f"{shape} {learning_rate}")
    return figure, f"A {shape} with learning rate {learning_rate}."


@pytest.fixture
def explorer():
    return explore(draw, **AXES)


@pytest.fixture
def page(explorer, monkeypatch):
    monkeypatch.setenv("MLP_BOOK", "1")
    return explorer._repr_mimebundle_()["text/html"]


def frames_of(page):
    """The pictures and descriptions on a page, in order."""
    first = re.search(r'<img src="([^"]+)" alt="([^"]+)"', page).groups()
    rest = json.loads(re.search(r'"application/json">(.*?)</script>', page)[1])
    return [list(first), *rest]


def pixels(source):
    picture = Image.open(io.BytesIO(base64.b64decode(source.split(",")[1])))
    return np.asarray(picture.convert("RGB")).astype(int)


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ({}, "at least one axis"),
        ({"depth": []}, "values for axis 'depth'; got an empty"),
        ({"depth": [1, 2, 1]}, "distinct values for axis 'depth'"),
        ({"depth": range(20), "width": range(11)}, "at most 200 frames; got 220"),
    ],
)
def test_wrong_axes_are_refused_at_once(axes, message):
    with pytest.raises(ValueError, match=message):
        explore(draw, **axes)


def test_two_hundred_frames_are_allowed():
    assert explore(draw, depth=range(200)).count == 200


@pytest.mark.parametrize("result", [None, "text", (plt.Figure(), " "), (plt.Figure(),), (1, "text")])
def test_a_draw_without_figure_and_sentence_is_refused(result):
    with pytest.raises(ValueError, match=r"draw must return \(figure, sentence\)"):
        explore(lambda depth: result, depth=[1]).draw(depth=1)


def test_frames_of_different_sizes_are_refused():
    def grow(size):
        return plt.figure(figsize=(size, 2)), f"Size {size}."

    with pytest.raises(ValueError, match="one figure size"):
        list(explore(grow, size=[2, 3]).frames())


def test_frames_come_in_the_order_of_the_axes(explorer):
    values = [tuple(values.values()) for values, _, _ in explorer.frames()]
    assert values == [(rate, shape) for rate in AXES["learning_rate"] for shape in AXES["shape"]]


def test_the_stored_text_is_the_first_frame_s_description(explorer):
    text = "Explorer: learning rate × shape (6 frames). First frame: A line with learning rate 0.1."
    assert explorer._repr_mimebundle_()["text/plain"] == repr(explorer) == text


def test_no_figure_stays_open(explorer):
    plt.close("all")
    explorer.page()
    explorer.live()
    assert plt.get_fignums() == []


def test_with_a_kernel_sliders_redraw_picture_and_description(explorer):
    *sliders, picture, caption = explorer.live().children
    assert [slider.description for slider in sliders] == ["learning rate", "shape"]
    before = picture.value
    sliders[0].value, sliders[1].value = 0.01, "<b>"
    assert picture.value != before
    assert caption.value == "A &lt;b&gt; with learning rate 0.01."
    assert f'alt="{caption.value}"' in picture.value


def test_with_a_kernel_a_live_view_is_shown_and_no_frames(explorer):
    kinds = set(explorer._repr_mimebundle_())
    assert kinds == {"text/plain", "application/vnd.jupyter.widget-view+json"}


def test_without_ipywidgets_the_first_frame_stands_still(explorer, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    assert set(explorer._repr_mimebundle_()) == {"text/plain", "image/png"}


def test_the_site_shows_the_same_frames_as_a_kernel(explorer, page):
    """Each picture on the page is draw()'s own, up to what WebP rounds off."""
    for (values, _, description), (source, alt) in zip(explorer.frames(), frames_of(page), strict=True):
        assert alt.replace("&lt;", "<").replace("&gt;", ">") == description
        figure, _ = explorer.draw(**values)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=200)
        drawn = np.asarray(Image.open(buffer).convert("RGB")).astype(int)
        assert np.abs(pixels(source) - drawn).mean() < 3


def test_frames_differ_from_each_other(page):
    assert len({source for source, _ in frames_of(page)}) == 6


def test_the_page_is_the_same_on_every_run(explorer, page):
    assert explorer._repr_mimebundle_()["text/html"] == page


def test_the_page_is_self_contained_and_has_no_ids(page):
    assert not re.search(r'https?:|src="(?!data:)| id="', page)
    assert page.count("</script>") == 2


def test_sliders_are_labelled_and_say_their_value(page):
    assert "<span>learning rate</span>" in page
    assert 'aria-valuetext="0.1"' in page
    assert "&lt;b&gt;" in page


def test_the_first_picture_reserves_its_size(page):
    assert 'width="320" height="180"' in page


def test_an_explorer_too_heavy_for_the_site_is_refused(explorer, monkeypatch):
    monkeypatch.setattr("mlp_lib.explore.MAX_BYTES", 5000)
    with pytest.raises(ValueError, match=r"under 5000 bytes; got \d+ in 6 frames"):
        explorer.page()


def test_heavy_frames_are_shown_less_sharp_before_they_are_refused(explorer, monkeypatch):
    monkeypatch.setattr("mlp_lib.explore.CRISP_BYTES", 0)
    page, _ = explorer.page()
    assert pixels(frames_of(page)[1][0]).shape == (180, 320, 3)


def test_the_course_style_is_found_by_its_name():
    with plt.style.context("mlp_lib.course"):
        assert plt.rcParams["axes.prop_cycle"].by_key()["color"][0] == "#0072B2"
