"""Asking the catalogue behind the shop: an answer, or why there is none and a button that tries again."""

import logging
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from app.calm import SORRY
from shared.client import Problem, Unreachable

log = logging.getLogger("stylekin")
T = TypeVar("T")


def answer(ask: Callable[[], T]) -> T | None:
    """What the catalogue answers; None once it is said on the page that it does not."""
    try:
        with st.spinner("Looking…", show_time=False):
            return ask()
    except (Problem, Unreachable) as error:
        log.warning("merchandise: %s", error)
        told = error.detail if isinstance(error, Problem) and error.status != 500 else SORRY
        st.info(told, icon=":material/cloud_off:")
        # Being clicked draws the page again, which is the next try.
        st.button("Try again", key="desk-again", type="primary")
        return None
