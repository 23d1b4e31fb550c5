"""Data: small sets and real digits, each X (N, D) float32 with labels y (N,) int64; minibatches."""

import math
import pathlib

import numpy as np

__all__ = ["batches", "load_mnist", "make_moons", "make_quadrants", "make_spirals", "make_xor"]

SUBSET = pathlib.Path(__file__).parent / "datasets" / "mnist_subset.npz"
IDX_FILES = [f"{p}-{k}-ubyte" for p in ("train", "t10k") for k in ("images-idx3", "labels-idx1")]


def make_quadrants(n, *, rng):
    """x ~ N(0, 1)², y = [x₁x₂ > 0]: two classes, each on two opposite quadrants.

    >>> make_quadrants(100, rng=np.random.default_rng(0))[0].shape
    (100, 2)
    """
    X = _noise(n, 1.0, rng).astype(np.float32)
    return X, (X[:, 0] * X[:, 1] > 0).astype(np.int64)


def make_xor():
    """y = x₁ xor x₂: the four corners of the unit square, which no line separates.

    >>> [(x.tolist(), int(c)) for x, c in zip(*make_xor())]
    [([0.0, 0.0], 0), ([0.0, 1.0], 1), ([1.0, 0.0], 1), ([1.0, 1.0], 0)]
    """
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
    return X, np.array([0, 1, 1, 0], dtype=np.int64)


def make_moons(n, *, noise=0.1, rng):
    """(cos t, sin t) or (1 − cos t, ½ − sin t), 0 ≤ t ≤ π, plus N(0, noise²): two half circles.

    >>> make_moons(5, rng=np.random.default_rng(0))[1].tolist()
    [0, 1, 0, 1, 0]
    """
    X, y, t = _noise(n, noise, rng), np.arange(n) % 2, rng.uniform(0, math.pi, n)
    upper = np.stack([np.cos(t), np.sin(t)], axis=1)
    return (X + np.where(y[:, None] == 0, upper, [1, 0.5] - upper)).astype(np.float32), y


def make_spirals(n, *, classes=3, noise=0.1, rng):
    """r·(cos φ, sin φ), φ = 4r + 2πy/classes + N(0, noise²), 0 ≤ r ≤ 1: one arm a class.

    >>> make_spirals(5, rng=np.random.default_rng(0))[1].tolist()
    [0, 1, 2, 0, 1]
    """
    if classes < 1:
        raise ValueError(f"expected classes ≥ 1, got {classes}")
    y, r = np.arange(n) % classes, np.sqrt(rng.uniform(0, 1, n))
    angle = 4 * r + 2 * math.pi * y / classes + _noise(n, noise, rng)[:, 0]
    return (r * np.stack([np.cos(angle), np.sin(angle)])).T.astype(np.float32), y


def _noise(n, noise, rng):
    if n < 1 or not noise >= 0:
        raise ValueError(f"expected n ≥ 1 points and noise ≥ 0, got {n} and {noise}")
    return noise * rng.standard_normal((n, 2))


def load_mnist(path=None):
    """x ∈ [0, 1]⁷⁸⁴, y ∈ {0, …, 9}: handwritten digits, (x_train, y_train), (x_test, y_test).
    10,000 and 2,000 that come with mlp_lib; or those of a folder with the four IDX files under their names,
    plain or .gz. FileNotFoundError for a missing file, ValueError for a damaged one. Source: LeCun & Cortes.

    >>> [x.shape for x, y in load_mnist()]
    [(10000, 784), (2000, 784)]
    """
    file, arrays = SUBSET, []
    try:
        if path is None:
            with np.load(SUBSET, allow_pickle=False) as npz:
                arrays = [npz[name] for name in ("x_train", "y_train", "x_test", "y_test")]
        else:
            for name in IDX_FILES:
                file = pathlib.Path(path, name)
                arrays.append(_read_idx(file))
        return _digits(*arrays[:2]), _digits(*arrays[2:])
    except FileNotFoundError:
        raise
    except Exception as error:  # whatever a damaged file makes its reader raise
        raise ValueError(f"expected MNIST, (N, 28, 28) and (N,) of uint8, in {file}, got {error}") from error


def _digits(images, labels):
    fits = images.shape == (*labels.shape, 28, 28) and images.dtype == labels.dtype == np.uint8
    if not fits or labels.max(initial=0) > 9:
        got = f"{labels.shape} of {labels.dtype} up to {labels.max(initial=0)}"
        raise ValueError(f"{images.shape} of {images.dtype} and {got}")
    return np.divide(images.reshape(-1, 784), 255, dtype=np.float32), labels.astype(np.int64)


def _read_idx(path):
    """Return the array in an IDX file: 2048 + ndim and the shape, big-endian, then the bytes."""
    import gzip

    size = (28, 28) if "images" in path.name else ()
    with open(path, "rb") if path.is_file() else gzip.open(f"{path}.gz") as file:
        magic, *shape = np.frombuffer(file.read(8 + 4 * len(size)), dtype=">u4").tolist() or [0, 0]
        # Looked at before anything is read on its word: a header may claim terabytes.
        if [magic, *shape[1:]] != [2049 + len(size), *size] or shape[0] > 1_000_000:
            raise ValueError(f"a header of {[magic, *shape]}")
        data = np.frombuffer(file.read(math.prod(shape) + 1), dtype=np.uint8)
    if len(data) != math.prod(shape):
        raise ValueError(f"{len(data)} bytes or more for a shape of {tuple(shape)}")
    return data.reshape(shape)


def batches(X, y, batch_size, *, rng):
    """(X[i], y[i]) for i the next batch_size of a fresh shuffle; the last, short one is kept.
    X (N, …) and y (N, …), N ≥ 1. ValueError for batch_size < 1 or lengths that differ.

    >>> [len(x) for x, y in batches(np.ones((5, 3)), np.ones(5), 2, rng=np.random.default_rng(0))]
    [2, 2, 1]
    """
    X, y = check_examples(X, y, batch_size)
    order = rng.permutation(len(X))
    chunks = (order[i : i + batch_size] for i in range(0, len(X), batch_size))
    return ((X[i], y[i]) for i in chunks)


def check_examples(X, y, batch_size):
    """Return X and y as arrays; raise ValueError unless they hold as many examples, at least one."""
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim == 0 or len(X) == 0 or X.shape[:1] != y.shape[:1]:
        raise ValueError(f"expected N ≥ 1 examples and N targets, got {X.shape} and {y.shape}")
    if batch_size < 1:
        raise ValueError(f"expected batch_size ≥ 1, got {batch_size}")
    return X, y
