"""HTTP: start, show, change and erase a shopper's profile. Translates, and calls ``shared.registering``."""

from contextlib import suppress

import flask

from shared import registering, wiring
from shared.errors import ProfileNotFound
from shared.web import Answer, Call, Function


def _ready() -> dict[str, object]:
    with suppress(ProfileNotFound):
        wiring.users().get("nobody")
    return {}


function = Function("register", _ready, lambda: wiring.settings().cors_origins)


@function.on("POST", "/")
def _start(call: Call) -> Answer:
    key = call.header("Idempotency-Key", limit=255)
    return Answer(201, registering.start(wiring.users(), call.body(registering.Registration), key))


@function.on("POST", "/token")
def _rotate(call: Call) -> Answer:
    key = call.header("Idempotency-Key", limit=255)
    return Answer(200, registering.rotate(wiring.users(), call.token(), key))


@function.on("GET", "/", "/{user_id}")
def _show(call: Call) -> Answer:
    return Answer(200, registering.show(wiring.users(), call.token(), call.named.get("user_id")))


@function.on("PATCH", "/", "/{user_id}")
def _change(call: Call) -> Answer:
    token, wanted = call.token(), call.body(registering.Change)
    return Answer(200, registering.change(wiring.users(), token, wanted, call.named.get("user_id")))


@function.on("DELETE", "/", "/{user_id}")
def _erase(call: Call) -> Answer:
    registering.erase(wiring.users(), call.token(), call.named.get("user_id"))
    return Answer(204)


def register(request: flask.Request) -> flask.Response:
    """The function's entry point."""
    return function(request)
