import threading
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from shared.compacting import KEPT, SNAPSHOTS_KEPT, Report, compact, compact_all
from shared.errors import ModelMissing
from shared.log import GRACE, MANY, append, delta_name, read_manifest, swap_manifest
from shared.manifest import snapshot_name
from shared.reader import Reader
from shared.reconciling import Reconciled, microseconds
from tests.facts import DEPARTMENT, image, picture, priced, publish, removed
from tests.stage import Actor, Stepped
from tests.storage.memory import Memory

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = 86_400.0


class Shop:
    """A department's two buckets, on one clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.images, self.blobs = Memory(self.now), Memory(self.now)
        publish(self.blobs)

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def add(self, fact, kind: str = "picture") -> None:
        model = fact.model if kind == "picture" else None
        append(self.blobs, DEPARTMENT, delta_name(fact.clock, kind, model), [fact])

    def compact(self) -> Report:
        return compact(self.images, self.blobs, DEPARTMENT, self.now())

    def catalogue(self):
        return Reader(self.blobs, DEPARTMENT, 0).catalogue()

    def names(self, kind: str) -> list[str]:
        return sorted(name for name in self.blobs.objects if f"/{kind}/" in name)


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_the_log_is_folded_and_its_deltas_go_after_the_grace_period(shop: Shop) -> None:
    shop.add(picture("a", 1))
    shop.add(priced("a", 2, price=3.0), "table")
    first = shop.compact()
    assert (first.items, first.facts_read, first.deltas_deleted) == (1, 2, 0)
    assert first.snapshot
    assert read_manifest(shop.blobs, DEPARTMENT)[0].snapshot == first.snapshot
    before = shop.catalogue()
    shop.seconds = GRACE
    second = shop.compact()
    assert (second.snapshot, second.deltas_deleted, second.version) == (None, 2, first.version)
    assert shop.names("deltas") == []
    assert shop.catalogue().to_bytes() == before.to_bytes()


def test_many_deltas_are_read_and_deleted_side_by_side(shop: Shop) -> None:
    """Each waits until three others are under way, so that one after the other none would ever end."""
    together = threading.Barrier(4)

    class Slow(Memory):
        def read(self, name, generation=None):
            if "/deltas/" in name:
                together.wait(timeout=30)
            return super().read(name, generation)

        def delete(self, name, generation=None):
            together.wait(timeout=30)
            super().delete(name, generation)

    shop.blobs = Slow(shop.now)
    publish(shop.blobs)
    for number in range(MANY):
        shop.add(picture(f"{number:02d}", 1))
    shop.seconds = GRACE
    report = shop.compact()
    assert (report.items, report.facts_read, report.deltas_deleted) == (MANY, MANY, MANY)
    assert shop.names("deltas") == []


def test_nothing_to_fold_writes_nothing(shop: Shop) -> None:
    objects = dict(shop.blobs.objects)
    report = shop.compact()
    assert shop.blobs.objects == objects
    assert report == Report(DEPARTMENT, version="0" * 16, reconciled=Reconciled())


def test_a_late_event_folded_long_ago_writes_no_snapshot(shop: Shop) -> None:
    shop.add(picture("a", 1))
    shop.compact()
    shop.seconds = GRACE
    shop.compact()
    shop.add(picture("a", 1))
    assert shop.compact().snapshot is None
    shop.seconds = 2 * GRACE
    assert shop.compact().deltas_deleted == 1


def test_snapshots_are_numbered_and_named_by_their_content(shop: Shop) -> None:
    ids = []
    for generation in (1, 2, 3):
        shop.add(picture("a", generation))
        ids.append(shop.compact().snapshot)
    assert [snapshot[:10] for snapshot in ids if snapshot] == ["0000000001", "0000000002", "0000000003"]
    assert len({snapshot[11:] for snapshot in ids if snapshot}) == 3


@pytest.mark.parametrize("moves", range(40))
def test_a_compaction_killed_at_any_operation_is_made_up_for(shop: Shop, moves: int) -> None:
    for generation in (1, 2):
        shop.add(picture("ab"[generation - 1], generation))
        shop.seconds += GRACE
        if generation == 1:
            shop.compact()
    before = shop.catalogue().to_bytes()
    actor = Actor()
    actor.start(lambda: compact(shop.images, Stepped(shop.blobs, actor), DEPARTMENT, shop.now()))
    for _ in range(moves):
        if not actor.idle:
            actor.move()
    actor.kill()
    assert shop.catalogue().to_bytes() == before
    shop.compact()
    shop.compact()
    assert shop.catalogue().to_bytes() == before
    assert shop.names("deltas") == []


def test_a_compaction_stops_when_somebody_goes_back_in_the_meantime(shop: Shop) -> None:
    """What it folded must stay in the log: the live snapshot does not hold it."""
    shop.add(picture("a", 1))
    shop.seconds = GRACE
    shop.compact()
    early = read_manifest(shop.blobs, DEPARTMENT)[0]
    shop.add(picture("b", 2))
    shop.seconds = 2 * GRACE
    actor = Actor()
    reports: list[Report] = []
    job = lambda: reports.append(  # noqa: E731
        compact(shop.images, Stepped(shop.blobs, actor), DEPARTMENT, shop.now())
    )
    actor.start(job)
    while read_manifest(shop.blobs, DEPARTMENT)[0] == early:
        actor.move()
    late, generation = read_manifest(shop.blobs, DEPARTMENT)
    swap_manifest(shop.blobs, msgspec.structs.replace(late, snapshot=early.snapshot), generation)
    while not actor.idle:
        actor.move()
    assert reports == [Report(DEPARTMENT, overtaken=True)]
    assert len(shop.names("deltas")) == 1
    assert shop.catalogue().known("b")


def test_removals_stay_for_thirty_days(shop: Shop) -> None:
    shop.add(picture("a", 1))
    shop.add(removed("a", 1, at=microseconds(START)), "removed")
    shop.compact()
    shop.seconds = KEPT.total_seconds()
    shop.compact()
    shop.add(picture("a", 1))  # an event 30 days late
    assert shop.catalogue().visible_pictures() == {}
    shop.seconds += GRACE
    shop.compact()
    assert shop.catalogue().known("a")  # kept: the log spoke of it
    shop.compact()
    assert not shop.catalogue().known("a")
    assert shop.compact().snapshot is None


def test_an_older_file_of_an_item_is_asked_for_once_the_log_forgot_the_newer(shop: Shop) -> None:
    """Also readers that catch up from deltas alone forget the removal: a cut manifest has them read anew."""
    shop.images.write(image("a"), b"1")
    shop.images.write("womenswear/readme.txt", b"1")
    reader = Reader(shop.blobs, DEPARTMENT, 0)
    shop.add(picture("a", 1))
    shop.add(picture("a", 50, extension="png"))
    shop.add(removed("a", 50, extension="png"), "removed")
    shop.seconds = 60
    for seconds in (0, GRACE):
        shop.seconds += seconds
        assert shop.compact().reconciled == Reconciled(hidden=1)  # the log still told of it
        assert reader.catalogue().visible_pictures() == {}
    assert shop.names("deltas") == []
    report = shop.compact()
    assert report.snapshot is not None
    assert report.reconciled == Reconciled(asked=1)
    assert shop.images.stat(image("a")).metageneration == 2
    assert reader.catalogue().removed_clock("a") is None
    shop.add(picture("a", 1))
    for each in (reader, Reader(shop.blobs, DEPARTMENT, 0)):
        assert each.catalogue().visible_pictures() == {"a": picture("a", 1).clock}
    assert shop.compact().reconciled == Reconciled()


def test_the_last_snapshots_and_the_young_ones_are_kept(shop: Shop) -> None:
    for generation in range(1, SNAPSHOTS_KEPT + 6):
        shop.add(picture("a", generation))
        shop.compact()
        shop.seconds += DAY
    assert len(shop.names("snapshots")) == SNAPSHOTS_KEPT + 5
    shop.seconds = 3 * DAY + KEPT.total_seconds()
    assert shop.compact().snapshots_deleted == 4
    shop.seconds *= 10
    assert shop.compact().snapshots_deleted == 1
    assert len(shop.names("snapshots")) == SNAPSHOTS_KEPT


def test_a_snapshot_that_was_never_live_goes_after_the_grace_period(shop: Shop) -> None:
    shop.add(picture("a", 1))
    live = [shop.compact().snapshot]
    shop.add(picture("b", 2))
    actor = Actor()
    actor.start(lambda: compact(shop.images, Stepped(shop.blobs, actor), DEPARTMENT, shop.now()))
    while len(shop.names("snapshots")) == 1:
        actor.move()
    actor.kill()
    (orphan,) = set(shop.names("snapshots")) - {snapshot_name(DEPARTMENT, live[0] or "")}
    shop.add(picture("c", 3))
    live.append(shop.compact().snapshot)
    assert orphan in shop.names("snapshots")
    shop.seconds = GRACE
    assert shop.compact().snapshots_deleted == 1
    assert shop.names("snapshots") == [snapshot_name(DEPARTMENT, snapshot or "") for snapshot in live]


def test_the_live_snapshot_is_never_deleted(shop: Shop) -> None:
    shop.add(picture("a", 1))
    shop.compact()
    early = read_manifest(shop.blobs, DEPARTMENT)[0]
    for generation in range(2, 20):
        shop.add(picture("a", generation))
        shop.seconds += GRACE
        shop.compact()
    late, generation = read_manifest(shop.blobs, DEPARTMENT)
    swap_manifest(shop.blobs, msgspec.structs.replace(late, snapshot=early.snapshot), generation)
    shop.seconds = 10 * KEPT.total_seconds()
    for name in shop.names("deltas"):
        shop.blobs.delete(name)
    shop.compact()
    assert shop.catalogue().picture_clock("a") == picture("a", 1).clock


def test_pictures_of_another_model_wait_in_the_log_for_thirty_days(shop: Shop) -> None:
    shop.add(picture("a", 1, model="v2"))
    shop.seconds = KEPT.total_seconds() - 1
    shop.compact()
    assert len(shop.names("deltas")) == 1
    shop.seconds += 1
    shop.compact()
    assert shop.names("deltas") == []


def test_one_department_without_a_model_does_not_stop_the_other(shop: Shop) -> None:
    shop.add(picture("a", 1))
    with pytest.raises(ModelMissing, match="menswear"):
        compact_all(shop.images, shop.blobs, shop.now())
    assert len(shop.names("snapshots")) == 1
    publish(shop.blobs, department="menswear")
    reports = compact_all(shop.images, shop.blobs, shop.now())
    assert [report.department for report in reports] == ["womenswear", "menswear"]


def test_what_reconciliation_did_is_in_the_report(shop: Shop) -> None:
    shop.images.write(image("new"), b"picture")
    shop.add(picture("gone", 1))
    shop.seconds = GRACE
    assert shop.compact().reconciled == Reconciled(removed=1, asked=1)
