"""Vectors as they are stored, in float16, which become float32 only where they are asked for. numpy only.

So that a catalogue lies in memory once, in the buffer it was read into.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.vectors import Floats

BLOCK = 256  # rows that the processor's cache holds while they are worked on


class Halves:
    """Rows ``(n, sum of widths)`` of float32, each part of ``widths`` of length sqrt(its weight).

    They are read from ``pieces``, each ``(any, sum of widths)`` float16: row i is ``places[i]`` of all pieces
    together. An index gives rows as it does of an array: a number, a slice, or an array of numbers.
    """

    def __init__(
        self,
        pieces: Sequence[NDArray[np.float16]],
        places: NDArray[np.intp],
        widths: tuple[int, ...],
        weights: tuple[float, ...],
    ) -> None:
        self.shape = (len(places), sum(widths))
        self._pieces = pieces
        self._starts = [*accumulate(map(len, pieces), initial=0)]
        self._places = places
        self._widths, self._weights = widths, weights

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: Any) -> Floats:
        places = self._places[rows]
        found = weighted(self._halves(np.atleast_1d(places)), self._widths, self._weights)
        return found if np.ndim(places) else found[0]

    def within(self, other: "Halves") -> NDArray[np.intp]:
        """The row of ``other`` that lies where each row lies and so is the same: ``(n,)``, -1 for none.

        Catalogues that follow each other share the memory of what did not change.
        """
        found = np.full(len(self), -1, np.intp)
        if len(self) and len(other) and (self._widths, self._weights) == (other._widths, other._weights):
            here, there = self._addresses(), other._addresses()
            order = np.argsort(there)
            near = order[np.minimum(np.searchsorted(there, here, sorter=order), len(there) - 1)]
            found = np.where(there[near] == here, near, -1)
        return found

    def _addresses(self) -> NDArray[np.intp]:
        """Where in memory each row begins: ``(n,)``."""
        size = self.shape[1] * np.dtype(np.float16).itemsize
        ends = zip(self._pieces, self._starts, strict=False)
        begins = np.array([piece.ctypes.data - start * size for piece, start in ends], np.intp)
        piece = np.searchsorted(self._starts, self._places, side="right") - 1
        return np.asarray(begins[piece] + self._places * size, np.intp)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.asarray(self[:], dtype)

    def _halves(self, places: NDArray[np.intp]) -> NDArray[np.float16]:
        if not len(places):
            return np.empty((0, self.shape[1]), np.float16)
        if len(places) == 1 or len(self._pieces) == 1:
            number = bisect_right(self._starts, places[0]) - 1
            return _piece(self._pieces[number], places - self._starts[number])
        piece = np.searchsorted(self._starts, places, side="right") - 1
        named = np.unique(piece).tolist()
        if len(named) == 1:
            return _piece(self._pieces[named[0]], places - self._starts[named[0]])
        rows = np.empty((len(places), self.shape[1]), np.float16)
        for number in named:
            there = piece == number
            rows[there] = self._pieces[number][places[there] - self._starts[number]]
        return rows


def _piece(whole: NDArray[np.float16], places: NDArray[np.intp]) -> NDArray[np.float16]:
    """Rows of one piece, without a copy if they follow each other."""
    if places[-1] - places[0] == len(places) - 1 and (np.diff(places) == 1).all():
        return np.asarray(whole[places[0] : places[-1] + 1])
    return np.asarray(whole[places])


def weighted(rows: Any, widths: tuple[int, ...], weights: tuple[float, ...]) -> Floats:
    """Rows ``(n, sum of widths)`` as float32, each part brought to length sqrt(its weight); zeros stay zero.

    Block by block, so that a hundred thousand rows pass through the processor's cache once.
    """
    whole = np.empty(rows.shape, np.float32)
    ends = [*accumulate(widths)]
    for start in range(0, len(rows), BLOCK):
        block = _floats(rows[start : start + BLOCK], whole[start : start + BLOCK])
        for width, end, weight in zip(widths, ends, weights, strict=True):
            part = block[:, end - width : end]
            length = np.sqrt(np.einsum("ij,ij->i", part, part))
            scale = np.float32(weight**0.5) / np.where(length > 0, length, 1)
            np.multiply(part, scale[:, None], out=part)
    return whole


def _floats(rows: Any, out: Floats) -> Floats:
    """Finite float16 as float32, in ``out``.

    Where numpy converts number by number, which takes five times as long, this puts the bits of all where
    those of a float32 are, and mends the exponent.
    """
    if rows.dtype != np.float16:
        np.copyto(out, rows)
        return out
    bits = out.view(np.int32)
    np.copyto(bits, rows.view(np.int16))
    np.left_shift(bits, 13, out=bits)
    np.bitwise_and(bits, np.int32(-0x70002000), out=bits)  # sign, exponent and fraction
    np.multiply(out, np.float32(2.0**112), out=out)
    return out
