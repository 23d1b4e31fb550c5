"""Change the code in small ways and count the changes that no test notices: `make mutants`.

Each area is copied into _build/mutants, where mutmut changes one expression at a time and runs the
tests that reach it.  What survives is listed; look at each one with

    cd _build/mutants/AREA && ../../../.venv/bin/mutmut show NAME

Only a test that fails has noticed a change.  One that no test reaches, or whose tests did not end,
counts as not noticed, and is counted apart.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
WORK = ROOT / "_build" / "mutants"
FOLDERS = ["book", "chapters", "exercises", "grader", "mlp_lib", "solutions", "tests"]
FILES = [path.name for path in ROOT.iterdir() if path.is_file() and path.name != "pyproject.toml"]


class Area(NamedTuple):
    changed: list  # patterns of files, in which a * reaches into folders too
    spared: list
    tests: list  # what has to notice
    limit: float  # the share of changes that may go unnoticed


COMMANDS = ["grader/__main__.py", "grader/exercises.py", "grader/status.py"]
# What runs in a sandbox, a kernel or a pytest of its own, where what mutmut makes needs mutmut; and
# what the attacks do.
ELSEWHERE = [
    *(f"grader/grading/{name}.py" for name in ("bounds", "cells", "wire", "worker")),
    *(f"grader/grading/{name}.py" for name in ("kernel", "recorder", "attacks/*")),
]
# What works on the built site as a whole, or in another program, is tested on the built site.
ON_THE_SITE = [
    *("book/browser.py", "book/extension.py", "book/fonts.py", "book/formulas.py"),
    *("book/gallery.py", "book/light.py", "book/lite.py", "book/pdf.py", "book/scripts.py"),
    *("book/serve.py", "book/translation.py", "book/web/practice/*.py"),
]
AREAS = {
    "mlp_lib": Area(
        ["mlp_lib/*.py"],
        ["mlp_lib/explore.py", "mlp_lib/plots.py"],  # what they draw, the site's tests look at
        ["data", "gradcheck", "initializers", "layers", "losses", "optimizers", "refusals"]
        + ["training"],
        0.10,
    ),
    "engine": Area(
        ["grader/*.py"],
        ["grader/*/*.py", *COMMANDS],
        ["comparing", "floating_point", "judging", "naming", "patterns", "slips"],
        0.10,
    ),
    "grading": Area(
        ["grader/grading/*.py", *COMMANDS],
        ELSEWHERE,
        ["archives", "attacks", "class_report", "command_line", "downloads", "engines"]
        + ["exercise_generation", "exports", "feedback", "grade_of_record", "grading_a_class"]
        + ["kept_results", "records", "score_table"],
        0.15,
    ),
    "book": Area(
        ["book/*.py"],
        ON_THE_SITE,
        ["address", "derivations", "drawings", "explorer_pages", "glass_box", "network_in_the_page"]
        + ["objectives", "page_numbers", "page_practice", "page_questions", "page_runs"]
        + ["questions", "slides", "solution_pages", "stored_outputs"],
        0.15,
    ),
}
# A name with a letter beyond ASCII is escaped once more in every run that a process makes, so that
# no test would be found and each change it reaches would seem to be noticed.
PLAIN_NAMES = "disable_test_id_escaping_and_forfeit_all_rights_to_community_support"
# Which words a sentence is made of, no test repeats: a line that is one is not changed.  Time runs
# out for what never ends, not for what a busy machine makes wait.
SETTINGS = """
[tool.mutmut]
source_paths = {sources}
only_mutate = {area.changed}
do_not_mutate = {area.spared}
do_not_mutate_patterns = ['^ *((text|advice) ?[+]?= ?)?f?"[^"]* [^"]*"[,)]*$']
also_copy = {needed}
pytest_add_cli_args = ["-q", "-m", "not slow and not browser", "-o", "{plain_names}=true"]
pytest_add_cli_args_test_selection = {tests}
timeout_constant = 4.0
"""


def prepare(name):
    area, folder = AREAS[name], WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    for needed in FOLDERS:
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / needed, folder / needed, ignore=ignore)
    for needed in FILES:
        shutil.copy(ROOT / needed, folder / needed)
    sources = [area.changed[0].split("/")[0]]
    settings = SETTINGS.format(
        area=area,
        plain_names=PLAIN_NAMES,
        sources=sources,
        needed=[needed for needed in FOLDERS + FILES if needed not in sources],
        tests=[
            path.relative_to(ROOT).as_posix()
            for test in area.tests
            for path in (ROOT / "tests").rglob(f"test_{test}.py")
        ],
    )
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    (folder / "pyproject.toml").write_text(project + settings, "utf-8")
    return folder


def counted(name):
    """Change an area; return mutmut's counts of what became of the changes."""
    folder = prepare(name)
    mutmut = Path(sys.executable).with_name("mutmut")
    # Named, because the tests are then run by their names first, with nothing changed.
    subprocess.run([mutmut, "run", "*"], cwd=folder, check=True)
    subprocess.run([mutmut, "results"], cwd=folder, check=True)
    subprocess.run([mutmut, "export-cicd-stats"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return json.loads((folder / "mutants" / "mutmut-cicd-stats.json").read_text("utf-8"))


def main(names):
    too_many = []
    for name in names or AREAS:
        counts, limit = counted(name), AREAS[name].limit
        total = counts["total"]
        share = 1 - counts["killed"] / total
        print(
            f"{name}: {share:.1%} of {total} changes were not noticed, {limit:.0%} may be: "
            f"{counts['survived']} survived, {counts['no_tests']} no test reaches, "
            f"{counts['timeout']} did not end"
        )
        too_many += [name] if share > limit else []
    return f"not tested well enough: {', '.join(too_many)}" if too_many else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
