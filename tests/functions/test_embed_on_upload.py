"""embed_on_upload under functions-framework: real CloudEvents, real pictures, real networks, real folders."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import functions_framework
import numpy as np
import pytest
from PIL import Image

from shared import wiring
from shared.log import Manifest, swap_manifest
from shared.reader import Reader
from shared.rejected import rejections
from shared.storage.folder import Folder
from shared.storage.ports import Blob
from tests.bundles import card, publish

SOURCE = Path(__file__).resolve().parents[2] / "functions" / "embed_on_upload" / "main.py"
PUSHED = {
    "finalized": "OBJECT_FINALIZE",
    "deleted": "OBJECT_DELETE",
    "metadataUpdated": "OBJECT_METADATA_UPDATE",
}
RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)
A1 = "womenswear/a1.jpg"
PLACES = (wiring.settings, wiring.images, wiring.catalogue, wiring.reader, wiring.encoders)


class Local:
    """The function's test client, and the two buckets it works on."""

    def __init__(self, root: Path, capsys) -> None:
        self.root, self.capsys = root, capsys
        self.images, self.blobs = Folder(root / "images"), Folder(root / "catalogue")
        self.client = functions_framework.create_app("embed_on_upload", str(SOURCE)).test_client()

    def send(self, kind: str, blob: Blob, mode: str = "binary", age=timedelta(0), **changes) -> int:
        """Deliver an event as Google sends it, of what happened ``age`` ago; the answer's status."""
        envelope = {
            "specversion": "1.0",
            "id": f"{blob.name}-{blob.generation}-{kind}",
            "type": f"google.cloud.storage.object.v1.{kind}",
            "source": "//storage.googleapis.com/projects/_/buckets/images",
            "time": (datetime.now(UTC) - age).isoformat(),
        }
        data = {
            "bucket": "images",
            "name": blob.name,
            "generation": str(blob.generation),
            "metageneration": str(blob.metageneration),
            "size": str(blob.size),
            "metadata": dict(blob.metadata),
        } | changes
        if mode == "pushed":
            message = {"messageId": envelope["id"], "publishTime": envelope["time"]}
            message["data"] = base64.b64encode(json.dumps(data).encode()).decode()
            message["attributes"] = {"eventType": PUSHED[kind], "payloadFormat": "JSON_API_V1"}
            body = {"subscription": "projects/p/subscriptions/s", "message": message}
            return self.client.post("/", json=body).status_code
        if mode == "binary":
            headers = {f"ce-{key}": value for key, value in envelope.items()}
            return self.client.post("/", headers=headers, json=data).status_code
        body = json.dumps(envelope | {"datacontenttype": "application/json", "data": data})
        return self.client.post(
            "/", data=body, headers={"content-type": "application/cloudevents+json"}
        ).status_code

    def logged(self) -> list[dict]:
        """The JSON lines written since the last look."""
        return [
            json.loads(line) for line in self.capsys.readouterr().out.splitlines() if line.startswith("{")
        ]

    def items(self, department: str = "womenswear") -> dict[str, dict]:
        """What is visible, by item id; ``vector`` is the whole embedding, rounded."""
        reader = Reader(self.blobs, department, max_age=0)
        visible = reader.catalogue().visible(reader.card())
        return {
            str(item_id): visible.describe(row)
            | {"vector": tuple(np.round(visible.vectors[row].astype(float), 2).tolist())}
            for row, item_id in enumerate(visible.item_ids)
        }


@pytest.fixture
def local(tmp_path, monkeypatch, capsys) -> Iterator[Local]:
    monkeypatch.setenv("IMAGES", f"file://{tmp_path}/images")
    monkeypatch.setenv("CATALOGUE", f"file://{tmp_path}/catalogue")
    monkeypatch.setenv("CATALOGUE_MAX_AGE", "0")
    for place in PLACES:
        place.cache_clear()
    local = Local(tmp_path, capsys)
    publish(local.blobs, card())
    swap_manifest(local.blobs, Manifest(department="womenswear", model="colours-1"), if_generation=0)
    yield local
    for place in PLACES:
        place.cache_clear()


def picture(colour, format="JPEG") -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (300, 300), colour).save(buffer, format)
    return buffer.getvalue()


@pytest.mark.parametrize("mode", ["binary", "structured", "pushed"])
def test_a_picture_becomes_an_item(local, mode):
    blob = local.images.write(A1, picture(RED), metadata={"price": "12.50", "currency": "EUR"})
    assert local.send("finalized", blob, mode) == 200
    assert local.items() == {
        "a1": {
            "item_id": "a1",
            "price": 12.5,
            "currency": "EUR",
            "category": "dress",
            "category_predicted": True,
            "vector": (0.84, 0.0, 0.0, 0.0, 0.55, 0.0),
        }
    }


def test_each_event_is_one_line_of_json(local):
    blob = local.images.write(A1, picture(RED), metadata={"photographer": "x"})
    local.send("finalized", blob)
    (line,) = local.logged()
    assert line.pop("ms") > 0
    assert list(line.pop("stages")) == ["catalogue", "write", "read", "decode", "model", "encode"]
    assert line == {
        "severity": "INFO",
        "message": "embedded",
        "function": "embed_on_upload",
        "trace": None,
        "event_id": f"{A1}-{blob.generation}-finalized",
        "event": "finalized",
        "object": A1,
        "generation": blob.generation,
        "item_id": "a1",
        "model": "colours-1",
        "category": "dress",
        "kept_out": ["photographer"],
    }


def test_an_event_that_comes_twice_is_acknowledged_twice_and_done_once(local):
    blob = local.images.write(A1, picture(RED))
    assert [local.send("finalized", blob, mode) for mode in ("binary", "structured")] == [200, 200]
    assert [line["message"] for line in local.logged()] == ["embedded", "known"]
    assert len(list(local.blobs.list("womenswear/deltas/"))) == 1


def test_a_superseded_generation_is_acknowledged(local):
    old = local.images.write(A1, picture(RED))
    new = local.images.write(A1, picture(BLUE))
    assert local.send("finalized", new) == 200
    assert local.send("finalized", old) == 200
    assert local.items()["a1"]["category"] == "shoes"


def test_a_deletion_may_come_before_what_it_deletes(local):
    blob = local.images.write(A1, picture(RED))
    local.images.delete(A1)
    assert [local.send("deleted", blob), local.send("finalized", blob)] == [200, 200]
    assert [line["message"] for line in local.logged()] == ["removed", "superseded"]
    assert local.items() == {}


@pytest.mark.parametrize("mode", ["binary", "structured", "pushed"])
def test_tables_and_metadata_change_attributes_only(local, mode):
    table = local.images.write(
        "womenswear/spring.csv", b"\xef\xbb\xbfitem_id,brand,price\na1,Luma,5\na2,Luma,x\n"
    )
    assert local.send("finalized", table, mode) == 200
    assert local.send("finalized", local.images.write(A1, picture(GREEN)), mode) == 200
    assert local.send("metadataUpdated", local.images.touch(A1, {"price": "4"}), mode) == 200
    assert [line["message"] for line in local.logged()] == ["read", "embedded", "known"]
    item = local.items()["a1"]
    assert (item["brand"], item["price"], item["category"]) == ("Luma", 4.0, "trousers")


def test_the_bad_rows_of_a_table_are_a_warning(local):
    local.send("finalized", local.images.write("womenswear/t.csv", b"item_id,price,margin\na1,x,1\n"))
    (line,) = local.logged()
    assert (line["severity"], line["faults"], line["kept_out"]) == ("WARNING", 1, ["margin"])
    assert line["first_faults"] == [
        {"where": 2, "reason": "price: expected a number such as 12.50, found 'x'"}
    ]


def test_a_bad_picture_is_acknowledged_recorded_and_cleared_by_a_good_one(local):
    assert local.send("finalized", local.images.write(A1, b"This is text called .jpg")) == 200
    assert rejections(local.blobs, "womenswear")["a1"].type == "NotAPicture"
    (line,) = local.logged()
    assert (line["severity"], line["message"], line["error"]) == ("WARNING", "rejected", "NotAPicture")
    assert local.send("finalized", local.images.write(A1, picture(RED))) == 200
    assert rejections(local.blobs, "womenswear") == {}
    assert set(local.items()) == {"a1"}


def test_what_is_neither_picture_nor_table_is_left_alone(local):
    assert local.send("finalized", local.images.write("womenswear/readme.txt", b"hello")) == 200
    assert [line["message"] for line in local.logged()] == ["left alone"]
    assert list(local.blobs.list("womenswear/deltas/")) == []


@pytest.mark.parametrize("changes", [{"generation": "zero"}, {"name": ""}, {"size": []}])
def test_an_event_of_another_form_is_acknowledged_and_logged(local, changes):
    blob = local.images.write(A1, picture(RED))
    assert local.send("finalized", blob, **changes) == 200
    (line,) = local.logged()
    assert (line["severity"], line["message"]) == ("ERROR", "event refused")
    assert line["reason"].startswith("expected the data of a storage object, found")
    assert local.send("archived", blob) == 200
    assert "found 'google.cloud.storage.object.v1.archived'" in local.logged()[0]["reason"]


def test_what_is_no_cloud_event_is_refused(local):
    assert local.client.post("/", json={"name": A1}).status_code == 400


# transient faults: 500, so that the event is sent again


def test_a_store_that_fails_brings_the_event_again(local):
    """A file lies where the log's folder must be, until somebody moves it away."""
    blob = local.images.write(A1, picture(RED))
    obstacle = local.root / "catalogue" / "womenswear" / "deltas"
    obstacle.write_bytes(b"")
    assert local.send("finalized", blob) == 500
    (line,) = [line for line in local.logged() if line["message"] == "event to be sent again"]
    assert line["severity"] == "ERROR"
    assert line["reason"]
    obstacle.unlink()
    assert local.send("finalized", blob) == 200
    assert set(local.items()) == {"a1"}


def test_a_department_without_a_model_brings_the_event_again(local):
    blob = local.images.write("menswear/m1.jpg", picture(RED))
    assert local.send("finalized", blob) == 500
    (line,) = [line for line in local.logged() if line["message"] == "event to be sent again"]
    assert line["error"] == "ModelMissing"
    assert "menswear/manifest.json: expected a manifest that names a model" in line["reason"]
    publish(local.blobs, card("menswear"))
    swap_manifest(local.blobs, Manifest(department="menswear", model="colours-1"), if_generation=0)
    assert local.send("finalized", blob) == 200
    assert set(local.items("menswear")) == {"m1"}


def test_an_event_that_fails_for_hours_is_recorded_and_acknowledged(local):
    blob = local.images.write("menswear/m1.jpg", picture(RED))
    assert local.send("finalized", blob, age=timedelta(hours=5, minutes=59)) == 500
    assert local.send("finalized", blob, age=timedelta(hours=6, minutes=1)) == 200
    recorded = rejections(local.blobs, "menswear")["m1"]
    assert recorded.type == "GivenUp"
    assert recorded.reason.startswith("expected success within 6 hours, found after 6.0: ModelMissing: ")
    assert local.logged()[-1]["severity"] == "WARNING"
    publish(local.blobs, card("menswear"))
    swap_manifest(local.blobs, Manifest(department="menswear", model="colours-1"), if_generation=0)
    assert local.send("metadataUpdated", local.images.touch("menswear/m1.jpg")) == 200
    assert set(local.items("menswear")) == {"m1"}
    assert rejections(local.blobs, "menswear") == {}


def test_a_late_event_that_succeeds_is_taken_in(local):
    """After a long queue, or an outage, nothing is lost."""
    assert local.send("finalized", local.images.write(A1, picture(RED)), age=timedelta(days=3)) == 200
    assert set(local.items()) == {"a1"}


def test_a_damaged_model_brings_the_event_again(local):
    name = "models/womenswear/colours-1/resnet50.onnx"
    whole = bytes(local.blobs.read(name)[0])
    local.blobs.write(name, whole[:-1] + b"?")
    blob = local.images.write(A1, picture(RED))
    assert local.send("finalized", blob) == 500
    assert local.logged()[0]["error"] == "ModelDamaged"
    local.blobs.write(name, whole)
    assert local.send("finalized", blob) == 200
