"""Initializers: the promised type, shape and scale, from the rng given and no other."""

import math

import numpy as np
import pytest

import mlp_lib as m

STDS = {
    "normal": (m.normal(0.3), 0.3),
    "xavier_normal": (m.xavier_normal, math.sqrt(2 / 700)),
    "xavier_uniform": (m.xavier_uniform, math.sqrt(2 / 700)),
    "he_normal": (m.he_normal, math.sqrt(2 / 300)),
    "he_uniform": (m.he_uniform, math.sqrt(2 / 300)),
    "zeros": (m.zeros, 0),
}


@pytest.mark.parametrize(("initializer", "std"), STDS.values(), ids=STDS)
def test_scale_type_and_shape(initializer, std, rng):
    W = initializer(300, 400, rng)
    assert (W.shape, W.dtype) == ((300, 400), np.float32)
    assert W.std() == pytest.approx(std, rel=0.01)
    assert abs(W.mean()) <= 0.02 * std


def test_uniform_weights_fill_their_interval_and_stay_inside(rng):
    for initializer, limit in (
        (m.xavier_uniform, math.sqrt(6 / 700)),
        (m.he_uniform, math.sqrt(6 / 300)),
    ):
        largest = np.abs(initializer(300, 400, rng)).max()
        assert 0.999 * limit < largest <= limit * (1 + 1e-6)


def test_the_same_seed_gives_the_same_weights_and_the_next_draw_others():
    a, b = np.random.default_rng(3), np.random.default_rng(3)
    first = m.he_normal(4, 5, a)
    np.testing.assert_array_equal(first, m.he_normal(4, 5, b))
    assert (first != m.he_normal(4, 5, a)).any()


@pytest.mark.parametrize("std", [-1, math.nan, math.inf])
def test_normal_refuses_what_is_no_std(std):
    with pytest.raises(ValueError, match="std ≥ 0"):
        m.normal(std)
