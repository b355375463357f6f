"""The tables of docs/ranking.md, from the measures beside it and never typed by hand.

python -m scripts.sheets.figures
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from scripts.marked import MarkedPage
from scripts.sheets.measures import Measures

FOLDER = Path(__file__).parents[2] / "docs" / "ranking"
PAGE = MarkedPage(FOLDER.with_suffix(".md"), "scripts.sheets.figures")
PICTURES = ("womenswear-2.jpg", "menswear-1.jpg")
STEPS_HEAD = (
    "| shop | list | distance | relevance | duplicates in the top {length} | categories in a list "
    "| categories covered | products covered | overlap |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
)


def measures(folder: Path = FOLDER) -> list[Measures]:
    """Every shop's measures in a folder."""
    return [msgspec.json.decode(path.read_bytes(), type=Measures) for path in sorted(folder.glob("*.json"))]


def tables(of: Sequence[Measures]) -> str:
    """A table of the steps of the ranking, and one of what diversity gives and takes. Empty for no shop."""
    found = [(f"{shop.shop}, {each.department}", each) for shop in of for each in shop.departments]
    if not found:
        return ""
    lines = [STEPS_HEAD.format(length=of[0].length)]
    for title, each in found:
        for name, step in each.steps.items():
            lines.append(
                f"| {title} | {name} | {step.distance:.3f} | {step.relevance:.3f} | {step.duplicates:.1f} "
                f"| {step.categories:.1f} | {step.category_coverage:.0%} | {step.product_coverage:.0%} "
                f"| {step.overlap:.0%} |\n"
            )
    values = [f"{knob.diversity:g}" for knob in found[0][1].knobs]
    lines.append(f"\n| shop | diversity | {' | '.join(values)} |\n|{' --- |' * (len(values) + 2)}\n")
    for title, each in found:
        relevance = [knob.relevance for knob in each.knobs]
        for name, told in (
            ("distance", [knob.distance for knob in each.knobs]),
            ("relevance", relevance),
            ("relevance lost", [relevance[0] - value for value in relevance]),
        ):
            lines.append(f"| {title} | {name} | {' | '.join(f'{value:.3f}' for value in told)} |\n")
    lines.append(
        "\n| shop | model | near-duplicates above | items | products | shoppers | random shoppers |\n"
    )
    lines.append("| --- | --- | --- | --- | --- | --- | --- |\n")
    for title, each in found:
        lines.append(
            f"| {title} | {each.model} | {each.duplicate_threshold:.3f} | {each.items} | {each.products} "
            f"| {each.shoppers} | {each.random_shoppers} |\n"
        )
    return "".join(lines)


def write(sheets: Path, measured: Measures, pictures: bool) -> None:
    """Put what was measured, and with ``pictures`` two of the sheets, into docs; and the tables."""
    FOLDER.mkdir(exist_ok=True)
    shutil.copyfile(sheets / "measures.json", FOLDER / f"{measured.shop}.json")
    for name in PICTURES if pictures else ():
        shutil.copyfile(sheets / name, FOLDER / name)
    main()


def main() -> None:
    """Write the tables of the committed measures into the page."""
    PAGE.write(tables(measures()))


if __name__ == "__main__":
    main()
