"""Pictures as one array, with a table beside it, and back.

    python -m training.extract shop.csv --output build/shop
    python -m training.extract --back build/shop --output build/again

writes ``pictures.npy``, ``(n, 224, 224, 3)`` uint8, every picture as ``shared.pictures.square`` decodes it
for serving, and ``items.parquet``, the table with a row per picture in the same order, its ``split``, its
``family`` and the ``sha256`` of its file. Killed at any moment, the same command goes on where it stopped.
In Python, without reading the pictures into memory:

    pictures, items = load(Path("build/shop"))

Imports pandas; no torch.
"""

import argparse
import hashlib
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from shared.errors import StylekinError
from shared.pictures import SIZE, square
from training.data import Pictures, Rows
from training.splits import SHARES, TRAINING, families, split
from training.stock import Stock, add_arguments, opened
from training.twins import twins

PICTURES, ITEMS, LISTED = "pictures.npy", "items.parquet", "listed.parquet"
BUILDING, HASHES = "pictures.building.npy", "hashes.building.npy"
STEP = 64  # pictures between two moments at which all is on the disk
REFUSED = b"\xff" * 32  # in place of the hash of a picture that can not be read


class ExtractRefused(StylekinError):
    """A folder that holds something else than what is to be extracted."""


def extract(stock: Stock, folder: Path, step: int = STEP) -> dict[str, str]:
    """Write the array and the table of a stock's sound pictures; the reasons why others were left out, by id.

    What is there already is not decoded again, but for the last ``step`` of a run that was killed. Raises
    ExtractRefused if it is of other items.
    """
    folder.mkdir(parents=True, exist_ok=True)
    begun(stock, folder)
    if not (folder / ITEMS).exists():
        squares, hashes = decoded(stock, folder, step)
        sound = np.flatnonzero([bytes(each) != REFUSED for each in hashes])
        if len(sound) < len(hashes):
            squares = kept(squares, sound, folder)
        else:
            (folder / BUILDING).rename(folder / PICTURES)
        items = stock.items.iloc[sound].reset_index(drop=True)
        pairs = twins(tqdm(squares, desc="compare", unit="picture"))
        items["sha256"] = [bytes(each).hex() for each in hashes[sound]]
        items["family"] = families(items["item_id"].tolist(), items["group_id"].tolist(), pairs)
        items["split"] = split(items["family"].to_numpy(str))
        write_parquet(items, folder / ITEMS)
        (folder / BUILDING).unlink(missing_ok=True)
        (folder / HASHES).unlink()
    done = set(pd.read_parquet(folder / ITEMS, columns=["item_id"])["item_id"])
    left = stock.items[~stock.items["item_id"].isin(done)]
    return {item_id: refusal(stock, image) for item_id, image in left[["item_id", "image"]].to_numpy()}


def begun(stock: Stock, folder: Path) -> None:
    """Note what is extracted into a folder, or see that it is what was noted there."""
    listed = folder / LISTED
    if not listed.exists():
        write_parquet(stock.items, listed)
    there = pd.read_parquet(listed)
    if there.astype(str).to_dict("list") != stock.items.astype(str).to_dict("list"):
        raise ExtractRefused(
            f"{folder}: expected an extraction of the same table, found one of {len(there)} other items; "
            "choose another folder or delete this one"
        )


def decoded(stock: Stock, folder: Path, step: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Squares and hashes of all items, those of an earlier run taken as they are."""
    count = len(stock.items)
    if (folder / PICTURES).exists():  # killed between the last picture and the table
        return np.load(folder / PICTURES, mmap_mode="r"), np.load(folder / HASHES)
    squares = memory(folder / BUILDING, (count, SIZE, SIZE, 3))
    hashes = memory(folder / HASHES, (count, 32))
    with tqdm(total=count, initial=int(hashes.any(1).sum()), desc="extract", unit="picture") as bar:
        for start in range(0, count, step):
            found = hashes[start : start + step].copy()
            for row in np.flatnonzero(~found.any(1)):
                found[row] = np.frombuffer(put(stock, start + row, squares), np.uint8)
                bar.update()
            squares.flush()  # a hash says that its picture is on the disk
            hashes[start : start + step] = found
            hashes.flush()
    return squares, hashes


def put(stock: Stock, row: int, squares: NDArray[np.uint8]) -> bytes:
    """Decode one picture into its place; its hash, or ``REFUSED``."""
    try:
        data = stock.read(stock.items["image"].iloc[row])
        squares[row] = square(data)
    except (OSError, StylekinError):
        return REFUSED
    return hashlib.sha256(data).digest()


def memory(path: Path, shape: tuple[int, ...]) -> np.memmap:
    """A file of zeros as an array, or what an earlier run left there; never one of another shape."""
    if not path.exists():
        new = path.with_suffix(".new")
        np.lib.format.open_memmap(new, mode="w+", dtype=np.uint8, shape=shape).flush()
        new.rename(path)
    return np.lib.format.open_memmap(path, mode="r+")


def kept(squares: NDArray[np.uint8], rows: NDArray[np.intp], folder: Path) -> NDArray[np.uint8]:
    """The array without the pictures that could not be read."""
    if squares.shape[0] == len(rows) or (folder / PICTURES).exists():
        return squares
    new = folder / "pictures.new"
    left = np.lib.format.open_memmap(new, mode="w+", dtype=np.uint8, shape=(len(rows), *squares.shape[1:]))
    for place, row in enumerate(rows):
        left[place] = squares[row]
    left.flush()
    new.rename(folder / PICTURES)
    return left


def refusal(stock: Stock, image: str) -> str:
    """Why a picture was left out."""
    if not image:
        return "expected a picture, found none"
    try:
        square(stock.read(image))
    except (OSError, StylekinError) as error:
        return str(error)
    return "expected a picture, found none when it was extracted; it is there now: delete the folder"


def write_parquet(items: pd.DataFrame, path: Path) -> None:
    """Write a table; it is there whole or not at all."""
    new = path.with_suffix(".new")
    items.to_parquet(new, index=False)
    new.rename(path)


def load(folder: Path) -> tuple[NDArray[np.uint8], pd.DataFrame]:
    """The array, mapped into memory, and its table. Raises ExtractRefused if they are not whole."""
    if not (folder / ITEMS).exists():
        raise ExtractRefused(f"{folder}: expected the {ITEMS} of a finished extraction, found none")
    pictures, items = np.load(folder / PICTURES, mmap_mode="r"), pd.read_parquet(folder / ITEMS)
    if pictures.shape != (len(items), SIZE, SIZE, 3):
        raise ExtractRefused(f"{folder}: expected {len(items)} pictures, found an array {pictures.shape}")
    return pictures, items


def as_pictures(folder: Path, source: str) -> Pictures:
    """An extraction as ``training.data`` has its pictures; a family is a group."""
    squares, items = load(folder)
    columns = ["sha256", "item_id", "style", "category", "family"]
    content = hashlib.sha256(repr(items[columns].to_numpy(str).tolist()).encode())
    return Pictures(
        source=source,
        squares=squares,
        item_ids=items["item_id"].to_numpy(str),
        styles=items["style"].to_numpy(str),
        categories=items["category"].to_numpy(str),
        groups=items["family"].to_numpy(str),
        fingerprint=content.hexdigest(),
    )


def rows_by_side(folder: Path) -> dict[str, Rows]:
    """The rows of each side of the split, in the order of the array. Raises ExtractRefused."""
    side = load(folder)[1]["split"].to_numpy(str)
    return {name: np.flatnonzero(side == name) for name in (TRAINING, *SHARES)}


def back(folder: Path, output: Path) -> None:
    """A table and a picture per item, from which ``extract`` makes the same array again."""
    pictures, items = load(folder)
    items["image"] = [f"{place:07d}.png" for place in range(len(items))]  # an id may be no name of a file
    output.mkdir(parents=True, exist_ok=True)
    for image, picture in zip(tqdm(items["image"], desc="write", unit="picture"), pictures, strict=True):
        if not (output / image).exists():
            new = output / f".{image}"
            Image.fromarray(picture).save(new, "PNG")
            new.rename(output / image)
    items.to_csv(output / "items.csv", index=False)


def main() -> int:
    """Extract or put back; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m training.extract",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_arguments(parser)
    parser.add_argument("--back", action="store_true", help="SOURCE is an extraction: write its pictures")
    parser.add_argument("--output", type=Path, required=True, help="folder to write to")
    given = parser.parse_args()
    try:
        if given.back:
            back(Path(given.source), given.output)
            return 0
        left_out = extract(opened(given), given.output)
        pictures, items = load(given.output)
    except StylekinError as error:
        parser.error(str(error))
    for item_id, reason in left_out.items():
        print(f"left out: {item_id}: {reason}", file=sys.stderr)
    sides = ", ".join(f"{count} {side}" for side, count in items["split"].value_counts().items())
    print(f"{given.output / PICTURES}: {pictures.shape}, {sides}; left out {len(left_out)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
