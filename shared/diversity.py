"""One item per group of near-duplicates, and lists of items unlike each other. numpy only; pure functions.

Two items are near-duplicates if they have the same group or a cosine above the threshold. A list takes
the best of the items that are near-duplicates of each other: an item is left out only because one that
stands in the list is its near-duplicate, never through a chain of others.
"""

import numpy as np
from numpy.typing import NDArray

from shared.ranking import DIGITS, Rows, Scores
from shared.vectors import Floats

Codes = NDArray[np.int32]


def one_per_group(
    vectors: Floats,
    groups: Codes,
    ordered: Rows,
    limit: int,
    threshold: float,
    taken: Rows | None = None,
) -> Rows:
    """The first ``limit`` of ``ordered`` rows, in order, that are no near-duplicates of an earlier one.

    ``vectors`` ``(n, width)`` and ``groups`` ``(n,)``, -1 for none, are of the whole catalogue; ``taken``
    are rows that stand in the list already. Shorter than ``limit`` only if nothing else is left.
    """
    kept = np.empty((limit, vectors.shape[1]), np.float32)
    before = vectors[:0] if taken is None else vectors[taken]
    used = set() if taken is None else set(groups[taken].tolist())
    chosen: list[int] = []
    for row in ordered.tolist():
        if len(chosen) == limit:
            break
        group = int(groups[row])
        if group >= 0 and group in used:
            continue
        vector = vectors[row]
        if (before @ vector > threshold).any() or (kept[: len(chosen)] @ vector > threshold).any():
            continue
        kept[len(chosen)] = vector
        chosen.append(row)
        used.add(group)
    return np.array(chosen, np.intp)


def relevant_and_unlike(vectors: Floats, rows: Rows, scores: Scores, limit: int, diversity: float) -> Rows:
    """``limit`` of ``rows`` ``(m,)`` by maximal marginal relevance (Carbonell and Goldstein 1998).

    Each is the one with the highest (1 - diversity) * score - diversity * highest cosine with those chosen
    before, the first of several equal ones. ``scores`` ``(m,)`` must descend; the first row is always
    chosen, and ``diversity`` 0 gives ``rows[:limit]``. Shorter only if there are no more rows.
    """
    pool = vectors[rows]
    left = np.ones(len(rows), np.bool_)
    nearest = np.full(len(rows), -1, np.float64)
    chosen: list[int] = []
    while len(chosen) < min(limit, len(rows)):
        worth = np.round((1 - diversity) * scores - diversity * nearest, DIGITS)
        place = int(np.where(left, worth, -np.inf).argmax()) if chosen else 0
        chosen.append(place)
        left[place] = False
        np.maximum(nearest, np.round(pool @ pool[place], DIGITS), out=nearest)
    return rows[np.array(chosen, np.intp)]


def farthest(
    vectors: Floats, groups: Codes, rows: Rows, first: int, limit: int, threshold: float
) -> tuple[Rows, Floats]:
    """Up to ``limit`` of ``rows`` ``(m,)``, each the farthest from all chosen before (Gonzalez 1985).

    ``first`` is the place in ``rows`` to begin with. Returns rows, and for each the highest cosine with
    the ones before it, in [-1, 1], -1 for the first. Near-duplicates of a chosen row are left out.
    Shorter than ``limit`` only if nothing else is left.
    """
    pool = vectors[rows]
    pool_groups = groups[rows]
    nearest = np.full(len(rows), -1, np.float32)
    left = np.ones(len(rows), np.bool_)
    chosen: list[int] = []
    scores: list[float] = []
    place = first
    while len(chosen) < limit and left.any():
        if chosen:
            place = int(np.where(left, nearest, np.inf).argmin())
        chosen.append(place)
        scores.append(float(nearest[place]))
        cosine = np.round(pool @ pool[place], 6)
        np.maximum(nearest, cosine, out=nearest)
        left &= cosine <= threshold
        left[place] = False
        if pool_groups[place] >= 0:
            left &= pool_groups != pool_groups[place]
    return rows[np.array(chosen, np.intp)], np.array(scores, np.float32)
