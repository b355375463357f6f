"""The commands of docs/deploy.md are ones that Terraform and gcloud know."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.running import ROOT, needs

PAGE = (ROOT / "docs" / "deploy.md").read_text()
COMMANDS = [line.strip() for block in PAGE.split("```")[1::2] for line in block.splitlines()]
# What would ask its user, or change nothing but this machine.
NOT_TRIED = ("gcloud auth ", "gcloud config ")
GCLOUD = [one for one in COMMANDS if one.startswith("gcloud ") and not one.startswith(NOT_TRIED)]


def declared(kind: str) -> set[str]:
    """The names of the stack's variables or outputs."""
    text = "".join(path.read_text() for path in (ROOT / "terraform").glob("*.tf"))
    return set(re.findall(rf'^{kind} "(\w+)"', text, re.M))


def test_variables_that_are_set_are_there() -> None:
    chosen = PAGE.partition("| to | set |")[2].partition("\n\n")[0]
    named = set(re.findall(r"-var '?(\w+)=", PAGE)) | set(re.findall(r"`(\w+) = ", chosen))
    assert named
    assert named <= declared("variable")


def test_outputs_that_are_read_are_there() -> None:
    assert set(re.findall(r"output -raw (\w+)", PAGE)) <= declared("output")


def test_resources_that_are_named_are_there() -> None:
    named = set(re.findall(r"\b(google_\w+)\.(\w+)", PAGE))
    text = "".join(path.read_text() for path in (ROOT / "terraform").glob("*.tf"))
    assert named
    assert named <= set(re.findall(r'^resource "(\w+)" "(\w+)"', text, re.M))


@pytest.mark.parametrize("command", GCLOUD)
def test_gcloud_knows_a_command(command: str, tmp_path: Path) -> None:
    """Without an account gcloud reads its arguments and refuses then; wrong ones give status 2."""
    needs(shutil.which("gcloud") is not None, "gcloud, of the Google Cloud CLI, on the PATH")
    for placeholder, value in (("PROJECT", "shop"), ("GENERATION", "5"), ("$service", "run")):
        command = command.replace(placeholder, value)
    empty = {"PATH": os.environ["PATH"], "CLOUDSDK_CONFIG": str(tmp_path), "CLOUDSDK_CORE_PROJECT": "shop"}
    found = subprocess.run(
        shlex.split(command), env=empty, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    assert found.returncode == 1, found.stderr
    assert "active account" in found.stderr
