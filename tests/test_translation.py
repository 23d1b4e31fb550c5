"""The site can be translated: a pseudo-translation of a page and a notebook builds and shows."""

import io
from pathlib import Path

import nbformat
import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from sphinx.cmd.build import main as sphinx

ROOT = Path(__file__).parents[1]
CONF = """
extensions = ["myst_nb", "sphinx_design", "book.translation"]
nb_execution_mode = "off"
myst_enable_extensions = {extensions!r}
locale_dirs = ["locale"]
gettext_compact = False
suppress_warnings = ["myst.xref_missing"]  # most pages are left out here
"""
LANGUAGE = "eo"  # in which everything stands between brackets, and is English otherwise


def pseudo(catalogue):
    """Return a translated catalogue, ready for Sphinx."""
    messages = read_po(io.BytesIO(catalogue.read_bytes()), locale=LANGUAGE)
    for message in messages:
        if message.id:
            message.string = f"⟦{message.id}⟧"
    translated = io.BytesIO()
    write_mo(translated, messages)
    return translated.getvalue()


@pytest.fixture(scope="module")
def translated(tmp_path_factory):
    """The folder of the translated pages."""
    folder = tmp_path_factory.mktemp("translated")
    source, pots, site = (folder / name for name in ("source", "gettext", "html"))
    source.mkdir()
    config = (ROOT / "_config.yml").read_text("utf-8")
    extensions = config.split("myst_enable_extensions: [")[1].split("]")[0].split(", ")
    (source / "conf.py").write_text(CONF.format(extensions=extensions), "utf-8")
    notebook = nbformat.read(ROOT / "chapters" / "04_linear_layer_gradients.ipynb", as_version=4)
    notebook.cells = notebook.cells[:10]
    nbformat.write(notebook, source / "chapter.ipynb")
    (source / "page.md").write_text(
        (ROOT / "chapters" / "accessibility.md").read_text("utf-8"), "utf-8"
    )
    (source / "index.md").write_text("# Start\n\n```{toctree}\npage\nchapter\n```\n", "utf-8")
    assert sphinx(["-Q", "-b", "gettext", str(source), str(pots)]) == 0
    for pot in pots.glob("*.pot"):
        target = source / "locale" / LANGUAGE / "LC_MESSAGES" / f"{pot.stem}.mo"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(pseudo(pot))
    assert sphinx(["-Q", "-b", "html", "-D", f"language={LANGUAGE}", str(source), str(site)]) == 0
    return site


@pytest.mark.slow
@pytest.mark.parametrize("page", ["page", "chapter"])
def test_every_title_paragraph_and_item_is_translated(translated, page):
    article = BeautifulSoup((translated / f"{page}.html").read_text("utf-8"), "html.parser").find(
        role="main"
    )
    blocks = article.select("h1, h2, h3, p:not(.sd-card-text p p)")
    texts = [text for text in (" ".join(block.get_text().split()) for block in blocks) if text]
    assert len(texts) > 10
    for text in texts:
        assert text.startswith("⟦"), text
        assert "⟧" in text, text


@pytest.mark.slow
def test_formulas_and_code_stay_as_they_are(translated):
    page = (translated / "chapter.html").read_text("utf-8")
    assert r"z_i = \sum_{j=1}^{D} W_{ij}\,x_j + b_i" in page
    assert "numerical_gradient" in page
