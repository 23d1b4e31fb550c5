"""The lock: what the three requirements.txt name, with everything underneath and with hashes."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PIN = re.compile(r"^([\w.-]+)==([^\s;\\]+)", re.MULTILINE)


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text):
    return {(canonical(name), version) for name, version in PIN.findall(text)}


def test_the_lock_follows_the_requirements():
    for name in ("requirements.txt", "book/requirements.txt", "tests/requirements.txt"):
        named = pins((ROOT / name).read_text("utf-8"))
        assert named
        missing = named - pins(LOCK)
        assert not missing, f"{name} has moved on: run `make lock`"


def test_every_locked_package_has_hashes():
    entries = re.split(r"\n(?=[a-zA-Z])", LOCK.partition("make lock\n")[2])
    assert len(entries) > 100
    for entry in entries:
        assert "--hash=sha256:" in entry, entry


def test_the_lock_names_no_other_source_than_the_package_index():
    assert not re.search(r"--(extra-)?index-url|--find-links|file:|git\+|https?:", LOCK)
