"""Each staged function answers over HTTP in a fresh interpreter that sees nothing of the repository."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.stage import FUNCTIONS, stage
from tests.running import ROOT
from tests.staged import call, started

# pyarrow takes pandas along where it finds it, as here, where the page's Streamlit brings it; that no
# function is given it is held by tests/scripts/test_requirements.py.
HEAVY = {"torch", "sklearn", "scipy", "streamlit", "onnx", "scripts", "training", "tests"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_staged_function_needs_nothing_of_the_repository(function: str, tmp_path: Path) -> None:
    with started(function, tmp_path) as staged:
        call(function, staged)
        assert staged.read_from("shared") == {str(staged.folder)}
        packages = {module.split(".")[0] for module in staged.imported()}
        assert "flask" in packages, "the log names what was imported"
        assert packages & HEAVY == set()
        if function != "embed_on_upload":
            assert packages & {"onnxruntime", "PIL"} == set()


def test_a_stage_holds_sources_only_and_twice_the_same(tmp_path: Path) -> None:
    def digest(folder: Path) -> str:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        assert {path.suffix for path in files} == {".py", ".txt"}
        together = b"".join(str(path.relative_to(folder)).encode() + path.read_bytes() for path in files)
        return hashlib.sha256(together).hexdigest()

    assert digest(stage("register", tmp_path / "a")) == digest(stage("register", tmp_path / "b"))


def test_a_changed_stage_is_put_right_and_an_unchanged_one_left_alone(tmp_path: Path) -> None:
    main = stage("register", tmp_path) / "main.py"
    inode = main.stat().st_ino
    assert stage("register", tmp_path) == main.parent
    assert main.stat().st_ino == inode
    (main.parent / "stray.py").write_text("left over")
    main.write_text("edited")
    stage("register", tmp_path)
    assert main.read_bytes() == (ROOT / "functions/register/main.py").read_bytes()
    assert not (main.parent / "stray.py").exists()


def test_the_command_line_names_what_it_staged_and_refuses_strangers(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scripts.stage", "--out", str(tmp_path)]
    found = subprocess.run([*command, "register"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.split() == [str(tmp_path / "register")]
    refused = subprocess.run([*command, "forget"], cwd=ROOT, capture_output=True, text=True)
    assert refused.returncode == 2
    assert "found forget" in refused.stderr
