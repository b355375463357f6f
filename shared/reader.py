"""The catalogue of one department, folded and kept in memory.

A ``Reader`` catches up with the log. It lists the deltas first, then reads the manifest, then the snapshot,
then the deltas: a delta is deleted only once a manifest names a snapshot that holds it, so in this order no
fact is ever missed.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from shared import logs
from shared.card import Card
from shared.catalogue import Catalogue, fold
from shared.engine import Embedded, Hand, Need
from shared.errors import BlobNotFound, StoreUnavailable, StylekinError
from shared.log import GRACE, belongs, counting, list_deltas, read_deltas, read_live, read_model_card
from shared.manifest import Manifest, read_manifest
from shared.rows import is_shown
from shared.storage.ports import Blobs

ATTEMPTS = 20
#: A delta of one name and generation: the same for ever.
Key = tuple[str, int]


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
    and the others go on with what is there; only the first call of all has to wait. That thread also does
    what ``prepare`` does with a catalogue, its card and the catalogue before it, if there was one, before
    anybody gets it.
    """

    def __init__(
        self,
        blobs: Blobs,
        department: str,
        max_age: float,
        clock: Callable[[], float] = time.monotonic,
        prepare: Callable[[Catalogue, Card, Catalogue | None], object] | None = None,
    ) -> None:
        self._blobs = blobs
        self._prepare = prepare
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

    def embedded(self, item_id: str) -> Embedded:
        """What was embedded of an item, and by what, at one moment."""
        view = self._current()
        picture, removed = view.catalogue.picture_clock(item_id), view.catalogue.removed_clock(item_id)
        return Embedded(view.card.version, view.coming, picture, is_shown(picture, removed))

    def at_hand(self, need: Need) -> Hand:
        """Every item, whatever a request needs."""
        catalogue, card = self.live()
        return Hand(catalogue, card, len(catalogue.visible(card)))

    def size(self) -> int:
        """How many items are visible."""
        catalogue, card = self.live()
        return len(catalogue.visible(card))

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
        before = None if last is None else last.catalogue
        for _ in range(ATTEMPTS):
            try:
                view = self._attempt(last)
            except BlobNotFound:
                last = None
                continue
            if self._prepare is not None:
                self._prepare(view.catalogue, view.card, before)
            return view
        raise StoreUnavailable(
            f"{self._department}: expected the log to stand still for a moment, it did not"
        )

    def _attempt(self, last: _View | None) -> _View:
        looked = self._clock()
        listing = list_deltas(self._blobs, self._department)
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
        deltas = counting(listing, view.catalogue.sources)
        keys = [(delta.name, delta.generation) for delta in deltas]
        there = zip(deltas, keys, strict=True)
        new = [delta for delta, key in there if key not in view.seen and belongs(delta.name, model)]
        read, gone = read_deltas(self._blobs, new)
        # One that is gone was folded, by now or, if the listing is late, long ago: into the snapshot just
        # loaded, if the manifest that named it still stands.
        if gone and (catching_up or read_manifest(self._blobs, self._department)[1] != generation):
            raise BlobNotFound(f"{gone[0]}: expected a delta, found nothing")
        facts = [fact for told in read for fact in told or ()]
        return replace(view, catalogue=fold(view.catalogue, facts), seen=frozenset(keys))

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
