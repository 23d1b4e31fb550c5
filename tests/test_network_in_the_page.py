"""The network in the page is the library's: its code, run natively, gives the same numbers."""

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx_app import SphinxApp

import mlp_lib
from book import training as in_page
from book.training import CHOICES, NUMBERS
from book.web.training import network

ROOT = Path(__file__).parents[1]
START = {option: values[0] for option, (_, values) in CHOICES.items()}
START |= {option: first for option, (_, _, first) in NUMBERS.items()}
OTHERS = [(option, value) for option, (_, values) in CHOICES.items() for value in values]
OTHERS += [
    (option, value)
    for option, (_, values, _) in NUMBERS.items()
    for value in (values[0], values[-1])
]


def trained(options, epochs):
    net = network.Training(**options)
    for _ in range(epochs):
        net.epoch()
    return net


def ran(code):
    names = {"np": np} | vars(mlp_lib)
    exec(code, names)
    return names


@pytest.mark.parametrize(("option", "value"), OTHERS)
def test_the_lines_it_shows_give_its_losses_and_weights_exactly(option, value):
    training = trained(START | {option: value}, 5)
    names = ran(training.code())
    assert training.losses == names["history"].loss
    for ours, theirs in zip(training.model.parameters(), names["model"].parameters()):
        assert (ours.data == theirs.data).all()
        assert ours.data.dtype == np.float32


def test_at_first_it_is_the_network_whose_frames_stand_before_it():
    cell = re.search(
        r"```\{code-cell\} python3\n:tags: \[remove-cell\]\n(.*?)```",
        (ROOT / "index.md").read_text("utf-8"),
        re.S,
    )
    frames = ran(cell[1].replace("for hidden_units in [32, 8, 3]", "for hidden_units in [32]"))
    training = trained(START, 10)
    for ours, theirs in zip(training.model.parameters(), frames["models"][32, 10].parameters()):
        assert (ours.data == theirs.data).all()


@pytest.mark.slow
def test_it_learns_each_of_its_data_sets():
    for data in CHOICES["data"][1]:
        training = trained(START | {"data": data}, 100)
        assert training.losses[-1] < 0.1 * training.losses[0], data
        assert network.accuracy(training.model(training.X), training.y) > 0.98, data


@pytest.mark.slow
@pytest.mark.parametrize("data", CHOICES["data"][1])
def test_in_the_picture_each_point_lies_on_the_color_of_the_network_s_answer(data):
    training = trained(START | {"data": data}, 100)
    places, labels = training.points()
    assert labels == training.y.tolist()
    p, _ = training.picture()
    column, row = np.rint(np.array(places).T * (network.SIDE - 1)).astype(int)
    assert min(column.min(), row.min()) >= 2
    assert max(column.max(), row.max()) <= network.SIDE - 3
    answers = p.reshape(network.SIDE, network.SIDE, -1)[row, column].argmax(axis=1)
    assert (answers == training.model(training.X).argmax(axis=1)).mean() > 0.97
    up = training.X[:, 1].argmax()
    assert row[up] == row.min()


@pytest.mark.parametrize(("activation", "lowest"), [("ReLU", 0), ("Tanh", -127), ("Sigmoid", 0)])
def test_a_unit_s_map_is_its_activation_over_the_plane(activation, lowest):
    training = trained(START | {"activation": activation, "hidden_units": 6}, 20)
    _, units = training.picture()
    first = training.model.layers[0]
    z = training.plane @ first.weight.data + first.bias.data
    h = {"ReLU": np.maximum(z, 0), "Tanh": np.tanh(z), "Sigmoid": 1 / (1 + np.exp(-z))}[activation]
    assert units.shape == (6, network.SIDE**2)
    assert np.abs(units - 127 * (h / np.abs(h).max(axis=0)).T).max() < 0.51
    assert units.min() >= lowest


def test_a_unit_that_is_silent_everywhere_has_an_empty_map():
    training = network.Training(**START)
    training.model.layers[0].bias.data[3] = -100
    assert (training.picture()[1][3] == 0).all()


def test_what_the_page_asks_for_is_the_training_that_goes_on():
    first = network.start(**START)
    assert (first["epoch"], first["loss"]) == (0, None)
    assert first["p"].shape == (first["side"] ** 2 * 3,)
    for number in (1, 2, 3):
        shown = network.epoch()
        assert shown["epoch"] == number
    assert shown["loss"] == trained(START, 3).losses[-1]
    assert network.start(**START)["p"].tolist() == first["p"].tolist()


# --- where it stands ------------------------------------------------------------------------------


def sphinx(docname="index"):
    builder = SimpleNamespace(get_relative_uri=lambda here, there: f"../{there}")
    return SphinxApp(env=SimpleNamespace(docname=docname), builder=builder)


def test_it_stands_below_each_cell_that_asks_for_it():
    app = sphinx()
    asks = nodes.container(cell_metadata={"course": {"training": True}})
    doctree = new_document("")
    doctree += [nodes.container(cell_metadata={"course": {}}), asks, nodes.container()]
    in_page.place(app, doctree)
    assert [type(node).__name__ for node in doctree] == [
        "container",
        "container",
        "raw",
        "container",
    ]
    assert doctree[2]["format"] == "html"
    assert doctree[2].astext() == in_page.html(app.builder, "index")


def test_on_its_own_page_it_leads_to_the_cell_there():
    builder = sphinx().builder
    assert 'href="../chapters/08_training#cell-worlds-train"' in in_page.html(builder, "index")
    assert 'href="#cell-worlds-train"' in in_page.html(builder, "chapters/08_training")


def test_only_a_page_that_has_one_gets_the_script():
    app = sphinx()
    in_page.add_to_page(app, "", "", {}, None)
    in_page.add_to_page(app, "", "", {"body": "training"}, None)
    assert app.told == []
    in_page.add_to_page(app, "", "", {"body": '<div class="training">'}, None)
    assert app.told == [
        ("add_js_file", ("training/page.js",), {"loading_method": "defer"}),
        ("add_css_file", ("training/training.css",), {}),
    ]


def test_it_is_told_to_sphinx():
    app = sphinx()
    in_page.setup(app)
    (directive, *_), bundle, place, page = (args for _, args, _ in app.told)
    assert directive == "training"
    assert (bundle[0], place, page) == (
        "config-inited",
        ("doctree-read", in_page.place),
        ("html-page-context", in_page.add_to_page),
    )
