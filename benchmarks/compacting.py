"""Folding many changes into a snapshot, beside rewriting the table with pandas: time, and memory at most.

python -m benchmarks.compacting WAY FOLDER compacts the shop in a folder once and prints what that took.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from benchmarks.absent import hide
from benchmarks.catalogues import card, item_ids, vectors
from benchmarks.measuring import peak_mb, spread
from benchmarks.servers import ROOT
from benchmarks.stores import DEPARTMENT, shop
from shared.compacting import compact
from shared.deltas import delta_name, write_facts
from shared.facts import Attributes, Picture, clock
from shared.manifest import read_manifest, snapshot_name
from shared.stages import Stages
from shared.storage.folder import Folder

OURS, PANDAS = "Stylekin", "pandas"
CHANGES = 10_000  # deltas, at most a tenth of the items


def measure(sizes: list[int], repetitions: int) -> list[dict[str, Any]]:
    """A row per number of items and way; each repetition is a new process on a folder as it was before."""
    rows = []
    for n in sizes:
        with shop(n) as (root, table), TemporaryDirectory(prefix="stylekin-benchmark-") as copies:
            changes = min(CHANGES, n // 10)
            change(root, n, changes)
            found: dict[str, list[dict[str, float]]] = {OURS: [], PANDAS: []}
            for number in range(repetitions):
                for way, runs in found.items():
                    copy = Path(copies) / f"{way}-{number}"
                    copytree(root, copy, copy_function=os.link)  # no file is ever changed in place
                    runs.append(run(way, copy))
                    rmtree(copy)
        for way, runs in found.items():
            row = {"way": way, "items": n, "changes": changes, "repetitions": repetitions}
            row |= spread([run["ms"] for run in runs])
            row |= {"peak_megabytes": max(run["peak"] for run in runs), "table_megabytes": round(table, 1)}
            row |= {"before_megabytes": runs[0]["before"], "items_after": runs[0]["items"]}
            rows.append(row)
            print(f"compacting {n} items: {way} {row['median_ms']} ms", file=sys.stderr)
    return rows


def change(root: Path, n: int, changes: int) -> None:
    """A delta per change in a shop's folder: in turns a new picture and a new price; a few items are new."""
    model, deltas = card(), root / "catalogue" / DEPARTMENT / "deltas"
    deltas.mkdir()
    ids, rows = item_ids(n + changes // 20), vectors(changes, model, seed=2)
    step = len(ids) // changes
    for number in range(changes):
        item_id = ids[len(ids) - 1 - number * step]
        at = clock(2_000_000 + number, 0, f"{DEPARTMENT}/{item_id}.jpg")
        if number % 2:
            fact: Attributes | Picture = Attributes(item_id, at, {"price": 9.9})
            name = delta_name(at, "attributes")
        else:
            fact = Picture(item_id, at, model.version, rows[number], "dress", 0.9)
            name = delta_name(at, "picture", model.version)
        (deltas / name).write_bytes(write_facts([fact]))


def run(way: str, folder: Path) -> dict[str, float]:
    """``once`` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.compacting", way, str(folder)]
    told = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    return msgspec.json.decode(told.splitlines()[-1], type=dict[str, float])


def once(way: str, folder: Path) -> dict[str, float]:
    """Compact the shop in ``folder``; milliseconds, and megabytes resident at most and before."""
    if way == OURS:
        hide("pandas")
    work = _ours if way == OURS else _pandas()
    before, start = peak_mb(), time.perf_counter()
    items = work(folder)
    taken = (time.perf_counter() - start) * 1000
    return {"ms": taken, "peak": peak_mb(), "before": before, "items": items}


def _ours(folder: Path) -> int:
    blobs, images = Folder(folder / "catalogue"), Folder(folder / "images")
    stages = Stages()
    report = compact(images, blobs, DEPARTMENT, datetime.now(UTC), stages=stages)
    assert report.snapshot
    assert report.facts_read
    print(stages.milliseconds(), file=sys.stderr)
    return report.items


def _pandas() -> Callable[[Path], int]:
    """What one would write: read the table and the changes, the last of each item counts, write the table."""
    import pandas
    import pyarrow as pa

    def read(path: Path) -> Any:
        return pa.ipc.open_file(path.read_bytes()).read_all().to_pandas()

    def work(folder: Path) -> int:
        catalogue = folder / "catalogue"
        manifest, _ = read_manifest(Folder(catalogue), DEPARTMENT)
        table = read(catalogue / snapshot_name(DEPARTMENT, manifest.snapshot or "")).set_index("item_id")
        deltas = sorted((catalogue / DEPARTMENT / "deltas").glob("*.arrow"))
        changes = pandas.concat([read(path) for path in deltas])
        for kind, columns in (
            ("picture", ["vector", "predicted_category", "predicted_probability"]),
            ("attributes", ["price"]),
        ):
            news = changes[changes.fact == kind].drop_duplicates("item_id", keep="last").set_index("item_id")
            table = table.reindex(table.index.union(news.index))
            for column in columns:
                values = table[column].astype(object)
                values[news.index] = news[column]
                table[column] = values
        table = table.sort_index().reset_index()
        with (folder / "table.arrow").open("wb") as file:
            table.to_feather(file)
            os.fsync(file.fileno())  # as ours is
        return len(table)

    return work


if __name__ == "__main__":
    print(msgspec.json.encode(once(sys.argv[1], Path(sys.argv[2]))).decode())
