"""What is said when the functions are down or slow: a calm sentence and a button, never a stack."""

import logging
from contextlib import AbstractContextManager
from types import TracebackType

import streamlit as st

from app import session
from shared.client import Problem, Unreachable

log = logging.getLogger("stylekin")

SORRY = "We cannot reach the shop just now. Nothing you liked is lost; please try again in a moment."
FULL = "The shop is still opening its doors. Please try again in a moment."
GONE = "We no longer have a profile for this browser. Begin again, and we will get to know you."


def sentence(error: Problem | Unreachable) -> str:
    """What a shopper is told of an error."""
    if isinstance(error, Unreachable):
        return SORRY
    if error.type.endswith(":photo-refused"):
        return "We could not read that picture. A JPEG, PNG or WebP photo works best."
    if error.type.endswith(":body-too-large"):
        return "That picture is larger than 20 MB. A smaller one works just as well."
    if error.type.endswith(":unknown-item"):
        return "That item has just left the shop."
    return FULL if error.type.endswith(":model-missing") else SORRY


class Calm(AbstractContextManager[None]):
    """Say calmly what went wrong below, with a button that tries again; the log gets the error.

    A shopper whom ``register`` no longer knows begins again.
    """

    def __init__(self, where: str) -> None:
        self._where = where

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Problem | Unreachable):
            return False
        if isinstance(error, Problem) and error.status == 401:
            session.leave()
            session.state()["notice"] = GONE
            st.rerun()
        log.warning("%s: %s", self._where, error)
        st.info(sentence(error), icon=":material/cloud_off:")
        # Being clicked draws the page again, which is the next try.
        st.button("Try again", key=f"again-{self._where}", type="primary")
        return True


def quietly(where: str, error: Problem | Unreachable) -> None:
    """Note an error of something a shopper did, to be told when the page is drawn next."""
    log.warning("%s: %s", where, error)
    if isinstance(error, Problem) and error.status == 401:
        session.leave()
        session.state()["notice"] = GONE
    else:
        session.state()["notice"] = sentence(error)


def notice() -> None:
    """Tell what was noted, once."""
    with st.container():  # always there, so that what stands below is not drawn anew
        if told := session.state().pop("notice", None):
            st.info(told, icon=":material/info:")
