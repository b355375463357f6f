"""A grid of cards that a shopper goes through by click or by key: one component of static JavaScript.

The browser is told what to show and tells back what was done: ``{"verb": …, "item": …}`` with one of VERBS.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from app.pictures import WIDTHS, address
from app.words import alt, badge, because, money, sizes, title
from shared.client import Item, Recommendation

VERBS = ("like", "dislike", "undo", "open", "more")
HERE = Path(__file__).parent

_mount = st.components.v2.component(
    "stylekin_grid",
    css=(HERE / "grid.css").read_text(encoding="utf-8"),
    js=(HERE / "grid.js").read_text(encoding="utf-8"),
)


def card(
    place: Recommendation, department: str, rated: str | None, known: Mapping[str, Item]
) -> dict[str, Any]:
    """What the browser is told of one place. ``rated`` is like, dislike or None."""
    liked = place.why.liked_item
    told = item_card(place.item, department, rated)
    told |= {"badge": badge(place), "because": because(place, known)}
    return told | {"like": address(department, liked, 160) if liked else ""}


def item_card(item: Item, department: str, rated: str | None) -> dict[str, Any]:
    """What the browser is told of an item that stands nowhere in particular."""
    return {
        "id": item.item_id,
        "picture": address(department, item.item_id, 320),
        "widths": ", ".join(f"{address(department, item.item_id, width)} {width}w" for width in WIDTHS[:3]),
        "alt": alt(item),
        "title": title(item),
        "brand": item.brand or "",
        "price": "" if item.price is None else money(item.price, item.currency),
        "sizes": sizes(item),
        "badge": "",
        "because": "",
        "like": "",
        "rated": rated or "",
    }


def grid(
    cards: Iterable[Mapping[str, Any]],
    key: str,
    label: str,
    done: Callable[[str, str], None],
    *,
    more: bool = False,
    status: str = "",
    compact: bool = False,
) -> None:
    """Show cards; ``done`` is called with a verb and an item id before the page is drawn again.

    ``label`` names the list for those who hear it, ``status`` is said when it changes.
    """

    def told() -> None:
        event = st.session_state[key].get("event") or {}
        verb, item = event.get("verb"), event.get("item", "")
        if verb in VERBS and isinstance(item, str):
            done(verb, item)

    data = {"cards": list(cards), "label": label, "more": more, "status": status, "compact": compact}
    _mount(key=key, data=data, on_event_change=told)
