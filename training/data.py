"""What the networks learn from: real photographs and the drawn wardrobe, as one array of squares.

Every picture goes through ``shared.pictures.square``, the decoder of serving, once; the squares are kept
in a memory-mapped file. Pictures of one group (a contributor's photographs, a product's colours) stay
on one side of a split. Imports numpy, ``shared`` and ``scripts.wardrobe``; no torch.
"""

import csv
import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from scripts.wardrobe import draw
from shared.pictures import SIZE, square

PHOTOGRAPHS = "clothing_cc0"
PHOTOGRAPHS_HELD_OUT = 0.2  # of the demo models' photographs, whole contributors
NO_LABEL = -1

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Listed:
    """One picture before it is decoded: ``data`` are the bytes of its file."""

    item_id: str
    style: str  # "" where nobody has said
    category: str
    group: str
    data: bytes


@dataclass(frozen=True)
class Pictures:
    """``n`` pictures of one source, in one order.

    ``squares`` is ``(n, 224, 224, 3)`` uint8; the rest are ``(n,)`` string arrays, "" where unknown.
    ``fingerprint`` is the SHA-256 of the files and their labels.
    """

    source: str
    squares: NDArray[np.uint8]
    item_ids: NDArray[np.str_]
    styles: NDArray[np.str_]
    categories: NDArray[np.str_]
    groups: NDArray[np.str_]
    fingerprint: str

    def __len__(self) -> int:
        return len(self.item_ids)


def photographs(folder: Path, kids: bool = False) -> list[Listed]:
    """The adults' photographs of a folder laid out as clothing_cc0, or all; a contributor is a group."""
    with (folder / "metadata.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if kids or row["kids"].lower() != "true"]
    return [
        Listed(
            item_id=row["item_id"],
            style=row["style"],
            category=row["category"],
            group=f"contributor-{row['contributor_id']}",
            data=(folder / row["image"]).read_bytes(),
        )
        for row in rows
    ]


def wardrobe(department: str, count: int, seed: int) -> list[Listed]:
    """The first ``count`` items of a department's drawn wardrobe; a product in all its colours is a group."""
    return [
        Listed(
            item_id=item.item_id,
            style=item.style,
            category=item.category,
            group=item.group_id,
            data=item.picture(),
        )
        for item in draw(department, count, seed)
    ]


def shop(folder: Path, department: str) -> list[Listed]:
    """A department's items of a folder laid out as luma_osl3; a product in all its colours is a group."""
    with (folder / "metadata.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["department"] == department]
    return [
        Listed(
            item_id=row["item_id"],
            style=row["style"],
            category=row["category"],
            group=row["product_id"],
            data=(folder / row["image"]).read_bytes(),
        )
        for row in rows
    ]


def decoded(source: str, listed: Sequence[Listed], cache: Path) -> Pictures:
    """Decode every listed picture, or take the squares of the very same files from ``cache``."""
    files = hashlib.sha256()
    for each in listed:
        files.update(hashlib.sha256(each.data).digest())
    path = cache / f"{source}-{files.hexdigest()[:16]}.npy"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        building = path.with_suffix(f".{os.getpid()}.building")  # another run may be decoding the same
        shape = (len(listed), SIZE, SIZE, 3)
        squares = np.lib.format.open_memmap(building, mode="w+", dtype=np.uint8, shape=shape)
        for row, each in enumerate(tqdm(listed, desc=f"decode {source}", unit="picture")):
            squares[row] = square(each.data)
        squares.flush()
        building.rename(path)
    for each in listed:
        files.update(repr((each.item_id, each.style, each.category, each.group)).encode())
    return Pictures(
        source=source,
        squares=np.load(path, mmap_mode="r"),
        item_ids=np.array([each.item_id for each in listed]),
        styles=np.array([each.style for each in listed]),
        categories=np.array([each.category for each in listed]),
        groups=np.array([each.group for each in listed]),
        fingerprint=files.hexdigest(),
    )


def taken(pictures: Pictures, rows: Rows) -> Pictures:
    """Some rows of a source, copied."""
    return Pictures(
        source=pictures.source,
        squares=pictures.squares[rows],
        item_ids=pictures.item_ids[rows],
        styles=pictures.styles[rows],
        categories=pictures.categories[rows],
        groups=pictures.groups[rows],
        fingerprint=hashlib.sha256(f"{pictures.fingerprint} {rows.tolist()}".encode()).hexdigest(),
    )


def joined(source: str, parts: Sequence[Pictures]) -> Pictures:
    """Several sources one after the other. Groups get their source's name, so that none are mixed up."""
    return Pictures(
        source=source,
        squares=np.concatenate([part.squares for part in parts]),
        item_ids=np.concatenate([part.item_ids for part in parts]),
        styles=np.concatenate([part.styles for part in parts]),
        categories=np.concatenate([part.categories for part in parts]),
        groups=np.concatenate([np.char.add(f"{part.source}/", part.groups) for part in parts]),
        fingerprint=hashlib.sha256("".join(part.fingerprint for part in parts).encode()).hexdigest(),
    )


def held_out(groups: NDArray[np.str_], share: float) -> NDArray[np.bool_]:
    """Which rows to keep from training: whole groups, in the order of their hashes, up to ``share``.

    A group is passed over where it would take more than ``share`` of the rows. The same groups are
    chosen whatever the order of the rows.
    """
    names, counts = np.unique(groups, return_counts=True)
    order = sorted(
        zip(names, counts, strict=True), key=lambda each: hashlib.sha256(each[0].encode()).digest()
    )
    room, chosen = int(share * len(groups)), []
    for name, count in order:
        if count <= room:
            chosen.append(name)
            room -= int(count)
    return np.isin(groups, chosen)


def labels(values: NDArray[np.str_], classes: Sequence[str]) -> NDArray[np.int64]:
    """Position of each value in ``classes``; ``NO_LABEL`` for any other."""
    known = {name: index for index, name in enumerate(classes)}
    return np.array([known.get(str(value), NO_LABEL) for value in values], np.int64)


def drawn_rows(rows: Rows, styles: NDArray[np.int64], balance: float, random: np.random.Generator) -> Rows:
    """An epoch: ``len(rows)`` rows drawn so that styles come nearer to equally often.

    ``balance`` 0 leaves the styles as frequent as they are, 1 makes all equally frequent.
    """
    _, style, counts = np.unique(styles[rows], return_inverse=True, return_counts=True)
    weight = counts[style].astype(float) ** -balance
    expected = weight / weight.sum() * len(rows)
    # each row as often as expected, rounded up or down at random: rare rows repeat, none is lost by luck
    times = np.floor(expected + random.random(len(rows))).astype(int)
    return random.permutation(np.repeat(rows, times))


def batches(rows: Rows, size: int) -> Iterable[Rows]:
    """``rows`` in pieces of ``size``, without the last short one unless it is the only one."""
    whole = len(rows) // size * size
    yield from np.split(rows[:whole], range(size, whole, size)) if whole else [rows]
