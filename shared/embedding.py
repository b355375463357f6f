"""The use-case of embed_on_upload: what a storage event says, put into the log of its department.

    <department>/<item_id>.<jpg|jpeg|png|webp>     a picture; its custom metadata are attributes
    <department>/<any>.csv                         a table of attributes
    anything else                                  left alone

May import the domain, the log, the decoder and the encoder. What can never succeed is recorded and comes
back as an outcome, so that the event is acknowledged; everything else is raised, so that it comes again,
until the event is ``PATIENCE`` old: then that is recorded, too.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BufferedReader
from typing import Literal

import numpy as np

from shared import pictures, tables
from shared.deltas import delta_name
from shared.departments import DEPARTMENTS
from shared.encoder import Embedding, Encodes
from shared.errors import (
    BlobNotFound,
    GivenUp,
    ModelMissing,
    NameRefused,
    PictureRefused,
    PictureTooLarge,
    Refused,
    TableRefused,
)
from shared.events import StorageEvent
from shared.facts import FIELDS, Attributes, Picture, Removed, check_item_id, clock, composed, parse_clock
from shared.log import append, is_appended
from shared.rejected import readmit, reject
from shared.reports import forget_report
from shared.stages import Stages
from shared.stock import Stock
from shared.storage.ports import Blobs
from shared.tabulating import refuse, tabulate

Result = Literal["embedded", "known", "removed", "read", "superseded", "rejected", "left alone"]
KINDS = {**dict.fromkeys(pictures.EXTENSIONS, "picture"), tables.EXTENSION: "table"}
FAULTS_TOLD = 20
#: For how long an event that fails comes again. With back-offs of up to ten minutes some forty attempts.
PATIENCE = timedelta(hours=6)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Outcome:
    """What became of an event; ``details`` are JSON's types, for the log.

    ``known``: nothing to do, it was done before or never shown; ``read``: a table was taken in;
    ``superseded``: the object is no longer what the event told of, and another event tells of what it is now.
    """

    result: Result
    details: Mapping[str, object] = field(default_factory=dict)


def take_in(
    event: StorageEvent,
    images: Blobs,
    blobs: Blobs,
    stocks: Callable[[str], Stock],
    encoders: Callable[[str, str], Encodes],
    now: datetime,
    stages: Stages | None = None,
) -> Outcome:
    """Do what ``event`` of the bucket ``images`` asks for, with the catalogue's log in ``blobs``.

    ``stocks`` gives a department's items, ``encoders`` the encoder of a department's model version.
    Doing it again changes nothing. Raises ModelMissing, ModelDamaged and whatever the stores raise, unless
    the event is older than ``PATIENCE`` at ``now``.
    """
    try:
        return _take_in(event, images, blobs, stocks, encoders, stages or Stages())
    except Exception as error:
        department, item_id, kind = _parts(event)
        if now - event.time <= PATIENCE or not kind:
            raise
        hours = (now - event.time) / timedelta(hours=1)
        limit = PATIENCE / timedelta(hours=1)
        told = f"expected success within {limit:.0f} hours, found after {hours:.1f}: "
        told += f"{type(error).__name__}: {error}"
        return _reject(event, department, item_id, blobs, GivenUp(told))


def _parts(event: StorageEvent) -> tuple[str, str, str]:
    """Department, item id and kind: "picture", "table" or "". A table's id is its name."""
    department, _, rest = event.name.partition("/")
    stem, dot, extension = rest.rpartition(".")
    kind = KINDS.get(extension.lower(), "") if dot and department in DEPARTMENTS else ""
    return department, event.name if kind == "table" else composed(stem), kind


def _take_in(
    event: StorageEvent,
    images: Blobs,
    blobs: Blobs,
    stocks: Callable[[str], Stock],
    encoders: Callable[[str, str], Encodes],
    stages: Stages,
) -> Outcome:
    department, item_id, kind = _parts(event)
    if kind != "picture" or event.type == "deleted":
        stages.begin("write")
    if kind == "picture":
        try:
            check_item_id(item_id)
        except NameRefused as error:
            return _reject(event, department, item_id, blobs, error)
        if event.type == "deleted":
            return _remove(event, department, item_id, images, blobs, stocks)
        try:
            return _take_picture(
                event, department, item_id, images, blobs, stocks(department), encoders, stages
            )
        except PictureRefused as error:
            stages.begin("write")
            _hide_former(event, department, item_id, blobs, stocks(department))
            return _reject(event, department, item_id, blobs, error)
    if kind == "table" and event.type != "deleted":
        return _take_table(event, department, images, blobs, stages)
    if kind == "table":  # what it said stays; what was said about it goes
        forget_report(blobs, department, event.name, _content_clock(event))
        readmit(blobs, department, event.name, _content_clock(event))
    return Outcome("left alone", {"reason": "neither a department's picture nor a table that is there"})


def _take_picture(
    event: StorageEvent,
    department: str,
    item_id: str,
    images: Blobs,
    blobs: Blobs,
    stock: Stock,
    encoders: Callable[[str, str], Encodes],
    stages: Stages,
) -> Outcome:
    stages.begin("catalogue")
    found = stock.embedded(item_id)
    embedded, model, coming = found.clock or "", found.model, found.coming
    stages.begin("write")
    at = _content_clock(event)
    known = embedded >= at or is_appended(blobs, department, delta_name(at, "picture", model))
    wanted = [] if known else [model]
    # a model that is being made ready gets every picture, too
    if coming and embedded <= at and not is_appended(blobs, department, delta_name(at, "picture", coming)):
        wanted.append(coming)
    if not wanted:
        details = _take_metadata(event, department, item_id, blobs)
        readmit(blobs, department, item_id, max(embedded, at))
        return Outcome("known", details)
    stages.begin("read")
    try:
        size = _size(event, images)  # what is gone says nothing any more, by its metadata neither
        details = _take_metadata(event, department, item_id, blobs)
        if size > pictures.MAX_BYTES:
            raise PictureTooLarge(f"expected at most {pictures.MAX_BYTES} bytes, found {size}")
        data, _ = images.read(event.name, event.generation)
    except BlobNotFound:
        return Outcome("superseded", {"item_id": item_id})
    stages.begin("decode")
    pixels = pictures.decode(data)
    for version in wanted:
        stages.begin("model")
        encoder = encoders(department, version)
        stages.begin("encode")
        fact = picture_fact(item_id, at, version, encoder.encode(pixels))
        stages.begin("write")
        append(blobs, department, delta_name(at, "picture", version), [fact])
        details = {"model": version, "category": fact.category} | details
    readmit(blobs, department, item_id, at)
    return Outcome("embedded", details | ({"coming": coming} if coming in wanted else {}))


def picture_fact(item_id: str, at: str, model: str, embedding: Embedding) -> Picture:
    """What a model version makes of an item's picture, as it is stored."""
    vector = embedding.vector.astype(np.float16)
    return Picture(item_id, at, model, vector, embedding.category, embedding.category_probability)


def _take_metadata(event: StorageEvent, department: str, item_id: str, blobs: Blobs) -> dict[str, object]:
    """Put the attributes among a picture's metadata into the log; what to tell of the others."""
    fields, faults = tables.read_metadata(event.metadata)
    if fields:
        at = clock(event.generation, event.metageneration, event.name)
        append(blobs, department, delta_name(at, "attributes"), [Attributes(item_id, at, fields)])
    details: dict[str, object] = {"item_id": item_id}
    if kept_out := sorted(event.metadata.keys() - FIELDS):
        details["kept_out"] = kept_out
    return details | _told(faults)


def _take_table(event: StorageEvent, department: str, images: Blobs, blobs: Blobs, stages: Stages) -> Outcome:
    stages.begin("read")
    at = _content_clock(event)
    if is_appended(blobs, department, delta_name(at, "table")):
        return Outcome("known")
    try:
        content, blob = images.open(event.name, event.generation)
        if blob.size > tables.MAX_BYTES:
            raise TableRefused(f"expected at most {tables.MAX_BYTES} bytes, found {blob.size}")
        stages.begin("write")
        report = tabulate(blobs, department, event.name, event.generation, BufferedReader(content))
    except BlobNotFound:  # nothing of it counts, however much was read
        return Outcome("superseded")
    except TableRefused as error:
        report = refuse(blobs, department, event.name, event.generation, error)
    readmit(blobs, department, event.name, at)
    if report.refused is not None:
        return Outcome("rejected", {"error": TableRefused.__name__, "reason": report.refused})
    faults = tuple(tables.Fault(fault.line, fault.reason) for fault in report.faults)
    details: dict[str, object] = {"rows": report.taken, "kept_out": list(report.kept_out)}
    return Outcome("read", details | _told(faults, report.bad))


def _remove(
    event: StorageEvent,
    department: str,
    item_id: str,
    images: Blobs,
    blobs: Blobs,
    stocks: Callable[[str], Stock],
) -> Outcome:
    with suppress(BlobNotFound):
        if images.stat(event.name).generation >= event.generation:
            # Overwritten, not deleted: the item must not vanish until its new picture is embedded.
            return Outcome("superseded", {"item_id": item_id})
    at = clock(event.generation, event.metageneration, event.name)
    shown = not _shows_older(event, department, item_id, blobs, stocks)
    if shown:
        append(blobs, department, delta_name(at, "removed"), [Removed(item_id, at, _moment(event))])
    readmit(blobs, department, item_id, at)
    return Outcome("removed" if shown else "known", {"item_id": item_id})


def _shows_older(
    event: StorageEvent, department: str, item_id: str, blobs: Blobs, stocks: Callable[[str], Stock]
) -> bool:
    """Whether an item shows an older file of it, and never showed this one: a removal would hide that."""
    try:
        found = stocks(department).embedded(item_id)
    except ModelMissing:
        return False
    at, picture = _content_clock(event), found.clock
    if picture is None or not found.visible or picture >= at or parse_clock(picture)[2] == event.name:
        return False
    return not is_appended(blobs, department, delta_name(at, "picture", found.model))


def _hide_former(event: StorageEvent, department: str, item_id: str, blobs: Blobs, stock: Stock) -> None:
    """A picture that was overwritten by what is none is gone, as if it had been deleted."""
    former = stock.embedded(item_id).clock
    if former is not None and former < _content_clock(event) and parse_clock(former)[2] == event.name:
        append(blobs, department, delta_name(former, "removed"), [Removed(item_id, former, _moment(event))])


def _reject(event: StorageEvent, department: str, item_id: str, blobs: Blobs, error: Refused) -> Outcome:
    if event.type != "deleted":
        reject(blobs, department, item_id, _content_clock(event), error)
    return Outcome("rejected", {"item_id": item_id, "error": type(error).__name__, "reason": str(error)})


def _moment(event: StorageEvent) -> int:
    return (event.time - EPOCH) // timedelta(microseconds=1)


def _content_clock(event: StorageEvent) -> str:
    """The clock of what the bytes say: they do not change with the metadata."""
    return clock(event.generation, 0, event.name)


def _size(event: StorageEvent, images: Blobs) -> int:
    """The bytes of what the event tells of. Raises BlobNotFound if it is superseded."""
    blob = images.stat(event.name)
    if blob.generation != event.generation:
        raise BlobNotFound(f"{event.name}: expected generation {event.generation}, found {blob.generation}")
    return blob.size


def _told(faults: tuple[tables.Fault, ...], count: int | None = None) -> dict[str, object]:
    """The first faults, and how many there are, for the log."""
    if not faults:
        return {}
    first = [{"where": fault.where, "reason": fault.reason} for fault in faults[:FAULTS_TOLD]]
    return {"faults": count or len(faults), "first_faults": first}
