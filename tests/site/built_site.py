"""The built site: where it lies, which pages it has, what a page asks for."""

import functools
import gzip
import os
import urllib.parse
from pathlib import Path

from book import address, redirects

ROOT = Path(__file__).parents[2]
SITE = Path(os.environ.get("SITE", ROOT / "_build" / "html"))
SCREENSHOTS = ROOT / "_build" / "screenshots"
PREFIX = address.read()["path"].rstrip("/")  # as it is published: below the host's root
PAGES = sorted(
    path.relative_to(SITE).as_posix()
    for path in SITE.rglob("*.html")
    if not {"_static", "lite"} & set(path.relative_to(SITE).parts)
    and path.relative_to(SITE).as_posix() not in redirects.addresses()
) or ["index.html"]
CHAPTERS = [page for page in PAGES if page.startswith("chapters/0")]
LOAD_PICTURES = """async () => {
  const pictures = [...document.images];
  pictures.forEach(picture => picture.loading = "eager");
  await Promise.allSettled(pictures.map(picture => picture.decode()));
  return pictures.filter(picture => !picture.naturalWidth).map(picture => \
picture.src.slice(0, 200));
}"""


def listen(page):
    """Collect the page's console errors and warnings, and its requests, from now on."""
    seen = {"console": [], "requests": []}
    page.on(
        "console",
        lambda m: seen["console"].append(m.text) if m.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: seen["console"].append(str(error)))
    page.on("request", lambda request: seen["requests"].append(request.url))
    return seen


def settle(page):
    """Wait until texts and formulas have their fonts."""
    page.evaluate("document.fonts.ready.then(() => true)")


def fade(page):
    """Wait until colors that fade over have done so."""
    page.wait_for_function("document.getAnimations().every(one => one.playState !== 'running')")


def at_rest(page, read):
    """Return what is read when it has come to rest: on a busy machine that may take a while."""
    for _ in range(60):
        seen = read()
        page.wait_for_timeout(700)
        if read() == seen:
            return seen
    raise AssertionError(f"it never comes to rest; last it was {seen!r}")


def transferred(urls, pyodide=None):
    """Bytes that the pages at these local addresses cost over the wire, text gzipped.

    pyodide: the folder that lies beside the site, as ``lite/static/pyodide/``.
    """
    return sum(_wire_bytes(url, pyodide) for url in {url.partition("?")[0] for url in urls})


@functools.cache
def _wire_bytes(url, pyodide):
    if not url.startswith("http"):
        return 0  # data: is part of the page that holds it
    inside = urllib.parse.urlsplit(url).path.removeprefix(PREFIX).lstrip("/")
    beside = inside.removeprefix("lite/static/pyodide/")
    path = Path(pyodide, beside) if pyodide and beside != inside else SITE / inside
    content = path.read_bytes() if path.is_file() else b""
    packed = path.suffix in (".woff2", ".png", ".webp", ".whl", ".zip")
    return len(content) if packed else len(gzip.compress(content, 6))
