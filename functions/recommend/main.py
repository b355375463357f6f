"""HTTP: liked items in, ranked items out. Translates, and calls ``shared.recommending``."""

import time
from contextlib import suppress

import flask

from shared import recommending, wiring
from shared.errors import ProfileNotFound
from shared.web import Answer, Call, Function


def _ready() -> dict[str, object]:
    with suppress(ProfileNotFound):
        wiring.users().get("nobody")
    return {"items": recommending.ready(wiring.reader)}


function = Function("recommend", _ready, lambda: wiring.settings().cors_origins, wiring.project)


@function.on("POST", "/")
def _recommend(call: Call) -> Answer:
    token, request, now = call.token(), call.body(recommending.Request), int(time.time())
    recommended = recommending.recommend(wiring.users(), wiring.reader, token, request, now, call.stages)
    call.facts |= recommended.facts
    return Answer(200, recommended.body)


def recommend(request: flask.Request) -> flask.Response:
    """The function's entry point."""
    return function(request)
