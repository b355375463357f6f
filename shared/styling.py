"""The use-case of showing a shopper's style: likes and dislikes on a map. numpy and msgspec.

Nothing is remembered: looking at one's style changes no list.
"""

from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
import numpy as np

from shared.bodies import one_of
from shared.departments import DEPARTMENTS
from shared.engine import Need
from shared.filters import Filters
from shared.items import Items
from shared.projection import Projection, lay
from shared.registering import authenticate
from shared.stages import Stages
from shared.stock import Stock
from shared.storage.ports import Profiles

AROUND = 60  # items of the department around the shopper's own
TOLD = 100  # likes, and as many dislikes: the newest


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of ``POST /recommend/style``. ``department`` is the profile's by default."""

    department: str | None = None

    def __post_init__(self) -> None:
        if self.department is not None:
            one_of("department", self.department, DEPARTMENTS)


def style(
    users: Profiles,
    stocks: Callable[[str], Stock],
    token: str,
    asked: Asked,
    stages: Stages | None = None,
) -> dict[str, Any]:
    """The shopper's newest likes and dislikes that the department shows, oldest first, and some of its other
    items, each with its place on the map. Raises Unauthenticated, ModelMissing, StoreUnavailable."""
    stages = stages or Stages()
    stages.begin("profile")
    profile = authenticate(users, token)
    stages.begin("catalogue")
    department = asked.department or profile.department
    likes, dislikes = profile.likes(department), profile.dislikes(department)
    hand = stocks(department).at_hand(Need(Filters(), named=(*likes[-TOLD:], *dislikes[-TOLD:])))
    items = hand.catalogue.visible(hand.card)
    stages.begin("rank")
    if (plane := _planes.get(items)) is None:
        plane = _planes[items] = lay(items.vectors)
    named = {*likes, *dislikes}
    spread = np.unique(np.linspace(0, len(items) - 1, min(AROUND, len(items))).astype(np.intp))
    around = [item_id for item_id in items.item_ids[spread].tolist() if item_id not in named]
    return {
        "department": department,
        "likes": _placed(items, plane, likes[-TOLD:]),
        "dislikes": _placed(items, plane, dislikes[-TOLD:]),
        "around": _placed(items, plane, around),
    }


_planes: WeakKeyDictionary[Items, Projection] = WeakKeyDictionary()


def _placed(items: Items, plane: Projection, item_ids: Sequence[str]) -> list[dict[str, Any]]:
    rows = [row for row in map(items.row, item_ids) if row is not None]
    places = np.round(plane.places(items.vectors[rows]), 4).tolist()
    return [{"item": items.describe(row), "x": x, "y": y} for row, (x, y) in zip(rows, places, strict=True)]
