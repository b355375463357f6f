"""The tables of docs/training.md, from the committed cards and reports and never typed by hand. No torch.

python -m training.figures
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts.marked import MarkedPage
from shared.card import Card, read_card
from training.copies import KINDS

ROOT = Path(__file__).parent.parent
PAGE = MarkedPage(ROOT / "docs" / "training.md", "training.figures")
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
BY_CATEGORY = (
    "\n| P@10 by category of held-out photographs, but the contributor's own | category head "
    "| teacher | difference |\n| --- | --- | --- | --- |\n"
)
TOLD = (
    "\n| department, pictures | embedding | style top-1 | style macro-F1 | P@1 | P@10 | mAP@10 |\n"
    "| --- | --- | --- | --- | --- | --- | --- |\n"
)
LISTS = (
    "\n| department, pictures | lists of twelve by | intra-list diversity | coverage | near-duplicates |\n"
    "| --- | --- | --- | --- | --- |\n"
)
CROSSED = (
    "\n| photographs asked of networks that never saw their contributor | embedding | style, top-1 "
    "| P@10 style | P@10 style, harder | P@10 category |\n| --- | --- | --- | --- | --- | --- |\n"
)
EMBEDDINGS = (
    "ensemble",
    "resnet50",
    "style_cnn",
    "resnet50 features",
    "category head",
    "teacher",
    "colour histogram",
)
FASHION = (
    "\n| Fashion-MNIST, 10,000 test pictures | parameters | epochs | minutes | accuracy |\n"
    "| --- | --- | --- | --- | --- |\n"
)
FINDS = f"\n| recall, precision | {' | '.join(KINDS)} | all |\n| --- |{' --- |' * (len(KINDS) + 1)}\n"


def cards(models: Path = ROOT / "models") -> list[Card]:
    """Every card below a folder of bundles."""
    return [read_card(path.read_bytes(), str(path)) for path in sorted(models.glob("*/*/card.json"))]


def reports(models: Path = ROOT / "models") -> list[dict[str, Any]]:
    """Every report.json below a folder of bundles."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(models.glob("*/*/report.json"))]


def evidenced(of: Sequence[Mapping[str, Any]]) -> str:
    """Style, retrieval and lists with their intervals, per department, set of pictures and embedding."""
    told, lists = [TOLD], [LISTS]
    for report in of:
        for name, figures in report["sets"].items():
            title = f"{report['department']} {report['version']}, {name} ({figures['pictures']})"
            for network, found in figures["retrieval"].items():
                style = figures["style"].get(network, {})
                columns = [style.get("top_1"), style.get("macro_f1")]
                columns += [found[what] for what in ("precision_at_1", "precision_at_10", "map_at_10")]
                told.append(f"| {title} | {network} | {' | '.join(map(interval, columns))} |\n")
            for made_by, found in figures["lists"].items():
                cells = [
                    interval(found["diversity"]),
                    f"{found['coverage']:.1%}",
                    interval(found["duplicates"]),
                ]
                lists.append(f"| {title} | {made_by} | {' | '.join(cells)} |\n")
    return "".join(told + lists)


def crossed(of: Mapping[str, Any]) -> str:
    """What each run of ``training.crossed`` came to: photographs.json's figures with their intervals."""
    lines = [CROSSED]
    for run in of["runs"]:
        figures = run["figures"]
        title = f"{run['name']} ({figures['photographs']} of {figures['contributors']} contributors)"
        for name in EMBEDDINGS:
            style, category = (figures["precision_at_10"][label] for label in ("style", "category"))
            columns = [
                figures["accuracy"]["style"].get(name),
                style["all"].get(name),
                style["fold"].get(name),
            ]
            columns.append(category["all"].get(name))
            if not any(columns):
                continue  # a run of one network
            told = map(interval, columns)
            if figures["contributors"] == 1:  # of whom a bootstrap draws the same ever again
                told = (each.partition(" ")[0] for each in told)
            lines.append(f"| {title} | {name} | {' | '.join(told)} |\n")
    return "".join(lines)


def fashion(of: Mapping[str, Any]) -> str:
    """What ``training.fashion_mnist`` came to, of each network it was run with."""
    lines = [FASHION]
    for name, told in of.items():
        minutes, epochs = told["seconds"] / 60, told["recipe"]["epochs"]
        cells = [name, f"{told['parameters']:,}", f"{epochs}", f"{minutes:.0f}", interval(told["accuracy"])]
        lines.append(f"| {' | '.join(cells)} |\n")
    return "".join(lines)


def interval(figure: Mapping[str, float | None] | None) -> str:
    """A figure and between what it lies; nothing where it is not known."""
    if figure is None or figure["value"] is None:
        return ""
    return f"{figure['value']:.3f} ({figure['low']:.3f}–{figure['high']:.3f})"


def table(of: Sequence[Card]) -> str:
    """Accuracy and precision@10 per department, set of pictures and network, then the duplicates' tables."""
    lines = [HEAD]
    for card in of:
        for name, title in SETS.items():
            scores = card.metrics[name]
            for network in ("resnet50", "style_cnn", "fused", "category_head", "teacher", "chance"):
                if network in scores:
                    lines.append(
                        row(
                            f"{card.department} {card.version}",
                            f"{title} ({scores['pictures']})",
                            network,
                            scores,
                        )
                    )
    return "".join(lines) + by_category(of) + duplicates(of)


def by_category(of: Sequence[Card]) -> str:
    """What the category head's last layer reads, beside the teacher, of each card that was asked."""
    lines = [BY_CATEGORY]
    for card in of:
        for gallery, title in (("all", "all photographs"), ("held_out", "each other")):
            if found := card.metrics["photographs_held_out"].get(f"category_among_{gallery}"):
                cells = [f"{card.department} {card.version}, among {title}"]
                cells += [interval(found[name]) for name in ("category_head", "teacher", "difference")]
                lines.append(f"| {' | '.join(cells)} |\n")
    return "".join(lines)


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


def page() -> str:
    """Everything between the page's marks."""
    kept = ROOT / "docs" / "training"
    photographs, clothes = (
        json.loads((kept / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("photographs", "fashion_mnist")
    )
    return table(cards()) + evidenced(reports()) + crossed(photographs) + fashion(clothes)


def main() -> None:
    """Write the figures of the committed cards and reports into the page."""
    PAGE.write(page())


if __name__ == "__main__":
    main()
