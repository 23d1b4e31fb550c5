"""Answers that leave, crash, or take everybody along."""

EXITS = {
    "os._exit": "import os\ndef relu(z):\n    os._exit(0)",
    "os._exit at once": "import os\nos._exit(0)\ndef relu(z): return z * (z > 0)",
    "os._exit later": """
        import os
        calls = []
        def relu(z):
            calls.append(1)
            if len(calls) > 5:
                os._exit(0)
            return z * (z > 0)
        """,
    "sys.exit": "import sys\ndef relu(z):\n    sys.exit(0)",
    "sys.exit at once": "import sys\nsys.exit(0)\ndef relu(z): return z * (z > 0)",
    "a segmentation fault": "import ctypes\ndef relu(z):\n    ctypes.string_at(1)",
    "a signal to the parent": """
        import os, signal
        def relu(z):
            for process in (os.getppid(), 1, -1, 0, os.getpid()):
                for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP, signal.SIGINT):
                    try:
                        os.kill(process, number)
                    except OSError:
                        pass
            return z
        """,
    "closes the wire": "import os\ndef relu(z):\n    os.closerange(0, 100)\n    return z * (z > 0)",
    "a syntax error": "def relu(z:\n",
    "deep nesting": "relu = " + "(" * 30_000 + ")" * 30_000,
}
