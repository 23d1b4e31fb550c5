"""The rocket at the top of a notebook's page: each way in leads to this notebook."""

import re
import threading
import urllib.request

import pytest
from built_site import PAGES, ROOT, SITE

from book import address, serve

pytestmark = [pytest.mark.slow, pytest.mark.browser]
NOTEBOOKS = [
    path.relative_to(ROOT).as_posix()
    for folder in ("chapters", "exercises", "solutions")
    for path in sorted(ROOT.glob(f"{folder}/*.ipynb"))
]
NAME = address.read()["repository"]
WAYS = {
    "JupyterLite": "../lite/notebooks/index.html?path={}",
    "Binder": f"https://mybinder.org/v2/gh/{NAME}/main?urlpath=lab/tree/{{}}",
    "Colab": f"https://colab.research.google.com/github/{NAME}/blob/main/{{}}",
}


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_each_button_opens_this_very_notebook(site, notebook):
    page = (site / notebook).with_suffix(".html").read_text("utf-8")
    places = [page.find(f'href="{way.format(notebook)}"') for way in WAYS.values()]
    assert -1 not in places
    assert places == sorted(places), "the way that needs no other host comes first"


def test_what_the_browsers_button_opens_is_built():
    assert (SITE / "lite" / "notebooks" / "index.html").is_file()
    for notebook in NOTEBOOKS:
        assert (SITE / "lite" / "files" / notebook).is_file()


def test_pages_without_code_offer_no_way_to_run_them(site):
    for page in ("index.html", "chapters/notation.html", "library/index.html"):
        assert "dropdown-launch-buttons" not in (site / page).read_text("utf-8"), page


def test_every_link_inside_the_site_is_relative(site):
    home = address.read()["site"]
    for page in PAGES:
        if page == "404.html":  # is shown at any depth
            continue
        links = re.findall(r'<a [^>]*href="([^"]*)"', (site / page).read_text("utf-8"))
        assert links
        assert [link for link in links if link.startswith(("/", home))] == [], page


def test_over_file_the_button_says_how_to_serve(open_page):
    page = open_page(NOTEBOOKS[0].replace(".ipynb", ".html"))
    page.locator(".dropdown-launch-buttons > button").click()
    assert "python -m http.server" in page.locator(".launch-note").inner_text()
    assert page.get_by_role("link", name="JupyterLite").count() == 0


def test_make_serve_shows_the_site_and_jupyterlite_beside_it(site):
    with serve.server(site) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        for path in ("", "lite/notebooks/index.html"):
            with urllib.request.urlopen(f"http://127.0.0.1:{running.server_port}/{path}") as answer:
                assert answer.status == 200
        running.shutdown()
