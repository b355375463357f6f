"""Files that are whole and on disk before they have a name. Standard library only."""

import contextlib
import fcntl
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from shared.storage.pieces import Content, as_file

A_DAY = 86_400
AT_ONCE = 1 << 20  # bytes
# Kernels stamp files with a clock that ticks every 1 to 10 ms.
TICK_NS = 20_000_000


def make(folder: Path) -> None:
    """Make a folder and those above it, on disk."""
    if folder.is_dir():
        return
    make(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
        sync(folder.parent)
    if not folder.is_dir():
        raise NotADirectoryError(20, "expected a folder, found a file", str(folder))


def sync(folder: Path) -> None:
    """Put the names in a folder on disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def draft(folder: Path, data: Content, mode: int = 0o644) -> Iterator[Path]:
    """A file in ``folder`` with these bytes, on disk, to be renamed to where it belongs; else it goes."""
    make(folder)
    path = folder / uuid.uuid4().hex
    try:
        with open(path, "xb") as file:
            shutil.copyfileobj(as_file(path.name, data)[0], file, AT_ONCE)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        yield path
    finally:
        with contextlib.suppress(FileNotFoundError):
            path.unlink()


@contextlib.contextmanager
def locked(path: Path, mode: int) -> Iterator[int]:
    """The file ``path``, made if missing, held by one thread of one process at a time; its handle.

    The system frees it when the process dies. At the end closing is not enough: a child that was forked
    meanwhile has the handle, too.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, mode)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield handle
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)
    finally:
        os.close(handle)


def let_settle(changed: int) -> None:
    """Wait where a file of this ``st_ctime_ns`` is so young that it may change without a change of that."""
    if 0 <= time.time_ns() - changed < TICK_NS:
        time.sleep(TICK_NS / 1e9)


def sweep(folder: Path) -> None:
    """Delete what processes killed a day ago or earlier left in ``folder``."""
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):
                if entry.stat(follow_symlinks=False).st_mtime < time.time() - A_DAY:
                    os.unlink(entry.path)
