"""The life of one item: its objects, the facts in the log, its row, and whether it shows or why not.

Reads and changes nothing. ``scripts.trace`` prints it, ``inspect_catalogue`` answers it.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow.compute as pc

from shared.catalogue import Catalogue
from shared.errors import BlobNotFound
from shared.facts import FIELDS, Attributes, Fact, Picture, Removed, Source, generation_of, parse_clock
from shared.log import counting, list_deltas, read_delta, side_by_side
from shared.manifest import Manifest, read_manifest
from shared.reconciling import PICTURES
from shared.rejected import Rejection, rejection_of
from shared.rows import Row
from shared.snapshots import rows_of
from shared.storage.ports import Blob, Blobs

Read = Iterable[list[Fact]]  # the facts of one delta after the other


@dataclass(frozen=True)
class Life:
    """Everything the two buckets say of one item. ``row`` is the log folded onto the snapshot."""

    department: str
    item_id: str
    objects: tuple[Blob, ...]
    facts: tuple[tuple[Blob, Fact], ...]
    manifest: Manifest
    row: Row | None
    visible: bool
    rejection: Rejection | None

    @property
    def known(self) -> bool:
        """Whether anything was ever heard of the item."""
        return bool(self.objects or self.facts or self.row or self.rejection)


def life(
    images: Blobs,
    blobs: Blobs,
    catalogue: Catalogue,
    item_id: str,
    watched: Callable[[Read, int], Read] = lambda read, count: read,
) -> Life:
    """The life of an item of the catalogue's department, known or not.

    The whole log is read for it; ``watched`` is given what is read and how much it will be, and hands it on.
    Raises ModelMissing and whatever the stores raise.
    """
    department = catalogue.space.department
    deltas = counting(list_deltas(blobs, department), catalogue.sources)
    read = watched(side_by_side(partial(_facts, blobs), deltas), len(deltas))
    facts = [
        (delta, fact)
        for delta, told in zip(deltas, read, strict=True)
        for fact in told
        if not isinstance(fact, Source) and fact.item_id == item_id
    ]
    return Life(
        department,
        item_id,
        tuple(objects_of(images, department, item_id)),
        tuple(facts),
        read_manifest(blobs, department)[0],
        row_of(catalogue, item_id),
        item_id in catalogue.visible_pictures(),
        rejection_of(blobs, department, item_id),
    )


def objects_of(images: Blobs, department: str, item_id: str) -> Iterator[Blob]:
    """The picture's objects, in either of Unicode's spellings."""
    for stem in sorted({unicodedata.normalize(form, item_id) for form in ("NFC", "NFD")}):
        for blob in images.list(f"{department}/{stem}."):
            if blob.name.removeprefix(f"{department}/{stem}.").lower() in PICTURES:
                yield blob


def row_of(catalogue: Catalogue, item_id: str) -> Row | None:
    """The item's row, None if there is none."""
    rows = rows_of(catalogue.table.filter(pc.equal(catalogue.table["item_id"], item_id)))
    return rows[0] if rows else None


def verdict(life: Life) -> str:
    """Whether the item can be recommended, or why not, and what to do."""
    row = life.row or {}
    if life.visible:
        sold_out = row.get("available") is False
        return "visible" + (", but not available: only who asks for such items sees it" if sold_out else "")
    removed = row.get("removed_clock")
    newer = [blob for blob in life.objects if not removed or blob.generation > generation_of(removed)]
    if life.rejection:
        return "not visible: rejected; upload a good picture, or `python -m scripts.replay` once it is mended"
    if newer:
        return "not visible: its event was not taken in yet; compact_catalogue asks for it again"
    if removed and life.objects and parse_clock(removed)[2] not in {blob.name for blob in life.objects}:
        return "not visible: a newer file of it was deleted; compact_catalogue brings this one back"
    if removed and life.objects:
        return "not visible: its object is older than its removal; upload it again"
    if removed:
        return f"not visible: removed at {removed}"
    return "not visible: it has attributes and no picture; upload one"


def in_words(fact: Fact) -> str:
    """What a fact says."""
    if isinstance(fact, Picture):
        return f"picture, by {fact.model}: {fact.category} ({fact.category_probability:.2f})"
    if isinstance(fact, Attributes):
        return "attributes: " + ", ".join(f"{name}={value!r}" for name, value in fact.fields.items())
    return "removed" if isinstance(fact, Removed) else "read"


def told(life: Life) -> dict[str, Any]:
    """The life as JSON types and times in UTC."""
    row = life.row or {}
    return {
        "department": life.department,
        "item_id": life.item_id,
        "visible": life.visible,
        "verdict": verdict(life),
        "model": life.manifest.model,
        "snapshot": life.manifest.snapshot,
        "objects": [
            {"name": blob.name, "generation": blob.generation, "at": blob.created, "bytes": blob.size}
            | {"metadata": dict(blob.metadata)}
            for blob in life.objects
        ],
        "facts": [
            {"at": delta.created, "clock": fact.clock, "says": in_words(fact)} for delta, fact in life.facts
        ],
        "picture_clock": row.get("picture_clock"),
        "predicted_category": row.get("predicted_category"),
        "predicted_probability": row.get("predicted_probability"),
        "removed_clock": row.get("removed_clock"),
        "attributes": [
            {"name": name, "value": row.get(name), "clock": row[f"{name}_clock"]}
            for name in FIELDS
            if f"{name}_clock" in row
        ],
        "rejection": life.rejection,
    }


def _facts(blobs: Blobs, delta: Blob) -> list[Fact]:
    try:
        return read_delta(blobs, delta) or []
    except BlobNotFound:  # folded meanwhile
        return []
