"""A report as a page: the words first, then the figures, then what the networks see, as pictures.

Imports scikit-learn, for the map.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from training import pages
from training.conclusions import concluded
from training.evidence import Seen

QUERIES, SHOWN = 10, 8
MAPPED = 500  # pictures at most on the map
MAP = 900  # px
THUMBNAIL = 30
COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b", "#e377c2", "#17becf")
TITLES = {
    "top_1": "top-1", "macro_f1": "macro-F1", "precision_at_1": "P@1", "precision_at_10": "P@10",
    "map_at_10": "mAP@10", "recall_at_1": "R@1", "expected_error": "calibration error",
}  # fmt: skip
RETRIEVED = ("precision_at_1", "precision_at_10", "map_at_10", "recall_at_1")


def report(told: Mapping[str, Any], sets: Mapping[str, Seen]) -> str:
    """The page of a report.json; ``sets`` are what it was made of."""
    parts = [
        pages.paragraph(
            "Figures are followed by the interval of 95 % that a bootstrap over whole groups gives. "
            "Neighbours of an item's own group (its product, or its photographer) are left out. R@1 is by "
            "definition P@1."
        )
    ]
    for name, figures in told["sets"].items():
        parts += section(name, figures, sets[name])
    parts += [pages.heading("Latency"), latency(told["latency"])]
    parts += [pages.heading("Learning curves"), curves(told["curves"])]
    return pages.page(f"{told['department']} {told['version']}: what the networks are worth", parts)


def section(name: str, figures: Mapping[str, Any], seen: Seen) -> list[str]:
    """Everything about one set of pictures."""
    return [
        pages.heading(f"{name}: {figures['pictures']} pictures in {figures['groups']} groups"),
        pages.heading("What to conclude", 3),
        *(pages.paragraph(sentence) for sentence in concluded(figures)),
        pages.heading("Telling the style", 3),
        intervals("network", figures["style"], ("top_1", "macro_f1")),
        confusion(figures, seen.card.styles),
        pages.heading("Calibration", 3),
        calibration(figures),
        pages.heading("Neighbours of the same style", 3),
        intervals("embedding", figures["retrieval"], RETRIEVED),
        intervals("P@10 of the ensemble minus that of", {
            each: {"precision_at_10": value} for each, value in figures["ensemble_better_by"].items()
        }, ("precision_at_10",)),
        pages.heading("Lists of twelve", 3),
        pages.table(
            ("list", "intra-list diversity", "coverage", "near-duplicates"),
            [
                (each, interval(row["diversity"]), row["coverage"], interval(row["duplicates"]))
                for each, row in figures["lists"].items()
            ],
            "Diversity is the mean of 1 - cosine of the ensemble over a list's pairs. Without group_id.",
        ),
        pages.heading("Weight of ResNet-50", 3),
        pages.table(
            ("weight", "P@10 on the validation half"),
            [(each, interval(row)) for each, row in figures["weights"]["precision_at_10"].items()],
        ),
        pages.heading("By category", 3),
        by_category(figures["categories"]),
        pages.heading("Ten items and their nearest neighbours", 3),
        pages.paragraph("Green: of the same style. The number is the cosine."),
        *queries(seen),
        pages.heading("A map of the embeddings (t-SNE)", 3),
        pages.paragraph("What is near in the ensemble's space is near here; long distances mean nothing."),
        drawn_map(seen),
    ]  # fmt: skip


def interval(figure: Mapping[str, float | None]) -> str:
    """A figure with its interval, or nothing."""
    if figure["value"] is None:
        return ""
    return f"{figure['value']:.3f} ({figure['low']:.3f} to {figure['high']:.3f})"


def intervals(what: str, rows: Mapping[str, Mapping[str, Any]], columns: Sequence[str]) -> str:
    """A table of figures with intervals."""
    return pages.table(
        (what, *(TITLES[column] for column in columns)),
        [(name, *(interval(row[column]) for column in columns)) for name, row in rows.items()],
    )


def confusion(figures: Mapping[str, Any], styles: Sequence[str]) -> str:
    """The ensemble's confusion matrix, each row with the share of it that is right."""
    rows = []
    for name, counts in zip(styles, figures["confusion"], strict=True):
        share = counts[len(rows)] / sum(counts) if sum(counts) else ""
        rows.append((name, *counts, share))
    return pages.table(("is \\ told", *styles, "right"), rows, "Confusion of the ensemble, pictures")


def calibration(figures: Mapping[str, Any]) -> str:
    """How sure and how right, per bin, of style and of category."""
    parts = []
    for name, each in figures["calibration"].items():
        error = each["expected_error"]
        caption = f"{name}: expected calibration error {'unknown' if error is None else f'{error:.3f}'}"
        if "threshold" in each:
            caption += f"; above {each['threshold']} a category is told ({each['told']:.0%} of the pictures)"
            caption += f" and right for {interval(each['right_where_told'])}"
        parts.append(
            pages.table(
                ("how sure", "how often right", "pictures"),
                [(row["sure"], row["right"], row["items"]) for row in each["bins"]],
                caption,
            )
        )
    return "".join(parts)


def by_category(categories: Mapping[str, Any]) -> str:
    """The ensemble's figures for each category."""
    columns = ("top_1", "macro_f1", *RETRIEVED)
    return pages.table(
        ("category", "items", *(TITLES[column] for column in columns), TITLES["expected_error"]),
        [
            (
                name,
                each["items"],
                *(interval(each[column]) for column in columns),
                "" if each["expected_error"] is None else each["expected_error"],
            )
            for name, each in categories.items()
        ],
    )


def queries(seen: Seen) -> list[str]:
    """Items of every style in turn, each with its neighbours."""
    random = np.random.default_rng(0)
    decks = [random.permutation(np.flatnonzero(seen.styles == row)) for row in range(len(seen.card.styles))]
    turns = [int(deck[turn]) for turn in range(QUERIES) for deck in decks if turn < len(deck)]
    rows = seen.spaces["ensemble"]
    found = []
    for query in turns[:QUERIES]:
        near = [int(row) for row in seen.nearest["ensemble"][query][:SHOWN] if row >= 0]
        figures = [pages.figure(seen.pictures.squares[query], f"item: {seen.pictures.styles[query]}")]
        figures += [
            pages.figure(
                seen.pictures.squares[row],
                f"{seen.pictures.styles[row]} {rows[query] @ rows[row]:.2f}",
                mark="right" if seen.styles[row] == seen.styles[query] else "wrong",
            )
            for row in near
        ]
        found.append(f"<p></p>{pages.sheet(figures)}")
    return found


def drawn_map(seen: Seen) -> str:
    """The pictures where t-SNE (van der Maaten and Hinton 2008) puts them, framed in their style's colour."""
    from sklearn.manifold import TSNE  # slow to load, and only a page with a map needs it

    random = np.random.default_rng(0)
    known = np.flatnonzero(seen.styles >= 0)
    rows = np.sort(random.permutation(known)[:MAPPED])
    if len(rows) < 10:
        return pages.paragraph("Too few pictures for a map.")
    perplexity = min(30.0, (len(rows) - 1) / 3)
    found = TSNE(init="pca", perplexity=perplexity, random_state=0).fit_transform(
        seen.spaces["ensemble"][rows]
    )
    low, high = found.min(0), found.max(0)
    places = (found - low) / np.maximum(high - low, 1e-9) * (MAP - THUMBNAIL)
    drawn = [
        f'<image x="{x:.0f}" y="{y:.0f}" width="{THUMBNAIL}" height="{THUMBNAIL}" '
        f'href="{pages.jpeg(seen.pictures.squares[row], THUMBNAIL)}"/>'
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{THUMBNAIL}" height="{THUMBNAIL}" fill="none" '
        f'stroke="{COLOURS[seen.styles[row] % len(COLOURS)]}" stroke-width="2"/>'
        for row, (x, y) in zip(rows, places, strict=True)
    ]
    legend = "  ".join(
        f'<span style="color:{COLOURS[row % len(COLOURS)]}">■ {pages.text(name)}</span>'
        for row, name in enumerate(seen.card.styles)
    )
    return (
        f'<p>{legend}</p><svg role="img" aria-label="Map of the embeddings" width="{MAP}" height="{MAP}" '
        f'viewBox="0 0 {MAP} {MAP}">{"".join(drawn)}</svg>'
    )


def latency(told: Mapping[str, Any]) -> str:
    """Milliseconds of each network."""
    return pages.table(
        ("network", "median, ms", "95th percentile, ms"),
        [(name, told[name]["median_ms"], told[name]["p95_ms"]) for name in ("resnet50", "style_cnn")],
        f"One picture, one thread, decoding left out, {told['pictures']} pictures; {told['processor']}, on "
        "which other work may have been running.",
    )


def curves(told: Mapping[str, Any]) -> str:
    """Loss and share of styles told right, per epoch, as the card has them."""
    if not told:
        return pages.paragraph("The card has none: these networks were trained before they were kept.")
    return "".join(
        pages.table(
            ("epoch", "loss", "styles right"),
            [(row["epoch"], row["loss"], row["right"]) for row in rows],
            name,
        )
        for name, rows in told.items()
    )
