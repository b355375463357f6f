"""What is said about an item, in words: alt texts, prices, reasons. Pure functions."""

from collections import Counter
from collections.abc import Iterable, Mapping

from shared.client import Item, Recommendation

SIGNS = {"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥"}
LAST_SEEN = 6  # sizes of one card


def money(amount: float, currency: str | None) -> str:
    """A price as a person writes it: ``€59.90``, ``€60``, ``60 CHF``."""
    text = f"{amount:,.0f}" if float(amount).is_integer() else f"{amount:,.2f}"
    code = (currency or "").upper()
    if code in SIGNS:
        return SIGNS[code] + text
    return f"{text} {code}".strip()


def title(item: Item) -> str:
    """What the item is called; its category, or its id, if the shop gave it no title."""
    return item.title or (item.category or "").capitalize() or item.item_id


def alt(item: Item) -> str:
    """What the picture shows, for those who do not see it: title and category."""
    named, category = title(item), item.category or ""
    return named if not category or category.casefold() in named.casefold() else f"{named}, {category}"


def sizes(item: Item, most: int = LAST_SEEN) -> str:
    """The sizes on offer; of many, the first ones and how many more."""
    told = " · ".join(item.sizes[:most])
    return told if len(item.sizes) <= most else f"{told} +{len(item.sizes) - most}"


def because(place: Recommendation, known: Mapping[str, Item]) -> str:
    """Why an item stands there, in a few words; nothing where there is nothing to say."""
    why = place.why
    if why.strategy == "photograph":
        return "Looks like your photo"
    if why.strategy == "item":
        return ""
    if why.liked_item is not None:
        liked = known.get(why.liked_item)
        return f"Because you liked {title(liked)}" if liked else "Because of what you liked"
    return ""


def badge(place: Recommendation) -> str:
    """A mark on a card: that it is a surprise, or cannot be bought now."""
    if place.item.available is False:
        return "Sold out"
    return "Something different" if place.kind == "explore" else ""


def listed(words: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    named = list(words)
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}" if named else ""


def belief(liked: Iterable[Item], disliked: Iterable[Item]) -> str:
    """What the page believes a shopper likes, from the items themselves. Empty without a like."""
    liked, disliked = list(liked), list(disliked)
    if not liked:
        return ""
    told = [f"You liked {len(liked)} {'item' if len(liked) == 1 else 'items'}"]
    if kinds := _most(item.category for item in liked):
        told[0] += f", mostly {listed(kinds)}" if len(liked) > 2 else f": {listed(kinds)}"
    if brands := _most((item.brand for item in liked), least=2):
        told.append(f"you come back to {listed(brands)}")
    prices = sorted(item.price for item in liked if item.price is not None)
    currencies = {(item.currency or "").upper() for item in liked if item.price is not None}
    if len(prices) > 1 and len(currencies) == 1:
        low, high = (money(price, next(iter(currencies))) for price in (prices[0], prices[-1]))
        told.append(f"at prices from {low} to {high}" if low != high else f"at {low}")
    if kinds := _most(item.category for item in disliked):
        told.append(f"and you passed on {listed(kinds)}")
    return "; ".join(told) + "."


def _most(values: Iterable[str | None], least: int = 1, most: int = 3) -> list[str]:
    """The most frequent ones, of those named at least ``least`` times."""
    counts = Counter(value for value in values if value)
    return [value for value, count in counts.most_common(most) if count >= least]
