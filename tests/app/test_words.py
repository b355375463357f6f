"""Words for items: prices, alt texts, reasons, beliefs."""

import pytest

from app.words import alt, badge, because, belief, listed, money, sizes, title
from shared.client import Item, Recommendation, Why

COAT = Item("c1", "Acme", "Wool coat", 79.5, "EUR", ("S", "M"), "coat")
DRESS = Item("d1", "Acme", "Court", 120.0, "EUR", (), "dress")


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(59.9, "EUR", "€59.90"), (60.0, "gbp", "£60"), (1234.5, "CHF", "1,234.50 CHF"), (5.0, None, "5")],
)
def test_money(amount: float, currency: str | None, text: str) -> None:
    assert money(amount, currency) == text


def test_a_picture_is_told_by_title_and_category() -> None:
    assert alt(COAT) == "Wool coat"
    assert alt(DRESS) == "Court, dress"
    assert alt(Item("x9")) == title(Item("x9")) == "x9"
    assert title(Item("x9", category="dress")) == "Dress"


def test_many_sizes_are_counted() -> None:
    assert sizes(COAT) == "S · M"
    assert sizes(Item("a", sizes=tuple("ABCDEFGH"))) == "A · B · C · D · E · F +2"


def test_reasons() -> None:
    liked = Recommendation(DRESS, 0.5, "similar", Why("best_match", "c1"))
    assert because(liked, {"c1": COAT}) == "Because you liked Wool coat"
    assert because(liked, {}) == "Because of what you liked"
    assert because(Recommendation(DRESS, 0.5, "similar", Why("photograph")), {}) == "Looks like your photo"
    surprise = Recommendation(DRESS, 0.5, "explore", Why(cluster=1, probability=0.5))
    assert (because(surprise, {}), badge(surprise)) == ("", "Something different")
    sold = Recommendation(Item("a", available=False), 0.5, "explore", Why())
    assert badge(sold) == "Sold out"


def test_a_belief_says_what_was_liked() -> None:
    assert belief([], [COAT]) == ""
    assert belief([COAT], []) == "You liked 1 item: coat."
    assert belief([COAT, DRESS, DRESS], [Item("h", category="hat")]) == (
        "You liked 3 items, mostly dress and coat; you come back to Acme; "
        "at prices from €79.50 to €120; and you passed on hat."
    )


def test_lists_of_words() -> None:
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
