"""Optimizers: one step by hand, strict arguments, gradients left alone."""

import numpy as np
import pytest

import mlp_lib as m


def parameter(data, grad):
    p = m.Parameter(np.array(data, dtype=np.float64))
    p.grad[:] = grad
    return p


def test_sgd_by_hand():
    p = parameter([1.0, 2.0], [0.5, -1.0])
    optimizer = m.SGD([p], lr=0.1, momentum=0.5, weight_decay=0.1)
    # g = [0.6, −0.8]; v = g; p = [0.94, 2.08]
    optimizer.step()
    np.testing.assert_allclose(p.data, [0.94, 2.08], rtol=1e-15)
    # g = [0.594, −0.792]; v = 0.5·[0.6, −0.8] + g = [0.894, −1.192]
    optimizer.step()
    np.testing.assert_allclose(p.data, [0.8506, 2.1992], rtol=1e-15)


def test_adams_first_step_has_length_lr_and_the_second_follows_the_formula():
    p = parameter([1.0, 1.0], [100, -0.01])
    optimizer = m.Adam([p], lr=0.1, eps=1e-12)
    optimizer.step()
    np.testing.assert_allclose(p.data, [0.9, 1.1], rtol=1e-9)
    p.grad[:] = [0, -0.01]
    optimizer.step()
    m_hat = 0.9 * 0.1 * 100 / (1 - 0.9**2)
    v_hat = 0.999 * 0.001 * 100**2 / (1 - 0.999**2)
    np.testing.assert_allclose(p.data, [0.9 - 0.1 * m_hat / np.sqrt(v_hat), 1.2], rtol=1e-8)


def test_adam_adds_eps_to_the_root():
    p = parameter([1.0, 1.0], [3.0, 0.0])
    m.Adam([p], lr=0.1, eps=1.0).step()
    np.testing.assert_allclose(p.data, [1 - 0.1 * 3 / (3 + 1), 1.0])


def test_adams_defaults_are_those_of_its_paper():
    optimizer = m.Adam([parameter([1.0], [1.0])])
    assert (optimizer.lr, optimizer.betas, optimizer.eps) == (1e-3, (0.9, 0.999), 1e-8)
    assert optimizer.weight_decay == 0


@pytest.mark.parametrize("make", [m.SGD, m.Adam])
def test_a_step_updates_in_place_and_leaves_the_gradient(make):
    p = parameter([1.0], [2.0])
    data = p.data
    make(iter([p]), lr=0.1, weight_decay=0.5).step()
    assert p.data is data
    assert data != 1
    assert p.grad == 2


@pytest.mark.parametrize("make", [m.SGD, m.Adam])
def test_float32_stays_float32(make):
    p = m.Parameter(np.ones(3, np.float32))
    optimizer = make([p], lr=np.float64(0.1), weight_decay=0.1)
    optimizer.step()
    state = [a for v in vars(optimizer).values() if isinstance(v, list) for a in v]
    arrays = [a for a in state if isinstance(a, np.ndarray)]
    assert {a.dtype for a in [p.data, *arrays]} == {np.dtype(np.float32)}


@pytest.mark.parametrize("make", [m.SGD, m.Adam])
@pytest.mark.parametrize(
    "wrong",
    [{"lr": 0}, {"lr": -1}, {"lr": np.nan}, {"lr": np.inf}, {"lr": 0.1, "weight_decay": -1}],
)
def test_values_outside_their_range_are_refused(make, wrong):
    with pytest.raises(ValueError, match="expected"):
        make([parameter([1.0], [1.0])], **wrong)


def test_momentum_and_betas_lie_below_one():
    p = parameter([1.0], [1.0])
    for momentum in (-0.1, 1, 1.5, np.nan):
        with pytest.raises(ValueError, match=r"\[0, 1\)"):
            m.SGD([p], 0.1, momentum=momentum)
    for betas in ((1, 0.9), (0.9, -0.1)):
        with pytest.raises(ValueError, match=r"\[0, 1\)"):
            m.Adam([p], betas=betas)


def test_an_optimizer_wants_parameters():
    with pytest.raises(ValueError, match="parameters"):
        m.SGD([], lr=0.1)


def test_clipping_scales_all_gradients_together_and_returns_the_norm_before():
    a, b = parameter([0.0], [3.0]), parameter([0.0, 0.0], [0.0, 4.0])
    assert m.clip_grad_norm(iter([a, b]), max_norm=1) == 5
    np.testing.assert_allclose([*a.grad, *b.grad], [0.6, 0, 0.8])
    assert m.clip_grad_norm([a, b], max_norm=2) == pytest.approx(1)
    np.testing.assert_allclose([*a.grad, *b.grad], [0.6, 0, 0.8])


def test_clipping_zero_gradients_leaves_zeros():
    p = parameter([1.0], [0.0])
    assert m.clip_grad_norm([p], max_norm=1) == 0
    assert p.grad == 0


def test_clipping_does_not_overflow_in_float32():
    p = m.Parameter(np.ones(2, np.float32))
    p.grad[:] = 1e30
    assert m.clip_grad_norm([p], 1.0) == pytest.approx(np.sqrt(2) * 1e30, rel=1e-6)
    np.testing.assert_allclose(p.grad, np.sqrt(0.5), rtol=1e-6)


@pytest.mark.parametrize("max_norm", [0, -1, np.nan])
def test_clipping_refuses_what_is_no_norm(max_norm):
    with pytest.raises(ValueError, match="max_norm > 0"):
        m.clip_grad_norm([parameter([1.0], [1.0])], max_norm)


def test_clipping_refuses_gradients_that_are_not_finite():
    with pytest.raises(ValueError, match="finite"):
        m.clip_grad_norm([parameter([1.0], [np.inf])], 1.0)
