"""Explorers and figures on the site: the page of book.explorers, the SVG of book.figures."""

import base64
import io
import json
import os
import re
import subprocess
import sys
from types import SimpleNamespace
from xml.etree import ElementTree

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from bs4 import BeautifulSoup
from matplotlib.backends.backend_svg import RendererSVG
from PIL import Image

from book import explorers, extension, figures, runs
from book import kept as keeping
from mlp_lib.explore import explore, grip

AXES = {"angle": [0, 1, 2], "shape": ["line", "<b>"], "step": [0, 1]}


def draw(angle, shape, step):
    figure, ax = plt.subplots(figsize=(6, 3))
    ax.plot([0, 1], [0, 0.1 + angle], label=shape)
    grip(ax, 1, 0.1 + angle, "angle")
    ax.set(title=f"{shape} {angle}", xlim=(0, 2), ylim=(0, 4))
    return figure, f"A {shape} at angle {angle}, step {step}."


@pytest.fixture(scope="module", autouse=True)
def plain_style():
    """Draw in Matplotlib's own style, whatever style another test has chosen for the process."""
    with mpl.rc_context(
        {key: value for key, value in mpl.rcParamsDefault.items() if key != "backend"}
    ):
        yield


@pytest.fixture(scope="module", autouse=True)
def nothing_kept(tmp_path_factory):
    """Keep no frame of a test beside the site's, and show none of an earlier run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keeping, "FOLDER", tmp_path_factory.mktemp("frames"))
        yield


@pytest.fixture(scope="module")
def explorer():
    return explore(draw, start={"angle": 2, "shape": "<b>"}, **AXES)


@pytest.fixture(scope="module")
def frames(explorer):
    return explorers.frames(explorer)


@pytest.fixture(scope="module")
def html(explorer):
    return explorers.page(explorer)[0]


@pytest.fixture(scope="module")
def soup(html):
    return BeautifulSoup(html, "html.parser")


def svg_of(figure):
    return figures.svgs([figure])[0][0]


@pytest.mark.slow
def test_kernels_of_the_site_show_pages_and_svg(explorer):
    shown = {}
    formatter = SimpleNamespace(
        for_type=lambda kind, function: shown.update({kind.__name__: function})
    )
    shell = SimpleNamespace(display_formatter=SimpleNamespace(mimebundle_formatter=formatter))
    explorers.load_ipython_extension(shell)
    page = shown["Explorer"](explorer)
    assert set(page) == {"text/plain", "text/html"}
    assert page["text/plain"] == explorer.text("A <b> at angle 2, step 0.")
    assert set(shown["Figure"](plt.figure())) == {"text/plain", "image/svg+xml"}
    plt.close("all")


def test_there_is_a_frame_for_every_value_wide_and_for_a_phone(explorer, frames):
    assert set(frames) == {"wide", "narrow"}
    for drawn in frames.values():
        assert [text for _, text, _ in drawn] == [text for *_, text in explorer.frames()]
    assert 'viewBox="0 0 432 216"' in frames["wide"][0][0]
    assert 'viewBox="0 0 302.4 216"' in frames["narrow"][0][0]


def test_a_figure_as_narrow_as_a_phone_is_drawn_once():
    def small(n):
        return plt.figure(figsize=(4, 2)), f"Number {n}."

    assert set(explorers.frames(explore(small, n=[1, 2]))) == {"wide"}


def test_frames_have_no_repeated_ids_and_no_address(frames):
    ids = [name for svg, *_ in frames["wide"] for name in re.findall(r'\bid="([^"]+)"', svg)]
    assert ids
    first = re.findall(r'\bid="([^"]+)"', frames["wide"][0][0])
    assert len(first) == len(set(first))
    assert not re.search(r"https?:(?!//www.w3.org)|<script|<style", frames["wide"][0][0])


def test_the_page_starts_at_start(soup):
    assert soup.select_one(".explorer")["data-start"] == "10"
    assert soup.select_one(".explorer-picture")["aria-label"] == "A <b> at angle 2, step 0."
    assert soup.select_one("input[type=range]")["value"] == "2"
    assert soup.select_one("input[type=radio][checked]").parent.get_text() == "<b>"
    assert "&lt;b&gt; 2" in str(soup.select_one(".picture.wide svg"))


def test_the_page_is_the_same_on_every_run(explorer, html):
    assert explorers.page(explorer)[0] == html


def test_controls_are_native_and_labelled(soup):
    slider, step = soup.select("input[type=range]")
    assert slider.parent.span.get_text() == "angle"
    assert slider["aria-valuetext"] == "2"
    assert soup.select_one("[role=radiogroup]")["aria-label"] == "shape"
    assert len({radio["name"] for radio in soup.select("input[type=radio]")}) == 1
    buttons = step.find_parent(class_="explorer-axis").select("button")
    assert [button.get("aria-label") or button.get_text() for button in buttons] == [
        "Play",
        "One step back",
        "One step on",
    ]
    assert not slider.find_parent(class_="explorer-axis").select("button")


def test_frames_move_out_of_the_page_into_files_that_a_script_can_load(html, frames, tmp_path):
    body = explorers.store_frames(html, tmp_path)
    name = BeautifulSoup(body, "html.parser").select_one(".explorer")["data-frames"]
    assert "<script" not in body
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}-wide.js", f"{name}-narrow.js"}
    content = (tmp_path / f"{name}-wide.js").read_text()
    assert content.startswith(f'explorerFrames("{name}-wide",')
    assert json.loads(content.partition(",")[2][:-1]) == frames["wide"]


def test_an_explorer_too_heavy_for_the_site_is_refused(explorer, monkeypatch):
    monkeypatch.setattr(explorers, "MAX_BYTES", 500)
    with pytest.raises(ValueError, match=r"under 500 bytes, gzipped; got \d+ in 12 frames"):
        explorers.page(explorer)


def test_grips_are_where_the_ring_is_drawn(frames):
    for svg, _, grips in frames["wide"]:
        x, y = grips["angle"]
        ring = re.findall(r'<use x="([\d.]+)" y="([\d.]+)"', svg)[-1]
        assert (float(ring[0]) / 432, float(ring[1]) / 216) == pytest.approx((x, y), abs=1e-3)


def test_axes_keep_their_place_while_a_control_moves():
    def rescale(top):
        figure, ax = plt.subplots()
        ax.plot([0, top])
        return figure, f"Up to {top}."

    drawn = explorers.frames(explore(rescale, top=[1, 1_000_000]))["wide"]
    axes = [
        re.search(r'<path d="([^"]+)" style="fill: var\(--figure-ground', svg)[1]
        for svg, *_ in drawn
    ]
    assert axes[0] == axes[1]


def test_text_is_text_in_the_page_s_font_and_formulas_keep_whole_words():
    figure, ax = plt.subplots()
    ax.set_title("$x_1$ is text")
    svg = svg_of(figure)
    assert "DejaVu" not in svg
    assert ">\xa0is\xa0text</tspan>" in svg


def test_a_formula_keeps_the_order_of_its_letters():
    figure, ax = plt.subplots()
    ax.set_title("$h_1 + h_2 = 3$")
    formula = re.search(r"<text>((?:<tspan.*?</tspan>)+)</text>", svg_of(figure))[1]
    assert re.sub(r"<.*?>|\s", "", formula) == "h1+h2=3"


def test_black_follows_the_theme_and_stays_black_on_an_image():
    figure, (left, right) = plt.subplots(1, 2)
    left.plot([0, 1], "ko")
    right.imshow(np.eye(2))
    right.text(0, 0, "on it", color="black")
    root = ElementTree.fromstring(svg_of(figure))
    assert root.get("style") == "fill: light-dark(#000000, #e6e6e6)"
    assert "fill: #000000" in [group.get("style") for group in root.iter()]


def test_a_text_beside_an_image_follows_the_theme():
    figure, ax = plt.subplots()
    ax.imshow(np.eye(2))
    ax.text(3, 0, "beside", color="#D55E00")
    ax.text(0, 0, "on it", color="#D55E00")
    svg = svg_of(figure)
    assert re.search(r"light-dark\(#d55e00[^>]*>beside", svg)
    assert re.search(r"fill: #d55e00[^>]*>on it", svg)


def test_lines_follow_the_theme_and_what_lies_on_an_image_does_not():
    figure, (left, right) = plt.subplots(1, 2)
    left.plot([0, 1], color="#0072B2")
    right.imshow(np.eye(2))
    right.text(0, 0, "on it", color="#D55E00")
    svg = svg_of(figure)
    assert "light-dark(#0072b2," in svg
    assert "fill: #d55e00" in svg
    assert "light-dark(#d55e00" not in svg


def test_regions_become_webp_at_two_pixels_for_each_css_pixel():
    figure, ax = plt.subplots(figsize=(4, 3))
    ax.pcolormesh(np.eye(200), rasterized=False)
    ax.set_axis_off()
    data = re.search(r"data:image/webp;base64,([^\"]+)", svg_of(figure))[1]
    image = Image.open(io.BytesIO(base64.b64decode(data)))
    assert image.width == pytest.approx(2 * 0.775 * 400, abs=2)  # an axes takes 77.5 % of the width


def test_a_title_wider_than_a_phone_is_broken():
    figure, ax = plt.subplots(figsize=(6.4, 3))
    ax.set_title("A title with so many words that no phone can show all of it")
    svg = figures.svgs([figure], 420)[0][0]
    assert "A title with so many words that no phone can show all of it" not in svg
    assert "A title with" in svg


def test_frames_that_were_drawn_before_are_not_drawn_again(explorer, frames, monkeypatch):
    def refuse(*arguments):
        raise AssertionError("drawn again")

    monkeypatch.setattr(figures, "svgs", refuse)
    assert explorers.frames(explorer) == frames
    with pytest.raises(AssertionError, match="drawn again"):
        explorers.frames(explore(draw, **AXES | {"angle": [0, 1, 2, 4]}))


def test_a_build_drops_the_frames_that_none_has_asked_for_in_a_month(monkeypatch, tmp_path):
    monkeypatch.setattr(keeping, "FOLDER", tmp_path / "frames")
    explorer = explore(draw, angle=[0, 1], shape=["line"], step=[0])
    frames = explorers.frames(explorer)
    (used,) = keeping.FOLDER.iterdir()
    for name in ("changed since", "half done", "last week"):
        (keeping.FOLDER / name).touch()
    for file in keeping.FOLDER.iterdir():
        days = 7 if file.name == "last week" else 31
        os.utime(file, times=(file.stat().st_mtime - days * 24 * 3600,) * 2)

    def run_all():
        assert explorers.frames(explorer) == frames
        return {}

    monkeypatch.setattr(runs, "run_all", run_all)
    extension.run_notebooks(SimpleNamespace(outdir=tmp_path))
    assert {file.name for file in keeping.FOLDER.iterdir()} == {used.name, "last week"}


def one_figure(top=1.0, color="#0072B2", title="a title", ticks=None):
    figure, ax = plt.subplots(figsize=(4, 3))
    ax.plot([0, top], color=color)
    ax.imshow(np.eye(3))
    ax.annotate("an arrow", (0, 1), (0.5, 0.5), arrowprops={"arrowstyle": "->"})
    ax.set(title=title, yscale="log")
    ax.legend(["a line"])
    if ticks:
        ax.xaxis.set_major_formatter(ticks)
    plt.close(figure)
    return figure


@pytest.mark.parametrize("change", [{"top": 1 + 1e-12}, {"color": "#0072B3"}, {"title": "A title"}])
def test_kept_frames_are_found_by_all_that_a_figure_shows(change):
    name = keeping.name_of([one_figure()])
    plt.figure()  # another one is open
    assert keeping.name_of([one_figure()]) == name
    assert name != keeping.name_of([one_figure(**change)])


def test_kept_frames_are_found_by_style_and_library(monkeypatch, tmp_path):
    figure = one_figure()
    name = keeping.name_of([figure])
    with mpl.rc_context({"axes.formatter.useoffset": False}):  # asked while a figure is drawn
        assert keeping.name_of([figure]) != name
    (tmp_path / "new.py").write_text("n = 1")
    monkeypatch.setattr(keeping, "FILES", [*keeping.FILES, tmp_path / "new.py"])
    assert keeping.name_of([figure]) != name


@pytest.mark.slow
def test_a_figure_has_one_name_in_every_process():
    code = (
        "from tests.test_explorer_pages import keeping, one_figure; "
        "print(keeping.name_of([one_figure()]))"
    )
    named = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=keeping.ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in "12"
    ]
    assert named[0] == named[1]
    assert len(named[0]) == 65


def test_a_figure_that_calls_a_notebook_s_function_is_always_drawn(monkeypatch):
    assert keeping.name_of([one_figure(ticks=lambda x, place: f"{x}")]) is None

    def percent(x, place):
        return f"{x} %"

    percent.__module__, percent.__qualname__ = "__main__", "percent"
    monkeypatch.setattr(sys.modules["__main__"], "percent", percent, raising=False)
    assert keeping.name_of([one_figure(ticks=percent)]) is None


@pytest.mark.slow
def test_ticks_are_those_of_matplotlib_s_own_drawing():
    figure, (left, right) = plt.subplots(1, 2, figsize=(6, 3), layout="constrained")
    left.plot([1e6, 1e6 + 1], [1, 1000])
    left.set(yscale="log", xlabel="time", title="an offset and a logarithm")
    right.plot([0, 1])
    right.secondary_xaxis("top").set_xlabel("the same")
    with mpl.rc_context({"svg.fonttype": "none"}):
        figure.savefig(theirs := io.StringIO(), format="svg")
    texts = [
        [re.sub(r"<[^>]+>|\s", "", text) for text in re.findall(r"(?s)<text.*?</text>", svg)]
        for svg in (theirs.getvalue(), svg_of(figure))
    ]
    assert len(texts[0]) > 15
    assert texts[0] == texts[1]


@pytest.mark.parametrize("text", ["one line", "two\nlines of it", "$x_1^2$\nand words"])
@pytest.mark.parametrize("size", [7, 10.5])
def test_texts_have_the_room_that_matplotlib_itself_gives_them(text, size):
    figure = plt.figure(dpi=72)
    artist = figure.text(0, 0, text, size=size, linespacing=1.4)
    theirs = RendererSVG(1, 1, io.StringIO())
    figures._line.cache_clear()
    for _ in range(2):
        ours = artist._get_layout(figures.RULER)[0].bounds
        assert ours == pytest.approx(artist._get_layout(theirs)[0].bounds)
    assert figures._line.cache_info()[:2] == (1, 1)  # hits, misses: the font was asked once
    plt.close(figure)


def luminance(color):
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return np.dot([0.2126, 0.7152, 0.0722], linear)


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    "color",
    [
        "#000000",
        "#e69f00",
        "#56b4e9",
        "#009e73",
        "#f0e442",
        "#0072b2",
        "#d55e00",
        "#cc79a7",
        "#222222",
    ],
)
def test_the_course_s_colors_read_in_the_dark(color):
    assert contrast(figures.dark(color), "#14181d") >= 4.5


@pytest.mark.parametrize("gray", ["#555555", "#767676"])
def test_gray_lines_are_seen_in_the_dark(gray):
    assert contrast(figures.dark(gray), "#14181d") >= 3
