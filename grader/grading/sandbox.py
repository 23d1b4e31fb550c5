"""One isolated process per check, made by bubblewrap.

Inside there is a Python, NumPy, three files of ours and a /tmp of 64 MB; nothing else of the disk,
no network, no other process and no way to start one.  Killing bubblewrap kills all of it.
"""

import atexit
import compileall
import functools
import os
import platform
import select
import shutil
import signal
import site
import struct
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

import numpy as np

GRADER = Path(__file__).resolve().parent.parent
INSIDE = ("calling.py", "grading/wire.py", "grading/worker.py")
TMP = 64 << 20  # bytes
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
        if kind == "none":
            command, filters = [*python, str(_stage()), str(_NUMPY.parent)], None
        else:
            filters = _forbidden()
            command = [*_bubblewrap(filters), *python, "/grade", "/libraries"]
        try:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self.errors,
                env=ENVIRONMENT,
                cwd=tempfile.gettempdir(),
                pass_fds=() if filters is None else (filters.fileno(),),
                start_new_session=True,
                bufsize=0,
            )
        except OSError as error:
            raise SandboxError(f"{command[0]} does not start: {error}") from None
        finally:
            if filters is not None:
                filters.close()
        self.sink, self.source = self.process.stdin.fileno(), self.process.stdout.fileno()
        for pipe in (self.sink, self.source):
            os.set_blocking(pipe, False)

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

    def _drain(self):
        """Wait until nobody holds the other end any more: bubblewrap dies before its inside does."""
        deadline = time.monotonic() + LAST_BREATH
        poll = select.poll()
        poll.register(self.source, select.POLLIN)
        while time.monotonic() < deadline:
            if poll.poll(100) and not os.read(self.source, 1 << 16):
                break


# --- what is inside -------------------------------------------------------------------------------

_NUMPY = Path(np.__file__).parent


@functools.cache
def _stage():
    """Copy our three files where they stand alone, compiled."""
    folder = Path(tempfile.mkdtemp(prefix="grade-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in INSIDE:
        copy = folder / "grader" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(GRADER / name, copy)
    compileall.compile_dir(folder, quiet=2)
    folder.chmod(0o755)
    return folder


@functools.cache
def _binds():
    """Bubblewrap's options for the disk: Python, its libraries, NumPy, our files."""
    options = ["--proc", "/proc", "--dev", "/dev", "--size", str(TMP), "--tmpfs", "/tmp"]
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
    for path in {Path(p).resolve() for p in [*packages, GRADER.parent]}:
        if path.is_dir() and any(path.is_relative_to(other) for other in seen):
            # hidden: mlp_lib, the checks or the solutions could be installed there
            options += ["--tmpfs", str(path), "--remount-ro", str(path)]
    options += ["--ro-bind", str(_stage()), "/grade"]
    options += ["--ro-bind", str(_NUMPY), "/libraries/numpy"]
    beside = _NUMPY.parent / "numpy.libs"
    if beside.is_dir():
        options += ["--ro-bind", str(beside), "/libraries/numpy.libs"]
    return [*options, "--chdir", "/tmp", "--remount-ro", "/dev", "--remount-ro", "/"]


def _bubblewrap(filters):
    program = shutil.which("bwrap")
    if not program:
        raise SandboxError("bubblewrap is not installed (on Debian and Ubuntu: apt install bubblewrap)")
    options = [f"--unshare-{name}" for name in ("user", "ipc", "pid", "net", "uts")]
    options += ["--as-pid-1", "--die-with-parent", "--new-session"]
    options += ["--cap-drop", "ALL", "--uid", "65534", "--gid", "65534", "--hostname", "sandbox"]
    if filters is not None:
        options += ["--seccomp", str(filters.fileno())]
    options.append("--clearenv")
    for name, value in ENVIRONMENT.items():
        options += ["--setenv", name, value]
    return [program, *options, *_binds(), "--"]


# --- system calls that no answer needs ------------------------------------------------------------

# Processes, and memory that RLIMIT_AS does not count.  RLIMIT_NPROC alone does not bind root.
_CALLS = {
    "x86_64": (
        0xC000003E,
        {"clone": 56, "clone3": 435},
        {"fork": 57, "vfork": 58, "memfd_create": 319, "memfd_secret": 447, "shmget": 29}
        | {"msgget": 68, "ptrace": 101, "unshare": 272, "mount": 165, "setns": 308, "bpf": 321}
        | {"userfaultfd": 323, "io_uring_setup": 425, "keyctl": 250, "add_key": 248},
    ),
    "aarch64": (
        0xC00000B7,
        {"clone": 220, "clone3": 435},
        {"memfd_create": 279, "memfd_secret": 447, "shmget": 194, "msgget": 186, "ptrace": 117}
        | {"unshare": 97, "mount": 40, "setns": 268, "bpf": 280, "userfaultfd": 282}
        | {"io_uring_setup": 425, "keyctl": 219, "add_key": 217},
    ),
}
_THREAD = 0x10000  # CLONE_THREAD
_ALLOW, _EPERM, _ENOSYS = 0x7FFF0000, 0x00050001, 0x00050026


@functools.cache
def _program():
    """The seccomp filter as BPF instructions; None on a machine whose numbers are not known here."""
    if platform.machine() not in _CALLS:
        return None
    architecture, clone, forbidden = _CALLS[platform.machine()]
    load, equal, above, all_set, answer = 0x20, 0x15, 0x35, 0x45, 0x06

    def instruction(code, value, yes=0, no=0):
        return struct.pack("HBBI", code, yes, no, value)

    program = [
        instruction(load, 4),
        instruction(equal, architecture, yes=1),
        instruction(answer, _EPERM),
        instruction(load, 0),
        instruction(above, 0x40000000, no=1),  # the numbers of x32
        instruction(answer, _EPERM),
        instruction(equal, clone["clone3"], no=1),
        instruction(answer, _ENOSYS),  # its flags lie in memory; the C library falls back to clone
    ]
    for number in forbidden.values():
        program += [instruction(equal, number, no=1), instruction(answer, _EPERM)]
    program += [
        instruction(equal, clone["clone"], no=3),
        instruction(load, 16),
        instruction(all_set, _THREAD, yes=1),
        instruction(answer, _EPERM),
        instruction(answer, _ALLOW),
    ]
    return b"".join(program)


def _forbidden():
    if _program() is None:
        return None
    file = tempfile.TemporaryFile()
    file.write(_program())
    file.seek(0)
    return file
