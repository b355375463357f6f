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
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks import limits
from benchmarks.measuring import machine
from scripts import emulators
from scripts.marked import MarkedPage
from shared import fetching, pictures
from shared.asking import Request
from shared.card import Card
from shared.catalogue import Catalogue, fold
from shared.departments import Space
from shared.documents import write_row
from shared.embedding import picture_fact
from shared.encoder import Encoders
from shared.engine import Engine, Hand, Need
from shared.errors import PictureRefused
from shared.facts import Fact, clock
from shared.log import read_model_card
from shared.recommending import preview
from shared.rows import Row
from shared.snapshots import rows_of
from shared.storage.folder import Folder
from shared.vectors import Floats

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "engines.json"
PAGE = MarkedPage(ROOT / "docs" / "engines.md", "benchmarks.engines")
DEPARTMENT, MODEL = "womenswear", "demo-4"
LIKES = (1, 4, 5, 10, 20, 50)
WAYS = ((1, 800), (4, 100), (4, 200), (4, 400), (4, 800), (8, 800), (16, 800))  # vectors, items
LISTS = 40  # of each number of likes
LONG = (12, 48)  # places of a list
TIMED = 15
TIMED_LIKES = (1, 8)
TIMED_WAYS = ("memory", "ours", "firestore")


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
    return "\n".join([*lines, *limits.table(results["sizes"]["row_bytes"], results["peaks"])])


def main() -> None:
    """Measure what is asked for, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines")
    parser.add_argument("--photographs", type=Path, help="a folder of pictures of garments")
    parser.add_argument("--memory", action="store_true", help="measure what a whole table takes")
    asked = parser.parse_args()
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
        results["peaks"] = limits.peaks()
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    PAGE.write(tables(results))


if __name__ == "__main__":
    main()
