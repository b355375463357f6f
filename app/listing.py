"""The list a shopper goes through, and what a rating or a further page makes of it. Pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from shared.client import Facets, Item, Page, Recommendation


@dataclass(frozen=True)
class Listing:
    """``rated``: item ids to like or dislike, said on this list. ``next`` is the cursor of what follows."""

    places: tuple[Recommendation, ...] = ()
    rated: Mapping[str, str] = field(default_factory=dict)
    next: str | None = None
    facets: Facets | None = None

    @classmethod
    def of(cls, page: Page) -> "Listing":
        """The list that a first page begins."""
        return cls(page.recommendations, {}, page.next, page.facets)

    def rate(self, item_id: str, verdict: str | None) -> "Listing":
        """The list with like, dislike or nothing said of an item; nothing else changes."""
        rated = {known: said for known, said in self.rated.items() if known != item_id}
        return replace(self, rated=rated if verdict is None else {**rated, item_id: verdict})

    def then(self, item_id: str, page: Page) -> "Listing":
        """The list that goes on anew behind an item: what stands before it stays, what comes next changes.

        What was rated stays too, so that it can be undone where it was said.
        """
        ids = [place.item.item_id for place in self.places]
        place = ids.index(item_id) if item_id in ids else -1
        kept = [*self.places[: place + 1]]
        kept += [rest for rest in self.places[place + 1 :] if rest.item.item_id in self.rated]
        return replace(
            self, places=_without_repeats(kept, page), next=page.next, facets=page.facets or self.facets
        )

    def followed(self, page: Page) -> "Listing":
        """The list with the next page behind it."""
        return replace(self, places=_without_repeats(self.places, page), next=page.next)

    def items(self) -> dict[str, Item]:
        """What stands in it, by id."""
        return {place.item.item_id: place.item for place in self.places}


def _without_repeats(
    kept: list[Recommendation] | tuple[Recommendation, ...], page: Page
) -> tuple[Recommendation, ...]:
    ids = {place.item.item_id for place in kept}
    return (*kept, *(place for place in page.recommendations if place.item.item_id not in ids))
