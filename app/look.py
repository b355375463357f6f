"""What the page wears beyond its theme: one stylesheet for the few things a theme cannot say."""

from pathlib import Path

import streamlit as st

CSS = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


def dress() -> None:
    """Put the stylesheet on the page."""
    st.html(f"<style>{CSS}</style>")
