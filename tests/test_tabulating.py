"""A table larger than the memory it is read in. What else becomes of tables is in tests/test_embedding.py."""

import subprocess
import sys
from pathlib import Path

from tests.running import ROOT, needs

READ = """
import mmap, re, sys, threading
from pathlib import Path
from shared.storage.folder import Folder
from shared.tabulating import tabulate

def held():
    return int(re.search(r"RssAnon:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

ended, most = threading.Event(), [held()]
def watch():
    while not ended.wait(0.005):
        most[0] = max(most[0], held())

watcher = threading.Thread(target=watch)
watcher.start()
with open(sys.argv[1], "rb") as file:
    data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    report = tabulate(Folder(Path(sys.argv[2])), "womenswear", "womenswear/t.csv", 1, data)
ended.set()
watcher.join()
print(report.taken, report.bad, report.faults[-1].line, most[0])
"""


def test_a_table_larger_than_memory_is_read_row_by_row(tmp_path: Path) -> None:
    """What the process holds beside the mapped file, watched while it works, is less than half of that."""
    needs(Path("/proc/self/status").exists(), "Linux, which tells what a process holds beside mapped files")
    rows, table = 120_000, tmp_path / "t.csv"
    with table.open("w") as file:
        file.write("item_id,price,note\n")
        for number in range(rows):
            file.write(f"b{number},{number if number % 1000 else 'x'},{'a long note ' * 150}\n")
    command = [sys.executable, "-c", READ, str(table), str(tmp_path / "catalogue")]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert found.stderr == ""
    taken, bad, line, most = map(int, found.stdout.split())
    assert (taken, bad, line) == (rows - 120, 120, rows - 1000 + 2)
    assert most * 1024 < table.stat().st_size / 2
