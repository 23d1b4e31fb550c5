"""Slips and operators: wrong answers from a reference, one line or its result made otherwise."""

import re

import numpy as np
import pytest

from grader.diagnosis import Diagnosis
from grader.operators import operators
from grader.slips import entries, slip, slips
from grader.task import Task


def scale(x, factor=2.0):
    h = x
    for _ in range(2):
        h = h * factor
    total = 0.0
    total += h
    if factor < 0:
        return -total
    return total


@pytest.mark.parametrize(
    ("line", "result"),
    [
        ("return h", 12.0),
        ("return total + 1", 13.0),
        ("h = h + factor", 7.0),  # `h = x` only copies and does not count
        ("total += 2 * h", 24.0),
        ("total = 1.0", 13.0),
        ("for _ in range(2): => for _ in range(3):", 24.0),
        ("if factor < 0: => if factor > 0:", -12.0),
        ("h = x => h = 10 * x", 120.0),
        ("k = 5.0; return k * total", 60.0),
        ("total = 1.0; return total * 2", 26.0),
        ("def scale(x, factor=3.0):", 27.0),
    ],
)
def test_a_slip_is_the_reference_with_one_line_written_otherwise(line, result):
    assert slip(scale, line)(3.0) == result
    assert scale(3.0) == 12.0


def countdown(n):
    return 0 if n == 0 else countdown(n - 1)


def test_where_a_slip_calls_the_tasks_function_it_is_right():
    assert slip(countdown, "return 1 if n == 0 else 10 + countdown(n - 1)")(3) == 10


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("m = 1", "scale has no line that 'm = 1' could replace"),
        ("k = h => k = 2", "scale has 0 lines 'k = h'; write old => new"),
        ("h = 1; m = 2", "scale has no line that 'h = 1; m = 2' could replace"),
    ],
)
def test_a_slip_without_a_place_is_refused(line, refused):
    with pytest.raises(ValueError, match=refused):
        slip(scale, line)


def doubled_twice(x):
    y = 2 * x
    y = 2 * y
    return y


def test_a_slip_that_fits_two_lines_is_refused():
    with pytest.raises(ValueError, match="doubled_twice has 2 lines 'y'; write old => new"):
        slip(doubled_twice, "y = x + 1")


TABLE = """
return h
total = 1.0
    one-tag: The text: it goes on
    in a second line. → One step
    further.
return {1|2} * h + {1|2} + {a|b}
    other: Short. → Next.
"""


def test_a_table_is_read_entry_by_entry():
    first, second = entries(TABLE)
    assert first.lines == ("return h", "total = 1.0")
    told = Diagnosis("one-tag", "The text: it goes on in a second line.", "One step further.")
    assert first.diagnosis == told
    assert second.diagnosis == Diagnosis("other", "Short.", "Next.")
    assert second.lines == (  # the same braces choose alike
        "return 1 * h + 1 + a",
        "return 1 * h + 1 + b",
        "return 2 * h + 2 + a",
        "return 2 * h + 2 + b",
    )


@pytest.mark.parametrize("said", ["tag: no arrow", "no tag → advice"])
def test_an_entry_without_tag_or_arrow_is_refused(said):
    with pytest.raises(ValueError, match="tag: text → advice is wanted below 'return h'"):
        entries(f"return h\n    {said}")


# --- operators ----------------------------------------------------------------------------------


def linear_backward(dy, x, W):
    return dy @ W.T, x.T @ dy, dy.sum(axis=0)


def task(**fields):
    made = {
        "signature": "linear_backward(dy, x, W)",
        "cases": lambda rng: [],
        "reference": linear_backward,
        "shapes": {"dy": "N H", "x": "N D", "W": "D H"},
        "returns": ("dx", "dW", "db"),
    }
    return Task(**{**made, **fields})


RNG = np.random.default_rng(0)
DY, X, W = (RNG.standard_normal(shape) for shape in ((4, 3), (4, 2), (2, 3)))
DX, DW, DB = linear_backward(DY, X, W)
FIRST, LAST = (linear_backward(DY[rows], X[rows], W) for rows in (slice(0, 1), slice(-1, None)))
ONES_DY = linear_backward(np.ones_like(DY), X, W)


def tried(made, args=(DY, X, W)):
    """Return what each operator gives, by its tag."""
    return {diagnosis.tag: (function(*args), diagnosis) for function, diagnosis in made}


OPERATED = [
    ("wrong-sign", (-DX, -DW, -DB), "The sign of everything is wrong."),
    ("all-zero", (0 * DX, 0 * DW, 0 * DB), "Everything is 0."),
    ("integer-dtype", [a.astype(int) for a in (DX, DW, DB)], "an array of integers"),
    ("transposed", (DX.T, DW.T, DB), "Everything is transposed."),
    ("dW-transposed", (DX, DW.T, DB), "dW is transposed."),
    ("dx-zero", (0 * DX, DW, DB), "dx is 0 everywhere."),
    ("db-ones", (DX, DW, 0 * DB + 1), "db is 1 everywhere."),
    ("dx-wrong-sign", (-DX, DW, DB), "The sign of dx is wrong."),
    ("dW-doubled", (DX, 2 * DW, DB), "dW is 2 times too large."),
    ("dW-halved", (DX, DW / 2, DB), "dW is 2 times too small."),
    ("db-keepdims", (DX, DW, DB[None]), "db has an axis of length 1 too many"),
    ("db-summed-over-all", (DX, DW, DB.sum()), "db is one number"),
    ("dx-first-row", (DX[:1], DW, DB), "dx holds its first row only."),
    ("dW-divided-by-n", (DX, DW / 4, DB), "dW is divided by N: exactly N times too small."),
    ("db-times-h", (DX, DW, DB * 3), "db is multiplied by H: exactly H times too large."),
    ("dW-first-example", (DX, FIRST[1], DB), "dW holds the first example's share only."),
    ("db-last-example", (DX, DW, LAST[2]), "db holds the last example's share only"),
    ("no-upstream", ONES_DY, "The upstream gradient dy is missing"),
    ("dW-dy-ones", (DX, ONES_DY[1], DB), "dW is right for a dy of ones: it is not used."),
    ("only-dw", DW, "Only dW comes back; dx, dW, db are wanted."),
]


@pytest.mark.parametrize(("tag", "result", "told"), OPERATED, ids=[tag for tag, _, _ in OPERATED])
def test_an_operator_does_what_its_words_say(tag, result, told):
    found, diagnosis = tried(operators(task(), {}))[tag]
    assert told in diagnosis.text
    assert diagnosis.advice[0].isupper()
    assert diagnosis.advice[-1] in ".?"
    assert not re.search("XX|None|{|}", diagnosis.text + diagnosis.advice)
    for ours, wanted in zip(
        *([found], [result]) if tag == "only-dw" else (found, result), strict=True
    ):
        assert np.shape(ours) == np.shape(wanted)
        np.testing.assert_allclose(ours, wanted)


def test_the_results_come_in_every_other_order():
    orders = {d.text: f(DY, X, W) for f, d in operators(task(), {}) if d.tag == "wrong-order"}
    assert len(orders) == 5
    dW, dx, db = orders["The results are right, in another order: dW, dx, db."]
    for ours, wanted in ((dW, DW), (dx, DX), (db, DB)):
        np.testing.assert_array_equal(ours, wanted)


def test_of_four_results_no_orders_are_tried():
    def four(x):
        return x, x, x, x

    made = task(signature="four(x)", reference=four, shapes={}, returns=("a", "b", "c", "d"))
    tags = [diagnosis.tag for _, diagnosis in operators(made, {})]
    assert "wrong-order" not in tags
    assert "only-d" in tags


def dy_times_two(dy):
    return 2 * dy


SINGLE = {"signature": "dy_times_two(dy)", "reference": dy_times_two, "shapes": {"dy": "N H"}}


def test_of_a_single_result_only_what_needs_no_table_is_tried_unasked():
    tags = [d.tag for _, d in operators(task(**SINGLE, returns=()), {})]
    assert tags == ["integer-dtype", "no-upstream"]


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("negated", -2 * DY),
        ("zero", 0 * DY),
        ("transposed", 2 * DY.T),
        ("doubled", 4 * DY),
        ("halved", DY),
        ("summed", 2 * DY.sum()),
        ("base 2", 2 * DY / np.log(2)),
        ("base 10", 2 * DY / np.log(10)),
        ("÷ N", DY / 2),
        ("× H", 6 * DY),
        ("first example", 2 * DY[:1]),
        ("last example", 2 * DY[-1:]),
    ],
)
def test_an_operator_that_the_table_names_is_tried_under_the_tables_words(name, result):
    words = Diagnosis("mine", "My words.", "My advice.")
    found, diagnosis = tried(operators(task(**SINGLE, returns=()), {name: words}), (DY,))["mine"]
    np.testing.assert_allclose(found, result)
    assert diagnosis == words


def test_an_operator_that_is_unknown_is_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match=r"dy_times_two has no operator \{'× Q'\}; it has negated"):
        operators(task(**SINGLE, returns=()), {"× Q": Diagnosis("q", "Q.", "Q.")})


def test_a_table_makes_slips_and_renames_operators():
    table = "return dy @ W.T, dy.T @ x, dy.sum(axis=0)\n    a: A. → A!\n[dW zero]\n    b: B. → B!\n"
    written, renamed = slips(task(mistakes=table))
    [(function, diagnosis)] = written
    np.testing.assert_array_equal(function(DY, X, W)[1], DW.T)
    assert diagnosis == Diagnosis("a", "A.", "A!")
    assert renamed == {"dW zero": Diagnosis("b", "B.", "B!")}
    known = dict((diagnosis.tag, function) for function, diagnosis in task(mistakes=table).known)
    assert (known["b"](DY, X, W)[1] == 0).all()
    assert "dW-zero" not in known
    assert task().known == []
