"""The locks: what pyproject.toml's groups name, with everything underneath and with hashes."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GROUPS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
LOCKED = ["run", "build", "test", "installer", "node"]  # an environment grows in this order
LITE = {
    "book/lite/requirements.lock": "book/lite/requirements.txt",
    "book/lite/wheels.lock": "book/lite/wheels.txt",
}
LOCKS = [*(f"locks/{group}.txt" for group in LOCKED), *LITE]
PIN = re.compile(r"^([\w.-]+)==([^\s;\\]+)", re.MULTILINE)

each_lock = pytest.mark.parametrize("lock", LOCKS)


def read(name):
    return (ROOT / name).read_text("utf-8")


def pins(text):
    return {(re.sub(r"[-_.]+", "-", name).lower(), version) for name, version in PIN.findall(text)}


def named(group):
    """What a group asks for, with the groups that it includes."""
    return set().union(
        *(
            named(entry["include-group"]) if isinstance(entry, dict) else pins(entry)
            for entry in GROUPS[group]
        )
    )


@each_lock
def test_a_lock_holds_what_its_source_names(lock):
    wanted = pins(read(LITE[lock])) if lock in LITE else named(Path(lock).stem)
    assert wanted
    assert wanted <= pins(read(lock)), "the source has moved on: run `make lock`"


def test_what_readers_install_is_the_group_that_runs_the_course():
    lines = read("requirements.txt").splitlines()
    assert "-e ." in lines
    assert pins(read("requirements.txt")) == named("run")


def test_an_environment_that_grows_changes_no_version():
    run, build, test = (pins(read(f"locks/{group}.txt")) for group in ("run", "build", "test"))
    assert run < build < test


def test_building_installs_nothing_that_only_testing_needs_and_reading_nothing_of_either():
    names = {group: {name for name, _ in pins(read(f"locks/{group}.txt"))} for group in LOCKED}
    assert "sphinx" in names["build"]
    assert "sphinx" not in names["run"]
    assert not names["build"] & {"playwright", "uv", "zizmor", "ruff", "hypothesis", "distributed"}


@each_lock
def test_every_locked_package_has_hashes(lock):
    entries = re.split(r"\n(?=[a-zA-Z])", read(lock).partition("make lock\n")[2])
    assert len(entries) >= len(pins(read(lock))) > 0
    for entry in entries:
        assert "--hash=sha256:" in entry, entry


@each_lock
def test_a_lock_names_no_other_source_than_the_package_index(lock):
    assert not re.search(r"--(extra-)?index-url|--find-links|file:|git\+|https?:", read(lock))
