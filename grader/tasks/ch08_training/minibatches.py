"""minibatches: shuffled, cut, nobody left out."""

import numpy as np

from ...call import Rng
from ...compare import as_array
from ...diagnosis import Diagnosis
from ...show import count
from ...task import Task, case

ONE_BATCH = "Only one batch comes out of {}: the loop does not get beyond it."
AFTER_THE_LOOP = (
    "Does `return` stand inside the loop? It ends the function in the loop's first round: `yield` "
    "in the loop, or collect the pairs there and return their list after it."
)


def minibatch_cases(rng):
    def draw(n, d, batch_size, aspect="value"):
        # Distinct rows and distinct labels: each example can be told from every other.
        X = rng.permutation(n * d).reshape(n, d) / 4 + 0.25
        return case(X, rng.permutation(n), batch_size, Rng(int(rng.integers(1e6))), aspect=aspect)

    return [
        draw(1, 2, 1, "ones"),
        draw(4, 1, 2, "ones"),
        draw(3, 2, 1, "ones"),
        draw(4, 2, 2),
        draw(6, 3, 3),
        draw(1, 3, 4, "edge"),
        draw(5, 2, 2, "edge"),
        draw(7, 2, 3, "edge"),
        draw(4, 3, 4, "edge"),
        draw(4, 3, 9, "edge"),
        draw(48, 5, 8),
        draw(60, 60, 12),
        draw(83, 4, 16, "edge"),
    ]


def accept_minibatches(value, X, y, batch_size, rng):
    pairs, finding = _pairs_of(value, X, y, batch_size)
    if finding:
        return finding
    n = len(X)
    rows, labels, finding = _who_is_where(pairs, X, y)
    if finding:
        return finding
    sizes = [len(batch) for batch in rows]
    seen_x, seen_y = np.concatenate(rows), np.concatenate(labels)
    if not np.array_equal(seen_x, seen_y):
        return Diagnosis(
            "torn-pairs",
            "X and y no longer belong together: an image comes with another image's label.",
            "Draw one permutation and index both with it.",
        )
    if len(np.unique(seen_x)) < len(seen_x):
        return Diagnosis(
            "examples-repeated",
            "Some examples come twice in one epoch.",
            "Draw without replacement: `rng.permutation(len(X))` holds every index once. And a "
            "batch must not be an array that a later one overwrites.",
        )
    if len(seen_x) < n:
        if sizes and set(sizes) == {batch_size} and len(seen_x) == n // batch_size * batch_size:
            return _short_batch_dropped(n, batch_size)
        if len(sizes) == 1:
            return Diagnosis("one-batch", ONE_BATCH.format(count(n, "example")), AFTER_THE_LOOP)
        return Diagnosis(
            "examples-missing",
            f"Only {len(seen_x)} of {count(n, 'example')} come up in an epoch.",
            "Let the slices start at 0, batch_size, 2·batch_size, …, and end at the last example.",
        )
    return _sizes_finding(sizes, n, batch_size) or _order_finding(rows, n, y)


def _short_batch_dropped(n, batch_size):
    return Diagnosis(
        "short-batch-dropped",
        f"The short last batch is dropped: {count(n, 'example')} in batches of {batch_size} "
        f"leave{'s' * (n == 1)} {n % batch_size} over.",
        "Go on until the examples are used up: `range(0, len(X), batch_size)`; a slice may end "
        "beyond the array.",
        "edge",
    )


def _sizes_finding(sizes, n, batch_size):
    wanted = [min(batch_size, n - start) for start in range(0, n, batch_size)]
    if sizes == wanted:
        return None
    if 0 in sizes and [size for size in sizes if size] == wanted:
        return Diagnosis(
            "empty-batch",
            "There is an empty batch, of which no mean can be taken.",
            "`range(0, len(X), batch_size)` stops before the end; "
            "`range(0, len(X) + 1, …)` may not.",
            "edge",
        )
    if len(sizes) == batch_size and batch_size != len(wanted):
        return Diagnosis(
            "number-of-batches",
            f"The number of batches is {batch_size}: "
            "batch_size is taken for the number of batches.",
            "batch_size is how many examples one batch holds.",
        )
    if sorted(sizes) == sorted(wanted):
        return Diagnosis(
            "short-batch-first",
            f"The batches' sizes are {sizes}; the short one has to come last.",
            "Cut the shuffled order at 0, batch_size, 2·batch_size, …, whatever is left is last.",
            "edge",
        )
    return Diagnosis(
        "wrong-batch-size",
        f"The batches' sizes are {sizes}; wanted is {wanted}.",
        "Every batch but the last holds batch_size examples: order[i : i + batch_size].",
        "edge" if n % batch_size else "value",
    )


def _order_finding(rows, n, y):
    if n < 40:  # too few to tell an order from chance
        return None
    order = np.concatenate(rows)
    if np.array_equal(order, np.arange(n)) or np.array_equal(order, np.arange(n)[::-1]):
        return Diagnosis(
            "not-shuffled",
            "The examples come in the order of X: nothing is shuffled.",
            "Draw `order = rng.permutation(len(X))` and take the batches from X[order].",
        )
    if all(np.array_equal(np.sort(b), np.arange(b.min(), b.min() + len(b))) for b in rows):
        return Diagnosis(
            "blocks-shuffled",
            "A batch always holds neighbors of X: examples are shuffled only inside the batches, "
            "or the batches as a whole.",
            "Shuffle all examples first, then cut: with X sorted by class, each of your batches "
            "would hold one class.",
        )
    ranks = [np.sort(np.argsort(np.argsort(y))[batch]) for batch in rows]
    if all(np.array_equal(r, np.arange(r[0], r[0] + len(r))) for r in ranks):
        return Diagnosis(
            "sorted-by-label",
            "The batches follow the labels: each holds neighboring ones.",
            "A batch has to look like all examples: shuffle, and sort by nothing.",
        )
    half = n // 2
    if np.max(order[:half]) < half or np.min(order[n - half :]) >= n - half:
        return Diagnosis(
            "halves-apart",
            "The first half of the examples comes first, shuffled by itself.",
            "One permutation of all examples.",
        )
    if np.mean(np.abs(np.diff(order)) == 1) > 0.6 or np.mean(order == np.arange(n)) > 0.5:
        return Diagnosis(
            "barely-shuffled",
            "The order is nearly that of X.",
            "`rng.permutation(len(X))` gives all orders the same chance.",
        )
    return None


def _pairs_of(value, X, y, batch_size):
    """Return the list of (X, y) arrays, or a Diagnosis that says why there is none."""
    wanted = "Yield pairs: `yield X[chosen], y[chosen]` for each batch, or return a list of them."
    if not isinstance(value, list):
        return None, Diagnosis("wrong-type", "It gives one array, not batches.", wanted)
    if not value:
        if batch_size > len(X):
            return None, _short_batch_dropped(len(X), batch_size)
        return None, Diagnosis("no-batches", "No batch comes out of it.", wanted)
    if _is_batch(value, X):
        return None, Diagnosis("one-batch", "It returns one batch and ends.", AFTER_THE_LOOP)
    pairs = []
    for item in value:
        if not isinstance(item, list) or len(item) != 2:
            got = count(len(item), "thing") if isinstance(item, list) else "one array"
            return None, Diagnosis(
                "not-pairs", f"A batch is {got}; a pair (X, y) is wanted.", wanted
            )
        x, labels = as_array(item[0]), as_array(item[1])
        if x.ndim == 1 and labels.ndim == 2 and labels.shape[1:] == X.shape[1:]:
            return None, Diagnosis(
                "swapped-results",
                "The pairs come in the wrong order: (y, X).",
                "X first: `yield X[chosen], y[chosen]`.",
            )
        if labels.shape == (len(x), 1) and x.shape[1:] == X.shape[1:]:
            return None, Diagnosis(
                "wrong-shape",
                "The labels of a batch have shape (n, 1); (n,) is wanted.",
                "Index y with the same array of indices as X and leave its shape alone.",
            )
        empty = x.size == 0 and labels.size == 0
        if not empty and (x.shape[1:] != X.shape[1:] or x.ndim != X.ndim or labels.ndim != 1):
            text = f"A pair of shapes {x.shape} and {labels.shape} comes out of X {X.shape} and "
            text += f"y {y.shape}: no batch (n, {X.shape[1]}) with labels (n,)."
            return None, Diagnosis("not-pairs", text, wanted)
        if len(x) != len(labels):
            text = f"A batch has {count(len(x), 'row')} and {count(len(labels), 'label')}."
            return None, Diagnosis("torn-pairs", text, "Index X and y with the same indices.")
        pairs.append((x, labels))
    return pairs, None


def _is_batch(value, X):
    """Tell whether this is X[chosen], y[chosen] and not a list of such pairs."""
    arrays = all(isinstance(item, np.ndarray) for item in value)
    return arrays and [item.ndim for item in value] == [X.ndim, 1]


def _who_is_where(pairs, X, y):
    """Return for every batch the indices of its rows in X and of its labels in y."""
    by_row = {row.tobytes(): i for i, row in enumerate(X.astype(np.float32))}
    by_label = {float(label): i for i, label in enumerate(y)}
    rows, labels = [], []
    for x, t in pairs:
        rows.append(np.array([by_row.get(np.float32(row).tobytes(), -1) for row in x], int))
        labels.append(np.array([by_label.get(float(label), -1) for label in t], int))
    if min(np.concatenate(rows).min(initial=0), np.concatenate(labels).min(initial=0)) < 0:
        return (
            None,
            None,
            Diagnosis(
                "changed-values",
                "There are rows or labels that X and y do not hold.",
                "The examples are only put in another order, never changed: X[chosen], y[chosen].",
            ),
        )
    return rows, labels, None


TASK = Task(
    "minibatches(X, y, batch_size, rng)",
    minibatch_cases,
    accept=accept_minibatches,
    expects="iterable",
    hints=(
        "Shuffle once, then cut. What has to be shuffled so that X and y stay together?",
        "order = a permutation of 0 … N−1; batch k takes order[k·B : (k+1)·B] of X and of y.",
        "`for i in range(0, len(X), batch_size):` take `chosen = order[i : i + batch_size]` "
        "and `yield X[chosen], y[chosen]`.",
    ),
    place=4,
)
