"""A shop's items from its table and its pictures, embedded as the functions would. numpy and the encoder."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from scripts.publish_models import MODELS
from shared.card import Card
from shared.departments import DEPARTMENTS, Space
from shared.encoder import Embedding, Encoder
from shared.errors import PictureRefused, TableRefused
from shared.halves import weighted
from shared.items import Items
from shared.pictures import SIZE, normalise, square
from shared.storage.folder import Folder
from shared.tables import Fault, Fields, Row, open_table

PRODUCTS = 20  # so that a list of twelve leaves something out
ENDINGS = ("jpg", "jpeg", "png", "webp")


@dataclass(frozen=True)
class Listed:
    """One row of the table: its department, its picture's file and what else it tells."""

    item_id: str
    department: str
    picture: Path
    fields: Fields


@dataclass(frozen=True)
class Shop:
    """One department of a shop: its items, their pictures ``(n, 224, 224, 3)`` uint8, the model's card."""

    items: Items
    squares: NDArray[np.uint8]
    card: Card

    @property
    def products(self) -> NDArray[np.intp]:
        """A number per item ``(n,)``, the same for all of one group."""
        groups = self.items.group_id.codes.astype(np.intp)
        alone = np.arange(len(groups)) + groups.max(initial=-1) + 1
        return np.unique(np.where(groups < 0, alone, groups), return_inverse=True)[1]


def listed(table: Path, columns: Mapping[str, str]) -> tuple[list[Listed], list[str]]:
    """What a table lists, and in words what of it was left out.

    The table is one for ``embed_on_upload``, with two more columns if the shop likes: ``department``, else
    it is the name of the table's folder, and ``image``, the picture's path from that folder, else
    ``item_id`` with one of the usual endings. ``columns`` gives the shop's own name for any of these.
    Raises TableRefused.
    """
    text = _renamed(table, columns)
    read = [*open_table(io.BytesIO(text.encode())).rows]
    cells = {(row.get("item_id") or "").strip(): row for row in csv.DictReader(io.StringIO(text))}
    left_out = [f"line {fault.where}: {fault.reason}" for fault in read if isinstance(fault, Fault)]
    found = []
    for row in {row.item_id: row for row in read if isinstance(row, Row)}.values():
        item_id, fields = row.item_id, row.fields
        department = (cells[item_id].get("department") or table.absolute().parent.name).strip()
        if department not in DEPARTMENTS:
            raise TableRefused(
                f"{table}: expected {' or '.join(DEPARTMENTS)} in the column department or as the folder's "
                f"name, found {department!r}"
            )
        image = cells[item_id].get("image")
        names = [image] if image else [f"{item_id}.{ending}" for ending in ENDINGS]
        pictures = [path for name in names if (path := table.parent / name).is_file()]
        if pictures:
            found.append(Listed(item_id, department, pictures[0], fields))
        else:
            left_out.append(f"{item_id}: expected the picture {names[0]}, found none")
    return found, left_out


def _renamed(table: Path, columns: Mapping[str, str]) -> str:
    """The table's text with our names in its header."""
    try:
        lines = list(csv.reader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableRefused(f"{table}: expected a CSV table in UTF-8, found: {error}") from error
    ours = {theirs.strip().lower(): name for name, theirs in columns.items()}
    header = [name.strip().lower() for name in lines[0]] if lines else []
    if missing := [theirs for theirs in ours if theirs not in header]:
        raise TableRefused(f"{table}: expected the column {missing[0]}, found {', '.join(header) or 'none'}")
    text = io.StringIO()
    csv.writer(text).writerows([[ours.get(name, name) for name in header], *lines[1:]])
    return text.getvalue()


def embedded(rows: list[Listed], department: str) -> tuple[Shop, list[str]]:
    """The rows of one department as the catalogue would show them, and in words what was left out.

    Embedded by the department's model in ``models/``, the last by name. Of rows with one ``item_id`` the last
    one counts. Raises TableRefused if fewer than 20 products are left.
    """
    version = sorted(path.parent.name for path in MODELS.glob(f"{department}/*/card.json"))[-1]
    encoder = Encoder.load(Folder(MODELS.parent), department, version)
    kept, squares, embeddings, left_out = list[Listed](), [], list[Embedding](), []
    ours = {row.item_id: row for row in rows if row.department == department}
    for _, row in tqdm(sorted(ours.items()), desc=f"embedding {department}", unit=" pictures"):
        try:
            squares.append(square(row.picture.read_bytes()))
        except PictureRefused as error:
            left_out.append(f"{row.item_id}: {error}")
        else:
            kept.append(row)
            embeddings.append(encoder.encode(normalise(squares[-1])))
    items = _items(kept, embeddings, encoder.card)
    shop = Shop(items, np.array(squares, np.uint8).reshape(-1, SIZE, SIZE, 3), encoder.card)
    if (found := len(np.unique(shop.products))) < PRODUCTS:
        raise TableRefused(
            f"{department}: expected at least {PRODUCTS} products with pictures, found {found}"
        )
    return shop, left_out


def _items(rows: list[Listed], embeddings: list[Embedding], card: Card) -> Items:
    """Items whose vectors went through the 16 bits of the catalogue, as those of ``recommend`` do."""
    stored = np.array([found.vector for found in embeddings], "<f2").reshape(-1, card.width)
    certain = [found.category_probability >= card.category_threshold for found in embeddings]
    categories: Any = [
        row.fields.get("category") or (found.category if sure else None)
        for row, found, sure in zip(rows, embeddings, certain, strict=True)
    ]
    columns: dict[str, Any] = {
        name: [row.fields.get(name) for row in rows]
        for name in ("price", "available", "sizes", "brand", "currency", "group_id", "title")
    }
    return Items.of(
        Space(card.department, card.version),
        [row.item_id for row in rows],
        weighted(stored, card.widths, card.weights),
        card.widths,
        category=categories,
        **columns,
    )
