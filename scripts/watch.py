"""What Google would do between a bucket and a function: turn changes of a folder into CloudEvents,
deliver them over HTTP, and deliver them again while the function answers 5xx.

At the start every file is announced: `embed_on_upload` acknowledges what the catalogue has at once.
"""

import asyncio
import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from shared.storage.ports import Blob, Blobs

POLL_SECONDS = 0.25
DELIVERIES = 4
FIRST_BACK_OFF, LONGEST_BACK_OFF = 0.2, 10.0


@dataclass(frozen=True)
class Change:
    """Something that happened to one object. ``kind`` is finalized, metadataUpdated or deleted."""

    kind: str
    blob: Blob


class Differences:
    """What changed from one listing of a bucket to the next.

    A new generation counts once two listings in a row agree on it, so that a file that is still being
    written is not announced.
    """

    def __init__(self) -> None:
        self.announced: dict[str, Blob] = {}
        self.unsettled: dict[str, int] = {}

    def since(self, listing: Mapping[str, Blob]) -> list[Change]:
        """The changes that ``listing`` (by name) shows against the last one."""
        changes = []
        for name, blob in listing.items():
            before = self.announced.get(name)
            if before is None or before.generation != blob.generation:
                if self.unsettled.get(name) != blob.generation:
                    self.unsettled[name] = blob.generation
                    continue
                self.unsettled.pop(name)
                changes.append(Change("finalized", blob))
            elif before.metageneration != blob.metageneration:
                changes.append(Change("metadataUpdated", blob))
            self.announced[name] = blob
        for name in [name for name in self.announced if name not in listing]:
            changes.append(Change("deleted", self.announced.pop(name)))
        for name in [name for name in self.unsettled if name not in listing]:
            self.unsettled.pop(name)
        return changes


def cloud_event(change: Change, bucket: str, now: datetime) -> tuple[dict[str, str], dict[str, object]]:
    """Headers and body of a binary CloudEvent of Google's Storage schema (numbers as strings)."""
    blob = change.blob
    headers = {
        "ce-specversion": "1.0",
        "ce-id": uuid.uuid4().hex,
        "ce-type": f"google.cloud.storage.object.v1.{change.kind}",
        "ce-source": f"//storage.googleapis.com/projects/_/buckets/{bucket}",
        "ce-time": now.isoformat().replace("+00:00", "Z"),
    }
    # The subject holds the name; header values are ASCII, so only such a name can stand there.
    if blob.name.isascii() and blob.name.isprintable():
        headers["ce-subject"] = f"objects/{blob.name}"
    body: dict[str, object] = {
        "kind": "storage#object",
        "bucket": bucket,
        "name": blob.name,
        "generation": str(blob.generation),
        "metageneration": str(blob.metageneration),
        "size": str(blob.size),
        "timeCreated": blob.created.isoformat().replace("+00:00", "Z"),
        "updated": now.isoformat().replace("+00:00", "Z"),
        "metadata": dict(blob.metadata),
    }
    return headers, body


class Watcher:
    """Watches one bucket and delivers its changes to one address until cancelled."""

    def __init__(
        self, blobs: Blobs, address: str, bucket: str, acknowledged: Callable[[Change], None] | None = None
    ) -> None:
        self.blobs, self.address, self.bucket, self.acknowledged = blobs, address, bucket, acknowledged
        self.differences = Differences()
        self.looks = 0
        self.outstanding: set[asyncio.Task[None]] = set()
        self.places = asyncio.Semaphore(DELIVERIES)

    @property
    def settled(self) -> bool:
        """Whether everything seen has been acknowledged."""
        return not self.outstanding and not self.differences.unsettled

    async def run(self) -> None:
        """Look, deliver, look again."""
        async with httpx.AsyncClient(timeout=120, trust_env=False) as client:
            try:
                while True:
                    blobs = await asyncio.to_thread(lambda: list(self.blobs.list()))
                    for change in self.differences.since({blob.name: blob for blob in blobs}):
                        task = asyncio.create_task(self.deliver(client, change))
                        self.outstanding.add(task)
                        task.add_done_callback(self.outstanding.discard)
                    self.looks += 1
                    await asyncio.sleep(POLL_SECONDS)
            finally:
                for task in self.outstanding:
                    task.cancel()

    async def deliver(self, client: httpx.AsyncClient, change: Change) -> None:
        """Send one event until it is acknowledged, waiting longer after each failure."""
        headers, body = cloud_event(change, self.bucket, datetime.now(UTC))
        wait = FIRST_BACK_OFF
        while True:
            try:
                async with self.places:
                    answer = await client.post(self.address, headers=headers, json=body)
                if answer.status_code < 500:
                    break
            except httpx.TransportError:
                pass
            await asyncio.sleep(wait * random.uniform(0.5, 1))
            wait = min(wait * 2, LONGEST_BACK_OFF)
        if self.acknowledged:
            self.acknowledged(change)
