"""Storage events: what Google Cloud tells of an object, out of a CloudEvent. Imports msgspec.

Both modes, binary and structured, reach this module as one ``cloudevents`` object. The data is Google's
``StorageObjectData`` in JSON, whose 64-bit numbers are strings of digits. A bucket's notifications may also
come by way of Pub/Sub (https://cloud.google.com/storage/docs/pubsub-notifications): then the event is of a
message, its attribute ``eventType`` says what happened, and its data are the same JSON in base64.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Protocol, TypeVar, get_args

import msgspec

from shared.errors import EventRefused

Type = Literal["finalized", "deleted", "metadataUpdated"]
TYPES: tuple[Type, ...] = get_args(Type)
PREFIX = "google.cloud.storage.object.v1."
MESSAGE = "google.cloud.pubsub.topic.v1.messagePublished"
NOTIFICATIONS: dict[str, Type] = {
    "OBJECT_FINALIZE": "finalized",
    "OBJECT_DELETE": "deleted",
    "OBJECT_METADATA_UPDATE": "metadataUpdated",
}


@dataclass(frozen=True)
class StorageEvent:
    """One change of one object: its new content, its new metadata, or its end.

    ``generation``, ``metageneration``, ``size`` (bytes) and ``metadata`` are the object's at the change;
    of a deletion, the deleted object's. ``time`` is when it happened, in UTC, by the store's clock.
    """

    type: Type
    bucket: str
    name: str
    generation: int
    metageneration: int
    size: int
    time: datetime
    metadata: Mapping[str, str] = field(default_factory=dict)


class CloudEvent(Protocol):
    """What is used of ``cloudevents.http.CloudEvent``."""

    data: Any

    def get(self, key: str, default: Any = None, /) -> Any:
        """An attribute of the event's envelope."""


T = TypeVar("T", bound=msgspec.Struct)
Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]


class _Object(msgspec.Struct, frozen=True):
    bucket: Text
    name: Text
    generation: Annotated[int, msgspec.Meta(gt=0, le=2**63 - 1)]
    metageneration: Annotated[int, msgspec.Meta(ge=0, le=10**10 - 1)] = 1
    size: Count = 0
    metadata: dict[str, str] = {}


class _Message(msgspec.Struct, frozen=True):
    data: bytes = b""
    attributes: dict[str, str] = {}


class _Published(msgspec.Struct, frozen=True):
    message: _Message


# Made once, here: msgspec 0.22 crashes when two threads use a type for the first time at once.
msgspec.json.Decoder(_Object)
msgspec.json.Decoder(_Published)


def storage_event(cloud_event: CloudEvent) -> StorageEvent:
    """The storage event in a CloudEvent. Raises EventRefused if it is none, or not of the documented form."""
    kind, data = _told(cloud_event)
    try:
        found = _converted(data, _Object)
        found.name.encode()
    except (msgspec.MsgspecError, UnicodeEncodeError) as error:
        raise EventRefused(f"expected the data of a storage object, found: {error}") from error
    return StorageEvent(
        type=kind,
        bucket=found.bucket,
        name=found.name,
        generation=found.generation,
        metageneration=found.metageneration,
        size=found.size,
        time=_time(cloud_event.get("time")),
        metadata=found.metadata,
    )


def _told(cloud_event: CloudEvent) -> tuple[Type, Any]:
    """What happened, and the data that tell of the object."""
    found = str(cloud_event.get("type"))
    for kind in TYPES:
        if found == PREFIX + kind:
            return kind, cloud_event.data
    if found == MESSAGE:
        try:
            message = _converted(cloud_event.data, _Published).message
        except (msgspec.MsgspecError, UnicodeEncodeError) as error:
            raise EventRefused(f"expected a message of Pub/Sub, found: {error}") from error
        found = message.attributes.get("eventType", "a message without an eventType")
        if found in NOTIFICATIONS:
            return NOTIFICATIONS[found], message.data
    expected = ", ".join([*(PREFIX + kind for kind in TYPES), *NOTIFICATIONS])
    raise EventRefused(f"expected an event of type {expected}, found {found!r}")


def _converted(data: Any, kind: type[T]) -> T:
    if isinstance(data, str | bytes):
        data = msgspec.json.decode(data)
    return msgspec.convert(data, kind, strict=False)


def _time(text: object) -> datetime:
    try:
        time = datetime.fromisoformat(str(text))
        time = (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
        if time.year < 1970:
            raise ValueError(text)
    except (ValueError, OverflowError) as error:
        raise EventRefused(f"expected a time in RFC 3339, from 1970 on, found {text!r}") from error
    return time
