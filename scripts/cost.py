"""What a month costs at three sizes of shop, in US dollars, from list prices and measured work.

PRICES says of each price which page it is of, and when it was compared with which copy of that page. List
prices change, and differ between regions: compare them with the pages before a decision hangs on them. CPU
times are those of benchmarks/footprint.json, ASSUMED is what nobody measured. Standard library only.

    python -m scripts.cost                                   the table of docs/deploy.md
    python -m scripts.cost --items 5000 --calls 300000       a size of one's own
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
MONTH = 30 * 24 * 60 * 60  # seconds


@dataclass(frozen=True)
class Price:
    """US dollars for ``per`` units beyond the ``free`` ones of a month, by ``page``.

    ``seen`` says when the price was compared with which copy of the page.
    """

    dollars: float
    per: float
    unit: str
    free: int
    page: str
    seen: str

    def of(self, units: float) -> float:
        """What so many units cost."""
        return max(0.0, units - self.free) / self.per * self.dollars


RUN = "https://cloud.google.com/run/pricing"
STORAGE = "https://cloud.google.com/storage/pricing"
FIRESTORE = "https://cloud.google.com/firestore/pricing"
SEEN = "2026-11-22, with a copy that has no date"
SEEN_OLD = "2026-11-22, with a copy of 2020"
UNSEEN = "never: no copy was at hand"
PRICES = {
    # Cloud Run, billed by request, regions of tier 1 such as europe-west1
    "cpu": Price(0.000024, 1, "vCPU second", 180_000, RUN, SEEN),
    "memory": Price(0.0000025, 1, "GiB second", 360_000, RUN, SEEN),
    "requests": Price(0.40, 1e6, "request", 2_000_000, RUN, SEEN),
    # Cloud Storage, standard, europe-west1
    "stored": Price(0.020, 1, "GB", 0, STORAGE, SEEN),
    "class_a": Price(0.005, 1e3, "operation of class A (write, list)", 0, STORAGE, SEEN),
    "class_b": Price(0.0004, 1e3, "operation of class B (read)", 0, STORAGE, SEEN),
    # Firestore, eur3 or nam5; a single region costs less. A database with a name has no free quota.
    "document_reads": Price(0.06, 1e5, "document read", 0, FIRESTORE, SEEN_OLD),
    "document_writes": Price(0.18, 1e5, "document written", 0, FIRESTORE, SEEN_OLD),
    "documents": Price(0.18, 1, "GiB", 0, FIRESTORE, UNSEEN),
    "out": Price(0.12, 1, "GB to the internet", 0, STORAGE, SEEN),
    "logs": Price(0.50, 1, "GiB of logs", 50, "https://cloud.google.com/stackdriver/pricing", SEEN),
    "jobs": Price(0.10, 1, "scheduled job", 0, "https://cloud.google.com/scheduler/pricing", SEEN),
    "images": Price(0.10, 1, "GB of images", 0, "https://cloud.google.com/artifact-registry/pricing", UNSEEN),
}


@dataclass(frozen=True)
class Size:
    """A shop: items on show, pictures changed a month, calls of recommend a month, new shoppers a month."""

    items: int
    pictures: int
    calls: int
    shoppers: int


SIZES = {
    "a boutique": Size(items=1_000, pictures=200, calls=20_000, shoppers=1_000),
    "a shop": Size(items=20_000, pictures=4_000, calls=1_000_000, shoppers=30_000),
    "a department store": Size(items=100_000, pictures=30_000, calls=10_000_000, shoppers=300_000),
}

# What nobody measured.
ASSUMED = {
    "picture_kb": 200,  # of one picture
    "answer_kb": 8,  # of one answer of recommend
    "profile_kb": 8,  # of one stored profile
    "line_kb": 1,  # of one log line
    "calls_per_start": 20,  # calls an instance answers before it is ended
    "catalogue_kb_per_item": 3,  # versions of snapshots, deltas, manifests
    "images_gb": 3,  # the functions' images, with those of earlier deployments
    "listing_seconds": 0.1,  # to list 1,000 pictures
}
BILLED_AT_LEAST = 0.1  # seconds of an instance per call
MEMORY_GIB = {
    "register": 0.5,
    "recommend": 3,
    "embed_on_upload": 3,
    "compact_catalogue": 1,
    "inspect_catalogue": 1,
}
CPUS = {
    "register": 1,
    "recommend": 1,
    "embed_on_upload": 2,
    "compact_catalogue": 1,
    "inspect_catalogue": 1,
}
MAX_AGE = 10  # seconds a reader goes without looking for news
COMPACTIONS = MONTH / (15 * 60)
DEPARTMENTS = 2


def month(size: Size, footprint: dict[str, dict[str, float]]) -> dict[str, float]:
    """Dollars of one month, by what they are paid for. ``footprint`` has each function's CPU seconds."""
    pages = size.items / 1000  # of a listing
    calls = {
        "register": size.shoppers,
        "recommend": size.calls,
        "embed_on_upload": size.pictures,
        "compact_catalogue": COMPACTIONS,
    }
    cpu = memory = 0.0
    for function, count in calls.items():
        each = footprint[function]["call_cpu_seconds"]
        if function == "compact_catalogue":
            each += pages * ASSUMED["listing_seconds"]
        starts = count / ASSUMED["calls_per_start"] * footprint[function]["first_call_cpu_seconds"]
        seconds = count * max(BILLED_AT_LEAST, each) + starts
        cpu += seconds * CPUS[function]
        memory += seconds * MEMORY_GIB[function]
    # Every instance looks for news at most every MAX_AGE seconds; so many instances as are busy at once.
    instances = max(1.0, size.calls * BILLED_AT_LEAST / MONTH)
    looks = DEPARTMENTS * min(size.calls, instances * MONTH / MAX_AGE)
    writes = 2 * size.pictures + COMPACTIONS * (4 * DEPARTMENTS + pages)
    stored = size.items * (ASSUMED["picture_kb"] + ASSUMED["catalogue_kb_per_item"]) / 1e6
    lines = (sum(calls.values())) * ASSUMED["line_kb"] / 2**20
    documents = 12 * size.shoppers * ASSUMED["profile_kb"] / 2**20  # profiles stay for a year
    return {
        "functions": PRICES["cpu"].of(cpu)
        + PRICES["memory"].of(memory)
        + PRICES["requests"].of(sum(calls.values())),
        "buckets": PRICES["stored"].of(stored)
        + PRICES["class_a"].of(looks + writes)
        + PRICES["class_b"].of(looks + 4 * size.pictures + 2 * DEPARTMENTS * COMPACTIONS),
        "profiles": PRICES["document_reads"].of(size.calls + size.shoppers)
        + PRICES["document_writes"].of(size.calls + size.shoppers)
        + PRICES["documents"].of(documents),
        "answers": PRICES["out"].of(size.calls * ASSUMED["answer_kb"] / 1e6),
        "the rest": PRICES["logs"].of(lines)
        + PRICES["jobs"].of(1)
        + PRICES["images"].of(ASSUMED["images_gb"]),
    }


def table(sizes: dict[str, Size], footprint: dict[str, dict[str, float]]) -> str:
    """Markdown: one row per size."""
    columns = ["items", "new pictures", "calls", "new shoppers"]
    parts = list(month(next(iter(sizes.values())), footprint))
    head = ["a month", *columns, *parts, "together"]
    rows = [head, ["---", *["---:"] * (len(head) - 1)]]
    for name, size in sizes.items():
        costs = month(size, footprint)
        counts = [f"{count:,}" for count in (size.items, size.pictures, size.calls, size.shoppers)]
        dollars = [f"${cost:,.2f}" for cost in (*costs.values(), sum(costs.values()))]
        rows.append([name, *counts, *dollars])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def prices() -> str:
    """Markdown: one row per price."""
    rows = [["price", "for", "free a month", "page", "compared"], ["---:", "---", "---:", "---", "---"]]
    for price in PRICES.values():
        many = f"{price.per:,.0f} × " if price.per != 1 else ""
        free = f"{price.free:,}" if price.free else ""
        rows.append(
            [f"${price.dollars:.7f}".rstrip("0"), many + price.unit, free, f"<{price.page}>", price.seen]
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main() -> None:
    """Print the table, and where its prices are from."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.cost", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--items", type=int, help="items on show")
    parser.add_argument("--pictures", type=int, help="new pictures a month; default: a fifth of the items")
    parser.add_argument("--calls", type=int, help="calls of recommend a month")
    parser.add_argument("--shoppers", type=int, help="new shoppers a month; default: one in thirty calls")
    given = parser.parse_args()
    sizes = SIZES
    if given.items is not None or given.calls is not None:
        if given.items is None or given.calls is None:
            parser.error("expected --items and --calls together, found one of them")
        pictures = given.items // 5 if given.pictures is None else given.pictures
        shoppers = given.calls // 30 if given.shoppers is None else given.shoppers
        sizes = {"yours": Size(given.items, pictures, given.calls, shoppers)}
    footprint = json.loads((ROOT / "benchmarks" / "footprint.json").read_text())["functions"]
    print(table(sizes, footprint), prices(), sep="\n\n")


if __name__ == "__main__":
    main()
