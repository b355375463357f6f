"""Locks on files: one holder at a time, and none once it is let go."""

import fcntl
import os
from pathlib import Path

import pytest

from shared.storage.disk import locked


def free(path: Path) -> bool:
    handle = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def test_a_lock_is_held_until_the_block_ends(tmp_path: Path) -> None:
    with locked(tmp_path / "lock", 0o600):
        assert not free(tmp_path / "lock")
    assert free(tmp_path / "lock")
    with pytest.raises(KeyError), locked(tmp_path / "lock", 0o600):
        raise KeyError
    assert free(tmp_path / "lock")


def test_a_child_that_was_forked_meanwhile_does_not_keep_it(tmp_path: Path) -> None:
    told, tell = os.pipe()
    with locked(tmp_path / "lock", 0o600):
        child = os.fork()
        if child == 0:
            os.close(tell)
            os.read(told, 1)  # until the parent is done
            os._exit(0)
    try:
        assert free(tmp_path / "lock")
    finally:
        os.close(tell)
        os.waitpid(child, 0)
        os.close(told)
