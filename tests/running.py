"""The whole system as a user runs it, for tests: `python -m scripts.serve` in a folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared import wiring
from shared.client import StylekinClient

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data"


def needs(condition: bool, what: str) -> None:
    """Skip a test that lacks what it needs; where STYLEKIN_CI is set a skip is a failure (conftest)."""
    if not condition:
        pytest.skip(f"needs {what}")


def run_here(
    main: Callable[[], int], root: Path, arguments: tuple[str, ...]
) -> subprocess.CompletedProcess[str]:
    """A script's ``main`` in this process, on the folders ``images`` and ``catalogue`` below ``root``."""
    out, err = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name in ("images", "catalogue"):
            patch.setenv(name.upper(), f"file://{root / name}")
        patch.setattr(sys, "argv", ["script", *arguments])
        places = (wiring.settings, wiring.images, wiring.catalogue)
        for place in places:
            place.cache_clear()
        status = main()
        for place in places:
            place.cache_clear()
    return subprocess.CompletedProcess(list(arguments), status, out.getvalue(), err.getvalue())


def free_ports(count: int) -> int:
    """The first of ``count`` ports in a row that nobody uses."""
    for first in range(20000 + os.getpid() % 2000 * 10, 60000, count):
        try:
            for port in range(first, first + count):
                with closing(socket.socket()) as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise OSError(f"no {count} free ports in a row")


def eventually(what: str, check: Callable[[], Any], seconds: float = 90) -> Any:
    """Wait until ``check`` answers something true, and return it."""
    deadline = time.monotonic() + seconds
    while True:
        found = check()
        if found:
            return found
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}; last found {found!r}"
        time.sleep(0.1)


def children(pid: int) -> list[int]:
    """Every process below one, at any depth."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found, layer = [], [pid]
    while layer:
        layer = [child for child, parent in parents.items() if parent in layer]
        found += layer
    return found


class System:
    """A running system: its folder, its addresses, and what a shop and a shopper do with it."""

    def __init__(self, local: Path, port: int) -> None:
        self.local, self.port = local, port
        self.register, self.recommend, self.embed, self.compact, self.inspect = (
            f"http://127.0.0.1:{port + offset}" for offset in (0, 1, 2, 3, 5)
        )
        self.http = httpx.Client(timeout=60, trust_env=False)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str) -> "System":
        """Start it, without waiting."""
        command = [
            sys.executable,
            "-m",
            "scripts.serve",
            "--local",
            str(self.local),
            "--port",
            str(self.port),
        ]
        self.local.mkdir(parents=True, exist_ok=True)
        with (self.local / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *arguments], cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        return self

    def log(self) -> str:
        return (self.local / "serve.log").read_text()

    def healthy(self, address: str) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log()
        try:
            return self.http.get(f"{address}/healthz").status_code == 200
        except httpx.TransportError:
            return False

    def ready(self) -> "System":
        """Wait until the functions answer."""
        for address in (self.register, self.recommend):
            eventually(f"{address}/healthz", lambda address=address: self.healthy(address), 180)
        return self

    def kill(self) -> None:
        """End serve and everything below it at once, as a power cut would."""
        assert self.process is not None
        everything = [*children(self.process.pid), self.process.pid]
        for pid in everything:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.http.close()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end, and return its exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.http.close()
        return self.process.wait(timeout=20)

    def client(self, token: str | None = None) -> StylekinClient:
        """A client of the token's shopper, or of one who has yet to register."""
        return StylekinClient(self.register, self.recommend, token)

    def shopper(self, department: str, **fields: Any) -> dict[str, str]:
        """Register, and return the headers of the shopper's calls."""
        answer = self.http.post(self.register, json={"department": department, **fields})
        assert answer.status_code == 201, answer.text
        return {"Authorization": f"Bearer {answer.json()['token']}"}

    def ask(self, headers: dict[str, str], **fields: Any) -> dict[str, Any]:
        """Recommendations."""
        answer = self.http.post(self.recommend, headers=headers, json=fields)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def items(self, department: str) -> int:
        """How many items of a department are visible."""
        with self.client() as shop:
            return shop.healthz().items[department]


@contextmanager
def running(local: Path, *arguments: str) -> Iterator[System]:
    """A system that is up, and gone afterwards."""
    system = System(local, free_ports(8)).start(*arguments)
    try:
        yield system.ready()
    finally:
        system.stop()
