"""What the site draws is what was looked at: the glass box, the training network, an explorer.

The drawings stand in tests/drawings, an element a line.  Where one differs the new one is put into
_build/drawings: look at it on the built site; if it is right, it takes the other's place.
"""

import sys
from pathlib import Path
from types import SimpleNamespace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from book import explorers, glassbox, kept, training
from mlp_lib.explore import explore, grip

ROOT = Path(__file__).parents[1]
APPROVED = ROOT / "tests" / "drawings"
PINNED = f"\nmatplotlib=={mpl.__version__}\n" in (ROOT / "requirements.txt").read_text("utf-8")


def approve(name, html):
    drawn = html.replace("><", ">\n<") + "\n"
    approved = APPROVED / name
    if not approved.exists() or approved.read_text("utf-8") != drawn:
        new = ROOT / "_build" / "drawings" / name
        new.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(drawn, "utf-8")
        pytest.fail(f"{new} is not {approved}: look at both")


@pytest.mark.parametrize("name", glassbox.NETWORKS)
def test_a_glass_box_is_drawn_as_it_was(name):
    approve(f"glass_box_{name}.html", glassbox.html(glassbox.NETWORKS[name]))


def test_the_network_that_trains_in_the_page_has_its_controls():
    builder = SimpleNamespace(get_relative_uri=lambda here, there: f"{here} to {there}")
    approve("training.html", training.html(builder, "index"))


def draw(angle, shape):
    figure, (curve, image) = plt.subplots(1, 2, figsize=(6, 3))
    curve.plot([0, 1, 2], [0, 1 + angle, 2], "o-", label=shape)
    curve.plot([0, 2], [2, 0], color="gray", ls="--", label="other")
    curve.set(title="A title that a phone has to break in two", xlabel="x of $W_1$", ylabel="loss")
    curve.legend(ncols=2)
    grip(curve, 1, 1, "angle")
    image.imshow(np.arange(6.0).reshape(2, 3), extent=(0, 3, 0, 2))
    image.text(1, 1, "five", ha="center", va="top", color="white")
    image.set_axis_off()
    return figure, f"A {shape} at {angle}."


@pytest.mark.skipif(
    not PINNED or sys.platform != "linux", reason="another Matplotlib or system draws otherwise"
)
def test_an_explorer_is_drawn_as_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "FOLDER", tmp_path / "kept")
    settings = {key: value for key, value in mpl.rcParamsDefault.items() if key != "backend"}
    with mpl.rc_context(settings):
        page, _ = explorers.page(
            explore(draw, start={"shape": "<b>"}, angle=[0, 1], shape=["line", "<b>", "c"])
        )
    body = explorers.store_frames(page, tmp_path)
    approve("explorer.html", body)
