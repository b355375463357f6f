"""Objects that can never be taken in, each with the reason, one JSON per item. msgspec only."""

import hashlib
import re
from contextlib import suppress

import msgspec

from shared.errors import BlobNotFound, PreconditionFailed
from shared.storage.ports import Blobs

_PLAIN = re.compile(r"\w[\w .,+@=-]*")


class Rejection(msgspec.Struct, frozen=True):
    """Why the object at ``clock`` was refused: the error's type and what it says."""

    item_id: str
    clock: str
    type: str
    reason: str


# Made once, here: msgspec 0.22 crashes when two threads use a type for the first time at once.
_DECODER = msgspec.json.Decoder(Rejection)


def rejection_name(department: str, item_id: str) -> str:
    """Where a rejection lies: under the item's id, or its SHA-256 where a store could not take the id."""
    plain = _PLAIN.fullmatch(item_id) and len(item_id.encode()) <= 200
    digest = hashlib.sha256(item_id.encode(errors="backslashreplace")).hexdigest()
    return f"{department}/rejected/{item_id if plain else digest}.json"


def reject(blobs: Blobs, department: str, item_id: str, clock: str, error: Exception) -> bool:
    """Record a refusal, unless one with a later clock is recorded. Whether it now stands there."""
    rejection = Rejection(item_id, clock, type(error).__name__, str(error))
    data = msgspec.json.format(msgspec.json.encode(rejection), indent=2) + b"\n"
    while True:
        found, generation = _read(blobs, department, item_id)
        if found is not None and found.clock > clock:
            return False
        if found == rejection:
            return True
        try:
            blobs.write(rejection_name(department, item_id), data, if_generation=generation)
        except PreconditionFailed:
            continue
        return True


def readmit(blobs: Blobs, department: str, item_id: str, clock: str) -> bool:
    """Forget a refusal at ``clock`` or before, now that a picture was taken in. Whether there was one."""
    found, generation = _read(blobs, department, item_id)
    if found is None or found.clock > clock:
        return False
    try:
        blobs.delete(rejection_name(department, item_id), generation)
    except BlobNotFound:
        return False
    return True


def rejection_of(blobs: Blobs, department: str, item_id: str) -> Rejection | None:
    """What stands recorded of one item; None if nothing does, or the record can not be read."""
    return _read(blobs, department, item_id)[0]


def rejections(blobs: Blobs, department: str) -> dict[str, Rejection]:
    """What stands recorded, by item id; records that can not be read are left out."""
    found = {}
    for blob in blobs.list(f"{department}/rejected/"):
        with suppress(BlobNotFound, msgspec.MsgspecError):
            rejection = _DECODER.decode(blobs.read(blob.name)[0])
            found[rejection.item_id] = rejection
    return found


def _read(blobs: Blobs, department: str, item_id: str) -> tuple[Rejection | None, int]:
    try:
        data, blob = blobs.read(rejection_name(department, item_id))
    except BlobNotFound:
        return None, 0
    try:
        return _DECODER.decode(data), blob.generation
    except msgspec.MsgspecError:
        return None, blob.generation
