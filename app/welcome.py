"""The first visit: pick a department, then rate a dozen items that are as different as can be."""

import html
from typing import Any

import streamlit as st

from app import session
from app.calm import Calm, quietly
from app.choices import DEPARTMENTS, Choices
from app.grid import card, grid
from app.listing import Listing
from app.pictures import address, samples
from app.wiring import pictures
from shared.client import Problem, Unreachable

HINT = "With the keyboard: arrows to move, **L** to like, **X** for not for me, **U** to undo."


def pick_department() -> None:
    """Two doors; behind each, a new profile."""
    st.title("Clothes of your style")
    st.write("Like a few pictures and we find more of the same style. No account, no questions.")
    for column, department in zip(st.columns(len(DEPARTMENTS), gap="large"), DEPARTMENTS, strict=True):
        with column, st.container(border=True):
            shown = "".join(
                f'<img src="{html.escape(source)}" alt="" width="160" height="160">'
                for source in doors(department)
            )
            st.html(f'<div class="door">{shown}</div>')
            if st.button(department.capitalize(), key=f"door-{department}", type="primary", width="stretch"):
                with Calm("register"):
                    session.begin(department)
                    session.choose(Choices(department))
                    st.rerun()


def doors(department: str) -> list[str]:
    """Addresses of three pictures of a department."""
    return [address(department, item_id, 320) for item_id in samples(pictures(), department, 3)]


def first_dozen(choices: Choices) -> None:
    """Twelve items to rate; what is said of them is told to ``register`` at once."""
    st.title("What do you like?")
    st.write("Like what you would wear. A few are enough.")
    st.caption(HINT)
    found = session.listing("dozen")
    if found is None:
        with Calm("dozen"):
            asked = {**choices.plain().request(), "diversity": 0.0, "explore": 0.0}
            found = Listing.of(session.shop().recommend(**asked))
            session.show(found, "dozen")
    if found is None:
        return
    department = choices.department or DEPARTMENTS[0]

    def done(verb: str, item_id: str) -> None:
        rate(choices, verb, item_id)

    likes = sum(said == "like" for said in found.rated.values())
    status = f"{likes} liked" if likes else ""
    cards = [card(place, department, found.rated.get(place.item.item_id), {}) for place in found.places]
    grid(cards, "dozen-grid", "A dozen different items", done, status=status)
    if not found.places:
        st.info("The shop has nothing in this department yet.", icon=":material/checkroom:")
    if st.button(
        "Show me my picks" if likes else "Skip", key="picks", type="primary" if likes else "secondary"
    ):
        session.state()["welcomed"] = True
        session.state().pop("list", None)
        st.rerun()


def rate(choices: Choices, verb: str, item_id: str) -> None:
    """What was said of one of the dozen."""
    found = session.listing("dozen")
    if found is None or verb not in ("like", "dislike", "undo"):
        return
    said: dict[str, Any] = {{"like": "likes", "dislike": "dislikes", "undo": "undo"}[verb]: [item_id]}
    try:
        session.shop().rate(department=choices.department, **said)
    except (Problem, Unreachable) as error:
        quietly("rate", error)
        return
    session.show(found.rate(item_id, None if verb == "undo" else verb), "dozen")
