"""Tell the life of one item: its objects, the facts in the log, its row in the snapshot, and if it shows.

    python -m scripts.trace a1                               in whichever department has it
    python -m scripts.trace --department menswear a1

Reads and changes nothing. Clocks are generation.metageneration.object, as docs/formats.md says. Ends with
status 0 if the item is visible, 1 if it is not, with the reason on the last line.
IMAGES and CATALOGUE say where, as for the functions; without them it is this machine's .local folder.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from tqdm import tqdm

from shared import wiring
from shared.departments import DEPARTMENTS
from shared.errors import ModelMissing, StylekinError
from shared.facts import FIELDS, as_item_id
from shared.lives import Life, Read, in_words, life, verdict
from shared.reader import Reader


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
        yield f"  {_time(delta.created)}  {in_words(fact)} at {fact.clock}"
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


def _traced(department: str, item_id: str) -> Life:
    catalogue = Reader(wiring.catalogue(), department, max_age=0).catalogue()
    return life(wiring.images(), wiring.catalogue(), catalogue, item_id, _bar)


def _bar(read: Read, count: int) -> Read:
    bar: Read = tqdm(read, desc="reading the log", unit=" deltas", total=count, disable=None)
    return bar


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
        lives = [_traced(each, item_id) for each in departments]
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
