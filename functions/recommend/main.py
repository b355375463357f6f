"""HTTP: liked items in, ranked items out. Translates, and calls ``shared.recommending``."""

import os
import time
from contextlib import suppress

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's products are small here, and its threads wait

import flask

from shared import preparing, recommending, styling, wiring
from shared.asking import Request
from shared.errors import ProfileNotFound
from shared.stock import Stock
from shared.web import Answer, Call, Function

PHOTO_LIMIT = 20 * 1024 * 1024  # bytes, as of a picture


def _stock(department: str) -> Stock:
    return wiring.stock(department, preparing.prepare)


def _ready() -> dict[str, object]:
    with suppress(ProfileNotFound):
        wiring.users().get("nobody")
    return {"items": preparing.ready(_stock)}


function = Function("recommend", _ready, lambda: wiring.settings().cors_origins, wiring.project)


@function.on("POST", "/")
def _recommend(call: Call) -> Answer:
    token, now = call.token(), int(time.time())
    request, photo = call.body_with_file(Request, "photo", PHOTO_LIMIT)
    users, stages = wiring.users(), call.stages
    recommended = recommending.recommend(users, _stock, token, request, now, photo, wiring.look, stages)
    call.facts |= recommended.facts
    return Answer(200, recommended.body)


@function.on("POST", "/style")
def _style(call: Call) -> Answer:
    token, asked = call.token(), call.body(styling.Asked)
    return Answer(200, styling.style(wiring.users(), _stock, token, asked, call.stages))


def recommend(request: flask.Request) -> flask.Response:
    """The function's entry point."""
    return function(request)
