"""The ranking kernel beside its peers: the exact best 100 of a catalogue for 1, 5 and 50 likes."""

import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import faiss
import numpy as np

from benchmarks import peers
from benchmarks.catalogues import card, vectors
from benchmarks.measuring import interleaved
from benchmarks.peers import BREADTHS, ENOUGH, TOP, Floats, Mask, Rows, Search
from shared.codes import Codes
from shared.halves import Halves
from shared.ranking import DIGITS

LIKES = (1, 5, 50)
KEPT = 0.1  # the share of items that a filter leaves
OURS, READ = "Stylekin", "reading the codes once"
ORDERED = 50
CHOOSING = 4  # sets of likes that a graph's breadth is chosen on
UNFILTERED = ("usearch exact", "hnswlib", "usearch HNSW")  # not asked where a filter is on


def measure(sizes: list[int], repetitions: int, with_graphs: bool = True) -> list[dict[str, Any]]:
    """A row per number of items, number of likes, filter and peer."""
    return [row for n in sizes for row in _of_size(n, repetitions, with_graphs)]


def _of_size(n: int, repetitions: int, with_graphs: bool) -> list[dict[str, Any]]:
    model = card()
    halves = vectors(n, model)
    stored = Halves([halves], np.arange(n), model.widths, model.weights)
    rows, codes = stored[:], Codes.of(stored)
    sizes = {OURS: codes.codes.nbytes + codes.steps.nbytes + codes.errors.nbytes}
    searches: dict[str, Search] = {
        OURS: peers.stylekin(stored, codes),
        "numpy float32": peers.numpy_product(rows),
        "FAISS Flat": peers.faiss_index(faiss.IndexFlatIP(model.width), rows),
        "FAISS SQ8": peers.faiss_index(
            faiss.IndexScalarQuantizer(
                model.width, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
            ),
            rows,
        ),
        "scikit-learn": peers.scikit_learn(rows),
    }
    for kind in ("f32", "f16", "i8"):
        searches[f"usearch exact {kind}"] = peers.usearch_exact(rows, kind)
    graphs = _timed("graphs", lambda: peers.graphs(rows)) if with_graphs else {}
    found = []
    for filtered in (False, True):
        mask = np.random.default_rng(1).random(n) < KEPT if filtered else None
        for count in LIKES:
            chosen = {name: graph for name, graph in graphs.items() if not _unfiltered(name, filtered)}
            wide = {name: _wide(graph, rows, count, mask) for name, graph in chosen.items()}
            ways = {name: way for name, way in searches.items() if not _unfiltered(name, filtered)}
            for name, breadth in wide.items():
                ways[name] = graphs[name](breadth)
            for row in _compared(ways, rows, codes, count, mask, repetitions):
                row |= {"items": n, "filtered": filtered}
                row |= {"breadth": wide.get(row["peer"]), "megabytes": round(sizes.get(row["peer"], 0) / 1e6)}
                found.append(row)
            print(f"kernel {n} items, {count} likes, filter {filtered}", file=sys.stderr)
    return found


def _unfiltered(name: str, filtered: bool) -> bool:
    return filtered and name.startswith(UNFILTERED)


def _timed(name: str, make: Callable[[], Any]) -> Any:
    start = time.perf_counter()
    made = make()
    print(f"built {name} in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    return made


def _likes(rows: Floats, count: int, number: int) -> Floats:
    """The likes of one repetition: items of the catalogue, a little moved."""
    random = np.random.default_rng((number, count))
    likes = rows[random.integers(len(rows), size=count)]
    likes = likes + random.standard_normal(likes.shape, np.float32) * np.float32(0.005)
    return np.asarray(likes / np.linalg.norm(likes, axis=1, keepdims=True), np.float32)


def _wide(graph: Callable[[int], Search], rows: Floats, count: int, mask: Mask) -> int:
    """The least breadth with which a graph finds as much as we do, or the greatest."""
    asked = [_likes(rows, count, 1000 + number) for number in range(CHOOSING)]
    best = [_reference(rows, likes, mask)[:TOP] for likes in asked]
    for breadth in BREADTHS:
        search = graph(breadth)
        if (
            np.mean([_recall(search(likes, mask), top) for likes, top in zip(asked, best, strict=True)])
            >= ENOUGH
        ):
            return breadth
    return BREADTHS[-1]


def _compared(
    ways: Mapping[str, Search], rows: Floats, codes: Codes, count: int, mask: Mask, repetitions: int
) -> list[dict[str, Any]]:
    asked = [_likes(rows, count, number) for number in range(repetitions)]
    best = [_reference(rows, likes, mask) for likes in asked]
    answers: dict[str, list[Rows]] = {name: [] for name in ways}

    def timed(name: str, way: Search) -> Callable[[int], None]:
        return lambda number: answers[name].append(way(asked[number], mask))

    runs: dict[str, Callable[[int], object]] = {name: timed(name, way) for name, way in ways.items()}
    runs[READ] = lambda number: _read(codes)
    times = interleaved(runs, repetitions)
    told: list[dict[str, Any]] = []
    for name in runs:
        row: dict[str, Any] = {"peer": name, "likes": count, "repetitions": repetitions, **times[name]}
        if name in answers:
            given = answers[name][1:]  # the first was the round that does not count
            row["recall"] = round(
                float(np.mean([_recall(answer, top[:TOP]) for answer, top in zip(given, best, strict=True)])),
                5,
            )
            row["ordered"] = all(
                answer[:ORDERED].tolist() == top[:ORDERED].tolist()
                for answer, top in zip(given, best, strict=True)
            )
        told.append(row)
    return told


def _reference(rows: Floats, likes: Floats, mask: Mask) -> Rows:
    """The best rows by their scores in float64, best first; scores of equal six digits keep their order."""
    scores = np.empty(len(rows))
    for start in range(0, len(rows), 8192):
        block = rows[start : start + 8192].astype(np.float64)
        scores[start : start + 8192] = (block @ likes.astype(np.float64).T).max(axis=1)
    scores = np.round(scores, DIGITS)
    if mask is not None:
        scores[~mask] = -np.inf
    top = np.sort(np.argpartition(scores, -2 * TOP)[-2 * TOP :])
    return top[np.argsort(-scores[top], kind="stable")]


def _recall(found: Rows, best: Rows) -> float:
    return len(np.intersect1d(found, best[:TOP])) / min(TOP, len(best))


_readers = ThreadPoolExecutor(2)


def _read(codes: Codes) -> None:
    """Every byte of the codes once, two threads, nothing done with them but a sum."""
    numbers = codes.codes.reshape(-1)
    numbers = numbers[: len(numbers) // 16 * 16].view(np.int64)
    middle = len(numbers) // 2
    list(_readers.map(np.sum, (numbers[:middle], numbers[middle:])))
