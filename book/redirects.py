"""Pages at old addresses that lead to where their text is now, the place on the page included."""

from pathlib import Path

MOVED = {
    "03_linear_layer_gradients": "04_linear_layer_gradients",
    "04_softmax_cross_entropy": "06_softmax_cross_entropy",
    "05_initialization": "07_initialization",
    "06_training": "08_training",
}
FOLDERS = ("chapters", "exercises", "solutions")
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>This page has moved</title>
<meta name="robots" content="noindex">
<link rel="canonical" href="{target}">
<script>location.replace("{target}" + location.search + location.hash)</script>
<meta http-equiv="refresh" content="0; url={target}">
<p>This page has moved: <a href="{target}">{target}</a></p>
</html>
"""


def addresses():
    """Return every old address, below the site's root."""
    return {f"{folder}/{old}.html" for folder in FOLDERS for old in MOVED}


def write(site):
    """Write a page for every old address into the built site."""
    for folder in FOLDERS:
        for old, new in MOVED.items():
            Path(site, folder, f"{old}.html").write_text(PAGE.format(target=f"{new}.html"), "utf-8")
