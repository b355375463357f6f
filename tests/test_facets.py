"""Counts are exact: each is what reading the rack row by row with that choice made finds."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shared.facets import BUCKETS, facets
from shared.filters import Filters, Mask
from shared.ranking import Rows
from tests.rack import catalogue, filters, oracle, racks

EVERYTHING = Filters(available_only=False)


def counted(rack: list[dict[str, Any]], wanted: Filters, barred: Collection[int] = ()) -> dict[str, Any]:
    """The facets of a rack of which some rows are never candidates."""

    def candidates(mask: Mask) -> Rows:
        return np.array([row for row in np.flatnonzero(mask).tolist() if row not in barred], np.intp)

    return facets(catalogue(rack), wanted, candidates)


@given(racks, filters, st.sets(st.integers(0, 11)))
def test_every_count_is_what_the_choice_would_leave(
    rack: list[dict[str, Any]], wanted: Filters, barred: set[int]
) -> None:
    found = counted(rack, wanted, barred)

    def left(**chosen: Any) -> list[dict[str, Any]]:
        choice = replace(wanted, **chosen)
        return [row for place, row in enumerate(rack) if place not in barred and oracle(row, choice)]

    for facet, column in (("sizes", "sizes"), ("categories", "category"), ("brands", "brand")):
        values = [each["value"] for each in found[facet]]
        assert len(set(values)) == len(values)
        for value, count in ((each["value"], each["count"]) for each in found[facet]):
            assert count == len(left(**{facet: (value,)})) > 0
        for row in left(**{facet: ()}):  # what can be chosen reaches every item that has anything to choose
            assert not row.get(column) or any(
                oracle(row, replace(EVERYTHING, **{facet: (v,)})) for v in values
            )
    shown = [row for row in left(available_only=False) if row["available"] is not False]
    hidden = [row for row in left(available_only=False) if row["available"] is False]
    both = [{"value": True, "count": len(shown)}, {"value": False, "count": len(hidden)}]
    assert found["available"] == [each for each in both if each["count"]]
    prices = sorted(r["price"] for r in left(min_price=None, max_price=None) if r["price"] is not None)
    buckets = found["price"]["buckets"]
    assert [found["price"][end] for end in ("min", "max")] == (
        [prices[0], prices[-1]] if prices else [None] * 2
    )
    assert [p for bucket in buckets for p in prices if bucket["min"] <= p <= bucket["max"]] == prices
    for bucket in buckets:
        assert bucket["count"] == len(left(min_price=bucket["min"], max_price=bucket["max"])) > 0


RACK: list[dict[str, Any]] = [
    {"price": 10, "currency": "EUR", "sizes": ["S", "small", "M"], "category": "coat", "brand": "Ada"},
    {"price": 20, "currency": "eur ", "sizes": ["m", "L"], "category": "Coat ", "brand": "Bo"},
    {"price": 30, "sizes": ["38"], "category": "dress", "brand": " Bo", "available": False},
    {"price": 40, "currency": "EUR", "sizes": ["uk 10"], "category": "dress", "brand": "bo"},
    {},
]


def values(*counts: tuple[Any, int]) -> list[dict[str, Any]]:
    return [{"value": value, "count": count} for value, count in counts]


def test_a_facet_leaves_out_its_own_filter_only() -> None:
    found = counted(RACK, Filters(max_price=30, sizes=("M",), available_only=False))
    assert found == {
        "price": {
            "currency": "EUR",
            "min": 10,
            "max": 20,
            "buckets": [{"min": 10, "max": 10, "count": 1}, {"min": 20, "max": 20, "count": 1}],
        },
        "sizes": values(("S", 1), ("M", 2), ("L", 1), ("EU 38", 1)),
        "categories": values(("coat", 2)),
        "brands": values(("Ada", 1), ("Bo", 1)),
        "available": values((True, 2)),
    }


def test_spellings_are_counted_as_one_value() -> None:
    found = counted(RACK, EVERYTHING)
    assert found["sizes"] == values(("S", 1), ("M", 2), ("L", 1), ("EU 38", 2))
    assert found["categories"] == values(("coat", 2), ("dress", 2))
    assert found["brands"] == values(("Bo", 3), ("Ada", 1))
    assert found["available"] == values((True, 4), (False, 1))


def test_a_blank_word_is_no_choice() -> None:
    found = counted([{"brand": " ", "category": "", "sizes": [" ", "S"]}], EVERYTHING)
    assert (found["brands"], found["categories"], found["sizes"]) == ([], [], values(("S", 1)))


def test_what_can_never_be_shown_is_not_counted() -> None:
    assert counted(RACK, EVERYTHING, {1, 2})["brands"] == values(("Ada", 1), ("Bo", 1))


def test_prices_of_two_currencies_are_of_none() -> None:
    assert counted([*RACK, {"price": 5, "currency": "USD"}], EVERYTHING)["price"]["currency"] is None
    assert counted([{"price": 5}], EVERYTHING)["price"]["currency"] is None
    assert counted([{"price": 5, "currency": "CHF"}, {}], EVERYTHING)["price"]["currency"] == "CHF"


def test_buckets_hold_about_as_many_items_each() -> None:
    random = np.random.default_rng(0)
    rack = [{"price": round(float(price), 2)} for price in random.lognormal(4, 1, 1000)]
    buckets = counted(rack, EVERYTHING)["price"]["buckets"]
    assert len(buckets) == BUCKETS
    assert all(abs(bucket["count"] - 1000 / BUCKETS) <= 5 for bucket in buckets)


def test_an_empty_catalogue_has_nothing_to_choose() -> None:
    nothing = {"currency": None, "min": None, "max": None, "buckets": []}
    lists: dict[str, Any] = {name: [] for name in ("sizes", "categories", "brands", "available")}
    assert counted([], EVERYTHING) == {"price": nothing, **lists}
