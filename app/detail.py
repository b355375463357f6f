"""One item at close range: its picture, what the shop says of it, and more items like it."""

import html
from collections.abc import Callable

import streamlit as st

from app import session
from app.calm import Calm
from app.grid import card, grid
from app.listing import Listing
from app.pictures import address
from app.words import alt, money, title
from shared.client import Filters, Item

LIKE_IT = 6  # items
EVERYTHING: Filters = {"max_price": None, "sizes": [], "categories": [], "brands": []}


def detail(item: Item, department: str, rated: str | None, done: Callable[[str, str], None]) -> None:
    """Open the item over the page."""
    opened = st.dialog(title(item), width="large", on_dismiss=close)(inside)
    opened(item, department, rated, done)


def close() -> None:
    """The item is put back."""
    session.state().pop("detail", None)


def inside(item: Item, department: str, rated: str | None, done: Callable[[str, str], None]) -> None:
    """What the dialog shows."""
    if session.state().get("detail") != item.item_id:
        st.rerun()  # another item was opened from here: that takes the whole page to draw
    look, words = st.columns([2, 3], gap="large")
    with look:
        address_ = html.escape(address(department, item.item_id, 640))
        st.html(
            f'<div class="detail"><img src="{address_}" alt="{html.escape(alt(item))}" '
            f'width="640" height="640"></div>'
        )
    with words:
        if item.price is not None:
            st.subheader(money(item.price, item.currency))
        if item.available is False:
            st.badge("Sold out", color="gray")
        if item.description:
            st.text(item.description)
        facts = {"Brand": item.brand, "Category": item.category, "Sizes": ", ".join(item.sizes)}
        st.html(
            "<dl class='facts'>"
            + "".join(f"<dt>{k}</dt><dd>{html.escape(v)}</dd>" for k, v in facts.items() if v)
            + "</dl>"
        )
        verbs = ("undo",) if rated else ("like", "dislike")
        labels = {"like": "♥ Like", "dislike": "Not for me", "undo": "Undo"}
        with st.container(horizontal=True):
            for verb in verbs:
                kind = "primary" if verb == "like" else "secondary"
                if st.button(labels[verb], key=f"detail-{verb}", type=kind):  # type: ignore[arg-type]
                    done(verb, item.item_id)
                    close()
                    st.rerun()
            if item.url and item.url.startswith(("https://", "http://")):
                st.link_button("To the shop", item.url)
    more_like_it(item, department)


def more_like_it(item: Item, department: str) -> None:
    """Items like this one; nothing of it counts as a like."""
    name = f"near-{item.item_id}"
    found = session.listing(name)
    if found is None:
        with Calm("near"):
            page = session.shop().recommend(
                near=item.item_id, limit=LIKE_IT, explore=0.0, department=department, filters=EVERYTHING
            )
            found = Listing.of(page)
            session.show(found, name)
    if found is None or not found.places:
        return
    st.subheader("More like it")

    def done(verb: str, item_id: str) -> None:
        session.state()["detail"] = item_id

    cards = [card(place, department, None, {}) for place in found.places]
    grid(cards, f"near-grid-{item.item_id}", "Items like it", done, compact=True)
