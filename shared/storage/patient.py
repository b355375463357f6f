"""Stores that are asked again when they do not answer: adapters around any other. Standard library only.

A call that ended in StoreUnavailable may have been done or not. It is tried again only where doing it twice
comes to the same:

    list, stat, read, get      change nothing; neither does a file that was opened, and what is read of it
    write with if_generation   the second finds its own bytes there, and that is success
    delete with generation     the second finds nothing there, and that is success
    touch without metadata     the second makes one more event, which says nothing new
    create, update, delete     of a profile: the second finds its own result there, and that is success

A write or a deletion without a condition, and a change of metadata, are tried once: what they would do a
second time may undo what somebody else did in between. Bytes that are fewer than the store says are no
answer either.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from io import RawIOBase
from typing import Any, TypeVar

from shared import logs
from shared.errors import (
    BlobNotFound,
    PreconditionFailed,
    ProfileExists,
    ProfileNotFound,
    StoreError,
    StoreUnavailable,
)
from shared.profile import Profile
from shared.storage.pieces import Content, is_same
from shared.storage.ports import Blob, Blobs, Profiles

ATTEMPTS = 6  # of one call
FIRST_WAIT = 0.05  # seconds at most before the second; doubled for each further one
PATIENCE = 10.0  # seconds since the first after which no other begins: a store may have been patient itself

T = TypeVar("T")


class Patient(Blobs):
    """The bucket ``blobs``, asked again. Raises StoreUnavailable when that did not help."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    def list(self, prefix: str = "") -> Iterator[Blob]:
        """A listing that breaks off goes on where it was: names ascend."""
        last, attempts = "", _Attempts("list", prefix)
        while True:
            try:
                for blob in self._blobs.list(prefix):
                    if blob.name > last:
                        last, attempts = blob.name, _Attempts("list", prefix)
                        yield blob
                return
            except StoreUnavailable as error:
                attempts.wait(error)

    def stat(self, name: str) -> Blob:
        return _again("stat", name, lambda: self._blobs.stat(name))

    def read(self, name: str, generation: int | None = None) -> tuple[bytes | memoryview, Blob]:
        def whole() -> tuple[bytes | memoryview, Blob]:
            data, blob = self._blobs.read(name, generation)
            if len(data) != blob.size:
                raise StoreUnavailable(f"{name}: expected {blob.size} bytes, found {len(data)}")
            return data, blob

        return _again("read", name, whole)

    def open(self, name: str, generation: int | None = None) -> tuple[RawIOBase, Blob]:
        file, blob = _again("open", name, lambda: self._blobs.open(name, generation))
        return _PatientFile(file, blob), blob

    def write(
        self,
        name: str,
        data: Content,
        *,
        if_generation: int | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Blob:
        def written() -> Blob:
            return self._blobs.write(name, data, if_generation=if_generation, metadata=metadata)

        def own(error: StoreError) -> Blob:
            if isinstance(error, PreconditionFailed):
                try:
                    found, blob = self.read(name)
                except BlobNotFound:
                    raise error from None
                if is_same(data, found) and blob.metadata == (metadata or {}):
                    return blob
            raise error

        return written() if if_generation is None else _again("write", name, written, own)

    def touch(self, name: str, metadata: Mapping[str, str] | None = None) -> Blob:
        def touched() -> Blob:
            return self._blobs.touch(name, metadata)

        return touched() if metadata is not None else _again("touch", name, touched)

    def delete(self, name: str, generation: int | None = None) -> None:
        def deleted() -> None:
            self._blobs.delete(name, generation)

        return deleted() if generation is None else _again("delete", name, deleted, _gone)


class _PatientFile(RawIOBase):
    """What ``open`` gave, each read of which is asked for again. An end before the object's is no answer."""

    def __init__(self, file: RawIOBase, blob: Blob) -> None:
        self._file, self._blob = file, blob

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def readinto(self, buffer: Any, /) -> int:
        def filled() -> int:
            count = self._file.readinto(buffer) or 0
            if len(buffer) and not count and (at := self._file.tell()) < self._blob.size:
                raise StoreUnavailable(f"{self._blob.name}: expected {self._blob.size} bytes, found {at}")
            return count

        return _again("read", self._blob.name, filled)


class PatientProfiles(Profiles):
    """The profiles ``users``, asked again. Raises StoreUnavailable when that did not help."""

    def __init__(self, users: Profiles) -> None:
        self._users = users

    def create(self, profile: Profile) -> None:
        def own(error: StoreError) -> None:
            if not isinstance(error, ProfileExists) or self.get(profile.user_id) != profile:
                raise error

        _again("create", profile.user_id, lambda: self._users.create(profile), own)

    def get(self, user_id: str) -> Profile:
        return _again("get", user_id, lambda: self._users.get(user_id))

    def update(self, user_id: str, change: Callable[[Profile], Profile]) -> Profile:
        """Where others changed the profile after an update whose acknowledgement was lost, ``change`` is made
        twice; the changes of this program then say the same once more."""
        changed: Profile | None = None

        def once(current: Profile) -> Profile:
            nonlocal changed
            if current != changed:
                changed = change(current)
            return changed

        return _again("update", user_id, lambda: self._users.update(user_id, once))

    def delete(self, user_id: str) -> None:
        _again("delete", user_id, lambda: self._users.delete(user_id), _gone)

    def close(self) -> None:
        """Close the connections of a store that has some; the next call opens them again."""
        if close := getattr(self._users, "close", None):
            close()


class _Attempts:
    """How often one call was tried, and since when."""

    def __init__(self, call: str, about: str) -> None:
        self.call, self.about = call, about
        self.failed = 0
        self._began = time.monotonic()

    def wait(self, error: StoreUnavailable) -> None:
        """Wait before the next attempt, longer each time. Raises ``error`` if there is to be none."""
        self.failed += 1
        if self.failed == ATTEMPTS or time.monotonic() - self._began > PATIENCE:
            raise error
        logs.write(
            "WARNING",
            "asked a store again",
            call=self.call,
            about=self.about,
            failed=self.failed,
            reason=str(error),
        )
        time.sleep(FIRST_WAIT * 2 ** (self.failed - 1) * random.uniform(0.5, 1))


def _again(call: str, about: str, job: Callable[[], T], own: Callable[[StoreError], T] | None = None) -> T:
    """What ``job`` returns at last.

    ``own``: what an error comes to that a later attempt met, and that an earlier one, whose end is not known,
    may be the cause of. It returns the result, or raises the error.
    """
    attempts = _Attempts(call, about)
    while True:
        try:
            return job()
        except StoreUnavailable as error:
            attempts.wait(error)
        except StoreError as error:
            if own is None or not attempts.failed:
                raise
            return own(error)


def _gone(error: StoreError) -> None:
    if not isinstance(error, BlobNotFound | ProfileNotFound):
        raise error
