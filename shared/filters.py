"""Which items a shopper may be shown: price, sizes, categories, brands, availability. numpy only; pure.

Filtering is exact and comes before scoring, so nothing that matches is ever missed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.items import Items
from shared.offered import offered
from shared.ranking import Rows

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Filters:
    """What an item must be. None, and an empty tuple, ask for nothing.

    Prices are inclusive, in the shop's currency; an item without a price does not match a price filter.
    An item matches ``sizes`` if it is offered in any of them, whatever the shop calls it: see
    ``shared.sizes``. It matches ``categories`` and ``brands`` if its own is among them; words are compared
    trimmed and without regard to case. ``available_only`` leaves out what the shop said is not available.
    """

    min_price: float | None = None
    max_price: float | None = None
    sizes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    available_only: bool = True

    def without(self, *names: str) -> "Filters":
        """These filters but for the named ones, which are of ``NAMES``."""
        nothing = {field: value for name in names for field, value in _NOTHING[name].items()}
        return replace(self, **nothing)


_NOTHING: Mapping[str, Mapping[str, Any]] = {
    "min_price": {"min_price": None},
    "max_price": {"max_price": None},
    "sizes": {"sizes": ()},
    "categories": {"categories": ()},
    "brands": {"brands": ()},
    "available": {"available_only": False},
}
#: The filters as a request names them.
NAMES = tuple(_NOTHING)


def matching(items: Items, filters: Filters) -> Mask:
    """Which of the items match every filter: ``(n,)`` bool."""
    mask = items.available.copy() if filters.available_only else np.ones(len(items), np.bool_)
    if filters.min_price is not None:
        mask &= items.price >= filters.min_price  # false for NaN, which stands for no price
    if filters.max_price is not None:
        mask &= items.price <= filters.max_price
    if filters.sizes:
        mask &= offered(items).among(filters.sizes)
    for column, wanted in ((items.category, filters.categories), (items.brand, filters.brands)):
        if wanted:
            mask &= column.among(_spellings(column.names, wanted))
    return mask


def relaxed(
    filters: Filters, order: Iterable[str], candidates: Callable[[Filters], Rows]
) -> tuple[Filters, tuple[str, ...], Rows]:
    """The filters, without as many of ``order`` as must go until there are ``candidates``, those, and these.

    They go one after the other and stay away; one that asks for nothing is passed over. If there are none
    even without all of them, none is dropped.
    """
    rows = candidates(filters)
    looser, dropped = filters, list[str]()
    for name in () if len(rows) else order:
        before, looser = looser, looser.without(name)
        if looser != before:
            dropped.append(name)
            if len(found := candidates(looser)):
                return looser, tuple(dropped), found
    return filters, (), rows


def _spellings(names: Iterable[str], wanted: Iterable[str]) -> set[str]:
    """Those of a column's names that are one of the wanted words but for case and outer spaces."""
    words = {word.strip().casefold() for word in wanted}
    return {name for name in names if name.strip().casefold() in words}
