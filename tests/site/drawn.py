"""Reads the pictures of the site as they are painted: what is drawn, in which color, on what.

A picture is Matplotlib's SVG after ``book.figures``: paths, uses of markers, texts and images, in
the order in which they are painted.  A ground is what areas and images have left at a point.
"""

import base64
import functools
import io
import re
import statistics
from xml.etree import ElementTree

import numpy as np
from built_site import ROOT
from matplotlib.path import Path
from PIL import Image

SVG = "{http://www.w3.org/2000/svg}"
STYLES = (ROOT / "book" / "static" / "course.css").read_text("utf-8")
PAGE = {"light": "#ffffff", "dark": re.search(r"--pst-color-background: (#\w{6})", STYLES)[1]}
LEAST = {"text": 4.5, "line": 3, "marker": 3, "area": 3}
BY_THEME = re.compile(r"light-dark\((#\w{6}), (#\w{6})\)")
CODES = {"M": (Path.MOVETO, 1), "L": (Path.LINETO, 1), "Q": (Path.CURVE3, 2), "C": (Path.CURVE4, 3)}
POINT = 20  # a marker is no wider; markers that overlap are no ground for each other
OPACITIES = ("opacity", "fill-opacity", "stroke-opacity")


def faint(svg, exempt=()):
    """Return {(kind, color, theme): contrast} of all that has less than LEAST says.

    exempt: colors of lines, markers and areas, as they are in the light.
    """
    return {
        (kind, color, theme): round(ratio, 2)
        for kind, color, theme, ratio in contrasts(svg)
        if ratio < LEAST[kind] and (kind == "text" or color not in exempt)
    }


def contrasts(svg):
    """Yield (kind, color in the light, theme, contrast with its ground) of all that is drawn."""
    picture = Picture(ElementTree.fromstring(svg))
    for kind, style, points, below in picture.drawn:
        for theme in PAGE:
            grounds = [picture.ground(point, below, theme) for point in points]
            yield kind, *most_seen(style, grounds, theme)


def most_seen(style, grounds, theme):
    """Return what is seen best, fill or stroke: (its color, theme, its median contrast)."""
    seen = []
    for part in ("fill", "stroke"):
        paint = style.get(part, "none")
        if color(paint, theme) and not (part == "fill" and is_page(paint)):
            alpha, own = opacity(style, part), rgb(color(paint, theme))
            ratios = [contrast(blend(own, alpha, ground), ground) for ground in grounds]
            seen.append((statistics.median(ratios), color(paint, "light")))
    ratio, paint = max(seen)
    return paint, theme, ratio


def color(paint, theme):
    """Return the color ``#rrggbb`` of a fill or a stroke, or None where nothing is painted."""
    by_theme = BY_THEME.fullmatch(paint)
    if by_theme:
        return by_theme[1 if theme == "light" else 2]
    if paint.startswith("var(--figure-ground"):
        return PAGE[theme]
    return paint if re.fullmatch(r"#\w{6}", paint) else None  # none, or the url of a hatch


@functools.cache
def rgb(color):
    return tuple(int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))


def blend(color, alpha, ground):
    if alpha == 1:
        return tuple(color)
    return tuple(alpha * one + (1 - alpha) * other for one, other in zip(color, ground))


@functools.lru_cache(maxsize=10_000)
def contrast(one, other):
    """Return the contrast of two colors by WCAG 2: from 1, the same, to 21, black on white."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def luminance(rgb):
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb)
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear))


class Picture:
    """``drawn``: [(kind, style, points, how many grounds lie below)], in order of painting."""

    def __init__(self, root):
        self.drawn, self.grounds = [], []
        self.markers = {path.get("id"): path for path in root.iter(f"{SVG}path") if path.get("id")}
        self._paint(root, {"fill": "#000000"}, np.eye(3))

    def ground(self, point, below, theme):
        """Return the color that the first grounds leave at a point of the page."""
        seen = rgb(PAGE[theme])
        for box, color_at in self.grounds[:below]:
            if box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]:
                seen = color_at(point, seen, theme)
        return seen

    def _paint(self, element, inherited, matrix):
        tag = element.tag.removeprefix(SVG)
        if tag == "defs":
            return
        style = inherit(inherited, element.get("style", ""))
        if "transform" in element.attrib:
            matrix = matrix @ transform(element.get("transform"))
        if tag == "path" and element.get("d"):
            self._area(style, outline(element.get("d")), matrix)
        elif tag == "use":
            marker = self.markers[element.get("href")[1:]]
            at = transform(f"translate({element.get('x', 0)} {element.get('y', 0)})")
            style = inherit(style, marker.get("style", ""))
            self._area(style, outline(marker.get("d")), matrix @ at, "marker")
        elif tag == "image":
            self.grounds.append(image_ground(element, matrix))
        elif tag in ("text", "tspan") and (element.text or "").strip():
            self._draw("text", style, apply(matrix, letters(element, style)))
        for child in element:
            self._paint(child, style, matrix)

    def _area(self, style, path, matrix, kind="area"):
        """Draw a path: as an area, which is a ground for all that follows, or as a line."""
        corners = apply(matrix, path.vertices)
        fill, stroke = (color(style.get(part, "none"), "light") for part in ("fill", "stroke"))
        box = [*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist()]
        if fill and len(corners) > 2:
            if not is_page(style["fill"]) or stroke:
                middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
                self._draw(kind, style, [middle])
            if box[2] - box[0] > POINT:
                self.grounds.append((box, area_ground(Path(corners, path.codes), style)))
        elif stroke:
            some = np.linspace(0, len(corners) - 1, min(len(corners), 9)).round().astype(int)
            self._draw("line", style | {"fill": "none"}, corners[some])

    def _draw(self, kind, style, points):
        self.drawn.append((kind, style, points, len(self.grounds)))


def is_page(paint):
    """Tell whether it has the page's own color: it covers what lies below, and shows nothing."""
    return paint.startswith("var(--figure-ground")


def inherit(style, own):
    """Return the style of an element in a group: opacities multiply."""
    own = dict(declarations(own))
    for name in OPACITIES:
        if name in own:
            own[name] = float(own[name]) * float(style.get(name, 1))
    return style | own


@functools.cache
def declarations(style):
    return [part.strip().split(": ", 1) for part in style.split(";") if ": " in part]


def opacity(style, part):
    return float(style.get("opacity", 1)) * float(style.get(f"{part}-opacity", 1))


@functools.cache
def transform(text):
    """Return the matrix of an SVG transform."""
    matrix = np.eye(3)
    for name, numbers in re.findall(r"(\w+)\(([^)]*)\)", text):
        one, *others = map(float, re.split(r"[\s,]+", numbers.strip()))
        step = np.eye(3)
        if name == "translate":
            step[:2, 2] = one, *(others or [0])
        elif name == "scale":
            step[0, 0], step[1, 1] = one, *(others or [one])
        elif name == "rotate":
            around, angle = np.array(others or [0, 0]), np.radians(one)
            step[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
            step[:2, 2] = around - step[:2, :2] @ around
        else:
            raise ValueError(f"expected translate, scale or rotate, got {name}")
        matrix = matrix @ step
    return matrix


def apply(matrix, points):
    return np.asarray(points) @ matrix[:2, :2].T + matrix[:2, 2]


@functools.cache
def outline(d):
    """Return the path that an attribute d describes."""
    vertices, codes = [], []
    for letter, numbers in re.findall(r"([MLQCz])([^MLQCz]*)", d):
        if letter == "z":
            vertices.append(vertices[-1])
            codes.append(Path.CLOSEPOLY)
            continue
        code, count = CODES[letter]
        vertices += np.array(numbers.split(), float).reshape(count, 2).tolist()
        codes += [code] * count
    return Path(vertices, codes)


def letters(element, style):
    """Return points along the middle of a line of text."""
    font = style.get("font-size") or style.get("font", "10px")  # SVG writes no 10
    size = float(re.search(r"([\d.]+)px", font)[1])
    width = 0.55 * size * len(element.text.strip())
    start = {"middle": -width / 2, "end": -width}.get(style.get("text-anchor"), 0)
    x, y = (float(element.get(axis, "0").split()[0]) for axis in "xy")
    return [[x + start + share * width, y - 0.35 * size] for share in (0.1, 0.5, 0.9)]


def area_ground(path, style):
    alpha = opacity(style, "fill")

    def color_at(point, below, theme):
        if path.contains_point(point):
            return blend(rgb(color(style["fill"], theme)), alpha, below)
        return below

    return color_at


@functools.lru_cache(maxsize=64)
def pixels(data):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA")) / 255


def image_ground(element, matrix):
    x, y, width, height = (float(element.get(name)) for name in ("x", "y", "width", "height"))
    corners = apply(matrix, [[x, y], [x + width, y + height]])
    data, back = element.get("href").partition(",")[2], np.linalg.inv(matrix)

    def color_at(point, below, theme):
        column, row = (apply(back, [point])[0] - (x, y)) / (width, height)
        image = pixels(data)
        last = np.array(image.shape[:2]) - 1
        at = np.minimum((np.array([row, column]) * image.shape[:2]).astype(int), last)
        *paint, alpha = image[tuple(at)].tolist()
        return blend(paint, alpha, below)

    return [*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist()], color_at
