"""What runs inside the sandbox: the learner's cells, and the calls that the checks ask for.

It is started as a script of its own, beside copies of a few files; the checks and the reference
are not on its disk.  Whatever it says is believed by nobody: see `proxy`.
"""

import os
import sys
from itertools import count

from ..call import InProcess, plain
from . import bounds, wire
from .cells import Notebook

CPU = 1800  # seconds, should the outside ever forget its clock


def main():
    import resource  # here: no Windows has it

    source, sink = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    for limit, value in (
        (resource.RLIMIT_AS, bounds.MEMORY),
        (resource.RLIMIT_FSIZE, bounds.FILE),
        (resource.RLIMIT_CPU, CPU),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_NPROC, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (value, value))
    Worker(source, sink).serve()


class Worker:
    def __init__(self, source, sink):
        self.source, self.sink = source, sink
        self.notebook = Notebook()
        self.functions, self.results = {}, {}  # by number
        self.numbers = count(1)

    def serve(self):
        self.say(ready=True)
        while True:
            message = self.hear()
            try:
                answer = getattr(self, "do_" + message.pop("do"))(**message)
            except (MemoryError, RecursionError) as error:
                answer = {"failure": ["too-much-memory", f"{type(error).__name__}", ""]}
            self.say(**answer)

    def hear(self):
        return wire.load(*wire.receive(self.source, max_arrays=1 << 30), function=self.callback)

    def say(self, **message):
        wire.send(self.sink, wire.dump(message))

    # --- what can be asked ------------------------------------------------------------------------

    def do_run(self, name, source, seconds):
        """Run one cell."""
        return {"failure": _sent(self.notebook.run(source, f"answer to {name}", seconds))}

    def do_take(self, name, number):
        """Take the function of this name: the answer, or one beside it."""
        found = name in self.notebook.names
        self.functions[number] = InProcess(self.notebook.names.get(name))
        return {"found": found}

    def do_call(self, number, args, layout, expects, seconds):
        outcome = self.functions[number](*args, layout=layout, expects=expects, seconds=seconds)
        key = next(self.numbers)
        value = outcome.value
        if isinstance(value, InProcess):
            self.functions[key], value = value, None
        elif not outcome.failure:
            self.results[key] = outcome.kept
        return {
            "value": value,
            "failure": _sent(outcome.failure),
            "warnings": list(outcome.warnings[:10]),
            "changed": [[i, _sendable(after)] for i, after in outcome.changed],
            "shared": list(outcome.shared),
            "key": key,
        }

    def do_again(self, key):
        try:
            return {"value": plain(self.results[key])}
        except Exception:
            return {"value": None}

    # --- functions of the checks ------------------------------------------------------------------

    def callback(self, about):
        """Return a function that asks the checks for its value."""

        def function(*args):
            self.say(callback=about["number"], args=[_sendable(arg) for arg in args])
            answer = self.hear()
            if answer.get("error"):
                raise ValueError(answer["error"])
            return answer["value"]

        function.__name__, function.__doc__ = about["name"], about["doc"]
        return function


def _sent(failure):
    return failure and [failure.kind, failure.text, failure.line]


def _sendable(value):
    """Plain data; what is none of it (a text, a generator) is not worth sending."""
    if isinstance(value, (list, tuple)):
        return [_sendable(item) for item in value]
    try:
        return plain(value)
    except Exception:
        return None


if __name__ == "__main__":
    sys.exit(main())
