"""The profiles in one SQLite file. Standard library only.

One row per profile, its JSON as the value. The file is in write-ahead mode, so several processes read
while one writes. A change is written if the profile still is what was read, else in an immediate
transaction, so none is lost. What was acknowledged survives the end of any process at any moment; that of
the machine itself may take the last seconds' changes, but never leaves half of one: no call waits for the
disk. Connections are opened when first needed, one per thread at work, never across a fork.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.errors import ProfileExists, ProfileNotFound, StoreUnavailable
from shared.profile import Profile, read_profile, write_profile
from shared.storage import disk
from shared.storage.ports import Profiles

PATIENCE = 30.0  # seconds to wait for another process's write


class Sqlite(Profiles):
    """Profiles in the file ``path``, made with its folder when first needed, readable by its owner only.

    Raises StoreUnavailable if the file cannot be opened, read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: list[sqlite3.Connection] = []
        self._process = os.getpid()
        self._left_to_parent: list[sqlite3.Connection] = []

    def create(self, profile: Profile) -> None:
        with self._transaction() as connection:
            try:
                connection.execute(
                    "INSERT INTO profiles (user_id, profile) VALUES (?, ?)",
                    (profile.user_id, write_profile(profile)),
                )
            except sqlite3.IntegrityError as error:
                raise ProfileExists(f"expected no profile {profile.user_id}, found one") from error

    def get(self, user_id: str) -> Profile:
        with self._connection() as connection:
            return read_profile(self._read(connection, user_id))

    def update(self, user_id: str, change: Callable[[Profile], Profile]) -> Profile:
        with self._connection() as connection:
            kept = self._read(connection, user_id)
            changed = change(read_profile(kept))
            if connection.execute(
                "UPDATE profiles SET profile = ? WHERE user_id = ? AND profile = ?",
                (write_profile(changed), user_id, kept),
            ).rowcount:
                return changed
        with self._transaction() as connection:  # somebody wrote in between: now nobody can
            changed = change(read_profile(self._read(connection, user_id)))
            connection.execute(
                "UPDATE profiles SET profile = ? WHERE user_id = ?", (write_profile(changed), user_id)
            )
        return changed

    def delete(self, user_id: str) -> None:
        with self._transaction() as connection:
            if connection.execute("DELETE FROM profiles WHERE user_id = ?", (user_id,)).rowcount == 0:
                raise ProfileNotFound(f"expected a profile {user_id}, found none")

    def close(self) -> None:
        """Close the idle connections; the next call opens one again."""
        while self._idle:
            self._idle.pop().close()

    @staticmethod
    def _read(connection: sqlite3.Connection, user_id: str) -> bytes:
        row = connection.execute("SELECT profile FROM profiles WHERE user_id = ?", (user_id,)).fetchone()
        if row is None:
            raise ProfileNotFound(f"expected a profile {user_id}, found none")
        data: bytes = row[0]
        return data

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        if self._process != os.getpid():
            # SQLite forbids using a connection across a fork, so the parent's are kept but never touched
            self._left_to_parent, self._idle, self._process = self._idle, [], os.getpid()
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._open()
        try:
            yield connection
        except sqlite3.Error as error:
            connection.close()
            raise StoreUnavailable(f"expected to reach the profiles, found: {error}") from error
        except BaseException:
            self._idle.append(connection)
            raise
        self._idle.append(connection)

    def _open(self) -> sqlite3.Connection:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Who is second to make a file write ahead is refused at once, so one at a time opens it. The lock
            # is another file, and this one is only made here: a process that opens and closes it beside
            # SQLite gives up all of SQLite's locks on it (sqlite.org/howtocorrupt.html, 2.2).
            with disk.locked(self.path.with_name(f"{self.path.name}-lock"), 0o600):
                if not self.path.exists():
                    os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
                return self._opened()
        except (OSError, sqlite3.Error) as error:
            raise StoreUnavailable(f"expected to open the profiles, found: {error}") from error

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS profiles (user_id TEXT PRIMARY KEY, profile BLOB NOT NULL) STRICT"
            )
        except sqlite3.Error:
            connection.close()
            raise
        return connection
