"""Surprises: items of styles far from what a shopper likes, at seeded places. numpy only; pure functions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.ranking import DIGITS, Rows
from shared.vectors import Floats, Matrix, unit

CLUSTERS = 16
SAMPLE = 4096  # items that the clusters are found on
ROUNDS = 8

Labels = NDArray[np.intp]


@dataclass(frozen=True)
class Styles:
    """The style cluster of each item, ``labels`` ``(n,)``, and the clusters' ``centres`` ``(m, width)``."""

    labels: Labels
    centres: Floats


@dataclass(frozen=True)
class Surprise:
    """One drawn row, its style cluster, and the probability with which this draw gave it."""

    row: int
    cluster: int
    probability: float


def clusters(
    vectors: Matrix, nearest: Callable[[Floats], Labels] | None = None, count: int = CLUSTERS
) -> Styles:
    """At most ``count`` style clusters of the items ``(n, width)``.

    Spherical k-means from farthest points, on an evenly spaced sample; the same vectors give the same
    clusters. A catalogue of n items has at most n clusters. ``nearest`` says which centre each item is
    closest to, faster than comparing all of them here.
    """
    if len(vectors) == 0:
        return Styles(np.zeros(0, np.intp), vectors[:])
    sample = vectors[np.linspace(0, len(vectors) - 1, min(SAMPLE, len(vectors))).astype(np.intp)]
    centres = _spread(sample, count)
    for _ in range(ROUNDS):
        label = _nearest(sample, centres)
        members = (label == np.arange(len(centres))[:, None]).astype(np.float32)
        centres = np.where(members.any(axis=1, keepdims=True), unit(members @ sample), centres)
    return Styles(nearest(centres) if nearest else _nearest(vectors, centres), centres)


def slots(length: int, share: float, random: np.random.Generator) -> Rows:
    """Which places of a list of ``length`` explore, ascending: on average ``share`` of them, evenly spread.

    The slots of a longer list begin with those of a shorter one.
    """
    count = np.floor(np.arange(length + 1) * share + random.random())
    return np.flatnonzero(np.diff(count))


def far(styles: Styles, rows: Rows, likes: Floats, known: Rows) -> Labels:
    """The clusters that would surprise: of those that some of ``rows`` are of and none of the ``known`` ones,
    the half, rounded up, whose centres are the farthest from the closest of ``likes`` ``(k, width)``."""
    among = np.bincount(styles.labels[rows], minlength=len(styles.centres)) > 0
    among[styles.labels[known]] = False
    others = np.flatnonzero(among)
    nearness = np.round(styles.centres[others] @ likes.T, DIGITS).max(axis=1, initial=-1)
    return np.sort(others[np.argsort(nearness, kind="stable")[: (len(others) + 1) // 2]])


def draw(
    labels: Labels, rows: Rows, eligible: Labels, exposure: Rows, random: np.random.Generator
) -> Iterator[Surprise]:
    """Those of ``rows`` that lie in ``eligible`` clusters, in the order in which chance draws them.

    ``exposure`` ``(n,)`` is how often the shopper saw each item. Each draw picks a cluster with weight
    1 / (1 + how often its items were seen or drawn), then an item in it with weight 1 / (1 + how often it was
    seen), so that what is new comes first. ``probability`` is that of the draw, given the draws before it.
    """
    among = labels[rows]
    left = np.bincount(among, minlength=int(eligible.max(initial=-1)) + 1)
    turn = np.array(sorted(cluster for cluster in eligible.tolist() if left[cluster]), np.intp)
    known = np.flatnonzero(exposure > 0)
    seen = np.bincount(labels[known], exposure[known], minlength=int(labels.max(initial=-1)) + 1)
    pools: dict[int, Rows] = {}
    while len(turn):
        chances = _inverse(seen[turn])
        which = int(random.choice(len(turn), p=chances))
        cluster = int(turn[which])
        if cluster not in pools:
            pools[cluster] = rows[among == cluster]
        pool = pools[cluster]
        chance = _inverse(exposure[pool])
        place = int(random.choice(len(pool), p=chance))
        yield Surprise(int(pool[place]), cluster, float(chances[which] * chance[place]))
        seen[cluster] += 1
        pools[cluster] = np.delete(pool, place)
        if not len(pools[cluster]):
            turn = np.delete(turn, which)


def _inverse(exposure: NDArray[np.number]) -> NDArray[np.float64]:
    weights = 1 / (1 + exposure.astype(np.float64))
    return np.asarray(weights / weights.sum(), np.float64)


def _spread(sample: Floats, count: int) -> Floats:
    """Up to ``count`` rows far from each other, the first the closest to the mean."""
    place = int((sample @ sample.mean(axis=0)).argmax())
    nearest = np.full(len(sample), -np.inf, np.float32)
    places: list[int] = []
    while len(places) < count and nearest.min() < 1 - 1e-6:
        places.append(place)
        nearest = np.maximum(nearest, sample @ sample[place])
        place = int(nearest.argmin())
    return sample[places]


def _nearest(rows: Matrix, centres: Floats) -> Labels:
    labels = np.empty(len(rows), np.intp)
    for start in range(0, len(rows), SAMPLE):
        labels[start : start + SAMPLE] = (rows[start : start + SAMPLE] @ centres.T).argmax(axis=1)
    return labels
