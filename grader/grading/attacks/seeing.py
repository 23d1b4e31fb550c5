"""Answers that look and reach around: each says ESCAPED when it finds what it must not."""

SEEING = {
    "reads the checks or the solutions": """
        import os
        def relu(z):
            found = []
            for root, folders, files in os.walk("/"):
                if root.startswith("/proc"):
                    folders.clear()
                names = ("relu.py", "slips.py", "checking.py", "layers.py", "seed")
                found += [f for f in files if f.endswith(".ipynb") or f in names]
            for name in ("grader.tasks", "grader.score", "mlp_lib", "solutions"):
                try:
                    __import__(name)
                    found.append(name)
                except ImportError:
                    pass
            raise ValueError(f"ESCAPED {found}" if found else "nothing found")
        """,
    "reads homes, secrets and the environment": """
        import os
        def relu(z):
            found = sorted(set(os.environ) - {
                "LC_ALL", "LC_CTYPE", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PWD"})
            for path in ("/root/.profile", "/root/.ssh", "/root/.cache", "/etc/passwd", \
"/etc/shadow",
                         "/var", "/run", "/sys", "/mnt"):
                found += [path] if os.path.exists(path) else []
            raise ValueError(f"ESCAPED {found}" if found else "nothing found")
        """,
    "writes outside of /tmp": """
        import os
        def relu(z):
            found = []
            for path in ("/x", "/grade/x", "/usr/lib/x", "/dev/x", "/libraries/numpy/__init__.py",
                         "/grade/grader/grading/worker.py", os.__file__):
                try:
                    open(path, "a").close()
                    found.append(path)
                except OSError:
                    pass
            raise ValueError(f"ESCAPED {found}" if found else "nothing found")
        """,
    "sees other processes": """
        import os
        def relu(z):
            seen = [name for name in os.listdir("/proc") if name.isdigit()]
            raise ValueError(f"ESCAPED {seen}" if seen != ["1"] else "nothing found")
        """,
    "starts processes": """
        import os, subprocess, sys
        def relu(z):
            found = []
            for start in (os.fork, os.forkpty, lambda: subprocess.run([sys.executable, "-c", ""]),
                          lambda: os.posix_spawn(sys.executable, [sys.executable], {})):
                try:
                    start()
                    found.append(str(start))
                except OSError:
                    pass
            raise ValueError(f"ESCAPED {found}" if found else "nothing found")
        """,
    "opens sockets": """
        import socket
        def relu(z):
            found = []
            for family in range(2, 46):
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
                    try:
                        socket.socket(family, kind).close()
                        found.append(family)
                    except OSError:
                        pass
            raise ValueError(f"ESCAPED {found}" if found else "nothing found")
        """,
    "asks the kernel for more": """
        import ctypes, platform
        def relu(z):
            libc = ctypes.CDLL(None, use_errno=True)
            numbers = {"x86_64": (101, 165, 155, 161, 272, 298, 304, 308, 310, \
319, 321, 323, 425, 428, 430),
                       "aarch64": (117, 40, 41, 51, 97, 241, 265, 268, 270, \
279, 280, 282, 425, 428, 430)}
            found = []
            for number in numbers.get(platform.machine(), ()):
                ctypes.set_errno(0)
                if libc.syscall(number, 0, 0, 0, 0, 0) >= 0 or ctypes.get_errno() != 1:
                    found.append((number, ctypes.get_errno()))
            raise ValueError(f"ESCAPED {found}" if found else "nothing found")
        """,
    "becomes root": """
        import os
        def relu(z):
            found = []
            for change in (os.setuid, os.setgid, os.seteuid):
                try:
                    change(0)
                    found.append(change.__name__)
                except OSError:
                    pass
            status = open("/proc/self/status").read()
            found += [line for line in status.splitlines() \
if line.startswith("Cap") and int(line[8:], 16)
                      and not line.startswith("CapBnd")]
            raise ValueError(f"ESCAPED {found}" if found else "nothing found")
        """,
    "looks for the open files of its parent": """
        import os
        def relu(z):
            found = []
            for fd in os.listdir("/proc/self/fd"):
                try:
                    where = os.readlink(f"/proc/self/fd/{fd}")
                except OSError:
                    continue
                if not where.startswith(("pipe:", "/dev/null", "/proc", "anon_inode:")):
                    found.append(where)
            raise ValueError(f"ESCAPED {found}" if found else "nothing found")
        """,
}
