"""cloudbuild.yaml: its form, and its steps' own commands, as far as they run without Google Cloud.

The fields and the substitutions that Cloud Build fills in are those of the "Build configuration file schema"
(https://cloud.google.com/build/docs/build-config-file-schema) and of "Substituting variable values"
(https://cloud.google.com/build/docs/configuring-builds/substitute-variable-values), read on 2026-11-22.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.running import ROOT, needs, running
from tests.terraform import local_values

FILE = ROOT / "cloudbuild.yaml"
BUILD = yaml.safe_load(FILE.read_text())
STEPS = {step["id"]: step for step in BUILD["steps"]}

BUILD_FIELDS = {
    "steps", "timeout", "queueTtl", "logsBucket", "options", "substitutions", "tags", "serviceAccount",
    "secrets", "availableSecrets", "artifacts", "images",
}  # fmt: skip
STEP_FIELDS = {
    "name": str, "dir": str, "id": str, "entrypoint": str, "timeout": str, "script": str, "args": list,
    "env": list, "allowExitCodes": list, "waitFor": list, "secretEnv": list, "volumes": list,
    "allowFailure": bool, "automapSubstitutions": bool,
}  # fmt: skip
OPTIONS = {
    "env", "secretEnv", "volumes", "sourceProvenanceHash", "machineType", "diskSizeGb",
    "substitutionOption", "dynamicSubstitutions", "automapSubstitutions", "logStreamingOption", "logging",
    "defaultLogsBucketBehavior", "pool", "pubsubTopic", "requestedVerifyOption",
}  # fmt: skip
FILLED_IN = {
    "PROJECT_ID", "BUILD_ID", "PROJECT_NUMBER", "LOCATION", "TRIGGER_NAME", "COMMIT_SHA", "REVISION_ID",
    "SHORT_SHA", "REPO_NAME", "REPO_FULL_NAME", "BRANCH_NAME", "TAG_NAME", "REF_NAME",
    "TRIGGER_BUILD_CONFIG_PATH", "SERVICE_ACCOUNT_EMAIL", "SERVICE_ACCOUNT",
}  # fmt: skip
ONLY_ON_MAIN = '[ "$BRANCH_NAME" = main ] || exit 0'


# its form


def test_fields_are_those_that_cloud_build_documents() -> None:
    assert set(BUILD) <= BUILD_FIELDS
    assert set(BUILD["options"]) <= OPTIONS
    assert len(STEPS) == len(BUILD["steps"]), "two steps have one id"
    for step in STEPS.values():
        assert set(step) <= set(STEP_FIELDS)
        for field, value in step.items():
            assert isinstance(value, STEP_FIELDS[field]), (step["id"], field)
        assert "script" not in step or not {"args", "entrypoint"} & set(step), "a script takes their place"
    assert re.fullmatch(r"\d+s", BUILD["timeout"])


def test_logs_go_to_cloud_logging_only() -> None:
    assert BUILD["options"]["logging"] == "CLOUD_LOGGING_ONLY"
    assert "logsBucket" not in BUILD


def test_there_is_no_secret() -> None:
    assert not {"secrets", "availableSecrets"} & set(BUILD)
    assert "secretEnv" not in FILE.read_text()


def test_an_image_is_a_version() -> None:
    for step in STEPS.values():
        tag = step["name"].rpartition(":")[2]
        assert re.match(r"\d+\.\d+", tag), step["name"]


@pytest.mark.parametrize("name", STEPS)
def test_variables_are_filled_in_declared_or_set(name: str) -> None:
    script = STEPS[name]["script"]
    used = set(re.findall(r"\$\{?([A-Z_]+)\b", script))
    assert used <= FILLED_IN | set(BUILD["substitutions"])
    assert BUILD["options"]["automapSubstitutions"], "otherwise a script sees none of them"


def test_every_substitution_of_its_own_is_used_and_given_by_the_triggers() -> None:
    own = set(BUILD["substitutions"])
    assert own == set(re.findall(r"\$(_[A-Z_]+)", FILE.read_text()))
    stack = (ROOT / "terraform" / "delivery.tf").read_text()
    assert own == set(re.findall(r"^\s+(_[A-Z_]+)\s+=", stack, re.M))


def test_what_changes_anything_happens_on_main_only() -> None:
    order = list(STEPS)
    assert order[:4] == ["check", "test", "stage", "plan"]
    for name in order[4:]:
        lines = STEPS[name]["script"].splitlines()
        assert ONLY_ON_MAIN in lines[:3], name


def test_what_may_fail_is_followed_by_going_back() -> None:
    may_fail = [name for name, step in STEPS.items() if step.get("allowFailure")]
    assert may_fail == ["apply", "publish", "smoke"]
    assert list(STEPS)[-1] == "return"


def test_going_back_names_every_function() -> None:
    named = re.search(r"for function in (.+); do", STEPS["revisions"]["script"])[1].split()
    assert sorted(named) == sorted(function.replace("_", "-") for function in local_values()["functions"])


# its commands


class Checkout:
    """A clean checkout with an environment made for it, in which the steps' scripts run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        found = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True)
        for name in filter(None, found.stdout.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        uv = [sys.executable, "-m", "uv", "--quiet"]
        subprocess.run([*uv, "venv", "--seed", "--python", sys.executable, ".venv"], cwd=folder, check=True)
        install = [*uv, "pip", "install", "--python", ".venv/bin/python", "-r", "requirements/dev.txt"]
        subprocess.run(install, cwd=folder, check=True)
        for stamp in ("serve", "dev"):  # as make leaves them
            (folder / ".venv" / stamp).touch()

    def run(self, step: str, leaving_out: str = "$^", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a step's script, without the lines that match a pattern."""
        script = STEPS[step]["script"]
        lines = [line for line in script.splitlines() if not re.search(leaving_out, line)]
        path = self.folder / ".release" / f"{step}.sh"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(lines) + "\n")
        shell = re.match(r"#!(?:/usr/bin/env )?(\S+)", script)[1]
        values = {
            "PROJECT_ID": "shop",
            "BRANCH_NAME": "main",
            "SHORT_SHA": "0123456",
            **BUILD["substitutions"],
        }
        kept = {
            name: os.environ[name] for name in ("HOME", "PATH", "TF_CLI_CONFIG_FILE") if name in os.environ
        }
        return subprocess.run(
            [shell, str(path)],
            cwd=self.folder,
            env={**kept, **values, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


@pytest.mark.parametrize("name", STEPS)
def test_a_script_is_one(name: str, tmp_path: Path) -> None:
    script = STEPS[name]["script"]
    shell = re.match(r"#!(?:/usr/bin/env )?(\S+)\n", script)[1]
    assert subprocess.run([shell, "-n"], input=script, text=True).returncode == 0
    assert re.search(r"^set -eu", script, re.M), "it goes on after a failure"


def test_the_steps_run_in_order_from_a_clean_checkout(tmp_path: Path) -> None:
    """Left out: installing system packages, the tests (this is one of them), and the bucket of the state."""
    settings = Path(os.environ.get("TF_CLI_CONFIG_FILE", "nowhere"))
    stand_ins = settings.exists() and "filesystem_mirror" in settings.read_text()
    needs(stand_ins, "stand-ins for Terraform's providers: a plan by the real ones needs a project")
    needs((ROOT / ".git").exists(), "a git checkout, to take a clean one from")
    checkout = Checkout(tmp_path / "checkout")

    def ran(step: str, leaving_out: str = "$^", **environment: str) -> str:
        found = checkout.run(step, leaving_out, **environment)
        assert found.returncode == 0, found.stdout
        return found.stdout

    assert "Success: no issues found" in ran("check", "apt-get")
    subprocess.run(
        ["terraform", "-chdir=terraform", "init"], cwd=checkout.folder, check=True, capture_output=True
    )
    assert re.search(r"Plan: \d+ to add, 0 to change, 0 to destroy", planned(ran))
    assert ran("apply", BRANCH_NAME="a-branch") == ""
    assert "Apply complete!" in ran("apply")
    addresses = (checkout.folder / ".release" / "environment").read_text().split()
    assert addresses[0] == "IMAGES=gs://shop-stylekin-images"

    # Unchanged code is not deployed again; of changed code, only what changed.
    assert "No changes." in planned(ran)
    with (checkout.folder / "functions" / "register" / "main.py").open("a") as source:
        source.write("# changed\n")
    again = planned(ran)
    assert "Plan: 1 to add, 1 to change, 1 to destroy" in again
    assert 'google_cloudfunctions2_function.this["register"] will be updated in-place' in again

    # From here on against a system on this machine, in the place of the one just made up.
    with running(tmp_path / "local") as system:
        local = {
            "IMAGES": f"file://{system.local}/images",
            "CATALOGUE": f"file://{tmp_path}/catalogue",
            "USERS": f"sqlite:///{system.local}/users.db",
            "REGISTER_URL": system.register,
            "RECOMMEND_URL": system.recommend,
            "MERCHANDISER_URL": "http://127.0.0.1:1",  # which neither of the two steps asks
        }
        assert [address.partition("=")[0] for address in addresses] == list(local)
        lines = [f"{name}={value}" for name, value in local.items()]
        (checkout.folder / ".release" / "environment").write_text("\n".join(lines))
        assert ran("publish").split() == ["models/menswear/demo-4", "models/womenswear/demo-4"]
        assert "recommended" in ran("smoke")
    assert ran("return") == "", "it went back after a success"


def planned(ran: Callable[..., str]) -> str:
    """What the next push would plan."""
    ran("stage")
    return ran("plan", "backend", _REPOSITORY="projects/shop/…/shop", _STATE_BUCKET="shop-state")


def test_after_a_failure_every_service_goes_back_and_the_build_fails(tmp_path: Path) -> None:
    (tmp_path / ".release").mkdir()
    (tmp_path / ".release" / "revisions").write_text("shop-register shop-register-7\nshop-recommend shop-9\n")
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "gcloud").write_text('#!/bin/sh\necho "$@" >> called\n')
    (programs / "gcloud").chmod(0o755)
    values = {"PATH": f"{programs}:{os.environ['PATH']}", "PROJECT_ID": "shop", "_REGION": "europe-west1"}
    script = ["bash", "-c", STEPS["return"]["script"]]

    def back(branch: str) -> int:
        return subprocess.run(script, cwd=tmp_path, env={**values, "BRANCH_NAME": branch}).returncode

    assert back("a-branch") == 0
    assert not (tmp_path / "called").exists()
    assert back("main") == 1
    end = "--project=shop --region=europe-west1"
    assert (tmp_path / "called").read_text().splitlines() == [
        f"run services update-traffic shop-register --to-revisions=shop-register-7=100 {end}",
        f"run services update-traffic shop-recommend --to-revisions=shop-9=100 {end}",
    ]


@pytest.mark.parametrize("name", ["revisions", "return"])
def test_gcloud_knows_the_commands(name: str, tmp_path: Path) -> None:
    """Without an account gcloud reads its arguments and refuses then; wrong ones give status 2."""
    needs(shutil.which("gcloud") is not None, "gcloud, of the Google Cloud CLI, on the PATH")
    command = re.search(r"gcloud .+?(?= \|\||\n)", STEPS[name]["script"])[0]
    values = {"service": "s", "revision": "r", "PROJECT_ID": "shop", "_REGION": "europe-west1"}
    empty = {"PATH": os.environ["PATH"], "CLOUDSDK_CONFIG": str(tmp_path), **values}
    found = subprocess.run(["bash", "-c", command], env=empty, capture_output=True, text=True)
    assert (found.returncode, "active account" in found.stderr) == (1, True), found.stderr
