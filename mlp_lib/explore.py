"""A figure that answers the hand: ``explore(draw, start=None, **axes)``.

With a kernel, ipywidgets controls call ``draw`` on each move.  The course's site shows the same
figure without one: every frame is drawn while the book is built (see ``book/explorers.py``).
"""

import base64
import io
import itertools
import math
import numbers
from html import escape

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

MAX_FRAMES = 200
CSS_DPI = 100  # a figure 6.4 inches wide is 640 CSS pixels wide
TIME = ("step", "epoch", "iteration", "time")
GRIP = "grip:"


def explore(draw, /, start=None, **axes):
    """Show ``draw(**values)`` with a control for each axis: ``explore(draw, depth=[1, 2, 3])``.

    Numbers get a slider; names, and any two values, a choice; an axis called step, epoch,
    iteration or time is time: it can be played, paused and stepped.

    A good explorer makes its point in five seconds, without the text:

    - it opens (``start``) on the case that the text talks about, not in a corner;
    - a number has at least 12 positions where the frames allow, so that it feels continuous;
    - one control changes one thing: limits, ticks, colors and size of the axes are set in
      ``draw``, never left to the data, unless their change is the point;
    - labels stand on the objects, touch nothing and leave room: on a phone the same figure is
      drawn again, 420 pixels wide and as high as before; two panels side by side have three
      ticks each at most, a title at most 40 characters;
    - text has a contrast of 4.5:1 with white, lines and points 3:1 (``#767676`` is the lightest
      gray line, ``#A84300`` the orange for text); the site derives the colors for the dark;
    - what the picture shows as movable (a point, a line, a weight) gets a ``grip``.

    Parameters
    ----------
    draw : callable
        Takes one value of each axis by name; returns ``(figure, description)``, a Matplotlib
        figure of one size for all frames and a sentence with the frame's numbers.
    start : dict, optional
        The first frame, by name: ``{"depth": 20}``; where it is silent, an axis starts at its
        first value.  Print and pages without JavaScript show this frame.
    axes : sequences
        The values of each control, in order; the names become the controls' labels.

    Returns
    -------
    Explorer
        Displays itself as the last expression of a cell.

    Raises
    ------
    ValueError
        No axis; an axis that is a string, is empty, repeats a value or is called draw or start;
        more than 200 frames; a start that names no axis or none of its values.  Later: a
        ``draw`` that does not return a figure and a sentence.
    """
    return Explorer(draw, start, axes)


def grip(ax, x, y, *names):
    """Draw a grip at (x, y): dragging it moves the named axes to the frame whose grip is nearest.

    Parameters
    ----------
    ax : Axes
        Where it is drawn; x and y are data coordinates.
    names : str
        The axes that it moves, one or two: ``grip(ax, x1, x2, "x1", "x2")`` is a point.

    Returns
    -------
    Line2D
        A ring, to be styled further.
    """
    look = {"ms": 13, "mfc": "white", "mec": "#0068A3", "mew": 2.5, "zorder": 10, "clip_on": False}
    (ring,) = ax.plot(x, y, "o", gid=GRIP + " ".join(names), label="_grip", **look)
    return ring


class Explorer:
    """What explore() returns; ``draw(**values)`` is one frame, ``frames()`` all of them."""

    def __init__(self, draw, start, axes):
        self._draw = draw
        self.axes = {name: _values(name, values) for name, values in axes.items()}
        if start is not None and not isinstance(start, dict):
            raise ValueError(
                "start is the first frame, a dict such as {'depth': 20}, so no axis can be called "
                f"start; got {start!r}"
            )
        if not self.axes:
            raise ValueError("explore expects at least one axis, such as depth=[1, 2, 3]; got none")
        self.count = math.prod(len(values) for values in self.axes.values())
        if self.count > MAX_FRAMES:
            sizes = " × ".join(f"{len(values)} {name}" for name, values in self.axes.items())
            raise ValueError(
                f"explore expects at most {MAX_FRAMES} frames; got {self.count} ({sizes})"
            )
        self.start = {name: values[0] for name, values in self.axes.items()}
        for name, value in (start or {}).items():
            if name not in self.axes:
                raise ValueError(f"start expects axes among {list(self.axes)}; got {name!r}")
            if value not in self.axes[name]:
                raise ValueError(
                    f"start expects one of {self.axes[name]} for axis {name!r}; got {value!r}"
                )
            self.start[name] = value

    def draw(self, **values):
        """Return ``(figure, description)`` for one value of each axis; the figure is closed."""
        match self._draw(**values):
            case Figure() as figure, str() as description if description.strip():
                plt.close(figure)
                return figure, description
            case result:
                raise ValueError(
                    f"draw must return (figure, sentence); got {result!r} for {values}"
                )

    def frames(self):
        """Yield ``(values, figure, description)`` for every frame; the last axis moves fastest."""
        size = None
        for combination in itertools.product(*self.axes.values()):
            values = dict(zip(self.axes, combination))
            figure, description = self.draw(**values)
            size = size or css_size(figure)
            if css_size(figure) != size:
                raise ValueError(
                    f"draw must keep one figure size, {size}; got {css_size(figure)} for {values}"
                )
            yield values, figure, description

    def kind(self, name):
        """Return how an axis is moved: ``"time"``, ``"number"`` or ``"choice"``."""
        values = self.axes[name]
        if name in TIME:
            return "time"
        if len(values) == 2 or not all(map(_is_number, values)):
            return "choice"
        return "number"

    def text(self, description):
        """Return what stands for the explorer where no picture can."""
        names = " × ".join(map(spaced, self.axes))
        return f"Explorer: {names} ({self.count} frames). First frame: {description}"

    def __repr__(self):
        return self.text(self.draw(**self.start)[1])

    def _repr_mimebundle_(self, **kwargs):
        figure, description = self.draw(**self.start)
        bundle = {"text/plain": self.text(description)}
        try:
            view = {"version_major": 2, "version_minor": 0, "model_id": self.live().model_id}
        except ImportError:  # no ipywidgets: a picture that stands still
            return bundle | {"image/png": _png(figure)}
        # Written out because ipywidgets 7, which is Colab's, has no method that returns it.
        return bundle | {"application/vnd.jupyter.widget-view+json": view}

    def live(self):
        """Return the ipywidgets view: a control for each axis, the picture, its description."""
        import ipywidgets as widgets

        controls = {name: self._control(name) for name in self.axes}
        picture, caption = widgets.HTML(), widgets.HTML()

        def redraw(change=None):
            values = {name: control.value for name, control in controls.items()}
            figure, description = self.draw(**values)
            picture.value = _img(_png(figure), figure, description)
            caption.value = escape(description)

        for control in controls.values():
            control.observe(redraw, "value")
        redraw()
        rows = [
            _with_buttons(control) if self.kind(name) == "time" else control
            for name, control in controls.items()
        ]
        return widgets.VBox([*rows, picture, caption])

    def _control(self, name):
        import ipywidgets as widgets

        kind = widgets.ToggleButtons if self.kind(name) == "choice" else widgets.SelectionSlider
        return kind(
            options=[(label(value), value) for value in self.axes[name]],
            value=self.start[name],
            description=spaced(name),
            style={"description_width": "initial"},
            layout={"width": "min(100%, 640px)"},
        )


def css_size(figure):
    """Return (width, height) of a figure in CSS pixels."""
    return tuple(round(side * CSS_DPI) for side in figure.get_size_inches())


def label(value):
    """Return a value as its control shows it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def spaced(name):
    """Return an axis' name as its control shows it."""
    return name.replace("_", " ")


def _values(name, values):
    if name == "draw":
        raise ValueError("explore draws with its first argument, so no axis can be called draw")
    if isinstance(values, str):
        raise ValueError(
            f"explore expects a list of values for axis {name!r}; got the string {values!r}"
        )
    values = list(values)
    labels = [label(value) for value in values]
    if not values:
        raise ValueError(f"explore expects values for axis {name!r}; got an empty sequence")
    if len(set(labels)) < len(labels):
        raise ValueError(f"explore expects distinct values for axis {name!r}; got {labels}")
    return values


def _is_number(value):
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def _with_buttons(slider):
    """Return the slider of an axis that is time beside its buttons: play, back, on."""
    import ipywidgets as widgets

    last = len(slider.options) - 1
    play = widgets.Play(min=0, max=last, value=slider.index, interval=max(80, 6000 // (last + 1)))
    widgets.jslink((play, "value"), (slider, "index"))
    back, on = (
        widgets.Button(icon=icon, layout={"width": "2.5em"})
        for icon in ("step-backward", "step-forward")
    )
    back.tooltip, on.tooltip = "one step back", "one step on"

    def step(by):
        slider.index = min(max(slider.index + by, 0), last)

    back.on_click(lambda _: step(-1))
    on.on_click(lambda _: step(1))
    return widgets.HBox([slider, play, back, on])


def _png(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=1.5 * CSS_DPI)
    return buffer.getvalue()


def _img(png, figure, description):
    width, height = css_size(figure)
    return (
        f'<img src="data:image/png;base64,{base64.b64encode(png).decode()}" '
        f'alt="{escape(description)}" width="{width}" height="{height}" '
        f'decoding="sync" style="max-width: 100%; height: auto">'
    )
