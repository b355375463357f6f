"""Everything a report says of one department's networks on one set of pictures, as JSON's types.

The ensemble is what serving compares: ResNet-50 and custom CNN joined by the weights of the card. Imports
numpy and onnxruntime (through ``training.onnx_session``); no torch.
"""

import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from shared.card import Card
from shared.diversity import Shelf, one_per_group
from shared.pictures import normalise
from shared.vectors import Floats, fuse
from training import baselines, metrics
from training.data import Pictures, held_out, labels
from training.metrics import Interval, Ints
from training.onnx_session import Session
from training.scores import Answers, answers, commonest
from training.twins import Pairs, twins

LIST = 12  # items of a list
FEWEST = 20  # items of a category that has figures of its own
TIMED = 30  # pictures, one by one
WEIGHTS = tuple(round(0.1 * step, 1) for step in range(11))  # of ResNet-50, tried


@dataclass(frozen=True)
class Seen:
    """One set of pictures as a bundle sees it: what the figures and the drawings are made of.

    ``spaces`` are unit rows ``(n, width)`` by name, "ensemble" first; ``nearest`` ``(n, 10)`` of each.
    """

    card: Card
    pictures: Pictures
    answers: Answers
    styles: Ints
    categories: Ints
    pairs: Pairs
    spaces: Mapping[str, Floats]
    nearest: Mapping[str, Ints]

    @property
    def style(self) -> Floats:
        """The ensemble's probabilities of each style: ``(n, styles)``."""
        first, second = self.card.weights
        return first * self.answers.resnet50_style + second * self.answers.style_cnn_style


def seen(card: Card, networks: tuple[bytes, bytes], pictures: Pictures) -> Seen:
    """Run both networks and the baselines on a set of pictures."""
    weights = (card.weights[0], card.weights[1])
    found = answers(*networks, weights, pictures, np.arange(len(pictures)))
    styles = labels(pictures.styles, card.styles)
    spaces = {
        "ensemble": found.fused,
        "resnet50": found.resnet50,
        "style_cnn": found.style_cnn,
        "colour histogram": baselines.colour_histogram(pictures.squares),
        "random": baselines.chance(len(pictures)),
    }
    return Seen(
        card=card,
        pictures=pictures,
        answers=found,
        styles=styles,
        categories=labels(pictures.categories, card.categories),
        pairs=twins(pictures.squares),
        spaces=spaces,
        nearest={name: metrics.neighbours(rows, pictures.groups, styles) for name, rows in spaces.items()},
    )


def evidence(of: Seen) -> dict[str, Any]:
    """The figures of a set; every interval is of 95 % over its groups."""
    groups, styles = of.pictures.groups, of.styles
    per_item = {name: metrics.retrieval(nearest, styles, groups) for name, nearest in of.nearest.items()}
    ten = {name: each["precision_at_10"] for name, each in per_item.items()}
    bins = metrics.reliability(of.style, styles)
    served = {name: lists(rows, 1.0) for name, rows in of.spaces.items()}
    served = {"ensemble, as served": lists(of.spaces["ensemble"], of.card.duplicate_threshold), **served}
    names, counts = np.unique(of.pictures.categories, return_counts=True)
    return {
        "pictures": len(of.pictures),
        "groups": len(np.unique(groups)),
        "fingerprint": of.pictures.fingerprint,
        "styles": {name: int((styles == row).sum()) for row, name in enumerate(of.card.styles)},
        "style": {
            name: judged(probabilities, of)
            for name, probabilities in (
                ("ensemble", of.style),
                ("resnet50", of.answers.resnet50_style),
                ("style_cnn", of.answers.style_cnn_style),
            )
        },
        "commonest_style": rounded(commonest(styles)),
        "better_than_commonest": than_commonest(of).told(),
        "confusion": metrics.confusion(styles, of.style.argmax(1), len(of.card.styles)).tolist(),
        "calibration": {
            "style": {"expected_error": rounded(metrics.calibration_error(bins)), "bins": bins},
            "category": category(of),
        },
        "retrieval": {
            name: {what: metrics.mean(values, groups).told() for what, values in each.items()}
            for name, each in per_item.items()
        },
        "ensemble_better_by": {
            name: metrics.mean(ten["ensemble"] - values, groups).told()
            for name, values in ten.items()
            if name != "ensemble"
        },
        "lists": {name: listed(each, of) for name, each in served.items()},
        "weights": sweep(of),
        "categories": {
            str(name): of_category(of, of.pictures.categories == name, per_item["ensemble"])
            for name, count in zip(names, counts, strict=True)
            if name and count >= FEWEST
        },
    }


def judged(probabilities: Floats, of: Seen) -> dict[str, Any]:
    """How well styles are told."""
    top_1 = metrics.mean(metrics.right(probabilities, of.styles), of.pictures.groups)
    told = probabilities.argmax(1)
    f1 = metrics.macro_f1(of.styles, told, len(of.card.styles), of.pictures.groups)
    return {"top_1": top_1.told(), "macro_f1": f1.told()}


def than_commonest(of: Seen) -> Interval:
    """By how much more often the ensemble is right than always saying the commonest style would be."""
    guess = np.bincount(of.styles[of.styles >= 0], minlength=1).argmax()
    guessed = np.where(of.styles >= 0, of.styles == guess, np.nan)
    return metrics.mean(metrics.right(of.style, of.styles) - guessed, of.pictures.groups)


def category(of: Seen) -> dict[str, Any]:
    """How well categories are told, and how sure; of pictures whose category the networks know."""
    bins = metrics.reliability(of.answers.category, of.categories)
    sure = of.answers.category.max(1) >= of.card.category_threshold
    correct = metrics.right(of.answers.category, of.categories)
    return {
        "top_1": metrics.mean(correct, of.pictures.groups).told(),
        "expected_error": rounded(metrics.calibration_error(bins)),
        "threshold": of.card.category_threshold,
        "told": rounded(float(sure.mean())),
        "right_where_told": metrics.mean(np.where(sure, correct, np.nan), of.pictures.groups).told(),
        "bins": bins,
    }


def of_category(of: Seen, there: np.ndarray, per_item: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """The figures of one category's items; their neighbours may be of any."""
    rows = np.flatnonzero(there)
    groups, styles, probabilities = of.pictures.groups[rows], of.styles[rows], of.style[rows]
    told = probabilities.argmax(1)
    bins = metrics.reliability(probabilities, styles)
    return {
        "items": len(rows),
        "top_1": metrics.mean(metrics.right(probabilities, styles), groups).told(),
        "macro_f1": metrics.macro_f1(styles, told, len(of.card.styles), groups).told(),
        "expected_error": rounded(metrics.calibration_error(bins)),
        **{what: metrics.mean(values[rows], groups).told() for what, values in per_item.items()},
    }


def lists(rows: Floats, threshold: float) -> list[list[int]]:
    """For each item the 12 nearest others as serving lists them: one of several above ``threshold``.

    No ``group_id`` helps here, so that what the networks alone take for a near-duplicate shows.
    """
    found = []
    nobody = np.full(len(rows), -1, np.int32)
    for query in range(len(rows)):
        shelf = Shelf(rows, nobody, threshold, limit=LIST + 1)
        shelf.add(query)
        ordered = np.argsort(-(rows @ rows[query]), kind="stable")
        shown = one_per_group(shelf, ordered[ordered != query])
        found.append([row for row, _ in zip(shown, range(LIST), strict=False)])
    return found


def listed(rows: list[list[int]], of: Seen) -> dict[str, Any]:
    """What lists of 12 are like; their diversity is measured in the ensemble's space, whoever made them."""
    groups = of.pictures.groups
    return {
        "diversity": metrics.mean(metrics.unlikeness(rows, of.spaces["ensemble"]), groups).told(),
        "coverage": rounded(metrics.coverage(rows, len(of.pictures))),
        "duplicates": metrics.mean(metrics.repeated(rows, of.pairs), groups).told(),
    }


def sweep(of: Seen) -> dict[str, Any]:
    """Precision@10 of every weight of ResNet-50 on half of the groups, the validation half; the other half
    tells what the best of them brings against the card's.
    """
    first = held_out(of.pictures.groups, 0.5)
    tried = {weight: ten_of(of, weight) for weight in WEIGHTS}
    on_first = {weight: only(values, first, of) for weight, values in tried.items()}
    best = max(on_first, key=lambda weight: (on_first[weight].value, weight))
    gain = only(tried[best] - ten_of(of, of.card.weights[0]), ~first, of)
    return {
        "validation_items": int(first.sum()),
        "precision_at_10": {str(weight): found.told() for weight, found in on_first.items()},
        "best": best,
        "card": of.card.weights[0],
        "best_better_by": gain.told(),
    }


def ten_of(of: Seen, weight: float) -> np.ndarray:
    """Precision@10 by style of each item, with this weight of ResNet-50."""
    rows = fuse([of.answers.resnet50, of.answers.style_cnn], (weight, 1 - weight))
    nearest = metrics.neighbours(rows, of.pictures.groups, of.styles)
    return metrics.retrieval(nearest, of.styles, of.pictures.groups)["precision_at_10"]


def only(values: np.ndarray, there: np.ndarray, of: Seen) -> Interval:
    """The mean over some of the items."""
    return metrics.mean(values[there], of.pictures.groups[there])


def latency(networks: tuple[bytes, bytes], pictures: Pictures) -> dict[str, Any]:
    """Milliseconds for one picture on one thread, decoding left out: median and 95th percentile."""
    sessions = {
        name: Session(data, 1) for name, data in zip(("resnet50", "style_cnn"), networks, strict=True)
    }
    batch = normalise(np.array(pictures.squares[:TIMED]))
    told: dict[str, Any] = {"processor": processor(), "threads": 1, "pictures": len(batch)}
    for name, session in sessions.items():
        session.run(batch[:1])
        times = []
        for row in range(len(batch)):
            began = time.perf_counter()
            session.run(batch[row : row + 1])
            times.append(1000 * (time.perf_counter() - began))
        told[name] = {"median_ms": round(float(np.median(times)), 2)}
        told[name]["p95_ms"] = round(float(np.quantile(times, 0.95)), 2)
    return told


def processor() -> str:
    """The name of the processor, as far as the system tells."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def rounded(value: float) -> float | None:
    """Four decimals; None for what is not known."""
    return None if np.isnan(value) else round(value, 4)
