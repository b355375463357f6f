"""A fault-injecting store: adapters around another that fail as clouds do, at random and by a seed.

    errors                 an operation, or a listing in its middle, fails; nothing was done
    timeouts               no answer within ``TIMEOUT`` seconds; a write was done, or was not
    lost acknowledgements  a write is done and ends in an error
    slow reads             a read or a listing takes its time
    lagging listings       a listing shows the bucket as it was ``LAG`` ago, what was deleted since included
    truncated reads        only the first part of the bytes comes
    killed processes       nothing of this module: ``tests.faults.trial`` kills

Two more are no faults that anything could survive. They show that the trial can see a loss: ``forgotten
writes`` are acknowledged and not done, ``holes in listings`` hide some objects now and then.
"""

import hashlib
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import RawIOBase
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from shared.errors import StoreUnavailable
from shared.profile import Profile
from shared.storage.ports import Blob, Blobs, Profiles

FAULTS = (
    "errors",
    "timeouts",
    "lost acknowledgements",
    "slow reads",
    "lagging listings",
    "truncated reads",
    "killed processes",
)
RATES = {  # of the operations that can meet the fault
    "errors": 0.05,
    "timeouts": 0.03,
    "lost acknowledgements": 0.1,
    "slow reads": 0.05,
    "truncated reads": 0.05,
    "forgotten writes": 0.2,
    "holes in listings": 1.0,
}
TIMEOUT = 0.2  # seconds
SLOW = (0.02, 0.3)  # seconds
LAG = timedelta(seconds=120)

T = TypeVar("T")


@dataclass(frozen=True)
class Clock:
    """A clock that all share: ``rate`` seconds pass on it in each second since ``began`` (Unix time)."""

    began: float
    rate: float

    def seconds(self) -> float:
        return self.began + (time.time() - self.began) * self.rate

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), UTC)

    def of(self, moment: datetime) -> datetime:
        """What this clock showed at a moment."""
        return datetime.fromtimestamp(self.began + (moment.timestamp() - self.began) * self.rate, UTC)


class Observed(Blobs):
    """A bucket whose times are those of ``clock``. The folder ``witness`` gets the id of each snapshot that
    a manifest names: who replaces a manifest has read it, so none is missed."""

    def __init__(self, blobs: Blobs, clock: Clock, witness: Path) -> None:
        self._blobs, self._clock, self._witness = blobs, clock, witness

    def list(self, prefix: str = "") -> Iterator[Blob]:
        return map(self._told, self._blobs.list(prefix))

    def stat(self, name: str) -> Blob:
        return self._told(self._blobs.stat(name))

    def read(self, name: str, generation: int | None = None) -> tuple[bytes | memoryview, Blob]:
        data, blob = self._blobs.read(name, generation)
        if name.endswith("/manifest.json") and (snapshot := msgspec.json.decode(data)["snapshot"]):
            (self._witness / snapshot).touch()
        return data, self._told(blob)

    def open(self, name: str, generation: int | None = None) -> tuple[RawIOBase, Blob]:
        file, blob = self._blobs.open(name, generation)
        return file, self._told(blob)

    def write(self, name: str, data: bytes | memoryview, **conditions: Any) -> Blob:
        return self._told(self._blobs.write(name, data, **conditions))

    def touch(self, name: str, metadata: Mapping[str, str] | None = None) -> Blob:
        return self._told(self._blobs.touch(name, metadata))

    def delete(self, name: str, generation: int | None = None) -> None:
        self._blobs.delete(name, generation)

    def _told(self, blob: Blob) -> Blob:
        return replace(blob, created=self._clock.of(blob.created))


class Trouble:
    """One kind of fault: whether it strikes now, and how often it did. For any number of threads."""

    def __init__(self, fault: str, seed: str) -> None:
        self.fault = fault
        self.dice = random.Random(seed)
        self.injected = 0
        self._counting = threading.Lock()

    def strikes(self, fault: str) -> bool:
        """Whether this is ``fault``, and it strikes."""
        return self.fault == fault and self.dice.random() < RATES[fault] and self.count()

    def count(self) -> bool:
        """Count one more. True."""
        with self._counting:
            self.injected += 1
        return True

    def meet(self, about: str, job: Callable[[], T], writes: bool = False) -> T:
        """Do a job, or fail at it. Raises StoreUnavailable."""
        if self.strikes("errors"):
            raise StoreUnavailable(f"{about}: an injected error")
        if self.strikes("timeouts"):
            if writes and self.dice.random() < 0.5:
                job()
            time.sleep(TIMEOUT)
            raise StoreUnavailable(f"{about}: an injected timeout")
        if not writes and self.strikes("slow reads"):
            time.sleep(self.dice.uniform(*SLOW))
        done = job()
        if writes and self.strikes("lost acknowledgements"):
            raise StoreUnavailable(f"{about}: an injected loss of an acknowledgement")
        return done


class Faulty(Blobs):
    """The bucket ``blobs`` in ``trouble``. What was deleted is kept in ``ghosts`` for listings that lag."""

    def __init__(self, blobs: Blobs, trouble: Trouble, clock: Clock, ghosts: Path) -> None:
        self._blobs, self._trouble, self._clock, self._ghosts = blobs, trouble, clock, ghosts

    def list(self, prefix: str = "") -> Iterator[Blob]:
        listing: Sequence[Blob] = self._trouble.meet(prefix, lambda: list(self._blobs.list(prefix)))
        if self._trouble.fault == "lagging listings":
            listing = self._as_it_was(prefix, listing)
        if self._trouble.strikes("holes in listings"):
            listing = [blob for blob in listing if self._trouble.dice.random() < 0.5]
        if self._trouble.strikes("errors"):
            yield from listing[: self._trouble.dice.randint(0, len(listing))]
            raise StoreUnavailable(f"{prefix}: an injected error in a listing")
        yield from listing

    def stat(self, name: str) -> Blob:
        return self._trouble.meet(name, lambda: self._blobs.stat(name))

    def read(self, name: str, generation: int | None = None) -> tuple[bytes | memoryview, Blob]:
        data, blob = self._trouble.meet(name, lambda: self._blobs.read(name, generation))
        if len(data) and self._trouble.strikes("truncated reads"):
            data = data[: self._trouble.dice.randrange(len(data))]
        return data, blob

    def open(self, name: str, generation: int | None = None) -> tuple[RawIOBase, Blob]:
        file, blob = self._trouble.meet(name, lambda: self._blobs.open(name, generation))
        return FaultyFile(file, name, self._trouble), blob

    def write(self, name: str, data: bytes | memoryview, **conditions: Any) -> Blob:
        if "/deltas/" in name and self._trouble.strikes("forgotten writes"):
            return Blob(name, 1, 1, len(data), self._clock.now())
        return self._trouble.meet(name, lambda: self._blobs.write(name, data, **conditions), writes=True)

    def touch(self, name: str, metadata: Mapping[str, str] | None = None) -> Blob:
        return self._trouble.meet(name, lambda: self._blobs.touch(name, metadata), writes=True)

    def delete(self, name: str, generation: int | None = None) -> None:
        def deleted() -> None:
            ghost = self._blobs.stat(name)
            self._blobs.delete(name, generation)
            if self._trouble.fault == "lagging listings":
                digest = hashlib.sha256(name.encode()).hexdigest()
                data = msgspec.json.encode((ghost, self._clock.now()))
                (self._ghosts / f"{digest}.new").write_bytes(data)
                (self._ghosts / f"{digest}.new").rename(self._ghosts / f"{digest}.json")

        self._trouble.meet(name, deleted, writes=True)

    def _as_it_was(self, prefix: str, listing: Sequence[Blob]) -> Sequence[Blob]:
        then = self._clock.now() - LAG
        was = {blob.name: blob for blob in listing if blob.created <= then}
        for path in self._ghosts.glob("*.json"):
            ghost, deleted = msgspec.json.decode(path.read_bytes(), type=tuple[Blob, datetime])
            if ghost.name.startswith(prefix) and ghost.created <= then < deleted:
                was.setdefault(ghost.name, ghost)
        if was.keys() != {blob.name for blob in listing}:
            self._trouble.count()
        return [was[name] for name in sorted(was)]


class FaultyFile(RawIOBase):
    """The file ``file`` of the object ``name`` in ``trouble``: what is cut short ends before its end."""

    def __init__(self, file: RawIOBase, name: str, trouble: Trouble) -> None:
        self._file, self._name, self._trouble = file, name, trouble

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def readinto(self, buffer: Any, /) -> int | None:
        if self._trouble.strikes("truncated reads"):
            return 0
        return self._trouble.meet(self._name, lambda: self._file.readinto(buffer))


class FaultyProfiles(Profiles):
    """The profiles ``users`` in ``trouble``."""

    def __init__(self, users: Profiles, trouble: Trouble) -> None:
        self._users, self._trouble = users, trouble

    def create(self, profile: Profile) -> None:
        self._trouble.meet("create", lambda: self._users.create(profile), writes=True)

    def get(self, user_id: str) -> Profile:
        return self._trouble.meet("get", lambda: self._users.get(user_id))

    def update(self, user_id: str, change: Callable[[Profile], Profile]) -> Profile:
        return self._trouble.meet("update", lambda: self._users.update(user_id, change), writes=True)

    def delete(self, user_id: str) -> None:
        self._trouble.meet("delete", lambda: self._users.delete(user_id), writes=True)
