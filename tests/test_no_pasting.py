"""What a chapter prints cannot be pasted as the answer to a task, but for a few small ones.

A reader who pastes renames: a function's parameters by position, a formula's variables by name or
in any order.  A task that returns several arrays is pasted if each comes from a line of one
chapter.
"""

import ast
import builtins
import contextlib
import copy
import inspect
import itertools
import json
import warnings
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import grader
import mlp_lib
from grader.call import InProcess
from grader.tasks import TASKS

ROOT = Path(__file__).parents[1]
LIBRARY = {name: f for name, f in vars(mlp_lib).items() if inspect.isfunction(f)}
SMALL = {  # a line each, or what the chapter is about: its loop, its three derived lines
    "relu",
    "linear_forward",
    "mlp_forward",
    "tanh_derivative",
    "relu_backward",
    "mend_backward",
    "linear_backward",
    "dropout_backward",
}


class Bare(ast.NodeTransformer):
    """Write self.x and v["x"] as x, as whoever pastes does."""

    def visit_Attribute(self, node):
        self.generic_visit(node)
        kept = isinstance(node.value, ast.Name) and node.value.id == "self"
        return ast.Name(node.attr, node.ctx) if kept else node

    def visit_Subscript(self, node):
        self.generic_visit(node)
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        return ast.Name(key, node.ctx) if isinstance(key, str) and key.isidentifier() else node


class Chapter:
    """What a chapter's code cells print: functions and formulas, and the names that they need."""

    def __init__(self, path):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code" and cell["id"] != "colab"]
        self.trees = [ast.parse("".join(cell["source"])) for cell in code]
        self.names = {"np": np, "mlp_lib": SimpleNamespace(**LIBRARY)}
        nodes = [node for tree in self.trees for node in ast.walk(tree)]
        for node in nodes:
            if isinstance(node, ast.ImportFrom) and node.module.startswith("mlp_lib"):
                imported = {alias.name for alias in node.names} & set(LIBRARY)
                self.names |= {name: LIBRARY[name] for name in imported}
            elif isinstance(node, ast.Import) and node.names[0].name in ("math", "itertools"):
                exec(ast.unparse(node), self.names)
        for node in [node for tree in self.trees for node in tree.body]:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                with contextlib.suppress(Exception):  # a base or a default that a cell computes
                    exec(ast.unparse(node), self.names)
        lines = set().union(*map(formulas, nodes))
        found = [Formula(line, self.names) for line in sorted(lines)]
        self.formulas = [formula for formula in found if formula.variables]

    def functions(self):
        for name, value in self.names.items():
            if inspect.isfunction(value) and value.__globals__ is self.names:
                yield name, value


def formulas(node):
    """The right side of a line, what a function returns, what a lambda or an entry is."""
    if isinstance(node, ast.Assign | ast.Return) and node.value:
        found = [node.value]
        entries = node.value.elts if isinstance(node.value, ast.Tuple) else []
        found += [e.value if isinstance(e, ast.Starred) else e for e in entries]
    elif isinstance(node, ast.Lambda):
        found = [node.body]
    else:
        found = node.values if isinstance(node, ast.Dict) else []
    return {ast.unparse(Bare().visit(copy.deepcopy(value))) for value in found}


class Formula:
    """An expression as a function of its free variables, in the order in which they come."""

    def __init__(self, text, names):
        self.text = text
        nodes = list(ast.walk(ast.parse(text, mode="eval")))
        found = [node for node in nodes if isinstance(node, ast.Name)]
        bound = {node.id for node in found if isinstance(node.ctx, ast.Store)}
        bound |= {node.arg for node in nodes if isinstance(node, ast.arg)}
        known = bound | set(names) | set(vars(builtins))
        found.sort(key=lambda node: node.col_offset)
        self.variables = list(dict.fromkeys(node.id for node in found if node.id not in known))
        self.words = {node.id for node in found}
        self.words |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        self.function = eval(f"lambda {', '.join(self.variables)}: {text}", names)

    def renamings(self, parameters):
        """The positions among a task's parameters that the variables may take."""
        place = {name.lower(): i for i, name in enumerate(parameters)}
        if all(name.lower() in place for name in self.variables):
            yield tuple(place[name.lower()] for name in self.variables)
        if len(self.variables) == len(parameters) <= 3:
            yield from itertools.permutations(range(len(parameters)))

    def renamed(self, places):
        return lambda *args: self.function(*(args[i] for i in places))


def typical(task):
    return max(task.cases(np.random.default_rng(0)), key=lambda c: (c.aspect == "value", c.size))


def value(function, args):
    with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        try:
            return function(*args)
        except Exception:
            return None


def close(a, b):
    if isinstance(b, list | tuple):
        alike = isinstance(a, list | tuple) and len(a) == len(b)
        return alike and all(map(close, a, b))
    try:
        return a is not None and np.shape(a) == np.shape(b) and bool(np.allclose(a, b))
    except (TypeError, ValueError):  # no numbers
        return False


def passes(name, function):
    result = grader.evaluate(name, function)
    return result.points == result.max_points


def pasted_functions(chapter):
    """(task, function) of each function of the chapter that solves a task."""
    for (name, function), task in itertools.product(list(chapter.functions()), TASKS.values()):
        parameters = inspect.signature(function).parameters.values()
        needed = sum(p.default is p.empty for p in parameters)
        if not needed <= len(task.parameters) <= len(parameters):
            continue
        if task.reference:  # a first look, without a diagnosis of what is wrong
            args = typical(task).args
            returned = InProcess(function)(*args, seconds=0.5).value
            if not close(returned, task.reference(*args)):
                continue
        if passes(task.name, function):
            yield task.name, name


def pasted_formulas(chapter):
    """(task, formulas) where formulas of the chapter solve a task, one for each result."""
    for task in [task for task in TASKS.values() if task.reference and task.expects == "value"]:
        args = typical(task).args
        truth = task.reference(*args)
        several = isinstance(truth, tuple)
        results = truth if several else (truth,)
        found = [[] for _ in results]
        for formula in chapter.formulas:
            if task.name in formula.words:  # calls the very function that is asked for
                continue
            for places in dict.fromkeys(formula.renamings(task.parameters)):
                function = formula.renamed(places)
                returned = value(function, args)
                if several and close(returned, truth) and passes(task.name, function):
                    yield task.name, formula.text
                for pieces, result in zip(found, results, strict=True):
                    if close(returned, result):
                        pieces.append((formula.text, function))
        for choice in itertools.islice(itertools.product(*found), 6):
            texts, functions = zip(*choice, strict=True)
            if passes(task.name, functions[0] if not several else pasted(functions)):
                yield task.name, "; ".join(texts)
                break


def pasted(functions):
    return lambda *args: tuple(function(*args) for function in functions)


@pytest.fixture(scope="module")
def solved():
    """{task: where its answer is printed} for the whole course."""
    found = {}
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        chapter = Chapter(path)
        for task, what in [*pasted_functions(chapter), *pasted_formulas(chapter)]:
            found.setdefault(task, f"{path.stem}: {what}")
    return found


@pytest.mark.slow
def test_only_a_few_small_answers_can_be_pasted(solved):
    assert len(SMALL) <= 8
    assert {task: where for task, where in solved.items() if task not in SMALL} == {}


@pytest.mark.slow
def test_whoever_pastes_finds_each_of_the_small_answers(solved):
    assert set(solved) >= SMALL


@pytest.mark.parametrize(
    ("code", "task"),
    [
        ("def bend(v):\n    return np.maximum(v, 0)", "relu"),
        ("def both(a, b=1.0):\n    return np.tanh(a * b)", None),
        ("out = A @ M + c", "linear_forward"),
        ("v['dz'] = v['dh'] * (self.z > 0)", "relu_backward"),
        ("dx, dW, db = dy @ W.T, x.T @ dy, dy.sum(axis=0)", "linear_backward"),
        ("dx = dy @ W.T\ndb = dy.sum(axis=0)", None),
        ("p = softmax(z)", None),
        ("p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)", None),
    ],
)
def test_what_is_pasted_is_found_whatever_its_names(tmp_path, code, task):
    path = tmp_path / "chapter.ipynb"
    cells = [{"cell_type": "code", "id": "a", "source": ["from mlp_lib import softmax\n", code]}]
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    chapter = Chapter(path)
    found = {name for name, _ in [*pasted_functions(chapter), *pasted_formulas(chapter)]}
    assert task in found if task else not found
