"""``recommend`` as shoppers see it, through functions-framework, on items put into a real log."""

import json
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from shared import wiring
from shared.storage.patient import PatientProfiles
from tests.shop import AXES, Shop

A, B, C, D, E, F, G, H = AXES
PROBLEM = "urn:stylekin:problem:"


class Shopper:
    """One registered shopper: ``ask`` recommends, ``profile`` shows what is remembered."""

    def __init__(self, clients: Any, **registration: Any) -> None:
        self.clients = clients
        body = {"department": "womenswear", **registration}
        self.token: str = json.loads(clients["register"].post("/", json=body).text)["token"]
        self.headers = {"Authorization": f"Bearer {self.token}"}

    def post(self, data: bytes | str, **headers: str) -> TestResponse:
        client: FlaskClient = self.clients["recommend"]
        kind = headers.pop("content_type", "application/json")
        return client.post("/", data=data, content_type=kind, headers={**self.headers, **headers})

    def ask(self, **request: Any) -> Any:
        answer = self.post(json.dumps(request))
        assert (answer.status_code, answer.mimetype) == (200, "application/json"), answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        body = json.loads(answer.text)
        told = {"facets"} if request.get("facets") else set()
        assert set(body) == {"recommendations", "next", "catalogue", "ignored", "relaxed"} | told
        for entry in body["recommendations"]:
            assert set(entry) == {"item", "score", "kind", "why"}
        return body

    def ids(self, **request: Any) -> list[str]:
        return [entry["item"]["item_id"] for entry in self.ask(**request)["recommendations"]]

    def refused(self, request: object) -> Any:
        answer = self.post(json.dumps(request))
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json"), answer.text
        problem = json.loads(answer.text)
        assert set(problem) == {"type", "title", "status", "detail"}
        return problem["type"].removeprefix(PROBLEM), problem["detail"]

    @property
    def profile(self) -> Any:
        return json.loads(self.clients["register"].get("/", headers=self.headers).text)


@pytest.fixture(name="shop")
def make_shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.open("womenswear", "menswear")
    return shop


@pytest.fixture(name="clients")
def make_clients(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with shop.serving(monkeypatch) as clients:
        yield clients


@pytest.fixture(name="ada")
def make_ada(clients: Any) -> Shopper:
    return Shopper(clients)


def check_problem(answer: TestResponse, status: int, slug: str, *says: str) -> None:
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
    problem = json.loads(answer.text)
    assert (problem["type"], problem["status"]) == (PROBLEM + slug, status)
    for words in says:
        assert words in problem["detail"]


# the answer


def test_similar_items_come_with_their_reasons(shop: Shop, ada: Shopper) -> None:
    shop.put("liked", A)
    shop.put("near", 3 * A + 4 * B, A, title="Coat", price=9.5, sizes=["S", "M"], available=True)
    shop.put("far", A + B, B, predicted=("shoes", 0.9))
    answer = ada.ask(likes=["liked"], explore=0)
    near, far = answer["recommendations"]
    assert near["item"] == {
        "item_id": "near",
        "title": "Coat",
        "price": 9.5,
        "sizes": ["S", "M"],
        "available": True,
    }
    assert near["kind"] == "similar"
    assert near["score"] == pytest.approx(0.7 * 0.6 + 0.3 * 1, abs=1e-3)  # stored with 11 bits
    assert near["why"] == {
        "strategy": "best_match",
        "liked_item": "liked",
        "resnet50": pytest.approx(0.6, abs=1e-3),
        "style_cnn": pytest.approx(1, abs=1e-3),
        "weights": {"resnet50": 0.7, "style_cnn": 0.3},
        "adjustments": {},
    }
    assert far["item"] == {"item_id": "far", "category": "shoes", "category_predicted": True}
    assert far["score"] == pytest.approx(0.7 * 0.5**0.5, abs=1e-3)
    for entry in (near, far):
        why = entry["why"]
        total = sum(why["weights"][part] * why[part] for part in ("resnet50", "style_cnn"))
        assert entry["score"] == pytest.approx(total, abs=1e-6)
    assert answer["catalogue"]["items"] == 3
    assert len(answer["catalogue"]["version"]) == 16
    assert answer["ignored"] == []


def test_each_item_names_the_like_it_is_closest_to(shop: Shop, ada: Shopper) -> None:
    for name, direction in (("a", A), ("b", B), ("a2", 2 * A + C), ("b2", 2 * B + D)):
        shop.put(name, direction)
    entries = ada.ask(likes=["b", "a"], explore=0)["recommendations"]
    assert [(entry["item"]["item_id"], entry["why"]["liked_item"]) for entry in entries] == [
        ("a2", "a"),
        ("b2", "b"),
    ]


def test_likes_and_dislikes_are_remembered_and_never_shown(shop: Shop, ada: Shopper) -> None:
    for name, direction in (("a", A), ("b", A + B), ("c", A + C), ("d", D)):
        shop.put(name, direction)
    assert set(ada.ids(likes=["a"], dislikes=["b"])) == {"c", "d"}
    assert set(ada.ids()) == {"c", "d"}
    profile = ada.profile
    assert profile["likes"] == ["a"]
    assert profile["history"]["womenswear"]["dislikes"] == ["b"]
    assert set(profile["history"]["womenswear"]["shown"]) == {"c", "d"}
    assert set(ada.ids(likes=["c"])) == {"d"}
    assert set(ada.ids(dislikes=["a"])) == {"d"}  # minds may be changed
    assert ada.profile["likes"] == ["c"]


def test_dislikes_push_away_and_say_so(shop: Shop, ada: Shopper) -> None:
    shop.put("liked", A)
    shop.put("hated", B)
    shop.put("near-hated", 4 * A + 3 * B)
    shop.put("elsewhere", 3 * A + 3 * C)
    first, second = ada.ask(likes=["liked"], dislikes=["hated"], explore=0)["recommendations"]
    assert first["item"]["item_id"] == "elsewhere"
    assert first["why"]["adjustments"] == {}
    assert "disliked_item" not in first["why"]
    assert second["why"]["disliked_item"] == "hated"
    assert second["why"]["adjustments"] == {"dislike": pytest.approx(-0.25 * 0.6, abs=1e-3)}
    assert second["score"] == pytest.approx(0.8 - 0.15, abs=1e-3)


def test_likes_given_at_registration_count(shop: Shop, clients: Any) -> None:
    for name, direction in (("a", A), ("b", A + B), ("c", C)):
        shop.put(name, direction)
    assert Shopper(clients, likes=["a"]).ids(explore=0) == ["b", "c"]


def test_near_duplicates_of_what_is_known_are_never_shown(shop: Shop, ada: Shopper) -> None:
    shop.put("coat-red", A, group_id="coat")
    shop.put("coat-blue", B, group_id="coat")
    shop.put("coat-copy", 20 * A + B)
    shop.put("hat-red", C, group_id="hat")
    shop.put("hat-blue", D, group_id="hat")
    shop.put("sock", E)
    assert set(ada.ids(likes=["coat-red"], dislikes=["hat-blue"])) == {"sock"}


def test_one_item_per_group_and_the_list_is_full_all_the_same(shop: Shop, ada: Shopper) -> None:
    shop.put("liked", A)
    for number in range(30):
        shop.put(f"coat-{number:02d}", 2 * A + B, group_id="coat")
    for number in range(30):
        shop.put(f"copy-{number:02d}", 2 * A + C)
    for name, direction in (("d", A + 2 * D), ("e", A + 3 * E), ("f", A + 4 * F)):
        shop.put(name, direction)
    assert ada.ids(likes=["liked"], limit=5, explore=0) == ["coat-00", "copy-00", "d", "e", "f"]


def test_diversity_trades_likeness_for_variety(shop: Shop, clients: Any) -> None:
    shop.put("liked", A)
    for name, direction in (("b", 2 * A + B), ("b-too", 2 * A + B + C / 2), ("d", A + D)):
        shop.put(name, direction)
    request = {"likes": ["liked"], "explore": 0}
    assert Shopper(clients).ids(**request) == Shopper(clients).ids(**request, diversity=0)
    assert Shopper(clients).ids(**request, limit=2) == ["b", "b-too"]
    assert Shopper(clients).ids(**request, limit=2, diversity=1) == ["b", "d"]


def test_max_per_caps_brands_and_categories_and_lets_groups_in(shop: Shop, clients: Any) -> None:
    shop.put("liked", A)
    shop.put("b", 4 * A + B, brand="Ada", category="coat")
    shop.put("c", 3 * A + C, brand="ada ", category="dress", group_id="g")
    shop.put("d", 2 * A + D, brand="Bo", category="coat", group_id="g")
    shop.put("e", A + E)
    shop.put("f", A + 2 * F)
    request = {"likes": ["liked"], "explore": 0}
    for likes, caps, expected in (
        (["liked"], {}, "bcef"),
        (["liked"], {"group": 2}, "bcdef"),
        (["liked"], {"brand": 1}, "bdef"),
        (["liked"], {"category": 1}, "bcef"),
        (["liked"], {"brand": 1, "category": 1, "group": 5}, "bef"),
    ):
        assert Shopper(clients).ids(**{**request, "likes": likes}, max_per=caps) == list(expected), caps
    assert len(Shopper(clients).ids(max_per={"brand": 1, "category": 1})) >= 4


def test_limit_is_12_by_default_and_at_most_what_there_is(shop: Shop, ada: Shopper) -> None:
    random = np.random.default_rng(0)
    for number in range(20):
        shop.put(f"{number:02d}", random.normal(size=8))
    assert len(ada.ids(likes=["00"])) == 12
    assert len(ada.ids(limit=1)) == 1
    assert sorted(ada.ids(limit=100)) == [f"{number:02d}" for number in range(1, 20)]


def test_no_likes_give_a_diverse_first_page(shop: Shop, ada: Shopper) -> None:
    for name, direction in zip("abcde", AXES, strict=False):
        for copy in range(4):
            shop.put(f"{name}{copy}", direction + 0.3 * AXES[5 + copy % 3])
    answer = ada.ask(limit=5)
    assert sorted(entry["item"]["item_id"][0] for entry in answer["recommendations"]) == list("abcde")
    assert {entry["kind"] for entry in answer["recommendations"]} == {"diverse"}
    assert all("no likes yet" in entry["why"]["reason"] for entry in answer["recommendations"])


def test_a_first_page_is_not_empty_while_the_filters_match_anything(shop: Shop, ada: Shopper) -> None:
    shop.put("cheap", A, price=1)
    shop.put("dear", A, price=100)
    assert ada.ids(filters={"max_price": 1}) == ["cheap"]
    assert ada.ids(filters={"min_price": 2}) == ["dear"]
    assert ada.ids(filters={"min_price": 101}) == []
    assert ada.ids(filters={"max_price": 1}, limit=1, dislikes=["dear"]) == []  # a near-duplicate of it


def test_an_empty_department_gives_an_empty_list(ada: Shopper) -> None:
    answer = ada.ask()
    assert answer["recommendations"] == []
    assert answer["catalogue"] == {"version": "0" * 16, "items": 0}


# filters


@pytest.fixture(name="wardrobe")
def make_wardrobe(shop: Shop) -> Shop:
    shop.put("liked", A, price=5, sizes=["M"], category="coat", brand="Ada")
    shop.put("b", A + B, price=10, sizes=["S", "M"], category="Coat", brand="Ada")
    shop.put("c", A + C, price=20, sizes=["L"], category="dress", brand="bo")
    shop.put("d", A + D)
    shop.put("e", A + E, price=15, sizes=["m "], category="coat", available=False)
    return shop


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, "bcd"),
        ({"min_price": 10}, "bc"),
        ({"max_price": 19.99}, "b"),
        ({"min_price": 10.01, "max_price": 20}, "c"),
        ({"sizes": ["m"]}, "b"),
        ({"sizes": ["L", " s"]}, "bc"),
        ({"categories": ["COAT"]}, "b"),
        ({"brands": ["Bo", "ada"]}, "bc"),
        ({"sizes": ["M"], "categories": ["dress"]}, ""),
        ({"sizes": [], "min_price": None}, "bcd"),
        ({"available": True}, "bcd"),
        ({"available": False}, "bcde"),
        ({"available": False, "sizes": ["M"]}, "be"),
    ],
)
def test_filters_hold_with_likes_and_without(
    wardrobe: Shop, clients: Any, filters: dict[str, Any], expected: str
) -> None:
    ada = Shopper(clients)
    first = ada.ids(filters={**filters, "min_price": max(filters.get("min_price") or 6, 6)})
    assert set(first) == set(expected) - {"d"}
    assert "".join(sorted(ada.ids(filters=filters, likes=["liked"]))) == expected


def test_preferences_are_filters_unless_the_request_names_them(wardrobe: Shop, clients: Any) -> None:
    bob = Shopper(clients, likes=["liked"], preferences={"max_price": 10, "categories": ["coat", "dress"]})
    assert bob.ids() == ["b"]
    assert sorted(bob.ids(filters={"max_price": 20})) == ["b", "c"]
    assert sorted(bob.ids(filters={"max_price": None})) == ["b", "c"]
    assert bob.ids(filters={"sizes": ["M"]}) == ["b"]
    assert sorted(bob.ids(filters={"max_price": None, "categories": []})) == ["b", "c", "d"]


@pytest.mark.parametrize(
    ("filters", "relax", "relaxed", "expected"),
    [
        ({"sizes": ["XXL"]}, ["sizes"], ["sizes"], "bcd"),
        ({"sizes": ["XXL"], "brands": ["bo"]}, ["brands", "sizes"], ["brands", "sizes"], "bcd"),
        ({"sizes": ["XXL"], "brands": ["bo"]}, ["sizes", "brands"], ["sizes"], "c"),
        ({"sizes": ["XXL"], "max_price": 1}, ["categories", "max_price"], [], ""),
        ({"sizes": ["M"], "brands": ["ada"]}, ["brands", "sizes"], [], "b"),
        ({"min_price": 15, "max_price": 16}, ["available"], ["available"], "e"),
        ({"max_price": 5}, ["max_price"], ["max_price"], "bcd"),  # only what is liked costs as little
    ],
)
def test_filters_go_in_the_order_given_when_nothing_matches(
    wardrobe: Shop,
    clients: Any,
    filters: dict[str, Any],
    relax: list[str],
    relaxed: list[str],
    expected: str,
) -> None:
    ada = Shopper(clients, likes=["liked"])
    answer = ada.ask(filters=filters, relax=relax)
    assert answer["relaxed"] == relaxed
    assert "".join(sorted(entry["item"]["item_id"] for entry in answer["recommendations"])) == expected


def test_preferences_are_relaxed_like_filters(wardrobe: Shop, clients: Any) -> None:
    bob = Shopper(clients, likes=["liked"], preferences={"sizes": ["XXL"], "max_price": 10})
    assert bob.ask()["relaxed"] == []
    assert bob.ids() == []
    assert bob.ask(relax=["max_price"])["relaxed"] == []
    assert bob.ask(relax=["sizes"])["relaxed"] == ["sizes"]
    assert bob.ids(relax=["sizes"]) == ["b"]


def test_facets_count_what_can_be_recommended(wardrobe: Shop, clients: Any) -> None:
    ada = Shopper(clients, likes=["liked"])
    facets = ada.ask(facets=True, filters={"sizes": ["m"]})["facets"]
    assert facets == {
        "price": {
            "currency": None,
            "min": 10,
            "max": 10,
            "buckets": [{"min": 10, "max": 10, "count": 1}],
        },
        "sizes": [{"value": size, "count": 1} for size in ("S", "M", "L")],
        "categories": [{"value": "Coat", "count": 1}],  # as b, the first item with it, spells it
        "brands": [{"value": "Ada", "count": 1}],
        "available": [{"value": True, "count": 1}, {"value": False, "count": 1}],
    }
    for size in facets["sizes"]:
        assert len(ada.ids(filters={"sizes": [size["value"]]})) == size["count"]


def test_facets_are_of_the_filters_that_are_left(wardrobe: Shop, clients: Any) -> None:
    ada = Shopper(clients, likes=["liked"])
    answer = ada.ask(facets=True, filters={"sizes": ["XXL"], "brands": ["bo"]}, relax=["sizes"])
    assert answer["relaxed"] == ["sizes"]
    assert answer["facets"]["categories"] == [{"value": "dress", "count": 1}]


def test_a_size_is_found_by_any_of_its_names(shop: Shop, clients: Any) -> None:
    shop.put("liked", A)
    shop.put("dress", A + B, category="dress", sizes=["UK 10", "2XL"])
    shop.put("boots", A + C, category="boots", sizes=["38"])
    shop.put("jeans", A + D, category="jeans", sizes=["28/32"])
    ada = Shopper(clients, likes=["liked"])
    asked = {
        "EU 38": "boots dress",
        "us 6": "dress",
        "xxl": "dress",
        "UK 5": "boots",
        "w28": "jeans",
        "28": "jeans",
    }
    assert {size: " ".join(sorted(ada.ids(filters={"sizes": [size]}))) for size in asked} == asked


# departments


def test_departments_are_apart(shop: Shop, ada: Shopper) -> None:
    shop.put("a", A)
    shop.put("b", B)
    shop.put("a", C, department="menswear", title="his")
    shop.put("c", C + D, department="menswear")
    assert sorted(ada.ids(department="menswear")) == ["a", "c"]
    assert ada.ids(likes=["a"]) == ["b"]
    assert ada.ids(likes=["a"], department="menswear") == ["c"]
    assert ada.refused({"likes": ["c"]})[0] == "unknown-item"
    history = ada.profile["history"]
    assert list(history) == ["womenswear", "menswear"]
    assert (history["womenswear"]["likes"], history["menswear"]["likes"]) == (["a"], ["a"])


def test_preferences_are_of_the_profiles_department(shop: Shop, clients: Any) -> None:
    shop.put("a", A, department="menswear", price=100)
    bob = Shopper(clients, preferences={"max_price": 10})
    assert bob.ids(department="menswear") == ["a"]


# what is unknown, gone or late


def test_unknown_ids_in_a_request_are_refused_and_nothing_is_remembered(shop: Shop, ada: Shopper) -> None:
    shop.put("a", A)
    slug, detail = ada.refused({"likes": ["a", "ghost"], "dislikes": ["spectre\u200b"]})
    assert slug == "unknown-item"
    assert detail == 'expected ids of womenswear items, found "ghost", "spectre\\u200b"'
    assert ada.profile["likes"] == []


def test_what_is_known_and_not_visible_is_ignored(shop: Shop, ada: Shopper) -> None:
    shop.put("a", A)
    shop.put("b", A + B)
    shop.put("gone", A)
    shop.remove("gone")
    shop.tell("early", title="its picture is yet to come")
    answer = ada.ask(likes=["gone", "early", "a"])
    assert answer["ignored"] == [
        {"item_id": "early", "reason": "not_visible"},
        {"item_id": "gone", "reason": "not_visible"},
    ]
    assert [entry["item"]["item_id"] for entry in answer["recommendations"]] == ["b"]
    shop.put("gone", B)  # it comes back, and counts as a like again
    assert ada.ask(explore=0)["recommendations"][0]["why"]["liked_item"] in ("a", "gone")
    assert ada.ask()["ignored"] == [{"item_id": "early", "reason": "not_visible"}]


def test_unknown_likes_of_the_profile_are_ignored(shop: Shop, clients: Any) -> None:
    shop.put("a", A)
    bob = Shopper(clients, likes=["ghost"])
    answer = bob.ask()
    assert answer["ignored"] == [{"item_id": "ghost", "reason": "unknown"}]
    assert [entry["kind"] for entry in answer["recommendations"]] == ["diverse"]


def test_a_new_item_is_recommended_at_once(shop: Shop, ada: Shopper) -> None:
    shop.put("a", A)
    before = ada.ask(likes=["a"])
    assert before["recommendations"] == []
    shop.put("b", A + B)
    after = ada.ask()
    assert [entry["item"]["item_id"] for entry in after["recommendations"]] == ["b"]
    assert after["catalogue"]["items"] == 2
    assert after["catalogue"]["version"] != before["catalogue"]["version"]


# chance


@pytest.fixture(name="styles")
def make_styles(shop: Shop) -> Shop:
    for number in range(48):
        shop.put(f"{number // 6}-{number % 6}", AXES[number // 6] + 0.4 * AXES[(number + number // 6) % 8])
    return shop


def test_explored_items_are_marked_and_logged_with_their_probability(
    styles: Shop, ada: Shopper, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    entries = ada.ask(likes=["0-0"], explore=0.5, limit=8, seed=3)["recommendations"]
    explored = [
        {"item_id": entry["item"]["item_id"], "place": place, **entry["why"]}
        for place, entry in enumerate(entries)
        if entry["kind"] == "explore"
    ]
    assert len(explored) == 4
    assert all(0 < entry["probability"] <= 1 for entry in explored)
    assert all(not entry["item_id"].startswith("0") for entry in explored)
    (line,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (line["status"], line["function"], line["returned"], line["seed"]) == (200, "recommend", 8, 3)
    assert line["explored"] == explored
    assert (line["items"], line["department"]) == (48, "womenswear")
    assert 8 <= line["candidates"] < 48
    assert ada.token not in json.dumps(line)


def test_the_same_profile_request_seed_and_catalogue_give_the_same_bytes(styles: Shop, clients: Any) -> None:
    registration = {"department": "womenswear", "likes": ["0-0", "3-1"]}
    request = json.dumps({"explore": 0.5, "seed": 11, "likes": ["5-5"]})
    answers = set()
    for _ in range(3):
        answers.add(Shopper(clients, **registration).post(request).data)
        styles.forget()  # and other processes say the same
    assert len(answers) == 1


def test_another_seed_explores_elsewhere(styles: Shop, clients: Any) -> None:
    request = {"explore": 0.5, "likes": ["0-0"], "limit": 6}
    pages = {tuple(Shopper(clients).ids(**request, seed=seed)) for seed in range(8)}
    assert len(pages) > 4
    assert len({tuple(Shopper(clients).ids(**{**request, "explore": 0}, seed=s)) for s in range(4)}) == 1


def test_the_default_seed_moves_on_with_the_profile(styles: Shop, ada: Shopper) -> None:
    pages = [ada.ids(limit=4) for _ in range(6)]
    assert len({tuple(page) for page in pages}) > 1


@pytest.mark.parametrize("strategy", ["best_match", "centroid"])
def test_order_and_repeats_of_likes_change_nothing(styles: Shop, clients: Any, strategy: str) -> None:
    pages = [
        Shopper(clients).ask(likes=likes, seed=5, explore=0.4, strategy=strategy)
        for likes in (["0-0", "3-1", "5-2"], ["5-2", "0-0", "3-1"], ["3-1", "5-2", "3-1", "0-0", "5-2"])
    ]
    assert pages[0] == pages[1] == pages[2]


def test_styles_and_items_that_were_shown_surprise_less(styles: Shop, ada: Shopper) -> None:
    """A style with k items shown has a weight of 1 / (1 + k), and so has an item shown k times."""
    liked, history = ["0-0"], list[tuple[str, int]]()
    for seed in range(12):
        (entry,) = ada.ask(likes=liked, explore=1, limit=1, seed=seed)["recommendations"]
        assert entry["kind"] == "explore"
        item_id, cluster = entry["item"]["item_id"], entry["why"]["cluster"]
        shown = [(known, style) for known, style in history if style == cluster]
        times = [known for known, _ in shown].count(item_id)
        # its style has 6 items at most, so at its likeliest it was drawn as if nothing else had been seen
        most = 1 / (1 + len({known for known, _ in shown})) / (1 + times)
        assert entry["why"]["probability"] <= most
        history.append((item_id, cluster))
    assert len({cluster for _, cluster in history}) >= 4


# errors


@pytest.mark.parametrize(
    ("request_body", "says"),
    [
        ([], "body: expected an object, found an array of 0"),
        ({"limit": 0}, "limit: expected an integer >= 1, found 0"),
        ({"limit": 101}, "limit: expected an integer <= 100, found 101"),
        ({"limit": "12"}, 'limit: expected an integer, found "12"'),
        ({"limit": 1.5}, "limit: expected an integer, found 1.5"),
        ({"limit": True}, "limit: expected an integer, found true"),
        ({"limit": 10**300}, "limit: expected"),
        ({"likes": ["a"] * 51}, "likes: expected an array of length <= 50, found an array of 51"),
        ({"dislikes": ["a"] * 51}, "dislikes: expected an array of length <= 50, found an array of 51"),
        ({"likes": "a"}, 'likes: expected an array, found "a"'),
        ({"likes": [7]}, "likes[0]: expected a string, found 7"),
        (
            {"likes": ["a/b"]},
            'likes[0]: expected an item id without slashes and control characters, found "a/b"',
        ),
        ({"dislikes": ["x", "a\u0000"]}, "dislikes[1]: expected an item id without"),
        ({"likes": ["x" * 201]}, "likes[0]: expected"),
        ({"likes": ["a"], "dislikes": ["a"]}, 'dislikes: expected no item that is in likes, found "a"'),
        ({"explore": 1.01}, "explore: expected a number <= 1.0, found 1.01"),
        ({"explore": -0.5}, "explore: expected a number >= 0.0, found -0.5"),
        ({"explore": None}, "explore: expected a number, found null"),
        ({"diversity": 1.01}, "diversity: expected a number <= 1.0, found 1.01"),
        ({"diversity": -0.5}, "diversity: expected a number >= 0.0, found -0.5"),
        ({"diversity": None}, "diversity: expected a number, found null"),
        ({"max_per": {"brand": 0}}, "max_per.brand: expected"),
        ({"max_per": {"group": None}}, "max_per.group: expected an integer, found null"),
        ({"max_per": {"colour": 1}}, "max_per: expected only group, brand, category, found"),
        ({"seed": -1}, "seed: expected"),
        ({"seed": 2**63}, "seed: expected"),
        ({"strategy": "random"}, 'strategy: expected "best_match" or "centroid", found "random"'),
        ({"department": "kids"}, 'department: expected "womenswear" or "menswear", found "kids"'),
        ({"department": 3}, "department: expected a string or null, found 3"),
        ({"colour": "red"}, "body: expected only likes, dislikes, limit, filters,"),
        ({"filters": []}, "filters: expected an object, found an array of 0"),
        ({"relax": ["price"]}, 'relax[0]: expected "min_price" or "max_price" or "sizes" or'),
        ({"relax": "sizes"}, "relax: expected an array, found"),
        ({"relax": ["sizes"] * 7}, "relax: expected"),
        ({"facets": 1}, "facets: expected true or false, found 1"),
        (
            {"filters": {"colour": 1}},
            "filters: expected only min_price, max_price, sizes, categories, brands,",
        ),
        ({"filters": {"min_price": -1}}, "filters.min_price: expected"),
        ({"filters": {"max_price": "9"}}, 'filters.max_price: expected a number or null, found "9"'),
        ({"filters": {"max_price": [9]}}, "filters.max_price: expected"),
        (
            {"filters": {"min_price": 9, "max_price": 5}},
            "filters: expected min_price at most max_price, found 9",
        ),
        ({"filters": {"sizes": "M"}}, "filters.sizes: expected an array or null, found"),
        ({"filters": {"sizes": [9]}}, "filters.sizes[0]: expected a string, found 9"),
        ({"filters": {"sizes": [""]}}, "filters.sizes[0]: expected"),
        ({"filters": {"categories": ["x"] * 101}}, "filters.categories: expected"),
        ({"filters": {"available": None}}, "filters.available: expected true or false, found null"),
    ],
)
def test_requests_out_of_form_are_refused(ada: Shopper, request_body: object, says: str) -> None:
    slug, detail = ada.refused(request_body)
    assert slug == "malformed-request"
    assert says in detail


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"null",
        b"\x00",
        b'{"limit":NaN}',
        b'{"limit":-Infinity}',
        b'{"limit":' + b"9" * 5000 + b"}",
        b'{"explore":1e999}',
        b'{"likes":' + b"[" * 30_000,
        b'{"likes":["\\ud800"]}',
        b'{"likes":["\xff"]}',
        b'{"likes":["a\x00"]}',
        b'{"\xff":1}',
    ],
)
def test_bytes_that_are_no_request_are_refused(ada: Shopper, data: bytes) -> None:
    check_problem(ada.post(data), 400, "malformed-request", "expected", "found")


def test_a_body_over_64_kib_is_refused(ada: Shopper) -> None:
    assert ada.post(b"{" + b" " * 65534 + b"}").status_code == 200
    check_problem(ada.post(b"{" + b" " * 65535 + b"}"), 413, "body-too-large", "65536 bytes, found 65537")


def test_a_long_body_of_unknown_length_is_refused(ada: Shopper, clients: Any) -> None:
    environ = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    body = BytesIO(b" " * 300_000)
    answer = clients["recommend"].post(
        "/",
        input_stream=body,
        content_type="application/json",
        environ_overrides=environ,
        headers=ada.headers,
    )
    check_problem(answer, 413, "body-too-large", "found more")
    assert body.tell() == 300_000  # read to its end, or a server would cut the connection


@pytest.mark.parametrize(
    "token", [None, "", "Bearer", "Bearer x", "Basic eA==", f"Bearer {'0' * 32}.{'x' * 43}"]
)
def test_missing_and_wrong_tokens(clients: Any, token: str | None) -> None:
    headers = {} if token is None else {"Authorization": token}
    answer = clients["recommend"].post("/", json={}, headers=headers)
    check_problem(answer, 401, "unauthenticated", "Authorization: expected", "found")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_an_erased_shoppers_token_is_dead(shop: Shop, ada: Shopper, clients: Any) -> None:
    assert clients["register"].delete("/", headers=ada.headers).status_code == 204
    check_problem(ada.post(b"{}"), 401, "unauthenticated")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_other_methods_are_not_allowed(clients: Any, method: str) -> None:
    for path in ("/", "/recommend"):
        answer = clients["recommend"].open(path, method=method)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("kind", ["text/plain", "", "application/xml"])
def test_other_content_types_are_not_read(ada: Shopper, kind: str) -> None:
    answer = ada.post(b"{}", content_type=kind)
    check_problem(
        answer,
        415,
        "unsupported-media-type",
        "Content-Type: expected application/json or multipart/form-data, found",
    )


def test_other_paths_are_not_found(clients: Any) -> None:
    check_problem(clients["recommend"].post("/other", json={}), 404, "not-found", 'found "/other"')


def test_without_a_model_it_is_not_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop(tmp_path)
    with shop.serving(monkeypatch) as clients:
        ada = Shopper(clients)
        check_problem(ada.post(b"{}"), 503, "model-missing", "expected a manifest")
        check_problem(clients["recommend"].get("/healthz"), 503, "model-missing")
        shop.open("womenswear")
        assert ada.ids() == []
        assert clients["recommend"].get("/healthz").get_json() == {
            "status": "ready",
            "items": {"womenswear": 0},
        }
        check_problem(ada.post(b'{"department":"menswear"}'), 503, "model-missing", "menswear")


def test_ready_tells_how_many_items_are_there(shop: Shop, clients: Any) -> None:
    shop.put("a", A)
    answer = clients["recommend"].get("/recommend/healthz")
    assert answer.get_json() == {"status": "ready", "items": {"womenswear": 1, "menswear": 0}}


def test_stores_that_are_down_are_unavailable(shop: Shop, ada: Shopper, tmp_path: Path) -> None:
    users = wiring.users()
    assert isinstance(users, PatientProfiles)
    users.close()
    (tmp_path / "users.db").rename(tmp_path / "kept.db")
    (tmp_path / "users.db").mkdir()
    check_problem(ada.post(b"{}"), 503, "store-unavailable", "expected to open the profiles")
    check_problem(ada.clients["recommend"].get("/healthz"), 503, "store-unavailable")
    (tmp_path / "users.db").rmdir()
    (tmp_path / "kept.db").rename(tmp_path / "users.db")
    assert ada.ids() == []


# many at once


def test_concurrent_calls_lose_no_like(shop: Shop, ada: Shopper, clients: Any) -> None:
    for number in range(24):
        shop.put(f"{number:02d}", AXES[number % 8] + number / 24 * AXES[(number + 1) % 8])
    failures: list[str] = []

    def like(first: int) -> None:
        client = clients["recommend"].application.test_client()
        for number in range(first, 24, 6):
            answer = client.post("/", json={"likes": [f"{number:02d}"]}, headers=ada.headers)
            if answer.status_code != 200:
                failures.append(answer.text)

    threads = [threading.Thread(target=like, args=(first,)) for first in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(ada.profile["likes"]) == [f"{number:02d}" for number in range(24)]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["a", "b", 1, 0.5]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
ids = st.lists(st.sampled_from(["a", "b"]), max_size=2) | anything
words = st.lists(st.text(max_size=4), max_size=2) | anything
near = st.fixed_dictionaries(
    {},
    optional={
        "likes": ids,
        "dislikes": ids,
        "limit": st.integers(-1, 101) | anything,
        "explore": st.floats(-0.1, 1.1) | anything,
        "diversity": st.floats(-0.1, 1.1) | anything,
        "max_per": st.fixed_dictionaries(
            {}, optional={name: st.integers(0, 3) | anything for name in ("group", "brand", "category")}
        )
        | anything,
        "seed": st.integers(-1, 2**64) | anything,
        "relax": st.lists(st.sampled_from(["sizes", "price", "available"])) | anything,
        "facets": st.booleans() | anything,
        "strategy": st.sampled_from(["best_match", "centroid"]) | anything,
        "department": st.sampled_from(["womenswear", "menswear"]) | anything,
        "filters": st.fixed_dictionaries(
            {},
            optional={
                "min_price": st.floats() | anything,
                "max_price": st.floats() | anything,
                "sizes": words,
                "categories": words,
                "brands": words,
                "available": st.booleans() | anything,
            },
        )
        | anything,
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=40) | (near | anything).map(lambda value: json.dumps(value).encode()))
def test_no_body_gives_a_500(shop: Shop, ada: Shopper, data: bytes) -> None:
    if shop.generation == 1000:
        for name, direction in (("a", A), ("b", B), ("c", A + C)):
            shop.put(name, direction, price=3, sizes=["M"])
    answer = ada.post(data)
    assert answer.status_code in (200, 400), answer.text
    if answer.status_code == 400:
        assert "expected" in json.loads(answer.text)["detail"]
