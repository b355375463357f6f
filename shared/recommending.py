"""The use-case of recommending: a shopper's likes in, ranked items with reasons out. numpy and msgspec.

The answer is a function of the profile, the request, the seed and the catalogue alone, and of the time only
through which showings are two hours old. A page further down is one of the list that the first page began.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import msgspec
import numpy as np

from shared.asking import Request
from shared.bodies import shown
from shared.card import Card
from shared.catalogue import Catalogue
from shared.cursor import GIVEN, Cursor, read_cursor
from shared.engine import Need
from shared.errors import MalformedRequest, UnknownItem
from shared.facets import facets
from shared.filters import Filters, Mask, matching, relaxed
from shared.items import Items
from shared.likeness import STRATEGIES, Entry, Taste
from shared.page import Wish, first_page, similar_page
from shared.preparing import styles_of
from shared.profile import Preferences, Profile
from shared.ranking import Rows
from shared.registering import update
from shared.stages import Stages
from shared.stock import Stock
from shared.storage.ports import Profiles
from shared.vectors import Floats

#: The embedding ``(width,)`` of a photograph's bytes by a department's model version.
Look = Callable[[bytes, str, str], Floats]


@dataclass(frozen=True)
class Recommended:
    """The answer's body, and what the log is to know of it."""

    body: dict[str, Any]
    facts: dict[str, object]


def recommend(
    users: Profiles,
    stocks: Callable[[str], Stock],
    token: str,
    request: Request,
    now: int,
    photo: bytes | None = None,
    look: Look | None = None,
    stages: Stages | None = None,
) -> Recommended:
    """Rank items for the token's shopper, and remember the likes given and the items shown.

    ``now`` is in seconds since 1970 UTC: what was shown in the two hours before it sinks. With a ``photo``,
    the bytes of a picture, items are ranked by how like it they are; ``look`` embeds it, and nobody keeps it.
    Raises MalformedRequest for a cursor of another list, Unauthenticated, UnknownItem, PhotoRefused (nothing
    is remembered then), ModelMissing, StoreUnavailable.
    """
    stages = stages or Stages()
    answers: list[Recommended] = []
    digest = request.digest(photo)
    seen = None if photo is None or look is None else cache(partial(look, photo))

    def visit(profile: Profile) -> Profile:
        answer, remembered = _visit(profile, stocks, request, digest, now, seen, stages)
        answers.append(answer)
        stages.begin("write")
        return remembered

    stages.begin("profile")
    update(users, token, visit)  # which may visit again, if others change the profile meanwhile
    stages.begin("answer")
    return answers[-1]


def preview(
    stocks: Callable[[str], Stock], department: str, request: Request, stages: Stages | None = None
) -> Recommended:
    """What a shopper would be answered of whom nothing is known but the request. Nothing is remembered.

    Raises as ``recommend`` does, but for what profiles can raise.
    """
    stranger = Profile(user_id="0" * 32, department=department)
    return _visit(stranger, stocks, request, request.digest(), 0, None, stages or Stages())[0]


def _visit(
    profile: Profile,
    stocks: Callable[[str], Stock],
    request: Request,
    digest: bytes,
    now: int,
    seen: Callable[[str, str], Floats] | None,
    stages: Stages,
) -> tuple[Recommended, Profile]:
    """What to answer a shopper, and the profile that remembers it."""
    stages.begin("catalogue")
    department = request.department or profile.department
    cursor = None if request.cursor is None else read_cursor(request.cursor, digest)
    if cursor is None:
        seed = seed_of(profile) if request.seed is None else request.seed
        cursor = Cursor.first(digest, seed, profile, department, now)
    named = profile.with_tastes(department, request.likes, request.dislikes)
    filters = request.filters.over(named.preferences if department == named.department else Preferences())
    hand = stocks(department).at_hand(_need(named, department, request, filters, cursor.seed, seen))
    catalogue, card = hand.catalogue, hand.card
    items = catalogue.visible(card)
    unknown = [shown(i) for i in (*request.likes, *request.dislikes) if not catalogue.known(i)]
    if unknown:
        raise UnknownItem(f"expected ids of {department} items, found {', '.join(unknown)}")
    photograph, near = None, _near(request, department, items, seen is not None)
    if near is not None:
        photograph = items.vectors[near]
    elif seen is not None:
        stages.begin("photo")
        photograph = seen(department, card.version)
    stages.begin("rank")
    history = cursor.history(profile, department)
    taste = _taste(named, department, items, history, photograph, near)
    choice = _choice(items, filters, taste, card.duplicate_threshold, request)
    entries, more = _page(items, choice.rows, taste, card, request, cursor)
    ids = [str(items.item_ids[entry.row]) for entry in entries]
    body = {
        "recommendations": [_told(entry, items, card) for entry in entries],
        "next": cursor.after(ids, history).write() if more else None,
        "catalogue": {"version": catalogue.version, "items": hand.items},
        "ignored": _ignored(named, department, catalogue, items),
        "relaxed": list(choice.relaxed),
    }
    if choice.facets is not None:
        body["facets"] = choice.facets
    explored = [
        {"item_id": ids[place], "place": len(cursor) + place, **entry.why}
        for place, entry in enumerate(entries)
        if entry.kind == "explore"
    ]
    facts: dict[str, object] = {"user_id": profile.user_id, "department": department, "seed": cursor.seed}
    facts |= {"catalogue": catalogue.version, "items": hand.items, "candidates": len(choice.rows)}
    facts |= {"photo": seen is not None, "given": len(cursor), "relaxed": list(choice.relaxed)}
    facts |= {"returned": len(entries), "kinds": Counter(entry.kind for entry in entries)}
    answer = Recommended(body, facts | {"explored": explored})
    return answer, named.with_shown(department, ids, now)


def _need(
    profile: Profile,
    department: str,
    request: Request,
    filters: Filters,
    seed: int,
    seen: Callable[[str, str], Floats] | None,
) -> Need:
    """What the request needs of the department's items."""
    return Need(
        likes=profile.likes(department),
        named=(*request.likes, *profile.dislikes(department)),
        near=request.near,
        photo=None if seen is None else lambda card: seen(department, card.version),
        filters=filters,
        relax=request.relax,
        seed=seed,
        mean=request.strategy == STRATEGIES[1],
        strangers=request.explore > 0,
        counts=request.facets,
    )


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


def seed_of(profile: Profile) -> int:
    """A seed that stays while the profile's history stays, from 0 to 2**63 - 1."""
    shown = [(item.department, item.item_id) for item in profile.shown]
    history = msgspec.json.encode((profile.user_id, profile.tastes, shown))
    return int.from_bytes(hashlib.sha256(history).digest()[:8]) >> 1


def _near(request: Request, department: str, items: Items, photo: bool) -> int | None:
    """The row of the item that is compared with. Raises MalformedRequest or UnknownItem."""
    if request.near is None:
        return None
    if photo:
        raise MalformedRequest("near: expected no item beside a photograph, found one")
    row = items.row(request.near)
    if row is None:
        expected = f"the id of an item that {department} shows"
        raise UnknownItem(f"near: expected {expected}, found {shown(request.near)}")
    return row


def _taste(
    profile: Profile,
    department: str,
    items: Items,
    history: Mapping[str, int],
    photograph: Floats | None,
    near: int | None,
) -> Taste:
    seen = np.array(items.rows(history), np.intp)
    order = np.argsort(seen)[np.count_nonzero(seen < 0) :]
    return Taste(
        liked=_rows(items, profile.likes(department)),
        disliked=_rows(items, profile.dislikes(department)),
        shown=seen[order],
        lately=np.array([*history.values()], np.intp)[order],
        photograph=photograph,
        near=near,
    )


def _page(
    items: Items, rows: Rows, taste: Taste, card: Card, request: Request, cursor: Cursor
) -> tuple[list[Entry], bool]:
    """What the long list has beyond the items given, up to the limit; and whether it goes on after that."""
    limit = min(request.limit, GIVEN - len(cursor))
    caps = {name: most for name, most in msgspec.structs.asdict(request.max_per).items() if most}
    length = len(cursor) + limit + 1
    wish = Wish(length, request.explore, cursor.seed, request.strategy, request.diversity, caps)
    if not len(taste.liked) and taste.photograph is None:
        page = first_page(items, rows, taste, wish, card.duplicate_threshold)
    else:
        page = similar_page(items, styles_of(items), rows, taste, wish, card.duplicate_threshold)
    gave = cursor.giver()
    page = [entry for entry in page if not gave(str(items.item_ids[entry.row]))]
    return page[:limit], len(page) > limit and len(cursor) + limit < GIVEN


def _rows(items: Items, wanted: Iterable[str]) -> Rows:
    return np.array(sorted(row for row in items.rows(wanted) if row >= 0), np.intp)


def _told(entry: Entry, items: Items, card: Card) -> dict[str, Any]:
    why = dict(entry.why)
    if entry.like is not None:
        why["liked_item"] = str(items.item_ids[entry.like])
    if entry.parts:
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
