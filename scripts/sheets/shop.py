"""A shop's items from its table and its pictures, embedded as the functions would. numpy and the encoder."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from scripts.publish_models import MODELS
from shared.card import Card
from shared.departments import DEPARTMENTS, Space
from shared.encoder import Embedding, Encoder
from shared.errors import PictureRefused, TableRefused
from shared.items import Items
from shared.pictures import normalise, square
from shared.storage.folder import Folder
from shared.tables import Fields, read_table
from shared.visible import weighted

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
    """One department of a shop: its items, their pictures ``(n, 224, 224, 3)`` uint8, and the model's card."""

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
    text = table.read_text(encoding="utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    ours = {theirs: name for name, theirs in columns.items()}
    header = [ours.get(name.strip(), name.strip()) for name in lines[0]] if lines else []
    if missing := [theirs for name, theirs in columns.items() if name not in header]:
        raise TableRefused(f"{table}: expected a column {missing[0]}, found {', '.join(header)}")
    renamed = io.StringIO()
    csv.writer(renamed).writerows([header, *lines[1:]])
    read = read_table(renamed.getvalue().encode())
    more = {row.get("item_id", "").strip(): row for row in csv.DictReader(io.StringIO(renamed.getvalue()))}
    left_out = [f"line {fault.where}: {fault.reason}" for fault in read.faults]
    found = []
    for item_id, fields in sorted(read.rows.items()):
        department = (more[item_id].get("department") or table.absolute().parent.name).strip()
        if department not in DEPARTMENTS:
            expected = f"the department {' or '.join(DEPARTMENTS)}"
            raise TableRefused(
                f"{table}: expected {expected} in the column department or as the folder's name, "
                f"found {department!r}"
            )
        image = more[item_id].get("image")
        names = [image] if image else [f"{item_id}.{ending}" for ending in ENDINGS]
        pictures = [path for name in names if (path := table.parent / name).is_file()]
        if pictures:
            found.append(Listed(item_id, department, pictures[0], fields))
        else:
            left_out.append(f"{item_id}: expected the picture {names[0]}, found none")
    return found, left_out


def embedded(rows: list[Listed], department: str) -> tuple[Shop, list[str]]:
    """The rows of one department as the catalogue would show them, and what was left out.

    Embedded by the last of the department's models. Two rows with one ``item_id`` are refused: ValueError.
    """
    version = sorted(path.parent.name for path in MODELS.glob(f"{department}/*/card.json"))[-1]
    encoder = Encoder.load(Folder(MODELS.parent), department, version)
    kept, squares, embeddings, left_out = list[Listed](), [], list[Embedding](), []
    ours = sorted((row for row in rows if row.department == department), key=lambda row: row.item_id)
    for row in tqdm(ours, desc=f"embedding {department}", unit=" pictures"):
        try:
            squares.append(square(row.picture.read_bytes()))
        except PictureRefused as error:
            left_out.append(f"{row.item_id}: {error}")
        else:
            kept.append(row)
            embeddings.append(encoder.encode(normalise(squares[-1])))
    return Shop(_items(kept, embeddings, encoder.card), np.stack(squares), encoder.card), left_out


def _items(rows: list[Listed], embeddings: list[Embedding], card: Card) -> Items:
    """Items whose vectors went through the 16 bits of the catalogue, as those of ``recommend`` do."""
    stored = np.stack([embedding.vector for embedding in embeddings]).astype("<f2")
    certain = [found.category_probability >= card.category_threshold for found in embeddings]
    categories = [
        row.fields.get("category") or (found.category if sure else None)
        for row, found, sure in zip(rows, embeddings, certain, strict=True)
    ]
    columns = {
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
