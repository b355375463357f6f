"""A table larger than the memory it is read in, and one of which not all can be read: nothing of it counts.
What else becomes of tables is in tests/test_embedding.py."""

import random
import subprocess
import sys
import uuid
from collections.abc import Callable
from datetime import timedelta
from io import RawIOBase
from pathlib import Path
from typing import Any

import pytest

from shared import tabulating
from shared.compacting import KEPT, compact
from shared.errors import StoreUnavailable
from shared.log import GRACE
from shared.storage.folder import Folder
from shared.storage.patient import Patient
from shared.storage.ports import Blob, Blobs
from tests.faults.store import FAULTS, Clock, Faulty, Trouble
from tests.running import ROOT, needs
from tests.storage.memory import Memory
from tests.storage.test_blobs import new_bucket
from tests.uploads import NOW, Shop, happened

FILE = "womenswear/t.csv"
READ = """
import re, sys
from io import BufferedReader
from pathlib import Path
from shared import wiring
from shared.storage.folder import Folder
from shared.tabulating import tabulate

def most():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

images, catalogue = wiring.images(), Folder(Path(sys.argv[1]))
for file in ("womenswear/small.csv", "womenswear/t.csv"):
    before = most()
    content, blob = images.open(file)
    report = tabulate(catalogue, "womenswear", file, blob.generation, BufferedReader(content))
print(report.taken, report.bad, report.faults[-1].line, most() - before)
"""


def table(rows: int) -> bytes:
    """A table of which each thousandth row is bad, with a column that is large and kept out."""
    note = "a long note " * 100
    lines = (f"b{number},{number if number % 1000 else 'x'},{note}" for number in range(rows))
    return "\n".join(["item_id,price,note", *lines, ""]).encode()


@pytest.mark.parametrize("store", ["file", "gs"])
def test_a_table_larger_than_memory_is_read_row_by_row(
    store: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond what a small table takes, the most that a process ever has in memory hardly grows."""
    needs(Path("/proc/self/status").exists(), "Linux, which tells the most that a process had in memory")
    rows = 40_000
    data = table(rows)
    if store == "gs":
        request.getfixturevalue("storage_emulator")
        bucket: Blobs = new_bucket(f"test-{uuid.uuid4().hex}")
        monkeypatch.setenv("IMAGES", f"gs://{bucket.name}")  # type: ignore[attr-defined]
    else:
        bucket = Folder(tmp_path / "images")
        monkeypatch.setenv("IMAGES", f"file://{tmp_path}/images")
    bucket.write("womenswear/small.csv", table(2 * tabulating.PART_ROWS))
    bucket.write(FILE, data)
    command = [sys.executable, "-c", READ, str(tmp_path / "catalogue")]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert found.stderr == ""
    taken, bad, line, grown = map(int, found.stdout.split()[-4:])
    assert (taken, bad, line) == (rows - 40, 40, rows - 1000 + 2)
    assert grown * 1024 < len(data) / 3


COUNT = 2 * tabulating.PART_ROWS + 7


def prices(of: int, count: int = COUNT) -> bytes:
    return "\n".join(["item_id,price", *(f"b{number},{of}" for number in range(count)), ""]).encode()


class Interrupted(Memory):
    """A bucket that hands out files in small pieces; before the piece at which they are half read for the
    second time, something happens."""

    def __init__(self, happens: Callable[["Interrupted"], object]) -> None:
        super().__init__()
        self.piece = 1024
        self.happens = happens

    def open(self, name: str, generation: int | None = None) -> tuple[RawIOBase, Blob]:
        file, blob = super().open(name, generation)
        bucket, half = self, blob.size // 2

        class Half(RawIOBase):
            passed = 0

            def readable(self) -> bool:
                return True

            def seekable(self) -> bool:
                return True

            def seek(self, offset: int, whence: int = 0, /) -> int:
                return file.seek(offset, whence)

            def readinto(self, buffer: Any, /) -> int | None:
                before = file.tell()
                count = file.readinto(memoryview(buffer)[:1024])
                self.passed += before < half <= file.tell()
                if self.passed == 2:
                    self.passed += 1
                    bucket.happens(bucket)
                return count

        return Half(), blob


def shop_of(images: Memory) -> Shop:
    """A shop whose catalogue is as old as its clock says."""
    return Shop(images, Memory(lambda: NOW))


def told(shop: Shop) -> dict[str, float]:
    found = shop.reader("womenswear").catalogue().table
    return dict(zip(found["item_id"].to_pylist(), found["price"].to_pylist(), strict=True))


def parts(shop: Shop) -> int:
    return sum(".table." in name for name in shop.deltas())


@pytest.mark.parametrize("deleted", [False, True], ids=["overwritten", "deleted"])
def test_of_a_table_that_changes_while_it_is_read_nothing_counts(deleted: bool) -> None:
    newer: list[Any] = []

    def happens(images: Interrupted) -> None:
        if deleted:
            images.delete(FILE)
        else:
            newer.append(images.write(FILE, prices(2, count=3)))

    shop = shop_of(Interrupted(happens))
    event = shop.drop(FILE, prices(1))
    assert shop.take_in(event).result == "superseded"
    assert parts(shop) == 1  # of what was read of it
    assert told(shop) == {}
    assert list(shop.blobs.list("womenswear/reports/")) == []
    if newer:
        shop.take_in(happened("finalized", newer[0]))
        assert told(shop) == {"b0": 2, "b1": 2, "b2": 2}
    compact(shop.images, shop.blobs, "womenswear", NOW + timedelta(seconds=GRACE))
    assert told(shop) == ({} if deleted else {"b0": 2, "b1": 2, "b2": 2})
    compact(shop.images, shop.blobs, "womenswear", NOW + KEPT)
    assert shop.deltas() == []
    assert told(shop) == ({} if deleted else {"b0": 2, "b1": 2, "b2": 2})


def test_of_a_table_whose_reading_breaks_off_nothing_counts_until_it_is_read_again() -> None:
    def fails(images: Interrupted) -> None:
        images.happens = lambda images: None
        raise StoreUnavailable("expected an answer, found none")

    shop = shop_of(Interrupted(fails))
    event = shop.drop(FILE, prices(1))
    with pytest.raises(StoreUnavailable):
        shop.take_in(event)
    assert parts(shop) == 1
    assert told(shop) == {}
    assert shop.take_in(event).result == "read"
    assert told(shop) == dict.fromkeys((f"b{number}" for number in range(COUNT)), 1.0)


def test_a_reader_and_a_compaction_that_look_at_any_time_see_all_of_a_table_or_nothing() -> None:
    """Also a reader that looked before a table was whole, and whose parts are older than the grace period."""
    now, count = [NOW], tabulating.PART_ROWS + 7

    class Watched(Memory):
        """A bucket that is looked at, and compacted, after every write."""

        def write(self, name: str, data: bytes | memoryview, **conditions: Any) -> Blob:
            blob = super().write(name, data, **conditions)
            if ".table." in name:
                look()
            return blob

    def look() -> None:
        compact(shop.images, shop.blobs, "womenswear", now[0], settle=timedelta(days=99))
        for each in (reader, shop.reader("womenswear")):
            found = each.catalogue().table["price"].to_pylist()
            assert set(found) in (set(), {1.0}, {2.0})
            assert len(found) in (0, count)
        now[0] += timedelta(seconds=GRACE + 1)  # of the bucket; to the readers no time passes

    blobs = Watched(lambda: now[0])
    shop = Shop(blobs=blobs)
    reader = shop.reader("womenswear")
    for value in (1, 2):
        event = shop.drop(FILE, prices(value, count))
        assert shop.take_in(event).result == "read"
        for _ in range(3):
            look()
        for each in (reader, shop.reader("womenswear")):
            assert each.catalogue().table["price"].to_pylist() == [float(value)] * count
    assert shop.deltas() == []


def test_what_any_faults_of_a_store_leave_of_a_table_is_all_of_it(tmp_path: Path) -> None:
    count = tabulating.PART_ROWS + 7
    for fault in FAULTS[:-1]:
        shop = shop_of(Memory())
        shop.images.piece = 512  # type: ignore[attr-defined]
        event = shop.drop(FILE, prices(3, count))
        trouble = Trouble(fault, str(random.Random(fault).random()))
        plain, shop.images = shop.images, Patient(Faulty(shop.images, trouble, Clock(0, 1), tmp_path))
        blobs = Patient(Faulty(shop.blobs, trouble, Clock(0, 1), tmp_path))
        assert shop.take_in(event, blobs).result == "read"
        shop.images = plain
        assert trouble.injected or fault in ("lost acknowledgements", "lagging listings")
        assert told(shop) == dict.fromkeys((f"b{number}" for number in range(count)), 3.0)
