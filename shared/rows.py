"""One item of the catalogue as a row, and what a fact changes in it. numpy only.

A row maps columns to values; columns without a value are left out. Every part of a row keeps, of all
facts that named it, the one with the greatest clock, and of two with one clock the greater content. So
rows are a join semilattice: facts may come in any order and any number of times.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

import numpy as np

from shared.facts import FIELDS, Attributes, Fact, Picture, Removed, generation_of, parse_clock, stored

Row = dict[str, Any]

#: What a picture fact sets.
PICTURE = ("picture_clock", "vector", "predicted_category", "predicted_probability")


def merge(row: Row, facts: Iterable[Fact]) -> Row:
    """A row with the facts of its item joined in; ``row`` itself stays as it is."""
    merged = dict(row)
    for fact in facts:
        if isinstance(fact, Picture):
            _join_picture(merged, fact)
        elif isinstance(fact, Removed):
            _join_removed(merged, fact)
        elif isinstance(fact, Attributes):
            _join_attributes(merged, fact)
    return merged


def _join_picture(row: Row, fact: Picture) -> None:
    vector = np.ascontiguousarray(fact.vector, "<f2")
    new: Row = {
        "picture_clock": fact.clock,
        "vector": vector,
        "predicted_category": fact.category or None,
        "predicted_probability": float(fact.category_probability),
    }
    if "picture_clock" in row and _picture_rank(new) <= _picture_rank(row):
        return
    row.pop("predicted_category", None)
    row.update((column, value) for column, value in new.items() if value is not None)


def _picture_rank(row: Row) -> tuple[str, bytes, str, float]:
    category = row.get("predicted_category") or ""
    return row["picture_clock"], row["vector"].tobytes(), category, row["predicted_probability"]


def _join_removed(row: Row, fact: Removed) -> None:
    if (fact.clock, fact.at) > (row.get("removed_clock", ""), row.get("removed_at", -1)):
        row["removed_clock"], row["removed_at"] = fact.clock, fact.at


def _join_attributes(row: Row, fact: Attributes) -> None:
    for name, value in fact.fields.items():
        value = stored(name, value)
        column = f"{name}_clock"
        if (fact.clock, _rank(value)) <= (row.get(column, ""), _rank(row.get(name))):
            continue
        row[column] = fact.clock
        row.pop(name, None)
        if value is not None:
            row[name] = value
    if not is_table(parse_clock(fact.clock)[2]):
        row["metadata_clock"] = max(fact.clock, row.get("metadata_clock", ""))


def _rank(value: Any) -> str:
    return "" if value is None else json.dumps(value)


def is_table(source: str) -> bool:
    """Whether an object's name is that of a table of attributes rather than of a picture."""
    return source.lower().endswith(".csv")


def is_shown(picture: str | None, removed: str | None) -> bool:
    """Whether an item with these clocks has a picture newer than its removal."""
    if picture is None:
        return False
    return removed is None or generation_of(removed) < generation_of(picture)


def forget_removed(row: Row) -> Row:
    """A row without its removal, the picture that it hid, and what that picture's metadata said."""
    if "removed_clock" not in row:
        return dict(row)
    until = generation_of(row["removed_clock"])

    def gone(column: str) -> bool:
        clock = row.get(column)
        return clock is not None and not is_table(parse_clock(clock)[2]) and generation_of(clock) <= until

    dropped = {"removed_clock", "removed_at"}
    if gone("picture_clock"):
        dropped.update(PICTURE)
    if gone("metadata_clock"):
        dropped.add("metadata_clock")
    for name in FIELDS:
        if gone(f"{name}_clock"):
            dropped.update((name, f"{name}_clock"))
    return {column: value for column, value in row.items() if column not in dropped}


def without_picture(row: Row) -> Row:
    """A row as it is before any picture was embedded."""
    return {column: value for column, value in row.items() if column not in PICTURE}


def is_empty(row: Row) -> bool:
    """Whether a row says nothing but its id."""
    return row.keys() <= {"item_id"}


def digest(row: Row) -> int:
    """64 bits of BLAKE2b of a row's content."""
    content = {column: value for column, value in sorted(row.items()) if column != "vector"}
    hash = hashlib.blake2b(json.dumps(content).encode(), digest_size=8)
    if "vector" in row:
        hash.update(row["vector"].tobytes())
    return int.from_bytes(hash.digest(), "big")
