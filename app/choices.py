"""What a shopper chose to see: filters and knobs, as they stand in the page's address. Pure functions.

``?department=womenswear&max_price=80&size=M&size=L&category=dress&surprise=0.3`` is a view that can be
shared. Nothing in it says whose it is.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.client import Facets, Filters

DEPARTMENTS = ("womenswear", "menswear")
LIMIT = 12  # items of one page
MOST = 100  # values of one filter, and
LONGEST = 200  # characters of one, as docs/openapi.yaml has them
DIVERSITY, SURPRISE = 0.2, 0.1  # where the knobs stand at first, 0 to 1
FILTERS = {"price": "price", "sizes": "size", "categories": "category", "brands": "brand"}  # and in words


@dataclass(frozen=True)
class Choices:
    """A view. Prices are in the shop's currency; an empty tuple is any."""

    department: str | None = None
    min_price: float | None = None
    max_price: float | None = None
    sizes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    diversity: float = DIVERSITY
    surprise: float = SURPRISE

    def narrowed(self) -> list[str]:
        """Names of the filters in force, of FILTERS."""
        priced = self.min_price is not None or self.max_price is not None
        in_force = (priced, bool(self.sizes), bool(self.categories), bool(self.brands))
        return [name for name, on in zip(FILTERS, in_force, strict=True) if on]

    def without(self, name: str) -> "Choices":
        """The same without one of FILTERS."""
        if name == "price":
            return replace(self, min_price=None, max_price=None)
        return self.having(name, ())

    def having(self, name: str, value: object) -> "Choices":
        """The same with another value of one field."""
        changed: dict[str, Any] = {name: value}
        return replace(self, **changed)

    def plain(self) -> "Choices":
        """The same department without filters, the knobs as they are."""
        return Choices(self.department, diversity=self.diversity, surprise=self.surprise)

    def request(self) -> dict[str, Any]:
        """What ``recommend`` is asked with; filters that are off ask for nothing, whatever the profile
        prefers, so that the page does what its controls show."""
        filters: Filters = {
            "min_price": self.min_price,
            "max_price": self.max_price,
            "sizes": list(self.sizes),
            "categories": list(self.categories),
            "brands": list(self.brands),
        }
        return {
            "department": self.department,
            "filters": filters,
            "diversity": self.diversity,
            "explore": self.surprise,
            "limit": LIMIT,
        }


def read(address: Mapping[str, Sequence[str]]) -> Choices:
    """The choices an address stands for; what is not understood is as if it were not there."""
    departments = [value for value in address.get("department", ()) if value in DEPARTMENTS]
    low, high = (_number(address.get(name, ()), 1e12) for name in ("min_price", "max_price"))
    if low is not None and high is not None and low > high:
        low, high = high, low
    diversity, surprise = (_number(address.get(name, ()), 1) for name in ("diversity", "surprise"))
    return Choices(
        departments[0] if departments else None,
        low,
        high,
        _words(address.get("size", ())),
        _words(address.get("category", ())),
        _words(address.get("brand", ())),
        diversity=DIVERSITY if diversity is None else diversity,
        surprise=SURPRISE if surprise is None else surprise,
    )


def write(choices: Choices) -> dict[str, list[str]]:
    """The address of a view, without what is as at first; ``read`` gives the same choices back."""
    address = {
        "department": [choices.department] if choices.department else [],
        "min_price": _text(choices.min_price),
        "max_price": _text(choices.max_price),
        "size": list(choices.sizes),
        "category": list(choices.categories),
        "brand": list(choices.brands),
        "diversity": [] if choices.diversity == DIVERSITY else _text(choices.diversity),
        "surprise": [] if choices.surprise == SURPRISE else _text(choices.surprise),
    }
    return {name: values for name, values in address.items() if values}


def to_drop(choices: Choices, facets: Facets | None) -> list[tuple[str, int | None]]:
    """Filters of which one alone may be dropped so that something matches, and how many items then do;
    None where items count in several choices. From the facets of the empty answer: each counts with all
    other filters in force."""
    if facets is None:
        return []
    counts: dict[str, int | None] = {
        "price": sum(bucket.count for bucket in facets.price.buckets),
        "sizes": None if facets.sizes else 0,
        "categories": sum(one.count for one in facets.categories),
        "brands": sum(one.count for one in facets.brands),
    }
    return [(name, counts[name]) for name in choices.narrowed() if counts[name] != 0]


def _number(values: Sequence[str], most: float) -> float | None:
    try:
        value = float(values[0])
    except (IndexError, ValueError):
        return None
    return value if math.isfinite(value) and 0 <= value <= most else None


def _words(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if 0 < len(value) <= LONGEST))[:MOST]


def _text(value: float | None) -> list[str]:
    return [] if value is None else [f"{value:.12g}"]
