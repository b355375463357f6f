"""The tables of docs/training.md, from the committed cards and never typed by hand. No torch.

python -m training.figures
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from shared.card import Card, read_card
from training.copies import KINDS

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "training.md"
START, END = "<!-- figures: python -m training.figures -->\n", "<!-- /figures -->\n"
SETS = {
    "wardrobe_held_out": "wardrobe, held out by `group_id`",
    "wardrobe_demo": "wardrobe of `make demo`",
    "wardrobe_fresh": "wardrobe of a seed that no choice looked at",
    "photographs_held_out": "photographs, held out by `contributor_id`",
}
HEAD = (
    "| department | pictures | network | style | category | P@10 style | P@10 category |\n"
    "| --- | --- | --- | --- | --- | --- | --- |\n"
)
PRODUCTS = ("wardrobe", "shop")  # sets whose groups are products in all their colours
HIDES = (
    "\n| department, pictures | duplicate threshold | hidden wrongly: the half that chose | the other half "
    "| near another product | colour variants found |\n"
    "| --- | --- | --- | --- | --- | --- |\n"
)
FINDS = f"\n| recall, precision | {' | '.join(KINDS)} | all |\n| --- |{' --- |' * (len(KINDS) + 1)}\n"


def cards(models: Path = ROOT / "models") -> list[Card]:
    """Every card below a folder of bundles."""
    return [read_card(path.read_bytes(), str(path)) for path in sorted(models.glob("*/*/card.json"))]


def table(of: Sequence[Card]) -> str:
    """Accuracy and precision@10 per department, set of pictures and network, then the duplicates' tables."""
    lines = [HEAD]
    for card in of:
        for name, title in SETS.items():
            scores = card.metrics[name]
            for network in ("resnet50", "style_cnn", "fused", "teacher", "chance"):
                if network in scores:
                    lines.append(
                        row(
                            f"{card.department} {card.version}",
                            f"{title} ({scores['pictures']})",
                            network,
                            scores,
                        )
                    )
    return "".join(lines) + duplicates(of)


def duplicates(of: Sequence[Card]) -> str:
    """Where each card's duplicate threshold lies and what it hides, then what it finds of each kind."""
    hides, finds = [HIDES], [FINDS]
    for card in of:
        figures = card.metrics["duplicates"]
        for name, found in figures["measured_on"].items():
            chosen = figures["chosen_on"][name]
            hidden = [share(half["hidden_wrongly"], half["items"]) for half in (chosen, found)]
            by_product = name in PRODUCTS
            near = share(found["near_another_group"], found["items"]) if by_product else ""
            colours = share(found["pairs_of_a_group_found"], found["pairs_of_a_group"]) if by_product else ""
            title = f"{card.department} {card.version}, {name}"
            cells = [title, f"{card.duplicate_threshold:.3f}", *hidden, near, colours]
            hides.append(f"| {' | '.join(cells)} |\n")
            kinds = [told(found["kinds"][kind]) for kind in KINDS] + [told(found["all"])]
            finds.append(f"| {title} | {' | '.join(kinds)} |\n")
    return "".join(hides + finds)


def share(part: int, whole: int) -> str:
    """A count of another, and its share."""
    return f"{part} of {whole} ({part / whole:.1%})" if whole else ""


def told(kind: Mapping[str, float | None]) -> str:
    """Recall and precision of one kind of duplicates, and the count they come from."""
    precision = "none" if kind["precision"] is None else f"{kind['precision']:.2f}"
    return f"{kind['recall']:.2f}, {precision} ({kind['found']} of {kind['of']})"


def row(department: str, pictures: str, network: str, scores: dict[str, dict[str, float]]) -> str:
    """One line of the table; what a network does not say stays empty."""
    told = [
        f"{value:.3f}" if (value := scores[network].get(key)) is not None else ""
        for key in (
            "style_accuracy",
            "category_accuracy",
            "precision_at_10_style",
            "precision_at_10_category",
        )
    ]
    return f"| {department} | {pictures} | {network} | {' | '.join(told)} |\n"


def page_with(page: str, figures: str) -> str:
    """The page with the figures between its two marks. Raises ValueError if it has none."""
    before, start, rest = page.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"{PAGE.name}: expected the marks {START.strip()} and {END.strip()}, found none")
    return before + start + figures + end + after


def main() -> None:
    """Write the figures of the committed cards into the page."""
    PAGE.write_text(page_with(PAGE.read_text(encoding="utf-8"), table(cards())), encoding="utf-8")


if __name__ == "__main__":
    main()
