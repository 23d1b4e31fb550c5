"""Gradient checking: right about right gradients and about wrong ones, and leaves no trace."""

import copy

import numpy as np
import pytest

import mlp_lib as m


def test_numerical_gradient_of_a_quadratic(rng):
    x = rng.standard_normal((2, 3, 4))
    x.flags.writeable = False
    assert m.relative_error(m.numerical_gradient(lambda a: (a**2).sum(), x), 2 * x) < 1e-9


def test_numerical_gradient_of_integers_and_of_a_single_number():
    assert m.numerical_gradient(lambda a: float(a**2), 3) == pytest.approx(6)
    np.testing.assert_allclose(m.numerical_gradient(lambda a: a.sum(), np.array([1, 2])), [1, 1])


def test_a_function_that_writes_to_its_argument_changes_nothing():
    def f(a):
        a *= 2
        return a.sum()

    np.testing.assert_allclose(m.numerical_gradient(f, np.ones(3)), [2, 2, 2])


def test_relative_error_by_hand():
    assert m.relative_error([3, 4], [3, 4]) == 0
    assert m.relative_error([1], [-1]) == 1
    assert m.relative_error(np.zeros(3), np.zeros(3)) == 0
    assert m.relative_error([[3.0]], [[1.0]]) == 0.5
    with pytest.raises(ValueError, match=r"\(2,\) and \(1,\)"):
        m.relative_error([1, 2], [1])


def test_relative_error_of_bytes_does_not_wrap():
    assert m.relative_error(np.array([1], np.uint8), np.array([3], np.uint8)) == 0.5


def test_with_a_loss_it_is_the_losss_own_backward_that_is_checked(rng):
    class Doubled(m.SquaredErrorLoss):
        def backward(self):
            return 2 * super().backward()

    model, x = m.Linear(3, 2, rng=rng), rng.standard_normal((4, 3))
    errors = m.check_gradients(model, x, loss_fn=Doubled(), target=np.zeros((4, 2)))
    assert list(errors.values()) == pytest.approx([1 / 3] * 3)  # |2 − 1|/(2 + 1)


def test_keys_follow_the_path(rng):
    x = rng.standard_normal((3, 2))
    assert list(m.check_gradients(m.Linear(2, 2, rng=rng), x)) == ["x", "weight", "bias"]
    nested = m.Sequential(
        m.Sequential(m.Linear(2, 2, rng=rng)), m.Residual(m.Tanh(), m.BatchNorm(2))
    )
    keys = ["x", "0.0.weight", "0.0.bias", "1.1.weight", "1.1.bias"]
    assert list(m.check_gradients(nested, x)) == keys


@pytest.mark.parametrize("loss_fn", [m.SquaredErrorLoss(), m.CrossEntropyLoss()])
def test_a_model_with_its_loss_passes(loss_fn, rng):
    model = m.mlp([4, 6, 3], rng=rng, activation=m.Sigmoid)
    target = m.one_hot([0, 2, 1, 1, 0], 3)
    x = rng.standard_normal((5, 4))
    errors = m.check_gradients(model, x, loss_fn=loss_fn, target=target)
    assert max(errors.values()) < 1e-7


def test_a_gradient_that_is_zero_by_nature_passes(rng):
    """A bias before batch norm changes nothing: differences see rounding, backward sees less."""
    model = m.Sequential(m.Linear(4, 6, rng=rng), m.BatchNorm(6), m.Tanh(), m.Linear(6, 2, rng=rng))
    assert max(m.check_gradients(model, rng.standard_normal((7, 4))).values()) < 1e-7


def test_small_gradients_are_not_excused(rng):
    class Half(m.Linear):
        def backward(self, dy, **spare):
            return super().backward(0.5 * dy, **spare)

    model = m.Sequential(Half(4, 3, rng=rng), m.Sigmoid(), m.Linear(3, 2, rng=rng))
    model.layers[2].weight.data *= 1e-3
    errors = m.check_gradients(model, rng.standard_normal((5, 4)))
    assert errors["0.weight"] > 1e-2
    assert errors["2.weight"] < 1e-7


def test_the_model_and_the_loss_are_left_as_they_were(rng):
    model = m.Sequential(m.Linear(3, 4, rng=rng), m.BatchNorm(4), m.Dropout(0.5, rng=rng))
    loss_fn, x = m.SquaredErrorLoss(), rng.standard_normal((5, 3))
    target = np.zeros((5, 4))
    model(x)
    twin, state = copy.deepcopy(model), rng.bit_generator.state
    m.check_gradients(model, x, loss_fn=loss_fn, target=target)
    assert rng.bit_generator.state == state
    for p, q in zip(model.parameters(), twin.parameters()):
        np.testing.assert_array_equal(p.data, q.data)
        np.testing.assert_array_equal(p.grad, q.grad)
    np.testing.assert_array_equal(model.layers[1].running_var, twin.layers[1].running_var)
    with pytest.raises(RuntimeError):
        loss_fn.backward()


def test_loss_and_target_come_together(rng):
    with pytest.raises(ValueError, match="together"):
        m.check_gradients(m.ReLU(), np.ones((1, 1)), loss_fn=m.SquaredErrorLoss())


BROKEN = {
    "transposed": ("weight", lambda self, x, dy: (dy.T @ x).reshape(x.shape[1], -1)),
    "mean for sum": ("weight", lambda self, x, dy: x.T @ dy / len(x)),
    "sign": ("weight", lambda self, x, dy: -x.T @ dy),
}


@pytest.mark.parametrize("mistake", BROKEN)
def test_wrong_weight_gradients_are_caught(mistake, rng):
    class Broken(m.Linear):
        def backward(self, dy):
            dx = super().backward(dy)
            self.weight.grad = BROKEN[mistake][1](self, x, dy)
            return dx

    x = rng.standard_normal((5, 3))
    errors = m.check_gradients(Broken(3, 3, rng=rng), x)
    assert errors["weight"] > 1e-2
    assert errors["x"] < 1e-7


def test_a_gradient_with_nan_in_it_is_never_called_right():
    assert not m.relative_error([np.nan, 1.0], [0.0, 1.0]) < 1e-7
    assert not m.relative_error([np.nan], [np.nan]) < 1e-7
