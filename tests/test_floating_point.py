"""NumPy's warnings reach the checks, also where the processor tells NumPy nothing."""

import ast
import contextlib
import functools
import linecache
import sys
import types
import warnings
from unittest import mock

import answers
import numpy as np
import pytest

import grader.call
from grader import evaluate, floating
from grader.floating import WATCHED, Operators, warned

INPUTS = {
    "ordinary": np.array([0.5, 1.0, 2.0]),
    "huge": np.array([1.0, 1e200, -1e200]),
    "a number": 1000.0,
    "float32": np.array([[200.0], [1.0]], np.float32),
    "zero": np.array([0.0, 1.0]),
    "minus one": np.array([-1.0, 1.0]),
    "negative": np.array([-3.0, 1.0]),
    "infinite already": np.array([np.inf, -np.inf, np.nan]),
    "whole numbers": np.array([0, 2, 1000]),
}


def said(call, told):
    with warnings.catch_warnings(record=True) as caught, warned(told):
        warnings.simplefilter("always")
        with contextlib.nullcontext() if told else told_nothing():
            call()
    return {str(warning.message) for warning in caught}


@contextlib.contextmanager
def told_nothing():
    """As in a browser: NumPy would warn, and hears of nothing."""
    settings = np.geterr()
    with mock.patch.object(np, "geterr", return_value=settings), np.errstate(all="ignore"):
        yield


@pytest.mark.parametrize("what", INPUTS)
@pytest.mark.parametrize("name", WATCHED)
def test_a_watched_function_warns_as_numpy_does(name, what):
    def call():
        getattr(np, name)(INPUTS[what])

    assert said(call, False) == said(call, True)


def test_what_is_left_out_or_hidden_is_no_reason_to_warn():
    def masked():
        z = np.array([-1e4, 1e4])
        np.exp(z, where=z < 0, out=np.full(2, np.inf))

    def hidden():
        with np.errstate(over="ignore"):
            np.exp(1e4)

    assert said(masked, False) == set()
    with warnings.catch_warnings(), warned(told=False):
        warnings.simplefilter("error")
        hidden()


def test_a_watched_function_computes_what_numpys_does_where_it_is_told_to():
    def computed():
        out, kept = np.zeros(2), np.full(2, 7.0)
        np.exp(np.zeros(2), out)
        np.exp(np.zeros(2), out=kept, where=[True, False])
        return [*out, *kept]

    with warned(told=False):
        assert computed() == [1, 1, 1, 7]


def test_a_watched_function_is_one_of_numpys_for_whoever_asks():
    with warned(told=False):
        assert np.exp.nin == 1
        assert np.log.reduceat
    assert isinstance(np.exp, np.ufunc)


def defined(source, operators):
    """Return what a cell defines, compiled as in a browser or as in a notebook."""
    names, file = {"np": np}, f"<cell {hash(source)}>"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    tree = ast.parse(source, file)
    exec(compile(Operators().visit(tree) if operators else tree, file, "exec"), names)
    return names


BESIDE = {"2": 2, "half": 0.5, "-1": -1, "-2.5": -2.5, "400": 400, "many": np.array([0.0, 3.0, -2])}


@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize("what", ["ordinary", "huge", "a number", "minus one", "infinite already"])
@pytest.mark.parametrize("operator", ["x / y", "y / x", "x ** y", "y ** x", "(x / y) ** (y / x)"])
def test_an_operator_of_a_cell_warns_and_computes_as_numpys_does(operator, what, beside):
    x, y = (np.array(value) for value in (INPUTS[what], BESIDE[beside]))
    if x.ndim and y.ndim:
        x = x[:, None]
    watched, plain = (defined(f"f = lambda x, y: {operator}", seen)["f"] for seen in (True, False))
    for pair in [(x, y), (x[()], y[()]), (x, BESIDE[beside])]:
        assert said(functools.partial(watched, *pair), False) == said(
            functools.partial(plain, *pair), True
        )
        with np.errstate(all="ignore"):
            np.testing.assert_array_equal(watched(*pair), plain(*pair))


def test_an_operator_that_is_not_numpys_is_left_alone():
    f = defined("def f(x, y):\n    return x / y, x**y", True)["f"]
    with warned(told=False):
        assert f(1, 2) == (0.5, 1)
        with pytest.raises(ZeroDivisionError, match="^division by zero$"):
            f(1, 0)
        with pytest.raises(TypeError, match="for /: 'str' and 'int'"):
            f("1", 2)
    assert f(1, 2) == (0.5, 1)
    assert f(np.arange(2), 2)[0].tolist() == [0, 0.5]


BY_OPERATORS = {
    "sigmoid": "def sigmoid(z):\n    return 1 / (1 + np.e ** (-z))\n",
    "softmax": ("def softmax(z):\n    e = np.e**z\n    return e / e.sum(axis=1, keepdims=True)\n"),
    "relu": "def relu(x):\n    return x / (x > 0)\n",
    "linear_forward": "def linear_forward(x, W, b):\n    return x @ W + b / None\n",
}
# What changes the code on purpose puts a frame of its own between the operator and the answer.
SLOW = {"linear_forward": pytest.mark.slow}


@pytest.mark.parametrize(
    "task", [pytest.param(task, marks=SLOW.get(task, ())) for task in BY_OPERATORS]
)
def test_an_answer_that_fails_at_an_operator_is_told_the_same_in_a_browser(task, monkeypatch):
    here = evaluate(task, defined(BY_OPERATORS[task], False)[task], seed=1)
    monkeypatch.setattr(grader.call, "warned", functools.partial(warned, told=False))
    there = evaluate(task, defined(BY_OPERATORS[task], True)[task], seed=1)
    assert (there.points, str(there)) == (here.points, str(here))
    assert here.points < 3


def test_a_browsers_notebook_has_its_operators_watched_and_no_other(monkeypatch):
    shell = types.SimpleNamespace(ast_transformers=[])
    ipython = types.SimpleNamespace(get_ipython=lambda: shell)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    floating.watch_notebook()
    assert shell.ast_transformers == []
    monkeypatch.setattr(floating, "TOLD", False)
    floating.watch_notebook()
    assert [type(one) for one in shell.ast_transformers] == [Operators]
    monkeypatch.delitem(sys.modules, "IPython")
    floating.watch_notebook()
    assert len(shell.ast_transformers) == 1


TOLD_BY_A_WARNING = [a for a in answers.everything() if a.tag in ("overflow", "both-branches")]


@pytest.mark.slow
@pytest.mark.parametrize("answer", TOLD_BY_A_WARNING, ids=str)
def test_an_answer_that_overflows_is_told_the_same_in_a_browser(answer, monkeypatch):
    here = evaluate(answer.task, answer.function, seed=1)
    monkeypatch.setattr(grader.call, "warned", functools.partial(warned, told=False))
    there = evaluate(answer.task, answer.function, seed=1)
    assert (there.points, str(there)) == (here.points, str(here))
    assert here.points < 3
