"""What is deployed is what is tested: each staged function runs on the deployed Python, with its pinned
packages and no others."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.stage import FUNCTIONS, ROOT
from tests.running import needs
from tests.staged import call, started
from tests.terraform import block, local_values, resource

RUNTIME = block(resource("google_cloudfunctions2_function", "this"), "build_config")["runtime"]
VERSION = re.fullmatch(r"python(\d)(\d+)", RUNTIME).groups()


def interpreter() -> str | None:
    """The deployed version of Python on this machine: on the PATH, or one that pyenv has."""
    name = f"python{'.'.join(VERSION)}"
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = shutil.which(name)
    for python in [*([found] if found else []), *map(str, sorted(pyenv.glob(f"versions/*/bin/{name}")))]:
        if subprocess.run([python, "--version"], capture_output=True).returncode == 0:
            return python
    return None


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_runs_on_the_deployed_python_with_its_own_packages(function: str, tmp_path: Path) -> None:
    python = interpreter()
    needs(python is not None, f"Python {'.'.join(VERSION)}, as {RUNTIME} is deployed: pyenv install has it")
    pinned = ROOT / "functions" / function / "requirements.txt"
    environment = tmp_path / "environment"
    uv = [sys.executable, "-m", "uv", "--quiet"]
    subprocess.run([*uv, "venv", "--python", str(python), str(environment)], check=True)
    here = ["--python", str(environment / "bin" / "python")]
    # Without what a package names and the file does not: the file must be whole.
    subprocess.run([*uv, "pip", "install", *here, "--no-deps", "-r", str(pinned)], check=True)
    subprocess.run([*uv, "pip", "check", *here], check=True)
    with started(function, tmp_path, here[1]) as staged:
        call(function, staged)
        if function in local_values()["joiners"]:
            engines = "import shared.storage.firestore_items, shared.storage.vertex_items"
            subprocess.run([here[1], "-c", engines], cwd=staged.folder, env={}, check=True)
        assert staged.read_from("flask") == {
            str(environment / "lib" / f"python{'.'.join(VERSION)}" / "site-packages")
        }
