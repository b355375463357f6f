"""Storage events, from CloudEvents as Google sends them, binary and structured, and by way of Pub/Sub."""

import base64
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cloudevents.http import CloudEvent, from_http
from functions_framework.event_conversion import background_event_to_cloud_event
from google.events.cloud.storage_v1 import StorageObjectData
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.wrappers import Request

from shared.errors import EventRefused
from shared.events import MESSAGE, TYPES, StorageEvent, storage_event

# the example of Google's documentation of google.cloud.storage.object.v1.finalized, with custom metadata
DATA = {
    "kind": "storage#object",
    "id": "some-bucket/womenswear/a1.jpg/1587627537231057",
    "selfLink": "https://www.googleapis.com/storage/v1/b/some-bucket/o/womenswear%2Fa1.jpg",
    "name": "womenswear/a1.jpg",
    "bucket": "some-bucket",
    "generation": "1587627537231057",
    "metageneration": "1",
    "contentType": "image/jpeg",
    "timeCreated": "2020-04-23T07:38:57.230Z",
    "updated": "2020-04-23T07:38:57.230Z",
    "storageClass": "STANDARD",
    "size": "352",
    "md5Hash": "UYEvsKSiCq7RAMWnwWTZ0g==",
    "metadata": {"price": "12.50", "brand": "Luma"},
    "crc32c": "rTVTeQ==",
    "etag": "CNHZkbuF/ugCEAE=",
}
ENVELOPE = {
    "specversion": "1.0",
    "id": "1147091835525187",
    "type": "google.cloud.storage.object.v1.finalized",
    "source": "//storage.googleapis.com/projects/_/buckets/some-bucket",
    "subject": "objects/womenswear/a1.jpg",
    "time": "2020-04-23T07:38:57.772Z",
}
# every field of the schema, as googleapis/google-cloudevents has them in StorageObjectData
COMPLETE = DATA | {
    "cacheControl": "no-cache",
    "componentCount": 2,
    "contentDisposition": "inline",
    "contentEncoding": "gzip",
    "contentLanguage": "de",
    "customerEncryption": {"encryptionAlgorithm": "AES256", "keySha256": "UYEvsKSiCq7RAMWnwWTZ0g=="},
    "eventBasedHold": True,
    "kmsKeyName": "projects/p/locations/l/keyRings/r/cryptoKeys/k",
    "mediaLink": "https://www.googleapis.com/download/storage/v1/b/some-bucket/o/womenswear%2Fa1.jpg",
    "retentionExpirationTime": "2030-08-15T07:40:17.432Z",
    "temporaryHold": False,
    "timeDeleted": "2020-05-18T09:07:51.799Z",
    "timeStorageClassUpdated": "2020-04-23T07:38:57.230Z",
}
# what functions-framework makes of a notification that Pub/Sub pushes: the attributes are those of
# https://cloud.google.com/storage/docs/pubsub-notifications#attributes
ATTRIBUTES = {
    "notificationConfig": "projects/_/buckets/some-bucket/notificationConfigs/3",
    "eventType": "OBJECT_FINALIZE",
    "payloadFormat": "JSON_API_V1",
    "bucketId": "some-bucket",
    "objectId": "womenswear/a1.jpg",
    "objectGeneration": "1587627537231057",
    "eventTime": "2020-04-23T07:38:57.700Z",
}
EXPECTED = StorageEvent(
    type="finalized",
    bucket="some-bucket",
    name="womenswear/a1.jpg",
    generation=1587627537231057,
    metageneration=1,
    size=352,
    time=datetime(2020, 4, 23, 7, 38, 57, 772000, UTC),
    metadata={"price": "12.50", "brand": "Luma"},
)


def binary(data=DATA, **changes) -> CloudEvent:
    headers = {f"ce-{key}": value for key, value in (ENVELOPE | changes).items()}
    return from_http(headers | {"content-type": "application/json"}, json.dumps(data))


def structured(data=DATA, **changes) -> CloudEvent:
    body = ENVELOPE | changes | {"datacontenttype": "application/json", "data": data}
    return from_http({"content-type": "application/cloudevents+json"}, json.dumps(body))


def pushed(data=DATA, attributes=ATTRIBUTES, **changes) -> CloudEvent:
    """What functions-framework hands over when Pub/Sub pushes a message."""
    message = {
        "messageId": "1147091835525187",
        "publishTime": "2020-04-23T07:38:57.772Z",
        "data": base64.b64encode(json.dumps(data).encode()).decode(),
        "attributes": attributes,
    }
    body = json.dumps({"subscription": "projects/p/subscriptions/s", "message": message | changes})
    request = Request.from_values(method="POST", data=body, content_type="application/json")
    return background_event_to_cloud_event(request)


@pytest.mark.parametrize("mode", [binary, structured, pushed])
def test_a_documented_event_is_read_whole(mode):
    assert storage_event(mode()) == EXPECTED


@pytest.mark.parametrize("mode", [binary, structured, pushed])
def test_every_field_of_the_schema_may_be_there(mode):
    assert storage_event(mode(COMPLETE)) == EXPECTED
    known = {field.json_name for field in StorageObjectData.pb().DESCRIPTOR.fields}
    assert COMPLETE.keys() == known


@pytest.mark.parametrize("mode", [binary, structured, pushed])
def test_what_googles_own_types_write_is_read(mode):
    written = StorageObjectData.to_json(StorageObjectData.from_json(json.dumps(DATA)))
    assert storage_event(mode(json.loads(written))) == EXPECTED


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("OBJECT_FINALIZE", "finalized"),
        ("OBJECT_DELETE", "deleted"),
        ("OBJECT_METADATA_UPDATE", "metadataUpdated"),
    ],
)
def test_each_notification_is_told(said, kind):
    assert storage_event(pushed(attributes=ATTRIBUTES | {"eventType": said})).type == kind


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        (ATTRIBUTES | {"eventType": "OBJECT_ARCHIVE"}, "OBJECT_ARCHIVE"),
        ({}, "a message without an eventType"),
    ],
)
def test_another_message_is_refused(attributes, found):
    with pytest.raises(EventRefused, match=f"OBJECT_METADATA_UPDATE, found '{found}'"):
        storage_event(pushed(attributes=attributes))


def test_a_message_of_another_form_is_refused():
    for data in ({}, {"message": {"data": "no base64"}}, {"message": {"attributes": {"eventType": 1}}}, b"["):
        with pytest.raises(EventRefused, match="expected a message of Pub/Sub, found"):
            storage_event(CloudEvent(ENVELOPE | {"type": MESSAGE}, data))
    with pytest.raises(EventRefused, match="expected the data of a storage object, found"):
        storage_event(pushed("no object"))


@pytest.mark.parametrize("mode", [binary, structured])
@pytest.mark.parametrize("kind", TYPES)
def test_each_type_is_told(mode, kind):
    assert storage_event(mode(type=f"google.cloud.storage.object.v1.{kind}")).type == kind


def test_data_that_reached_us_undecoded_is_decoded():
    for data in (json.dumps(DATA), json.dumps(DATA).encode()):
        assert storage_event(CloudEvent(dict(ENVELOPE), data)) == EXPECTED


def test_numbers_may_be_numbers():
    assert storage_event(binary(DATA | {"generation": 1587627537231057, "size": 352})) == EXPECTED


def test_what_an_object_lacks_has_a_plain_value():
    event = storage_event(binary({"bucket": "b", "name": "menswear/x.png", "generation": "7"}))
    assert (event.metageneration, event.size, event.metadata) == (1, 0, {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-04-23T07:38:57Z", datetime(2020, 4, 23, 7, 38, 57, tzinfo=UTC)),
        ("2020-04-23T07:38:57.123456789Z", datetime(2020, 4, 23, 7, 38, 57, 123456, UTC)),
        ("2020-04-23T09:38:57+02:00", datetime(2020, 4, 23, 7, 38, 57, tzinfo=UTC)),
        ("2020-04-23T07:38:57", datetime(2020, 4, 23, 7, 38, 57, tzinfo=UTC)),
    ],
)
def test_times_are_utc(text, expected):
    time = storage_event(binary(time=text)).time
    assert time == expected
    assert time.tzinfo is UTC


@pytest.mark.parametrize(
    "kind",
    [
        "google.cloud.storage.object.v1.archived",
        "google.cloud.audit.log.v1.written",
        "finalized",
        "com.example.finalized",
    ],
)
def test_another_type_is_refused(kind):
    with pytest.raises(EventRefused, match=r"expected an event of type .*finalized.*, found '.*'"):
        storage_event(binary(type=kind))


@pytest.mark.parametrize(
    "change",
    [
        {"name": None},
        {"name": ""},
        {"name": "x" * 1025},
        {"name": "womenswear/\ud800.jpg"},
        {"bucket": ""},
        {"generation": "0"},
        {"generation": "-1"},
        {"generation": "seven"},
        {"generation": str(2**63)},
        {"metageneration": str(10**10)},
        {"size": "-1"},
        {"metadata": {"price": 12}},
        {"metadata": ["price"]},
    ],
    ids=lambda change: ascii(change)[:40],
)
def test_data_of_another_form_is_refused(change):
    with pytest.raises(EventRefused, match="expected the data of a storage object, found"):
        storage_event(binary(DATA | change))


@pytest.mark.parametrize("key", ["name", "bucket", "generation"])
def test_data_that_lacks_what_is_needed_is_refused(key):
    with pytest.raises(EventRefused, match=key):
        storage_event(structured({name: value for name, value in DATA.items() if name != key}))


@pytest.mark.parametrize("data", [None, b"no JSON", "", [], 7, {}])
def test_data_that_is_no_object_is_refused(data):
    with pytest.raises(EventRefused):
        storage_event(CloudEvent(dict(ENVELOPE), data))


@pytest.mark.parametrize(
    "time", ["yesterday", "", "1587627537", "0001-01-01T00:00:00+05:00", "1969-12-31T23:59:59Z"]
)
def test_a_time_of_another_form_is_refused(time):
    with pytest.raises(EventRefused, match="expected a time in RFC 3339"):
        storage_event(CloudEvent(ENVELOPE | {"time": time}, DATA))


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200),
    st.integers(1, 2**63 - 1),
    st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=4),
    st.datetimes(datetime(1970, 1, 2), timezones=st.just(timezone(timedelta(hours=5)))),
)
def test_whatever_is_sent_comes_back(name, generation, metadata, time):
    data = DATA | {"name": name, "generation": str(generation), "metadata": metadata}
    event = storage_event(CloudEvent(ENVELOPE | {"time": time.isoformat()}, data))
    assert (event.name, event.generation, event.metadata) == (name, generation, metadata)
    assert event.time == time
