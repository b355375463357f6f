"""What happens between a bucket of pictures and the catalogue, for tests: uploads, and the events of them."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import numpy as np
from PIL import Image

from shared import pictures
from shared.embedding import Outcome, take_in
from shared.encoder import Embedding
from shared.events import StorageEvent
from shared.log import Manifest, swap_manifest
from shared.reader import Reader
from shared.storage.ports import Blob, Blobs
from shared.vectors import fuse
from tests.bundles import CATEGORIES, card, publish
from tests.storage.memory import Memory

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)


class Colours:
    """An encoder that averages colours and counts: plain red, green and blue are orthogonal."""

    def __init__(self) -> None:
        self.card = card()
        self.encoded = 0

    def encode(self, picture) -> Embedding:
        self.encoded += 1
        normal = picture.mean(axis=(1, 2), dtype=np.float64)
        colour = np.clip(normal * pictures.DEVIATION + pictures.MEAN, 0, 1).astype(np.float32)
        vector = fuse([colour[None], colour[None, [2, 0, 1]]], self.card.weights)[0]
        return Embedding(vector, np.full(5, 0.2, np.float32), CATEGORIES[int(colour.argmax())], 1.0)


class Shop:
    """A bucket of pictures, the catalogue's bucket with a model, and what happens between them."""

    def __init__(self, images: Blobs | None = None, blobs: Blobs | None = None) -> None:
        self.images = images or Memory()
        self.blobs = blobs or Memory()
        self.encoder = Colours()
        for department in ("womenswear", "menswear"):
            publish(self.blobs, card(department))
            swap_manifest(self.blobs, Manifest(department=department, model="colours-1"), if_generation=0)

    def reader(self, department: str) -> Reader:
        return Reader(self.blobs, department, max_age=0)

    def take_in(self, event: StorageEvent, blobs: Blobs | None = None, now: datetime = NOW) -> Outcome:
        encoders = {"colours-1": self.encoder}
        return take_in(
            event,
            self.images,
            blobs or self.blobs,
            self.reader,
            lambda department, version: encoders[version],
            now,
        )

    def drop(self, name: str, data: bytes, metadata=None) -> StorageEvent:
        return happened("finalized", self.images.write(name, data, metadata=metadata))

    def change(self, name: str, metadata=None) -> StorageEvent:
        return happened("metadataUpdated", self.images.touch(name, metadata))

    def delete(self, name: str) -> StorageEvent:
        blob = self.images.stat(name)
        self.images.delete(name)
        return happened("deleted", blob)

    def pretend_size(self, name: str, size: int) -> None:
        """Make the bucket say that an object is larger than it is: whoever fetches it finds a good one."""
        data, blob = self.images.objects[name]
        self.images.objects[name] = data, replace(blob, size=size)

    def items(self, department: str = "womenswear") -> dict[str, dict]:
        """What is visible, by item id, without the id; ``vector`` is the three numbers of the ResNet-50."""
        reader = self.reader(department)
        visible = reader.catalogue().visible(reader.card())
        found = {}
        for row, item_id in enumerate(visible.item_ids):
            told = visible.describe(row)
            del told["item_id"]
            found[str(item_id)] = told | {"vector": tuple(np.round(visible.vectors[row][:3] / 0.7**0.5, 2))}
        return found

    def deltas(self, department: str = "womenswear") -> list[str]:
        return [blob.name for blob in self.blobs.list(f"{department}/deltas/")]


def happened(kind, blob: Blob) -> StorageEvent:
    return StorageEvent(
        kind, "images", blob.name, blob.generation, blob.metageneration, blob.size, NOW, dict(blob.metadata)
    )


def picture(colour=RED, format="JPEG", size=(64, 64)) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, colour).save(buffer, format)
    return buffer.getvalue()


def seen(vector, category, **attributes) -> dict:
    return {"vector": vector, "category": category, "category_predicted": True, **attributes}
