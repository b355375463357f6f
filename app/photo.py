"""Find by photo: a picture is dropped, and the list is of items like it until the shopper goes back."""

import streamlit as st

from app import session

ENDINGS = ["jpg", "jpeg", "png", "webp"]


def find_by_photo() -> None:
    """A place to drop a picture."""
    state = session.state()
    with st.popover("Find by photo", icon=":material/photo_camera:", width="stretch"):
        key = f"photo-{state.get('photos', 0)}"

        def dropped() -> None:
            if (file := state.get(key)) is not None:
                state["photo"] = file.getvalue()

        st.file_uploader(
            "Drop a picture of something you like. It is looked at and let go: nothing keeps it.",
            type=ENDINGS,
            key=key,
            on_change=dropped,
        )


def the_photo(photo: bytes | None) -> None:
    """The picture that the list is like, None if it turned out to be no picture; and the way back."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if photo:
            st.image(photo, width=96, alt="Your photo")
        st.button("Back to my picks", key="photo-back", icon=":material/arrow_back:", on_click=back)


def back() -> None:
    """Let the picture go."""
    state = session.state()
    state.pop("photo", None)
    state["photos"] = state.get("photos", 0) + 1  # a fresh place to drop the next one
