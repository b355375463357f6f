"""What labels mean, read off printed charts, off the labels of a real shop, and for any text at all."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.departments import DEPARTMENTS
from shared.sizes import KINDS, TABLES, USUAL, kind_of, names, order
from tests.running import DATA, needs

LUMA = DATA / "luma_osl3/dev/metadata.csv"


def name(label: str, department: str = "womenswear", kind: str = "clothing") -> str:
    return names(label, department, kind)[0]


@pytest.mark.parametrize(
    ("spellings", "expected"),
    [
        ("xs|XS| x-small|X Small|extra small|Extra-Small|1XS", "XS"),
        ("xxs|XX-Small|2xs|extra extra small", "XXS"),
        ("s|Small|size S|Size: small", "S"),
        ("m|Medium|MED", "M"),
        ("l|large", "L"),
        ("xxl|2XL|2 XL|2x-large|XX-Large|xxlarge", "XXL"),
        ("xxxl|3XL|3X-Large", "3XL"),
        ("4xl|XXXXL", "4XL"),
        ("One Size|one-size|OS|o/s|OSFA|ONESIZE", "One size"),
    ],
)
def test_letters_are_one_size_in_every_department_and_kind(spellings: str, expected: str) -> None:
    found = {name(label, d, k) for label in spellings.split("|") for d in DEPARTMENTS for k in KINDS}
    assert found == {expected}


@pytest.mark.parametrize(
    ("department", "kind", "spellings", "expected"),
    [
        (
            "womenswear",
            "clothing",
            "EU 38|eu38|EUR 38|38 EU|UK 10|uk10|10 UK|GB 10|US 6|USA 6|38|38.0",
            "EU 38",
        ),
        ("womenswear", "clothing", "UK 16|US 12|44", "EU 44"),
        ("womenswear", "trousers", "EU 38|UK 10|US 6|38", "EU 38"),
        ("womenswear", "trousers", "28|W28|w 28", "W28"),
        ("womenswear", "shoes", "EU 38|UK 5|US 7|38", "EU 38"),
        ("womenswear", "shoes", "EU 37.5|37,5|37½|37 1/2|UK 4.5|UK 4½|US 6.5", "EU 37.5"),
        ("menswear", "shoes", "EU 42|UK 8|US 9|42|EUR42", "EU 42"),
        ("menswear", "clothing", "EU 50|UK 40|US 40", "EU 50"),
        ("menswear", "trousers", "W32|32|EU 48|UK 32|US 32|w32", "W32"),
        ("menswear", "trousers", "33|EU 49", "W33"),
        ("menswear", "trousers", "W32 L34|W32/L34|W32L34|32/34|32x34|32W 34L|w32/34|32W x 34L", "W32 L34"),
    ],
)
def test_charts_of_three_countries(department: str, kind: str, spellings: str, expected: str) -> None:
    found = {label: name(label, department, kind) for label in spellings.split("|")}
    assert found == dict.fromkeys(found, expected)


@pytest.mark.parametrize(
    ("department", "kind", "label"),
    [
        ("womenswear", "clothing", "10"),  # UK or US
        ("womenswear", "clothing", "37"),
        ("womenswear", "shoes", "5"),  # UK or US
        ("menswear", "clothing", "44"),  # EU, or the chest in inches
        ("menswear", "clothing", "40"),  # the same, or a collar in centimetres
        ("menswear", "trousers", "44"),  # EU, or the waist in inches
        ("womenswear", "trousers", "34"),  # EU, or the waist in inches
        ("womenswear", "", "38"),  # nobody knows what of
        ("menswear", "", "42"),
    ],
)
def test_a_number_of_two_scales_is_itself(department: str, kind: str, label: str) -> None:
    assert name(label, department, kind) == label


@pytest.mark.parametrize(
    ("label", "kind", "expected"),
    [
        (" S/M ", "clothing", "s/m"),
        ("2X", "clothing", "2x"),
        ("22W", "clothing", "22w"),
        ("75B", "", "75b"),
        ("38-40", "clothing", "38-40"),
        ("36/38", "trousers", "36/38"),  # not a length of trousers
        ("32/34", "clothing", "32/34"),
        ("W38", "shoes", "w38"),
        ("IT 42", "clothing", "it 42"),
        ("6-12 months", "clothing", "6-12 months"),
        ("STRASSE", "", "strasse"),
        ("", "clothing", ""),
    ],
)
def test_what_no_table_knows_is_its_own_words(label: str, kind: str, expected: str) -> None:
    assert names(label, "womenswear", kind) == (expected,)


def test_a_country_is_spelled_one_way_even_where_no_table_has_the_number() -> None:
    assert {name(label, kind="") for label in ("EU 38", "eu38", "38 EU")} == {"EU 38"}
    assert {name(label, "menswear", "shoes") for label in ("UK 3", "uk3", "3 UK")} == {"UK 3"}


def test_a_waist_takes_any_length_and_a_length_only_itself() -> None:
    assert names("32/34", "menswear", "trousers") == ("W32 L34", "W32")
    assert names("32", "menswear", "trousers") == ("W32",)


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("Hoodies & Sweatshirts", "clothing"),
        ("Tees", "clothing"),
        ("t-shirt", "clothing"),
        ("long-sleeve top", "clothing"),
        ("jacket/blazer", "clothing"),
        ("Jean jacket", "clothing"),
        ("Pants", "trousers"),
        ("DENIM SHORTS", "trousers"),
        ("Ankle boots", "shoes"),
        ("Shoes", "shoes"),
        ("Shoe bag", ""),
        ("Bras & Tanks", ""),
        ("Shirts and shoes", ""),
        ("hat", ""),
        ("Schuhe", ""),
        (None, ""),
    ],
)
def test_a_category_tells_the_kind(category: str | None, kind: str) -> None:
    assert kind_of(category) == kind


def test_the_columns_of_a_table_are_of_one_length_and_rise() -> None:
    for scales in (*TABLES.values(), *USUAL.values()):
        assert all(list(column) == sorted(set(column)) for column in scales.values())
    for table in TABLES.values():
        assert len({len(column) for column in table.values()}) == 1


def test_sizes_are_ordered_as_people_read_them() -> None:
    ordered = "XXS XS S M L XL XXL 3XL|One size|W28|W30|W30 L32|EU 8|EU 38|EU 38.5|UK 6|US 4|5.5|10|a|s/m"
    expected = [size for part in ordered.split("|") for size in (part.split() if "XXS" in part else [part])]
    assert sorted(set(expected), key=order) == expected


def test_the_labels_of_a_real_shop() -> None:
    needs(LUMA.exists(), "the data set luma_osl3")
    found: dict[tuple[str, str], set[str]] = {}
    with LUMA.open(newline="") as file:
        for row in csv.DictReader(file):
            told = found.setdefault((row["department"], kind_of(row["category"])), set())
            for label in row["size"].split("|"):
                told.update(names(label, row["department"], kind_of(row["category"])))
    letters = {"XS", "S", "M", "L", "XL"}
    assert found == {
        ("menswear", "clothing"): letters,
        ("menswear", "trousers"): {"W32", "W33", "W34", "W36"},
        ("womenswear", "clothing"): letters,
        ("womenswear", ""): letters,
        ("womenswear", "trousers"): {"W28", "W29", "W30", "W31", "W32"},
    }


PARTS = [
    "x",
    "extra ",
    "s",
    "L",
    "m",
    "w",
    "32",
    "/",
    "34",
    "l",
    "EU",
    "uk ",
    "us",
    "10",
    "½",
    ".5",
    " ",
    "-",
    "ß",
]
labels = st.text(max_size=8) | st.lists(st.sampled_from(PARTS), max_size=5).map("".join)


@given(labels, st.sampled_from(DEPARTMENTS), st.sampled_from(KINDS))
def test_a_name_is_its_own_name_whatever_the_label(label: str, department: str, kind: str) -> None:
    told = names(label, department, kind)
    assert [names(one, department, kind)[0] for one in told] == list(told)
    for variant in (label.upper().lower(), f" {label}\t"):
        if variant.strip().casefold() == label.strip().casefold():
            assert names(variant, department, kind) == told
    assert sorted(told, key=order)
