"""How well items suit a shopper's tastes, and what a score is made of. numpy only; pure functions.

Bounds of all scores come from one scan (``shared.codes``), the scores themselves are worked out for the few
items that the bounds leave.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from shared.codes import Bounds, codes
from shared.exploration import Surprise
from shared.filters import Mask
from shared.items import Items
from shared.ranking import (
    DIGITS,
    DISLIKE,
    Rows,
    Scores,
    best_match,
    centroid,
    close_to,
    fade,
    push,
    towards,
)
from shared.vectors import Floats

STRATEGIES = ("best_match", "centroid")


@dataclass(frozen=True)
class Entry:
    """One place of the page: the item's row, its score, why it is there, and the closest like.

    ``parts`` are what each part of the embedding gives to the score, its weight times its cosine with
    the closest like, the mean of the likes or the photograph, whichever is compared with. ``adjustments``
    are what else was added, by name; the two sum to the score. ``dislike`` is the one that pushed it away.
    """

    row: int
    score: float
    kind: str
    why: Mapping[str, object] = field(default_factory=dict)
    like: int | None = None
    parts: tuple[float, ...] = ()
    adjustments: Mapping[str, float] = field(default_factory=dict)
    dislike: int | None = None


@dataclass(frozen=True)
class Taste:
    """Rows a shopper liked, disliked and was shown, each ascending.

    ``lately`` is aligned with ``shown``: how often each was shown in the last two hours. Empty is never.
    A ``photograph`` ``(width,)`` of the items' space is compared with instead of the likes; if it is that of
    an item of the catalogue, ``near`` is its row, and neither it nor what looks the same is a candidate.
    """

    liked: Rows
    disliked: Rows
    shown: Rows
    lately: Rows = field(default_factory=lambda: np.zeros(0, np.intp))
    photograph: Floats | None = None
    near: int | None = None
    _bounds: dict[Items, list[Bounds | None]] = field(default_factory=dict, repr=False, compare=False)
    _times: dict[Items, Rows] = field(default_factory=dict, repr=False, compare=False)

    def bounds(self, items: Items) -> list[Bounds | None]:
        """How close each item is to its closest like, to its closest dislike and to the photograph, None if
        there is none; one scan, made when first asked for."""
        if items not in self._bounds:
            named = items.vectors[self.liked], items.vectors[self.disliked]
            photograph = named[0][:0] if self.photograph is None else self.photograph[None]
            self._bounds[items] = codes(items).bounds(*named, photograph)
        return self._bounds[items]

    def times(self, items: Items) -> Rows:
        """How often each item was shown lately: ``(n,)``, worked out once and only to be read."""
        if items not in self._times:
            times = self._times[items] = np.zeros(len(items), np.intp)
            times[self.shown[: len(self.lately)]] = self.lately
        return self._times[items]

    def exposure(self, items: Items) -> Rows:
        """How often each item was seen: ``(n,)``, 0 for never, 1 for once that is two hours ago."""
        exposure = self.times(items).copy()
        exposure[self.shown] = np.maximum(exposure[self.shown], 1)
        return exposure

    def candidates(self, items: Items, mask: Mask, threshold: float) -> Rows:
        """Rows of ``mask`` ``(n,)`` but for items liked, disliked or ``near`` and their near-duplicates."""
        named = np.union1d(self.liked, self.disliked)
        if self.near is not None:
            named = np.union1d(named, [self.near])
        mask = mask & ~_in_groups(items.group_id.codes, named)
        mask[named] = False
        near = np.zeros(len(items), np.bool_)
        for bounds in self.bounds(items)[: 2 if self.near is None else 3]:
            if bounds is not None:
                near |= bounds.ceilings > threshold
        rows = np.flatnonzero(mask & near)
        mask[rows[close_to(items.embeddings, rows, named, threshold)]] = False
        return np.flatnonzero(mask)


@dataclass(frozen=True)
class Likeness:
    """What items are scored by: the likes, or one ``centre`` ``(width,)``, and what pushes them away."""

    items: Items
    taste: Taste
    centre: Floats | None  # what all are compared with; None is the closest like of each
    strategy: str

    def ceilings(self, rows: Rows) -> Scores:
        """What the score of each of ``rows`` ``(m,)`` is at most: what is below, of a greater likeness."""
        liked, disliked, alike = self.taste.bounds(self.items)
        if self.centre is None:
            alike = liked
        elif alike is None:
            alike = codes(self.items).bounds(self.centre[None])[0]
        assert alike is not None
        most = alike.ceilings[rows].astype(np.float64)
        if disliked is not None:
            most -= DISLIKE * np.maximum(disliked.floors[rows], 0)
        times = self.taste.times(self.items)[rows]
        seen = np.flatnonzero(times > 0)
        most[seen] -= fade(most[seen], times[seen])
        return most

    def of(self, rows: Rows) -> "Scored":
        """The scores of ``rows`` ``(m,)``, ascending, and what they are made of."""
        items, taste = self.items, self.taste
        closest: Rows = np.zeros(0, np.intp)
        if len(taste.liked) and taste.photograph is None:
            alike, closest = best_match(items.embeddings, rows, taste.liked)
        if self.centre is not None:
            alike = towards(items.embeddings, rows, self.centre)
        away, repelling = push(items.embeddings, rows, taste.disliked)
        pushed: Scores = np.round(alike - away, DIGITS)
        faded = fade(pushed, taste.times(items)[rows])
        scores: Scores = np.round(pushed - faded, DIGITS)
        return Scored(self, rows, scores, away, faded, closest, repelling)


@dataclass(frozen=True)
class Scored:
    """The scores of ``rows`` ``(m,)``, ascending, and what they are made of."""

    likeness: Likeness
    rows: Rows
    scores: Scores
    away: Scores  # what the closest dislike took
    faded: Scores  # what lately having been shown took
    closest: Rows  # places in taste.liked
    repelling: Rows  # places in taste.disliked

    def told(self, page: Iterable[int | Surprise]) -> list[Entry]:
        """Each similar row and each surprise of a page, with why it is there."""
        items, taste, centre = self.likeness.items, self.likeness.taste, self.likeness.centre
        vectors = items.vectors[self.rows]
        others = items.vectors[taste.liked][self.closest] if centre is None else [centre] * len(vectors)
        parts = [_parts(a, b, items.widths) for a, b in zip(vectors, others, strict=True)]
        return [
            self._similar(each, parts) if isinstance(each, int) else self._surprising(each) for each in page
        ]

    def _similar(self, row: int, parts: Sequence[tuple[float, ...]]) -> Entry:
        at = int(np.searchsorted(self.rows, row))
        taste = self.likeness.taste
        like = int(taste.liked[self.closest[at]]) if len(self.closest) else None
        sunk = {"dislike": float(self.away[at]), "shown_lately": float(self.faded[at])}
        adjustments = {name: -amount for name, amount in sunk.items() if amount}
        dislike = int(taste.disliked[self.repelling[at]]) if self.away[at] else None
        why = {"strategy": self.likeness.strategy}
        return Entry(row, float(self.scores[at]), "similar", why, like, parts[at], adjustments, dislike)

    def _surprising(self, surprise: Surprise) -> Entry:
        score = float(self.scores[np.searchsorted(self.rows, surprise.row)])
        why = {"cluster": surprise.cluster, "probability": round(surprise.probability, 9)}
        return Entry(surprise.row, score, "explore", why)


def likeness(items: Items, taste: Taste, strategy: str) -> Likeness:
    """What items are compared with: the photograph, the mean of the likes, or each like, where they cancel
    out too."""
    if taste.photograph is not None:
        told = "photograph" if taste.near is None else "item"
        return Likeness(items, taste, taste.photograph, told)
    if strategy == STRATEGIES[0]:
        return Likeness(items, taste, None, strategy)
    centre = centroid(items.embeddings, taste.liked, items.widths)
    return Likeness(items, taste, centre, STRATEGIES[0] if centre is None else strategy)


def _in_groups(groups: NDArray[np.int32], named: Rows) -> Mask:
    """Which rows are of the group of one of the named ones: ``(n,)`` bool."""
    wanted = groups[named]
    wanted = wanted[wanted >= 0]
    return np.isin(groups, wanted) if len(wanted) else np.zeros(len(groups), np.bool_)


def _parts(a: Floats, b: Floats, widths: Iterable[int]) -> tuple[float, ...]:
    """What each part of ``widths`` gives to the product of two rows ``(width,)``."""
    products = a.astype(np.float64) * b.astype(np.float64)
    return tuple(float(products[i:j].sum()) for i, j in pairwise(np.cumsum((0, *widths)).tolist()))
