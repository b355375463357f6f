"""The client against the real functions over HTTP, and against servers that do not behave."""

import json
import re
import socket
import threading
import traceback
import typing
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from shared import contract
from shared.calling import BACKOFF, PATIENCE, pause
from shared.client import (
    Item,
    Page,
    Preferences,
    Problem,
    Profile,
    Ready,
    StylekinClient,
    Unreachable,
)
from tests.bundles import painted
from tests.serving import served
from tests.shop import AXES, ROOT, Shop

A, B, C, D, *_ = AXES
SCHEMAS = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text())["components"]["schemas"]
TOKEN = f"{'8d' * 16}.{'k' * 43}"


@pytest.fixture(name="address")
def make_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    shop = Shop(tmp_path)
    shop.open("womenswear", "menswear")
    shop.put("a", A, title="Coat", price=79.5, currency="EUR", sizes=["S", "M"], available=True)
    shop.put("near", 3 * A + B, predicted=("coat", 0.9), price=20.0)
    shop.put("far", A + 2 * C, price=300.0)
    shop.put("other", D, price=5.0)
    with shop.serving(monkeypatch) as clients, served(clients) as address:
        yield address


@pytest.fixture(name="shop")
def make_client(address: str) -> Iterator[StylekinClient]:
    with StylekinClient(f"{address}/register", f"{address}/recommend/") as shop:
        yield shop


# the real functions


def test_a_shopper_from_start_to_end(shop: StylekinClient) -> None:
    assert shop.healthz() == Ready("ready", {"womenswear": 4, "menswear": 0})
    made = shop.register("womenswear", preferences=Preferences(max_price=100, sizes=("S",)), likes=["a"])
    assert isinstance(made, Profile)
    assert (made.department, made.preferences) == ("womenswear", Preferences(100.0, ("S",), ()))
    assert made.likes == ("a",)
    assert shop.token is not None
    assert shop.token.startswith(made.user_id)
    assert shop.profile() == made
    assert shop.change(sizes=None, max_price=None).preferences == Preferences()
    assert shop.change(categories=["coat"]).preferences == Preferences(categories=("coat",))
    assert shop.change(categories=()).preferences == Preferences()
    shown = shop.profile().history["womenswear"].shown
    assert shown == ()
    page = shop.recommend(explore=0, filters={"max_price": 400}, seed=3)
    assert [entry.item.item_id for entry in page.recommendations] == ["near", "far", "other"]
    assert shop.profile().history["womenswear"].shown == ("near", "far", "other")
    shop.forget()
    assert shop.token is None
    with pytest.raises(Problem, match="401 Missing or wrong token"):
        shop.profile()


def test_items_and_reasons_are_typed(shop: StylekinClient) -> None:
    shop.register("womenswear")
    first = shop.recommend()
    assert {entry.kind for entry in first.recommendations} == {"diverse"}
    assert all(entry.why.reason for entry in first.recommendations)
    items = {entry.item.item_id: entry.item for entry in first.recommendations}
    told = Item("a", title="Coat", price=79.5, currency="EUR", sizes=("S", "M"), available=True)
    assert items["a"] == told
    assert items["near"] == Item("near", price=20.0, category="coat", category_predicted=True)
    page = shop.recommend(likes=["a"], dislikes=["far"], explore=0)
    (near, other) = page.recommendations
    assert (near.kind, near.why.strategy, near.why.liked_item) == ("similar", "best_match", "a")
    assert near.why.weights == {"resnet50": 0.7, "style_cnn": 0.3}
    assert near.why.resnet50 == pytest.approx(0.9487, abs=1e-3)  # 3 of the length of (3, 1)
    assert near.why.adjustments["shown_lately"] < 0
    assert other.why.adjustments.keys() <= {"shown_lately"}
    assert page.catalogue.items == 4
    counts = shop.recommend(facets=True, filters={"max_price": 1}, relax=["max_price"])
    assert counts.relaxed == ("max_price",)
    assert counts.facets is not None
    assert [(count.value, count.count) for count in counts.facets.categories] == [("coat", 1)]
    surprises = shop.recommend(explore=1, limit=1).recommendations
    assert [entry.kind for entry in surprises] == ["explore"]
    assert surprises[0].why.probability is not None


def test_pages_follow_each_other(shop: StylekinClient) -> None:
    shop.register("womenswear")
    first = shop.recommend(limit=3)
    assert first.next is not None
    second = shop.recommend(limit=3, cursor=first.next)
    assert second.next is None
    seen = [entry.item.item_id for page in (first, second) for entry in page.recommendations]
    assert sorted(seen) == ["a", "far", "near", "other"]


def test_a_photograph_is_sent_as_a_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    colours = Shop(tmp_path, colours=True)
    colours.open("womenswear", "menswear")
    colours.put("red", [1, 0, 0])
    colours.put("blue", [0, 0, 1])
    with (
        colours.serving(monkeypatch) as clients,
        served(clients) as address,
        StylekinClient(f"{address}/register", f"{address}/recommend") as shop,
    ):
        shop.register("womenswear")
        page = shop.recommend(photo=painted("red", "PNG"), limit=1, explore=0)
        assert [entry.item.item_id for entry in page.recommendations] == ["red"]
        assert page.recommendations[0].why.strategy == "photograph"
        with pytest.raises(Problem, match="photo: expected a JPEG, PNG or WebP"):
            shop.recommend(photo=b"hello")


def test_every_wish_reaches_the_function(shop: StylekinClient) -> None:
    shop.register("menswear")
    page = shop.recommend(
        likes=["a"],
        dislikes=["far"],
        limit=2,
        filters={"min_price": 1, "max_price": None, "sizes": None, "brands": None, "available": False},
        strategy="centroid",
        diversity=0.5,
        max_per={"group": 2, "brand": 1, "category": None},
        explore=0,
        seed=7,
        department="womenswear",
    )
    assert [entry.item.item_id for entry in page.recommendations] == ["near", "other"]
    assert page.recommendations[0].why.strategy == "centroid"


@pytest.mark.parametrize(
    ("ask", "status", "slug", "says"),
    [
        (lambda shop: shop.recommend(likes=["never"]), 400, "unknown-item", 'found "never"'),
        (lambda shop: shop.recommend(limit=101), 400, "malformed-request", "limit: expected"),
        (lambda shop: shop.recommend(likes="a"), 400, "malformed-request", "likes: expected an array"),
        (lambda shop: shop.change(sizes=["M"] * 101), 400, "malformed-request", "preferences.sizes"),
        (lambda shop: shop.register("swimwear"), 400, "malformed-request", "department: expected"),
        (lambda shop: shop.recommend(likes=["x" * 200] * 400), 413, "body-too-large", "65536 bytes"),
    ],
)
def test_a_problem_says_what_the_function_said(
    shop: StylekinClient, ask: Callable[[StylekinClient], object], status: int, slug: str, says: str
) -> None:
    shop.register("womenswear")
    with pytest.raises(Problem) as caught:
        ask(shop)
    problem = caught.value
    assert (problem.type, problem.status) == (f"urn:stylekin:problem:{slug}", status)
    assert says in problem.detail
    assert str(problem) == f"{status} {problem.title}: {problem.detail}"


def test_a_token_that_was_kept_brings_the_shopper_back(address: str, shop: StylekinClient) -> None:
    made = shop.register("womenswear", likes=["a"])
    with StylekinClient(f"{address}/register", f"{address}/recommend", shop.token) as again:
        assert again.profile() == made
    with (
        StylekinClient(f"{address}/register", f"{address}/recommend", TOKEN) as stranger,
        pytest.raises(Problem) as caught,
    ):
        stranger.profile()
    assert caught.value.type == "urn:stylekin:problem:unauthenticated"


def test_no_number_that_json_lacks_is_sent(shop: StylekinClient) -> None:
    shop.register("womenswear")
    with pytest.raises(ValueError, match="not JSON compliant"):
        shop.change(max_price=float("nan"))


# the contract


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ("Preferences", contract.Preferences),
        ("History", contract.History),
        ("Profile", contract.Profile),
        ("Item", contract.Item),
        ("Recommendation", contract.Recommendation),
        ("Ignored", contract.Ignored),
        ("Recommendations", contract.Page),
        ("ReadyCatalogue", contract.Ready),
        ("Wanted", contract.Wanted),
        ("Filters", contract.Filters),
        ("MaxPer", contract.MaxPer),
        ("Request", contract.Request),
        ("Facets", contract.Facets),
        ("PriceFacet", contract.PriceFacet),
    ],
)
def test_the_fields_are_those_of_the_document(schema: str, kind: type) -> None:
    fields = {name: type for name, type in typing.get_type_hints(kind).items() if name[0] != "_"}
    properties = SCHEMAS[schema]["properties"]
    assert list(fields) == list(properties)
    for name, told in properties.items():
        if "example" in told:
            msgspec.convert(told["example"], fields[name])
        if told.get("type") == "integer":
            assert fields[name] is int, name
    if issubclass(kind, msgspec.Struct):
        required = [field.name for field in msgspec.structs.fields(kind) if field.required]
        assert required == SCHEMAS[schema].get("required", [])


def test_the_reasons_are_those_of_the_document() -> None:
    kinds = [SCHEMAS[name]["properties"] for name in ("WhySimilar", "WhyExplore", "WhyDiverse")]
    told = [*dict.fromkeys(name for properties in kinds for name in properties)]
    assert list(typing.get_type_hints(contract.Why))[: len(told)] == told
    assert list(typing.get_type_hints(contract.Catalogue)) == ["version", "items"]
    catalogue = SCHEMAS["Recommendations"]["properties"]["catalogue"]
    assert catalogue["required"] == list(catalogue["properties"]) == ["version", "items"]


# servers that do not behave


class Script:
    """A server that gives the answers it was told to, in order, and keeps what it was asked."""

    def __init__(self, *answers: tuple[int, dict[str, str], bytes] | str) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.over = threading.Event()

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request: an answer, "hang up" or "say nothing"."""
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        named = {name.lower(): value for name, value in handler.headers.items()}
        self.asked.append((f"{handler.command} {handler.path}", named, json.loads(body) if body else None))
        answer = self.answers.pop(0)
        handler.close_connection = True
        if answer == "say nothing":
            self.over.wait(30)
        if isinstance(answer, str):
            return
        status, headers, data = answer
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)

    @contextmanager
    def client(self, **settings: Any) -> Iterator[StylekinClient]:
        """A client of this server, as both functions."""
        script = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                script.handle(self)

            do_GET = do_POST = do_PATCH = do_DELETE = handle_any  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        try:
            with StylekinClient(f"{address}/register", f"{address}/recommend", **settings) as client:
                yield client
        finally:
            self.over.set()
            server.shutdown()
            thread.join()
            server.server_close()


def good(body: object, status: int = 200) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "application/json"}, json.dumps(body).encode()


def later(seconds: str = "0", status: int = 503) -> tuple[int, dict[str, str], bytes]:
    problem = {"type": "urn:stylekin:problem:store-unavailable", "title": "Try again later"}
    body = json.dumps({**problem, "status": status, "detail": "expected a store, found smoke"}).encode()
    return status, {"Content-Type": "application/problem+json", "Retry-After": seconds}, body


PROFILE = {
    "user_id": "8d" * 16,
    "department": "womenswear",
    "preferences": {},
    "likes": [],
    "history": {"womenswear": {"likes": [], "dislikes": [], "shown": []}},
}
STARTED = good({**PROFILE, "token": TOKEN}, 201)
PAGE = {
    "recommendations": [],
    "catalogue": {"version": "v", "items": 0},
    "ignored": [],
    "next": None,
    "relaxed": [],
}


def test_a_registration_is_tried_again_with_one_key() -> None:
    script = Script(later(), "hang up", STARTED, STARTED)
    with script.client() as shop:
        shop.register("womenswear")
        shop.register("womenswear")
    keys = [headers["idempotency-key"] for _, headers, _ in script.asked]
    assert len(keys) == 4
    assert not any("authorization" in headers for _, headers, _ in script.asked), "it is another shopper's"
    assert keys[0] == keys[1] == keys[2] != keys[3]
    assert all(re.fullmatch("[!-~]{40,255}", key) for key in keys)
    assert [body for _, _, body in script.asked[:3]] == [script.asked[0][2]] * 3


CALLS: dict[str, Callable[[StylekinClient], object]] = {
    "profile": lambda shop: shop.profile(),
    "change": lambda shop: shop.change(max_price=1),
    "forget": lambda shop: shop.forget(),
    "recommend": lambda shop: shop.recommend(),
}


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("name", CALLS)
def test_a_call_that_was_turned_away_is_made_again(name: str, status: int) -> None:
    answer = {"recommend": good(PAGE), "forget": (204, {}, b"")}.get(name, good(PROFILE))
    script = Script(later("0", status), later("0", status), answer)
    with script.client(token=TOKEN) as shop:
        CALLS[name](shop)
    assert len(script.asked) == 3
    assert all(headers["authorization"] == f"Bearer {TOKEN}" for _, headers, _ in script.asked)


@pytest.mark.parametrize(("name", "times"), [("profile", 3), ("change", 3), ("forget", 1), ("recommend", 1)])
def test_a_call_whose_answer_was_lost_is_made_again_where_that_changes_nothing(name: str, times: int) -> None:
    script = Script(*["hang up"] * times)
    with script.client(token=TOKEN) as shop, pytest.raises(Unreachable, match="expected an answer, found"):
        CALLS[name](shop)
    assert len(script.asked) == times


def test_an_answer_that_does_not_come_is_waited_for_only_so_long() -> None:
    script = Script("say nothing")
    with script.client(token=TOKEN, timeout=0.2) as shop, pytest.raises(Unreachable, match="ReadTimeout"):
        shop.recommend()


def test_the_last_problem_is_told_when_trying_again_does_not_help() -> None:
    script = Script(later(), later())
    with script.client(attempts=2) as shop, pytest.raises(Problem, match="503 Try again later: expected"):
        shop.recommend()


def test_who_is_asked_to_wait_for_long_is_told_at_once() -> None:
    script = Script(later(f"{PATIENCE + 1:.0f}"))
    with script.client() as shop, pytest.raises(Problem, match="503"):
        shop.recommend()
    assert len(script.asked) == 1


def test_health_is_asked_once() -> None:
    script = Script(later())
    with script.client() as shop, pytest.raises(Problem, match="503"):
        shop.healthz()
    assert [asked for asked, _, _ in script.asked] == ["GET /register/healthz"]


def test_nobody_there_is_unreachable() -> None:
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))  # and does not listen
        address = f"http://127.0.0.1:{held.getsockname()[1]}"
        with (
            StylekinClient(address, address, TOKEN) as shop,
            pytest.raises(Unreachable, match=f"^POST {address}: expected an answer, found ConnectError"),
        ):
            shop.recommend()


def test_the_pause_grows_by_chance_on_top_of_what_was_asked_for() -> None:
    assert pause(1, 0, 0) == 0
    assert [pause(attempt, 0, 1) for attempt in (1, 2, 3)] == [BACKOFF, 2 * BACKOFF, 4 * BACKOFF]
    assert pause(2, 7, 0.5) == 7 + BACKOFF


@pytest.mark.parametrize(
    ("answer", "status", "says"),
    [
        ((403, {"Content-Type": "text/html"}, b"<h1>no</h1>"), 403, "problem[+]json, found text/html"),
        ((500, {}, b""), 500, "found none"),
        ((307, {"Location": "http://127.0.0.1:9/"}, b""), 307, "found none"),
        ((400, {"Content-Type": "application/problem+json"}, b'{"type": 7}'), 400, "expected"),
        ((400, {"Content-Type": "application/problem+json"}, b'{"type": "\xff"}'), 400, "expected"),
    ],
)
def test_what_stands_in_between_has_problems_too(
    answer: tuple[int, dict[str, str], bytes], status: int, says: str
) -> None:
    with Script(answer).client(token=TOKEN) as shop, pytest.raises(Problem, match=says) as caught:
        shop.profile()
    assert (caught.value.type, caught.value.status) == ("about:blank", status)


@pytest.mark.parametrize("data", [b"", b"<html>", b"[]", b'{"user_id": 1}', b'"\xff"'])
def test_an_answer_of_another_form_is_none(data: bytes) -> None:
    with (
        Script((200, {}, data)).client(token=TOKEN) as shop,
        pytest.raises(Unreachable, match="expected a Profile in JSON, found"),
    ):
        shop.profile()


def test_what_a_later_version_adds_is_passed_over() -> None:
    def more(value: object) -> object:
        if isinstance(value, list):
            return [more(inner) for inner in value]
        if isinstance(value, dict):
            return {**{name: more(inner) for name, inner in value.items()}, "new": {"deep": [1]}}
        return value

    item = {"item_id": "a", "sizes": ["S"]}
    why = {"strategy": "best_match", "liked_item": "b", "resnet50": 0.5}
    entry = {"item": item, "score": 1, "kind": "brand_new", "why": why}
    page = {**PAGE, "recommendations": [entry], "ignored": [{"item_id": "c", "reason": "unknown"}]}
    with Script(good(more(page)), good(page)).client() as shop:
        found, plain = shop.recommend(), shop.recommend()
    assert isinstance(found, Page)
    assert found == plain
    assert found.recommendations[0].why.liked_item == "b"


# secrets


def test_a_private_function_gets_the_callers_identity_beside_the_shoppers_token() -> None:
    script = Script(STARTED, good(PROFILE), good(PAGE), good({"status": "ready"}), good({"status": "ready"}))
    audiences: list[str] = []

    def identity(audience: str) -> str:
        audiences.append(audience)
        return f"identity-{len(audiences)}"

    with script.client(identity=identity) as shop:
        shop.register("womenswear")
        shop.profile()
        shop.recommend()
        with pytest.raises(Unreachable, match="items"):
            shop.healthz()
    sent = [headers.get("x-serverless-authorization") for _, headers, _ in script.asked]
    assert sent == [f"Bearer identity-{number}" for number in range(1, 6)]
    assert [headers.get("authorization") for _, headers, _ in script.asked][:3] == [
        None,
        f"Bearer {TOKEN}",
        f"Bearer {TOKEN}",
    ]
    paths = [audience.rpartition("/")[2] for audience in audiences]
    assert paths == ["register", "register", "recommend", "register", "recommend"]


def test_no_text_tells_a_token() -> None:
    told = []
    script = Script(STARTED, (500, {}, b""), "hang up", (200, {}, b"{}"), later(f"{PATIENCE + 1:.0f}"))
    with script.client(identity=lambda audience: "the-callers-identity") as shop:
        told.append(repr(shop.register("womenswear")))
        for name in ("profile", "recommend", "recommend", "recommend"):
            with pytest.raises((Problem, Unreachable)) as caught:
                CALLS[name](shop)
            told += [repr(caught.value), *traceback.format_exception(caught.value)]
        told += [repr(shop), str(shop)]
        assert shop.token == TOKEN
    for secret in (TOKEN, TOKEN[-43:], "the-callers-identity", script.asked[0][1]["idempotency-key"]):
        assert [text for text in told if secret in text] == []


@pytest.mark.parametrize("token", ["", "two words", "line\n", "té"])
def test_what_cannot_be_a_token_is_refused_without_telling_it(token: str) -> None:
    address = "http://127.0.0.1:9"
    with pytest.raises(ValueError, match="token: expected visible ASCII") as caught:
        StylekinClient(address, address, f"{TOKEN}{token}" if token else "")
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "127.0.0.1:8080",
        "ftp://host",
        "http://",
        "https://host?x=1",
        "https://me:secret@host",
        "http://h:x",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="recommend_url: expected an address such as") as caught:
        StylekinClient("http://127.0.0.1:9", address)
    assert "secret" not in str(caught.value)


# what the reader is shown


def test_the_readmes_example_runs(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"^```python\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S)
    for port, function in (("8080", "register"), ("8081", "recommend")):
        assert example.count(f"http://127.0.0.1:{port}") == 1
        example = example.replace(f"http://127.0.0.1:{port}", f"{address}/{function}")
    capsys.readouterr()
    exec(compile(example, "README.md", "exec"), {})
    printed = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("{")]
    assert printed
