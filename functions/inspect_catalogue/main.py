"""HTTP: a look into the catalogue, for merchandisers. Translates, and calls ``shared.inspecting``."""

from datetime import UTC, datetime

import flask

from shared import inspecting, preparing, previewing, wiring
from shared.web import Answer, Call, Function


def _ready() -> dict[str, object]:
    return {"items": preparing.ready(wiring.reader)}


def _department(call: Call) -> str:
    call.stages.begin("read")
    department = call.facts["department"] = inspecting.department_of(call.named["department"])
    return department


function = Function("inspect_catalogue", _ready, project=wiring.project)


@function.on("GET", "/{department}")
def _overview(call: Call) -> Answer:
    blobs, department, now = wiring.catalogue(), _department(call), datetime.now(UTC)
    return Answer(200, inspecting.overview(blobs, wiring.reader, department, now))


@function.on("GET", "/{department}/rejected")
def _rejected(call: Call) -> Answer:
    return Answer(200, inspecting.rejected(wiring.catalogue(), wiring.reader, _department(call)))


@function.on("GET", "/{department}/reports")
def _reports(call: Call) -> Answer:
    return Answer(200, inspecting.reports(wiring.catalogue(), _department(call)))


@function.on("GET", "/{department}/duplicates", "/{department}/duplicates/{after}")
def _duplicates(call: Call) -> Answer:
    return Answer(200, inspecting.duplicates(wiring.reader, _department(call), call.named.get("after")))


@function.on("GET", "/{department}/items/{item_id}")
def _life(call: Call) -> Answer:
    blobs, department = (wiring.images(), wiring.catalogue()), _department(call)
    return Answer(200, inspecting.life(*blobs, wiring.reader, department, call.named["item_id"]))


@function.on("POST", "/{department}/preview")
def _preview(call: Call) -> Answer:
    department, asked = _department(call), call.body(previewing.Trial)
    return Answer(200, previewing.preview(wiring.reader, department, asked, call.stages))


def inspect_catalogue(request: flask.Request) -> flask.Response:
    """The function's entry point."""
    return function(request)
