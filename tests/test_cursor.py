"""A cursor as a word, and what it remembers of a profile."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.cursor import GIVEN, LENGTH, Cursor, read_cursor
from shared.errors import MalformedRequest
from shared.profile import LATELY, Profile

NOW = 1_700_000_000
LIST = b"12345678"
ADA = Profile(user_id="a" * 32, department="womenswear")
names = st.lists(st.text(min_size=1, max_size=4), max_size=30, unique=True)


@given(st.integers(0, 2**63 - 1), names, names)
def test_a_cursor_comes_back_as_it_was(seed: int, given: list[str], others: list[str]) -> None:
    cursor = Cursor(LIST, seed, 3, 9).after(given, [])
    word = cursor.write()
    assert re.fullmatch(r"[A-Za-z0-9_-]+", word)
    again = read_cursor(word, LIST)
    assert (again, len(again)) == (cursor, len(given))
    gave = again.giver()
    assert {name for name in {*given, *others} if gave(name)} == {*given}


def test_the_longest_cursor_is_as_long_as_requests_take() -> None:
    cursor = Cursor(LIST, 2**63 - 1, 2**53, 2**53).after(map(str, range(GIVEN)), [])
    assert len(cursor.write()) <= LENGTH
    with pytest.raises(MalformedRequest, match="the next of an earlier answer"):
        read_cursor(cursor.after(["x"], []).write(), LIST)


@pytest.mark.parametrize(
    "word", ["", "x", "!!!!", "k", "AAAA", "héé", "gKCg", Cursor(LIST, 0, given=b"abc").write()]
)
def test_what_is_no_cursor_is_refused(word: str) -> None:
    with pytest.raises(MalformedRequest, match="cursor: expected the next of an earlier answer"):
        read_cursor(word, LIST)


@given(st.binary(max_size=60))
def test_no_bytes_break_it(data: bytes) -> None:
    word = Cursor(LIST, 5, given=b"12345678").write()
    for text in (data.hex(), word[: len(data)], word + data.hex()):
        try:
            read_cursor(text, LIST)
        except MalformedRequest:
            continue
        assert text == word


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(MalformedRequest, match="found another request"):
        read_cursor(Cursor(b"87654321", 0).write(), LIST)


def test_history_is_what_it_was_before_the_first_page() -> None:
    """a was shown long ago, b twice and c once of late; the first page gives a, c and d, the next one e."""
    profile = ADA.with_shown("womenswear", ["a", "b"], NOW - LATELY).with_shown("womenswear", ["b"], NOW - 60)
    profile = profile.with_shown("womenswear", ["b", "c"], NOW - 50).with_shown("menswear", ["m"], NOW)
    cursor = Cursor.first(LIST, 0, profile, "womenswear", NOW)
    before = {"a": 0, "b": 2, "c": 1}
    assert cursor.history(profile, "womenswear") == before
    cursor, profile = cursor.after(["a", "c", "d"], before), profile.with_shown("womenswear", "acd", NOW)
    assert cursor.history(profile, "womenswear") == before
    cursor, profile = cursor.after(["e"], before), profile.with_shown("womenswear", "e", NOW + 9)
    assert cursor.history(profile, "womenswear") == before
    # and what other calls show in between does not change it
    assert cursor.history(profile.with_shown("womenswear", "bf", NOW + 10), "womenswear") == before


def test_calls_of_one_second_are_told_apart() -> None:
    """a and b were shown in the same second in which the first page gives b and c."""
    profile = ADA.with_shown("womenswear", "ab", NOW)
    cursor = Cursor.first(LIST, 0, profile, "womenswear", NOW)
    before = {"a": 1, "b": 1}
    assert cursor.history(profile, "womenswear") == before
    cursor, profile = cursor.after("bc", before), profile.with_shown("womenswear", "bc", NOW)
    assert cursor.history(profile, "womenswear") == before


def test_a_history_is_the_same_with_and_without_a_page_of_strangers() -> None:
    """Only once a page gave something are items looked for among what it gave."""
    profile = ADA.with_shown("womenswear", "abc", NOW - LATELY).with_shown("womenswear", "bd", NOW - 60)
    profile = profile.with_shown("womenswear", "d", NOW)
    cursor = Cursor.first(LIST, 0, profile, "womenswear", NOW)
    assert cursor.history(profile, "womenswear") == {"a": 0, "b": 1, "c": 0, "d": 2}
    assert cursor.after("xyz", []).history(profile, "womenswear") == cursor.history(profile, "womenswear")
