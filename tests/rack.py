"""A rack of items as dicts, random or not, and what reading it row by row finds: no code of the product."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from shared.departments import Space
from shared.filters import Filters
from shared.items import Items

SPACE = Space("womenswear", "test")


def catalogue(rows: list[dict[str, Any]]) -> Items:
    names = ("price", "currency", "sizes", "category", "brand", "available")
    columns = {name: [row.get(name) for row in rows] for name in names}
    ids = [f"{number:03d}" for number in range(len(rows))]
    return Items.of(SPACE, ids, np.ones((len(rows), 1)), (1,), **columns)  # type: ignore[arg-type]


#: What each label of a size means on a dress, a pair of shoes, a pair of jeans and a hat, by hand.
MEANINGS = {
    "S": ("S", "S", "S", "S"),
    "small ": ("S", "S", "S", "S"),
    " m": ("M", "M", "M", "M"),
    "38": ("EU 38", "EU 38", "EU 38", "38"),
    "EU38": ("EU 38", "EU 38", "EU 38", "EU 38"),
    "uk 10": ("EU 38", "EU 43", "EU 38", "UK 10"),
    "US 6": ("EU 38", "EU 37", "EU 38", "US 6"),
    "10": ("10", "10", "10", "10"),
    "28": ("28", "28", "W28", "28"),
    "28/32": ("28/32", "28/32", "W28 L32", "28/32"),
    "W28": ("W28", "w28", "W28", "W28"),
    "W28 L32": ("W28 L32", "w28 l32", "W28 L32", "W28 L32"),
    "M": ("M", "M", "M", "M"),
    "EU 38": ("EU 38", "EU 38", "EU 38", "EU 38"),
    "EU 37": ("EU 37", "EU 37", "EU 37", "EU 37"),
    "EU 43": ("EU 43", "EU 43", "EU 43", "EU 43"),
    "UK 10": ("EU 38", "EU 43", "EU 38", "UK 10"),
    "ß": ("ss", "ss", "ss", "ss"),
    "SS": ("ss", "ss", "ss", "ss"),
}
KINDS = {"dress": 0, "Dress ": 0, "Shoes": 1, "jeans": 2, "Hat": 3, "straße": 3, None: 3}


def meant(label: str, row: dict[str, Any]) -> str:
    """What a size means on the row's item, by hand."""
    return MEANINGS.get(label, (label.strip().casefold(),) * 4)[KINDS[row.get("category")]]


def oracle(row: dict[str, Any], wanted: Filters) -> bool:
    """Whether one row matches, read off word by word."""

    def has(words: tuple[str, ...], values: list[str]) -> bool:
        same = [(w, v) for w in words for v in values if w.strip().casefold() == v.strip().casefold()]
        return not words or bool(same)

    offered = [meant(size, row) for size in row.get("sizes") or []]
    offered += ["W28"] * ("W28 L32" in offered)
    price = row.get("price")
    return (
        (wanted.min_price is None or (price is not None and price >= wanted.min_price))
        and (wanted.max_price is None or (price is not None and price <= wanted.max_price))
        and (not wanted.sizes or any(meant(size, row) in offered for size in wanted.sizes))
        and has(wanted.categories, [row["category"]] if row.get("category") else [])
        and has(wanted.brands, [row["brand"]] if row.get("brand") else [])
        and not (wanted.available_only and row.get("available") is False)
    )


SIZES = list(MEANINGS)
CATEGORIES = [category for category in KINDS if category]
BRANDS = ["Ada", "ADA", "Bo", " bo "]
prices = st.none() | st.sampled_from([0.0, 1.0, 9.99, 10.0, 10.01, 1e12])
racks = st.lists(
    st.fixed_dictionaries(
        {
            "price": prices,
            "sizes": st.none() | st.lists(st.sampled_from(SIZES), max_size=3),
            "category": st.none() | st.sampled_from(CATEGORIES),
            "brand": st.none() | st.sampled_from(BRANDS),
            "available": st.sampled_from([None, True, False]),
        }
    ),
    max_size=12,
)


def words(known: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from([*known, "nothing", " STRASSE "]), max_size=3).map(tuple)


filters = st.builds(
    Filters, prices, prices, words(SIZES), words(CATEGORIES), words(BRANDS), available_only=st.booleans()
)
