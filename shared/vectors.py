"""Unit vectors and the spaces they live in. numpy only; pure functions.

The embedding of an item is ``[sqrt(w_r)·r, sqrt(w_c)·c]`` for unit vectors ``r`` (ResNet-50) and
``c`` (custom CNN) and weights that sum to one, so that one dot product is exactly
``w_r·cos(r) + w_c·cos(c)``.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from shared.departments import Space

Floats = NDArray[np.float32]


class Matrix(Protocol):
    """Vectors ``(n, width)``, float32 once some of them are asked for: by numbers, a slice or one number."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __getitem__(self, rows: Any, /) -> Floats: ...

    def __len__(self) -> int: ...


@dataclass(frozen=True)
class Vectors:
    """Rows of one space: ``rows`` is ``(n, width)``, each row of length 1."""

    space: Space
    rows: Matrix


def unit(rows: NDArray[np.floating]) -> Floats:
    """Scale each row of ``(n, width)`` to length 1, as float32; a zero row stays zero."""
    floats: Floats = np.asarray(rows, np.float32)
    length = np.linalg.norm(floats, axis=-1, keepdims=True)
    units: Floats = np.divide(floats, length, out=np.zeros_like(floats), where=length > 0)
    return units


def fuse(parts: list[Floats], weights: tuple[float, ...]) -> Floats:
    """Join unit parts ``(n, width_i)`` into unit rows ``(n, sum width_i)``, weighted as above."""
    return np.concatenate(
        [np.float32(weight**0.5) * unit(part) for part, weight in zip(parts, weights, strict=True)],
        axis=-1,
    )
