"""The tables of the page on performance, from results; and the page as it is committed."""

import msgspec
import pytest

from benchmarks.figures import (
    PAGE,
    RESULTS,
    compacting,
    embedding,
    freshness,
    growth,
    kernel,
    serving,
    starting,
    tables,
)
from benchmarks.lines import fitted, largest
from benchmarks.measuring import interleaved, spread

TIMES = {"median_ms": 4.0, "low_ms": 3.5, "high_ms": 5.0, "least_ms": 2.0}
SLOW = {"median_ms": 40.0, "low_ms": 35.0, "high_ms": 1234.5, "least_ms": 30.0}
RANKED = {"items": 1000, "filtered": False, "recall": 1.0, "ordered": True}
MACHINE = {"processor": "X", "cores": 2, "system": "Linux", "python": "3.11.7", "busy": [1.5, 2.0]}


def test_a_peer_is_told_beside_ours() -> None:
    rows = [
        {**RANKED, "peer": "Stylekin", "likes": 1, **TIMES},
        {**RANKED, "peer": "Stylekin", "likes": 5, **SLOW},
        {**RANKED, "peer": "Slow", "likes": 1, **SLOW},
        {**RANKED, "peer": "Slow", "likes": 5, **SLOW, "recall": 0.5, "ordered": False},
    ]
    lines = kernel(rows).splitlines()
    assert "1,000 items, no filter:" in lines
    ours, slow = "4 ms (3.5 to 5, least 2)", "40 ms (35 to 1234, least 30)"
    assert f"| Stylekin | {ours} | {slow} | 1.000 | yes |" in lines
    ratio = "**10.0 x**, least 15.0 x"
    assert f"| Slow | {slow}: {ratio} | {slow}: **1.0 x**, least 1.0 x | 0.500 | no |" in lines


def test_what_ranks_nothing_has_no_recall() -> None:
    rows = [
        {**RANKED, "peer": "Stylekin", "likes": 1, **TIMES},
        {"items": 1000, "filtered": False, "peer": "reading", "likes": 1, **TIMES},
    ]
    assert kernel(rows).splitlines()[-1].endswith("least 1.0 x |  |  |")


def test_servers_and_starts_have_their_stages() -> None:
    load = [{"callers": 2, "per_second": 9.5, "processor_ms": 1.5, "p50_ms": 3.0, "p99_ms": 8.0}]
    rows = [
        {
            "items": 1000,
            "server": "Stylekin",
            **TIMES,
            "megabytes": 7,
            "stages_ms": {"rank": 2},
            "load": load,
        },
        {"items": 1000, "server": "original", **SLOW, "megabytes": 9},
    ]
    lines = serving(rows).splitlines()
    assert "| 1,000 | Stylekin | 4 ms (3.5 to 5, least 2) | 7 | rank 2 |" in lines
    assert "| 1,000 | Stylekin | 2 | 9.5 | 1.5 | 3.0 | 8.0 |" in lines
    assert "**10.0 x**" in lines[3]
    start = {"items": 1000, "way": "Stylekin", **TIMES, "stages_ms": {"imports": 1.5}, "megabytes": 70}
    told = starting([{**start, "table_megabytes": 12.5}])
    assert told.splitlines()[-1].endswith("| imports 1.5 | 70 | 12.5 |")
    ways = ["Stylekin", "original", "Stylekin, from Cloud Storage", "original, from Cloud Storage"]
    slower = {"original": 2, "Stylekin, from Cloud Storage": 4, "original, from Cloud Storage": 12}
    starts = [
        {**start, "way": way, "median_ms": 4 * slower.get(way, 1), "table_megabytes": 12.5} for way in ways
    ]
    told = starting(starts).splitlines()[2:]
    assert ["**" in line for line in told] == [False, True, False, True]
    assert "**2.0 x**" in told[1]
    assert "**3.0 x**" in told[3]


def test_embedding_is_told_beside_torch_of_the_same_network_and_batch() -> None:
    row = {"network": "ResNet-50", "batch": 1, "pictures": 1000}
    rows = [
        {"network": "decoding", "way": "decoding", "batch": 1, **TIMES},
        {**row, "way": "torch eager", **SLOW, "least_cosine": 1.0},
        {**row, "way": "Stylekin", **TIMES, "least_cosine": 0.99987, "stored": "whole numbers"},
        {**row, "batch": 32, "way": "torch eager", **TIMES, "least_cosine": 1.0},
    ]
    lines = embedding(rows).splitlines()
    assert lines[0] == "Decoding alone: 4 ms (3.5 to 5, least 2) a picture."
    ours = "4 ms (3.5 to 5, least 2): **10.0 x**, least 15.0 x"
    assert f"| ResNet-50 | 1 | Stylekin, whole numbers | {ours} | 250 | 0.99987 |" in lines
    assert "| ResNet-50 | 1 | torch eager | 40 ms (35 to 1234, least 30) | 25 |  |" in lines
    assert lines[-1].endswith("Cosines to it of 1,000 pictures.")


def test_compaction_is_told_with_its_memory_and_freshness_with_its_slowest() -> None:
    row = {"items": 1000, "changes": 100, "table_megabytes": 100.0}
    rows = [
        {**row, "way": "Stylekin", **TIMES, "peak_megabytes": 210.0},
        {**row, "way": "pandas", **SLOW, "peak_megabytes": 1234.0},
    ]
    lines = compacting(rows).splitlines()
    assert "| 1,000 | 100 | Stylekin | 4 ms (3.5 to 5, least 2) | 210 | 100 | 2.1 |" in lines
    assert lines[-1].endswith("**10.0 x**, least 15.0 x | 1,234 | 100 | 12.3 |")
    told = freshness([{"drops": 20, **TIMES, "p95_ms": 7.0, "most_ms": 9.0}])
    assert told.splitlines()[-1] == "| 20 | 4 ms (3.5 to 5, least 2) | 7 ms | 9 ms |"


def test_growth_tells_how_many_items_an_instance_has_room_for() -> None:
    sizes = (1000, 100_000, 1_000_000)
    names = (
        "kernel_ms", "start_ms", "compaction_ms", "table_megabytes", "serving_megabytes",
        "compaction_megabytes",
    )  # fmt: skip
    rows = [{"items": n, **dict.fromkeys(names, 100 + n / 1000)} for n in sizes]
    assert fitted(rows, "serving_megabytes") == pytest.approx((100, 0.001))
    assert largest(rows, "serving_megabytes", megabytes=600) == pytest.approx(500_000, abs=1)
    lines = growth(rows).splitlines()
    assert "| 100,000 | 200 | 200 | 200 | 200 | 200 | 200 |" in lines
    assert lines[-1].startswith("By the fitted line compaction takes 100 MB and 1,000 bytes an item")


def test_the_committed_page_has_the_committed_results() -> None:
    page = PAGE.read()
    assert PAGE.filled(page, tables(msgspec.json.decode(RESULTS.read_bytes()))) == page


def test_a_section_says_on_what_it_was_measured() -> None:
    rows = [{**RANKED, "peer": "Stylekin", "likes": 1, **TIMES}]
    told = tables({"kernel": {"machine": MACHINE, "rows": rows}})
    assert "### Kernel" in told
    assert "X, 2 cores, Linux, Python 3.11.7; " in told
    assert "1.5 before, 2.0 after" in told
    assert "items: X" not in told


def test_sizes_of_several_runs_share_a_table_and_say_on_what_each_was_measured() -> None:
    row = {"changes": 10, "way": "Stylekin", **TIMES, "peak_megabytes": 3.0, "table_megabytes": 2.0}
    few = {"machine": MACHINE, "rows": [{**row, "items": 1000}, {**row, "items": 2000}]}
    many = {"machine": {**MACHINE, "busy": [0.1, 0.2]}, "rows": [{**row, "items": 3000}]}
    lines = tables({"compacting": [few, many]}).splitlines()
    machines = [line for line in lines if "load average" in line]
    assert machines[0].startswith("1,000, 2,000 items: X, 2 cores")
    assert machines[1].startswith("3,000 items: X, 2 cores")
    assert machines[1].endswith("0.1 before, 0.2 after.")
    assert [line.split(" | ")[0] for line in lines[-3:]] == ["| 1,000", "| 2,000", "| 3,000"]


def test_ways_are_measured_in_turns_and_the_first_round_does_not_count() -> None:
    called: list[tuple[str, int]] = []
    times = interleaved(
        {name: lambda number, name=name: called.append((name, number)) for name in "ab"}, repetitions=2
    )
    assert called == [("a", 0), ("b", 0), ("a", 0), ("b", 0), ("a", 1), ("b", 1)]
    assert all(
        row["least_ms"] <= row["low_ms"] <= row["median_ms"] <= row["high_ms"] for row in times.values()
    )
    assert spread([1.0, 2.0, 3.0, 4.0, 100.0]) == {
        "median_ms": 3, "low_ms": 2, "high_ms": 4, "least_ms": 1
    }  # fmt: skip
