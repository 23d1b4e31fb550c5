"""Where the course lives: the URLs in pyproject.toml, and every file that repeats them.

``python -m book.address`` writes pyproject.toml's address into the other files;
``python -m book.address OWNER/NAME`` puts that repository, on GitHub Pages, into pyproject.toml
first.
"""

import re
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
GITHUB = "https://github.com/"
PLACES = (
    *("_config.yml", "CITATION.cff", "*.md"),
    *("chapters/*", "exercises/*.ipynb", "solutions/*.ipynb", "library/*.md"),
)


def read(root=ROOT):
    """Return {"repository": owner/name, "site": address, "path": its part below the host}."""
    urls = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
    return _address(urls["Repository"], urls["Homepage"])


def write(repository=None, root=ROOT):
    """Write the address into every file that names another one; return the files that changed."""
    changed = []
    if repository:
        changed += _set(root, repository)
    new = read(root)
    old = _in_config(root)
    for path in files(root):
        text = path.read_text("utf-8")
        moved = _moved(text, old, new)
        if moved != text:
            path.write_text(moved, "utf-8", newline="\n")
            changed.append(path)
    return changed


def files(root=ROOT):
    """The files that may name the address."""
    return [path for place in PLACES for path in sorted(root.glob(place)) if path.is_file()]


def _set(root, repository):
    """Put the repository into pyproject.toml."""
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        sys.exit(f"A repository is named OWNER/NAME; got {repository!r}")
    owner, name = repository.split("/")
    host = f"{owner.lower()}.github.io"
    site = f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"
    path = root / "pyproject.toml"
    text = path.read_text("utf-8")
    new = re.sub(r'(?m)^Homepage = ".*"$', f'Homepage = "{site}"', text)
    new = re.sub(r'(?m)^Repository = ".*"$', f'Repository = "{GITHUB}{repository}"', new)
    if new == text or repository == read(root)["repository"]:
        return []
    path.write_text(new, "utf-8", newline="\n")
    return [path]


def _in_config(root):
    """The address that the files have so far."""
    text = (root / "_config.yml").read_text("utf-8")
    return _address(
        re.search(r"(?m)^repository:\n  url: (\S+)$", text)[1],
        re.search(r"(?m)^  baseurl: (\S+)$", text)[1],
    )


def _address(repository, site):
    path = urlsplit(site).path
    return {"repository": repository.removeprefix(GITHUB), "site": site, "path": path}


def _moved(text, old, new):
    """The text with the new address wherever it has the old one."""
    name, new_name = (address["repository"].split("/")[1] for address in (old, new))
    text = text.replace(old["site"], new["site"])
    text = re.sub(rf"(?<![\w.-]){re.escape(old['repository'])}(?![\w-])", new["repository"], text)
    text = re.sub(rf"(?m)^cd {re.escape(name)}$", f"cd {new_name}", text)
    return text.replace(
        f"notfound_urls_prefix: {old['path']}\n", f"notfound_urls_prefix: {new['path']}\n"
    )


if __name__ == "__main__":
    for path in write(*sys.argv[1:]):
        print(path.relative_to(ROOT).as_posix())
