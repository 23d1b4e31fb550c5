"""Answers that take time, memory, processes, disk or bytes without end."""

BOMBS = {
    "an endless loop": "def relu(z):\n    while True: pass",
    "an endless loop at once": "while True: pass",
    "an endless loop that ignores interrupts": """
        import signal
        def relu(z):
            signal.setitimer(signal.ITIMER_REAL, 0)
            for number in range(1, 64):
                try:
                    signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError):
                    pass
            while True:
                try:
                    while True: pass
                except BaseException:
                    pass
        """,
    "a sleep in C": "import time\ndef relu(z):\n    time.sleep(3600)",
    "a memory bomb": "def relu(z):\n    return np.ones((1 << 20, 1 << 20))",
    "a slow memory bomb": """
        hoard = []
        def relu(z):
            while True:
                try:
                    hoard.append(bytearray(1 << 26))
                except MemoryError:
                    pass
        """,
    "a memory bomb past the limit": """
        import ctypes, mmap, os, resource
        def relu(z):
            try:
                resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
            except (OSError, ValueError):
                pass
            try:
                fd = os.memfd_create("x")
                for i in range(1 << 12):
                    os.write(fd, bytes(1 << 22))
            except OSError:
                pass
            return bytearray(1 << 33)
        """,
    "a fork bomb": """
        import os
        def relu(z):
            while True:
                try:
                    os.fork()
                except OSError:
                    return z
        """,
    "threads without end": """
        import threading, time
        def relu(z):
            while True:
                threading.Thread(target=time.sleep, args=(60,)).start()
        """,
    "a disk flood": """
        import os
        def relu(z):
            for folder in ("/tmp", "/dev/shm", "/", "/grade", "/usr/lib", "/dev"):
                for number in range(100):
                    try:
                        with open(f"{folder}/{number}", "wb") as file:
                            for i in range(100):
                                file.write(bytes(1 << 20))
                    except OSError:
                        pass
            return z
        """,
    "an output flood": """
        import os, sys
        def relu(z):
            for i in range(200):
                print("x" * (1 << 20))
                sys.__stdout__.write("x" * (1 << 20))
                os.write(1, b"x" * (1 << 20))
                os.write(2, b"x" * (1 << 20))
            return z
        """,
    "a flood on the wire": """
        import os
        def relu(z):
            while True:
                for fd in range(3, 20):
                    try:
                        os.write(fd, b"x" * (1 << 20))
                    except OSError:
                        pass
        """,
}
