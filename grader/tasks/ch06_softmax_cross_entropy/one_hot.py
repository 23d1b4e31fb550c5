"""one_hot: a row of zeros and a one for each label."""

import numpy as np

from ...task import Task, case
from ..shared import labels


def one_hot(y, num_classes):
    Y = np.zeros((len(y), num_classes))
    Y[np.arange(len(y)), y] = 1.0
    return Y


def one_hot_cases(rng):
    def draw(n, c, aspect="value"):
        return case(labels(rng, n, c), c, aspect=aspect)

    return [
        case(np.array([0]), 1, aspect="ones"),
        case(np.array([0, 0, 0]), 1, aspect="ones"),
        case(np.array([2]), 3, aspect="ones"),
        case(np.array([0]), 3, aspect="ones"),
        case(np.array([1, 0]), 2),
        case(np.array([2, 0]), 3),
        case(np.array([0, 1, 1]), 4),
        case(np.array([3, 3, 0, 1]), 5),
        case(np.array([0, 0, 0]), 4, aspect="edge"),
        case(np.array([1, 1]), 5, aspect="edge"),
        draw(3, 3),
        draw(4, 4),
        draw(7, 5),
        draw(4, 9),
        draw(12, 10),
    ]


MISTAKES = """
[transposed]
    transposed: It is transposed: there is one column for each example. → Rows are examples: the
    shape is (N, num_classes).
return one_hot(y, y.max() + 1)
    classes-counted-from-labels: The number of columns is taken from the largest label, not from
    num_classes: a class that no example has loses its column. → Make an array with num_classes
    columns.
return (y[:, None] == np.arange(len(np.unique(y)))) * 1.0
return np.eye(len(np.unique(y)))[y]
    classes-counted-from-labels: The number of columns is the number of labels that occur, not
    num_classes: a class that no example has loses its column. → Make an array with num_classes
    columns.
return np.eye(len(y))[y]
    classes-counted-from-labels: The number of columns is the number of examples, not num_classes. →
    Make an array with num_classes columns.
Y[np.arange(len(y)), y] = 1.0 => Y[np.arange(len(y)), y - 1] = 1.0
    labels-from-one: The 1 stands one column too far to the left: labels count from 0 here. → Label
    k belongs in column k.
Y[np.arange(len(y)), y] = 1.0 => Y[np.arange(len(y)), (y + 1) % num_classes] = 1.0
Y[np.arange(len(y)), y] = 1.0 => Y[np.arange(len(y)), y + 1] = 1.0
    labels-from-one: The 1 stands one column too far to the right. → Label k belongs in column k.
return np.tile(one_hot(y, num_classes).max(axis=0), (len(y), 1))
    all-rows-set: `Y[:, y] = 1` sets these columns in every row. → Pair each row with its own
    column: `Y[np.arange(N), y] = 1`.
Y[np.arange(len(y)), y] = 1.0 => Y[y, :] = 1.0
    rows-set: `Y[y] = 1` fills whole rows: y is taken as row numbers. → Pair each row with its own
    column: `Y[np.arange(N), y] = 1`.
Y[np.arange(len(y)), y] = 1.0 => Y[y, np.arange(len(y))] = 1.0
    rows-set: Rows and columns are exchanged in the index. → The row is the example, the column its
    label: `Y[np.arange(N), y] = 1`.
Y[np.arange(len(y)), y] = 1.0 => Y[np.arange(len(y)), y] = y
    label-stored: The label itself is stored where a 1 belongs. → Store 1, whatever the label.
return 1 - one_hot(y, num_classes)
    complement: Zeros and ones are exchanged. → 1 at the label, 0 elsewhere.
[zero]
    all-zero: Every entry is 0: nothing is written at the labels. → Set `Y[np.arange(N), y] = 1`.
return np.ones((len(y), num_classes))
    all-one: Every entry is 1. → Start from zeros and set one entry a row.
return np.eye(len(y), num_classes)
return np.eye(num_classes)
    identity: It is an identity matrix: the labels play no part. → `np.eye(num_classes)[y]` picks
    the row of each label.
return (np.arange(num_classes) <= y[:, None]) * 1.0
    thermometer: All columns up to the label are set. → Only the label's own column is 1.
return (np.arange(num_classes) < y[:, None]) * 1.0
    thermometer: All columns before the label are set. → Only the label's own column is 1.
return one_hot(y, num_classes).ravel()
    flat: All rows are strung together into one. → Keep the shape (N, num_classes).
return one_hot(y, num_classes)[:, None, :]
    extra-axis: There is an axis too many. → The shape is (N, num_classes).
return one_hot(y, num_classes + 1)
    one-class-too-many: There is a column too many. → Classes run from 0 to num_classes − 1: that is
    num_classes columns.
return (y[:, None] == np.arange(num_classes - 1)) * 1.0
    one-class-too-few: The last class has no column. → Classes run from 0 to num_classes − 1: that
    is num_classes columns.
return 2 * one_hot(y, num_classes) - 1
    minus-one-for-zero: The other entries are −1. → They are 0.
[÷ N]
    normalized: The ones are divided by N. → Every row sums to 1: leave the division to the loss.
"""

TASK = Task(
    "one_hot(y, num_classes)",
    one_hot_cases,
    one_hot,
    shapes={"y": "N"},
    rtol=0.0,
    mistakes=MISTAKES,
    hints=(
        "How many rows, how many columns, and how many ones in each row?",
        "Y[n, k] = 1 if k = y[n], else 0.",
        "Start from `np.zeros((len(y), num_classes))` and write to all pairs of row number and "
        "label at once: `Y[np.arange(…), …] = 1`.",
    ),
    place=3,
)
