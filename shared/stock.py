"""Where functions get a department's items from: the ``Stock`` port, and the one of an engine.

``shared.log.Reader`` is the other one: it has all items in memory.
"""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from shared import logs
from shared.card import Card
from shared.departments import Space
from shared.engine import Embedded, Engine, Hand, Need
from shared.errors import ModelMissing, StylekinError
from shared.log import read_model_card
from shared.manifest import read_manifest
from shared.rows import is_shown
from shared.storage.ports import Blobs

SIZE_AGE = 600.0  # seconds for which a size is told again: counting a million items costs a thousand reads


class Stock(Protocol):
    """A department's items, wherever they are."""

    def at_hand(self, need: Need) -> Hand:
        """The items for a request. Raises ModelMissing, StoreUnavailable."""

    def size(self) -> int:
        """How many items are visible. Raises as ``at_hand`` does."""

    def embedded(self, item_id: str) -> Embedded:
        """What was embedded of an item, and by what."""


@dataclass(frozen=True)
class _Models:
    """What was known when it was ``looked``: ``served`` is the card of the space that is asked."""

    looked: float
    live: Card
    coming: str | None
    served: Card | None


class EngineStock(Stock):
    """A department whose items ``engine`` holds. For any number of threads.

    Which model is live is looked up again when that is ``max_age`` seconds old. A live model whose space is
    not filled yet is passed over for the one that was live before.
    """

    def __init__(
        self,
        blobs: Blobs,
        department: str,
        engine: Engine,
        max_age: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._blobs, self._department, self._engine = blobs, department, engine
        self._max_age, self._clock = max_age, clock
        self._models: _Models | None = None
        self._sizes: dict[Space, tuple[float, int]] = {}
        self._looking = threading.Lock()

    def at_hand(self, need: Need) -> Hand:
        from shared.fetching import fetch  # here: who only writes goes without numkong

        card = self._served()
        return Hand(fetch(self._engine, card, need), card, self._count(card))

    def size(self) -> int:
        return self._count(self._served())

    def embedded(self, item_id: str) -> Embedded:
        models = self._look()
        model = models.live.version
        rows = self._engine.rows(Space(self._department, model), (item_id,))
        row = rows[0] if rows else {}
        picture = row.get("picture_clock")
        return Embedded(model, models.coming, picture, is_shown(picture, row.get("removed_clock")))

    def _count(self, card: Card) -> int:
        space, now = Space(card.department, card.version), self._clock()
        counted, size = self._sizes.get(space, (-math.inf, 0))
        if now - counted >= (SIZE_AGE if self._max_age else 0):  # 0 seconds is no memory at all
            size = self._engine.size(space)
            self._sizes[space] = now, size
        return size

    def _served(self) -> Card:
        models = self._look()
        if models.served is None:
            raise ModelMissing(
                f"{self._department}: expected an engine that was filled with the items of "
                f"{models.live.version}, found one that was not; run python -m scripts.fill_engine"
            )
        return models.served

    def _look(self) -> _Models:
        """One thread looks at a time; the others go on with what is known, and so does it after a fault."""
        known = self._models
        if known is not None and self._clock() - known.looked < self._max_age:
            return known
        if not self._looking.acquire(blocking=known is None) and known is not None:
            return known
        try:
            if self._models is None or self._models is known:
                self._models = self._read()
            return self._models
        except StylekinError as error:
            if known is None:
                raise
            logs.write("ERROR", "went on with an older model", reason=str(error))
            return known
        finally:
            self._looking.release()

    def _read(self) -> _Models:
        looked = self._clock()
        manifest, _ = read_manifest(self._blobs, self._department)
        live = read_model_card(self._blobs, self._department, manifest.model)
        former = manifest.former.model if manifest.former else None
        for model in (live.version, former):
            if model and self._engine.is_filled(Space(self._department, model)):
                served = read_model_card(self._blobs, self._department, model)
                return _Models(looked, live, manifest.coming, served)
        return _Models(looked, live, manifest.coming, None)
