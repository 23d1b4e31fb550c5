"""Refusals: every bad argument is told, word for word, what was wanted and what came."""

import copy
import re

import numpy as np
import pytest

import mlp_lib as m

X, Y = np.zeros((4, 2)), np.array([0, 1, 1, 0])
LINEAR = m.Linear(2, 2, rng=np.random.default_rng(0))
RELU = m.ReLU()


def rng():
    return np.random.default_rng(0)


def fit(x=X, y=Y, batch_size=2):
    model = copy.deepcopy(LINEAR)
    optimizer = m.SGD(model.parameters(), lr=0.1)
    m.fit(model, m.CrossEntropyLoss(), optimizer, x, y, epochs=1, batch_size=batch_size, rng=rng())


def parameter(grad=1.0):
    p = m.Parameter(np.ones(1))
    p.grad[:] = grad
    return p


REFUSALS = [
    (lambda: LINEAR(np.array([["a", "b"]])), "an array of real numbers, got <U1"),
    (
        lambda: m.Linear(2, 3, rng=rng(), weight_init=lambda i, o, r: np.ones((3, 2))),
        "weight_init of shape (2, 3), got (3, 2)",
    ),
    (lambda: m.Dropout(1, rng=rng()), "p, the probability of dropping, in [0, 1), got 1"),
    (lambda: m.Dropout(-0.1, rng=rng()), "p, the probability of dropping, in [0, 1), got -0.1"),
    (lambda: m.Sequential(RELU, RELU), "distinct layers, got (ReLU(), ReLU())"),
    (lambda: m.mlp([3], rng=rng()), "at least an input and an output size, got [3]"),
    (
        lambda: m.accuracy(np.zeros((2, 3)), np.zeros(3, int)),
        "output (N, C), N ≥ 1, and labels (N,) or (N, C), got (2, 3) and (3,)",
    ),
    (
        lambda: m.one_hot(np.zeros((2, 1), int), 3),
        "integer labels (N,), got (2, 1) and int64",
    ),
    (lambda: m.one_hot(np.zeros(2), 3), "integer labels (N,), got (2,) and float64"),
    (lambda: m.one_hot(np.array([0, 3]), 3), "labels from 0 to 2, got [0 3]"),
    (lambda: m.one_hot(np.array([-1, 0]), 3), "labels from 0 to 2, got [-1  0]"),
    (
        lambda: m.SquaredErrorLoss()(np.full((1, 1), np.nan), np.zeros((1, 1))),
        "finite output, got [[nan]]",
    ),
    (
        lambda: m.SquaredErrorLoss()(np.zeros((2, 1)), np.zeros(2)),
        "output and target both (N,) or (N, K), N ≥ 1, got (2, 1) and (2,)",
    ),
    (
        lambda: m.BCEWithLogitsLoss()(np.float64(0), 0),
        "output and target both (N,) or (N, 1), N ≥ 1, got () and ()",
    ),
    (
        lambda: m.CrossEntropyLoss()(np.zeros((1, 2)), np.array([[0.5, 0.6]])),
        "target rows of probabilities ≥ 0 with sum 1, got others",
    ),
    (
        lambda: m.BCEWithLogitsLoss()(np.zeros(2), np.array([0.0, 0.5])),
        "targets 0 or 1, got [0.  0.5]",
    ),
    (
        lambda: m.check_gradients(LINEAR, X, target=7),
        "loss_fn and target together, got None and 7",
    ),
    (lambda: m.SGD([], lr=0.1), "parameters, one at least, got none"),
    (lambda: m.SGD([parameter()], lr=0), "lr > 0, got 0"),
    (lambda: m.Adam([parameter()], lr=np.inf), "lr > 0, got inf"),
    (lambda: m.SGD([parameter()], lr=1, weight_decay=-1), "weight_decay ≥ 0, got -1"),
    (lambda: m.SGD([parameter()], lr=1, weight_decay=np.inf), "weight_decay ≥ 0, got inf"),
    (lambda: m.SGD([parameter()], lr=1, momentum=1), "momentum in [0, 1), got 1"),
    (lambda: m.Adam([parameter()], betas=(0.9, 1)), "betas in [0, 1), got (0.9, 1)"),
    (lambda: m.clip_grad_norm([parameter()], 0), "max_norm > 0, got 0"),
    (lambda: m.clip_grad_norm([parameter(np.inf)], 1), "finite gradients, got the norm inf"),
    (lambda: m.make_spirals(3, classes=0, rng=rng()), "classes ≥ 1, got 0"),
    (
        lambda: m.make_moons(0, rng=rng()),
        "n ≥ 1 points and noise ≥ 0, got 0 and 0.1",
    ),
    (
        lambda: m.make_spirals(3, noise=-1, rng=rng()),
        "n ≥ 1 points and noise ≥ 0, got 3 and -1",
    ),
    (lambda: fit(x=X[:3]), "N ≥ 1 examples and N targets, got (3, 2) and (4,)"),
    (lambda: fit(x=np.float64(1)), "N ≥ 1 examples and N targets, got () and (4,)"),
    (lambda: fit(batch_size=0), "batch_size ≥ 1, got 0"),
    (lambda: fit(x=np.full((4, 2), np.inf)), "finite X, got inf or nan in it"),
    (
        lambda: m.relative_error(np.zeros(2), np.zeros(3)),
        "two arrays of one shape, got (2,) and (3,)",
    ),
]


@pytest.mark.parametrize(("refused", "message"), REFUSALS, ids=[told for _, told in REFUSALS])
def test_a_refusal_names_what_was_wanted_and_what_came(refused, message):
    with pytest.raises(ValueError, match=f"^{re.escape('expected ' + message)}$"):
        refused()


ALLOWED = {
    "weights of 0": lambda: m.Linear(2, 3, rng=rng(), weight_init=m.normal(0)),
    "no dropout": lambda: m.Dropout(0, rng=rng()),
    "no decay": lambda: m.SGD([parameter()], lr=0.1, momentum=0, weight_decay=0),
    "betas of 0": lambda: m.Adam([parameter()], betas=(0, 0)),
    "one spiral": lambda: m.make_spirals(3, classes=1, noise=0, rng=rng()),
    "one point": lambda: m.make_moons(1, noise=0, rng=rng()),
    "batches of one": lambda: fit(batch_size=1),
}


@pytest.mark.parametrize("allowed", ALLOWED.values(), ids=ALLOWED)
def test_the_borders_of_what_is_allowed_are_allowed(allowed):
    allowed()
