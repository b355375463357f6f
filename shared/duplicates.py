"""Groups of near-duplicates in a catalogue, for people to look at. numpy only; pure.

Near-duplicates are what they are to a list (``shared.diversity``): items of one group, or with a cosine above
the threshold. They are grouped by leader clustering (Hartigan 1975) in the order of their ids.
"""

from dataclasses import dataclass

import numpy as np

from shared.items import Items
from shared.ranking import DIGITS, Rows
from shared.vectors import Floats

SLICE = 256  # leaders compared at a time


@dataclass(frozen=True)
class Group:
    """Rows of near-duplicates, ascending, the leader first; their ``cosines`` ``(k,)`` with it, rounded to 6
    digits. ``told``: the shop itself says so of all of them, by ``group_id``."""

    rows: Rows
    cosines: Floats
    told: bool


def near_duplicates(items: Items, start: int, stop: int, threshold: float) -> list[Group]:
    """The groups of at least two among the rows from ``start`` to ``stop``, each row in one at most.

    The work grows with the square of the number of rows.
    """
    vectors, labels = items.vectors[start:stop], items.group_id.codes[start:stop]
    left = np.ones(len(vectors), np.bool_)
    groups = []
    for first in range(0, len(vectors), SLICE):
        leaders = slice(first, first + SLICE)
        cosines = np.round(vectors[leaders] @ vectors.T, DIGITS)
        told = (labels[leaders, None] == labels) & (labels >= 0)
        near = told | (cosines > threshold)
        for place in range(len(cosines)):
            if not left[first + place]:
                continue
            left[first + place] = False
            others = np.flatnonzero(near[place] & left)
            left[others] = False
            if len(others):
                rows = np.concatenate([[first + place], others])
                all_told = bool(told[place, others].all())
                groups.append(Group(rows + start, cosines[place, rows], all_told))
    return groups
