"""What a bundle is worth on pictures it never saw, measured on the very files that serving runs.

Style and category by accuracy; embeddings by precision@10: of an item's ten nearest neighbours, what
share has its style (or category), neighbours of its own group left out. Imports numpy and onnxruntime
(through ``training.onnx_session``); no torch.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from shared.pictures import normalise
from shared.vectors import fuse
from training.data import NO_LABEL, Pictures, Rows, labels
from training.onnx_session import Session

NEIGHBOURS = 10
STEP = 32

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Answers:
    """A bundle's answers to ``n`` pictures: unit embeddings and probabilities of each network."""

    resnet50: Floats  # (n, 512)
    resnet50_style: Floats  # (n, styles)
    category: Floats  # (n, categories)
    style_cnn: Floats  # (n, 256)
    style_cnn_style: Floats  # (n, styles)
    fused: Floats  # (n, 768)


def answers(
    resnet50: bytes, style_cnn: bytes, weights: tuple[float, float], pictures: Pictures, rows: Rows
) -> Answers:
    """Run both files on ``rows`` of ``pictures``."""
    networks = Session(resnet50), Session(style_cnn)
    found: list[list[dict[str, Floats]]] = [[], []]
    for start in tqdm(range(0, len(rows), STEP), desc=f"evaluate {pictures.source}", unit="batch"):
        batch = normalise(np.array(pictures.squares[rows[start : start + STEP]]))
        for network, told in zip(networks, found, strict=True):
            told.append(network.run(batch))
    big, small = ({name: np.concatenate([each[name] for each in told]) for name in told[0]} for told in found)
    return Answers(
        resnet50=big["embedding"],
        resnet50_style=big["style"],
        category=big["category"],
        style_cnn=small["embedding"],
        style_cnn_style=small["style"],
        fused=fuse([big["embedding"], small["embedding"]], weights),
    )


def accuracy(probabilities: Floats, truth: NDArray[np.int64]) -> float:
    """Share of the labelled rows whose likeliest class is the true one; NaN where none is labelled."""
    known = truth != NO_LABEL
    right = (probabilities.argmax(1) == truth)[known]
    return float(right.mean()) if len(right) else float("nan")


def precision(
    embeddings: Floats, truth: NDArray[np.int64], groups: NDArray[np.str_], k: int = NEIGHBOURS
) -> float:
    """Mean precision@k of the rows of unit ``embeddings`` ``(n, width)`` that count; NaN where none does."""
    rows = np.arange(len(truth))
    each = precisions(embeddings, truth, groups, rows, rows, k)
    return float(np.nanmean(each)) if np.isfinite(each).any() else float("nan")


def precisions(
    embeddings: Floats,
    truth: NDArray[np.int64],
    groups: NDArray[np.str_],
    asked: Rows,
    gallery: Rows,
    k: int = NEIGHBOURS,
) -> NDArray[np.float64]:
    """Precision@k of each of ``asked`` among the labelled of ``gallery``, rows of unit ``embeddings``.

    A row's own group is no neighbour of it; NaN for rows without a label or with fewer than ``k`` neighbours.
    """
    gallery = gallery[truth[gallery] != NO_LABEL]
    cosines = embeddings[asked] @ embeddings[gallery].T  # (asked, gallery)
    others = groups[asked][:, None] != groups[gallery][None]
    cosines[~others] = -np.inf
    nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :k]  # (asked, k)
    right = (truth[gallery][nearest] == truth[asked][:, None]).sum(1) / k
    right[(truth[asked] == NO_LABEL) | (others.sum(1) < k)] = np.nan
    return right


def chance(truth: NDArray[np.int64]) -> float:
    """Precision of neighbours taken at random."""
    _, counts = np.unique(truth[truth != NO_LABEL], return_counts=True)
    return float(((counts / counts.sum()) ** 2).sum())


def commonest(truth: NDArray[np.int64]) -> float:
    """Accuracy of always saying the class that is the commonest there; NaN where none is labelled."""
    _, counts = np.unique(truth[truth != NO_LABEL], return_counts=True)
    return float(counts.max() / counts.sum()) if len(counts) else float("nan")


def category_threshold(probabilities: Floats, truth: NDArray[np.int64], wanted: float) -> float:
    """The least probability, in steps of 0.05, from which on ``wanted`` of the told categories are right."""
    known = truth != NO_LABEL
    likeliest, right = probabilities.max(1)[known], (probabilities.argmax(1) == truth)[known]
    for threshold in np.arange(0.3, 0.96, 0.05):
        told = likeliest >= threshold
        if told.any() and right[told].mean() >= wanted:
            return round(float(threshold), 2)
    return 0.95


def scores(
    found: Answers, pictures: Pictures, rows: Rows, styles: Sequence[str], categories: Sequence[str]
) -> dict[str, object]:
    """The figures of one set of pictures, rounded to four decimals, as they stand in a card."""
    style, category = labels(pictures.styles[rows], styles), labels(pictures.categories[rows], categories)
    groups = pictures.groups[rows]
    near = {
        name: {
            "precision_at_10_style": rounded(precision(embeddings, style, groups)),
            "precision_at_10_category": rounded(precision(embeddings, category, groups)),
        }
        for name, embeddings in (
            ("resnet50", found.resnet50), ("style_cnn", found.style_cnn), ("fused", found.fused)
        )
    }  # fmt: skip
    return {
        "pictures": len(rows),
        "groups": len(np.unique(groups)),
        "resnet50": {
            "style_accuracy": rounded(accuracy(found.resnet50_style, style)),
            "category_accuracy": rounded(accuracy(found.category, category)),
            **near["resnet50"],
        },
        "style_cnn": {"style_accuracy": rounded(accuracy(found.style_cnn_style, style)), **near["style_cnn"]},
        "fused": near["fused"],
        "chance": {
            "style_accuracy": rounded(commonest(style)),
            "category_accuracy": rounded(commonest(category)),
            "precision_at_10_style": rounded(chance(style)),
            "precision_at_10_category": rounded(chance(category)),
        },
    }


def rounded(value: float) -> float:
    """Four decimals: more would not be true of a few hundred pictures."""
    return round(value, 4)
