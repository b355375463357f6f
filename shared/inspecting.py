"""The use-case of looking into a department's catalogue: what is in it, how fresh, what was refused, what
looks the same. Reads and changes nothing, and knows no shopper. msgspec and numpy."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import msgspec
import numpy as np

from shared import lives
from shared.bodies import shown
from shared.catalogue import Catalogue
from shared.departments import DEPARTMENTS
from shared.duplicates import Group, near_duplicates
from shared.errors import BlobNotFound, NameRefused, NotFound
from shared.facts import as_item_id, parse_clock
from shared.items import TEXTS, Items
from shared.log import belongs, counting, list_deltas, side_by_side
from shared.manifest import read_manifest, snapshot_name
from shared.reader import Reader
from shared.rejected import Rejection
from shared.reports import Report
from shared.storage.ports import Blob, Blobs

TOLD = 100  # rejections or reports: the newest; and groups of near-duplicates
FAULTS_TOLD = 20  # of one table
COMPARED = 4096  # items compared with each other, a few seconds' work
MEMBERS_TOLD = 12  # of one group

Readers = Callable[[str], Reader]
R = TypeVar("R", bound=msgspec.Struct)

# Made once, here: msgspec 0.22 crashes when two threads use a type for the first time at once.
_DECODERS: dict[type, Any] = {kind: msgspec.json.Decoder(kind) for kind in (Rejection, Report)}


def department_of(name: str) -> str:
    """The department itself. Raises NotFound for any other name."""
    if name not in DEPARTMENTS:
        raise NotFound(f"path: expected {' or '.join(DEPARTMENTS)}, found {shown(name)}")
    return name


def overview(blobs: Blobs, readers: Readers, department: str, now: datetime) -> dict[str, Any]:
    """Size and freshness. Raises ModelMissing, StoreUnavailable.

    ``waiting`` are the deltas younger than the snapshot; the others stay in the log for ten minutes after
    they were folded. ``newest`` is when the catalogue last heard of anything, as log and snapshot tell.
    """
    catalogue, card = readers(department).live()
    items = catalogue.visible(card)
    manifest, _ = read_manifest(blobs, department)
    folded = None
    if manifest.snapshot is not None:
        with suppress(BlobNotFound):  # replaced meanwhile
            folded = blobs.stat(snapshot_name(department, manifest.snapshot)).created
    counted = counting(list_deltas(blobs, department), catalogue.sources)
    deltas = [delta.created for delta in counted if belongs(delta.name, card.version)]
    return {
        "department": department,
        "model": card.version,
        "version": catalogue.version,
        "shown": len(items),
        "sold_out": int((~items.available).sum()),
        "known": len(catalogue),
        "told": _coverage(items),
        "snapshot": manifest.snapshot,
        "folded": folded,
        "deltas": len(deltas),
        "waiting": sum(folded is None or created > folded for created in deltas),
        "newest": max([*deltas, *([folded] if folded else [])], default=None),
        "rejected": sum(1 for _ in blobs.list(f"{department}/rejected/")),
        "reports": sum(1 for _ in blobs.list(f"{department}/reports/")),
        "now": now,
    }


def rejected(blobs: Blobs, readers: Readers, department: str) -> dict[str, Any]:
    """The newest refusals, newest first, and how many there are. ``shown``: an earlier picture still shows.

    Raises ModelMissing, StoreUnavailable.
    """
    visible = readers(department).catalogue().visible_pictures()
    total, records = _newest(blobs, f"{department}/rejected/", Rejection)
    refusals = [
        {
            "item_id": record.item_id,
            "object": parse_clock(record.clock)[2],
            "at": blob.created,
            "type": record.type,
            "reason": record.reason,
            "shown": record.item_id in visible,
        }
        for blob, record in records
    ]
    return {"department": department, "total": total, "rejected": refusals}


def reports(blobs: Blobs, department: str) -> dict[str, Any]:
    """What became of the newest tables of attributes, newest first. Raises StoreUnavailable."""
    total, records = _newest(blobs, f"{department}/reports/", Report)
    told = [
        {
            "file": report.file,
            "at": blob.created,
            "refused": report.refused,
            "encoding": report.encoding,
            "taken": report.taken,
            "bad": report.bad,
            "kept_out": report.kept_out,
            "faults": report.faults[:FAULTS_TOLD],
        }
        for blob, report in records
    ]
    return {"department": department, "total": total, "reports": told}


def duplicates(
    readers: Readers, department: str, after: str | None = None, compared: int = COMPARED
) -> dict[str, Any]:
    """Groups of near-duplicates among as many items that follow an id: what only looks the same first, then
    the largest first. ``next`` is the id that the next call goes on after. Raises NotFound for what can
    be no id, ModelMissing.
    """
    begin = "" if after is None else _item_id(after)
    catalogue, card = readers(department).live()
    items = catalogue.visible(card)
    start = int(np.searchsorted(items.item_ids, begin, side="right")) if len(items) else 0
    stop = min(start + compared, len(items))
    groups = near_duplicates(items, start, stop, card.duplicate_threshold)
    groups.sort(key=lambda group: (group.told, -len(group.rows)))
    return {
        "department": department,
        "threshold": card.duplicate_threshold,
        "items": len(items),
        "compared": stop - start,
        "next": str(items.item_ids[stop - 1]) if stop < len(items) else None,
        "total": len(groups),
        "groups": [_group(items, group) for group in groups[:TOLD]],
    }


def life(images: Blobs, blobs: Blobs, readers: Readers, department: str, item_id: str) -> dict[str, Any]:
    """The life of an item. Raises NotFound for one never heard of, ModelMissing, StoreUnavailable."""
    named = _item_id(item_id)
    catalogue: Catalogue = readers(department).catalogue()
    found = lives.life(images, blobs, catalogue, named)
    if not found.known:
        raise NotFound(f"path: expected an item of {department}, found nothing ever heard of {shown(named)}")
    return lives.told(found)


def _item_id(text: str) -> str:
    try:
        return as_item_id(text)
    except NameRefused as error:
        raise NotFound(f"path: {error}") from error


def _coverage(items: Items) -> dict[str, int]:
    """How many of the items have each attribute; a category only if the shop itself told it."""
    told = {name: sum(text is not None for text in getattr(items, name)) for name in TEXTS}
    told["category"] -= int(items.predicted.sum())
    told["price"] = int((~np.isnan(items.price)).sum())
    told["sizes"] = sum(bool(sizes) for sizes in items.sizes)
    return told


def _group(items: Items, group: Group) -> dict[str, Any]:
    told = [
        {"item": items.describe(row), "cosine": round(float(cosine), 6)}
        for row, cosine in zip(group.rows[:MEMBERS_TOLD].tolist(), group.cosines, strict=False)
    ]
    return {"by": "group_id" if group.told else "picture", "size": len(group.rows), "items": told}


def _newest(blobs: Blobs, prefix: str, kind: type[R]) -> tuple[int, list[tuple[Blob, R]]]:
    """How many records there are, and the newest; those that can not be read are left out."""
    there: Sequence[Blob] = sorted(blobs.list(prefix), key=lambda blob: blob.created, reverse=True)
    records = side_by_side(partial(_record, blobs, kind), there[:TOLD])
    return len(there), [(blob, record) for blob, record in zip(there, records, strict=False) if record]


def _record(blobs: Blobs, kind: type[R], blob: Blob) -> R | None:
    try:
        record: R = _DECODERS[kind].decode(blobs.read(blob.name)[0])
        return record
    except (BlobNotFound, msgspec.MsgspecError):
        return None
