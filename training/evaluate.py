"""What a department's networks are worth: report.html to look at and report.json to keep.

    python -m training.evaluate --wardrobe --photographs FOLDER
    python -m training.evaluate shop.csv --department womenswear

runs the very files that serving runs (no torch) on any labelled pictures: the drawn wardrobe of `make demo`,
the photographs that the demo models were not trained on (a folder laid out as docs/training.md says), or a
shop's own. Pictures that a network learned from flatter it: --split test takes those alone that
training/extract.py put there.
"""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from shared.card import Card, read_card
from shared.departments import DEPARTMENTS
from shared.errors import StylekinError
from training.bundle import CNN_FILE, RESNET_FILE
from training.data import PHOTOGRAPHS_HELD_OUT, Pictures, decoded, held_out, photographs, taken, wardrobe
from training.evidence import Seen, evidence, latency, seen
from training.extract import as_pictures, extract, load
from training.report import report
from training.splits import SHARES, TRAINING
from training.stock import StockRefused, add_arguments, only, opened

ROOT = Path(__file__).parent.parent
DEMO_ITEMS, DEMO_SEED = 320, 7  # what `make demo` draws


def sets(given: argparse.Namespace, department: str) -> dict[str, Pictures]:
    """The sets of pictures to look at, by name. Raises StylekinError."""
    found = {}
    if given.photographs:
        listed = photographs(given.photographs)
        aside = held_out(np.array([each.group for each in listed]), PHOTOGRAPHS_HELD_OUT)
        kept = [each for each, is_aside in zip(listed, aside, strict=True) if is_aside]
        found["photographs, held out by contributor_id"] = decoded("photographs", kept, given.cache)
    if given.wardrobe:
        drawn = wardrobe(department, DEMO_ITEMS, DEMO_SEED)
        found["wardrobe of make demo"] = decoded(f"{department}-demo", drawn, given.cache)
    if given.source:
        stock = only(opened(given), department)
        folder = given.cache / f"{department}-{stock.name}"
        extract(stock, folder)
        pictures = as_pictures(folder, stock.name)
        if given.split:
            sides = load(folder)[1]["split"].to_numpy(str)
            pictures = taken(pictures, np.flatnonzero(sides == given.split))
        if not len(pictures):
            raise StockRefused(f"{given.source}: expected pictures of {department}, found none")
        found[stock.name] = pictures
    return found


def told(card: Card, networks: tuple[bytes, bytes], looked: Mapping[str, Seen]) -> dict[str, Any]:
    """A report.json."""
    first = next(iter(looked.values()))
    return {
        "made_by": "python -m training.evaluate",
        "department": card.department,
        "version": card.version,
        "files": {name: file.sha256 for name, file in card.files.items()},
        "latency": latency(networks, first.pictures),
        "curves": card.training.get("curves", {}),
        "sets": {name: evidence(each) for name, each in looked.items()},
    }


def write(folder: Path, figures: Mapping[str, Any], looked: Mapping[str, Seen]) -> None:
    """Write both files of a report."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    (folder / "report.html").write_text(report(figures, looked), encoding="utf-8")


def main() -> None:
    """Report on every bundle of a version."""
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_arguments(parser, required=False)
    parser.add_argument("--split", choices=(TRAINING, *SHARES), help="of SOURCE, this side alone")
    parser.add_argument("--photographs", type=Path, help="folder of the demo models' photographs")
    parser.add_argument("--wardrobe", action="store_true", help="the items that `make demo` draws")
    parser.add_argument("--models", type=Path, default=ROOT / "models", help="folder of bundles")
    parser.add_argument("--version", default="demo-4")
    parser.add_argument("--cache", type=Path, default=ROOT / ".local" / "training", help="decoded pictures")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "evidence", help="folder of reports")
    given = parser.parse_args()
    if not (given.source or given.photographs or given.wardrobe):
        parser.error("expected pictures to look at: SOURCE, --photographs or --wardrobe, found none")
    for department in [given.department] if given.department else DEPARTMENTS:
        bundle = given.models / department / given.version
        try:
            card = read_card((bundle / "card.json").read_bytes(), str(bundle / "card.json"))
            networks = (bundle / RESNET_FILE).read_bytes(), (bundle / CNN_FILE).read_bytes()
            looked = {name: seen(card, networks, each) for name, each in sets(given, department).items()}
        except (OSError, StylekinError) as error:
            parser.error(f"{department} {given.version}: {error}")
        write(given.output / department, told(card, networks, looked), looked)
        print(given.output / department / "report.html")


if __name__ == "__main__":
    main()
