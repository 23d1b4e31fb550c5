"""Every explorer on the site moves, speaks and stands still when it should."""

import functools
import json

import pytest
from built_site import CHAPTERS, PAGES, ROOT, SITE
from conftest import PATIENCE
from sample import sample

from book.times import EXPLORER

pytestmark = pytest.mark.browser

EXPLORERS = [
    (path, number)
    for path in PAGES
    if (SITE / path).exists()
    for number in range((SITE / path).read_text().count('class="explorer"'))
]
WITH_EXPLORERS = sorted({path for path, _ in EXPLORERS})
SOME = sample(WITH_EXPLORERS, 4)  # for what one script does on every page
RESET = """root => {
  for (const input of root.querySelectorAll("input"))
    input.type === "range" ? input.value = input.defaultValue \
: input.checked = input.defaultChecked;
  root.dispatchEvent(new Event("input"));
}"""
LOADED = "root => root.querySelector('.picture').dataset.place !== undefined"
MOVE_ONE_ON = """root => {
  const status = root.querySelector("[role=status]");
  const axis = [...root.querySelectorAll("[data-axis]")].at(-1);
  const inputs = [...axis.querySelectorAll("input")];
  status.textContent = "";
  if (inputs.length > 1) inputs.find(input => !input.checked).checked = true;
  else inputs[0].value = +inputs[0].value === +inputs[0].max ? 0 : inputs[0].max;
  root.dispatchEvent(new Event("input"));
  return status.textContent;
}"""


@pytest.fixture(scope="module")
def page_of(browser, site):
    """``page_of(path)``: the page, opened once."""
    context = browser.new_context()

    @functools.cache
    def page_of(path):
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto((site / path).as_uri())
        return page

    yield page_of
    context.close()


@pytest.fixture(
    params=[
        pytest.param(one, marks=pytest.mark.sampled, id=f"{one[0]}-{one[1]}")
        for one in sample(EXPLORERS, 8)
    ]
)
def explorer(request, page_of):
    path, number = request.param
    page = page_of(path)
    page.bring_to_front()
    explorer = page.locator(".explorer").nth(number)
    explorer.scroll_into_view_if_needed()
    page.wait_for_function(LOADED, arg=explorer.element_handle())
    explorer.evaluate(RESET)
    return explorer


def called(path):
    """How many explorers the cells of a page call that no glass box stands for."""
    source = (ROOT / path).with_suffix(".md")
    if source.exists():
        return len(EXPLORER.findall(source.read_text("utf-8")))
    cells = json.loads((ROOT / path).with_suffix(".ipynb").read_text("utf-8"))["cells"]
    shown = [cell for cell in cells if "glass_box" not in cell["metadata"].get("course", {})]
    return sum(
        len(EXPLORER.findall("".join(c["source"]))) for c in shown if c["cell_type"] == "code"
    )


@pytest.mark.parametrize("path", ["index.html", *CHAPTERS])
def test_every_explorer_that_a_page_calls_stands_on_it(site, path):
    assert (site / path).read_text("utf-8").count('class="explorer"') == called(path)


def shown(explorer):
    """(index, what is drawn, alt text, visible description) of the frame on show."""
    return explorer.evaluate(
        """root => {
          const box = [...root.querySelectorAll(".picture")].find(box => box.offsetHeight);
          const picture = root.querySelector(".explorer-picture");
          const text = root.querySelector(".explorer-description span").textContent;
          const place = +(box.dataset.place || root.dataset.start);
          return [place, box.innerHTML, picture.getAttribute("aria-label"), text];
        }"""
    )


def frames(explorer, variant="wide"):
    name = explorer.get_attribute("data-frames")
    text = (SITE / "_static" / "explorers" / f"{name}-{variant}.js").read_text()
    return json.loads(text.partition(",")[2][:-1])


def index(explorer):
    """The place of the frame that the controls' values stand for."""
    place = 0
    for axis in explorer.locator("[data-axis]").all():
        inputs = axis.locator("input").all()
        if len(inputs) > 1:
            value = [radio.is_checked() for radio in inputs].index(True)
            place = place * len(inputs) + value
        else:
            place = place * (int(inputs[0].get_attribute("max")) + 1) + int(inputs[0].input_value())
    return place


def shows_what_its_controls_say(explorer):
    place, _, alt, text = shown(explorer)
    return place == index(explorer) and alt == text == frames(explorer)[place][1]


def test_the_front_page_has_one():
    assert ("index.html", 0) in EXPLORERS


def test_the_start_frame_is_the_one_that_moves_bring_back(explorer):
    start = int(explorer.get_attribute("data-start"))
    assert index(explorer) == start
    assert shows_what_its_controls_say(explorer)


def test_every_control_moves_the_picture_by_keyboard(explorer):
    for axis in explorer.locator("[data-axis]").all():
        inputs = axis.locator("input").all()
        keys = (
            ("ArrowRight", "ArrowLeft")
            if len(inputs) > 1
            else ("End", "ArrowLeft", "Home", "ArrowRight")
        )
        for key in keys:
            axis.locator("input:checked" if len(inputs) > 1 else "input").press(key)
            assert shows_what_its_controls_say(explorer)


def test_every_control_moves_the_picture_by_mouse(explorer):
    for axis in explorer.locator("[data-axis]").all():
        before = shown(explorer)
        slider = axis.locator("input[type=range]")
        if slider.count():
            box = slider.bounding_box()
            far = 4 if slider.input_value() != "0" else box["width"] - 4
            slider.click(position={"x": far, "y": box["height"] / 2})
        else:
            axis.locator("label:not(:has(:checked))").last.click()
        assert shown(explorer) != before
        assert shows_what_its_controls_say(explorer)


def test_a_move_changes_the_spoken_value_and_is_announced_once_at_rest(explorer):
    status = explorer.locator("[role=status]")
    assert explorer.evaluate(MOVE_ONE_ON) == ""  # nothing is said while a drag goes on
    for slider in explorer.locator("input[type=range]").all():
        label = json.loads(slider.get_attribute("data-labels"))[int(slider.input_value())]
        assert slider.get_attribute("aria-valuetext") == label
        assert slider.locator("xpath=following-sibling::output").text_content() == label
    explorer.page.wait_for_function("status => status.textContent", arg=status.element_handle())
    assert status.text_content() == shown(explorer)[2]


def test_every_frame_has_its_own_description(explorer):
    alts = [alt for _, alt, _ in frames(explorer)]
    assert len(set(alts)) == len(alts)
    assert all(len(alt) > 20 for alt in alts)


def test_a_move_is_drawn_before_the_screen_is_painted_again(explorer):
    place = "root => [...root.querySelectorAll('.picture')].map(p => p.dataset.place).find(Boolean)"
    before = explorer.evaluate(place)
    explorer.evaluate(MOVE_ONE_ON)
    assert explorer.evaluate(place) != before
    explorer.evaluate(RESET)


def test_moving_keeps_the_explorer_s_size(explorer):
    height = explorer.bounding_box()["height"]
    for slider in explorer.locator("input[type=range]").all():
        slider.press("End")
    assert explorer.bounding_box()["height"] == height


def test_time_plays_to_its_end_and_can_be_stopped_and_stepped(explorer):
    if not explorer.locator("[data-play]").count():
        pytest.skip("no axis of this explorer is time")
    axis = explorer.locator("[data-axis]:has([data-play])").first
    slider, play = axis.locator("input"), axis.locator("[data-play]")
    slider.press("Home")
    play.click()
    assert play.text_content() == "Pause"
    explorer.page.wait_for_function("slider => +slider.value > 0", arg=slider.element_handle())
    play.click()
    assert play.text_content() == "Play"
    assert shows_what_its_controls_say(explorer)
    stopped = int(slider.input_value())
    axis.get_by_label("One step back").click()
    assert int(slider.input_value()) == stopped - 1
    slider.press("End")
    slider.press("ArrowLeft")
    play.click()
    explorer.page.wait_for_function(
        "play => play.textContent === 'Play'", arg=play.element_handle()
    )
    assert slider.input_value() == slider.get_attribute("max")


def test_dragging_a_grip_moves_its_axes(explorer):
    if not explorer.locator(".explorer-grip").count():
        pytest.skip("this explorer has no grip")
    names = explorer.locator(".explorer-grip").first.get_attribute("data-grip")
    start = index(explorer)
    all_frames = frames(explorer)
    here = all_frames[start][2][names]
    far = max(
        (grips[names] for _, _, grips in all_frames if names in grips),
        key=lambda at: (at[0] - here[0]) ** 2 + (at[1] - here[1]) ** 2,
    )
    picture, page = explorer.locator(".explorer-picture"), explorer.page
    picture.evaluate("box => box.scrollIntoView({block: 'center', behavior: 'instant'})")
    box = picture.bounding_box()
    page.mouse.move(box["x"] + here[0] * box["width"], box["y"] + here[1] * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + far[0] * box["width"], box["y"] + far[1] * box["height"], steps=5)
    page.mouse.up()
    assert index(explorer) != start
    assert shows_what_its_controls_say(explorer)


@pytest.mark.sampled
@pytest.mark.parametrize("path", SOME)
def test_nothing_plays_where_the_reader_wants_no_motion(open_page, path):
    page = open_page(path, reduced_motion="reduce")
    assert not any(button.is_visible() for button in page.locator("[data-play]").all())


@pytest.mark.sampled
@pytest.mark.parametrize("path", SOME)
def test_printing_shows_the_start_frames_and_no_controls(open_page, path):
    page = open_page(path)
    explorers = page.locator(".explorer").all()
    for explorer in explorers:
        explorer.scroll_into_view_if_needed()
        page.wait_for_function(LOADED, arg=explorer.element_handle())
    start = [shown(explorer) for explorer in explorers]
    for explorer in explorers:
        explorer.evaluate(MOVE_ONE_ON)
    moved = [shown(explorer) for explorer in explorers]
    page.emulate_media(media="print")
    assert comes(page, lambda: [shown(explorer) for explorer in explorers], start)
    assert not any(explorer.locator("input").first.is_visible() for explorer in explorers)
    page.emulate_media(media="screen")
    assert moved != start
    assert comes(page, lambda: [shown(explorer) for explorer in explorers], moved)


def comes(page, read, wanted):
    """Tell whether what is read becomes what is wanted: a page hears of its medium late."""
    for _ in range(50):
        if read() == wanted:
            return True
        page.wait_for_timeout(100)
    return False


@pytest.mark.sampled
@pytest.mark.parametrize("path", SOME)
def test_without_javascript_the_start_frame_and_its_description_are_there(open_page, path):
    page = open_page(path, java_script_enabled=False)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 700})
        for explorer in page.locator(".explorer").all():
            assert explorer.locator(".explorer-picture").get_attribute("aria-label")
            assert explorer.locator(".picture svg:visible").count() == 1
            assert explorer.locator(".picture svg:visible").bounding_box()["height"] > 100
            assert explorer.locator(".explorer-description span").is_visible()
            assert explorer.locator("input").first.is_disabled()


@pytest.mark.parametrize("path", WITH_EXPLORERS)
def test_touch_moves_the_picture_on_a_phone(open_page, path):
    page = open_page(path, viewport={"width": 360, "height": 700}, has_touch=True, is_mobile=True)
    for explorer in page.locator(".explorer").all():
        explorer.scroll_into_view_if_needed()
        page.wait_for_function(LOADED, arg=explorer.element_handle())
        for axis in explorer.locator("[data-axis]").all():
            before, slider = shown(explorer), axis.locator("input[type=range]")
            if not slider.count():
                axis.locator("label:not(:has(:checked))").last.tap()
            else:
                slider.evaluate(
                    "slider => slider.scrollIntoView({block: 'center', behavior: 'instant'})"
                )
                box = slider.bounding_box()
                assert box["width"] >= 200
                assert box["height"] >= 24
                far = 4 if slider.input_value() != "0" else box["width"] - 4
                slider.tap(position={"x": far, "y": box["height"] / 2})
            assert shown(explorer) != before
