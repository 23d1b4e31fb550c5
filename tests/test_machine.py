"""What a machine lacks is seen by trying, and said in a word that the closing paragraph knows."""

import pytest
from machine import without_bubblewrap


@pytest.fixture
def bwrap(tmp_path, monkeypatch):
    """A function that puts a program of this text in bubblewrap's place."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def put(text):
        (tmp_path / "bwrap").write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / "bwrap").chmod(0o755)

    return put


def test_a_machine_without_bubblewrap_is_told_so(bwrap):
    assert without_bubblewrap() == "bubblewrap is not installed"


def test_bubblewrap_that_may_make_no_namespaces_is_as_good_as_none(bwrap):
    bwrap("echo bwrap: No permissions to create new namespace >&2; exit 1")
    assert without_bubblewrap().startswith("user namespaces are forbidden: bwrap: No permissions")


def test_where_a_trial_runs_the_sandbox_is_tested(bwrap):
    bwrap("exit 0")
    assert without_bubblewrap() is None
