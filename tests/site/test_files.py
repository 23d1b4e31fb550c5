"""The built site as files: what search engines, link previews and screen readers are told."""

import functools
import re
from collections import Counter
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from built_site import PAGES, PREFIX, ROOT, SITE

pytestmark = pytest.mark.browser

THEME_PAGES = {"404.html", "search.html"}
OWN_PAGES = [page for page in PAGES if page not in THEME_PAGES]
# An exercise is its solution with the answers left out: the same figures stand on both.
ONCE = [page for page in OWN_PAGES if not page.startswith("exercises/")]


@functools.cache
def soup_of(page):
    return BeautifulSoup((SITE / page).read_text(), "html.parser")


def every_page():
    return ((page, soup_of(page)) for page in OWN_PAGES)


@pytest.mark.parametrize("page", OWN_PAGES)
def test_every_page_has_a_card_for_link_previews(site, page):
    meta = {
        m.get("name") or m.get("property"): m.get("content") for m in soup_of(page).find_all("meta")
    }
    assert len(meta["description"]) > 20
    assert meta["og:title"]
    assert meta["og:image:alt"]
    image = urlsplit(meta["og:image"]).path.removeprefix(PREFIX).lstrip("/")
    assert (site / image).stat().st_size > 1000


def test_no_two_pages_have_one_title_and_none_says_its_name_twice(site):
    titles = [soup.title.get_text() for _, soup in every_page()]
    assert len(set(titles)) == len(titles)
    for title in titles:
        parts = title.split(" — ")
        assert len(set(parts)) == len(parts), title


@pytest.mark.parametrize("page", OWN_PAGES)
def test_every_page_links_to_its_source_a_mistake_report_and_a_license(site, page):
    links = " ".join(a.get("href", "") for a in soup_of(page).find_all("a"))
    assert "/blob/main/" in links
    assert "/issues/new" in links
    assert "_sources/" in links
    assert "MIT License" in soup_of(page).find("footer", class_="bd-footer-content").get_text()


def test_notebooks_can_be_downloaded(site):
    for page, soup in every_page():
        for link in soup.select("a.btn-download-notebook-button, a.btn-download-source-button"):
            assert ((site / page).parent / link["href"]).is_file(), link


def test_the_sitemap_names_every_page_in_an_order_that_every_build_has(site):
    tree = ElementTree.parse(site / "sitemap.xml")
    paths = [
        urlsplit(loc.text).path.removeprefix(f"{PREFIX}/")
        for loc in tree.iter()
        if "loc" in loc.tag
    ]
    assert set(paths) == set(OWN_PAGES)
    assert paths == sorted(paths)


def test_the_site_has_an_icon_and_a_404_page_and_needs_no_jekyll(site):
    assert (site / "_static/favicon.svg").is_file()
    assert (site / "404.html").is_file()
    assert (site / ".nojekyll").is_file()


def pictures(soup):
    """What each picture of a page is said to show; one glass box may stand on two pages."""
    return [
        *(image.get("alt", "") for image in soup.select("article img")),
        *(
            box.get("aria-label", "")
            for box in soup.select("article [role=img]:not(.glass-box *, .training *)")
        ),
    ]


def test_every_figure_has_alt_text_of_its_own(site):
    alts = Counter()
    for page, soup in every_page():
        for alt in pictures(soup):
            assert len(alt) > 20, f"{page}: a picture has alt {alt!r}"
            assert not re.match(r"Figure size|.*\.(png|webp|svg)$", alt), f"{page}: {alt}"
            alts[alt] += page in ONCE
    assert [alt for alt, count in alts.items() if count > 1] == []


def test_every_caption_is_a_finding_of_its_own(site):
    captions = Counter(
        caption.get_text()
        for page in ONCE
        for caption in soup_of(page).select("figcaption .caption-text")
    )
    assert [text for text, count in captions.items() if count > 1] == []


def test_figures_are_drawn_in_the_page_and_sized(site):
    for page, soup in every_page():
        assert not soup.select(".cell_output img"), page
        for svg in soup.select(".picture > svg"):
            assert svg.get("width")
            assert svg.get("height")
            assert svg.get("role") == "img" or svg.find_parent(role="img"), page


def test_frames_lie_outside_the_pages(site):
    for _, soup in every_page():
        for explorer in soup.select(".explorer"):
            for variant in explorer["data-variants"].split():
                assert (
                    site / f"_static/explorers/{explorer['data-frames']}-{variant}.js"
                ).is_file()


def test_no_page_shows_a_failed_notebook(site):
    """Only a cell that says so (raises-exception) shows an error."""
    for page, soup in every_page():
        for error in soup.select(".output.traceback"):
            assert error.find_parent("div", class_="tag_raises-exception"), page


def test_every_chapter_has_moving_figures(site):
    chapters = [page for page in OWN_PAGES if page.startswith("chapters/0")]
    assert chapters
    counts = {page: len(soup_of(page).select(".explorer, .glass-box")) for page in chapters}
    assert all(count >= 2 for count in counts.values()), counts


def test_search_data_is_part_of_the_site():
    assert (SITE / "searchindex.js").stat().st_size > 1000


def test_every_part_by_others_is_named_with_its_license():
    listed = (ROOT / "LICENSES.md").read_text("utf-8").lower()
    wheels = {path.name.split("-")[0] for path in (SITE / "lite" / "pypi").glob("*.whl")} - {
        "mlp_lib"
    }
    manifests = (SITE / "lite" / "extensions").rglob("package.json")
    extensions = {path.parent.name for path in manifests} - {
        "pyodide-kernel-extension",
        "jupyterlab-manager",
    }
    assert len(wheels) > 2
    assert extensions
    assert not {part for part in wheels | extensions if part.lower() not in listed}
