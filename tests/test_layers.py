"""Five promises for every layer, the hand-worked cases, and the contract's small print."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mlp_lib as m

N, D, H = 5, 4, 3

LAYERS = {
    "linear": lambda rng: m.Linear(D, H, rng=rng),
    "relu": lambda rng: m.ReLU(),
    "leaky_relu": lambda rng: m.LeakyReLU(0.1),
    "sigmoid": lambda rng: m.Sigmoid(),
    "tanh": lambda rng: m.Tanh(),
    "dropout": lambda rng: m.Dropout(0.4, rng=rng),
    "dropout_eval": lambda rng: m.Dropout(0.4, rng=rng).eval(),
    "batch_norm": lambda rng: m.BatchNorm(D),
    "batch_norm_eval": lambda rng: m.BatchNorm(D).eval(),
    "residual": lambda rng: m.Residual(m.Linear(D, H, rng=rng), m.Tanh(), m.Linear(H, D, rng=rng)),
    "sequential": lambda rng: m.Sequential(
        m.Linear(D, 6, rng=rng), m.ReLU(), m.Linear(6, H, rng=rng)
    ),
    "mlp": lambda rng: m.mlp([D, 7, 6, H], rng=rng, activation=m.Tanh),
    "batch_norm_mlp": lambda rng: m.Sequential(
        m.Linear(D, 6, rng=rng), m.BatchNorm(6), m.ReLU(), m.Dropout(0.3, rng=rng),
        m.Linear(6, H, rng=rng),
    ),
}  # fmt: skip


@pytest.fixture(params=LAYERS)
def layer(request, rng):
    return LAYERS[request.param](rng)


def read_only(a):
    a.flags.writeable = False
    return a


def test_backward_matches_central_differences(layer, rng):
    errors = m.check_gradients(layer, rng.standard_normal((N, D)))
    assert max(errors.values()) < 1e-7, errors


def test_float32_in_float32_out(layer, rng):
    y = layer(rng.standard_normal((N, D), dtype=np.float32))
    dx = layer.backward(np.ones_like(y))
    arrays = [y, dx, *(p.data for p in layer.parameters()), *(p.grad for p in layer.parameters())]
    assert {a.dtype for a in arrays} == {np.dtype(np.float32)}


def test_a_float64_layer_keeps_float64(layer, rng):
    layer = layer.astype(np.float64)
    y = layer(rng.standard_normal((N, D)))
    dx = layer.backward(np.ones_like(y))
    assert {a.dtype for a in [y, dx, *(p.grad for p in layer.parameters())]} == {
        np.dtype(np.float64)
    }


def test_read_only_arguments_survive_and_nothing_shares_their_memory(layer, rng):
    x = read_only(rng.standard_normal((N, D), dtype=np.float32))
    y = layer(x)
    dy = read_only(rng.standard_normal(y.shape, dtype=np.float32))
    dx = layer.backward(dy)
    for made in [y, dx, *(p.grad for p in layer.parameters())]:
        for given_ in (x, dy):
            assert not np.shares_memory(made, given_)
    assert not np.shares_memory(dx, y)


def test_a_wrong_shape_of_dy_is_named(layer, rng):
    y = layer(rng.standard_normal((N, D)))
    with pytest.raises(ValueError, match=rf"got \({N + 1}, {y.shape[1]}\)"):
        layer.backward(np.ones((N + 1, y.shape[1])))


def test_backward_before_forward_is_refused(layer):
    with pytest.raises(RuntimeError, match="forward"):
        layer.backward(np.ones((N, H)))


def test_backward_twice_gives_the_same(layer, rng):
    y = layer(rng.standard_normal((N, D)))
    dy = rng.standard_normal(y.shape)
    results = [[layer.backward(dy), *(p.grad.copy() for p in layer.parameters())] for _ in range(2)]
    for first, second in zip(*results):
        np.testing.assert_array_equal(first, second)


def test_layout_in_memory_changes_nothing(layer, rng):
    x = rng.standard_normal((N, D))
    twin = copy.deepcopy(layer)
    y = layer(x)
    dx = layer.backward(np.ones_like(y))
    wide = np.zeros((2 * N, 2 * D))
    wide[::2, ::2] = x
    for same in (np.asfortranarray(x), wide[::2, ::2]):
        z = copy.deepcopy(twin)
        np.testing.assert_allclose(z(same), y, rtol=1e-12)
        np.testing.assert_allclose(z.backward(np.asfortranarray(np.ones_like(y))), dx, rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, bool, np.float16])
def test_other_numbers_promote_and_never_wrap(layer, rng, dtype):
    x = np.array([[100, 7, 0, 1]] * 3 + [[3, 90, 120, 2]] * 2).astype(dtype)
    twin = copy.deepcopy(layer)
    np.testing.assert_allclose(layer(x), twin(x.astype(np.float64)), rtol=2e-3, atol=1e-4)
    assert layer.backward(np.ones_like(layer(x))).dtype.kind == "f"


def test_a_copy_and_a_pickle_compute_the_same_and_share_nothing(layer, rng):
    x = rng.standard_normal((N, D), dtype=np.float32)
    for twin in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        original = copy.deepcopy(layer)
        np.testing.assert_array_equal(twin(x), original(x))
        for p, q in zip(twin.parameters(), layer.parameters()):
            assert not np.shares_memory(p.data, q.data)
            assert not np.shares_memory(p.grad, q.grad)


@settings(max_examples=25, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 6), min_size=2, max_size=5),
    N=st.integers(1, 6),
    seed=st.integers(0, 99),
)
def test_gradients_are_right_for_any_shape(sizes, N, seed):
    rng = np.random.default_rng(seed)
    model = m.mlp(sizes, rng=rng, activation=m.Tanh)
    errors = m.check_gradients(model, rng.standard_normal((N, sizes[0])))
    assert max(errors.values()) < 1e-7, errors


def test_linear_by_hand():
    layer = m.Linear(2, 1, rng=np.random.default_rng(0))
    layer.weight.data[:] = [[2], [3]]
    layer.bias.data[:] = 1
    x = np.array([[1, 1], [0, 2]], dtype=np.float32)
    # 1·2 + 1·3 + 1 = 6, 0·2 + 2·3 + 1 = 7
    np.testing.assert_array_equal(layer(x), [[6], [7]])
    np.testing.assert_array_equal(layer.backward(np.ones((2, 1), np.float32)), [[2, 3], [2, 3]])
    np.testing.assert_array_equal(layer.weight.grad, [[1], [3]])
    np.testing.assert_array_equal(layer.bias.grad, [2])


@pytest.mark.parametrize(
    ("layer", "x", "y", "dx"),
    [
        (m.ReLU(), [-2, 0, 3], [0, 0, 3], [0, 0, 1]),
        (m.LeakyReLU(0.25), [-2, 0, 3], [-0.5, 0, 3], [0.25, 0.25, 1]),
        (m.Sigmoid(), [0, np.log(3)], [1 / 2, 3 / 4], [1 / 4, 3 / 16]),
        (m.Tanh(), [0, np.log(2)], [0, 3 / 5], [1, 16 / 25]),
    ],
)
def test_activations_by_hand(layer, x, y, dx):
    np.testing.assert_allclose(layer(np.array(x, dtype=float)), y, rtol=1e-15)
    np.testing.assert_allclose(layer.backward(np.ones(len(x))), dx, rtol=1e-15)


def test_batch_norm_by_hand():
    layer = m.BatchNorm(1, eps=0.0).astype(np.float64)
    layer.weight.data[:], layer.bias.data[:] = 3, 5
    # mean 4, biased variance 6, unbiased 9
    x = np.array([[1.0], [4.0], [7.0]])
    np.testing.assert_allclose(layer(x), 5 + 3 * (x - 4) / np.sqrt(6))
    np.testing.assert_allclose(layer.running_mean, [0.4])
    np.testing.assert_allclose(layer.running_var, [0.9 + 0.9])
    dy = np.array([[1.0], [0.0], [0.0]])
    x_hat = (x - 4) / np.sqrt(6)
    dx = 3 / np.sqrt(6) * (dy - 1 / 3 - x_hat * x_hat[0, 0] / 3)
    np.testing.assert_allclose(layer.backward(dy), dx)
    np.testing.assert_allclose(layer.weight.grad, x_hat[0])
    np.testing.assert_allclose(layer.bias.grad, [1])


def test_residual_by_hand():
    block = m.Residual(m.Linear(1, 1, rng=np.random.default_rng(0)))
    block.layers[0].weight.data[:] = 3
    np.testing.assert_array_equal(block(np.array([[2.0]])), [[8]])
    np.testing.assert_array_equal(block.backward(np.array([[1.0]])), [[4]])


def test_dropout_keeps_one_mask_with_its_scale_for_backward(rng):
    layer = m.Dropout(0.25, rng=rng)
    y = layer(np.ones((100, 50)))
    assert set(np.unique(y)) == {0, 1 / 0.75}
    assert abs((y == 0).mean() - 0.25) < 0.03
    np.testing.assert_array_equal(layer.backward(np.ones((100, 50))), y)


def test_eval_freezes_batch_norm_and_dropout(rng):
    model = m.Sequential(m.BatchNorm(D), m.Dropout(0.5, rng=rng))
    x = 3 + rng.standard_normal((N, D))
    model(x)
    norm = model.layers[0]
    before = norm.running_mean.copy(), norm.running_var.copy()
    assert model.eval() is model
    first, second = model(x), model(x)
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(before, (norm.running_mean, norm.running_var))
    assert model.train() is model
    assert all(layer.training for layer in model.layers)


def test_batch_norm_refuses_one_example_in_training_only(rng):
    layer = m.BatchNorm(D)
    with pytest.raises(ValueError, match=r"\(N, 4\), N ≥ 2, got \(1, 4\)"):
        layer(np.ones((1, D)))
    assert layer.eval()(np.ones((1, D))).shape == (1, D)


@pytest.mark.parametrize("shape", [(N, D + 1), (D,), (0, D), (2, N, D)])
def test_linear_names_the_shape_it_wanted(shape):
    layer = m.Linear(D, H, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"Linear\(4, 3\) expects x of shape \(N, 4\)") as error:
        layer(np.ones(shape, np.float32))
    assert str(shape) in str(error.value)


def test_residual_refuses_a_change_of_shape(rng):
    with pytest.raises(ValueError, match=r"\(5, 4\), got \(5, 3\)"):
        m.Residual(m.Linear(D, H, rng=rng))(np.ones((N, D)))


def test_text_is_refused_as_input():
    with pytest.raises(ValueError, match="real numbers"):
        m.ReLU()(np.array(["1", "2"]))


@pytest.mark.parametrize("p", [-0.1, 1, 1.5, float("nan")])
def test_dropout_refuses_p_outside_its_range(p, rng):
    with pytest.raises(ValueError, match=r"\[0, 1\)"):
        m.Dropout(p, rng=rng)


def test_a_layer_in_two_places_is_refused(rng):
    relu = m.ReLU()
    with pytest.raises(ValueError, match="distinct"):
        m.Sequential(relu, m.Linear(2, 2, rng=rng), relu)
    with pytest.raises(ValueError, match="layers"):
        m.Sequential()


def test_mlp_wants_two_sizes(rng):
    with pytest.raises(ValueError, match="input and an output"):
        m.mlp([3], rng=rng)


def test_mlp_draws_every_weight_from_its_initializer_and_holds_it_in_float32(rng):
    model = m.mlp([3, 5, 2], rng=rng, weight_init=lambda i, o, rng: np.full((i, o), i / 10))
    for layer, weight in zip(model.layers[::2], (0.3, 0.5)):
        assert layer.weight.data.dtype == np.float32
        np.testing.assert_allclose(layer.weight.data, weight)


def test_a_module_goes_to_another_dtype_and_back(rng):
    layer = m.BatchNorm(3).astype(np.float64).astype(np.float32)
    assert {a.dtype for a in (layer.weight.data, layer.bias.grad, layer.running_var)} == {
        np.dtype(np.float32)
    }


def test_mlp_has_no_activation_after_the_last_layer(rng):
    model = m.mlp([3, 5, 4, 2], rng=rng, activation=m.Sigmoid)
    names = [type(layer).__name__ for layer in model.layers]
    assert names == ["Linear", "Sigmoid", "Linear", "Sigmoid", "Linear"]


def test_an_initializer_of_the_wrong_shape_is_refused(rng):
    with pytest.raises(ValueError, match=r"\(4, 3\), got \(3, 4\)"):
        m.Linear(D, H, rng=rng, weight_init=lambda i, o, rng: np.zeros((o, i)))


def test_two_models_share_nothing_even_from_one_constant_initializer(rng):
    constant = np.ones((D, H), dtype=np.float32)
    a, b = (m.Linear(D, H, rng=rng, weight_init=lambda i, o, rng: constant) for _ in range(2))
    a.weight.data += 1
    assert (b.weight.data == 1).all()
    assert (constant == 1).all()


@pytest.mark.parametrize(
    "wrap", [lambda l: l, m.Sequential, lambda l: m.Sequential(m.Sequential(l))]
)
def test_the_first_layers_input_gradient_can_be_spared(wrap, rng):
    model = wrap(m.Linear(D, H, rng=rng))
    dy = np.ones_like(model(rng.standard_normal((N, D))))
    model.backward(dy)
    wanted = [p.grad.copy() for p in model.parameters()]
    assert model.backward(dy, input_grad=False) is None
    for p, grad in zip(model.parameters(), wanted):
        np.testing.assert_array_equal(p.grad, grad)


def test_sparing_works_whatever_the_first_layer_is(rng):
    model = m.Sequential(m.Tanh(), m.Residual(m.Linear(D, D, rng=rng)))
    dy = np.ones_like(model(rng.standard_normal((N, D))))
    assert model.backward(dy, input_grad=False) is None


def test_a_residual_block_that_comes_first_is_spared_its_input_gradient_too(rng):
    block = m.Residual(m.Linear(D, D, rng=rng))
    dy = np.ones_like(block(rng.standard_normal((N, D))))
    block.backward(dy)
    wanted = [p.grad.copy() for p in block.parameters()]
    assert block.backward(dy, input_grad=False) is None
    for p, grad in zip(block.parameters(), wanted):
        np.testing.assert_array_equal(p.grad, grad)


def test_a_module_without_its_two_methods_says_which_is_missing():
    class Unfinished(m.Module):
        pass

    with pytest.raises(NotImplementedError, match=r"Unfinished\(\) expects .* forward\(x\)"):
        Unfinished()(np.ones(2))
    with pytest.raises(NotImplementedError, match=r"Unfinished\(\) expects .* backward\(dy\)"):
        Unfinished().backward(np.ones(2))


def test_gradients_have_the_dtype_of_the_array_they_belong_to(rng):
    layer = m.Linear(D, H, rng=rng)
    y = layer(rng.standard_normal((N, D)))
    assert y.dtype == np.float64
    assert layer.backward(np.ones(y.shape, np.float32)).dtype == np.float64
    assert layer.weight.grad.dtype == np.float32


def test_a_broken_backward_is_caught(rng):
    class BadReLU(m.ReLU):
        def backward(self, dy):
            return dy

    assert m.check_gradients(BadReLU(), rng.standard_normal((N, D)))["x"] > 1e-2


def test_batch_norm_refuses_another_number_of_features_than_its_own():
    for D in (1, 2, 4):
        with pytest.raises(ValueError, match=r"\(N, 3\)"):
            m.BatchNorm(3)(np.ones((5, D)))


def test_batchnorm_remembers_a_running_mean_and_variance(rng):
    layer = m.BatchNorm(3)
    x = rng.normal(2, 3, (50, 3))
    mean, var = np.zeros(3), np.ones(3)
    for _ in range(3):
        layer(x)
        mean += 0.1 * (x.mean(axis=0) - mean)
        var += 0.1 * (x.var(axis=0, ddof=1) - var)
    np.testing.assert_allclose(layer.running_mean, mean, rtol=1e-5)
    np.testing.assert_allclose(layer.running_var, var, rtol=1e-5)


def test_batchnorm_adds_eps_to_the_variance(rng):
    x = rng.normal(0, 1e-3, (50, 2))
    std = np.sqrt(x.var(axis=0) + 1e-5)
    np.testing.assert_allclose(m.BatchNorm(2)(x), (x - x.mean(axis=0)) / std, rtol=1e-5)


def test_leaky_relu_leaks_a_hundredth_below_zero():
    np.testing.assert_allclose(m.LeakyReLU()(np.array([-2.0, 0.5])), [-0.02, 0.5])
    np.testing.assert_allclose(m.LeakyReLU(0.5)(np.array([-2.0, 0.5])), [-1, 0.5])


def test_a_layer_and_a_network_print_as_they_are_written(rng):
    network = m.Sequential(m.Linear(2, 3, rng=rng), m.Tanh())
    assert repr(network) == "Sequential(Linear(2, 3), Tanh())"


def test_eval_is_train_false():
    network = m.Sequential(m.ReLU()).eval()
    assert network.training is False
    assert network.train().training is True
