"""The library: small, light to import, its names where they are promised."""

import inspect
import pathlib
import subprocess
import sys

import mlp_lib

ROOT = pathlib.Path(mlp_lib.__file__).parent
CORE = "layers initializers losses optimizers gradcheck data training".split()


def test_the_core_is_under_a_thousand_lines():
    files = ["__init__.py", *(f"{name}.py" for name in CORE)]
    assert sum(len((ROOT / name).read_text("utf-8").splitlines()) for name in files) < 1000


def test_importing_it_loads_numpy_alone():
    heavy = "matplotlib", "ipywidgets", "tqdm", "IPython", "autograd", "torch"
    code = f"import sys, mlp_lib; print([m for m in {heavy} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_every_public_name_can_be_imported_from_the_top_and_has_an_example():
    for name in CORE:
        module = getattr(mlp_lib, name)
        for public in module.__all__:
            thing = getattr(mlp_lib, public)
            assert thing is getattr(module, public)
            doc = inspect.getdoc(thing)
            assert ">>>" in doc, f"{public} has no doctest"
            assert len(doc.splitlines()[0]) > 20, f"{public} starts without a formula"


def test_randomness_is_always_asked_for_by_name():
    for name in (
        "Linear",
        "Dropout",
        "mlp",
        "make_quadrants",
        "make_moons",
        "make_spirals",
        "batches",
        "fit",
    ):
        rng = inspect.signature(getattr(mlp_lib, name)).parameters["rng"]
        assert rng.kind is rng.KEYWORD_ONLY, name
        assert rng.default is rng.empty, name
