"""The glass-box network: each number of a tiny network and its gradient, in a picture that answers.

Python computes the first numbers with ``mlp_lib`` and draws the picture, which holds without
scripts; ``book/web/glassbox`` keeps it true while the reader steps through it and changes numbers.

A page asks for one with the directive ``glass-box``, a code cell with the metadata
``"course": {"glass_box": "hand"}``: it takes the place of the explorer that notebooks show there.
"""

import json
from decimal import ROUND_HALF_UP, Decimal, localcontext
from html import escape

import numpy as np
from docutils import nodes
from docutils.parsers.rst import Directive

from book import scripts
from mlp_lib import SquaredErrorLoss, mlp

NETWORKS = {
    "hand": {  # the hand example of chapters 1 and 5
        "x": [1.0, 2.0],
        "W1": [[0.1, 0.3], [0.2, 0.4]],
        "b1": [0.0, 0.0],
        "W2": [0.5, 0.6],
        "b2": 0.0,
        "y": 1.0,
    },
    "three-units": {  # the second unit is silent
        "x": [1.0, 2.0],
        "W1": [[0.5, -1.0, 0.8], [0.3, 0.2, -0.2]],
        "b1": [0.1, 0.0, 0.0],
        "W2": [0.6, 0.7, -0.5],
        "b2": 0.2,
        "y": 1.0,
    },
}
ROW = 122  # from one hidden unit to the next
SHAPES = {  # of the picture, in CSS pixels; columns are centers
    "wide": {"width": 640, "box": 76, "x": 42, "z": 290, "h": 384, "ŷ": 598, "pill": 56},
    "narrow": {"width": 340, "box": 50, "x": 26, "z": 157, "h": 210, "ŷ": 314, "pill": 39},
}
HEIGHT, PILL, TARGET = 58, 30, 40  # of a node, a weight and the target
# How far along its edge a weight stands, so that none covers another:
# {units: (to which unit, else)}
SPOTS = {2: ("straight", 0.73, 0.25), 3: ("middle", 0.68, 0.22)}
OPERATIONS = {"z": "Σ wx+b", "h": "max(z,0)", "ŷ": "Σ vh+b", "L": "½(ŷ−y)²"}


def setup(app):
    app.add_directive("glass-box", GlassBox)
    app.connect("config-inited", add_scripts)
    app.connect("doctree-read", place)
    app.connect("html-page-context", add_to_page)


def add_scripts(app, config):
    scripts.bundle("glassbox")


class GlassBox(Directive):
    """``:::{glass-box} three-units``: where a page has no code cell to hang it on."""

    required_arguments = 1

    def run(self):
        return [nodes.raw("", html(NETWORKS[self.arguments[0]]), format="html")]


def place(app, doctree):
    """Put the glass box below each cell that asks for one, in place of the cell's explorer."""
    for cell in list(doctree.findall(nodes.container)):
        name = cell.get("cell_metadata", {}).get("course", {}).get("glass_box")
        if name:
            for shown in list(cell.findall(nodes.raw)):
                if 'class="explorer"' in shown.astext():
                    shown.parent.remove(shown)
            cell.parent.insert(
                cell.parent.index(cell) + 1, nodes.raw("", html(NETWORKS[name]), format="html")
            )


def add_to_page(app, pagename, templatename, context, doctree):
    if 'class="glass-box ' in context.get("body", ""):
        app.add_js_file("glassbox/page.js", loading_method="defer")
        app.add_css_file("glassbox/glassbox.css")


# --- numbers --------------------------------------------------------------------------------------


def numbers(network):
    """Every number of the network and its gradient, by the library.

    Parameters
    ----------
    network : dict
        x (D,), W1 (D, H), b1 (H,), W2 (H,), b2, y: as in ``NETWORKS``.

    Returns
    -------
    values, gradients : dict
        By key: ``x-1``, ``w-1-2`` (from input 1 to unit 2), ``b-2``, ``z-2``, ``h-2``, ``v-2``,
        ``c`` (the output's bias), ``ŷ``; values also ``y`` and ``L``.
    """
    x, W1, b1, W2, b2, y = (
        np.array(network[name], float) for name in ("x", "W1", "b1", "W2", "b2", "y")
    )
    model = mlp([len(x), len(b1), 1], rng=np.random.default_rng(0)).astype(np.float64)
    for parameter, value in zip(model.parameters(), (W1, b1, W2, b2)):
        parameter.data[...] = value.reshape(parameter.data.shape)
    first, relu, last = model.layers
    loss_fn = SquaredErrorLoss()
    z = first(x[None])
    h = relu(z)
    y_hat = last(h)
    loss = loss_fn(y_hat, y.reshape(1, 1))
    dy_hat = loss_fn.backward()
    dh = last.backward(dy_hat)
    dz = relu.backward(dh)
    dx = first.backward(dz)
    arrays = {
        "x": (x, dx[0]),
        "w": (W1, first.weight.grad),
        "b": (b1, first.bias.grad),
        "z": (z[0], dz[0]),
        "h": (h[0], dh[0]),
        "v": (W2, last.weight.grad[:, 0]),
        "c": (b2, last.bias.grad.reshape(())),
        "ŷ": (y_hat.reshape(()), dy_hat.reshape(())),
    }
    values, gradients = {"y": float(y), "L": loss}, {}
    for name, (array, gradient) in arrays.items():
        for place, value in np.ndenumerate(array):
            key = "-".join([name, *(str(i + 1) for i in place)])
            values[key], gradients[key] = float(value), float(gradient[place])
    return values, gradients


def written(number):
    """A number as it is shown: three digits that count, at most five behind the point."""
    size = Decimal(abs(number))
    with localcontext(rounding=ROUND_HALF_UP):  # as JavaScript does
        if size and not Decimal("5e-4") <= size < 10_000:
            mantissa, exponent = f"{size:.0e}".split("e")
            text = f"{mantissa}e{int(exponent)}"
        else:
            places = max(2 - size.adjusted(), 0) if size else 0
            text = f"{size:.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return ("−" if number < 0 else "") + text.replace("-", "−")


# --- picture --------------------------------------------------------------------------------------


def html(network):
    """Return the glass box: the picture, wide and narrow, its controls, what it says first."""
    values, _ = numbers(network)
    said = summary(network, values)
    pictures = "".join(
        f'<div class="picture {name}">{svg(network, shape, said)}</div>'
        for name, shape in SHAPES.items()
    )
    changed = {f"x-{d + 1}": (f"input x{sub(d + 1)}", x) for d, x in enumerate(network["x"])}
    changed["y"] = "target y", network["y"]
    changed["w-1-1"] = "weight w from x₁ to unit 1", network["W1"][0][0]
    directions = {"forward": "", "backward": " checked"}
    return PAGE.format(
        network=escape(json.dumps(network)),
        pictures=pictures,
        said=escape(said),
        sliders="".join(SLIDER.format(key=key, name=n, value=v) for key, (n, v) in changed.items()),
        directions="".join(
            DIRECTION.format(value=value, name=value.capitalize(), state=state)
            for value, state in directions.items()
        ),
    )


def summary(network, values):
    """What is said while nothing is asked."""
    x = ", ".join(map(written, network["x"]))
    return (
        f"x = ({x}) becomes ŷ = {written(values['ŷ'])}; the target is {written(values['y'])}, "
        f"so L = {written(values['L'])}. Bold: values. Orange: gradients."
    )


def sub(number):
    return "₀₁₂₃₄₅₆₇₈₉"[number]


def svg(network, shape, said):
    """Draw the network; every number stands in a ``<text>`` that names its key."""
    values, gradients = numbers(network)
    places = layout(len(network["x"]), len(network["b1"]), shape)
    height = places.pop("height")
    edges, parts = [], []
    for key, (start, end, at) in edges_of(places, shape).items():
        edges.append(
            f'<path class="edge" data-edge="{key}" d="M{start[0]} {start[1]}L{end[0]} {end[1]}"/>'
        )
        if at:
            parts.append(part(key, at, shape["pill"], PILL, "", values, gradients, "weight"))
    for key, at in places.items():
        kind = key[0]
        if kind in "bc":
            parts.append(part(key, at, shape["pill"], PILL, "", values, gradients, "weight"))
        elif kind == "y":
            parts.append(
                part(key, at, shape["box"], TARGET, "target y", values, gradients, "given")
            )
        else:
            operation = OPERATIONS.get(kind, "x" + sub(int(key[-1])) if kind == "x" else "")
            parts.append(part(key, at, shape["box"], HEIGHT, operation, values, gradients, "node"))
    order = sorted(range(len(parts)), key=lambda i: ORDER.index(parts[i][0]))
    drawn = "".join(parts[i][1] for i in order)
    return (
        f'<svg role="img" aria-label="{escape(said)}" width="{shape["width"]}" height="{height}" '
        f'viewBox="0 0 {shape["width"]} {height}">{"".join(edges)}{drawn}</svg>'
    )


ORDER = "x w b z h v c ŷ y L".split()  # in which the parts are visited with the keyboard


def layout(D, H, shape):
    """Where the centers of nodes and biases are: ``{key: (x, y)}``, and the height."""
    height = (H - 1) * ROW + 98
    rows = [HEIGHT / 2 + 3 + ROW * h for h in range(H)]
    inputs = [rows[0] + ROW * (d + (H - D) / 2) for d in range(D)]
    places = {f"x-{d}": (shape["x"], y) for d, y in enumerate(inputs, start=1)}
    for h, y in enumerate(rows, start=1):
        places |= {
            f"z-{h}": (shape["z"], y),
            f"h-{h}": (shape["h"], y),
            f"b-{h}": (shape["z"], y + 47),
        }
    column = {"ŷ": 0, "c": 47, "L": 112, "y": 166}  # below one another
    top = (height - 215) / 2 + HEIGHT / 2
    return (
        places
        | {key: (shape["ŷ"], top + below) for key, below in column.items()}
        | {"height": height}
    )


def edges_of(places, shape):
    """``{key: (start, end, where its weight stands or None)}``."""
    half = shape["box"] / 2
    H = sum(key[0] == "z" for key in places)
    edges = {}
    for h in range(1, H + 1):
        z, unit = places[f"z-{h}"], places[f"h-{h}"]
        for d in range(1, 1 + sum(key[0] == "x" for key in places)):
            x = places[f"x-{d}"]
            rule, there, elsewhere = SPOTS[H]
            near = there if (h == d if rule == "straight" else h == 2) else elsewhere
            edges[f"w-{d}-{h}"] = between((x[0] + half, x[1]), (z[0] - half, z[1]), near)
        edges[f"h-{h}"] = ((z[0] + half, z[1]), (unit[0] - half, unit[1]), None)
        output = places["ŷ"]
        edges[f"v-{h}"] = between((unit[0] + half, unit[1]), (output[0] - half, output[1]), 0.45)
    output, bias, loss = places["ŷ"], places["c"], places["L"]
    edges["L"] = ((output[0], bias[1] + PILL / 2), (loss[0], loss[1] - HEIGHT / 2), None)
    return edges


def between(start, end, t):
    return start, end, tuple(round(a + t * (b - a), 1) for a, b in zip(start, end))


def part(key, center, width, height, operation, values, gradients, kind):
    """One node or weight: a box, what it does, its value, its gradient; the script adds a name."""
    x, y = center
    top = y - height / 2
    rows = [(operation, "operation", 13)] * bool(operation)
    value = ("+ " if key[0] in "bc" else "") + written(values[key])
    rows.append((value, "value", 14))
    if key in gradients:
        rows.append((written(gradients[key]), "gradient", 14))
    step = height / len(rows)
    texts = " ".join(
        f'<text class="{name}" x="{x}" y="{round(top + step * (i + 0.5) + 4.2, 1)}">'
        f"{escape(text)}</text>"
        for i, (text, name, _) in enumerate(rows)
    )
    box = f'<rect x="{x - width / 2}" y="{top}" width="{width}" height="{height}" rx="6"/>'
    return key.split("-")[0], f'<g class="part {kind}" data-key="{key}">{box}{texts}</g>'


SLIDER = """<div class="glass-number" data-key="{key}"><span>{name}</span>\
<input type="range" min="-6" max="6" step="0.05" value="{value:g}" autocomplete="off" \
aria-hidden="true" tabindex="-1"><input type="number" min="-100" max="100" step="0.1" \
value="{value:g}" autocomplete="off" aria-label="{name}"></div>"""

DIRECTION = """<label><input type="radio" name="glass-direction" value="{value}" \
autocomplete="off"{state}><span>{name}</span></label>"""

PAGE = """<div class="glass-box backward" role="figure" aria-label="A network in a glass box" \
data-network="{network}">
<fieldset class="glass-steps explorer-buttons" disabled>
<span class="explorer-choice" role="radiogroup" aria-label="Direction">{directions}</span>
<button type="button" data-play aria-pressed="false">Play</button>
<button type="button" data-step="-1" aria-label="One step back">‹</button>
<button type="button" data-step="1" aria-label="One step on">›</button>
<button type="button" data-reset>Reset</button>
</fieldset>
{pictures}
<p class="glass-says" role="status">{said}</p>
<fieldset class="glass-numbers" disabled>{sliders}</fieldset>
<noscript><p>With JavaScript the network answers the hand.</p></noscript>
</div>"""
