"""An item as a document of an engine: its row as bytes, and the labels by which the engine can look for it.

A label says one thing of an item, so that one index finds by any of them: ``category:dress``, ``brand:ada``,
``size:clothing:EU 38``, ``price:6`` for 32 to 64, and ``all``. Those of an item that the shop said is not
available begin with ``!``. numpy and msgspec.
"""

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from shared.errors import FormatError
from shared.facts import FIELDS, Attributes, Fact, Picture, Removed
from shared.items import Items
from shared.offered import offered
from shared.rows import Row
from shared.sizes import KINDS, names

if TYPE_CHECKING:
    from shared.filters import Filters

FORMAT = 1
ALL = "all"
BANDS = 24  # of prices; each is twice as wide as the one before it
LONGEST = 300  # characters of a label; Firestore indexes 1,500 bytes
ASKED = 30  # labels that one query may ask for: what Firestore takes


def write_row(row: Row) -> bytes:
    """A row as MessagePack; ``read_row`` gives it back."""
    values = {name: value.tobytes() if name == "vector" else value for name, value in row.items()}
    return msgspec.msgpack.encode({"format": FORMAT, **values})


def read_row(data: bytes) -> Row:
    """The row that ``write_row`` wrote. Raises FormatError."""
    try:
        row: dict[str, Any] = msgspec.msgpack.decode(data)
        found = row.pop("format")
        if found != FORMAT:
            raise ValueError(f"format {found!r}")
        if "vector" in row:
            row["vector"] = np.frombuffer(row["vector"], "<f2")
        if "sizes" in row:
            row["sizes"] = tuple(row["sizes"])
        return row
    except (msgspec.MsgspecError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise FormatError(f"expected a row of format {FORMAT}, found: {error}") from error


def facts_of(row: Row, model: str) -> Iterator[Fact]:
    """Facts that come to ``row`` when they are merged. ``model`` is the version of its vector."""
    item_id = row["item_id"]
    if "picture_clock" in row:
        category, probability = row.get("predicted_category"), row["predicted_probability"]
        yield Picture(item_id, row["picture_clock"], model, row["vector"], category, probability)
    if "removed_clock" in row:
        yield Removed(item_id, row["removed_clock"], row["removed_at"])
    if "metadata_clock" in row:
        yield Attributes(item_id, row["metadata_clock"], {})
    for name in FIELDS:
        if (at := row.get(f"{name}_clock")) is not None:
            yield Attributes(item_id, at, {name: row.get(name)})


def labels(items: Items) -> list[list[str]]:
    """The labels of each item."""
    sizes = offered(items)
    found = [[ALL] for _ in range(len(items))]
    for row, code in zip(sizes.rows.tolist(), sizes.codes.tolist(), strict=True):
        found[row].append(_label("size", *sizes.keys[code]))
    for row, told in enumerate(found):
        for name, column in (("category", items.category), ("brand", items.brand)):
            if (text := column[row]) is not None:
                told.append(_label(name, text.strip().casefold()))
        if not np.isnan(items.price[row]):
            told.append(_label("price", _band(float(items.price[row]))))
    return [
        told if available else ["!" + label for label in told]
        for told, available in zip(found, items.available, strict=True)
    ]


def wanted(filters: "Filters", department: str) -> list[list[str]]:
    """Labels to look for, any one of a list of at most 30, the narrowest list first.

    Every item that matches ``filters`` has one of each list, but not every item that has one matches.
    """
    both = ("",) if filters.available_only else ("", "!")
    ways = [
        [_label("brand", word.strip().casefold()) for word in filters.brands],
        [_label("category", word.strip().casefold()) for word in filters.categories],
        [_label("size", kind, names(size, department, kind)[0]) for size in filters.sizes for kind in KINDS],
        [],
        [ALL],
    ]
    if filters.min_price is not None or filters.max_price is not None:
        least = 0 if filters.min_price is None else _band(filters.min_price)
        most = BANDS if filters.max_price is None else _band(filters.max_price)
        ways[3] = [_label("price", band) for band in range(least, most + 1)]
    asked = [[sign + label for label in dict.fromkeys(way) for sign in both] for way in ways]
    return [way for way in asked if 0 < len(way) <= ASKED]


def _band(price: float) -> int:
    """0 below 1, then a band from each power of two to the next, the last without an end."""
    if price < 1:
        return 0
    return BANDS if price >= 2.0 ** (BANDS - 1) else math.frexp(price)[1]


def _label(*parts: object) -> str:
    return ":".join(map(str, parts))[:LONGEST]


def each_once(rows: Iterable[Row]) -> list[Row]:
    """The rows ascending by item id, each item once."""
    found = {row["item_id"]: row for row in rows}
    return [found[item_id] for item_id in sorted(found)]
