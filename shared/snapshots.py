"""The folded table as bytes: one Arrow IPC file, the same for the same content. pyarrow and numpy.

``docs/formats.md`` describes the columns.
"""

import json
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from shared.deltas import FIELD_TYPES, read_ipc, vector_array, vector_rows
from shared.departments import Space
from shared.errors import FormatError
from shared.facts import FIELDS
from shared.laying import Laid, laid
from shared.rows import Row

FORMAT = 1
_LABEL = pa.dictionary(pa.int32(), pa.string())


def snapshot_schema(width: int) -> pa.Schema:
    """The columns of a snapshot of vectors ``width`` wide."""
    columns: dict[str, pa.DataType] = {
        "item_id": pa.string(),
        "picture_clock": pa.string(),
        "vector": pa.list_(pa.float16(), width),
        "predicted_category": _LABEL,
        "predicted_probability": pa.float64(),
        "removed_clock": pa.string(),
        "removed_at": pa.int64(),
        "metadata_clock": pa.string(),
    }
    for name in FIELDS:
        columns[name] = _LABEL if FIELD_TYPES[name] == pa.string() else FIELD_TYPES[name]
        columns[f"{name}_clock"] = _LABEL
    return pa.schema(list(columns.items()))


class Snapshot(NamedTuple):
    """What a snapshot's bytes hold."""

    space: Space
    width: int
    table: pa.Table
    sources: dict[str, str]
    digest: int


def write_snapshot(snapshot: Snapshot) -> Laid:
    """The same bytes for the same content, however its table came about.

    They are made when they are read: no copy of the vectors is made before.
    """
    schema = snapshot_schema(snapshot.width)
    metadata = {
        "stylekin": "snapshot",
        "format": str(FORMAT),
        "department": snapshot.space.department,
        "model": snapshot.space.model,
        "version": f"{snapshot.digest:016x}",
        "sources": json.dumps(dict(sorted(snapshot.sources.items())), ensure_ascii=False),
    }
    columns = [_canonical(snapshot.table[field.name], field.type) for field in schema]
    table = pa.table(columns, schema=schema.with_metadata(metadata))
    return laid(table, snapshot.table["vector"])


def read_snapshot(data: bytes | memoryview, source: str = "snapshot") -> Snapshot:
    """A snapshot, its table without a copy of ``data``. Raises FormatError."""
    table = read_ipc(data, source, "snapshot", FORMAT)
    metadata = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    try:
        width = table.schema.field("vector").type.list_size
        if table.schema.remove_metadata() != snapshot_schema(width):
            raise ValueError(f"columns {table.schema.remove_metadata()}")
        table.validate()
        space = Space(metadata["department"], metadata["model"])
        sources: dict[str, str] = json.loads(metadata["sources"])
        digest = int(metadata["version"], 16)
    except (KeyError, ValueError, AttributeError) as error:
        raise FormatError(f"{source}: expected a snapshot of format {FORMAT}, found: {error}") from error
    return Snapshot(space, width, table.replace_schema_metadata(None), sources, digest)


def table_of(rows: Iterable[Row], width: int) -> pa.Table:
    """Rows as a table, in the order given."""
    rows = list(rows)
    schema = snapshot_schema(width)
    columns: list[pa.Array] = []
    for field in schema:
        values = [row.get(field.name) for row in rows]
        if field.name == "vector":
            columns.append(vector_array(values, width))
        elif field.type == _LABEL:
            columns.append(pa.array(values, pa.string()).dictionary_encode())
        else:
            columns.append(pa.array(values, field.type))
    return pa.table(columns, schema=schema)


def rows_of(table: pa.Table) -> list[Row]:
    """A table as rows; for a few of them, since each becomes Python objects."""
    vectors = vector_rows(table["vector"])
    rows: list[Row] = []
    for place, values in enumerate(table.drop_columns(["vector"]).to_pylist()):
        row = {column: value for column, value in values.items() if value is not None}
        if "sizes" in row:
            row["sizes"] = tuple(row["sizes"])
        if "picture_clock" in row:
            row["vector"] = vectors[place].copy()
        rows.append(row)
    return rows


def _canonical(column: pa.ChunkedArray, kind: pa.DataType) -> pa.Array:
    """A column rebuilt from its values alone: no slices, no leftovers under nulls, labels sorted."""
    empty = column.is_null().to_numpy()
    mask = empty if empty.any() else None
    if pa.types.is_fixed_size_list(kind):
        room = np.zeros(len(column) * kind.list_size, "<f2")  # pages that nobody writes to take no memory
        return pa.FixedSizeListArray.from_arrays(
            pa.array(room), kind.list_size, mask=None if mask is None else pa.array(mask)
        )
    if pa.types.is_dictionary(kind):
        texts = column.cast(pa.string())
        names = pc.unique(texts).drop_null()
        names = _texts(names.take(pc.array_sort_indices(names)), None)
        codes = pc.index_in(texts, value_set=names).fill_null(0).to_numpy()
        return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32), mask=mask), names)
    if pa.types.is_list(kind):
        lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy()
        bounds = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        texts = _texts(_one(pc.list_flatten(column)), None)
        return pa.ListArray.from_arrays(
            pa.array(bounds), texts, mask=None if mask is None else pa.array(mask)
        )
    if pa.types.is_string(kind):
        return _texts(_one(column), mask)
    filled = pc.fill_null(column, False if pa.types.is_boolean(kind) else 0)
    return pa.array(filled.to_numpy(), kind, mask=mask)


def _texts(texts: pa.Array, mask: NDArray[np.bool_] | None) -> pa.Array:
    """Texts copied to where nothing else lies, of length 0 where ``mask`` says that there is none."""
    fresh = pc.take(pc.fill_null(texts, ""), pa.array(np.arange(len(texts))))
    _, offsets, letters = fresh.buffers()
    valid = None if mask is None else pa.array(~mask).buffers()[1]
    return pa.StringArray.from_buffers(len(fresh), offsets, letters, valid)


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
