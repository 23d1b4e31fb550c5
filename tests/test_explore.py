"""explore(): what it refuses, where it starts, and what it shows with a kernel."""

import sys

import matplotlib.pyplot as plt
import pytest

from mlp_lib.explore import explore, grip

AXES = {"learning_rate": [0.1, 0.01, 0.001], "shape": ["line", "<b>", "wave"]}


def draw(learning_rate, shape):
    figure, ax = plt.subplots(figsize=(3.2, 1.8))
    ax.plot([0, learning_rate], label=shape)
    ax.set(title=f"{shape} {learning_rate}")
    return figure, f"A {shape} with learning rate {learning_rate}."


def draw_epoch(epoch):
    return plt.figure(figsize=(2, 1)), f"Epoch {epoch}."


@pytest.fixture
def explorer():
    return explore(draw, **AXES)


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ({}, "at least one axis"),
        ({"depth": []}, "values for axis 'depth'; got an empty"),
        ({"depth": [1, 2, 1]}, "distinct values for axis 'depth'"),
        ({"depth": range(20), "width": range(11)}, "at most 200 frames; got 220"),
        ({"name": "abc"}, "list of values for axis 'name'; got the string 'abc'"),
        ({"draw": [1, 2]}, "no axis can be called draw"),
        ({"start": [1, 2]}, r"no axis can be called start; got \[1, 2\]"),
        ({"depth": [1, 2], "start": {"depth": 3}}, r"one of \[1, 2\] for axis 'depth'; got 3"),
        ({"depth": [1, 2], "start": {"width": 1}}, r"axes among \['depth'\]; got 'width'"),
    ],
)
def test_wrong_axes_are_refused_at_once(axes, message):
    with pytest.raises(ValueError, match=message):
        explore(draw, **axes)


def test_two_hundred_frames_are_allowed():
    assert explore(draw, depth=range(200)).count == 200


@pytest.mark.parametrize(
    "result", [None, "text", (plt.Figure(), " "), (plt.Figure(),), (1, "text")]
)
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
    text = "Explorer: learning rate × shape (9 frames). First frame: A line with learning rate 0.1."
    assert explorer._repr_mimebundle_()["text/plain"] == repr(explorer) == text


def test_the_first_frame_is_the_one_that_start_names():
    explorer = explore(draw, start={"learning_rate": 0.01}, **AXES)
    assert explorer.start == {"learning_rate": 0.01, "shape": "line"}
    assert repr(explorer).endswith("First frame: A line with learning rate 0.01.")
    assert [control.value for control in explorer.live().children[:2]] == [0.01, "line"]


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("depth", [1, 2, 3], "number"),
        ("depth", [1.5, 2], "choice"),
        ("activation", ["ReLU", "tanh", "sigmoid"], "choice"),
        ("biased", [False, True], "choice"),
        ("epoch", range(9), "time"),
        ("step", [0, 1], "time"),
    ],
)
def test_numbers_slide_names_are_chosen_and_time_plays(name, values, kind):
    assert explore(draw, **{name: values}).kind(name) == kind


def test_no_figure_stays_open(explorer):
    plt.close("all")
    list(explorer.frames())
    explorer.live()
    assert plt.get_fignums() == []


def test_with_a_kernel_controls_redraw_picture_and_description(explorer):
    *controls, picture, caption = explorer.live().children
    assert [control.description for control in controls] == ["learning rate", "shape"]
    assert [type(control).__name__ for control in controls] == ["SelectionSlider", "ToggleButtons"]
    before = picture.value
    controls[0].value, controls[1].value = 0.01, "<b>"
    assert picture.value != before
    assert caption.value == "A &lt;b&gt; with learning rate 0.01."
    assert f'alt="{caption.value}"' in picture.value


def test_with_a_kernel_time_is_played_and_stepped():
    row, _, caption = explore(draw_epoch, epoch=[0, 10, 20]).live().children
    slider, play, back, on = row.children
    assert (play.min, play.max) == (0, 2)
    on.click()
    on.click()
    on.click()
    assert (slider.value, caption.value) == (20, "Epoch 20.")
    back.click()
    assert caption.value == "Epoch 10."


def test_with_a_kernel_a_live_view_is_shown_and_no_frames(explorer):
    kinds = set(explorer._repr_mimebundle_())
    assert kinds == {"text/plain", "application/vnd.jupyter.widget-view+json"}


def test_without_ipywidgets_the_first_frame_stands_still(explorer, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    assert set(explorer._repr_mimebundle_()) == {"text/plain", "image/png"}


def test_a_grip_remembers_which_axes_it_moves():
    _, ax = plt.subplots()
    assert grip(ax, 1, 2, "x1", "x2").get_gid() == "grip:x1 x2"
    plt.close("all")


def test_the_course_style_is_found_by_its_name():
    with plt.style.context("mlp_lib.course"):
        assert plt.rcParams["axes.prop_cycle"].by_key()["color"][0] == "#0072B2"
