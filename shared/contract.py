"""What ``register`` and ``recommend`` can be asked and what they answer, as their client sees it.

``docs/openapi.yaml`` says what the fields mean. An answer may have more of them, which are passed over.
Imports msgspec.
"""

from collections.abc import Sequence
from typing import TypedDict

import msgspec


class Wanted(TypedDict, total=False):
    """New preferences: what is left out stays as it is, None asks for nothing."""

    max_price: float | None
    sizes: Sequence[str] | None
    categories: Sequence[str] | None


class Filters(TypedDict, total=False):
    """What may be in the list: what is left out is the profile's preference, None asks for nothing."""

    min_price: float | None
    max_price: float | None
    sizes: Sequence[str] | None
    categories: Sequence[str] | None
    brands: Sequence[str] | None
    available: bool


class MaxPer(TypedDict, total=False):
    """How many items of one group, brand or category the list has at most."""

    group: int
    brand: int | None
    category: int | None


class Request(TypedDict, total=False):
    """What ``recommend`` can be asked for; what is left out is the default of the service."""

    likes: Sequence[str]
    dislikes: Sequence[str]
    limit: int
    filters: Filters
    relax: Sequence[str]
    facets: bool
    strategy: str
    diversity: float
    max_per: MaxPer
    explore: float
    seed: int | None
    department: str | None
    near: str | None
    cursor: str | None


class Preferences(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the shopper always wants; nothing by default."""

    max_price: float | None = None
    sizes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


class History(msgspec.Struct, frozen=True):
    """What a profile remembers of one department, oldest first."""

    likes: tuple[str, ...]
    dislikes: tuple[str, ...]
    shown: tuple[str, ...]


class Profile(msgspec.Struct, frozen=True):
    """A shopper. ``history`` is by department."""

    user_id: str
    department: str
    preferences: Preferences
    likes: tuple[str, ...]
    history: dict[str, History]


class Item(msgspec.Struct, frozen=True):
    """An item; None for what the shop did not tell."""

    item_id: str
    brand: str | None = None
    title: str | None = None
    price: float | None = None
    currency: str | None = None
    sizes: tuple[str, ...] = ()
    category: str | None = None
    description: str | None = None
    group_id: str | None = None
    available: bool | None = None
    url: str | None = None
    category_predicted: bool = False


class Why(msgspec.Struct, frozen=True):
    """The reason for an item: down to ``adjustments`` of a similar one, then of a surprise, then of an item
    on the first page. None for what belongs to another kind."""

    strategy: str | None = None
    liked_item: str | None = None
    disliked_item: str | None = None
    resnet50: float | None = None
    style_cnn: float | None = None
    weights: dict[str, float] = {}
    adjustments: dict[str, float] = {}
    cluster: int | None = None
    probability: float | None = None
    reason: str | None = None
    nearest: float | None = None


class Recommendation(msgspec.Struct, frozen=True):
    """One place of the list. ``kind`` is similar, explore or diverse."""

    item: Item
    score: float
    kind: str
    why: Why


class Catalogue(msgspec.Struct, frozen=True):
    """What the list was taken from."""

    version: str
    items: int


class Ignored(msgspec.Struct, frozen=True):
    """A like or dislike that could not be used."""

    item_id: str
    reason: str


class Count(msgspec.Struct, frozen=True):
    """How many items a choice of a filter would leave."""

    value: str
    count: int


class AvailableCount(msgspec.Struct, frozen=True):
    """How many items can be bought now, and how many cannot."""

    value: bool
    count: int


class PriceBucket(msgspec.Struct, frozen=True):
    """How many items have a price from ``min`` to ``max``."""

    min: float
    max: float
    count: int


class PriceFacet(msgspec.Struct, frozen=True):
    """The range of prices; None if no item has one, or there are several currencies."""

    currency: str | None
    min: float | None
    max: float | None
    buckets: tuple[PriceBucket, ...]


class Facets(msgspec.Struct, frozen=True):
    """What each filter could be, each counted with all other filters in force."""

    price: PriceFacet
    sizes: tuple[Count, ...]
    categories: tuple[Count, ...]
    brands: tuple[Count, ...]
    available: tuple[AvailableCount, ...]


class Page(msgspec.Struct, frozen=True):
    """Items, best first. ``next`` is the cursor of the next page, None if this is the last one; ``relaxed``
    are the filters that were dropped; ``facets`` are there if they were asked for."""

    recommendations: tuple[Recommendation, ...]
    next: str | None
    catalogue: Catalogue
    ignored: tuple[Ignored, ...]
    relaxed: tuple[str, ...]
    facets: Facets | None = None


class Place(msgspec.Struct, frozen=True):
    """An item on the map of style: ``x`` and ``y`` from -1 to 1, near each other where styles are alike."""

    item: Item
    x: float
    y: float


class Style(msgspec.Struct, frozen=True):
    """A shopper's likes and dislikes on the map of a department's style, oldest first, and some of the other
    items around them."""

    department: str
    likes: tuple[Place, ...]
    dislikes: tuple[Place, ...]
    around: tuple[Place, ...]


class Ready(msgspec.Struct, frozen=True):
    """``items``: how many each department shows, for those that have a model."""

    status: str
    items: dict[str, int]
