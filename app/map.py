"""A small map of style: liked items as pictures, the rest of the department as dots. Drawn as HTML."""

import html

import streamlit as st

from app.pictures import address
from app.words import alt
from shared.client import Place, Style

PICTURES = 24  # the newest likes; more would lie on each other


def style_map(style: Style) -> None:
    """Draw the map."""
    st.html(drawn(style))


def drawn(style: Style) -> str:
    """The map as HTML: a list of the liked items, each at its place."""
    dots = "".join(f'<li class="dot" aria-hidden="true" style="{at(place)}"></li>' for place in style.around)
    likes = "".join(liked(style.department, place) for place in style.likes[-PICTURES:])
    return f'<ul class="map" aria-label="Your likes on the map of style">{dots}{likes}</ul>'


def liked(department: str, place: Place) -> str:
    """One liked item on the map."""
    source = html.escape(address(department, place.item.item_id, 160))
    text = html.escape(alt(place.item))
    picture = f'src="{source}" alt="{text}" title="{text}" width="67" height="67" loading="lazy"'
    return f'<li style="{at(place)}"><img {picture}></li>'


def at(place: Place) -> str:
    """Where a place is, in percent of the map, a little inside its edge; up is more of ``y``."""
    return f"left:{50 + 43 * place.x:.1f}%;top:{50 - 42 * place.y:.1f}%"
