"""NumPy's warnings reach the checks, also where the processor tells NumPy nothing."""

import functools
import warnings

import answers
import numpy as np
import pytest

import grader.call
from grader import evaluate
from grader.floating import WATCHED, warned

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
        call()
    return {str(warning.message) for warning in caught}


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

    assert said(masked, False) == said(hidden, False) == set()


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


TOLD_BY_A_WARNING = [a for a in answers.everything() if a.tag in ("overflow", "both-branches")]


@pytest.mark.slow
@pytest.mark.parametrize("answer", TOLD_BY_A_WARNING, ids=str)
def test_an_answer_that_overflows_is_told_the_same_in_a_browser(answer, monkeypatch):
    here = evaluate(answer.task, answer.function, seed=1)
    monkeypatch.setattr(grader.call, "warned", functools.partial(warned, told=False))
    there = evaluate(answer.task, answer.function, seed=1)
    assert (there.points, str(there)) == (here.points, str(here))
    assert here.points < 3
