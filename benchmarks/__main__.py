"""Run the comparisons of docs/performance.md, and write benchmarks/results.json and the page's figures.

Each section is measured in one process tree, its ways in turns. Other work on the machine slows all of
them, so ratios are the result, and times only stand beside them.

  python -m benchmarks
  python -m benchmarks kernel --items 10000 100000 1000000
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import msgspec

from benchmarks.figures import write
from benchmarks.measuring import REPETITIONS, machine

RESULTS = Path(__file__).parent / "results.json"
SECTIONS = ("kernel", "serving", "starting", "renewing")


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sections", metavar="SECTION", nargs="*", help=f"of {', '.join(SECTIONS)}")
    parser.add_argument(
        "--items", type=int, nargs="+", default=[10_000, 100_000], help="sizes (default 10000 100000)"
    )
    parser.add_argument("--repetitions", type=int, default=REPETITIONS)
    parser.add_argument(
        "--without-graphs", action="store_true", help="leave out HNSW, which takes minutes to build"
    )
    given = parser.parse_args(arguments)
    if wrong := {*given.sections} - {*SECTIONS}:
        parser.error(f"expected sections of {', '.join(SECTIONS)}, found {', '.join(sorted(wrong))}")
    results = msgspec.json.decode(RESULTS.read_bytes()) if RESULTS.exists() else {}
    for section in given.sections or SECTIONS:
        before = machine()
        rows = run(section, given)
        after = machine()
        results[section] = {"machine": {**before, "busy": [before["busy"], after["busy"]]}, "rows": rows}
        RESULTS.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")
        print(f"{RESULTS.name}: {section}", file=sys.stderr)
    write(results)
    return 0


def run(section: str, given: argparse.Namespace) -> list[dict[str, object]]:
    """One section's measurements; what it needs is loaded for it alone."""
    if section == "kernel":
        from benchmarks import kernel

        return kernel.measure(given.items, given.repetitions, not given.without_graphs)
    if section == "serving":
        from benchmarks import serving

        return serving.measure(given.items, given.repetitions)
    if section == "starting":
        from benchmarks import starting

        return starting.measure(given.items, max(given.repetitions // 3, 2))
    command = [sys.executable, "-m", "benchmarks.renewing", str(given.repetitions), *map(str, given.items)]
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # as in the function, and so in a process of its own
    told = subprocess.run(command, env=alone, check=True, stdout=subprocess.PIPE).stdout
    return msgspec.json.decode(told, type=list[dict[str, object]])


if __name__ == "__main__":
    sys.exit(main())
