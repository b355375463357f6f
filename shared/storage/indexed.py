"""A catalogue's bucket whose facts also go to an engine. An adapter around any other.

Whoever writes a delta joins its facts, and so does whoever finds it there or deletes it: so no fact leaves
the log that the engine lacks, even if a writer died in between. Parts of a table are joined with its last
delta, or when that is there: before, they do not count (``shared.log.counting``).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from io import RawIOBase

from shared.card import Card
from shared.deltas import DeltaName, parse_delta_name, read_facts
from shared.engine import Engine
from shared.errors import BlobNotFound, FormatError, ModelMissing, PreconditionFailed
from shared.log import read_model_card
from shared.manifest import read_manifest
from shared.storage.pieces import Content
from shared.storage.ports import Blob, Blobs


class Indexed(Blobs):
    """The bucket ``blobs``, and ``engine`` with the items of the live and of the coming model version."""

    def __init__(self, blobs: Blobs, engine: Engine) -> None:
        self._blobs, self._engine = blobs, engine
        self._card = cache(self._read_card)

    def list(self, prefix: str = "") -> Iterator[Blob]:
        return self._blobs.list(prefix)

    def stat(self, name: str) -> Blob:
        self._join_found(name)
        return self._blobs.stat(name)

    def read(self, name: str, generation: int | None = None) -> tuple[bytes | memoryview, Blob]:
        return self._blobs.read(name, generation)

    def open(self, name: str, generation: int | None = None) -> tuple[RawIOBase, Blob]:
        return self._blobs.open(name, generation)

    def write(
        self,
        name: str,
        data: Content,
        *,
        if_generation: int | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Blob:
        try:
            blob = self._blobs.write(name, data, if_generation=if_generation, metadata=metadata)
        except PreconditionFailed:
            self._join_found(name)
            raise
        if not isinstance(data, RawIOBase):  # no delta is that large
            self._join(name, data)
        return blob

    def touch(self, name: str, metadata: Mapping[str, str] | None = None) -> Blob:
        return self._blobs.touch(name, metadata)

    def delete(self, name: str, generation: int | None = None) -> None:
        self._join_found(name)
        self._blobs.delete(name, generation)

    def _join_found(self, name: str) -> None:
        if parse_delta_name(name):
            with suppress(BlobNotFound):  # deleted, and joined before
                self._join(name, self._blobs.read(name)[0])

    def _join(self, name: str, data: bytes | memoryview) -> None:
        delta = parse_delta_name(name)
        if delta is None:
            return
        department = name.partition("/")[0]
        if delta.is_part and not self._is_there(f"{department}/deltas/{delta.end}"):
            return
        try:
            facts = read_facts(data, name)
        except FormatError:
            return  # compaction leaves it alone, too, and says so
        manifest, _ = read_manifest(self._blobs, department)
        for model in (delta.model,) if delta.model else (manifest.model, manifest.coming):
            with suppress(ModelMissing):  # of a model that is there no longer
                if model is not None:
                    self._engine.join(self._card(department, model), facts)
        for part in self._parts(department, delta):
            self._join_found(part)

    def _parts(self, department: str, delta: DeltaName) -> Sequence[str]:
        """The parts in the log of the table whose last delta this is; none of another's."""
        if delta.kind != "table" or delta.is_part:
            return []
        named = self._blobs.list(f"{department}/deltas/{delta.generation:020d}-")
        found = {blob.name: parse_delta_name(blob.name) for blob in named}
        return [name for name, each in found.items() if each and each.is_part and each.source == delta.source]

    def _is_there(self, name: str) -> bool:
        try:
            self._blobs.stat(name)
        except BlobNotFound:
            return False
        return True

    def _read_card(self, department: str, model: str) -> Card:
        return read_model_card(self._blobs, department, model)
