"""The glass box in the page: its numbers are the library's; it answers hand and keyboard."""

import json
import urllib.parse

import numpy as np
import pytest

from book import glassbox

pytestmark = pytest.mark.browser

CHAPTER_4 = "chapters/04_linear_layer_gradients.html"
CHAPTER_5 = "chapters/05_backpropagation.html"
PLACES = {"index.html": "three-units", CHAPTER_4: "three-units", CHAPTER_5: "hand"}
SHOWN = """root => Object.fromEntries([...root.querySelectorAll(".wide .part")].map(part => [
  part.dataset.key,
  [...part.querySelectorAll(".value, .gradient")].map(text => [text.textContent, \
text.dataset.number]),
]))"""
KNOWN = "(root, kind) => root.querySelectorAll(`.wide .${kind}:not(:empty)`).length"
OVERLAPS = """root => {
  const picture = [...root.querySelectorAll(".picture")].find(picture => picture.offsetHeight);
  const texts = [...picture.querySelectorAll("text")];
  const boxes = texts.map(text => [text.textContent, text.getBoundingClientRect()]);
  const cross = ([, a], [, b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 5;  \
// a line's box is taller than its digits
  return boxes.flatMap((a, i) => boxes.slice(i + 1).filter(b => cross(a, b))\
.map(b => [a[0], b[0]]));
}"""


def random_network(name, rng):
    """Other numbers for a network of the same sizes, each such as a reader might type."""
    return {
        part: np.round(rng.uniform(-3, 3, np.shape(value)), 2).tolist()
        for part, value in glassbox.NETWORKS[name].items()
    }


def address(network):
    listed = {
        name: ",".join(map(str, np.ravel(value))) for name, value in network.items() if name != "W1"
    }
    rows = ";".join(",".join(map(str, row)) for row in network["W1"])
    return (
        "#glass-box?" + "&".join(f"{name}={text}" for name, text in listed.items()) + f"&W1={rows}"
    )


def expect_numbers(box, network):
    values, gradients = glassbox.numbers(network)
    for key, shown in box.evaluate(SHOWN).items():
        wanted = [values[key], *([gradients[key]] if key in gradients else [])]
        assert len(shown) == len(wanted)
        for (text, exact), number in zip(shown, wanted):
            assert float(exact) == pytest.approx(number, rel=1e-9, abs=1e-9), key
            assert text.removeprefix("+ ") == glassbox.written(float(exact)), key


def factor(number):
    return f"({glassbox.written(number)})" if number < 0 else glassbox.written(number)


def says(box):
    return box.locator(".glass-says").text_content().split("\n")


@pytest.fixture
def box(open_page):
    return open_page("index.html").locator(".glass-box")


@pytest.mark.parametrize("path", PLACES)
def test_at_first_it_shows_its_network_forward_and_backward(open_page, path):
    page = open_page(path)
    expect_numbers(page.locator(".glass-box"), glassbox.NETWORKS[PLACES[path]])
    assert page.messages["console"] == []


@pytest.mark.parametrize("path", ["index.html", CHAPTER_5])
def test_whatever_its_numbers_are_all_it_shows_is_what_the_library_computes(open_page, path):
    rng = np.random.default_rng(5)
    page = open_page(path)
    box = page.locator(".glass-box")
    for _ in range(20):
        network = random_network(PLACES[path], rng)
        page.evaluate("hash => { location.hash = hash; }", address(network))
        value = glassbox.written(network["y"])
        page.wait_for_function(
            "y => document.querySelector('[data-key=y] .value').textContent === y", arg=value
        )
        expect_numbers(box, network)


def test_a_weight_that_is_clicked_shows_its_product_with_the_numbers_put_in(open_page):
    network = random_network("three-units", np.random.default_rng(0))
    box = open_page("index.html", fragment=address(network)).locator(".glass-box")
    values, gradients = glassbox.numbers(network)
    for d in (1, 2):
        for h in (1, 2, 3):
            box.locator(f".wide [data-key=w-{d}-{h}]").click()
            gate = float(values[f"z-{h}"] > 0)
            factors = [gradients["ŷ"], values[f"v-{h}"], gate, values[f"x-{d}"]]
            last = glassbox.written(gradients[f"w-{d}-{h}"])
            product = f"= {' · '.join(map(factor, factors))} = {last}"
            assert says(box)[-2:] == ["= (ŷ − y) · v · [z > 0] · x", product]
            lit = box.locator(".wide .edge.lit").evaluate_all(
                "edges => edges.map(edge => edge.dataset.edge)"
            )
            assert set(lit) == {f"w-{d}-{h}", f"h-{h}", f"v-{h}", "L"}


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_step_by_step_all_numbers_become_known_each_over_an_edge_that_is_lit(box, direction):
    box.locator(f"[value={direction}]").check(force=True)
    kind = "value" if direction == "forward" else "gradient"

    def known():
        return box.evaluate(KNOWN, kind)

    at_the_end = known()
    box.get_by_role("button", name="One step on").click()
    at_first = known()
    assert at_first < at_the_end
    steps = 0
    while known() < at_the_end:
        before = known()
        box.get_by_role("button", name="One step on").click()
        steps += 1
        assert before < known(), steps
        assert box.locator(".wide .edge.lit").count() >= 1
        assert says(box)[0].startswith(f"Step {steps} of ")
    assert steps == (8 if direction == "forward" else 18)


def test_play_goes_through_the_steps_and_pause_stops(open_page):
    page = open_page(
        "index.html", init="const tick = setInterval; setInterval = action => tick(action, 20);"
    )
    box = page.locator(".glass-box")
    box.get_by_role("button", name="Play").click()
    page.wait_for_function(
        "document.querySelector('.glass-says').textContent.startsWith('Step 18 of 18')"
    )
    assert box.get_by_role("button", name="Play").get_attribute("aria-pressed") == "false"
    expect_numbers(box, glassbox.NETWORKS["three-units"])


def test_under_reduced_motion_nothing_plays_but_steps_go(open_page):
    box = open_page("index.html", reduced_motion="reduce").locator(".glass-box")
    assert box.locator("[data-play]").is_hidden()
    assert box.get_by_role("button", name="One step on").is_visible()


def test_it_is_worked_with_the_keyboard_alone(box):
    page = box.page
    box.locator(".wide .part").first.focus()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == (
        "x₁ 1 0.028, input x₁ and its gradient"
    )
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert says(box)[0] == "Weight w from x₁ to unit 1 = 0.5."
    assert box.locator(".wide [data-key=w-1-1]").get_attribute("aria-pressed") == "true"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "input x₁"
    page.keyboard.press("Control+a")
    page.keyboard.type("0.5")
    assert says(box)[-1].endswith("· 1 · 0.5 = " + weight_gradient(0.5))


def weight_gradient(x):
    network = glassbox.NETWORKS["three-units"] | {"x": [x, 2.0]}
    return glassbox.written(glassbox.numbers(network)[1]["w-1-1"])


def test_what_a_reader_changes_stands_in_the_address_and_comes_back_from_it(box, open_page):
    page = box.page
    box.locator("[data-key=x-1] [type=number]").fill("1.25")
    box.locator(".wide [data-key=v-3]").click()
    box.locator("[data-key=v-3] [type=number]").fill("-1.5")
    page.wait_for_function("location.hash.includes('1.25') && location.hash.includes('-1.5')")
    network = json.loads(json.dumps(glassbox.NETWORKS["three-units"]))
    network["x"][0], network["W2"][2] = 1.25, -1.5
    expect_numbers(box, network)
    other = open_page("index.html", fragment=page.evaluate("location.hash"))
    expect_numbers(other.locator(".glass-box"), network)
    box.get_by_role("button", name="Reset").click()
    expect_numbers(box, glassbox.NETWORKS["three-units"])


@pytest.mark.parametrize(
    "text",
    [
        "x=1,2",
        "x=<img src=x onerror=alert(1)>,2&b1=0,0,0&W2=1,1,1&b2=0&y=1&W1=1,1,1;1,1,1",
        "x=1e9,2",
        "%",
    ],
)
def test_an_address_that_names_no_network_changes_nothing(open_page, text):
    page = open_page("index.html", fragment="#glass-box?" + urllib.parse.quote(text))
    expect_numbers(page.locator(".glass-box"), glassbox.NETWORKS["three-units"])
    assert page.messages["console"] == []


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["index.html", CHAPTER_5])
def test_no_number_covers_another(open_page, path, width):
    page = open_page(path, viewport={"width": width, "height": 800})
    assert page.locator(".glass-box").evaluate(OVERLAPS) == []


def test_without_scripts_the_picture_stands_with_its_numbers(open_page):
    page = open_page(CHAPTER_5, java_script_enabled=False)
    picture = page.get_by_role("img", name="x = (1, 2) becomes ŷ = 0.91")
    assert picture.locator("[data-key=w-2-2] .gradient").text_content() == "−0.108"
    assert page.get_by_role("button", name="Reset").is_disabled()
