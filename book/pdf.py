"""Print the built site as one PDF: ``python -m book.pdf SITE OUT.pdf``.

Every page goes through the browser, explorers in their first frame; a table of contents with page
numbers comes first, and links between pages become links inside the document.
"""

import io
import sys
from pathlib import Path

import yaml
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import Fit

from book import browser as chromium

ROOT = Path(__file__).resolve().parent.parent
POINTS = 72 / 96  # PDF points in a CSS pixel
A4 = {"format": "A4", "print_background": True, "prefer_css_page_size": False}
MARGIN = {"top": "16mm", "bottom": "16mm", "left": "14mm", "right": "14mm"}
# Before anything is printed: pictures loaded, what a reader would open opened.
READY = """async () => {
  await document.fonts.ready;
  const pictures = [...document.images];
  pictures.forEach(picture => { picture.loading = "eager"; });
  document.querySelectorAll("details").forEach(hidden => { hidden.open = true; });
  await Promise.all(pictures.map(picture => picture.decode().catch(() => {})));
}"""
CONTENTS = """<meta charset="utf-8"><style>
  body {{ font: 13px/1.55 sans-serif; margin: 0; padding: 56px 72px; }}
  a {{ display: flex; color: inherit; text-decoration: none; }} a span {{ flex: 1; }}
  h2 {{ font-size: 14px; margin: 12px 0 2px; }} h1 {{ margin: 0; }}
</style><h1>Backpropagation from Scratch</h1>{rows}"""


def contents():
    """Return [(part, [page, …]), …] as the table of contents has them, the front page first."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    parts = [("", [toc["root"]])]
    for part in toc["parts"]:
        pages = []
        for entry in part["chapters"]:
            pages += [entry["file"], *(section["file"] for section in entry.get("sections", []))]
        parts.append((part["caption"], pages))
    return parts


def print_page(browser, url):
    page = browser.new_page()
    page.goto(url)
    page.evaluate(READY)
    title = page.title().split(" — ")[0]
    pdf = PdfReader(io.BytesIO(page.pdf(**A4, margin=MARGIN)))
    page.close()
    return title, pdf


def print_contents(browser, parts, titles, numbers):
    """Print the table of contents; return it and each line's box, in points from the bottom."""
    rows = []
    for part, pages in parts:
        rows.append(f"<h2>{part}</h2>" if part else "")
        rows += [f"<a><span>{titles[p]}</span><b>{numbers[p]}</b></a>" for p in pages]
    page = browser.new_page(viewport={"width": 794, "height": 1123})
    page.set_content(CONTENTS.format(rows="".join(rows)))
    boxes = page.evaluate(
        "[...document.querySelectorAll('a')].map(a => a.getBoundingClientRect().toJSON())"
    )
    pdf = PdfReader(io.BytesIO(page.pdf(**A4)))
    page.close()
    height = float(pdf.pages[0].mediabox.height)
    edges = [[box[side] * POINTS for side in ("left", "top", "right", "bottom")] for box in boxes]
    return pdf, [(left, height - low, right, height - high) for left, high, right, low in edges]


def link_inside(writer, site, starts):
    """Let links to other pages of the site lead to where those pages are printed."""
    for i, page in enumerate(writer.pages):
        for annotation in list(page.get("/Annots", [])):
            action = annotation.get_object().get("/A", {})
            uri = str(action.get("/URI", ""))
            if not uri.startswith(site.as_uri()):
                continue
            name = uri.removeprefix(site.as_uri() + "/").split("#")[0].removesuffix(".html")
            del annotation.get_object()["/A"]
            if name in starts:
                rect = [float(v) for v in annotation.get_object()["/Rect"]]
                writer.add_annotation(
                    i, Link(rect=rect, target_page_index=starts[name], fit=Fit.fit())
                )


def print_book(browser, site, out, parts):
    """Write the pages of these parts into one PDF; return how many pages it has."""
    site = Path(site).resolve()
    names = [name for _, pages in parts for name in pages]
    printed = {name: print_page(browser, (site / f"{name}.html").as_uri()) for name in names}
    starts, count = {}, 1
    for name, (_, pdf) in printed.items():
        starts[name], count = count, count + len(pdf.pages)
    titles = {name: title for name, (title, _) in printed.items()}
    numbers = {name: start + 1 for name, start in starts.items()}
    table, boxes = print_contents(browser, parts, titles, numbers)
    writer = PdfWriter()
    writer.append(table)
    for title, pdf in printed.values():
        writer.append(pdf, outline_item=title)
    link_inside(writer, site, starts)
    for box, name in zip(boxes, names, strict=True):
        writer.add_annotation(0, Link(rect=box, target_page_index=starts[name], fit=Fit.fit()))
    writer.add_metadata({"/Title": "Backpropagation from Scratch"})
    writer.compress_identical_objects()
    writer.write(out)
    return len(writer.pages)


def main(site, out):
    try:
        with chromium.start() as browser:
            print(f"{out}: {print_book(browser, site, out, contents())} pages")
    except RuntimeError as error:
        sys.exit(f"The book was not printed: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
