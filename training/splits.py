"""Who is learned from and who is not: whole families of pictures, never single ones. Imports numpy.

A family is what ``group_id`` or a near-duplicate ties together, over any number of steps: an item whose
twin has another ``group_id`` ties both groups.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from training.data import held_out

TRAINING = "training"
SHARES = {"validation": 0.15, "test": 0.15}

Names = NDArray[np.str_]


def families(item_ids: Sequence[str], group_ids: Sequence[str], pairs: NDArray[np.int64]) -> Names:
    """The family of each of ``n`` items, named by its least item id: ``(n,)``.

    ``group_ids`` ``(n,)`` are "" where an item has none; ``pairs`` ``(m, 2)`` are rows that are twins.
    """
    parents = list(range(len(item_ids)))

    def root(row: int) -> int:
        while parents[row] != row:
            parents[row] = parents[parents[row]]
            row = parents[row]
        return row

    def tie(first: int, second: int) -> None:
        parents[root(second)] = root(first)

    leaders: dict[str, int] = {}
    for row, group in enumerate(group_ids):
        if group:
            tie(leaders.setdefault(group, row), row)
    for first, second in pairs.tolist():
        tie(first, second)
    roots = [root(row) for row in range(len(item_ids))]
    names: dict[int, str] = {}
    for row, item_id in zip(roots, item_ids, strict=True):
        names[row] = min(str(item_id), names.get(row, str(item_id)))
    return np.array([names[row] for row in roots], np.str_)


def split(families: Names, shares: Mapping[str, float] = SHARES) -> Names:
    """``training`` or one of ``shares`` for each item ``(n,)``; a family is on one side, whatever its size.

    The same families give the same sides in any order of the items. A family too large for a share goes on
    to the next, at last to training.
    """
    sides = np.full(len(families), TRAINING, f"<U{max(map(len, (TRAINING, *shares)))}")
    for name, share in shares.items():
        left = np.flatnonzero(sides == TRAINING)
        if len(left):
            aside = held_out(families[left], share * len(families) / len(left))
            sides[left[aside]] = name
    return sides
