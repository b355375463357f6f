"""One list of recommendations as rows of the catalogue: similar items with surprises among them, or a
diverse first page. numpy only; pure functions.

The beginning of a long list is the short list: what stands at a place hangs only on what stands before it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise

import numpy as np

from shared.codes import Bounds, codes
from shared.diversity import Cap, Codes, Shelf, farthest, one_per_group, relevant_and_unlike
from shared.exploration import Styles, Surprise, draw, far, slots
from shared.filters import Mask
from shared.items import Items, Labels
from shared.ranking import (
    DIGITS,
    DISLIKE,
    Rows,
    Scores,
    best_first,
    best_match,
    centroid,
    close_to,
    fade,
    push,
    towards,
)
from shared.vectors import Floats

POOL = 1000  # a diverse list is chosen among this many items, ten times the longest page
UNLIKE = 0.5  # how much being unlike counts at diversity 1; beyond, what is like nothing beats what is liked
SAMPLE = 4096  # items that a first page is chosen among, if that many can fill it

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
    A ``photograph`` ``(width,)`` of the items' space is compared with instead of the likes.
    """

    liked: Rows
    disliked: Rows
    shown: Rows
    lately: Rows = field(default_factory=lambda: np.zeros(0, np.intp))
    photograph: Floats | None = None
    _bounds: dict[Items, list[Bounds | None]] = field(default_factory=dict, repr=False, compare=False)

    def bounds(self, items: Items) -> list[Bounds | None]:
        """How close each item is to its closest like, to its closest dislike and to the photograph, None if
        there is none; one scan, made when first asked for."""
        if items not in self._bounds:
            named = items.vectors[self.liked], items.vectors[self.disliked]
            photograph = named[0][:0] if self.photograph is None else self.photograph[None]
            self._bounds[items] = codes(items).bounds(*named, photograph)
        return self._bounds[items]

    def times(self, items: Items) -> Rows:
        """How often each item was shown lately: ``(n,)``."""
        times = np.zeros(len(items), np.intp)
        times[self.shown[: len(self.lately)]] = self.lately
        return times

    def exposure(self, items: Items) -> Rows:
        """How often each item was seen: ``(n,)``, 0 for never, 1 for once that is two hours ago."""
        exposure = self.times(items)
        exposure[self.shown] = np.maximum(exposure[self.shown], 1)
        return exposure

    def candidates(self, items: Items, mask: Mask, threshold: float) -> Rows:
        """Rows of ``mask`` ``(n,)`` but for items liked or disliked and their near-duplicates."""
        named = np.union1d(self.liked, self.disliked)
        groups = items.group_id.codes
        mask = mask & ~(np.isin(groups, groups[named]) & (groups >= 0))
        mask[named] = False
        rows = np.flatnonzero(mask)
        near = np.zeros(len(rows), np.bool_)
        for bounds in self.bounds(items)[:2]:
            if bounds is not None:
                near |= bounds.ceilings[rows] > threshold
        near[near] = close_to(items.embeddings, rows[near], named, threshold)
        return rows[~near]


@dataclass(frozen=True)
class Wish:
    """How a list is wanted: its length, the share of surprises (0 to 1), where chance begins, what items
    are compared with (the like each is closest to, or the mean of the likes), and how much it counts that
    they are unlike each other (0 to 1). ``max_per`` caps how many there are of one ``group``, ``brand`` or
    ``category``; there is one of a group unless it says more."""

    limit: int
    explore: float
    seed: int
    strategy: str = STRATEGIES[0]
    diversity: float = 0
    max_per: Mapping[str, int] = field(default_factory=dict)

    def shelf(self, items: Items, threshold: float) -> Shelf:
        """An empty shelf for such a list.

        Labels are compared trimmed and without regard to case, as filters do; groups to the letter.
        """
        groups = items.group_id.codes
        more = self.max_per.get("group", 1) > 1
        caps: list[Cap] = [(groups, self.max_per["group"])] if more else []
        for name, column in (("brand", items.brand), ("category", items.category)):
            if name in self.max_per:
                caps.append((_folded(column), self.max_per[name]))
        one = np.full_like(groups, -1) if more else groups
        return Shelf(items.vectors, one, threshold, caps, self.limit)


def similar_page(
    items: Items, styles: Styles, rows: Rows, taste: Taste, wish: Wish, threshold: float
) -> list[Entry]:
    """Up to ``limit`` of ``rows``, most similar to the likes or the photograph first, with surprises at
    seeded places.

    With ``diversity`` the best 1000 are chosen from, each also for being unlike those above it. The strategy
    ``centroid`` falls back to ``best_match`` where the likes cancel out. Dislikes push away, and what was
    shown lately sinks. A surprise is of a style far from what the list is compared with; where no such item
    is left, a similar one takes its place. No two of a list are near-duplicates; it is shorter than
    ``limit`` only if every item left over is a near-duplicate of one on it, or one too many of its kind.
    """
    random = np.random.default_rng(wish.seed)
    likeness = _likeness(items, taste, wish.strategy)
    ordered = best_first(likeness.ceilings(rows), lambda places: likeness.of(rows[places]).scores)
    best = ((int(rows[place]), score) for place, score in ordered)
    shelf = wish.shelf(items, threshold)
    pool = [*islice(best, POOL)] if wish.diversity else []
    similar = one_per_group(shelf, chain((row for row, _ in pool), (row for row, _ in best)))
    if pool:
        top, scores = np.array([row for row, _ in pool], np.intp), np.array([score for _, score in pool])
        similar = chain(relevant_and_unlike(shelf, top, scores, UNLIKE * wish.diversity), similar)
    open_places = frozenset(slots(wish.limit, wish.explore, random).tolist())
    compared = items.vectors[taste.liked] if taste.photograph is None else taste.photograph[None]
    eligible = far(styles, rows, compared, np.union1d(taste.liked, taste.disliked))
    surprises = draw(styles.labels, rows, eligible, taste.exposure(items), random)
    page: list[int | Surprise] = []
    for place in range(wish.limit):
        surprise = _surprise(surprises, shelf) if place in open_places else None
        if surprise is not None:
            page.append(surprise)
        elif (row := next(similar, None)) is not None:
            page.append(row)
    return likeness.of(np.sort(np.array(shelf.rows, np.intp))).told(page)


def _surprise(surprises: Iterator[Surprise], shelf: Shelf) -> Surprise | None:
    """The next surprise that the shelf lets in, put on it."""
    for surprise in surprises:
        if shelf.lets_in(surprise.row):
            shelf.add(surprise.row)
            return surprise
    return None


@dataclass(frozen=True)
class _Likeness:
    """What items are scored by: the likes, or one ``centre`` ``(width,)``, and what pushes them away."""

    items: Items
    taste: Taste
    centre: Floats | None  # what all are compared with; None is the closest like of each
    strategy: str

    def ceilings(self, rows: Rows) -> Scores:
        """What the score of each of ``rows`` ``(m,)`` is at most; having been shown only lowers it."""
        liked, disliked, alike = self.taste.bounds(self.items)
        if self.centre is None:
            alike = liked
        elif alike is None:
            alike = codes(self.items).bounds(self.centre[None])[0]
        assert alike is not None
        most = alike.ceilings[rows].astype(np.float64)
        return most if disliked is None else most - DISLIKE * np.maximum(disliked.floors[rows], 0)

    def of(self, rows: Rows) -> "_Scored":
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
        return _Scored(self, rows, scores, away, faded, closest, repelling)


@dataclass(frozen=True)
class _Scored:
    """The scores of ``rows`` ``(m,)``, ascending, and what they are made of."""

    likeness: _Likeness
    rows: Rows
    scores: Scores
    away: Scores  # what the closest dislike took
    faded: Scores  # what lately having been shown took
    closest: Rows  # places in taste.liked
    repelling: Rows  # places in taste.disliked

    def told(self, page: Iterable[int | Surprise]) -> list[Entry]:
        """Each similar row and each surprise of a page, with why it is there."""
        return [self._similar(each) if isinstance(each, int) else self._surprising(each) for each in page]

    def _similar(self, row: int) -> Entry:
        at = int(np.searchsorted(self.rows, row))
        items, taste, other = self.likeness.items, self.likeness.taste, self.likeness.centre
        like = int(taste.liked[self.closest[at]]) if len(self.closest) else None
        if other is None:
            other = items.vectors[like]
        parts = _parts(items.vectors[row], other, items.widths)
        sunk = {"dislike": float(self.away[at]), "shown_lately": float(self.faded[at])}
        adjustments = {name: -amount for name, amount in sunk.items() if amount}
        dislike = int(taste.disliked[self.repelling[at]]) if self.away[at] else None
        why = {"strategy": self.likeness.strategy}
        return Entry(row, float(self.scores[at]), "similar", why, like, parts, adjustments, dislike)

    def _surprising(self, surprise: Surprise) -> Entry:
        score = float(self.scores[np.searchsorted(self.rows, surprise.row)])
        why = {"cluster": surprise.cluster, "probability": round(surprise.probability, 9)}
        return Entry(surprise.row, score, "explore", why)


def _likeness(items: Items, taste: Taste, strategy: str) -> _Likeness:
    if taste.photograph is not None:
        return _Likeness(items, taste, taste.photograph, "photograph")
    if strategy == STRATEGIES[0]:
        return _Likeness(items, taste, None, strategy)
    centre = centroid(items.embeddings, taste.liked, items.widths)
    return _Likeness(items, taste, centre, STRATEGIES[0] if centre is None else strategy)


def _parts(a: Floats, b: Floats, widths: Iterable[int]) -> tuple[float, ...]:
    """What each part of ``widths`` gives to the product of two rows ``(width,)``."""
    products = a.astype(np.float64) * b.astype(np.float64)
    return tuple(float(products[i:j].sum()) for i, j in pairwise(np.cumsum((0, *widths)).tolist()))


def first_page(items: Items, rows: Rows, taste: Taste, wish: Wish, threshold: float) -> list[Entry]:
    """Up to ``limit`` of ``rows`` as unlike each other as can be: each the farthest from those before it,
    of a category that stands there least often.

    It begins with an item drawn by the seed. What was shown lately comes after all else, the most often
    shown last. Empty only if ``rows`` is.
    """
    if not len(rows):
        return []
    random = np.random.default_rng(wish.seed)
    times = taste.times(items)[rows]
    fresh = rows[times == times.min()]
    pool = fresh if len(fresh) <= SAMPLE else np.sort(random.choice(fresh, SAMPLE, replace=False))
    shelf = wish.shelf(items, threshold)
    chosen = farthest(shelf, pool, int(random.integers(len(pool))), _folded(items.category))
    page = []
    for row, cosine in islice(chosen, wish.limit):
        why = {"reason": "no likes yet: far from what stands before it", "nearest": round(cosine, 6)}
        page.append(Entry(row, 0.0, "diverse", why))
    rest = one_per_group(shelf, rows[np.argsort(times, kind="stable")])
    why = {"reason": "no likes yet: unlike what stands before it"}
    return page + [Entry(row, 0.0, "diverse", why) for row in islice(rest, wish.limit - len(page))]


def _folded(column: Labels) -> Codes:
    """The column's codes ``(n,)``, one for all spellings of a word that differ in case and outer spaces."""
    places: dict[str, int] = {}
    words = (word.strip().casefold() for word in column.names)
    folded = np.array([*(places.setdefault(word, len(places)) for word in words), -1], np.int32)
    return np.asarray(folded[column.codes], np.int32)
