"""What ``recommend`` can be asked for: the body of a request, checked. msgspec only."""

import hashlib
from typing import Annotated

import msgspec

from shared.bodies import item_ids, one_of, shown
from shared.cursor import LENGTH
from shared.departments import DEPARTMENTS
from shared.errors import MalformedRequest
from shared.filters import NAMES, Filters
from shared.likeness import STRATEGIES
from shared.profile import Preferences
from shared.registering import ItemId, ItemIds

Most = Annotated[int, msgspec.Meta(ge=1, le=100)]
Price = Annotated[float, msgspec.Meta(ge=0, le=1e12)]
Words = Annotated[
    tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=200)], ...], msgspec.Meta(max_length=100)
]


PAGE = frozenset({"likes", "dislikes", "limit", "facets", "cursor"})  # may differ from page to page


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The filters of one request. One that is left out is taken from the profile's preferences; null and
    an empty list ask for nothing. ``available`` false also shows what cannot be bought now."""

    min_price: Price | None = None
    max_price: Price | msgspec.UnsetType | None = msgspec.UNSET
    sizes: Words | msgspec.UnsetType | None = msgspec.UNSET
    categories: Words | msgspec.UnsetType | None = msgspec.UNSET
    brands: Words | None = None
    available: bool = True

    def __post_init__(self) -> None:
        if isinstance(self.max_price, float) and (self.min_price or 0) > self.max_price:
            found = f"{shown(self.min_price)} and {shown(self.max_price)}"
            raise MalformedRequest(f"filters: expected min_price at most max_price, found {found}")

    def over(self, preferences: Preferences) -> Filters:
        """These filters, with the preferences where they say nothing."""
        unset = msgspec.UNSET
        sizes = preferences.sizes if self.sizes is unset else self.sizes
        categories = preferences.categories if self.categories is unset else self.categories
        return Filters(
            min_price=self.min_price,
            max_price=preferences.max_price if self.max_price is unset else self.max_price,
            sizes=sizes or (),
            categories=categories or (),
            brands=self.brands or (),
            available_only=self.available,
        )


class MaxPer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many items of one group, brand or category a list has at most. More than one of a group are
    shown only if they are no near-duplicates; a brand or category that is left out has no cap."""

    group: Most = 1
    brand: Most | None = None
    category: Most | None = None


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of ``POST /recommend``. ``department`` is the profile's by default; ``relax`` names filters
    that may be dropped, in this order, when nothing matches; ``facets`` counts what else each filter could
    be; ``strategy`` compares items with the like each is closest to or with the mean of the likes;
    ``diversity`` is how much it counts that the items are unlike each other, 0 not at all; ``explore`` is the
    share of the list that surprises; ``seed`` comes from the profile's history by default; ``near`` is an
    item to compare with instead of the likes; ``cursor`` is the ``next`` of the page before."""

    likes: ItemIds = ()
    dislikes: ItemIds = ()
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 12
    filters: Asked = Asked()
    relax: Annotated[tuple[str, ...], msgspec.Meta(max_length=len(NAMES))] = ()
    facets: bool = False
    strategy: str = STRATEGIES[0]
    diversity: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0
    max_per: MaxPer = MaxPer()
    explore: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.1
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)] | None = None
    department: str | None = None
    near: ItemId | None = None
    cursor: Annotated[str, msgspec.Meta(min_length=1, max_length=LENGTH)] | None = None

    def __post_init__(self) -> None:
        one_of("strategy", self.strategy, STRATEGIES)
        for place, name in enumerate(self.relax):
            one_of(f"relax[{place}]", name, NAMES)
        if self.department is not None:
            one_of("department", self.department, DEPARTMENTS)
        if self.near is not None:
            item_ids("near", (self.near,))
        item_ids("likes", self.likes)
        item_ids("dislikes", self.dislikes)
        apart(self.likes, self.dislikes)

    def digest(self, photo: bytes | None = None) -> bytes:
        """8 bytes of the SHA-256 of what all pages of one list are asked with, a photograph too."""
        asked = {name: value for name, value in msgspec.structs.asdict(self).items() if name not in PAGE}
        return hashlib.sha256(msgspec.json.encode(asked) + hashlib.sha256(photo or b"").digest()).digest()[:8]


def apart(likes: tuple[str, ...], dislikes: tuple[str, ...]) -> None:
    """Raises MalformedRequest if an item is in both."""
    if both := sorted({*likes} & {*dislikes}):
        found = ", ".join(map(shown, both))
        raise MalformedRequest(f"dislikes: expected no item that is in likes, found {found}")
