"""Judging: on a task made up here the grader calls, compares, names, scores, says what it found."""

import contextlib
import functools
import itertools
import linecache
import re
import sys
import threading
import time
import warnings
from types import ModuleType

import numpy as np
import pytest

import grader
from grader import limits, score
from grader.call import Caller, InProcess, Rng, plain
from grader.checking import judge
from grader.compare import Part
from grader.diagnosis import ASPECTS, Diagnosis
from grader.examine import Examination
from grader.explain import Failure, Refused, explain, usual_cause
from grader.task import Task, case
from grader.tasks import TASKS


def scaled(x, k):
    y = k * x
    return y


def scaled_cases(rng):
    return [
        case(np.array([[1.0, -2.0]]) * rng.integers(1, 9), 3.0),
        case(rng.standard_normal((3, 2)), 0.5),
        case(rng.standard_normal((4, 4)), -2.0),
        case(np.array([[1e4, -1e4, 1.0]]), 1.0, aspect="stable"),
        case(np.zeros((2, 3)), 4.0, aspect="edge"),
        case(np.array([[2.5]]), 2.0, aspect="ones"),
    ]


MISTAKES = """
y = k + x
    plus-for-times: k is added. → Multiply.
y = k * np.abs(x)
    no-sign: The sign is lost. → Keep it.
y = k * x / x
    divided: x is divided out. → Leave it.
"""
FIELDS = {
    "signature": "scaled(x, k)",
    "cases": scaled_cases,
    "reference": scaled,
    "shapes": {"x": "N D"},
    "mistakes": MISTAKES,
    "hints": ("one", "two", "three"),
}


def judged(answer, seed=0, seconds=None, **fields):
    task = Task(**{**FIELDS, **fields})
    caller = answer if isinstance(answer, Caller) else InProcess(answer)
    return judge(task, caller, seed, seconds=seconds)


def test_a_right_answer_earns_all_points_in_a_line():
    result = judged(lambda x, k: x * k)
    assert (result.name, result.points, result.max_points) == ("scaled", 3, 3)
    assert (result.passed, result.mistakes, result.message) == (True, [], "✓ scaled 3/3")


def test_a_right_answer_in_float32_is_remarked():
    result = judged(lambda x, k: (x * k).astype(np.float32))
    assert result.passed
    assert result.message.splitlines() == [
        "✓ scaled 3/3",
        "  Remark: the result is float32, and compared as exactly as float32 can be.",
    ]


def test_the_whole_message_of_a_wrong_answer():
    result = judged(lambda x, k: x + k, cases=lambda rng: scaled_cases(rng)[1:2], seeds=2)
    assert (result.points, result.passed, result.mistakes) == (1, False, ["plus-for-times"])
    first, marks, mistake, following, smallest, *rows, hint = result.message.splitlines()
    assert first == "✗ scaled 1/3"
    assert marks == "  value ✗ · arguments left alone ✓ · independent of earlier calls ✓"
    assert mistake == "  Mistake: k is added."
    assert following == "  Next: Multiply."
    assert smallest == "  Smallest input that fails:"
    assert [row[:16].strip() for row in rows] == ["x", "k", "your value", "true value"]
    assert rows[0].startswith("    x           [[")
    assert rows[1] == "    k           0.5"
    assert hint == '  A hint: check("scaled", scaled, hint=1), then 2, then 3'


def test_one_mistake_that_explains_all_aspects_is_told_once_on_the_smallest_case():
    result = judged(lambda x, k: x + k)
    assert result.mistakes == ["plus-for-times"]
    assert "    x           [[2.5]]" in result.message
    assert "    your value  [[4.5]]" in result.message
    assert "    true value  [[5.0]]" in result.message
    assert "value ✗ · special points ✗ · sizes of one ✗ · stable for large entries ✗" in (
        result.message
    )


def test_a_second_mistake_is_told_in_a_line_with_its_aspect():
    def answer(x, k):
        return x + k if x.any() else x + 7

    result = judged(answer)
    assert result.points == 1
    assert result.mistakes == ["plus-for-times", "wrong-value"]
    assert "\n  Also (special points): " in result.message


@pytest.mark.parametrize(
    ("aspect", "answer", "points"),
    [
        ("edge", lambda x, k: x * k if x.any() else x + 1, 2),
        ("ones", lambda x, k: x * k if x.size > 1 else x + 9, 2),
        ("stable", lambda x, k: x * k if abs(x).max() < 1e3 else x / 2, 2),
        ("purity", lambda x, k: np.multiply(x, k, out=x), 2),
        ("layout", lambda x, k: x * k if x.flags.c_contiguous else x, 2),
    ],
)
def test_each_aspect_that_fails_costs_a_point(aspect, answer, points):
    result = judged(answer)
    assert (result.points, result.passed) == (points, False), result.message
    assert f"{ASPECTS[aspect]} ✗" in result.message
    assert result.message.count("✗") == 2


def test_what_only_the_memory_layout_brings_to_light_is_named_after_it():
    result = judged(lambda x, k: x * k if x.flags.c_contiguous else x)
    assert result.mistakes == ["memory-layout"]
    assert "only for arrays stored row after row without gaps" in result.message
    assert "Avoid `ravel(order=…)`" in result.message


def test_arrays_in_lists_are_stored_in_other_ways_too():
    layouts = []

    def cases(rng):
        return [case([(np.ones((3, 2)),), 7], 2.0), case([], 2.0), case([1.0, (2.0,)], 2.0)]

    def first(x, k):
        return x[0][0] * k if len(x) == 2 and isinstance(x[0], (list, tuple)) else 0.0

    def answer(x, k):
        layouts.append(first(x, 1.0).strides if np.ndim(first(x, 1.0)) else None)
        return first(x, k)

    assert judged(answer, cases=cases, reference=first, mistakes="").passed
    assert {(8, 24), (32, 8)} & {*layouts}  # the ordinary one is (16, 8)


def test_three_failed_aspects_leave_a_point_where_the_value_is_right():
    def answer(x, k):
        special = not x.any() or x.size == 1 or abs(x).max() > 1e3
        return x * k + special * 0.1 * (1 + np.arange(x.size)).reshape(x.shape)

    assert judged(answer).points == 1


@pytest.mark.parametrize(
    ("answer", "points"),
    [
        (lambda x, k: k * x + 0.1 * np.cos(9 * x), 1),  # related
        (lambda x, k: np.cos(9 * x + k), 0),
        (lambda x, k: x, 0),  # an argument
        (lambda x, k: (k * x)[0], 0),  # another shape
        (lambda x, k: np.arange(x.size).reshape(x.shape) * 1.0, 0),  # of no input
        (lambda x, k: k * x if x[0, 0] > 0 else k * x + np.cos(9 * x), 1),  # partly right
        (lambda x, k: np.full(x.shape, np.nan), 0),
        (lambda x, k: 2 * k * x, 1),  # measured, so it has a name
    ],
)
def test_a_wrong_value_earns_a_point_only_for_something_of_the_truth(answer, points):
    def cases(rng):
        return [case(rng.standard_normal((9, 4)), k) for k in (3.0, -2.0, 0.5)]

    assert judged(answer, cases=cases).points == points


def test_a_value_that_follows_the_truth_without_its_input_earns_nothing():
    def cases(rng):
        return [case(np.arange(36.0).reshape(9, 4) + rng.random((9, 4)), k) for k in (1.0, 2.0)]

    assert judged(lambda x, k: np.arange(36.0).reshape(9, 4), cases=cases).points == 0
    assert judged(lambda x, k: x + 20 * np.cos(x), cases=cases).points == 1


def test_every_array_counts_alike_in_the_relation_to_the_truth_however_large_its_entries():
    rng = np.random.default_rng(0)
    small, noise = rng.standard_normal((2, 300))
    near = Part("", 1.5e-3 * (small + 0.3 * noise), 1e-3 * small)
    large, unlike = 1e3 * rng.standard_normal((2, 40))
    assert score._related([near, Part("", unlike, large)])
    assert not score._related([Part("", unlike, large)])
    numbers = [Part("", 1.5 * (t + 0.3 * n), t) for t, n in zip(small, noise, strict=True)]
    assert score._related(numbers)


def test_an_array_is_as_large_as_its_entries_are_in_the_mean_of_squares():
    assert score._size(np.array([100, 100], np.int8)) == 100
    assert score._size(np.array([3.0, 4.0, 0.0, 0.0])) == 2.5
    assert score._size(np.zeros(3)) == score._size(np.array([5.0])) == score._size(np.array(5)) == 1


def test_an_answer_that_never_varies_has_no_relation():
    truth = np.random.default_rng(0).standard_normal(20)
    assert not score._related([Part("", np.full(20, 7.0), truth)])


def test_one_right_entry_in_ten_is_no_relation():
    truth = np.random.default_rng(0).standard_normal(20)
    value = np.cos(np.arange(20.0) * 7)
    value[:2] = truth[:2]
    assert not score._related([Part("", value, truth)])
    value[2] = truth[2]
    assert score._related([Part("", value, truth)])


def test_the_answer_is_called_on_cases_from_small_to_large_of_every_seed():
    seen = []
    judged(lambda x, k: seen.append(x.size) or x * k, seeds=2)
    assert seen[:12] == sorted(seen[:12])
    assert len(set(seen)) == 5


def test_another_seed_draws_other_cases():
    drawn = {
        seed: [c.args[0].tolist() for c in Examination(Task(**FIELDS), None, seed).cases]
        for seed in (0, 1)
    }
    assert drawn[0] != drawn[1]


# --- failures -----------------------------------------------------------------------------------


def test_an_error_is_told_with_the_learners_line_and_the_input():
    def answer(x, k):
        if x.shape[0] == 3:
            raise RuntimeError("three rows")
        return x * k

    result = judged(answer)
    assert result.mistakes == ["raises"]
    assert "Mistake: RuntimeError: three rows" in result.message
    assert 'raise RuntimeError("three rows")' in result.message
    assert "your line" in result.message
    assert "    k          0.5" in result.message
    assert "Next: Run the function on the input below" in result.message


def test_an_error_for_non_square_matrices_only_is_told_as_that():
    def answer(x, k):
        if len(set(x.shape)) > 1:
            raise RuntimeError("odd")
        return x * k

    def cases(rng):
        return [case(rng.standard_normal(shape), 3.0) for shape in ((2, 2), (2, 3), (4, 4))]

    result = judged(answer, cases=cases)
    assert result.mistakes == ["only-square"]
    assert "only when the matrices are square. Otherwise: RuntimeError: odd" in result.message


def test_an_error_for_large_entries_is_told_as_unstable():
    def answer(x, k):
        if abs(x).max() > 1e3:
            raise RuntimeError("too big")
        return x * k

    result = judged(answer)
    assert (result.points, result.mistakes) == (2, ["unstable"])
    assert "For large entries it fails. RuntimeError: too big" in result.message


def test_a_wrong_value_for_large_entries_is_told_as_unstable_with_its_pattern():
    result = judged(lambda x, k: x * k if abs(x).max() < 1e3 else 2 * k * x)
    assert result.mistakes == ["unstable"]
    assert "For large entries it goes wrong. " in result.message


def test_numpys_warning_for_large_entries_costs_a_point():
    def answer(x, k):
        if abs(x).max() > 1e3:
            np.exp(np.abs(x))
        return x * k

    result = judged(answer)
    assert (result.points, result.mistakes) == (2, ["unstable"])
    assert "NumPy warns: overflow encountered in exp." in result.message
    assert judged(lambda x, k: np.log(0 * x) * 0 + x * k if x.any() else x * k).points < 3


def test_a_warning_for_ordinary_entries_costs_nothing():
    def answer(x, k):
        if x.shape == (3, 2):
            np.exp(1e4 + x)
        return x * k

    assert judged(answer).passed


def test_a_value_that_is_wrong_for_one_only_is_told_as_that():
    result = judged(lambda x, k: x * k if x.size > 1 else x * k + np.sin(x))
    assert result.mistakes == ["fails-for-sizes-of-one"]
    result = judged(lambda x, k: x * k if x.size > 1 else np.nan * x)
    assert result.mistakes == ["not-finite"]


@pytest.mark.parametrize(
    ("answer", "tag"),
    [
        (None, "not-defined"),
        (3, "not-callable"),
        (lambda x, k: None, "returns-none"),
        (lambda x, k: "x", "wrong-type"),
        (lambda x, k: 1j * x, "wrong-type"),
        (lambda x, k: x.astype(str), "wrong-type"),
        (lambda x, k: (i for i in x), "wrong-type"),
        (lambda x: x, "wrong-arguments"),
        (lambda x, k: [x, x[0]], "wrong-type"),
    ],
)
def test_what_is_no_answer_is_told_so(answer, tag):
    result = judged(answer)
    assert (result.points, result.mistakes) == (0, [tag])
    shown = "Smallest input that fails" in result.message
    assert shown is (tag not in ("not-defined", "not-callable"))


def test_every_aspect_that_fails_is_told():
    calls = []

    def answer(x, k):
        calls.append(1)
        y = x * k * (1 + 1e-3 * (len(calls) > 21))
        if x.flags.writeable:
            x += 1
        return y

    result = judged(answer, mistakes="")
    assert (result.points, result.mistakes) == (1, ["changes-argument", "depends-on-earlier-calls"])


def test_a_case_is_as_large_as_all_its_arrays_and_its_scale_that_of_the_largest_entry():
    nested = case([np.ones((2, 3)), (np.array([5.0, -7.0]),)], "text", 2.0)
    assert (nested.size, nested.scale, nested.square) == (10, 7.0, False)
    assert (case([]).size, case([]).scale, case().scale) == (0, 1.0, 1.0)
    assert case(np.full(3, 0.1), np.zeros((0, 2))).scale == 1.0
    assert case(np.ones((2, 2)), np.ones(3)).square
    assert not case(np.ones((2, 2)), np.ones((3, 3))).square


def test_a_result_of_several_parts_names_the_wrong_one_and_the_right_ones():
    def both(x, k):
        return k * x, k + x, x - k

    fields = {
        "signature": "both(x, k)",
        "reference": both,
        "returns": ("a", "b", "c"),
        "mistakes": "",
    }
    result = judged(lambda x, k: (k * x, 3 * (k + x), x - k), **fields)
    assert result.mistakes[0] == "constant-factor"
    assert "Mistake: In b: it is exactly 3 times too large; a, c are right." in result.message
    assert "your value of b" in result.message
    assert "true value of b" in result.message
    result = judged(lambda x, k: (k * x, k + x), **fields)
    assert "Wanted: 3 things (a, b, c); returned: 2 things." in result.message
    result = judged(lambda x, k: (x + 7, x + 7, x - k), **fields)
    assert "; c is right." in result.message
    assert "In a: " in result.message


def test_of_a_large_result_the_first_wrong_entry_is_shown():
    def cases(rng):
        return [case(np.ones((5, 5)), 2.0)]

    def answer(x, k):
        y = k * x
        y[3, 4] = 7.0
        return y

    message = judged(answer, cases=cases).message
    assert "at [3, 4]: yours 7.0, true 2.0" in message
    assert "an array of shape (5, 5)" in message
    message = judged(answer, cases=lambda rng: [case(np.ones((4, 5)), 2.0)]).message
    assert "at [3, 4]" in message


def test_of_a_small_result_all_is_shown_and_no_entry_singled_out():
    message = judged(lambda x, k: x + 7, cases=lambda rng: [case(np.ones((3, 4)), 2.0)]).message
    assert "your value  [[8.0, 8.0, 8.0, 8.0]" in message
    assert "at [" not in message


def test_an_argument_that_is_written_to_is_named_with_what_became_of_it():
    def answer(x, k):
        y = x * k
        x[...] = 7.0
        return y

    result = judged(answer, cases=lambda rng: [case(np.ones((1, 2)), 2.0)])
    assert (result.points, result.mistakes) == (2, ["changes-argument"])
    assert "It changes its argument x, which belongs to the caller." in result.message
    assert "x after the call  [[7.0, 7.0]]" in result.message


def test_an_answer_that_fails_on_read_only_arguments_is_told_that_it_writes():
    def answer(x, k):
        x[...] = x
        return x * k

    result = judged(answer)
    assert (result.points, result.mistakes) == (2, ["changes-argument"])
    assert "It fails when its arguments are read-only" in result.message
    assert "read-only" in result.message.split("error", 1)[1]


def test_another_result_for_read_only_arguments_is_told():
    result = judged(lambda x, k: x * k if x.flags.writeable else x)
    assert result.mistakes == ["changes-argument"]
    assert "It gives another result when its arguments are read-only." in result.message


@pytest.mark.parametrize("flag", ["f_contiguous", "c_contiguous"])
def test_fortran_order_and_gaps_in_memory_are_tried(flag):
    layouts = []
    judged(lambda x, k: layouts.append((x.flags[flag.upper()], x.strides)) or x * k)
    assert any(strides == (2 * 8 * 4 * 2, 16) for _, strides in layouts)  # every second entry
    assert any(strides == (8, 32) for _, strides in layouts)  # column by column


def test_a_result_that_is_an_argument_is_refused_where_copies_are_wanted():
    def identity(x, k):
        return x

    fields = {"reference": lambda x, k: x.copy(), "mistakes": ""}
    assert judged(identity, **fields).passed
    result = judged(identity, copies=True, **fields)
    assert (result.points, result.mistakes) == (2, ["returns-argument"])
    assert "It returns x itself" in result.message
    assert judged(lambda x, k: x[::1], copies=True, **fields).mistakes == ["returns-argument"]


def test_a_result_that_a_later_call_overwrites_is_told():
    kept = {}

    def answer(x, k):
        held = kept.setdefault(x.shape, np.empty_like(x))
        held[...] = x * k
        return held

    result = judged(answer)
    assert (result.points, result.mistakes) == (2, ["result-overwritten"])


def test_an_answer_that_counts_its_calls_is_told():
    calls = []

    def answer(x, k):
        calls.append(1)
        return x * k * (1 + 1e-3 * (len(calls) > 21))

    result = judged(answer, mistakes="")
    assert (result.points, result.mistakes) == (2, ["depends-on-earlier-calls"])
    assert re.search(r"^ +first +\[\[", result.message, re.MULTILINE)
    assert re.search(r"^ +later +\[\[", result.message, re.MULTILINE)
    calls.clear()

    def fails_later(x, k):
        calls.append(1)
        return x * k if len(calls) <= 21 else x @ None

    result = judged(fails_later, mistakes="")
    assert result.mistakes == ["depends-on-earlier-calls"]
    assert re.search(r"^ +later +an error$", result.message, re.MULTILINE)


def drawn(n, rng):
    return n + rng.standard_normal(n)


def test_a_seeded_answer_must_use_its_rng():
    fields = {
        "signature": "drawn(n, rng)",
        "cases": lambda rng: [case(3, Rng(1)), case(5, Rng(2))],
        "reference": None,
        "accept": lambda value, n, rng: (
            None if np.shape(value) == (n,) else Diagnosis("length", "The length is wrong.", "n.")
        ),
        "mistakes": "",
        "shapes": {},
    }
    assert judged(drawn, **fields).passed
    result = judged(lambda n, rng: np.ones(n), **fields)
    assert (result.points, result.mistakes) == (2, ["ignores-rng"])
    own = judged(lambda n, rng: np.random.default_rng().standard_normal(n), **fields)
    assert "depends-on-earlier-calls" in own.mistakes
    short = judged(lambda n, rng: rng.standard_normal(n - 1), **fields)
    assert (short.points, short.mistakes) == (0, ["length"])
    broken = judged(drawn, **{**fields, "accept": lambda value, n, rng: value["missing"] or None})
    assert broken.mistakes == ["wrong-type"]
    assert "What it returns is not built as the task asks." in broken.message
    assert "Read again what has to be returned." in broken.message


def test_accept_shows_both_values_where_there_is_a_reference():
    def accept(value, x, k):
        return Diagnosis("mine", "Mine.", "Next.") if value[0, 0] != k * x[0, 0] else None

    result = judged(lambda x, k: x * k + 1, accept=accept)
    assert result.mistakes == ["mine"]
    assert re.search(r"^    your value  \[\[6\.0\]\]$", result.message, re.MULTILINE)
    assert re.search(r"^    true value  \[\[5\.0\]\]$", result.message, re.MULTILINE)


def test_what_accept_finds_in_a_special_case_costs_that_aspect():
    def accept(value, x, k):
        return Diagnosis("mine", "Mine.", "Next.", "edge") if x.size == 1 else None

    result = judged(lambda x, k: x * k, accept=accept)
    assert (result.points, result.mistakes) == (2, ["mine"])
    assert "sizes of one ✗" in result.message
    assert "special points ✓" in result.message


def fitted(X, rng):
    w = rng.standard_normal()
    return lambda points: points @ np.ones(2) > w


FITTED = {
    "signature": "fitted(X, rng)",
    "cases": lambda rng: [case(np.ones((3, 2)), Rng(1))],
    "reference": None,
    "accept": lambda predict, X, rng: None,
    "expects": "function",
    "probe": np.linspace(-2, 2, 40).reshape(20, 2),
    "mistakes": "",
    "shapes": {},
    "trains": 30.0,
    "seeds": 1,
}


def test_a_function_that_training_twice_makes_otherwise_is_told():
    assert judged(fitted, **FITTED).passed
    seeds = iter(range(100))
    result = judged(lambda X, rng: fitted(X, np.random.default_rng(next(seeds))), **FITTED)
    assert (result.points, result.mistakes) == (2, ["depends-on-earlier-calls"])
    assert "Trained twice from the same rng" in result.message
    trained = iter([fitted] * 1)
    result = judged(lambda X, rng: next(trained)(X, rng), **FITTED)
    assert result.mistakes == ["depends-on-earlier-calls"]
    assert "np.random.default_rng(1)" in result.message


@pytest.mark.parametrize("failing", [(0,), (1,), (0, 1)])
def test_a_trained_function_that_fails_where_it_is_asked_is_told(failing):
    turns = itertools.count()

    def answer(X, rng):
        turn = next(turns)
        return lambda points: points @ None if turn in failing else 0 * points[:, 0]

    assert judged(answer, **FITTED).mistakes == ["depends-on-earlier-calls"]


def test_what_is_no_function_and_nothing_to_iterate_over_is_advised_what_to_return():
    message = judged(lambda X, rng: 3, **FITTED).message
    assert "Next: Return a function: `def predict(X): …` inside" in message
    message = judged(lambda x, k: 3, expects="iterable").message
    assert "Next: Let the function `yield` one pair after the other" in message
    message = judged(lambda x, k: "x").message
    assert "Next: Return exactly what the task asks for, made of NumPy arrays" in message


def test_training_without_end_is_too_slow():
    def answer(X, rng):
        while True:
            pass

    result = judged(answer, seconds=0.1, **FITTED)
    assert (result.points, result.mistakes) == (0, ["too-slow"])
    said = "It had not finished after 0.1 s of computing: it trains too long, or a loop never ends."
    assert said in result.message


def test_a_label_in_fifty_may_flip_between_two_trainings():
    probe = np.arange(200.0)
    for flipped, passed in ((3, True), (4, False)):
        turns = iter([0, flipped])

        def answer(X, rng, turns=turns):
            n = next(turns)
            return lambda points: points < n if points.size == 200 else 0.0

        assert judged(answer, **{**FITTED, "probe": probe}).passed is passed


def test_accept_may_say_that_an_ordinary_call_fails_in_another_aspect():
    def accept(value, x, k):
        return Diagnosis("mine", "Mine.", "Next.", "edge") if x.shape == (3, 2) else None

    result = judged(lambda x, k: x * k, accept=accept)
    assert (result.points, result.mistakes) == (2, ["mine"])
    assert "special points ✗" in result.message
    assert "value ✓" in result.message


def unanswered(x):
    raise NotImplementedError


def test_a_blank_is_told_kindly_and_named_only_where_it_is_in_another_function():
    def scaled(x, k):
        raise NotImplementedError

    result = judged(scaled)
    assert (result.points, result.mistakes) == (0, ["not-answered"])
    first, following, hint = result.message.splitlines()
    assert first == "○ scaled 0/3  Not answered yet, and that is fine."
    assert following.startswith("  Next: Write your answer in place of")
    message = judged(lambda x, k: unanswered(x)).message
    assert "  The blank is in another function: line " in message
    assert "of unanswered" in message
    assert "A hint" not in judged(scaled, hints=()).message


def test_together_judges_what_no_single_call_shows():
    def together(calls):
        assert all(np.array_equal(value, x * k) for value, x, k in calls)
        return (
            Diagnosis("together", "All alike.", "Differ.", "repeat") if len(calls) == 18 else None
        )

    result = judged(lambda x, k: x * k, together=together)
    assert (result.points, result.mistakes) == (2, ["together"])
    assert judged(lambda x, k: x * k, together=together, seeds=1).passed


def test_the_seconds_of_all_calls_together_are_limited():
    class Slow(Caller):
        calls = []

        def __call__(self, *args, seconds, **kwargs):
            self.calls.append(seconds)
            outcome = InProcess(scaled)(*args, **kwargs)
            return type(outcome)(outcome.value, seconds=0.25, kept=outcome.kept)

        def again(self, outcome):
            return outcome.value

    judged(Slow(), seconds=1.0)
    assert Slow.calls[:6] == [1.0, 0.75, 0.5, 0.25, 0.01, 0.01]


# --- the seam -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "dtype", "listed"),
    [
        (True, bool, True),
        (3, np.int64, 3),
        (2**70, np.float64, 2.0**70),
        (-(2**63), np.float64, -(2.0**63)),
        (2**63 - 1, np.int64, 2**63 - 1),
        (1.5, np.float64, 1.5),
        (np.float16(1.5), np.float16, 1.5),
        (np.longdouble(1.5), np.float64, 1.5),
        (np.array([1.5], ">f4"), np.float32, [1.5]),
        (np.asfortranarray([[1, 2], [3, 4]]), np.int64, [[1, 2], [3, 4]]),
    ],
)
def test_numbers_cross_the_seam_as_plain_arrays(value, dtype, listed):
    crossed = plain(value)
    assert type(crossed) is np.ndarray
    assert crossed.dtype == dtype
    assert crossed.dtype.isnative
    assert crossed.tolist() == listed
    assert crossed.flags.c_contiguous
    assert not np.may_share_memory(crossed, value)


def test_lists_and_tuples_cross_the_seam_as_lists_of_arrays():
    crossed = plain(([1, 2.0], (np.zeros(2),)))
    assert [[type(item) for item in part] for part in crossed] == [[np.ndarray] * 2, [np.ndarray]]


class Lies(list):
    def __iter__(self):
        return iter([1.0])


def test_a_list_that_lies_about_its_items_is_read_by_what_it_holds():
    assert [a.tolist() for a in plain(Lies([7, 8]))] == [7, 8]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "It returns None: is the `return` missing?"),
        ((i for i in ()), "It returns a generator, not numbers."),
        ({}, "It returns an object of type dict, not numbers."),
        ("text", "It returns an object of type str, not numbers."),
        (np.array([1j]), "It returns complex numbers; real ones are wanted."),
        (np.array(["a"]), "It returns an array of dtype <U1, not numbers."),
    ],
)
def test_what_is_no_number_is_refused_in_words(value, told):
    with pytest.raises(Refused) as refused:
        plain(value)
    assert str(refused.value) == told
    assert refused.value.tag == ("returns-none" if value is None else "wrong-type")


def test_an_outcome_tells_warnings_changes_and_sharing():
    def answer(x, items, n):
        x[0] = np.log(0.0)
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        return items

    outcome = InProcess(answer)(np.ones(2), [np.ones(1)], 3)
    assert outcome.warnings == ("divide by zero encountered in log",)
    [(position, after)] = outcome.changed
    assert (position, after.tolist()) == (0, [-np.inf, 1])
    assert outcome.shared == (1,)
    assert InProcess(lambda x: x[1:])(np.ones(3)).shared == (0,)
    assert InProcess(lambda x: [0.0, [x]])(np.ones(3)).shared == (0,)
    assert InProcess(lambda x, y: x + y)(np.ones(3), np.ones(3)).shared == ()
    assert InProcess(lambda pair: pair[0])([np.ones(2), np.ones(2)]).shared == (0,)


@pytest.mark.parametrize(
    ("before", "change"),
    [
        ([1, 2], lambda a: a.append(3)),
        ([[1.0], 2], lambda a: a[0].__setitem__(0, 5.0)),
        (np.ones(2), lambda a: a.__setitem__(0, np.nan)),
        (np.array([1, 2]), lambda a: a.__setitem__(0, 0)),
        (np.ones((2, 3)), lambda a: setattr(a, "shape", (3, 2))),
    ],
)
def test_every_change_of_an_argument_is_seen(before, change):
    assert [i for i, _ in InProcess(lambda a: change(a) or 1.0)(before).changed] == [0]
    assert InProcess(lambda a: 1.0)(before).changed == ()
    assert InProcess(lambda a: 1.0)(np.array([np.nan])).changed == ()


def test_a_function_comes_back_as_a_caller_and_an_iterable_as_a_list():
    outcome = InProcess(lambda k: lambda x: k * x)(3, expects="function")
    assert outcome.value(np.ones(1)).value.tolist() == [3]
    told = InProcess(lambda: 3)(expects="function").failure.text
    assert told == "It returns an object of type int, not a function."
    assert InProcess(lambda: None)(expects="function").failure.kind == "returns-none"
    assert [a.tolist() for a in InProcess(lambda: iter([1, 2]))(expects="iterable").value] == [1, 2]
    told = InProcess(lambda: 3)(expects="iterable").failure.text
    assert told == "It returns an object of type int, not an iterable."
    assert InProcess(lambda: None)(expects="iterable").failure.kind == "returns-none"
    assert InProcess(lambda: np.ones(2))(expects="iterable").value.tolist() == [1, 1]
    endless = InProcess(lambda: itertools.count())(expects="iterable", seconds=60.0)
    assert len(endless.value) == 100_000
    given = [1.0, 2.0]
    assert InProcess(lambda a: a)(given).shared == (0,)
    assert InProcess(lambda a: a)([]).shared == ()


def test_a_neighbor_is_found_beside_the_function_and_in_the_notebook(monkeypatch):
    names = {}
    exec("def answer(): return 1\ndef neighbor(): return 7\nnumber = 3", names)
    caller = InProcess(names["answer"])
    assert caller.beside("neighbor")().value == 7
    assert caller.beside("number") is None
    assert caller.beside("nobody") is None
    notebook = ModuleType("__main__")
    notebook.mine = lambda: 8
    monkeypatch.setitem(sys.modules, "__main__", notebook)
    assert caller.beside("mine")().value == 8
    assert InProcess(functools.partial(names["answer"])).beside("neighbor")().value == 7
    assert InProcess(np.add).beside("neighbor") is None


def test_accept_is_given_what_stands_beside_the_answer():
    names = {}
    exec("def answer(x, k): return x * k\ndef helper(x): return 5", names)
    given = []
    judged(
        InProcess(names["answer"]),
        accept=lambda value, x, k, *others: given.append(others),
        beside=("helper", "absent"),
    )
    helper, absent = given[0]
    assert (helper(1).value, absent) == (5, None)


# --- what an error means ------------------------------------------------------------------------


def told(call, *args):
    try:
        call(*args)
    except BaseException as error:
        return explain(error, 1.0)


CAUSED = [
    (lambda: max(np.ones(2), 0), "`np.maximum` and `np.minimum` compare entry by entry"),
    (lambda: 1 if np.ones(2) else 0, "use `np.where`"),
    (lambda: np.max(np.ones(2), 5), "takes its second argument for an axis"),
    (lambda: 1.0 ^ 2.0, "In Python `^` is no power"),
    (lambda: [1] / 2, "A list stands where an array is needed"),
    (lambda: [1].shape, "A list stands where an array is needed"),
    (lambda: np.ones(2)(0), "entries are taken with `[…]`"),
    (lambda: np.float64(2.0)(3), "is a product's `*` missing?"),
    (lambda: None + 1, "a function without `return`"),
    (lambda: np.ones(2) @ np.ones(3), "print both arrays' shapes just before this line"),
    (lambda: np.ones(2) + np.ones(3), "print both arrays' shapes just before this line"),
    (lambda: np.ones(2)[5], "indices count from 0 to length − 1"),
    (lambda: np.ones(2)[0, 0], "More indices than axes"),
    (lambda: __import__("nonexistent"), "do it without this package"),
    (lambda: 1 / 0, "Something is divided by 0"),
    (lambda: nowhere, "has that cell been run?"),  # noqa: F821
]


@pytest.mark.parametrize(("call", "cause"), CAUSED, ids=[cause for _, cause in CAUSED])
def test_an_error_is_told_with_its_usual_cause(call, cause):
    failure = told(call)
    assert failure.kind == "raises"
    assert cause in failure.text
    assert ".." not in failure.text
    assert "?." not in failure.text
    assert failure.line.startswith("line ")


class Net:
    def no_self(x):
        return x

    def forward(self, x):
        return x


def test_a_missing_self_and_a_missing_object_are_told_and_other_counts_are_not():
    assert "A method's first parameter is `self`" in told(lambda: Net().no_self(1)).text
    assert "the class called without `()`" in told(lambda: Net.forward(1)).text
    assert "`self`" not in told(lambda: Net().forward(1, 2, 3)).text


def test_an_error_without_a_usual_cause_is_told_as_it_is():
    def answer():
        raise KeyError

    assert told(answer).text == "KeyError"
    assert told(lambda: {}["a"]).text == "KeyError: 'a'"


def test_an_error_that_cannot_be_written_is_told_by_its_name():
    class Unspeakable(Exception):
        def __str__(self):
            raise ValueError

    def answer():
        raise Unspeakable

    assert told(answer).text == "Unspeakable"


@pytest.mark.parametrize(
    ("message", "between"), [("by zero.", " "), ("by zero?", " "), ("by zero", ". "), ("", ". ")]
)
def test_a_usual_cause_begins_a_sentence_of_its_own(message, between):
    caused = usual_cause("ZeroDivisionError", message, "")
    assert caused == f"{between}Something is divided by 0: which count or norm can be 0 here?"


def test_an_error_from_nowhere_has_no_line_and_one_without_its_source_only_a_number():
    assert explain(KeyError("a"), 1.0) == Failure("raises", "KeyError: 'a'", "")
    assert explain(TypeError("odd"), 1.0).kind == "wrong-arguments"
    names = {}
    exec("def f(x):\n    return x[0]", names)
    assert told(names["f"], []).line == "line 2 of f"


def test_a_long_message_and_a_long_line_are_cut():
    source = f"def f(): raise RuntimeError(1000 * 'x') or '{100 * 'y'}'"
    linecache.cache["<long>"] = len(source), None, [source], "<long>"
    names = {}
    exec(compile(source, "<long>", "exec"), names)
    failure = told(names["f"])
    assert failure.text == "RuntimeError: " + 200 * "x"
    assert failure.line == f"line 1 of f:  {source[:120]}"


def test_an_unanswered_blank_a_full_memory_and_a_call_that_does_not_fit_have_kinds_of_their_own():
    def blank():
        raise NotImplementedError

    def hungry():
        raise MemoryError

    assert (told(blank).kind, told(blank).text) == ("not-answered", "Not answered yet.")
    assert "line " in told(blank).line
    assert told(hungry).kind == "too-much-memory"
    assert told(hungry).text.startswith("It asked for more memory than there is")
    assert "of hungry" in told(hungry).line
    outcome = InProcess(lambda x: x)(1, 2)
    assert outcome.failure.kind == "wrong-arguments"
    assert outcome.failure.text.startswith("It cannot be called like this: ")


# --- limits -------------------------------------------------------------------------------------


def endless(x):
    while True:
        x += 1


def stubborn(x):
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(0.001)
        try:
            endless(x)
        except:  # noqa: E722
            pass


def ended(answer):
    outcome = InProcess(answer)(0, seconds=0.1)
    return outcome.failure.kind, outcome.failure.text, outcome.failure.line


@pytest.mark.parametrize("answer", [endless, stubborn])
def test_what_never_ends_is_ended_where_it_stands(answer):
    kind, text, line = ended(answer)
    assert kind == "endless-loop"
    assert "after 0.1 s of computing" in text
    assert "of endless" in line or "of stubborn" in line


def test_what_never_ends_is_ended_in_a_thread_too():
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(ended(endless)), daemon=True)
    thread.start()
    thread.join(60)
    assert [kind for kind, _, _ in outcomes] == ["endless-loop"]


def test_time_is_limited_by_what_is_computed_and_generously_by_the_clock(monkeypatch):
    assert [limits.wall(seconds) for seconds in (0.1, 2.0, 3.0)] == [20, 20, 30]
    assert limits.allowed(2.0) == 2
    assert limits.cpu_clock() is time.process_time
    clocks = []
    thread = threading.Thread(target=lambda: clocks.append(limits.cpu_clock()))
    thread.start()
    thread.join()
    assert clocks == [time.thread_time]
    monkeypatch.setattr("grader.limits.sys.platform", "emscripten")
    assert limits.allowed(2.0) == 10
    assert limits.cpu_clock() is time.monotonic


def test_what_an_answer_prints_is_swallowed_and_counted_as_written(capsys):
    def noisy():
        print("noise", file=sys.stderr)
        return sys.stdout.write("noise")

    assert InProcess(noisy)().value == 5
    assert capsys.readouterr() == ("", "")


# --- what a notebook calls ----------------------------------------------------------------------


def test_check_prints_the_line_of_a_right_answer_only(capsys):
    grader.check("relu", lambda z: np.maximum(z, 0).astype(np.float32))
    assert capsys.readouterr().out == "✓ relu 3/3\n"
    grader.check("relu", lambda z: np.maximum(z, 0).astype(np.float32), hint=1)
    assert capsys.readouterr().out.splitlines()[1].startswith("  Remark: ")


@pytest.mark.parametrize("hint", [0, 1, 3])
def test_check_prints_as_many_hints_as_are_asked_for_below_the_message(hint, capsys):
    grader.check("relu", lambda z: z + 1, hint=hint)
    message = grader.evaluate("relu", lambda z: z + 1).message
    hints = TASKS["relu"].hints[:hint]
    told = "".join(f"  Hint {i}: {text}\n" for i, text in enumerate(hints, start=1))
    assert capsys.readouterr().out == f"{message}\n{told}"
    if not hint:
        grader.check("relu", lambda z: z + 1)
        assert capsys.readouterr().out == f"{message}\n"


def test_tasks_are_listed_by_chapter_and_an_unknown_one_is_refused():
    listed = grader.tasks()
    assert "relu" in listed["01_forward_pass"]
    assert sorted(sum(listed.values(), [])) == sorted(TASKS)
    with pytest.raises(ValueError, match="there is no task 'rleu'; the tasks are .*relu, "):
        grader.evaluate("rleu", None)
