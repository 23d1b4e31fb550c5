"""Slips: a task's reference with one line written otherwise, as a learner might write it.

A task lists its mistakes in one text:

    dz = dy * z
    dz = dy * np.maximum(z, 0)
        value-for-slope: dy is multiplied by the value; the slope is wanted.
        → The slope of ReLU is 1 where z > 0, whatever z is.

A line at the margin is the slip: it takes the place of the reference's line that assigns to the
same name (`return …` that of the last return).  Below it stand the tag, the mistake in words and
after the arrow one next step.  Besides

    old line => new line     replaces a line that is written out: loops, ifs, one of two
    a = …; return b          two lines; what assigns to a name unknown so far goes before the next
    def f(x, eps=1e-6):      another signature
    p = np.log(p + {1e-8|1e-12})     one slip for each
    [dW transposed]          no slip but an operator's wrong answer, under a better name

Slips are applied to the parsed source, so that they follow when the reference changes.
"""

import ast
import functools
import inspect
import itertools
import re
import textwrap
from dataclasses import dataclass

from .diagnosis import Diagnosis
from .tasks import shared

_CHOICE = re.compile(r"\{[^{}]*\|[^{}]*\}")


@dataclass(frozen=True)
class Entry:
    """One mistake of the table: the lines that make it, and its diagnosis."""

    lines: tuple
    diagnosis: Diagnosis


def slips(task):
    """Return the slips of a task as pairs (function, Diagnosis), and {operator: Diagnosis}."""
    written, renamed = [], {}
    for entry in entries(task.mistakes):
        for line in entry.lines:
            if line.startswith("["):
                renamed[line[1:-1]] = entry.diagnosis
            else:
                written.append((slip(task.reference or task.slipped, line), entry.diagnosis))
    return written, renamed


def entries(table):
    """Read a table of mistakes."""
    found, lines, said = [], [], []
    for line in [*textwrap.dedent(table).strip().splitlines(), "end"]:
        if line.startswith(" "):
            said.append(line.strip())
        elif line:
            if said:
                found.append(_entry(lines, said))
                lines, said = [], []
            lines += _choices(line)
    return found


def _entry(lines, said):
    told, arrow, advice = " ".join(said).partition(" → ")
    tag, colon, text = told.partition(": ")
    if not (arrow and colon):
        raise ValueError(f"tag: text → advice is wanted below {lines[0]!r}, not {told!r}")
    return Entry(tuple(lines), Diagnosis(tag, text, advice))


def _choices(line):
    """Write out {a|b}: one line for each choice; the same braces choose alike."""
    groups = list(dict.fromkeys(_CHOICE.findall(line)))
    for chosen in itertools.product(*(group[1:-1].split("|") for group in groups)):
        one = line
        for group, choice in zip(groups, chosen, strict=True):
            one = one.replace(group, choice)
        yield one


def slip(reference, line):
    """Return the reference with this line in place of its own."""
    tree = ast.parse(_source(reference))
    function = tree.body[0]
    if line.startswith("def "):
        function.args = _parsed(line)[0].args
    else:
        _rewrite(function, line)
    names = {**vars(shared), **reference.__globals__}
    ast.fix_missing_locations(tree)
    exec(compile(tree, f"<{reference.__name__}: {line}>", "exec"), names)
    made = names[reference.__name__]
    names[reference.__name__] = reference  # where a slip calls the task's function, it is right
    return made


@functools.cache
def _source(function):
    return textwrap.dedent(inspect.getsource(function))


def _rewrite(function, line):
    """Put the pieces of a slip in their places; one without a place goes before the next one."""
    before = []
    for piece in line.split("; "):
        old, arrow, new = piece.partition(" => ")
        before += _parsed(new if arrow else old)
        wanted = _first_line(_parsed(old)[0]) if arrow else _key(before[-1])
        if arrow or wanted in map(_key, _statements(function)):
            _replace(function, wanted, before, line)
            before = []
    if before:
        raise ValueError(f"{function.name} has no line that {line!r} could replace")


def _parsed(line):
    return ast.parse(line + " pass" if line.endswith(":") else line).body


def _first_line(statement):
    return ast.unparse(statement).split("\n", 1)[0]


def _key(statement):
    """Return what two statements share when one is the other written otherwise."""
    if isinstance(statement, ast.Assign):
        return ast.unparse(statement.targets[0])
    if isinstance(statement, ast.AugAssign):
        return ast.unparse(statement.target) + " +="
    return "return" if isinstance(statement, ast.Return) else None


def _copies(statement):
    return isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Name)


def _statements(function):
    return [node for node in ast.walk(function) if isinstance(node, ast.stmt)]


def _replace(function, wanted, new, line):
    """Put new statements where the wanted one stands: the last return, else the only one.

    Of several that assign to one name, those that only copy another name (`h = x`) do not count.
    """
    places = [
        (body, i)
        for node in ast.walk(function)
        for body in (getattr(node, "body", None), getattr(node, "orelse", None))
        if isinstance(body, list)
        for i, statement in enumerate(body)
        if wanted in (_key(statement), _first_line(statement))
    ]
    if len(places) > 1 and wanted != "return":
        places = [place for place in places if not _copies(place[0][place[1]])]
    if wanted == "return":
        places = sorted(places, key=lambda place: place[0][place[1]].lineno)[-1:]
    if len(places) != 1:
        raise ValueError(
            f"{line!r}: {function.name} has {len(places)} lines {wanted!r}; write old => new"
        )
    [(body, i)] = places
    if isinstance(new[-1], (ast.For, ast.If, ast.While)):
        new[-1].body, new[-1].orelse = body[i].body, body[i].orelse
    body[i : i + 1] = new
