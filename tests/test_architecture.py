"""ARCHITECTURE.md draws the house as it is: its arrows are exactly the code's imports."""

import ast
import functools
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
# What stands as one room in a picture: a file by itself, or a folder with all that is in it.
PICTURES = {
    "The library": [f"mlp_lib/{path.name}" for path in sorted((ROOT / "mlp_lib").glob("[!_]*.py"))],
    "The grader": [
        *(f"grader/{path.name}" for path in sorted((ROOT / "grader").glob("[!_]*.py"))),
        "grader/tasks",
        "grader/grading",
    ],
    "The house": ["mlp_lib", "grader", "book", "benchmarks"],
}


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    module_of(path): path for room in PICTURES["The house"] for path in (ROOT / room).rglob("*.py")
}


@functools.cache
def imported(module):
    """Return the modules of this project that a module imports, here or in one of its functions."""
    path, found = MODULES[module], set()
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = (
                package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            )
            base = ".".join([*above, *([node.module] if node.module else [])])
            named = {f"{base}.{alias.name}" for alias in node.names}
            found |= {name for name in named if name in MODULES} or {base}
    return found & set(MODULES)


def arrows(rooms):
    """Return the pairs of rooms of which the first imports something of the second."""
    names = {room.removesuffix(".py").replace("/", "."): room for room in rooms}

    def room_of(module):
        return next(
            (room for name, room in names.items() if f"{module}.".startswith(f"{name}.")), None
        )

    pairs = {(room_of(module), room_of(other)) for module in MODULES for other in imported(module)}
    return sorted((a, b) for a, b in pairs if a and b and a != b)


def picture(rooms):
    """Draw the rooms and their imports as a Mermaid flowchart."""
    number = {room: f"r{i}" for i, room in enumerate(rooms)}
    lines = ["```mermaid", "flowchart LR"]
    lines += [f'  {number[room]}["{room}"]' for room in rooms]
    lines += [f"  {number[a]} --> {number[b]}" for a, b in arrows(rooms)]
    return "\n".join([*lines, "```"])


@pytest.mark.parametrize("title", PICTURES)
def test_the_picture_is_the_one_that_the_imports_draw(title):
    drawn = picture(PICTURES[title])
    assert drawn in TEXT, f"ARCHITECTURE.md, {title!r}, has to show:\n{drawn}"


def test_an_import_that_nobody_drew_would_be_seen():
    assert ("mlp_lib/losses.py", "mlp_lib/layers.py") in arrows(PICTURES["The library"])
    assert ("mlp_lib/layers.py", "mlp_lib/losses.py") not in arrows(PICTURES["The library"])


def test_every_folder_of_the_house_has_a_line():
    folders = {
        path.parts[0] for path in (p.relative_to(ROOT) for p in ROOT.glob("*/*")) if path.parts
    }
    hidden = {name for name in folders if name.startswith((".", "_")) or name.endswith(".egg-info")}
    made = {"dist", "build", "node_modules", "__pycache__"}
    for name in sorted(folders - hidden - made):
        assert f"`{name}/" in TEXT, f"ARCHITECTURE.md says nothing of {name}/"
