"""What the stack refuses, it refuses in a sentence that says what was expected, found, and what to do.

terraform/tests/preconditions.tftest.hcl says what is refused; here the same runs are made without expecting
it, and Terraform's complaint is read.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts.stage import FUNCTIONS, stage
from tests.running import ROOT, needs
from tests.terraform import STACK

MESSAGES = {
    "functions_that_are_not_staged": "./nowhere/register: expected the staged function register, found no "
    "main.py. Run `make stage` first.",
    "functions_that_were_staged_before_a_change": "../functions/register: expected what functions/register "
    "and shared/ hold now, found something else. Run `make stage` again.",
    "a_trigger_where_the_pictures_are_not": "trigger_location: expected eu, where the bucket of pictures is, "
    "found europe-west1. Events come from the bucket's location only: leave trigger_location out.",
    "a_department_without_a_model": "./nowhere: expected a model for each department, "
    "./nowhere/DEPARTMENT/VERSION/card.json, found none for womenswear, menswear. Train one "
    "(docs/training.md), or take the demo models.",
    "a_key_that_is_elsewhere": "storage_location: expected the region europe-west1, where the key of kms_key "
    "is, found EUR4. A key serves its own location only: leave storage_location out, or kms_key.",
    "triggers_without_a_state": "state_bucket: expected the bucket of Terraform's state, since repository is "
    "set, found null.",
    "a_name_too_long_for_accounts": "name: expected 4 to 20 lowercase letters, digits and hyphens, beginning "
    'with a letter, found "stylekin-for-the-winter-sale".',
}


def runs() -> tuple[str, dict[str, str]]:
    """What all runs share, and each run without what it expects."""
    text = (STACK / "tests" / "preconditions.tftest.hcl").read_text()
    head, *found = re.split(r'^run "', text, flags=re.M)
    unexpecting = [re.sub(r"\n *expect_failures = .*", "", run) for run in found]
    return head, {run.partition('"')[0]: f'run "{run}' for run in unexpecting}


@pytest.fixture(scope="module")
def complaint(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Everything Terraform says of these runs, on one line."""
    needs(shutil.which("terraform") is not None, "terraform on the PATH")
    root = tmp_path_factory.mktemp("stack")
    for folder in ("functions", "shared"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for card in ROOT.glob("models/*/*/card.json"):
        (root / card.relative_to(ROOT)).parent.mkdir(parents=True)
        shutil.copy(card, root / card.relative_to(ROOT))
    for function in FUNCTIONS:
        stage(function, root / "build")
    copy = shutil.copytree(
        STACK, root / "terraform", ignore=shutil.ignore_patterns(".terraform", "*.tftest.hcl")
    )
    head, each = runs()
    for name, run in each.items():
        (copy / "tests" / f"{name}.tftest.hcl").write_text(head + run)
    made = terraform(copy, "init", "-backend=false")
    needs(made.returncode == 0, f"Terraform's providers, from a network or a mirror: {made.stdout[-300:]}")
    tested = terraform(copy, "test")
    assert f"0 passed, {len(each)} failed" in tested.stdout, tested.stdout
    return " ".join(tested.stdout.split())


def terraform(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["terraform", *arguments, "-no-color"]
    return subprocess.run(command, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def test_every_refusal_has_its_message() -> None:
    assert set(runs()[1]) == set(MESSAGES)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_refusal_says_what_to_do(name: str, complaint: str) -> None:
    assert MESSAGES[name] in complaint
