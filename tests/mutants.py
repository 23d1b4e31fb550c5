"""Change the code in small ways and count the changes that no test notices: `make mutants`.

Each area is copied into _build/mutants, where mutmut changes one expression at a time and runs the
tests that reach it.  What survives is listed; look at each one with

    cd _build/mutants/AREA && ../../../.venv/bin/mutmut show NAME
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORK = ROOT / "_build" / "mutants"
NEEDED = ("book", "chapters", "exercises", "grader", "mlp_lib", "solutions", "tests")

# area: what is changed, what has to notice, the share of changes that may survive
AREAS = {
    "mlp_lib": (
        ["mlp_lib/*.py"],
        [
            "data",
            "gradcheck",
            "initializers",
            "layers",
            "losses",
            "optimizers",
            "refusals",
            "training",
        ],
        0.10,
    ),
    "engine": (["grader/*.py"], ["grader_engine", "exactness"], 0.10),
    "grading": (["grader/grading/*.py"], ["grade_of_record", "grading_a_class"], 0.15),
    "book": (
        ["book/*.py"],
        ["explorer_pages", "questions", "solution_pages", "stored_outputs"],
        0.15,
    ),
}
SETTINGS = """
[tool.mutmut]
source_paths = {sources}
only_mutate = {only}
do_not_mutate = ["mlp_lib/explore.py", "mlp_lib/plots.py"]
also_copy = {needed}
pytest_add_cli_args = ["-q", "-m", "not slow and not browser"]
pytest_add_cli_args_test_selection = {tests}
"""


def prepare(area):
    only, tests, _ = AREAS[area]
    folder = WORK / area
    shutil.rmtree(folder, ignore_errors=True)
    for name in NEEDED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    sources = [only[0].split("/")[0]]
    settings = SETTINGS.format(
        sources=sources,
        only=only,
        needed=[name for name in NEEDED if name not in sources] + ["pyproject.toml"],
        tests=[f"tests/test_{name}.py" for name in tests],
    )
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    (folder / "pyproject.toml").write_text(project + settings.replace("'", '"'), "utf-8")
    return folder


def survivors(area):
    """Return how many changes were made, and the share of them that no test noticed."""
    folder = prepare(area)
    mutmut = Path(sys.executable).with_name("mutmut")
    subprocess.run([mutmut, "run"], cwd=folder, check=True)
    subprocess.run([mutmut, "results"], cwd=folder, check=True)
    subprocess.run([mutmut, "export-cicd-stats"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    counts = json.loads((folder / "mutants" / "mutmut-cicd-stats.json").read_text("utf-8"))
    return counts["total"], (counts["survived"] + counts["no_tests"]) / counts["total"]


def main(areas):
    too_many = []
    for area in areas or AREAS:
        total, share = survivors(area)
        limit = AREAS[area][2]
        print(f"{area}: {share:.1%} of {total} changes were not noticed; {limit:.0%} may be")
        too_many += [area] if share > limit else []
    return f"not tested well enough: {', '.join(too_many)}" if too_many else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
