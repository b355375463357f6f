"""Surprises: items of styles that a shopper has not seen, at seeded places. numpy only; pure functions."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.ranking import Rows
from shared.vectors import Floats, unit

CLUSTERS = 16
SAMPLE = 4096  # items that the clusters are found on
ROUNDS = 8

Labels = NDArray[np.intp]


@dataclass(frozen=True)
class Surprise:
    """One drawn row, its style cluster, and the probability with which this draw gave it."""

    row: int
    cluster: int
    probability: float


def clusters(vectors: Floats) -> Labels:
    """The style cluster of each item ``(n, width)``: ``(n,)`` numbers below 16.

    Spherical k-means from farthest points, on an evenly spaced sample; the same vectors give the same
    clusters. A catalogue of n items has at most n clusters.
    """
    if len(vectors) == 0:
        return np.zeros(0, np.intp)
    sample = vectors[np.linspace(0, len(vectors) - 1, min(SAMPLE, len(vectors))).astype(np.intp)]
    centres = _spread(sample, CLUSTERS)
    for _ in range(ROUNDS):
        label = _nearest(sample, centres)
        members = (label == np.arange(len(centres))[:, None]).astype(np.float32)
        centres = np.where(members.any(axis=1, keepdims=True), unit(members @ sample), centres)
    return _nearest(vectors, centres)


def slots(length: int, share: float, random: np.random.Generator) -> Rows:
    """Which places of a list of ``length`` explore, ascending: on average ``share`` of them."""
    count = int(length * share + random.random())
    return np.sort(random.permutation(length)[:count])


def unseen(labels: Labels, liked: Rows, shown: Rows) -> Labels:
    """The clusters a shopper does not know: none of their items was liked or shown.

    Once every cluster has been seen, those with the fewest items shown and none liked.
    """
    count = int(labels.max(initial=-1)) + 1
    exposure = np.bincount(labels[shown], minlength=count)
    eligible = np.setdiff1d(np.unique(labels), labels[liked])
    least = exposure[eligible].min(initial=len(shown))
    return np.asarray(eligible[exposure[eligible] == least], np.intp)


def draw(labels: Labels, rows: Rows, eligible: Labels, random: np.random.Generator) -> Iterator[Surprise]:
    """Those of ``rows`` that lie in ``eligible`` clusters, in the order in which chance draws them.

    Each draw picks a cluster (every one as likely, none twice before all had a turn), then an item in
    it (every one as likely). ``probability`` is that of the draw, given the draws before it.
    """
    pools = {int(cluster): rows[labels[rows] == cluster].tolist() for cluster in eligible}
    turn: list[int] = []
    while pools := {cluster: pool for cluster, pool in pools.items() if pool}:
        turn = [cluster for cluster in turn if cluster in pools] or sorted(pools)
        cluster = turn.pop(int(random.integers(len(turn))))
        pool = pools[cluster]
        probability = 1 / ((len(turn) + 1) * len(pool))
        yield Surprise(pool.pop(int(random.integers(len(pool)))), cluster, probability)


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


def _nearest(rows: Floats, centres: Floats) -> Labels:
    return np.asarray((rows @ centres.T).argmax(axis=1), np.intp)
