"""Operators: a task's reference → wrong answers that can be made of any right one.

An operator has a name ("negated", "dW transposed", "÷ N"), a function of the right result, and
words.  A task's table of mistakes gives it better words under its name in brackets; those of
`NAMELESS` are tried only where the table names them, because `patterns` measures them anyway.
"""

import itertools

import numpy as np

from .diagnosis import Diagnosis


def operators(task, renamed):
    """Return the operators of a task as pairs (function, Diagnosis)."""
    made = dict(_operators(task))
    unknown = set(renamed) - set(made)
    if unknown:
        raise ValueError(f"{task.name} has no operator {unknown}; it has {', '.join(made)}")
    return [
        (function, renamed.get(name, diagnosis))
        for name, (function, diagnosis) in made.items()
        if name in renamed or diagnosis
    ]


def _operators(task):
    reference = task.reference
    for name, change, diagnosis in _changes():
        told = diagnosis if task.returns or name == "integer" else None
        yield name, (_after(reference, change), told)
    for name, factor in _factors(task):
        yield name, (_scaled(task, None, factor), None)
    for name, inputs, diagnosis in _inputs(task):
        yield name, (_before(reference, inputs), diagnosis)
    if not task.returns:
        return
    for i, part in enumerate(task.returns):
        for name, change, text, advice in _changes_of_a_part():
            tag = f"{part}-{name.replace(' ', '-')}"
            diagnosis = Diagnosis(tag, text.format(part), advice.format(part))
            yield f"{part} {name}", (_after(reference, _only(i, change)), diagnosis)
        for name, factor in _factors(task):
            tag = f"{part}-{_FACTOR[name[0]]}-{name[2:].lower()}"
            change = "small" if name[0] == "÷" else "large"
            text = (
                f"{part} is {_DONE[name[0]]} by {name[2:]}: exactly {name[2:]} times too {change}."
            )
            advice = "The mean is in the upstream gradient already; only the loss divides."
            yield f"{part} {name}", (_scaled(task, i, factor), Diagnosis(tag, text, advice))
        for name, inputs, _ in _inputs(task):
            text = {
                "first example": f"{part} holds the first example's share only.",
                "last example": f"{part} holds the last example's share only: each round of the "
                "loop overwrites the one before.",
            }.get(name, f"{part} is right for a {name.split()[0]} of ones: it is not used.")
            advice = "Add the shares of all examples: start from zeros and write `+=`."
            if "example" not in name:
                advice = f"Upstream times local: {name.split()[0]} stands in {part} too."
            tag = f"{part}-{name.replace(' ', '-')}"
            function = _part_of(reference, i, _before(reference, inputs))
            yield f"{part} {name}", (function, Diagnosis(tag, text, advice))
    yield from _orders(task)


_FACTOR = {"÷": "divided-by", "×": "times"}
_DONE = {"÷": "divided", "×": "multiplied"}


def _changes():
    """Operators on the whole result: name, function of every array, diagnosis."""
    yield (
        "negated",
        lambda a: -a,
        Diagnosis(
            "wrong-sign",
            "The sign of everything is wrong.",
            "Look for a difference taken the wrong way round, or a minus too few or too many.",
        ),
    )
    yield (
        "zero",
        np.zeros_like,
        Diagnosis("all-zero", "Everything is 0.", "Is the result ever written?"),
    )
    yield (
        "integer",
        lambda a: a.astype(int),
        Diagnosis(
            "integer-dtype",
            "The result is an array of integers: everything after the decimal point is lost.",
            "Find where the array is made: `np.zeros(shape)` holds floats, `dtype=int` does not.",
        ),
    )
    yield (
        "transposed",
        np.transpose,
        Diagnosis("transposed", "Everything is transposed.", "Rows are examples here."),
    )
    yield "doubled", lambda a: 2 * a, None
    yield "halved", lambda a: a / 2, None
    yield "summed", np.sum, None
    yield "base 2", lambda a: a / np.log(2), None
    yield "base 10", lambda a: a / np.log(10), None


def _changes_of_a_part():
    """Operators on one of several results: name, function, text, advice."""
    yield (
        "transposed",
        _every(np.transpose),
        "{} is transposed.",
        "A gradient has its array's shape.",
    )
    yield "zero", _every(np.zeros_like), "{} is 0 everywhere.", "Is {} ever written?"
    yield "ones", _every(np.ones_like), "{} is 1 everywhere.", "Upstream times local: use both."
    yield (
        "wrong sign",
        _every(np.negative),
        "The sign of {} is wrong.",
        "Look for a minus, or a difference the wrong way round.",
    )
    yield "doubled", _every(lambda a: 2 * a), "{} is 2 times too large.", "Is it added twice?"
    yield "halved", _every(lambda a: a / 2), "{} is 2 times too small.", "Nothing is averaged here."
    yield (
        "keepdims",
        _every(lambda a: np.expand_dims(a, 0)),
        "{} has an axis of length 1 too many, its first.",
        "Leave `keepdims` out.",
    )
    yield (
        "summed over all",
        _every(np.sum),
        "{} is one number: the sum over everything.",
        "Sum over the examples only, `axis=0`.",
    )
    yield (
        "first row",
        _every(lambda a: a[:1] if a.ndim else a),
        "{} holds its first row only.",
        "Does the loop reach the end?",
    )


def _every(change):
    """Apply a change of an array to all arrays of a nested result."""

    def apply(result):
        if isinstance(result, (list, tuple)):
            return [apply(item) for item in result]
        return change(np.asarray(result))

    return apply


def _after(reference, change):
    change = change if change.__name__ == "apply" else _every(change)
    return lambda *args: change(reference(*args))


def _before(reference, inputs):
    return lambda *args: reference(*inputs(args))


def _only(i, change):
    def apply(results):
        results = list(results)
        results[i] = change(results[i])
        return results

    return apply


def _part_of(reference, i, other):
    """Return the right result with part i taken from another function's."""

    def function(*args):
        results = list(reference(*args))
        results[i] = other(*args)[i]
        return results

    return function


def _factors(task):
    """Yield "÷ N", "× N" and their like for every size that `shapes` names."""
    letters = dict.fromkeys(" ".join(task.shapes.values()).split())
    for letter in letters:
        yield f"÷ {letter}", lambda sizes, n=letter: 1 / sizes[n]
        yield f"× {letter}", lambda sizes, n=letter: float(sizes[n])


def _scaled(task, i, factor):
    def function(*args):
        by = factor(task.sizes(args))
        scale = _every(lambda a: a * by)
        result = task.reference(*args)
        return scale(result) if i is None else _only(i, scale)(result)

    return function


def _inputs(task):
    """Operators on the arguments: name, function of the arguments, diagnosis."""
    with_rows = [i for i, p in enumerate(task.parameters) if task.shapes.get(p, "")[:1] == "N"]
    for name, rows in (("first example", slice(0, 1)), ("last example", slice(-1, None))):
        if with_rows:
            yield name, _cut(with_rows, rows), None
    for i, parameter in enumerate(task.parameters):
        if parameter.startswith("d") and parameter in task.shapes:
            yield (
                f"{parameter} ones",
                lambda args, i=i: (*args[:i], np.ones_like(args[i]), *args[i + 1 :]),
                Diagnosis(
                    "no-upstream",
                    f"The upstream gradient {parameter} is missing: "
                    "this is the local derivative alone.",
                    f"Upstream times local: multiply by {parameter}.",
                ),
            )


def _cut(positions, rows):
    return lambda args: tuple(a[rows] if i in positions else a for i, a in enumerate(args))


def _orders(task):
    """Yield the results in other orders, and only some of them."""
    right = tuple(range(len(task.returns)))
    wanted = ", ".join(task.returns)
    for order in itertools.permutations(right):
        if order == right or len(right) > 3:
            continue
        found = ", ".join(task.returns[i] for i in order)
        diagnosis = Diagnosis(
            "wrong-order",
            f"The results are right, in another order: {found}.",
            f"Return {wanted}.",
        )
        pick = lambda results, order=order: [results[i] for i in order]  # noqa: E731
        yield f"order {found}", (_whole(task.reference, pick), diagnosis)
    for i, part in enumerate(task.returns):
        diagnosis = Diagnosis(
            f"only-{part.lower()}",
            f"Only {part} comes back; {wanted} are wanted.",
            f"Return all of them, in this order: {wanted}.",
        )
        pick = lambda results, i=i: results[i]  # noqa: E731
        yield f"only {part}", (_whole(task.reference, pick), diagnosis)


def _whole(reference, pick):
    return lambda *args: pick(reference(*args))
