"""What the site adds to Jupyter Book: nothing from another host, small pictures, moving figures.

- Notebooks are run by ``book.runs`` before Sphinx reads them.
- MathJax is copied into the site; loaders that would call other hosts are dropped.
- Figures become WebP of a known size, loaded when they come near the window.
- Links reach the glossary's entries: ``[loss](glossary.md#term-loss)``, readable in any notebook program.
"""

import logging
import os
import re
import shutil
import sysconfig
import warnings
from pathlib import Path

from docutils import nodes
from PIL import Image
from sphinx.errors import ExtensionError

from book import runs
from mlp_lib.explore import webp

BOOK = Path(__file__).parent
MATHJAX = Path(sysconfig.get_path("purelib"), "sphinx-mathjax-offline", "static", "mathjax")


def setup(app):
    app.connect("config-inited", configure)
    app.connect("builder-inited", run_notebooks)
    app.connect("env-get-outdated", pages_of_new_runs)
    app.connect("env-before-read-docs", count_pages)
    app.connect("source-read", read_run)
    app.connect("env-updated", write_side_by_side)
    app.connect("doctree-read", compress_figures, priority=400)  # before Sphinx collects the images
    app.connect("doctree-read", link_terms)
    app.connect("html-page-context", polish_page, priority=900)  # after the extensions' own scripts
    app.connect("build-finished", copy_mathjax)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def configure(app, config):
    """Add the course's style sheet and templates; draw previews without a word about their fonts."""
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", "Glyph .* missing from font")
    config.templates_path.append(str(BOOK / "templates"))
    config.html_static_path.append(str(BOOK / "static"))
    app.add_css_file("course.css")
    app.add_js_file("course.js", loading_method="defer")
    app.add_js_file("launch.js", loading_method="defer")


def run_notebooks(app):
    """Run what changed; let all pages be written, so that sitemap and contents are those of a clean build."""
    Path(app.outdir, ".buildinfo").unlink(missing_ok=True)
    try:
        app.runs = runs.run_all()
    except RuntimeError as error:
        raise ExtensionError(f"the notebooks could not be run:\n{error}") from None


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
    app.parallel = os.cpu_count()


def compress_figures(app, doctree):
    """Point every figure that a notebook drew at a WebP copy of itself; state its size."""
    for image in doctree.findall(nodes.image):
        png = Path(app.srcdir, image["uri"].lstrip("/"))
        if png.suffix == ".png" and "jupyter_execute" in png.parts:
            picture = Image.open(png).convert("RGB")
            png.with_suffix(".webp").write_bytes(webp(picture))
            width = int(image.get("width", f"{picture.width // 2}px").removesuffix("px"))
            image["width"] = f"{width}px"
            image["height"] = f"{round(width * picture.height / picture.width)}px"
            image["uri"] = image["uri"].removesuffix(".png") + ".webp"
            image["loading"] = "lazy"


def link_terms(app, doctree):
    """Count glossary entries among the places on a page that a Markdown link may name."""
    for term in doctree.findall(nodes.term):
        places = app.env.metadata[app.env.docname].setdefault("myst_slugs", {})
        places |= {name: (term.line, name, term.astext()) for name in term["ids"]}


def polish_page(app, pagename, templatename, context, doctree):
    """Drop what would call another host; reserve room for pictures; let checklists be ticked."""
    body = context.get("body", "")
    # As attributes, width and height keep the room of a picture that shrinks to fit the window.
    body = re.sub(r'style="width: (\d+)px; height: (\d+)px;"', r'width="\1" height="\2"', body)
    # Roles and labels that contradict what they stand on: docutils' lists, MyST-NB's toggles.
    body = body.replace('role="doc-biblioentry"', 'role="listitem"')
    body = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")
    context["body"] = body
    offer_the_browser_first(context)
    toctree = context["generate_toctree_html"]
    context["generate_toctree_html"] = lambda *args, **options: str(toctree(*args, **options)).replace(
        "<summary>", '<summary aria-label="Pages below">'
    )
    if "task-list-item" in body:
        app.add_js_file("checklist.js", loading_method="defer", priority=100)  # before MathJax
    for kind in ("script_files", "css_files"):
        context[kind] = [asset for asset in context[kind] if not _loads_thebe(asset)]


def offer_the_browser_first(context):
    """Make the JupyterLite button relative, so that it holds wherever the site lies, and put it first."""
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            if button["text"] == "JupyterLite":
                target, _, query = button["url"].partition("?")
                button["url"] = f"{context['pathto'](target, resource=True)}?{query}"
        if group.get("label") == "launch-buttons":
            group["buttons"].sort(key=lambda button: button["text"] != "JupyterLite")


def _loads_thebe(asset):
    return "thebe" in f"{asset} {getattr(asset, 'attributes', '')}".lower()


def copy_mathjax(app, exception):
    """Copy the part of MathJax that pages load: TeX in, HTML and MathML out, its fonts."""
    if exception or app.builder.format != "html":
        return
    target = Path(app.outdir, "_static", "mathjax")
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(MATHJAX / "tex-chtml.js", target)
    for folder in ("input/tex/extensions", "output/chtml/fonts/woff-v2"):
        shutil.copytree(MATHJAX / folder, target / folder, dirs_exist_ok=True)
