"""The grading engine: right answers earn full points, wrong ones never do, and each is told why.

What is tested of all tasks plugs itself in: a chapter adds tests/answers/chNN.py and no more.
"""

import contextlib
import subprocess
import sys
import threading
import time
from collections import Counter
from types import FunctionType, ModuleType

import numpy as np
import pytest
from answers import everything
from sample import EVERYTHING, sample

import grader
from grader.call import Caller, InProcess, Rng, plain
from grader.compare import close
from grader.examine import Examination
from grader.slips import slips
from grader.tasks import CHAPTERS, TASKS

ANSWERS = everything()
RIGHT = [a for a in ANSWERS if a.tag is None]
WRONG = [a for a in ANSWERS if a.tag is not None]
SEEDS = (None, 1, 2)
# Each answer takes its turn with one seed; EVERYTHING=1 tries it with every one.
RIGHT_SEEDED, WRONG_SEEDED = (
    [
        pytest.param(answer, seed, id=f"{answer}-{seed}")
        for turn, answer in enumerate(answers)
        for seed in (SEEDS if EVERYTHING else [SEEDS[turn % len(SEEDS)]])
    ]
    for answers in (RIGHT, WRONG)
)


def evaluate(task, function, seed=None):
    return grader.evaluate(task, function, **({} if seed is None else {"seed": seed}))


class Liar:
    """An object that claims to be equal to everything."""

    shape, dtype, ndim = (2, 2), np.dtype(float), 2

    def __eq__(self, other):
        return True

    def __array__(self, *args, **kwargs):
        return np.zeros((2, 2))

    def __float__(self):
        return 0.0


class LyingArray(np.ndarray):
    def __eq__(self, other):
        return np.ones(np.shape(self), bool)

    def __array_ufunc__(self, *args, **kwargs):
        return np.zeros(1)


def endless():
    while True:
        pass


def endless_and_stubborn():
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(0.01)
        try:
            endless()
        except:  # noqa: E722
            pass


def memory_eater():
    return np.ones((1_000_000, 1_000_000))


def leaving():
    raise SystemExit(0)


def unanswered(*args):
    raise NotImplementedError


NON_ANSWERS = {
    "None": None,
    "a number": 3,
    "a name": "relu",
    "returns None": lambda *a: None,
    "returns a string": lambda *a: "✓ 3/3",
    "returns a liar": lambda *a: Liar(),
    "returns a lying array": lambda *a: np.ones((2, 2)).view(LyingArray),
    "returns NaN": lambda *a: np.nan,
    "returns complex": lambda *a: 1j,
    "returns objects": lambda *a: np.array([Liar()], dtype=object),
    "returns a generator": lambda *a: (i for i in range(3)),
    "returns a dict": lambda *a: {},
    "returns zero": lambda *a: 0,
    "returns nothing in a list": lambda *a: [],
    "takes nothing": lambda: 1,
    "takes too much": lambda a, b, c, d, e, f, g, h, i, j, k: 1,
    "raises": lambda *a: 1 / 0,
    "leaves": lambda *a: leaving(),
    "wants memory": lambda *a: memory_eater(),
    "returns itself": lambda *a: Liar,
    "unanswered": unanswered,
}


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize(("answer", "seed"), RIGHT_SEEDED)
def test_an_unusual_right_answer_earns_full_points(answer, seed):
    result = evaluate(answer.task, answer.function, seed)
    assert (result.points, result.passed, result.mistakes) == (3, True, []), result.message
    assert result.message.splitlines()[0] == f"✓ {answer.task} 3/3"


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize(("answer", "seed"), WRONG_SEEDED)
def test_a_wrong_answer_loses_points_and_is_told_its_own_mistake(answer, seed):
    result = evaluate(answer.task, answer.function, seed)
    assert result.points < result.max_points
    assert not result.passed
    assert answer.tag in result.mistakes, result.message
    if answer.points is not None:
        assert result.points == answer.points, result.message


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize("task", [name for name, task in TASKS.items() if task.mistakes])
def test_every_slip_is_recognized_and_explained(task):
    written, _ = slips(TASKS[task])
    for function, diagnosis in sample(written, 8):
        result = evaluate(task, function)
        assert result.points < result.max_points, diagnosis
        assert diagnosis.tag in result.mistakes, f"{diagnosis}\n{result.message}"
        told = [other.text for _, other in written if other.tag == diagnosis.tag]
        assert any(text in result.message for text in told), f"{diagnosis}\n{result.message}"


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS)
def test_every_known_mistake_returns_something(task):
    cases = [c for c in TASKS[task].cases(np.random.default_rng(0)) if c.aspect == "value"]
    for function, diagnosis in TASKS[task].known:
        call = InProcess(function, limited=False)
        outcomes = [call(*case.args, expects=TASKS[task].expects) for case in cases[::-1]]
        assert not all(outcome.failure for outcome in outcomes), diagnosis


@pytest.mark.parametrize("task", TASKS)
def test_a_task_has_a_bank_of_answers_and_three_hints(task):
    assert len([a for a in RIGHT if a.task == task]) >= 3
    assert len([a for a in WRONG if a.task == task]) >= 3
    assert len(TASKS[task].hints) == 3


def test_the_bank_holds_only_answers_to_tasks_that_exist():
    assert {answer.task for answer in ANSWERS} <= set(TASKS)


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize("task", sample(TASKS, 17))
def test_what_is_no_answer_earns_nothing(task):
    for what, value in NON_ANSWERS.items():
        result = evaluate(task, value)
        assert result.points == 0, f"{what}: {result.message}"
        assert result.mistakes, what
        assert "Traceback" not in result.message, what


@pytest.mark.parametrize("task", TASKS)
def test_the_untouched_blank_is_told_so_kindly_and_earns_nothing(task):
    result = evaluate(task, unanswered)
    assert result.mistakes == ["not-answered"]
    assert result.message.startswith(f"○ {task} 0/3  Not answered yet")


def test_an_answer_under_another_name_is_told_to_keep_its_first_line():
    result = evaluate("relu", None)
    assert result.mistakes == ["not-defined"]
    assert "Keep the answer's first line" in result.message


@pytest.mark.slow
@pytest.mark.parametrize("function", [endless, endless_and_stubborn])
def test_an_endless_loop_ends_with_a_message(function):
    start = time.process_time()  # a busy machine changes no verdict
    result = evaluate("relu", lambda z: function())
    assert time.process_time() - start < 4
    assert (result.points, result.mistakes) == (0, ["endless-loop"])
    assert "line " in result.message


@pytest.mark.slow
def test_an_endless_loop_ends_outside_the_main_thread_too():
    results = []
    thread = threading.Thread(target=lambda: results.append(evaluate("relu", lambda z: endless())))
    thread.start()
    thread.join(120)
    assert results
    assert results[0].mistakes == ["endless-loop"]


def test_a_loop_that_fills_memory_ends_with_a_message():
    def fill(z):
        held = []
        while True:
            held.append(bytes(100_000_000))

    assert evaluate("relu", fill).mistakes == ["too-much-memory"]


def test_an_error_comes_with_the_line_that_raised_it():
    def answer(z):
        halfway = z + 1
        return halfway + undefined_name  # noqa: F821

    message = evaluate("relu", answer).message
    assert "NameError: name 'undefined_name' is not defined" in message
    assert "return halfway + undefined_name" in message


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS)
def test_an_answer_that_always_fails_is_told_its_error(task):
    def answer(*args):
        raise ValueError("too few rows")

    result = grader.evaluate(task, answer)
    assert result.points == 0
    assert "Mistake: ValueError: too few rows" in result.message


def test_the_smallest_failing_input_is_shown_with_both_values():
    message = evaluate("relu", lambda z: np.maximum(z, 0) * 3).message
    assert "exactly 3 times too large" in message
    assert "your value" in message
    assert "true value" in message


def test_an_answer_that_is_right_for_square_matrices_only_is_told_so():
    def square(x, W, b):
        if len(set(x.shape + W.shape)) > 1:
            raise ValueError("shapes do not match")
        return x @ W + b

    result = evaluate("linear_forward", square)
    assert "only-square" in result.mistakes
    assert "right only when the matrices are square" in result.message


def test_a_blank_inside_another_answer_is_named():
    def mlp(x, params):
        return unanswered(x)

    assert "unanswered" in evaluate("mlp_forward", mlp).message


def test_state_is_noticed():
    calls = Counter()

    def counts(z):
        calls["n"] += 1
        return np.maximum(z, 0) + 1e-3 * calls["n"]

    assert "depends-on-earlier-calls" in evaluate("relu", counts).mistakes


def test_what_an_answer_prints_is_swallowed(capsys):
    def noisy(z):
        print("noise")
        return np.maximum(z, 0)

    grader.check("relu", noisy)
    captured = capsys.readouterr()
    assert captured.out == "✓ relu 3/3\n"
    assert captured.err == ""


def test_a_float32_result_is_right_with_a_remark_that_the_check_line_does_not_carry(capsys):
    def single(z):
        return np.maximum(z, 0).astype(np.float32)

    assert "float32" in grader.evaluate("relu", single).message
    grader.check("relu", single)
    assert capsys.readouterr().out == "✓ relu 3/3\n"


@pytest.mark.parametrize("hint", [0, 1, 2, 3])
def test_hints_come_in_layers(hint, capsys):
    grader.check("relu", lambda z: z + 1, hint=hint)
    assert capsys.readouterr().out.count("\n  Hint ") == hint


def test_an_unknown_task_is_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match="no task 'rleu'.*relu"):
        grader.evaluate("rleu", np.abs)


@pytest.mark.slow
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_right_answer_is_checked_well_within_two_seconds(chapter):
    for task in CHAPTERS[chapter]:
        if not task.trains:
            answer = next(a for a in RIGHT if a.task == task.name)
            start = time.process_time()
            evaluate(task.name, answer.function)
            assert time.process_time() - start < 1, task.name


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize("seed", sample(range(30), 6))
def test_the_references_are_right_for_every_seed(seed):
    for task in TASKS.values():
        if task.reference:
            assert evaluate(task.name, task.reference, seed).passed, task.name


# --- the seam -----------------------------------------------------------------------------------


def test_a_caller_may_live_elsewhere():
    class Elsewhere(Caller):
        def __init__(self, function):
            self.inside = InProcess(function)

        def __call__(self, *args, **kwargs):
            return self.inside(*args, **kwargs)

        def again(self, outcome):
            return self.inside.again(outcome)

    assert evaluate("relu", Elsewhere(lambda z: np.maximum(z, 0))).passed


def test_functions_and_generators_of_random_numbers_cross_the_seam():
    caller = InProcess(lambda rng, f: lambda x: f(x) + rng.integers(1))
    predict = caller(Rng(3), lambda x: 2 * x, expects="function").value
    assert predict(np.array([1.0, 2.0])).value.tolist() == [2.0, 4.0]


def test_an_iterable_is_collected():
    caller = InProcess(lambda n: ((np.zeros(i), i) for i in range(n)))
    assert len(caller(3, expects="iterable").value) == 3


def test_an_argument_that_is_written_to_is_reported():
    def write(x, items):
        x[0] = 7
        items.append(1)
        return x

    changed = dict(InProcess(write)(np.zeros(2), [1.0]).changed)
    assert changed[0].tolist() == [7, 0]
    assert changed[1] == [1.0, 1]


@pytest.mark.parametrize("value", [1, 1.0, True, np.float32(1), np.array(1), np.int8(1), (1,)[0]])
def test_numbers_of_every_kind_are_equally_good(value):
    assert close(plain(value), 1.0)


def test_a_shape_that_would_broadcast_is_not_equal():
    assert not close(np.ones(3), np.ones((1, 3)))
    assert not close(np.ones((1, 1)), 1.0)
    assert not close(np.array(1.0), np.ones(3))


def test_tails_need_no_relative_accuracy_but_everything_else_does():
    assert close(np.array([0.0, 1.0]), [1e-13, 1.0])
    assert not close(np.array([0.0, 1.0]), [1e-11, 1.0])
    assert not close(np.array([1.0 + 3e-7]), [1.0])
    assert close(np.array([1.0 + 3e-7], np.float32), [1.0])


@pytest.mark.slow
def test_running_out_of_time_again_and_again_leaves_the_process_alive():
    code = """
import numpy as np
from grader import evaluate
slow = lambda n: np.random.default_rng(0).normal(0, (2 / n) ** 0.5, (n, n))
for _ in range(3):
    result = evaluate("he_std", slow)
print("alive", result.passed)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stdout == "alive False\n", run.stderr


# --- what counts as right -----------------------------------------------------------------------


def single(function):
    """Let a function compute in float32 and return float32."""

    def cast(arg):
        if isinstance(arg, (list, tuple)):
            return type(arg)(map(cast, arg))
        is_double = isinstance(arg, np.ndarray) and arg.dtype == np.float64
        return arg.astype(np.float32) if is_double else arg

    return lambda *args: cast(function(*map(cast, args)))


IN_FLOAT32 = [task for task in TASKS.values() if task.reference and not task.accept and task.rtol]


@pytest.mark.slow
@pytest.mark.parametrize("task", IN_FLOAT32, ids=lambda task: task.name)
def test_a_right_answer_in_float32_is_right(task):
    if task.name != "relative_error":  # of nearly equal arrays, where float32 has no digits left
        assert evaluate(task.name, single(task.reference)).passed


def test_a_cast_to_float32_hides_no_rough_answer():
    def rough(z):
        return (np.maximum(z, 0) * (1 + 1e-5)).astype(np.float32)

    def clipped(z):
        return (1 / (1 + np.exp(-np.clip(z, -20, 20)))).astype(np.float32)

    assert not evaluate("relu", rough).passed
    assert not evaluate("sigmoid", clipped).passed


@pytest.mark.slow
@pytest.mark.parametrize("task", [t for t in TASKS.values() if t.reference], ids=lambda t: t.name)
def test_the_first_point_takes_more_than_the_right_shape(task):
    def filled(truth):
        if isinstance(truth, (list, tuple)):
            return [filled(part) for part in truth]
        return np.arange(np.size(truth), dtype=float).reshape(np.shape(truth))

    assert evaluate(task.name, lambda *args: filled(task.reference(*args))).points == 0


# --- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("task", "function", "cause"),
    [
        ("relu", lambda z: max(z, 0), "`np.maximum`"),
        ("tanh_derivative", lambda a: 1 - a ^ 2, "`**`"),
        ("relu", lambda z: [max(row, 0) for row in z], "`np.maximum`"),
        ("linear_forward", lambda x, W, b: x.tolist() / 2, "np.array"),
        ("relu", lambda z: np.maximum(z, zero), "been run"),  # noqa: F821
    ],
)
def test_an_error_names_its_usual_cause(task, function, cause):
    assert cause in evaluate(task, function).message


def test_a_missing_self_is_named():
    class Net:
        def forward(z):
            return z

    assert "`self`" in evaluate("relu", lambda z: Net().forward(z)).message


def test_not_finite_shows_an_input_that_gives_it():
    def answer(s):
        return np.where(s.size == 6, np.nan, 2 * s * (1 - s))

    message = evaluate("sigmoid_derivative", answer).message
    assert "NaN" in message
    assert "your value  [[nan" in message


def test_a_loop_that_sleeps_is_ended_too(monkeypatch):
    monkeypatch.setattr("grader.limits.wall", lambda seconds: 0.5)
    result = evaluate("relu", lambda z: [time.sleep(0.05) for _ in range(10_000)])
    assert result.mistakes == ["endless-loop"]


def test_a_browsers_python_is_given_five_times_as_long(monkeypatch):
    task, caller = TASKS["relu"], InProcess(abs)
    here = Examination(task, caller, 0).seconds
    monkeypatch.setattr("grader.limits.sys.platform", "emscripten")
    assert Examination(task, caller, 0).seconds == 5 * here


def test_waiting_costs_no_seconds():
    assert InProcess(lambda: time.sleep(0.3) or 1.0)().seconds < 0.2


# --- patterns -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("task", "function", "tag"),
    [
        ("l2_gradient", lambda g, W, lam: (g + lam * W) ** 2, "squared"),
        ("he_std", lambda fan_in: fan_in / 2, "wrong-value"),
        (
            "squared_error_loss",
            lambda a, y: np.sum((a - y) ** 2) / 2 / len(y) + 1,
            "off-by-constant",
        ),
        ("bce_with_logits", lambda z, y: 1 / np.mean(np.logaddexp(0, z) - z * y), "reciprocal"),
        ("softmax_backward", lambda p, dp: p * (dp - (dp * p).sum()), "over-everything"),
        (
            "linear_forward",
            lambda x, W, b: np.vstack([x[:1] @ W + b, 7 + 0 * (x[1:] @ W)]),
            "only-n-one",
        ),
    ],
)
def test_a_pattern_without_a_slip_is_measured(task, function, tag):
    assert tag in evaluate(task, function).mistakes


def test_only_one_layout_is_noticed():
    def by_strides(z):
        flat = np.lib.stride_tricks.as_strided(z, (z.size,), (z.itemsize,))
        return np.maximum(flat.reshape(z.shape), 0)

    assert evaluate("relu", by_strides).mistakes == ["memory-layout"]


def test_the_layout_called_strided_has_gaps():
    strides = []
    InProcess(lambda z: strides.append(z.strides) or 1.0)(np.zeros((3, 4)), layout="strided")
    assert strides == [(4 * 2 * 8 * 2, 16)]


# --- the final project --------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_the_gradients_that_are_demanded_are_central_differences(seed):
    task = TASKS["loss_and_gradients"]
    for case in task.cases(np.random.default_rng(seed)):
        params, X, y = case.args
        _, grads = task.reference(params, X, y)
        for layer, pair in enumerate(grads):
            for which, gradient in enumerate(pair):
                array = params[layer][which]
                for i in list(np.ndindex(array.shape))[:4]:
                    old, sides = array[i], []
                    for step in (1e-6, -1e-6):
                        array[i] = old + step
                        sides.append(task.reference(params, X, y)[0])
                    array[i] = old
                    assert abs((sides[0] - sides[1]) / 2e-6 - gradient[i]) < 1e-7


@pytest.mark.parametrize(
    ("own", "tag"),
    [
        (lambda loss, grads, n: (loss, [(n * dW, n * db) for dW, db in grads]), "sum-for-mean"),
        (lambda loss, grads, n: (loss, [(-dW, -db) for dW, db in grads]), "wrong-sign"),
        (lambda loss, grads, n: (loss, [(dW, 0 * db) for dW, db in grads]), "wrong-gradients"),
        (lambda loss, grads, n: loss, "wrong-gradients"),
        (lambda loss, grads, n: (loss, grads), "hardly-learned"),
    ],
)
@pytest.mark.parametrize("size", [1.0, np.nan])
def test_training_on_wrong_gradients_of_ones_own_is_told_what_is_wrong_with_them(own, tag, size):
    right = TASKS["loss_and_gradients"].reference

    def loss_and_gradients(params, X, y):
        return own(*right(params, X, y), len(y))

    def train_digits(X, y, rng):
        layers = ((784, 20), (20, 10))
        return [(size * rng.normal(0, (2 / d) ** 0.5, (d, h)), np.zeros(h)) for d, h in layers]

    names = {"loss_and_gradients": loss_and_gradients, "np": np}
    beside = FunctionType(train_digits.__code__, names, closure=train_digits.__closure__)
    tag = "diverged" if np.isnan(size) and tag == "hardly-learned" else tag
    assert evaluate("train_digits", beside).mistakes == [tag]


UNTRAINED = """
import functools
import numpy as np

def untrained(X, y, rng):
    layers = ((784, 20), (20, 10))
    return [(rng.normal(0, (2 / d) ** 0.5, (d, h)), np.zeros(h)) for d, h in layers]
"""


@pytest.mark.parametrize(
    "written",
    [
        "train_digits = untrained",
        "train_digits = untrained; gradients = right",
        "train_digits = untrained; loss_and_gradients = 3",
        "train_digits = lambda X, y, rng: untrained(X, y, rng)",
        "class Mine:\n    loss_and_gradients = staticmethod(right)\n\ntrain_digits = untrained",
        "def train_digits(X, y, rng):\n    loss_and_gradients = right\n"
        "    return untrained(X, y, rng)",
    ],
    ids=["missing", "renamed", "no function", "a lambda", "in a class", "inside"],
)
def test_training_without_ones_own_gradients_beside_it_does_not_pass(written):
    names = {"right": TASKS["loss_and_gradients"].reference}
    exec(UNTRAINED + written, names)
    result = evaluate("train_digits", names["train_digits"])
    assert (result.points, result.mistakes) == (0, ["no-gradients"])
    assert "under this name" in result.message


@pytest.mark.parametrize(
    "written",
    [
        "train_digits = untrained",
        "train_digits = functools.partial(untrained)",
        "train_digits = functools.singledispatch(untrained)",
        "class Trainer:\n    def __call__(self, *args):\n        return untrained(*args)\n\n"
        "train_digits = Trainer()",
        "class Trainer:\n    def train(self, *args):\n        return untrained(*args)\n\n"
        "train_digits = Trainer().train",
    ],
    ids=["a function", "a partial", "wrapped", "an object", "a method"],
)
def test_ones_own_gradients_are_found_beside_whatever_trains(written, monkeypatch):
    notebook = ModuleType("__main__")
    notebook.loss_and_gradients = TASKS["loss_and_gradients"].reference
    exec(UNTRAINED + written, vars(notebook))
    monkeypatch.setitem(sys.modules, "__main__", notebook)
    assert evaluate("train_digits", notebook.train_digits).mistakes == ["hardly-learned"]


def test_one_of_something_is_written_as_one():
    case = next(
        c for c in TASKS["minibatches"].cases(np.random.default_rng(0)) if c.aspect == "edge"
    )
    told = TASKS["minibatches"].accept([], *case.args)
    assert "1 example in batches of 4 leaves 1 over" in told.text


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize("seed", sample(range(20), 4))
def test_the_bar_lies_between_right_runs_and_what_has_no_backpropagation(seed):
    from answers import ch09 as answers

    digits = sys.modules["grader.tasks.ch09_final_project.train_digits"]

    def share(train):
        X, y, unseen, labels = digits.split(10_000, seed)
        params = train(X, y, np.random.default_rng(seed))
        return np.mean(digits.predicted(params, unseen) == labels)

    assert share(answers.digits_plain) >= digits.ENOUGH
    assert share(answers.digits_gateless) < digits.ENOUGH
    assert share(answers.digits_softmax_regression) < digits.ENOUGH
