"""What an answer raised, as a `Failure`: the error, its usual cause and the learner's own line."""

import linecache
import re
import traceback
from dataclasses import dataclass

from .limits import OutOfTime, is_learners


@dataclass(frozen=True)
class Failure:
    """Why a call gave no value: kind is a mistake tag, text one sentence, line the learner's."""

    kind: str
    text: str
    line: str = ""


class Refused(Exception):
    """The answer returned something that is not numbers; the tag and the sentence say what."""

    def __init__(self, tag, text):
        super().__init__(text)
        self.tag = tag


LIST = (
    "A list stands where an array is needed: "
    "`np.array(…)` makes one, and then + and * work entry by entry."
)
SHAPES = "Two shapes do not fit: print both arrays' shapes just before this line."

# (the error, a pattern of its message, a pattern of the learner's line, the usual cause)
CAUSES = (
    (
        "ValueError",
        "truth value of an array",
        r"\b(max|min)\(",
        "Python's `max` and `min` ask which whole array is larger; "
        "`np.maximum` and `np.minimum` compare entry by entry.",
    ),
    (
        "ValueError",
        "truth value of an array",
        "",
        "`if`, `and`, `or` and `not` ask for one answer, and an array has many: use `np.where`, "
        "or `&`, `|` and `~` with parentheses around each comparison.",
    ),
    (
        "AxisError|TypeError|ValueError",
        "axis|integer|0-d|is not iterable|interpreted",
        r"np\.(max|min|amax|amin)\([^()]*, *[^()=]*\)|\b(max|min)\(",
        "`np.max(z, 0)` takes its second argument for an axis, and Python's `max` wants a list; "
        "`np.maximum(z, 0)` compares entry by entry.",
    ),
    (
        "TypeError",
        "bitwise_xor|unsupported operand .*\\^",
        "",
        "In Python `^` is no power: write `**`.",
    ),
    ("TypeError", r"\w+\.\w+\(\) takes (\d+) positional arguments? but", "", "SELF"),
    ("TypeError", r"\w+\.\w+\(\) missing 1 required positional argument", "", "INSTANCE"),
    ("TypeError", "'list'|multiply sequence|only concatenate|list indices", "", LIST),
    ("AttributeError", "'list' object|'tuple' object|'float' object|'int' object", "", LIST),
    (
        "TypeError",
        "'(numpy.ndarray|ndarray)' object is not callable",
        "",
        "Round brackets after an array call it like a function: entries are taken with `[…]`, "
        "and a product needs its `*`.",
    ),
    (
        "TypeError",
        "'(float|int|numpy.float64)' object is not (callable|subscriptable|iterable)",
        "",
        "A single number stands where an array or a function is needed: "
        "is a product's `*` missing?",
    ),
    (
        "TypeError",
        "'NoneType'",
        "",
        "A value is None: a function without `return`, or one that changes a list in place "
        "(`append`, `sort`, `shuffle`), gives None.",
    ),
    (
        "UFuncTypeError|_UFuncOutputCastingError|TypeError",
        "Cannot cast ufunc .* output",
        "",
        "An array of integers cannot hold decimals: make a new one, `a = a + b` for `a += b`.",
    ),
    ("ValueError", "matmul: .*mismatch|shapes .* not aligned|could not be broadcast", "", SHAPES),
    ("ValueError", "read-only", "", "The argument belongs to the caller: make a new array."),
    (
        "IndexError",
        "out of bounds|out of range",
        "",
        "An index reaches beyond the end: indices count from 0 to length − 1.",
    ),
    (
        "IndexError",
        "invalid index to scalar|too many indices",
        "",
        "More indices than axes: print the array's shape just before this line.",
    ),
    (
        "ModuleNotFoundError",
        "",
        "",
        "Answers are written with NumPy and what Python brings: do it without this package.",
    ),
    (
        "NameError",
        "name 'np' is not defined",
        "",
        "`import numpy as np` has to run first: run the notebook's first cells.",
    ),
    (
        "NameError",
        "is not defined",
        "",
        "Is it spelled as where it is defined, and has that cell been run?",
    ),
    ("UnboundLocalError", "", "", "A name is read before this function gives it a value."),
    (
        "RecursionError",
        "",
        "",
        "The function calls itself without end: is its name one it uses inside?",
    ),
    ("ZeroDivisionError", "", "", "Something is divided by 0: which count or norm can be 0 here?"),
)  # fmt: skip


def explain(error, seconds):
    """Turn what an answer raised into a Failure with the learner's own line."""
    name, line, source, ours = type(error).__name__, "", "", False
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        ours = is_learners(frame)
        if ours:
            source = linecache.getline(frame.f_code.co_filename, number).strip()[:120]
            line = f"line {number} of {frame.f_code.co_name}" + (f":  {source}" if source else "")
            break
    try:
        message = str(error)[:200]
    except BaseException:
        message = ""
    if isinstance(error, NotImplementedError):
        return Failure("not-answered", "Not answered yet.", line)
    if isinstance(error, OutOfTime):
        text = f"It had not finished after {seconds:.1f} s of computing: does every loop end?"
        return Failure("endless-loop", text, line)
    if isinstance(error, MemoryError):
        text = "It asked for more memory than there is: is an array far larger than it has to be?"
        return Failure("too-much-memory", text, line)
    if isinstance(error, Refused):
        return Failure(error.tag, message)
    cause = usual_cause(name, message, source)
    if isinstance(error, TypeError) and not ours:
        return Failure("wrong-arguments", f"It cannot be called like this: {message}" + cause)
    return Failure("raises", (f"{name}: {message}" if message else name) + cause, line)


def usual_cause(name, message, source):
    """Return ". The usual cause …" of an error, "" where there is none."""
    for error, said, written, cause in CAUSES:
        if not re.fullmatch(error, name) or not re.search(said, message):
            continue
        if not re.search(written, source):
            continue
        if cause == "SELF":
            taken, given = re.search(r"takes (\d+) .*but (\d+)", message).groups()
            if int(given) != int(taken) + 1:
                continue
            cause = "A method's first parameter is `self`: `def forward(self, x)`."
        if cause == "INSTANCE":
            cause = "Is `self` missing among the parameters, or the class called without `()`?"
        return f"{'' if message.endswith(('.', '?')) else '.'} {cause}"
    return ""
