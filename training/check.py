"""Look a shop's own data over before anything is learned from it.

    python -m training.check shop.csv
    python -m training.check shop/ --department womenswear --column group_id=product_id
    python -m training.check file://.local/catalogue --images file://.local/images --labels styles.csv

Missing and corrupt pictures, classes that are small, near-duplicates, and near-duplicates of which the table
says different things; then a page with a contact sheet per class, and how the items would be split. The exit
status is 1 if something is missing, corrupt, listed twice or in conflict. Imports pandas; no torch.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from shared.errors import StylekinError
from shared.pictures import square
from training import pages
from training.splits import families, split
from training.stock import Stock, add_arguments, opened
from training.twins import Pairs, twins

FEWEST = 20  # pictures of a class, below which little can be learned of it
SHOWN = 36  # pictures of a contact sheet
PAIRS_SHOWN = 60
SAID = ("style", "category")


@dataclass(frozen=True)
class Findings:
    """What was found of a stock. ``rows`` ``(n,)`` are the items whose pictures are sound; ``pairs`` and
    ``conflicts`` are places in ``rows``.

    ``corrupt`` maps items to reasons; ``conflicts`` maps a column to the twins that differ in it.
    """

    stock: Stock
    rows: NDArray[np.int64]
    missing: list[str]
    corrupt: dict[str, str]
    pairs: Pairs
    conflicts: dict[str, Pairs]
    sides: NDArray[np.str_]

    @property
    def faulty(self) -> bool:
        """Whether something should be mended first."""
        differ = any(len(pairs) for pairs in self.conflicts.values())
        return bool(self.missing or self.corrupt or self.stock.repeated or differ)

    def figure(self, place: int, caption: str) -> str:
        """One sound picture with words below; it is read again, since all of them would fill the memory."""
        image = self.stock.items["image"].iloc[self.rows[place]]
        return pages.figure(square(self.stock.read(image)), caption)


def looked_over(stock: Stock) -> Findings:
    """Decode every picture as serving would, and compare all with all."""
    missing: list[str] = []
    corrupt: dict[str, str] = {}
    rows: list[int] = []

    def squares() -> Iterator[NDArray[np.uint8]]:
        listed = zip(stock.items["item_id"], stock.items["image"], strict=True)
        for row, (item_id, image) in enumerate(tqdm(list(listed), desc="look", unit="picture")):
            if not image:
                missing.append(item_id)
                continue
            try:
                found = square(stock.read(image))
            except (OSError, StylekinError) as error:
                corrupt[item_id] = str(error)
                continue
            rows.append(row)
            yield found

    pairs = twins(squares())
    sound = stock.items.iloc[rows]
    conflicts = {}
    for name in SAID:
        first, second = (sound[name].to_numpy(str)[pairs[:, side]] for side in (0, 1))
        conflicts[name] = pairs[(first != "") & (second != "") & (first != second)]
    return Findings(
        stock=stock,
        rows=np.array(rows, np.int64),
        missing=missing,
        corrupt=corrupt,
        pairs=pairs,
        conflicts=conflicts,
        sides=split(families(sound["item_id"].tolist(), sound["group_id"].tolist(), pairs)),
    )


def counts(findings: Findings, name: str) -> list[tuple[str, int]]:
    """Sound pictures of each value of a column, the commonest first; "" is what has none."""
    return Counter(findings.stock.items[name].iloc[findings.rows]).most_common()


def summary(findings: Findings) -> list[tuple[str, int]]:
    """What was found, in numbers."""
    told = [
        ("items listed", len(findings.stock.items)),
        ("sound pictures", len(findings.rows)),
        ("items listed more than once (the first row counts)", len(findings.stock.repeated)),
        ("items without a picture", len(findings.missing)),
        ("pictures that can not be read", len(findings.corrupt)),
        ("pairs of near-duplicates", len(findings.pairs)),
    ]
    told += [(f"near-duplicates of another {name}", len(findings.conflicts[name])) for name in SAID]
    told += [(f"items without a {name}", dict(counts(findings, name)).get("", 0)) for name in SAID]
    small = [value for value, count in counts(findings, "style") if value and count < FEWEST]
    return [*told, (f"styles of fewer than {FEWEST} pictures", len(small))]


def as_page(findings: Findings) -> str:
    """The findings as HTML: what to mend, what there is, and what it looks like."""
    items = findings.stock.items.iloc[findings.rows]
    ids = items["item_id"].to_numpy(str)
    parts = [pages.table(("what", "how many"), summary(findings))]
    if findings.missing:
        parts += [pages.heading("Items without a picture"), pages.paragraph(", ".join(findings.missing))]
    if findings.corrupt:
        parts += [
            pages.heading("Pictures that can not be read"),
            pages.table(("item", "reason"), findings.corrupt.items()),
        ]
    if findings.stock.repeated:
        parts += [pages.heading("Listed more than once"), pages.paragraph(", ".join(findings.stock.repeated))]
    for name in SAID:
        parts += twin_sheet(findings, f"Near-duplicates of another {name}", findings.conflicts[name], name)
    parts += twin_sheet(findings, "Near-duplicates", findings.pairs, "group_id")
    parts.append(pages.heading("How the items would be split"))
    parts.append(
        pages.paragraph(
            "Whole families: what a group_id or a near-duplicate ties together is on one side. No class is "
            "balanced by this; a style that is missing on one side needs more groups."
        )
    )
    styles = items["style"].to_numpy(str)
    sides = ["training", "validation", "test"]
    parts.append(
        pages.table(
            ("style", *sides),
            [
                (
                    style or "none",
                    *(int(((styles == style) & (findings.sides == side)).sum()) for side in sides),
                )
                for style, _ in counts(findings, "style")
            ],
        )
    )
    random = np.random.default_rng(0)
    for name in SAID:
        for value, count in counts(findings, name):
            rows = np.flatnonzero(items[name].to_numpy(str) == value)
            rows = np.sort(random.permutation(rows)[:SHOWN])
            parts.append(pages.heading(f"{name}: {value or 'none'} ({count})"))
            parts.append(pages.sheet(findings.figure(row, ids[row]) for row in rows))
    return pages.page(f"{findings.stock.name}: {len(items)} pictures", parts)


def twin_sheet(findings: Findings, title: str, pairs: Pairs, name: str) -> list[str]:
    """The first pairs side by side, with what the table says of each; nothing where there are none."""
    if not len(pairs):
        return []
    items = findings.stock.items.iloc[findings.rows]
    words = (items["item_id"] + " · " + items[name].where(items[name] != "", f"no {name}")).to_numpy(str)
    shown = [
        f"<div>{pages.sheet(findings.figure(row, words[row]) for row in pair)}</div>"
        for pair in pairs[:PAIRS_SHOWN].tolist()
    ]
    title = f"{title} (pairs: {len(pairs)}{f', the first {PAIRS_SHOWN}' if len(pairs) > PAIRS_SHOWN else ''})"
    return [pages.heading(title), pages.sheet(shown)]


def main() -> int:
    """Check what the command line names; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m training.check",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_arguments(parser)
    parser.add_argument("--output", type=Path, default=Path("build/check.html"), help="the page")
    given = parser.parse_args()
    try:
        findings = looked_over(opened(given))
    except StylekinError as error:
        parser.error(str(error))
    given.output.parent.mkdir(parents=True, exist_ok=True)
    given.output.write_text(as_page(findings), encoding="utf-8")
    for what, count in summary(findings):
        print(f"{count:7d}  {what}")
    print(given.output)
    return int(findings.faulty)


if __name__ == "__main__":
    sys.exit(main())
