"""The table of one's own points: what the checks printed, added up for each notebook."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from grader import status


def notebook(root, name, *tasks):
    cells = [new_code_cell("", metadata={"grader": {"check": task}}) for task in tasks]
    path = root / "exercises" / name
    path.parent.mkdir(exist_ok=True)
    nbformat.write(new_notebook(cells=[new_code_cell("1"), *cells]), path)
    return path


def entry(path, task, text):
    return {"notebook": str(path), "task": task, "text": text}


@pytest.fixture
def nbval(monkeypatch):
    """A function that tells what nbval will have said of which notebooks."""
    asked = []

    def says(*entries):
        def run(notebooks, folder, *, each_line):
            asked.extend(notebooks)
            each_line("exercises::Cell 1 PASSED [ 50%]")
            return list(entries), "nbval's last words"

        monkeypatch.setattr(status.nbval, "run", run)
        return asked

    return says


def test_points_are_added_up_for_each_notebook_and_in_total(tmp_path, nbval, capsys):
    one = notebook(tmp_path, "01_one.ipynb", "relu", "sigmoid", "no task of ours")
    two = notebook(tmp_path, "02_two.ipynb", "softmax")
    asked = nbval(
        entry(one, "relu", "✓ relu 3/3\n"),
        entry(one, "sigmoid", "✗ sigmoid 2/3\n  Mistake: …\n"),
        entry(one, None, "✓ softmax 3/3"),
        entry(two, "softmax", "○ softmax 0/3  Not answered yet"),
    )
    status.print_table(tmp_path)
    assert asked == [one, two]
    assert capsys.readouterr().out.splitlines() == [
        "01_one                                 5/6",
        "  ✓ relu                               3/3",
        "    sigmoid                            2/3",
        "02_two                                 0/3",
        "    softmax                            0/3",
        "total                                  5/9",
    ]


def test_a_notebook_that_cannot_be_read_is_not_run_and_costs_a_line(tmp_path, nbval, capsys):
    notebook(tmp_path, "01_one.ipynb")
    (tmp_path / "exercises" / "02_two.ipynb").write_text("{")
    (tmp_path / "exercises" / "03_three.ipynb").mkdir()
    (tmp_path / "exercises" / "04_four.ipynb").write_bytes(bytes((10 << 20) + 1))
    four = notebook(tmp_path, "05_five.ipynb", "relu")
    assert nbval(entry(four, "relu", "✓ relu 3/3")) == []
    status.print_table(tmp_path)
    assert capsys.readouterr().out.splitlines() == [
        "01_one                                 not read: it has no check cells: take a fresh copy",
        "02_two                                 "
        "not read: it is no notebook, or a broken one: take a fresh copy",
        "03_three                               not read: it is no file of at most 10 MB",
        "04_four                                not read: it is no file of at most 10 MB",
        "05_five                                3/3",
        "  ✓ relu                               3/3",
        "total                                  3/3",
    ]


def test_a_notebook_that_may_not_be_opened_says_why(tmp_path, monkeypatch):
    path = notebook(tmp_path, "01_one.ipynb", "relu")

    def refused(*args, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_text", refused)
    assert status.check_cells(path) == "Permission denied"


@pytest.mark.parametrize(
    ("printed", "points"),
    [
        ("✓ relu 3/3", 3),
        ("✗ relu 1/3", 1),
        ("✗ relu 1/3\n✓ relu 3/3", 3),
        ("noise\n○ relu 0/3", 0),
        ("✓ sigmoid 3/3", 0),
        ("it says ✓ relu 3/3", 0),
        ("", 0),
    ],
)
def test_points_are_read_off_the_line_that_a_check_begins_with(printed, points):
    assert status.points(printed, "relu") == points


def test_where_nbval_did_not_run_it_says_what_pytest_said(tmp_path, nbval):
    nbval()
    assert status.run([]) == {}
    with pytest.raises(RuntimeError, match="nbval did not run:\nnbval's last words"):
        status.run([tmp_path / "one.ipynb"])


def test_without_notebooks_or_a_course_it_says_how_to_get_them(tmp_path, monkeypatch, capsys):
    with pytest.raises(FileNotFoundError, match=r"no notebooks in .*exercises: run `make exer"):
        status.print_table(tmp_path)
    monkeypatch.setattr(status, "ROOT", tmp_path)
    assert status.execute() == 2
    assert f"there is no course folder at {tmp_path}: " in capsys.readouterr().err
    (tmp_path / "exercises").mkdir()
    monkeypatch.setattr(status, "print_table", lambda: print("table"))
    assert status.execute() == 0
    assert capsys.readouterr().out == "table\n"
