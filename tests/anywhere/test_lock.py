"""The locks: what the requirements name, with everything underneath and with hashes."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = {
    "requirements.lock": ["requirements.txt", "book/requirements.txt", "tests/requirements.txt"],
    "book/lite/requirements.lock": ["book/lite/requirements.txt"],
    "book/lite/wheels.lock": ["book/lite/wheels.txt"],
}
PIN = re.compile(r"^([\w.-]+)==([^\s;\\]+)", re.MULTILINE)

each_lock = pytest.mark.parametrize("lock", SOURCES)


def read(name):
    return (ROOT / name).read_text("utf-8")


def pins(text):
    return {(re.sub(r"[-_.]+", "-", name).lower(), version) for name, version in PIN.findall(text)}


@each_lock
def test_a_lock_follows_its_requirements(lock):
    for name in SOURCES[lock]:
        named = pins(read(name))
        assert named
        assert named <= pins(read(lock)), f"{name} has moved on: run `make lock`"


@each_lock
def test_every_locked_package_has_hashes(lock):
    entries = re.split(r"\n(?=[a-zA-Z])", read(lock).partition("make lock\n")[2])
    assert len(entries) >= len(pins(read(lock))) > 3
    for entry in entries:
        assert "--hash=sha256:" in entry, entry


@each_lock
def test_a_lock_names_no_other_source_than_the_package_index(lock):
    assert not re.search(r"--(extra-)?index-url|--find-links|file:|git\+|https?:", read(lock))
