"""Prices in the forms that shops write, and the ones that could be read in two ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import TableRefused
from shared.prices import read_price


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("12", 12, None),
        ("12.50", 12.5, None),
        ("12,50", 12.5, None),
        ("1,5", 1.5, None),
        ("1.299,00 €", 1299, "EUR"),
        ("1.299,00\u00a0€", 1299, "EUR"),
        ("€1,299.00", 1299, "EUR"),
        ("$1,299.00", 1299, None),
        ("1 299,50 zł", 1299.5, "PLN"),
        ("1\u202f299,50 €", 1299.5, "EUR"),
        ("CHF 1'299.-", 1299, "CHF"),
        ("1’299.50", 1299.5, None),
        ("12,-", 12, None),
        ("12,– €", 12, "EUR"),
        ("1.299.000", 1_299_000, None),
        ("1,299,000.5", 1_299_000.5, None),
        ("12 345", 12_345, None),
        ("1299.125", 1299.125, None),
        ("0.125", 0.125, None),
        ("0,125", 0.125, None),
        ("5EUR", 5, "EUR"),
        ("999999999.999999", 999_999_999.999999, None),
    ],
)
def test_an_amount_and_its_currency(text: str, amount: float, currency: str | None) -> None:
    assert read_price(text) == (amount, currency)


@pytest.mark.parametrize(
    ("text", "either", "other"),
    [("1.299", "1299.00", "1.2990"), ("1,299 €", "1299.00", "1.2990"), ("12,345", "12345.00", "12.3450")],
)
def test_what_can_be_read_in_two_ways_is_refused_with_both(text: str, either: str, other: str) -> None:
    with pytest.raises(TableRefused, match=f"found '{text}': write {either} or {other}"):
        read_price(text)


@pytest.mark.parametrize(
    "text",
    ["", "€", "5 € EUR", "€5€", "1,2,3", "1.29,00.5", "1,29.000,5", "1 2", "1.2.3", "12.34.567", "1''000",
     "1.299 000", "1'299.50,5", "--5", "5,-,-", "1 299 00", "euro 5", "5 euro", "1.0000000", "5-"],
)  # fmt: skip
def test_what_is_no_price_is_refused(text: str) -> None:
    with pytest.raises(TableRefused, match=r"^price: expected a number such as 12\.50, found "):
        read_price(text)


@given(st.integers(0, 999_999_999), st.integers(0, 99))
def test_every_way_to_write_an_amount_is_the_same_amount(whole: int, cents: int) -> None:
    amount = float(f"{whole}.{cents:02}")
    for thousands, decimal in ((",", "."), (".", ","), ("'", "."), (" ", ","), ("", "."), ("", ",")):
        text = f"{whole:,}".replace(",", thousands) + f"{decimal}{cents:02}"
        assert read_price(text) == (amount, None)
        assert read_price(f"{text} €") == (amount, "EUR")


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        amount, _ = read_price(text)
    except TableRefused:
        return
    assert 0 <= amount < 1e9
