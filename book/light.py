"""What a page waits for before it shows anything: one style sheet, and no script.

The theme brings a dozen style sheets with 550 kB; rules for what no page and no script has are left
out (PurgeCSS), and the rest is one.  Its scripts run once the page stands, in their order.
"""

import hashlib
import json
import os
import re
from pathlib import Path

from book import scripts

NAME = "site.css"
LINK = re.compile(r'\s*<link [^>]*href="([^"]*)_static/([^"]+\.css)[^"]*"[^>]*>')
# A script in a file, but the short one that scripts in the page speak to.
SCRIPT = re.compile(r"<script (?=[^>]*src=)(?![^>]*(?:defer|documentation_options))")
IMPORT = re.compile(r'@import "([^"]+)";')
ADDRESS = re.compile(r"""url\((["']?)(?!data:|%23|#)([^"')]+)\1\)""")
OURS = ("course.css", "formulas.css", "practice.css")  # frames and figures may use what no page has


def setup(app):
    # After the icons were counted (book.fonts) in the style sheets as they came.
    app.connect("build-finished", lighten, priority=600)


def lighten(app, exception):
    """Join the style sheets that all pages begin with; let the pages ask for the one, and defer."""
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    pages = {
        path: path.read_text("utf-8")
        for path in sorted(site.rglob("*.html"))
        if not {"lite", "_static"} & set(path.relative_to(site).parts)
    }
    links = [[sheet for _, sheet in LINK.findall(page)] for page in pages.values()]
    shared = os.path.commonprefix([names for names in links if names])
    sheets = [site / "_static" / name for name in shared]
    joined = site / "_static" / NAME
    styles = [content(sheet, joined.parent) for sheet in sheets]
    foreign = [i for i, sheet in enumerate(sheets) if sheet.name not in OURS]
    users = [*pages, *site.glob("_static/**/*.js")]
    for i, used in zip(foreign, used_rules([styles[i] for i in foreign], users), strict=True):
        styles[i] = used
    text = "\n".join(styles)
    joined.write_text(text, "utf-8")
    version = hashlib.sha256(text.encode()).hexdigest()[:8]
    for path, page in pages.items():
        page = with_one(f"{NAME}?v={version}", len(sheets), page)
        path.write_text(SCRIPT.sub("<script defer ", page), "utf-8")
    for sheet in sheets:
        sheet.unlink()


def content(sheet, folder):
    """Return a sheet with its imports in their place and its addresses as seen from the folder."""

    def seen(match):
        there = os.path.relpath(sheet.parent / match[2], folder).replace(os.sep, "/")
        return f"url({there})"

    text = ADDRESS.sub(seen, sheet.read_text("utf-8").replace('@charset "UTF-8";', ""))
    return IMPORT.sub(lambda match: content((sheet.parent / match[1]).resolve(), folder), text)


def used_rules(styles, users):
    """Return each of the style sheets (texts) with the rules that these files can use."""
    question = {"styles": styles, "users": list(map(str, users))}
    return json.loads(scripts.node("purge.cjs", json.dumps(question)))


def with_one(sheet, count, page):
    """Put a link to this sheet in the place of the page's first ``count`` links to others."""
    first = LINK.search(page)
    if first is None:  # a page that only sends on
        return page
    link = f'\n<link rel="stylesheet" href="{first[1]}_static/{sheet}">'
    return page[: first.start()] + link + LINK.sub("", page[first.start() :], count=count)
