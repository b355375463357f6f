"""The use-case of compact_catalogue: fold a department's log into a snapshot, then find what events missed.

May import the domain, the log and reconciling. It may die anywhere and be started again, also twice at
once: the new snapshot is whole before the manifest names it, and only the one that swapped the manifest
deletes what it folded.
"""

import hashlib
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from shared.card import Card
from shared.catalogue import Catalogue, fold, purge, unremove
from shared.departments import DEPARTMENTS
from shared.engine import Engine
from shared.errors import BlobNotFound, PreconditionFailed, StylekinError
from shared.facts import Fact, Source
from shared.log import (
    GRACE,
    belongs,
    counting,
    list_deltas,
    read_deltas,
    read_live,
    read_model_card,
    side_by_side,
)
from shared.manifest import (
    Manifest,
    read_manifest,
    sequence_of,
    snapshot_id,
    snapshot_name,
    swap_manifest,
)
from shared.reconciling import SETTLE, Reconciled, left_over, microseconds, objects, reconcile
from shared.stages import Stages
from shared.storage.pieces import Pieces
from shared.storage.ports import Blob, Blobs

#: How long removals, snapshots and other models' deltas are kept.
KEPT = timedelta(days=30)
SNAPSHOTS_KEPT = 10
#: Bytes of a snapshot that are held at a time.
PIECE = 1 << 20


@dataclass(frozen=True)
class Report:
    """What one compaction of one department did.

    ``snapshot`` is the id of the new one, None if there was nothing to fold; ``overtaken`` says that
    another compaction was faster and this one stopped. The rest are counts.
    """

    department: str
    snapshot: str | None = None
    overtaken: bool = False
    version: str | None = None
    items: int = 0
    facts_read: int = 0
    deltas_deleted: int = 0
    snapshots_deleted: int = 0
    reconciled: Reconciled | None = None


@dataclass(frozen=True)
class _Folded:
    """A catalogue, what it was before, and the deltas that are in it.

    ``listing`` is of the pictures and tables, made after that was read. The removals of the items ``back``
    were forgotten for the sake of pictures that they hid: whoever remembers them has to read it anew.
    """

    before: Catalogue
    after: Catalogue
    deltas: list[Blob]
    facts: int
    listing: Mapping[str, Blob]
    card: Card
    back: set[str]


class _Overtaken(Exception):
    """Another compaction changed what this one was working on."""


def compact_all(
    images: Blobs, blobs: Blobs, now: datetime, stages: Stages | None = None, engine: Engine | None = None
) -> list[Report]:
    """Compact every department. Raises the first error, after the others were tried."""
    stages = stages or Stages()
    reports, errors = [], []
    for department in DEPARTMENTS:
        try:
            reports.append(compact(images, blobs, department, now, stages=stages, engine=engine))
        except StylekinError as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return reports


def compact(
    images: Blobs,
    blobs: Blobs,
    department: str,
    now: datetime,
    settle: timedelta = SETTLE,
    stages: Stages | None = None,
    engine: Engine | None = None,
) -> Report:
    """Compact one department and reconcile it with the bucket ``images``. ``now`` is in UTC.

    What is forgotten for the sake of older pictures ``engine`` forgets first, so that it is never too late.

    Raises ModelMissing before a model is published, and whatever the stores raise.
    """
    stages = stages or Stages()
    stages.begin("read")
    deltas = list_deltas(blobs, department)
    manifest, generation = read_manifest(blobs, department)
    try:
        folded = _fold(images, blobs, manifest, deltas, now, settle, stages)
        snapshot = None
        stages.begin("write")
        if engine is not None and folded.back:
            engine.forget(folded.card, folded.back)
        if folded.after is not folded.before:
            snapshot = write_next(blobs, manifest, folded.after)
            manifest = manifest.advanced(generation, snapshot)
            manifest = manifest.cut() if folded.back else manifest
            generation = _swap(blobs, manifest, generation)
        stages.begin("delete")
        deleted = _delete_deltas(blobs, department, generation, folded.deltas, now)
        snapshots = _delete_snapshots(blobs, manifest, now)
    except _Overtaken:
        return Report(department, overtaken=True)
    stages.begin("reconcile")
    return Report(
        department=department,
        snapshot=snapshot,
        version=folded.after.version,
        items=len(folded.after),
        facts_read=folded.facts,
        deltas_deleted=deleted,
        snapshots_deleted=snapshots,
        reconciled=reconcile(images, blobs, department, folded.after, folded.listing, now, settle),
    )


def _fold(
    images: Blobs,
    blobs: Blobs,
    manifest: Manifest,
    deltas: list[Blob],
    now: datetime,
    settle: timedelta,
    stages: Stages,
) -> _Folded:
    card = read_model_card(blobs, manifest.department, manifest.model)
    live = read_live(blobs, manifest, card)
    own = [delta for delta in counting(deltas, live.sources) if belongs(delta.name, card.version)]
    read, gone = read_deltas(blobs, own)
    if gone:
        raise _Overtaken
    done = [delta for delta, told in zip(own, read, strict=True) if told is not None]
    # of a model that was given up, or never made live; or of a table that was never read whole
    known = {delta.name for delta in own}
    done += [delta for delta in deltas if delta.name not in known and now - delta.created >= KEPT]
    facts: list[Fact] = [fact for told in read for fact in told or ()]
    listing = objects(images, manifest.department)
    stages.begin("fold")
    named = {fact.item_id for fact in facts if not isinstance(fact, Source)}
    # what facts name is neither shown again nor forgotten, so both can come before, on fewer vectors
    back = left_over(live, listing, now, settle) - named
    kept = purge(unremove(live, back), microseconds(now - KEPT), keep=named)
    after = fold(kept, facts, together=False)
    return _Folded(live, after, done, len(facts), listing, card, back)


def write_next(blobs: Blobs, manifest: Manifest, catalogue: Catalogue) -> str:
    """Write the next snapshot and return its id; nobody knows of it yet."""
    file = catalogue.to_file()
    pieces = Pieces("the next snapshot", file.size, file.read, PIECE)
    there = [manifest.snapshot, *_snapshots(blobs, manifest.department)]
    sequence = 1 + max((sequence_of(snapshot) for snapshot in there if snapshot), default=0)
    snapshot = f"{sequence:010d}-{hashlib.file_digest(pieces, 'sha256').hexdigest()[:16]}"
    with suppress(PreconditionFailed):  # then another compaction wrote the very same bytes
        blobs.write(snapshot_name(manifest.department, snapshot), pieces, if_generation=0)
    return snapshot


def _swap(blobs: Blobs, manifest: Manifest, generation: int) -> int:
    try:
        return swap_manifest(blobs, manifest, generation)
    except PreconditionFailed as error:
        raise _Overtaken from error


def _delete_deltas(
    blobs: Blobs, department: str, generation: int, deltas: Collection[Blob], now: datetime
) -> int:
    """Delete folded deltas whose grace period is over, while the manifest that holds them stands."""
    old = [delta for delta in deltas if now - delta.created >= timedelta(seconds=GRACE)]
    if old and read_manifest(blobs, department)[1] != generation:
        raise _Overtaken
    return sum(side_by_side(partial(_delete, blobs), old))


def _snapshots(blobs: Blobs, department: str) -> dict[str, Blob]:
    listing = blobs.list(f"{department}/snapshots/")
    return {snapshot: blob for blob in listing if (snapshot := snapshot_id(blob.name))}


def _delete_snapshots(blobs: Blobs, manifest: Manifest, now: datetime) -> int:
    """Delete snapshots that are neither live, nor among the last ten, nor younger than 30 days; and those
    that no manifest named, once their grace period is over."""
    there = sorted(_snapshots(blobs, manifest.department).items(), key=lambda entry: sequence_of(entry[0]))
    kept = {manifest.snapshot, *(snapshot for snapshot, _ in there[-SNAPSHOTS_KEPT:])}
    grace = timedelta(seconds=GRACE)
    nobodys = [blob for name, blob in there if manifest.passed_over(name) and now - blob.created >= grace]
    old = [blob for name, blob in there if name not in kept and now - blob.created >= KEPT]
    return sum(_delete(blobs, blob) for blob in (*nobodys, *old))


def _delete(blobs: Blobs, blob: Blob) -> bool:
    try:
        blobs.delete(blob.name, blob.generation)
    except BlobNotFound:
        return False
    return True
