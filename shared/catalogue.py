"""The catalogue of one department: facts folded into one immutable table. Pure; pyarrow and numpy.

Folding is a join: any order, any number of repeats and any grouping of the same facts give the same
table and, through ``to_bytes``, the same bytes.
"""

import threading
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shared.card import Card
from shared.departments import Space
from shared.facts import Fact, Picture, Source
from shared.items import Items
from shared.laying import Laid
from shared.rows import Row, digest, forget_removed, is_empty, merge, without_picture
from shared.snapshots import Snapshot, read_snapshot, rows_of, snapshot_schema, table_of, write_snapshot
from shared.visible import is_visible, visible_items

# A few changed rows are laid between slices of the table, which copies nothing; more are copied in at
# once, as is a table that lies in many pieces.
FEW_ROWS = 64
MANY_PIECES = 64
_64_BITS = 0xFFFFFFFFFFFFFFFF


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Everything known of a department's items, in one model space.

    ``table`` has the columns of a snapshot (docs/formats.md), ascending by item id. ``sources`` maps
    each table of attributes that was read to the clock at which that was done.
    """

    space: Space
    width: int
    table: pa.Table
    sources: Mapping[str, str]
    digest: int
    _shown: dict[Any, Items] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def empty(cls, space: Space, width: int) -> "Catalogue":
        """A catalogue that no fact was folded into. ``width`` is that of the space's vectors."""
        return cls(space, width, snapshot_schema(width).empty_table(), {}, 0)

    @classmethod
    def of(cls, space: Space, width: int, rows: Collection[Row]) -> "Catalogue":
        """A catalogue of rows, ascending by item id, without sources."""
        return cls(space, width, table_of(rows, width), {}, sum(map(digest, rows)) & _64_BITS)

    @classmethod
    def from_buffer(cls, data: bytes | memoryview, source: str = "snapshot") -> "Catalogue":
        """A catalogue from ``to_bytes``; the table lies in ``data``, without a copy. Raises FormatError."""
        return cls(*read_snapshot(data, source))

    def to_bytes(self) -> bytes:
        """One Arrow IPC file; the same facts give the same bytes."""
        file = self.to_file()
        return file.read(0, file.size)

    def to_file(self) -> Laid:
        """The same, a piece at a time."""
        return write_snapshot(Snapshot(self.space, self.width, self.table, dict(self.sources), self.digest))

    @property
    def version(self) -> str:
        """16 hex digits that depend on the content alone: equal facts, equal version."""
        return f"{self.digest:016x}"

    def __len__(self) -> int:
        """The number of items ever heard of, visible or not."""
        return int(self.table.num_rows)

    def known(self, item_id: str) -> bool:
        """Whether any fact named the item, also if it is not visible."""
        return self._find(item_id)[1]

    def picture_clock(self, item_id: str) -> str | None:
        """The clock of the item's newest embedded picture, removed or not."""
        return self._cell(item_id, "picture_clock")

    def removed_clock(self, item_id: str) -> str | None:
        """The clock of the item's latest removal."""
        return self._cell(item_id, "removed_clock")

    def metadata_clock(self, item_id: str) -> str | None:
        """The clock at which a picture's own metadata last named attributes of the item."""
        return self._cell(item_id, "metadata_clock")

    def visible_pictures(self) -> dict[str, str]:
        """The clock of the picture of each visible item, by item id."""
        shown = self.table.select(["item_id", "picture_clock"]).filter(is_visible(self.table))
        return dict(zip(shown["item_id"].to_pylist(), shown["picture_clock"].to_pylist(), strict=True))

    def removals(self) -> dict[str, str]:
        """The clock of the removal of each item that is not visible for it, by item id."""
        table = self.table.select(["item_id", "removed_clock"])
        hidden = table.filter(pc.and_(table["removed_clock"].is_valid(), pc.invert(is_visible(self.table))))
        return dict(zip(hidden["item_id"].to_pylist(), hidden["removed_clock"].to_pylist(), strict=True))

    def visible(self, card: Card) -> Items:
        """The items with a picture newer than their removal; worked out once and kept.

        Raises SpaceMismatch if ``card`` is not that of the catalogue's space.
        """
        key = (card.department, card.version, card.widths, card.weights, card.category_threshold)
        with self._lock:
            if key not in self._shown:
                self._shown[key] = visible_items(self.space, self.table, card)
            return self._shown[key]

    def in_space(self, space: Space, width: int) -> "Catalogue":
        """The same without pictures, for another model version: attributes and removals are of no model."""
        if space == self.space and width == self.width:
            return self
        rows = [row for row in map(without_picture, rows_of(self.table)) if not is_empty(row)]
        total = sum(map(digest, rows)) + _sources_digest(self.sources)
        return Catalogue(space, width, table_of(rows, width), self.sources, total & _64_BITS)

    def _find(self, item_id: str) -> tuple[int, bool]:
        """Where the item's row is or would be, and whether it is there."""
        ids = self.table["item_id"]
        place = bisect_left(range(len(ids)), item_id, key=lambda row: ids[row].as_py())
        return place, place < len(ids) and ids[place].as_py() == item_id

    def _cell(self, item_id: str, column: str) -> str | None:
        place, there = self._find(item_id)
        value: str | None = self.table[column][place].as_py() if there else None
        return value


def fold(catalogue: Catalogue, facts: Iterable[Fact], together: bool = True) -> Catalogue:
    """The catalogue with ``facts`` joined in; the same object if they say nothing new.

    Pictures of another model version are ignored. Only the items that ``facts`` name are looked at.
    Unless ``together``, vectors stay where they are, in as many pieces as it takes: for whoever writes the
    table and lets it go.
    """
    named: dict[str, list[Fact]] = {}
    sources = dict(catalogue.sources)
    for fact in facts:
        if isinstance(fact, Source):
            sources[fact.name] = max(fact.clock, sources.get(fact.name, ""))
        elif not isinstance(fact, Picture) or _belongs(fact, catalogue):
            named.setdefault(fact.item_id, []).append(fact)
    changes = {}
    for item_id, row in _rows(catalogue, named).items():
        new = merge(row or {"item_id": item_id}, named[item_id])
        if row is None or digest(new) != digest(row):
            changes[item_id] = (row, new)
    return _changed(catalogue, changes, sources, together)


def purge(catalogue: Catalogue, before: int, keep: Collection[str] = ()) -> Catalogue:
    """Forget removals noticed before ``before`` (microseconds since 1970), with what they hid.

    Rows left empty go. Items in ``keep`` stay as they are: those that a fact still in the log names.
    """
    old = pc.fill_null(pc.less(catalogue.table["removed_at"], before), False)
    return unremove(catalogue, set(catalogue.table["item_id"].filter(old).to_pylist()) - set(keep))


def unremove(catalogue: Catalogue, ids: Collection[str]) -> Catalogue:
    """Forget the removals of some items, with what they hid. Rows left empty go."""
    changes: dict[str, tuple[Row | None, Row | None]] = {}
    for item_id, row in _rows(catalogue, ids).items():
        left = forget_removed(row or {})
        changes[item_id] = (row, None if is_empty(left) else left)
    return _changed(catalogue, changes, catalogue.sources)


def _belongs(fact: Picture, catalogue: Catalogue) -> bool:
    return fact.model == catalogue.space.model and len(fact.vector) == catalogue.width


def _rows(catalogue: Catalogue, ids: Iterable[str]) -> dict[str, Row | None]:
    """The rows of items by id, ascending; None for one that has none yet."""
    found = _places(catalogue, sorted(ids))
    places = [place for place, there in found.values() if there]
    rows = iter(rows_of(_take(catalogue.table, places)))
    return {item_id: next(rows) if there else None for item_id, (_, there) in found.items()}


def _places(catalogue: Catalogue, ids: list[str]) -> dict[str, tuple[int, bool]]:
    """Where each item's row is or would be, and whether it is there."""
    if len(ids) <= FEW_ROWS:
        return {item_id: catalogue._find(item_id) for item_id in ids}
    there = pc.index_in(pa.array(ids, pa.string()), value_set=catalogue.table["item_id"].combine_chunks())
    return {
        item_id: catalogue._find(item_id) if place is None else (place, True)
        for item_id, place in zip(ids, there.to_pylist(), strict=True)
    }


def _take(table: pa.Table, places: list[int]) -> pa.Table:
    if len(places) > FEW_ROWS:
        return table.combine_chunks().take(pa.array(places, pa.int64()))
    return pa.concat_tables([table.slice(0, 0), *(table.slice(place, 1) for place in places)])


def _changed(
    catalogue: Catalogue,
    changes: Mapping[str, tuple[Row | None, Row | None]],
    sources: Mapping[str, str],
    together: bool = True,
) -> Catalogue:
    """The catalogue with some rows replaced (old, new), where None is no row; ids ascending."""
    if not changes and sources == catalogue.sources:
        return catalogue
    total = catalogue.digest - _sources_digest(catalogue.sources) + _sources_digest(sources)
    for old, new in changes.values():
        total += (digest(new) if new else 0) - (digest(old) if old else 0)
    table = _splice(catalogue, changes, together) if changes else catalogue.table
    return Catalogue(catalogue.space, catalogue.width, table, sources, total & _64_BITS)


def _splice(
    catalogue: Catalogue, changes: Mapping[str, tuple[Row | None, Row | None]], together: bool
) -> pa.Table:
    old = catalogue.table
    new = table_of((row for _, row in changes.values() if row), catalogue.width)
    pieces: list[tuple[int, int]] = []  # from where and how many, in ``old`` and then ``new``
    start, fresh = 0, old.num_rows
    places = _places(catalogue, sorted(changes))
    for item_id, (_, row) in changes.items():
        place, there = places[item_id]
        pieces.append((start, place - start))
        start = place + there
        if row:
            pieces.append((fresh, 1))
            fresh += 1
    pieces.append((start, old.num_rows - start))
    both = pa.concat_tables([old, new])
    if len(changes) > FEW_ROWS:
        return _gathered(both, pieces, together)
    table = pa.concat_tables([both.slice(start, count) for start, count in pieces])
    return table.combine_chunks() if table["item_id"].num_chunks > MANY_PIECES else table


def _gathered(both: pa.Table, pieces: list[tuple[int, int]], together: bool) -> pa.Table:
    """Many pieces of a table after one another; each vector is copied once, or not at all."""
    rows = pa.array(np.concatenate([np.arange(start, start + count) for start, count in pieces]))
    vectors = both["vector"]
    chunks = [chunk for start, count in pieces if count for chunk in vectors.slice(start, count).chunks]
    spliced = pa.chunked_array(chunks, vectors.type)
    if together:
        spliced = pa.chunked_array([spliced.combine_chunks()], vectors.type)
    place = both.schema.get_field_index("vector")
    return (
        both.drop_columns(["vector"])
        .combine_chunks()
        .take(rows)
        .add_column(place, both.schema.field(place), spliced)
    )


def _sources_digest(sources: Mapping[str, str]) -> int:
    return sum(digest({"source": name, "clock": clock}) for name, clock in sources.items())
