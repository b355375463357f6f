"""A table larger than the memory it is read in. What else becomes of tables is in tests/test_embedding.py."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MEBIBYTE = 1 << 20

READ = """
import mmap, resource, sys
from pathlib import Path
from shared.storage.folder import Folder
from shared.tabulating import tabulate
resource.setrlimit(resource.RLIMIT_DATA, (int(sys.argv[3]), int(sys.argv[3])))
with open(sys.argv[1], "rb") as file:
    data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    report = tabulate(Folder(Path(sys.argv[2])), "womenswear", "womenswear/t.csv", 1, data)
print(report.taken, report.bad, report.faults[-1].line)
"""


def test_a_table_larger_than_memory_is_read_row_by_row(tmp_path: Path) -> None:
    """The limit is on what a process holds beside the mapped file: less than the file has."""
    rows, table = 120_000, tmp_path / "t.csv"
    with table.open("w") as file:
        file.write("item_id,price,note\n")
        for number in range(rows):
            file.write(f"b{number},{number if number % 1000 else 'x'},{'a long note ' * 150}\n")
    limit = 160 * MEBIBYTE
    assert table.stat().st_size > limit + 40 * MEBIBYTE
    command = [sys.executable, "-c", READ, str(table), str(tmp_path / "catalogue"), str(limit)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert found.stderr == ""
    assert found.stdout.split() == [str(rows - 120), "120", str(rows - 1000 + 2)]
