"""What a list loses when it is made of what an engine finds near a few vectors, and how long that takes.

Items are real photographs, embedded by a demo model. Lists of random likes, made of all items, are compared
with those made of what is at hand; an engine that finds exactly stands in for Firestore, whose index is
exact, too. Times are of Firestore's emulator, which says nothing of Firestore's own.

    python -m benchmarks.engines --photographs FOLDER    measure, and write the tables of docs/engines.md
    python -m benchmarks.engines --memory                measure only what a whole table takes
    python -m benchmarks.engines                         write the tables again
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks import catalogues
from benchmarks.measuring import machine
from scripts import emulators
from scripts.cost import MONTH, PRICES
from scripts.marked import MarkedPage
from shared import fetching, pictures
from shared.asking import Request
from shared.card import Card
from shared.catalogue import Catalogue, fold
from shared.codes import codes
from shared.departments import Space
from shared.documents import write_row
from shared.embedding import picture_fact
from shared.encoder import Encoders
from shared.engine import Engine, Hand, Need
from shared.errors import PictureRefused
from shared.facts import Fact, Picture, clock
from shared.log import read_model_card
from shared.recommending import preview
from shared.rows import Row
from shared.snapshots import rows_of
from shared.storage.folder import Folder
from shared.vectors import Floats

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "engines.json"
PAGE = MarkedPage(ROOT / "docs" / "engines.md", "benchmarks.engines")
DEPARTMENT, MODEL = "womenswear", "demo-2"
WIDTH = 768  # of the demo models' vectors
LIKES = (1, 4, 5, 10, 20, 50)
WAYS = ((1, 800), (4, 100), (4, 200), (4, 400), (4, 800), (8, 800), (16, 800))  # vectors, items
LISTS = 40  # of each number of likes
LONG = (12, 48)  # places of a list
TIMED = 15
TIMED_LIKES = (1, 8)
TIMED_WAYS = ("memory", "ours", "firestore")
SIZES = (100_000, 1_000_000, 3_000_000, 6_000_000, 10_000_000)
GIB = 2**30
PEAKS = ("compact", "recommend")
PEAK_ITEMS = 200_000
MOST = 32  # GiB of an instance, and how many CPUs Cloud Run asks at least with how much memory
CPUS = {4: 1, 8: 2, 16: 4, 24: 6, MOST: 8}


class Exact(Engine):
    """Finds exactly, in memory, what Firestore's flat index would."""

    def __init__(self, catalogue: Catalogue, card: Card) -> None:
        self.known = {row["item_id"]: row for row in rows_of(catalogue.table)}
        items = catalogue.visible(card)
        self.ids, self.vectors = items.item_ids.tolist(), items.vectors[:]

    def rows(self, space: Space, item_ids: Sequence[str]) -> list[Row]:
        return [self.known[item_id] for item_id in item_ids]

    def nearest(self, space: Space, vector: Floats, labels: Sequence[str], limit: int) -> list[Row]:
        return [self.known[self.ids[row]] for row in np.argsort(-(self.vectors @ vector))[:limit]]


class Near:
    """A department of which only what an engine finds is at hand."""

    def __init__(self, engine: Engine, card: Card) -> None:
        self.engine, self.card = engine, card

    def at_hand(self, need: Need) -> Hand:
        return Hand(fetching.fetch(self.engine, self.card, need), self.card, 0)


class Whole:
    """A department whose items are all at hand."""

    def __init__(self, catalogue: Catalogue, card: Card) -> None:
        self.hand = Hand(catalogue, card, len(catalogue.visible(card)))

    def at_hand(self, need: Need) -> Hand:
        return self.hand


def photographs(folder: Path, card: Card, encoders: Encoders) -> Iterator[Fact]:
    """The picture of each file below a folder."""
    encoder = encoders(DEPARTMENT, MODEL)
    for path in sorted(each for each in folder.rglob("*") if each.suffix in (".jpg", ".png")):
        try:
            pixels = pictures.decode(path.read_bytes())
        except PictureRefused:
            continue
        at = clock(1, 0, f"{DEPARTMENT}/{path.stem}.jpg")
        yield picture_fact(path.stem, at, card.version, encoder.encode(pixels))


@contextmanager
def ways(vectors: int, items: int) -> Iterator[None]:
    """Look near so many vectors, for so many items."""
    before = fetching.TASTES, fetching.AT_HAND
    fetching.TASTES, fetching.AT_HAND = vectors, items
    try:
        yield
    finally:
        fetching.TASTES, fetching.AT_HAND = before


def listed(stock: Any, request: Request) -> list[str]:
    """The ids of a list, in order."""
    body = preview(lambda _: stock, DEPARTMENT, request).body
    return [entry["item"]["item_id"] for entry in body["recommendations"]]


def recall(catalogue: Catalogue, card: Card) -> list[dict[str, Any]]:
    """How much of each list made of all items is in that made of what is at hand."""
    whole, near = Whole(catalogue, card), Near(Exact(catalogue, card), card)
    ids = catalogue.visible(card).item_ids
    rows = []
    for likes in LIKES:
        random = np.random.default_rng(likes)
        asked = [
            Request(tuple(random.choice(ids, likes, replace=False).tolist()), limit=max(LONG), explore=0.0)
            for _ in range(LISTS)
        ]
        right = [listed(whole, request) for request in asked]
        for vectors, items in WAYS:
            with ways(vectors, items):
                found = [listed(near, request) for request in asked]
            row: dict[str, Any] = {"likes": likes, "vectors": vectors, "items": items}
            for long in LONG:
                shares = [len({*a[:long]} & {*b[:long]}) / long for a, b in zip(right, found, strict=True)]
                row[f"recall_{long}"] = round(float(np.mean(shares)), 4)
            rows.append(row)
    return rows


def times(catalogue: Catalogue, card: Card, facts: Iterable[Fact]) -> dict[str, Any]:
    """Milliseconds of lists on Firestore's emulator, and of joining."""
    from shared.storage.firestore_items import FirestoreItems

    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder, emulators.firestore(Path(folder)) as emulator:
        os.environ |= emulator.environment
        engine = FirestoreItems("engines", "(default)")
        started = time.perf_counter()
        joined = engine.join(card, facts)
        told["joined_per_second"] = round(joined / (time.perf_counter() - started), 1)
        stocks = {
            "memory": Whole(catalogue, card),
            "ours": Near(Exact(catalogue, card), card),
            "firestore": Near(engine, card),
        }
        ids = catalogue.visible(card).item_ids
        for likes in TIMED_LIKES:
            random = np.random.default_rng(likes)
            asked = [
                Request(tuple(random.choice(ids, likes, replace=False).tolist()), limit=12, explore=0.0)
                for _ in range(TIMED + 1)
            ]
            for name, stock in stocks.items():
                taken = [_milliseconds(stock, request) for request in asked][1:]
                told[f"{name}_{likes}_ms"] = round(median(taken), 1)
        engine.close()
    return told


def _milliseconds(stock: Any, request: Request) -> float:
    started = time.perf_counter()
    listed(stock, request)
    return (time.perf_counter() - started) * 1000


def sizes(catalogue: Catalogue) -> dict[str, float]:
    """Bytes of an item's row in a document, and in a snapshot."""
    rows = rows_of(catalogue.table)
    return {
        "row_bytes": round(float(np.mean([len(write_row(row)) for row in rows]))),
        "snapshot_bytes": round(len(catalogue.to_bytes()) / len(rows)),
    }


def tables(results: Mapping[str, Any]) -> str:
    """What was measured on what."""
    rows = results["recall"]
    head = ["likes", *(f"{v} vector{'s' * (v > 1)}, {n} items" for v, n in WAYS)]
    lines = [
        f"\n{results['items']:,} photographs, {LISTS} lists of random likes a row: the share of the first "
        f"{LONG[0]} places, and of the first {LONG[1]}, that is also in the list made of all items.\n",
        "| " + " | ".join(head) + " |",
        "|" + " --- |" * len(head),
    ]
    for likes in LIKES:
        by = {(row["vectors"], row["items"]): row for row in rows if row["likes"] == likes}
        cells = [f"{by[way]['recall_12']:.3f}, {by[way]['recall_48']:.3f}" for way in WAYS]
        lines.append("| " + " | ".join([str(likes), *cells]) + " |")
    told, size, ours = results["times"], results["sizes"], results["machine"]
    lines += [
        f"\nOn Firestore's emulator, median of {TIMED} lists of 12 places, {ours['processor']}, "
        f"{ours['cores']} cores, load average {ours['busy']}:\n",
        "| likes | all items in memory, ms | those at hand from memory, ms | from the emulator, ms |",
        "| --- | --- | --- | --- |",
        *(
            "| " + " | ".join(map(str, (n, *(told[f"{way}_{n}_ms"] for way in TIMED_WAYS)))) + " |"
            for n in TIMED_LIKES
        ),
        f"\nThe emulator took {told['joined_per_second']} new items a second. An item's `row` is "
        f"{size['row_bytes']:,} bytes, in a snapshot it is {size['snapshot_bytes']:,}.\n",
    ]
    return "\n".join([*lines, *_arithmetic(results)])


def _arithmetic(results: Mapping[str, Any]) -> list[str]:
    """What each number of items takes, in memory and with Firestore, by list prices."""
    size, peaks = results["sizes"], results["peaks"]
    document = size["row_bytes"] + 2 * 8 * WIDTH  # the row, the vector, and the vector in the index
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
    before = _most()
    known = Catalogue.from_buffer(snapshot.read_bytes())
    if what == "compact":
        at = clock(2_000_000, 0, f"{DEPARTMENT}/new.jpg")
        vector = np.zeros(WIDTH, np.float16)
        new = [Picture(f"new-{place}", at, MODEL, vector, None, 0.0) for place in range(100)]
        fold(known, new).to_bytes()
    else:
        codes(known.visible(catalogues.card()))
    print((_most() - before) // len(known))


def _most() -> int:
    """The most bytes that this process had in memory; on Linux."""
    (line,) = (each for each in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in each)
    return int(line.split()[1]) * 1024


def peaks() -> dict[str, int]:
    """What ``peak`` says of each use, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        snapshot = Path(folder, "snapshot.arrow")
        snapshot.write_bytes(catalogues.catalogue(PEAK_ITEMS, catalogues.card()).to_bytes())
        told = {"items": PEAK_ITEMS}
        for what in PEAKS:
            command = [sys.executable, "-m", "benchmarks.engines", "--peak", what, str(snapshot)]
            told[what] = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        return told


def main() -> None:
    """Measure what is asked for, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines")
    parser.add_argument("--photographs", type=Path, help="a folder of pictures of garments")
    parser.add_argument("--memory", action="store_true", help="measure what a whole table takes")
    parser.add_argument("--peak", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.peak:
        peak(asked.peak[0], Path(asked.peak[1]))
        return
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    if asked.photographs:
        blobs = Folder(ROOT)
        card = read_model_card(blobs, DEPARTMENT, MODEL)
        facts = list(photographs(asked.photographs, card, Encoders(blobs, 1, 1)))
        catalogue = fold(Catalogue.empty(Space(DEPARTMENT, MODEL), card.width), facts)
        results |= {
            "date": time.strftime("%Y-%m-%d"),
            "machine": machine(),
            "items": len(catalogue),
            "sizes": sizes(catalogue),
            "recall": recall(catalogue, card),
            "times": times(catalogue, card, facts),
        }
    if asked.photographs or asked.memory:
        results["peaks"] = peaks()
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    PAGE.write(tables(results))


if __name__ == "__main__":
    main()
