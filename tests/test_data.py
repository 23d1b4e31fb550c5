"""Data: sets are what they say, files are trusted no further than checked, batches miss nobody."""

import gzip
import pathlib
import re

import numpy as np
import pytest

import mlp_lib as m
from mlp_lib import data

IMAGES, LABELS = "{}-images-idx3-ubyte", "{}-labels-idx1-ubyte"


def idx(array):
    header = np.array([2048 + array.ndim, *array.shape], dtype=">u4")
    return header.tobytes() + array.astype(np.uint8).tobytes()


@pytest.fixture
def folder(tmp_path, rng):
    """Four small IDX files under their original names."""
    for part, n in (("train", 6), ("t10k", 3)):
        (tmp_path / IMAGES.format(part)).write_bytes(idx(rng.integers(0, 256, (n, 28, 28))))
        (tmp_path / LABELS.format(part)).write_bytes(idx(np.arange(n) % 10))
    return tmp_path


SETS = {
    "quadrants": lambda n, rng: m.make_quadrants(n, rng=rng),
    "moons": lambda n, rng: m.make_moons(n, rng=rng),
    "spirals": lambda n, rng: m.make_spirals(n, rng=rng),
}


@pytest.mark.parametrize("make", SETS.values(), ids=SETS)
@pytest.mark.parametrize("n", [1, 7, 200])
def test_sets_have_n_points_of_the_promised_types_and_follow_the_seed(make, n):
    X, y = make(n, np.random.default_rng(1))
    assert (X.shape, X.dtype, y.shape, y.dtype) == ((n, 2), np.float32, (n,), np.int64)
    again = make(n, np.random.default_rng(1))
    np.testing.assert_array_equal(X, again[0])
    np.testing.assert_array_equal(y, again[1])


@pytest.mark.parametrize("make", SETS.values(), ids=SETS)
def test_an_empty_set_is_refused(make, rng):
    with pytest.raises(ValueError, match="n ≥ 1"):
        make(0, rng)


def test_negative_noise_and_no_classes_are_refused(rng):
    with pytest.raises(ValueError, match="noise ≥ 0"):
        m.make_moons(5, noise=-1, rng=rng)
    with pytest.raises(ValueError, match="classes ≥ 1"):
        m.make_spirals(5, classes=0, rng=rng)


def test_quadrants_are_labelled_by_the_sign_of_the_product(rng):
    X, y = m.make_quadrants(300, rng=rng)
    np.testing.assert_array_equal(y, X[:, 0] * X[:, 1] > 0)


def test_xor_by_hand():
    X, y = m.make_xor()
    np.testing.assert_array_equal(X, [[0, 0], [0, 1], [1, 0], [1, 1]])
    np.testing.assert_array_equal(y, [0, 1, 1, 0])


def test_moons_without_noise_lie_on_two_half_circles(rng):
    X, y = m.make_moons(100, noise=0, rng=rng)
    centers = np.array([[0, 0], [1, 0.5]])[y]
    np.testing.assert_allclose(np.linalg.norm(X - centers, axis=1), 1, rtol=1e-6)
    assert (X[y == 0, 1] >= 0).all()
    assert (X[y == 1, 1] <= 0.5).all()


def test_spirals_have_as_many_arms_as_classes_inside_the_unit_disk(rng):
    X, y = m.make_spirals(100, classes=5, noise=0, rng=rng)
    assert set(y) == set(range(5))
    assert np.linalg.norm(X, axis=1).max() <= 1 + 1e-6


def test_a_spirals_angle_follows_from_its_radius_and_its_class(rng):
    X, y = m.make_spirals(300, classes=5, noise=0, rng=rng)
    r = np.linalg.norm(X, axis=1)
    angle = 4 * r + 2 * np.pi * y / 5
    np.testing.assert_allclose(
        X, r[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1), atol=1e-6
    )
    assert abs(np.mean(r**2) - 0.5) < 0.05  # as many points in every part of the disk


def test_noise_is_the_standard_deviation_of_what_is_added():
    pure, _ = m.make_moons(4000, noise=0, rng=np.random.default_rng(2))
    noisy, _ = m.make_moons(4000, noise=0.2, rng=np.random.default_rng(2))
    np.testing.assert_allclose((noisy - pure).std(axis=0), 0.2, rtol=0.05)
    usual, _ = m.make_moons(4000, rng=np.random.default_rng(2))
    np.testing.assert_allclose((usual - pure).std(axis=0), 0.1, rtol=0.05)
    X, y = m.make_spirals(4000, rng=np.random.default_rng(2))
    assert set(y) == {0, 1, 2}
    turned = np.arctan2(X[:, 1], X[:, 0]) - 4 * np.linalg.norm(X, axis=1) - 2 * np.pi * y / 3
    assert abs(np.std((turned + np.pi) % (2 * np.pi) - np.pi) - 0.1) < 0.005


def test_quadrants_are_drawn_from_the_standard_normal(rng):
    X, _ = m.make_quadrants(4000, rng=rng)
    np.testing.assert_allclose(X.std(axis=0), 1, rtol=0.05)


def test_the_points_of_xor_have_the_promised_types():
    X, y = m.make_xor()
    assert (X.dtype, y.dtype) == (np.float32, np.int64)


def test_moons_fill_their_half_circles(rng):
    X, y = m.make_moons(400, noise=0, rng=rng)
    assert X[y == 0, 0].max() > 0.99
    assert X[y == 0, 0].min() < -0.99


def test_the_shipped_digits_are_the_first_of_the_original_files():
    (x_train, y_train), (x_test, y_test) = m.load_mnist()
    assert (x_train.shape, x_test.shape) == ((10000, 784), (2000, 784))
    assert (x_train.dtype, y_train.dtype) == (np.float32, np.int64)
    assert (x_train.min(), x_train.max()) == (0, 1)
    assert y_train[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert y_test[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]


def test_a_folder_of_idx_files_is_read(folder):
    (x_train, y_train), (x_test, _) = m.load_mnist(folder)
    assert (x_train.shape, x_test.shape) == ((6, 784), (3, 784))
    raw = np.frombuffer((folder / IMAGES.format("train")).read_bytes()[16:], np.uint8)
    np.testing.assert_array_equal(x_train.ravel(), raw / np.float32(255))
    np.testing.assert_array_equal(y_train, np.arange(6))


def test_gzipped_files_are_read_the_same(folder):
    plain = m.load_mnist(str(folder))
    for path in list(folder.iterdir()):
        with gzip.open(f"{path}.gz", "wb") as file:
            file.write(path.read_bytes())
        path.unlink()
    for (x, y), (x_gz, y_gz) in zip(plain, m.load_mnist(folder)):
        np.testing.assert_array_equal(x, x_gz)
        np.testing.assert_array_equal(y, y_gz)


def test_a_missing_file_is_named(folder):
    (folder / LABELS.format("t10k")).unlink()
    with pytest.raises(FileNotFoundError, match="t10k-labels-idx1-ubyte"):
        m.load_mnist(folder)


def test_a_missing_subset_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(data, "SUBSET", tmp_path / "digits.npz")
    with pytest.raises(FileNotFoundError, match="digits.npz"):
        m.load_mnist()


DAMAGE = {
    "cut short": lambda raw: raw[:-1],
    "too long": lambda raw: raw + b"\0",
    "empty": lambda raw: b"",
    "half a header": lambda raw: raw[:7],
    "another magic number": lambda raw: b"\0\0\x0b\x03" + raw[4:],
    "a claim of terabytes": lambda raw: raw[:4] + b"\xff\xff\xff\xff" + raw[8:],
    "another size": lambda raw: raw[:8] + np.array([14, 56], ">u4").tobytes() + raw[16:],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damaged_images_are_refused_by_name(folder, damage):
    path = folder / IMAGES.format("train")
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match="train-images-idx3-ubyte"):
        m.load_mnist(folder)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda raw: b"\0\0\x0b\x03" + raw[4:], "an IDX header, got [2819, 6, 28, 28]"),
        (lambda raw: raw[:-1], "4704 bytes after the header, got 4703 or more"),
        (lambda raw: raw + bytes(100), "4704 bytes after the header, got 4705 or more"),
    ],
    ids=["header", "short", "long"],
)
def test_what_is_wrong_with_a_file_is_told_and_no_more_is_read_than_tells_it(folder, damage, told):
    path = folder / IMAGES.format("train")
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match=f"got expected {re.escape(told)}$"):
        m.load_mnist(folder)


def test_a_damaged_gzip_is_refused_by_name(folder):
    path = folder / IMAGES.format("train")
    packed = gzip.compress(path.read_bytes())
    path.unlink()
    for broken in (packed[: len(packed) // 2], b"no gzip at all", packed[:40] + b"x" + packed[41:]):
        (folder / f"{path.name}.gz").write_bytes(broken)
        with pytest.raises(ValueError, match="train-images-idx3-ubyte"):
            m.load_mnist(folder)


def test_labels_that_do_not_belong_are_refused(folder):
    path = folder / LABELS.format("train")
    path.write_bytes(idx(np.arange(5)))
    wanted = re.escape(f"expected MNIST, (N, 28, 28) and (N,) of uint8, in {folder}, got ")
    with pytest.raises(ValueError, match=wanted + r"\(6, 28, 28\).*\(5,\)"):
        m.load_mnist(folder)
    path.write_bytes(idx(np.arange(6) + 5))
    with pytest.raises(ValueError, match=wanted + ".*of uint8 up to 10"):
        m.load_mnist(folder)
    path.write_bytes(idx(np.arange(6)))
    (folder / LABELS.format("t10k")).write_bytes(idx(np.arange(2)))
    with pytest.raises(ValueError, match=wanted + r"\(3, 28, 28\).*\(2,\)"):
        m.load_mnist(folder)


def test_a_damaged_subset_is_refused(monkeypatch, tmp_path):
    path = tmp_path / "digits.npz"
    monkeypatch.setattr(data, "SUBSET", path)
    path.write_bytes(b"PK no zip")
    with pytest.raises(ValueError, match="digits.npz"):
        m.load_mnist()


class Unpickled:
    """Makes a file where something is so careless as to unpickle it."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return pathlib.Path.touch, (self.path,)


def test_nothing_in_the_subset_is_unpickled(monkeypatch, tmp_path):
    path, made = tmp_path / "digits.npz", tmp_path / "made"
    monkeypatch.setattr(data, "SUBSET", path)
    np.savez(path, x_train=np.array([Unpickled(made)], dtype=object))
    with pytest.raises(ValueError, match="digits.npz"):
        m.load_mnist()
    assert not made.exists()


@pytest.mark.parametrize(("n", "size"), [(10, 3), (10, 10), (3, 10), (1, 1)])
def test_batches_hold_every_pair_once_and_keep_the_short_last_one(n, size, rng):
    X, y = np.arange(2 * n).reshape(n, 2), np.arange(n)
    pairs = list(m.batches(X, y, size, rng=rng))
    assert [len(x) for x, _ in pairs] == [size] * (n // size) + [n % size] * (n % size > 0)
    for x, labels in pairs:
        np.testing.assert_array_equal(x, X[labels])
        assert not np.shares_memory(x, X)
    assert sorted(np.concatenate([labels for _, labels in pairs])) == list(range(n))


def test_batches_are_shuffled_afresh(rng):
    X = np.arange(50)
    first, second = (np.concatenate([x for x, _ in m.batches(X, X, 7, rng=rng)]) for _ in range(2))
    assert (first != X).any()
    assert (first != second).any()


def test_batches_refuse_what_does_not_fit(rng):
    X, y = np.ones((4, 2)), np.ones(4)
    for wrong in ((X, y, 0), (X, y[:3], 2), (X[:0], y[:0], 2)):
        with pytest.raises(ValueError, match="expected"):
            m.batches(*wrong, rng=rng)
