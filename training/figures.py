"""The table of docs/training.md, from the committed cards and never typed by hand. No torch.

python -m training.figures
"""

from collections.abc import Sequence
from pathlib import Path

from shared.card import Card, read_card

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


def cards(models: Path = ROOT / "models") -> list[Card]:
    """Every card below a folder of bundles."""
    return [read_card(path.read_bytes(), str(path)) for path in sorted(models.glob("*/*/card.json"))]


def table(of: Sequence[Card]) -> str:
    """Accuracy and precision@10 per department, set of pictures and network, then the duplicates."""
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
    lines.append(
        "\n| department | duplicate threshold | pairs above it: different products | colour variants |\n"
    )
    lines.append("| --- | --- | --- | --- |\n")
    for card in of:
        for name in ("wardrobe_held_out", "wardrobe_fresh"):
            found = card.metrics["duplicates"][name]
            colours = f"{found['colour_variants']:.1%} of {found['colour_variant_pairs']}"
            lines.append(
                f"| {card.department}, {SETS[name]} | {card.duplicate_threshold:.3f} "
                f"| {found['different_products']:.2%} | {colours} |\n"
            )
    return "".join(lines)


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
