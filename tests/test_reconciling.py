from datetime import UTC, datetime, timedelta

import pytest

from shared import pictures
from shared.catalogue import Catalogue, fold
from shared.errors import GivenUp, NotAPicture
from shared.facts import Attributes, Fact, Source, clock
from shared.reader import Reader
from shared.reconciling import (
    PICTURES,
    SETTLE,
    Reconciled,
    left_over,
    microseconds,
    objects,
    reconcile,
)
from shared.rejected import reject, rejections
from tests.facts import DEPARTMENT, EMPTY, image, picture, publish, removed
from tests.storage.memory import Memory

START = datetime(2026, 1, 1, tzinfo=UTC)
LATER = START + SETTLE
TABLE = "womenswear/prices.csv"


class Shop:
    """A department's two buckets; what is there is as old as ``START``."""

    def __init__(self) -> None:
        self.images, self.blobs = Memory(lambda: START), Memory(lambda: START)
        publish(self.blobs)
        self.drop("womenswear/readme.txt")

    def drop(self, name: str, **metadata: str) -> int:
        return self.images.write(name, b"1", metadata=metadata).generation

    def reconcile(self, catalogue: Catalogue, now: datetime = LATER) -> Reconciled:
        listing = objects(self.images, DEPARTMENT)
        return reconcile(self.images, self.blobs, DEPARTMENT, catalogue, listing, now)

    def asked(self) -> list[str]:
        return [blob.name for blob in self.images.list() if blob.metageneration > 1]

    def reader(self) -> Catalogue:
        return Reader(self.blobs, DEPARTMENT, 0).catalogue()


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_pictures_are_what_the_decoder_reads() -> None:
    assert PICTURES == pictures.EXTENSIONS


def test_what_no_event_told_of_is_asked_for_again(shop: Shop) -> None:
    for name in (image("a"), image("b", "WEBP"), TABLE):
        shop.drop(name)
    assert shop.reconcile(EMPTY) == Reconciled(asked=3)
    assert shop.asked() == sorted([image("a"), image("b", "WEBP"), TABLE])


def test_what_was_taken_in_is_not_asked_for(shop: Shop) -> None:
    facts = [picture("a", shop.drop(image("a"))), Source(TABLE, clock(shop.drop(TABLE), 0, TABLE))]
    assert shop.reconcile(fold(EMPTY, facts)) == Reconciled()
    shop.drop(image("a"))
    shop.drop(TABLE)
    assert shop.reconcile(fold(EMPTY, facts)) == Reconciled(asked=2)


@pytest.mark.parametrize(("name", "item_id"), [(image("a"), "a"), (TABLE, TABLE)])
def test_what_was_given_up_is_not_asked_for_until_it_is_new(shop: Shop, name: str, item_id: str) -> None:
    at = clock(shop.drop(name), 0, name)
    reject(shop.blobs, DEPARTMENT, item_id, at, GivenUp("no answer"))
    assert shop.reconcile(EMPTY) == Reconciled()
    shop.drop(name)
    assert shop.reconcile(EMPTY) == Reconciled(asked=1)
    shop.images.delete(name)
    assert shop.reconcile(EMPTY) == Reconciled(forgotten=1)


def test_an_event_on_its_way_is_waited_for(shop: Shop) -> None:
    shop.drop(image("a"))
    assert shop.reconcile(EMPTY, LATER - timedelta(seconds=1)) == Reconciled()


@pytest.mark.parametrize(
    "name",
    ["womenswear/a.txt", "womenswear/a", "womenswear/b/a.jpg", "womenswear/.jpg", "menswear/a.jpg", "a.jpg"],
)
def test_what_is_neither_picture_nor_table_is_left_alone(shop: Shop, name: str) -> None:
    shop.drop(name)
    assert shop.reconcile(EMPTY) == Reconciled()


def test_what_is_gone_is_removed(shop: Shop) -> None:
    shop.drop(image("b"))
    catalogue = fold(EMPTY, [picture("a", 1), picture("b", 2)])
    assert shop.reconcile(catalogue).removed == 1
    after = fold(catalogue, [])
    assert after.visible_pictures().keys() == {"a", "b"}
    log = shop.reader()
    assert log.removed_clock("a") == clock(1, 0, image("a"))
    assert log.table["removed_at"].to_pylist() == [microseconds(LATER)]
    assert shop.reconcile(catalogue).removed == 0


def test_what_a_listing_does_not_show_yet_is_not_removed(shop: Shop) -> None:
    class Lagging(Memory):
        def list(self, prefix=""):
            return (blob for blob in super().list(prefix) if blob.name != image("a"))

    shop.images = Lagging(lambda: START)
    shop.drop("womenswear/readme.txt")
    generation = shop.drop(image("a"))
    assert shop.reconcile(fold(EMPTY, [picture("a", generation)])) == Reconciled()


def test_what_was_removed_can_come_back(shop: Shop) -> None:
    catalogue = fold(EMPTY, [picture("a", 1)])
    shop.reconcile(catalogue)
    log = fold(catalogue, [removed("a", 1)])
    generation = shop.drop(image("a"))
    assert generation > 1
    assert shop.reconcile(log).asked == 1
    assert fold(log, [picture("a", generation)]).visible_pictures().keys() == {"a"}


def test_an_overwritten_picture_stays_until_the_new_one_is_in(shop: Shop) -> None:
    shop.drop(image("a"))
    catalogue = fold(EMPTY, [picture("a", 1)])
    assert shop.reconcile(catalogue) == Reconciled(asked=1)


@pytest.mark.parametrize(
    ("error", "name", "removed"),
    [
        (NotAPicture("text"), image("a"), 1),
        (GivenUp("no answer"), image("a"), 0),
        (NotAPicture("text"), image("a", "png"), 0),
    ],
    ids=["refused", "given up", "another file of the item was refused"],
)
def test_what_a_slow_instance_embedded_after_it_was_overwritten_by_no_picture_is_removed(
    shop: Shop, error: Exception, name: str, removed: int
) -> None:
    """The event of the overwriting found nothing to hide: the former picture came into the log after it."""
    former = shop.drop(image("a"))
    generation = shop.drop(name)
    reject(shop.blobs, DEPARTMENT, "a", clock(generation, 0, name), error)
    catalogue = fold(EMPTY, [picture("a", former)])
    assert shop.reconcile(catalogue).removed == removed
    assert shop.reconcile(catalogue).removed == 0


def test_from_an_empty_listing_nothing_is_concluded(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.images.delete("womenswear/readme.txt")
    shop.drop("menswear/a.jpg")
    assert shop.reconcile(fold(EMPTY, [picture("a", 1)])) == Reconciled()
    assert "removed nothing" in capsys.readouterr().out


def test_of_two_files_of_one_item_the_older_is_not_asked_for(shop: Shop) -> None:
    shop.drop(image("a", "jpg"))
    newer = picture("a", shop.drop(image("a", "png")), extension="png")
    assert shop.reconcile(fold(EMPTY, [newer])) == Reconciled()


def test_a_picture_that_a_later_removal_hides_is_told_of_and_not_asked_for(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """a.png, the newer of two files, was deleted; a.jpg is still there."""
    shop.drop(image("a", "jpg"))
    catalogue = fold(EMPTY, [picture("a", 50, extension="png"), removed("a", 50, extension="png")])
    assert shop.reconcile(catalogue) == Reconciled(hidden=1)
    assert image("a", "jpg") in capsys.readouterr().out
    assert left_over(catalogue, objects(shop.images, DEPARTMENT), LATER) == {"a"}


def test_a_picture_that_is_left_over_is_older_than_a_removal_of_another_file_that_is_gone(shop: Shop) -> None:
    def found(*facts: Fact, now: datetime = LATER) -> set[str]:
        return left_over(fold(EMPTY, facts), objects(shop.images, DEPARTMENT), now)

    png = [picture("a", 50, extension="png"), removed("a", 50, extension="png")]
    assert found(*png) == set()  # nothing is there
    shop.drop(image("a", "jpg"))
    assert found(*png, now=START) == set()  # its event may be on its way
    assert found(removed("a", 50, extension="png")) == {"a"}  # however little is known of the other
    assert found(removed("a", 50)) == set()  # of this very file
    assert found(*png, picture("a", 60)) == set()  # visible
    assert found(*png, picture("a", 10)) == {"a"}
    assert found(removed("a", 1, extension="png")) == set()  # newer than that: not hidden, but missing
    shop.drop(image("a", "png"))
    assert found(*png) == set()  # there again: its event will tell


def test_what_was_rejected_is_not_asked_for_until_it_is_overwritten(shop: Shop) -> None:
    reject(shop.blobs, DEPARTMENT, "a", clock(shop.drop(image("a")), 0, image("a")), NotAPicture("text"))
    assert shop.reconcile(EMPTY) == Reconciled()
    shop.drop(image("a"))
    assert shop.reconcile(EMPTY) == Reconciled(asked=1)


def test_rejections_end_with_their_object_or_a_later_picture(shop: Shop) -> None:
    for item_id in "abc":
        reject(shop.blobs, DEPARTMENT, item_id, clock(10, 0, image(item_id)), NotAPicture("text"))
    shop.drop(image("b"))
    shop.drop(image("c"))
    assert shop.reconcile(fold(EMPTY, [picture("b", 11)])).forgotten == 2
    assert rejections(shop.blobs, DEPARTMENT).keys() == {"c"}


def test_metadata_no_event_told_of_is_asked_for_once(shop: Shop) -> None:
    facts = [picture("a", shop.drop(image("a"), price="12", shelf="4"))]
    assert shop.reconcile(fold(EMPTY, facts)) == Reconciled(asked=1)
    blob = shop.images.stat(image("a"))
    facts.append(Attributes("a", clock(blob.generation, blob.metageneration, blob.name), {"price": 12.0}))
    assert shop.reconcile(fold(EMPTY, facts)) == Reconciled()


def test_metadata_that_names_no_attribute_is_not_asked_for(shop: Shop) -> None:
    facts = [picture("a", shop.drop(image("a"), shelf="4", price="dear"))]
    assert shop.reconcile(fold(EMPTY, facts)) == Reconciled()


def test_an_object_that_vanishes_meanwhile_is_no_error(shop: Shop) -> None:
    class Vanishing(Memory):
        def list(self, prefix=""):
            listing = [*super().list(prefix)]
            self.objects.pop(image("a"), None)
            return iter(listing)

    shop.images = Vanishing(lambda: START)
    shop.drop(image("a"))
    assert shop.reconcile(EMPTY) == Reconciled()


def test_asking_again_and_again_ends_once_it_is_taken_in(shop: Shop) -> None:
    generation = shop.drop(image("a"))
    for _ in range(3):
        assert shop.reconcile(EMPTY).asked == 1
    assert shop.reconcile(fold(EMPTY, [picture("a", generation)])).asked == 0
