"""The learner's function as the checks see it: calls go over the wire, plain values come back.

Everything a worker says is checked here: it runs a stranger's code and may say anything.
"""

import re
import time
from itertools import count

import numpy as np

from ..call import Caller, Failure, Outcome
from . import bounds, wire
from .sandbox import Sandbox, SandboxError

LOOK = 0.2  # seconds between two looks at the worker's clock
KIND = re.compile(r"[a-z-]{1,40}")


class Clock:
    """What a worker may still take: CPU seconds, and seconds by the clock for what sleeps."""

    def __init__(self, sandbox, seconds, wall=None):
        self.sandbox, self.start = sandbox, sandbox.cpu()
        self.cpu = seconds + bounds.GRACE
        self.end = time.monotonic() + (bounds.wall(seconds) if wall is None else wall)

    def spent(self):
        return self.sandbox.cpu() - self.start

    def __call__(self):
        """Return how long to wait for the worker before asking again; Late when it is enough."""
        left = self.end - time.monotonic()
        if left <= 0 or self.spent() > self.cpu:
            raise wire.Late
        return min(left, LOOK)


class Worker:
    """One process with the learner's cells in it; .lost says why it is gone, if it is."""

    def __init__(self, sandbox):
        self.lost = None
        self.functions, self.numbers = {}, count()
        self.sandbox = Sandbox(sandbox)
        try:
            hello = self.hear(Clock(self.sandbox, bounds.READY, wall=bounds.READY))
        except (wire.Closed, wire.Late, wire.Malformed):
            hello = {}
        if hello != {"ready": True}:
            said = self.sandbox.complaint()
            self.sandbox.stop()
            raise SandboxError(f"the sandbox does not start: {said or 'it says nothing'}")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.sandbox.stop()

    def run(self, name, source):
        """Run a cell; return the Failure of its first statement that fails, or None."""
        message = {"do": "run", "name": name, "source": source, "seconds": bounds.CELL}
        # A cell may have two statements that run out of time.
        failure = self.ask(message, 2 * bounds.CELL, lambda reply, _: _failure(reply["failure"]))
        return self.lost or failure

    def take(self, name):
        """Return the function of this name as a Caller, None if the cells define none."""
        number = -next(self.numbers)  # what was returned has numbers above 0
        message = {"do": "take", "name": name, "number": number}
        found = self.ask(message, 1, lambda reply, _: reply["found"] is True)
        return Remote(self, number) if found else None

    # --- asking -----------------------------------------------------------------------------------

    def ask(self, message, seconds, read):
        """Send a message, serve callbacks, return read(reply, CPU seconds); None if it is lost."""
        if self.lost:
            return None
        try:
            clock = Clock(self.sandbox, seconds)
            self.say(message, clock)
            asked = 0
            while "callback" in (reply := self.hear(clock)):
                answer, size = self.serve(reply)
                asked += size
                if asked > bounds.CALLBACKS:
                    raise wire.Malformed(f"callbacks of more than {bounds.CALLBACKS:,} bytes")
                self.say(answer, clock)
            return read(reply, clock.spent())
        except wire.Late:
            self.lose(
                "endless-loop", f"It had not finished after {seconds:.1f} s and had to be killed."
            )
        except wire.Closed:
            self.lose("crashed", "It ended the process that it ran in.")
        except MemoryError:
            self.lose("malformed", "What came back is too large to be judged.")
        except (
            wire.Malformed,
            ValueError,
            TypeError,
            LookupError,
            OverflowError,
            RecursionError,
        ) as error:
            self.lose("malformed", f"What came back is no plain data: {_printable(error, 200)}.")
        return None

    def lose(self, kind, text):
        self.lost = Failure(kind, text)
        self.sandbox.stop()

    def say(self, message, clock):
        wire.send(self.sandbox.sink, wire.dump(message, self.register), clock)

    def hear(self, clock):
        return wire.load(*wire.receive(self.sandbox.source, clock))

    # --- functions of the checks ------------------------------------------------------------------

    def register(self, function):
        number = next(self.numbers)
        self.functions[number] = function
        return number

    def serve(self, request):
        """Call one of the checks' functions for the learner: the answer, the bytes it got."""
        number, args = request["callback"], request.get("args")
        if type(number) is not int or number not in self.functions or not isinstance(args, list):
            raise wire.Malformed("a callback that was never offered")
        if not all(map(_is_plain, args)):
            return {"error": "TypeError: it takes arrays and numbers"}, 0
        size = sum(map(_bytes, args))
        try:
            with np.errstate(all="ignore"):
                return {"value": self.functions[number](*args)}, size
        except Exception as error:
            return {"error": f"{type(error).__name__}: {error}"[:300]}, size


class Remote(Caller):
    """A function that lives in a worker."""

    def __init__(self, worker, number):
        self.worker, self.number = worker, number

    def __call__(self, *args, layout="plain", expects="value", seconds=2.0):
        seconds = max(seconds, 0.01)
        message = {"do": "call", "number": self.number, "args": list(args)}
        message |= {"layout": layout, "expects": expects, "seconds": seconds}

        def read(reply, spent):
            return self.outcome(reply, spent, expects, len(args))

        return self.worker.ask(message, seconds, read) or Outcome(failure=self.worker.lost)

    def outcome(self, reply, spent, expects, arguments):
        """Make an Outcome of a reply; the seconds are those that were seen from here."""
        failure = _failure(reply["failure"])
        key, value = reply["key"], reply["value"]
        changed, shared = reply["changed"], reply["shared"]
        if type(key) is not int:
            raise wire.Malformed("no number came for what was returned")
        if expects == "function":
            value = Remote(self.worker, key)
        elif not failure and not _is_plain(value):
            raise wire.Malformed("the value is neither an array nor a list of arrays")
        if not isinstance(changed, list) or not all(_is_change(c, arguments) for c in changed):
            raise wire.Malformed("the changed arguments are not those that were given")
        if not isinstance(shared, list) or not all(_is_position(i, arguments) for i in shared):
            raise wire.Malformed("the shared arguments are not those that were given")
        warnings = reply["warnings"]
        if not isinstance(warnings, list) or len(warnings) > 10:
            raise wire.Malformed("the warnings are no list")
        return Outcome(
            value=None if failure else value,
            failure=failure,
            warnings=tuple(_text(w, 200) for w in warnings),
            changed=tuple((position, after) for position, after in changed),
            shared=tuple(shared),
            seconds=spent,
            kept=key,
        )

    def beside(self, name):
        return self.worker.take(name)

    def again(self, outcome):
        def read(reply, _):
            return reply["value"] if _is_plain(reply["value"]) else []

        value = self.worker.ask({"do": "again", "key": outcome.kept}, bounds.GRACE, read)
        return [] if value is None else value


def _is_plain(value, depth=0):
    if isinstance(value, list):
        return depth < 20 and all(_is_plain(v, depth + 1) for v in value)
    return type(value) is np.ndarray


def _bytes(value):
    return sum(map(_bytes, value)) if isinstance(value, list) else value.nbytes


def _is_change(change, arguments):
    if not isinstance(change, list) or len(change) != 2:
        return False
    position, after = change
    return _is_position(position, arguments) and _is_plain(after)


def _is_position(position, arguments):
    return type(position) is int and 0 <= position < arguments


def _failure(said):
    if said is None:
        return None
    if not isinstance(said, list) or len(said) != 3 or not KIND.fullmatch(_text(said[0], 40)):
        raise wire.Malformed("a failure without kind, text and line")
    return Failure(*(_text(part, 600) for part in said))


def _text(value, limit):
    """A stranger's text: short, printable, one line."""
    if not isinstance(value, str):
        raise wire.Malformed("a text is wanted")
    return _printable(value, limit)


def _printable(value, limit):
    return "".join(c if c.isprintable() else " " for c in str(value)[:limit])
