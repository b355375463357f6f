"""Whatever happens to a bucket and to the events of it: after one reconciliation the catalogue is what the
bucket holds, byte for byte."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import numpy as np
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from shared.catalogue import Catalogue
from shared.compacting import KEPT, Report, compact
from shared.embedding import take_in
from shared.encoder import Embedding
from shared.events import StorageEvent, Type
from shared.log import GRACE, Manifest, swap_manifest
from shared.reader import Reader
from shared.reconciling import SETTLE, Reconciled, left_over, objects
from shared.snapshots import rows_of, table_of
from shared.storage.ports import Blob
from shared.vectors import fuse
from shared.visible import is_visible
from tests.bundles import WEIGHTS, card, publish
from tests.storage.memory import Memory

START = datetime(2026, 1, 1, tzinfo=UTC)
HISTORIES = 2_000
DEPARTMENT = "womenswear"
PICTURES = tuple(f"{DEPARTMENT}/{name}" for name in ("a.jpg", "a.png", "b.png", "c.webp"))
TWO_FILES = PICTURES[:2]  # of one item
TABLES = {f"{DEPARTMENT}/prices.csv": "price", f"{DEPARTMENT}/titles.csv": "title"}
CONTENTS = 4  # of each object; of a picture the last is none


def pixel(colour: tuple[int, int, int]) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (1, 1), colour).save(buffer, "PNG")
    return buffer.getvalue()


COLOURS = [pixel((255, 0, 0)), pixel((0, 255, 0)), pixel((0, 0, 255)), b"This is no picture."]


def content(name: str, number: int) -> bytes:
    """The bytes. Every version of a table names the same cells: what one no longer named would stay.

    Both files of an item are good: of several bad ones the newest alone is recorded (docs/formats.md).
    """
    if name in PICTURES:
        return COLOURS[number % 3 if name in TWO_FILES else number]
    rows = [f"{item},{(number + place) % 4 or ''}" for place, item in enumerate("abc")]
    return "\n".join([f"item_id,{TABLES[name]}", *rows]).encode()


class Glance:
    """An encoder that looks at the middle of a picture, which is cheap."""

    def __init__(self) -> None:
        self.card = card()

    def encode(self, picture: Any) -> Embedding:
        seen = np.exp(picture[:, 112, 112]).astype(np.float32)
        vector = fuse([seen[None], seen[None, [2, 0, 1]]], tuple(WEIGHTS.values()))[0]
        return Embedding(vector, np.full(5, 0.2, np.float32), "dress", float(seen[0] / seen.sum()))


@dataclass
class World:
    """Two buckets with one clock, and the events that are on their way or were delivered."""

    seconds: float = 0.0
    waiting: list[StorageEvent] = field(default_factory=list)
    delivered: list[StorageEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.images, self.blobs = Memory(self.now), Memory(self.now)
        # From a bucket without any object nothing is concluded: it may be the wrong one.
        self.images.write(f"{DEPARTMENT}/readme.txt", b"Pictures go here.")
        publish_colours(self.blobs)
        self.reader = Reader(self.blobs, DEPARTMENT, max_age=0, clock=lambda: self.seconds)

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def happen(self, kind: Type, blob: Blob) -> None:
        self.waiting.append(event_of(kind, blob, self.now()))

    def take(self, event: StorageEvent) -> None:
        take_in(event, self.images, self.blobs, lambda _: self.reader, lambda *_: ENCODER, self.now())

    def compact(self) -> Report:
        return compact(self.images, self.blobs, DEPARTMENT, self.now())

    # what may happen

    def upload(self, name: str, number: int) -> None:
        former = self.images.objects.get(name)
        metadata = {"brand": f"brand {number}" if number else ""} if name in PICTURES else {}
        self.happen("finalized", self.images.write(name, content(name, number), metadata=metadata))
        if former:  # Google tells of the end of what was overwritten, too
            self.happen("deleted", former[1])

    def change(self, name: str, number: int) -> None:
        if name in self.images.objects:
            metadata = {"brand": f"brand {number}" if number else ""} if name in PICTURES else {}
            self.happen("metadataUpdated", self.images.touch(name, metadata))

    def delete(self, name: str, number: int) -> None:
        """Of pictures; what a table said stays when it goes, so the bucket would not tell it."""
        if name in PICTURES and name in self.images.objects:
            blob = self.images.stat(name)
            self.images.delete(name)
            self.happen("deleted", blob)

    def deliver(self, name: str, number: int) -> None:
        """One of the waiting events, in any order."""
        if self.waiting:
            event = self.waiting.pop(number * len(self.waiting) // CONTENTS)
            self.delivered.append(event)
            self.take(event)

    def repeat(self, name: str, number: int) -> None:
        """One that was delivered before, again."""
        if self.delivered:
            self.take(self.delivered[number * len(self.delivered) // CONTENTS])

    def lose(self, name: str, number: int) -> None:
        if self.waiting:
            self.waiting.pop(number * len(self.waiting) // CONTENTS)

    def wait(self, name: str, number: int) -> None:
        self.seconds += (1, SETTLE.total_seconds() + 1, GRACE / 2, GRACE + 1)[number]

    def fold(self, name: str, number: int) -> None:
        """A compaction; what it asks for again is one more event, which may get lost like any other."""
        for blob in self.touched_by(self.compact):
            self.happen("metadataUpdated", blob)

    def touched_by(self, act: Any) -> list[Blob]:
        before = {blob.name: blob for blob in self.images.list()}
        act()
        return [blob for blob in self.images.list() if blob != before[blob.name]]


ENCODER = Glance()


def publish_colours(blobs: Memory) -> None:
    publish(blobs, ENCODER.card)
    swap_manifest(blobs, Manifest(department=DEPARTMENT, model=ENCODER.card.version), if_generation=0)


def event_of(kind: Type, blob: Blob, now: datetime) -> StorageEvent:
    return StorageEvent(
        kind, "images", blob.name, blob.generation, blob.metageneration, blob.size, now, blob.metadata
    )


def from_the_bucket_alone(world: World) -> Catalogue:
    """The catalogue of a shop that was empty, and into which everything that is there comes once."""
    fresh = World(world.seconds)
    fresh.images = world.images
    for blob in world.images.list():
        fresh.take(event_of("finalized", blob, world.now()))
    return fresh.reader.catalogue()


def shown(catalogue: Catalogue) -> bytes:
    """What is visible of a catalogue, as a snapshot of nothing else."""
    rows = rows_of(catalogue.table.filter(is_visible(catalogue.table)))
    kept = [{name: value for name, value in row.items() if not name.startswith("removed_")} for row in rows]
    return Catalogue(catalogue.space, catalogue.width, table_of(kept, catalogue.width), {}, 0).to_bytes()


ACTS = (
    *("upload",) * 3,
    *("deliver",) * 4,
    *("change", "delete", "repeat", "lose", "wait", "fold"),
)
steps = st.tuples(st.sampled_from(ACTS), st.sampled_from((*PICTURES, *TABLES)), st.integers(0, CONTENTS - 1))


LEFT_OVER = [  # the older of two files of an item, which chance seldom makes
    *(("upload", name, number) for number, name in enumerate(TWO_FILES)),
    *[("deliver", TWO_FILES[0], 0)] * 2,
    ("delete", TWO_FILES[1], 0),
    ("deliver", TWO_FILES[1], 0),
]

REPLACED = [  # the same, and a third file that comes before the older one is shown again
    *[("upload", name, 0) for name in reversed(TWO_FILES)],
    *[("deliver", TWO_FILES[0], 0)] * 2,
    ("delete", TWO_FILES[0], 0),
    ("deliver", TWO_FILES[0], 0),
    ("upload", TWO_FILES[0], 0),
]


@example(REPLACED, random.Random(0))
@example(LEFT_OVER, random.Random(0))
@example(LEFT_OVER[:-1], random.Random(0))
@settings(max_examples=HISTORIES, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, min_size=5, max_size=20), st.randoms(use_true_random=False))
def test_after_one_reconciliation_the_catalogue_is_what_the_bucket_holds(
    history: list[tuple[str, str, int]], chance: random.Random
) -> None:
    world = World()
    for act, name, number in history:
        getattr(world, act)(name, number)
    world.seconds += SETTLE.total_seconds() + 1
    events = [event_of("metadataUpdated", blob, world.now()) for blob in world.touched_by(world.compact)]
    # What was on its way all the time comes now, or never, and between what was asked for.
    events += [event for event in world.waiting if chance.random() < 0.5]
    chance.shuffle(events)
    for event in events:
        world.take(event)
    # A file that a newer one's removal hides is asked for once the log no longer tells of that: two more.
    there = objects(world.images, DEPARTMENT)
    for _ in range(2 if left_over(world.reader.catalogue(), there, world.now()) else 0):
        world.seconds += GRACE + 1
        for blob in world.touched_by(world.compact):
            world.take(event_of("metadataUpdated", blob, world.now()))
    bucket = from_the_bucket_alone(world)
    found, expected = world.reader.catalogue(), shown(bucket)
    assert shown(found) == expected
    assert found.sources == bucket.sources
    # That was enough, and is for good: also when removals are forgotten.
    for seconds in (KEPT.total_seconds(), GRACE):
        world.seconds += seconds + 1
        assert world.compact().reconciled == Reconciled()
    assert shown(world.reader.catalogue()) == expected
