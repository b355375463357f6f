"""One item per group of near-duplicates, and lists of items unlike each other. numpy only; pure functions.

Two items are near-duplicates if they have the same group or a cosine above the threshold. A list takes
the best of the items that are near-duplicates of each other: an item is left out only because one that
stands in the list is its near-duplicate, never through a chain of others. This is leader clustering
(Hartigan 1975): every item left out lies within the threshold of a leader, so the angle between any two of
a cluster is at most twice that of the threshold. Caps say how many of one label, such as a brand, a list
takes; a row without a label is never held back.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shared.ranking import DIGITS, Rows, Scores
from shared.vectors import Floats

Codes = NDArray[np.int32]
Cap = tuple[Codes, int]  # a label for each row of the catalogue, -1 for none, and how many of one may be


def one_per_group(
    vectors: Floats,
    groups: Codes,
    ordered: Rows,
    limit: int,
    threshold: float,
    taken: Rows | None = None,
    caps: Sequence[Cap] = (),
) -> Rows:
    """The first ``limit`` of ``ordered`` rows, in order, that are no near-duplicates of an earlier one.

    ``vectors`` ``(n, width)`` and ``groups`` ``(n,)``, -1 for none, are of the whole catalogue; ``taken``
    are rows that stand in the list already, which count for the ``caps`` too. Shorter than ``limit`` only
    if nothing else is left.
    """
    taken = ordered[:0] if taken is None else taken
    kept = np.empty((limit, vectors.shape[1]), np.float32)
    before = vectors[taken]
    columns = [(codes, most, Counter(codes[taken].tolist())) for codes, most in ((groups, 1), *caps)]
    chosen: list[int] = []
    for row in ordered.tolist():
        if len(chosen) == limit:
            break
        labels = [int(codes[row]) for codes, _, _ in columns]
        if any(
            label >= 0 and count[label] >= most
            for label, (_, most, count) in zip(labels, columns, strict=True)
        ):
            continue
        vector = vectors[row]
        if (before @ vector > threshold).any() or (kept[: len(chosen)] @ vector > threshold).any():
            continue
        kept[len(chosen)] = vector
        chosen.append(row)
        for label, (_, _, count) in zip(labels, columns, strict=True):
            count[label] += 1
    return np.array(chosen, np.intp)


def relevant_and_unlike(
    vectors: Floats,
    rows: Rows,
    scores: Scores,
    limit: int,
    diversity: float,
    taken: Rows | None = None,
    caps: Sequence[Cap] = (),
) -> Rows:
    """``limit`` of ``rows`` ``(m,)`` by maximal marginal relevance (Carbonell and Goldstein 1998).

    Each is the one with the highest (1 - diversity) * score - diversity * highest cosine with those chosen
    before, the first of several equal ones. ``scores`` ``(m,)`` must descend; the first row that may be is
    always chosen, and ``diversity`` 0 gives ``rows[:limit]``. ``taken`` rows of the catalogue count for the
    ``caps``. Shorter only if there are no more rows that may be.
    """
    pool = vectors[rows]
    taken = rows[:0] if taken is None else taken
    left = _room(rows, taken, caps)
    nearest = np.full(len(rows), -1, np.float64)
    chosen: list[int] = []
    while len(chosen) < limit and left.any():
        worth = np.round((1 - diversity) * scores - diversity * nearest, DIGITS)
        place = int(np.where(left, worth, -np.inf).argmax() if chosen else left.argmax())
        chosen.append(place)
        left[place] = False
        left &= _room(rows, np.append(taken, rows[chosen]), caps)
        np.maximum(nearest, np.round(pool @ pool[place], DIGITS), out=nearest)
    return rows[np.array(chosen, np.intp)]


def farthest(
    vectors: Floats,
    groups: Codes,
    rows: Rows,
    first: int,
    limit: int,
    threshold: float,
    caps: Sequence[Cap] = (),
) -> tuple[Rows, Floats]:
    """Up to ``limit`` of ``rows`` ``(m,)``, each the farthest from all chosen before (Gonzalez 1985).

    ``first`` is the place in ``rows`` to begin with. Returns rows, and for each the highest cosine with
    the ones before it, in [-1, 1], -1 for the first. Near-duplicates of a chosen row are left out.
    Shorter than ``limit`` only if nothing else is left that the ``caps`` let in.
    """
    pool = vectors[rows]
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
        left &= _room(rows, rows[chosen], ((groups, 1), *caps))
    return rows[np.array(chosen, np.intp)], np.array(scores, np.float32)


def _room(rows: Rows, taken: Rows, caps: Sequence[Cap]) -> NDArray[np.bool_]:
    """Which of ``rows`` ``(m,)`` may still join the ``taken`` ones: ``(m,)`` bool."""
    room = np.ones(len(rows), np.bool_)
    for codes, most in caps:
        labels, counts = np.unique(codes[taken], return_counts=True)
        room &= ~np.isin(codes[rows], labels[(labels >= 0) & (counts >= most)])
    return room
