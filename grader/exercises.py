"""Exercises from solutions: the same notebooks, their answers blanked.

In a code cell the lines from ``### BEGIN SOLUTION`` to ``### END SOLUTION`` become a blank; in a
markdown cell the text from ``<!-- BEGIN SOLUTION -->`` to ``<!-- END SOLUTION -->``.  An answer
cell may hold nothing outside of its markers but what the exercise shows: imports, the function's
head and its docstring.
"""

import ast
import copy
import json
import re
import sys
import warnings
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent

CODE = re.compile(
    r"^([ \t]*)### BEGIN SOLUTION[ \t]*\n.*?^[ \t]*### END SOLUTION[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
TEXT = re.compile(r"<!-- BEGIN SOLUTION -->.*?<!-- END SOLUTION -->", re.DOTALL)
# What looks like a marker and is none, with a slip of the pen or alone.
LEFT = {
    "code": re.compile(
        r"^[ \t]*(?:##.*|#.*\b(?:BEGIN|END)\b.*|#.*(?i:(?:begin|end)\W+sol).*)$", re.MULTILINE
    ),
    "markdown": re.compile(r"<!--[^>]*(?:BEG|END|SOL)[^>]*>", re.IGNORECASE),
}

LARGEST = 10 << 20  # bytes; stored pictures count
BLANK = "raise NotImplementedError  # your code here"
CODE_BLANK = rf"\1{BLANK}"
TEXT_BLANK = "*Your derivation here: double-click to edit.*"
HIDING_TAGS = {"hide-input", "hide-cell"}


def execute(*, check):
    """Write the exercises, or only tell what would change; return the exit code."""
    if not (ROOT / "solutions").is_dir():
        print(f"grader: there is no course folder at {ROOT}: {HOW_TO_GET_ONE}", file=sys.stderr)
        return 2
    try:
        changed = write(check=check)
    except ValueError as error:
        print(f"grader: {error}", file=sys.stderr)
        return 2
    for name in changed:
        print(f"exercises/{name}: {'differs from what its solution makes' if check else 'written'}")
    return int(check and bool(changed))


HOW_TO_GET_ONE = "download or clone the course and run this from its environment"


def blank(notebook):
    """Return the exercise made from a solution; ValueError if an answer would stay in it."""
    exercise = copy.deepcopy(notebook)
    for cell in exercise.cells:
        answers = "answer" in cell.metadata.get("grader", {}).keys()  # a text has none: an error
        pattern, empty = (CODE, CODE_BLANK) if cell.cell_type == "code" else (TEXT, TEXT_BLANK)
        cell.source, regions = pattern.subn(empty, cell.source)
        left = LEFT[cell.cell_type].search(cell.source) if cell.cell_type in LEFT else None
        if left:
            raise ValueError(
                f"cell {cell.id!r}: BEGIN SOLUTION and END SOLUTION do not pair up, "
                f"or one is misspelt: {left[0].strip()!r} is left"
            )
        if answers and not regions:
            raise ValueError(f"cell {cell.id!r}: an answer cell without a BEGIN SOLUTION")
        if answers and cell.cell_type == "code":
            _refuse_answers_outside(cell)
        if regions:
            tags = [tag for tag in cell.metadata.pop("tags", []) if tag not in HIDING_TAGS]
            if tags:
                cell.metadata["tags"] = tags
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
    _refuse_missing_answers(exercise)
    return exercise


def _refuse_answers_outside(cell):
    """A blanked answer cell holds blanks, heads, docstrings and imports, and nothing else."""
    try:
        statements = ast.parse(cell.source).body
    except SyntaxError as error:
        raise ValueError(
            f"cell {cell.id!r}: with the answer blanked it is no Python: {error}"
        ) from None
    for statement in statements:
        if isinstance(statement, (ast.Import, ast.ImportFrom)) or _is_docstring(statement):
            continue
        if not _is_blank(statement):
            line = cell.source.splitlines()[statement.lineno - 1].strip()
            raise ValueError(f"cell {cell.id!r}: an answer outside of its markers: {line!r}")


def _is_blank(statement):
    """Tell whether a statement is a blank, or a function or class of docstring and blanks."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return all(_is_docstring(s) or _is_blank(s) for s in statement.body)
    return isinstance(statement, ast.Raise)


def _is_docstring(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _refuse_missing_answers(exercise):
    """Every check has an answer cell."""
    about = [cell.metadata.get("grader", {}) for cell in exercise.cells]
    for task in {a["check"] for a in about if "check" in a} - {
        a["answer"] for a in about if "answer" in a
    }:
        raise ValueError(f"the check of {task!r} has no answer cell")


def text_of(solution):
    """Return the text of the exercise notebook made from one solution file."""
    data = _readable(solution)
    try:
        notebook = parsed(data.decode())
        nbformat.validate(notebook)
    except Exception as error:  # JSON, schema and decoding errors have no common ancestor
        raise ValueError(
            f"{solution}: it is no notebook ({' '.join(str(error).split()):.100})"
        ) from None
    try:
        return nbformat.writes(blank(notebook)) + "\n"
    except ValueError as error:
        raise ValueError(f"{solution}: {error}") from None
    except (TypeError, AttributeError):
        raise ValueError(f"{solution}: the metadata `grader` of a cell is not ours") from None


def parsed(text):
    """Return the notebook that is written in a text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbformat warns of each cell that it mends
        return nbformat.reads(text, as_version=4)


def _readable(path):
    """Return the bytes of a file; ValueError of a pipe, a folder or one that is too large."""
    try:
        if path.is_file() and path.stat().st_size <= LARGEST:
            return path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from None
    raise ValueError(f"{path}: it is no file of at most {LARGEST >> 20} MB")


def write(root=ROOT, *, check=False):
    """Write exercises/*.ipynb; with check, only return the names of those that would change.

    Nothing is written unless every solution can be blanked.  A notebook with a learner's answers
    is kept beside the new one.
    """
    wanted = {path.name: text_of(path) for path in sorted((root / "solutions").glob("*.ipynb"))}
    folder = root / "exercises"
    found = {path.name: _readable(path) for path in folder.glob("*.ipynb") if KEPT not in path.name}
    names = sorted({*wanted, *found})
    changed = [name for name in names if wanted.get(name, "").encode() != found.get(name, b"")]
    if not check:
        folder.mkdir(exist_ok=True)
        for name in changed:
            if name in found and has_answers(found[name]):
                kept = _keep(folder / name)
                print(f"exercises/{name} holds answers: they are kept in exercises/{kept.name}")
            if name in wanted:
                (folder / name).write_text(wanted[name], "utf-8", newline="\n")
            else:
                (folder / name).unlink(missing_ok=True)
    return changed


KEPT = "-your-answers"


def has_answers(data):
    """Tell whether a notebook's bytes hold an answer: an answer cell that was written or run."""
    try:
        cells = json.loads(data)["cells"]
        answers = [c for c in cells if "answer" in c.get("metadata", {}).get("grader", {})]
        written = [BLANK not in "".join(c["source"]) or c.get("execution_count") for c in answers]
    except (ValueError, TypeError, LookupError, AttributeError):
        return bool(data.strip())  # what cannot be read is not thrown away
    return any(written)


def _keep(path):
    """Move a notebook beside itself, under a name that nothing has."""
    names = (f"{path.stem}{KEPT}{number}{path.suffix}" for number in ("", *range(2, 10_000)))
    kept = next(k for k in (path.with_name(name) for name in names) if not k.exists())
    return path.rename(kept)
