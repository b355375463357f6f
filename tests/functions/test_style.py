"""``recommend`` with an item to be near to, and the map of a shopper's style."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.client import Problem, StylekinClient
from tests.serving import served
from tests.shop import AXES, Shop

A, B, C, D, E, *_ = AXES


@pytest.fixture(name="shop")
def make_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StylekinClient]:
    shop = Shop(tmp_path)
    shop.open("womenswear", "menswear")
    shop.put("a", A, title="Coat")
    shop.put("a-again", A, title="The same coat")
    shop.put("close", 3 * A + B, price=20.0)
    shop.put("far", A + 3 * C, price=300.0)
    shop.put("other", D, price=5.0)
    shop.put("gone", E)
    shop.remove("gone")
    shop.put("m", B, department="menswear")
    with (
        shop.serving(monkeypatch) as clients,
        served(clients) as address,
        StylekinClient(f"{address}/register", f"{address}/recommend") as client,
    ):
        client.register("womenswear")
        yield client


def ids(page: object) -> list[str]:
    return [place.item.item_id for place in page.recommendations]  # type: ignore[attr-defined]


def test_items_near_an_item_leave_the_likes_alone(shop: StylekinClient) -> None:
    shop.rate(likes=["other"])
    page = shop.recommend(near="a", explore=0)
    assert ids(page) == ["close", "far"], "neither it, nor what looks the same, nor what is liked"
    first = page.recommendations[0]
    assert (first.kind, first.why.strategy, first.why.liked_item) == ("similar", "item", None)
    assert first.score == pytest.approx(3 / 10**0.5, abs=1e-3)
    assert shop.profile().likes == ("other",)
    assert ids(shop.recommend(near="a", explore=0, filters={"max_price": 50})) == ["close"]


def test_pages_near_an_item(shop: StylekinClient) -> None:
    first = shop.recommend(near="a", explore=0, limit=1)
    second = shop.recommend(near="a", explore=0, limit=1, cursor=first.next)
    assert (ids(first), ids(second)) == (["close"], ["far"])
    with pytest.raises(Problem, match="cursor: expected the request it came with"):
        shop.recommend(near="close", explore=0, limit=1, cursor=first.next)


@pytest.mark.parametrize("near", ["never", "gone", "m"])
def test_an_item_that_is_not_shown_is_refused(shop: StylekinClient, near: str) -> None:
    with pytest.raises(Problem, match="near: expected the id of an item that womenswear shows") as told:
        shop.recommend(near=near)
    assert told.value.type.endswith(":unknown-item")
    assert ids(shop.recommend(near="m", department="menswear")) == []


def test_an_item_and_a_photograph_are_one_too_many(shop: StylekinClient) -> None:
    with pytest.raises(Problem, match="near: expected no item beside a photograph"):
        shop.recommend(b"picture", near="a")


def test_likes_and_dislikes_on_the_map(shop: StylekinClient) -> None:
    shop.rate(likes=["a", "far", "gone"], dislikes=["other"])
    before = shop.profile()
    style = shop.style()
    assert style.department == "womenswear"
    assert [place.item.item_id for place in style.likes] == ["a", "far"]
    assert [place.item.item_id for place in style.dislikes] == ["other"]
    assert [place.item.item_id for place in style.around] == ["a-again", "close"]
    assert style.likes[0].item.title == "Coat"
    here = {place.item.item_id: (place.x, place.y) for place in (*style.likes, *style.around)}
    assert here["a"] == here["a-again"], "what looks the same lies at the same place"
    assert all(-1 <= part <= 1 for place in here.values() for part in place)

    def apart(one: str, other: str) -> float:
        return sum((a - b) ** 2 for a, b in zip(here[one], here[other], strict=True))

    assert apart("a", "close") < apart("a", "far")
    assert shop.profile() == before, "nothing is remembered as shown"
    assert shop.style() == style
    assert [place.item.item_id for place in shop.style("menswear").around] == ["m"]


def test_the_map_is_the_tokens_own(shop: StylekinClient) -> None:
    shop.forget()
    with pytest.raises(Problem) as told:
        shop.style()
    assert told.value.status == 401
