"""The tables and plots of docs/performance.md, from benchmarks/results.json and never typed by hand.

python -m benchmarks.figures
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from benchmarks import runs
from benchmarks.lines import INSTANCE_MB, fitted, largest
from scripts.marked import MarkedPage

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results.json"
PAGE = MarkedPage(ROOT / "docs" / "performance.md", "benchmarks.figures")
PLOTS = ROOT / "docs" / "performance"
OURS = "Stylekin"
EAGER = "torch eager"
STORED = ", from Cloud Storage"  # ends the name of a way to start; others have everything in a folder

Rows = Sequence[Mapping[str, Any]]
Results = Mapping[str, runs.Run | Sequence[runs.Run]]  # of each section


def tables(results: Results) -> str:
    """Each section that was measured: on what, then its table; one after the other if on several kinds of
    machine."""
    made = {
        "kernel": kernel,
        "serving": serving,
        "starting": starting,
        "renewing": renewing,
        "embedding": embedding,
        "compacting": compacting,
        "freshness": freshness,
        "growth": growth,
    }
    parts = []
    for section, make in made.items():
        for number, some in enumerate(runs.kinds(runs.runs(results.get(section, ())))):
            head = f"\n### {section.capitalize()}\n" if not number else ""
            parts.append(f"{head}\n{runs.measured_on(some)}\n\n{make(runs.rows(some))}")
    return "".join(parts)


def kernel(rows: Rows) -> str:
    """A table per number of items and filter: each peer, and each number of likes."""
    told = []
    for n, filtered in sorted({(row["items"], row["filtered"]) for row in rows}):
        some = [row for row in rows if (row["items"], row["filtered"]) == (n, filtered)]
        counts = sorted({row["likes"] for row in some})
        told.append(f"\n{n:,} items, {'a filter leaves a tenth' if filtered else 'no filter'}:\n\n")
        told.append(_line("", *(_likes(count) for count in counts), "recall@100", "top 50 in order"))
        told.append(_line(*["---"] * (len(counts) + 3)))
        for peer in dict.fromkeys(row["peer"] for row in some):
            of = {row["likes"]: row for row in some if row["peer"] == peer}
            ours = {row["likes"]: row for row in some if row["peer"] == OURS}
            cells = [_time(of[count]) + _ratio(of[count], ours[count]) for count in counts]
            recall = min(row.get("recall", 0) for row in of.values())
            ordered = all(row.get("ordered") for row in of.values())
            known = "recall" in of[counts[0]]
            told.append(_line(peer, *cells, f"{recall:.3f}" if known else "", _yes(ordered) if known else ""))
    return "".join(told)


def serving(rows: Rows) -> str:
    """Latencies of one caller, then requests a second of several, and what one took of the processor."""
    told = [_line("items", "server", "one caller", "memory, MB", "of it in our stages, ms")]
    told.append(_line(*["---"] * 5))
    for row in rows:
        ours = [other for other in rows if other["items"] == row["items"] and other["server"] == OURS]
        stages = ", ".join(f"{name} {taken}" for name, taken in row.get("stages_ms", {}).items())
        cells = f"{row['items']:,}", row["server"], _time(row) + _ratio(row, ours[0]), str(row["megabytes"])
        told.append(_line(*cells, stages))
    told += ["\n", _line("items", "server", "callers", "requests a second", "processor, ms", "p50", "p99")]
    told.append(_line(*["---"] * 7))
    for row in rows:
        for load in row.get("load", ()):
            cells = [load[name] for name in ("callers", "per_second", "processor_ms", "p50_ms", "p99_ms")]
            told.append(_line(f"{row['items']:,}", row["server"], *map(str, cells)))
    return "".join(told)


def starting(rows: Rows) -> str:
    """Cold starts, by stage."""
    told = [_line("items", "", "process start to first list", "stages, ms", "memory, MB", "table, MB")]
    told.append(_line(*["---"] * 6))
    for row in rows:
        stored = STORED if row["way"].endswith(STORED) else ""
        ours = [other for other in rows if other["items"] == row["items"] and other["way"] == OURS + stored]
        stages = ", ".join(f"{name} {taken}" for name, taken in row["stages_ms"].items())
        cells = [f"{row['items']:,}", row["way"], _time(row) + _ratio(row, ours[0]), stages]
        told.append(_line(*cells, f"{row['megabytes']:.0f}", f"{row['table_megabytes'] or '':}"))
    return "".join(told)


def renewing(rows: Rows) -> str:
    """What a new catalogue version costs, by stage and number of items."""
    told = [_line("items", "stage", "time"), _line("---", "---", "---")]
    told += [_line(f"{row['items']:,}", row["stage"], _time(row)) for row in rows]
    return "".join(told)


def embedding(rows: Rows) -> str:
    """Pictures a second of one core: each network, batch and way, and how alike the embeddings are."""
    decoding, *rest = rows
    told = [f"Decoding alone: {_time(decoding)} a picture.\n\n"]
    told.append(_line("networks", "pictures at once", "", "time a picture", "a second", "least cosine"))
    told.append(_line(*["---"] * 6))
    for row in rest:
        (slow,) = (
            other
            for other in rest
            if (other["network"], other["batch"], other["way"]) == (row["network"], row["batch"], EAGER)
        )
        way = f"{row['way']}, {row['stored']}" if "stored" in row else row["way"]
        times = f"{_time(row)}{_ratio(slow, row)}" if row is not slow else _time(row)
        cells = row["network"], str(row["batch"]), way, times, f"{1000 / row['median_ms']:.0f}"
        told.append(_line(*cells, f"{row['least_cosine']:.5f}" if row is not slow else ""))
    count = rest[0]["pictures"] if rest else 0
    told.append(f"\nBold: how many times faster than torch eager. Cosines to it of {count:,} pictures.\n")
    return "".join(told)


def compacting(rows: Rows) -> str:
    """Compactions beside pandas: time, and the most memory beside what the table takes."""
    told = [_line("items", "changes", "", "time", "memory at most, MB", "table, MB", "times the table")]
    told.append(_line(*["---"] * 7))
    for row in rows:
        (ours,) = (each for each in rows if (each["items"], each["way"]) == (row["items"], OURS))
        peak, table = row["peak_megabytes"], row["table_megabytes"]
        cells = f"{row['items']:,}", f"{row['changes']:,}", row["way"], _time(row) + _ratio(row, ours)
        told.append(_line(*cells, f"{peak:,.0f}", f"{table:,.0f}", f"{peak / table:.1f}"))
    return "".join(told)


def freshness(rows: Rows) -> str:
    """From a dropped picture to a list that has its item."""
    told = [_line("drops", "time", "p95", "the longest"), _line(*["---"] * 4)]
    told += [
        _line(str(row["drops"]), _time(row), f"{_ms(row['p95_ms'])} ms", f"{_ms(row['most_ms'])} ms")
        for row in rows
    ]
    return "".join(told)


def growth(rows: Rows) -> str:
    """What grows with the items, and where the memory of an instance ends by the fitted lines."""
    names = {
        "kernel_ms": "kernel, ms",
        "start_ms": "cold start, ms",
        "compaction_ms": "compaction, ms",
        "table_megabytes": "table, MB",
        "serving_megabytes": "memory of `recommend`, MB",
        "compaction_megabytes": "memory of compaction, MB",
    }
    told = [_line("items", *names.values()), _line(*["---"] * (len(names) + 1))]
    told += [_line(f"{row['items']:,}", *(_ms(row[name]) for name in names)) for row in rows]
    if len(rows) > 1:
        for name, what in (("serving_megabytes", "`recommend`"), ("compaction_megabytes", "compaction")):
            none, each = fitted(rows, name)
            told.append(
                f"\nBy the fitted line {what} takes {none:.0f} MB and {each * 1e6:,.0f} bytes an item: "
                f"32 GiB are enough for {largest(rows, name) / 1e6:.1f} million.\n"
            )
    return "".join(told)


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


def _likes(count: int) -> str:
    return "1 like" if count == 1 else f"{count} likes"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _time(row: Mapping[str, Any]) -> str:
    """The median, the quartiles, and the least."""
    low, high, least = _ms(row["low_ms"]), _ms(row["high_ms"]), _ms(row["least_ms"])
    return f"{_ms(row['median_ms'])} ms ({low} to {high}, least {least})"


def _ms(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def _ratio(row: Mapping[str, Any], ours: Mapping[str, Any]) -> str:
    """How many times ours it took, by the medians and by the least."""
    if row is ours:
        return ""
    by_median, by_least = (row[name] / ours[name] for name in ("median_ms", "least_ms"))
    return f": **{by_median:.1f} x**, least {by_least:.1f} x"


def draw(results: Results, folder: Path = PLOTS) -> None:
    """A plot per section of the kernel's and the servers' times."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "stylekin"
    from matplotlib import pyplot

    folder.mkdir(parents=True, exist_ok=True)
    for name, plotted in (("kernel", _kernel), ("growth", _growth)):
        told = next(iter(runs.kinds(runs.runs(results.get(name, ())))), [])
        drawn = plotted(pyplot, runs.rows(told))
        if drawn is not None:
            drawn.suptitle(runs.name_of(told), fontsize="medium")
            drawn.tight_layout()
            drawn.savefig(folder / f"{name}.svg", metadata={"Date": None})
            pyplot.close(drawn)


def _kernel(pyplot: Any, every: Rows) -> Any:
    rows = [row for row in every if (row["likes"], row["filtered"]) == (5, False)]
    sizes = sorted({row["items"] for row in rows})
    if not sizes:
        return None
    figure, axes = pyplot.subplots(1, len(sizes), figsize=(max(11, 5 * len(sizes)), 4), squeeze=False)
    for axis, n in zip(axes[0], sizes, strict=False):
        some = sorted((row for row in rows if row["items"] == n), key=lambda row: -row["median_ms"])
        low = [row["median_ms"] - row["low_ms"] for row in some]
        high = [row["high_ms"] - row["median_ms"] for row in some]
        colours = ["#c2410c" if row["peer"] == OURS else "#94a3b8" for row in some]
        names = [row["peer"] for row in some]
        axis.barh(names, [row["median_ms"] for row in some], xerr=[low, high], color=colours)
        axis.set_xscale("log")
        axis.set_xlabel("milliseconds: median and quartiles")
        axis.set_title(f"best 100 of {n:,} for 5 likes")
    return figure


def _growth(pyplot: Any, rows: Rows) -> Any:
    """Times and memory against items: what was measured, and the fitted lines up to ten million."""
    if len(rows) < 2:
        return None
    figure, axes = pyplot.subplots(1, 2, figsize=(11, 4))
    sides = (
        ("milliseconds", {"kernel_ms": "kernel", "start_ms": "cold start", "compaction_ms": "compaction"}),
        (
            "megabytes",
            {
                "table_megabytes": "table",
                "serving_megabytes": "recommend",
                "compaction_megabytes": "compaction",
            },
        ),
    )
    smallest = min(row["items"] for row in rows)
    items = [smallest * (1e7 / smallest) ** (step / 60) for step in range(61)]
    for axis, (unit, names) in zip(axes, sides, strict=True):
        for (name, label), colour in zip(names.items(), ("#94a3b8", "#c2410c", "#0f766e"), strict=True):
            none, each = fitted(rows, name)
            axis.plot(
                [row["items"] for row in rows], [row[name] for row in rows], "o", color=colour, label=label
            )
            axis.plot(items, [none + each * n for n in items], "-", color=colour, linewidth=1)
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_xlabel("items")
        axis.set_ylabel(unit)
        axis.legend()
    axes[1].axhline(INSTANCE_MB, color="#475569", linestyle="--", linewidth=1)
    axes[1].text(smallest, INSTANCE_MB * 0.6, "32 GiB", color="#475569")
    return figure


def write(results: Results) -> None:
    """Write the figures into the page, and the plots beside it."""
    PAGE.write(tables(results))
    draw(results)


if __name__ == "__main__":
    write(msgspec.json.decode(RESULTS.read_bytes()))
