"""What one open page remembers: whose it is, the list it shows, the items it has seen. The profile itself
lives in the functions; all of this is found again by the cookie.
"""

from collections.abc import Iterable, MutableMapping
from pathlib import Path
from typing import Any, cast

import streamlit as st

from app import cookie
from app.choices import Choices, read, write
from app.listing import Listing
from app.wiring import client
from shared.client import Item, StylekinClient

_deposit = st.components.v2.component(
    "stylekin_cookie", js=(Path(__file__).parent / "cookie.js").read_text(encoding="utf-8")
)


def state() -> MutableMapping[str, Any]:
    """This page's memory."""
    return cast("MutableMapping[str, Any]", st.session_state)


def token() -> str | None:
    """The shopper's token: as register gave it to this page, or as the browser's cookie has it."""
    if "token" not in state():
        state()["token"] = cookie.told(st.context.cookies)
    found: str | None = state()["token"]
    return found


def shop() -> StylekinClient:
    """A client of this page's shopper; one for the life of the page."""
    if "client" not in state():
        state()["client"] = client(token())
    return cast(StylekinClient, state()["client"])


def begin(department: str) -> None:
    """Register a shopper, whose page this is from now on."""
    fresh = client(None)
    fresh.register(department)
    start_over()
    state()["token"], state()["client"] = fresh.token, fresh
    state()["deposit"] = fresh.token


def leave() -> None:
    """This page is nobody's from now on, and so is the browser."""
    start_over()
    state()["token"], state()["deposit"] = None, ""


def start_over() -> None:
    """Forget all that this page knows but whose it is."""
    for name in [*state()]:
        if name not in ("token", "deposit"):
            del state()[name]


def deposit() -> None:
    """Have the browser keep the token in its cookie, or drop it: once drawn, this does nothing again."""
    if (secret := state().get("deposit")) is not None:
        _deposit(key="cookie", data={"token": secret, "path": cookie.PATH})


def choices() -> Choices:
    """What the address says this page is to show."""
    return read({name: st.query_params.get_all(name) for name in st.query_params})


def choose(wanted: Choices) -> None:
    """Show something else: the address changes, and with it the page."""
    st.query_params.from_dict(write(wanted))


def listing(name: str = "list") -> Listing | None:
    """The list on show, if there is one yet."""
    return state().get(name)


def show(found: Listing, name: str = "list") -> None:
    """Keep a list, and know its items by name from now on."""
    state()[name] = found
    know(place.item for place in found.places)


def know(items: Iterable[Item]) -> None:
    """Remember items, so that reasons can name them."""
    known().update({item.item_id: item for item in items})


def known() -> dict[str, Item]:
    """Every item this page has seen, by id."""
    return cast("dict[str, Item]", state().setdefault("known", {}))
