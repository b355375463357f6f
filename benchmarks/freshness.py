"""How long it takes from a picture that is dropped into the folder to a list that has its item: the whole
system on this machine, warm, as `make serve` starts it."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measuring import spread
from benchmarks.servers import PATIENCE, ROOT
from scripts.wardrobe import draw
from scripts.watch import POLL_SECONDS
from shared.client import StylekinClient

DEPARTMENT = "womenswear"
PORT = 18580
THERE_BEFORE = 40  # items
MAX_AGE = 1.0  # seconds, of CATALOGUE_MAX_AGE
ASKED_EVERY = 0.02  # seconds


def measure(drops: int, port: int = PORT) -> list[dict[str, Any]]:
    """One row: from the picture's name to the first answer that has its item, over so many drops."""
    items = list(islice(draw(DEPARTMENT, THERE_BEFORE + drops, 11), THERE_BEFORE + drops))
    pictures = [(item.item_id, item.picture()) for item in items]
    with system(port) as folder, StylekinClient(*addresses(port)) as shop:
        shop.register(DEPARTMENT)
        for item_id, data in pictures[:THERE_BEFORE]:
            drop(folder, item_id, data)
        wait(shop, *pictures[THERE_BEFORE - 1])
        taken = []
        for item_id, data in pictures[THERE_BEFORE:]:
            start = time.perf_counter()
            drop(folder, item_id, data)
            wait(shop, item_id, data)
            taken.append((time.perf_counter() - start) * 1000)
            print(f"freshness: {taken[-1]:.0f} ms", file=sys.stderr)
    p95 = quantiles(taken, n=20, method="inclusive")[-1]
    row = {"drops": drops, "max_age_ms": MAX_AGE * 1000, "poll_ms": POLL_SECONDS * 1000}
    return [{**row, **spread(taken), "p95_ms": round(p95, 1), "most_ms": round(max(taken), 1)}]


def addresses(port: int) -> tuple[str, str]:
    """Where register and recommend answer."""
    return f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}"


@contextmanager
def system(port: int) -> Iterator[Path]:
    """The whole system without items, until the block ends; the folder for pictures."""
    with TemporaryDirectory(prefix="stylekin-benchmark-") as local:
        command = [sys.executable, "-m", "scripts.serve", "--local", local, "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            if not any(line.startswith("Ready.") for line in process.stdout):
                raise RuntimeError(f"the system did not start: {command}")
            yield Path(local) / "images" / DEPARTMENT
        finally:
            process.terminate()
            process.wait(PATIENCE)


def drop(folder: Path, item_id: str, data: bytes) -> None:
    """A picture that is there whole from one moment to the next."""
    draft = folder.parent / f".{item_id}"
    draft.write_bytes(data)
    draft.rename(folder / f"{item_id}.jpg")


def wait(shop: StylekinClient, item_id: str, photo: bytes) -> None:
    """Ask for items like the picture itself until its item is among them. Raises TimeoutError."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = shop.recommend(photo=photo, limit=3).recommendations
        if any(place.item.item_id == item_id for place in found):
            return
        time.sleep(ASKED_EVERY)
    raise TimeoutError(f"expected {item_id} among the recommendations within {PATIENCE:.0f} s, found it not")
