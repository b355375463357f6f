"""The items that one request can do with, fetched from an engine that holds more than memory does. numpy.

An engine answers which items are the nearest to a vector, and the rest of a recommendation runs on those as
it does on a whole department: scores are worked out anew and filters applied again, so what an engine lacks
makes a list shorter or another, never wrong.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

from shared.card import Card
from shared.catalogue import Catalogue
from shared.departments import Space
from shared.documents import ALL, each_once, wanted
from shared.engine import Engine, Need
from shared.exploration import clusters
from shared.filters import NAMES, Filters, matching, relaxed
from shared.items import Items
from shared.ranking import Rows, centroid
from shared.rows import Row
from shared.vectors import Floats

AT_HAND = 800  # items that a list is made of, over all vectors that are looked near; Firestore gives 1,000
TASTES = 8  # vectors that are looked near, at most: each reads the whole index of its labels
SAMPLE = 200  # items that surprises are drawn from
ENOUGH = 100  # items that match all filters, before a wider look for more is given up


def fetch(engine: Engine, card: Card, need: Need) -> Catalogue:
    """What is at hand for a request, as a catalogue of those items alone."""
    space = Space(card.department, card.version)
    asked = dict.fromkeys((*need.likes, *need.named, *([need.near] if need.near else ())))
    named = engine.rows(space, tuple(asked))
    found = list(named)
    own = _catalogue(space, card, named).visible(card)
    vectors = compared(own, need, card)

    def candidates(filters: Filters) -> Rows:
        rows = _look(engine, space, card, need, vectors, filters)
        found.extend(rows)
        strangers = _catalogue(space, card, (row for row in rows if row["item_id"] not in asked)).visible(
            card
        )
        return np.flatnonzero(matching(strangers, filters))

    relaxed(need.filters, need.relax, candidates)
    if need.counts:
        found += _look(engine, space, card, need, vectors, need.filters.without(*NAMES))
    if need.strangers and len(vectors):
        found += engine.some(space, _any(need.filters), need.seed, SAMPLE)
    return _catalogue(space, card, found)


def compared(own: Items, need: Need, card: Card) -> Floats:
    """The vectors ``(m, width)`` near which to look, at most ``TASTES``.

    Of more likes than that, the centres of as many clusters of them.
    """
    nothing = np.zeros((0, card.width), np.float32)
    if need.near is not None:
        row = own.row(need.near)
        return nothing if row is None else own.vectors[[row]]
    if need.photo is not None:
        return need.photo(card)[None]
    rows = np.array(sorted(row for row in map(own.row, need.likes) if row is not None), np.intp)
    if not len(rows):
        return nothing
    centre = centroid(own.embeddings, rows, own.widths) if need.mean else None
    if centre is not None:
        return centre[None]
    likes = own.vectors[rows]
    return likes if len(rows) <= TASTES else clusters(likes, count=TASTES).centres


def _look(
    engine: Engine, space: Space, card: Card, need: Need, vectors: Floats, filters: Filters
) -> list[Row]:
    """Items by the labels that suit ``filters``, the narrowest first, until enough of them match."""
    rows: list[Row] = []
    for labels in wanted(filters, space.department):
        if len(vectors):
            limit = -(-AT_HAND // len(vectors))
            with ThreadPoolExecutor(len(vectors)) as pool:
                near = partial(engine.nearest, space, labels=labels, limit=limit)
                answers = list(pool.map(near, vectors))
        else:
            limit = AT_HAND
            answers = [engine.some(space, labels, need.seed, limit)]
        rows = each_once([*rows, *(row for answer in answers for row in answer)])
        all_there = all(len(answer) < limit for answer in answers)
        if all_there or matching(_catalogue(space, card, rows).visible(card), filters).sum() >= ENOUGH:
            break
    return rows


def _any(filters: Filters) -> list[str]:
    return [ALL] if filters.available_only else [ALL, "!" + ALL]


def _catalogue(space: Space, card: Card, rows: Iterable[Row]) -> Catalogue:
    return Catalogue.of(space, card.width, each_once(rows))
