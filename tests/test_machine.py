"""What a machine lacks is seen by trying, and said in a word that the closing paragraph knows."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from machine import without_bubblewrap

ROOT = Path(__file__).parents[1]


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


# Before any test is collected: what only a Unix has is gone.
NO_UNIX = """
import builtins, os, select, signal, sys

def pytest_collection():
    for name in ("fcntl", "resource"):
        sys.modules[name] = None
    for module, names in (
        (os, "sysconf getuid geteuid getpgrp killpg mkfifo fork"),
        (signal, "SIGKILL SIGSTOP SIGUSR1 SIGPROF SIGALRM setitimer"),
        (select, "poll"),
    ):
        for name in names.split():
            delattr(module, name)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="what is taken away has to be there")
def test_the_tests_of_every_system_are_found_where_there_is_no_unix(tmp_path):
    (tmp_path / "no_unix.py").write_text(NO_UNIX)
    line = [sys.executable, "-m", "pytest", "-p", "no_unix", "--collect-only", "-q", "tests"]
    line += ["mlp_lib", "--ignore=tests/anywhere", "--ignore=tests/site"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]
