"""Straight lines through measurements, and where they end. numpy only."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

INSTANCE_MB = 32 * 2**30 / 1e6  # the largest instance of a function


def fitted(rows: Sequence[Mapping[str, Any]], name: str) -> tuple[float, float]:
    """What it takes with no items, and for each: the line whose errors are the smallest shares of the values
    (least squares, weighted by their inverse)."""
    items, values = (np.array([row[of] for row in rows], np.float64) for of in ("items", name))
    each, none = np.polyfit(items, values, 1, w=1 / values)
    return float(none), float(each)


def largest(rows: Sequence[Mapping[str, Any]], name: str, megabytes: float = INSTANCE_MB) -> int:
    """How many items the memory of an instance is enough for, by the fitted line."""
    none, each = fitted(rows, name)
    return int((megabytes - none) / each)
