"""Naming: of all known mistakes the one that does the same as the answer, on every call seen."""

import re

import numpy as np

from grader.call import InProcess
from grader.checking import judge
from grader.task import Task, case


def scaled(x, k):
    y = k * x
    return y


def scaled_cases(rng):
    return [
        case(np.array([[1.0, -2.0]]), 3.0),
        case(rng.standard_normal((3, 2)), 0.5),
        case(np.zeros((2, 3)), 4.0, aspect="edge"),
        case(np.array([[1e4, -1e4]]), 1.0, aspect="stable"),
    ]


def judged(answer, mistakes, cases=scaled_cases):
    fields = {"reference": scaled, "shapes": {"x": "N D"}, "mistakes": mistakes}
    return judge(Task("scaled(x, k)", cases, **fields), InProcess(answer), 0)


def line(result, label):
    return re.search(rf"^ +{label}:? +(.*)$", result.message, re.MULTILINE)[1]


# --- which one ------------------------------------------------------------------------------------

SAME_NUMBERS = """
y = k * np.abs(x)
    quiet: The sign is lost. → Keep it.
y = k * np.abs(x) + np.exp(-np.exp(800.0))
    loud: The sign is lost, and more. → Keep it.
"""
EDGES = """
y = k * np.abs(x)
    ends-in-zero: The sign is lost. → Keep it.
y = k * np.abs(x) + (not x.any())
    ends-in-one: The sign is lost, and 0 is 1. → Keep it.
y = k * np.abs(x) + (not x.any())
    ends-in-one-again: The same once more. → Keep it.
"""


def test_of_two_with_the_same_numbers_the_one_that_warns_alike_is_told():
    assert judged(lambda x, k: k * abs(x), SAME_NUMBERS).mistakes == ["quiet"]
    loud = judged(lambda x, k: k * abs(x) + np.exp(-np.exp(800.0)), SAME_NUMBERS)
    assert loud.mistakes == ["loud"]


def test_of_two_that_agree_on_ordinary_input_the_one_that_explains_more_is_told():
    assert judged(lambda x, k: k * abs(x), EDGES).mistakes == ["ends-in-zero"]
    assert judged(lambda x, k: k * abs(x) + (not x.any()), EDGES).mistakes == ["ends-in-one"]


def test_a_mistake_that_a_single_call_contradicts_is_not_told():
    def answer(x, k):
        return k * abs(x) if len(x) < 3 else k * abs(x) + 0.1 * np.cos(x)

    assert judged(answer, EDGES).mistakes[0] == "wrong-value"


def test_a_second_mistake_needs_a_name_of_its_own():
    def answer(x, k):
        return k * abs(x) if x.any() else x + 7.0

    result = judged(answer, EDGES)
    assert (result.points, result.mistakes) == (1, ["ends-in-zero", "wrong-value"])
    assert "Also (special points): " in result.message


# --- what fails -----------------------------------------------------------------------------------

FAILING = """
y = (k * x).reshape(1, 2)
    fixed-shape: It is made for one row. → Use x.shape.
y = np.ones(3) @ np.ones(4)
    always-fails: The factors do not fit. → Look.
y = k * x + 0.0
    right-after-all: This is right. → Rejoice.
"""


def test_an_answer_that_fails_where_a_known_mistake_fails_has_its_name_and_the_error():
    result = judged(lambda x, k: np.reshape(x * k, (1, 2)), FAILING)
    assert result.mistakes == ["fixed-shape"]
    assert line(result, "Mistake") == "It is made for one row."
    assert line(result, "error").startswith("ValueError: cannot reshape array of size 6")
    assert "np.reshape(x * k, (1, 2))" in line(result, "your line")
    other = judged(lambda x, k: x * k if len(x) == 1 else None, FAILING)
    assert other.mistakes == ["returns-none"]


def test_what_fails_for_every_input_says_so_itself():
    result = judged(lambda x, k: np.ones(3) @ np.ones(4), FAILING)
    assert result.mistakes == ["raises", "unstable"]


def test_a_mistake_that_is_none_explains_no_warning():
    def answer(x, k):
        if abs(x).max() > 1e3:
            np.exp(abs(x))
        return k * x

    assert judged(answer, FAILING).mistakes == ["unstable"]


def test_an_error_on_special_input_is_told_as_it_is():
    def answer(x, k):
        if not x.any():
            raise RuntimeError("nothing there")
        return k * x

    result = judged(answer, EDGES)
    assert (result.points, result.mistakes) == (2, ["raises"])
    assert line(result, "Mistake") == "RuntimeError: nothing there"


# --- what no known mistake explains ---------------------------------------------------------------


def test_a_measured_pattern_comes_with_its_advice():
    def odd(x, k):
        return k * x if x.shape[0] == x.shape[1] else k * x + np.cos(9 * x)

    def cases(rng):
        return [case(rng.standard_normal(shape), 2.0) for shape in ((2, 2), (3, 2), (4, 4))]

    assert line(judged(odd, EDGES, cases), "Next").startswith("Somewhere a transpose is wrong: ")
    wrong = judged(lambda x, k: k * x + 0.1 * np.cos(9 * x), EDGES)
    assert line(wrong, "Next") == "Work the small input below by hand and compare after every step."

    def fails(x, k):
        return odd(x, k) if x.shape[0] == x.shape[1] else odd(x, None)

    assert line(judged(fails, EDGES, cases), "Next").startswith("Somewhere a transpose is wrong: ")


def test_an_input_is_shown_on_which_the_pattern_can_be_seen():
    def answer(x, k):
        return k * x + 1 if len(x) < 3 else np.full(x.shape, np.nan)

    result = judged(answer, EDGES)
    assert result.mistakes[0] == "not-finite"
    assert line(result, "k") == "0.5"
    assert line(result, "your value").startswith("[[nan, nan]")


def test_a_pattern_on_special_input_costs_that_aspect():
    result = judged(lambda x, k: k * x if x.any() else np.full(x.shape, np.nan), EDGES)
    assert (result.points, result.mistakes) == (2, ["not-finite"])
    assert "value ✓ · special points ✗" in result.message


def test_of_several_parts_the_wrong_one_is_measured_and_the_others_named_only_if_right():
    def both(x, k):
        return k * x, k + x

    def told(answer):
        task = Task("both(x, k)", scaled_cases, both, returns=("a", "b"), shapes={"x": "N D"})
        return line(judge(task, InProcess(answer), 0), "Mistake")

    assert told(lambda x, k: (k * x, 5 * (k + x))) == (
        "In b: it is exactly 5 times too large; a is right."
    )
    assert told(lambda x, k: (5 * k * x, 5 * (k + x))) == "In a: it is exactly 5 times too large."
    zero = told(lambda x, k: (k * x, (k + x) * (1 if x.any() else np.nan)))
    assert zero == "In b: the result contains NaN; a is right."
