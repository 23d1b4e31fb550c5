"""The library: small, light to import, its names where promised, each of them explained."""

import ast
import inspect
import io
import pathlib
import subprocess
import sys
import tokenize

import pytest

import mlp_lib
from mlp_lib import plots

ROOT = pathlib.Path(mlp_lib.__file__).parent
CORE = "layers initializers losses optimizers gradcheck data training".split()
LAYOUT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def lines_of_code(source):
    """Count the lines that hold code: no docstrings, comments or blank lines."""
    docstrings, code = set(), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(
            node
        ):
            text = node.body[0]
            docstrings |= set(range(text.lineno, text.end_lineno + 1))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in LAYOUT:
            code |= set(range(token.start[0], token.end[0] + 1))
    return len(code - docstrings)


def public():
    """Yield the name and the object of every public function, class and method of the library."""
    for module in [*(getattr(mlp_lib, name) for name in CORE), plots]:
        for name in module.__all__:
            thing = getattr(module, name)
            yield name, thing
            if inspect.isclass(thing):
                for method, function in vars(thing).items():
                    if inspect.isfunction(function) and (
                        not method.startswith("_") or method == "__call__"
                    ):
                        yield f"{name}.{method}", function


PUBLIC = dict(public())


def test_code_lines_are_counted_without_docstrings_comments_and_blank_lines():
    source = (
        '"""One."""\n\n# two\ndef f(x):\n    """Three\n\n    lines."""\n'
        "    return (\n        x\n    )\n"
    )
    assert lines_of_code(source) == 4


def test_the_core_is_at_most_600_lines_of_code_none_over_100_columns():
    sources = [(ROOT / f"{name}.py").read_text("utf-8") for name in ["__init__", *CORE]]
    assert sum(map(lines_of_code, sources)) <= 600
    assert max(len(line) for source in sources for line in source.splitlines()) <= 100


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


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_function_class_and_method_says_what_goes_in_and_what_comes_out(name):
    thing = PUBLIC[name]
    sections = inspect.getdoc(thing).splitlines()
    called = thing.__init__ if inspect.isclass(thing) else thing
    parameters = [
        p for p in inspect.signature(called).parameters if p not in ("self", "args", "kwargs")
    ]
    if parameters:
        assert "Parameters" in sections, f"{name} takes {parameters} and does not say what they are"
        described = "\n".join(sections[sections.index("Parameters") :])
        for parameter in parameters:
            assert parameter in described, f"{name} does not say what {parameter} is"
    if not inspect.isclass(thing):
        assert "Returns" in sections or "Yields" in sections or "NotImplemented" in str(sections), (
            name
        )


def test_a_module_says_what_its_subclass_has_to_write():
    with pytest.raises(NotImplementedError, match=r"forward\(x\)"):
        mlp_lib.Module()(1.0)
    with pytest.raises(NotImplementedError, match=r"backward\(dy\)"):
        mlp_lib.Module().backward(1.0)


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
