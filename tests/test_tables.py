"""Attribute tables: what a row may say, and what becomes of the rows that say something else."""

import csv
import unicodedata
from dataclasses import dataclass
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import dialect
from shared.errors import TableRefused
from shared.facts import FIELDS, composed
from shared.tables import Fault, Fields, Row, open_table, read_field, read_metadata

WHOLE = '''\
item_id,brand,title,price,currency,sizes,category,description,group_id,available,url
a1,Luma,Red dress,49.90,EUR,S|M|L,dress,"Long, with ""pockets""",g1,true,https://shop.example/a1
'''


@dataclass
class Read:
    """A whole table: the last good row of each item, and what was not taken."""

    rows: dict[str, Fields]
    faults: tuple[Fault, ...]
    kept_out: tuple[str, ...]
    encoding: str


def read_table(data: bytes) -> Read:
    table = open_table(BytesIO(data))
    found = list(table.rows)
    good = {row.item_id: row.fields for row in found if isinstance(row, Row)}
    return Read(
        good, tuple(each for each in found if isinstance(each, Fault)), table.kept_out, table.encoding
    )


def rows(text: str) -> dict:
    table = read_table(text.encode())
    assert table.faults == ()
    return dict(table.rows)


def faults(text: str) -> list[Fault]:
    return list(read_table(text.encode()).faults)


def test_every_attribute_is_read():
    assert rows(WHOLE) == {
        "a1": {
            "brand": "Luma",
            "title": "Red dress",
            "price": 49.9,
            "currency": "EUR",
            "sizes": ("S", "M", "L"),
            "category": "dress",
            "description": 'Long, with "pockets"',
            "group_id": "g1",
            "available": True,
            "url": "https://shop.example/a1",
        }
    }
    assert set(rows(WHOLE)["a1"]) == set(FIELDS)


def test_only_the_fields_a_table_names_are_told():
    assert rows("item_id,price\na1,5\n") == {"a1": {"price": 5.0}}


def test_an_empty_cell_clears_the_field():
    assert rows("item_id,price,brand,sizes\na1,,  ,|\n") == {
        "a1": {"price": None, "brand": None, "sizes": None}
    }


def test_columns_may_stand_in_any_order_and_case():
    assert rows("Price , ITEM_ID\n5,a1\n") == {"a1": {"price": 5.0}}


def test_other_columns_are_kept_out_and_named():
    table = read_table(b"item_id,colour,price,margin\na1,red,5,0.3\n")
    assert table.rows == {"a1": {"price": 5.0}}
    assert table.kept_out == ("colour", "margin")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", ["", "end"])
def test_line_ends_and_byte_order_marks_make_no_difference(end, mark, last):
    text = f"{mark}item_id,title{end}a1,Rock für Ärzte{end}{end}a2,裙子{end if last else ''}"
    assert rows(text) == {"a1": {"title": "Rock für Ärzte"}, "a2": {"title": "裙子"}}


def test_the_last_row_of_an_item_wins():
    assert rows("item_id,price,brand\na1,5,Luma\na2,6,\na1,7,\n") == {
        "a1": {"price": 7.0, "brand": None},
        "a2": {"price": 6.0, "brand": None},
    }


def test_the_last_good_row_of_an_item_wins():
    table = read_table(b"item_id,price\na1,5\na1,free\n")
    assert table.rows == {"a1": {"price": 5.0}}
    assert len(table.faults) == 1


def test_text_that_looks_like_a_formula_stays_text():
    formula = '=HYPERLINK("https://evil.example")'
    assert read_field("title", formula) == formula


def test_a_header_alone_says_nothing():
    assert rows("item_id,price\n") == {}


# faults


def test_a_bad_row_is_reported_by_line_and_the_good_rows_are_taken():
    table = read_table(b"item_id,price\na1,5\na2,free\n\na3,7\n,8\na5\na6,1,2\n")
    assert table.rows == {"a1": {"price": 5.0}, "a3": {"price": 7.0}}
    assert [fault.where for fault in table.faults] == [3, 6, 7, 8]
    assert [fault.reason for fault in table.faults] == [
        "price: expected a number such as 12.50, found 'free'",
        "expected an item id of 1 to 200 characters, found 0: ''…",
        "expected 2 cells, found 1",
        "expected 2 cells, found 3",
    ]


def test_a_row_of_several_lines_is_reported_by_its_first():
    assert [fault.where for fault in faults('item_id,title,price\n\na1,"two\nlines",1\na2,"b\nc",x\n')] == [5]


def test_a_bad_quote_costs_one_row():
    table = read_table(b'item_id,title\na1,"x" y\na2,z\n')
    assert table.rows == {"a2": {"title": "z"}}
    assert [fault.where for fault in table.faults] == [2]


def test_a_quote_that_is_never_closed_is_reported():
    table = read_table(b'item_id,title\na1,x\na2,"y\na3,z\n')
    assert table.rows == {"a1": {"title": "x"}}
    assert [fault.where for fault in table.faults] == [3]


def test_a_row_that_is_not_utf8_costs_one_row():
    """The file has letters in UTF-8, so it is not in Latin-1."""
    table = read_table("item_id,title\na0,Größe\n".encode() + "a1,für\na2,ok\nä3,ok\n".encode("latin-1"))
    assert table.rows == {"a0": {"title": "Größe"}, "a2": {"title": "ok"}}
    assert [fault.where for fault in table.faults] == [3, 5]
    assert "UTF-8" in table.faults[0].reason
    assert table.faults[1].reason.encode()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "one item_id, .*, found ''"),
        (b"\xef\xbb\xbf", "one item_id, .*, found ''"),
        (b"id,price\n1,2\n", "one item_id, .*, found 'id, price'"),
        (b"item_id price\na1 5\n", "commas, semicolons or tabs between the columns, found 'item_id price'"),
        (b"item_id|price\na1|5\n", "found 'item_id|price'"),
        (b"item_id,item_id\na1,a2\n", "one item_id"),
        (b"item_id,price,Price\na1,1,2\n", "found price more than once"),
        (b"item_id,\xff\xfe,price", None),
        ("item_id,price\na1,5\n".encode("utf-16-le"), "one item_id"),
        (b'"item_id,price\na1,5\n', "expected a header with item_id"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "one item_id"),
    ],
)
def test_a_table_without_a_header_is_refused(text, message):
    if message is None:
        assert read_table(text).rows == {}
    else:
        with pytest.raises(TableRefused, match=message):
            read_table(text)


# how it is written


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("latin-1", "cp1252"),
        ("cp1252", "cp1252"),
    ],
)
def test_encodings_and_separators_are_told_by_themselves(separator, encoding, found):
    cells = [["item_id", "title", "price"], ["a1", "Kleid für Ärzte", "12.50"], ["é2", "a", "1"]]
    table = read_table("\r\n".join(separator.join(row) for row in cells).encode(encoding))
    assert table.faults == ()
    assert table.encoding == found
    assert table.rows == {
        "a1": {"title": "Kleid für Ärzte", "price": 12.5},
        "é2": {"title": "a", "price": 1.0},
    }


def test_letters_in_utf8_far_behind_other_bytes_still_tell_the_encoding():
    data = b"item_id,title\na1,\xfc\n" + b"\n" * dialect.PIECE + "a2,ü\n".encode()
    table = read_table(data)
    assert table.rows == {"a2": {"title": "ü"}}
    assert [fault.where for fault in table.faults] == [2]


def test_the_euro_sign_of_windows_is_read():
    assert read_table("item_id;price\na1;5 €\n".encode("cp1252")).rows == {"a1": {"price": 5.0}}


def test_a_byte_that_windows_has_no_letter_for_costs_one_row():
    table = read_table(b"item_id,title\na1,\xfc\na2,\x81\n")
    assert table.rows == {"a1": {"title": "ü"}}
    assert [fault.where for fault in table.faults] == [3]


@pytest.mark.parametrize("place", [dialect.PIECE - 1, dialect.PIECE, dialect.PIECE + 1])
def test_a_letter_between_two_pieces_of_a_file_is_one_letter(place):
    head = b"item_id,title\n"
    data = head + b"\n" * (place - len(head) - 4) + "a1,ü\n".encode()
    assert data[place - 1 : place + 1] == "ü".encode()
    assert read_table(data).rows == {"a1": {"title": "ü"}}
    assert read_table(data.replace("ü".encode(), b"\xfc")).rows == {"a1": {"title": "ü"}}


def test_a_comma_between_quotes_is_no_separator():
    assert rows('item_id;price\na1;"1.299,00 €"\n') == {"a1": {"price": 1299.0}}


def test_a_line_without_end_costs_one_row():
    long = b"a2," + b"x" * (3 * dialect.MAX_LINE)
    table = read_table(b"item_id,title\na1,x\n" + long + b"\na3,z\n" + long)
    assert table.rows == {"a1": {"title": "x"}, "a3": {"title": "z"}}
    assert [fault.where for fault in table.faults] == [3, 5]
    assert "a line of more than 1048576 characters" in table.faults[0].reason


def test_a_quote_that_is_never_closed_costs_no_more_than_a_cell_may_be_long():
    lines = "".join(f"b{n},x\n" for n in range(40_000))
    table = read_table(f'item_id,title\na1,x\na2,"y\n{lines}'.encode())
    assert table.faults[0].where == 3
    assert "field limit" in table.faults[0].reason
    assert len(table.faults) <= 2
    assert "b39999" in table.rows


def test_ids_are_composed_so_that_a_row_finds_its_picture():
    apart = unicodedata.normalize("NFD", "Größe é")
    assert set(rows(f"item_id,price\n {apart} ,1\n")) == {"Größe é"}


# fields


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("price", " 12 ", 12.0),
        ("price", "0", 0.0),
        ("price", "12.5", 12.5),
        ("price", "999999999.999999", 999999999.999999),
        ("currency", "EUR", "EUR"),
        ("currency", "chf", "CHF"),
        ("sizes", "S", ("S",)),
        ("sizes", " S | M ||S|XL ", ("S", "M", "XL")),
        ("sizes", "W32/L34|36.5", ("W32/L34", "36.5")),
        ("available", "TRUE", True),
        ("available", "no", False),
        ("available", "0", False),
        ("url", "HTTPS://x.example/?a=1,2", "HTTPS://x.example/?a=1,2"),
        ("brand", " A & B ", "A & B"),
        ("description", "two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("title", "", None),
    ],
)
def test_a_cell_becomes_a_value(field, text, expected):
    found = read_field(field, text)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        *(
            ("price", text)
            for text in ("-1", "1e3", "nan", "inf", ".5", "5.", "1_0", "٣", "free", "5 to 7", "1234567890")
        ),
        *(("currency", text) for text in ("EURO", "€", "EU", "E R")),
        *(("available", text) for text in ("maybe", "2", "-")),
        *(("url", text) for text in ("javascript:alert(1)", "shop.example/a1", "https://", "http://a b")),
        *(("title", text) for text in ("a\0b", "a\x1bb", "x" * 5001, "\udcff")),
    ],
)
def test_a_cell_of_another_form_is_refused(field, text):
    with pytest.raises(TableRefused, match=rf"^{field}: expected .*, found ") as refused:
        read_field(field, text)
    assert str(refused.value).encode()


@pytest.mark.parametrize(
    ("price", "taken"),
    [("5 €", True), ("5", True), ("$5", True), ("EUR 5", True), ("£5", False), ("5 CHF", False)],
)
def test_a_price_in_another_currency_than_its_row_says_costs_the_row(price, taken):
    table = read_table(f"item_id,price,currency\na1,{price},EUR\n".encode())
    assert table.rows == ({"a1": {"price": 5.0, "currency": "EUR"}} if taken else {})
    assert [fault.reason[:47] for fault in table.faults] == (
        [] if taken else ["price: expected an amount in EUR, as its row say"[:47]]
    )


def test_metadata_is_read_by_the_same_rules():
    metadata = {"price": "12.50", "sizes": "S|M", "brand": "", "available": "yes", "photographer": "x"}
    assert read_metadata(metadata) == (
        {"available": True, "brand": None, "price": 12.5, "sizes": ("S", "M")},
        (),
    )


def test_a_bad_value_in_metadata_costs_that_field_only():
    fields, found = read_metadata({"price": "cheap", "brand": "Luma"})
    assert fields == {"brand": "Luma"}
    assert found == (Fault("price", "price: expected a number such as 12.50, found 'cheap'"),)


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30).map(str.strip)
PRICES = st.decimals(0, 10**6, places=2).map(str)


@given(
    st.dictionaries(
        st.text(
            st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/"), min_size=1, max_size=20
        )
        .map(composed)
        .filter(bool),
        st.tuples(TEXTS, PRICES),
        max_size=8,
    )
)
def test_what_a_csv_writer_writes_is_read_back(items):
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(["item_id", "title", "price"])
    writer.writerows((item, *cells) for item, cells in items.items())
    expected = {
        item: {"title": title or None, "price": float(price)} for item, (title, price) in items.items()
    }
    assert rows(text.getvalue()) == expected


@given(st.binary(max_size=400).map(lambda noise: b"item_id,price,title\n" + noise))
def test_no_bytes_break_the_reader(data):
    try:
        table = read_table(data)
    except TableRefused:
        return  # the noise made UTF-16 or another separator of it
    assert all(set(fields) == {"price", "title"} for fields in table.rows.values())
    assert all(fault.reason.encode() for fault in table.faults)
