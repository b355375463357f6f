"""Join everything known into the engine of CATALOGUE_ENGINE: once, when it is turned on and after a model was
promoted. What happens meanwhile is joined, too; killed, or run again, it changes nothing that is right.

    python -m scripts.fill_engine

Reads CATALOGUE and CATALOGUE_ENGINE, and holds a department's whole catalogue in memory.
"""

import os
import sys
from collections.abc import Iterator, Mapping

from tqdm import tqdm

from shared import wiring
from shared.catalogue import Catalogue
from shared.departments import DEPARTMENTS
from shared.documents import facts_of
from shared.engine import Engine
from shared.errors import ModelMissing, StylekinError
from shared.reader import Reader
from shared.rows import Row
from shared.settings import Settings
from shared.snapshots import rows_of
from shared.storage.ports import Blobs

AT_ONCE = 1000


def main() -> int:
    """Fill what the environment names; the exit status."""
    try:
        if told := fill_engine(os.environ):
            print("\n".join(told))
            return 0
        print("CATALOGUE_ENGINE: expected an engine to fill, found memory", file=sys.stderr)
    except StylekinError as error:
        print(error, file=sys.stderr)
    return 1


def fill_engine(environment: Mapping[str, str]) -> list[str]:
    """Join everything known of every department that has a model; what was done, in words.

    Nothing if there is no engine. Raises SettingsError, StoreUnavailable.
    """
    settings = Settings.of(environment)
    blobs = wiring.blobs("CATALOGUE", settings.catalogue)
    told = []
    if (engine := wiring.engine_at(settings.catalogue_engine)) is not None:
        for department in DEPARTMENTS:
            try:
                told.append(f"{department}: {fill(blobs, engine, department)}")
            except ModelMissing as error:
                told.append(str(error))
    return told


def fill(blobs: Blobs, engine: Engine, department: str) -> str:
    """Join everything known of a department; what was done, in words. Raises ModelMissing."""
    catalogue, card = Reader(blobs, department, 0).live()
    changed = 0
    with tqdm(total=len(catalogue), desc=department, unit=" items", disable=None) as progress:
        for rows in _batches(catalogue):
            changed += engine.join(card, [fact for row in rows for fact in facts_of(row, card.version)])
            progress.update(len(rows))
    engine.fill(catalogue.space)
    return f"{len(catalogue)} items of {card.version}, {changed} of them new or changed"


def _batches(catalogue: Catalogue) -> Iterator[list[Row]]:
    for start in range(0, len(catalogue), AT_ONCE):
        yield rows_of(catalogue.table.slice(start, AT_ONCE))


if __name__ == "__main__":
    sys.exit(main())
