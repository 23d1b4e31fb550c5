"""Photograph every explorer of the built site: ``python -m book.gallery SITE FOLDER``.

One page shows each in its start, a middle and its last frame: light, dark and on a phone.
"""

import sys
from html import escape
from pathlib import Path

from .browser import start

LOOKS = {
    "light": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "is_mobile": True},
}
PLACES = {"start": None, "middle": 0.5, "last": 1}
LOADED = "root => root.querySelector('.picture').dataset.place !== undefined"
MOVE = """(root, share) => {
  for (const axis of root.querySelectorAll("[data-axis]")) {
    const inputs = [...axis.querySelectorAll("input")];
    if (inputs.length > 1) inputs[Math.round(share * (inputs.length - 1))].checked = true;
    else inputs[0].value = Math.round(share * inputs[0].max);
  }
  root.dispatchEvent(new Event("input"));
}"""
PAGE = """<!doctype html><meta charset="utf-8"><title>Gallery</title>
<style>
  body {{ font: 15px/1.5 sans-serif; margin: 1rem; background: #999; }}
  img {{ max-width: 24%; margin: 2px; vertical-align: top; }}
</style><h1>Every explorer: start, middle, last</h1>{rows}"""


def photograph(browser, site, folder):
    """Write the pictures and ``index.html`` into the folder; return the number of explorers."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = [
        path
        for path in sorted(site.rglob("*.html"))
        if 'class="explorer"' in path.read_text("utf-8")
    ]
    shots = {}
    for path in pages:
        name = path.relative_to(site).with_suffix("").as_posix()
        for look, options in LOOKS.items():
            page = browser.new_page(**options)
            page.goto(path.as_uri())
            for number, explorer in enumerate(page.locator(".explorer").all(), 1):
                explorer.scroll_into_view_if_needed()
                page.wait_for_function(LOADED, arg=explorer.element_handle())
                for place, share in PLACES.items():
                    if share is not None:
                        explorer.evaluate(MOVE, share)
                    file = f"{name.replace('/', '-')}-{number}-{look}-{place}.png"
                    explorer.screenshot(path=folder / file)
                    shots.setdefault((name, number), []).append(file)
            page.close()
    (folder / "index.html").write_text(
        PAGE.format(rows="".join(map(row, shots, shots.values()))), "utf-8"
    )
    return len(shots)


def row(explorer, files):
    name, number = explorer
    pictures = "".join(f'<img src="{escape(file)}" alt="{escape(file)}">' for file in files)
    return f"<h2>{escape(name)}, explorer {number}</h2>{pictures}"


def main(site, folder):
    with start() as browser:
        count = photograph(browser, Path(site).resolve(), Path(folder))
    print(f"{count} explorers: open {folder}/index.html")


if __name__ == "__main__":
    main(*sys.argv[1:])
