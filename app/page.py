"""The script that Streamlit runs for every page view: whose page it is, and which page."""

from pathlib import Path

import streamlit as st

from app import session
from app.calm import Calm, notice
from app.desk import desk
from app.look import dress
from app.shop import shop
from app.style import my_style
from app.welcome import first_dozen, pick_department
from app.wiring import inspector

HERE = Path(__file__).parent


def front() -> None:
    """The shop window, or the first visit."""
    dress()
    notice()
    choices = session.choices()
    if session.token() is None:
        if not choices.narrowed() or choices.department is None:
            pick_department()
            return
        with Calm("register"):  # a shared view is shown at once, to a shopper of its own
            session.begin(choices.department)
    if session.token() is None:
        return
    with Calm("profile"):
        state = session.state()
        if choices.department is None:
            known = state.get("department") or session.shop().profile().department
            choices = choices.having("department", known)
        if state.get("department") != choices.department:
            look_at(choices.department or "")
        fresh = not state["likes"] and not state.get("welcomed")
        if fresh and not choices.narrowed():
            first_dozen(choices)
        else:
            shop(choices)


def look_at(department: str) -> None:
    """Ask for the shopper's style in a department, so that reasons can name what was liked."""
    style = session.shop().style(department)
    session.state()["department"], session.state()["likes"] = department, len(style.likes)
    session.know(place.item for place in (*style.likes, *style.dislikes))


def page() -> None:
    """Draw the page."""
    st.set_page_config(page_title="Stylekin", page_icon=str(HERE / "icon.svg"), layout="wide")
    st.logo(str(HERE / "logo.svg"), size="large")
    pages = [
        st.Page(front, title="Shop", icon=":material/storefront:", url_path="", default=True),
        st.Page(my_style, title="My style", icon=":material/palette:", url_path="style"),
    ]
    if inspector() is not None:
        pages.append(
            st.Page(desk, title="Merchandise", icon=":material/inventory_2:", url_path="merchandise")
        )
    st.navigation(pages, position="top").run()
    session.deposit()  # last, so that a shopper who was registered on the way is kept at once


page()
