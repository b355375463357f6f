"""What a rating and a further page make of a list."""

from app.listing import Listing
from shared.client import Catalogue, Item, Page, Recommendation, Why


def page(*ids: str, next: str | None = None) -> Page:
    places = tuple(Recommendation(Item(item_id), 0.0, "similar", Why()) for item_id in ids)
    return Page(places, next, Catalogue("v", 9), (), ())


def ids(listing: Listing) -> list[str]:
    return [place.item.item_id for place in listing.places]


def test_the_next_page_stands_behind_without_repeats() -> None:
    listing = Listing.of(page("a", "b", next="1")).followed(page("b", "c", next=None))
    assert (ids(listing), listing.next) == (["a", "b", "c"], None)


def test_a_rating_changes_what_comes_behind_it() -> None:
    listing = Listing.of(page("a", "b", "c", "d", next="1")).rate("b", "dislike")
    listing = listing.then("b", page("e", "a", "f", next="2"))
    assert (ids(listing), listing.next, listing.rated) == (["a", "b", "e", "f"], "2", {"b": "dislike"})


def test_what_was_rated_stays_to_be_undone() -> None:
    listing = Listing.of(page("a", "b", "c", "d")).rate("d", "like").then("d", page("e"))
    listing = listing.rate("a", "like").then("a", page("x", "y"))
    assert ids(listing) == ["a", "d", "x", "y"]
    assert listing.rate("d", None).rated == {"a": "like"}


def test_an_item_that_stands_nowhere_begins_the_list_anew() -> None:
    assert ids(Listing.of(page("a", "b")).then("z", page("c", "a"))) == ["c", "a"]
