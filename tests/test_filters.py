"""Filtering is exact: what one reads off a catalogue row by row is what comes out."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.departments import Space
from shared.filters import NAMES, Filters, matching, relaxed
from shared.items import Items

SPACE = Space("womenswear", "test")


def catalogue(rows: list[dict[str, Any]]) -> Items:
    columns = {
        name: [row.get(name) for row in rows] for name in ("price", "sizes", "category", "brand", "available")
    }
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


@given(rows, filters, st.lists(st.sampled_from(NAMES), max_size=6))
def test_relaxing_drops_as_few_in_order_as_find_anything(
    rows: list[dict[str, Any]], wanted: Filters, order: list[str]
) -> None:
    items = catalogue(rows)
    found = relaxed(wanted, order, lambda filters: bool(matching(items, filters).any()))
    steps: list[tuple[Filters, tuple[str, ...]]] = [(wanted, ())]
    for name in order:
        last, dropped = steps[-1]
        if (looser := looser_by_hand(last, name)) != last:
            steps.append((looser, (*dropped, name)))
    enough = [step for step in steps if any(oracle(row, step[0]) for row in rows)]
    assert found == (enough or steps)[0]


@pytest.mark.parametrize(
    ("order", "dropped", "expected"),
    [
        (["sizes"], ["sizes"], [0]),
        (["brands", "sizes"], ["sizes"], [0]),  # no brand was asked for
        (["max_price", "sizes"], ["max_price"], [1]),
        (["min_price", "max_price"], ["min_price", "max_price"], [1]),
        (["min_price"], [], []),  # it would not help
        ([], [], []),
    ],
)
def test_relaxing_by_hand(order: list[str], dropped: list[str], expected: list[int]) -> None:
    wanted = Filters(min_price=5, max_price=15, sizes=("L",))
    filters, told = relaxed(wanted, order, lambda filters: bool(matching(SHELF, filters).any()))
    assert list(told) == dropped
    assert np.flatnonzero(matching(SHELF, filters)).tolist() == expected


def test_nothing_is_dropped_while_something_matches() -> None:
    assert relaxed(Filters(sizes=("L",)), NAMES, lambda filters: True) == (Filters(sizes=("L",)), ())


def looser_by_hand(filters: Filters, name: str) -> Filters:
    """The filters without one."""
    if name == "available":
        return replace(filters, available_only=False)
    return replace(filters, **{name: None if "price" in name else ()})  # type: ignore[arg-type]


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
