"""The catalogue of one department as it lies in a bucket: an append-only log folded into snapshots.

Writers only ever ``append``; ``shared.reader`` folds the log and keeps up with it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from shared import logs
from shared.card import Card, read_card
from shared.catalogue import Catalogue
from shared.deltas import delta_name, parse_delta_name, read_facts, write_facts
from shared.departments import Space
from shared.errors import (
    BlobNotFound,
    FormatError,
    ModelDamaged,
    ModelMissing,
    PreconditionFailed,
)
from shared.facts import Fact
from shared.manifest import Manifest, read_manifest, snapshot_name, swap_manifest
from shared.rejected import readmit, reject
from shared.storage.ports import Blob, Blobs

__all__ = [
    "GRACE",
    "Manifest",
    "append",
    "delta_name",
    "is_appended",
    "read_manifest",
    "readmit",
    "reject",
    "swap_manifest",
]

#: Seconds for which a delta stays at least; readers who looked since then catch up without a snapshot.
GRACE = 600.0
MANY = 16  # objects worth more than one thread
AT_A_TIME = 16  # objects worked on side by side

T = TypeVar("T")


def append(blobs: Blobs, department: str, name: str, facts: Iterable[Fact]) -> bool:
    """Acknowledge facts: from its return on, every reader that looks sees them.

    ``name`` is from ``delta_name``. False if that delta is there already: then it is done.
    """
    try:
        blobs.write(f"{department}/deltas/{name}", write_facts(facts), if_generation=0)
    except PreconditionFailed:
        return False
    return True


def is_appended(blobs: Blobs, department: str, name: str) -> bool:
    """Whether that delta is in the log; one that was folded long ago no longer is."""
    try:
        blobs.stat(f"{department}/deltas/{name}")
    except BlobNotFound:
        return False
    return True


def list_deltas(blobs: Blobs, department: str) -> list[Blob]:
    """The deltas in the log; anything else there is left out."""
    return [blob for blob in blobs.list(f"{department}/deltas/") if parse_delta_name(blob.name)]


def belongs(delta: str, model: str) -> bool:
    """Whether a delta's facts matter to the catalogue of a model version."""
    parsed = parse_delta_name(delta)
    return parsed is not None and parsed.model in (None, model)


def counting(deltas: Sequence[Blob], sources: Mapping[str, str]) -> list[Blob]:
    """The deltas that count: parts of a table do so from when all of it was read, and are as old as that.

    What tells is the table's last delta, or, once that was folded, a catalogue's ``sources``.
    """
    named = {delta.name: parse_delta_name(delta.name) for delta in deltas if ".table." in delta.name}
    parts = {name: part for name, part in named.items() if part and part.is_part}
    if not parts:
        return list(deltas)
    read = {delta_name(clock, "table"): None for clock in sources.values()}
    last = read | {delta.name.rsplit("/", 1)[-1]: delta.created for delta in deltas if delta.name in named}
    found = []
    for delta in deltas:
        if part := parts.get(delta.name):
            if part.end not in last:
                continue
            delta = replace(delta, created=last[part.end] or delta.created)
        found.append(delta)
    return found


def read_delta(blobs: Blobs, delta: Blob) -> list[Fact] | None:
    """The facts of a delta. Raises BlobNotFound.

    One that can not be read is left alone: None, and an error in the function's log.
    """
    return _facts(delta, blobs.read(delta.name, delta.generation)[0])


def _facts(delta: Blob, data: bytes | memoryview) -> list[Fact] | None:
    try:
        return read_facts(data, delta.name)
    except FormatError as error:
        logs.write("ERROR", "left a delta alone", delta=delta.name, reason=str(error))
        return None


def side_by_side(work: Callable[[Blob], T], blobs: Sequence[Blob]) -> Iterator[T]:
    """What ``work`` comes to for each of the blobs, in their order; of many, several are worked on at a time.

    A bucket takes tens of milliseconds an object: one after the other, thousands of deltas take minutes.
    """
    if len(blobs) < MANY:
        yield from map(work, blobs)
        return
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        yield from pool.map(work, blobs)


def read_deltas(blobs: Blobs, deltas: Sequence[Blob]) -> tuple[list[list[Fact] | None], list[str]]:
    """The facts of each delta, in order, None for one that can not be read; and the names of those gone."""
    gone = []

    def read(delta: Blob) -> bytes | memoryview | None:
        try:
            return blobs.read(delta.name, delta.generation)[0]
        except BlobNotFound:
            gone.append(delta.name)
            return None

    # only bytes are waited for side by side: making facts of them is Python's work, one thread's at a time
    found = zip(deltas, side_by_side(read, deltas), strict=True)
    return [None if data is None else _facts(delta, data) for delta, data in found], gone


def read_model_card(blobs: Blobs, department: str, model: str | None) -> Card:
    """The card of a department's model version. Raises ModelMissing, ModelDamaged."""
    if model is None:
        raise ModelMissing(f"{department}: expected a manifest that names a model, found one that names none")
    name = f"models/{department}/{model}/card.json"
    try:
        card = read_card(blobs.read(name)[0], name)
    except BlobNotFound as error:
        raise ModelMissing(f"{name}: expected the card of the live model, found nothing") from error
    if (card.department, card.version) != (department, model):
        raise ModelDamaged(
            f"{name}: expected the card of {department} {model}, found {card.department} {card.version}"
        )
    return card


def read_live(blobs: Blobs, manifest: Manifest, card: Card) -> Catalogue:
    """The live snapshot's catalogue in the live model's space. Raises BlobNotFound, FormatError."""
    space = Space(card.department, card.version)
    if manifest.snapshot is None:
        return Catalogue.empty(space, card.width)
    name = snapshot_name(manifest.department, manifest.snapshot)
    data, _ = blobs.read(name)
    return Catalogue.from_buffer(data, name).in_space(space, card.width)
