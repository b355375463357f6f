"""Google's side of the system on this machine: buckets and profiles on emulators, and the way from the
bucket of images through Pub/Sub to a function. All of it is in memory and ends with the process.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from scripts import emulators
from scripts.emulators import Emulator
from scripts.processes import CannotServe
from shared import wiring
from shared.deltas import parse_delta_name
from shared.departments import DEPARTMENTS

PROJECT = "stylekin"
IMAGES, CATALOGUE = "images", "catalogue"
TOPIC = "images"
# Everything that embed_on_upload is to know of; Pub/Sub sends again what is not acknowledged in this time.
EVENTS = "finalize,delete,metadataUpdate"
ACKNOWLEDGED_SECONDS = 600


class Emulated:
    """The emulators, and what is set up in them. ``events_to`` is the address of embed_on_upload."""

    def __init__(self, folder: Path, events_to: str) -> None:
        self.events_to = events_to
        self.pubsub = emulators.pubsub(folder)
        self.firestore = emulators.firestore(folder)
        notify = [f"-event.bucket={IMAGES}", f"-event.list={EVENTS}", f"-event.pubsub-topic={TOPIC}"]
        self.storage = emulators.storage(folder, *notify, f"-event.pubsub-project-id={PROJECT}")
        self.environment = {
            "IMAGES": f"gs://{IMAGES}",
            "CATALOGUE": f"gs://{CATALOGUE}",
            "USERS": f"firestore://{PROJECT}/(default)",
            **self.storage.environment,
            **self.firestore.environment,
        }

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The emulators, up, with empty buckets whose events are pushed to ``events_to``."""
        every: tuple[Emulator, ...] = (self.pubsub, self.firestore, self.storage)
        try:
            self.pubsub.start()
            self.firestore.start()
            self.storage.start(**self.pubsub.environment)
            for emulator in every:
                while not emulator.is_up():
                    await asyncio.sleep(0.05)
            os.environ.update(self.environment)  # this process puts models and pictures there
            await self.set_up()
            yield
        finally:
            for emulator in every:
                emulator.stop()

    async def set_up(self) -> None:
        """Make the buckets, the topic, and the subscription that pushes."""
        topic = f"projects/{PROJECT}/topics/{TOPIC}"
        subscription = f"projects/{PROJECT}/subscriptions/embed_on_upload"
        push: dict[str, object] = {"topic": topic, "pushConfig": {"pushEndpoint": self.events_to}}
        push["ackDeadlineSeconds"] = ACKNOWLEDGED_SECONDS
        async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
            for bucket in (IMAGES, CATALOGUE):
                answer = await client.post(self.of_storage(f"b?project={PROJECT}"), json={"name": bucket})
                answer.raise_for_status()
            pubsub = f"http://{self.pubsub.address}/v1"
            (await client.put(f"{pubsub}/{topic}", json={})).raise_for_status()
            (await client.put(f"{pubsub}/{subscription}", json=push)).raise_for_status()

    def of_storage(self, path: str) -> str:
        """An address of Cloud Storage's JSON interface."""
        return f"http://{self.storage.address}/storage/v1/{path}"

    async def ended(self) -> None:
        """Wait until an emulator ends by itself, and raise CannotServe."""
        while all(emulator.is_up() for emulator in (self.pubsub, self.firestore, self.storage)):
            await asyncio.sleep(0.5)
        raise CannotServe(f"an emulator stopped answering; their logs are in {self.storage.log.parent}")

    async def take_in(self, folder: Path, count: Callable[[int], object]) -> None:
        """Upload a shop's folder, and wait until the catalogue has its pictures; ``count`` gets how many."""
        files = [path for department in DEPARTMENTS for path in sorted((folder / department).iterdir())]
        await asyncio.to_thread(self._upload, folder, files)
        pictures = sum(path.suffix != ".csv" for path in files)
        while (taken := await asyncio.to_thread(self._taken_in)) < pictures:
            count(taken)
            await asyncio.sleep(0.5)
        count(taken)

    @staticmethod
    def _upload(folder: Path, files: list[Path]) -> None:
        images = wiring.blobs("IMAGES", f"gs://{IMAGES}")
        for path in files:
            images.write(path.relative_to(folder).as_posix(), path.read_bytes())

    @staticmethod
    def _taken_in() -> int:
        """How many pictures are in the log or among the rejected."""
        catalogue = wiring.blobs("CATALOGUE", f"gs://{CATALOGUE}")
        names = [blob.name for department in DEPARTMENTS for blob in catalogue.list(f"{department}/")]
        deltas = [parse_delta_name(name) for name in names]
        return sum(delta is not None and delta.kind == "picture" for delta in deltas) + sum(
            "/rejected/" in name for name in names
        )
