"""How many items each choice of a filter would leave. numpy only; pure.

A facet counts the items that match all other filters, so that a choice shows what it would lead to. What it
counts are candidates: visible items but for those liked or disliked and their near-duplicates. Variants of
one product count one each, of which a page shows one.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.filters import Filters, Mask, matching
from shared.items import Items, Labels
from shared.offered import offered
from shared.ranking import Rows

BUCKETS = 5  # of prices, at most

#: The filters that each facet leaves out.
_OWN = {
    "price": ("min_price", "max_price"),
    "sizes": ("sizes",),
    "categories": ("categories",),
    "brands": ("brands",),
    "available": ("available",),
}


def facets(items: Items, filters: Filters, candidates: Callable[[Mask], Rows]) -> dict[str, Any]:
    """The counts of each facet as JSON types. ``candidates`` are those of a mask ``(n,)`` that may be shown.

    As a filter each value, spelled as it stands here, leaves as many candidates as its ``count``; a value
    that would leave none is not named. Sizes come in their order; a wanted 38 also counts dresses of EU 38.
    Categories and brands come with the largest count first. Of ``available``, false is what the shop said is
    not available: asking for false shows both.
    """
    left = {name: matching(items, filters.without(*own)) for name, own in _OWN.items()}
    allowed = np.zeros(len(items), np.bool_)
    allowed[candidates(np.logical_or.reduce(list(left.values())))] = True
    left = {name: mask & allowed for name, mask in left.items()}
    available = items.available[left["available"]]
    return {
        "price": _prices(items, left["price"]),
        "sizes": _values(offered(items).counts(left["sizes"])),
        "categories": _values(_words(items.category, left["categories"])),
        "brands": _values(_words(items.brand, left["brands"])),
        "available": _values([(value, int((available == value).sum())) for value in (True, False)]),
    }


def _values(counts: list[Any]) -> list[dict[str, Any]]:
    """As JSON types, but for what no item has and for blank words, which cannot be asked for."""
    return [{"value": value, "count": count} for value, count in counts if count and value != ""]


def _words(column: Labels, mask: Mask) -> list[tuple[str, int]]:
    """Each label as the first item of the catalogue that has it spells it, and how many in ``mask`` do."""
    codes = column.codes[mask]
    counts: dict[str, int] = {}
    spelling: dict[str, str] = {}
    found = np.bincount(codes[codes >= 0], minlength=len(column.names)).tolist()
    for name, count in zip(column.names, found, strict=True):
        word = spelling.setdefault(name.strip().casefold(), name.strip())
        counts[word] = counts.get(word, 0) + count
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def _prices(items: Items, mask: Mask) -> dict[str, Any]:
    """The range of the prices in ``mask``, and about as many items in each of a few parts of it.

    A bucket runs from its ``min`` to its ``max``, both prices that occur and both included. The currency is
    None if the shop names none for these items, or several.
    """
    mask = mask & ~np.isnan(items.price)
    codes = items.currency.codes[mask]
    currencies = {items.currency.names[code].strip().upper() for code in np.unique(codes[codes >= 0])}
    prices, counts = np.unique(items.price[mask], return_counts=True)
    return {
        "currency": currencies.pop() if len(currencies) == 1 else None,
        "min": float(prices[0]) if len(prices) else None,
        "max": float(prices[-1]) if len(prices) else None,
        "buckets": _buckets(prices, counts),
    }


def _buckets(prices: NDArray[np.float64], counts: NDArray[np.intp]) -> list[dict[str, Any]]:
    """Ascending ``prices`` and how often each occurs, cut where a fifth of all items more lies below."""
    before = np.cumsum(counts) - counts
    part = before * BUCKETS // max(int(counts.sum()), 1)
    return [
        {
            "min": float(prices[part == number][0]),
            "max": float(prices[part == number][-1]),
            "count": int(counts[part == number].sum()),
        }
        for number in np.unique(part)
    ]
