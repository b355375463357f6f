"""Profiles: bounded, oldest forgotten first, tokens never stored."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import FormatError
from shared.profile import (
    LATELY,
    SHOWINGS,
    SHOWN,
    TASTES,
    TOKENS,
    Preferences,
    Profile,
    Shown,
    new_token,
    new_user_id,
    read_profile,
    token_hash,
    user_id_of_key,
    user_id_of_token,
    write_profile,
)

ADA = Profile(user_id="a" * 32, department="womenswear")
NOW = 1_700_000_000
items = st.lists(st.sampled_from("abcdefgh"), max_size=6)


def test_likes_and_dislikes_are_kept_by_department() -> None:
    profile = ADA.with_tastes("womenswear", ["a", "b"], ["c"]).with_tastes("menswear", ["a"])
    assert profile.likes("womenswear") == ("a", "b")
    assert profile.dislikes("womenswear") == ("c",)
    assert profile.likes("menswear") == ("a",)
    assert profile.dislikes("menswear") == ()
    assert ADA.tastes == ()  # the profile it was made from is as it was


def test_the_latest_word_on_an_item_counts() -> None:
    profile = ADA.with_tastes("womenswear", ["a", "b"]).with_tastes("womenswear", [], ["a"])
    assert profile.likes("womenswear") == ("b",)
    assert profile.dislikes("womenswear") == ("a",)


@given(st.lists(st.tuples(items, items), max_size=6))
def test_tastes_are_the_last_mention_of_each_item(calls: list[tuple[list[str], list[str]]]) -> None:
    profile = ADA
    mentions: list[tuple[str, bool]] = []
    for likes, dislikes in calls:
        profile = profile.with_tastes("womenswear", likes, dislikes)
        mentions += [(item, True) for item in likes] + [(item, False) for item in dislikes]
    expected = [m for i, m in enumerate(mentions) if m[0] not in {later[0] for later in mentions[i + 1 :]}]
    assert [(taste.item_id, taste.liked) for taste in profile.tastes] == expected


def test_the_oldest_tastes_are_forgotten_first() -> None:
    numbers = [str(number) for number in range(TASTES + 20)]
    profile = ADA.with_tastes("womenswear", numbers[:400]).with_tastes("menswear", [], numbers[400:])
    assert len(profile.tastes) == TASTES
    assert profile.likes("womenswear") == tuple(numbers[20:400])
    assert profile.dislikes("menswear") == tuple(numbers[400:])


def test_what_was_shown_is_bounded_and_the_newest_is_last() -> None:
    numbers = [str(number) for number in range(SHOWN + 5)]
    profile = ADA.with_shown("womenswear", numbers, NOW).with_shown("womenswear", ["7"], NOW)
    assert profile.shown_in("womenswear") == (*numbers[5:7], *numbers[8:], "7")
    assert profile.shown_in("menswear") == ()


def test_times_are_counted_for_two_hours() -> None:
    profile = ADA.with_shown("womenswear", ["a", "b"], NOW).with_shown("womenswear", ["a", "a"], NOW + 60)
    assert profile.shown_lately("womenswear", NOW + 60) == {"b": (NOW,), "a": (NOW, NOW + 60)}
    assert profile.shown_lately("womenswear", NOW + LATELY - 1) == {"b": (NOW,), "a": (NOW, NOW + 60)}
    assert profile.shown_lately("womenswear", NOW + LATELY) == {"a": (NOW + 60,)}
    assert profile.shown_lately("womenswear", NOW + LATELY + 60) == {}
    assert profile.shown_lately("menswear", NOW) == {}
    later = profile.with_shown("womenswear", ["c"], NOW + LATELY)
    assert [(item.item_id, item.at) for item in later.shown] == [
        ("b", ()),
        ("a", (NOW + 60,)),
        ("c", (NOW + LATELY,)),
    ]


def test_times_of_one_item_are_bounded() -> None:
    profile = ADA
    for second in range(SHOWINGS + 4):
        profile = profile.with_shown("womenswear", ["a"], NOW + second)
    assert profile.shown[0].at == tuple(range(NOW + 4, NOW + SHOWINGS + 4))


@given(st.data(), st.integers(NOW - 2 * LATELY, NOW + LATELY), st.sampled_from(["womenswear", "menswear"]))
def test_whatever_was_shown_again_is_the_newest(data: st.DataObject, now: int, department: str) -> None:
    """Said once more, item by item: each keeps the times that are not old, those shown again come last."""
    keys = st.tuples(st.sampled_from(["womenswear", "menswear"]), st.sampled_from("abcdef"))
    times = st.lists(st.integers(NOW - 2 * LATELY, NOW), max_size=SHOWINGS).map(tuple)
    shown = tuple(Shown(*key, at) for key, at in data.draw(st.dictionaries(keys, times)).items())
    again = data.draw(items)
    latest = {(s.department, s.item_id): tuple(t for t in s.at if now - t < LATELY) for s in shown}
    lately = {item_id: at for (place, item_id), at in latest.items() if at and place == department}
    for item_id in dict.fromkeys(again):
        before = latest.pop((department, item_id), ())
        latest[department, item_id] = (*before, now)[-SHOWINGS:]
    profile = msgspec.structs.replace(ADA, shown=shown)
    assert profile.shown_lately(department, now) == lately
    expected = tuple(Shown(*key, at) for key, at in latest.items())
    assert profile.with_shown(department, again, now).shown == expected


def test_profiles_from_before_times_were_kept_are_read() -> None:
    old = b'{"format":1,"user_id":"a","department":"womenswear","shown":[["womenswear","x"]]}'
    profile = read_profile(old)
    assert profile.shown_in("womenswear") == ("x",)
    assert profile.shown_lately("womenswear", NOW) == {}
    assert profile.with_shown("womenswear", ["x"], NOW).shown_lately("womenswear", NOW) == {"x": (NOW,)}


def test_accepts_its_tokens_and_no_others() -> None:
    tokens = [new_token(ADA.user_id) for _ in range(TOKENS + 1)]
    profile = ADA
    for token in tokens:
        profile = profile.with_token(token)
    assert [profile.accepts(token) for token in tokens] == [False] + [True] * TOKENS
    assert not profile.accepts(new_token(ADA.user_id))
    assert not profile.accepts(tokens[-1][:-1])
    assert not profile.accepts("")
    assert not profile.accepts("\ud800")
    assert profile.with_token(tokens[-1]) == profile  # the same token again is one token


def test_only_hashes_of_tokens_are_stored() -> None:
    token = new_token(ADA.user_id)
    stored = write_profile(ADA.with_token(token)).decode()
    assert token_hash(token) in stored
    assert token.partition(".")[2] not in stored


def test_a_token_names_its_profile() -> None:
    user_id = new_user_id()
    token = new_token(user_id)
    assert user_id_of_token(token) == user_id
    assert token != new_token(user_id)
    for other in ("", ".", "x", token[1:], token + "x", token.replace(".", ""), user_id.upper() + token[32:]):
        assert user_id_of_token(other) is None, other


def test_ids_are_distinct_and_those_of_keys_repeat() -> None:
    assert len({new_user_id() for _ in range(100)}) == 100
    assert user_id_of_key("k") == user_id_of_key("k") != user_id_of_key("K")
    assert user_id_of_token(new_token(user_id_of_key("k"))) == user_id_of_key("k")


@given(items, items, st.none() | st.floats(0, 1e12), st.lists(st.text(min_size=1, max_size=9), max_size=3))
def test_written_profiles_read_the_same(
    likes: list[str], shown: list[str], price: float | None, sizes: list[str]
) -> None:
    profile = Profile(
        user_id=new_user_id(),
        department="menswear",
        preferences=Preferences(max_price=price, sizes=tuple(sizes)),
    )
    profile = profile.with_tastes("menswear", likes).with_shown("womenswear", shown, NOW)
    assert read_profile(write_profile(profile)) == profile


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff", b'{"format":2,"user_id":"a","department":"b"}'])
def test_other_bytes_are_no_profile(data: bytes) -> None:
    with pytest.raises(FormatError, match="expected a profile of format 1, found"):
        read_profile(data)


def test_a_profile_that_is_too_large_forgets_what_was_shown_first() -> None:
    profile = Profile(user_id="a" * 32, department="womenswear")
    profile = profile.with_tastes("womenswear", [f"liked-{number}" for number in range(100)])
    profile = profile.with_shown("womenswear", [f"shown-{number}" for number in range(100)], 1)
    assert profile.within(1 << 20) is profile
    smaller = profile.within(len(write_profile(profile)) - 1)
    assert smaller.tastes == profile.tastes
    assert 0 < len(smaller.shown) < 100
    assert smaller.shown == profile.shown[-len(smaller.shown) :]
    smallest = profile.within(1000)
    assert smallest.shown == ()
    assert 0 < len(smallest.tastes) < 100
    assert smallest.tastes == profile.tastes[-len(smallest.tastes) :]
    assert len(write_profile(smallest)) <= 1000
