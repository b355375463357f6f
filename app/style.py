"""My style: what the shopper likes on a map, what the page believes, and the way out, with data or none."""

import json

import msgspec
import streamlit as st

from app import session
from app.calm import Calm, notice, quietly
from app.grid import grid, item_card
from app.look import dress
from app.map import style_map
from app.words import belief
from shared.client import Place, Problem, Profile, Style, Unreachable


def my_style() -> None:
    """Draw the page."""
    dress()
    notice()
    st.title("My style")
    if session.token() is None:
        st.write("We have not met yet. Like a few items in the shop, and your style appears here.")
        return
    with Calm("style"):
        profile = session.shop().profile()
        department = session.choices().department or session.state().get("department") or profile.department
        style = session.shop().style(department)
        believed(style)
        rated(style)
        yours(profile)


def believed(style: Style) -> None:
    """What the page believes the shopper likes, in words and pictures."""
    told = belief((place.item for place in style.likes), (place.item for place in style.dislikes))
    if not told:
        st.write(f"Nothing liked yet in {style.department}. Your style appears here once you like something.")
        return
    st.write(told)
    style_map(style)
    st.caption(
        "Each picture is something you liked; the dots are the rest of the department. "
        "What lies close together looks alike to us."
    )


def rated(style: Style) -> None:
    """What was liked and disliked, newest first; each can be taken back."""

    def undo(verb: str, item_id: str) -> None:
        if verb == "undo":
            try:
                session.shop().rate(undo=[item_id], department=style.department)
            except (Problem, Unreachable) as error:
                quietly("undo", error)
            session.state().pop("list", None)

    def cards(places: tuple[Place, ...], said: str) -> list[dict[str, object]]:
        return [item_card(place.item, style.department, said) for place in reversed(places)]

    if style.likes:
        st.subheader("You liked")
        grid(cards(style.likes, "like"), "liked", "Items you liked", undo)
    if style.dislikes:
        with st.expander(f"Not for you ({len(style.dislikes)})"):
            grid(cards(style.dislikes, "dislike"), "disliked", "Items that are not for you", undo)


def yours(profile: Profile) -> None:
    """Download what is kept, and have it forgotten."""
    st.subheader("Your data")
    st.write("We keep what you liked, disliked and were shown, under a number that is not your name.")
    data = json.dumps(msgspec.to_builtins(profile), indent=2)
    with st.container(horizontal=True):
        st.download_button(
            "Download my data", data, "stylekin-profile.json", "application/json", icon=":material/download:"
        )
        if st.button("Forget me", key="forget", icon=":material/delete:"):
            sure()


@st.dialog("Forget me?")
def sure() -> None:
    """Ask once, then really forget."""
    st.write("Your profile and all its history are erased at once. This cannot be undone.")
    with st.container(horizontal=True):
        if st.button("Forget me for good", key="forget-sure", type="primary"):
            with Calm("forget"):
                session.shop().forget()
                session.leave()
                session.state()["notice"] = "Forgotten. There is nothing about you here any more."
                st.rerun()
        if st.button("Keep my profile", key="forget-not"):
            st.rerun()
