"""Filtering is exact: what one reads off a catalogue row by row is what comes out."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.filters import NAMES, Filters, matching, relaxed
from tests.rack import catalogue, filters, oracle, racks


@given(racks, filters)
def test_agrees_with_reading_row_by_row(rows: list[dict[str, Any]], wanted: Filters) -> None:
    assert matching(catalogue(rows), wanted).tolist() == [oracle(row, wanted) for row in rows]


@given(racks, filters, st.lists(st.sampled_from(NAMES), max_size=6))
def test_relaxing_drops_as_few_in_order_as_find_anything(
    rows: list[dict[str, Any]], wanted: Filters, order: list[str]
) -> None:
    items = catalogue(rows)
    *found, left = relaxed(wanted, order, lambda filters: np.flatnonzero(matching(items, filters)))
    steps: list[tuple[Filters, tuple[str, ...]]] = [(wanted, ())]
    for name in order:
        last, dropped = steps[-1]
        if (looser := looser_by_hand(last, name)) != last:
            steps.append((looser, (*dropped, name)))
    enough = [step for step in steps if any(oracle(row, step[0]) for row in rows)]
    assert tuple(found) == (enough or steps)[0]
    assert left.tolist() == [place for place, row in enumerate(rows) if oracle(row, found[0])]


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
    _, told, left = relaxed(wanted, order, lambda filters: np.flatnonzero(matching(SHELF, filters)))
    assert (list(told), left.tolist()) == (dropped, expected)


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
