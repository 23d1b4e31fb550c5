"""CI's own files: well formed, pinned by commit, with no more rights than they need."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
CI, PUBLISH = (ROOT / ".github" / "workflows" / f"{name}.yml" for name in ("ci", "publish"))
SCHEMAS = {
    "vendor.github-workflows": WORKFLOWS,
    "vendor.dependabot": [ROOT / ".github" / "dependabot.yml"],
    "vendor.github-issue-forms": [
        ROOT / ".github" / "ISSUE_TEMPLATE" / f"{n}.yml" for n in ("mistake", "idea")
    ],
    "vendor.citation-file-format": [ROOT / "CITATION.cff"],
}


def tool(name):
    """The path of a program of this environment, else of this machine."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    return found or pytest.skip(f"{name} is not installed: `make .venv/test` installs it")


@pytest.mark.slow
@pytest.mark.parametrize("schema", SCHEMAS)
def test_files_have_the_form_that_their_readers_expect(schema):
    command = [tool("check-jsonschema"), "--builtin-schema", schema, *SCHEMAS[schema]]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_auditor_finds_nothing_of_weight():
    command = [tool("zizmor"), "--offline", "--no-progress", "--min-severity", "medium", *WORKFLOWS]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_commit_with_its_version_beside(path):
    uses = re.findall(r"uses: (?!\./)(.+)", path.read_text("utf-8"))
    assert uses
    for line in uses:
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_has_no_rights_and_only_the_deployment_may_write(path):
    workflow = yaml.safe_load(path.read_text("utf-8"))
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        writes = {right for right, level in job["permissions"].items() if level == "write"}
        assert writes == ({"pages", "id-token"} if name == "deploy" else set()), name


def test_what_is_published_was_tested_first():
    publish = yaml.safe_load(PUBLISH.read_text("utf-8"))
    assert publish["jobs"]["ci"]["uses"] == "./.github/workflows/ci.yml"
    assert publish["jobs"]["deploy"]["needs"] == "ci"
    steps = yaml.safe_load(CI.read_text("utf-8"))["jobs"]["site"]["steps"]
    names = [step.get("run", step.get("uses", "")) for step in steps]
    upload = next(i for i, name in enumerate(names) if "upload-pages-artifact" in name)
    assert names.index(".ci/run") < upload
