"""What the page wears beyond its theme: one stylesheet for the few things a theme cannot say."""

from pathlib import Path

import streamlit as st

CSS = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
# Of text that stands back, and of text on the primary colour, which is dark by day and light by night.
DAY, NIGHT = ("#5c534a", "#ffffff"), ("#c9beb2", "#241e19")


def dress() -> None:
    """Put the stylesheet on the page."""
    faint, on_primary = NIGHT if st.context.theme.type == "dark" else DAY
    st.html(f"<style>:root {{ --faint: {faint}; --on-primary: {on_primary}; }}\n{CSS}</style>")
