"""The rocket at the top of a notebook's page: each way in leads to this notebook."""

import pytest
import yaml
from built_site import PREFIX, ROOT, SITE

pytestmark = [pytest.mark.slow, pytest.mark.browser]
NOTEBOOKS = [
    path.relative_to(ROOT).as_posix()
    for folder in ("chapters", "exercises", "solutions")
    for path in sorted(ROOT.glob(f"{folder}/*.ipynb"))
]
REPOSITORY = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["repository"]["url"]
NAME = REPOSITORY.removeprefix("https://github.com/")
WAYS = {
    "Binder": f"https://mybinder.org/v2/gh/{NAME}/main?urlpath=lab/tree/{{}}",
    "Colab": f"https://colab.research.google.com/github/{NAME}/blob/main/{{}}",
    "JupyterLite": f"{PREFIX}/lite/notebooks/index.html?path={{}}",
}


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_each_button_opens_this_very_notebook(site, notebook):
    page = (site / notebook).with_suffix(".html").read_text("utf-8")
    for way, address in WAYS.items():
        assert f'href="{address.format(notebook)}"' in page, way


def test_what_the_browsers_button_opens_is_built():
    assert (SITE / "lite" / "notebooks" / "index.html").is_file()
    for notebook in NOTEBOOKS:
        assert (SITE / "lite" / "files" / notebook).is_file()


def test_pages_without_code_offer_no_way_to_run_them(site):
    for page in ("index.html", "chapters/notation.html", "library/index.html"):
        assert "dropdown-launch-buttons" not in (site / page).read_text("utf-8"), page
