"""Which items a shopper may be shown: price, sizes, categories, brands, availability. numpy only; pure.

Filtering is exact and comes before scoring, so nothing that matches is ever missed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.items import Items

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Filters:
    """What an item must be. None, and an empty tuple, ask for nothing.

    Prices are inclusive, in the shop's currency; an item without a price does not match a price filter.
    An item matches ``sizes`` if it is offered in any of them; it matches ``categories`` and ``brands``
    if its own is among them. Words are compared trimmed and without regard to case. ``available_only``
    leaves out what the shop said is not available.
    """

    min_price: float | None = None
    max_price: float | None = None
    sizes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    available_only: bool = True


def matching(items: Items, filters: Filters) -> Mask:
    """Which of the items match every filter: ``(n,)`` bool."""
    mask = items.available.copy() if filters.available_only else np.ones(len(items), np.bool_)
    if filters.min_price is not None:
        mask &= items.price >= filters.min_price  # false for NaN, which stands for no price
    if filters.max_price is not None:
        mask &= items.price <= filters.max_price
    for column, wanted in (
        (items.sizes, filters.sizes),
        (items.category, filters.categories),
        (items.brand, filters.brands),
    ):
        if wanted:
            mask &= column.among(_spellings(column.names, wanted))
    return mask


def _spellings(names: Iterable[str], wanted: Iterable[str]) -> set[str]:
    """Those of a column's names that are one of the wanted words but for case and outer spaces."""
    words = {word.strip().casefold() for word in wanted}
    return {name for name in names if name.strip().casefold() in words}
