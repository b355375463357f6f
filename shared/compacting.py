"""The use-case of compact_catalogue: fold a department's log into a snapshot, then find what events missed.

May import the domain, the log and reconciling. It may die anywhere and be started again, also twice at
once: the new snapshot is whole before the manifest names it, and only the one that swapped the manifest
deletes what it folded.
"""

import hashlib
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from shared.catalogue import Catalogue, fold, purge
from shared.departments import DEPARTMENTS
from shared.errors import BlobNotFound, PreconditionFailed, StylekinError
from shared.facts import Fact, Source
from shared.log import GRACE, belongs, list_deltas, read_deltas, read_live, read_model_card, side_by_side
from shared.manifest import (
    Manifest,
    read_manifest,
    sequence_of,
    snapshot_id,
    snapshot_name,
    swap_manifest,
)
from shared.reconciling import SETTLE, Reconciled, microseconds, reconcile
from shared.stages import Stages
from shared.storage.ports import Blob, Blobs

#: How long removals, snapshots and other models' deltas are kept.
KEPT = timedelta(days=30)
SNAPSHOTS_KEPT = 10


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
    """A catalogue, what it was before, and the deltas that are in it."""

    before: Catalogue
    after: Catalogue
    deltas: list[Blob]
    facts: int


class _Overtaken(Exception):
    """Another compaction changed what this one was working on."""


def compact_all(images: Blobs, blobs: Blobs, now: datetime, stages: Stages | None = None) -> list[Report]:
    """Compact every department. Raises the first error, after the others were tried."""
    stages = stages or Stages()
    reports, errors = [], []
    for department in DEPARTMENTS:
        try:
            reports.append(compact(images, blobs, department, now, stages=stages))
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
) -> Report:
    """Compact one department and reconcile it with the bucket ``images``. ``now`` is in UTC.

    Raises ModelMissing before a model is published, and whatever the stores raise.
    """
    stages = stages or Stages()
    stages.begin("read")
    deltas = list_deltas(blobs, department)
    manifest, generation = read_manifest(blobs, department)
    try:
        folded = _fold(blobs, manifest, deltas, now, stages)
        snapshot = None
        stages.begin("write")
        if folded.after is not folded.before:
            snapshot = write_next(blobs, manifest, folded.after)
            manifest = manifest.advanced(generation, snapshot)
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
        reconciled=reconcile(images, blobs, department, folded.after, now, settle),
    )


def _fold(blobs: Blobs, manifest: Manifest, deltas: list[Blob], now: datetime, stages: Stages) -> _Folded:
    card = read_model_card(blobs, manifest.department, manifest.model)
    live = read_live(blobs, manifest, card)
    own = [delta for delta in deltas if belongs(delta.name, card.version)]
    read, gone = read_deltas(blobs, own)
    if gone:
        raise _Overtaken
    done = [delta for delta, told in zip(own, read, strict=True) if told is not None]
    # of a model that was given up, or never made live
    done += [d for d in deltas if not belongs(d.name, card.version) and now - d.created >= KEPT]
    facts: list[Fact] = [fact for told in read for fact in told or ()]
    stages.begin("fold")
    named = {fact.item_id for fact in facts if not isinstance(fact, Source)}
    kept = purge(live, microseconds(now - KEPT), keep=named)
    after = fold(kept, facts, together=False)
    return _Folded(live, after, done, len(facts))


def write_next(blobs: Blobs, manifest: Manifest, catalogue: Catalogue) -> str:
    """Write the next snapshot and return its id; nobody knows of it yet."""
    data = catalogue.to_buffer()
    there = [manifest.snapshot, *_snapshots(blobs, manifest.department)]
    sequence = 1 + max((sequence_of(snapshot) for snapshot in there if snapshot), default=0)
    snapshot = f"{sequence:010d}-{hashlib.sha256(data).hexdigest()[:16]}"
    with suppress(PreconditionFailed):  # then another compaction wrote the very same bytes
        blobs.write(snapshot_name(manifest.department, snapshot), data, if_generation=0)
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
