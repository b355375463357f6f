"""Near-duplicate pictures, found without any network: what lies on both sides of a split flatters.

Each picture has a fingerprint of 64 bits (the signs of its lowest frequencies, the "pHash" of Zauner 2010)
and 8 x 8 mean colours; two pictures are twins if both are close. The mirror image of one is tried too.
Imports numpy.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

SIDE = 32  # px of the picture whose frequencies are taken
KEPT = 8  # of them, each way
MOST_BITS = 6  # of 64 that twins may differ in
MOST_COLOUR = 10.0  # of 255 that their colours may differ by, on average
STEP = 256  # rows compared at once

Pairs = NDArray[np.int64]
Marks = tuple[NDArray[np.uint64], NDArray[np.float32]]

_FREQUENCIES = np.cos(np.pi / SIDE * (np.arange(SIDE) + 0.5) * np.arange(KEPT)[:, None])  # (8, 32)


def marks(square: NDArray[np.uint8]) -> tuple[int, NDArray[np.float32]]:
    """Fingerprint and mean colours ``(192,)`` in [0, 255] of a picture ``(224, 224, 3)``."""
    side = square.shape[0]
    blocks = square.reshape(SIDE, side // SIDE, SIDE, side // SIDE, 3).mean((1, 3), dtype=np.float64)
    grey = blocks @ (0.299, 0.587, 0.114)  # (32, 32)
    waves = (_FREQUENCIES @ grey @ _FREQUENCIES.T).ravel()  # the first is the mean
    bits = waves > np.median(waves[1:])
    colours = blocks.reshape(KEPT, SIDE // KEPT, KEPT, SIDE // KEPT, 3).mean((1, 3))
    return int(np.packbits(bits).view(">u8")[0]), colours.astype(np.float32).ravel()


def twins(squares: Iterable[NDArray[np.uint8]]) -> Pairs:
    """Pairs of rows ``(m, 2)``, the lesser first, ascending, of pictures ``(224, 224, 3)`` that are twins."""
    seen = [(marks(square), marks(square[:, ::-1])) for square in squares]
    if not seen:
        return np.zeros((0, 2), np.int64)
    plain, mirrored = (
        (np.array([each[way][0] for each in seen], np.uint64), np.stack([each[way][1] for each in seen]))
        for way in (0, 1)
    )
    both = [close(plain, other) for other in (plain, mirrored)]
    return np.unique(np.concatenate(both), axis=0)


def close(a: Marks, b: Marks) -> Pairs:
    """Pairs (row of ``a``, row of ``b``), the lesser first, whose fingerprints and colours are close."""
    found = []
    for start in range(0, len(a[0]), STEP):
        bits = np.bitwise_count(a[0][start : start + STEP, None] ^ b[0][None])  # (step, n)
        first, second = np.nonzero(bits <= MOST_BITS)
        first += start
        apart = first < second
        first, second = first[apart], second[apart]
        alike = np.abs(a[1][first] - b[1][second]).mean(1) <= MOST_COLOUR
        found.append(np.stack([first[alike], second[alike]], 1))
    return np.concatenate(found).astype(np.int64)
