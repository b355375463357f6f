"""What people would rank with instead, each behind one call: the best 100 of all items for some likes.

``search(likes, mask)`` takes likes ``(k, width)`` float32 and which items may come ``(n,)``, or None for
all, and returns up to 100 rows, the closest to any like first. Libraries that search for one vector are
asked for each like; their answers are merged, which loses nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any

import faiss
import hnswlib
import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors
from usearch.index import Index

from shared.codes import Codes
from shared.departments import Space
from shared.halves import Halves
from shared.ranking import best_first, best_match
from shared.vectors import Vectors

TOP = 100
LINKS, BUILD = 16, 64  # of the graphs: M and efConstruction
BREADTHS = (128, 256, 512, 1024, 2048)  # efSearch, the first that finds enough is measured
ENOUGH = 0.999

Rows = NDArray[np.intp]
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_] | None
Search = Callable[[Floats, Mask], Rows]


def merged(rows: Any, scores: Any) -> Rows:
    """The best of the answers ``(k, m)`` to each like, each row once; higher scores are better."""
    rows, scores = np.asarray(rows, np.int64).ravel(), np.asarray(scores, np.float64).ravel()
    order = np.argsort(-scores[rows >= 0], kind="stable")
    rows = rows[rows >= 0][order]
    _, first = np.unique(rows, return_index=True)
    return rows[np.sort(first)][:TOP].astype(np.intp)


def stylekin(stored: Halves, codes: Codes) -> Search:
    """Our own: a scan of the codes, and the exact scores of those it leaves."""
    vectors = Vectors(Space("womenswear", "benchmark"), stored)
    everything = np.arange(len(stored))

    def search(likes: Floats, mask: Mask) -> Rows:
        rows = everything if mask is None else np.flatnonzero(mask)
        bounds = codes.bounds(likes)[0]
        assert bounds is not None
        known = _Likes(vectors, likes)
        found = best_first(bounds.ceilings[rows], lambda places: known.scores(rows[places]))
        return rows[[place for place, _ in (next(found) for _ in range(min(TOP, len(rows))))]]

    return search


class _Likes:
    """Likes that are no items, scored as ``best_match`` scores items."""

    def __init__(self, vectors: Vectors, likes: Floats) -> None:
        self.vectors, self.likes = vectors, likes

    def scores(self, rows: Rows) -> Any:
        joined = np.concatenate([self.vectors.rows[rows], self.likes])
        liked = np.arange(len(rows), len(joined))
        return best_match(Vectors(self.vectors.space, joined), np.arange(len(rows)), liked)[0]


def numpy_product(rows: Floats) -> Search:
    """One product in float32 and a partition."""

    def search(likes: Floats, mask: Mask) -> Rows:
        scores = (rows @ likes.T).max(axis=1)
        if mask is not None:
            scores[~mask] = -np.inf
        top = np.argpartition(scores, -TOP)[-TOP:]
        return top[np.argsort(-scores[top], kind="stable")]

    return search


def scikit_learn(rows: Floats) -> Search:
    """NearestNeighbors, brute force, cosine; of what is filtered it is fitted anew."""
    whole = NearestNeighbors(n_neighbors=TOP, metric="cosine", algorithm="brute").fit(rows)

    def search(likes: Floats, mask: Mask) -> Rows:
        if mask is None:
            distances, found = whole.kneighbors(likes)
            return merged(found, -distances)
        known = np.flatnonzero(mask)
        some = NearestNeighbors(n_neighbors=TOP, metric="cosine", algorithm="brute").fit(rows[known])
        distances, found = some.kneighbors(likes)
        return merged(known[found], -distances)

    return search


def faiss_index(index: Any, rows: Floats, breadth: int | None = None) -> Search:
    """An index of FAISS, filled; ``breadth`` is efSearch of a graph."""
    if not index.is_trained:
        index.train(rows)
    if not index.ntotal:
        index.add(rows)

    def search(likes: Floats, mask: Mask) -> Rows:
        chosen = {} if mask is None else {"sel": faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))}
        if breadth is not None:
            chosen = {"params": faiss.SearchParametersHNSW(efSearch=breadth, **chosen)}
        elif chosen:
            chosen = {"params": faiss.SearchParameters(**chosen)}
        scores, found = index.search(likes, TOP, **chosen)
        return merged(found, scores)

    return search


def usearch_exact(rows: Floats, kind: str) -> Search:
    """usearch's exact search over numbers of one kind; it knows no filter in Python."""
    index = Index(ndim=rows.shape[1], metric="cos", dtype=kind, connectivity=2, expansion_add=1)
    index.add(np.arange(len(rows)), rows, threads=2)

    def search(likes: Floats, mask: Mask) -> Rows:
        found = index.search(likes, TOP, exact=True, threads=2)
        return merged(np.atleast_2d(found.keys).astype(np.int64), -np.atleast_2d(found.distances))

    return search


def usearch_graph(index: Index, breadth: int) -> Search:
    """usearch's graph."""

    def search(likes: Floats, mask: Mask) -> Rows:
        index.expansion_search = breadth
        found = index.search(likes, TOP, threads=2)
        return merged(np.atleast_2d(found.keys).astype(np.int64), -np.atleast_2d(found.distances))

    return search


def hnswlib_graph(index: Any, breadth: int) -> Search:
    """hnswlib's graph."""

    def search(likes: Floats, mask: Mask) -> Rows:
        index.set_ef(breadth)
        found, distances = index.knn_query(likes, TOP, num_threads=2)
        return merged(found.astype(np.int64), -distances)

    return search


def graphs(rows: Floats) -> Mapping[str, Callable[[int], Search]]:
    """Graphs over the rows, built with the same links and effort; each takes how widely it looks."""
    width = rows.shape[1]
    one = faiss.IndexHNSWFlat(width, LINKS, faiss.METRIC_INNER_PRODUCT)
    one.hnsw.efConstruction = BUILD
    one.add(rows)
    two = hnswlib.Index("ip", width)
    two.init_index(len(rows), ef_construction=BUILD, M=LINKS)
    two.add_items(rows, num_threads=2)
    three = Index(ndim=width, metric="cos", dtype="f32", connectivity=LINKS, expansion_add=BUILD)
    three.add(np.arange(len(rows)), rows, threads=2)
    return {
        "FAISS HNSW": lambda breadth: faiss_index(one, rows, breadth),
        "hnswlib": lambda breadth: hnswlib_graph(two, breadth),
        "usearch HNSW": lambda breadth: usearch_graph(three, breadth),
    }
