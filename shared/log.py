"""The catalogue of one department as it lies in a bucket: an append-only log folded into snapshots.

Writers only ever ``append``; a ``Reader`` keeps the folded catalogue in memory and catches up with the
log. It lists the deltas first, then reads the manifest, then the snapshot, then the deltas: a delta is
deleted only once a manifest names a snapshot that holds it, so in this order no fact is ever missed.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from shared import logs
from shared.card import Card, read_card
from shared.catalogue import Catalogue, fold
from shared.deltas import delta_name, parse_delta_name, read_facts, write_facts
from shared.departments import Space
from shared.errors import (
    BlobNotFound,
    FormatError,
    ModelDamaged,
    ModelMissing,
    PreconditionFailed,
    StoreUnavailable,
    StylekinError,
)
from shared.facts import Fact
from shared.manifest import Manifest, read_manifest, snapshot_name, swap_manifest
from shared.rejected import readmit, reject
from shared.storage.ports import Blob, Blobs

__all__ = [
    "GRACE",
    "Manifest",
    "Reader",
    "append",
    "delta_name",
    "is_appended",
    "read_manifest",
    "readmit",
    "reject",
    "swap_manifest",
]

#: Seconds for which a delta stays at least; readers who looked since then catch up without a snapshot.
GRACE = 600.0
ATTEMPTS = 20
MANY = 16  # objects worth more than one thread
AT_A_TIME = 16  # objects worked on side by side

T = TypeVar("T")
#: A delta of one name and generation: the same for ever.
Key = tuple[str, int]


def append(blobs: Blobs, department: str, name: str, facts: Iterable[Fact]) -> bool:
    """Acknowledge facts: from its return on, every reader that looks sees them.

    ``name`` is from ``delta_name``. False if that delta is there already: then it is done.
    """
    try:
        blobs.write(f"{department}/deltas/{name}", write_facts(facts), if_generation=0)
    except PreconditionFailed:
        return False
    return True


def is_appended(blobs: Blobs, department: str, name: str) -> bool:
    """Whether that delta is in the log; one that was folded long ago no longer is."""
    try:
        blobs.stat(f"{department}/deltas/{name}")
    except BlobNotFound:
        return False
    return True


def list_deltas(blobs: Blobs, department: str) -> list[Blob]:
    """The deltas in the log; anything else there is left out."""
    return [blob for blob in blobs.list(f"{department}/deltas/") if parse_delta_name(blob.name)]


def belongs(delta: str, model: str) -> bool:
    """Whether a delta's facts matter to the catalogue of a model version."""
    parsed = parse_delta_name(delta)
    return parsed is not None and parsed.model in (None, model)


def read_delta(blobs: Blobs, delta: Blob) -> list[Fact] | None:
    """The facts of a delta. Raises BlobNotFound.

    One that can not be read is left alone: None, and an error in the function's log.
    """
    return _facts(delta, blobs.read(delta.name, delta.generation)[0])


def _facts(delta: Blob, data: bytes | memoryview) -> list[Fact] | None:
    try:
        return read_facts(data, delta.name)
    except FormatError as error:
        logs.write("ERROR", "left a delta alone", delta=delta.name, reason=str(error))
        return None


def side_by_side(work: Callable[[Blob], T], blobs: Sequence[Blob]) -> Iterator[T]:
    """What ``work`` comes to for each of the blobs, in their order; of many, several are worked on at a time.

    A bucket takes tens of milliseconds an object: one after the other, thousands of deltas take minutes.
    """
    if len(blobs) < MANY:
        yield from map(work, blobs)
        return
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        yield from pool.map(work, blobs)


def read_deltas(blobs: Blobs, deltas: Sequence[Blob]) -> tuple[list[list[Fact] | None], list[str]]:
    """The facts of each delta, in order, None for one that can not be read; and the names of those gone."""
    gone = []

    def read(delta: Blob) -> bytes | memoryview | None:
        try:
            return blobs.read(delta.name, delta.generation)[0]
        except BlobNotFound:
            gone.append(delta.name)
            return None

    # only bytes are waited for side by side: making facts of them is Python's work, one thread's at a time
    found = zip(deltas, side_by_side(read, deltas), strict=True)
    return [None if data is None else _facts(delta, data) for delta, data in found], gone


def read_model_card(blobs: Blobs, department: str, model: str | None) -> Card:
    """The card of a department's model version. Raises ModelMissing, ModelDamaged."""
    if model is None:
        raise ModelMissing(f"{department}: expected a manifest that names a model, found one that names none")
    name = f"models/{department}/{model}/card.json"
    try:
        card = read_card(blobs.read(name)[0], name)
    except BlobNotFound as error:
        raise ModelMissing(f"{name}: expected the card of the live model, found nothing") from error
    if (card.department, card.version) != (department, model):
        raise ModelDamaged(
            f"{name}: expected the card of {department} {model}, found {card.department} {card.version}"
        )
    return card


def read_live(blobs: Blobs, manifest: Manifest, card: Card) -> Catalogue:
    """The live snapshot's catalogue in the live model's space. Raises BlobNotFound, FormatError."""
    space = Space(card.department, card.version)
    if manifest.snapshot is None:
        return Catalogue.empty(space, card.width)
    name = snapshot_name(manifest.department, manifest.snapshot)
    data, _ = blobs.read(name)
    return Catalogue.from_buffer(data, name).in_space(space, card.width)


@dataclass(frozen=True)
class _View:
    """What a reader knows since it ``looked``.

    ``generation`` is that of the manifest seen then, ``loaded`` that of the one whose snapshot was read;
    ``seen`` are the deltas listed then, all of which are in ``catalogue``. ``coming`` is the model version
    that is to be live next.
    """

    catalogue: Catalogue
    card: Card
    loaded: int
    generation: int
    seen: frozenset[Key]
    looked: float
    coming: str | None


class Reader:
    """The catalogue of one department, kept in memory. For any number of threads.

    A call looks for news if the last look is older than ``max_age`` seconds. One thread looks at a time
    and the others go on with what is there; only the first call of all has to wait.
    """

    def __init__(
        self, blobs: Blobs, department: str, max_age: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._blobs = blobs
        self._department = department
        self._max_age = max_age
        self._clock = clock
        self._view: _View | None = None
        self._looking = threading.Lock()

    def catalogue(self) -> Catalogue:
        """Every fact that was acknowledged ``max_age`` seconds ago. Raises ModelMissing, StoreUnavailable."""
        return self.live()[0]

    def card(self) -> Card:
        """The card of the live model. Raises as ``catalogue`` does."""
        return self.live()[1]

    def live(self) -> tuple[Catalogue, Card]:
        """The catalogue and the card that it belongs to."""
        view = self._current()
        return view.catalogue, view.card

    def coming(self) -> str | None:
        """The model version that is to be live next, if one is being made ready."""
        return self._current().coming

    def _current(self) -> _View:
        view = self._view
        if view is None or self._clock() - view.looked >= self._max_age:
            view = self._fresh(view)
        return view

    def _fresh(self, view: _View | None) -> _View:
        if not self._looking.acquire(blocking=view is None) and view is not None:
            return view
        try:
            if self._view is None or self._view is view:
                self._view = self._look(view)
            return self._view
        except StylekinError as error:
            if view is None:
                raise
            logs.write("ERROR", "went on with an older catalogue", reason=str(error))
            return view
        finally:
            self._looking.release()

    def _look(self, last: _View | None) -> _View:
        """Look once more, from the beginning whenever what was to be read is gone meanwhile."""
        for _ in range(ATTEMPTS):
            try:
                return self._attempt(last)
            except BlobNotFound:
                last = None
        raise StoreUnavailable(
            f"{self._department}: expected the log to stand still for a moment, it did not"
        )

    def _attempt(self, last: _View | None) -> _View:
        looked = self._clock()
        deltas = [
            (delta, (delta.name, delta.generation)) for delta in list_deltas(self._blobs, self._department)
        ]
        listed = self._clock()
        manifest, generation = read_manifest(self._blobs, self._department)
        catching_up = last is not None and self._may_catch_up(last, manifest, generation, listed)
        if last and catching_up:
            view = replace(last, generation=generation, looked=looked, coming=manifest.coming)
        else:
            card = read_model_card(self._blobs, self._department, manifest.model)
            live = read_live(self._blobs, manifest, card)
            view = _View(live, card, generation, generation, frozenset(), looked, manifest.coming)
        model = view.catalogue.space.model
        new = [delta for delta, key in deltas if key not in view.seen and belongs(delta.name, model)]
        read, gone = read_deltas(self._blobs, new)
        # One that is gone was folded, by now or, if the listing is late, long ago: into the snapshot just
        # loaded, if the manifest that named it still stands.
        if gone and (catching_up or read_manifest(self._blobs, self._department)[1] != generation):
            raise BlobNotFound(f"{gone[0]}: expected a delta, found nothing")
        facts = [fact for told in read for fact in told or ()]
        seen = frozenset(key for _, key in deltas)
        return replace(view, catalogue=fold(view.catalogue, facts), seen=seen)

    def _may_catch_up(self, last: _View, manifest: Manifest, generation: int, listed: float) -> bool:
        """Whether what is in memory and what was just listed hold everything acknowledged before.

        They do while the manifest is the one whose snapshot was loaded: nothing else was deleted. They
        also do if the live snapshot was folded from the one seen last and the last look is so young that
        no delta can have come and gone in between.
        """
        if manifest.model != last.card.version:
            return False
        if generation == last.loaded:
            return True
        known = generation == last.generation or manifest.follows(last.generation)
        return known and listed - last.looked < GRACE / 2
