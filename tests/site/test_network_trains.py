"""The network that trains in the page: played, stepped, changed; its numbers are the library's.

The tests that train need a Pyodide, as those of practice do: ``PYODIDE_TEST=DIR`` or ``=cdn``.
"""

import os
import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from built_site import SCREENSHOTS, at_rest, fade
from conftest import visits
from playwright.sync_api import expect

from book.training import CHOICES, NUMBERS
from book.web.training import network

pytestmark = [pytest.mark.browser, pytest.mark.slow]

needs_pyodide = pytest.mark.skipif(
    not os.environ.get("PYODIDE_TEST"),
    reason="no Pyodide: PYODIDE_TEST=DIR names a distribution, PYODIDE_TEST=cdn the official host",
)
FRONT, CHAPTER_8 = "index.html", "chapters/08_training.html"
expect.set_options(timeout=180_000)  # a busy machine takes its time
ASK = """async options => {
  const {result} = await coursePython.run({train: options}, () => {});
  return {...result, p: [...result.p], units: [...result.units]};
}"""
PAINTED = "canvas => canvas.toDataURL()"


class Trainer:
    """The network of an open page."""

    def __init__(self, page):
        self.page = page
        self.root = page.locator(".training")

    def open(self):
        self.press("Train it here")
        expect(self.root.locator(".training-panel")).to_be_visible()

    def press(self, name):
        self.root.get_by_role("button", name=name).click()

    def option(self, name):
        return self.root.locator(f"[data-option={name}]")

    def set(self, option, value):
        """Move a control, as a hand does."""
        if option in CHOICES:
            self.option(option).get_by_text(value, exact=True).click()
        else:
            place = NUMBERS[option][1].index(value)
            self.option(option).locator("input").fill(str(place))

    def now(self):
        return self.root.locator(".training-now").inner_text()

    def epoch(self):
        return int(re.match(r"epoch (\d+) ", self.now())[1])

    def loss(self):
        return float(self.root.locator(".training-now").get_attribute("data-loss"))

    def wait_for(self, epoch):
        expect(self.root.locator(".training-now")).to_have_text(re.compile(rf"^epoch {epoch} "))

    def steps(self, count):
        for number in range(self.epoch() + 1, self.epoch() + count + 1):
            self.press("One epoch")
            self.wait_for(number)

    def code(self):
        return self.root.locator(".training-code").inner_text().rstrip()

    def painted(self):
        return self.root.locator(".training-plane canvas").evaluate(PAINTED)

    def said(self):
        return self.root.locator(".training-panel > [role=status]").text_content()


def natively(options, epochs):
    training = network.Training(**options)
    for _ in range(epochs):
        training.epoch()
    return training


@pytest.fixture(scope="module")
def opened(browser, practice_host):
    """The front page's network, where nothing plays by itself, with Python started."""
    with visits(browser, practice_host) as visit:
        trainer = Trainer(visit(FRONT, reduced_motion="reduce").page)
        trainer.open()
        yield trainer


@pytest.fixture
def still(opened):
    """The same, as it was at first."""
    opened.page.emulate_media(reduced_motion="reduce")
    if opened.root.get_by_role("button", name="Pause").count():
        opened.press("Pause")
    for option, (_, values) in CHOICES.items():
        opened.set(option, values[0])
    for option, (_, _, first) in NUMBERS.items():
        opened.set(option, first)
    opened.press("Start again")
    opened.wait_for(0)
    expect(opened.root.locator(".training-code")).to_contain_text("mlp([2, 32, 32, 3]")
    return opened


# --- before the click -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", [FRONT, CHAPTER_8])
def test_before_the_click_nothing_is_asked_of_any_host_and_nothing_of_python_is_loaded(
    visit, practice_host, path
):
    page = visit(path).page
    page.locator(".training [data-open]").scroll_into_view_if_needed()
    asked = page.messages["requests"]
    assert [url for url in asked if not url.startswith((practice_host, "data:"))] == []
    of_python = ("pyodide", "course.zip", "worker")
    assert [url for url in asked if any(word in url for word in of_python)] == []
    assert page.locator(".training-panel").is_hidden()


@pytest.mark.parametrize("path", [FRONT, CHAPTER_8])
def test_from_the_disk_and_without_scripts_the_page_reads_as_if_it_were_not_there(open_page, path):
    for options in ({}, {"java_script_enabled": False}):
        page = open_page(path, **options)
        assert page.locator(".training").is_hidden()
        assert page.messages["console"] == []
    assert page.locator(".explorer").first.is_visible()


def test_a_python_that_cannot_be_reached_is_said_in_a_sentence(visit):
    page = visit(FRONT).page
    page.context.route("**/pyodide.js", lambda route: route.abort())
    page.context.route("https://**", lambda route: route.abort())
    trainer = Trainer(page)
    trainer.press("Train it here")
    says = page.locator(".training-open [role=status]")
    expect(says).to_have_text(
        re.compile(r"^Python could not be loaded from \S+: is there a network\?$")
    )
    assert page.locator(".explorer").first.is_visible()
    assert trainer.root.get_by_role("button", name="Try again").is_visible()


@needs_pyodide
def test_try_again_trains_when_python_can_be_reached_again(visit):
    page = visit(FRONT, reduced_motion="reduce").page
    page.context.route("**/pyodide.js", lambda route: route.abort())
    trainer = Trainer(page)
    trainer.press("Train it here")
    again = trainer.root.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    page.context.unroute("**/pyodide.js")
    again.click()
    expect(trainer.root.locator(".training-panel")).to_be_visible()
    trainer.steps(1)


# --- training -------------------------------------------------------------------------------------


@needs_pyodide
@pytest.mark.parametrize("path", [FRONT, CHAPTER_8])
def test_a_click_trains_until_pause_and_the_loss_falls(visit, path):
    page = visit(path).page
    trainer = Trainer(page)
    trainer.open()
    expect(trainer.root.get_by_role("button", name="Pause")).to_be_focused()
    page.wait_for_function(
        "document.querySelectorAll('.training-now')[0].textContent.match(/epoch [2-9]\\d/)"
    )
    trainer.press("Pause")
    assert trainer.loss() < 0.3
    assert trainer.said().startswith("Paused. Epoch ")
    at_rest(page, lambda: (trainer.now(), trainer.painted()))
    if path == FRONT:
        assert page.get_by_role("figure", name="Explorer: epoch").is_hidden()
    else:
        assert page.locator("#fig-three-worlds").is_visible()
    link = trainer.root.get_by_role("link", name="a cell of chapter 8")
    link.click()
    assert page.url.endswith(f"{CHAPTER_8}#cell-worlds-train")
    expect(page.locator("#cell-worlds-train")).to_have_count(1)
    assert page.messages["console"] == []


@needs_pyodide
def test_step_trains_for_one_epoch_and_says_so(still):
    before = still.painted()
    for epoch in (1, 2, 3):
        still.steps(1)
        assert still.epoch() == epoch
        assert still.said().startswith(f"Epoch {epoch}: loss ")
    assert still.painted() != before
    still.press("Start again")
    still.wait_for(0)
    assert still.painted() == before


@needs_pyodide
@pytest.mark.parametrize(
    ("option", "value", "line"),
    [
        ("data", "moons", "make_moons(200, noise=0.15, rng=rng)"),
        ("data", "XOR", "make_xor()"),
        ("activation", "Tanh", "activation=Tanh"),
        ("hidden_units", 3, "mlp([2, 3, 3, 3]"),
        ("lr", 0.1, "lr=0.1)"),
        ("batch_size", 100, "batch_size=100"),
    ],
)
def test_every_control_starts_again_with_what_it_says(still, option, value, line):
    still.steps(3)
    before, loss = still.painted(), still.loss()
    still.set(option, value)
    still.wait_for(0)
    expect(still.root.locator(".training-code")).to_contain_text(line)
    still.steps(3)
    assert still.painted() != before
    assert still.loss() != loss
    if option in NUMBERS:
        assert still.option(option).locator("output").inner_text() == f"{value:g}"
        assert still.option(option).locator("input").get_attribute("aria-valuetext") == f"{value:g}"
    options = {
        option: still.option(option).locator("input:checked").get_attribute("value")
        for option in CHOICES
    }
    for name, (_, values, _) in NUMBERS.items():
        options[name] = values[int(still.option(name).locator("input").input_value())]
    assert options[option] == value
    training = natively(options, 3)
    assert still.code() == training.code().rstrip()
    assert still.loss() == pytest.approx(training.losses[-1], rel=1e-5)
    units = still.root.locator(".training-units canvas").count()
    assert units == options["hidden_units"]


@needs_pyodide
@pytest.mark.parametrize("data", CHOICES["data"][1])
def test_losses_and_pictures_are_those_of_a_native_run(still, data):
    options = {"data": data, "hidden_units": 16, "activation": "ReLU", "lr": 0.01, "batch_size": 30}
    still.page.evaluate(ASK, options)
    losses = [still.page.evaluate(ASK, None) for _ in range(10)]
    training = natively(options, 10)
    np.testing.assert_allclose([shown["loss"] for shown in losses], training.losses, rtol=1e-5)
    p, units = training.picture()
    assert np.abs(np.array(losses[-1]["p"]) - p.ravel()).max() <= 1
    assert np.abs(np.array(losses[-1]["units"]) - units.ravel()).max() <= 1


@needs_pyodide
def test_what_plays_plays_on_after_a_change_and_stops_out_of_sight(still):
    still.press("Play")
    still.page.wait_for_function(
        "+document.querySelector('.training-now').textContent.match(/\\d+/)[0] > 3"
    )
    still.set("data", "quadrants")
    still.page.wait_for_function(
        "document.querySelector('.training-now').textContent.match(/^epoch [1-9]\\d* .*of 200/)"
    )
    still.page.locator("footer").last.scroll_into_view_if_needed()
    expect(still.root.locator("[data-run]")).to_have_text("Play")


@needs_pyodide
def test_when_python_was_ended_a_step_begins_anew(still):
    still.steps(3)
    still.page.evaluate("coursePython.end({stopped: 'you'})")
    still.press("One epoch")
    still.wait_for(0)
    still.steps(1)


# --- for everyone ---------------------------------------------------------------------------------


@needs_pyodide
def test_where_less_motion_is_wanted_nothing_plays_by_itself(still):
    assert still.epoch() == 0
    still.page.wait_for_timeout(500)
    assert still.epoch() == 0
    assert still.root.get_by_role("button", name="Play").is_visible()


@needs_pyodide
def test_it_is_worked_with_the_keyboard_alone(still):
    page = still.page
    focused = "document.activeElement.ariaLabel ?? document.activeElement.textContent"
    still.root.get_by_role("button", name="Play").focus()
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "One epoch"
    page.keyboard.press("Enter")
    still.wait_for(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    still.wait_for(0)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(still.root.locator(".training-code")).to_contain_text("make_moons")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(still.root.locator(".training-code")).to_contain_text("LeakyReLU")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    expect(still.root.locator(".training-code")).to_contain_text("mlp([2, 24, 24, 2]")


@needs_pyodide
def test_it_fits_is_named_and_has_contrast(still):
    page, root = still.page, still.root
    size = page.viewport_size
    still.steps(12)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for look in ("light", "dark", "phone"):
        page.emulate_media(color_scheme="dark" if look == "dark" else "light")
        theme = "dark" if look == "dark" else "light"
        page.wait_for_function(f"document.documentElement.dataset.theme == '{theme}'")
        page.set_viewport_size({"width": 360, "height": 740} if look == "phone" else size)
        fade(page)
        found = Axe().run(page, context=".training").response["violations"]
        assert [f"{v['id']}: {node['html'][:200]}" for v in found for node in v["nodes"]] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), look
        for name in ("The plane in the colors of the", "Where each of the 32", "The loss of each"):
            assert root.get_by_role("img", name=name).is_visible(), look
        assert root.get_by_role("img", name="The loss of each epoch, 12 so far").is_visible()
        root.evaluate("root => root.scrollIntoView({behavior: 'instant'})")
        root.screenshot(path=SCREENSHOTS / f"training-{look}.png")
    page.set_viewport_size(size)


@needs_pyodide
def test_a_new_theme_paints_the_plane_anew(still):
    light = still.painted()
    still.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    still.page.wait_for_function(
        f"light => ({PAINTED})(document.querySelector('.training-plane canvas')) !== light",
        arg=light,
    )
    still.page.evaluate("document.documentElement.dataset.theme = 'light'")
