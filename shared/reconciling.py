"""Find what no event told: compare the bucket of pictures and tables with the catalogue.

May import the domain, the log and tables. What is gone is removed here; what is new is asked for again by
touching its metadata, which makes an event for embed_on_upload, the one place where an encoder lives.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared import logs, tables
from shared.catalogue import Catalogue
from shared.errors import BlobNotFound, GivenUp, NameRefused
from shared.facts import Removed, as_item_id, clock, generation_of, parse_clock
from shared.log import append, delta_name
from shared.rejected import Rejection, readmit, rejections
from shared.rows import is_shown
from shared.storage.ports import Blob, Blobs

#: The event of a younger object is probably still on its way.
SETTLE = timedelta(seconds=60)
PICTURES = ("jpg", "jpeg", "png", "webp")
NAMES_TOLD = 20

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Reconciled:
    """What a reconciliation did, in counts.

    ``removed``: visible items whose picture is gone. ``asked``: objects asked for again. ``hidden``:
    pictures that a later removal hides, for as long as the log tells of it (``left_over``).
    ``forgotten``: rejections of objects that are gone or were taken in since.
    """

    removed: int = 0
    asked: int = 0
    hidden: int = 0
    forgotten: int = 0


def reconcile(
    images: Blobs,
    blobs: Blobs,
    department: str,
    catalogue: Catalogue,
    listing: Mapping[str, Blob],
    now: datetime,
    settle: timedelta = SETTLE,
) -> Reconciled:
    """Bring ``catalogue``, as it was read a moment ago, and the bucket ``images`` together.

    ``listing`` is of ``objects``, made after the catalogue was read: so what the catalogue has and the
    listing lacks is gone, and not just late. A listing may be late itself, so each such object is asked for
    by its name.
    """
    refused = rejections(blobs, department)
    wanted, hidden = [], []
    for blob in listing.values():
        if now - blob.created < settle:
            continue
        state = _state(blob, catalogue, refused)
        if state == "missing":
            wanted.append(blob.name)
        elif state == "hidden":
            hidden.append(blob.name)
    if hidden:
        logs.write("WARNING", "pictures older than their item's removal", objects=hidden[:NAMES_TOLD])
    return Reconciled(
        removed=_remove(images, blobs, department, catalogue, listing, refused, now),
        asked=sum(_ask(images, name) for name in wanted),
        hidden=len(hidden),
        forgotten=_forget(blobs, department, catalogue, listing, refused.values()),
    )


def objects(images: Blobs, department: str) -> dict[str, Blob]:
    """Everything that a bucket has of a department, by name."""
    return {blob.name: blob for blob in images.list(f"{department}/")}


def left_over(
    catalogue: Catalogue, listing: Mapping[str, Blob], now: datetime, settle: timedelta = SETTLE
) -> set[str]:
    """Items that have a picture left, older than another file of theirs that is gone and removed.

    Such a removal hides it. Once the log no longer tells of that removal it is to be forgotten: then the
    picture that is left is missing, and asked for again.
    """
    removals = catalogue.removals()
    if not removals:
        return set()
    found = set()
    for blob in listing.values():
        removed = removals.get(item_of(blob.name) or "")
        hides = removed and generation_of(removed) >= blob.generation
        if removed and hides and parse_clock(removed)[2] not in listing and now - blob.created >= settle:
            found.add(item_of(blob.name) or "")
    return found


def item_of(name: str) -> str | None:
    """The item whose picture an object is, by its name; None if it is none's."""
    stem, _, extension = name.partition("/")[2].rpartition(".")
    if extension.lower() not in PICTURES:
        return None
    try:
        return as_item_id(stem)
    except NameRefused:
        return None


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970 UTC."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _state(blob: Blob, catalogue: Catalogue, refused: Mapping[str, Rejection]) -> str:
    """Whether an object is "taken in", "missing", or "hidden"."""
    if blob.name.rpartition(".")[2].lower() == tables.EXTENSION:
        if blob.name in refused and generation_of(refused[blob.name].clock) >= blob.generation:
            return "taken in"
        read = catalogue.sources.get(blob.name)
        return "taken in" if read and generation_of(read) >= blob.generation else "missing"
    stem = item_of(blob.name)
    if stem is None:
        return "taken in"
    picture, removed = catalogue.picture_clock(stem), catalogue.removed_clock(stem)
    at = clock(blob.generation, 0, blob.name)
    if tables.read_metadata(blob.metadata)[0] and _lacks_metadata(blob, stem, catalogue):
        return "missing"
    if stem in refused and refused[stem].clock >= at:
        return "taken in"
    if removed and generation_of(removed) >= blob.generation:
        return "taken in" if is_shown(picture, removed) else "hidden"  # shown: by a file that came later
    return "taken in" if picture and picture >= at else "missing"


def _lacks_metadata(blob: Blob, item_id: str, catalogue: Catalogue) -> bool:
    read = catalogue.metadata_clock(item_id)
    return read is None or read < clock(blob.generation, blob.metageneration, blob.name)


def _remove(
    images: Blobs,
    blobs: Blobs,
    department: str,
    catalogue: Catalogue,
    listing: Mapping[str, Blob],
    refused: Mapping[str, Rejection],
    now: datetime,
) -> int:
    """Remove visible items whose picture is gone. From an empty listing nothing is concluded."""
    pictures = catalogue.visible_pictures()
    gone = {item_id: at for item_id, at in pictures.items() if _is_gone(at, listing, refused.get(item_id))}
    if gone and not listing:
        logs.write("ERROR", "removed nothing: no objects at all", department=department, items=len(gone))
        return 0
    return sum(
        append(blobs, department, delta_name(at, "removed"), [Removed(item_id, at, microseconds(now))])
        for item_id, at in gone.items()
        if (name := parse_clock(at)[2]) in listing or not _is_there(images, name)  # a listing may be late
    )


def _is_gone(at: str, listing: Mapping[str, Blob], refused: Rejection | None) -> bool:
    """Whether a picture's object is not listed, or was overwritten by what was refused for what it is."""
    generation, _, name = parse_clock(at)
    if name not in listing or refused is None or refused.type == GivenUp.__name__:
        return name not in listing
    newer, _, source = parse_clock(refused.clock)
    return source == name and listing[name].generation == newer > generation


def _is_there(images: Blobs, name: str) -> bool:
    try:
        images.stat(name)
    except BlobNotFound:
        return False
    return True


def _ask(images: Blobs, name: str) -> bool:
    try:
        images.touch(name)
    except BlobNotFound:
        return False
    return True


def _forget(
    blobs: Blobs,
    department: str,
    catalogue: Catalogue,
    listing: Mapping[str, Blob],
    refused: Collection[Rejection],
) -> int:
    """Forget rejections whose object is gone, or whose item has a later picture."""
    done = [
        each
        for each in refused
        if parse_clock(each.clock)[2] not in listing
        or (catalogue.picture_clock(each.item_id) or "") >= each.clock
    ]
    return sum(readmit(blobs, department, each.item_id, each.clock) for each in done)
