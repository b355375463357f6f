"""Tell the life of one item: its objects, the facts in the log, its row in the snapshot, and if it shows.

    python -m scripts.trace a1                               in whichever department has it
    python -m scripts.trace --department menswear a1

Reads and changes nothing. Clocks are generation.metageneration.object, as docs/formats.md says. Ends with
status 0 if the item is visible, 1 if it is not, with the reason on the last line.
IMAGES and CATALOGUE say where, as for the functions; without them it is this machine's .local folder.
"""

import argparse
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow.compute as pc
from tqdm import tqdm

from shared import wiring
from shared.catalogue import Catalogue
from shared.departments import DEPARTMENTS
from shared.errors import BlobNotFound, ModelMissing, StylekinError
from shared.facts import FIELDS, Attributes, Fact, Picture, Removed, Source, as_item_id, generation_of
from shared.log import Reader, list_deltas, read_delta
from shared.manifest import Manifest, read_manifest
from shared.reconciling import PICTURES
from shared.rejected import Rejection, rejections
from shared.rows import Row
from shared.snapshots import rows_of
from shared.storage.ports import Blob, Blobs


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


def life(images: Blobs, blobs: Blobs, department: str, item_id: str) -> Life:
    """Read all of it. Raises ModelMissing and whatever the stores raise."""
    catalogue = Reader(blobs, department, max_age=0).catalogue()
    facts = []
    for delta in tqdm(list_deltas(blobs, department), desc="reading the log", unit=" deltas", disable=None):
        with suppress(BlobNotFound):  # folded meanwhile
            told = read_delta(blobs, delta) or ()
            facts += [(delta, f) for f in told if not isinstance(f, Source) and f.item_id == item_id]
    return Life(
        department,
        item_id,
        tuple(objects_of(images, department, item_id)),
        tuple(facts),
        read_manifest(blobs, department)[0],
        row_of(catalogue, item_id),
        item_id in catalogue.visible_pictures(),
        rejections(blobs, department).get(item_id),
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


def described(life: Life) -> Iterator[str]:
    """The life of an item in lines, from the bucket to the answer."""
    yield f"{life.department} {life.item_id}"
    yield "objects" if life.objects else "objects: none"
    for blob in life.objects:
        counts = f"generation {blob.generation}, metageneration {blob.metageneration}"
        yield f"  {_time(blob.created)}  {blob.name}: {counts}, {blob.size} bytes"
        yield from (f"    {key}={value}" for key, value in sorted(blob.metadata.items()))
    yield "facts in the log" if life.facts else "facts in the log: none since the last compactions"
    for delta, fact in life.facts:
        yield f"  {_time(delta.created)}  {_told(fact)} at {fact.clock}"
    yield f"model {life.manifest.model}, snapshot {life.manifest.snapshot or 'none yet'}, log folded onto it"
    for column in ("picture_clock", "predicted_category", "removed_clock", "metadata_clock"):
        if life.row and column in life.row:
            yield f"  {column}: {life.row[column]}"
    for name in FIELDS:
        if life.row and f"{name}_clock" in life.row:
            yield f"  {name}: {life.row.get(name, 'cleared')!r} at {life.row[f'{name}_clock']}"
    if life.rejection:
        yield f"rejected: {life.rejection.type} at {life.rejection.clock}"
        yield f"  {life.rejection.reason}"
    yield verdict(life)


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
    if removed and life.objects:
        return "not visible: its object is older than its removal; upload it again"
    if removed:
        return f"not visible: removed at {removed}"
    return "not visible: it has attributes and no picture; upload one"


def _told(fact: Fact) -> str:
    if isinstance(fact, Picture):
        return f"picture, by {fact.model}: {fact.category} ({fact.category_probability:.2f})"
    if isinstance(fact, Attributes):
        return "attributes: " + ", ".join(f"{name}={value!r}" for name, value in fact.fields.items())
    return "removed" if isinstance(fact, Removed) else "read"


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def main() -> int:
    """Trace the item that the command line names; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.trace",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("item", metavar="ITEM", help="the item id: the picture's name without its ending")
    parser.add_argument("--department", choices=DEPARTMENTS, help="default: every one that knows the item")
    arguments = parser.parse_args()
    departments = [arguments.department] if arguments.department else list(DEPARTMENTS)
    try:
        item_id = as_item_id(arguments.item)
        lives = [life(wiring.images(), wiring.catalogue(), each, item_id) for each in departments]
    except ModelMissing as error:
        print(f"{error}; name another --department, or publish a model", file=sys.stderr)
        return 1
    except StylekinError as error:
        print(
            f"expected an item id, and the buckets of IMAGES and CATALOGUE, found: {error}", file=sys.stderr
        )
        return 1
    known = [each for each in lives if each.known]
    for each in known:
        print("\n".join(described(each)))
    if not known:
        expected = f"expected an item of {' or '.join(departments)}"
        print(f"{expected}, found nothing ever heard of {item_id!r}", file=sys.stderr)
    return 0 if any(each.visible for each in known) else 1


if __name__ == "__main__":
    sys.exit(main())
