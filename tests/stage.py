"""Actors on one stage: real code that stops before every store operation until it is told to go on.

Only one actor moves at a time, so a play is repeated exactly by repeating who moves when.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from io import RawIOBase

from shared.storage.ports import Blob, Blobs


class Killed(BaseException):
    """The actor's process is gone: nothing it would have done later happens."""


class Actor:
    """Plays jobs in a thread of its own, one store operation per move. ``error`` is what ended the last."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self._move = threading.Semaphore(0)
        self._moved = threading.Semaphore(0)
        self._thread: threading.Thread | None = None
        self._killed = False

    @property
    def idle(self) -> bool:
        return self._thread is None

    def start(self, job: Callable[[], object]) -> None:
        """Begin a job; it stops before its first store operation."""
        self._killed = False
        self._thread = threading.Thread(target=self._play, args=(job,), daemon=True)
        self._thread.start()
        self._await()

    def move(self) -> None:
        """Let the job go on to its next store operation or to its end."""
        self._move.release()
        self._await()

    def kill(self) -> None:
        """End the job before its next store operation, as ``kill -9`` would."""
        if not self.idle:
            self._killed = True
            self.move()

    def step(self) -> None:
        """Called by the job before each store operation."""
        self._moved.release()
        self._move.acquire()
        if self._killed:
            raise Killed

    def _play(self, job: Callable[[], object]) -> None:
        try:
            job()
        except Killed:
            pass
        except BaseException as error:
            self.error = error
        self._thread = None
        self._moved.release()

    def _await(self) -> None:
        assert self._moved.acquire(timeout=30), "the actor neither moved nor ended"
        if self.error is not None:
            raise self.error


class Stepped:
    """Blobs of which every operation, and every name of a listing, is a move of ``actor``."""

    def __init__(self, blobs: Blobs, actor: Actor) -> None:
        self._blobs = blobs
        self._actor = actor

    def list(self, prefix: str = "") -> Iterator[Blob]:
        listing = self._blobs.list(prefix)
        while True:
            self._actor.step()
            try:
                blob = next(listing)
            except StopIteration:
                return
            yield blob

    def stat(self, name: str) -> Blob:
        self._actor.step()
        return self._blobs.stat(name)

    def read(self, name: str, generation: int | None = None) -> tuple[bytes | memoryview, Blob]:
        self._actor.step()
        return self._blobs.read(name, generation)

    def open(self, name: str, generation: int | None = None) -> tuple[RawIOBase, Blob]:
        self._actor.step()
        return self._blobs.open(name, generation)

    def write(
        self,
        name: str,
        data: bytes | memoryview,
        *,
        if_generation: int | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Blob:
        self._actor.step()
        return self._blobs.write(name, data, if_generation=if_generation, metadata=metadata)

    def touch(self, name: str, metadata: Mapping[str, str] | None = None) -> Blob:
        self._actor.step()
        return self._blobs.touch(name, metadata)

    def delete(self, name: str, generation: int | None = None) -> None:
        self._actor.step()
        self._blobs.delete(name, generation)
