"""The use-case of trying the knobs: one set of likes, ranked by several settings. msgspec only.

Each list is what ``recommend`` would answer a shopper it knows nothing else of; nothing is remembered.
"""

from collections.abc import Callable
from typing import Annotated, Any

import msgspec

from shared import asking, recommending
from shared.bodies import item_ids, one_of
from shared.likeness import STRATEGIES
from shared.registering import ItemIds
from shared.stages import Stages
from shared.stock import Stock

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Knobs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one list is made; each as ``recommend`` takes it, with the same default."""

    strategy: str = STRATEGIES[0]
    diversity: Share = 0
    explore: Share = 0.1
    max_per: asking.MaxPer = asking.MaxPer()

    def __post_init__(self) -> None:
        one_of("strategy", self.strategy, STRATEGIES)


class Trial(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of ``POST /inspect_catalogue/{department}/preview``: what all lists have in common, and the
    ``knobs`` of each. ``seed`` is where chance begins, for all of them."""

    likes: ItemIds = ()
    dislikes: ItemIds = ()
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 12
    filters: asking.Asked = asking.Asked()
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)] = 0
    knobs: Annotated[tuple[Knobs, ...], msgspec.Meta(min_length=1, max_length=4)] = (Knobs(),)

    def __post_init__(self) -> None:
        item_ids("likes", self.likes)
        item_ids("dislikes", self.dislikes)
        asking.apart(self.likes, self.dislikes)

    def request(self, knobs: Knobs) -> asking.Request:
        """What ``recommend`` would be asked for one of the lists."""
        common = {name: getattr(self, name) for name in ("likes", "dislikes", "limit", "filters", "seed")}
        return asking.Request(**common, **msgspec.structs.asdict(knobs))


def preview(
    stocks: Callable[[str], Stock], department: str, asked: Trial, stages: Stages | None = None
) -> dict[str, Any]:
    """One list for each of the knobs, in their order. Raises UnknownItem, ModelMissing, StoreUnavailable."""
    stages = stages or Stages()
    bodies = [
        recommending.preview(stocks, department, asked.request(knobs), stages).body for knobs in asked.knobs
    ]
    return {
        "department": department,
        "catalogue": bodies[-1]["catalogue"],
        "ignored": bodies[-1]["ignored"],
        "lists": [
            {"knobs": knobs, "recommendations": body["recommendations"]}
            for knobs, body in zip(asked.knobs, bodies, strict=True)
        ],
    }
