"""Functions as processes of their own under functions-framework, on free ports of this machine."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.processes import end_with_parent, is_free

ROOT = Path(__file__).parent.parent
PATIENCE = 120.0  # seconds until a server must answer


@dataclass(frozen=True)
class Server:
    """A running function: where it answers, its process, and the file with its log."""

    address: str
    pid: int
    log: Path

    def resident_mb(self) -> float:
        """The megabytes of its processes that lie in memory; 0 where the system does not tell."""
        found = 0.0
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
                if str(self.pid) in (lines["PPid"].strip(), status.parent.name):
                    found += float(lines.get("VmRSS", "0 kB").split()[0]) / 1024
            except OSError:
                continue  # it ended meanwhile
        return round(found)


@contextmanager
def serving(source: Path, target: str, environment: Mapping[str, str], log: Path) -> Iterator[Server]:
    """A function that listens, until the block ends. Raises RuntimeError with its log if it does not."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "functions_framework", "--host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--target", target, "--source", str(source)],
            cwd=ROOT,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), **environment},
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
    try:
        deadline = time.monotonic() + PATIENCE
        while is_free(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{target} did not listen: {log.read_text()[-2000:]}")
            time.sleep(0.002)
        yield Server(f"http://127.0.0.1:{port}", process.pid, log)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
