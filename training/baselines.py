"""What an embedding has to beat: colours alone, and chance. numpy only."""

import numpy as np
from numpy.typing import NDArray

from shared.vectors import Floats, unit

LEVELS = 6  # of each of red, green and blue


def colour_histogram(squares: NDArray[np.uint8]) -> Floats:
    """Unit rows ``(n, 216)`` of pictures ``(n, 224, 224, 3)``: the root of the share of each of 216 colours.

    The cosine of two is their Bhattacharyya coefficient (Swain and Ballard 1991 compare such histograms).
    """
    rows = []
    for square in squares:  # one by one: they may lie on the disk
        levels = (square.astype(np.int64) * LEVELS) // 256
        colours = (levels * (LEVELS**2, LEVELS, 1)).sum(-1).ravel()
        rows.append(np.sqrt(np.bincount(colours, minlength=LEVELS**3)))
    return unit(np.array(rows).reshape(-1, LEVELS**3))


def chance(count: int, seed: int = 0) -> Floats:
    """Unit rows ``(count, 16)`` in directions that mean nothing."""
    return unit(np.random.default_rng(seed).normal(size=(count, 16)))
