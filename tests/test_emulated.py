"""From an upload to a recommendation on Google's emulators: Cloud Storage, Pub/Sub, the function, the
catalogue, Firestore. Nothing of ours stands between them but the functions.

fake-gcs-server gives every change of metadata the metageneration 1, so that it counts as known already:
tests/functions/test_embed_on_upload.py tries what Cloud Storage sends.
"""

import asyncio
import io
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from scripts import emulators, serve
from scripts.processes import CannotServe, signal_group
from scripts.publish_models import publish
from shared import wiring
from shared.departments import DEPARTMENTS
from shared.storage.gcs import Bucket
from tests.running import System, children, eventually, free_ports, running
from tests.scripts.test_emulators import alive


class Cloud:
    """A shop that knows Cloud Storage's own interface, and a shopper."""

    def __init__(self, system: System) -> None:
        self.system = system
        found = re.search(r"http://(127\.0\.0\.1:\d+)/upload/", system.log())
        assert found is not None, system.log()
        self.storage = f"http://{found[1]}"

    def upload(self, name: str, data: bytes, **metadata: str) -> None:
        self.system.http.post(
            f"{self.storage}/upload/storage/v1/b/images/o",
            params={"uploadType": "multipart"},
            files={
                "metadata": (None, httpx_json({"name": name, "metadata": metadata}), "application/json"),
                "data": (None, data, "application/octet-stream"),
            },
        ).raise_for_status()

    def delete(self, name: str) -> None:
        path = name.replace("/", "%2F")
        self.system.http.delete(f"{self.storage}/storage/v1/b/images/o/{path}").raise_for_status()

    def items(self, **filters: Any) -> dict[str, dict[str, Any]]:
        answer = self.system.ask(self.shopper, limit=100, filters=filters)
        return {entry["item"]["item_id"]: entry["item"] for entry in answer["recommendations"]}

    def register(self) -> "Cloud":
        self.shopper = self.system.shopper("womenswear")
        return self


def httpx_json(value: object) -> bytes:
    return httpx.Request("POST", "http://nowhere", json=value).content


def picture(*colours: str) -> bytes:
    image = Image.new("RGB", (200 * len(colours), 300))
    for place, colour in enumerate(colours):
        image.paste(colour, (200 * place, 0, 200 * (place + 1), 300))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    folder = tmp_path_factory.mktemp("cloud")
    for kind in (emulators.storage, emulators.firestore, emulators.pubsub):
        try:
            kind(folder)
        except CannotServe as error:
            pytest.skip(str(error))
    with running(folder / "local", "--cloud", "emulators") as system:
        eventually("the system says that it is ready", lambda: "Ready." in system.log())
        yield Cloud(system).register()
        assert system.process is not None
        below = children(system.process.pid)
        assert len(below) >= 8
        assert system.stop() == 0
    eventually("every process is gone", lambda: not any(alive(pid) for pid in below), 10)


def test_a_folder_is_taken_in_as_the_demo_does_and_an_end_is_told(
    tmp_path: Path, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    wardrobe, counted = tmp_path / "wardrobe", list[int]()
    for department in DEPARTMENTS:
        (wardrobe / department).mkdir(parents=True)
        (wardrobe / department / "wardrobe.csv").write_text("item_id,brand\npink,Luma\n")
        for colour in ("pink", "gray"):
            (wardrobe / department / f"{colour}.jpg").write_bytes(picture(colour, "teal"))
    system = serve.System(tmp_path / "local", free_ports(8), emulated=True)
    for name in system.environment:
        monkeypatch.setenv(name, "")  # to be as before when the test ends

    async def take_in() -> None:
        assert system.google is not None
        async with system.folder(), system.google.running():
            blobs = wiring.blobs("CATALOGUE", system.environment["CATALOGUE"])
            assert isinstance(blobs, Bucket)
            try:
                publish(blobs)
                await system.start("embed_on_upload")
                await system.google.take_in(wardrobe, counted.append)
                assert system.google.firestore.running is not None
                signal_group(system.google.firestore.running.pid, signal.SIGKILL)
                with pytest.raises(CannotServe, match="cloud_firestore_emulator does not answer"):
                    await asyncio.wait_for(system.google.ended(), 20)
            finally:
                await system.stop()
                blobs.close()

    asyncio.run(take_in())
    assert counted == sorted(counted)
    assert counted[-1] == 4


def test_an_uploaded_picture_is_recommended(cloud: Cloud) -> None:
    cloud.upload("womenswear/red.jpg", picture("red"), price="12.50", currency="EUR")
    found = eventually("it is an item", lambda: cloud.items().get("red"))
    assert (found["price"], found["currency"]) == (12.5, "EUR")
    assert "red" not in cloud.items(max_price=10)


def test_a_table_may_come_first(cloud: Cloud) -> None:
    cloud.upload("womenswear/prices.csv", b"item_id,price,currency\nblue,7.90,EUR\n")
    cloud.upload("womenswear/blue.jpg", picture("blue", "white"))
    eventually("it is an item with its price", lambda: cloud.items().get("blue", {}).get("price") == 7.9)


def test_a_deleted_picture_is_gone(cloud: Cloud) -> None:
    cloud.upload("womenswear/brief.jpg", picture("green", "black"))
    eventually("it is an item", lambda: "brief" in cloud.items())
    cloud.delete("womenswear/brief.jpg")
    eventually("it is none", lambda: "brief" not in cloud.items())


def test_a_like_is_kept_and_never_recommended(cloud: Cloud) -> None:
    for name, colours in (("liked", ("navy", "gold")), ("other", ("gold", "navy", "gold"))):
        cloud.upload(f"womenswear/{name}.jpg", picture(*colours))
    eventually("both are items", lambda: {"liked", "other"} <= cloud.items().keys())
    shopper = cloud.system.shopper("womenswear")
    answer = cloud.system.ask(shopper, likes=["liked"])
    assert "liked" not in {entry["item"]["item_id"] for entry in answer["recommendations"]}
    assert cloud.system.http.get(cloud.system.register, headers=shopper).json()["likes"] == ["liked"]


def test_what_is_no_picture_is_recorded_and_acknowledged(cloud: Cloud) -> None:
    cloud.upload("womenswear/broken.jpg", b"not a picture")
    address = f"{cloud.storage}/storage/v1/b/catalogue/o/womenswear%2Frejected%2Fbroken.json"
    eventually("it is recorded", lambda: cloud.system.http.get(address).status_code == 200)


def test_compaction_keeps_what_is_there(cloud: Cloud) -> None:
    cloud.upload("womenswear/kept.jpg", picture("purple", "orange"))
    eventually("it is an item", lambda: "kept" in cloud.items())
    answer = cloud.system.http.post(cloud.system.compact, json={})
    assert answer.status_code == 200, answer.text
    listed = cloud.system.http.get(f"{cloud.storage}/storage/v1/b/catalogue/o?prefix=womenswear/snapshots/")
    assert listed.json()["items"]
    assert "kept" in cloud.items()
