"""From failed aspects to points.

A right answer earns 3 points; a failed aspect costs one; a wrong value leaves one at most, and
that only to an answer that has something of the truth.
"""

import numpy as np

from .compare import equal

MAX_POINTS = 3
RELATED = 0.2  # a correlation with the truth that counts, where there is enough to tell


def points(examination, diagnoses):
    """Return the points of an examination whose mistakes are named."""
    failed = {flaw.aspect for flaw in examination.flaws}
    if not failed:
        return MAX_POINTS
    if "value" in failed:
        return int(something_of_the_truth(examination, diagnoses[0]))
    return max(MAX_POINTS - len(failed), 1)


def something_of_the_truth(examination, diagnosis):
    """Tell whether the results have the right shapes and a relation to the true ones.

    A mistake that has a name is a relation; without one it is measured.
    """
    seen = [s for s in examination.seen if s.case.aspect == "value"]
    if not examination.task.reference or any(s.parts is None for s in seen):
        return False
    pairs = [(s, part) for s in seen for part in s.parts]
    if any(p.value.shape != p.truth.shape or not np.all(np.isfinite(p.value)) for _, p in pairs):
        return False
    if all(_is_an_argument(p.value, s.case.args) for s, p in pairs):
        return False
    if not _uses_its_input(pairs):
        return False
    paths = {p.path for _, p in pairs}
    return diagnosis.tag != "wrong-value" or any(
        _related([p for _, p in pairs if p.path == path]) for path in paths
    )


def _is_an_argument(value, args):
    return any(equal(value, arg) for arg in args if isinstance(arg, np.ndarray))


def _uses_its_input(pairs):
    """Tell whether two inputs of one shape with two truths ever get two answers."""
    first = {}
    for _, part in pairs:
        before = first.setdefault((part.path, part.value.shape), part)
        if not equal(before.truth, part.truth) and not equal(before.value, part.value):
            return True
    return False


def _related(parts):
    """Measure the relation: entries that are right, or a correlation that is no accident."""
    value = np.concatenate([p.value.astype(np.float64).ravel() / _size(p.value) for p in parts])
    truth = np.concatenate([p.truth.astype(np.float64).ravel() / _size(p.truth) for p in parts])
    close = np.concatenate([np.isclose(p.value, p.truth, 1e-6, 1e-9).ravel() for p in parts])
    if close.mean() > 0.1:
        return True
    value, truth = value - value.mean(), truth - truth.mean()
    norms = np.linalg.norm(value) * np.linalg.norm(truth)
    if norms == 0:
        return False
    return abs(value @ truth) / norms > max(RELATED, 3.5 / np.sqrt(value.size))


def _size(array):
    return np.sqrt(np.mean(np.square(array, dtype=np.float64))) or 1.0 if array.size > 1 else 1.0
