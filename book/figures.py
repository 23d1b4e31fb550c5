"""A Matplotlib figure as the site shows it: SVG in the page's own font and colors, light or dark.

Text stays text.  Images, color maps and clouds of points become WebP inside the SVG, at two pixels
for each CSS pixel; they, and what is drawn on them, keep their colors in the dark.  A figure is
drawn twice: as wide as it is, and anew in the width of a phone.

To lay a figure out takes longer than to draw it, so some of an explorer's frames say where the axes
lie in all of them.  Should a text not fit in another frame, every frame is asked.
"""

import base64
import colorsys
import functools
import hashlib
import io
import math
import re
import textwrap
from contextlib import contextmanager
from xml.etree import ElementTree

import matplotlib as mpl
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.collections import Collection, PathCollection, QuadMesh
from matplotlib.contour import ContourSet
from matplotlib.font_manager import fontManager, get_font
from matplotlib.image import AxesImage
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image

from mlp_lib.explore import CSS_DPI, GRIP

PHONE = 420  # CSS pixels; wider figures are drawn a second time, this wide
LAID_OUT = 8  # frames of an explorer that are laid out first
SMALL = 1500  # bytes; an image that takes no more is of flat colors
MANY = 1500  # points of one scatter: from here on it is a picture
AS_DRAWN = "as-drawn"
SVG, HREF = "http://www.w3.org/2000/svg", "{http://www.w3.org/1999/xlink}href"
ElementTree.register_namespace("", SVG)
COLOR = re.compile(r"#[0-9a-f]{6}\b")
UPRIGHT = re.compile(r"rotate\(-?0 [^)]*\)")
NUMBER = re.compile(r"-?\d+\.\d{3,}")
RULES = {"svg.fonttype": "none", "svg.hashsalt": ""}


def svgs(figures, width=None):
    """Return the figures as SVG, and where their grips are; axes keep one place in all of them.

    Parameters
    ----------
    figures : list of Figure
        Of one size.
    width : int, optional
        In CSS pixels; the height stays.

    Returns
    -------
    list of (str, dict)
        The SVG; ``{"names of axes": [x, y]}``, a grip's place in fractions of the picture.
    """
    before = [(figure.canvas, figure.dpi, figure.get_figwidth()) for figure in figures]
    engines = [figure.get_layout_engine() for figure in figures]
    for figure in figures:
        figure.dpi = 72  # SVG's own
        figure.set_canvas(Canvas(figure))
        if width:
            figure.set_figwidth(width / CSS_DPI)
        _protect_images(figure)
        figure.patch.set_visible(False)
    some = {*figures[:: math.ceil(len(figures) / LAID_OUT)], figures[-1]}
    drawn = _draw(figures, engines, some)
    if len(some) < len(figures) and any(cut for *_, cut in drawn):
        drawn = _draw(figures, engines, figures)
    for figure, (canvas, dpi, inches) in zip(figures, before):
        figure.set_canvas(canvas)
        figure.dpi = dpi
        figure.set_figwidth(inches)
    return [(_slim(svg), grips) for svg, grips, _ in drawn]


def fits_a_phone(figure):
    return figure.get_figwidth() * CSS_DPI <= PHONE


def dark(color):
    """Return the color ``#rrggbb`` that says on a dark ground what this one says on white."""
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, light, strength = colorsys.rgb_to_hls(red, green, blue)
    gray = max(red, green, blue) - min(red, green, blue) < 0.06
    tint = light > 0.75
    light = 0.9 - 0.8 * light
    if not gray and not tint:  # a color of lines and points
        light, strength = max(light, 0.6), 0.8 * strength
    return "#" + "".join(f"{round(255 * c):02x}" for c in colorsys.hls_to_rgb(hue, light, strength))


def webp(image):
    """Return an image as WebP bytes, flat colors or photograph-like, whichever is smaller."""
    flat, smooth = io.BytesIO(), io.BytesIO()
    image.save(flat, "webp", lossless=True)
    if flat.tell() > SMALL:
        image.save(smooth, "webp", quality=85)
    return min(filter(None, (flat.getvalue(), smooth.getvalue())), key=len)


@functools.cache
def _size(text, font, is_formula):
    return RULER.get_text_width_height_descent(text, font, is_formula)


@functools.cache
def _line(font):
    """Return ascent, descent and line gap of a font, in points."""
    opened = get_font(fontManager._find_fonts_by_props(font))
    table, units = opened.get_sfnt_table("OS/2"), opened.get_sfnt_table("head")["unitsPerEm"]
    sizes = table["sTypoAscender"], -table["sTypoDescender"], table["sTypoLineGap"]
    return [size * font.get_size_in_points() / units for size in sizes]


class Ruler(RendererSVG):
    """Measures texts; asks a font once how high its lines are, Matplotlib asks for every text."""

    def _get_font_height_metrics(self, prop):
        return _line(prop.copy())


RULER = Ruler(1, 1, io.StringIO())


class Renderer(Ruler):
    """Writes SVG, measures a text once for all figures, and tells whether one was ``cut`` off."""

    def __init__(self, *size, **options):
        super().__init__(*size, **options)
        self._text2path = RULER._text2path  # which remembers the formulas that it has read
        self.cut = False

    def get_text_width_height_descent(self, s, prop, ismath):
        return _size(s, prop.copy(), ismath)

    def draw_image(self, gc, x, y, im, transform=None):
        """Write what was rasterized as WebP; Matplotlib would write PNG, in as much time again."""
        height, width = (72 * pixels / self.image_dpi for pixels in im.shape[:2])
        self.writer.element(
            "image",
            transform=f"scale(1 -1) translate(0 {-height:f})",
            x=f"{x:f}",
            y=f"{y + height - self.height:f}",
            width=f"{width:f}",
            height=f"{height:f}",
            href=f"data:image/webp;base64,{base64.b64encode(webp(Image.fromarray(im))).decode()}",
        )

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
        width, height, descent = self.get_text_width_height_descent(s, prop, ismath)
        box = [x, y - height + descent, x + width, y + descent]
        if angle == 90:
            box = [x - height + descent, y - width, x + descent, y]
        self.cut |= not _inside(
            Bbox([box[:2], box[2:]]), Bbox([[-1, -1], [self.width + 1, self.height + 1]])
        )


class Canvas(FigureCanvasSVG):
    """Lets a figure be laid out by the sizes that its texts have in SVG."""

    def get_renderer(self):
        return RULER


def _draw(figures, engines, laid_out):
    """Return [(svg, grips, whether a text is cut off), …]; axes lie where ``laid_out`` has room."""
    for figure in laid_out:
        figure.draw_without_rendering()
        if _fold(figure):
            figure.draw_without_rendering()
    places = [[ax.get_position(original=True) for ax in figure.axes] for figure in laid_out]
    for figure in figures:
        figure.set_layout_engine("none")
    _align(figures, places)
    drawn = []
    for figure in figures:
        _fold(figure)
        svg, cut = _svg(figure)
        drawn.append((svg, _grips(figure), cut))
    for figure, engine in zip(figures, engines):
        figure.set_layout_engine(engine)
        for ax in figure.axes:
            ax.set_in_layout(True)  # set_position took it out
    return drawn


def _fold(figure):
    """Break titles, and spread legends over more rows, where they are wider than the figure.

    Returns whether something is higher now.
    """
    folded = False
    for ax in figure.axes:
        ax.apply_aspect()
        for title in (ax.title, ax._left_title, ax._right_title):
            box = title.get_window_extent()
            room = (figure.bbox.x1 - box.x0) / max(box.width, 1)
            if title.get_text() and room < 1:
                title.set_text(textwrap.fill(title.get_text(), int(room * len(title.get_text()))))
                folded = True
        legend = ax.get_legend()
        while legend and legend._ncols > 1 and not _inside(legend.get_window_extent(), figure.bbox):
            legend.set_ncols(legend._ncols - 1)
            folded = True
    return folded


def _inside(box, room):
    return room.x0 <= box.x0 and box.x1 <= room.x1


def _protect_images(figure):
    """Rasterize what is heavy as lines; mark what lies on images, to keep its colors."""
    for ax in figure.axes:
        pictures = [artist for artist in ax.get_children() if _is_picture(artist)]
        for picture in pictures:
            picture.set_rasterized(True)
        solid = [p for p in pictures if not _is_cloud(p) and (p.get_alpha() or 1) > 0.5]
        grounds = [picture.get_window_extent() for picture in solid]
        for artist in [*ax.texts, *ax.lines, *ax.collections, *ax.patches] if solid else []:
            beside = type(artist) is Text and not _lies_on(artist, grounds)
            if not beside and not (artist.get_gid() or "").startswith(GRIP):
                artist.set_gid(AS_DRAWN)


def _lies_on(text, grounds):
    x, y = text.get_transform().transform(text.get_position())
    return any(ground.contains(x, y) for ground in grounds)


def _is_picture(artist):
    if isinstance(artist, ContourSet):
        return artist.filled and artist.colors is None
    return isinstance(artist, AxesImage | QuadMesh) or _is_cloud(artist)


def _is_cloud(artist):
    return isinstance(artist, PathCollection | Collection) and len(artist.get_offsets()) >= MANY


def _align(figures, places):
    """Give each axes the room that it has in all of these places, and no other."""
    if len({len(figure.axes) for figure in figures}) > 1:
        return
    for number, boxes in enumerate(zip(*places)):
        low = [max(box.p0[i] for box in boxes) for i in (0, 1)]
        high = [min(box.p1[i] for box in boxes) for i in (0, 1)]
        if low[0] < high[0] and low[1] < high[1]:
            for figure in figures:
                figure.axes[number].set_position(Bbox([low, high]), which="original")


def _grips(figure):
    """Return ``{names: [x, y]}``; needs the layout to be settled."""
    width, height = figure.bbox.size
    grips = {}
    for ax in figure.axes:
        for line in ax.lines:
            if (line.get_gid() or "").startswith(GRIP):
                ax.apply_aspect()
                x, y = ax.transData.transform((line.get_xdata()[0], line.get_ydata()[0]))
                grips[line.get_gid().removeprefix(GRIP)] = [
                    round(x / width, 4),
                    round(1 - y / height, 4),
                ]
    return grips


def _svg(figure):
    """Return Matplotlib's SVG, and whether a text is cut off; needs the layout to be settled."""
    buffer, (width, height) = io.StringIO(), figure.get_size_inches()
    nothing = dict.fromkeys(["Date", "Creator", "Format", "Type"])
    with mpl.rc_context(RULES):
        renderer = Renderer(
            72 * width, 72 * height, buffer, image_dpi=2 * CSS_DPI, metadata=nothing
        )
        # savefig would draw twice: once more to settle a layout that is settled here.
        with _settled(figure):
            figure.draw(MixedModeRenderer(figure, width, height, 2 * CSS_DPI, renderer))
        renderer.finalize()
    return buffer.getvalue(), renderer.cut


@contextmanager
def _settled(figure):
    """Place each axis' ticks and measure their labels once: drawing would ask five times."""
    axes = [axis for ax in figure.axes for axis in ax._axis_map.values()]
    for axis in axes:
        ticks = tuple(axis._update_ticks())
        axis._update_ticks = lambda ticks=ticks: ticks
        axis._get_ticklabel_bboxes = functools.cache(axis._get_ticklabel_bboxes)
    yield
    for axis in axes:
        del axis._update_ticks, axis._get_ticklabel_bboxes


def _slim(drawn):
    """Return SVG for the page: its font and colors, ids of its own, short numbers."""
    root = ElementTree.fromstring(drawn)
    for useless in root.findall(f"{{{SVG}}}metadata"):
        root.remove(useless)
    width, height = (
        round(float(root.get(side)[:-2]) / 72 * CSS_DPI) for side in ("width", "height")
    )
    root.attrib |= {"width": str(width), "height": str(height), "aria-hidden": "true"}
    used = sorted(set(re.findall(r"#([\w-]+)[\")]", drawn)))
    prefix = hashlib.sha256(drawn.encode()).hexdigest()[:6]
    _dress(root, {name: f"f{prefix}-{number}" for number, name in enumerate(used)}, themed=True)
    text = ElementTree.tostring(root, encoding="unicode")
    return re.sub(r">\s+<", "><", text).strip()


def _dress(element, ids, themed):
    """Slim an element and all below it: the page's font and colors, own ids, short numbers."""
    if element.get("id") == AS_DRAWN or element.tag == f"{{{SVG}}}svg":
        # Matplotlib writes no fill for black, and SVG's own black knows no dark page.
        element.set("style", f"fill: #000000; {element.get('style', '')}".rstrip("; "))
    themed = themed and element.get("id") != AS_DRAWN
    name = element.attrib.pop("id", None)
    if name in ids:
        element.set("id", ids[name])
    if HREF in element.attrib:
        element.set("href", f"#{ids[element.attrib.pop(HREF)[1:]]}")
    _join_letters(element)
    _share_style(element)
    for key, value in list(element.attrib.items()):
        if key == "transform" and UPRIGHT.fullmatch(value):
            del element.attrib[key]
        elif key not in ("href", "id"):
            element.set(key, _attribute(value, ids, themed))
    for child in list(element):
        if child.tag == f"{{{SVG}}}style":
            element.remove(child)  # it would hold for the whole page; course.css says the same
        else:
            _dress(child, ids, themed)


def _join_letters(text):
    """Let letters in a row be one word: Matplotlib places each of a formula, style after style."""
    if text.tag != f"{{{SVG}}}text":
        return
    text[:] = sorted(text, key=lambda letter: float(letter.get("x")))
    last = None
    for letter in list(text):
        look = letter.get("style"), letter.get("y")
        if last is not None and look == (last.get("style"), last.get("y")):
            last.text = (last.text or "") + (letter.text or "")
            text.remove(letter)
        else:
            last = letter


def _share_style(group):
    """Write the style of points once, for their group."""
    styles = {child.get("style") for child in group if child.tag == f"{{{SVG}}}use"}
    if (
        len(styles) == 1
        and None not in styles
        and all(child.tag.endswith("}use") for child in group)
    ):
        group.set("style", styles.pop())
        for child in group:
            del child.attrib["style"]


def _attribute(value, ids, themed):
    value = re.sub(r"url\(#([\w-]+)\)", lambda found: f"url(#{ids[found[1]]})", value)
    value = value.replace("; font-family: 'DejaVu Sans'", "")
    if themed:
        value = COLOR.sub(lambda found: _themed(found[0]), value)
    return NUMBER.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), value)


def _themed(color):
    return (
        "var(--figure-ground, #ffffff)"
        if color == "#ffffff"
        else f"light-dark({color}, {dark(color)})"
    )
