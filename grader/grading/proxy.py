"""The learner's function as the checks see it: calls go over the wire, plain values come back.

Everything a worker says is checked here: it runs a stranger's code and may say anything.
"""

import re
import time
from itertools import count

import numpy as np

from ..calling import MAX_ITEMS, Caller, Failure, Outcome
from . import wire
from .sandbox import Sandbox, SandboxError

READY = 60  # seconds for a worker to start, however busy the machine is
GRACE = 2  # seconds after which a worker that does not end a call by itself is killed
CELL = 5  # seconds for a cell to run

KIND = re.compile(r"[a-z-]{1,40}")


class Worker:
    """One process with the learner's cells in it; .lost says why it is gone, if it is."""

    def __init__(self, sandbox):
        self.lost = None
        self.functions, self.numbers = {}, count()
        self.sandbox = Sandbox(sandbox)
        try:
            hello = self.hear(time.monotonic() + READY)
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
        reply = self.ask({"do": "run", "name": name, "source": source, "seconds": CELL}, CELL)
        return self.lost or _failure(reply["failure"])

    def take(self, name):
        """Return the function of this name as a Caller, None if the cells define none."""
        reply = self.ask({"do": "take", "name": name}, 1)
        return None if self.lost or not reply["found"] else Remote(self, 0)

    # --- asking -----------------------------------------------------------------------------------

    def ask(self, message, seconds):
        """Send a message and return the answer, serving callbacks meanwhile; {} if it is lost."""
        if self.lost:
            return {}
        deadline = time.monotonic() + max(seconds, 0) + GRACE
        try:
            self.say(message, deadline)
            while "callback" in (reply := self.hear(deadline)):
                self.say(self.serve(reply), deadline)
            return _Reply(reply)
        except wire.Late:
            text = f"It had not finished after {max(seconds, 0):.1f} s and had to be killed."
            self.lose("endless-loop", text)
        except wire.Closed:
            self.lose("crashed", "It ended the process that it ran in.")
        except wire.Malformed as error:
            self.lose("wrong-type", f"What came back is no plain data: {error}.")
        return {}

    def lose(self, kind, text):
        self.lost = Failure(kind, text)
        self.sandbox.stop()

    def say(self, message, deadline):
        wire.send(self.sandbox.sink, wire.dump(message, self.register), deadline)

    def hear(self, deadline):
        return wire.load(*wire.receive(self.sandbox.source, deadline))

    # --- functions of the checks --------------------------------------------------------------------

    def register(self, function):
        number = next(self.numbers)
        self.functions[number] = function
        return number

    def serve(self, request):
        """Call one of the checks' own functions for the learner."""
        function, args = self.functions.get(request["callback"]), request.get("args")
        if function is None or not isinstance(args, list):
            raise wire.Malformed("a callback that was never offered")
        if not all(map(_is_plain, args)):
            return {"error": "TypeError: it takes arrays and numbers"}
        try:
            with np.errstate(all="ignore"):
                return {"value": function(*args)}
        except Exception as error:
            return {"error": f"{type(error).__name__}: {error}"[:300]}


class Remote(Caller):
    """A function that lives in a worker."""

    def __init__(self, worker, number):
        self.worker, self.number = worker, number

    def __call__(self, *args, layout="plain", expects="value", seconds=2.0):
        seconds = max(seconds, 0.01)
        message = {"do": "call", "number": self.number, "args": list(args)}
        message |= {"layout": layout, "expects": expects, "seconds": seconds}
        reply = self.worker.ask(message, seconds)
        if not self.worker.lost:
            try:
                return self.outcome(reply, expects, len(args))
            except wire.Malformed as error:
                self.worker.lose("wrong-type", f"What came back is no plain data: {error}.")
        return Outcome(failure=self.worker.lost)

    def outcome(self, reply, expects, arguments):
        failure = _failure(reply["failure"])
        key, value = reply["key"], reply["value"]
        if type(key) is not int:
            raise wire.Malformed("no number came for what was returned")
        if expects == "function":
            value = Remote(self.worker, key)
        elif not failure and not _is_plain(value):
            raise wire.Malformed("the value is neither an array nor a list of arrays")
        changed = reply["changed"]
        if not isinstance(changed, list) or not all(_is_change(c, arguments) for c in changed):
            raise wire.Malformed("the changed arguments are not those that were given")
        shared = reply["shared"]
        if not isinstance(shared, list) or not all(_is_position(i, arguments) for i in shared):
            raise wire.Malformed("the shared arguments are not those that were given")
        warnings = reply["warnings"]
        if not isinstance(warnings, list) or len(warnings) > 10:
            raise wire.Malformed("the warnings are no list")
        seconds = reply["seconds"]
        return Outcome(
            value=None if failure else value,
            failure=failure,
            warnings=tuple(_text(w, 200) for w in warnings),
            changed=tuple((position, after) for position, after in changed),
            shared=tuple(shared),
            seconds=seconds if type(seconds) is float else 0.0,
            kept=key,
        )

    def again(self, outcome):
        reply = self.worker.ask({"do": "again", "key": outcome.kept}, GRACE)
        if not self.worker.lost and _is_plain(reply["value"]):
            return reply["value"]
        return []


class _Reply(dict):
    def __missing__(self, name):
        return None


def _is_plain(value, depth=0):
    if isinstance(value, list):
        return len(value) <= MAX_ITEMS and depth < 20 and all(_is_plain(v, depth + 1) for v in value)
    return type(value) is np.ndarray


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
    return Failure(*(_text(part, 400) for part in said))


def _text(value, limit):
    """A stranger's text: short, printable, one line."""
    if not isinstance(value, str):
        raise wire.Malformed("a text is wanted")
    return "".join(c if c.isprintable() else " " for c in value[:limit])
