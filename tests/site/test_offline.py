"""Kept offline: after a click the course is read and practised without a network."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from built_site import PAGES, PREFIX
from practice_page import CHAPTERS, FIRST, PracticePage

from book.lite import PYODIDE_URL
from book.practice import PYODIDE_BESIDE

PYODIDE = os.environ.get("PYODIDE_TEST")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(
        not PYODIDE or PYODIDE == "cdn",
        reason="no Pyodide beside the site, whose network could be cut: PYODIDE_TEST=DIR names one",
    ),
]
KEPT = [path.replace(".ipynb", ".html") for path in (FIRST, CHAPTERS[2])]
RIGHT = "def relu(z):\n    return np.maximum(z, 0)\n"
CACHES = "() => caches.keys()"
TAKEN_OVER = """async ending => {
  for (;;) {
    const names = await caches.keys();
    if (names.length === 2 && names.some(name => name.endsWith(ending))) return;
    await new Promise(resolve => setTimeout(resolve, 200));
  }
}"""


@pytest.fixture
def small(site, tmp_path):
    """A site of two pages, with Pyodide in it."""
    small = tmp_path / "site"
    for page in KEPT:
        (small / page).parent.mkdir(parents=True)
        shutil.copy(site / page, small / page)
    shutil.copytree(site / "_static", small / "_static", ignore=shutil.ignore_patterns("explorers"))
    shutil.copy(site / "offline.js", small)
    for script in (small / "offline.js", small / "_static" / "practice" / "contents.js"):
        script.write_text(script.read_text("utf-8").replace(PYODIDE_URL, PYODIDE_BESIDE), "utf-8")
    beside = small / PYODIDE_BESIDE
    beside.parent.parent.mkdir(parents=True)
    beside.parent.symlink_to(Path(PYODIDE).resolve())
    list_files(small)
    return small


def list_files(small, version=None):
    """Write into the service worker which files there are, as the build does."""
    files = [
        *KEPT,
        *(p.relative_to(small).as_posix() for p in (small / "_static").rglob("*") if p.is_file()),
    ]
    script = (small / "offline.js").read_text("utf-8")
    script = re.sub(
        r"(?m)^const FILES = .*$", lambda found: f"const FILES = {json.dumps(files)};", script
    )
    if version:
        script = re.sub(r"(?m)^const VERSION = .*$", f'const VERSION = "{version}";', script)
    (small / "offline.js").write_text(script, "utf-8")


def opened(context, address, path):
    page = context.new_page()
    page.set_default_timeout(180_000)
    page.goto(f"{address}/{path}")
    return page


def kept(page):
    """Press the button and wait until all is kept."""
    page.get_by_role("button", name="Keep offline").click()
    page.wait_for_function(
        "/^(Kept|It could not)/"
        ".test(document.querySelector('.practice-top [role=status]').textContent)"
    )
    assert page.locator(".practice-top [role=status]").inner_text().startswith("Kept, in ")


def test_the_service_worker_knows_every_page_and_names_this_build(site):
    script = (site / "offline.js").read_text("utf-8")
    files = json.loads(re.search(r"(?m)^const FILES = (.*);$", script)[1])
    assert set(PAGES) <= set(files)
    assert not [file for file in files if file.startswith("lite/") or not (site / file).is_file()]
    assert re.search(r'(?m)^const VERSION = "[0-9a-f]{12}";$', script)


def test_without_a_network_a_kept_course_is_read_and_practised(browser, serve, small):
    context = browser.new_context()
    with serve(small, PREFIX) as address:
        page = opened(context, address, KEPT[0])
        registered = "navigator.serviceWorker.getRegistrations().then(found => found.length)"
        assert page.evaluate(registered) == 0
        kept(page)
        page.close()
    # The server has gone.
    practice = PracticePage(opened(context, address, KEPT[0]))
    assert practice.check("relu", RIGHT).startswith("✓ relu")
    assert opened(context, address, KEPT[1]).locator("article h1").is_visible()
    context.close()


def test_the_next_build_replaces_what_was_kept_and_forgetting_removes_it(browser, serve, small):
    context = browser.new_context()
    with serve(small, PREFIX) as address:
        page = opened(context, address, KEPT[0])
        kept(page)
        before = page.evaluate(CACHES)
        path = small / KEPT[0]
        path.write_text(path.read_text("utf-8").replace("</h1>", " in a new edition</h1>"), "utf-8")
        list_files(small, "of-tomorrow")
        page.reload()  # still what was kept; the browser looks for a new service worker
        page.evaluate(TAKEN_OVER, ":of-tomorrow")
        page.reload()
        assert "in a new edition" in page.locator("article h1").inner_text()
        after = page.evaluate(CACHES)
        assert len(before) == len(after) == 2
        assert len(set(before) & set(after)) == 1, "Python is not fetched again"
        page.get_by_role("button", name="Forget offline copy").click()
        page.get_by_text("Forgotten:").wait_for()
        assert page.evaluate(CACHES) == []
    context.close()
