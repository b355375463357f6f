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
#: What lets our functions find what they find where they are deployed, and no more: see benchmarks/absent.
LIKE_DEPLOYED = {"PYTHONPATH": f"{ROOT / 'benchmarks' / 'absent'}{os.pathsep}{ROOT}"}
PATIENCE = 120.0  # seconds until a server must answer


@dataclass(frozen=True)
class Server:
    """A running function: where it answers, its process, and the file with its log."""

    address: str
    pid: int
    log: Path

    def resident_mb(self) -> float:
        """The megabytes of its processes that lie in memory; 0 where the system does not tell."""
        pages = sum(int(fields[21]) for fields in self._processes())
        return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6)

    def processor_seconds(self) -> float:
        """What its processes took of the processor so far, however long they waited for it; 0 likewise."""
        ticks = sum(int(fields[11]) + int(fields[12]) for fields in self._processes())
        return ticks / os.sysconf("SC_CLK_TCK")

    def _processes(self) -> Iterator[list[str]]:
        """What Linux tells of the process and its children, from the state on (proc(5), stat)."""
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended meanwhile
            if str(self.pid) in (stat.parent.name, fields[1]):
                yield fields


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
