"""Trying the knobs: what any set of likes would be shown, one list beside the other."""

import html

import streamlit as st

from app.asking import answer
from app.pictures import address
from app.words import alt, title
from shared.client import Recommendation
from shared.inspector import Inspector, Knobs

LISTS = 4  # at most
LONG = 12  # items of one list
STRATEGIES = {"best_match": "the closest like", "centroid": "the mean of the likes"}
FIRST: tuple[Knobs, ...] = ({"diversity": 0.0, "explore": 0.0}, {"diversity": 0.6, "explore": 0.2})


def trial(asked: Inspector, department: str) -> None:
    """Choose likes and dislikes, turn the knobs of each list, and see the lists side by side."""
    seen: dict[str, str] = st.session_state.setdefault("trial", {}).setdefault(department, {})
    told = []
    for column, word in zip(st.columns(2), ("Likes", "Dislikes"), strict=True):
        with column:
            told.append(named(word, department, seen))
    likes, dislikes = told
    both = {*likes} & {*dislikes}
    if both:
        st.info(f"Liked and disliked at once: {', '.join(sorted(both))}.", icon=":material/info:")
        return
    length, chance = st.columns(2)
    count = length.slider("Lists", 1, LISTS, 2, key="trial-lists")
    seed = chance.number_input("Seed", 0, 2**31, 0, help="Where chance begins, for all lists.")
    columns = st.columns(count, gap="large")
    knobs = []
    for place, column in enumerate(columns):
        with column:
            knobs.append(turned(place))
    found = answer(
        lambda: asked.preview(department, knobs, likes=likes, dislikes=dislikes, limit=LONG, seed=int(seed))
    )
    if found is None:
        return
    for ignored in found.ignored:
        st.caption(f"{ignored.item_id} is not used: {ignored.reason.replace('_', ' ')}.")
    for place, (column, made) in enumerate(zip(columns, found.lists, strict=True)):
        with column:
            st.html(shelf(department, made.recommendations, f"List {place + 1}"))
    offered = {one.item.item_id: title(one.item) for made in found.lists for one in made.recommendations}
    if offered.keys() - seen.keys():
        seen.update(offered)
        st.rerun()  # what was just shown can be chosen above


def named(word: str, department: str, seen: dict[str, str]) -> list[str]:
    """Items chosen among those seen, or by id."""
    return st.multiselect(
        word,
        sorted(seen),
        format_func=lambda item_id: f"{seen[item_id]} ({item_id})" if item_id in seen else item_id,
        accept_new_options=True,
        key=f"trial-{word}-{department}",
        placeholder="Choose what was shown, or type an item's id",
    )


def turned(place: int) -> Knobs:
    """The knobs of one list."""
    first = FIRST[place % len(FIRST)]
    st.subheader(f"List {place + 1}")
    left, right = st.columns(2)
    strategy = left.selectbox(
        "Compared with", STRATEGIES, format_func=STRATEGIES.__getitem__, key=f"trial-strategy-{place}"
    )
    brand = right.number_input("Most of one brand", 1, LONG, LONG, key=f"trial-brand-{place}")
    diversity = left.slider("Diversity", 0.0, 1.0, first["diversity"], 0.05, key=f"trial-diversity-{place}")
    explore = right.slider("Surprise", 0.0, 1.0, first["explore"], 0.05, key=f"trial-explore-{place}")
    return {
        "strategy": strategy,
        "diversity": diversity,
        "explore": explore,
        "max_per": {} if brand == LONG else {"brand": brand},
    }


def shelf(department: str, places: tuple[Recommendation, ...], label: str) -> str:
    """A list as HTML, with the score and the reason of each place."""
    if not places:
        return "<p>Nothing is left to show.</p>"
    cells = "".join(
        f'<li><img src="{html.escape(address(department, place.item.item_id, 160))}" '
        f'alt="{html.escape(alt(place.item))}" width="136" height="136" loading="lazy">'
        f"<b>{number}. {html.escape(title(place.item))}</b><span>{html.escape(place.item.item_id)}</span>"
        f"<span>{html.escape(reason(place))}</span></li>"
        for number, place in enumerate(places, 1)
    )
    return f'<ol class="shelf" aria-label="{html.escape(label)}">{cells}</ol>'


def reason(place: Recommendation) -> str:
    """Why an item stands where it does, in a few words."""
    if place.kind == "explore":
        return "a surprise"
    if place.kind == "diverse":
        return "unlike those before it"
    return f"{place.score:.3f}, by {place.why.liked_item}" if place.why.liked_item else f"{place.score:.3f}"
