"""Facts as bytes: one Arrow IPC file for what one source event said. pyarrow and numpy.

``docs/formats.md`` describes the columns. The same facts are the same bytes, in any order.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from shared.errors import FormatError, NameRefused
from shared.facts import (
    FIELDS,
    Attributes,
    Fact,
    Picture,
    Removed,
    Source,
    check_fact,
    parse_clock,
    stored,
)

FORMAT = 1
KINDS = ("picture", "attributes", "removed", "table")

FIELD_TYPES: dict[str, pa.DataType] = {name: pa.string() for name in FIELDS} | {
    "price": pa.float64(),
    "sizes": pa.list_(pa.string()),
    "available": pa.bool_(),
}
_COLUMNS: dict[str, pa.DataType] = {
    "fact": pa.string(),
    "item_id": pa.string(),
    "clock": pa.string(),
    "model": pa.string(),
    "predicted_category": pa.string(),
    "predicted_probability": pa.float64(),
    "removed_at": pa.int64(),
    "fields": pa.list_(pa.string()),
    **FIELD_TYPES,
}

_NAME = re.compile(
    r"(?P<generation>\d{20})-(?P<metageneration>\d{10})-(?P<source>[0-9a-f]{16})"
    r"\.(?P<kind>picture|attributes|removed|table)(?:\.(?P<model>.+))?\.arrow"
)


class DeltaName(NamedTuple):
    """What a delta's name says of it. ``model`` is None for facts that belong to every model."""

    generation: int
    metageneration: int
    source: str
    kind: str
    model: str | None

    @property
    def is_part(self) -> bool:
        """Whether it is a part of a table, which counts from when the last delta of the table is there."""
        return self.kind == "table" and self.metageneration > 0

    @property
    def end(self) -> str:
        """The name of the last delta of the table that this is a part of, without its folder."""
        return f"{self.generation:020d}-{0:010d}-{self.source}.table.arrow"


def delta_name(clock: str, kind: str, model: str | None = None) -> str:
    """The one name under which the facts of one source event are kept, without its folder."""
    generation, metageneration, source = parse_clock(clock)
    if kind not in KINDS or (kind == "picture") != (model is not None):
        raise ValueError(f"expected one of {KINDS}, a model for pictures only, found {kind!r}, {model!r}")
    digest = hashlib.sha256(source.encode()).hexdigest()[:16]
    model_part = "" if model is None else f".{model}"
    return f"{generation:020d}-{metageneration:010d}-{digest}.{kind}{model_part}.arrow"


def parse_delta_name(name: str) -> DeltaName | None:
    """What a name (with or without its folder) says, None if it is no delta's."""
    match = _NAME.fullmatch(name.rsplit("/", 1)[-1])
    if match is None:
        return None
    return DeltaName(
        int(match["generation"]), int(match["metageneration"]), match["source"], match["kind"], match["model"]
    )


def write_facts(facts: Iterable[Fact]) -> bytes:
    """Facts of one source event as an Arrow IPC file. A column without values is left out.

    Raises ValueError (NameRefused for an item id) for facts that can not be stored.
    """
    rows = sorted((_row(check_fact(fact)) for fact in facts), key=_order)
    widths = {len(row["vector"]) for row in rows if "vector" in row}
    if len(widths) > 1:
        raise ValueError(f"expected vectors of one width, found {sorted(widths)}")
    columns: dict[str, pa.Array] = {}
    for name, kind in _COLUMNS.items():
        values = [row.get(name) for row in rows]
        if name in ("fact", "clock") or any(value is not None for value in values):
            columns[name] = pa.array(values, kind)
    for width in widths:
        columns["vector"] = vector_array([row.get("vector") for row in rows], width)
    table = pa.table(columns, metadata={"stylekin": "delta", "format": str(FORMAT)})
    return write_ipc(table)


def read_facts(data: bytes | memoryview, source: str = "delta") -> list[Fact]:
    """The facts of a delta; ``source`` names it in errors. Raises FormatError."""
    table = read_ipc(data, source, "delta", FORMAT)
    try:
        table.validate(full=True)
        rows = table.drop_columns([name for name in ("vector",) if name in table.column_names]).to_pylist()
        vectors = vector_rows(table["vector"]) if "vector" in table.column_names else None
        return [
            check_fact(_fact(row, None if vectors is None else vectors[place].copy()))
            for place, row in enumerate(rows)
        ]
    except (KeyError, TypeError, ValueError, AttributeError, NameRefused, pa.ArrowException) as error:
        raise FormatError(f"{source}: expected facts of format {FORMAT}, found: {error!r}") from error


def _row(fact: Fact) -> dict[str, Any]:
    if isinstance(fact, Source):
        return {"fact": "source", "clock": fact.clock}
    row: dict[str, Any] = {"item_id": fact.item_id, "clock": fact.clock}
    if isinstance(fact, Picture):
        return row | {
            "fact": "picture",
            "model": fact.model,
            "vector": fact.vector,
            "predicted_category": fact.category,
            "predicted_probability": float(fact.category_probability),
        }
    if isinstance(fact, Removed):
        return row | {"fact": "removed", "removed_at": fact.at}
    values = {name: stored(name, value) for name, value in fact.fields.items()}
    return row | {"fact": "attributes", "fields": sorted(values, key=FIELDS.index), **values}


def _order(row: dict[str, Any]) -> tuple[str, str, str, str]:
    rest = {name: value for name, value in row.items() if name != "vector"}
    vector = row["vector"].tobytes().hex() if "vector" in row else ""
    return row["fact"], row.get("item_id", ""), row["clock"], json.dumps(rest, sort_keys=True) + vector


def _fact(row: dict[str, Any], vector: Any) -> Fact:
    clock = row["clock"]
    if row["fact"] == "source":
        return Source(parse_clock(clock)[2], clock)
    item_id = row["item_id"]
    if row["fact"] == "picture":
        category, probability = row.get("predicted_category"), row["predicted_probability"]
        return Picture(item_id, clock, row["model"], vector, category, probability)
    if row["fact"] == "removed":
        return Removed(item_id, clock, row["removed_at"])
    if row["fact"] == "attributes":
        return Attributes(item_id, clock, {name: stored(name, row.get(name)) for name in row["fields"] or ()})
    raise ValueError(f"an unknown fact {row['fact']!r}")


def vector_array(rows: list[Any], width: int) -> pa.FixedSizeListArray:
    """Rows ``(width,)`` float16, or None, as one Arrow column; None is stored as zeros."""
    values = np.zeros((len(rows), width), "<f2")
    for place, row in enumerate(rows):
        if row is not None:
            values[place] = row
    mask = np.array([row is None for row in rows], np.bool_)
    return pa.FixedSizeListArray.from_arrays(
        pa.array(values.reshape(-1)), width, mask=pa.array(mask) if mask.any() else None
    )


def vector_pieces(column: pa.ChunkedArray) -> list[Any]:
    """An Arrow column of vectors as pieces ``(any, width)`` float16, without a copy."""
    width = column.type.list_size
    return [
        chunk.values.slice(chunk.offset * width, len(chunk) * width).to_numpy().reshape(-1, width)
        for chunk in column.chunks
    ]


def vector_rows(column: pa.ChunkedArray) -> Any:
    """An Arrow column of vectors as ``(n, width)`` float16; without a copy if it is one piece."""
    pieces = vector_pieces(column)
    if len(pieces) == 1:
        return pieces[0]
    return np.concatenate(pieces) if pieces else np.zeros((0, column.type.list_size), np.float16)


def write_ipc(table: pa.Table) -> bytes:
    """A table as one Arrow IPC file with one record batch."""
    sink = pa.BufferOutputStream()
    lay_out(table, sink)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def lay_out(table: pa.Table, sink: Any) -> None:
    """Write that file to what Arrow can write to."""
    table = table.combine_chunks()
    # 2.8 million vectors of 768 are one array of more numbers than Arrow would count in 32 bits
    options = pa.ipc.IpcWriteOptions(allow_64bit=True)
    with pa.ipc.new_file(sink, table.schema, options=options) as file:
        for batch in table.to_batches():
            file.write_batch(batch)


def read_ipc(data: bytes | memoryview, source: str, kind: str, format: int) -> pa.Table:
    """A table of ours, without a copy. Raises FormatError if it is not of this kind and format version."""
    try:
        table = pa.ipc.open_file(pa.py_buffer(data)).read_all()
        metadata = table.schema.metadata or {}
        found = metadata.get(b"stylekin", b"?").decode(), metadata.get(b"format", b"?").decode()
    except (ValueError, OSError, pa.ArrowException) as error:
        raise FormatError(f"{source}: expected an Arrow IPC file, found: {error}") from error
    if found != (kind, str(format)):
        raise FormatError(
            f"{source}: expected a {kind} of format {format}, found {found[0]} of format {found[1]}"
        )
    return table
