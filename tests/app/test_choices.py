"""What an address says, and what is asked for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.choices import DIVERSITY, LIMIT, SURPRISE, Choices, read, to_drop, write
from shared.client import Count, Facets
from shared.contract import PriceBucket, PriceFacet

WORDS = st.lists(st.text(min_size=1, max_size=200), unique=True, max_size=100).map(tuple)
PRICES = st.none() | st.integers(0, 10**6).map(float)
SHARES = st.integers(0, 100).map(lambda percent: percent / 100)


@given(st.sampled_from([None, "womenswear", "menswear"]), PRICES, PRICES, WORDS, WORDS, WORDS, SHARES, SHARES)
def test_an_address_stands_for_its_choices(
    department: str | None,
    low: float | None,
    high: float | None,
    sizes: tuple[str, ...],
    categories: tuple[str, ...],
    brands: tuple[str, ...],
    diversity: float,
    surprise: float,
) -> None:
    if low is not None and high is not None:
        low, high = sorted((low, high))
    choices = Choices(department, low, high, sizes, categories, brands, diversity, surprise)
    assert read(write(choices)) == choices


def test_an_address_is_short_where_nothing_was_chosen() -> None:
    assert write(Choices()) == {}
    assert write(Choices("menswear", max_price=80.0, sizes=("M", "L"), surprise=0.3)) == {
        "department": ["menswear"],
        "max_price": ["80"],
        "size": ["M", "L"],
        "surprise": ["0.3"],
    }


@pytest.mark.parametrize(
    "address",
    [
        {},
        {"department": ["shoes"]},
        {"min_price": ["cheap"], "max_price": ["-1"], "diversity": ["2"], "surprise": ["nan"]},
        {"max_price": ["inf"], "size": [""], "brand": ["x" * 201], "token": ["secret"]},
    ],
)
def test_what_is_not_understood_is_passed_over(address: dict[str, list[str]]) -> None:
    assert read(address) == Choices()


def test_prices_in_the_wrong_order_are_turned() -> None:
    found = read({"min_price": ["80"], "max_price": ["20"]})
    assert (found.min_price, found.max_price) == (20, 80)


def test_the_request_says_what_the_controls_show() -> None:
    assert Choices("womenswear").request() == {
        "department": "womenswear",
        "filters": {"min_price": None, "max_price": None, "sizes": [], "categories": [], "brands": []},
        "diversity": DIVERSITY,
        "explore": SURPRISE,
        "limit": LIMIT,
    }


def facets(prices: int, sizes: int, categories: int, brands: int) -> Facets:
    buckets = (PriceBucket(1, 2, prices),) if prices else ()
    price = PriceFacet("EUR", 1 if prices else None, 2 if prices else None, buckets)
    counts = [(Count("x", left),) if left else () for left in (sizes, categories, brands)]
    return Facets(price, *counts, ())


def test_only_a_filter_that_alone_leaves_nothing_is_offered() -> None:
    choices = Choices("womenswear", max_price=1, sizes=("M",), categories=("dress",))
    assert choices.narrowed() == ["price", "sizes", "categories"]
    assert to_drop(choices, facets(7, 0, 0, 5)) == [("price", 7)]
    assert to_drop(choices, facets(0, 3, 2, 0)) == [("sizes", None), ("categories", 2)]
    assert to_drop(choices, facets(0, 0, 0, 0)) == []
    assert to_drop(choices, None) == []


def test_a_filter_is_dropped_alone() -> None:
    choices = Choices("womenswear", 1, 2, ("M",), ("dress",), ("Acme",), 0.5, 0.6)
    assert choices.without("price") == Choices(
        "womenswear", None, None, ("M",), ("dress",), ("Acme",), 0.5, 0.6
    )
    assert choices.without("brands").brands == ()
    assert choices.plain() == Choices("womenswear", diversity=0.5, surprise=0.6)
