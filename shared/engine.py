"""The port of an engine that holds more items than memory does, and what a request needs of a department.

``shared.fetching`` asks it. numpy only: those who write to an engine import this.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from shared.card import Card
from shared.catalogue import Catalogue
from shared.departments import Space
from shared.facts import Fact
from shared.rows import Row
from shared.vectors import Floats

if TYPE_CHECKING:
    from shared.filters import Filters

WIDEST = 2048  # numbers of a vector that Firestore's index takes


class Engine(Protocol):
    """Where the items of a space are held and found. Spaces never mix."""

    def join(self, card: Card, facts: Iterable[Fact]) -> int:
        """Merge facts into the items they name, in the space of ``card``; how many items changed.

        Any order, any number of times, from any number of writers, comes to the same. Pictures of another
        model version are passed over. Raises StoreUnavailable.
        """

    def forget(self, card: Card, item_ids: Collection[str]) -> None:
        """Forget the removals of some items, with what they hid, so that older files of them count again.

        As ``shared.rows.forget_removed``; doing it again changes nothing. Raises StoreUnavailable.
        """

    def rows(self, space: Space, item_ids: Sequence[str]) -> list[Row]:
        """The rows of those items that were ever heard of, visible or not, in any order."""

    def nearest(self, space: Space, vector: Floats, labels: Sequence[str], limit: int) -> list[Row]:
        """Up to ``limit`` visible items that have one of ``labels``, those of the highest product with
        ``vector`` ``(width,)``."""

    def some(self, space: Space, labels: Sequence[str], seed: int, limit: int) -> list[Row]:
        """Up to ``limit`` visible items that have one of ``labels``, the same ones for the same seed."""

    def size(self, space: Space) -> int:
        """How many items are visible."""

    def fill(self, space: Space) -> None:
        """Note that everything known was joined once; from then on the space is served."""

    def is_filled(self, space: Space) -> bool:
        """Whether that was noted."""


@dataclass(frozen=True)
class Need:
    """What a request needs of a department's items.

    ``likes``, oldest first, or ``near``, an item, or ``photo``, which looks at it with a model, are what
    items are compared with; with none of them, any do. ``named`` are other items it speaks of. ``mean`` says
    that the likes count as one vector. ``strangers`` says that some far from all of these are needed too,
    ``counts`` that those are that match no filter.
    """

    filters: "Filters"
    likes: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    near: str | None = None
    photo: Callable[[Card], Floats] | None = None
    relax: tuple[str, ...] = ()
    seed: int = 0
    mean: bool = False
    strangers: bool = False
    counts: bool = False


@dataclass(frozen=True)
class Embedded:
    """The live model version, the one that is to be live next, if one is being made ready, and the clock of
    an item's newest picture that the live one embedded, and whether it is shown: not if it was removed."""

    model: str
    coming: str | None
    clock: str | None
    visible: bool


@dataclass(frozen=True)
class Hand:
    """Items at hand: all of a department's, or those that were fetched; ``items`` is how many it shows."""

    catalogue: Catalogue
    card: Card
    items: int
