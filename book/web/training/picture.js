/* Draws what network.py says: colors stand in training.css, for light and dark. */

const SURE = 0.9; // from this lead on a color is dark, as in the course's figures
const TOP = 1.25; // the highest loss that the curve shows
const [LEFT, RIGHT, BOTTOM, HIGH] = [26, 274, 130, 8]; // of the curve
const SPANS = [60, 125, 250, 500, 1000]; // epochs from left to right
const MARKERS = [
  (x, y) => `M${x - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0-8 0`,
  (x, y) => `M${x - 3.5} ${y - 3.5}h7v7h-7z`,
  (x, y) => `M${x} ${y - 4.8}l4.6 8.2h-9.2z`,
];

/* A color #rrggbb of the style sheet as one number, as pixels hold it. */
function pixel(element, name, alpha = 255) {
  const color = parseInt(getComputedStyle(element).getPropertyValue(name).trim().slice(1), 16);
  return ((alpha << 24) | ((color & 255) << 16) | (color & 0xff00) | (color >> 16)) >>> 0;
}

function paint(canvas, colorOf) {
  const {width, height} = canvas;
  const context = canvas.getContext("2d"), image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i += 1) pixels[i] = colorOf(i);
  context.putImageData(image, 0, 0);
}

/* The class with the largest probability at each pixel, between the points of the grid linearly. */
export function drawPlane(canvas, {p, side}) {
  const classes = p.length / side ** 2, {width} = canvas;
  const tints = Array.from({length: classes}, (_, c) => ["unsure", "sure"].map(how => pixel(canvas, `--${how}-${c}`)));
  const at = Array.from({length: width}, (_, i) => (i / (width - 1)) * (side - 1));
  paint(canvas, i => {
    const x = at[i % width], y = at[Math.floor(i / width)];
    const column = Math.min(Math.floor(x), side - 2), row = Math.min(Math.floor(y), side - 2);
    const right = x - column, below = y - row;
    let first = -1, second = -1, answer = 0;
    for (let c = 0, k = (row * side + column) * classes; c < classes; c += 1, k += 1) {
      const under = k + side * classes;
      const share = (p[k] * (1 - right) + p[k + classes] * right) * (1 - below)
        + (p[under] * (1 - right) + p[under + classes] * right) * below;
      if (share > first) [second, first, answer] = [first, share, c];
      else if (share > second) second = share;
    }
    return tints[answer][first - second >= 255 * SURE ? 1 : 0];
  });
}

export function drawPoints(svg, {points, labels}) {
  const size = svg.viewBox.baseVal.width;
  svg.querySelectorAll("path").forEach((path, c) => {
    const places = points.filter((_, i) => labels[i] === c);
    path.setAttribute("d", places.map(([x, y]) => MARKERS[c](size * x, size * y)).join(""));
  });
}

/* A small map for each unit: strong where it is far from zero, in one color above and another below. */
export function drawUnits(box, {units, side}) {
  const count = units.length / side ** 2;
  if (box.childElementCount !== count) {
    box.replaceChildren(...Array.from({length: count}, () =>
      Object.assign(document.createElement("canvas"), {width: side, height: side})));
    box.style.setProperty("--columns", count > 8 ? 8 : 4);
  }
  const colors = ["--below", "--above"].map(name => pixel(box, name, 0));
  [...box.children].forEach((canvas, unit) => {
    paint(canvas, i => {
      const activation = units[unit * side ** 2 + i];
      return (colors[+(activation > 0)] | ((2 * Math.abs(activation)) << 24)) >>> 0;
    });
  });
}

export function drawLosses(svg, losses, before) {
  const span = SPANS.find(span => span >= Math.max(losses.length, before.length)) ?? SPANS.at(-1);
  const x = epoch => LEFT + ((RIGHT - LEFT) * epoch) / span;
  const y = loss => BOTTOM - ((BOTTOM - HIGH) * Math.min(loss, TOP)) / TOP;
  const line = values => values.map((loss, i) => `${i ? "L" : "M"}${x(i + 1).toFixed(1)} ${y(loss).toFixed(1)}`).join("");
  svg.querySelector(".now").setAttribute("d", line(losses));
  svg.querySelector(".before").setAttribute("d", line(before));
  svg.querySelector(".dashed").style.display = before.length ? "" : "none";
  svg.querySelector(".last").textContent = span;
}
