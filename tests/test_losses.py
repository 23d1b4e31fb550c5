"""Losses: right by hand and by central differences, stable, strict about what they are given."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mlp_lib as m

N, C = 5, 3

LOSSES = {
    "squared_error": (m.SquaredErrorLoss, (N, C), lambda rng: rng.standard_normal((N, C))),
    "squared_error_1d": (m.SquaredErrorLoss, (N,), lambda rng: rng.standard_normal(N)),
    "cross_entropy": (m.CrossEntropyLoss, (N, C), lambda rng: rng.integers(0, C, N)),
    "cross_entropy_rows": (m.CrossEntropyLoss, (N, C), lambda rng: rng.dirichlet(np.ones(C), N)),
    "bce": (m.BCEWithLogitsLoss, (N,), lambda rng: rng.integers(0, 2, N)),
    "bce_column": (
        m.BCEWithLogitsLoss, (N, 1), lambda rng: rng.integers(0, 2, (N, 1)).astype(float)
    ),
}  # fmt: skip


@pytest.fixture(params=LOSSES)
def case(request, rng):
    loss_class, shape, target = LOSSES[request.param]
    return loss_class(), rng.standard_normal(shape), target(rng)


def test_backward_matches_central_differences(case):
    loss_fn, output, target = case
    numerical = m.numerical_gradient(lambda z: loss_fn(z, target), output)
    loss_fn(output, target)
    assert m.relative_error(loss_fn.backward(), numerical) < 1e-7


def test_the_loss_is_a_python_float_and_the_gradient_has_the_outputs_dtype(case):
    loss_fn, output, target = case
    for dtype in (np.float32, np.float64):
        assert type(loss_fn(output.astype(dtype), target)) is float
        assert loss_fn.backward().dtype == dtype


def test_read_only_arguments_survive_and_nothing_shares_their_memory(case):
    loss_fn, output, target = case
    output.flags.writeable = target.flags.writeable = False
    loss_fn(output, target)
    dz = loss_fn.backward()
    assert not np.shares_memory(dz, output)
    assert not np.shares_memory(dz, target)


def test_a_target_written_to_later_does_not_change_the_gradient():
    loss_fn, target = m.CrossEntropyLoss(), np.array([0, 1])
    loss_fn(np.zeros((2, 2)), target)
    before = loss_fn.backward()
    target[:] = 1 - target
    np.testing.assert_array_equal(loss_fn.backward(), before)


def test_backward_twice_gives_the_same(case):
    loss_fn, output, target = case
    loss_fn(output, target)
    np.testing.assert_array_equal(loss_fn.backward(), loss_fn.backward())


def test_backward_before_the_loss_is_refused(case):
    with pytest.raises(RuntimeError, match="before backward"):
        type(case[0])().backward()


def test_one_example_works(case):
    loss_fn, output, target = case
    loss_fn(output[:1], target[:1])
    assert loss_fn.backward().shape == output[:1].shape


def test_no_examples_are_refused(case):
    loss_fn, output, target = case
    with pytest.raises(ValueError, match="N ≥ 1"):
        loss_fn(output[:0], target[:0])


def test_wrong_shapes_are_named(case):
    loss_fn, output, target = case
    with pytest.raises(ValueError, match="expected output and target"):
        loss_fn(output, target[:-1])
    with pytest.raises(ValueError, match="expected output and target"):
        loss_fn(np.zeros((2, 2, 2)), np.zeros((2, 2, 2)))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_output_that_is_not_finite_is_refused(case, bad):
    loss_fn, output, target = case
    output[0] = bad
    with pytest.raises(ValueError, match="finite"):
        loss_fn(output, target)


def test_layout_in_memory_changes_nothing(case):
    loss_fn, output, target = case
    loss = loss_fn(output, target)
    gradient = loss_fn.backward()
    assert loss_fn(np.asfortranarray(output), target) == pytest.approx(loss, rel=1e-14)
    np.testing.assert_allclose(loss_fn.backward(), gradient, rtol=1e-14)


def test_squared_error_by_hand():
    loss_fn = m.SquaredErrorLoss()
    # (1² + 2² + 0 + 3²)/(2·2)
    assert loss_fn(np.array([[1, 2], [0, 3]]), np.zeros((2, 2))) == 3.5
    np.testing.assert_array_equal(loss_fn.backward(), [[0.5, 1], [0, 1.5]])


def test_bytes_are_subtracted_without_wrapping():
    assert m.SquaredErrorLoss()(np.array([1], np.uint8), np.array([2], np.uint8)) == 0.5


def test_cross_entropy_by_hand():
    loss_fn = m.CrossEntropyLoss()
    z = np.log([[1.0, 3.0], [1.0, 1.0]])
    # p = [1/4, 3/4], [1/2, 1/2]; L = (log 4 + log 2)/2
    assert loss_fn(z, [0, 1]) == pytest.approx(1.5 * np.log(2), rel=1e-15)
    np.testing.assert_allclose(loss_fn.backward(), [[-3 / 8, 3 / 8], [1 / 4, -1 / 4]])


def test_bce_by_hand():
    loss_fn = m.BCEWithLogitsLoss()
    # σ(log 3) = 3/4; L = −(log 3/4 + log 1/4)/2
    assert loss_fn(np.log([3.0, 3.0]), [1, 0]) == pytest.approx(-np.log(3 / 16) / 2, rel=1e-15)
    np.testing.assert_allclose(loss_fn.backward(), [-1 / 8, 3 / 8])


@settings(max_examples=30, deadline=None)
@given(N=st.integers(1, 6), C=st.integers(1, 6), seed=st.integers(0, 99))
def test_one_hot_rows_and_labels_are_the_same_loss(N, C, seed):
    rng = np.random.default_rng(seed)
    z, y = rng.standard_normal((N, C)), rng.integers(0, C, N)
    a, b = m.CrossEntropyLoss(), m.CrossEntropyLoss()
    assert a(z, y) == pytest.approx(b(z, m.one_hot(y, C)), rel=1e-14, abs=1e-15)
    np.testing.assert_allclose(a.backward(), b.backward(), atol=1e-16)
    np.testing.assert_allclose(a.backward().sum(axis=1), 0, atol=1e-15)


@pytest.mark.parametrize(
    ("dtype", "size"), [(np.float64, 1e4), (np.float32, 1e4), (np.float32, 1e30)]
)
def test_large_logits_give_finite_exact_results_without_a_warning(dtype, size):
    z = np.array([[size, -size, 0], [-size, size, 0], [0, 0, size]], dtype=dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_array_equal(m.softmax(z), np.eye(3)[[0, 1, 2]])
        np.testing.assert_array_equal(m.log_softmax(z)[0], [0, dtype(-2 * size), dtype(-size)])
        np.testing.assert_array_equal(m.Sigmoid()(z)[0], [1, 0, 0.5])
        loss_fn = m.CrossEntropyLoss()
        assert loss_fn(z, [1, 0, 0]) == pytest.approx(5 * size / 3, rel=1e-6)
        assert np.isfinite(loss_fn.backward()).all()
        bce = m.BCEWithLogitsLoss()
        assert bce(z[0, :2], [0, 1]) == pytest.approx(size, rel=1e-6)
        np.testing.assert_array_equal(bce.backward(), [0.5, -0.5])
        assert m.SquaredErrorLoss()(z, np.zeros_like(z)) == pytest.approx(5 * size**2 / 6, rel=1e-6)


def test_softmax_is_taken_over_the_last_axis_and_each_row_for_itself():
    z = np.array([[[0.0, 1.0, 2.0], [-2000.0, -2001.0, -2002.0]]])
    log_p = m.log_softmax(z)
    wanted = np.array([0.0, 1.0, 2.0]) - np.log(1 + np.e + np.e**2)
    np.testing.assert_allclose(log_p, [[wanted, wanted[::-1]]])
    np.testing.assert_allclose(m.softmax(z).sum(axis=-1), [[1, 1]])


def test_a_mean_of_huge_losses_is_no_infinity():
    huge = np.full(2, 3e38, dtype=np.float32)
    assert m.BCEWithLogitsLoss()(huge, [0, 0]) == pytest.approx(3e38)
    logits = np.stack([huge, 0 * huge], axis=1)
    assert m.CrossEntropyLoss()(logits, [1, 1]) == pytest.approx(3e38)


def test_a_single_class_costs_nothing():
    loss_fn = m.CrossEntropyLoss()
    assert loss_fn(np.array([[7.0], [-3.0]]), [0, 0]) == 0
    np.testing.assert_array_equal(loss_fn.backward(), [[0], [0]])


@pytest.mark.parametrize(
    "labels", [[-1, 0], [0, 3], [0.0, 1.0], [True, False], [[0], [1]], ["0", "1"]]
)
def test_labels_that_are_not_classes_are_refused(labels):
    for refuse in (
        lambda: m.CrossEntropyLoss()(np.zeros((2, 3)), labels),
        lambda: m.one_hot(labels, 3),
    ):
        with pytest.raises(ValueError, match="expected"):
            refuse()


@pytest.mark.parametrize("rows", [[[0.5, 0.6]], [[-0.5, 1.5]], [[np.nan, 1]]])
def test_rows_that_are_no_distribution_are_refused(rows):
    with pytest.raises(ValueError, match="sum 1"):
        m.CrossEntropyLoss()(np.zeros((1, 2)), rows)


def test_bce_refuses_targets_between_the_classes():
    with pytest.raises(ValueError, match="0 or 1"):
        m.BCEWithLogitsLoss()(np.zeros(2), [0, 0.5])
    with pytest.raises(ValueError, match=r"\(N,\) or \(N, 1\)"):
        m.BCEWithLogitsLoss()(np.zeros((2, 2)), np.zeros((2, 2)))


def test_one_hot_by_hand():
    np.testing.assert_array_equal(m.one_hot([2, 0], 3), [[0, 0, 1], [1, 0, 0]])
    assert m.one_hot([0], 1).dtype == np.float32


def test_accuracy_takes_labels_rows_and_binary_logits():
    z = np.array([[1.0, 2.0, 0.0], [3.0, 0.0, 0.0]])
    assert m.accuracy(z, [1, 1]) == 0.5
    assert m.accuracy(z, m.one_hot([1, 0], 3)) == 1.0
    assert m.accuracy(np.array([1.0, -1.0, 2.0, -2.0]), [1, 0, 0, 0]) == 0.75
    assert m.accuracy(np.array([[1.0], [-1.0]]), [[1], [1]]) == 0.5
    assert m.accuracy(np.array([[1.0, 1.0]]), [0]) == 1.0
    assert m.accuracy([0.5], [1]) == 1.0
    assert m.accuracy([0.0], [0]) == 1.0  # a logit of 0 is no 1


def test_accuracy_refuses_shapes_that_do_not_fit():
    for output, labels in [((2, 3), (3,)), ((0, 3), (0,)), ((2, 3), (2, 2)), ((), ())]:
        with pytest.raises(ValueError, match=r"expected output \(N, C\)"):
            m.accuracy(np.zeros(output), np.zeros(labels, int))
