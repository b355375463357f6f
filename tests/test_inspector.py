"""The typed client of ``inspect_catalogue``, against the function over real HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.calling import Problem, Unreachable
from shared.errors import DamagedPicture
from shared.facts import clock
from shared.inspector import Inspector
from shared.rejected import reject
from shared.reports import Fault, Report, write_report
from tests.serving import served
from tests.shop import AXES, Shop

X, Y, Z = AXES[:3]


@pytest.fixture(name="shop")
def make_shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.open("womenswear")
    for item_id, direction in (("a", X), ("a again", X), ("b", Y), ("c", Z)):
        shop.put(item_id, direction, price=5.0, sizes=["S", "M"], available=True)
    return shop


@pytest.fixture(name="client")
def make_client(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inspector]:
    with (
        shop.serving(monkeypatch) as clients,
        served(clients) as address,
        Inspector(f"{address}/inspect_catalogue/") as client,
    ):
        yield client


def test_every_answer_is_typed(shop: Shop, client: Inspector) -> None:
    at = clock(1, 0, "womenswear/bad.jpg")
    reject(shop.blobs, "womenswear", "bad", at, DamagedPicture("it ends early"))
    at = clock(2, 0, "womenswear/t.csv")
    report = Report(file="womenswear/t.csv", clock=at, taken=1, bad=1, faults=(Fault(2, "why"),))
    write_report(shop.blobs, "womenswear", report)
    overview = client.overview("womenswear")
    assert (overview.shown, overview.told["price"], overview.rejected, overview.reports) == (4, 4, 1, 1)
    assert overview.newest is not None
    assert overview.newest <= overview.now
    assert [(one.object, one.reason) for one in client.rejected("womenswear").rejected] == [
        ("womenswear/bad.jpg", "it ends early")
    ]
    assert client.reports("womenswear").reports[0].faults[0].line == 2
    (group,) = client.duplicates("womenswear").groups
    assert [member.item.item_id for member in group.items] == ["a", "a again"]
    assert client.duplicates("womenswear", "a").groups == ()
    life = client.life("womenswear", "a again")
    assert (life.visible, {one.name: one.value for one in life.attributes}) == (
        True,
        {"price": 5.0, "sizes": ("S", "M"), "available": True},
    )
    preview = client.preview("womenswear", [{"explore": 0}, {"diversity": 1}], likes=["a"], limit=2)
    assert [len(one.recommendations) for one in preview.lists] == [2, 2]


def test_what_goes_wrong_is_one_of_two_errors(client: Inspector) -> None:
    with pytest.raises(Problem, match="nothing ever heard of") as caught:
        client.life("womenswear", "never? é&%")
    assert caught.value.status == 404
    with pytest.raises(Problem, match="No model published"):
        client.overview("menswear")
    with pytest.raises(Unreachable, match="expected an answer"), Inspector("http://127.0.0.1:9") as nobody:
        nobody.overview("womenswear")
