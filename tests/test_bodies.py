"""Messages say where, what was expected and what was found, whatever was sent."""

import json
import re
from collections.abc import Callable
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.bodies import item_ids, one_of, read, shown
from shared.errors import MalformedRequest, NameRefused
from shared.facts import check_item_id


class Coat(msgspec.Struct, forbid_unknown_fields=True):
    colour: str
    buttons: Annotated[int, msgspec.Meta(ge=0, le=9)] = 0
    lining: "Coat | None" = None
    sizes: tuple[str, ...] | msgspec.UnsetType | None = msgspec.UNSET


def test_reads_what_is_of_the_form() -> None:
    coat = read(b' {"colour": "r\\u00e9d", "lining": {"colour": "\\ud83d\\ude00"}, "sizes": null}\n', Coat)
    assert coat == Coat("réd", lining=Coat("😀"), sizes=None)
    assert read(b'{"colour":""}', Coat).sizes is msgspec.UNSET


@pytest.mark.parametrize(("text", "buttons"), [("7", 7), ("7.0", 7), ("7e0", 7), ("0.7e1", 7), ("-0.0", 0)])
def test_an_integer_may_be_written_as_json_writes_any_number(text: str, buttons: int) -> None:
    assert read(f'{{"colour": "", "buttons": {text}}}'.encode(), Coat).buttons == buttons


@pytest.mark.parametrize(("text", "found"), [("7.5", "7.5"), ("1e18", f"{10**18}"), ("1e19", "1e+19")])
def test_other_numbers_are_no_integer_in_range(text: str, found: str) -> None:
    with pytest.raises(MalformedRequest, match=re.escape(f"found {found}")):
        read(f'{{"colour": "", "buttons": {text}}}'.encode(), Coat)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({}, "body: expected the field colour, found none"),
        (7, "body: expected an object, found 7"),
        ({"colour": None}, "colour: expected a string, found null"),
        ({"colour": "x" * 61}, None),
        ({"colour": "", "buttons": 10}, "buttons: expected an integer <= 9, found 10"),
        ({"colour": "", "buttons": 10**90}, f"buttons: expected an integer <= 9, found {10**90}"),
        (
            {"colour": "", "buttons": "x" * 61},
            "buttons: expected an integer, found a string of 61 characters",
        ),
        ({"colour": "", "buttons": {}}, "buttons: expected an integer, found an object of 0"),
        ({"colour": "", "sizes": 3}, "sizes: expected an array or null, found 3"),
        ({"colour": "", "sizes": ["M", False]}, "sizes[1]: expected a string, found false"),
        ({"colour": "", "lining": []}, "lining: expected an object or null, found an array of 0"),
        ({"colour": "", "lining": {"colour": 1}}, "lining.colour: expected a string, found 1"),
        ({"colour": "", "lining": {}}, "lining: expected the field colour, found none"),
        (
            {"colour": "", "lining": {"colour": "", "lining": {"colour": "", "zip`\n": 1}}},
            'lining.lining: expected only colour, buttons, lining, sizes, found "zip`\\n"',
        ),
    ],
)
def test_says_where_what_was_expected_and_what_was_found(value: Any, message: str | None) -> None:
    if message is None:
        assert read(json.dumps(value).encode(), Coat).colour == value["colour"]
        return
    with pytest.raises(MalformedRequest) as error:
        read(json.dumps(value).encode(), Coat)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "expected JSON, found an empty body"),
        (b"{", "expected JSON, found a body of 1 bytes"),
        (b"\xff", "expected JSON"),
        (b'"\xff"', "expected JSON in UTF-8, found bytes that are not UTF-8"),
        (b"[" * 9999, "expected JSON, found brackets nested too deeply to read"),
    ],
)
def test_says_why_it_is_no_json(data: bytes, message: str) -> None:
    with pytest.raises(MalformedRequest, match=message):
        read(data, Coat)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
coats = st.fixed_dictionaries(
    {}, optional={"colour": anything, "buttons": anything, "lining": anything, "sizes": anything}
)


@given(st.binary() | (anything | coats).map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_read_or_refused_in_ascii_on_one_line(data: bytes) -> None:
    try:
        read(data, Coat)
    except MalformedRequest as error:
        message = str(error)
        assert "expected" in message
        assert "found" in message
        assert message.isprintable()
        assert len(message) < 1000


@given(st.text(min_size=1, max_size=200))
@example("a/b")
@example("\x85")
@example("\x7f")
@example(" ж 😀 ")
def test_item_ids_are_refused_as_the_catalogue_refuses_them(item_id: str) -> None:
    assert accepts(lambda: item_ids("likes", (item_id,))) == accepts(lambda: check_item_id(item_id))


def accepts(check: Callable[[], object]) -> bool:
    try:
        check()
    except (MalformedRequest, NameRefused):
        return False
    return True


def test_an_item_id_that_is_refused_is_told_with_its_place() -> None:
    with pytest.raises(MalformedRequest) as error:
        item_ids("likes", ("a", "b/c"))
    expected = "an item id without slashes and control characters"
    assert str(error.value) == f'likes[1]: expected {expected}, found "b/c"'


def test_one_of_names_all_that_is_accepted() -> None:
    one_of("colour", "red", ("red", "blue"))
    with pytest.raises(MalformedRequest, match='colour: expected "red" or "blue", found "green"'):
        one_of("colour", "green", ("red", "blue"))


def test_long_values_are_cut() -> None:
    assert shown("x" * 61) == "a string of 61 characters"
    assert shown(10**1000) == "1" + "0" * 59 + "…"
    assert shown("\ud800\n") == '"\\ud800\\n"'
