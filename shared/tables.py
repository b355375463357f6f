"""Attribute tables: CSV files in which a shop tells brand, price and sizes. Standard library only.

UTF-8, with or without a byte order mark, comma-separated, with a header. ``item_id`` is required, the
columns of ``FIELDS`` are optional, others are kept out. The same parser reads the custom metadata of a
picture, whose keys are the columns' names.

    price                  12 or 12.50: digits, a point, no thousands separator, no currency sign
    currency               ISO 4217: EUR
    sizes                  S|M|L
    available              true, yes, 1, false, no or 0
    url                    http:// or https://
    brand, title, category, description, group_id      text

An empty cell clears the field.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper

from shared.errors import NameRefused, TableRefused
from shared.facts import FIELDS, Value, check_item_id

MAX_BYTES = 64 * 1024 * 1024
MAX_TEXT = 5_000
EXTENSION = "csv"

_PRICE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
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
class Table:
    """What a table says: fields by item id (the last good row of an id), what was not taken, and why.

    ``kept_out`` are the columns that are no attributes.
    """

    rows: Mapping[str, Fields]
    faults: tuple[Fault, ...]
    kept_out: tuple[str, ...]


def read_table(data: bytes | memoryview) -> Table:
    """Read a whole table. Raises TableRefused if there is no header with ``item_id``, or it is too large."""
    if len(data) > MAX_BYTES:
        raise TableRefused(f"expected at most {MAX_BYTES} bytes, found {len(data)}; split the table")
    with TextIOWrapper(BytesIO(data), "utf-8-sig", errors="surrogateescape", newline="") as text:
        lines = _lines(text)
        _, header = next(lines, (1, []))
        if isinstance(header, csv.Error):
            raise TableRefused(f"expected a header with item_id, found: {header}")
        columns = [column.strip().lower() for column in header]
        if columns.count("item_id") != 1:
            shown = ", ".join(columns)[:200].encode("utf-8", "replace").decode()
            raise TableRefused(f"expected a comma-separated header with one item_id, found {shown!r}")
        if repeated := [field for field in FIELDS if columns.count(field) > 1]:
            raise TableRefused(f"expected each column once, found {repeated[0]} more than once")
        rows: dict[str, Fields] = {}
        faults = []
        for line, cells in lines:
            try:
                item_id, fields = _row(columns, cells)
            except (NameRefused, TableRefused) as error:
                faults.append(Fault(line, str(error)))
            else:
                rows[item_id] = fields
    kept_out = tuple(column for column in columns if column not in FIELDS and column != "item_id")
    return Table(rows, tuple(faults), kept_out)


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
            return float(_expect(field, text, _PRICE, "a number such as 12.50"))
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


def _row(columns: list[str], cells: list[str] | csv.Error) -> tuple[str, Fields]:
    if isinstance(cells, csv.Error):
        raise TableRefused(f"expected cells separated by commas, found: {cells}")
    if len(cells) != len(columns):
        raise TableRefused(f"expected {len(columns)} cells, found {len(cells)}")
    row = dict(zip(columns, cells, strict=True))
    item_id = row["item_id"].strip()
    if _NOT_UTF8.search(item_id):
        raise TableRefused(f"item_id: expected text in UTF-8, found {item_id[:50]!a}")
    check_item_id(item_id)
    return item_id, {field: read_field(field, row[field]) for field in FIELDS if field in row}


def _lines(text: TextIOWrapper) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Each record with the number of its first line; an error in the place of one that is no CSV."""
    reader = csv.reader(text, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, error
        else:
            if cells:
                yield line, cells
