import threading
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from shared.card import write_card
from shared.compacting import compact
from shared.errors import FormatError, ModelDamaged, ModelMissing, StoreUnavailable
from shared.log import GRACE, MANY, append, delta_name, is_appended, read_manifest, swap_manifest
from shared.manifest import LINEAGE, snapshot_name
from shared.reader import Reader
from shared.storage.ports import Blob
from tests.facts import DEPARTMENT, card, picture, priced, publish, removed
from tests.storage.memory import Memory

START = datetime(2026, 1, 1, tzinfo=UTC)


class Bucket(Memory):
    """A bucket with a clock that is set by hand, which counts what is read of it and can be cut off."""

    def __init__(self) -> None:
        super().__init__(lambda: START + timedelta(seconds=self.seconds))
        self.seconds = 0.0
        self.reads: list[str] = []
        self.cut_off = False

    def list(self, prefix=""):
        if self.cut_off:
            raise StoreUnavailable("cut off")
        return super().list(prefix)

    def read(self, name, generation=None):
        self.reads.append(name)
        return super().read(name, generation)

    def compact(self):
        return compact(Memory(), self, DEPARTMENT, START + timedelta(seconds=self.seconds))

    def reader(self, max_age: float = 0, prepare=None) -> Reader:
        return Reader(self, DEPARTMENT, max_age, clock=lambda: self.seconds, prepare=prepare)


@pytest.fixture
def bucket() -> Bucket:
    bucket = Bucket()
    publish(bucket)
    return bucket


def add(bucket: Memory, fact, kind: str = "picture") -> bool:
    model = fact.model if kind == "picture" else None
    return append(bucket, DEPARTMENT, delta_name(fact.clock, kind, model), [fact])


def snapshots_read(bucket: Bucket) -> int:
    return sum("/snapshots/" in name for name in bucket.reads)


def test_a_fact_is_appended_once(bucket: Bucket) -> None:
    name = delta_name(picture("a", 1).clock, "picture", "v1")
    assert not is_appended(bucket, DEPARTMENT, name)
    assert add(bucket, picture("a", 1))
    assert is_appended(bucket, DEPARTMENT, name)
    assert not add(bucket, picture("a", 1, place=3))
    assert bucket.reader().catalogue().visible(card()).vectors[0].argmax() == 0


def test_what_was_appended_is_read(bucket: Bucket) -> None:
    reader = bucket.reader()
    assert len(reader.catalogue()) == 0
    add(bucket, picture("a", 1))
    add(bucket, priced("a", 2, price=3.0), "table")
    assert reader.catalogue().visible(reader.card()).describe(0)["price"] == 3.0


def test_many_deltas_are_read_side_by_side_and_few_one_by_one() -> None:
    """A read of a delta waits until three others are under way: one after the other none would end."""
    together = threading.Barrier(4)

    class Slow(Bucket):
        def read(self, name, generation=None):
            if "/deltas/" in name:
                together.wait(timeout=30)
            return super().read(name, generation)

    slow = Slow()
    publish(slow)
    for number in range(MANY):
        add(slow, picture(f"{number:02d}", 1))
    assert len(slow.reader().catalogue()) == MANY
    few = Bucket()
    publish(few)
    for number in range(MANY - 1):
        add(few, picture(f"{number:02d}", 1))
    assert len(few.reader().catalogue()) == MANY - 1
    deltas = [name for name in few.reads if "/deltas/" in name]
    assert deltas == sorted(deltas)


def test_deltas_are_read_once(bucket: Bucket) -> None:
    reader = bucket.reader()
    add(bucket, picture("a", 1))
    first = reader.catalogue()
    bucket.reads.clear()
    assert reader.catalogue() is first
    assert bucket.reads == ["womenswear/manifest.json"]


def test_news_is_looked_for_when_the_last_look_is_too_old(bucket: Bucket) -> None:
    reader = bucket.reader(max_age=10)
    reader.catalogue()
    add(bucket, picture("a", 1))
    bucket.reads.clear()
    bucket.seconds = 9
    assert len(reader.catalogue()) == 0
    assert bucket.reads == []
    bucket.seconds = 10
    assert len(reader.catalogue()) == 1


def test_a_new_snapshot_is_not_loaded_by_who_looked_within_the_grace_period(bucket: Bucket) -> None:
    reader = bucket.reader()
    reader.catalogue()
    for generation in range(1, 30):
        add(bucket, picture("a", generation))
        bucket.seconds += 60
        bucket.compact()
        bucket.reads.clear()
        assert reader.catalogue().picture_clock("a") == picture("a", generation).clock
        assert snapshots_read(bucket) == 0


def test_a_new_snapshot_is_loaded_by_who_was_away(bucket: Bucket) -> None:
    reader = bucket.reader()
    reader.catalogue()
    add(bucket, picture("a", 1))
    bucket.compact()
    bucket.seconds += GRACE
    bucket.compact()
    assert not any("/deltas/" in name for name in bucket.objects)
    bucket.reads.clear()
    assert len(reader.catalogue()) == 1
    assert snapshots_read(bucket) == 1


def test_a_listing_that_still_shows_what_was_folded_stops_nobody(bucket: Bucket) -> None:
    class Late(Bucket):
        ghosts: tuple[Blob, ...] = ()

        def list(self, prefix=""):
            there = {blob.name: blob for blob in (*self.ghosts, *super().list(prefix))}
            return iter([there[name] for name in sorted(there) if name.startswith(prefix)])

    late = Late()
    late.objects = bucket.objects
    readers = [late.reader(), late.reader()]
    readers[0].catalogue()
    add(late, picture("a", 1))
    late.ghosts = tuple(blob for name, (_, blob) in late.objects.items() if "/deltas/" in name)
    late.compact()
    late.seconds = GRACE
    late.compact()
    assert not any("/deltas/" in name for name in late.objects)
    assert len(readers[1].catalogue()) == 1  # one that has just started
    late.seconds += GRACE / 2 - 1
    assert len(readers[0].catalogue()) == 1  # one that was away
    late.reads.clear()
    assert len(readers[0].catalogue()) == 1
    assert late.reads == ["womenswear/manifest.json"]


def test_after_many_snapshots_the_lineage_no_longer_tells(bucket: Bucket) -> None:
    reader = bucket.reader()
    reader.catalogue()
    for generation in range(1, LINEAGE + 5):
        add(bucket, picture("a", generation))
        bucket.compact()
    bucket.reads.clear()
    assert reader.catalogue().picture_clock("a") == picture("a", LINEAGE + 4).clock
    assert snapshots_read(bucket) == 1


def test_going_back_to_an_earlier_snapshot_shows_what_it_held(bucket: Bucket) -> None:
    readers = [bucket.reader(), bucket.reader()]
    add(bucket, picture("a", 1))
    bucket.compact()
    early, _ = read_manifest(bucket, DEPARTMENT)
    readers[0].catalogue()
    add(bucket, picture("b", 2))
    bucket.compact()
    bucket.seconds += GRACE
    bucket.compact()
    for reader in readers:
        assert len(reader.catalogue()) == 2
    late, generation = read_manifest(bucket, DEPARTMENT)
    back = swap_manifest(bucket, msgspec.structs.replace(late, snapshot=early.snapshot), generation)
    for reader in [*readers, bucket.reader()]:
        assert reader.catalogue().table["item_id"].to_pylist() == ["a"]
    add(bucket, picture("c", 3))
    bucket.compact()
    for reader in [*readers, bucket.reader()]:
        assert reader.catalogue().table["item_id"].to_pylist() == ["a", "c"]
    swap_manifest(bucket, late, read_manifest(bucket, DEPARTMENT)[1])
    assert back < read_manifest(bucket, DEPARTMENT)[1]
    for reader in [*readers, bucket.reader()]:
        assert reader.catalogue().table["item_id"].to_pylist() == ["a", "b", "c"]


def test_another_model_shows_its_own_pictures_and_every_attribute(bucket: Bucket) -> None:
    reader = bucket.reader()
    for fact, kind in (
        (picture("a", 1), "picture"),
        (priced("a", 1, price=3.0), "table"),
        (picture("b", 1), "picture"),
    ):
        add(bucket, fact, kind)
    bucket.compact()
    assert len(reader.catalogue().visible(reader.card())) == 2
    bucket.write(f"models/{DEPARTMENT}/v2/card.json", write_card(card("v2")))
    manifest, generation = read_manifest(bucket, DEPARTMENT)
    swap_manifest(bucket, msgspec.structs.replace(manifest, model="v2"), generation)
    add(bucket, picture("a", 1, 2, model="v2"))
    for each in (reader, bucket.reader()):
        catalogue, live = each.live()
        assert (live.version, catalogue.space.model) == ("v2", "v2")
        assert [item["price"] for item in map(catalogue.visible(live).describe, [0])] == [3.0]
        assert len(catalogue.visible(live)) == 1


def test_without_a_manifest_or_a_model_or_a_card_the_model_is_missing() -> None:
    bucket = Bucket()
    for name, data in (
        ("nothing", b""),
        ("womenswear/manifest.json", b'{"department": "womenswear"}'),
        ("womenswear/manifest.json", b'{"department": "womenswear", "model": "v1"}'),
    ):
        bucket.write(name, data)
        for call in (bucket.reader().catalogue, bucket.reader().card):
            with pytest.raises(ModelMissing):
                call()
    bucket.write(f"models/{DEPARTMENT}/v1/card.json", write_card(card("v2")))
    with pytest.raises(ModelDamaged, match="found womenswear v2"):
        bucket.reader().card()


def test_a_delta_that_can_not_be_read_is_left_alone(
    bucket: Bucket, capsys: pytest.CaptureFixture[str]
) -> None:
    add(bucket, picture("a", 1))
    damaged = f"{DEPARTMENT}/deltas/{delta_name(picture('b', 2).clock, 'picture', 'v1')}"
    bucket.write(damaged, b"not arrow")
    bucket.write(f"{DEPARTMENT}/deltas/notes.txt", b"not a delta")
    reader = bucket.reader()
    assert len(reader.catalogue()) == len(reader.catalogue()) == 1
    assert capsys.readouterr().out.count(damaged) == 2  # once as the delta, once in the reason
    bucket.seconds += 10 * GRACE
    bucket.compact()
    assert damaged in bucket.objects


def test_a_damaged_snapshot_is_told_to_who_needs_it(
    bucket: Bucket, capsys: pytest.CaptureFixture[str]
) -> None:
    add(bucket, picture("a", 1))
    reader = bucket.reader()
    reader.catalogue()
    snapshot = bucket.compact().snapshot
    bucket.write(snapshot_name(DEPARTMENT, snapshot), b"not arrow")
    bucket.seconds += GRACE
    assert len(reader.catalogue()) == 1
    assert "went on with an older catalogue" in capsys.readouterr().out
    with pytest.raises(FormatError):
        bucket.reader().catalogue()


def test_a_snapshot_that_is_not_there_ends_in_an_error_and_not_in_a_loop(bucket: Bucket) -> None:
    add(bucket, picture("a", 1))
    bucket.compact()
    for name in [name for name in bucket.objects if "/snapshots/" in name]:
        bucket.delete(name)
    with pytest.raises(StoreUnavailable, match="womenswear"):
        bucket.reader().catalogue()


def test_while_the_store_does_not_answer_readers_go_on(
    bucket: Bucket, capsys: pytest.CaptureFixture[str]
) -> None:
    reader = bucket.reader()
    add(bucket, picture("a", 1))
    reader.catalogue()
    add(bucket, picture("b", 1))
    bucket.cut_off = True
    assert len(reader.catalogue()) == 1
    assert "cut off" in capsys.readouterr().out
    with pytest.raises(StoreUnavailable):
        bucket.reader().catalogue()
    bucket.cut_off = False
    assert len(reader.catalogue()) == 2


class Gate(Bucket):
    """A bucket whose listings wait until they are let through."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.open = threading.Semaphore(0), threading.Semaphore(0)
        self.listings = 0

    def list(self, prefix=""):
        self.listings += 1
        self.asked.release()
        assert self.open.acquire(timeout=30)
        return super().list(prefix)


def test_one_thread_looks_and_the_others_go_on() -> None:
    bucket = Gate()
    publish(bucket)
    add(bucket, picture("a", 1))
    reader = bucket.reader()
    found: list[int] = []
    read = lambda: found.append(len(reader.catalogue()))  # noqa: E731
    firsts = [threading.Thread(target=read) for _ in range(4)]
    for thread in firsts:
        thread.start()
    assert bucket.asked.acquire(timeout=30)
    assert found == []  # the first of all have to wait
    bucket.open.release()
    for thread in firsts:
        thread.join(30)
    assert (found, bucket.listings) == ([1, 1, 1, 1], 1)
    add(bucket, removed("b", 2), "removed")
    looking = threading.Thread(target=read)
    looking.start()
    assert bucket.asked.acquire(timeout=30)
    read()
    assert found[4:] == [1]
    bucket.open.release()
    looking.join(30)
    assert (found[5:], bucket.listings) == ([2], 2)


def test_who_looks_prepares_what_the_others_get_only_then(bucket: Bucket) -> None:
    ready, going_on = threading.Event(), threading.Event()
    prepared: list[int] = []
    seen: list[object] = []

    def prepare(catalogue, card, before) -> None:
        assert before is (seen[-1] if seen else None)
        seen.append(catalogue)
        prepared.append(len(catalogue.visible(card)))
        if len(prepared) == 2:
            ready.set()
            assert going_on.wait(30)

    reader = bucket.reader(prepare=prepare)
    assert (len(reader.catalogue()), prepared) == (0, [0])
    add(bucket, picture("a", 1))
    found: list[int] = []
    looking = threading.Thread(target=lambda: found.append(len(reader.catalogue())))
    looking.start()
    assert ready.wait(30)
    assert len(reader.catalogue()) == 0  # goes on with what there was
    going_on.set()
    looking.join(30)
    assert (found, prepared) == ([1], [0, 1])
