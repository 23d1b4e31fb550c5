"""The PyTorch code of chapter 8 is static text; here it runs, and must agree with mlp_lib."""

import contextlib
import io
import pathlib
import re

import nbformat
import numpy as np
import pytest

pytestmark = pytest.mark.slow  # PyTorch is imported
CHAPTER = pathlib.Path(__file__).parents[1] / "chapters" / "08_training.ipynb"


@pytest.fixture(scope="module")
def bridge():
    """The names that the chapter defines up to its full-batch run, then by its PyTorch code."""
    pytest.importorskip("torch")
    cells = nbformat.read(CHAPTER, as_version=4).cells
    sources = {cell.id: cell.source for cell in cells}
    (code,) = (
        block
        for cell in cells
        if cell.cell_type == "markdown"
        for block in re.findall(r"```python\n(.*?)```", cell.source, re.DOTALL)
        if "import torch" in block
    )
    names, printed = {}, io.StringIO()
    with contextlib.redirect_stdout(printed):
        for cell_id in ["setup", "quadrant-data", "quadrant-start", "full-batch"]:
            exec(sources[cell_id], names)
        printed.truncate(0)
        exec(code, names)
    return names | {"code": code, "printed": printed.getvalue().strip("\0\n")}


def test_the_pytorch_code_prints_the_loss_that_its_comment_states(bridge):
    (stated,) = re.findall(r"print\(.*#\s*(\S+)", bridge["code"])
    assert bridge["printed"] == stated == f"{bridge['full_batch'][-1][0]:.4f}"


def test_pytorch_arrives_at_the_weights_of_mlp_lib(bridge):
    for theirs, ours in zip(bridge["net"].parameters(), bridge["model"].parameters()):
        np.testing.assert_allclose(theirs.detach().numpy().T, ours.data, rtol=1e-10, atol=1e-12)


def test_the_pytorch_code_is_ten_lines_beside_its_imports(bridge):
    lines = [line for line in bridge["code"].splitlines() if line.strip()]
    assert len([line for line in lines if "import" not in line]) == 10
