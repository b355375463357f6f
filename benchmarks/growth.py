"""What grows with the items: the ranking kernel, a cold start, compaction, and what lies in memory.

python -m benchmarks.growth FOLDER prints the milliseconds of the kernel on the shop in a folder.
"""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from benchmarks import compacting, starting
from benchmarks.catalogues import item_ids
from benchmarks.measuring import interleaved
from benchmarks.servers import ROOT
from benchmarks.stores import DEPARTMENT, settings, shop, shopper
from shared.storage.folder import Folder

SIZES = [1_000, 10_000, 100_000]
LIKES, CHANGES = 5, 100


def measure(sizes: list[int], repetitions: int) -> list[dict[str, Any]]:
    """A row per number of items; of each kind of process the best of a few runs."""
    rows = []
    for n in sizes:
        with shop(n) as (root, table):
            token = shopper(root, item_ids(n)[:LIKES])
            runs = [starting.run(starting.starts_ours(token), settings(root)) for _ in range(2)]
            start = min(runs, key=_total)
            kernel = _kernel(root, repetitions)
            compacting.change(root, n, CHANGES)
            folded = compacting.run(compacting.OURS, root)
        rows.append(
            {
                "items": n,
                "changes": CHANGES,
                "table_megabytes": round(table, 1),
                "kernel_ms": kernel["median_ms"],
                "start_ms": round(_total(start), 1),
                "compaction_ms": round(folded["ms"], 1),
                "serving_megabytes": start["megabytes"],
                "compaction_megabytes": folded["peak"],
            }
        )
        print(f"growth {n} items", file=sys.stderr)
    return rows


def _total(run: Mapping[str, Any]) -> float:
    return float(sum(run["stages"].values()))


def _kernel(root: Path, repetitions: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.growth", str(root), str(repetitions)]
    told = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    return msgspec.json.decode(told.splitlines()[-1], type=dict[str, float])


def kernel(root: Path, repetitions: int) -> dict[str, float]:
    """The milliseconds of the best 100 for five likes, of the shop in a folder."""
    from benchmarks.peers import stylekin
    from shared.codes import codes
    from shared.log import Reader

    catalogue, card = Reader(Folder(root / "catalogue"), DEPARTMENT, 3600).live()
    items = catalogue.visible(card)
    search = stylekin(items.vectors, codes(items))
    likes = np.asarray(items.vectors[np.arange(LIKES) * (len(items) // LIKES)])
    return interleaved({"": lambda _: search(likes, None)}, repetitions)[""]


if __name__ == "__main__":
    print(msgspec.json.encode(kernel(Path(sys.argv[1]), int(sys.argv[2]))).decode())
