"""Fonts with the characters that the site shows, and no others.

The theme's icons lie in fonts of two thousand; the site shows some thirty of them.
"""

import hashlib
import re
import shutil
from pathlib import Path

from fontTools import subset, version

KEPT = Path(__file__).parents[1] / "_build" / "fonts"
ICON = re.compile(r"fa-([a-z][\w-]*)")
ICON_RULE = re.compile(r'((?:\.fa-[\w-]+(?::+before)?,?)+)\{content:"\\([0-9a-f]+)"\}')
CODE = re.compile(r"\\([ef][0-9a-f]{3})\b|([\ue000-\uf8ff])")


def setup(app):
    app.connect("build-finished", cut_icons)


def cut(font, codes, target):
    """Write the font with these characters (code points) as WOFF2; what was cut before is kept."""
    facts = f"{version} {sorted(codes)}".encode()
    kept = KEPT / f"{hashlib.sha256(font.read_bytes() + facts).hexdigest()}.woff2"
    if not kept.exists():
        options = subset.Options(flavor="woff2")
        loaded = subset.load_font(font, options)
        knife = subset.Subsetter(options)
        knife.populate(unicodes=codes)
        knife.subset(loaded)
        KEPT.mkdir(parents=True, exist_ok=True)
        subset.save_font(loaded, kept, options)
    shutil.copy(kept, target)


def cut_icons(app, exception):
    """Cut the theme's fonts of icons down to those that pages, scripts and styles name."""
    if exception or app.builder.format != "html":
        return
    out = Path(app.outdir)
    codes = icons(out)
    for whole in whole_fonts(app):
        cut(whole, codes, out / "_static" / "vendor" / "fontawesome" / "webfonts" / whole.name)


def whole_fonts(app):
    folders = [Path(theme) / "static" / "vendor" for theme in app.builder.theme.get_theme_dirs()]
    return [font for folder in folders for font in folder.glob("fontawesome/webfonts/*.woff2")]


def icons(site):
    """Return the code points of the icons that the site shows: named by a class or in a style."""
    scripts = [path for path in site.glob("_static/**/*.js") if path.name != "fontawesome.js"]
    pages = [path for path in site.rglob("*.html") if "lite" not in path.relative_to(site).parts]
    named = {name for path in [*pages, *scripts] for name in ICON.findall(path.read_text("utf-8"))}
    styles = "".join(path.read_text("utf-8") for path in site.glob("_static/**/*.css"))
    codes = {
        int(code, 16)
        for names, code in ICON_RULE.findall(styles)
        if named & set(ICON.findall(names.replace(":before", "")))
    }
    for code, character in CODE.findall(ICON_RULE.sub("", styles)):
        codes.add(int(code, 16) if code else ord(character))
    return codes
