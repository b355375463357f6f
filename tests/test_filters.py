"""Filtering is exact: what one reads off a catalogue row by row is what comes out."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.departments import Space
from shared.filters import Filters, matching
from shared.items import Items

SPACE = Space("womenswear", "test")


def catalogue(rows: list[dict[str, Any]]) -> Items:
    columns = {
        name: [row.get(name) for row in rows] for name in ("price", "sizes", "category", "brand", "available")
    }
    ids = [f"{number:03d}" for number in range(len(rows))]
    return Items.of(SPACE, ids, np.ones((len(rows), 1)), (1,), **columns)  # type: ignore[arg-type]


def oracle(row: dict[str, Any], wanted: Filters) -> bool:
    """Whether one row matches, read off word by word."""

    def has(words: tuple[str, ...], values: list[str]) -> bool:
        same = [(w, v) for w in words for v in values if w.strip().casefold() == v.strip().casefold()]
        return not words or bool(same)

    price = row.get("price")
    return (
        (wanted.min_price is None or (price is not None and price >= wanted.min_price))
        and (wanted.max_price is None or (price is not None and price <= wanted.max_price))
        and has(wanted.sizes, row.get("sizes") or [])
        and has(wanted.categories, [row["category"]] if row.get("category") else [])
        and has(wanted.brands, [row["brand"]] if row.get("brand") else [])
        and not (wanted.available_only and row.get("available") is False)
    )


SIZES = ["S", "s ", "M", " m", "L", "38", "ß", "SS"]
CATEGORIES = ["coat", "Coat", "dress", "İ", "straße"]
BRANDS = ["Ada", "ADA", "Bo", " bo "]
prices = st.none() | st.sampled_from([0.0, 1.0, 9.99, 10.0, 10.01, 1e12])
rows = st.lists(
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


@given(rows, filters)
def test_agrees_with_reading_row_by_row(rows: list[dict[str, Any]], wanted: Filters) -> None:
    assert matching(catalogue(rows), wanted).tolist() == [oracle(row, wanted) for row in rows]


SHELF = catalogue(
    [
        {"price": 10, "sizes": ["S", "M"], "category": "coat", "brand": "Ada"},
        {"price": 20, "sizes": ["L"], "category": "dress", "available": True},
        {"price": None, "sizes": None, "category": None, "brand": None},
        {"price": 15, "sizes": ["m "], "category": "COAT", "brand": "bo", "available": False},
    ]
)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filters(), [0, 1, 2]),
        (Filters(available_only=False), [0, 1, 2, 3]),
        (Filters(min_price=10, max_price=20), [0, 1]),
        (Filters(min_price=10.01), [1]),
        (Filters(max_price=0), []),
        (Filters(sizes=(" M",), available_only=False), [0, 3]),
        (Filters(sizes=("l", "s")), [0, 1]),
        (Filters(categories=("Coat",), available_only=False), [0, 3]),
        (Filters(brands=("ADA",)), [0]),
        (Filters(sizes=("L",), categories=("coat",)), []),
    ],
)
def test_each_filter_by_hand(wanted: Filters, expected: list[int]) -> None:
    assert np.flatnonzero(matching(SHELF, wanted)).tolist() == expected


def test_changes_nothing_in_the_catalogue() -> None:
    before = SHELF.available.tolist()
    matching(SHELF, Filters(max_price=0))
    assert SHELF.available.tolist() == before


def test_an_empty_catalogue_matches_nothing() -> None:
    assert matching(catalogue([]), Filters(sizes=("M",), min_price=1)).tolist() == []
