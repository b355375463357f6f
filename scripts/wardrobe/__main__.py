"""`python -m scripts.wardrobe`: draws the demo items into a folder, or a contact sheet.

Imports sheet, folder and shared.departments.
"""

import argparse
from pathlib import Path

from scripts.wardrobe.folder import fill
from scripts.wardrobe.sheet import write_sheet
from shared.departments import DEPARTMENTS


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.wardrobe", description=__doc__)
    parser.add_argument("--out", type=Path, help="folder for <department>/<item_id>.jpg and wardrobe.csv")
    parser.add_argument("--sheet", type=Path, help="write a contact sheet (PNG) instead")
    parser.add_argument("--count", type=int, default=320, help="items per department (default 320)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--department", choices=DEPARTMENTS, action="append", help="only this one; may be repeated"
    )
    given = parser.parse_args(arguments)
    departments = tuple(given.department or DEPARTMENTS)
    if given.count < 1:
        parser.error(f"--count must be at least 1, found {given.count}")
    if given.sheet is None and given.out is None:
        parser.error("give --out FOLDER or --sheet FILE.png")
    if given.sheet is not None:
        write_sheet(given.sheet, departments, given.seed)
    if given.out is not None:
        for department in departments:
            fill(given.out, department, given.count, given.seed)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
