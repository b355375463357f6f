"""``/recommend`` over HTTP, warm: its latency beside the original algorithm and a function that only says
hello, and how many requests a second it answers."""

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx
import msgspec

from benchmarks.catalogues import item_ids
from benchmarks.measuring import interleaved
from benchmarks.servers import LIKE_DEPLOYED, Server, serving
from benchmarks.stores import PICKLE, settings, shop, shopper

LIKES = 5
CALLERS = (1, 2, 4, 8)
SECONDS = 4.0  # of load at each number of callers
HERE = Path(__file__).parent
FUNCTION = HERE.parent / "functions" / "recommend" / "main.py"
OURS, HELLO, ORIGINAL = "Stylekin", "hello world", "original"


def measure(sizes: list[int], repetitions: int) -> list[dict[str, Any]]:
    """A row per number of items and server: latencies in turns, then requests a second under load."""
    return [row for n in sizes for row in _of_size(n, repetitions)]


def _of_size(n: int, repetitions: int) -> list[dict[str, Any]]:
    ids = item_ids(n)
    likes = [ids[number * n // LIKES] for number in range(LIKES)]
    with ExitStack() as stack:
        root, _ = stack.enter_context(shop(n, with_pickle=True))
        client = stack.enter_context(httpx.Client(timeout=120))

        def start(source: Path, target: str, environment: dict[str, str]) -> Server:
            return stack.enter_context(serving(source, target, environment, root / f"{target}.log"))

        servers = {
            OURS: start(FUNCTION, "recommend", {**settings(root), **LIKE_DEPLOYED}),
            HELLO: start(HERE / "hello.py", "hello", {}),
            ORIGINAL: start(HERE / "original.py", "original", {"PICKLE": str(root / PICKLE)}),
        }
        token = {"Authorization": f"Bearer {shopper(root, likes)}"}

        def call(name: str, headers: dict[str, str], client: httpx.Client = client) -> None:
            body = {"likes": likes} if name == ORIGINAL else {"limit": 12}
            client.post(servers[name].address, headers=headers, json=body).raise_for_status()

        def way(name: str) -> Callable[[int], object]:
            return lambda number: call(name, token)

        times = interleaved({name: way(name) for name in servers}, repetitions)
        stages = _stages(servers[OURS].log, repetitions)
        rows = []
        for name, server in servers.items():
            row: dict[str, Any] = {"server": name, "items": n, "repetitions": repetitions, **times[name]}
            row["megabytes"] = server.resident_mb()
            if name == OURS:
                row["stages_ms"] = stages
            if name != ORIGINAL:
                shoppers = [{"Authorization": f"Bearer {shopper(root, likes)}"} for _ in range(max(CALLERS))]
                row["load"] = [_load(name, server, callers, shoppers, call) for callers in CALLERS]
            rows.append(row)
            print(f"serving {n} items: {name} {row['median_ms']} ms", file=sys.stderr)
    return rows


def _load(
    name: str, server: Server, callers: int, shoppers: list[dict[str, str]], call: Callable[..., None]
) -> dict[str, float]:
    """Requests a second of so many callers, each with a shopper of its own, their latencies, and what one
    took of the processor in the server."""
    before = server.processor_seconds()
    until = time.perf_counter() + SECONDS

    def calling(headers: dict[str, str]) -> list[float]:
        taken = []
        with httpx.Client(timeout=120) as client:
            while (start := time.perf_counter()) < until:
                call(name, headers, client)
                taken.append((time.perf_counter() - start) * 1000)
        return taken

    with ThreadPoolExecutor(callers) as threads:
        taken = [each for some in threads.map(calling, shoppers[:callers]) for each in some]
    percentiles = quantiles(taken, n=100, method="inclusive")
    return {
        "callers": callers,
        "per_second": round(len(taken) / SECONDS, 1),
        "processor_ms": round((server.processor_seconds() - before) / len(taken) * 1000, 2),
        "p50_ms": round(percentiles[49], 2),
        "p99_ms": round(percentiles[98], 2),
    }


def _stages(log: Path, last: int) -> dict[str, float]:
    """The median of each stage of the last answers, from the function's own log."""
    told = [msgspec.json.decode(line) for line in log.read_bytes().splitlines() if line.startswith(b"{")]
    stages = [line["stages"] for line in told if "stages" in line][-last:]
    return {name: sorted(each[name] for each in stages)[len(stages) // 2] for name in stages[-1]}
