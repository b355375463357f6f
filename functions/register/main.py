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


def _told(call: Call, status: int, view: registering.View) -> Answer:
    call.facts |= {"user_id": view.user_id, "department": view.department, "likes": len(view.likes)}
    return Answer(status, view)


function = Function("register", _ready, lambda: wiring.settings().cors_origins, wiring.project)


@function.on("POST", "/")
def _start(call: Call) -> Answer:
    key = call.header("Idempotency-Key", limit=255)
    wanted = call.body(registering.Registration)
    return _told(call, 201, registering.start(wiring.users(), wanted, key, call.stages))


@function.on("POST", "/token")
def _rotate(call: Call) -> Answer:
    key = call.header("Idempotency-Key", limit=255)
    return _told(call, 200, registering.rotate(wiring.users(), call.token(), key, call.stages))


@function.on("GET", "/", "/{user_id}")
def _show(call: Call) -> Answer:
    token, user_id = call.token(), call.named.get("user_id")
    return _told(call, 200, registering.show(wiring.users(), token, user_id, call.stages))


@function.on("PATCH", "/", "/{user_id}")
def _change(call: Call) -> Answer:
    token, user_id, wanted = call.token(), call.named.get("user_id"), call.body(registering.Change)
    return _told(call, 200, registering.change(wiring.users(), token, wanted, user_id, call.stages))


@function.on("DELETE", "/", "/{user_id}")
def _erase(call: Call) -> Answer:
    registering.erase(wiring.users(), call.token(), call.named.get("user_id"), call.stages)
    return Answer(204)


def register(request: flask.Request) -> flask.Response:
    """The function's entry point."""
    return function(request)
