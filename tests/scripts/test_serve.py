"""`make serve` on this machine: it starts, answers, says what is wrong, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from shared.client import Preferences
from tests.running import ROOT, System, children, eventually, free_ports, needs, running


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_ends_everything(number: signal.Signals, tmp_path: Path) -> None:
    system = System(tmp_path / "local", free_ports(8)).start().ready()
    assert system.process is not None
    below = children(system.process.pid)
    assert len(below) >= 4, "four functions run"
    assert system.stop(number) == 0, system.log()
    assert [pid for pid in below if Path(f"/proc/{pid}").exists()] == []
    assert "stopped" in system.log()


@pytest.mark.parametrize("whom", ["make alone", "its group, as Ctrl-C does"])
def test_make_serve_ends_with_make(whom: str, tmp_path: Path) -> None:
    needs((ROOT / ".venv/dev").exists(), "the environment that `make test` makes")
    system = System(tmp_path / "local", free_ports(8))
    command = ["make", "serve", f"LOCAL={system.local}", f"PORT={system.port}"]
    with (tmp_path / "log").open("wb") as log:
        system.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
    system.ready()
    below = children(system.process.pid)
    if whom == "make alone":
        system.stop(signal.SIGTERM)
    else:
        os.killpg(system.process.pid, signal.SIGINT)
        system.stop()
    eventually("nothing is left", lambda: not [pid for pid in below if Path(f"/proc/{pid}").exists()], 20)
    assert "stopped" in (tmp_path / "log").read_text()


def test_a_signal_while_starting_ends_everything(tmp_path: Path) -> None:
    system = System(tmp_path / "local", free_ports(8)).start()
    assert system.process is not None
    eventually("a function has been started", lambda: children(system.process.pid))  # type: ignore[union-attr]
    below = children(system.process.pid)
    assert system.stop(signal.SIGINT) == 0, system.log()
    assert [pid for pid in below if Path(f"/proc/{pid}").exists()] == []


def test_an_empty_system_is_healthy_and_answers_with_an_empty_list(tmp_path: Path) -> None:
    with running(tmp_path / "local") as system:
        with system.client() as shop:
            shop.register("menswear")
            page = shop.recommend()
            assert (page.recommendations, page.catalogue.items) == ((), 0)
            shop.forget()
        for wanted in ("images/menswear", "images/womenswear", "catalogue", "users.db", "logs"):
            assert (system.local / wanted).exists()


def test_the_page_is_served_and_told_first(tmp_path: Path) -> None:
    with running(tmp_path / "local", "--page") as system:
        page = f"http://127.0.0.1:{system.port + 4}"
        eventually("the system is ready", lambda: "Ready." in system.log(), 60)
        assert system.http.get(page).status_code == 200
        told = [line.split() for line in system.log().splitlines() if "http://127.0.0.1" in line]
        assert told[0] == ["page", page]


def test_profiles_outlive_the_system(tmp_path: Path) -> None:
    with running(tmp_path / "local") as system, system.client() as shop:
        made = shop.register("womenswear", preferences=Preferences(max_price=50))
        token = shop.token
    with running(tmp_path / "local") as system, system.client(token) as shop:
        assert shop.profile() == made
        assert made.preferences.max_price == 50


def refused(local: Path, port: int) -> str:
    command = [sys.executable, "-m", "scripts.serve", "--local", str(local), "--port", str(port)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert found.returncode == 1
    return found.stderr


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    port = free_ports(8)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + 2))
        taken.listen()
        assert f"found {port + 2} taken" in refused(tmp_path / "local", port)


def test_a_folder_is_served_once(tmp_path: Path) -> None:
    with running(tmp_path / "local"):
        assert "is being served already" in refused(tmp_path / "local", free_ports(8))


def test_a_function_that_ends_is_told(tmp_path: Path) -> None:
    system = System(tmp_path / "local", free_ports(8)).start().ready()
    assert system.process is not None
    (system.local / "logs/register.log").write_text("the last words\n")
    for pid in children(system.process.pid):
        if b"--target\x00register" in Path(f"/proc/{pid}/cmdline").read_bytes():
            subprocess.run(["kill", "-KILL", str(pid)], check=False)
    system.process.wait(timeout=20)
    assert system.stop() == 1
    assert "register ended with status -9" in system.log()
    assert "the last words" in system.log()


@pytest.mark.parametrize("port", ["80", "70000"])
def test_a_port_out_of_range_is_refused(port: str) -> None:
    command = [sys.executable, "-m", "scripts.serve", "--port", port]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 2
    assert f"expected a number from 1024 to 65000, found {port}" in found.stderr
