"""One item per group of near-duplicates, and lists of items unlike each other. numpy only.

Two items are near-duplicates if they have the same group or a cosine above the threshold. They are grouped
by leader clustering (Hartigan 1975): the best item leads, and what is near it is left out. So an item is
left out only because one that stands in the list is its near-duplicate, never through a chain of others,
and a group is never wider than twice the threshold's angle.

Every list grows one row at a time on a ``Shelf``, and each row hangs only on those before it: the beginning
of a long list is the short list.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from shared.ranking import DIGITS, Rows, Scores
from shared.vectors import Floats, Matrix

Codes = NDArray[np.int32]
Cap = tuple[Codes, int]  # a label for each row of the catalogue, -1 for none, and how many of one may be


class Shelf:
    """The rows of a list so far, and which others may still join them.

    ``vectors`` ``(n, width)`` and ``groups`` ``(n,)``, -1 for none, are of the whole catalogue. ``caps`` say
    how many of one label, such as a brand, may be; a row without a label is never held back.
    """

    def __init__(
        self, vectors: Matrix, groups: Codes, threshold: float, caps: Sequence[Cap] = (), limit: int = 16
    ) -> None:
        self.vectors = vectors
        self.threshold = threshold
        self.rows: list[int] = []
        self._labels = [(codes, most, Counter[int]()) for codes, most in ((groups, 1), *caps)]
        self._kept = np.empty((limit, vectors.shape[1]), np.float32)
        self._asked = -1, self._kept[:0]  # the row asked for last, which is often the one that comes

    def _vector(self, row: int) -> Floats:
        if self._asked[0] != row:
            self._asked = row, self.vectors[row]
        return self._asked[1]

    def lets_in(self, row: int) -> bool:
        """Whether a row is no near-duplicate of one that stands here, and no cap holds it back."""
        for codes, most, count in self._labels:
            if (label := int(codes[row])) >= 0 and count[label] >= most:
                return False
        return not (self._kept[: len(self.rows)] @ self._vector(row) > self.threshold).any()

    def room(self, rows: Rows) -> NDArray[np.bool_]:
        """Which of ``rows`` ``(m,)`` neither their group nor a cap holds back: ``(m,)`` bool."""
        room = np.ones(len(rows), np.bool_)
        for codes, most, count in self._labels:
            full = [label for label, times in count.items() if times >= most]
            room &= ~np.isin(codes[rows], full)
        return room

    def add(self, row: int) -> None:
        """Put a row behind those that stand here."""
        if len(self.rows) == len(self._kept):
            self._kept = np.concatenate([self._kept, np.empty_like(self._kept)])
        self._kept[len(self.rows)] = self._vector(row)
        self.rows.append(row)
        for codes, _, count in self._labels:
            if (label := int(codes[row])) >= 0:
                count[label] += 1

    def near(self, row: int, rows: Rows, vectors: Floats) -> NDArray[np.bool_]:
        """Which of ``rows`` ``(m,)``, with these vectors ``(m, width)``, are near-duplicates of ``row``."""
        groups = self._labels[0][0]
        same = (groups[rows] == groups[row]) & (groups[row] >= 0)
        return np.asarray(same | (vectors @ self.vectors[row] > self.threshold))


def one_per_group(shelf: Shelf, ordered: Iterable[int]) -> Iterator[int]:
    """Those of ``ordered`` rows, in order, that the shelf lets in; each is put on it."""
    for row in map(int, ordered):
        if shelf.lets_in(row):
            shelf.add(row)
            yield row


def relevant_and_unlike(shelf: Shelf, rows: Rows, scores: Scores, diversity: float) -> Iterator[int]:
    """``rows`` ``(m,)`` by maximal marginal relevance (Carbonell and Goldstein 1998); each goes on the shelf.

    Each is the one with the highest (1 - diversity) * score - diversity * highest cosine with those on the
    shelf, the first of several equal ones; the best scored of its near-duplicates stands for it. ``scores``
    ``(m,)`` must descend. The first row that may be comes first on an empty shelf.
    """
    pool = shelf.vectors[rows]
    left = np.ones(len(rows), np.bool_)
    nearest = np.full(len(rows), -1, np.float64)
    known = 0
    while True:
        for row in shelf.rows[known:]:
            cosine = np.round(pool @ shelf.vectors[row], DIGITS)
            left &= (cosine <= shelf.threshold) & (rows != row)
            np.maximum(nearest, cosine, out=nearest)
        known = len(shelf.rows)
        left &= shelf.room(rows)
        if not left.any():
            return
        worth = np.round((1 - diversity) * scores - diversity * nearest, DIGITS)
        row = int(rows[np.where(left, worth, -np.inf).argmax()])
        row = int(rows[(left & (shelf.near(row, rows, pool) | (rows == row))).argmax()])
        shelf.add(row)
        yield row


def farthest(shelf: Shelf, rows: Rows, first: int, strata: Codes) -> Iterator[tuple[int, float]]:
    """``rows`` ``(m,)``, each the farthest from all on the shelf (Gonzalez 1985); each is put on it.

    ``strata`` ``(n,)`` label the whole catalogue, such as by category, -1 for none: each row is of one of
    those that stand on the shelf least often. ``first`` is the place in ``rows`` to begin with. Yields rows,
    and for each the highest cosine with the ones before it, in [-1, 1], -1 for the first.
    """
    pool, stratum = shelf.vectors[rows], strata[rows] + 1
    nearest = np.full(len(rows), -1, np.float32)
    left = np.ones(len(rows), np.bool_)
    times = np.zeros(int(stratum.max(initial=0)) + 1, np.intp)
    place = first
    while left.any():
        row = int(rows[place])
        shelf.add(row)
        yield row, float(nearest[place])
        times[stratum[place]] += 1
        cosine = np.round(pool @ pool[place], DIGITS)
        np.maximum(nearest, cosine, out=nearest)
        left &= (cosine <= shelf.threshold) & shelf.room(rows)
        left[place] = False
        if left.any():
            turn = left & (times[stratum] == times[stratum[left]].min())
            place = int(np.where(turn, nearest, np.inf).argmin())
