"""The contract every stock keeps, and what is special to an engine. A new engine joins by its name in
``STOCKS``; it is tried with the lists that shoppers are shown, which must be those of the memory."""

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from scripts.fill_engine import fill
from shared.asking import Asked, MaxPer, Request
from shared.card import Part, write_card
from shared.compacting import compact
from shared.deltas import write_facts
from shared.departments import Space
from shared.engine import Embedded, Engine, Need
from shared.errors import ModelMissing, SettingsError
from shared.facts import Attributes, Fact, Picture, Removed, Source, clock
from shared.filters import Filters
from shared.log import append, delta_name, read_model_card
from shared.manifest import Manifest, read_manifest, swap_manifest
from shared.reader import Reader
from shared.recommending import preview
from shared.stock import EngineStock, Stock
from shared.storage.firestore_items import FirestoreItems
from shared.storage.folder import Folder
from shared.storage.indexed import Indexed
from shared.storage.ports import Blobs
from shared.storage.vertex_items import VertexItems
from tests.bundles import WEIGHTS, card
from tests.running import ROOT
from tests.shop import AXES, WIDTH, embedding
from tests.storage.vertex import ENDPOINT, LOCATION, PLACE, Vertex
from tests.terraform import local_values

PARTS = tuple(Part(name, f"{name}.onnx", WIDTH, weight) for name, weight in WEIGHTS.items())
CARDS = {name: card(name, parts=PARTS) for name in ("womenswear", "menswear")}
MODEL = CARDS["womenswear"].version
DEMO = read_model_card(Folder(ROOT), "womenswear", "demo-4")
SPACE = Space("womenswear", MODEL)


@dataclass
class World:
    """A catalogue, and the stocks that are made of it."""

    bucket: Folder
    blobs: Blobs
    engine: Engine | None
    generation: int = 0

    def stock(self, department: str = "womenswear") -> Stock:
        """A department as a function that has just started finds it."""
        if self.engine is None:
            return Reader(self.blobs, department, 0)
        return EngineStock(self.blobs, department, self.engine, 0)

    def put(self, item_id: str, direction: Any, department: str = "womenswear", **fields: Any) -> None:
        """A picture, and what is known of it."""
        self.write(self.blobs, item_id, direction, department, **fields)

    def write(self, blobs: Blobs, item_id: str, direction: Any, department: str, **fields: Any) -> None:
        """The same in ``blobs``, which may be a log that no engine knows of."""
        at = self.clock(item_id, department)
        model = CARDS[department].version
        fact = Picture(item_id, at, model, embedding(direction), None, 0.0)
        assert append(blobs, department, delta_name(at, "picture", model), [fact])
        told = {name: tuple(value) if name == "sizes" else value for name, value in fields.items()}
        append(blobs, department, delta_name(at, "attributes"), [Attributes(item_id, at, told)])

    def clock(self, item_id: str, department: str = "womenswear") -> str:
        """The next moment."""
        self.generation += 1
        return clock(self.generation, 0, f"{department}/{item_id}.jpg")

    def shown(self, request: Request | None = None, department: str = "womenswear") -> dict[str, Any]:
        """What a shopper is answered who is new."""
        return preview(self.stock, department, request or Request(limit=100)).body


def folder(tmp_path: Path) -> Folder:
    bucket = Folder(tmp_path / uuid.uuid4().hex)
    for name, model in CARDS.items():
        bucket.write(f"models/{name}/{model.version}/card.json", write_card(model))
        swap_manifest(bucket, Manifest(department=name, model=model.version), 0)
    return bucket


def memory(tmp_path: Path) -> World:
    bucket = folder(tmp_path)
    return World(bucket, bucket, None)


def firestore(tmp_path: Path) -> World:
    """A project of its own, on the server that FIRESTORE_EMULATOR_HOST names."""
    bucket = folder(tmp_path)
    engine = FirestoreItems(f"test-{uuid.uuid4().hex[:16]}", "(default)")
    for name, model in CARDS.items():
        engine.fill(Space(name, model.version))
    return World(bucket, Indexed(bucket, engine), engine)


def vertex(tmp_path: Path) -> World:
    """Documents as above; what finds them stands in for the service."""
    bucket = folder(tmp_path)
    engine = VertexItems(f"test-{uuid.uuid4().hex[:16]}", "(default)", LOCATION, ENDPOINT, Vertex().session())
    engine._endpoint = f"{PLACE}/indexEndpoints/{ENDPOINT}"
    for name, model in CARDS.items():
        engine.fill(Space(name, model.version))
    return World(bucket, Indexed(bucket, engine), engine)


STOCKS: dict[str, Callable[[Path], World]] = {"memory": memory, "firestore": firestore, "vertex": vertex}


def opened(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    if name != "memory":
        request.getfixturevalue("firestore_emulator")
    world = STOCKS[name](tmp_path)
    yield world
    if world.engine is not None:
        world.engine.close()  # type: ignore[attr-defined]


@pytest.fixture(params=STOCKS)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    yield from opened(request.param, request, tmp_path)


@pytest.fixture(params=[name for name in STOCKS if name != "memory"])
def remote(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    yield from opened(request.param, request, tmp_path)


def ids(body: dict[str, Any]) -> list[str]:
    return [entry["item"]["item_id"] for entry in body["recommendations"]]


SHELF = [
    {
        "price": None if place % 7 == 0 else 5.0 * (place % 11),
        "sizes": (["S"], ["M", "L"], ["EU 38"], ["uk 10"], [])[place % 5],
        "category": ("coat", " Dress", "dress", "shoes", None)[place % 3 if place % 9 else 4],
        "brand": ("Ada", "bo", "ADA ", None)[place % 4],
        "available": (None, True, False)[place % 3],
        "group_id": f"g{place % 6}" if place % 8 == 0 else None,
    }
    for place in range(48)
]
LIKES, DISLIKES = ("00", "05", "11", "17", "23", "29"), ("03",)
ASKED = {
    "nothing": Request(limit=100),
    "likes": Request(LIKES, DISLIKES, limit=30, explore=0.0),
    "surprises": Request(LIKES, limit=40, explore=0.4, seed=3, filters=Asked(available=False)),
    "mean": Request(LIKES, limit=30, explore=0.0, strategy="centroid"),
    "near": Request(near="07", limit=30, explore=0.0),
    "unlike": Request(LIKES, limit=20, explore=0.0, diversity=0.7, max_per=MaxPer(brand=4)),
    "price": Request(LIKES, limit=50, explore=0.0, filters=Asked(min_price=10.0, max_price=30.0)),
    "sizes": Request(LIKES, limit=50, explore=0.0, filters=Asked(sizes=("EU 38", "m"))),
    "categories": Request(limit=50, filters=Asked(categories=("DRESS",), available=False)),
    "brands": Request(LIKES, limit=50, explore=0.0, filters=Asked(brands=("ada", "none"), max_price=20.0)),
    "relaxed": Request(
        LIKES,
        limit=50,
        explore=0.0,
        filters=Asked(brands=("none",), sizes=("S",)),
        relax=("sizes", "brands"),
    ),
    "facets": Request(LIKES, limit=9, explore=0.0, facets=True),
}


def test_lists_are_those_of_the_memory(remote: World, tmp_path: Path, subtests: pytest.Subtests) -> None:
    """Of fewer items than are fetched, every list is the same, with scores, reasons and counts."""
    worlds = [memory(tmp_path), remote]
    for world in worlds:
        random = np.random.default_rng(5)
        for place, fields in enumerate(SHELF):
            world.write(world.bucket, f"{place:02d}", random.normal(size=WIDTH), "womenswear", **fields)
        world.write(world.bucket, "him", AXES[0], "menswear")
        for department in CARDS if world.engine else ():
            fill(world.bucket, world.engine, department)
    for name, request in ASKED.items():
        with subtests.test(name):
            held, found = (world.shown(request) for world in worlds)
            assert found["recommendations"]
            for body in (held, found):
                del body["catalogue"]["version"]  # of what was looked at
            assert found == held


def test_what_is_put_is_shown_in_its_department_alone(world: World) -> None:
    assert world.shown()["recommendations"] == []
    world.put("a", AXES[0])
    world.put("b", AXES[1], department="menswear")
    assert ids(world.shown()) == ["a"]
    assert ids(world.shown(department="menswear")) == ["b"]
    assert (world.stock().size(), world.stock("menswear").size()) == (1, 1)


def test_likes_dislikes_and_duplicates_are_left_out(world: World) -> None:
    for place, item_id in enumerate("abcd"):
        world.put(item_id, AXES[place])
    world.put("twin", AXES[0])
    world.put("twins", AXES[2])
    found = ids(world.shown(Request(("a",), ("b",), limit=100, explore=0.0)))
    assert sorted(found) in (["c", "d"], ["d", "twins"])


def test_any_order_and_any_repeats_come_to_the_same(world: World) -> None:
    """A picture, a later one, a removal between them, and two prices."""
    model = CARDS["womenswear"].version
    at = [clock(generation, 0, "womenswear/a.jpg") for generation in (1, 2, 3)]
    deltas: list[tuple[str, Fact]] = [
        (delta_name(at[0], "picture", model), Picture("", at[0], model, embedding(AXES[0]), None, 0.0)),
        (delta_name(at[1], "removed"), Removed("", at[1], 1)),
        (delta_name(at[2], "picture", model), Picture("", at[2], model, embedding(AXES[1]), None, 0.0)),
        (delta_name(at[0], "attributes"), Attributes("", at[0], {"price": 1.0})),
        (delta_name(at[2], "attributes"), Attributes("", at[2], {"price": 2.0})),
    ]
    orders = list(permutations(deltas))[::20]
    for number, order in enumerate(orders):
        for name, fact in (*order, order[0]):
            source = clock(*map(int, (name[:20], name[21:31])), f"womenswear/{number}.jpg")
            own = name.replace(name[32:48], delta_name(source, "removed")[32:48])
            append(world.blobs, "womenswear", own, [replace(fact, item_id=f"{number}", clock=source)])
    hand = world.stock().at_hand(Need(Filters()))
    items = hand.catalogue.visible(hand.card)
    assert len(items) == len(orders)
    assert items.price.tolist() == [2.0] * len(orders)
    assert np.allclose(items.vectors[:], embedding(AXES[1]), atol=1e-3)


def test_a_removed_item_is_known_and_not_shown(world: World) -> None:
    world.put("a", AXES[0])
    at = world.clock("a")
    append(world.blobs, "womenswear", delta_name(at, "removed"), [Removed("a", at, 1)])
    body = world.shown(Request(("a",)))
    assert (body["recommendations"], body["catalogue"]["items"]) == ([], 0)
    assert body["ignored"] == [{"item_id": "a", "reason": "not_visible"}]


def test_parts_of_a_table_count_with_its_last_delta(world: World) -> None:
    world.put("a", AXES[0])
    parts = [(clock(7, number, "womenswear/prices.csv"), float(number)) for number in (1, 2)]
    for at, price in parts:
        append(world.blobs, "womenswear", delta_name(at, "table"), [Attributes("a", at, {"price": price})])

    def price() -> float:
        hand = world.stock().at_hand(Need(Filters()))
        return float(hand.catalogue.visible(hand.card).price[0])

    assert np.isnan(price())
    for name in (
        blob.name for blob in list(world.blobs.list("womenswear/deltas/")) if ".table." in blob.name
    ):
        world.blobs.stat(name)
    assert np.isnan(price())
    end = clock(7, 0, "womenswear/prices.csv")
    append(world.blobs, "womenswear", delta_name(end, "table"), [Source("womenswear/prices.csv", end)])
    assert price() == 2.0


def test_an_older_picture_counts_again_once_its_removal_was_forgotten(remote: World, tmp_path: Path) -> None:
    """What a compaction forgets for the sake of a file that is left, the engine forgets, too."""
    images, now = Folder(tmp_path / "images"), datetime.now(UTC)
    images.write("womenswear/a.jpg", b"left")
    remote.put("a", AXES[0], price=5.0)
    newer = clock(2**62, 0, "womenswear/a.png")
    facts = [Picture("a", newer, MODEL, embedding(AXES[1]), None, 0.0), Removed("a", newer, 1)]
    for kind, fact in zip(("picture", "removed"), facts, strict=True):
        name = delta_name(newer, kind, MODEL if kind == "picture" else None)
        append(remote.blobs, "womenswear", name, [fact])
    for hours in (1, 2):
        found = remote.stock().embedded("a")
        assert (found.clock, found.visible) == (newer, False)
        later = now + timedelta(hours=hours)
        compact(images, remote.blobs, "womenswear", later, engine=remote.engine)
    # all that was removed is forgotten, and the event that reconciliation asks for finds nothing embedded
    assert remote.stock().embedded("a") == Embedded(MODEL, None, None, False)
    remote.write(remote.blobs, "a", AXES[0], "womenswear")
    assert remote.stock().embedded("a").visible
    assert ids(remote.shown()) == ["a"]


def test_what_is_asked_before_a_picture_is_embedded(world: World) -> None:
    world.put("a", AXES[0])
    stock = world.stock()
    assert stock.embedded("a") == Embedded(MODEL, None, clock(1, 0, "womenswear/a.jpg"), True)
    assert stock.embedded("b") == Embedded(MODEL, None, None, False)


def test_models_have_spaces_of_their_own(remote: World) -> None:
    """Pictures go where their model's are, attributes to the live and the coming one."""
    assert remote.engine is not None
    coming = card("womenswear", "next", parts=(*PARTS[:1], msgspec.structs.replace(PARTS[1], width=4)))
    remote.bucket.write("models/womenswear/next/card.json", write_card(coming))
    manifest, generation = read_manifest(remote.bucket, "womenswear")
    swap_manifest(remote.bucket, manifest.announcing(generation, "next"), generation)
    remote.put("a", AXES[0], price=3.0)
    at = clock(1, 0, "womenswear/a.jpg")
    vector = np.ones(coming.width, np.float16)
    append(
        remote.blobs,
        "womenswear",
        delta_name(at, "picture", "next"),
        [Picture("a", at, "next", vector, None, 0.0)],
    )
    for model, width in ((MODEL, 2 * WIDTH), ("next", coming.width)):
        (row,) = remote.engine.rows(Space("womenswear", model), ("a",))
        assert (len(row["vector"]), row["price"]) == (width, 3.0)
    manifest, generation = read_manifest(remote.bucket, "womenswear")
    swap_manifest(remote.bucket, manifest.switched("next", "0000000001-0123456789abcdef"), generation)
    assert remote.stock().at_hand(Need(Filters())).card.version == MODEL  # until the next one is filled
    assert remote.stock().embedded("a").model == "next"
    remote.engine.fill(Space("womenswear", "next"))
    assert remote.stock().at_hand(Need(Filters())).card.version == "next"


def test_an_engine_that_was_never_filled_is_not_asked(remote: World) -> None:
    remote.bucket.write("models/womenswear/other/card.json", write_card(card(version="other", parts=PARTS)))
    manifest, generation = read_manifest(remote.bucket, "womenswear")
    swap_manifest(remote.bucket, msgspec.structs.replace(manifest, model="other"), generation)
    with pytest.raises(ModelMissing, match="run python -m scripts"):
        remote.stock().size()


def test_what_a_writer_that_died_left_is_joined_before_it_is_deleted(remote: World, tmp_path: Path) -> None:
    assert remote.engine is not None
    at = clock(1, 0, "womenswear/a.jpg")
    fact = Picture("a", at, MODEL, embedding(AXES[0]), None, 0.0)
    name = delta_name(at, "picture", MODEL)
    remote.bucket.write(f"womenswear/deltas/{name}", write_facts([fact]))
    assert ids(remote.shown()) == []
    images = Folder(tmp_path / "images")
    images.write("womenswear/a.jpg", b"")
    late = datetime.now(UTC) + timedelta(hours=1)
    assert compact(images, remote.blobs, "womenswear", late).deltas_deleted == 1
    assert len(remote.engine.rows(SPACE, ("a",))) == 1


def test_two_writers_of_one_item(remote: World) -> None:
    """Each tells it a field; all of them are there."""
    assert remote.engine is not None
    remote.put("a", AXES[0])
    names = ("brand", "title", "category", "description")

    def tell(name: str) -> None:
        assert remote.engine is not None
        at = clock(2, names.index(name), "womenswear/a.jpg")
        remote.engine.join(CARDS["womenswear"], [Attributes("a", at, {name: name})])

    threads = [threading.Thread(target=tell, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (row,) = remote.engine.rows(SPACE, ("a",))
    assert [row[name] for name in names] == list(names)


def test_the_indexes_that_are_declared_are_of_the_fields_there_are(
    tmp_path: Path, firestore_emulator: object
) -> None:
    world = firestore(tmp_path)
    world.put("a", AXES[0])
    engine = world.engine
    assert isinstance(engine, FirestoreItems)
    (document,) = engine._items(SPACE).get()
    declared = json.loads((ROOT / "firestore.indexes.json").read_text())
    (index,) = declared["indexes"]
    (field,) = (each for each in declared["fieldOverrides"] if each["collectionGroup"] == "items")
    indexed = [each["fieldPath"] for each in index["fields"]]
    assert sorted(document.to_dict()) == sorted([*indexed, field["fieldPath"]])
    assert index["fields"][1]["vectorConfig"]["dimension"] == DEMO.width
    stack = local_values()["items"]
    assert [stack["labels"], stack["vector"], stack["content"]] == [*indexed, field["fieldPath"]]
    assert stack["collection"] == document.reference.parent.id == index["collectionGroup"]


def test_an_item_too_large_for_a_document_is_told_and_left_out(
    remote: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """And what is large together is written in parts."""
    assert remote.engine is not None
    told = [
        Attributes(f"{place}", clock(1, 0, "womenswear/t.csv"), {"description": "x" * length})
        for place, length in enumerate([1_000_000, *[400_000] * 5])
    ]
    assert remote.engine.join(CARDS["womenswear"], told) == 5
    assert len(remote.engine.rows(SPACE, [f"{place}" for place in range(6)])) == 5
    assert "left an item out of the engine" in capsys.readouterr().out


def test_a_model_wider_than_an_index_is_refused(remote: World) -> None:
    assert remote.engine is not None
    wide = card(parts=(msgspec.structs.replace(PARTS[0], width=2048), PARTS[1]))
    with pytest.raises(SettingsError, match="expected a model of at most 2048 numbers, found colours-1 with"):
        remote.engine.join(wide, [])
