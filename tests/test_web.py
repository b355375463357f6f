"""HTTP in one place: routes, problems, log lines. The functions' own tests cover what clients can send."""

import io
import json
from typing import Any

import flask
import msgspec
import pytest

from shared import errors
from shared.errors import ModelDamaged, NotFound, StoreUnavailable, Unauthenticated, UnknownItem
from shared.web import INTERNAL, PROBLEMS, Answer, Call, Function

app = flask.Flask("test")


def call(function: Function, path: str, method: str = "GET", **request: Any) -> flask.Response:
    with app.test_request_context(path, method=method, **request):
        return function(flask.request)


def shelf() -> Function:
    function = Function("shelf", lambda: {"books": 3})

    @function.on("GET", "/", "/{book}")
    def read(call: Call) -> Answer:
        call.facts["book"] = call.named.get("book")
        return Answer(200, {"named": call.named})

    @function.on("GET", "/{book}/pages/{page}")
    def page(call: Call) -> Answer:
        return Answer(200, call.named)

    @function.on("DELETE", "/{book}")
    def burn(call: Call) -> Answer:
        return Answer(204)

    return function


@pytest.mark.parametrize("prefix", ["", "/shelf"])
def test_paths_are_found_with_and_without_the_functions_name(prefix: str) -> None:
    function = shelf()
    assert call(function, f"{prefix}/").get_json() == {"named": {}}
    assert call(function, f"{prefix}/emma").get_json() == {"named": {"book": "emma"}}
    assert call(function, f"{prefix}/emma/pages/7").get_json() == {"book": "emma", "page": "7"}
    assert call(function, f"{prefix}/healthz").get_json() == {"status": "ready", "books": 3}


def test_a_path_that_only_begins_like_the_name_is_another() -> None:
    assert call(shelf(), "/shelf").get_json() == {"named": {}}
    assert call(shelf(), "/shelfish").get_json() == {"named": {"book": "shelfish"}}
    assert call(shelf(), "/emma/pages/").status_code == 404
    assert call(shelf(), "/emma.pages.7").get_json() == {"named": {"book": "emma.pages.7"}}


def test_an_answer_without_body_is_empty() -> None:
    answer = call(shelf(), "/emma", "DELETE")
    assert (answer.status_code, answer.data, answer.headers.get("Content-Type")) == (204, b"", None)


def test_health_tells_why_it_is_not_ready(capsys: pytest.CaptureFixture[str]) -> None:
    def ready() -> dict[str, object]:
        raise StoreUnavailable("expected a store, found smoke")

    answer = call(Function("shelf", ready), "/healthz")
    assert (answer.status_code, answer.get_json()["detail"]) == (503, "expected a store, found smoke")
    line = json.loads(capsys.readouterr().out)
    assert (line["severity"], line["message"]) == ("ERROR", "expected a store, found smoke")
    assert "stack" not in line


def test_a_health_check_that_passes_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    call(shelf(), "/healthz")
    assert capsys.readouterr().out == ""


def raising(error: Exception) -> Function:
    function = Function("shelf", dict)

    @function.on("GET", "/")
    def fail(call: Call) -> Answer:
        raise error

    return function


@pytest.mark.parametrize("error", [ZeroDivisionError("secret details"), ModelDamaged("secret details")])
def test_our_own_faults_are_a_500_that_tells_nothing(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = call(raising(error), "/")
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert answer.get_json() == {
        "type": "urn:stylekin:problem:internal",
        "title": "Our fault",
        "status": 500,
        "detail": "an unexpected error; it is in the log",
    }
    line = json.loads(capsys.readouterr().out)
    assert (line["severity"], line["problem"], line["status"]) == ("ERROR", "internal", 500)
    assert type(error).__name__ in line["stack"]
    assert "secret details" in line["stack"]


def test_every_request_error_has_a_status_of_its_own_kind() -> None:
    kinds = {
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type)
        and issubclass(kind, errors.RequestError)
        and kind is not errors.RequestError
    }
    assert kinds <= PROBLEMS.keys()
    assert all(400 <= PROBLEMS[kind][0] < 500 for kind in kinds)
    slugs = [slug for _, slug, _ in (*PROBLEMS.values(), INTERNAL)]
    assert len(set(slugs)) == len(slugs)


def test_problems_carry_the_headers_their_status_asks_for() -> None:
    assert call(raising(Unauthenticated("")), "/").headers["WWW-Authenticate"] == "Bearer"
    assert call(raising(StoreUnavailable("")), "/").headers["Retry-After"] == "1"
    assert call(raising(UnknownItem("x")), "/").get_json()["detail"] == "x"
    answer = call(shelf(), "/emma", "PUT")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, DELETE")
    assert call(raising(NotFound("x")), "/", headers={"X": "y"}).headers["Cache-Control"] == "no-store"


def test_the_log_line_has_the_route_and_the_handlers_facts(capsys: pytest.CaptureFixture[str]) -> None:
    call(shelf(), "/emma?token=secret", headers={"traceparent": f"00-{'4b' * 16}-{'0a' * 8}-01"})
    out = capsys.readouterr().out
    line = json.loads(out)
    assert line.pop("ms") >= 0
    assert list(line.pop("stages")) == ["answer"]
    assert line == {
        "severity": "INFO",
        "message": "answered",
        "trace": "4b" * 16,
        "function": "shelf",
        "method": "GET",
        "route": "/{book}",
        "status": 200,
        "book": "emma",
    }
    assert "secret" not in out


class Reset:
    """A body whose client resets the connection in the middle."""

    def __init__(self) -> None:
        self.left = [b'{"a":']

    def read(self, size: int = -1) -> bytes:
        if self.left:
            return self.left.pop()
        raise OSError("connection reset")


@pytest.mark.parametrize("stream", [Reset(), io.BytesIO(b'{"a":')], ids=["reset", "closed"])
def test_a_client_that_goes_away_is_no_fault_of_ours(stream: object) -> None:
    class Book(msgspec.Struct):
        a: int

    function = Function("shelf", dict)

    @function.on("POST", "/")
    def write(call: Call) -> Answer:
        return Answer(200, call.body(Book))

    environ = {"wsgi.input": stream, "CONTENT_LENGTH": "100"}
    answer = call(function, "/", "POST", content_type="application/json", environ_overrides=environ)
    assert (answer.status_code, answer.get_json()["detail"]) == (400, "body: expected 100 bytes, found fewer")
