"""Which snapshot and which model of a department are live: one small JSON, replaced by compare-and-swap."""

import re
from typing import Annotated

import msgspec

from shared.errors import BlobNotFound, FormatError, ModelMissing
from shared.storage.ports import Blobs

FORMAT = 1
LINEAGE = 30

_SNAPSHOT = re.compile(r"(\d{10})-[0-9a-f]{16}")
SnapshotId = Annotated[str, msgspec.Meta(pattern=f"^{_SNAPSHOT.pattern}$")]


class Ancestor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An earlier manifest: its generation, and the snapshot it named."""

    generation: int
    snapshot: SnapshotId | None


class Former(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The model version that was live before, and its last snapshot."""

    model: str
    snapshot: SnapshotId | None


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The department's manifest.json.

    ``snapshot`` is the id of the live one, None before the first; ``model`` the live model version,
    None before one was published. ``coming`` is the version that is to be live next: pictures are embedded
    by both meanwhile. ``former`` is what was live before the last switch. ``lineage`` are up to thirty
    earlier manifests, oldest first, whose snapshots were folded into ``lineage_of``. Whoever goes back to an
    earlier snapshot changes ``snapshot`` alone: then the lineage is not that of the live snapshot and
    nobody relies on it.
    """

    department: str
    format: Annotated[int, msgspec.Meta(ge=FORMAT, le=FORMAT)] = FORMAT
    model: str | None = None
    snapshot: SnapshotId | None = None
    lineage: tuple[Ancestor, ...] = ()
    lineage_of: SnapshotId | None = None
    coming: str | None = None
    former: Former | None = None

    def follows(self, generation: int) -> bool:
        """Whether the live snapshot is that of the manifest at ``generation`` plus facts from the log."""
        return any(ancestor.generation == generation for ancestor in self._past)

    def passed_over(self, snapshot: str) -> bool:
        """Whether a snapshot never was live and never will be: its number lies among those of the lineage.

        Its compaction died or was overtaken. One of a number past the live one may yet be named. Between the
        oldest manifest and the next somebody may have gone back, so there nothing is concluded.
        """
        named = [ancestor.snapshot for ancestor in self._past[1:]] + [self.snapshot]
        if not self._past or not named[0] or not self.snapshot:
            return False
        among = sequence_of(named[0]) <= sequence_of(snapshot) <= sequence_of(self.snapshot)
        return among and snapshot not in named

    def advanced(self, generation: int, snapshot: str) -> "Manifest":
        """The next manifest, once ``snapshot`` was folded from this one, which is at ``generation``."""
        past = self._with(generation)
        return msgspec.structs.replace(self, snapshot=snapshot, lineage=past, lineage_of=snapshot)

    def cut(self) -> "Manifest":
        """The same manifest, with a snapshot that is more than earlier ones and facts: nobody catches up."""
        return msgspec.structs.replace(self, lineage=(), lineage_of=None)

    def announcing(self, generation: int, coming: str | None) -> "Manifest":
        """The next manifest, after this one at ``generation``: of the same snapshot, with ``coming``."""
        past = self._with(generation)
        return msgspec.structs.replace(self, coming=coming, lineage=past, lineage_of=self.snapshot)

    def switched(self, model: str, snapshot: str) -> "Manifest":
        """The next manifest, with another model and its first snapshot; nobody catches up across that."""
        former = None if self.model is None else Former(self.model, self.snapshot)
        return Manifest(department=self.department, model=model, snapshot=snapshot, former=former)

    def _with(self, generation: int) -> tuple[Ancestor, ...]:
        return (*self._past, Ancestor(generation, self.snapshot))[-LINEAGE:]

    @property
    def _past(self) -> tuple[Ancestor, ...]:
        return self.lineage if self.lineage_of == self.snapshot else ()


# Made once, here: msgspec 0.22 crashes when two threads use a type for the first time at once.
_DECODER = msgspec.json.Decoder(Manifest)


def sequence_of(snapshot: str) -> int:
    """The number of a snapshot id; a later one is greater."""
    match = _SNAPSHOT.fullmatch(snapshot)
    if match is None:
        raise FormatError(f"expected a snapshot id, found {snapshot!r}")
    return int(match[1])


def snapshot_id(name: str) -> str | None:
    """The id of the snapshot at a blob's name, None if it is no snapshot's."""
    last = name.rsplit("/", 1)[-1]
    found = last.removesuffix(".arrow")
    return found if found != last and _SNAPSHOT.fullmatch(found) else None


def snapshot_name(department: str, snapshot: str) -> str:
    """Where the snapshot of that id lies."""
    return f"{department}/snapshots/{snapshot}.arrow"


def read_manifest(blobs: Blobs, department: str) -> tuple[Manifest, int]:
    """The manifest and its generation. Raises ModelMissing if there is none, FormatError if unreadable."""
    name = f"{department}/manifest.json"
    try:
        data, blob = blobs.read(name)
    except BlobNotFound as error:
        raise ModelMissing(f"{name}: expected a manifest that names a model, found none") from error
    try:
        manifest = _DECODER.decode(data)
    except msgspec.MsgspecError as error:
        raise FormatError(f"{name}: expected a manifest of format {FORMAT}, found: {error}") from error
    if manifest.department != department:
        raise FormatError(f"{name}: expected that of {department}, found that of {manifest.department}")
    return manifest, blob.generation


def swap_manifest(blobs: Blobs, manifest: Manifest, if_generation: int) -> int:
    """Replace the manifest of that generation (0: make the first). Raises PreconditionFailed."""
    data = msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"
    name = f"{manifest.department}/manifest.json"
    return blobs.write(name, data, if_generation=if_generation).generation
