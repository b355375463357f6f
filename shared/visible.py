"""From the catalogue's table to what a shopper can be shown. pyarrow and numpy."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shared.card import Card
from shared.deltas import vector_pieces
from shared.departments import Space
from shared.errors import SpaceMismatch
from shared.halves import Halves
from shared.items import TEXTS, Items, Labels, LabelSets, Texts

COLUMNS = ("item_id", "predicted_category", "predicted_probability", "price", "available", "sizes", *TEXTS)


def visible_items(space: Space, table: pa.Table, card: Card) -> Items:
    """The rows that have a picture newer than their removal, as ``Items``.

    The category is the shop's own, or else the predicted one where its probability reaches the card's
    threshold. Each part of a vector is brought back to length sqrt(its weight), which float16 blurs.
    Raises SpaceMismatch if ``card`` is of another department or model version.
    """
    if Space(card.department, card.version) != space:
        raise SpaceMismatch(f"expected the card of {space}, found {card.department} {card.version}")
    shown = is_visible(table)
    places = np.flatnonzero(shown.to_numpy())
    vectors = Halves(vector_pieces(table["vector"]), places, card.widths, card.weights)
    table = table.select(COLUMNS)  # the vectors stay where they are
    if len(places) < len(table):
        table = table.filter(shown)
    own = table["category"].cast(pa.string())
    certain = pc.greater_equal(table["predicted_probability"], card.category_threshold)
    predicted = pc.if_else(certain, table["predicted_category"].cast(pa.string()), None)
    category = pc.coalesce(own, predicted)
    return Items.of(
        space,
        table["item_id"].to_pylist(),
        vectors,
        card.widths,
        price=table["price"].fill_null(float("nan")).to_numpy(),
        available=table["available"].to_pylist(),
        predicted=pc.and_(own.is_null(), category.is_valid()).to_numpy(),
        sizes=_label_sets(table["sizes"]),
        brand=_labels(table["brand"]),
        category=_labels(category),
        currency=_labels(table["currency"]),
        group_id=_labels(table["group_id"]),
        title=_Column(table["title"].cast(pa.string())),
        description=_Column(table["description"].cast(pa.string())),
        url=_Column(table["url"].cast(pa.string())),
    )


def is_visible(table: pa.Table) -> pa.ChunkedArray:
    """Which rows have a picture newer than their removal, as bools.

    A removal hides the pictures of its own and of earlier generations.
    """
    picture = pc.utf8_slice_codeunits(table["picture_clock"], 0, 20)
    removed = pc.utf8_slice_codeunits(table["removed_clock"], 0, 20)
    newer = pc.fill_null(pc.greater(picture, removed), True)
    return pc.and_(table["picture_clock"].is_valid(), newer)


def _labels(column: pa.ChunkedArray) -> Labels:
    texts = column.cast(pa.string())
    names = pc.unique(texts).drop_null()
    codes = pc.index_in(texts, value_set=names).fill_null(-1).to_numpy()
    return Labels(codes.astype(np.int32), tuple(names.to_pylist()))


def _label_sets(column: pa.ChunkedArray) -> LabelSets:
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy()
    bounds = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)
    flat = _labels(pa.chunked_array([pc.list_flatten(column).combine_chunks()], pa.string()))
    return LabelSets(bounds, flat.codes, flat.names)


class _Column:
    """A column of texts that stays in Arrow until a row is asked for."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        self._column = column

    def __getitem__(self, row: int) -> str | None:
        text: str | None = self._column[int(row)].as_py()
        return text

    def __len__(self) -> int:
        return len(self._column)


_: type[Texts] = _Column
