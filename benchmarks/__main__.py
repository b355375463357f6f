"""Run the comparisons of docs/performance.md, and write benchmarks/results.json and the page's figures.

Each section is measured in one process tree, its ways in turns. Other work on the machine slows all of
them, so ratios are the result, and times only stand beside them. What is known of sizes that a run does not
measure stays, with the machine it was measured on.

  python -m benchmarks
  python -m benchmarks kernel --items 10000 100000 1000000
  python -m benchmarks embedding --photographs folder --pictures 1000
"""

import argparse
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import msgspec

from benchmarks.figures import write
from benchmarks.measuring import REPETITIONS, machine
from benchmarks.runs import joined, runs

RESULTS = Path(__file__).parent / "results.json"
SECTIONS = (
    "kernel", "serving", "starting", "renewing", "embedding", "compacting", "freshness", "growth",
)  # fmt: skip
SIZES = [10_000, 100_000]
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sections", metavar="SECTION", nargs="*", help=f"of {', '.join(SECTIONS)}")
    parser.add_argument("--items", type=int, nargs="+", help="sizes (default 10000 100000; growth: 1000 too)")
    parser.add_argument("--repetitions", type=int, default=REPETITIONS)
    parser.add_argument(
        "--without-graphs", action="store_true", help="leave out HNSW, which takes minutes to build"
    )
    parser.add_argument(
        "--photographs", type=Path, help="a folder of pictures to embed (default: drawn ones)"
    )
    parser.add_argument(
        "--pictures", type=int, default=100, help="how many embeddings are compared (default 100)"
    )
    parser.add_argument("--drops", type=int, default=20, help="pictures dropped for freshness (default 20)")
    given = parser.parse_args(arguments)
    if wrong := {*given.sections} - {*SECTIONS}:
        parser.error(f"expected sections of {', '.join(SECTIONS)}, found {', '.join(sorted(wrong))}")
    results = msgspec.json.decode(RESULTS.read_bytes()) if RESULTS.exists() else {}
    for section in given.sections or SECTIONS:
        if section == "embedding" and not find_spec("torch"):
            print(f"{section}: left out, it needs torch: make bench TORCH=yes", file=sys.stderr)
            continue
        before = machine()
        rows = run(section, given)
        after = machine()
        new = {"machine": {**before, "busy": [before["busy"], after["busy"]]}, "rows": rows}
        results[section] = joined(runs(results.get(section, ())), new)
        RESULTS.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")
        print(f"{RESULTS.name}: {section}", file=sys.stderr)
    write(results)
    return 0


def run(section: str, given: argparse.Namespace) -> list[dict[str, object]]:
    """One section's measurements; what it needs is loaded for it alone."""
    sizes, repetitions, few = given.items or SIZES, given.repetitions, max(given.repetitions // 3, 2)
    if section == "kernel":
        from benchmarks import kernel

        return kernel.measure(sizes, repetitions, not given.without_graphs)
    if section == "serving":
        from benchmarks import serving

        return serving.measure(sizes, repetitions)
    if section == "starting":
        from benchmarks import starting

        return starting.measure(sizes, few)
    if section == "compacting":
        from benchmarks import compacting

        return compacting.measure(sizes, max(few // 2, 2))
    if section == "freshness":
        from benchmarks import freshness

        return freshness.measure(given.drops)
    if section == "growth":
        from benchmarks import growth

        return growth.measure(given.items or growth.SIZES, repetitions)
    if section == "embedding":
        folder = [str(given.photographs)] if given.photographs else []
        return alone("embedding", str(repetitions), str(given.pictures), *folder)
    return alone("renewing", str(repetitions), *map(str, sizes))


def alone(module: str, *words: str) -> list[dict[str, object]]:
    """The rows of a section in a process of its own, whose libraries start no threads, as in a function."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *words]
    told = subprocess.run(
        command, env={**os.environ, **ONE_THREAD}, check=True, stdout=subprocess.PIPE
    ).stdout
    return msgspec.json.decode(told, type=list[dict[str, object]])


if __name__ == "__main__":
    sys.exit(main())
