"""The machine's Chromium, found and started in one way for the tests and for `make pdf`."""

import contextlib
import os
import shutil

NAMES = (
    "chromium-headless-shell",  # opens a page in half the time: it draws no window around it
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()
MISSING = (
    "no Chromium on this machine: on Debian and Ubuntu, apt install chromium; "
    "else CHROMIUM=its path"
)


def find():
    """Return the path of the browser, the environment variable CHROMIUM first, or None."""
    return next(filter(None, map(shutil.which, [os.environ.get("CHROMIUM", ""), *NAMES])), None)


@contextlib.contextmanager
def start():
    """``with start() as browser``: a running Chromium; RuntimeError if there is none."""
    path = find()
    if path is None:
        raise RuntimeError(MISSING)
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        except Error as error:
            raise RuntimeError(f"{path} does not start: {error.message.splitlines()[0]}") from None
        yield browser
        browser.close()
