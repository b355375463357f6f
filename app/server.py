"""The page's server: Streamlit with two routes of its own, one for pictures, one for the shopper's cookie.

python -m uvicorn app.server:app --host 127.0.0.1 --port 8084
"""

import logging
from pathlib import Path

import streamlit as st

from app import cookie
from app.calm import SORRY
from app.pictures import route
from app.wiring import pictures

log = logging.getLogger("stylekin")


def failed(error: Exception) -> bool:
    """A fault of the page itself: the log gets it, the shopper a calm sentence."""
    log.error("the page failed", exc_info=error)
    st.info(SORRY, icon=":material/cloud_off:")
    return True


app = st.App(
    Path(__file__).with_name("page.py").absolute(),
    routes=[route(pictures()), cookie.ROUTE],
    on_script_error=failed,
)
