"""Where one instance's memory ends, and what Firestore asks for as many items.

python -m benchmarks.limits compact FILE   prints the bytes an item of a snapshot takes at most
"""

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from benchmarks import catalogues
from benchmarks.measuring import peak_mb
from scripts.cost import MONTH, PRICES
from shared import fetching
from shared.catalogue import Catalogue, fold
from shared.codes import codes
from shared.compacting import PIECE
from shared.facts import Picture, clock

WIDTH = 768  # of the demo models' vectors
SIZES = (100_000, 1_000_000, 3_000_000, 6_000_000, 10_000_000)
GIB = 2**30
PEAKS = ("compact", "recommend")
PEAK_ITEMS = 200_000
MOST = 32  # GiB of an instance, and how many CPUs Cloud Run asks at least with how much memory
CPUS = {4: 1, 8: 2, 16: 4, 24: 6, MOST: 8}


def table(row_bytes: float, peaks: Mapping[str, int]) -> list[str]:
    """What each number of items takes, in memory and with Firestore, by list prices: lines of a table.

    ``row_bytes`` are those of an item's row in a document, ``peaks`` what ``peaks`` found.
    """
    document = row_bytes + 2 * 8 * WIDTH  # the row, the vector, and the vector in the index
    read, stored = PRICES["document_reads"], PRICES["documents"]
    head = (
        "items of a department",
        "compaction, GiB",
        "recommend, GiB",
        "$ a month of one such instance that is always there",
        "documents, GiB",
        "$ a month",
        "reads of a list near one vector",
        "$ for 1,000 such lists",
        "near 8 vectors",
        "lists a month that cost as much as the instance",
    )
    lines = [
        f"A table of {peaks['items']:,} items took at most {peaks['compact']:,} bytes an item to compact and "
        f"{peaks['recommend']:,} to recommend from. By these figures, and ${read.dollars} for "
        f"{read.per:,.0f} reads, ${stored.dollars} for a GiB a month, ${PRICES['cpu'].dollars} for a CPU and "
        f"${PRICES['memory'].dollars} for a GiB a second:\n",
        "| " + " | ".join(head) + " |",
        "|" + " --- |" * len(head),
    ]
    for n in SIZES:
        compacting, recommending = (n * peaks[what] / GIB for what in PEAKS)
        held = n * document / GIB
        near = [-(-n // 100) * vectors + fetching.AT_HAND for vectors in (1, fetching.TASTES)]
        dollars = [1000 * each / read.per * read.dollars for each in near]
        instance = _instance(recommending)
        lists = (instance - held * stored.dollars) / dollars[0] * 1000 if instance else None
        cells = (
            f"{n:,}",
            *(
                f"{gib:,.1f}" if gib <= MOST else f"{gib:,.1f}, too many"
                for gib in (compacting, recommending)
            ),
            f"{instance:,.0f}" if instance else "",
            f"{held:,.1f}",
            f"{held * stored.dollars:,.2f}",
            f"{near[0]:,}",
            *(f"{each:,.2f}" for each in dollars),
            f"{lists:,.0f}" if lists else "",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return [*lines, ""]


def _instance(gib: float) -> float | None:
    """Dollars of a month of an instance of so much memory and the CPUs that Cloud Run asks with it; None if
    there is none so large."""
    cpus = next((cpus for most, cpus in CPUS.items() if gib <= most), None)
    if cpus is None:
        return None
    return MONTH * (cpus * PRICES["cpu"].dollars + max(1.0, gib) * PRICES["memory"].dollars)


def peak(what: str, snapshot: Path) -> None:
    """Print how many bytes an item of a snapshot take at most, to do what compaction or recommend does."""
    before = peak_mb()
    known = Catalogue.from_buffer(snapshot.read_bytes())
    if what == "compact":
        at = clock(2_000_000, 0, f"{known.space.department}/new.jpg")
        vector = np.zeros(WIDTH, np.float16)
        new = [Picture(f"new-{place}", at, known.space.model, vector, None, 0.0) for place in range(100)]
        file = fold(known, new, together=False).to_file()
        for start in range(0, file.size, PIECE):
            file.read(start, PIECE)
    else:
        codes(known.visible(catalogues.card()))
    print(round((peak_mb() - before) * 1e6 / len(known)))


def peaks() -> dict[str, int]:
    """What ``peak`` says of each use, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        snapshot = Path(folder, "snapshot.arrow")
        snapshot.write_bytes(catalogues.catalogue(PEAK_ITEMS, catalogues.card()).to_bytes())
        told = {"items": PEAK_ITEMS}
        for what in PEAKS:
            command = [sys.executable, "-m", "benchmarks.limits", what, str(snapshot)]
            told[what] = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        return told


if __name__ == "__main__":
    peak(sys.argv[1], Path(sys.argv[2]))
