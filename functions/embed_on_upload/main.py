"""A storage event in, facts into the log. Returning acknowledges the event; raising brings it again."""

from datetime import UTC, datetime

import flask
import functions_framework
from cloudevents.http import CloudEvent

from shared import logs, wiring
from shared.embedding import take_in
from shared.errors import EventRefused
from shared.events import storage_event
from shared.stages import Stages

# Here, where no two threads make one each; models are loaded at the first need. Two: the live and the coming.
ENCODERS = wiring.encoders(kept=2)


@functions_framework.cloud_event
def embed_on_upload(cloud_event: CloudEvent) -> None:
    """Take in one picture, table, change of metadata or deletion."""
    stages = Stages()
    about = logs.about("embed_on_upload", flask.request.headers, wiring.project())
    about["event_id"] = cloud_event.get("id")
    try:
        event = storage_event(cloud_event)
    except EventRefused as error:
        logs.write("ERROR", "event refused", reason=str(error), **about, **stages.milliseconds())
        return
    about |= {"event": event.type, "object": event.name, "generation": event.generation}
    try:
        outcome = take_in(
            event,
            wiring.images(),
            wiring.joined_catalogue(),
            wiring.stock,
            ENCODERS,
            datetime.now(UTC),
            stages,
        )
    except Exception as error:
        about |= {"error": type(error).__name__, "reason": str(error), **stages.milliseconds()}
        logs.write("ERROR", "event to be sent again", **about)
        raise
    severity = "WARNING" if outcome.result == "rejected" or "faults" in outcome.details else "INFO"
    logs.write(severity, outcome.result, **about, **outcome.details, **stages.milliseconds())
