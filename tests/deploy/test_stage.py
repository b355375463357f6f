"""Each staged function answers over HTTP in a fresh interpreter that sees nothing of the repository."""

import contextlib
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from scripts.publish_models import publish
from scripts.stage import FUNCTIONS, stage
from scripts.wardrobe import draw
from scripts.watch import Change, cloud_event
from shared.storage.folder import Folder
from tests.running import ROOT, eventually, free_ports

# pyarrow takes pandas along where it finds it, as here, where the page's Streamlit brings it; that no
# function is given it is held by tests/scripts/test_requirements.py.
HEAVY = {"torch", "sklearn", "scipy", "streamlit", "onnx", "scripts", "training", "tests"}


@dataclass
class Staged:
    """A staged function that runs in a folder of its own, and what it said while starting."""

    folder: Path
    local: Path
    address: str
    log: Path

    def imported(self) -> set[str]:
        """Every module the process has imported."""
        return set(re.findall(r"^import '([^']+)' #", self.log.read_text(errors="replace"), re.M))

    def read_from(self, module: str) -> set[str]:
        """The folders from which files of a package were read."""
        pattern = rf"code object from '?([^'\n]*?)/{module}/[^'\n]*\.py'?"
        return set(re.findall(pattern, self.log.read_text(errors="replace")))


@contextlib.contextmanager
def started(function: str, tmp_path: Path) -> Iterator[Staged]:
    """Run a staged function with `python -P` and an empty environment, with its own defaults."""
    folder = stage(function, tmp_path / "build")
    publish(Folder(tmp_path / ".local/catalogue"))
    port = free_ports(1)
    signature = "cloudevent" if function == "embed_on_upload" else "http"
    command = [sys.executable, "-P", "-v", "-m", "functions_framework", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--source", str(folder / "main.py"), "--target", function]
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--signature-type", signature], cwd=tmp_path, env={}, stdout=out, stderr=out
        )
    address = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        assert process.poll() is None, log.read_text(errors="replace")[-3000:]
        with contextlib.suppress(httpx.TransportError):
            httpx.get(address, timeout=5, trust_env=False)
            return True
        return False

    try:
        eventually(f"{function} answers", answers)
        yield Staged(folder, tmp_path / ".local", address, log)
    finally:
        process.terminate()
        process.wait(timeout=20)


def call(function: str, staged: Staged) -> None:
    """One ordinary call of each function, and what it must answer."""
    with httpx.Client(timeout=60, trust_env=False) as http:
        if function == "register":
            answer = http.post(staged.address, json={"department": "menswear"})
            assert answer.status_code == 201, answer.text
        elif function == "recommend":
            answer = http.post(staged.address, json={}, headers={"Authorization": "Bearer nobody.nothing"})
            assert answer.status_code == 401, answer.text
            assert http.get(f"{staged.address}/healthz").status_code == 200
        elif function == "compact_catalogue":
            answer = http.post(staged.address, json={})
            assert answer.status_code == 200, answer.text
        else:
            images = Folder(staged.local / "images")
            item = next(draw("womenswear", 1))
            blob = images.write("womenswear/one.jpg", item.picture())
            headers, body = cloud_event(Change("finalized", blob), "images", datetime.now(UTC))
            answer = http.post(staged.address, headers=headers, json=body)
            assert answer.status_code == 200, answer.text
            deltas = [blob.name for blob in Folder(staged.local / "catalogue").list("womenswear/deltas/")]
            assert any(".picture." in delta for delta in deltas), deltas


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
