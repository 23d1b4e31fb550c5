"""Patterns: an answer that matches no known mistake is told what its numbers have in common."""

import re

import numpy as np
import pytest

from grader.compare import Part
from grader.patterns import Sample, measure
from grader.task import Case

SHAPES = ((2, 3), (4, 5), (3, 7))


def samples(answer, shapes=SHAPES):
    """Return one sample a shape; answer(truth, N, D) is None where the call fails."""
    rng = np.random.default_rng(0)
    made = []
    for N, D in shapes:
        truth = rng.uniform(0.2, 3.0, (N, D)) * rng.choice([-1, 1], (N, D))
        value = answer(truth, N, D)
        part = None if value is None else Part("", np.asarray(value), truth)
        made.append(Sample(part, Case((truth,)), {"N": N, "D": D}))
    return made


def rough(t, N, D):
    return t * (1 + 3e-6 * np.cos(np.arange(t.size).reshape(t.shape)))


def rows(change, keep):
    """Return the answer that is wrong in all rows but those kept."""

    def answer(t, N, D):
        value = change(t)
        value[keep] = t[keep]
        return value

    return answer


def columns(answer):
    return lambda t, N, D: answer(t.T, D, N).T


def scrambled(t):
    return t + np.cos(np.arange(1, t.size + 1)).reshape(t.shape)


def with_one(number):
    def answer(t, N, D):
        t = t.copy()
        t[0, 0] = number
        return t

    return answer


PATTERNS = [
    (lambda t, N, D: 3 * t, "constant-factor", "exactly 3 times too large."),
    (lambda t, N, D: t / 4, "constant-factor", "exactly 4 times too small."),
    (lambda t, N, D: -2 * t, "constant-factor", "exactly 2 times too large and the sign is wrong."),
    (lambda t, N, D: t / np.log(2), "constant-factor", "1/ln 2: a logarithm to base 2."),
    (lambda t, N, D: N * t, "constant-factor", "exactly N times too large."),
    (lambda t, N, D: t / D, "constant-factor", "exactly D times too small."),
    (lambda t, N, D: -t / N, "constant-factor", "exactly N times too small and the sign is wrong."),
    (lambda t, N, D: N * D * t, "constant-factor", "exactly N·D times too large."),
    (lambda t, N, D: 0.5 * N * t, "constant-factor", "exactly 0.5·N times too large."),
    (lambda t, N, D: -t, "wrong-sign", "every entry is the true one times −1"),
    (lambda t, N, D: np.abs(t), "wrong-sign", "the sign of some is wrong"),
    (lambda t, N, D: 0 * t, "all-zero", "Every entry is 0."),
    (lambda t, N, D: t + 0.25, "off-by-constant", "by the same amount, +0.25."),
    (lambda t, N, D: t - 2, "off-by-constant", "by the same amount, -2."),
    (lambda t, N, D: t**2, "squared", "the square of the true value"),
    (lambda t, N, D: np.sqrt(np.abs(t)), "square-root", "the square root of the true value"),
    (lambda t, N, D: 1 / t, "reciprocal", "one over the true value"),
    (lambda t, N, D: np.trunc(t).astype(int), "integer-dtype", "an array of integers"),
    (with_one(np.nan), "not-finite", "contains NaN"),
    (with_one(np.inf), "not-finite", "contains infinity"),
    (lambda t, N, D: t.T, "transposed", "It is transposed: the shape is (3, 2)"),
    (lambda t, N, D: t[None], "wrong-shape", "The numbers are right, the shape is not."),
    (lambda t, N, D: t.sum(axis=0), "wrong-shape", "The shape is (3,) and has to be (2, 3)."),
    (lambda t, N, D: np.stack([t, t]), "wrong-shape", "The shape is (2, 2, 3) and has to be"),
    (lambda t, N, D: t[:, 1:], "wrong-shape", "The shape is (2, 2) and has to be (2, 3)."),
    (rows(scrambled, [0]), "only-first-row", "Only the first row is right"),
    (rows(scrambled, [-1]), "only-last-row", "Only the last row is right"),
    (rows(scrambled, slice(1, None)), "first-row-wrong", "Every row is right but the first."),
    (rows(scrambled, slice(0, -1)), "last-row-wrong", "Every row is right but the last."),
    (columns(rows(scrambled, [0])), "only-first-column", "Only the first column is right"),
    (columns(rows(scrambled, [-1])), "only-last-column", "Only the last column is right"),
    (columns(rows(scrambled, slice(1, None))), "first-column-wrong", "column is right but the f"),
    (columns(rows(scrambled, slice(0, -1))), "last-column-wrong", "column is right but the last"),
    (rough, "low-precision", "right to 5 digits and has to be right to 7"),
    (lambda t, N, D: scrambled(t), "wrong-value", "follow no pattern known here"),
    (lambda t, N, D: None, "wrong-value", "The call fails on some inputs."),
]


@pytest.mark.parametrize(("answer", "tag", "told"), PATTERNS, ids=[p[2] for p in PATTERNS])
def test_a_pattern_is_named_and_measured(answer, tag, told):
    found = measure(samples(answer))
    assert found.tag == tag
    assert told in found.text
    for text in (found.text, found.advice):  # as a person writes
        assert re.match("[A-Z]", text)
        assert text[-1] in ".?"
        assert not re.search("[A-Z]{4}", text)


@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        (lambda t, N, D: t.sum(axis=0), "which `axis` do you name"),
        (lambda t, N, D: np.stack([t, t]), "is a sum missing"),
        (lambda t, N, D: t[:, 1:], "where does the result's shape arise"),
    ],
)
def test_a_wrong_shape_is_told_whether_an_axis_is_missing_or_left(answer, advice):
    assert advice in measure(samples(answer)).advice


def test_the_smallest_of_the_wrong_shapes_is_told():
    found = measure(samples(lambda t, N, D: t[:, 1:], [(4, 5), (2, 3), (3, 7)]))
    assert "The shape is (2, 2) and has to be (2, 3)" in found.text


def test_what_holds_of_one_call_only_is_no_pattern():
    answers = iter([lambda t: 3 * t, lambda t: 3 * t, scrambled])
    assert measure(samples(lambda t, N, D: next(answers)(t))).tag == "wrong-value"
    answers = iter([scrambled, lambda t: -t, lambda t: -t])
    assert measure(samples(lambda t, N, D: next(answers)(t))).tag == "wrong-value"
    factors = iter([2, 3, 5])  # of no size
    assert measure(samples(lambda t, N, D: next(factors) * t)).tag == "wrong-value"


OF_ONE = (
    "exactly 3 times too large.",
    "1/ln 2: a logarithm to base 2.",
    "times −1",
    "+0.25.",
    "the square of the true value",
)


@pytest.mark.parametrize("pattern", [p for p in PATTERNS if p[2].endswith(OF_ONE)], ids=OF_ONE)
def test_a_pattern_is_named_after_one_call_as_after_many(pattern):
    answer, tag, told = pattern
    found = measure(samples(answer, SHAPES[:1]))
    assert found.tag == tag
    assert told in found.text


def test_whole_numbers_are_cut_off_ones_only_where_they_are_near():
    found = measure(samples(lambda t, N, D: (np.trunc(t) + np.sign(t)).astype(int)))
    assert found.tag == "integer-dtype"
    assert measure(samples(lambda t, N, D: (np.trunc(t) + 2).astype(int))).tag == "wrong-value"


def test_a_size_that_not_every_call_has_is_no_factor():
    made = samples(lambda t, N, D: N * t)
    made[1].sizes.clear()
    assert measure(made).tag == "wrong-value"


def test_a_number_that_is_not_finite_is_shown_where_it_arises():
    made = samples(lambda t, N, D: with_one(np.nan)(t, N, D) if N == 4 else 2 * t)
    assert measure(made).case is made[1].case


def test_right_for_square_matrices_only_is_told():
    def answer(t, N, D):
        return t if N == D else scrambled(t)

    found = measure(samples(answer, [(3, 3), (2, 3), (4, 4)]))
    assert (found.tag, "only when the matrices are square" in found.text) == ("only-square", True)
    assert measure(samples(answer, [(2, 3), (3, 2)])).tag != "only-square"
    partly = samples(lambda t, N, D: t if N == 2 else scrambled(t), [(2, 2), (2, 3), (3, 3)])
    assert measure(partly).tag != "only-square"


def test_a_transposed_square_matrix_is_told():
    found = measure(samples(lambda t, N, D: t.T, [(3, 3), (4, 4)]))
    assert (found.tag, found.text, found.advice) == (
        "transposed",
        "It is transposed.",
        "Exchange the axes.",
    )


@pytest.mark.parametrize(("name", "axis"), [("N", 0), ("D", 1)])
def test_right_for_one_example_or_one_feature_only_is_told(name, axis):
    def answer(t, N, D):
        return t if t.shape[axis] == 1 else None

    found = measure(samples(answer, [(1, 2), (2, 1), (4, 5)]))
    assert found.tag == f"only-{name.lower()}-one"
    assert f"only when {name} = 1" in found.text
    assert f"the axis of length {name}" in found.advice


@pytest.mark.parametrize(
    ("off", "told"), [(0.1, "5 % of their size"), (3.0, "1.5 times"), (300.0, "150 times")]
)
def test_a_wrong_value_is_told_how_far_off_it_is(off, told):
    def answer(t, N, D):
        t = t.copy()
        t.flat[[0, 3]] = 2.0
        return t

    made = []
    for sample in samples(answer):
        truth = np.clip(sample.value, -2, 2)
        value = truth.copy()
        value.flat[0] += off
        value.flat[3] -= off / 3
        made.append(Sample(Part("", value, truth), sample.case, sample.sizes))
    assert told in measure(made).text
