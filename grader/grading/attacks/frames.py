"""Answers that write to the wire themselves: frames that the worker would never send."""

import json
import struct

NPY = (
    b"\x93NUMPY\x01\x00\x76\x00"
    + b"{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }".ljust(117)
)
NPY += b"\n" + bytes(16)


def _npy(header, payload=16):
    return b"\x93NUMPY\x01\x00\x76\x00" + header.ljust(117) + b"\n" + bytes(payload)


def _frame(text, data=b"", announced=None):
    text = text if isinstance(text, bytes) else text.encode()
    return (
        struct.pack(">II", len(text), len(data) if announced is None else announced) + text + data
    )


def _reply(data=NPY, sizes=None, **changed):
    reply = {
        "value": {"array": 0},
        "failure": None,
        "warnings": [],
        "changed": [],
        "shared": [],
        "key": 1,
    }
    sizes = [len(data)] if sizes is None else sizes
    return _frame(json.dumps({"sizes": sizes, "message": reply | changed}), data)


def _header(text):
    return _reply(_npy(text))


def _source(frame, at_once=False):
    write = f"""
import os
FRAME = {frame!r}
def write():
    for fd in range(3, 20):
        try:
            os.write(fd, FRAME)
        except OSError:
            pass
"""
    return write + (
        "write()\nrelu = abs\n" if at_once else "def relu(z):\n    write()\n    return z\n"
    )


A = {"array": 0}
REPLIES = {
    "a failure that is a text": _reply(failure="x"),
    "a failure of numbers": _reply(failure=[1, 2, 3]),
    "a failure of another kind": _reply(failure=["Not A Kind", "", ""]),
    "a callback that is a list": _reply(callback=[1]),
    "a callback that is an object": _reply(callback={"array": 0}),
    "a callback that was never offered": _reply(callback=7, args=[]),
    "a callback below zero": _reply(callback=-1, args=[]),
    "a callback without arguments": _reply(callback=0),
    "a key that is a list": _reply(key=[1]),
    "a key that is a fraction": _reply(key=0.5),
    "no key": _reply(key=None),
    "half a change": _reply(changed=[[0]]),
    "a change of an argument that was never given": _reply(changed=[[99, A]], value=[]),
    "changes that are a text": _reply(changed="all"),
    "a shared argument that was never given": _reply(shared=[5]),
    "a shared argument that is true": _reply(shared=[True]),
    "shared arguments that are an object": _reply(shared={"tuple": 5}),
    "a hundred warnings": _reply(warnings=["x"] * 100),
    "warnings of numbers": _reply(warnings=[1]),
    "a value that is a text": _reply(value="✓"),
    "a value that is true": _reply(value=True),
    "a value of texts": _reply(value=["✓", A]),
    "an array that is not there": _reply(value={"array": 7}),
    "an array below zero": _reply(value={"array": -1}),
    "an array in a list of its own": _reply(value={"array": [0]}),
    "one array many times": _reply(value=[A] * 48),
    "a function": _reply(value={"function": {"number": 0, "name": "f", "doc": ""}}),
    "a generator of random numbers": _reply(value={"rng": 1}),
    "a pickle": _reply(value={"pickle": 0}),
    "an empty object": _reply(value={}),
    "an object with two names": _reply(value={"array": 0, "scalar": 0}),
    "a tuple that is a number": _reply(value={"tuple": 5}),
    "a list of 200,000 lists": _reply(value=[[]] * 200_000),
    "a list in a list in a list": _reply(value=json.loads("[" * 500 + "]" * 500)),
    "sizes that are texts": _reply(sizes=["16"]),
    "sizes below zero": _reply(sizes=[-1, len(NPY) + 1]),
    "sizes that announce 30 GB": _reply(sizes=[30 << 30]),
    "sizes that are an object": _reply(sizes={"0": 1}),
    "an array of 30 GB in 16 bytes": _header(
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (4000000000,), }"
    ),
    "an array of 10^30 entries": _header(
        b"{'descr': '<f8', 'fortran_order': False, "
        b"'shape': (0, 1000000000000000000000000000000,), }"
    ),
    "an array of objects": _header(b"{'descr': '|O', 'fortran_order': False, 'shape': (2,), }"),
    "an array of 16-byte numbers": _header(
        b"{'descr': '<f16', 'fortran_order': False, 'shape': (1,), }"
    ),
    "a header that is code": _header(b"__import__('os').system('touch /tmp/x')"),
    "a message that is a list": _frame('{"sizes": [], "message": [1]}'),
    "a message that is nothing": _frame('{"sizes": [], "message": null}'),
    "no message": _frame("{}"),
    "a frame that is a list": _frame("[]"),
    "a frame that is a number": _frame("7"),
    "an empty frame": _frame(""),
    "an empty reply": _frame('{"sizes": [], "message": {}}'),
    "the greeting again": _frame('{"sizes": [], "message": {"ready": true}}'),
    "not a number": _frame('{"sizes": [], "message": {"key": NaN, "value": Infinity}}'),
    "a number of 100,000 digits": _frame(
        '{"sizes": [], "message": {"key": ' + "9" * 100_000 + "}}"
    ),
    "a million brackets": _frame("[" * 1_000_000),
    "no UTF-8": _frame(b'{"sizes": [], "message": {"\xff\xfe": 1}}'),
    "half a sign": _frame('{"sizes": [], "message": {"failure": ["x", "\\ud800", ""]}}'),
    "a frame that announces 4 GB": _frame(b"{}", NPY, announced=0xFFFFFFFF),
    "less than a frame": b"\0\0\0",
}
AT_ONCE = (
    "a failure that is a text",
    "a callback that is a list",
    "a message that is a list",
    "an empty reply",
    "a million brackets",
    "a frame that announces 4 GB",
)

FRAMES = {name: _source(frame) for name, frame in REPLIES.items()}
FRAMES |= {f"{name}, at once": _source(REPLIES[name], at_once=True) for name in AT_ONCE}
FRAMES |= {
    "a million callbacks": """
import os, struct
TEXT = b'{"sizes": [], "message": {"callback": 0, "args": []}}'
def relu(z):
    while True:
        for fd in range(3, 20):
            try:
                os.write(fd, struct.pack(">II", len(TEXT), 0) + TEXT)
            except OSError:
                pass
""",
    "many references to many bytes": """
def relu(z):
    return [np.zeros(1 << 22)] * 48
""",
    "a list of a million rows": """
def relu(z):
    return [z] * 1_000_000
""",
    "an iterable without end": """
def relu(z):
    x = []
    x.append(x)
    return x
""",
}
