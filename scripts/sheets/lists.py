"""A few shoppers with tastes of their own, and what each would be shown, one step of the ranking after the
other. numpy only; pure functions."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from scripts.sheets.shop import Shop
from shared.exploration import Styles, clusters
from shared.filters import Filters, matching
from shared.items import Labels
from shared.likeness import Entry, Taste
from shared.page import Wish, similar_page
from shared.ranking import Rows, best_match, descending

LENGTH = 12
CLOSE = 10  # a shopper's next like of one taste is one of this many products closest to the first
NONE: Rows = np.zeros(0, np.intp)


@dataclass(frozen=True)
class Shopper:
    """What one shopper likes, rows of the shop, ascending; and the seed of the shopper's chance."""

    liked: Rows
    seed: int

    @property
    def taste(self) -> Taste:
        """These likes and nothing else."""
        return Taste(self.liked, NONE, NONE)


def shoppers(shop: Shop, count: int, seed: int) -> list[Shopper]:
    """``count`` shoppers who like what goes together: in turn three products of one taste, and two of each
    of two tastes.

    A taste is a product drawn from a category drawn before (all have their turn), and others among the ten
    products closest to it.
    """
    random = np.random.default_rng(seed)
    categories = shop.items.category.codes
    deck = np.tile(random.permutation(np.unique(categories)), 2 * count).tolist()
    found = []
    for number in range(count):
        tastes = (3,) if number % 2 == 0 else (2, 2)
        likes: list[int] = []
        for size in tastes:
            first = int(random.choice(np.flatnonzero(categories == deck.pop(0))))
            close = _others(shop, [*likes, first])[:CLOSE]
            likes += [first, *random.choice(close, size - 1, replace=False).tolist()]
        found.append(Shopper(np.unique(likes), int(random.integers(2**32))))
    return found


def _others(shop: Shop, likes: list[int]) -> Rows:
    """One item of every product that is not liked, those closest to the last like first."""
    ordered = descending(shop.items.vectors[:] @ shop.items.vectors[likes[-1]])
    products = shop.products[ordered]
    first = np.sort(np.unique(products, return_index=True)[1])
    return ordered[first[~np.isin(products[first], shop.products[likes])]]


def plain(shop: Shop, shopper: Shopper) -> list[Entry]:
    """The twelve items most similar to the likes, whatever else is on the list."""
    rows = np.setdiff1d(np.flatnonzero(matching(shop.items, Filters())), shopper.liked)
    scores, _ = best_match(shop.items.embeddings, rows, shopper.liked)
    return [Entry(int(rows[i]), float(scores[i]), "similar") for i in descending(scores)[:LENGTH]]


def drawn(shop: Shop, shopper: Shopper) -> list[Entry]:
    """Twelve items that chance gives: what a list that knows nothing of the shopper would be."""
    rows = np.setdiff1d(np.flatnonzero(matching(shop.items, Filters())), shopper.liked)
    chosen = np.random.default_rng(shopper.seed).choice(rows, LENGTH, replace=False)
    return [Entry(row, 0.0, "random") for row in chosen.tolist()]


def ranked(
    shop: Shop, shopper: Shopper, styles: Styles, diversity: float = 0, explore: float = 0
) -> list[Entry]:
    """The list that ``recommend`` gives."""
    threshold = shop.card.duplicate_threshold
    rows = shopper.taste.candidates(shop.items, matching(shop.items, Filters()), threshold)
    wish = Wish(LENGTH, explore, shopper.seed, diversity=diversity)
    return similar_page(shop.items, styles, rows, shopper.taste, wish, threshold)


def by_picture(shop: Shop, shopper: Shopper) -> list[Entry]:
    """The list if the shop told no ``group_id``: near-duplicates are told by their pictures alone."""
    untold = replace(shop.items, group_id=Labels.of([None] * len(shop.items)))
    return ranked(replace(shop, items=untold), shopper, clusters(untold.vectors))


#: One step after the other, by the name that sheets and tables give it.
STEPS: dict[str, Callable[[Shop, Shopper, Styles], list[Entry]]] = {
    "plain cosine": lambda shop, shopper, _: plain(shop, shopper),
    "duplicates removed": ranked,
    "diversity 0.5": lambda shop, shopper, styles: ranked(shop, shopper, styles, diversity=0.5),
    "diversity 1": lambda shop, shopper, styles: ranked(shop, shopper, styles, diversity=1),
    "exploration 0.2": lambda shop, shopper, styles: ranked(shop, shopper, styles, explore=0.2),
}


def steps(shop: Shop, shopper: Shopper) -> dict[str, list[Entry]]:
    """Every step's list for one shopper."""
    styles = clusters(shop.items.vectors)
    return {name: step(shop, shopper, styles) for name, step in STEPS.items()}


def repeated(shop: Shop, shopper: Shopper, entries: list[Entry]) -> list[bool]:
    """Which places of a list hold a near-duplicate of a like or of what stands above them."""
    above = shopper.liked.tolist()
    found = []
    for entry in entries:
        same = shop.products[above] == shop.products[entry.row]
        cosines = shop.items.vectors[above] @ shop.items.vectors[entry.row]
        found.append(bool((same | (cosines > shop.card.duplicate_threshold)).any()))
        above.append(entry.row)
    return found
