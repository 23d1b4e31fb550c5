"""Data: small sets and real digits, each X (N, D) float32 with labels y (N,) int64; minibatches."""

import gzip
import math
import pathlib

import numpy as np

from .layers import expect

__all__ = ["batches", "load_mnist", "make_moons", "make_quadrants", "make_spirals", "make_xor"]

SUBSET = pathlib.Path(__file__).parent / "datasets" / "mnist_subset.npz"
IDX_KINDS = "train-images-idx3 train-labels-idx1 t10k-images-idx3 t10k-labels-idx1".split()
IDX_LABELS = 2049  # how an IDX file begins: 2048, for unsigned bytes, plus its number of axes
MAX_DIGITS = 1_000_000


def make_quadrants(n, *, rng):
    """x ~ N(0, 1)², y = [x₁x₂ > 0]: two classes, each on two opposite quadrants.

    Parameters
    ----------
    n : int
        How many points, ≥ 1.
    rng : numpy.random.Generator

    Returns
    -------
    X : numpy.ndarray, float32 (n, 2)
    y : numpy.ndarray, int64 (n,)

    Raises
    ------
    ValueError
        n < 1.

    Notes
    -----
    Source: the XOR of Minsky & Papert (1969), with points all over the plane.

    Examples
    --------
    >>> make_quadrants(100, rng=np.random.default_rng(0))[0].shape
    (100, 2)
    """
    X = _noise(n, 1.0, rng).astype(np.float32)
    return X, (X[:, 0] * X[:, 1] > 0).astype(np.int64)


def make_xor():
    """y = x₁ xor x₂: the four corners of the unit square, which no line separates.

    Returns
    -------
    X : numpy.ndarray, float32 (4, 2)
    y : numpy.ndarray, int64 (4,)

    Notes
    -----
    Source: Minsky & Papert (1969).

    Examples
    --------
    >>> [(x.tolist(), int(c)) for x, c in zip(*make_xor())]
    [([0.0, 0.0], 0), ([0.0, 1.0], 1), ([1.0, 0.0], 1), ([1.0, 1.0], 0)]
    """
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
    return X, np.array([0, 1, 1, 0], dtype=np.int64)


def make_moons(n, *, noise=0.1, rng):
    """(cos t, sin t) or (1 − cos t, ½ − sin t), 0 ≤ t ≤ π, plus N(0, noise²): two half circles.

    Parameters
    ----------
    n : int
        How many points, ≥ 1; the two classes take turns.
    noise : float
        Standard deviation of what is added to each coordinate, ≥ 0.
    rng : numpy.random.Generator

    Returns
    -------
    X : numpy.ndarray, float32 (n, 2)
    y : numpy.ndarray, int64 (n,)

    Raises
    ------
    ValueError
        n < 1 or noise < 0.

    Notes
    -----
    Source: Pedregosa et al. (2011), whose library made the shape known.

    Examples
    --------
    >>> make_moons(5, rng=np.random.default_rng(0))[1].tolist()
    [0, 1, 0, 1, 0]
    """
    shift = _noise(n, noise, rng)
    y = np.arange(n) % 2
    t = rng.uniform(0, math.pi, n)
    upper = np.stack([np.cos(t), np.sin(t)], axis=1)
    X = np.where(y[:, None] == 0, upper, [1, 0.5] - upper) + shift
    return X.astype(np.float32), y


def make_spirals(n, *, classes=3, noise=0.1, rng):
    """r·(cos φ, sin φ), φ = 4r + 2πy/classes + N(0, noise²), 0 ≤ r ≤ 1: one arm a class.

    Parameters
    ----------
    n : int
        How many points, ≥ 1; the classes take turns.
    classes : int
        How many arms, ≥ 1.
    noise : float
        Standard deviation of the angle, in radians, ≥ 0.
    rng : numpy.random.Generator

    Returns
    -------
    X : numpy.ndarray, float32 (n, 2)
    y : numpy.ndarray, int64 (n,)

    Raises
    ------
    ValueError
        n < 1, classes < 1 or noise < 0.

    Notes
    -----
    Source: Lang & Witbrock (1988), with two arms.

    Examples
    --------
    >>> make_spirals(5, rng=np.random.default_rng(0))[1].tolist()
    [0, 1, 2, 0, 1]
    """
    expect(classes >= 1, "classes ≥ 1", classes)
    y = np.arange(n) % classes
    r = np.sqrt(rng.uniform(0, 1, n))
    angle = 4 * r + 2 * math.pi * y / classes + _noise(n, noise, rng)[:, 0]
    X = np.stack([r * np.cos(angle), r * np.sin(angle)], axis=1)
    return X.astype(np.float32), y


def _noise(n, noise, rng):
    expect(n >= 1 and noise >= 0, "n ≥ 1 points and noise ≥ 0", n, noise)
    return noise * rng.standard_normal((n, 2))


def load_mnist(path=None):
    """x ∈ [0, 1]⁷⁸⁴, y ∈ {0, …, 9}: handwritten digits, (x_train, y_train), (x_test, y_test).

    Parameters
    ----------
    path : str or pathlib.Path
        A folder with the four IDX files under their original names, plain or .gz; without it the
        10,000 and 2,000 digits that come with mlp_lib.

    Returns
    -------
    tuple of two pairs (x, y)
        x float32 (N, 784), y int64 (N,).

    Raises
    ------
    FileNotFoundError
        A file is missing.
    ValueError
        A file is damaged, or the files do not belong together.

    Notes
    -----
    Source: LeCun et al. (1998).

    Examples
    --------
    >>> [x.shape for x, y in load_mnist()]
    [(10000, 784), (2000, 784)]
    """
    files, read = [SUBSET], _read_subset
    if path is not None:
        files, read = [pathlib.Path(path, f"{kind}-ubyte") for kind in IDX_KINDS], _read_idx
    arrays = []
    for file in files:
        try:
            arrays += read(file)
        except FileNotFoundError:
            raise
        except Exception as error:  # whatever a damaged file makes its reader raise
            raise ValueError(f"expected MNIST in {file}, got {error}") from error
    return _digits(*arrays[:2], path or SUBSET), _digits(*arrays[2:], path or SUBSET)


def _digits(images, labels, path):
    """Return x in [0, 1] and y, or refuse what is no set of digits."""
    fits = images.shape == (*labels.shape, 28, 28) and images.dtype == labels.dtype == np.uint8
    largest = labels.max(initial=0)
    got = f"{images.shape} of {images.dtype}, {labels.shape} of {labels.dtype} up to {largest}"
    expect(fits and largest <= 9, f"MNIST, (N, 28, 28) and (N,) of uint8, in {path}", got)
    x = np.divide(images.reshape(-1, 784), 255, dtype=np.float32)
    return x, labels.astype(np.int64)


def _read_subset(path):
    """Return the four arrays that come with mlp_lib."""
    with np.load(path, allow_pickle=False) as npz:
        return [npz[name] for name in ("x_train", "y_train", "x_test", "y_test")]


def _read_idx(path):
    """Return, in a list, the array in an IDX file: 2048 + axes, the shape, then the bytes."""
    pixels = [28, 28] if "images" in path.name else []
    with path.open("rb") if path.is_file() else gzip.open(f"{path}.gz") as file:
        header = np.frombuffer(file.read(8 + 4 * len(pixels)), dtype=">u4").tolist()
        # Looked at before anything is read on its word: a header may claim terabytes.
        magic, shape = header[:1], header[1:]
        fits = magic == [IDX_LABELS + len(pixels)] and shape[1:] == pixels
        expect(fits and shape[0] <= MAX_DIGITS, "an IDX header", header)
        size = math.prod(shape)
        data = np.frombuffer(file.read(size + 1), dtype=np.uint8)
    expect(len(data) == size, f"{size} bytes after the header", f"{len(data)} or more")
    return [data.reshape(shape)]


def batches(X, y, batch_size, *, rng):
    """(X[i], y[i]), i the next batch_size indices of a fresh shuffle; the last, short one is kept.

    Parameters
    ----------
    X : array_like, (N, …)
        N ≥ 1.
    y : array_like, (N, …)
    batch_size : int
        ≥ 1.
    rng : numpy.random.Generator
        Shuffles.

    Returns
    -------
    iterator of pairs (x, y)

    Raises
    ------
    ValueError
        N = 0, lengths that differ, or batch_size < 1.

    Notes
    -----
    Source: Goodfellow, Bengio & Courville (2016), section 8.1.

    Examples
    --------
    >>> [len(x) for x, y in batches(np.ones((5, 3)), np.ones(5), 2, rng=np.random.default_rng(0))]
    [2, 2, 1]
    """
    X, y = check_examples(X, y, batch_size)
    order = rng.permutation(len(X))
    chunks = (order[i : i + batch_size] for i in range(0, len(X), batch_size))
    return ((X[i], y[i]) for i in chunks)


def check_examples(X, y, batch_size):
    """Return X (N, …) and y (N, …) as arrays, N ≥ 1 and batch_size ≥ 1, or refuse them.

    Parameters
    ----------
    X, y : array_like
    batch_size : int

    Returns
    -------
    X, y : numpy.ndarray

    Raises
    ------
    ValueError
        N = 0, lengths that differ, or batch_size < 1.
    """
    X, y = np.asarray(X), np.asarray(y)
    fits = X.ndim > 0 and len(X) > 0 and X.shape[:1] == y.shape[:1]
    expect(fits, "N ≥ 1 examples and N targets", X.shape, y.shape)
    expect(batch_size >= 1, "batch_size ≥ 1", batch_size)
    return X, y
