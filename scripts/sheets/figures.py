"""The tables of docs/ranking.md, from the measures beside it and never typed by hand.

python -m scripts.sheets.figures
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from scripts.sheets.measures import Department, Measures

FOLDER = Path(__file__).parents[2] / "docs" / "ranking"
PAGE = FOLDER.with_suffix(".md")
START, END = "<!-- figures: python -m scripts.sheets.figures -->\n", "<!-- /figures -->\n"
PICTURES = ("womenswear-1.jpg", "menswear-2.jpg")
STEPS_HEAD = (
    "| shop | list | distance | relevance | duplicates in the top {length} | categories in a list "
    "| categories covered | products covered | overlap |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
)
KNOBS_HEAD = "| shop | diversity | distance | relevance | relevance lost |\n| --- | --- | --- | --- | --- |\n"


def measures(folder: Path = FOLDER) -> list[Measures]:
    """Every shop's measures in a folder."""
    return [
        msgspec.json.decode(path.read_bytes(), type=Measures) for path in sorted(folder.glob("*.json"))
    ]


def tables(of: Sequence[Measures]) -> str:
    """A table of the steps of the ranking, and one of what diversity gives and takes."""
    lines = [STEPS_HEAD.format(length=of[0].length)] if of else []
    for each in of:
        for found in each.departments:
            for name, step in found.steps.items():
                lines.append(
                    f"| {_title(each, found)} | {name} | {step.distance:.3f} | {step.relevance:.3f} "
                    f"| {step.duplicates:.1f} | {step.categories:.1f} | {step.category_coverage:.0%} "
                    f"| {step.product_coverage:.0%} | {step.overlap:.0%} |\n"
                )
    lines += ["\n", KNOBS_HEAD] if of else []
    for each in of:
        for found in each.departments:
            for knob in found.knobs:
                lost = found.knobs[0].relevance - knob.relevance
                lines.append(
                    f"| {_title(each, found)} | {knob.diversity:g} | {knob.distance:.3f} "
                    f"| {knob.relevance:.3f} | {lost:.3f} |\n"
                )
    return "".join(lines)


def _title(shop: Measures, found: Department) -> str:
    return f"{shop.shop}, {found.department}"


def page_with(page: str, figures: str) -> str:
    """The page with the figures between its two marks. Raises ValueError if it has none."""
    before, start, rest = page.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"{PAGE.name}: expected the marks {START.strip()} and {END.strip()}, found none")
    return before + start + figures + end + after


def write(sheets: Path, measured: Measures, pictures: bool) -> None:
    """Put what was measured, and with ``pictures`` two of the sheets, into docs; and the tables."""
    FOLDER.mkdir(exist_ok=True)
    shutil.copyfile(sheets / "measures.json", FOLDER / f"{measured.shop}.json")
    for name in PICTURES if pictures else ():
        shutil.copyfile(sheets / name, FOLDER / name)
    main()


def main() -> None:
    """Write the tables of the committed measures into the page."""
    PAGE.write_text(page_with(PAGE.read_text(encoding="utf-8"), tables(measures())), encoding="utf-8")


if __name__ == "__main__":
    main()
