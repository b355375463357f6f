"""Draw what shoppers are shown, one step of the ranking beside the other, and measure it.

Without a table the demo's wardrobe is drawn and taken. A table is one that embed_on_upload takes (CSV,
item_id required), with two more columns if the shop likes: department, else it is the name of the table's
folder, and image, the picture's path from that folder, else it is <item_id>.jpg, .jpeg, .png or .webp there.
Pictures are embedded by the models in models/.

  python -m scripts.sheets
  python -m scripts.sheets shop/womenswear/items.csv shop/menswear/items.csv
  python -m scripts.sheets shop/metadata.csv --column group_id=product_id --column sizes=size
"""

import argparse
import sys
from pathlib import Path

import msgspec
from tqdm import tqdm

from scripts.sheets.drawing import save, sheet
from scripts.sheets.figures import FOLDER, write
from scripts.sheets.lists import LENGTH, shoppers, steps
from scripts.sheets.measures import Measures, department
from scripts.sheets.shop import embedded, listed
from scripts.wardrobe.folder import TABLE, fill
from shared.departments import DEPARTMENTS
from shared.errors import StylekinError

WARDROBE = 320  # items per department, as in the demo


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.sheets",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("tables", metavar="TABLE", nargs="*", type=Path, help="a shop's attributes, CSV")
    parser.add_argument(
        "--column", metavar="OURS=THEIRS", action="append", default=[],
        help="the shop's name for one of our columns; may be repeated",
    )  # fmt: skip
    parser.add_argument("--name", help="what to call the shop in the figures (default: the table's folder)")
    parser.add_argument(
        "--out", type=Path, default=Path("build/sheets"), help="folder for the sheets (default build/sheets)"
    )
    parser.add_argument("--shoppers", type=int, default=10, help="how many, of all departments (default 10)")
    parser.add_argument(
        "--random-shoppers", type=int, default=200, help="how many measure the diversity (default 200)"
    )
    parser.add_argument("--seed", type=int, default=7, help="of the shoppers and their chance (default 7)")
    parser.add_argument(
        "--docs", action="store_true", help="also write the figures, and pictures of the wardrobe, into docs/"
    )
    given = parser.parse_args(arguments)
    if wrong := [text for text in given.column if "=" not in text]:
        parser.error(f"--column: expected OURS=THEIRS, such as group_id=product_id, found {wrong[0]!r}")
    if given.shoppers < len(DEPARTMENTS) * 2:
        parser.error(
            f"--shoppers: expected two of each department, {len(DEPARTMENTS) * 2}, found {given.shoppers}"
        )
    columns = dict(text.split("=", 1) for text in given.column)
    name = given.name or (given.tables[0].absolute().parent.name if given.tables else "wardrobe")
    out = given.out / name
    try:
        measured = run(given.tables or wardrobe(given.out.parent / "wardrobe"), columns, name, out, given)
    except (StylekinError, OSError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    (out / "measures.json").write_bytes(msgspec.json.format(msgspec.json.encode(measured), indent=2) + b"\n")
    print(f"{out}: a sheet per shopper, and measures.json")
    if given.docs:
        write(out, measured, pictures=not given.tables)
        print(f"{FOLDER}: the figures of {name}")
    return 0


def wardrobe(folder: Path) -> list[Path]:
    """The demo's wardrobe as a shop's tables, drawn unless it is there."""
    for name in DEPARTMENTS:
        fill(folder, name, WARDROBE)
    return [folder / name / TABLE for name in DEPARTMENTS]


def run(
    tables: list[Path], columns: dict[str, str], name: str, out: Path, given: argparse.Namespace
) -> Measures:
    """Draw every sheet into ``out`` and measure the lists."""
    rows, left_out = [], list[str]()
    for table in tables:
        found, faults = listed(table, columns)
        rows += found
        left_out += faults
    present = [each for each in DEPARTMENTS if any(row.department == each for row in rows)]
    measured = []
    out.mkdir(parents=True, exist_ok=True)
    for each in present:
        shop, faults = embedded(rows, each)
        left_out += faults
        who = shoppers(shop, given.shoppers // len(present), given.seed)
        lists = [steps(shop, shopper) for shopper in tqdm(who, desc=f"ranking {each}", unit=" shoppers")]
        for number, (shopper, own) in enumerate(zip(who, lists, strict=True), start=1):
            save(sheet(shop, shopper, own), out / f"{each}-{number}.jpg")
        measured.append(department(shop, who, lists, given.random_shoppers // len(present), given.seed))
    if left_out:
        print(f"{len(left_out)} left out; the first: {left_out[0]}", file=sys.stderr)
    return Measures(name, given.seed, LENGTH, tuple(measured))


if __name__ == "__main__":
    raise SystemExit(main())
