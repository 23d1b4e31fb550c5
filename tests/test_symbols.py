"""One symbol for one thing: a pre-activation's gradient is dz, in text, code, figures, pages."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DICTIONARY = ROOT / "chapters" / "notation.md"  # says how other books write it
FOLDERS = ["chapters", "solutions", "exercises", "library", "mlp_lib", "grader", "book"]
SOURCES = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*"))]
SOURCES = [path for path in SOURCES if path.suffix in {".ipynb", ".md", ".py"}]
SOURCES += [ROOT / "index.md", ROOT / "README.md"]
RETIRED = re.compile(
    r"""
    \\delta (?!_\{?[a-z]{2})           # \delta_{kj}, with two indices, is Kronecker's
    | δ (?!_?\{?[a-z]{2}\b)
    | (?<!\\) (?<!Kronecker[ ]) (?<!Kronecker's[ ]) \b delta (?!_[a-z]{2}\b) \w*
    | \b g_\{?z | \\nabla[ ]?W
    """,
    re.VERBOSE,
)


def told(path):
    """What a source tells its reader: of a notebook, its cells and its figures' descriptions."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    cells = json.loads(text)["cells"]
    figures = [json.dumps(cell["metadata"], ensure_ascii=False) for cell in cells]
    return "\n".join(["".join(cell["source"]) for cell in cells] + figures)


def test_a_gradient_at_a_pre_activation_has_no_second_symbol():
    read = {
        path.relative_to(ROOT).as_posix(): [match.group() for match in RETIRED.finditer(told(path))]
        for path in SOURCES
        if path != DICTIONARY
    }
    assert len(read) > 150
    assert {path: found for path, found in read.items() if found} == {}


@pytest.mark.parametrize(
    "text",
    [r"$\delta_2 = dh$", "δ1 = dh", r"\delta^{[l]}", "delta2 = dh", "dz = delta @ W.T", "g_z"],
)
def test_the_retired_symbols_are_found(text):
    assert RETIRED.search(text)


@pytest.mark.parametrize(
    "text", [r"p_k(\delta_{kj} - p_j)", "δ_kj", "the Kronecker delta", "a timedelta"]
)
def test_kroneckers_delta_stays(text):
    assert not RETIRED.search(text)
