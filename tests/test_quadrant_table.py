"""The published quadrant table: two ways of training one network, to the last printed digit.

400 points of N(0, 1)², class 1 where x₁ and x₂ have the same sign; 2-64-64-2 with ReLU, weights
0.1·N(0, 1), SGD with learning rate 0.01 and weight decay 1e-4 on every parameter, float64.
NumPy's legacy seed 0 is set before the data, before the weights and before the minibatches.
"""

import numpy as np
import pytest

from mlp_lib import SGD, CrossEntropyLoss, accuracy, batches, mlp

pytestmark = pytest.mark.slow

EPOCHS = [50, 100, 150, 200, 250, 300]
FULL_BATCH = [
    ("0.6870", "0.655"),
    ("0.6803", "0.685"),
    ("0.6734", "0.685"),
    ("0.6651", "0.698"),
    ("0.6565", "0.710"),
    ("0.6478", "0.720"),
]
MINIBATCH = [
    ("0.5670", "0.770"),
    ("0.4515", "0.868"),
    ("0.3135", "0.922"),
    ("0.2291", "0.949"),
    ("0.1729", "0.973"),
    ("0.1395", "0.984"),
]


def printed(scores):
    return [(f"{loss:.4f}", f"{share:.3f}") for loss, share in (scores[e - 1] for e in EPOCHS)]


@pytest.fixture(scope="module")
def table():
    X = np.random.RandomState(0).randn(400, 2)
    y = (X[:, 0] * X[:, 1] > 0).astype(np.int64)
    model = mlp([2, 64, 64, 2], rng=np.random.default_rng(0)).astype(np.float64)
    rng = np.random.RandomState(0)
    for layer in model.layers[::2]:
        layer.weight.data[:] = 0.1 * rng.randn(*layer.weight.data.shape)
    loss_fn = CrossEntropyLoss()
    optimizer = SGD(model.parameters(), lr=1e-2, weight_decay=1e-4)

    full_batch = []
    for _ in range(300):
        loss = loss_fn(model(X), y)
        model.backward(loss_fn.backward())
        optimizer.step()
        full_batch.append((loss, accuracy(model(X), y)))

    minibatch = []
    rng = np.random.RandomState(0)
    for _ in range(300):
        scores = []
        for x_batch, y_batch in batches(X, y, 64, rng=rng):
            logits = model(x_batch)
            scores.append((loss_fn(logits, y_batch), accuracy(logits, y_batch)))
            model.backward(loss_fn.backward())
            optimizer.step()
        minibatch.append(np.mean(scores, axis=0))
    return full_batch, minibatch


def test_300_full_batch_epochs_give_the_published_losses_and_accuracies(table):
    assert printed(table[0]) == FULL_BATCH


def test_300_more_minibatch_epochs_give_the_published_losses_and_accuracies(table):
    assert printed(table[1]) == MINIBATCH
