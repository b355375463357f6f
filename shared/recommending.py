"""The use-case of recommending: a shopper's likes in, ranked items with reasons out. numpy and msgspec.

The answer is a function of the profile, the request, the seed and the catalogue alone, and of the time only
through which showings are two hours old.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
import numpy as np

from shared.asking import Request
from shared.bodies import shown
from shared.card import Card
from shared.catalogue import Catalogue
from shared.departments import DEPARTMENTS
from shared.errors import ModelMissing, ProfileNotFound, Unauthenticated, UnknownItem
from shared.exploration import Labels, clusters
from shared.facets import facets
from shared.filters import Filters, Mask, matching, relaxed
from shared.items import Items
from shared.log import Reader
from shared.page import Entry, Taste, Wish, first_page, similar_page
from shared.profile import Preferences, Profile
from shared.ranking import Rows
from shared.registering import authenticate
from shared.storage.ports import Profiles


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
    profile = authenticate(users, token)
    department = request.department or profile.department
    catalogue, card = readers(department).live()
    items = catalogue.visible(card)
    unknown = [shown(i) for i in (*request.likes, *request.dislikes) if not catalogue.known(i)]
    if unknown:
        raise UnknownItem(f"expected ids of {department} items, found {', '.join(unknown)}")
    seed = seed_of(profile) if request.seed is None else request.seed
    named = profile.with_tastes(department, request.likes, request.dislikes)
    entries, choice = _page(named, department, items, card, request, seed, now)
    ids = [str(items.item_ids[entry.row]) for entry in entries]

    def remember(current: Profile) -> Profile:
        current = current.with_tastes(department, request.likes, request.dislikes)
        return current.with_shown(department, ids, now)

    try:
        users.update(profile.user_id, remember)
    except ProfileNotFound as error:
        raise Unauthenticated("Authorization: expected a token of a profile, found it erased") from error
    body = {
        "recommendations": [_told(entry, items, card) for entry in entries],
        "catalogue": {"version": catalogue.version, "items": len(items)},
        "ignored": _ignored(named, department, catalogue, items),
        "relaxed": list(choice.relaxed),
    }
    if choice.facets is not None:
        body["facets"] = choice.facets
    explored = [
        {"item_id": ids[place], "place": place, **entry.why}
        for place, entry in enumerate(entries)
        if entry.kind == "explore"
    ]
    facts: dict[str, object] = {"user_id": profile.user_id, "department": department, "seed": seed}
    facts |= {"catalogue": catalogue.version, "items": len(items), "candidates": len(choice.rows)}
    return Recommended(body, facts | {"returned": len(entries), "explored": explored})


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


@dataclass(frozen=True)
class _Choice:
    """The rows to choose from, the filters dropped to have any, and the facets if they were asked for."""

    rows: Rows
    relaxed: tuple[str, ...]
    facets: dict[str, Any] | None


def _choice(items: Items, filters: Filters, taste: Taste, threshold: float, request: Request) -> _Choice:
    def candidates(mask: Mask) -> Rows:
        return taste.candidates(items, mask, threshold)

    kept, dropped, rows = relaxed(filters, request.relax, lambda some: candidates(matching(items, some)))
    return _Choice(rows, dropped, facets(items, kept, candidates) if request.facets else None)


_styles: WeakKeyDictionary[Items, Labels] = WeakKeyDictionary()


def seed_of(profile: Profile) -> int:
    """A seed that stays while the profile's history stays, from 0 to 2**63 - 1."""
    shown = [(item.department, item.item_id) for item in profile.shown]
    history = msgspec.json.encode((profile.user_id, profile.tastes, shown))
    return int.from_bytes(hashlib.sha256(history).digest()[:8]) >> 1


def _page(
    profile: Profile, department: str, items: Items, card: Card, request: Request, seed: int, now: int
) -> tuple[list[Entry], _Choice]:
    own = department == profile.department
    filters = request.filters.over(profile.preferences if own else Preferences())
    lately = profile.shown_lately(department, now)
    taste = Taste(
        liked=_rows(items, profile.likes(department)),
        disliked=_rows(items, profile.dislikes(department)),
        shown=(seen := _rows(items, profile.shown_in(department))),
        lately=np.array([lately.get(str(item_id), 0) for item_id in items.item_ids[seen]], np.intp),
    )
    choice = _choice(items, filters, taste, card.duplicate_threshold, request)
    rows = choice.rows
    caps = {name: most for name, most in msgspec.structs.asdict(request.max_per).items() if most}
    wish = Wish(request.limit, request.explore, seed, request.strategy, request.diversity, caps)
    if not len(taste.liked):
        page = first_page(items, rows, taste, wish, card.duplicate_threshold)
    else:
        if (styles := _styles.get(items)) is None:
            styles = _styles[items] = clusters(items.vectors)
        page = similar_page(items, styles, rows, taste, wish, card.duplicate_threshold)
    return page, choice


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
