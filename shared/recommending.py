"""The use-case of recommending: a shopper's likes in, ranked items with reasons out. numpy and msgspec.

The answer is a function of the profile, the request, the seed and the catalogue alone, and of the time only
through which showings are two hours old.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any
from weakref import WeakKeyDictionary

import msgspec
import numpy as np

from shared.bodies import item_ids, one_of, shown
from shared.card import Card
from shared.catalogue import Catalogue
from shared.departments import DEPARTMENTS
from shared.errors import MalformedRequest, ModelMissing, UnknownItem
from shared.exploration import Labels, clusters
from shared.filters import Filters, matching
from shared.items import Items
from shared.log import Reader
from shared.page import STRATEGIES, Entry, Taste, Wish, first_page, similar_page
from shared.profile import Preferences, Profile
from shared.ranking import Rows
from shared.registering import ItemIds, update
from shared.storage.ports import Profiles

Most = Annotated[int, msgspec.Meta(ge=1, le=100)]
Price = Annotated[float, msgspec.Meta(ge=0, le=1e12)]
Words = Annotated[
    tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=200)], ...], msgspec.Meta(max_length=100)
]


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
    """The body of ``POST /recommend``. ``department`` is the profile's by default; ``strategy`` compares
    items with the like each is closest to or with the mean of the likes; ``diversity`` is how much it counts
    that the items are unlike each other, 0 not at all; ``explore`` is the share of the list that surprises;
    ``seed`` comes from the profile's history by default."""

    likes: ItemIds = ()
    dislikes: ItemIds = ()
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 12
    filters: Asked = Asked()
    strategy: str = STRATEGIES[0]
    diversity: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0
    max_per: MaxPer = MaxPer()
    explore: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.1
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)] | None = None
    department: str | None = None

    def __post_init__(self) -> None:
        one_of("strategy", self.strategy, STRATEGIES)
        if self.department is not None:
            one_of("department", self.department, DEPARTMENTS)
        item_ids("likes", self.likes)
        item_ids("dislikes", self.dislikes)
        if both := sorted({*self.likes} & {*self.dislikes}):
            raise MalformedRequest(
                f"dislikes: expected no item that is in likes, found {', '.join(map(shown, both))}"
            )


@dataclass(frozen=True)
class Recommended:
    """The answer's body, and what the log is to know of it."""

    body: dict[str, Any]
    facts: dict[str, object]


def recommend(
    users: Profiles, readers: Callable[[str], Reader], token: str, request: Request, now: int
) -> Recommended:
    """Rank items for the token's shopper, and remember the likes given and the items shown.

    ``now`` is in seconds since 1970 UTC: what was shown in the two hours before it sinks.
    Raises Unauthenticated, UnknownItem (nothing is remembered then), ModelMissing, StoreUnavailable.
    """
    answers: list[Recommended] = []

    def visit(profile: Profile) -> Profile:
        answer, remembered = _visit(profile, readers, request, now)
        answers.append(answer)
        return remembered

    update(users, token, visit)  # which may visit again, if others change the profile meanwhile
    return answers[-1]


def _visit(
    profile: Profile, readers: Callable[[str], Reader], request: Request, now: int
) -> tuple[Recommended, Profile]:
    """What to answer a shopper, and the profile that remembers it."""
    department = request.department or profile.department
    catalogue, card = readers(department).live()
    items = catalogue.visible(card)
    unknown = [shown(i) for i in (*request.likes, *request.dislikes) if not catalogue.known(i)]
    if unknown:
        raise UnknownItem(f"expected ids of {department} items, found {', '.join(unknown)}")
    seed = seed_of(profile) if request.seed is None else request.seed
    named = profile.with_tastes(department, request.likes, request.dislikes)
    entries, candidates = _page(named, department, items, card, request, seed, now)
    ids = [str(items.item_ids[entry.row]) for entry in entries]
    body = {
        "recommendations": [_told(entry, items, card) for entry in entries],
        "catalogue": {"version": catalogue.version, "items": len(items)},
        "ignored": _ignored(named, department, catalogue, items),
    }
    explored = [
        {"item_id": ids[place], "place": place, **entry.why}
        for place, entry in enumerate(entries)
        if entry.kind == "explore"
    ]
    facts: dict[str, object] = {"user_id": profile.user_id, "department": department, "seed": seed}
    facts |= {"catalogue": catalogue.version, "items": len(items), "candidates": candidates}
    answer = Recommended(body, facts | {"returned": len(entries), "explored": explored})
    return answer, named.with_shown(department, ids, now)


def ready(readers: Callable[[str], Reader]) -> dict[str, int]:
    """How many items each department shows. Raises ModelMissing if none has a model."""
    items: dict[str, int] = {}
    for department in DEPARTMENTS:
        try:
            catalogue, card = readers(department).live()
            items[department] = len(catalogue.visible(card))
        except ModelMissing:
            if department == DEPARTMENTS[-1] and not items:
                raise
    return items


_styles: WeakKeyDictionary[Items, Labels] = WeakKeyDictionary()


def seed_of(profile: Profile) -> int:
    """A seed that stays while the profile's history stays, from 0 to 2**63 - 1."""
    shown = [(item.department, item.item_id) for item in profile.shown]
    history = msgspec.json.encode((profile.user_id, profile.tastes, shown))
    return int.from_bytes(hashlib.sha256(history).digest()[:8]) >> 1


def _page(
    profile: Profile, department: str, items: Items, card: Card, request: Request, seed: int, now: int
) -> tuple[list[Entry], int]:
    own = department == profile.department
    filters = request.filters.over(profile.preferences if own else Preferences())
    lately = profile.shown_lately(department, now)
    taste = Taste(
        liked=_rows(items, profile.likes(department)),
        disliked=_rows(items, profile.dislikes(department)),
        shown=(seen := _rows(items, profile.shown_in(department))),
        lately=np.array([lately.get(str(item_id), 0) for item_id in items.item_ids[seen]], np.intp),
    )
    rows = taste.candidates(items, matching(items, filters), card.duplicate_threshold)
    caps = {name: most for name, most in msgspec.structs.asdict(request.max_per).items() if most}
    wish = Wish(request.limit, request.explore, seed, request.strategy, request.diversity, caps)
    if not len(taste.liked):
        page = first_page(items, rows, taste, wish, card.duplicate_threshold)
    else:
        if (styles := _styles.get(items)) is None:
            styles = _styles[items] = clusters(items.vectors)
        page = similar_page(items, styles, rows, taste, wish, card.duplicate_threshold)
    return page, len(rows)


def _rows(items: Items, wanted: Iterable[str]) -> Rows:
    rows = (items.row(item_id) for item_id in wanted)
    return np.array(sorted(row for row in rows if row is not None), np.intp)


def _told(entry: Entry, items: Items, card: Card) -> dict[str, Any]:
    why = dict(entry.why)
    if entry.like is not None:
        why["liked_item"] = str(items.item_ids[entry.like])
        for part, share in zip(card.parts, entry.parts, strict=True):
            why[part.name] = round(share / (part.weight or 1), 8)
        why["weights"] = {part.name: part.weight for part in card.parts}
        why["adjustments"] = dict(entry.adjustments)
    if entry.dislike is not None:
        why["disliked_item"] = str(items.item_ids[entry.dislike])
    return {"item": items.describe(entry.row), "score": entry.score, "kind": entry.kind, "why": why}


def _ignored(profile: Profile, department: str, catalogue: Catalogue, items: Items) -> list[dict[str, str]]:
    """Likes and dislikes that could not be used: the shop never had them, or shows them no longer."""
    return [
        {"item_id": item_id, "reason": "not_visible" if catalogue.known(item_id) else "unknown"}
        for item_id in sorted({*profile.likes(department), *profile.dislikes(department)})
        if items.row(item_id) is None
    ]
