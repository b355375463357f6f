"""The controls beside the list: filters with counts, and two knobs. What they say stands in the address."""

import math
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from app import session
from app.choices import DEPARTMENTS, Choices
from app.words import SIGNS
from shared.client import Count, Facets

DIVERSITY = "Higher shows items that are less alike each other; lower, the closest matches first."
SURPRISE = "How many items may be of styles you have not tried; each is marked."


def filters(choices: Choices, facets: Facets | None) -> None:
    """Draw the controls. A change of one changes the address and draws the page again."""
    st.segmented_control(
        "Department",
        DEPARTMENTS,
        format_func=str.capitalize,
        key=told("department", choices.department),
        on_change=changed("department", lambda value: Choices(value or choices.department)),
        width="stretch",
    )
    if facets is not None:
        price(choices, facets)
        several("Size", choices, "sizes", facets.sizes)
        several("Category", choices, "categories", facets.categories)
        several("Brand", choices, "brands", facets.brands)
    if choices.narrowed():
        st.button("Clear all filters", key="clear", on_click=lambda: session.choose(choices.plain()))
    st.divider()
    for name, label, sentence in (
        ("diversity", "Variety", DIVERSITY),
        ("surprise", "Surprise", SURPRISE),
    ):
        st.slider(
            label,
            0.0,
            1.0,
            step=0.1,
            format="percent",
            key=told(name, round(getattr(choices, name), 1)),
            on_change=changed(name, lambda value, name=name: choices.having(name, value)),
        )
        st.caption(sentence)


def price(choices: Choices, facets: Facets) -> None:
    """A range of prices, as wide as those of the items that the other filters leave."""
    if facets.price.min is None or facets.price.max is None:
        return
    told_low, told_high = choices.min_price, choices.max_price
    asked = [price for price in (told_low, told_high) if price is not None]
    low = math.floor(min(facets.price.min, *asked, facets.price.max))
    high = math.ceil(max(facets.price.max, *asked, facets.price.min))
    if low == high:
        return
    value = (
        low if told_low is None else math.floor(told_low),
        high if told_high is None else math.ceil(told_high),
    )

    def narrowed(value: tuple[int, int]) -> Choices:
        return replace(
            choices,
            min_price=None if value[0] <= low else float(value[0]),
            max_price=None if value[1] >= high else float(value[1]),
        )

    currency = facets.price.currency or ""
    st.slider(
        "Budget" if currency in SIGNS or not currency else f"Budget ({currency})",
        low,
        high,
        format=f"{SIGNS.get(currency, '')}%d",
        key=told("price", value),
        on_change=changed("price", narrowed),
    )


def several(label: str, choices: Choices, name: str, counts: tuple[Count, ...]) -> None:
    """Any number of choices, each with how many items it leaves; one that leaves none stays if chosen."""
    chosen: tuple[str, ...] = getattr(choices, name)
    left = {one.value: one.count for one in counts}
    options = [*left, *(value for value in chosen if value not in left)]
    if not options:
        return
    st.multiselect(
        label,
        options,
        format_func=lambda value: f"{value} ({left.get(value, 0)})",
        placeholder="Any",
        key=told(name, list(chosen)),
        on_change=changed(name, lambda value: choices.having(name, tuple(value))),
    )


def told(name: str, value: object) -> str:
    """The key of a control that shows what the address says."""
    key = f"filter-{name}"
    session.state()[key] = value
    return key


def changed(name: str, choices: Callable[..., Choices]) -> Callable[[], None]:
    """What happens when a control is moved: the address says so."""
    return lambda: session.choose(choices(session.state()[f"filter-{name}"]))
