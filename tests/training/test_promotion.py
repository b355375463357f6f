"""A department changes its model while it is served, while pictures come, and while anything dies."""

from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec
import numpy as np
import pytest

from shared.compacting import compact
from shared.embedding import take_in
from shared.encoder import Encoder, Encoders
from shared.manifest import Manifest, read_manifest, swap_manifest
from shared.pictures import decode
from shared.reader import Reader
from shared.storage.folder import Folder
from shared.storage.ports import Blobs
from shared.vectors import fuse
from tests.bundles import card, painted, publish
from tests.shop import Shop
from tests.stage import Actor, Stepped
from tests.storage.memory import Memory
from tests.uploads import happened
from training.promotion import NotReady, Way, announce, embed, lacking, switch, withdraw

COLOURS = {"a": "red", "b": "lime", "c": "blue", "d": "orange"}
OLD, NEW = "colours-1", "colours-2"


class Department:
    """A department on a folder bucket, with two models that weigh colours otherwise, and its events."""

    def __init__(self, images: Blobs, blobs: Blobs) -> None:
        self.images, self.blobs = images, blobs
        self.cards = {OLD: card(), NEW: swapped(card(version=NEW))}
        for each in self.cards.values():
            publish(self.blobs, each)
        swap_manifest(self.blobs, Manifest(department="womenswear", model=OLD), if_generation=0)
        self.encoders = Encoders(self.blobs, kept=2)
        self.now = datetime.now(UTC)
        self._vectors: dict[tuple[str, str], np.ndarray] = {}

    def reader(self, department: str = "womenswear") -> Reader:
        return Reader(self.blobs, department, 0)

    def drop(self, item_id: str, colour: str) -> None:
        self.take_in("finalized", self.images.write(f"womenswear/{item_id}.jpg", painted(colour)))

    def take_in(self, kind: str, blob):
        event = happened(kind, blob)
        return take_in(event, self.images, self.blobs, self.reader, self.encoders, event.time)

    def way(self, version: str = NEW) -> Way:
        return Way(self.images, self.blobs, "womenswear", version)

    def embed(self, way: Way, blobs=None) -> int:
        """Everything that is lacking, and how much that was."""
        way = Way(way.images, blobs or way.blobs, way.department, way.version)
        wanted = lacking(way)
        for left in embed(way, Encoder.load(self.blobs, "womenswear", way.version), wanted):
            assert left == {}
        return len(wanted)

    def shown(self) -> tuple[str, dict[str, np.ndarray]]:
        """What a reader that comes fresh sees: the model, and each visible item's vector."""
        catalogue, live = self.reader().live()
        assert catalogue.space.model == live.version
        items = catalogue.visible(live)
        return live.version, dict(zip(map(str, items.item_ids), items.vectors, strict=True))

    def vector(self, version: str, colour: str) -> np.ndarray:
        """What a version makes of a picture of one colour."""
        if (version, colour) not in self._vectors:
            encoder = self.encoders("womenswear", version)
            self._vectors[version, colour] = encoder.encode(decode(painted(colour))).vector
        return self._vectors[version, colour]


def swapped(card):
    """The same networks with their weights the other way round: another space of the same width."""
    first, second = card.parts
    parts = (msgspec.structs.replace(first, weight=0.3), msgspec.structs.replace(second, weight=0.7))
    return msgspec.structs.replace(card, parts=parts)


def filled(found: Department) -> Department:
    for item_id, colour in COLOURS.items():
        found.drop(item_id, colour)
    return found


@pytest.fixture
def department(tmp_path) -> Department:
    return filled(Department(Folder(tmp_path / "images"), Folder(tmp_path / "catalogue")))


def holds(department: Department, version: str, colours: dict[str, str]) -> None:
    """What is shown is of one version, all of it, and nothing else."""
    model, vectors = department.shown()
    assert model == version
    assert vectors.keys() == colours.keys()
    for item_id, colour in colours.items():
        assert vectors[item_id] == pytest.approx(department.vector(version, colour), abs=2e-3), item_id


def test_the_two_spaces_differ(department):
    """Or nothing here would notice a mixture."""
    for colour in COLOURS.values():
        old, new = department.vector(OLD, colour), department.vector(NEW, colour)
        assert abs(old - new).max() > 0.1
    # a cosine of a mixture is no cosine of either
    liked, old, new = (department.vector(*each) for each in ((OLD, "red"), (OLD, "orange"), (NEW, "orange")))
    assert abs(liked @ old - liked @ new) > 0.02


def test_a_part_that_is_embedded_twice_is_there_once(department):
    way, encoder = department.way(), Encoder.load(department.blobs, "womenswear", NEW)
    wanted = lacking(way)
    files = []
    for _ in range(2):
        assert list(embed(way, encoder, wanted)) == [{}]
        files.append(list(department.blobs.list(way.folder)))
    assert len(files[0]) == 1
    assert files[0] == files[1]


def test_from_one_model_to_another_and_back(department):
    way = department.way()
    announce(department.blobs, "womenswear", NEW)
    assert department.embed(way) == 4
    holds(department, OLD, COLOURS)
    manifest = switch(way)
    holds(department, NEW, COLOURS)
    assert (manifest.model, manifest.coming, manifest.former.model) == (NEW, None, OLD)
    assert list(department.blobs.list(way.folder)) == []
    back = department.way(OLD)
    announce(department.blobs, "womenswear", OLD)
    department.drop("e", "purple")  # what came after the switch is embedded by both, too
    assert department.embed(back) == 0
    switch(back)
    holds(department, OLD, COLOURS | {"e": "purple"})


def test_after_a_compaction_going_back_embeds_only_what_came_since(department):
    compact(department.images, department.blobs, "womenswear", department.now)
    announce(department.blobs, "womenswear", NEW)
    department.embed(department.way())
    switch(department.way())
    department.drop("e", "purple")
    compact(department.images, department.blobs, "womenswear", department.now + timedelta(hours=1))
    back = department.way(OLD)
    announce(department.blobs, "womenswear", OLD)
    assert lacking(back).keys() == {"e"}
    department.embed(back)
    switch(back)
    holds(department, OLD, COLOURS | {"e": "purple"})


def test_uploads_meanwhile_are_embedded_by_both(department):
    announce(department.blobs, "womenswear", NEW)
    department.drop("e", "purple")
    department.drop("a", "white")  # another picture of an item that is there
    now = COLOURS | {"e": "purple", "a": "white"}
    holds(department, OLD, now)
    way = department.way()
    assert department.embed(way) == 3  # b, c and d
    department.drop("f", "navy")
    assert department.embed(way) == 0
    switch(way)
    holds(department, NEW, now | {"f": "navy"})


def test_a_picture_that_only_the_live_model_saw_keeps_the_switch_waiting(department):
    way = department.way()
    department.embed(way)
    department.drop("e", "purple")  # nothing was announced
    with pytest.raises(NotReady, match="found none of 1"):
        switch(way)
    holds(department, OLD, COLOURS | {"e": "purple"})
    department.embed(way)
    switch(way)
    holds(department, NEW, COLOURS | {"e": "purple"})


def test_what_is_removed_meanwhile_stays_removed(department):
    announce(department.blobs, "womenswear", NEW)
    department.embed(department.way())
    blob = department.images.stat("womenswear/a.jpg")
    department.images.delete("womenswear/a.jpg")
    department.take_in("deleted", blob)
    switch(department.way())
    holds(department, NEW, {name: colour for name, colour in COLOURS.items() if name != "a"})


def test_recommend_answers_in_one_space_before_while_and_after(tmp_path, monkeypatch):
    shop = Shop(tmp_path)  # the functions on this folder's stores
    department = filled(Department(Folder(tmp_path / "images"), shop.blobs))
    way = department.way()

    with shop.serving(monkeypatch) as clients:

        def space() -> str:
            """The version of the catalogue that answers; the scores are cosines within one space."""
            started = clients["register"].post("/", json={"department": "womenswear"}).get_json()
            answer = clients["recommend"].post(
                "/",
                json={"likes": ["a"], "limit": 10, "explore": 0},
                headers={"Authorization": f"Bearer {started['token']}"},
            )
            found, live = department.reader().live()
            assert answer.get_json()["catalogue"]["version"] == found.version
            told = {each["item"]["item_id"]: each for each in answer.get_json()["recommendations"]}
            assert told.keys() == COLOURS.keys() - {"a"}
            liked = department.vector(live.version, COLOURS["a"])
            for item_id, each in told.items():
                cosine = liked @ department.vector(live.version, COLOURS[item_id])
                assert each["score"] == pytest.approx(float(cosine), abs=5e-3)
            return live.version

        assert space() == OLD
        announce(department.blobs, "womenswear", NEW)
        assert space() == OLD
        for _ in embed(way, Encoder.load(department.blobs, "womenswear", NEW), lacking(way)):
            assert space() == OLD
        switch(way)
        assert space() == NEW
        announce(department.blobs, "womenswear", OLD)
        assert space() == NEW
        department.embed(department.way(OLD))
        switch(department.way(OLD))
        assert space() == OLD


def test_attributes_go_along(department):
    blob = department.images.touch("womenswear/a.jpg", {"brand": "Ada", "price": "12.50"})
    department.take_in("metadataUpdated", blob)
    department.embed(department.way())
    switch(department.way())
    items = department.reader().catalogue().visible(department.cards[NEW])
    told = items.describe(list(items.item_ids).index("a"))
    assert (told["brand"], told["price"]) == ("Ada", 12.5)


def test_an_announcement_that_is_taken_back_leaves_nothing(department):
    before = read_manifest(department.blobs, "womenswear")[0]
    announce(department.blobs, "womenswear", NEW)
    department.embed(department.way())
    withdraw(department.way())
    after = read_manifest(department.blobs, "womenswear")[0]
    assert (after.model, after.snapshot, after.coming) == (before.model, before.snapshot, None)
    assert list(department.blobs.list(department.way().folder)) == []
    department.drop("e", "purple")
    assert not any(NEW in blob.name for blob in department.blobs.list("womenswear/"))


def test_pictures_that_are_gone_are_told_and_may_be_done_without(department):
    department.images.delete("womenswear/a.jpg")  # and no event told of it yet
    way = department.way()
    encoder = Encoder.load(department.blobs, "womenswear", NEW)
    (left,) = embed(way, encoder, lacking(way))
    assert left.keys() == {"a"}
    with pytest.raises(NotReady):
        switch(way)
    switch(way, without=left)
    holds(department, NEW, {name: colour for name, colour in COLOURS.items() if name != "a"})


def test_killed_anywhere_it_goes_on_and_no_reader_ever_sees_two_spaces():
    """Kill it before every operation on the bucket in turn, look, and begin again."""
    seen = []
    for moves in range(300):
        department, actor = filled(Department(Memory(), Memory())), Actor()
        encoder = Encoder.load(department.blobs, "womenswear", NEW)

        def promote(department=department, encoder=encoder, blobs=None) -> None:
            way = Way(department.images, blobs or department.blobs, "womenswear", NEW)
            announce(way.blobs, way.department, NEW)
            for _ in embed(way, encoder, lacking(way)):
                pass
            switch(way)

        actor.start(partial(promote, blobs=Stepped(department.blobs, actor)))
        for _ in range(moves):
            if not actor.idle:
                actor.move()
        done = actor.idle
        actor.kill()
        seen.append(department.shown()[0])
        holds(department, seen[-1], COLOURS)
        department.drop("e", "purple")
        if seen[-1] == OLD:
            promote()
        holds(department, NEW, COLOURS | {"e": "purple"})
        if done:
            break
    assert seen == sorted(seen)  # once it is the new one, it stays
    assert set(seen) == {OLD, NEW}
    assert moves > 10


def test_a_compaction_at_any_moment_of_the_switch_costs_nothing():
    later = timedelta(hours=1)
    for before in range(200):
        department, actor = filled(Department(Memory(), Memory())), Actor()
        department.embed(department.way())
        stepped = Way(department.images, Stepped(department.blobs, actor), "womenswear", NEW)
        actor.start(partial(switch, stepped))
        for _ in range(before):
            if not actor.idle:
                actor.move()
        done = actor.idle
        compact(department.images, department.blobs, "womenswear", datetime.now(UTC) + later)
        while not actor.idle:
            actor.move()
        holds(department, NEW, COLOURS)
        if done:
            return
    raise AssertionError("the switch never ended")


def test_vectors_are_fused_by_the_weights_of_their_own_card(department):
    both = [department.encoders("womenswear", version) for version in (OLD, NEW)]
    assert both[0].card.weights == (0.7, 0.3)
    assert both[1].card.weights == (0.3, 0.7)
    part = np.eye(3, dtype=np.float32)[:1]
    assert not np.allclose(fuse([part, part], (0.7, 0.3)), fuse([part, part], (0.3, 0.7)))
