"""The route that keeps a shopper's token in a cookie."""

import pytest

from app.cookie import COOKIE, MAX_AGE, ROUTE, told
from tests.app.asking import Routes

TOKEN = f"{'8d' * 16}.{'k' * 43}"


@pytest.fixture(name="client")
def make_client() -> Routes:
    return Routes(ROUTE)


def test_a_token_is_kept_where_no_script_reads_it(client: Routes) -> None:
    answer = client.ask("POST", "/shopper", json={"token": TOKEN})
    assert (answer.status_code, answer.text) == (204, "")
    cookie = answer.headers["set-cookie"].lower()
    for attribute in ("httponly", "samesite=lax", "path=/", f"max-age={MAX_AGE}"):
        assert attribute in cookie
    assert "secure" not in cookie
    assert told(client.cookies) == TOKEN


def test_over_https_the_cookie_stays_on_https(client: Routes) -> None:
    answer = client.ask("POST", "/shopper", json={"token": TOKEN}, headers={"X-Forwarded-Proto": "https"})
    assert "secure" in answer.headers["set-cookie"].lower()


def test_the_cookie_is_dropped(client: Routes) -> None:
    client.ask("POST", "/shopper", json={"token": TOKEN})
    assert client.ask("DELETE", "/shopper").status_code == 204
    assert told(client.cookies) is None


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (400, {"json": {"token": "x"}}),
        (400, {"json": {"token": TOKEN + "\r\nx"}}),
        (400, {"json": [TOKEN]}),
        (400, {"content": b"{", "headers": {"Content-Type": "application/json"}}),
        (415, {"data": {"token": TOKEN}}),
        (403, {"json": {"token": TOKEN}, "headers": {"Sec-Fetch-Site": "cross-site"}}),
    ],
)
def test_anything_else_keeps_nothing(client: Routes, status: int, request_: dict[str, object]) -> None:
    answer = client.ask("POST", "/shopper", **request_)  # type: ignore[arg-type]
    assert (answer.status_code, "set-cookie" in answer.headers) == (status, False)
    assert TOKEN not in answer.text


@pytest.mark.parametrize("value", [None, "", "x", TOKEN + "x", TOKEN.upper()])
def test_a_cookie_that_is_no_token_is_nobodys(value: str | None) -> None:
    assert told({} if value is None else {COOKIE: value}) is None
    assert told({COOKIE: TOKEN}) == TOKEN
