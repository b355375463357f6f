"""Catalogues of any size to measure on: items of a few thousand styles, as wide as the demo models' cards."""

from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shared.card import Card, read_card
from shared.catalogue import Catalogue
from shared.departments import Space
from shared.facts import clock
from shared.snapshots import snapshot_schema

CARD = Path(__file__).parent.parent / "models" / "womenswear" / "demo-4" / "card.json"
TASTES = 48  # directions that items differ in; networks' embeddings fill few of the many they have
NOISE = 1.0  # how much of an item is like no other, against the one that its directions make
BLOCK = 10_000


def card() -> Card:
    """The card of the womenswear demo model."""
    return read_card(CARD.read_bytes(), CARD.name)


def vectors(n: int, model: Card, seed: int = 0) -> NDArray[np.float16]:
    """``(n, width)`` as an encoder gives and a snapshot stores them."""
    random = np.random.default_rng(seed)
    directions = random.standard_normal((TASTES, model.width), np.float32)
    rows = np.empty((n, model.width), np.float16)
    ends = np.cumsum((0, *model.widths)).tolist()
    for start in range(0, n, BLOCK):
        count = min(BLOCK, n - start)
        block = random.standard_normal((count, TASTES), np.float32) @ directions / np.float32(TASTES**0.5)
        block += np.float32(NOISE) * random.standard_normal(block.shape, np.float32)
        for left, right, weight in zip(ends, ends[1:], model.weights, strict=False):
            part = block[:, left:right]
            part *= np.float32(weight**0.5) / np.linalg.norm(part, axis=1, keepdims=True)
        rows[start : start + count] = block
    return rows


def item_ids(n: int) -> list[str]:
    """Ids of ``n`` items, ascending."""
    return [f"item-{number:07d}" for number in range(n)]


def catalogue(n: int, model: Card, seed: int = 0) -> Catalogue:
    """A folded catalogue of ``n`` visible items with every attribute that filters and facets look at."""
    random = np.random.default_rng(seed)
    rows, ids = vectors(n, model, seed), item_ids(n)
    schema = snapshot_schema(model.width)
    kinds = model.categories
    clocks = [clock(1_000_000 + number, 0, f"{model.department}/{ids[number]}.jpg") for number in range(n)]
    sizes = [["S", "M", "L", "XL"][number % 3 : number % 3 + 2] for number in range(n)]
    known = {
        "item_id": pa.array(ids),
        "picture_clock": pa.array(clocks),
        "vector": pa.FixedSizeListArray.from_arrays(pa.array(rows.reshape(-1)), model.width),
        "predicted_category": _labels([kinds[i] for i in random.integers(len(kinds), size=n).tolist()]),
        "predicted_probability": pa.array(random.uniform(0.3, 1, n)),
        "brand": _labels([f"Brand {i}" for i in random.integers(200, size=n).tolist()]),
        "title": pa.array([f"Title of {item_id}" for item_id in ids]),
        "price": pa.array(np.round(random.uniform(5, 200, n), 2)),
        "currency": _labels(["EUR"] * n),
        "sizes": pa.array(sizes),
    }
    columns = [
        known[field.name].cast(field.type) if field.name in known else pa.nulls(n, field.type)
        for field in schema
    ]
    table = pa.table(columns, schema=schema)
    return Catalogue(Space(model.department, model.version), model.width, table, {}, seed)


def _labels(values: list[str]) -> pa.DictionaryArray:
    return pa.array(values).dictionary_encode()
