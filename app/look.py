"""What the page wears beyond its theme: one stylesheet for the few things a theme cannot say."""

import streamlit as st

CSS = """
.stMainBlockContainer { max-width: 84rem; padding-top: 4.5rem; }
.door { display: flex; gap: .5rem; justify-content: center; background: #fff; border-radius: .5rem; padding: .5rem; }
.door img { width: 33%; height: auto; aspect-ratio: 1; object-fit: contain; }
.detail img { width: 100%; max-width: 26rem; height: auto; background: #fff; border-radius: .5rem; }
.facts { display: grid; grid-template-columns: auto 1fr; gap: .2rem 1rem; margin: 0; }
.facts dt { color: var(--st-gray-text-color); }
.facts dd { margin: 0; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding-left: .8rem; padding-right: .8rem; }
  h1 { font-size: 1.9rem !important; }
}
"""


def dress() -> None:
    """Put the stylesheet on the page."""
    st.html(f"<style>{CSS}</style>")
