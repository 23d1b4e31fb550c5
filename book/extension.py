"""What the site adds to Jupyter Book: nothing from another host, figures in the page's own colors.

- Notebooks are run by ``book.runs`` before Sphinx reads them; their figures are SVG
  (``book.explorers``).
- Loaders that would call other hosts are dropped.
- Explorers' frames move out of the pages, into files that are loaded when the reader comes near.
- Links reach the glossary's entries: ``[loss](glossary.md#term-loss)``, readable in any program
  that shows notebooks.
"""

import logging
import os
import re
import warnings
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError

from book import kept, redirects, runs, solutions
from book.explorers import store_frames

BOOK = Path(__file__).parent
# What the theme's script measures, all at once and again after every change in the page.
THEME_MEASURES = (
    '["pre",".nboutput > .output_area",".cell_output > .output",'
    '".jp-RenderedHTMLCommon",".pst-scrollable-table-container"]'
)
PAGE = re.compile(r"<url>.*?</url>", re.DOTALL)  # in the sitemap
PLAIN = re.compile(r'<span class="[npw]">([^<]*)</span>')  # names, punctuation, spaces in code


def setup(app):
    app.setup_extension("book.practice")
    app.setup_extension("book.fonts")
    app.setup_extension("book.formulas")
    app.setup_extension("book.glassbox")
    app.setup_extension("book.light")
    app.setup_extension("book.questions")
    app.setup_extension("book.slides")
    app.setup_extension("book.training")
    app.setup_extension("book.translation")
    app.connect("config-inited", configure)
    app.connect("builder-inited", run_notebooks)
    app.connect("env-get-outdated", pages_of_new_runs)
    app.connect("env-before-read-docs", count_pages)
    app.connect("source-read", read_run)
    app.connect("env-updated", write_side_by_side)
    app.connect("doctree-read", place_figures, priority=400)  # before Sphinx collects the images
    app.connect("doctree-read", solutions.mark, priority=400)  # before Sphinx collects the titles
    app.connect("doctree-read", link_terms)
    app.connect("html-page-context", polish_page, priority=900)  # after the extensions' own scripts
    app.connect("build-finished", measure_once)
    app.connect("build-finished", write_redirects)
    app.connect("build-finished", sort_sitemap, priority=600)  # once sphinx-sitemap wrote it
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def configure(app, config):
    """Add the course's style sheet and templates; draw previews without a word on their fonts."""
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", "Glyph .* missing from font")
    config.templates_path.append(str(BOOK / "templates"))
    config.html_static_path.append(str(BOOK / "static"))
    app.add_css_file("course.css")
    app.add_js_file("course.js", loading_method="defer")
    app.add_js_file("launch.js", loading_method="defer")


def run_notebooks(app):
    """Run what changed.

    All pages are written, so that sitemap and contents are those of a clean build.
    """
    Path(app.outdir, ".buildinfo").unlink(missing_ok=True)
    try:
        app.runs = runs.run_all()
    except RuntimeError as error:
        raise ExtensionError(f"the notebooks could not be run:\n{error}") from None
    kept.drop_unused()


def pages_of_new_runs(app, env, added, changed, removed):
    """Name the pages to read again because their notebook ran again and says something else."""
    read = env.__dict__.setdefault("runs", {})
    return [page for page, name in app.runs.items() if read.get(page) != name]


def count_pages(app, env, pages):
    """Say how many pages are read: those that changed."""
    app.unread = len(pages)
    print(f"Reading {app.unread} of {len(env.found_docs)} pages …", flush=True)


def read_run(app, page, source):
    """Let Sphinx read the notebook as it ran; say what remains."""
    app.unread -= 1
    print(f"  {page}, {app.unread} to go", flush=True)
    if page in app.runs:
        source[0] = runs.executed(page)
        app.env.runs[page] = app.runs[page]


def write_side_by_side(app, env):
    """Use all cores from here on: writing pages can be shared, reading cannot."""
    print("Writing the pages …", flush=True)
    app.parallel = os.cpu_count() + 1  # Sphinx counts the process that hands the pages out


def place_figures(app, doctree):
    """Put every figure that a notebook drew into the page itself, where it can follow the theme."""
    for image in list(doctree.findall(nodes.image)):
        drawn = Path(app.srcdir, image["uri"].lstrip("/"))
        if drawn.suffix == ".svg" and "jupyter_execute" in drawn.parts:
            label = escape(image.get("alt", ""))
            html = f'<div role="img" aria-label="{label}">{drawn.read_text("utf-8")}</div>'
            image.replace_self(nodes.raw("", html, format="html"))


def link_terms(app, doctree):
    """Count glossary entries among the places on a page that a Markdown link may name."""
    for term in doctree.findall(nodes.term):
        places = app.env.metadata[app.env.docname].setdefault("myst_slugs", {})
        places |= {name: (term.line, name, term.astext()) for name in term["ids"]}


def polish_page(app, pagename, templatename, context, doctree):
    """Drop what would call another host; store explorers' frames; add the scripts it needs."""
    body = context.get("body", "")
    body = store_frames(body, Path(app.outdir, "_static", "explorers"))
    # Roles and labels that contradict what they stand on: docutils' lists, MyST-NB's toggles.
    body = body.replace('role="doc-biblioentry"', 'role="listitem"')
    body = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")
    body = PLAIN.sub(r"\1", body)  # they have the color of the code around them
    context["body"] = body
    if pagename == app.config.root_doc:
        context["docstitle"] = ""  # its title is the course's already
    offer_the_browser_first(context)
    toctree = context["generate_toctree_html"]
    context["generate_toctree_html"] = lambda *args, **options: str(
        toctree(*args, **options)
    ).replace("<summary>", '<summary aria-label="Pages below">')
    if 'class="explorer"' in body:
        app.add_js_file("explorer.js", loading_method="defer")
    if "task-list-item" in body:
        app.add_js_file("checklist.js", loading_method="defer", priority=100)
    for kind in ("script_files", "css_files"):
        context[kind] = [asset for asset in context[kind] if not _loads_thebe(asset)]


def offer_the_browser_first(context):
    """Make the JupyterLite button relative, so that it holds anywhere, and put it first."""
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            if button["text"] == "JupyterLite":
                target, _, query = button["url"].partition("?")
                button["url"] = f"{context['pathto'](target, resource=True)}?{query}"
        if group.get("label") == "launch-buttons":
            group["buttons"].sort(key=lambda button: button["text"] != "JupyterLite")


def _loads_thebe(asset):
    return "thebe" in f"{asset} {getattr(asset, 'attributes', '')}".lower()


def measure_once(app, exception):
    """Leave it to course.js to see what scrolls: the theme's script does it after every change."""
    if exception or app.builder.format != "html":
        return
    script = Path(app.outdir, "_static", "scripts", "pydata-sphinx-theme.js")
    text = script.read_text("utf-8")
    if THEME_MEASURES not in text:
        raise ExtensionError(f"{script.name} measures something else than it did: see course.js")
    script.write_text(text.replace(THEME_MEASURES, '[":not(*)"]'), "utf-8")


def write_redirects(app, exception):
    if not exception and app.builder.format == "html":
        redirects.write(app.outdir)


def sort_sitemap(app, exception):
    """Name the pages in one order: they come as the processes that write them are done."""
    if exception or app.builder.format != "html":
        return
    sitemap = Path(app.outdir, "sitemap.xml")
    text = sitemap.read_text("utf-8")
    pages = iter(sorted(PAGE.findall(text)))
    sitemap.write_text(PAGE.sub(lambda page: next(pages), text), "utf-8")
