"""The emulators leave nothing behind, however they end, and say what is missing."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import emulators
from scripts.emulators import Emulator
from scripts.processes import CannotServe
from tests.running import ROOT, children, eventually, needs

KINDS = [emulators.storage, emulators.firestore, emulators.pubsub]
STARTER = """
import sys, time
from pathlib import Path
from scripts import emulators
emulator = getattr(emulators, sys.argv[1])(Path(sys.argv[2])).start().answers()
print(emulator.port, flush=True)
time.sleep(60)
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def installed(kind: Callable[[Path], Emulator], folder: Path) -> Emulator:
    try:
        return kind(folder)
    except CannotServe as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_stopping_ends_every_process(kind: Callable[[Path], Emulator], tmp_path: Path) -> None:
    with installed(kind, tmp_path) as emulator:
        assert emulator.running is not None
        below = [emulator.running.pid, *children(emulator.running.pid)]
        assert len(below) >= 2
    eventually("every process is gone", lambda: not any(alive(pid) for pid in below), 10)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_nothing_outlives_who_started_it(kind: Callable[[Path], Emulator], tmp_path: Path) -> None:
    needs(sys.platform == "linux", "Linux, whose kernel tells a process that its parent died")
    installed(kind, tmp_path)
    command = [sys.executable, "-c", STARTER, kind.__name__, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline().strip().isdigit()
        below = children(starter.pid)
        os.kill(starter.pid, signal.SIGKILL)
    assert len(below) >= 2
    eventually("every process is gone", lambda: not any(alive(pid) for pid in below), 10)


@pytest.mark.parametrize("kind", [emulators.firestore, emulators.pubsub], ids=lambda kind: kind.__name__)
def test_what_is_missing_is_said(
    kind: Callable[[Path], Emulator], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotServe, match="gcloud components install"):
        kind(tmp_path)
    for name in ("gcloud", "java"):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).write_text("#!/bin/sh\n")
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(CannotServe, match=r"expected the .* emulator: gcloud components install"):
        kind(tmp_path)


def test_one_that_ends_at_once_is_told_of(tmp_path: Path) -> None:
    program = [sys.executable, "-c", "print('no room'); raise SystemExit(3)"]
    emulator = Emulator("NOBODY", emulators.free_port(), program, tmp_path / "log").start()
    with pytest.raises(CannotServe, match=r"(?s)does not answer.*no room"):
        emulator.answers()
    emulator.stop()
