"""One page of recommendations as rows of the catalogue: similar items with surprises among them, or a
diverse first page. numpy only; pure functions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from shared.diversity import Cap, Codes, farthest, one_per_group, relevant_and_unlike
from shared.exploration import Labels, Surprise, draw, slots, unseen
from shared.filters import Mask
from shared.items import Items
from shared.ranking import (
    DIGITS,
    Rows,
    Scores,
    best_match,
    centroid,
    close_to,
    descending,
    fade,
    push,
    towards,
)
from shared.vectors import Floats

POOL = 10  # a diverse page is chosen among this many times as many items
SAMPLE = 4096  # items that a first page is chosen among, if that many can fill it

STRATEGIES = ("best_match", "centroid")


@dataclass(frozen=True)
class Entry:
    """One place of the page: the item's row, its score, why it is there, and the closest like.

    ``parts`` are what each part of the embedding gives to the score, its weight times its cosine with
    the closest like or the mean of the likes, whichever the strategy compares with. ``adjustments`` are
    what else was added, by name; the two sum to the score. ``dislike`` is the one that pushed it away.
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
    """

    liked: Rows
    disliked: Rows
    shown: Rows
    lately: Rows = field(default_factory=lambda: np.zeros(0, np.intp))

    def times(self, items: Items, rows: Rows) -> Rows:
        """How often each of ``rows`` ``(m,)`` was shown lately: ``(m,)``."""
        times = np.zeros(len(items), np.intp)
        times[self.shown[: len(self.lately)]] = self.lately
        return times[rows]

    def candidates(self, items: Items, mask: Mask, threshold: float) -> Rows:
        """Rows of ``mask`` ``(n,)`` but for items liked or disliked and their near-duplicates."""
        named = np.union1d(self.liked, self.disliked)
        groups = items.group_id.codes
        mask = mask & ~(np.isin(groups, groups[named]) & (groups >= 0))
        mask[named] = False
        rows = np.flatnonzero(mask)
        return rows[~close_to(items.embeddings, rows, named, threshold)]


@dataclass(frozen=True)
class Wish:
    """How a page is wanted: its length, the share of surprises (0 to 1), where chance begins, what items
    are compared with (the like each is closest to, or the mean of the likes), and how much it counts that
    they are unlike each other (0 to 1). ``max_per`` caps how many there are of one ``group``, ``brand`` or
    ``category``; there is one of a group unless it says more."""

    limit: int
    explore: float
    seed: int
    strategy: str = STRATEGIES[0]
    diversity: float = 0
    max_per: Mapping[str, int] = field(default_factory=dict)

    def caps(self, items: Items) -> tuple[Codes, tuple[Cap, ...]]:
        """The groups of which a page takes one, ``(n,)``, and the caps on everything else.

        Labels are compared trimmed and without regard to case, as filters do; groups to the letter.
        """
        groups = items.group_id.codes
        more = self.max_per.get("group", 1) > 1
        caps = [(groups, self.max_per["group"])] if more else []
        for name, column in (("brand", items.brand), ("category", items.category)):
            if name in self.max_per:
                places: dict[str, int] = {}
                words = (word.strip().casefold() for word in column.names)
                folded = np.array([*(places.setdefault(word, len(places)) for word in words), -1], np.int32)
                caps.append((folded[column.codes], self.max_per[name]))
        return (np.full_like(groups, -1) if more else groups), tuple(caps)


def similar_page(
    items: Items, styles: Labels, rows: Rows, taste: Taste, wish: Wish, threshold: float
) -> list[Entry]:
    """Up to ``limit`` of ``rows``, most similar to the likes first, with surprises at seeded places.

    With ``diversity`` the best ten times ``limit`` are chosen from, each also for being unlike those above.

    The strategy ``centroid`` falls back to ``best_match`` where the likes cancel out. Dislikes push away,
    and what was shown lately sinks.

    ``styles`` ``(n,)`` are the style clusters of all items. A surprise is never an item that would have
    been on the page anyway; there are fewer of them if too few items lie in styles the shopper has not
    seen, and the page is no shorter for it. No two of a page are near-duplicates; it is shorter than
    ``limit`` only if every item left over is a near-duplicate of one on it, or one too many of its kind.
    """
    random = np.random.default_rng(wish.seed)
    vectors, (groups, caps) = items.vectors, wish.caps(items)
    alike, closest = best_match(items.embeddings, rows, taste.liked)
    centre = None
    if wish.strategy == "centroid":
        centre = centroid(items.embeddings, taste.liked, items.widths)
    if centre is not None:
        alike = towards(items.embeddings, rows, centre)
    away, repelling = push(items.embeddings, rows, taste.disliked)
    pushed: Scores = np.round(alike.astype(np.float64) - away, DIGITS)
    faded = fade(pushed, taste.times(items, rows))
    scores = np.round(pushed - faded, DIGITS)
    ordered = rows[descending(scores)]

    def select(limit: int, taken: Rows) -> Rows:
        if not wish.diversity:
            return one_per_group(vectors, groups, ordered, limit, threshold, taken, caps)
        pool = one_per_group(vectors, groups, ordered, POOL * wish.limit, threshold, taken)
        pool_scores = scores[np.searchsorted(rows, pool)]
        chosen = relevant_and_unlike(vectors, pool, pool_scores, limit, wish.diversity, taken, caps)
        rest, taken = limit - len(chosen), np.append(taken, chosen)
        return np.append(chosen, one_per_group(vectors, groups, ordered, rest, threshold, taken, caps))

    best = select(wish.limit, rows[:0])
    open_places = slots(len(best), wish.explore, random)
    sure = best[: len(best) - len(open_places)]
    eligible = unseen(styles, taste.liked, np.union1d(taste.shown, taste.disliked))
    surprises: list[Surprise] = []
    taken = sure
    for surprise in draw(styles, np.setdiff1d(rows, sure), eligible, random):
        if len(surprises) == len(open_places):
            break
        if len(one_per_group(vectors, groups, np.array([surprise.row]), 1, threshold, taken, caps)):
            surprises.append(surprise)
            taken = np.append(taken, surprise.row)
    drawn = taken[len(sure) :]
    similar = select(wish.limit - len(drawn), drawn) if len(drawn) else best

    def entry(row: int, surprise: Surprise | None = None) -> Entry:
        at = int(np.searchsorted(rows, row))
        score = float(scores[at])
        if surprise is None:
            like = int(taste.liked[closest[at]])
            strategy = {"strategy": STRATEGIES[0] if centre is None else wish.strategy}
            parts = _parts(vectors[row], vectors[like] if centre is None else centre, items.widths)
            sunk = {"dislike": float(away[at]), "shown_lately": float(faded[at])}
            adjustments = {name: -amount for name, amount in sunk.items() if amount}
            dislike = int(taste.disliked[repelling[at]]) if away[at] else None
            return Entry(row, score, "similar", strategy, like, parts, adjustments, dislike)
        why = {"cluster": surprise.cluster, "probability": round(surprise.probability, 9)}
        return Entry(row, score, "explore", why)

    page = [entry(row) for row in similar.tolist()]
    for place, surprise in zip(open_places.tolist(), surprises, strict=False):
        page.insert(place, entry(surprise.row, surprise))
    return page


def _parts(a: Floats, b: Floats, widths: Iterable[int]) -> tuple[float, ...]:
    """What each part of ``widths`` gives to the product of two rows ``(width,)``."""
    products = a.astype(np.float64) * b.astype(np.float64)
    return tuple(float(products[i:j].sum()) for i, j in pairwise(np.cumsum((0, *widths)).tolist()))


def first_page(items: Items, rows: Rows, taste: Taste, wish: Wish, threshold: float) -> list[Entry]:
    """Up to ``limit`` of ``rows`` as unlike each other as can be: each the farthest from those before it.

    It begins with an item drawn by the seed. What was shown lately comes after all else, the most often
    shown last. Empty only if ``rows`` is.
    """
    if not len(rows):
        return []
    random = np.random.default_rng(wish.seed)
    vectors, (groups, caps) = items.vectors, wish.caps(items)
    times = taste.times(items, rows)
    fresh = rows[times == times.min()]
    pool = fresh if len(fresh) <= SAMPLE else np.sort(random.choice(fresh, SAMPLE, replace=False))
    first = int(random.integers(len(pool)))
    chosen, cosines = farthest(vectors, groups, pool, first, wish.limit, threshold, caps)
    page = []
    for row, cosine in zip(chosen.tolist(), cosines.tolist(), strict=True):
        why = {"reason": "no likes yet: far from what stands before it", "nearest": round(cosine, 6)}
        page.append(Entry(row, 0.0, "diverse", why))
    rows = rows[np.argsort(times, kind="stable")]
    rest = one_per_group(vectors, groups, rows, wish.limit - len(page), threshold, chosen, caps)
    why = {"reason": "no likes yet: unlike what stands before it"}
    return page + [Entry(row, 0.0, "diverse", why) for row in rest.tolist()]
