"""Have rejected objects tried again, once what was wrong with them, or with the system, is mended.

Each object that is recorded under <department>/rejected/ is touched: its bucket then announces it like any
other change, and embed_on_upload takes it in or refuses it anew. So it works wherever the events come from;
nothing is embedded here. A record whose object is gone is deleted.

    python -m scripts.replay                                 everything that is rejected
    python -m scripts.replay --type GivenUp                  only what failed for hours, such as in an outage
    python -m scripts.replay --department menswear m1 m2     these items
    python -m scripts.replay --dry-run                       show what there is, and touch nothing

IMAGES and CATALOGUE say where, as for the functions; without them it is this machine's .local folder.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Collection, Iterator

from tqdm import tqdm

from shared import wiring
from shared.departments import DEPARTMENTS
from shared.errors import BlobNotFound, StylekinError
from shared.facts import composed, parse_clock
from shared.rejected import Rejection, readmit, rejections
from shared.storage.ports import Blobs


def chosen(
    blobs: Blobs, departments: Collection[str], types: Collection[str], items: Collection[str]
) -> Iterator[tuple[str, Rejection]]:
    """The rejections, with their department, that are of these types and items; of all if none is named."""
    wanted = {*items, *map(composed, items)}
    for department in departments:
        for rejection in rejections(blobs, department).values():
            if (not types or rejection.type in types) and (not wanted or rejection.item_id in wanted):
                yield department, rejection


def replay(images: Blobs, blobs: Blobs, department: str, rejection: Rejection) -> str:
    """Ask for one rejected object again; what was done. Raises whatever the stores raise."""
    name = parse_clock(rejection.clock)[2]
    try:
        images.touch(name)
    except BlobNotFound:
        readmit(blobs, department, rejection.item_id, rejection.clock)
        return "gone, forgotten"
    return "asked for again"


def main() -> int:
    """Replay what the command line chooses; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.replay",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("items", nargs="*", metavar="ITEM", help="item ids; default: all")
    parser.add_argument("--department", choices=DEPARTMENTS, help="default: both")
    parser.add_argument("--type", action="append", default=[], help="error type, such as GivenUp; repeatable")
    parser.add_argument("--dry-run", action="store_true", help="show what would be asked for, and stop")
    arguments = parser.parse_args()
    departments = [arguments.department] if arguments.department else list(DEPARTMENTS)
    done: Counter[str] = Counter()
    try:
        images, blobs = wiring.images(), wiring.catalogue()
        found = list(chosen(blobs, departments, arguments.type, arguments.items))
        for department, rejection in tqdm(found, unit=" objects", disable=None):
            what = "rejected"
            if not arguments.dry_run:
                try:
                    what = replay(images, blobs, department, rejection)
                except StylekinError as error:
                    what = "failed"
                    print(f"{department} {rejection.item_id}: {error}", file=sys.stderr)
            done[what] += 1
            print(f"{what}: {department} {rejection.item_id}: {rejection.type}: {rejection.reason}")
    except StylekinError as error:
        print(f"expected the buckets of IMAGES and CATALOGUE, found: {error}", file=sys.stderr)
        return 1
    named = {rejection.item_id for _, rejection in found}
    if missing := [item for item in arguments.items if not {item, composed(item)} & named]:
        print(f"not rejected: {', '.join(missing)}", file=sys.stderr)
    print(", ".join(f"{count} {what}" for what, count in done.most_common()) or "nothing is rejected")
    return 1 if missing or done["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
