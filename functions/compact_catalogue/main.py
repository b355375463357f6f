"""On a schedule: fold each department's log into a snapshot. Translates, and calls ``shared.compacting``."""

from dataclasses import asdict
from datetime import UTC, datetime

import flask

from shared import wiring
from shared.compacting import compact_all
from shared.departments import DEPARTMENTS
from shared.manifest import read_manifest
from shared.web import Answer, Call, Function


def _ready() -> dict[str, object]:
    for department in DEPARTMENTS:
        read_manifest(wiring.catalogue(), department)
    return {}


function = Function("compact_catalogue", _ready, project=wiring.project)


@function.on("POST", "/")
def _compact(call: Call) -> Answer:
    catalogue, now = wiring.joined_catalogue(), datetime.now(UTC)
    reports = compact_all(wiring.images(), catalogue, now, call.stages, wiring.engine())
    call.facts["departments"] = [asdict(report) for report in reports]
    return Answer(200, {"departments": {report.department: report for report in reports}})


def compact_catalogue(request: flask.Request) -> flask.Response:
    """The function's entry point."""
    return function(request)
