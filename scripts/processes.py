"""Start the functions as processes of their own, and leave none behind. Standard library only."""

import asyncio
import ctypes
import os
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

STOPPING_SECONDS = 3.0
PR_SET_PDEATHSIG = 1


class CannotServe(Exception):
    """Something on this machine stands in the way; the message says what, and what to do."""


class Process:
    """One function under functions-framework, on a port of this machine, its log in a file."""

    def __init__(self, function: str, port: int, staged: Path, log: Path) -> None:
        self.function, self.port, self.staged, self.log = function, port, staged, log
        self.address = f"http://127.0.0.1:{port}"
        self.running: asyncio.subprocess.Process | None = None

    async def start(self, environment: Mapping[str, str], signature: str = "http") -> None:
        """Start it, in a process group of its own, ending when this process ends."""
        with self.log.open("ab") as log:
            self.running = await asyncio.create_subprocess_exec(
                *self.command(signature),
                env={"PATH": os.environ.get("PATH", ""), **environment},
                cwd=self.staged,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )

    def command(self, signature: str) -> list[str]:
        """What is run, in the folder ``staged``."""
        command = [sys.executable, "-P", "-m", "functions_framework", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--target", self.function, "--signature-type", signature]
        return [*command, "--source", str(self.staged / "main.py")]

    async def answers(self, timeout: float = 60.0) -> None:
        """Wait until the port is open. Raises CannotServe if the process ends before."""
        assert self.running is not None
        deadline = asyncio.get_running_loop().time() + timeout
        while asyncio.get_running_loop().time() < deadline:
            if self.running.returncode is not None:
                raise CannotServe(self.epitaph())
            if not is_free(self.port):
                return
            await asyncio.sleep(0.05)
        raise CannotServe(f"{self.function} did not answer within {timeout:.0f} s; its log is {self.log}")

    async def ended(self) -> str:
        """Wait until the process ends by itself, and say how."""
        assert self.running is not None
        await self.running.wait()
        return self.epitaph()

    def epitaph(self) -> str:
        """How the process ended, with the end of its log."""
        assert self.running is not None
        lines = self.log.read_text(errors="replace").splitlines()[-12:]
        return "\n".join([f"{self.function} ended with status {self.running.returncode}: {self.log}", *lines])

    async def stop(self) -> None:
        """Ask the process group to end, and end it after STOPPING_SECONDS."""
        if self.running is None:
            return
        group = self.running.pid
        signal_group(group, signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.running.wait(), STOPPING_SECONDS)
        signal_group(group, signal.SIGKILL)
        await self.running.wait()


class Page(Process):
    """The shopper's page under uvicorn, from the project's own folder."""

    def command(self, signature: str) -> list[str]:
        """As the Dockerfile has it."""
        command = [sys.executable, "-m", "uvicorn", "app.server:app", "--host", "127.0.0.1"]
        return [*command, "--port", str(self.port), "--no-access-log"]


def signal_group(group: int, number: signal.Signals) -> None:
    """Signal a process group, if it is still there."""
    with suppress(ProcessLookupError):
        os.killpg(group, number)


def is_free(port: int) -> bool:
    """Whether nobody listens on the port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def end_with_parent() -> None:
    """On Linux, have the kernel end this process when its parent is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
