"""What ``shared.storage.folder`` keeps beside one file: its metadata and metageneration.

It belongs to one generation and is ignored for any other. A new file's generation is only known once it
has its name, so its metadata is announced first, for the file as it is known by then (its inode, size
and modification time); a kill between the two loses nothing.
"""

import contextlib
import os
from pathlib import Path

import msgspec

from shared.storage import disk


class Announcement(msgspec.Struct, frozen=True):
    """Metadata of a file that is about to get its name."""

    inode: int
    size: int
    modified: int
    metadata: dict[str, str]


class Record(msgspec.Struct, frozen=True):
    """The sidecar's JSON."""

    name: str
    generation: int = 0
    metageneration: int = 1
    metadata: dict[str, str] = {}
    announced: Announcement | None = None


# Made once, here: msgspec 0.22 crashes when two threads use a type for the first time at once.
_DECODER = msgspec.json.Decoder(Record)


class Sidecar:
    """The file ``path``, which speaks of the object ``name``. Written under the folder's lock only."""

    def __init__(self, path: Path, name: str, drafts: Path) -> None:
        self._path = path
        self._name = name
        self._drafts = drafts

    def of(self, found: os.stat_result) -> tuple[int, dict[str, str]]:
        """Metageneration and metadata of the file as ``found``; 1 and none if nothing is kept of it."""
        record = self._read()
        if record.generation == found.st_ctime_ns:
            return record.metageneration, record.metadata
        announced = record.announced
        if announced and (announced.inode, announced.size, announced.modified) == _known(found):
            return 1, announced.metadata
        return 1, {}

    def announce(self, draft: os.stat_result, metadata: dict[str, str]) -> None:
        """Keep the metadata of a file that has no generation yet, beside that of the present one."""
        record = self._read()
        self._write(msgspec.structs.replace(record, announced=Announcement(*_known(draft), metadata)))

    def keep(self, generation: int, metageneration: int, metadata: dict[str, str]) -> None:
        """Keep the metadata of one generation and forget all others."""
        self._write(Record(self._name, generation, metageneration, metadata))

    def drop(self) -> None:
        """Forget everything."""
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()

    def _read(self) -> Record:
        try:
            record = _DECODER.decode(self._path.read_bytes())
        except (FileNotFoundError, msgspec.MsgspecError):
            return Record(self._name)
        return record if record.name == self._name else Record(self._name)

    def _write(self, record: Record) -> None:
        disk.make(self._path.parent)
        with disk.draft(self._drafts, msgspec.json.encode(record)) as draft:
            os.rename(draft, self._path)


def _known(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_size, found.st_mtime_ns
