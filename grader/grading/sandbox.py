"""One isolated process per check, made by bubblewrap.

Inside there is a Python, NumPy, a few files of ours, IPython's transformer of cells and a small
/tmp; nothing else of the disk, no network, no other process and no way to start one.  Killing
bubblewrap kills all of it.
"""

import compileall
import functools
import importlib.util
import os
import re
import select
import shutil
import signal
import site
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

import numpy as np

from . import bounds
from .scratch import Scratch
from .seccomp import filter_file

GRADER = Path(__file__).resolve().parent.parent
INSIDE = (
    "call.py",
    "explain.py",
    "floating.py",
    "limits.py",
    *(f"grading/{name}.py" for name in ("bounds", "cells", "wire", "worker")),
)
IPYTHON = ("core/inputtransformer2.py", "utils/tokenutil.py")
LAST_BREATH = 2  # seconds that a killed sandbox may take to be gone
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}
START = "import sys; sys.path[:0] = sys.argv[1:]; from grader.grading.worker import main; main()"


class SandboxError(Exception):
    """The sandbox itself failed: nobody's answer is to blame."""


class Sandbox:
    """A running worker; kind is "bwrap" or "none".  The wire is .source (from it) and .sink."""

    def __init__(self, kind):
        python = [os.path.realpath(sys.executable), "-I", "-S", "-c", START]
        self.errors = tempfile.TemporaryFile()
        self.about, told = os.pipe()  # where bubblewrap tells the worker's process id
        if kind == "none":
            command, filters = [*python, str(_stage()), str(_NUMPY.parent)], None
        else:
            filters = filter_file()
            command = [*_bubblewrap(filters, told), *python, "/grade", "/libraries"]
        try:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self.errors,
                env=ENVIRONMENT,
                cwd=tempfile.gettempdir(),
                pass_fds=[told] if filters is None else [told, filters.fileno()],
                start_new_session=True,
                bufsize=0,
            )
        except OSError as error:
            os.close(self.about)
            self.errors.close()
            raise SandboxError(f"{command[0]} does not start: {error}") from None
        finally:
            os.close(told)
            if filters is not None:
                filters.close()
        self.worker = self.process.pid if kind == "none" else None
        self.told, self.used = b"", 0.0
        self.sink, self.source = self.process.stdin.fileno(), self.process.stdout.fileno()
        for pipe in (self.sink, self.source):
            os.set_blocking(pipe, False)

    def cpu(self):
        """Return the CPU seconds that the worker has taken, as the kernel counts them."""
        while self.worker is None and select.select([self.about], [], [], 0)[0]:
            said = os.read(self.about, 4096)
            self.told += said
            pid = re.search(rb'"child-pid": (\d+)\D', self.told)
            self.worker = int(pid[1]) if pid else None if said else self.process.pid
        try:
            with open(f"/proc/{self.worker}/stat", "rb") as file:
                fields = file.read().rpartition(b")")[2].split()
            self.used = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except OSError:
            pass  # it is gone
        return self.used

    def complaint(self):
        """What bubblewrap or a Python that did not start had to say."""
        self.errors.seek(0)
        return self.errors.read(2000).decode(errors="replace").strip()

    def stop(self):
        """Kill the worker and whatever it started."""
        if self.process.stdout.closed:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self._drain()
        self.process.stdin.close()
        self.process.stdout.close()
        self.errors.close()
        os.close(self.about)

    def _drain(self):
        """Wait until nobody holds the other end: bubblewrap dies before its inside does."""
        deadline = time.monotonic() + LAST_BREATH
        poll = select.poll()
        poll.register(self.source, select.POLLIN)
        while time.monotonic() < deadline:
            if poll.poll(100) and not os.read(self.source, 1 << 16):
                break


# --- what is inside -------------------------------------------------------------------------------

_NUMPY = Path(np.__file__).parent


@functools.cache
def _scratch():
    return Scratch()


@functools.cache
def _stage():
    """Copy the files of the inside where they stand alone, compiled."""
    folder = Path(_scratch().path)
    ipython = Path(importlib.util.find_spec("IPython").origin).parent
    copies = [(GRADER / name, folder / "grader" / name) for name in INSIDE]
    copies += [(ipython / name, folder / "IPython" / name) for name in IPYTHON]
    for original, copy in copies:
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(original, copy)
    (folder / "IPython" / "__init__.py").touch()
    compileall.compile_dir(folder, quiet=2)
    folder.chmod(0o755)
    return folder


def clear():
    """Remove the copies; the next sandbox of this process makes them anew."""
    _scratch().remove()
    for made in (_scratch, _stage, _binds):
        made.cache_clear()


@functools.cache
def _binds():
    """Bubblewrap's options for the disk: Python, its libraries, NumPy, our files."""
    options = ["--proc", "/proc", "--dev", "/dev", "--size", str(bounds.DISK), "--tmpfs", "/tmp"]
    prefix = Path(sys.base_prefix).resolve()
    libraries = Path("/usr/lib", sysconfig.get_config_var("MULTIARCH") or "")
    system = [libraries, "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/alternatives"]
    for path in map(Path, system):
        if path.is_symlink():
            options += ["--symlink", os.readlink(path), str(path)]
        elif path.exists():
            options += ["--ro-bind", str(path), str(path)]
    seen = [libraries]
    for path in (prefix / "lib", Path(sysconfig.get_path("stdlib")).resolve()):
        if not any(path.is_relative_to(other) for other in seen):
            options += ["--ro-bind", str(path), str(path)]
            seen.append(path)
    python = os.path.realpath(sys.executable)
    options += ["--ro-bind", python, python]
    packages = [*site.getsitepackages([sys.base_prefix, sys.prefix]), "/usr/lib/python3"]
    hidden = []  # mlp_lib, the checks or the solutions could be installed there
    for path in sorted({Path(p).resolve() for p in [*packages, GRADER.parent]}):
        visible = any(path.is_relative_to(other) for other in seen)
        if path.is_dir() and visible and not any(path.is_relative_to(other) for other in hidden):
            options += ["--tmpfs", str(path), "--remount-ro", str(path)]
            hidden.append(path)
    options += ["--ro-bind", str(_stage()), "/grade"]
    options += ["--ro-bind", str(_NUMPY), "/libraries/numpy"]
    beside = _NUMPY.parent / "numpy.libs"
    if beside.is_dir():
        options += ["--ro-bind", str(beside), "/libraries/numpy.libs"]
    return [*options, "--chdir", "/tmp", "--remount-ro", "/dev", "--remount-ro", "/"]


def _bubblewrap(filters, told):
    program = shutil.which("bwrap")
    if not program:
        raise SandboxError(
            "bubblewrap is not installed (on Debian and Ubuntu: apt install bubblewrap)"
        )
    options = [f"--unshare-{name}" for name in ("user", "ipc", "pid", "net", "uts")]
    options += ["--as-pid-1", "--die-with-parent", "--new-session"]
    options += ["--cap-drop", "ALL", "--uid", "65534", "--gid", "65534", "--hostname", "sandbox"]
    options += ["--info-fd", str(told)]
    if filters is not None:
        options += ["--seccomp", str(filters.fileno())]
    options.append("--clearenv")
    for name, value in ENVIRONMENT.items():
        options += ["--setenv", name, value]
    return [program, *options, *_binds(), "--"]
