"""Vectors as they are stored, in float16, which become float32 only where they are asked for. numpy only.

So that a catalogue lies in memory once, in the buffer it was read into.
"""

from collections.abc import Sequence
from itertools import pairwise
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
        self._starts = np.cumsum([0, *map(len, pieces)])
        self._places = places
        self._widths, self._weights = widths, weights

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: Any) -> Floats:
        places = self._places[rows]
        found = weighted(self._halves(np.atleast_1d(places)), self._widths, self._weights)
        return found if np.ndim(places) else found[0]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.asarray(self[:], dtype)

    def _halves(self, places: NDArray[np.intp]) -> NDArray[np.float16]:
        piece = np.searchsorted(self._starts, places, side="right") - 1
        named = np.unique(piece).tolist()
        if len(named) == 1:
            whole, places = self._pieces[named[0]], places - self._starts[named[0]]
            start, stop = int(places[0]), int(places[-1]) + 1
            if stop - start == len(places) and (np.diff(places) == 1).all():
                return np.asarray(whole[start:stop])  # without a copy
            return np.asarray(whole[places])
        rows = np.empty((len(places), self.shape[1]), np.float16)
        for number in named:
            there = piece == number
            rows[there] = self._pieces[number][places[there] - self._starts[number]]
        return rows


def weighted(rows: Any, widths: tuple[int, ...], weights: tuple[float, ...]) -> Floats:
    """Rows ``(n, sum of widths)`` as float32, each part brought to length sqrt(its weight); zeros stay zero.

    Block by block, so that a hundred thousand rows pass through the processor's cache once.
    """
    whole = np.empty(rows.shape, np.float32)
    bounds = list(pairwise(np.cumsum((0, *widths)).tolist()))
    for start in range(0, len(rows), BLOCK):
        block = _floats(rows[start : start + BLOCK], whole[start : start + BLOCK])
        for (left, right), weight in zip(bounds, weights, strict=True):
            part = block[:, left:right]
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
