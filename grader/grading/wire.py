"""What goes between the sandbox and the checks: frames of JSON and raw npy arrays.

    frame    two big-endian uint32 (bytes of JSON, bytes of arrays), the JSON, the arrays
    JSON     {"sizes": [bytes of each array], "message": {name: value}}
    value    null, true, 1, 2.5, "text", [values], or one of
             {"array": i}  {"scalar": i}  {"tuple": [values]}  {"rng": seed}  {"function": {…}}

Nothing is unpickled or evaluated, no size is believed before the bytes are there, and each array
stands for one value: what a frame takes in memory is what it took on the wire.
"""

import io
import json
import os
import re
import select
import struct
from math import prod

import numpy as np

from ..call import Rng
from . import bounds

_SIZES = struct.Struct(">II")
_MAGIC = b"\x93NUMPY\x01\x00"
_HEADER = re.compile(
    rb"\{'descr': '([<|][biuf][1248])', 'fortran_order': False, 'shape': \(([0-9, ]*)\), \} *\n"
)


class Malformed(Exception):
    """What came is no frame."""


class Closed(Exception):
    """The other side is gone."""


class Late(Exception):
    """The other side did not answer in time; a deadline raises it."""


# --- values ---------------------------------------------------------------------------------------


def dump(message, register=None):
    """Return the bytes of a frame; register(function) gives the number a function is known by."""
    arrays = []

    def encode(value):
        if isinstance(value, (np.ndarray, np.generic)):
            arrays.append(_npy(np.asarray(value)))
            return {"array" if isinstance(value, np.ndarray) else "scalar": len(arrays) - 1}
        if isinstance(value, tuple):
            return {"tuple": [encode(item) for item in value]}
        if isinstance(value, list):
            return [encode(item) for item in value]
        if isinstance(value, Rng):
            return {"rng": value.seed}
        if callable(value):
            name = getattr(value, "__name__", "f")
            return {"function": {"number": register(value), "name": name, "doc": value.__doc__}}
        return value

    body = {name: encode(value) for name, value in message.items()}
    text = json.dumps({"sizes": [len(a) for a in arrays], "message": body}).encode()
    return b"".join([_SIZES.pack(len(text), sum(map(len, arrays))), text, *arrays])


def load(text, data, function=None):
    """Return the message of a frame; function({number, name, doc}) stands in for a function.

    Without ``function`` only data is taken: neither functions nor generators.
    """
    try:
        frame = json.loads(text, parse_constant=None if function else _no_number)
        sizes, body = frame["sizes"], frame["message"]
        if not isinstance(body, dict) or not isinstance(sizes, list):
            raise Malformed("neither a message nor its sizes")
        if not all(type(n) is int and n >= 0 for n in sizes) or sum(sizes) != len(data):
            raise Malformed("the sizes do not add up to the bytes that came")
        ends = np.cumsum([0, *sizes])
        spans = zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
        arrays = {i: array(data[a:b]) for i, (a, b) in enumerate(spans)}
        items = 0

        def decode(value):
            nonlocal items
            items += 1
            if items > bounds.ITEMS and not function:
                raise Malformed(f"more than {bounds.ITEMS:,} items")
            if isinstance(value, list):
                return [decode(item) for item in value]
            if not isinstance(value, dict):
                return value
            ((kind, inside),) = value.items()
            if kind == "array":
                return arrays.pop(inside)
            if kind == "scalar":
                return arrays.pop(inside)[()]
            if kind == "tuple":
                return tuple(decode(item) for item in inside)
            if function and kind == "rng":
                return Rng(inside)
            if function and kind == "function":
                return function(inside)
            raise Malformed(f"no such kind of value: {kind!r:.40}")

        return {name: decode(value) for name, value in body.items()}
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError) as error:
        raise Malformed(f"{type(error).__name__}: {error!s:.200}") from None


def _no_number(text):
    raise Malformed(f"{text} is no JSON")


def array(data):
    """Read one npy array: numbers only, and exactly as many bytes as its header announces."""
    length = int.from_bytes(data[8:10], "little")
    header = _HEADER.fullmatch(data[10 : 10 + length])
    if data[:8] != _MAGIC or not header:
        raise Malformed("not a plain npy array of numbers")
    dtype = np.dtype(header[1].decode())
    shape = tuple(int(n) for n in header[2].split(b",") if n.strip())
    payload = memoryview(data)[10 + length :]
    if len(shape) > 32 or prod(shape) * dtype.itemsize != len(payload):
        raise Malformed(f"shape {shape!s:.100} and {len(payload)} bytes do not agree")
    return np.frombuffer(payload, dtype).reshape(shape).copy()


def _npy(value):
    buffer = io.BytesIO()
    value = np.array(value, order="C").astype(value.dtype.newbyteorder("<"), copy=False)
    np.lib.format.write_array(buffer, value, version=(1, 0), allow_pickle=False)
    return buffer.getvalue()


# --- bytes ----------------------------------------------------------------------------------------


def send(fd, frame, deadline=None):
    """Write a frame to a pipe; with a deadline (see `_wait`) the pipe has to be non-blocking."""
    rest = memoryview(frame)
    while rest:
        _wait(fd, select.POLLOUT, deadline)
        try:
            rest = rest[os.write(fd, rest) :]
        except BlockingIOError:
            continue
        except OSError:
            raise Closed from None


def receive(fd, deadline=None, max_arrays=bounds.ARRAYS):
    """Read a frame from a pipe: the bytes of its JSON and the bytes of its arrays."""
    text, data = _SIZES.unpack(_read(fd, _SIZES.size, deadline))
    if text > bounds.JSON or data > max_arrays:
        raise Malformed(f"a frame of {text + data:,} bytes")
    return bytes(_read(fd, text, deadline)), bytes(_read(fd, data, deadline))


def _read(fd, count, deadline):
    data = bytearray()
    while len(data) < count:
        _wait(fd, select.POLLIN, deadline)
        try:
            chunk = os.read(fd, min(count - len(data), 1 << 20))
        except BlockingIOError:
            continue
        except OSError:
            raise Closed from None
        if not chunk:
            raise Closed
        data += chunk
    return data


def _wait(fd, event, deadline):
    """Wait for the other side; deadline() gives the seconds until it wants to be asked again."""
    if deadline is None:
        return
    poll = select.poll()
    poll.register(fd, event)
    while not poll.poll(1000 * deadline()):
        pass
