"""A figure with sliders: live with a kernel, moving on the site without one.

``draw(**values)`` makes one frame: a Matplotlib figure and a sentence that says what is seen.
With a kernel, ipywidgets sliders call ``draw`` on each move.  While the book is built
(environment variable ``MLP_BOOK``) every frame is drawn once, and the page gets the same
sliders as native inputs over the finished pictures: no kernel, no network, no third party.
"""

import base64
import io
import itertools
import json
import math
import os
from html import escape

import matplotlib.pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

MAX_FRAMES = 200
MAX_BYTES = 1_000_000
CRISP_BYTES = 500_000  # pictures are as sharp as fits in here: 2, 1.5 or 1 pixel for each CSS pixel
CSS_DPI = 100  # a figure 6.4 inches wide is 640 CSS pixels wide


def explore(draw, **axes):
    """Show ``draw(**values)`` with one slider for each axis: ``explore(draw, depth=[1, 2, 3])``.

    Parameters
    ----------
    draw : callable
        Takes one value of each axis by name; returns ``(figure, description)``, a Matplotlib
        figure of one size for all frames and a sentence with the frame's numbers.
    axes : sequences
        The values of each slider, in order; the names become the sliders' labels.

    Returns
    -------
    Explorer
        Displays itself as the last expression of a cell.

    Raises
    ------
    ValueError
        No axis, an axis that is empty or repeats a value, more than 200 frames; later, a
        ``draw`` that does not return a figure and a sentence.
    """
    return Explorer(draw, axes)


class Explorer:
    """What explore() returns; ``draw(**values)`` is one frame, ``frames()`` all of them."""

    def __init__(self, draw, axes):
        self.axes = {name: list(values) for name, values in axes.items()}
        self._draw = draw
        if not self.axes:
            raise ValueError("explore expects at least one axis, such as depth=[1, 2, 3]; got none")
        for name, values in self.axes.items():
            labels = [_label(value) for value in values]
            if not values:
                raise ValueError(f"explore expects values for axis {name!r}; got an empty sequence")
            if len(set(labels)) < len(labels):
                raise ValueError(f"explore expects distinct values for axis {name!r}; got {labels}")
        self.count = math.prod(len(values) for values in self.axes.values())
        if self.count > MAX_FRAMES:
            sizes = " × ".join(f"{len(values)} {name}" for name, values in self.axes.items())
            raise ValueError(f"explore expects at most {MAX_FRAMES} frames; got {self.count} ({sizes})")

    def draw(self, **values):
        """Return ``(figure, description)`` for one value of each axis; the figure is closed."""
        match self._draw(**values):
            case Figure() as figure, str() as description if description.strip():
                plt.close(figure)
                return figure, description
            case result:
                raise ValueError(f"draw must return (figure, sentence); got {result!r} for {values}")

    def frames(self):
        """Yield ``(values, figure, description)`` for every frame; the last axis moves fastest."""
        size = None
        for combination in itertools.product(*self.axes.values()):
            values = dict(zip(self.axes, combination))
            figure, description = self.draw(**values)
            size = size or _css_size(figure)
            if _css_size(figure) != size:
                raise ValueError(
                    f"draw must keep one figure size, {size}; got {_css_size(figure)} for {values}"
                )
            yield values, figure, description

    def __repr__(self):
        return self._text(self._first()[1])

    def _first(self):
        return self.draw(**{name: values[0] for name, values in self.axes.items()})

    def _text(self, description):
        names = " × ".join(_spaced(name) for name in self.axes)
        return f"Explorer: {names} ({self.count} frames). First frame: {description}"

    def _repr_mimebundle_(self, **kwargs):
        if os.environ.get("MLP_BOOK"):
            html, description = self.page()
            return {"text/plain": self._text(description), "text/html": html}
        figure, description = self._first()
        bundle = {"text/plain": self._text(description)}
        try:
            view = {"version_major": 2, "version_minor": 0, "model_id": self.live().model_id}
        except ImportError:  # no ipywidgets: a picture that stands still
            return bundle | {"image/png": _png(figure)}
        # Written out because ipywidgets 7, which is Colab's, has no method that returns it.
        return bundle | {"application/vnd.jupyter.widget-view+json": view}

    def live(self):
        """Return the ipywidgets view: a slider for each axis, the picture, its description."""
        import ipywidgets as widgets

        sliders = {
            name: widgets.SelectionSlider(
                options=[(_label(value), value) for value in values],
                description=_spaced(name),
                style={"description_width": "initial"},
                layout={"width": "min(100%, 640px)"},
            )
            for name, values in self.axes.items()
        }
        picture, caption = widgets.HTML(), widgets.HTML()

        def redraw(change=None):
            values = {name: slider.value for name, slider in sliders.items()}
            figure, description = self.draw(**values)
            picture.value = _img(_data_uri("png", _png(figure)), figure, description)
            caption.value = escape(description)

        for slider in sliders.values():
            slider.observe(redraw, "value")
        redraw()
        return widgets.VBox([*sliders.values(), picture, caption])

    def page(self):
        """Return ``(html, first description)``: every frame, and sliders that need no kernel."""
        images, descriptions = [], []
        for _, figure, description in self.frames():
            images.append(_render(figure, scale=2))
            descriptions.append(description)
        for scale in (2, 1.5, 1):
            size = [round(side * scale) for side in _css_size(figure)]
            sources = [_data_uri("webp", webp(image.resize(size))) for image in images]
            if sum(map(len, sources)) <= CRISP_BYTES:
                break
        rest = json.dumps(list(zip(sources, descriptions))[1:], ensure_ascii=False)
        html = PAGE.format(
            names=escape(", ".join(_spaced(name) for name in self.axes)),
            img=_img(sources[0], figure, descriptions[0]),
            description=escape(descriptions[0]),
            longest=escape(max(descriptions, key=len)),
            sliders="".join(_slider(name, values) for name, values in self.axes.items()),
            frames=rest.replace("<", "\\u003c"),
            script=SCRIPT,
        )
        if len(html.encode()) > MAX_BYTES:
            raise ValueError(
                f"an explorer must stay under {MAX_BYTES} bytes; got {len(html.encode())} in "
                f"{self.count} frames: use fewer frames or simpler pictures"
            )
        return html, descriptions[0]


def webp(image):
    """Return the RGB image as WebP bytes, flat colors or photograph-like, whichever is smaller."""
    flat, smooth = io.BytesIO(), io.BytesIO()
    colors = image.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    colors.convert("RGB").save(flat, "webp", lossless=True)
    image.save(smooth, "webp", quality=85)
    return min(flat.getvalue(), smooth.getvalue(), key=len)


def _data_uri(kind, content):
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _render(figure, scale):
    # savefig would draw twice; an explorer draws often.
    figure.set_dpi(CSS_DPI * scale)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba())
    return pixels.convert("RGB")


def _png(figure):
    buffer = io.BytesIO()
    _render(figure, scale=1.5).save(buffer, "png", compress_level=1)
    return buffer.getvalue()


def _css_size(figure):
    return tuple(round(side * CSS_DPI) for side in figure.get_size_inches())


def _label(value):
    return f"{value:g}" if isinstance(value, float) else str(value)


def _spaced(name):
    return name.replace("_", " ")


def _img(source, figure, description):
    width, height = _css_size(figure)
    return (
        f'<img src="{source}" alt="{escape(description)}" width="{width}" height="{height}" '
        f'decoding="sync" style="max-width: 100%; height: auto">'
    )


def _slider(name, values):
    labels = [_label(value) for value in values]
    return SLIDER.format(
        name=escape(_spaced(name)),
        last=len(labels) - 1,
        labels=escape(json.dumps(labels, ensure_ascii=False)),
        first=escape(labels[0]),
        width=max(map(len, labels)),
    )


SLIDER = """<label><span>{name}</span>\
<input type="range" min="0" max="{last}" value="0" autocomplete="off" data-labels="{labels}" \
aria-valuetext="{first}"><output aria-hidden="true" style="min-width: {width}ch">{first}</output>\
</label>"""

PAGE = """<div class="explorer" role="figure" aria-label="Explorer: {names}">
<div class="explorer-picture">{img}</div>
<fieldset class="explorer-sliders" disabled>{sliders}</fieldset>
<p class="explorer-description" aria-hidden="true" data-longest="{longest}">\
<span>{description}</span></p>
<noscript><p>The sliders need JavaScript; this is their first position.</p></noscript>
<p class="explorer-status" role="status"></p>
<script type="application/json">{frames}</script>
<script>{script}</script>
</div>"""

# Frames are loaded when the explorer comes near the window and decoded one step ahead, so that a
# move only swaps elements.  A frame's index is its place in the order of itertools.product.
SCRIPT = """(root => {
  const find = selector => root.querySelector(selector);
  const sliders = [...root.querySelectorAll("input")];
  const labels = sliders.map(slider => JSON.parse(slider.dataset.labels));
  const first = find("img"), images = [first];
  let current = first, timer;
  const load = () => {
    if (images.length > 1) return;
    for (const [src, alt] of JSON.parse(find("script").textContent))
      images.push(Object.assign(first.cloneNode(), {src, alt}));
  };
  const index = (axis, step) => sliders.reduce((sum, slider, i) =>
    sum * labels[i].length + +slider.value + (i === axis ? step : 0), 0);
  const show = image => {
    current.replaceWith(image);
    current = image;
    find(".explorer-description span").textContent = image.alt;
  };
  const move = () => {
    load();
    sliders.forEach((slider, i) => {
      const label = labels[i][slider.value];
      slider.setAttribute("aria-valuetext", label);
      slider.nextElementSibling.value = label;
    });
    show(images[index()]);
    clearTimeout(timer);
    timer = setTimeout(() => { find(".explorer-status").textContent = current.alt; }, 400);
    sliders.forEach((_, axis) => [-1, 1].forEach(step =>
      images[index(axis, step)]?.decode().catch(() => {})));
  };
  new IntersectionObserver(([entry], observer) => {
    if (entry.isIntersecting) { observer.disconnect(); load(); }
  }, {rootMargin: "100%"}).observe(root);
  root.addEventListener("input", move);
  matchMedia("print").addEventListener("change", print =>
    show(images[print.matches ? 0 : index()]));
  find("fieldset").disabled = false;
})(document.currentScript.parentElement);"""
