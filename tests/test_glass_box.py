"""The glass box, as Python draws it: its numbers are the library's, its networks the chapters'."""

import json
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup

from book import glassbox

ROOT = Path(__file__).parents[1]


def cell(chapter, name):
    """A code cell's source."""
    cells = json.loads(next(ROOT.glob(f"chapters/{chapter}_*.ipynb")).read_text("utf-8"))["cells"]
    return "".join(next(cell for cell in cells if cell["id"] == name)["source"])


def ran(*sources):
    names = {"np": np}
    for source in sources:
        exec(source, names)
    return names


def test_the_hand_example_is_that_of_chapter_5():
    chapter = ran(cell("05", "hand-forward"), cell("05", "hand-backward"))
    values, gradients = glassbox.numbers(glassbox.NETWORKS["hand"])
    for d in range(2):
        assert values[f"x-{d + 1}"] == chapter["x"][0, d]
        assert gradients[f"x-{d + 1}"] == pytest.approx(chapter["dx"][0, d], rel=1e-12)
        for h in range(2):
            assert values[f"w-{d + 1}-{h + 1}"] == chapter["W1"][d, h]
            assert gradients[f"w-{d + 1}-{h + 1}"] == pytest.approx(chapter["dW1"][d, h], rel=1e-12)
    assert values["L"] == pytest.approx(chapter["loss"], rel=1e-12)
    assert values["y"] == chapter["y"].item()


def test_the_three_units_are_those_of_chapter_4():
    chapter = ran(cell("04", "roads-walked"))
    values, gradients = glassbox.numbers(glassbox.NETWORKS["three-units"])
    for h in range(3):
        assert values[f"z-{h + 1}"] == pytest.approx(chapter["sums"][0, h], rel=1e-12)
        assert gradients[f"z-{h + 1}"] == pytest.approx(chapter["d_sums"][0, h], rel=1e-12)
        assert values[f"v-{h + 1}"] == chapter["second"][h, 0]
    assert values["ŷ"] == pytest.approx(chapter["output"].item(), rel=1e-12)
    assert values["y"] == 1


@pytest.mark.parametrize("name", glassbox.NETWORKS)
def test_each_number_and_each_gradient_stands_in_the_wide_picture_and_in_the_narrow_one(name):
    network = glassbox.NETWORKS[name]
    values, gradients = glassbox.numbers(network)
    soup = BeautifulSoup(glassbox.html(network), "html.parser")
    for picture in soup.select(".picture"):
        shown = {part["data-key"]: part for part in picture.select(".part")}
        assert set(shown) == set(values)
        for key, value in values.items():
            assert shown[key].select_one(".value").text.removeprefix("+ ") == glassbox.written(
                value
            )
        for key, gradient in gradients.items():
            assert shown[key].select_one(".gradient").text == glassbox.written(gradient)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.91, "0.91"),
        (-0.00405, "−0.00405"),
        (-0.0, "0"),
        (12.3456, "12.3"),
        (120.0, "120"),
        (3.125, "3.13"),
        (-0.1 * 3, "−0.3"),
        (0.00012, "1e−4"),
        (123456.0, "1e5"),
    ],
)
def test_a_number_is_written_with_three_digits_that_count(number, text):
    assert glassbox.written(number) == text
