"""Attribute tables: what a row may say, and what becomes of the rows that say something else."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import tables
from shared.errors import TableRefused
from shared.facts import FIELDS
from shared.tables import Fault, read_field, read_metadata, read_table

WHOLE = '''\
item_id,brand,title,price,currency,sizes,category,description,group_id,available,url
a1,Luma,Red dress,49.90,EUR,S|M|L,dress,"Long, with ""pockets""",g1,true,https://shop.example/a1
'''


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


def test_bytes_may_come_as_a_view():
    assert read_table(memoryview(WHOLE.encode())).rows == read_table(WHOLE.encode()).rows


# faults


def test_a_bad_row_is_reported_by_line_and_the_good_rows_are_taken():
    table = read_table(b"item_id,price\na1,5\na2,1.299\xe2\x82\xac\n\na3,7\n,8\na5\na6,1,2\n")
    assert table.rows == {"a1": {"price": 5.0}, "a3": {"price": 7.0}}
    assert [fault.where for fault in table.faults] == [3, 6, 7, 8]
    assert [fault.reason for fault in table.faults] == [
        "price: expected a number such as 12.50, found '1.299€'",
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
    table = read_table("item_id,title\na1,für\na2,ok\nä3,ok\n".encode("latin-1"))
    assert table.rows == {"a2": {"title": "ok"}}
    assert [fault.where for fault in table.faults] == [2, 4]
    assert "UTF-8" in table.faults[0].reason
    assert table.faults[1].reason.encode()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "one item_id, found ''"),
        (b"\xef\xbb\xbf", "one item_id, found ''"),
        (b"id,price\n1,2\n", "one item_id, found 'id, price'"),
        (b"item_id;price\na1;5\n", "comma-separated header with one item_id, found 'item_id;price'"),
        (b"item_id,item_id\na1,a2\n", "one item_id"),
        (b"item_id,price,Price\na1,1,2\n", "found price more than once"),
        (b"item_id,\xff\xfe,price", None),
        ("item_id,price\na1,5\n".encode("utf-16"), "one item_id"),
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


def test_a_table_too_large_is_refused():
    with pytest.raises(TableRefused, match="expected at most 67108864 bytes, found 67108865"):
        read_table(memoryview(bytes(tables.MAX_BYTES + 1)))


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
            for text in ("1,5", "1.299,00 €", "$5", "-1", "1e3", "nan", "inf", ".5", "5.", "1_0", "٣", "free")
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
        .map(str.strip)
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
    table = read_table(data)
    assert all(set(fields) == {"price", "title"} for fields in table.rows.values())
    assert all(fault.reason.encode() for fault in table.faults)
