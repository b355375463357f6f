"""A bucket in memory: the double of every test that needs no disk. It passes the suite of all adapters."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from io import RawIOBase

from shared.errors import BlobNotFound, PreconditionFailed
from shared.storage.pieces import PIECE, Content, Pieces, as_file
from shared.storage.ports import Blob


class Memory:
    """Blobs in a dict. ``now`` is the bucket's clock.

    A listing is made name by name while it is read, as weakly as a store may: it shows every object that
    is there from its beginning to its end, and of the others any or none.
    """

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.objects: dict[str, tuple[bytes, Blob]] = {}
        self.piece = PIECE
        self._now = now
        self._generation = 0

    def list(self, prefix: str = "") -> Iterator[Blob]:
        last = ""
        while names := [name for name in self.objects if name > last and name.startswith(prefix)]:
            last = min(names)
            yield self.objects[last][1]

    def stat(self, name: str) -> Blob:
        return self._object(name)[1]

    def read(self, name: str, generation: int | None = None) -> tuple[bytes | memoryview, Blob]:
        data, blob = self._object(name)
        if generation not in (None, blob.generation):
            raise BlobNotFound(f"{name}: expected generation {generation}, found {blob.generation}")
        return data, blob

    def open(self, name: str, generation: int | None = None) -> tuple[RawIOBase, Blob]:
        """In pieces of ``piece`` bytes, each read as the whole object is."""
        _, blob = self.read(name, generation)

        def fetch(start: int, size: int) -> bytes:
            return bytes(self.read(name, blob.generation)[0][start : start + size])

        return Pieces(name, blob.size, fetch, self.piece), blob

    def write(
        self,
        name: str,
        data: Content,
        *,
        if_generation: int | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Blob:
        found = self.objects[name][1].generation if name in self.objects else 0
        if if_generation not in (None, found):
            raise PreconditionFailed(f"{name}: expected generation {if_generation}, found {found}")
        file, size = as_file(name, data)
        self._generation += 1
        blob = Blob(name, self._generation, 1, size, self._now(), dict(metadata or {}))
        self.objects[name] = file.readall(), blob
        return blob

    def touch(self, name: str, metadata: Mapping[str, str] | None = None) -> Blob:
        data, blob = self._object(name)
        kept = blob.metadata if metadata is None else dict(metadata)
        blob = replace(blob, metageneration=blob.metageneration + 1, metadata=kept)
        self.objects[name] = data, blob
        return blob

    def delete(self, name: str, generation: int | None = None) -> None:
        if generation not in (None, self._object(name)[1].generation):
            raise BlobNotFound(f"{name}: expected generation {generation}, found another")
        del self.objects[name]

    def _object(self, name: str) -> tuple[bytes, Blob]:
        if name not in self.objects:
            raise BlobNotFound(f"{name}: nothing of that name")
        return self.objects[name]
