"""A staged function as it is deployed, for tests: a process that sees nothing of the repository."""

import contextlib
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from scripts.publish_models import publish
from scripts.stage import stage
from scripts.wardrobe import draw
from scripts.watch import Change, cloud_event
from shared.storage.folder import Folder
from tests.running import eventually, free_ports


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
def started(function: str, tmp_path: Path, python: str = sys.executable) -> Iterator[Staged]:
    """Run a staged function with `python -P` and an empty environment, with its own defaults."""
    folder = stage(function, tmp_path / "build")
    publish(Folder(tmp_path / ".local/catalogue"))
    port = free_ports(1)
    signature = "cloudevent" if function == "embed_on_upload" else "http"
    command = [python, "-P", "-v", "-m", "functions_framework", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--source", str(folder / "main.py"), "--target", function]
    log = tmp_path / f"{function}.log"
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
        elif function == "inspect_catalogue":
            answer = http.get(f"{staged.address}/womenswear")
            assert answer.status_code == 200, answer.text
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
