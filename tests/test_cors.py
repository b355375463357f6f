"""Web pages of the listed origins may call; others get the answer without leave to read it."""

import json
from pathlib import Path
from typing import Any

import flask
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.cors import answered, preflight
from shared.errors import SettingsError
from shared.settings import Settings
from shared.web import Answer, Call, Function
from tests.shop import AXES, Shop

PAGE, OTHER = "https://shop.example", "https://elsewhere.example"
LISTED = f"{PAGE}, http://localhost:3000"


def leave(answer: TestResponse | flask.Response) -> dict[str, str]:
    """What an answer says to the browser, in lower case."""
    wanted = ("access-control-", "vary")
    return {name.lower(): value for name, value in answer.headers if name.lower().startswith(wanted)}


# the headers


def test_a_listed_page_may_read_the_answer() -> None:
    assert answered(PAGE, (PAGE,)) == {
        "Access-Control-Allow-Origin": PAGE,
        "Access-Control-Expose-Headers": "Retry-After, WWW-Authenticate",
        "Vary": "Origin",
    }


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "null",
        OTHER,
        f"{PAGE}:8443",
        f"{PAGE}.evil.example",
        "http://shop.example",
        PAGE.upper(),
        "*",
    ],
)
def test_another_page_may_not(origin: str | None) -> None:
    assert answered(origin, (PAGE,)) == {"Vary": "Origin"}


def test_without_a_list_no_page_is_told_anything() -> None:
    assert answered(PAGE, ()) == {}


def test_a_preflight_tells_the_methods_of_the_path() -> None:
    assert preflight({"POST": 1, "GET": 2}) == {
        "Access-Control-Allow-Methods": "POST, GET",
        "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key",
        "Access-Control-Max-Age": "600",
    }


# the setting


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        (None, ()),
        ("", ()),
        (" , ", ()),
        (LISTED, (PAGE, "http://localhost:3000")),
        ("https://127.0.0.1:8443,", ("https://127.0.0.1:8443",)),
        ("http://[::1]:3000", ("http://[::1]:3000",)),
    ],
)
def test_origins_are_read_from_the_environment(text: str | None, origins: tuple[str, ...]) -> None:
    assert Settings.of({} if text is None else {"CORS_ORIGINS": text}).cors_origins == origins


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "null",
        "shop.example",
        "https://shop.example/",
        "https://Shop.example",
        "https://shop.example:443",
        "http://shop.example:80",
        "https://*.example",
        "ftp://shop.example",
        "https://shop.example https://elsewhere.example",
        "https://a@shop.example",
    ],
)
def test_what_no_browser_sends_as_an_origin_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="CORS_ORIGINS: expected origins such as"):
        Settings.of({"CORS_ORIGINS": f"{PAGE},{text}"})


# the functions


def test_a_page_starts_a_profile_and_gets_recommendations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(tmp_path)
    shop.open("womenswear")
    shop.put("a", AXES[0])
    with shop.serving(monkeypatch, CORS_ORIGINS=LISTED) as clients:
        started = clients["register"].post("/", json={"department": "womenswear"}, headers={"Origin": PAGE})
        assert started.status_code == 201
        token = {"Authorization": f"Bearer {started.get_json()['token']}"}
        asked = clients["recommend"].post("/", json={}, headers={"Origin": PAGE, **token})
        assert asked.status_code == 200
        refused = clients["recommend"].post("/", json={}, headers={"Origin": PAGE})
        assert refused.status_code == 401
        for answer in (started, asked, refused):
            assert leave(answer) == {name.lower(): value for name, value in answered(PAGE, (PAGE,)).items()}
            assert answer.headers["Cache-Control"] == "no-store"
        for headers in ({}, {"Origin": OTHER}):
            answer = clients["recommend"].post("/", json={}, headers={**headers, **token})
            assert (answer.status_code, leave(answer)) == (200, {"vary": "Origin"})


def options(client: FlaskClient, path: str, origin: str) -> TestResponse:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    return client.options(path, headers=headers)


@pytest.mark.parametrize(
    ("function", "path", "methods"),
    [
        ("register", "/", "POST, GET, PATCH, DELETE"),
        ("register", "/register", "POST, GET, PATCH, DELETE"),
        ("register", "/abc", "GET, PATCH, DELETE"),
        ("register", "/healthz", "GET"),
        ("recommend", "/", "POST"),
    ],
)
def test_options_need_no_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, path: str, methods: str
) -> None:
    with Shop(tmp_path).serving(monkeypatch, CORS_ORIGINS=LISTED) as clients:
        answer = options(clients[function], path, PAGE)
        assert (answer.status_code, answer.data) == (204, b"")
        assert "Content-Type" not in answer.headers
        told = {**answered(PAGE, (PAGE,)), **preflight(methods.split(", "))}
        assert leave(answer) == {name.lower(): value for name, value in told.items()}
        other = options(clients[function], path, OTHER)
        assert (other.status_code, other.headers["Allow"]) == (405, methods)
        assert leave(other) == {"vary": "Origin"}
        assert options(clients[function], "/no/such", PAGE).status_code == 404


def test_by_default_no_page_may_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CORS_ORIGINS", raising=False)
    with Shop(tmp_path).serving(monkeypatch) as clients:
        answer = options(clients["register"], "/", PAGE)
        assert (answer.status_code, leave(answer)) == (405, {})


def test_a_list_that_cannot_be_read_is_our_fault(capsys: pytest.CaptureFixture[str]) -> None:
    function = Function("shelf", dict, lambda: Settings.of({"CORS_ORIGINS": "*"}).cors_origins)

    @function.on("GET", "/")
    def read(call: Call) -> Answer:
        return Answer(200)

    with flask.Flask("test").test_request_context("/", headers={"Origin": PAGE}):
        answer = function(flask.request)
    problem: dict[str, Any] = answer.get_json()
    assert (answer.status_code, problem["type"]) == (500, "urn:stylekin:problem:internal")
    assert leave(answer) == {}
    assert "CORS_ORIGINS: expected" in json.loads(capsys.readouterr().out)["message"]
