"""``inspect_catalogue`` as a merchandiser's page sees it, through functions-framework, on a real log."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared import inspecting, wiring
from shared.compacting import compact
from shared.errors import DamagedPicture
from shared.facts import clock
from shared.rejected import reject
from shared.reports import Fault, Report, write_report
from shared.storage.folder import Folder
from tests.shop import AXES, Shop

X, Y, Z = AXES[:3]
ALMOST_X = X + 0.05 * Y  # a cosine of 0.999 with X; the threshold is 0.99


@pytest.fixture(name="shop")
def make_shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.open("womenswear")
    return shop


@pytest.fixture(name="client")
def make_client(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    with shop.serving(monkeypatch) as clients:
        yield clients["inspect_catalogue"]


def get(client: FlaskClient, path: str, status: int = 200) -> Any:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_json()


def test_size_and_freshness(shop: Shop, client: FlaskClient) -> None:
    empty = get(client, "/womenswear")
    assert (empty["shown"], empty["known"], empty["deltas"], empty["newest"]) == (0, 0, 0, None)
    shop.put("a", X, price=5.0, brand="Luma", available=False)
    shop.put("b", Y, sizes=["S"], predicted=("coat", 1.0))
    shop.tell("c", title="no picture yet")
    told = get(client, "/womenswear")
    assert (told["shown"], told["known"], told["sold_out"]) == (2, 3, 1)
    assert (told["snapshot"], told["folded"], told["deltas"], told["waiting"]) == (None, None, 5, 5)
    assert {name: count for name, count in told["told"].items() if count} == {
        "price": 1, "brand": 1, "sizes": 1,
    }  # fmt: skip
    compact(Folder(shop.root / "images"), shop.blobs, "womenswear", datetime.now(UTC))
    folded = get(client, "/womenswear")
    assert folded["snapshot"].startswith("0000000001-")
    assert (folded["deltas"], folded["waiting"]) == (5, 0)
    assert folded["newest"] == folded["folded"] <= folded["now"]
    shop.put("d", Z)
    later = get(client, "/womenswear")
    assert (later["shown"], later["waiting"]) == (3, 1)
    assert later["newest"] > later["folded"]
    assert later["version"] != folded["version"]


def test_rejections_with_reasons_newest_first(shop: Shop, client: FlaskClient) -> None:
    shop.put("kept", X)
    for generation, item_id in ((5, "first"), (2000, "kept")):
        at = clock(generation, 0, f"womenswear/{item_id}.jpg")
        assert reject(shop.blobs, "womenswear", item_id, at, DamagedPicture(f"{item_id} ends early"))
    shop.blobs.write("womenswear/rejected/odd.json", b"{")
    told = get(client, "/womenswear/rejected")
    assert told["total"] == 3
    assert [refusal.pop("at") for refusal in told["rejected"]] == sorted(
        (shop.blobs.stat(f"womenswear/rejected/{name}.json").created.isoformat().replace("+00:00", "Z")
         for name in ("first", "kept")),
        reverse=True,
    )  # fmt: skip
    assert told["rejected"] == [
        {"item_id": "kept", "object": "womenswear/kept.jpg", "type": "DamagedPicture",
         "reason": "kept ends early", "shown": True},
        {"item_id": "first", "object": "womenswear/first.jpg", "type": "DamagedPicture",
         "reason": "first ends early", "shown": False},
    ]  # fmt: skip
    assert get(client, "/womenswear")["rejected"] == 3


def test_reports_tell_the_first_bad_rows(shop: Shop, client: FlaskClient) -> None:
    at = clock(7, 0, "womenswear/spring.csv")
    faults = tuple(Fault(line, "price: expected a number") for line in range(2, 40))
    report = Report(file="womenswear/spring.csv", clock=at, taken=3, bad=38, faults=faults)
    write_report(shop.blobs, "womenswear", report)
    told = get(client, "/womenswear/reports")
    (first,) = told["reports"]
    assert (told["total"], first["file"], first["taken"], first["bad"]) == (1, "womenswear/spring.csv", 3, 38)
    assert [fault["line"] for fault in first["faults"]] == list(range(2, 22))


def test_near_duplicates_by_picture_come_before_those_the_shop_tells(shop: Shop, client: FlaskClient) -> None:
    shop.put("a1", X, group_id="g")
    shop.put("a2", Y, group_id="g")
    shop.put("a3", -X, group_id="g")
    shop.put("b1", Z)
    shop.put("b2", Z + 0.05 * Y)
    shop.put("lonely", -Z)
    told = get(client, "/womenswear/duplicates")
    assert (told["items"], told["compared"], told["next"], told["total"]) == (6, 6, None, 2)
    assert told["threshold"] == pytest.approx(shop.cards["womenswear"].duplicate_threshold)
    found = [
        (group["by"], group["size"], [member["item"]["item_id"] for member in group["items"]])
        for group in told["groups"]
    ]
    assert found == [("picture", 2, ["b1", "b2"]), ("group_id", 3, ["a1", "a2", "a3"])]
    assert [member["cosine"] for member in told["groups"][1]["items"]] == pytest.approx([1, 0, -1], abs=1e-3)


def test_a_large_catalogue_is_compared_part_by_part(shop: Shop, client: FlaskClient) -> None:
    for item_id, direction in (("a", X), ("b", X), ("c", Y), ("d", Y), ("e", Z)):
        shop.put(item_id, direction)
    seen, after, more = [], None, True
    while more:
        told = inspecting.duplicates(wiring.reader, "womenswear", after, compared=2)
        seen.append([[member["item"]["item_id"] for member in group["items"]] for group in told["groups"]])
        after = told["next"]
        more = after is not None
    assert seen == [[["a", "b"]], [["c", "d"]], []]
    rest = get(client, "/womenswear/duplicates/b")
    assert (rest["compared"], rest["total"], rest["next"]) == (3, 1, None)


def test_the_life_of_an_item(shop: Shop, client: FlaskClient) -> None:
    shop.put("a", X, price=5.0, title="Coat")
    images = Folder(shop.root / "images")
    images.write("womenswear/a.jpg", b"bytes", metadata={"brand": "Luma"})
    told = get(client, "/womenswear/items/a")
    assert (told["visible"], told["verdict"]) == (True, "visible")
    (thing,) = told["objects"]
    assert (thing["name"], thing["bytes"], thing["metadata"]) == ("womenswear/a.jpg", 5, {"brand": "Luma"})
    assert [fact["says"].partition(":")[0] for fact in told["facts"]] == [
        "picture, by colours-1",
        "attributes",
    ]
    assert {one["name"]: one["value"] for one in told["attributes"]} == {"price": 5.0, "title": "Coat"}
    shop.remove("a")
    told = get(client, "/womenswear/items/a")
    assert (told["visible"], told["removed_clock"]) == (False, told["facts"][-1]["clock"])
    at = clock(3000, 0, "womenswear/bad one.jpg")
    reject(shop.blobs, "womenswear", "bad one", at, DamagedPicture("it ends early"))
    told = get(client, "/womenswear/items/bad%20one")
    assert told["rejection"]["reason"] == "it ends early"
    assert told["verdict"].startswith("not visible: rejected")


def test_a_preview_is_what_recommend_would_answer_a_stranger(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place, direction in enumerate((X, X + Y, Y, Y + Z, Z, X + Z)):
        shop.put(f"i{place}", direction, X + 0.1 * place * Y)
    knobs = [{"explore": 0, "diversity": diversity} for diversity in (0, 1)]
    asked = {"likes": ["i0"], "limit": 4, "seed": 3}
    with shop.serving(monkeypatch) as clients:
        inspect = clients["inspect_catalogue"]
        answer = inspect.post("/womenswear/preview", json={**asked, "knobs": knobs})
        again = inspect.post("/womenswear/preview", json={**asked, "knobs": knobs})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        assert answer.data == again.data, "nothing is remembered"
        lists = answer.get_json()["lists"]
        for knob, shown in zip(knobs, lists, strict=True):
            started = clients["register"].post("/", json={"department": "womenswear"}).get_json()
            bearer = {"Authorization": f"Bearer {started['token']}"}
            found = clients["recommend"].post("/", json={**asked, **knob}, headers=bearer).get_json()
            assert shown["recommendations"] == found["recommendations"]
            assert shown["knobs"]["diversity"] == knob["diversity"]
    assert lists[0]["recommendations"] != lists[1]["recommendations"]


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"likes": ["never"]}, "expected ids of womenswear items"),
        ({"likes": ["a"], "dislikes": ["a"]}, "expected no item that is in likes"),
        ({"knobs": []}, "knobs: expected"),
        ({"knobs": [{"strategy": "best"}]}, "strategy: expected"),
        ({"knobs": [{"limit": 3}]}, "expected only strategy, diversity, explore, max_per"),
    ],
)
def test_a_wrong_preview_is_refused(shop: Shop, client: FlaskClient, body: object, detail: str) -> None:
    shop.put("a", X)
    answer = client.post("/womenswear/preview", json=body)
    assert answer.status_code == 400
    assert detail in answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/childrenswear", "expected womenswear or menswear"),
        ("/womenswear/items/never", "nothing ever heard of"),
        (f"/womenswear/items/{'x' * 201}", "1 to 200 characters"),
    ],
)
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str, detail: str) -> None:
    assert detail in get(client, path, 404)["detail"]


@pytest.mark.parametrize("path", ["/robots.txt", "/womenswear/items/a%0Ab", "/womenswear/nothing"])
def test_no_path_is_left_to_the_framework(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_department_without_a_model_says_so(client: FlaskClient) -> None:
    assert get(client, "/menswear", 503)["type"].endswith(":model-missing")


def test_web_pages_may_not_call(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    origin = "https://shop.example"
    with shop.serving(monkeypatch, CORS_ORIGINS=origin) as clients:
        answer = clients["inspect_catalogue"].get("/womenswear", headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in answer.headers
        told = clients["register"].get("/", headers={"Origin": origin})
        assert told.headers["Access-Control-Allow-Origin"] == origin
