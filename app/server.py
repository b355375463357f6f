"""The page's server: Streamlit with two routes of its own, one for pictures, one for the shopper's cookie.

    python -m uvicorn app.server:app --host 127.0.0.1 --port 8084
"""

from pathlib import Path

import streamlit as st

from app import cookie
from app.pictures import route
from app.wiring import pictures

app = st.App(Path(__file__).with_name("page.py").absolute(), routes=[route(pictures()), cookie.ROUTE])
