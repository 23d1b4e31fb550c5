"""Chapter 1's tasks: the messages that a learner of the forward pass reads."""

import numpy as np

from grader import evaluate
from grader.tasks import TASKS


def test_a_transposed_weight_that_only_fits_square_matrices_is_named():
    result = evaluate("linear_forward", lambda x, W, b: x @ W.T + b)
    assert result.mistakes == ["transposed-weights"]
    assert "W.T stands where W belongs" in result.message


def test_the_naive_sigmoid_is_right_but_unstable():
    result = evaluate("sigmoid", lambda z: 1 / (1 + np.exp(-z)))
    assert (result.points, result.mistakes) == (2, ["overflow"])
    assert "value ✓" in result.message
    assert "stable for large entries ✗" in result.message


def test_a_forgotten_mean_is_named_with_its_factor():
    result = evaluate("squared_error_loss", lambda a, y: np.sum((a - y) ** 2) / 2)
    assert result.mistakes == ["sum-for-mean"]
    assert "exactly N times too large" in result.message


def test_an_unknown_factor_is_measured():
    result = evaluate("squared_error_loss", lambda a, y: 1.5 * np.sum((a - y) ** 2))
    assert "exactly 3·N times too large" in result.message


def test_the_references_agree_with_the_hand_example_of_the_chapter():
    x, y = np.array([[1.0, 2.0]]), np.array([[1.0]])
    W1, W2 = np.array([[0.1, 0.3], [0.2, 0.4]]), np.array([[0.5], [0.6]])
    params = [(W1, np.zeros(2)), (W2, np.zeros(1))]
    y_hat = TASKS["mlp_forward"].reference(x, params)
    np.testing.assert_allclose(y_hat, [[0.91]])
    np.testing.assert_allclose(TASKS["squared_error_loss"].reference(y_hat, y), 0.00405)
    assert TASKS["count_parameters"].reference([784, 128, 10]) == 101_770
