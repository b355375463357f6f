"""What it costs to take in one changed item: the fold, and what every new catalogue version works out.

python -m benchmarks.renewing REPETITIONS ITEMS… prints the rows as JSON.
"""

import sys
import time
from typing import Any

import msgspec

from benchmarks.catalogues import card, catalogue, item_ids, vectors
from benchmarks.measuring import spread
from shared.catalogue import fold
from shared.codes import codes
from shared.exploration import clusters
from shared.facts import Picture, clock
from shared.offered import offered


def measure(sizes: list[int], repetitions: int) -> list[dict[str, Any]]:
    """A row per number of items and stage, in the order in which a request meets them."""
    model, rows = card(), []
    for n in sizes:
        known, new = catalogue(n, model), vectors(repetitions + 1, model, seed=1)
        taken: dict[str, list[float]] = {}
        before = known.visible(model)
        codes(before)
        for number in range(repetitions + 1):
            item_id = item_ids(n)[(number * 7919) % n]
            at = clock(2_000_000 + number, 0, f"{model.department}/{item_id}.jpg")
            fact = Picture(item_id, at, model.version, new[number], "dress", 0.9)
            marks = [time.perf_counter()]
            known = fold(known, [fact])
            marks.append(time.perf_counter())
            items = known.visible(model)
            marks.append(time.perf_counter())
            codes(items, before)
            marks.append(time.perf_counter())
            clusters(items.vectors, codes(items).nearest)
            before = items
            marks.append(time.perf_counter())
            offered(items)
            marks.append(time.perf_counter())
            for place, stage in enumerate(("fold", "columns", "codes", "style clusters", "sizes")):
                if number:  # the first warms the processor's caches
                    taken.setdefault(stage, []).append((marks[place + 1] - marks[place]) * 1000)
        for stage, times in taken.items():
            rows.append({"items": n, "stage": stage, "repetitions": repetitions, **spread(times)})
        print(f"renewing {n} items", file=sys.stderr)
    return rows


if __name__ == "__main__":
    repetitions, *sizes = map(int, sys.argv[1:])
    print(msgspec.json.encode(measure(sizes, repetitions)).decode())
