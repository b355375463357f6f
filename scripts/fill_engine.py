"""Join everything known into the engine of CATALOGUE_ENGINE: once, when it is turned on and after a model was
promoted. What happens meanwhile is joined, too; killed, or run again, it changes nothing that is right.

    python -m scripts.fill_engine

Reads CATALOGUE and CATALOGUE_ENGINE, and holds a department's whole catalogue in memory.
"""

import sys
from collections.abc import Iterator

from tqdm import tqdm

from shared import wiring
from shared.catalogue import Catalogue
from shared.departments import DEPARTMENTS
from shared.documents import facts_of
from shared.errors import ModelMissing, StylekinError
from shared.facts import Fact
from shared.rows import Row
from shared.snapshots import rows_of

AT_ONCE = 500


def main() -> int:
    """Fill every department that has a model; the exit status."""
    try:
        engine = wiring.engine()
        if engine is None:
            print("CATALOGUE_ENGINE: expected an engine to fill, found memory", file=sys.stderr)
            return 1
        for department in DEPARTMENTS:
            try:
                catalogue, card = wiring.reader(department).live()
            except ModelMissing as error:
                print(error)
                continue
            changed = 0
            with tqdm(total=len(catalogue), desc=department, unit=" items") as progress:
                for rows in _batches(catalogue):
                    facts: list[Fact] = [fact for row in rows for fact in facts_of(row, card.version)]
                    changed += engine.join(card, facts)
                    progress.update(len(rows))
            engine.fill(catalogue.space)
            print(f"{department}: {len(catalogue)} items of {card.version}, {changed} of them new or changed")
    except StylekinError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _batches(catalogue: Catalogue) -> Iterator[list[Row]]:
    for start in range(0, len(catalogue), AT_ONCE):
        yield rows_of(catalogue.table.slice(start, AT_ONCE))


if __name__ == "__main__":
    sys.exit(main())
