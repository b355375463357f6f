"""From one model version of a department to another, while the department is being served.

    announce   the manifest names the coming version; each new picture is embedded by both from then on
    embed      every other visible picture is embedded by the coming version; killed, it goes on later
    switch     one snapshot with all of these vectors is written, and the manifest names it: one step
    withdraw   or the announcement is taken back, and nothing has happened

No reader ever sees vectors of two versions: until the switch the coming ones lie where no reader looks, or in
deltas that readers of another version leave alone. Going back is the same way in the other direction, on
which only pictures that came after the switch have to be embedded. May import the log and the encoder.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.catalogue import Catalogue, fold
from shared.compacting import write_next
from shared.deltas import read_facts, write_facts
from shared.departments import Space
from shared.embedding import picture_fact
from shared.encoder import Encoder
from shared.errors import BlobNotFound, PictureRefused, PreconditionFailed, StoreUnavailable, StylekinError
from shared.facts import Fact, Picture, parse_clock
from shared.log import belongs, counting, list_deltas, read_delta, read_live, read_model_card
from shared.manifest import Manifest, read_manifest, snapshot_name, swap_manifest
from shared.pictures import normalise, square
from shared.snapshots import rows_of
from shared.storage.ports import Blobs

PART = 64  # pictures embedded between two moments at which all is in the bucket
ATTEMPTS = 20

#: An item id, the clock of its picture, and that as ``shared.pictures.square`` gives it.
Seen = tuple[str, str, NDArray[np.uint8]]


class NotReady(StylekinError):
    """Pictures that the coming version has not seen yet, at the moment of the switch."""


@dataclass(frozen=True)
class Way:
    """A department on its way to the model version ``version``. ``images`` has its pictures."""

    images: Blobs
    blobs: Blobs
    department: str
    version: str

    @property
    def folder(self) -> str:
        """Where the vectors lie that were made ahead."""
        return f"{self.department}/promotions/{self.version}/"


def announce(blobs: Blobs, department: str, coming: str | None) -> Manifest:
    """Have new pictures embedded by ``coming`` too, or, with None, no longer. Raises ModelMissing."""
    for _ in range(ATTEMPTS):
        manifest, generation = read_manifest(blobs, department)
        if manifest.coming == coming:
            return manifest
        with suppress(PreconditionFailed):
            swap_manifest(blobs, manifest.announcing(generation, coming), generation)
    raise StoreUnavailable(f"{department}: expected the manifest to stand still for a moment, it did not")


def withdraw(way: Way) -> None:
    """Take the announcement back, with all vectors that were made ahead."""
    announce(way.blobs, way.department, None)
    forget(way)


def lacking(way: Way) -> dict[str, str]:
    """The clocks of the visible pictures that the coming version has not seen, by item id."""
    for _ in range(ATTEMPTS):
        try:
            manifest, _ = read_manifest(way.blobs, way.department)
            live, after = folded(way, manifest)
        except BlobNotFound:
            continue
        return missing(live, after)
    raise StoreUnavailable(f"{way.department}: expected the log to stand still for a moment, it did not")


def embed(way: Way, encoder: Encoder, wanted: dict[str, str]) -> Iterator[dict[str, str]]:
    """Embed the pictures of ``wanted`` (clocks by item id), a part at a time.

    Yields, for each part once it is in the bucket, the items of it that could not be embedded with the
    reasons: their object is gone or another one, of which an event will tell.
    """
    for part in parts(wanted):
        found, left = look(way.images, part)
        keep(way, seen_by(way.version, encoder, found))
        yield left


def parts(wanted: dict[str, str]) -> Iterator[dict[str, str]]:
    """``wanted`` in order, in pieces of at most ``PART`` pictures."""
    items = list(wanted.items())
    for start in range(0, len(items), PART):
        yield dict(items[start : start + PART])


def look(images: Blobs, part: dict[str, str]) -> tuple[list[Seen], dict[str, str]]:
    """The pictures of a part, decoded, and the items of which there is none (any more) with the reasons."""
    found: list[Seen] = []
    left = {}
    for item_id, at in part.items():
        generation, _, name = parse_clock(at)
        try:
            found.append((item_id, at, square(images.read(name, generation)[0])))
        except (BlobNotFound, PictureRefused) as error:
            left[item_id] = str(error)
    return found, left


def seen_by(version: str, encoder: Encoder, found: Iterable[Seen]) -> list[Picture]:
    """What a model version makes of pictures, each for itself: in a batch they would round otherwise."""
    return [
        picture_fact(item_id, at, version, encoder.encode(normalise(pixels))) for item_id, at, pixels in found
    ]


def keep(way: Way, facts: list[Picture]) -> None:
    """Write the facts of a part, if there are any, under the digest of what they say: twice is once."""
    if facts:
        data = write_facts(facts)
        name = f"{way.folder}{hashlib.sha256(data).hexdigest()[:16]}.arrow"
        with suppress(PreconditionFailed):
            way.blobs.write(name, data, if_generation=0)


def switch(way: Way, without: Iterable[str] = ()) -> Manifest:
    """Make the coming version live, with a vector of every visible picture but those of ``without``.

    One swap of the manifest does it, or nothing is done. Raises NotReady if a picture came meanwhile that the
    coming version has not seen.
    """
    for _ in range(ATTEMPTS):
        manifest, generation = read_manifest(way.blobs, way.department)
        try:
            live, after = folded(way, manifest)
        except BlobNotFound:
            continue
        if left := missing(live, after).keys() - set(without):
            raise NotReady(f"{way.department}: expected vectors of every picture, found none of {len(left)}")
        next_manifest = manifest.switched(way.version, write_next(way.blobs, manifest, after))
        try:
            swap_manifest(way.blobs, next_manifest, generation)
        except PreconditionFailed:  # a compaction was faster; its snapshot is the one to begin with
            continue
        forget(way)
        return next_manifest
    raise StoreUnavailable(f"{way.department}: expected the manifest to stand still for a moment, it did not")


def folded(way: Way, manifest: Manifest) -> tuple[Catalogue, Catalogue]:
    """Everything known, in the live model's space and in the coming one's. Raises BlobNotFound.

    The deltas are listed before the snapshot is read; who swaps the manifest after this does so on condition
    that it is still ``manifest``.
    """
    deltas = list_deltas(way.blobs, way.department)
    card = read_model_card(way.blobs, way.department, manifest.model)
    coming = read_model_card(way.blobs, way.department, way.version)
    live = read_live(way.blobs, manifest, card)
    facts: dict[str, list[Fact]] = {model: [] for model in (card.version, coming.version)}
    for delta in counting(deltas, live.sources):
        for model in facts:
            if belongs(delta.name, model):
                facts[model] += read_delta(way.blobs, delta) or ()
    ahead = made_ahead(way, manifest)
    space = Space(way.department, coming.version)
    after = fold(live.in_space(space, coming.width), [*ahead, *facts[coming.version]])
    return fold(live, facts[card.version]), after


def made_ahead(way: Way, manifest: Manifest) -> list[Fact]:
    """Vectors of the coming version that are in no delta: of this promotion, or of its last time as live."""
    found: list[Fact] = []
    for blob in way.blobs.list(way.folder):
        found += read_facts(way.blobs.read(blob.name)[0], blob.name)
    former = manifest.former
    if former and former.model == way.version and former.snapshot:
        name = snapshot_name(way.department, former.snapshot)
        try:
            data, _ = way.blobs.read(name)
        except BlobNotFound:  # older than snapshots are kept: all is embedded again
            return found
        for row in rows_of(Catalogue.from_buffer(data, name).table):
            if "picture_clock" in row:
                vector = np.asarray(row["vector"], np.float16)
                told = row.get("predicted_category"), row["predicted_probability"]
                found.append(Picture(row["item_id"], row["picture_clock"], way.version, vector, *told))
    return found


def missing(live: Catalogue, after: Catalogue) -> dict[str, str]:
    """Visible pictures of ``live`` that are not the pictures of ``after``: their clocks by item id."""
    seen = after.visible_pictures()
    return {item_id: at for item_id, at in live.visible_pictures().items() if seen.get(item_id) != at}


def forget(way: Way) -> None:
    """Delete the vectors that were made ahead; those of uploads stay in the log."""
    for blob in list(way.blobs.list(way.folder)):
        with suppress(BlobNotFound):
            way.blobs.delete(blob.name)
