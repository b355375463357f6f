"""What a shopper can be shown: the visible items of one department as arrays. numpy and the space only.

An ``Items`` is made once per catalogue version and then only read, by as many threads as like.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from shared.departments import Space
from shared.halves import Halves
from shared.vectors import Matrix, Vectors

TEXTS = ("brand", "title", "currency", "category", "description", "group_id", "url")


class Texts(Protocol):
    """A column of texts, one per row, None where there is none."""

    def __getitem__(self, row: int, /) -> str | None: ...

    def __len__(self) -> int: ...


@dataclass(frozen=True, eq=False)
class Labels:
    """One label or none per row: ``codes`` ``(n,)`` int32 are places in ``names``, -1 is none."""

    codes: NDArray[np.int32]
    names: tuple[str, ...]

    @classmethod
    def of(cls, values: Iterable[str | None]) -> "Labels":
        """Number the labels in the order in which they appear."""
        places: dict[str, int] = {}
        codes = [-1 if value is None else places.setdefault(value, len(places)) for value in values]
        return cls(np.array(codes, np.int32), tuple(places))

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> str | None:
        code = int(self.codes[row])
        return None if code < 0 else self.names[code]

    def __iter__(self) -> Iterator[str | None]:
        return (self[row] for row in range(len(self)))

    def among(self, wanted: Collection[str]) -> NDArray[np.bool_]:
        """Which rows carry one of ``wanted``: ``(n,)`` bool. A row without a label never does."""
        return np.isin(self.codes, _places(self.names, wanted))


@dataclass(frozen=True, eq=False)
class LabelSets:
    """Any number of labels per row: row i has ``codes[bounds[i]:bounds[i + 1]]``, places in ``names``."""

    bounds: NDArray[np.int64]
    codes: NDArray[np.int32]
    names: tuple[str, ...]

    @classmethod
    def of(cls, values: Iterable[Sequence[str] | None]) -> "LabelSets":
        """Number the labels in the order in which they appear."""
        rows = [tuple(value or ()) for value in values]
        flat = Labels.of(label for row in rows for label in row)
        bounds = np.concatenate([[0], np.cumsum([len(row) for row in rows], dtype=np.int64)])
        return cls(bounds.astype(np.int64), flat.codes, flat.names)

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def __getitem__(self, row: int) -> tuple[str, ...]:
        row = range(len(self))[row]
        codes = self.codes[self.bounds[row] : self.bounds[row + 1]]
        return tuple(self.names[code] for code in codes.tolist())

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return (self[row] for row in range(len(self)))

    def among(self, wanted: Collection[str]) -> NDArray[np.bool_]:
        """Which rows carry at least one of ``wanted``: ``(n,)`` bool."""
        hits = np.concatenate([[0], np.cumsum(np.isin(self.codes, _places(self.names, wanted)))])
        return np.asarray(hits[self.bounds[1:]] > hits[self.bounds[:-1]])


def _places(names: tuple[str, ...], wanted: Collection[str]) -> list[int]:
    wanted = frozenset(wanted)
    return [place for place, name in enumerate(names) if name in wanted]


@dataclass(frozen=True, eq=False)
class Items:
    """The visible items of one space, one row each, ascending by ``item_ids`` ``(n,)``.

    ``vectors`` ``(n, width)``, float32 where asked for: each part of ``widths`` has the length sqrt(its
    weight), so a row has length 1. ``price`` float64, NaN for none. ``available``: False only where the shop
    said so; ``availability_told`` is where it said anything. ``predicted``: the category is the network's
    word, not the shop's.
    """

    space: Space
    item_ids: NDArray[np.str_]
    vectors: Matrix
    widths: tuple[int, ...]
    price: NDArray[np.float64]
    available: NDArray[np.bool_]
    availability_told: NDArray[np.bool_]
    predicted: NDArray[np.bool_]
    sizes: LabelSets
    brand: Labels
    category: Labels
    currency: Labels
    group_id: Labels
    title: Texts
    description: Texts
    url: Texts

    @classmethod
    def of(
        cls,
        space: Space,
        item_ids: Sequence[str],
        vectors: Any,
        widths: tuple[int, ...],
        *,
        price: Iterable[float | None] | None = None,
        available: Iterable[bool | None] | None = None,
        predicted: "Sequence[bool] | NDArray[np.bool_] | None" = None,
        sizes: "Iterable[Sequence[str] | None] | LabelSets | None" = None,
        brand: "Iterable[str | None] | Labels | None" = None,
        category: "Iterable[str | None] | Labels | None" = None,
        currency: "Iterable[str | None] | Labels | None" = None,
        group_id: "Iterable[str | None] | Labels | None" = None,
        title: Texts | None = None,
        description: Texts | None = None,
        url: Texts | None = None,
    ) -> "Items":
        """Columns of one length; one that is left out is empty in every row.

        ``item_ids`` must be ascending and unique, ``vectors`` ``(n, sum of widths)``; ValueError otherwise.
        """
        texts = np.array(list(item_ids), np.str_)
        n = len(texts)
        whole = isinstance(vectors, Halves)
        rows = vectors if whole else np.asarray(vectors, np.float32).reshape(n, sum(widths))
        if (texts[:-1] >= texts[1:]).any():
            raise ValueError("expected item ids in ascending order, each once")
        none = [None] * n

        def labels(values: Iterable[str | None] | Labels | None) -> Labels:
            return values if isinstance(values, Labels) else Labels.of(none if values is None else values)

        told = [None] * n if available is None else list(available)
        items = cls(
            space=space,
            item_ids=texts,
            vectors=rows,
            widths=tuple(widths),
            price=np.array([np.nan if value is None else value for value in price or none], np.float64)
            if not isinstance(price, np.ndarray)
            else price.astype(np.float64),
            available=np.array([value is not False for value in told], np.bool_),
            availability_told=np.array([value is not None for value in told], np.bool_),
            predicted=np.zeros(n, np.bool_) if predicted is None else np.asarray(predicted, np.bool_),
            sizes=sizes if isinstance(sizes, LabelSets) else LabelSets.of(none if sizes is None else sizes),
            brand=labels(brand),
            category=labels(category),
            currency=labels(currency),
            group_id=labels(group_id),
            title=none if title is None else title,
            description=none if description is None else description,
            url=none if url is None else url,
        )
        for name in ("price", "available", "predicted", "sizes", *TEXTS):
            if len(getattr(items, name)) != n:
                raise ValueError(f"{name}: expected {n} rows, found {len(getattr(items, name))}")
        return items

    def __len__(self) -> int:
        return len(self.item_ids)

    @property
    def embeddings(self) -> Vectors:
        """The vectors with the space they belong to."""
        return Vectors(self.space, self.vectors)

    def row(self, item_id: str) -> int | None:
        """The row of an item, None if it is not visible."""
        (row,) = self.rows([item_id])
        return None if row < 0 else row

    def rows(self, item_ids: Iterable[str]) -> list[int]:
        """The row of each item, -1 for one that is not visible."""
        wanted = list(item_ids)
        if not wanted or not len(self):
            return [-1] * len(wanted)
        longest = self.item_ids.dtype.itemsize // 4  # of a longer text numpy would widen every id
        texts = np.array([text if len(text) <= longest else "" for text in wanted], np.str_)
        places = np.searchsorted(self.item_ids, texts)
        found = self.item_ids[np.minimum(places, len(self) - 1)].tolist()
        rows = zip(places.tolist(), wanted, found, strict=True)
        return [row if text == there else -1 for row, text, there in rows]

    def describe(self, row: int) -> dict[str, Any]:
        """An item as JSON types: ``item_id`` and the attributes it has, nothing for those it has not."""
        item: dict[str, Any] = {"item_id": str(self.item_ids[row])}
        for name in TEXTS:
            if (text := getattr(self, name)[row]) is not None:
                item[name] = text
        if not np.isnan(self.price[row]):
            item["price"] = float(self.price[row])
        if sizes := self.sizes[row]:
            item["sizes"] = list(sizes)
        if self.availability_told[row]:
            item["available"] = bool(self.available[row])
        if self.predicted[row]:
            item["category_predicted"] = True
        return item
