"""What is special to SQLite; the contract itself is in test_profiles."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from shared.errors import FormatError, ProfileNotFound, StoreUnavailable
from shared.profile import Profile
from shared.storage.sqlite import Sqlite

ROOT = Path(__file__).parents[2]
ADA = Profile(user_id="a" * 32, department="womenswear")


def test_opens_nothing_before_the_first_call(tmp_path: Path) -> None:
    Sqlite(tmp_path / "users.db")
    assert list(tmp_path.iterdir()) == []


def test_only_the_owner_may_read(tmp_path: Path) -> None:
    users = Sqlite(tmp_path / "users.db")
    users.create(ADA)
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["users.db", "users.db-lock", "users.db-shm", "users.db-wal"]
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600] * 4
    users.close()


def test_an_unreachable_file_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="expected to open the profiles"):
        Sqlite(tmp_path / "file" / "users.db").get(ADA.user_id)
    with pytest.raises(StoreUnavailable, match="expected to open the profiles"):
        Sqlite(tmp_path).get(ADA.user_id)


def test_a_file_of_something_else_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "users.db").write_text("not a database at all " * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        Sqlite(tmp_path / "users.db").get(ADA.user_id)


def test_a_table_that_vanishes_is_unavailable_and_comes_back(tmp_path: Path) -> None:
    users = Sqlite(tmp_path / "users.db")
    users.create(ADA)
    vandal = sqlite3.connect(tmp_path / "users.db")
    vandal.execute("DROP TABLE profiles")
    vandal.commit()
    vandal.close()
    with pytest.raises(StoreUnavailable, match="no such table"):
        users.get(ADA.user_id)
    with pytest.raises(ProfileNotFound):  # the next connection makes the table again
        users.get(ADA.user_id)
    users.close()


def test_an_unknown_format_is_told(tmp_path: Path) -> None:
    users = Sqlite(tmp_path / "users.db")
    users.create(ADA)
    other = sqlite3.connect(tmp_path / "users.db")
    other.execute("UPDATE profiles SET profile = ?", (b'{"format":99}',))
    other.commit()
    other.close()
    with pytest.raises(FormatError, match="expected a profile of format 1"):
        users.get(ADA.user_id)
    users.close()


def test_erasing_leaves_no_trace_in_the_file(tmp_path: Path) -> None:
    users = Sqlite(tmp_path / "users.db")
    users.create(ADA.with_tastes("womenswear", ["a-very-telling-item"]))
    users.close()
    assert b"a-very-telling-item" in (tmp_path / "users.db").read_bytes()
    users.delete(ADA.user_id)
    users.close()
    assert b"a-very-telling-item" not in (tmp_path / "users.db").read_bytes()


def test_a_forked_child_opens_its_own_connection(tmp_path: Path) -> None:
    users = Sqlite(tmp_path / "users.db")
    users.create(ADA)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            users.update(ADA.user_id, lambda profile: profile.with_tastes("womenswear", ["child"]))
            status = 0
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert users.get(ADA.user_id).likes("womenswear") == ("child",)
    users.close()


def test_threads_share_no_connection(tmp_path: Path) -> None:
    """A change that waits for another thread's read: one connection for both would block for ever."""
    users = Sqlite(tmp_path / "users.db")
    users.create(ADA)
    inside, done = threading.Event(), threading.Event()

    def change(profile: Profile) -> Profile:
        inside.set()
        assert done.wait(10)
        return profile.with_tastes("womenswear", ["x"])

    writer = threading.Thread(target=users.update, args=(ADA.user_id, change))
    writer.start()
    assert inside.wait(10)
    assert users.get(ADA.user_id) == ADA  # a reader sees the old profile meanwhile
    done.set()
    writer.join()
    assert users.get(ADA.user_id).likes("womenswear") == ("x",)
    users.close()


def both_at_work(users: Sqlite) -> None:
    """Leave two connections behind: a change waits for another thread's read."""
    reader = threading.Thread(target=users.get, args=(ADA.user_id,))

    def change(profile: Profile) -> Profile:
        reader.start()
        reader.join(10)
        return profile.with_tastes("womenswear", ["before"])

    users.update(ADA.user_id, change)
    assert not reader.is_alive()


def test_what_is_changed_after_another_process_left_is_kept(tmp_path: Path) -> None:
    """The last process to leave takes the write-ahead file along, so it must know that others are there."""
    path = tmp_path / "users.db"
    users = Sqlite(path)
    users.create(ADA)
    both_at_work(users)
    code = "import sys; from pathlib import Path; from shared.storage.sqlite import Sqlite;"
    code += "users = Sqlite(Path(sys.argv[1])); print(users.get(sys.argv[2])); users.close()"
    another = [sys.executable, "-c", code, str(path), ADA.user_id]
    assert "before" in subprocess.run(another, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    users.update(ADA.user_id, lambda profile: profile.with_tastes("womenswear", ["after"]))
    assert "after" in subprocess.run(another, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    users.close()


def test_many_may_be_the_first_to_open(tmp_path: Path) -> None:
    for attempt in range(20):
        users, start, found = Sqlite(tmp_path / f"{attempt}.db"), threading.Barrier(8), []

        def ask(users: Sqlite = users, start: threading.Barrier = start, found: list[str] = found) -> None:
            start.wait()
            try:
                users.get(ADA.user_id)
            except ProfileNotFound:
                found.append("nobody")

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == ["nobody"] * 8
        users.close()
