"""The course's address: it stands in pyproject.toml, and every file that repeats it agrees."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from book import address

ROOT = Path(__file__).parents[2]
HERE = address.read()


@pytest.fixture
def copy(tmp_path):
    """A copy of the files that may name the address."""
    for path in [ROOT / "pyproject.toml", *address.files()]:
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(exist_ok=True)
        shutil.copy(path, target)
    return tmp_path


def contents(root):
    return {
        path.relative_to(root): path.read_bytes()
        for path in [root / "pyproject.toml", *address.files(root)]
    }


def test_the_files_have_the_address_that_pyproject_names():
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    assert config["repository"]["url"] == f"https://github.com/{HERE['repository']}"
    assert config["html"]["baseurl"] == config["sphinx"]["config"]["ogp_site_url"] == HERE["site"]
    assert config["sphinx"]["config"]["notfound_urls_prefix"] == HERE["path"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["repository-code"] == config["repository"]["url"]
    assert citation["url"] == HERE["site"]
    for name in ("README.md", "index.md"):
        assert HERE["repository"] in (ROOT / name).read_text("utf-8")


def test_writing_the_same_address_changes_nothing(copy):
    before = contents(copy)
    assert address.write(root=copy) == []
    assert address.write(HERE["repository"], root=copy) == []
    assert contents(copy) == before


def test_one_command_moves_the_course_and_moves_it_back(copy):
    before = contents(copy)
    changed = address.write("Ann/backprop-2", root=copy)
    assert len(changed) > 20
    assert address.read(copy) == {
        "repository": "Ann/backprop-2",
        "site": "https://ann.github.io/backprop-2/",
        "path": "/backprop-2/",
    }
    for path, text in contents(copy).items():
        assert HERE["repository"].encode() not in text, path
        assert HERE["site"].encode() not in text, path
    assert b"\ncd backprop-2\n" in contents(copy)[Path("index.md")]
    address.write(HERE["repository"], root=copy)
    assert contents(copy) == before


def test_a_site_of_its_own_lies_at_the_root(copy):
    address.write("ann/ann.github.io", root=copy)
    assert address.read(copy)["site"] == "https://ann.github.io/"
    assert "notfound_urls_prefix: /\n" in (copy / "_config.yml").read_text("utf-8")


def test_a_domain_of_ones_own_is_taken_from_pyproject(copy):
    text = (copy / "pyproject.toml").read_text("utf-8")
    (copy / "pyproject.toml").write_text(
        text.replace(HERE["site"], "https://course.example/mlp/"), "utf-8"
    )
    assert address.write(root=copy)
    assert "baseurl: https://course.example/mlp/\n" in (copy / "_config.yml").read_text("utf-8")
    assert HERE["repository"] in (copy / "README.md").read_text("utf-8")


def test_no_other_file_names_the_address():
    """Else a fork would keep a link to where it came from."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git repository")
    known = {ROOT / "pyproject.toml", *address.files()}
    for path in map(ROOT.joinpath, listed.stdout.splitlines()):
        if path not in known and path.is_file():
            content = path.read_bytes()
            assert HERE["repository"].encode() not in content, path
            assert HERE["site"].encode() not in content, path
