from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import NameRefused
from shared.facts import (
    FIELDS,
    Attributes,
    Picture,
    Source,
    check_fact,
    check_item_id,
    clock,
    generation_of,
    parse_clock,
    stored,
)
from tests.facts import axis, picture, priced, removed

moments = st.tuples(st.integers(0, 2**63), st.integers(0, 10**9), st.text(min_size=1, max_size=5))


@given(moments, moments)
def test_clocks_compare_as_strings(one: Any, other: Any) -> None:
    assert (clock(*one) < clock(*other)) == (one < other)


@given(moments)
def test_a_clock_says_when_and_where(moment: Any) -> None:
    assert parse_clock(clock(*moment)) == moment
    assert generation_of(clock(*moment)) == moment[0]


@pytest.mark.parametrize(
    "moment", [(-1, 0, "a"), (0, -1, "a"), (10**20, 0, "a"), (1, 10**10, "a"), (1, 1, "")]
)
def test_what_is_no_moment_has_no_clock(moment: Any) -> None:
    with pytest.raises(ValueError, match="expected a generation"):
        clock(*moment)


@pytest.mark.parametrize("text", ["", "1.2.a", clock(1, 2, "a")[:-1], clock(1, 2, "a")[1:]])
def test_what_is_no_clock_is_not_parsed(text: str) -> None:
    with pytest.raises(ValueError, match="expected a clock"):
        parse_clock(text)


@pytest.mark.parametrize("item_id", ["a", "a" * 200, "Größe 38", "a.b", "\U0001f9e5", "-", "..", ".hidden"])
def test_item_ids(item_id: str) -> None:
    assert check_item_id(item_id) == item_id


@pytest.mark.parametrize("item_id", ["", "a" * 201, "a/b", "a\nb", "a\0", "\x7f", "\x85", "\ud800"])
def test_what_is_no_item_id(item_id: str) -> None:
    with pytest.raises(NameRefused, match="expected an item id"):
        check_item_id(item_id)


def test_pictures_are_equal_by_content() -> None:
    assert picture("a", 1) == picture("a", 1)
    assert hash(picture("a", 1)) == hash(picture("a", 1))
    assert picture("a", 1, 0) != picture("a", 1, 1)
    assert picture("a", 1) != removed("a", 1)
    assert len({picture("a", 1), picture("a", 1), picture("a", 2)}) == 2


def test_values_as_they_are_kept() -> None:
    assert str(stored("price", -0.0)) == "0.0"
    assert isinstance(stored("price", 3), float)
    assert stored("sizes", ["S", "M"]) == ("S", "M")
    assert stored("title", "") == ""
    assert stored("price", None) is None


GOOD = {
    "price": [0, 12.5],
    "sizes": [(), ("S", "M"), ["S"]],
    "available": [True, False],
    **{name: ["", "text"] for name in set(FIELDS) - {"price", "sizes", "available"}},
}
BAD = {
    "price": ["12", True, float("nan"), float("inf")],
    "sizes": ["S", ("S", None), (1,)],
    "available": [1, "true"],
    **{name: [1, b"text", "\ud800", ("a",)] for name in set(FIELDS) - {"price", "sizes", "available"}},
}


@pytest.mark.parametrize("name", FIELDS)
def test_fields_have_types(name: str) -> None:
    for value in [*GOOD[name], None]:
        assert check_fact(priced("a", 1, **{name: value})).fields == {name: value}
    for value in BAD[name]:
        with pytest.raises(ValueError, match=f"{name}: expected"):
            check_fact(priced("a", 1, **{name: value}))


@pytest.mark.parametrize(
    "fact",
    [
        priced("a", 1, colour="red"),
        removed("a", 1, at=-1),
        Source("womenswear/a.csv", clock(1, 0, "womenswear/b.csv")),
        Attributes("a", "yesterday", {}),
        Picture("a", clock(1, 0, "w/a.jpg"), "v1", axis(0).astype(np.float32), None, 0.5),  # type: ignore[arg-type]
        Picture("a", clock(1, 0, "w/a.jpg"), "v1", np.array([np.nan], np.float16), None, 0.5),
        Picture("a", clock(1, 0, "w/a.jpg"), "v1", np.zeros(0, np.float16), None, 0.5),
        Picture("a", clock(1, 0, "w/a.jpg"), "", axis(0), None, 0.5),
        Picture("a", clock(1, 0, "w/a.jpg"), "v1", axis(0), None, 1.5),
        Picture("a", clock(1, 0, "w/a.jpg"), "v1", axis(0), None, float("nan")),
    ],
)
def test_what_is_no_fact(fact: Any) -> None:
    with pytest.raises(ValueError, match="expected"):
        check_fact(fact)
