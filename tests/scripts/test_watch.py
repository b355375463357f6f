"""Changes of a folder become the CloudEvents Google would send, delivered until they are acknowledged."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cloudevents.http import from_http

from scripts.watch import Change, Differences, Watcher, cloud_event
from shared.storage.folder import Folder
from shared.storage.ports import Blob

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def blob(name: str, generation: int = 1, metageneration: int = 1) -> Blob:
    return Blob(name, generation, metageneration, 10, NOW, {"title": "Shirt"})


def listing(*blobs: Blob) -> dict[str, Blob]:
    return {one.name: one for one in blobs}


def test_a_file_is_announced_once_it_holds_still() -> None:
    differences = Differences()
    assert differences.since(listing(blob("a", 1))) == []
    assert differences.since(listing(blob("a", 2))) == []
    assert differences.since(listing(blob("a", 2))) == [Change("finalized", blob("a", 2))]
    assert differences.since(listing(blob("a", 2))) == []
    assert not differences.unsettled


def test_overwriting_touching_and_deleting_are_three_events() -> None:
    differences = Differences()
    for one in (blob("a", 1), blob("a", 1)):
        differences.since(listing(one))
    assert differences.since(listing(blob("a", 1, 2))) == [Change("metadataUpdated", blob("a", 1, 2))]
    assert differences.since(listing(blob("a", 5))) == []
    assert differences.since(listing(blob("a", 5))) == [Change("finalized", blob("a", 5))]
    assert differences.since({}) == [Change("deleted", blob("a", 5))]
    assert differences.since({}) == []


def test_a_file_gone_before_it_was_announced_was_never_there() -> None:
    differences = Differences()
    differences.since(listing(blob("a")))
    assert differences.since({}) == []
    assert differences.since(listing(blob("a"))) == []


def test_an_event_is_a_cloud_event_of_googles_schema() -> None:
    headers, body = cloud_event(Change("finalized", blob("womenswear/a.jpg", 7, 3)), "images", NOW)
    event = from_http(headers, json.dumps(body).encode())
    assert event["type"] == "google.cloud.storage.object.v1.finalized"
    assert event["subject"] == "objects/womenswear/a.jpg"
    assert event["time"] == "2026-11-22T12:00:00Z"
    assert event.data["name"] == "womenswear/a.jpg"
    assert (event.data["generation"], event.data["metageneration"], event.data["size"]) == ("7", "3", "10")
    assert event.data["metadata"] == {"title": "Shirt"}


def test_a_name_that_no_header_can_hold_stands_in_the_body() -> None:
    headers, body = cloud_event(Change("deleted", blob("womenswear/größe\n.jpg")), "images", NOW)
    assert "ce-subject" not in headers
    assert body["name"] == "womenswear/größe\n.jpg"


@contextmanager
def function(statuses: list[int]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """An address that answers with these statuses in turn, then 200, and what was sent to it."""
    heard: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.append((self.headers["ce-type"].rpartition(".")[2], body["name"]))
            self.send_response(statuses.pop(0) if statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def watch(watcher: Watcher, events: int, acknowledged: list[Change]) -> None:
    """Let a watcher run until so many events are acknowledged."""
    task = asyncio.create_task(watcher.run())
    try:
        async with asyncio.timeout(30):
            while len(acknowledged) < events or not watcher.settled:
                await asyncio.sleep(0.02)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def test_an_event_is_delivered_again_until_it_is_acknowledged(tmp_path: Path) -> None:
    images = Folder(tmp_path)
    images.write("womenswear/a.jpg", b"a")
    acknowledged: list[Change] = []
    with function([500, 503]) as (address, heard):
        asyncio.run(watch(Watcher(images, address, "images", acknowledged.append), 1, acknowledged))
    assert heard == [("finalized", "womenswear/a.jpg")] * 3
    assert [change.blob.name for change in acknowledged] == ["womenswear/a.jpg"]


def test_a_refused_event_is_not_sent_again(tmp_path: Path) -> None:
    images = Folder(tmp_path)
    images.write("womenswear/a.jpg", b"a")
    acknowledged: list[Change] = []
    with function([400]) as (address, heard):
        asyncio.run(watch(Watcher(images, address, "images", acknowledged.append), 1, acknowledged))
    assert len(heard) == 1


def test_one_event_that_fails_holds_up_no_other(tmp_path: Path) -> None:
    images = Folder(tmp_path)
    for name in "abcdefgh":
        images.write(f"menswear/{name}.jpg", name.encode())
    acknowledged: list[Change] = []
    with function([500] * 6) as (address, heard):
        asyncio.run(watch(Watcher(images, address, "images", acknowledged.append), 8, acknowledged))
    assert len(heard) == 14
    assert {change.blob.name for change in acknowledged} == {f"menswear/{name}.jpg" for name in "abcdefgh"}


def test_a_deleted_event_names_the_generation_that_was_deleted(tmp_path: Path) -> None:
    images = Folder(tmp_path)
    written = images.write("menswear/a.jpg", b"a")
    acknowledged: list[Change] = []

    def then_delete(change: Change) -> None:
        acknowledged.append(change)
        if change.kind == "finalized":
            images.delete("menswear/a.jpg")

    with function([]) as (address, heard):
        asyncio.run(watch(Watcher(images, address, "images", then_delete), 2, acknowledged))
    assert [kind for kind, _ in heard] == ["finalized", "deleted"]
    assert acknowledged[1].blob.generation == written.generation


def test_three_looks_after_a_file_was_written_it_is_announced(tmp_path: Path) -> None:
    images = Folder(tmp_path)

    async def written_while_watching(watcher: Watcher) -> list[str]:
        task = asyncio.create_task(watcher.run())
        async with asyncio.timeout(30):
            while not watcher.looks:
                await asyncio.sleep(0.01)
            images.write("womenswear/a.jpg", b"a")
            enough = watcher.looks + 3
            while watcher.looks < enough or not watcher.settled:
                await asyncio.sleep(0.01)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return list(watcher.differences.announced)

    with function([]) as (address, heard):
        announced = asyncio.run(written_while_watching(Watcher(images, address, "images")))
    assert announced == ["womenswear/a.jpg"]
    assert heard == [("finalized", "womenswear/a.jpg")]
