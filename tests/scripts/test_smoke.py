"""The smoke test of a deployment, on a system of this machine."""

import os
import subprocess
import sys
from pathlib import Path

from shared.storage.folder import Folder
from tests.running import ROOT, free_ports, running


def smoke(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts.smoke", *arguments]
    clean = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True)


def test_a_system_that_works_passes_and_is_left_as_it_was(tmp_path: Path) -> None:
    with running(tmp_path / "local") as system:
        addresses = {"REGISTER_URL": system.register, "RECOMMEND_URL": system.recommend}
        images = f"file://{tmp_path}/local/images"
        found = smoke(IMAGES=images, **addresses)
        assert (found.returncode, found.stderr) == (0, "")
        steps = [line.split()[0] for line in found.stdout.splitlines()]
        assert steps == ["registered", "uploaded", "recommended", "gone"]
        assert list(Folder(tmp_path / "local" / "images").list()) == []
        assert system.items("womenswear") == 0

        elsewhere = smoke("--seconds", "1", IMAGES=f"file://{tmp_path}/elsewhere", **addresses)
        assert elsewhere.returncode == 1
        assert "to be recommended within 1 seconds, found it not so" in elsewhere.stderr
        assert list(Folder(tmp_path / "elsewhere").list()) == []


def test_a_system_that_is_not_there_fails_with_a_reason(tmp_path: Path) -> None:
    nobody = f"http://127.0.0.1:{free_ports(1)}"
    found = smoke(IMAGES=f"file://{tmp_path}", REGISTER_URL=nobody, RECOMMEND_URL=nobody)
    assert found.returncode == 1
    assert found.stderr.startswith(f"POST {nobody}: expected an answer, found ")


def test_an_address_that_is_missing_is_named() -> None:
    found = smoke(IMAGES="file://nowhere", REGISTER_URL="http://127.0.0.1:1")
    assert found.returncode == 2
    assert "found no RECOMMEND_URL" in found.stderr


def test_an_identity_goes_in_a_header_of_its_own(tmp_path: Path) -> None:
    """What arrives is read from a socket: Authorization has to stay free for the shopper's token."""
    import http.server
    import threading

    heard: list[dict[str, str]] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(dict(self.headers))
            self.send_error(503)

        def log_message(self, *arguments: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        found = smoke(IMAGES=f"file://{tmp_path}", REGISTER_URL=url, RECOMMEND_URL=url, IDENTITY_TOKEN="me")
        server.shutdown()
    assert found.returncode == 1
    assert "expected 201, found 503" in found.stderr
    assert [headers.get("X-Serverless-Authorization") for headers in heard] == ["Bearer me"]
    assert "Authorization" not in heard[0]
