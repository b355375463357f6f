"""The figures of a report, each with the interval that a bootstrap gives it. Pure; numpy only.

Retrieval as in Manning, Raghavan and Schütze 2008, chapter 8; average precision at k is divided by the
number of relevant items, or by k if there are more. Recall@1 is that of metric learning: whether any of the
first one is right. Calibration error as in Guo et al. 2017. The bootstrap (Efron 1979) draws whole groups,
since items of one product or photographer are no independent witnesses; intervals are of 95 %.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.data import NO_LABEL

DRAWS = 1000
DEPTH = 10  # neighbours that are looked at
BINS = 15  # of confidence
STEP = 512  # rows ranked at once

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Names = NDArray[np.str_]


@dataclass(frozen=True)
class Interval:
    """A figure, and between what it would lie in 95 of 100 sets of groups such as this one."""

    value: float
    low: float
    high: float

    def told(self) -> dict[str, float | None]:
        """As it stands in a report: four decimals, None for what is not known."""
        return {name: None if np.isnan(each) else round(float(each), 4) for name, each in vars(self).items()}


def interval(groups: Names, statistic: Callable[[Floats], Floats], draws: int = DRAWS) -> Interval:
    """A statistic with its interval over draws of ``groups`` ``(n,)``, the same at every call.

    ``statistic`` takes how often each item counts, ``(draws, n)``, and gives ``(draws,)``.
    """
    if not len(groups):
        return Interval(np.nan, np.nan, np.nan)
    names, group = np.unique(groups, return_inverse=True)
    random = np.random.default_rng(len(names))
    times = random.multinomial(len(names), np.full(len(names), 1 / len(names)), draws)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = float(statistic(np.ones((1, len(groups))))[0])
        drawn = statistic(times[:, group].astype(np.float64))
    known = drawn[~np.isnan(drawn)]
    low, high = np.quantile(known, (0.025, 0.975)) if len(known) else (np.nan, np.nan)
    return Interval(value, float(low), float(high))


def mean(values: NDArray[np.floating], groups: Names) -> Interval:
    """The mean of ``values`` ``(n,)``; those that are NaN do not count."""
    known = ~np.isnan(values)
    counted = np.where(known, values, 0.0).astype(np.float64)
    return interval(groups, lambda times: times @ counted / (times @ known))


def confusion(truth: Ints, told: Ints, classes: int) -> Ints:
    """How often each class (row) was told to be which (column): ``(classes, classes)``."""
    known = truth != NO_LABEL
    counts = np.zeros((classes, classes), np.int64)
    np.add.at(counts, (truth[known], told[known]), 1)
    return counts


def macro_f1(truth: Ints, told: Ints, classes: int, groups: Names) -> Interval:
    """Mean F1 of the classes that occur: how well each is told, whatever its share."""
    known = np.flatnonzero(truth != NO_LABEL)
    is_true = (truth[known, None] == np.arange(classes)).astype(np.float64)
    is_told = (told[known, None] == np.arange(classes)).astype(np.float64)

    def statistic(times: Floats) -> Floats:
        right, true, said = (times @ each for each in (is_true * is_told, is_true, is_told))
        f1 = np.where(true > 0, 2 * right / (true + said), np.nan)  # (draws, classes)
        return np.nansum(f1, axis=1) / (true > 0).sum(1)

    return interval(groups[known], statistic)


def right(probabilities: NDArray[np.floating], truth: Ints) -> Floats:
    """1 where the likeliest class is the true one, 0 where not, NaN where nobody knows: ``(n,)``."""
    return np.where(truth == NO_LABEL, np.nan, probabilities.argmax(1) == truth).astype(np.float64)


def reliability(probabilities: NDArray[np.floating], truth: Ints, bins: int = BINS) -> list[dict[str, float]]:
    """Per bin of the likeliest class's probability that has any: how sure, how often right, how many."""
    known = truth != NO_LABEL
    sure, correct = probabilities.max(1)[known], (probabilities.argmax(1) == truth)[known]
    place = np.clip(np.ceil(sure * bins).astype(int) - 1, 0, bins - 1)
    return [
        {"sure": float(sure[there].mean()), "right": float(correct[there].mean()), "items": int(there.sum())}
        for number in range(bins)
        if (there := place == number).any()
    ]


def calibration_error(bins: list[dict[str, float]]) -> float:
    """Expected calibration error of ``reliability``: mean distance of how sure from how often right, 0..1."""
    items = sum(each["items"] for each in bins)
    apart = sum(abs(each["sure"] - each["right"]) * each["items"] for each in bins)
    return apart / items if items else float("nan")


def neighbours(embeddings: NDArray[np.floating], groups: Names, truth: Ints, depth: int = DEPTH) -> Ints:
    """Of each row of unit ``embeddings`` ``(n, width)`` the nearest first, ``(n, depth)``; -1 for none.

    No neighbours are the row's own group and what has no label.
    """
    found = np.full((len(embeddings), depth), -1, np.int64)
    labelled = truth != NO_LABEL
    for start in range(0, len(embeddings), STEP):
        rows = slice(start, start + STEP)
        cosines = embeddings[rows] @ embeddings.T
        cosines[(groups[rows, None] == groups[None]) | ~labelled[None]] = -np.inf
        nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :depth]
        there = np.isfinite(np.take_along_axis(cosines, nearest, 1))
        found[rows, : nearest.shape[1]] = np.where(there, nearest, -1)
    return found


def retrieval(nearest: Ints, truth: Ints, groups: Names) -> Mapping[str, Floats]:
    """Per item ``(n,)``: precision at 1 and 10, average precision at 10, recall at 1; NaN for unlabelled ones
    and those with fewer than that many neighbours. ``nearest`` is of ``neighbours``.
    """
    there = nearest >= 0
    relevant = there & (truth[nearest] == truth[:, None]) & (truth[:, None] != NO_LABEL)
    ranks = np.arange(1, nearest.shape[1] + 1)
    names, group = np.unique(groups, return_inverse=True)
    counts = np.zeros((len(names), max(0, truth.max(initial=-1)) + 1))
    labelled = truth != NO_LABEL
    np.add.at(counts, (group[labelled], truth[labelled]), 1)
    others = counts.sum(0)[truth] - counts[group, truth]  # items of the class in other groups
    at_each = relevant.cumsum(1) / ranks
    average = (at_each * relevant).sum(1) / np.maximum(1, np.minimum(others, nearest.shape[1]))
    one, ten = labelled & there[:, 0], labelled & there.all(1)
    return {
        "precision_at_1": np.where(one, relevant[:, 0], np.nan),
        "precision_at_10": np.where(ten, relevant.mean(1), np.nan),
        "map_at_10": np.where(ten, average, np.nan),
        "recall_at_1": np.where(one, relevant[:, :1].any(1), np.nan),
    }


def unlikeness(lists: list[list[int]], embeddings: NDArray[np.floating]) -> Floats:
    """Intra-list diversity (Ziegler et al. 2005): mean 1 - cosine of the pairs of each list, NaN for none."""
    found = []
    for rows in lists:
        cosines = embeddings[rows] @ embeddings[rows].T
        pairs = np.triu_indices(len(rows), 1)
        found.append(1 - cosines[pairs].mean() if len(rows) > 1 else np.nan)
    return np.array(found, np.float64)


def coverage(lists: list[list[int]], items: int) -> float:
    """Share of the items that stand in any list."""
    return len({row for rows in lists for row in rows}) / items if items else float("nan")


def repeated(lists: list[list[int]], pairs: Ints) -> Floats:
    """Items of each list that are near-duplicates of an earlier one or of the query, the list's own row."""
    twins: dict[int, set[int]] = {}
    for first, second in pairs.tolist():
        twins.setdefault(first, set()).add(second)
        twins.setdefault(second, set()).add(first)
    found = []
    for query, rows in enumerate(lists):
        before, count = {query}, 0
        for row in rows:
            count += bool(twins.get(row, set()) & before)
            before.add(row)
        found.append(count)
    return np.array(found, np.float64)
