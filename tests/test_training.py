"""Training: fit is the three lines, its history is what happened, and it stops when it must."""

import sys
import types

import numpy as np
import pytest

import mlp_lib as m


def setup(rng, sizes=(2, 8, 2), lr=0.1):
    model = m.mlp(sizes, rng=rng)
    return model, m.CrossEntropyLoss(), m.SGD(model.parameters(), lr=lr)


@pytest.fixture
def moons(rng):
    return m.make_moons(53, rng=rng)


def test_fit_is_the_three_lines(moons):
    X, y = moons
    models = [setup(np.random.default_rng(1)) for _ in range(2)]
    history = m.fit(*models[0], X, y, epochs=3, batch_size=10, rng=np.random.default_rng(2))
    model, loss_fn, optimizer = models[1]
    rng, means = np.random.default_rng(2), []
    for _ in range(3):
        total = 0
        for x_batch, y_batch in m.batches(X, y, 10, rng=rng):
            loss = loss_fn(model(x_batch), y_batch)
            model.backward(loss_fn.backward())
            optimizer.step()
            total += loss * len(y_batch)
        means.append(total / len(X))
    assert history.loss == pytest.approx(means, rel=1e-12)
    for p, q in zip(models[0][0].parameters(), model.parameters()):
        np.testing.assert_array_equal(p.data, q.data)


def test_history_has_one_entry_an_epoch(moons, rng):
    history = m.fit(*setup(rng), *moons, epochs=4, batch_size=10, rng=rng, validation=moons)
    lengths = [
        len(v) for v in (history.loss, history.accuracy, history.val_loss, history.val_accuracy)
    ]
    assert lengths == [4, 4, 4, 4]
    assert all(type(v) is float for v in history.val_loss + history.accuracy)


def test_validation_comes_after_the_epoch(moons, rng):
    model, loss_fn, optimizer = setup(rng)
    history = m.fit(
        model, loss_fn, optimizer, *moons, epochs=2, batch_size=10, rng=rng, validation=moons
    )
    loss, accuracy = m.evaluate(model, loss_fn, *moons)
    assert (history.val_loss[-1], history.val_accuracy[-1]) == (loss, accuracy)


def test_fit_learns_xor(rng):
    history = m.fit(*setup(rng, (2, 16, 2), 0.5), *m.make_xor(), epochs=300, batch_size=4, rng=rng)
    assert history.accuracy[-1] == 1
    assert history.loss[-1] < 0.05 < history.loss[0]


def test_accuracy_stays_empty_where_labels_are_not_classes(rng):
    model = m.mlp([2, 4, 1], rng=rng)
    X = rng.standard_normal((20, 2))
    y = X.sum(axis=1, keepdims=True)
    optimizer, loss_fn = m.Adam(model.parameters()), m.SquaredErrorLoss()
    history = m.fit(
        model, loss_fn, optimizer, X, y, epochs=2, batch_size=8, rng=rng, validation=(X, y)
    )
    assert len(history.val_loss) == 2
    assert history.accuracy == history.val_accuracy == []
    assert m.evaluate(model, loss_fn, X, y)[1] is None


class First(m.Module):
    """The first feature of each example: an output (N,)."""

    def forward(self, x):
        return self._remember(np.array(x[:, 0]))

    def backward(self, dy):
        (dy,) = self._recall(dy)
        return np.stack([dy, 0 * dy], axis=1)


class AbsoluteError:
    def __call__(self, output, target):
        return float(np.abs(output - target).mean())


@pytest.mark.parametrize("dtype", [int, float])
def test_numbers_to_come_close_to_are_no_labels_whole_or_not(dtype, rng):
    X = rng.standard_normal((9, 2))
    y = np.arange(9).astype(dtype)
    loss_fn = m.SquaredErrorLoss()
    assert m.evaluate(First(), loss_fn, X, y)[1] is None
    model = m.Sequential(m.Linear(2, 2, rng=rng), First())
    optimizer = m.SGD(model.parameters(), lr=0.01)
    history = m.fit(model, loss_fn, optimizer, X, y, epochs=1, batch_size=9, rng=rng)
    assert (len(history.loss), history.accuracy) == (1, [])
    model = m.Sequential(m.ReLU())
    assert m.evaluate(model, AbsoluteError(), X, y[:, None] * np.ones((1, 2)))[1] is None


def test_label_rows_and_binary_logits_have_an_accuracy(moons, rng):
    X, y = moons
    model, loss_fn, _ = setup(rng)
    assert m.evaluate(model, loss_fn, X, m.one_hot(y, 2))[1] == m.evaluate(model, loss_fn, X, y)[1]
    binary = m.mlp([2, 8, 1], rng=rng)
    accuracy = m.evaluate(binary, m.BCEWithLogitsLoss(), X, y[:, None])[1]
    assert accuracy == np.mean((binary(X) > 0) == (y[:, None] == 1))


def test_evaluate_does_not_depend_on_the_batch_size(moons, rng):
    model, loss_fn, _ = setup(rng)
    whole = m.evaluate(model, loss_fn, *moons)
    assert m.evaluate(model, loss_fn, *moons, batch_size=7) == pytest.approx(whole, rel=1e-6)


def test_fit_trains_in_training_mode_and_evaluate_restores_every_mode(moons, rng):
    model = m.Sequential(
        m.Linear(2, 4, rng=rng), m.BatchNorm(4), m.Dropout(0.5, rng=rng), m.Linear(4, 2, rng=rng)
    )
    loss_fn = m.CrossEntropyLoss()
    model.train()
    model.layers[1].eval()
    modes = [layer.training for layer in model.layers]
    first, second = (m.evaluate(model, loss_fn, *moons) for _ in range(2))
    assert first == second
    assert [layer.training for layer in model.layers] == modes
    model.eval()
    m.fit(
        model,
        loss_fn,
        m.SGD(model.parameters(), 0.1),
        *moons,
        epochs=1,
        batch_size=9,
        rng=rng,
        validation=moons,
    )
    assert all(layer.training for layer in model.layers)


def test_the_callback_sees_epochs_from_1_and_stops_with_true(moons, rng):
    seen = []

    def callback(epoch, model, history):
        seen.append((epoch, model, len(history.loss)))
        return epoch == 3

    parts = setup(rng)
    history = m.fit(*parts, *moons, epochs=9, batch_size=20, rng=rng, callback=callback)
    assert seen == [(1, parts[0], 1), (2, parts[0], 2), (3, parts[0], 3)]
    assert len(history.loss) == 3


def test_a_callback_that_returns_something_else_does_not_stop(moons, rng):
    history = m.fit(*setup(rng), *moons, epochs=3, batch_size=20, rng=rng, callback=lambda *a: [1])
    assert len(history.loss) == 3


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("validation", [None, "moons"])
def test_divergence_is_reported_with_the_history_and_without_a_step_on_it(moons, validation, rng):
    model, loss_fn, optimizer = setup(rng, lr=1e25)
    with pytest.raises(m.TrainingDiverged, match="^expected .* lr too large.$") as error:
        m.fit(
            model,
            loss_fn,
            optimizer,
            *moons,
            epochs=50,
            batch_size=53,
            rng=rng,
            validation=validation and moons,
        )
    assert isinstance(error.value, ValueError)
    assert len(error.value.history.loss) < 50


def test_weights_stay_as_before_the_step_that_diverged(moons, rng):
    class Diverging(m.CrossEntropyLoss):
        calls = 0

        def __call__(self, output, target):
            self.calls += 1
            return float("inf") if self.calls == 2 else super().__call__(output, target)

    model, _, optimizer = setup(rng)
    weights = []
    step = optimizer.step

    def counted():
        step()
        weights.append([p.data.copy() for p in model.parameters()])

    optimizer.step = counted
    with pytest.raises(m.TrainingDiverged):
        m.fit(model, Diverging(), optimizer, *moons, epochs=1, batch_size=10, rng=rng)
    assert len(weights) == 1
    for p, before in zip(model.parameters(), weights[0]):
        np.testing.assert_array_equal(p.data, before)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("row", [0, 3, 1999])
def test_data_that_is_not_finite_is_refused_wherever_it_stands(row, bad, rng):
    X, y = m.make_moons(2000, rng=rng)
    X[row, 1] = bad
    model, loss_fn, optimizer = setup(rng)
    for refuse in (
        lambda: m.fit(model, loss_fn, optimizer, X, y, epochs=1, batch_size=9, rng=rng),
        lambda: m.evaluate(model, loss_fn, X, y),
    ):
        with pytest.raises(ValueError, match="finite X"):
            refuse()


@pytest.mark.parametrize("wrong", ["empty", "lengths", "batch_size", "labels"])
def test_bad_arguments_are_refused(moons, wrong, rng):
    X, y = moons
    size = 9
    if wrong == "empty":
        X, y = X[:0], y[:0]
    elif wrong == "lengths":
        y = y[:-1]
    elif wrong == "batch_size":
        size = 0
    else:
        y = y - 1
    with pytest.raises(ValueError, match="expected"):
        m.fit(*setup(rng), X, y, epochs=1, batch_size=size, rng=rng)


def test_any_module_can_be_trained(rng):
    class Shift(m.Module):
        def __init__(self):
            self.bias = m.Parameter(np.zeros(2, np.float32))

        def forward(self, x):
            return self._remember(x + self.bias.data)

        def backward(self, dy):
            (dy,) = self._recall(dy)
            self.bias.grad = dy.sum(axis=0)
            return dy

    model = Shift()
    X = rng.standard_normal((30, 2)).astype(np.float32)
    optimizer = m.SGD(model.parameters(), lr=0.5)
    m.fit(model, m.SquaredErrorLoss(), optimizer, X, X + [1, -2], epochs=40, batch_size=30, rng=rng)
    np.testing.assert_allclose(model.bias.data, [1, -2], rtol=1e-4)


def test_training_is_silent_when_nobody_watches(moons, rng, capfd):
    m.fit(*setup(rng), *moons, epochs=2, batch_size=20, rng=rng)
    assert capfd.readouterr() == ("", "")


def test_a_bar_shows_on_a_terminal(moons, rng, monkeypatch, capsys):
    from mlp_lib import training

    monkeypatch.setattr(training, "_someone_watches", lambda: True)
    m.fit(*setup(rng), *moons, epochs=2, batch_size=20, rng=rng)
    assert "epochs" in capsys.readouterr().err


@pytest.mark.parametrize("asks", [True, False])
def test_a_bar_shows_in_a_notebook_whose_user_can_be_asked(asks, monkeypatch):
    from mlp_lib import training

    class BrowserKernel:
        """As in JupyterLite, whose get_parent takes no channel."""

        def get_parent(self):
            return {"content": {"allow_stdin": asks}}

    shell = types.SimpleNamespace(kernel=BrowserKernel())
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell))
    assert training._someone_watches() is asks


def test_no_bar_shows_where_no_kernel_runs_or_nobody_asked_it(monkeypatch):
    from mlp_lib import training

    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    for shell in (
        None,
        types.SimpleNamespace(kernel=types.SimpleNamespace(get_parent=lambda: {})),
        types.SimpleNamespace(kernel=types.SimpleNamespace(get_parent=lambda: {"content": {}})),
    ):
        ipython = types.SimpleNamespace(get_ipython=lambda shell=shell: shell)
        monkeypatch.setitem(sys.modules, "IPython", ipython)
        assert training._someone_watches() is False


def test_fit_asks_a_first_layer_for_no_input_gradient(moons, rng):
    asked = []

    class Asked(m.Linear):
        def backward(self, dy, *, input_grad=True):
            asked.append(input_grad)
            return super().backward(dy, input_grad=input_grad)

    model = m.Sequential(Asked(2, 2, rng=rng))
    optimizer = m.SGD(model.parameters(), lr=0.1)
    m.fit(model, m.CrossEntropyLoss(), optimizer, *moons, epochs=1, batch_size=53, rng=rng)
    assert asked == [False]


def test_inputs_are_not_written_to(moons, rng):
    X, y = moons
    X.flags.writeable = y.flags.writeable = False
    m.fit(*setup(rng), X, y, epochs=1, batch_size=20, rng=rng, validation=(X, y))
