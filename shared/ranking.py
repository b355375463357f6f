"""How similar items are to what a shopper likes. numpy only; pure functions on arrays.

Everything works in slices of rows, so that a catalogue of any size needs little memory beside itself.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from shared.vectors import Floats, Vectors, cosines

Rows = NDArray[np.intp]

SLICE = 8192  # rows scored at a time
DIGITS = 6  # scores this close count as equal, so that order does not hang on how sums were rounded


def best_match(vectors: Vectors, rows: Rows, liked: Rows) -> tuple[Floats, Rows]:
    """Score ``rows`` ``(m,)`` by the like each is closest to: two tastes stay two tastes.

    Returns the cosine with that like, ``(m,)`` in [-1, 1] rounded to 6 digits, and its place in
    ``liked`` ``(k,)``, the first one where several are as close. ``liked`` must not be empty.
    """
    scores = np.empty(len(rows), np.float32)
    places = np.empty(len(rows), np.intp)
    likes = Vectors(vectors.space, vectors.rows[liked])
    for part, chunk in _slices(vectors, rows):
        similar = np.round(cosines(chunk, likes), DIGITS)
        places[part] = similar.argmax(axis=1)
        scores[part] = similar.max(axis=1)
    return scores, places


def descending(scores: Floats) -> Rows:
    """The places of ``scores`` ``(m,)`` from the highest to the lowest; equal ones keep their order."""
    return np.argsort(-scores, kind="stable")


def close_to(vectors: Vectors, rows: Rows, others: Rows, threshold: float) -> NDArray[np.bool_]:
    """Which of ``rows`` ``(m,)`` have a cosine above ``threshold`` with any of ``others``: ``(m,)`` bool."""
    close = np.zeros(len(rows), np.bool_)
    if len(others):
        known = Vectors(vectors.space, vectors.rows[others])
        for part, chunk in _slices(vectors, rows):
            close[part] = (cosines(chunk, known) > threshold).any(axis=1)
    return close


def _slices(vectors: Vectors, rows: Rows) -> Iterator[tuple[slice, Vectors]]:
    for start in range(0, len(rows), SLICE):
        part = slice(start, start + SLICE)
        yield part, Vectors(vectors.space, vectors.rows[rows[part]])
