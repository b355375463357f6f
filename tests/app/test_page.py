"""The page's script under Streamlit's own test, against the real functions over HTTP."""

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import wiring
from app.calm import GONE, SORRY
from shared.client import StylekinClient
from tests.serving import served
from tests.shop import AXES, ROOT, Shop

A, *_ = AXES
STYLE = "from app.style import my_style\nmy_style()"


@pytest.fixture(name="address")
def make_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    shop = Shop(tmp_path)
    shop.open("womenswear", "menswear")
    shop.put("a", A, title="Coat", category="coat", price=79.5, currency="EUR", sizes=["S", "M"])
    for place, (one, other) in enumerate(list(permutations(AXES[1:], 2))[:14], 1):
        told = {"category": "dress", "price": 10.0 * place, "currency": "EUR", "sizes": ["M"]}
        shop.put(f"b{place:02}", one + 2 * other, title=f"Dress {place}", **told)
    with shop.serving(monkeypatch) as clients, served(clients) as address:
        monkeypatch.setenv("REGISTER_URL", f"{address}/register")
        monkeypatch.setenv("RECOMMEND_URL", f"{address}/recommend")
        monkeypatch.setenv("IMAGES", f"file://{tmp_path}/images")
        wiring.configured.cache_clear()
        wiring.pictures.cache_clear()
        yield address
    wiring.configured.cache_clear()
    wiring.pictures.cache_clear()


def page(token: str | None = None, **address: str) -> AppTest:
    """The page, opened by a shopper or by somebody new."""
    at = AppTest.from_file(ROOT / "app/page.py", default_timeout=20)
    if token is not None:
        at.session_state["token"] = token
    for name, value in address.items():
        at.query_params[name] = value
    return at.run()


def shopper(address: str, *likes: str) -> StylekinClient:
    shop = StylekinClient(f"{address}/register", f"{address}/recommend")
    shop.register("womenswear", likes=likes)
    return shop


def labels(at: AppTest) -> list[str]:
    return [button.label for button in at.button]


def test_somebody_new_picks_a_department(address: str) -> None:
    at = page()
    assert not at.exception
    assert [title.value for title in at.title] == ["Clothes of your style"]
    assert labels(at) == ["Womenswear", "Menswear"]
    at.button(key="door-womenswear").click().run()
    assert [title.value for title in at.title] == ["What do you like?"]
    assert at.query_params["department"] == "womenswear"
    assert len(at.session_state["dozen"].places) == 12
    assert labels(at) == ["Skip"]
    with StylekinClient(f"{address}/register", f"{address}/recommend", at.session_state["token"]) as shop:
        assert shop.profile().department == "womenswear"


def test_who_likes_something_gets_picks_with_reasons(address: str) -> None:
    at = page(shopper(address, "a").token)
    assert not at.exception
    assert [title.value for title in at.title] == ["Picked for you"]
    places = at.session_state["list"].places
    assert {place.why.liked_item for place in places if place.kind == "similar"} == {"a"}
    assert "a" not in [place.item.item_id for place in places]
    assert at.session_state["known"]["a"].title == "Coat"


def test_a_filter_shows_counts_and_changes_the_address(address: str) -> None:
    at = page(shopper(address, "b07").token)
    at.multiselect(key="filter-categories").select("coat").run()
    assert at.query_params["category"] == "coat"
    assert [place.item.item_id for place in at.session_state["list"].places] == ["a"]
    assert at.multiselect(key="filter-sizes").options == ["S (1)", "M (1)"]
    at.slider(key="filter-surprise").set_value(0.4).run()
    assert at.query_params["surprise"] == "0.4"
    at.button(key="clear").click().run()
    assert "category" not in at.query_params
    assert len(at.session_state["list"].places) == 12


def test_a_shared_address_shows_a_stranger_the_same_view(address: str) -> None:
    at = page(department="womenswear", category="coat")
    assert [title.value for title in at.title] == ["Picked for you"]
    assert [place.item.item_id for place in at.session_state["list"].places] == ["a"]


def test_no_match_offers_what_to_drop(address: str) -> None:
    at = page(shopper(address, "a").token, department="womenswear", category="dress", max_price="1")
    assert "Nothing matches all of your filters" in at.info[0].value
    left = [label for label in labels(at) if label.startswith("Any")]
    assert len(left) == 1
    assert left[0].startswith("Any price (")
    at.button(key="drop-price").click().run()
    assert "max_price" not in at.query_params
    assert at.query_params["category"] == "dress"
    assert at.session_state["list"].places


def test_a_price_that_no_item_has_is_no_fault(address: str) -> None:
    for limits in ({"max_price": "0"}, {"min_price": "5000"}, {"min_price": "1", "max_price": "2"}):
        at = page(shopper(address, "a").token, department="womenswear", **limits)
        assert not at.exception
        assert at.slider(key="filter-price").value


def test_functions_that_are_down_are_said_calmly(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    token = shopper(address, "a").token
    monkeypatch.setenv("REGISTER_URL", "http://127.0.0.1:1")
    wiring.configured.cache_clear()
    at = page(token)
    assert not at.exception
    assert [info.value for info in at.info] == [SORRY]
    assert labels(at) == ["Try again"]
    monkeypatch.setenv("REGISTER_URL", f"{address}/register")
    wiring.configured.cache_clear()
    del at.session_state["client"]
    at.button[0].click().run()
    assert [title.value for title in at.title] == ["Picked for you"]


def test_a_profile_that_is_gone_begins_again(address: str) -> None:
    shop = shopper(address, "a")
    token = shop.token
    shop.forget()
    at = page(token)
    assert [info.value for info in at.info] == [GONE]
    assert labels(at) == ["Womenswear", "Menswear"]


def test_my_style_tells_what_was_liked(address: str) -> None:
    at = AppTest.from_string(STYLE, default_timeout=20)
    at.session_state["token"] = shopper(address, "a", "b03").token
    at.run()
    assert not at.exception
    told = [markdown.value for markdown in at.markdown]
    assert "You liked 2 items: coat and dress; at prices from €30 to €79.50." in told
    (drawn,) = [html.value for html in at.get("html") if "map" in html.value and "<ul" in html.value]
    assert drawn.count("<img") == 2
    assert 'alt="Coat"' in drawn
