"""The shop window: a list of recommendations that every like and dislike changes, with filters beside it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from app import session
from app.calm import Calm, quietly
from app.choices import FILTERS, Choices, to_drop
from app.detail import detail
from app.filters import filters
from app.grid import card, grid
from app.listing import Listing
from app.photo import find_by_photo, the_photo
from app.words import title
from shared.client import Problem, Unreachable


def shop(choices: Choices) -> None:
    """Draw the window, with a fresh list if the address or the photograph is not that of the last one."""
    state, wanted = session.state(), choices
    photo: bytes | None = state.get("photo")
    heading, finder = st.columns([3, 1], vertical_alignment="bottom")
    heading.title("Like your photo" if photo else "Picked for you")
    if photo:
        choices = replace(choices, surprise=0.0)  # like the photo, and nothing else
    else:
        with finder:
            find_by_photo()
    if state.get("asked") != (choices, photo):
        state.pop("list", None)
        state.pop("detail", None)
    found = session.listing()
    if found is None:
        with Calm("recommend"), st.spinner("Choosing…", show_time=False):
            found = Listing.of(session.shop().recommend(photo, facets=True, **choices.request()))
            session.show(found)
            state["asked"], state["status"] = (choices, photo), ""
    if photo:
        the_photo(photo if found else None)
    with st.sidebar:
        filters(wanted, found.facets if found else None)
    if found is None:
        return
    department = choices.department or ""
    known = session.known()
    cards = [card(place, department, found.rated.get(place.item.item_id), known) for place in found.places]
    grid(
        cards,
        "grid",
        "Items for you",
        doing(choices, photo),
        more=found.next is not None,
        status=state.get("status", ""),
    )
    if not found.places:
        nothing(choices, found)
    elif found.next is None:
        st.caption("That is all there is for now.")
    if (opened := state.get("detail")) in known:
        detail(known[opened], department, found.rated.get(opened), doing(choices, photo))


def doing(choices: Choices, photo: bytes | None) -> Callable[[str, str], None]:
    """What a shopper does with the list that these choices gave."""

    def done(verb: str, item_id: str) -> None:
        if verb == "open":
            session.state()["detail"] = item_id
            return
        try:
            act(choices, photo, verb, item_id)
        except (Problem, Unreachable) as error:
            quietly(verb, error)

    return done


def act(choices: Choices, photo: bytes | None, verb: str, item_id: str) -> None:
    """Tell the functions, and show what they make of it. Raises Problem or Unreachable; then nothing changed
    here."""
    found, asked = session.listing(), choices.request()
    if found is None:
        return
    if verb == "more":
        page = session.shop().recommend(photo, cursor=found.next, **asked)
        session.show(found.followed(page))
        return
    said: dict[str, Any] = {}
    if verb == "undo":
        session.shop().rate(undo=[item_id], department=choices.department)
    else:
        said = {"likes" if verb == "like" else "dislikes": [item_id]}
    page = session.shop().recommend(photo, facets=True, **asked, **said)
    found = found.rate(item_id, None if verb == "undo" else verb)
    session.show(found.then(item_id, page))
    item = session.known().get(item_id)
    named = title(item) if item else "that"
    session.state()["status"] = {
        "like": f"You liked {named}. What follows has more of its style.",
        "dislike": f"Noted: {named} is not for you. What follows has less of its style.",
        "undo": f"Taken back: {named}.",
    }[verb]


def nothing(choices: Choices, found: Listing) -> None:
    """Say which filter leaves nothing, and offer to drop it."""
    names = choices.narrowed()
    if not names:
        st.info("There is nothing more in this department for now.", icon=":material/checkroom:")
        return
    ways = to_drop(choices, found.facets)
    told = "Nothing matches all of your filters."
    st.info(
        f"{told} Without one of them there is more:" if ways else f"{told} No single one is to blame.",
        icon=":material/filter_alt_off:",
    )
    for name, count in ways:
        left = f" ({count} {'item' if count == 1 else 'items'})" if count else ""
        st.button(
            f"Any {FILTERS[name]}{left}",
            key=f"drop-{name}",
            on_click=session.choose,
            args=(choices.without(name),),
        )
    if not ways:
        st.button("Clear all filters", key="drop-all", on_click=session.choose, args=(choices.plain(),))
