"""How similar items are to what a shopper likes. numpy and numkong; pure functions on arrays.

Everything works in slices of rows, so that a catalogue of any size needs little memory beside itself.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numkong
import numpy as np
from numpy.typing import NDArray

from shared.errors import SpaceMismatch
from shared.vectors import Floats, Vectors

Rows = NDArray[np.intp]
Scores = NDArray[np.float64]

SLICE = 8192  # rows scored at a time
FIRST = 256  # rows that a list is looked for among at first
CANCELLED = 0.01  # likes whose mean is shorter than this share of their length point nowhere
DISLIKE = 0.25  # the share of the closest dislike's cosine that lowers a score
MARGIN = 1e-5  # more than rounding may move what a score is made of
DIGITS = 6  # scores this close count as equal, so that order does not hang on how sums were rounded


def cosines(a: Vectors, b: Vectors) -> Scores:
    """Cosine of every row of ``a`` ``(n)`` with every row of ``b`` ``(m)``: ``(n, m)`` in [-1, 1].

    Summed in float64, so that a row's cosine is the same beside whichever others it stands.
    Raises SpaceMismatch if they belong to two spaces: such a number would mean nothing.
    """
    if a.space != b.space:
        raise SpaceMismatch(f"expected vectors of one space, found {a.space} and {b.space}")
    if not len(a.rows) or not len(b.rows):
        return np.zeros((len(a.rows), len(b.rows)))
    return np.asarray(numkong.dots_packed(a.rows[:], numkong.dots_pack(b.rows[:])), np.float64)


def best_match(vectors: Vectors, rows: Rows, liked: Rows) -> tuple[Scores, Rows]:
    """Score ``rows`` ``(m,)`` by the like each is closest to: two tastes stay two tastes.

    Returns the cosine with that like, ``(m,)`` in [-1, 1] rounded to 6 digits, and its place in
    ``liked`` ``(k,)``, the first one where several are as close. ``liked`` must not be empty.
    """
    return _closest(vectors, rows, vectors.rows[liked])


def centroid(vectors: Vectors, liked: Rows, widths: Sequence[int]) -> Floats | None:
    """The mean of the likes ``(k,)``, which must not be empty, as one more row ``(width,)`` of the space.

    Each part of ``widths`` is scaled to the length it has in the likes, so that the parts keep their
    weights and a single like is its own centroid. Order and repeats of the likes change nothing. None if
    the likes cancel out in any part: their mean then points nowhere.
    """
    likes = vectors.rows[np.unique(liked)].astype(np.float64)
    centre = likes.mean(axis=0)
    for start, end in pairwise(np.cumsum((0, *widths)).tolist()):
        length = np.linalg.norm(likes[:, start:end], axis=1).mean()
        mean = np.linalg.norm(centre[start:end])
        if length > 0 and mean < CANCELLED * length:
            return None
        centre[start:end] *= length / (mean or 1)
    mean_row: Floats = centre.astype(np.float32)
    return mean_row


def towards(vectors: Vectors, rows: Rows, centre: Floats) -> Scores:
    """Cosine of ``rows`` ``(m,)`` with one more row ``(width,)``: ``(m,)`` in [-1, 1] rounded to 6 digits."""
    return _closest(vectors, rows, centre[None])[0]


def push(vectors: Vectors, rows: Rows, disliked: Rows) -> tuple[Scores, Rows]:
    """How far dislikes push ``rows`` ``(m,)`` away: 0.25 * max(0, cosine with the closest dislike).

    Returns what the scores sink by, ``(m,)`` in [0, 0.25] rounded to 6 digits, and the dislike's place in
    ``disliked`` ``(k,)``. A quarter lets a dislike decide between items liked about as much, and never
    between a like's close kin and its opposite. Without dislikes nothing sinks.
    """
    if not len(disliked):
        return np.zeros(len(rows)), np.zeros(len(rows), np.intp)
    closest, places = best_match(vectors, rows, disliked)
    return np.round(DISLIKE * np.maximum(closest, 0), DIGITS), places


def fade(scores: Scores, times: Rows) -> Scores:
    """What ``scores`` ``(m,)`` sink by if each item was shown ``times`` ``(m,)`` lately: half, each time.

    So 0.8 sinks by 0.4, then by 0.6, then by 0.7, rounded to 6 digits. A score below zero sinks by as much
    as one above: -0.8 becomes -1.2.
    """
    return np.asarray(np.round(np.abs(scores) * (1 - 0.5**times), DIGITS), np.float64)


def descending(scores: NDArray[np.floating]) -> Rows:
    """The places of ``scores`` ``(m,)`` from the highest to the lowest; equal ones keep their order."""
    return np.argsort(-scores, kind="stable")


def best_first(ceilings: Scores, exact: Callable[[Rows], Scores]) -> Iterator[tuple[int, float]]:
    """The places of ``ceilings`` ``(m,)`` and their scores, from the highest score to the lowest; equal ones
    keep their order. As far as they are asked for.

    ``exact`` scores some places, ascending, none above its ceiling. Scored are those with the highest
    ceilings, until no other can come before: the threshold algorithm (Fagin, Lotem and Naor 2003).
    """
    ceilings = ceilings.astype(np.float64) + MARGIN
    places, scores = np.zeros(0, np.intp), np.zeros(0)
    count, left = FIRST, len(ceilings)
    while left:
        count = min(count, left)
        top = np.argpartition(ceilings, -count)[-count:]
        left, count = left - count, count * 2
        top = np.sort(top)
        ceilings[top] = -np.inf
        places, scores = np.concatenate([places, top]), np.concatenate([scores, exact(top)])
        order = np.lexsort((places, -scores))
        places, scores = places[order], scores[order]
        ready = int(np.searchsorted(-scores, -ceilings.max(), side="left"))
        yield from zip(places[:ready].tolist(), scores[:ready].tolist(), strict=True)
        places, scores = places[ready:], scores[ready:]


def close_to(vectors: Vectors, rows: Rows, others: Rows, threshold: float) -> NDArray[np.bool_]:
    """Which of ``rows`` ``(m,)`` have a cosine above ``threshold`` with any of ``others``: ``(m,)`` bool."""
    close = np.zeros(len(rows), np.bool_)
    if len(others):
        known = Vectors(vectors.space, vectors.rows[others])
        for part, chunk in _slices(vectors, rows):
            close[part] = (cosines(chunk, known) > threshold).any(axis=1)
    return close


def _closest(vectors: Vectors, rows: Rows, others: Floats) -> tuple[Scores, Rows]:
    """The highest cosine of each of ``rows`` with any of ``others`` ``(k, width)``, and that one's place."""
    scores = np.empty(len(rows), np.float64)
    places = np.empty(len(rows), np.intp)
    known = Vectors(vectors.space, others)
    for part, chunk in _slices(vectors, rows):
        similar = np.round(cosines(chunk, known), DIGITS)
        places[part] = similar.argmax(axis=1)
        scores[part] = similar.max(axis=1)
    return scores, places


def _slices(vectors: Vectors, rows: Rows) -> Iterator[tuple[slice, Vectors]]:
    for start in range(0, len(rows), SLICE):
        part = slice(start, start + SLICE)
        yield part, Vectors(vectors.space, vectors.rows[rows[part]])
