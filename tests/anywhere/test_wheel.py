"""What `pip install .` makes: a wheel and a source archive that hold the data and nothing else."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
UV = shutil.which(
    "uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
)
QUIETLY = ["--quiet", "--offline", "--python", sys.executable]  # with what the lock has installed
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    """The folder with both, built from a copy: a build leaves files beside the sources."""
    folder = tmp_path_factory.mktemp("build")
    for name in ("mlp_lib", "grader"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    subprocess.run([UV, "build", *QUIETLY, "--no-build-isolation", folder], check=True, timeout=300)
    return folder / "dist"


def test_the_wheel_holds_the_packages_the_data_and_the_licenses(dist):
    with zipfile.ZipFile(next(dist.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    for package in ("mlp_lib", "grader"):
        for path in (ROOT / package).rglob("*.py"):
            assert path.relative_to(ROOT).as_posix() in names
    assert {"mlp_lib/datasets/mnist_subset.npz", "mlp_lib/course.mplstyle"} <= names
    assert any(name.endswith("licenses/mlp_lib/datasets/LICENSE.md") for name in names)
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"mlp_lib", "grader"}


def test_one_version_stands_everywhere():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))["version"] == version
    latest = re.search(
        r"^## (\S+) \(([\d-]+)\)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    assert latest[1] == version
    assert latest[2] == yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))["date-released"]


def test_the_source_archive_builds_the_same(dist):
    with tarfile.open(next(dist.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "pyproject.toml",
        "LICENSE",
        "mlp_lib/datasets/mnist_subset.npz",
        "mlp_lib/layers.py",
    } <= names


def test_the_package_index_would_take_both(dist):
    files = [str(path) for path in dist.iterdir() if path.suffix in (".whl", ".gz")]
    done = subprocess.run(
        [sys.executable, "-m", "twine", "check", "--strict", *files], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_pip_and_uv_install_a_library_that_finds_its_data(dist, tmp_path, installer):
    wheel = next(dist.glob("*.whl"))
    if installer == "pip":
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    else:
        command = [UV, "pip", "install", *QUIETLY]
    subprocess.run([*command, "--no-deps", "--target", tmp_path, wheel], check=True, timeout=300)
    code = (
        "import mlp_lib, grader, matplotlib.pyplot as plt; plt.style.use('mlp_lib.course');"
        "(x, y), _ = mlp_lib.load_mnist(); print(mlp_lib.__file__, grader.__file__, x.shape)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.count(str(tmp_path)) == 2
    assert "(10000, 784)" in done.stdout
