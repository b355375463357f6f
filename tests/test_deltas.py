from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.deltas import (
    delta_name,
    parse_delta_name,
    read_facts,
    read_ipc,
    vector_array,
    vector_rows,
    write_facts,
)
from shared.errors import FormatError, NameRefused
from shared.facts import Attributes, Picture, Source, clock
from tests.facts import axis, facts, image, picture, priced, removed

GOLDEN = Path(__file__).parent / "golden"
TABLE = "womenswear/prices.csv"
EVERY_KIND = [
    Attributes(
        "coat",
        clock(1700000000000000001, 2, TABLE),
        {
            "brand": "Ada",
            "title": "Größe \U0001f9e5",
            "price": 12.5,
            "currency": "EUR",
            "sizes": ("S", "M"),
            "category": "coats",
            "description": "",
            "group_id": "g1",
            "available": True,
            "url": "https://example.com/coat",
        },
    ),
    Attributes("dress", clock(1700000000000000001, 2, TABLE), {"price": None, "sizes": ()}),
    picture("coat", 1700000000000000002, 1),
    picture("dress", 1700000000000000003, 2, category=None, probability=0.25),
    removed("hat", 1700000000000000004, at=1700000000000000),
    Source(TABLE, clock(1700000000000000001, 2, TABLE)),
]


def test_every_past_format_is_read_for_ever() -> None:
    assert read_facts((GOLDEN / "delta-1.arrow").read_bytes()) == EVERY_KIND


def test_the_format_written_now_is_the_newest_golden_file() -> None:
    assert write_facts(EVERY_KIND) == (GOLDEN / "delta-1.arrow").read_bytes()


@given(st.lists(facts(), max_size=10))
def test_what_is_written_is_read(some: list[Any]) -> None:
    assert {*map(repr, read_facts(write_facts(some)))} == {*map(repr, map(kept, some))}


def kept(fact: Any) -> Any:
    """A fact as it comes back: named fields in their stored order and form."""
    (back,) = read_facts(write_facts([fact]))
    assert type(back) is type(fact)
    assert back.clock == fact.clock
    if isinstance(fact, Attributes):
        assert dict(back.fields) == dict(fact.fields)
    else:
        assert back == fact
    return back


def test_columns_without_values_are_left_out() -> None:
    table = read_ipc(write_facts([priced("a", 1, price=3.0)]), "delta", "delta", 1)
    assert table.column_names == ["fact", "item_id", "clock", "fields", "price"]


def test_a_field_that_is_cleared_is_not_one_that_is_not_named() -> None:
    (fact,) = read_facts(write_facts([priced("a", 1, price=None)]))
    assert fact.fields == {"price": None}


@pytest.mark.parametrize("fact", [priced("", 1, price=1.0), priced("a/b", 1), picture("a\n", 1)])
def test_what_can_not_be_stored_is_refused(fact: Any) -> None:
    with pytest.raises(NameRefused):
        write_facts([fact])


def test_vectors_of_two_widths_are_refused() -> None:
    wide = Picture("b", clock(1, 0, image("b")), "v1", np.ones(7, np.float16), None, 0.0)
    with pytest.raises(ValueError, match="one width"):
        write_facts([picture("a", 1), wide])


@pytest.mark.parametrize("data", [b"", b"not arrow", b"ARROW1\0\0" + b"\0" * 50])
def test_bytes_that_are_no_delta(data: bytes) -> None:
    with pytest.raises(FormatError, match="the-name: expected"):
        read_facts(data, "the-name")


def test_no_cut_of_a_delta_is_read_as_one() -> None:
    whole = write_facts(EVERY_KIND)
    for end in range(0, len(whole), 37):
        with pytest.raises(FormatError):
            read_facts(whole[:end])


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_flipped_byte_is_a_format_error_or_some_facts(place: int, change: int) -> None:
    """Whatever lies in the bucket, reading it never fails in another way."""
    data = bytearray(write_facts(EVERY_KIND))
    data[place % len(data)] ^= change
    try:
        found = read_facts(bytes(data))
    except FormatError:
        return
    assert isinstance(found, list)


@pytest.mark.parametrize(
    ("change", "found"),
    [({"format": "2"}, "format 2"), ({"stylekin": "snapshot"}, "snapshot of"), ({}, r"\? of format \?")],
)
def test_other_formats_are_named(change: dict[str, str], found: str) -> None:
    metadata = {"stylekin": "delta", "format": "1"} | change if change else {}
    sink = pa.BufferOutputStream()
    table = pa.table({"fact": pa.array([], pa.string())}).replace_schema_metadata(metadata)
    with pa.ipc.new_file(sink, table.schema) as file:
        file.write_table(table)
    with pytest.raises(FormatError, match=found):
        read_facts(sink.getvalue().to_pybytes())


def test_a_delta_has_one_name() -> None:
    at = clock(17, 3, "womenswear/a.jpg")
    name = delta_name(at, "picture", "v1.2")
    assert name == "00000000000000000017-0000000003-ff18edf810876365.picture.v1.2.arrow"
    parsed = parse_delta_name(f"womenswear/deltas/{name}")
    assert parsed == (17, 3, "ff18edf810876365", "picture", "v1.2")
    assert parse_delta_name(delta_name(at, "removed")) == (17, 3, "ff18edf810876365", "removed", None)
    assert delta_name(at, "attributes") != delta_name(clock(17, 3, "womenswear/b.jpg"), "attributes")


@pytest.mark.parametrize(
    "name", ["", "notes.txt", "17-3-ab.picture.v1.arrow", "x" + delta_name(clock(1, 1, "a"), "table")]
)
def test_other_names_are_no_deltas(name: str) -> None:
    assert parse_delta_name(name) is None


@pytest.mark.parametrize(("kind", "model"), [("picture", None), ("table", "v1"), ("rumour", None)])
def test_only_pictures_have_a_model(kind: str, model: str | None) -> None:
    with pytest.raises(ValueError, match="a model for pictures only"):
        delta_name(clock(1, 1, "a"), kind, model)


def test_vectors_go_in_and_out_of_arrow() -> None:
    column = pa.chunked_array([vector_array([axis(0), None], 4), vector_array([axis(3)], 4)])
    assert column.null_count == 1
    assert vector_rows(column).tolist() == [[1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]]
    assert vector_rows(column.slice(2)).tolist() == [[0, 0, 0, 1]]
    assert vector_rows(column.slice(0, 0)).shape == (0, 4)
