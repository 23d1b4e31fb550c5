"""Comparing: what counts as the true value, and how values are written."""

import warnings

import numpy as np
import pytest

from grader import show as writing
from grader.compare import (
    Part,
    WrongStructure,
    as_array,
    close,
    equal,
    first_difference,
    float32_error,
    is_float32,
    parts,
    parts_of,
    same,
)

A = np.array([1.0, 2.0])


def test_parts_are_paired_by_their_names_or_places():
    found = parts([A, [A, A + 1]], (A, [A, A]), names=("dx", "grads"))
    assert [part.path for part in found] == ["dx", "grads[0]", "grads[1]"]
    assert [part.right for part in found] == [True, True, False]
    assert [part.path for part in parts([A, A], [A, A])] == ["[0]", "[1]"]
    [part] = parts([A, A], np.stack([A, A]))
    assert (part.path, part.right) == ("", True)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ([A], r"Wanted: 2 things \(dx, dW\); returned: 1 thing\."),
        (A, r"Wanted: 2 things \(dx, dW\); returned: one array\."),
        ([A, [A]], r"Wanted in dW: 2 things; returned: 1 thing\."),
        ([[A, [A, A]], [A, A]], r"One array is wanted; 2 things were returned \(\(2,\), \(2, 2\)"),
    ],
)
def test_another_structure_is_told_with_what_was_wanted(value, told):
    with pytest.raises(WrongStructure, match=told):
        parts(value, [A, [A, A]], names=("dx", "dW"))


def test_nested_lists_of_one_length_are_an_array():
    assert as_array([[np.array(1.0), np.array(2.0)]]).tolist() == [[1, 2]]
    assert as_array([]).shape == (0,)
    assert as_array(A) is A


@pytest.mark.parametrize(
    ("value", "single"),
    [
        (np.float32([1, 2]), True),
        (np.float64(np.float32([0.1, 0.2])), True),  # its digits are float32's
        (np.array([0.5, 2.0]), False),  # any precision has these digits
        (np.array([0.1, 0.2]), False),
        (np.array([np.inf, np.float32(0.1)]), False),
        (np.array([1, 2]), False),
        (np.array([0.1, 0.5]), False),
    ],
)
def test_float32_is_known_by_its_dtype_or_its_digits(value, single):
    assert is_float32(value) is single


def test_close_allows_a_part_in_ten_million_and_a_tail_of_rounding():
    assert close(A * (1 + 0.9e-7), A)
    assert not close(A * (1 + 1.1e-7), A)
    assert close([1e-12], [0.0])
    assert not close([3e-12], [0.0])
    assert close([3e-12], [0.0], scale=1000.0)  # rounding beside inputs of a thousand
    assert close([3e-12, 1000.0], [0.0, 1000.0])  # or beside entries of a thousand
    assert not close([3e-12, np.inf], [0.0, np.inf])
    assert close([1e-3 + 1], [1.0], rtol=1e-2)


def test_nothing_is_said_of_infinite_entries_while_they_are_compared():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not close([np.inf], [np.inf])


def test_a_part_is_right_within_the_slack_of_float32():
    value, truth = np.float32([1.0, 1.001]), np.ones(2)
    assert Part("", value, truth, slack=np.full(2, 1e-2)).right
    assert not Part("", value, truth, slack=np.full(2, 1e-4)).right


def test_exactly_equal_is_wanted_where_rtol_is_0():
    assert close(A, A, rtol=0)
    assert not close(A + 1e-15, A, rtol=0)
    assert not close(np.float32([0.1]), [0.1], rtol=0)


def test_float32_is_allowed_its_own_rounding_and_no_more():
    truth = np.array([1.0, 1e-3])
    off = np.array([0.0, 15 * 1.19e-7], np.float32)  # in units of the largest entry
    assert close((truth + off).astype(np.float32), truth)
    assert not close((truth + 2 * off).astype(np.float32), truth)
    assert close((truth + 2 * off).astype(np.float32), truth, slack=np.full(2, 1e-5))
    assert not close((truth + off).astype(np.float32), truth, slack=np.zeros(2))
    assert not close(truth + off, truth)  # float64 has no such excuse


def test_float32_may_round_a_tail_to_0_but_not_invent_one():
    slack = np.zeros(2)
    assert close(np.float32([1.0, 0.0]), [1.0, 1e-8], slack=slack)
    assert not close(np.float32([1.0, 2e-8]), [1.0, 1e-8], slack=slack)
    assert not close(np.float32([1.0, 0.0]), [1.0, 1e-5], slack=slack)


def test_the_error_of_float32_is_measured_on_the_reference_itself():
    def cancelling(x):
        return (x + 1.0) - 1.0, [x]

    small, copied = float32_error(cancelling, (np.full((2, 3), 1e-3),))
    assert small.shape == copied.shape == (2, 3)
    assert 16 * 1e-8 < small.max() <= 16 * 1.2e-7  # what 1 + 1e-3 rounds away
    assert copied.max() < 16 * 3e-10
    [useless] = float32_error(lambda x: x * 1e300 / 1e300, (np.array([7.0]),))
    assert useless == pytest.approx(7e-4)  # float32 overflows: a ten-thousandth it is
    [nothing] = float32_error(lambda x: 0 * (x * 1e300), (np.array([7.0]),))
    assert nothing == pytest.approx(16 * 1.19e-7, rel=1e-2)


def test_the_error_of_float32_is_measured_through_lists_of_arguments_too():
    x, W = np.full((2, 3), 0.1), np.full((3, 2), 1e-3)

    def flat(x, W):
        return x @ W + 1.0

    def nested(pairs):
        return [flat(x, W) for x, W in pairs]

    [plain] = float32_error(flat, (x, W))
    [listed] = float32_error(nested, ([(x, W)],))
    assert 16 * 1e-9 < plain.max() < 16 * 2.4e-7
    np.testing.assert_allclose(listed, plain, rtol=0.5)


def test_rounding_moves_each_entry_on_its_own():
    [apart] = float32_error(lambda x: x[:1] - x[1:], (np.full(2, 0.7),))
    assert apart > 16 * 1e-9


def test_a_part_without_entries_has_no_error():
    nothing, whole = float32_error(lambda x: (x[:0], x), (np.ones(3) / 3,))
    assert nothing.shape == (0,)
    assert whole.shape == (3,)


def test_the_parts_of_a_nested_result_come_in_order():
    assert [part.tolist() for part in parts_of(([1, [2, 3]], A))] == [1, 2, 3, [1, 2]]


def test_two_wrong_answers_are_the_same_where_even_their_nans_are():
    assert same(np.array([np.nan, np.inf, 1.0]), np.array([np.nan, np.inf, 1.0]))
    assert not same(np.array([np.nan, 1.0]), np.array([0.0, 1.0]))
    assert not same(np.ones((1, 2)), np.ones(2))
    assert same([A, [A]], [A, [A]])
    assert not same([A, A], [A])
    assert not same([A, A], [A, A + 1])
    assert same([np.array(1.0), np.array(2.0)], A)
    assert not same([A, np.array(2.0)], A)
    assert not same(np.array([0.1]), np.array([0.1 + 1e-7]))
    assert same(np.array([0.1]), np.array([0.1 + 1e-9]))
    assert same(np.array([0.1], np.float32), np.array([0.1 + 3e-6]))
    assert same(np.array([0.1 + 3e-6]), np.array([0.1], np.float32))
    assert not same(np.array([0.1], np.float32), np.array([0.1 + 3e-4]))
    assert same(np.array([1e-12]), np.array([5e-12]))
    assert not same(np.array([0.0]), np.array([1e-9]))


def test_what_came_twice_is_equal_to_ten_digits():
    assert equal([A, [A, A]], [A, [A, A]])
    assert equal([[A, A], A], [[A, A], A])
    assert not equal([[A, A], A], [[A, A + 1], A])
    assert not equal([[A, A], A], [[A, A]])
    assert not equal([[A, A], A], A)
    assert not equal(A, [[A, A], A])
    assert not equal(A, A[:1])
    assert equal(A, A * (1 + 1e-11))
    assert not equal(A, A * (1 + 1e-9))
    assert equal(np.array([np.nan, 1e-15]), np.array([np.nan, 0.0]))
    assert not equal(np.zeros(1), np.array([1e-13]))


def test_where_no_entry_is_wrong_that_is_said():
    said = first_difference(Part("", A, A))
    assert said == "all entries are close, yet not all close enough"


def test_the_first_wrong_entry_is_named_with_both_values():
    truth = np.arange(20.0).reshape(4, 5)
    value = truth.copy()
    value[2, 1], value[3, 3] = 3.0, 0.0
    told = "at [2, 1]: yours 3.0, true 11.0"
    assert first_difference(Part("", value, truth)) == told
    slack = np.zeros_like(truth)
    single = (truth + 0.1).astype(np.float32)
    slack[:2] = 1.0
    assert first_difference(Part("", single, truth, slack=slack)).startswith("at [2, 0]: yours 10")


# --- writing ------------------------------------------------------------------------------------


def documented():
    """The sum of squares."""


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (np.array([[1.0, 2.5], [0.1, -3.0]]), "[[1.0, 2.5], [0.1, -3.0]]"),
        (np.arange(12), "[" + ", ".join(map(str, range(12))) + "]"),
        (np.zeros((13,)), "an array of shape (13,)"),
        (np.array(0.123456789), "0.1234568"),
        (np.float64(1 / 3), "0.3333333"),
        (np.bool_(True), "True"),
        (2.0, "2.0"),
        (1e-20, "1e-20"),
        (True, "True"),
        (7, "7"),
        (12345678, "12345678"),
        ([A, (A, 3)], "[[1.0, 2.0], [[1.0, 2.0], 3]]"),
        ("text", "'text'"),
        (None, "None"),
        (documented, "The sum of squares."),
    ],
)
def test_values_are_written_as_one_would_type_them(value, written):
    assert writing.show(value) == written.strip()


def test_a_seed_and_a_function_without_a_docstring_are_written_by_their_names():
    from grader.call import Rng

    def nameless():
        return 0

    assert writing.show(Rng(7)) == "np.random.default_rng(7)"
    assert writing.show(nameless) == "nameless"


def test_brief_is_less_than_100_characters():
    assert writing.brief([1.0, 2]) == "[1.0, 2]"
    assert writing.brief("x" * 97) == repr("x" * 97)
    assert writing.brief("x" * 98) == "'" + 89 * "x" + " …"


def test_counts_and_multiples_are_written_as_a_person_would():
    assert [writing.count(n, "example") for n in (0, 1, 2)] == [
        "no examples",
        "1 example",
        "2 examples",
    ]
    assert [writing.multiple(e) for e in (0.031, 1.0, 1.54, 10.0, 150.2, 1e6, np.nan)] == [
        "by up to 3.1 % of their size",
        "by up to 1 times their size",
        "by up to 1.5 times their size",
        "by up to 10 times their size",
        "by up to 150 times their size",
        "by far more than their size",
        "by far more than their size",
    ]
