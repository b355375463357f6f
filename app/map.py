"""A small map of style: liked items as pictures, the rest of the department as dots. Drawn as HTML."""

import html

import streamlit as st

from app.pictures import address
from app.words import alt
from shared.client import Place, Style

PICTURES = 24  # the newest likes; more would lie on each other
CSS = """
.map { position: relative; width: 100%; max-width: 46rem; aspect-ratio: 4 / 3; margin: 0; padding: 0; list-style: none;
  border: 1px solid var(--st-border-color); border-radius: .75rem; background: var(--st-secondary-background-color); }
.map li { position: absolute; transform: translate(-50%, -50%); }
.map img { display: block; width: clamp(2.4rem, 8vw, 4.2rem); height: auto; aspect-ratio: 1; object-fit: contain;
  background: #fff; border-radius: .5rem; border: 2px solid var(--st-primary-color); }
.map .dot { width: .5rem; height: .5rem; border-radius: 50%; background: var(--st-gray-text-color); opacity: .45; }
.map .no { opacity: .55; } .map .no img { border-color: var(--st-gray-text-color); filter: grayscale(1); }
"""


def style_map(style: Style) -> None:
    """Draw the map."""
    st.html(f"<style>{CSS}</style>{drawn(style)}")


def drawn(style: Style) -> str:
    """The map as HTML: a list of the liked items, each at its place."""
    dots = "".join(f'<li class="dot" aria-hidden="true" style="{at(place)}"></li>' for place in style.around)
    likes = "".join(
        f'<li style="{at(place)}"><img src="{html.escape(address(style.department, place.item.item_id, 160))}" '
        f'alt="{html.escape(alt(place.item))}" title="{html.escape(alt(place.item))}" width="67" height="67" '
        f'loading="lazy"></li>'
        for place in style.likes[-PICTURES:]
    )
    return f'<ul class="map" aria-label="Your likes on the map of style">{dots}{likes}</ul>'


def at(place: Place) -> str:
    """Where a place is, in percent of the map, a little inside its edge; up is more of ``y``."""
    return f"left:{50 + 43 * place.x:.1f}%;top:{50 - 42 * place.y:.1f}%"
