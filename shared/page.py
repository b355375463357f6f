"""One list of recommendations as rows of the catalogue: similar items with surprises among them, or a
diverse first page. numpy only; pure functions.

The beginning of a long list is the short list: what stands at a place hangs only on what stands before it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice

import numpy as np

from shared.diversity import Cap, Codes, Shelf, farthest, one_per_group, relevant_and_unlike
from shared.exploration import Styles, Surprise, draw, far, slots
from shared.items import Items, Labels
from shared.likeness import STRATEGIES, Entry, Taste, likeness
from shared.ranking import Rows, best_first

POOL = 1000  # a diverse list is chosen among this many items, ten times the longest page
UNLIKE = 0.5  # how much being unlike counts at diversity 1; beyond, what is like nothing beats what is liked
SAMPLE = 4096  # items that a first page is chosen among, if that many can fill it


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
    likely = likeness(items, taste, wish.strategy)
    ordered = best_first(likely.ceilings(rows), lambda places: likely.of(rows[places]).scores)
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
    return likely.of(np.sort(np.array(shelf.rows, np.intp))).told(page)


def _surprise(surprises: Iterator[Surprise], shelf: Shelf) -> Surprise | None:
    """The next surprise that the shelf lets in, put on it."""
    for surprise in surprises:
        if shelf.lets_in(surprise.row):
            shelf.add(surprise.row)
            return surprise
    return None


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
