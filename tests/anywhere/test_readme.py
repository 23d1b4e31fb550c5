"""What README and the instructors' page print to be typed works, typed into a fresh environment."""

import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from machine import needs_bubblewrap

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
INSTRUCTORS = (ROOT / "chapters" / "instructors.md").read_text("utf-8")
UV = shutil.which(
    "uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
)
NEEDED = (
    "benchmarks exercises grader locks mlp_lib solutions LICENSE README.md pyproject.toml".split()
)


def without_make():
    """Return README's commands for a machine without make, as they are on this one."""
    block = README.partition("Without make")[2].split("```")[1]
    lines = block.strip().splitlines()[1:]
    lines = [line.replace(r".venv\Scripts", ".venv/bin").replace("\\", "/") for line in lines]
    return [shlex.split(line) for line in lines]


def commands(text):
    """Return the lines of a page's bash blocks."""
    return "".join(re.findall(r"^```bash\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)).splitlines()


def run(course, *line):
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
    }
    done = subprocess.run(line, cwd=course, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{shlex.join(line)}\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course, installed by README's lines; uv takes the place of pip, to be quick."""
    course = tmp_path_factory.mktemp("stranger") / "course"
    course.mkdir()
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, course / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(ROOT / name, course)
    pip = [".venv/bin/python", "-m", "pip"]
    for line in without_make():
        if line[0] == "py":
            run(course, sys.executable, *line[1:])
        elif line[:3] == pip:
            python = str(course / pip[0])
            run(course, UV, "pip", line[3], "--quiet", "--python", python, *line[4:])
    return course


@pytest.mark.slow
def test_readmes_lines_without_make_install_the_course(course):
    where = "import mlp_lib, grader; print(mlp_lib.__file__, grader.__file__)"
    for path in run(course.parent, str(course / ".venv/bin/python"), "-c", where).split():
        assert Path(path).is_relative_to(course)


@pytest.mark.slow
def test_readmes_other_lines_start_what_was_installed(course):
    test, lab = without_make()[-2:]
    assert test[:3] == [".venv/bin/python", "-m", "pytest"]
    options = [word for word in test[3:] if word.startswith("-")]
    assert "1 test" in run(course, *test[:3], *options, "--collect-only", "-q", write_test(course))
    assert lab == [".venv/bin/jupyter", "lab"]
    assert re.match(r"\d+\.", run(course, *lab, "--version"))


def write_test(course):
    (course / "test_one.py").write_text("def test_one():\n    pass\n")
    return "test_one.py"


def test_readme_names_paths_that_exist():
    names = [word.removeprefix("--ignore=") for line in without_make() for word in line]
    paths = [name for name in names if "/" in name and not name.startswith(".venv")]
    assert len(paths) >= 3
    for path in paths:
        assert (ROOT / path).exists(), path


# --- for instructors ------------------------------------------------------------------------------


def test_the_instructors_commands_need_no_activated_environment():
    assert len(commands(INSTRUCTORS)) >= 6
    for line in commands(INSTRUCTORS):
        assert re.match(r"\.venv/bin/python -m (grader|benchmarks) ", line), line


@pytest.mark.slow
def test_every_option_that_the_instructors_page_names_is_known():
    named = set(re.findall(r"`(--[a-z-]+)", INSTRUCTORS))
    known = "".join(
        run(ROOT, sys.executable, "-m", "grader", command, "--help")
        for command in ("grade", "export")
    )
    assert len(named) >= 6
    assert named <= set(re.findall(r"--[a-z-]+", known))


@pytest.mark.slow
@needs_bubblewrap
@pytest.mark.skipif(sys.platform != "linux", reason="the grade of record needs Linux")
def test_the_instructors_commands_grade_sum_up_and_export(course):
    """All but what takes minutes: the selftest (--trust-anyway stands for it), the benchmark."""
    name = "05_backpropagation.ipynb"
    for folder in ("submissions/bob", "late/cid"):
        (course / folder).mkdir(parents=True)
        shutil.copy(course / "solutions" / name, course / folder / name)
    shutil.copy(course / "solutions" / name, course / f"ann_{name}")
    with zipfile.ZipFile(course / "Assignment1.zip", "w") as archive:
        archive.write(course / "exercises" / name, f"dan/{name}")
    for line in commands(INSTRUCTORS):
        words = shlex.split(line.replace("ann_01_forward_pass.ipynb", f"ann_{name}"))
        if words[3] == "grade":
            words += ["--engine", "fast", "--trust-anyway"]
        if words[3] in ("grade", "report", "export"):
            run(course, *words)
    with open(course / "grades" / "grades.csv", encoding="utf-8") as file:
        scores = {row["student"]: row["score"] for row in csv.DictReader(file)}
    assert scores == {"ann": "6", "bob": "6", "cid": "6", "dan": "0"}
    assert (course / "grades" / "report.html").exists()
