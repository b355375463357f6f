"""A shop's own items to learn from: a table and a folder of pictures, or the buckets of a running system.

    SOURCE                  what it is
    shop.csv, shop.parquet  a table: item_id, and any of department, style, category, group_id, image
    shop/                   a folder with one such table in it, beside the pictures
    gs://… or file://…      the catalogue bucket; its pictures are in the bucket of --images

``image`` is the picture's path from the table's folder; without it the picture is `<item_id>` or
`<department>/<item_id>` with one of the usual endings. Any other column is kept. Imports pandas; no torch.
"""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from shared import wiring
from shared.departments import DEPARTMENTS
from shared.errors import StylekinError
from shared.facts import composed, parse_clock
from shared.pictures import EXTENSIONS
from shared.reader import Reader
from shared.storage.ports import Blobs
from shared.visible import is_visible

COLUMNS = ("item_id", "department", "style", "category", "group_id", "image")
KEPT = (
    "item_id",
    "picture_clock",
    "brand",
    "title",
    "price",
    "currency",
    "category",
    "group_id",
    "available",
)
TABLES = (".csv", ".parquet")


class StockRefused(StylekinError):
    """A table or a folder that can not be read as a shop's items."""


@dataclass(frozen=True)
class Stock:
    """``items`` has a row per item and at least ``COLUMNS``, text, "" where unknown; ``image`` is "" where no
    picture was found. ``read`` gives a picture's bytes by its ``image`` and raises OSError or
    StylekinError. ``repeated`` are ids that the table had more than once: the first row counts.
    """

    name: str
    items: pd.DataFrame
    read: Callable[[str], bytes | memoryview]
    repeated: tuple[str, ...] = ()


def read_table(path: Path, columns: Mapping[str, str] | None = None) -> pd.DataFrame:
    """A CSV or Parquet table with ``COLUMNS`` as text; ``columns`` gives the shop's name for any of these.

    Raises StockRefused if it can not be read or has no item_id.
    """
    try:
        if path.suffix == ".parquet":
            table = pd.read_parquet(path)
        else:
            table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:  # pandas' and pyarrow's own errors are ValueErrors
        raise StockRefused(f"{path}: expected a CSV or Parquet table, found: {error}") from error
    for name, theirs in (columns or {}).items():
        if theirs not in table:
            raise StockRefused(f"{path}: expected a column {theirs!r} for {name}, found {list(table)}")
        table[name] = table[theirs]
    if "item_id" not in table:
        raise StockRefused(
            f"{path}: expected a column item_id, found {list(table)}; --column item_id=NAME names another"
        )
    return texts(table)


def texts(table: pd.DataFrame) -> pd.DataFrame:
    """The table with all of ``COLUMNS``, trimmed text, "" where there was nothing; others as they are."""
    table = table.reset_index(drop=True)
    for name in COLUMNS:
        values = table[name] if name in table else pd.Series("", index=table.index)
        table[name] = ["" if pd.isna(value) else composed(str(value)) for value in values]
    return table


def of_table(path: Path, pictures: Path | None = None, columns: Mapping[str, str] | None = None) -> Stock:
    """The items of a table, with pictures below ``pictures``, else beside the table. Raises StockRefused."""
    if path.is_dir():
        path = only_table(path)
    folder = pictures or path.parent
    if not folder.is_dir():
        raise StockRefused(f"{folder}: expected a folder of pictures, found none")
    items = read_table(path, columns)
    items["image"] = [found(folder, *row) for row in items[["image", "department", "item_id"]].to_numpy()]
    return once(path.stem, items, lambda image: (folder / image).read_bytes())


def only_table(folder: Path) -> Path:
    """The one CSV or Parquet file in a folder. Raises StockRefused if there are none or several."""
    tables = sorted(path for path in folder.iterdir() if path.suffix in TABLES and path.is_file())
    if len(tables) != 1:
        names = ", ".join(path.name for path in tables) or "none"
        raise StockRefused(
            f"{folder}: expected one CSV or Parquet table, found {names}; name the one to read"
        )
    return tables[0]


def found(folder: Path, image: str, department: str, item_id: str) -> str:
    """The path of an item's picture from ``folder``, "" if it is not there."""
    named = [f"{item_id}.{ending}" for ending in EXTENSIONS]
    wanted = [image] if image else [*named, *(f"{department}/{name}" for name in named if department)]
    return next((path for path in wanted if (folder / path).is_file()), "")


def of_buckets(catalogue: Blobs, images: Blobs, departments: tuple[str, ...] = DEPARTMENTS) -> Stock:
    """The visible items of a running system. Styles it does not know: they come with ``labelled``.

    Raises ModelMissing if nothing was ever published there, and whatever the stores raise.
    """
    parts = []
    for department in departments:
        table = Reader(catalogue, department, 0).catalogue().table
        part = table.filter(is_visible(table)).select(list(KEPT)).to_pandas()
        part["image"] = [parse_clock(clock)[2] for clock in part.pop("picture_clock")]
        part["department"] = department
        parts.append(part)
    return once("catalogue", texts(pd.concat(parts)), lambda image: images.read(image)[0])


def once(name: str, items: pd.DataFrame, read: Callable[[str], bytes | memoryview]) -> Stock:
    """A stock in which every item of a department stands once."""
    again = items.duplicated(["department", "item_id"])
    repeated = tuple(dict.fromkeys(items["item_id"][again]))
    return Stock(name, items[~again].reset_index(drop=True), read, repeated)


def labelled(stock: Stock, labels: pd.DataFrame) -> Stock:
    """The stock with the styles and categories of ``labels`` where these have one."""
    items = stock.items.copy()
    told = labels.drop_duplicates("item_id").set_index("item_id")
    for name in ("style", "category"):
        said = items["item_id"].map(told[name]).fillna("")
        items[name] = said.where(said != "", items[name])
    return Stock(stock.name, items, stock.read, stock.repeated)


def only(stock: Stock, department: str) -> Stock:
    """The items of a department, and those that name none, which are taken to be of it."""
    items = stock.items[stock.items["department"].isin(["", department])].reset_index(drop=True)
    items["department"] = department
    return Stock(stock.name, items, stock.read, stock.repeated)


def add_arguments(parser: argparse.ArgumentParser, required: bool = True) -> None:
    """What every command says of a shop's own data."""
    several = None if required else "?"
    help_ = "a table, its folder, or a bucket's file://… or gs://…"
    parser.add_argument("source", metavar="SOURCE", nargs=several, help=help_)
    parser.add_argument("--pictures", type=Path, help="folder of the pictures; default: that of the table")
    parser.add_argument("--images", help="file://FOLDER or gs://BUCKET of the pictures of a catalogue bucket")
    parser.add_argument("--labels", type=Path, help="table of item_id and style (or category) to lay over")
    parser.add_argument("--department", choices=DEPARTMENTS, help="these items alone; default: all")
    parser.add_argument(
        "--column", action="append", default=[], metavar="NAME=COLUMN", help="what the table calls a column"
    )


def opened(given: argparse.Namespace) -> Stock:
    """The stock that the arguments name. Raises StylekinError."""
    columns = dict(each.partition("=")[::2] for each in given.column)
    if strange := sorted(columns.keys() - set(COLUMNS)):
        raise StockRefused(f"--column: expected one of {', '.join(COLUMNS)}, found {', '.join(strange)}")
    if "://" in given.source:
        if not given.images:
            raise StockRefused(f"{given.source}: expected --images, the bucket of its pictures, found none")
        buckets = wiring.blobs("SOURCE", given.source), wiring.blobs("--images", given.images)
        stock = of_buckets(*buckets, (given.department,) if given.department else DEPARTMENTS)
    else:
        stock = of_table(Path(given.source), given.pictures, columns)
    if given.labels:
        stock = labelled(stock, read_table(given.labels, {}))
    stock = only(stock, given.department) if given.department else stock
    if stock.items.empty:
        raise StockRefused(f"{given.source}: expected items, found none")
    return stock
