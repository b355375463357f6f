"""Puts a department's items into a folder as a shop would: pictures, then the table.

Imports items and tqdm.
"""

import csv
import io
from pathlib import Path

from tqdm import tqdm

from scripts.wardrobe.items import WardrobeItem, draw

TABLE = "wardrobe.csv"
COLUMNS = (
    "item_id", "brand", "title", "price", "currency", "sizes", "category", "description", "group_id",
    "available",
)  # fmt: skip


def fill(out: Path, department: str, count: int, seed: int = 7) -> bool:
    """Writes <out>/<department>/<item_id>.jpg for every item and, last of all, wardrobe.csv.

    A folder that has its table is complete and is left alone (False). Every file appears whole or not at all;
    pictures that are there already are not written again.
    """
    folder = out / department
    if (folder / TABLE).exists():
        return False
    folder.mkdir(parents=True, exist_ok=True)
    items = []
    for item in tqdm(draw(department, count, seed), total=count, desc=f"drawing {department}", unit=" items"):
        path = folder / f"{item.item_id}.jpg"
        data = item.picture()
        if not path.exists() or path.read_bytes() != data:
            _write(path, data)
        items.append(item)
    _write(folder / TABLE, table(items))
    return True


def table(items: list[WardrobeItem]) -> bytes:
    """The attribute table, UTF-8 CSV. Style is left out: it is to be learnt from the pictures."""
    text = io.StringIO()
    rows = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    rows.writeheader()
    for item in items:
        rows.writerow(
            {
                "item_id": item.item_id,
                "brand": item.brand,
                "title": item.title,
                "price": f"{item.price:.2f}",
                "currency": item.currency,
                "sizes": "|".join(item.sizes),
                "category": item.category,
                "description": item.description,
                "group_id": item.group_id,
                "available": "true" if item.available else "false",
            }
        )
    return text.getvalue().encode()


def _write(path: Path, data: bytes) -> None:
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(data)
    draft.replace(path)
