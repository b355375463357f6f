"""Attribute tables: CSV files in which a shop tells brand, price and sizes. Standard library only.

In UTF-8, UTF-16 or Latin-1, with commas, semicolons or tabs between the cells (``shared.dialect``), and with
a header. ``item_id`` is required, the columns of ``FIELDS`` are optional, others are kept out. The same
parser reads the custom metadata of a picture, whose keys are the columns' names.

    price                  12.50, 1.299,00 € and the like: see ``shared.prices``
    currency               ISO 4217: EUR
    sizes                  S|M|L
    available              true, yes, 1, false, no or 0
    url                    http:// or https://
    brand, title, category, description, group_id      text

An empty cell clears the field. Text is text: what a spreadsheet would take for a formula is kept as it is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from shared.dialect import encoding_of, records
from shared.errors import NameRefused, TableRefused
from shared.facts import FIELDS, Value, as_item_id
from shared.prices import read_price

MAX_BYTES = 1024 * 1024 * 1024
MAX_TEXT = 5_000
EXTENSION = "csv"

_CURRENCY = re.compile(r"[A-Z]{3}")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NOT_UTF8 = re.compile(r"[\ud800-\udfff]")
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

Fields = dict[str, Value]


@dataclass(frozen=True)
class Fault:
    """Why a row (by the number of its first line, from 1) or a metadata key was not taken."""

    where: int | str
    reason: str


@dataclass(frozen=True)
class Row:
    """What one good row says of an item. ``size``: characters of its cells."""

    line: int
    size: int
    item_id: str
    fields: Fields


@dataclass(frozen=True)
class Table:
    """A table that is read row by row, once. ``kept_out`` are the columns that are no attributes.

    ``rows`` gives the rows in their order: of several of one item the last good one counts.
    """

    encoding: str
    columns: tuple[str, ...]
    kept_out: tuple[str, ...]
    rows: Iterator[Row | Fault]


def open_table(file: BinaryIO) -> Table:
    """Begin to read a table. Raises TableRefused if it has no header with ``item_id``.

    Holds a line at a time, however large the file is; it is closed after the last row.
    """
    encoding = encoding_of(file)
    lines = records(file, encoding, "item_id")
    _, header = next(lines, (1, [""]))
    if isinstance(header, str):
        raise TableRefused(f"expected a header with item_id, found: {header}")
    columns = tuple(column.strip().lower() for column in header)
    if columns.count("item_id") != 1:
        shown = ", ".join(columns)[:200].encode("utf-8", "replace").decode()
        expected = "expected a header with one item_id, and commas, semicolons or tabs between the columns"
        raise TableRefused(f"{expected}, found {shown!r}")
    if repeated := [field for field in FIELDS if columns.count(field) > 1]:
        raise TableRefused(f"expected each column once, found {repeated[0]} more than once")
    kept_out = tuple(column for column in columns if column not in FIELDS and column != "item_id")
    return Table(encoding, columns, kept_out, _rows(columns, lines))


def read_metadata(metadata: Mapping[str, str]) -> tuple[Fields, tuple[Fault, ...]]:
    """The attributes among a picture's custom metadata, and those that could not be read."""
    fields: Fields = {}
    faults = []
    for key in sorted(metadata):
        if key in FIELDS:
            try:
                fields[key] = read_field(key, metadata[key])
            except TableRefused as error:
                faults.append(Fault(key, str(error)))
    return fields, tuple(faults)


def read_field(field: str, text: str) -> Value:
    """One cell as the value of a field; None clears it. Raises TableRefused."""
    text = text.strip()
    if not text:
        return None
    if len(text) > MAX_TEXT:
        raise TableRefused(f"{field}: expected at most {MAX_TEXT} characters, found {len(text)}")
    if _CONTROL.search(text) or _NOT_UTF8.search(text):
        raise TableRefused(f"{field}: expected text in UTF-8 without control characters, found {text[:50]!a}")
    match field:
        case "price":
            return read_price(text)[0]
        case "currency":
            return _expect(field, text.upper(), _CURRENCY, "an ISO 4217 code such as EUR")
        case "url":
            return _expect(field, text, _URL, "an address that starts with https:// or http://")
        case "sizes":
            return tuple(dict.fromkeys(size for part in text.split("|") if (size := part.strip()))) or None
        case "available":
            if text.lower() not in _TRUTH:
                raise TableRefused(f"{field}: expected one of {', '.join(_TRUTH)}, found {text[:50]!r}")
            return _TRUTH[text.lower()]
    return text


def _expect(field: str, text: str, pattern: re.Pattern[str], expected: str) -> str:
    if not pattern.fullmatch(text):
        raise TableRefused(f"{field}: expected {expected}, found {text[:50]!r}")
    return text


def _rows(columns: tuple[str, ...], lines: Iterator[tuple[int, list[str] | str]]) -> Iterator[Row | Fault]:
    for line, cells in lines:
        try:
            if isinstance(cells, str):
                raise TableRefused(f"expected cells, found: {cells}")
            item_id, fields = _row(columns, cells)
        except (NameRefused, TableRefused) as error:
            yield Fault(line, str(error))
        else:
            yield Row(line, sum(map(len, cells)), item_id, fields)


def _row(columns: tuple[str, ...], cells: list[str]) -> tuple[str, Fields]:
    if len(cells) != len(columns):
        raise TableRefused(f"expected {len(columns)} cells, found {len(cells)}")
    row = dict(zip(columns, cells, strict=True))
    if _NOT_UTF8.search(row["item_id"]):
        raise TableRefused(f"item_id: expected text in UTF-8, found {row['item_id'][:50]!a}")
    fields = {field: read_field(field, row[field]) for field in FIELDS if field in row}
    if fields.get("price") is not None and (told := fields.get("currency")):
        _, found = read_price(row["price"].strip())
        if found not in (None, told):
            raise TableRefused(f"price: expected an amount in {told}, as its row says, found one in {found}")
    return as_item_id(row["item_id"]), fields
