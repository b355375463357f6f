"""Vectors in eight bits: what is scanned to find the few whose scores matter. numpy and numkong.

A scan reads a quarter of what float32 would take and says within which bounds a cosine lies; whoever needs
the cosine itself works it out for the few rows that are left (``shared.ranking.best_first``).
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import numkong
import numpy as np
from numpy.typing import NDArray

from shared.halves import Halves
from shared.items import Items
from shared.vectors import Floats, Matrix

THREADS = 2
ENCODED = 256  # rows worked on at a time, so that they stay in the processor's cache
SCANNED = 8192
ALONE = 50_000  # rows that one thread is done with before a second one would have begun
FEW = 4096  # new rows that are worked out beside taking over the others
LARGEST = 127
ROUNDED = np.float32(1e-6)  # what float32 may lose in a bound
#: So few vectors are scanned for one after the other, where packed ones take longer: with AVX2 alone.
PAIRED = 5 if (has := numkong.get_capabilities())["haswell"] and not has["icelake"] else 0

T = TypeVar("T")
Products = Callable[[NDArray[np.int8]], Any]

_threads = ThreadPoolExecutor(THREADS)


@dataclass(frozen=True)
class Bounds:
    """Of each row ``(n,)``, the highest cosine with any of some vectors, and how far off that is at most."""

    cosines: Floats
    errors: Floats

    @property
    def ceilings(self) -> Floats:
        """What the cosine is at most, ``(n,)``."""
        return self.cosines + self.errors

    @property
    def floors(self) -> Floats:
        """What the cosine is at least, ``(n,)``."""
        return self.cosines - self.errors


@dataclass(frozen=True, eq=False)
class Codes:
    """Rows ``(n, width)`` as ``codes`` of int8 times ``steps`` ``(n,)``, each code -127 to 127.

    ``errors`` ``(n,)`` are the lengths of what rounding took from each row; ``longest`` is the length of the
    longest row.
    """

    codes: NDArray[np.int8]
    steps: Floats
    errors: Floats
    longest: float

    @classmethod
    def of(cls, rows: Matrix) -> "Codes":
        """The codes of any rows."""
        n, width = len(rows), rows.shape[1]
        made = cls(np.empty((n, width), np.int8), np.empty(n, np.float32), np.empty(n, np.float32), 0)
        longest = max(_in_parts(n, lambda part: made._encode(rows, part)), default=0)
        return cls(made.codes, made.steps, made.errors, longest)

    def moved(self, places: NDArray[np.intp], rows: Matrix) -> "Codes":
        """The codes of ``rows``: those of the row at each of ``places`` ``(n,)``, new ones where it is -1."""
        new = np.flatnonzero(places < 0)
        fresh = Codes.of(rows[new])
        codes, steps, errors = self.codes[places], self.steps[places], self.errors[places]
        codes[new], steps[new], errors[new] = fresh.codes, fresh.steps, fresh.errors
        return Codes(codes, steps, errors, max(self.longest, fresh.longest))

    def _encode(self, rows: Matrix, part: range) -> float:
        longest = 0.0
        floats, whole = np.empty((2, ENCODED, rows.shape[1]), np.float32)  # new ones each time cost as much
        for start in range(part.start, part.stop, ENCODED):
            some = slice(start, min(start + ENCODED, part.stop))
            known = rows[some]
            floats, whole = floats[: len(known)], whole[: len(known)]
            longest = max(longest, float(np.vecdot(known, known).max()) ** 0.5)
            steps = np.abs(known, out=floats).max(axis=1) / LARGEST
            np.multiply(known, (1 / np.where(steps > 0, steps, 1))[:, None], out=floats)
            np.rint(floats, out=whole)
            np.copyto(self.codes[some], whole, casting="unsafe")
            np.subtract(floats, whole, out=floats)
            self.steps[some] = steps
            self.errors[some] = np.sqrt(np.vecdot(floats, floats)) * steps
        return longest

    def bounds(self, *groups: Floats) -> list[Bounds | None]:
        """How close every row is to the closest of each group of vectors ``(k, width)``; None for no vectors.

        A product of two rounded rows is off by at most what rounding took from the one times the length of
        the other, and the same the other way round (Cauchy and Schwarz).
        """
        if not (full := [group for group in groups if len(group)]):
            return [None] * len(groups)
        others = np.concatenate(full)
        step = float(np.abs(others).max()) / LARGEST or 1
        codes = np.rint(others / np.float32(step))
        lost = float(np.linalg.norm(others - codes * step, axis=1).max())
        length = float(np.linalg.norm(codes * step, axis=1).max())
        best = np.empty((len(full), len(self.steps)), np.int32)
        ends = np.cumsum([len(group) for group in full]).tolist()
        products = _products(codes.astype(np.int8))
        _in_parts(len(self.steps), lambda part: self._scan(products, ends, part, best))
        errors = self.errors * length + np.float32(self.longest * lost) + ROUNDED
        steps = self.steps * np.float32(step)
        found = (Bounds(row.astype(np.float32) * steps, errors) for row in best)
        return [next(found) if len(group) else None for group in groups]

    def nearest(self, others: Floats) -> NDArray[np.intp]:
        """Which of ``others`` ``(k, width)`` each row is closest to as far as eight bits tell, the first of
        several as close: ``(n,)``."""
        step = float(np.abs(others).max(initial=0)) / LARGEST or 1
        products = _products(np.rint(others / np.float32(step)).astype(np.int8))
        places = np.zeros(len(self.steps), np.intp)

        def scan(part: range) -> None:
            for start in range(part.start, part.stop, SCANNED):
                some = slice(start, min(start + SCANNED, part.stop))
                places[some] = products(self.codes[some]).argmax(axis=1)

        _in_parts(len(places), scan)
        return places

    def _scan(self, products: Products, ends: Sequence[int], part: range, best: NDArray[np.int32]) -> None:
        for start in range(part.start, part.stop, SCANNED):
            some = slice(start, min(start + SCANNED, part.stop))
            found = products(self.codes[some]).T
            for row, end, first in zip(best, ends, (0, *ends), strict=False):
                row[some] = reduce(np.maximum, found[first:end])


def _products(others: NDArray[np.int8], paired: int = PAIRED) -> Products:
    """What gives the products ``(m, k)`` of rows ``(m, width)`` with ``others`` ``(k, width)``."""
    if len(others) <= paired:
        return lambda rows: np.asarray(numkong.cdist(rows, others, "dot"))
    packed = numkong.dots_pack(others)
    return lambda rows: np.asarray(numkong.dots_packed(rows, packed))


def _in_parts(n: int, work: Callable[[range], T]) -> list[T]:
    """What ``work`` says of each part of ``n`` rows, a thread for each part if that is worth it."""
    if n <= ALONE:
        return [work(range(n))] if n else []
    bounds = [n * number // THREADS for number in range(THREADS + 1)]
    return list(_threads.map(work, (range(*pair) for pair in pairwise(bounds))))


_codes: WeakKeyDictionary[Items, Codes] = WeakKeyDictionary()


def codes(items: Items, before: Items | None = None) -> Codes:
    """The codes of a catalogue's items, made when first asked for.

    Those of a few items that are not among the ones ``before`` are worked out, the others taken over.
    """
    if (found := _codes.get(items)) is None:
        found = _codes[items] = _made(items, before)
    return found


def _made(items: Items, before: Items | None) -> Codes:
    rows, known = items.vectors, None if before is None else _codes.get(before)
    if before and known and isinstance(rows, Halves) and isinstance(before.vectors, Halves):
        places = rows.within(before.vectors)
        if np.count_nonzero(places < 0) <= FEW:
            return known.moved(places, rows)
    return Codes.of(rows)
