"""What storage events do to a department's log: once, twice, late, out of order, and with faults."""

import json
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from shared import pictures, tables, tabulating
from shared.compacting import compact
from shared.errors import ModelMissing, StoreError, StoreUnavailable
from shared.events import StorageEvent
from shared.log import GRACE, Manifest, swap_manifest
from shared.rejected import rejections
from shared.storage.folder import Folder
from shared.storage.ports import Blob, Blobs
from tests.bundles import card, publish
from tests.storage.memory import Memory
from tests.uploads import BLUE, GREEN, NOW, RED, Shop, happened, picture, seen

A1 = "womenswear/a1.jpg"


class Faulty:
    """A bucket of which one call fails, before or after it was done; it counts its calls."""

    def __init__(self, bucket: Blobs) -> None:
        self.bucket = bucket
        self.calls = 0
        self.fails_at = 0
        self.done_before = False

    def _call(self, method, *values, **conditions):
        self.calls += 1
        act = partial(getattr(self.bucket, method), *values, **conditions)
        if self.calls != self.fails_at:
            return act()
        if self.done_before:
            with suppress(StoreError):
                act()
        raise StoreUnavailable("expected an answer, found none")

    def list(self, prefix=""):
        return self._call("list", prefix)

    def stat(self, name):
        return self._call("stat", name)

    def read(self, name, generation=None):
        return self._call("read", name, generation)

    def open(self, name, generation=None):
        return self._call("open", name, generation)

    def write(self, name, data, *, if_generation=None, metadata=None):
        return self._call("write", name, data, if_generation=if_generation, metadata=metadata)

    def touch(self, name, metadata=None):
        return self._call("touch", name, metadata)

    def delete(self, name, generation=None):
        return self._call("delete", name, generation)


@pytest.fixture
def shop() -> Shop:
    return Shop()


# pictures


def test_a_dropped_picture_becomes_an_item(shop):
    outcome = shop.take_in(shop.drop(A1, picture(RED)))
    assert outcome.result == "embedded"
    assert outcome.details == {"item_id": "a1", "model": "colours-1", "category": "dress"}
    assert shop.items() == {"a1": seen((1, 0, 0), "dress")}
    assert shop.items("menswear") == {}


@pytest.mark.parametrize(
    ("name", "format"), [("a1.jpeg", "JPEG"), ("a1.JPG", "JPEG"), ("a1.Png", "PNG"), ("a1.webp", "WEBP")]
)
def test_each_extension_is_a_picture(shop, name, format):
    assert shop.take_in(shop.drop(f"menswear/{name}", picture(GREEN, format))).result == "embedded"
    assert shop.items("menswear") == {"a1": seen((0, 1, 0), "trousers")}


def test_the_bytes_count_not_the_extension(shop):
    assert shop.take_in(shop.drop(A1, picture(BLUE, "WEBP"))).result == "embedded"


@pytest.mark.parametrize("item_id", ["a.b", "Größe 38", "a1.csv", "x" * 200, "裙子"])
def test_an_item_id_may_be_any_printable_text(shop, item_id):
    assert shop.take_in(shop.drop(f"womenswear/{item_id}.jpg", picture())).result == "embedded"
    assert set(shop.items()) == {item_id}


def test_a_picture_that_a_store_hands_out_as_a_mapping_is_read(tmp_path):
    shop = Shop(Folder(tmp_path))
    noise = np.random.default_rng(0).integers(0, 256, (1000, 1000, 3), np.uint8)
    buffer = BytesIO()
    Image.fromarray(noise).save(buffer, "PNG")
    assert len(buffer.getvalue()) > 2**20
    assert shop.take_in(shop.drop("womenswear/a1.png", buffer.getvalue())).result == "embedded"
    assert set(shop.items()) == {"a1"}


def test_the_same_event_again_does_nothing(shop):
    event = shop.drop(A1, picture(), {"price": "5"})
    shop.take_in(event)
    before = shop.deltas()
    assert [shop.take_in(event).result for _ in range(3)] == ["known"] * 3
    assert shop.deltas() == before
    assert shop.encoder.encoded == 1


def test_an_overwritten_picture_is_embedded_anew(shop):
    shop.take_in(shop.drop(A1, picture(RED)))
    shop.take_in(shop.drop(A1, picture(BLUE)))
    assert shop.items() == {"a1": seen((0, 0, 1), "shoes")}


def test_of_two_files_of_one_item_the_newer_counts(shop):
    first = shop.drop(A1, picture(RED))
    second = shop.drop("womenswear/a1.png", picture(BLUE, "PNG"))
    shop.take_in(second)
    assert shop.take_in(first).result == "known"
    assert shop.items() == {"a1": seen((0, 0, 1), "shoes")}
    assert shop.encoder.encoded == 1


def test_an_event_of_a_superseded_generation_is_acknowledged(shop):
    old = shop.drop(A1, picture(RED))
    new = shop.drop(A1, picture(BLUE))
    assert shop.take_in(old).result == "superseded"
    assert shop.items() == {}
    shop.take_in(new)
    assert shop.take_in(old).result == "known"
    assert shop.items() == {"a1": seen((0, 0, 1), "shoes")}
    assert shop.encoder.encoded == 1


# removals


def test_a_deleted_picture_is_no_longer_an_item(shop):
    shop.take_in(shop.drop(A1, picture()))
    assert shop.take_in(shop.delete(A1)).result == "removed"
    assert shop.items() == {}


def test_a_deletion_that_comes_first_stays(shop):
    dropped = shop.drop(A1, picture())
    deleted = shop.delete(A1)
    assert shop.take_in(deleted).result == "removed"
    assert shop.take_in(dropped).result == "superseded"
    assert shop.items() == {}


def test_an_item_that_comes_back_is_visible_again(shop):
    shop.take_in(shop.drop(A1, picture(RED)))
    deleted = shop.delete(A1)
    shop.take_in(deleted)
    shop.take_in(shop.drop(A1, picture(GREEN)))
    shop.take_in(deleted)
    assert shop.items() == {"a1": seen((0, 1, 0), "trousers")}


def test_an_overwritten_item_never_vanishes(shop):
    """Google tells of an overwritten object's end, too: until the new picture is in, the old one is shown."""
    first = shop.drop(A1, picture(RED))
    shop.take_in(first)
    second = shop.drop(A1, picture(BLUE))
    end = StorageEvent(**(vars(first) | {"type": "deleted"}))
    assert shop.take_in(end).result == "superseded"
    assert set(shop.items()) == {"a1"}
    shop.take_in(second)
    assert shop.items() == {"a1": seen((0, 0, 1), "shoes")}


def test_a_removal_tells_when_the_store_says_it_happened(shop):
    shop.take_in(shop.drop(A1, picture()))
    deleted = shop.delete(A1)
    for _ in range(2):
        shop.take_in(deleted)
    assert len([name for name in shop.deltas() if ".removed." in name]) == 1
    table = shop.reader("womenswear").catalogue().table
    assert table["removed_at"].to_pylist() == [int(NOW.timestamp() * 1_000_000)]


PNG = "womenswear/a1.png"


def test_the_older_of_two_files_is_shown_again_once_the_newer_is_deleted(shop):
    shop.take_in(shop.drop(A1, picture(RED), {"brand": "Luma"}))
    shop.take_in(shop.drop(PNG, picture(BLUE, "PNG"), {"brand": "Other", "title": "b"}))
    assert shop.items() == {"a1": seen((0, 0, 1), "shoes", brand="Other", title="b")}
    end = shop.delete(PNG)
    assert shop.take_in(end).result == "removed"
    assert shop.items() == {}
    for _ in range(2):
        later = datetime.now(UTC) + timedelta(seconds=GRACE + 1)
        compact(shop.images, shop.blobs, "womenswear", later)
    assert shop.take_in(happened("metadataUpdated", shop.images.stat(A1))).result == "embedded"
    assert shop.items() == {"a1": seen((1, 0, 0), "dress", brand="Luma")}
    # and for good: what was deleted may be told of again
    assert shop.take_in(end).result == "known"
    late = StorageEvent(**(vars(end) | {"type": "finalized"}))
    assert shop.take_in(late).result == "superseded"
    assert shop.items() == {"a1": seen((1, 0, 0), "dress", brand="Luma")}


def test_deleting_the_older_of_two_files_changes_nothing(shop):
    shop.take_in(shop.drop(A1, picture(RED)))
    shop.take_in(shop.drop(PNG, picture(BLUE, "PNG")))
    assert shop.take_in(shop.delete(A1)).result == "removed"
    assert shop.items() == {"a1": seen((0, 0, 1), "shoes")}


def test_a_bad_second_file_may_be_deleted_and_hides_nothing(shop):
    shop.take_in(shop.drop(A1, picture(RED)))
    shop.take_in(shop.drop(PNG, b"no picture"))
    assert shop.take_in(shop.delete(PNG)).result == "known"
    assert rejections(shop.blobs, "womenswear") == {}
    assert shop.items() == {"a1": seen((1, 0, 0), "dress")}


def test_a_second_file_that_a_reader_does_not_know_of_yet_is_removed_all_the_same(shop):
    shop.take_in(shop.drop(A1, picture(RED)))
    stale = shop.reader("womenswear")
    stale.catalogue()
    stale._max_age = 1e9
    shop.take_in(shop.drop(PNG, picture(BLUE, "PNG")))
    shop.reader = lambda department: stale
    assert shop.take_in(shop.delete(PNG)).result == "removed"
    assert stale.catalogue().picture_clock("a1").endswith(A1)


# attributes


def test_metadata_are_attributes(shop):
    metadata = {"brand": "Luma", "price": "12.50", "sizes": "S|M", "photographer": "x"}
    outcome = shop.take_in(shop.drop(A1, picture(), metadata))
    assert outcome.details["kept_out"] == ["photographer"]
    assert shop.items()["a1"] == seen((1, 0, 0), "dress", brand="Luma", price=12.5, sizes=["S", "M"])


def test_changed_metadata_change_attributes_and_embed_nothing(shop):
    shop.take_in(shop.drop(A1, picture(), {"brand": "Luma", "price": "12.50"}))
    outcome = shop.take_in(shop.change(A1, {"price": "9.99", "brand": ""}))
    assert outcome.result == "known"
    assert shop.items()["a1"] == seen((1, 0, 0), "dress", price=9.99)
    assert shop.encoder.encoded == 1


def test_changes_of_metadata_may_come_in_any_order(shop):
    events = [
        shop.drop(A1, picture(), {"price": "1"}),
        shop.change(A1, {"price": "2"}),
        shop.change(A1, {"price": "3"}),
    ]
    for event in reversed(events):
        shop.take_in(event)
    assert shop.items()["a1"]["price"] == 3
    assert shop.encoder.encoded == 1


def test_a_bad_attribute_costs_itself_only(shop):
    outcome = shop.take_in(shop.drop(A1, picture(), {"price": "cheap", "brand": "Luma"}))
    assert outcome.result == "embedded"
    assert outcome.details["faults"] == 1
    assert outcome.details["first_faults"][0]["where"] == "price"
    assert shop.items()["a1"] == seen((1, 0, 0), "dress", brand="Luma")


def test_touching_a_picture_nobody_told_of_embeds_it(shop):
    shop.drop(A1, picture(GREEN))  # its event is lost
    assert shop.take_in(shop.change(A1)).result == "embedded"
    assert shop.items() == {"a1": seen((0, 1, 0), "trousers")}
    assert shop.take_in(shop.change(A1)).result == "known"
    assert shop.encoder.encoded == 1


TABLE = b"item_id,price,currency,colour\na1,5,EUR,red\na2,x,EUR,red\na3,7,EUR,blue\n"


def test_a_table_tells_attributes_and_its_bad_rows_are_told(shop):
    shop.take_in(shop.drop(A1, picture()))
    outcome = shop.take_in(shop.drop("womenswear/prices.csv", TABLE))
    assert outcome.result == "read"
    assert outcome.details == {
        "rows": 2,
        "kept_out": ["colour"],
        "faults": 1,
        "first_faults": [{"where": 3, "reason": "price: expected a number such as 12.50, found 'x'"}],
    }
    assert shop.items()["a1"] == seen((1, 0, 0), "dress", price=5.0, currency="EUR")


def test_a_table_may_come_before_its_pictures(shop):
    shop.take_in(shop.drop("womenswear/new/prices.CSV", TABLE))
    assert shop.items() == {}
    shop.take_in(shop.drop("womenswear/a3.jpg", picture(BLUE)))
    assert shop.items() == {"a3": seen((0, 0, 1), "shoes", price=7.0, currency="EUR")}


def test_a_table_of_one_department_says_nothing_of_the_other(shop):
    shop.take_in(shop.drop("menswear/a1.jpg", picture()))
    shop.take_in(shop.drop("womenswear/prices.csv", TABLE))
    assert shop.items("menswear") == {"a1": seen((1, 0, 0), "dress")}


def test_the_newer_table_wins_whichever_comes_first(shop):
    shop.take_in(shop.drop(A1, picture()))
    old = shop.drop("womenswear/b.csv", b"item_id,price,brand\na1,5,Luma\n")
    new = shop.drop("womenswear/a.csv", b"item_id,price\na1,6\n")
    for event in (new, old):
        shop.take_in(event)
    assert shop.items()["a1"] == seen((1, 0, 0), "dress", price=6.0, brand="Luma")


def test_a_table_is_read_once_per_content(shop):
    event = shop.drop("womenswear/prices.csv", TABLE)
    results = [shop.take_in(event).result, shop.take_in(event).result]
    assert [*results, shop.take_in(shop.change("womenswear/prices.csv")).result] == ["read", "known", "known"]
    assert len(shop.deltas()) == 1


def test_deleting_a_table_changes_nothing(shop):
    shop.take_in(shop.drop(A1, picture()))
    shop.take_in(shop.drop("womenswear/prices.csv", TABLE))
    before = shop.items()
    assert shop.take_in(shop.delete("womenswear/prices.csv")).result == "left alone"
    assert shop.items() == before


def test_a_superseded_table_is_left_to_the_newer_event(shop):
    old = shop.drop("womenswear/prices.csv", TABLE)
    shop.drop("womenswear/prices.csv", b"item_id,price\na1,6\n")
    assert shop.take_in(old).result == "superseded"
    assert shop.deltas() == []


def test_a_table_without_item_ids_is_rejected_and_remembered(shop):
    event = shop.drop("womenswear/prices.csv", b"id;price\n1;2\n")
    outcome = shop.take_in(event)
    assert outcome.result == "rejected"
    assert outcome.details["error"] == "TableRefused"
    assert "found 'id;price'" in outcome.details["reason"]
    assert set(shop.reader("womenswear").catalogue().sources) == {"womenswear/prices.csv"}
    assert shop.take_in(event).result == "known"


def test_a_formula_in_a_table_stays_text(shop):
    shop.take_in(shop.drop(A1, picture()))
    formula = '=HYPERLINK("https://evil.example";"x")'
    quoted = formula.replace('"', '""')
    shop.take_in(shop.drop("womenswear/t.csv", f'item_id,title,brand\na1,"{quoted}",+1\n'.encode()))
    assert shop.items()["a1"] == seen((1, 0, 0), "dress", title=formula, brand="+1")


def told(shop, file="prices.csv") -> dict:
    """The report on a table."""
    return json.loads(shop.blobs.read(f"womenswear/reports/{file}.report.json")[0])


def test_what_became_of_a_table_is_reported_by_line(shop):
    event = shop.drop("womenswear/new/prices.csv", TABLE)
    shop.take_in(event)
    assert told(shop, "new/prices.csv") == {
        "file": "womenswear/new/prices.csv",
        "clock": f"{event.generation:020d}.0000000000.womenswear/new/prices.csv",
        "refused": None,
        "encoding": "utf-8-sig",
        "taken": 2,
        "bad": 1,
        "kept_out": ["colour"],
        "faults": [{"line": 3, "reason": "price: expected a number such as 12.50, found 'x'"}],
    }


def test_a_refused_table_is_reported_and_a_good_one_after_it(shop):
    shop.take_in(shop.drop("womenswear/prices.csv", b"id;price\n1;2\n"))
    assert "found 'id;price'" in told(shop)["refused"]
    shop.take_in(shop.drop("womenswear/prices.csv", b"item_id;price\n1;2\n"))
    assert (told(shop)["refused"], told(shop)["taken"], told(shop)["faults"]) == (None, 1, [])


class Slow(Memory):
    """A bucket that hands out an object as it was when its event was sent, as a slow instance has it."""

    def __init__(self) -> None:
        super().__init__()
        self.former: dict[tuple[str, int], tuple[bytes, Blob]] = {}

    def write(self, name, data, **conditions):
        blob = super().write(name, data, **conditions)
        self.former[name, blob.generation] = self.objects[name]
        return blob

    def read(self, name, generation=None):
        return self.former[name, generation]

    def stat(self, name):
        return max((blob for (other, _), (_, blob) in self.former.items() if other == name and
                    blob.generation <= self.until), key=lambda blob: blob.generation)  # fmt: skip


def test_the_report_of_an_older_generation_does_not_replace_a_newer_one():
    images = Slow()
    shop = Shop(images)
    old = shop.drop("womenswear/prices.csv", b"item_id,price\na1,old\n")
    new = shop.drop("womenswear/prices.csv", b"item_id,price\na1,new\n")
    for event in (new, old, new, old):
        images.until = event.generation
        shop.take_in(event)
        assert "found 'new'" in told(shop)["faults"][0]["reason"]


def test_the_report_on_a_table_goes_with_it(shop):
    event = shop.drop("womenswear/prices.csv", TABLE)
    shop.take_in(event)
    end = shop.delete("womenswear/prices.csv")
    shop.take_in(end)
    assert list(shop.blobs.list("womenswear/reports/")) == []
    shop.take_in(shop.drop("womenswear/prices.csv", TABLE))
    shop.take_in(end)  # again, and late
    assert told(shop)["taken"] == 2


def test_a_large_table_becomes_several_deltas_and_its_last_rows_count(shop):
    """Rows of one item in different parts, and the first rows again at the end."""
    shop.take_in(shop.drop(A1, picture()))
    count = 2 * tabulating.PART_ROWS + 10
    lines = [f"b{number},{number}.50" for number in range(count)]
    data = "\n".join(["item_id,price", "a1,1", *lines, "a1,2", "b0,x", "b1,7"])
    event = shop.drop("womenswear/prices.csv", data.encode())
    assert shop.take_in(event).details["rows"] == count + 3
    assert len([name for name in shop.deltas() if ".table." in name]) == 4
    table = shop.reader("womenswear").catalogue().table
    prices = dict(zip(table["item_id"].to_pylist(), table["price"].to_pylist(), strict=True))
    assert prices == {f"b{number}": number + 0.5 for number in range(count)} | {"a1": 2.0, "b1": 7.0}
    assert shop.take_in(event).result == "known"


@pytest.mark.parametrize("done_before", [False, True], ids=["not done", "done, but the answer was lost"])
def test_a_large_table_that_is_interrupted_is_read_again(done_before):
    count = tabulating.PART_ROWS + 3
    data = "\n".join(["item_id,price", *(f"b{number},{number}" for number in range(count)), "b0,7", "b1,x"])
    for fails_at in range(1, 100):
        shop = Shop()
        blobs = Faulty(shop.blobs)
        blobs.fails_at, blobs.done_before = fails_at, done_before
        event = shop.drop("womenswear/prices.csv", data.encode())
        with suppress(StoreUnavailable):
            shop.take_in(event, blobs)
        interrupted = blobs.calls == fails_at
        shop.take_in(event)
        table = shop.reader("womenswear").catalogue().table
        assert dict(zip(table["item_id"].to_pylist(), table["price"].to_pylist(), strict=True)) == {
            f"b{number}": float(number or 7) for number in range(count)
        }
        assert told(shop)["bad"] == 1
        if not interrupted:
            break
    assert fails_at > 5


def test_a_table_too_large_is_not_fetched(shop):
    event = shop.drop("womenswear/prices.csv", b"item_id\n")
    shop.pretend_size(event.name, tables.MAX_BYTES + 1)
    outcome = shop.take_in(event)
    assert (outcome.result, outcome.details["error"]) == ("rejected", "TableRefused")
    assert "found 1073741825" in outcome.details["reason"]


# what can never be taken in

BAD = {
    "EmptyPicture": b"",
    "NotAPicture": b"This is no picture.",
    "DamagedPicture": picture()[:200],
    "TooManyPixels": b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(4) + b"\x2f\x75\0" * 2,
}


@pytest.mark.parametrize("error", BAD)
def test_a_bad_picture_is_rejected_with_the_reason(shop, error):
    event = shop.drop(A1, BAD[error])
    outcome = shop.take_in(event)
    assert (outcome.result, outcome.details["error"]) == ("rejected", error)
    recorded = rejections(shop.blobs, "womenswear").get("a1")
    assert (recorded.type, recorded.reason) == (error, outcome.details["reason"])
    assert recorded.clock.startswith(f"{event.generation:020d}.")
    assert recorded.reason.startswith("expected ")
    assert shop.items() == {}
    assert shop.encoder.encoded == 0


def test_a_picture_too_large_is_not_fetched(shop):
    event = shop.drop(A1, picture())
    shop.pretend_size(A1, pictures.MAX_BYTES + 1)
    outcome = shop.take_in(event)
    assert (outcome.result, outcome.details["error"]) == ("rejected", "PictureTooLarge")
    assert "found 20971521" in outcome.details["reason"]


def test_a_later_good_picture_clears_the_rejection(shop):
    bad = shop.drop(A1, b"no picture")
    shop.take_in(bad)
    good = shop.drop(A1, picture())
    shop.take_in(good)
    assert rejections(shop.blobs, "womenswear").get("a1") is None
    assert shop.take_in(bad).result == "known"
    assert rejections(shop.blobs, "womenswear").get("a1") is None


def test_deleting_a_bad_picture_clears_the_rejection(shop):
    shop.take_in(shop.drop(A1, b"no picture"))
    shop.take_in(shop.delete(A1))
    assert rejections(shop.blobs, "womenswear").get("a1") is None


def test_a_picture_overwritten_by_something_else_is_gone(shop):
    shop.take_in(shop.drop(A1, picture()))
    assert shop.take_in(shop.drop(A1, b"no picture")).result == "rejected"
    assert shop.items() == {}
    shop.take_in(shop.drop(A1, picture(GREEN)))
    assert shop.items() == {"a1": seen((0, 1, 0), "trousers")}


def test_a_bad_second_file_of_an_item_does_not_hide_the_good_first(shop):
    shop.take_in(shop.drop(A1, picture()))
    assert shop.take_in(shop.drop("womenswear/a1.png", b"no picture")).result == "rejected"
    assert set(shop.items()) == {"a1"}


# names: docs/formats.md says what becomes of each


@pytest.mark.parametrize(
    ("stem", "item_id"),
    [
        (unicodedata.normalize("NFD", "Größe é"), "Größe é"),
        (" a1 ", "a1"),
        ("..", ".."),
        ("a1.jpg", "a1.jpg"),
        ("CON", "CON"),
        ("\u202ea1", "\u202ea1"),
    ],
)
def test_an_item_id_is_a_name_trimmed_and_composed(shop, stem, item_id):
    assert shop.take_in(shop.drop(f"womenswear/{stem}.jpg", picture())).result == "embedded"
    assert set(shop.items()) == {item_id}


def test_two_spellings_of_a_name_are_one_item_whose_newer_file_counts(shop):
    composed, apart = (unicodedata.normalize(form, "womenswear/é.jpg") for form in ("NFC", "NFD"))
    assert composed != apart
    shop.take_in(shop.drop(composed, picture(RED)))
    shop.take_in(shop.drop(apart, picture(BLUE)))
    assert shop.items() == {"é": seen((0, 0, 1), "shoes")}
    compact(shop.images, shop.blobs, "womenswear", LATER)
    assert [blob.name for blob in shop.images.list() if blob.metageneration > 1] == []


def test_a_bad_picture_in_another_spelling_is_cleared_by_a_good_one(shop):
    shop.take_in(shop.drop(unicodedata.normalize("NFD", "womenswear/é.jpg"), b"no picture"))
    assert set(rejections(shop.blobs, "womenswear")) == {"é"}
    shop.take_in(shop.drop("womenswear/é.png", picture()))
    assert rejections(shop.blobs, "womenswear") == {}


def test_ids_that_differ_in_case_are_two_items_and_extensions_make_no_difference(shop):
    for name, colour in (("a1.jpg", RED), ("A1.jpg", BLUE), ("A1.JPG", GREEN)):
        shop.take_in(shop.drop(f"womenswear/{name}", picture(colour)))
    assert shop.items() == {"a1": seen((1, 0, 0), "dress"), "A1": seen((0, 1, 0), "trousers")}


def test_rejections_of_ids_that_differ_in_case_are_two(shop):
    for name in ("a1", "A1"):
        shop.take_in(shop.drop(f"womenswear/{name}.jpg", b"no picture"))
    assert set(rejections(shop.blobs, "womenswear")) == {"a1", "A1"}


@pytest.mark.parametrize("name", ["Womenswear/a1.jpg", "/womenswear/a1.jpg", "womenswear", "womenswear.jpg"])
def test_what_is_in_no_department_is_left_alone(shop, name):
    assert shop.take_in(StorageEvent("finalized", "images", name, 7, 1, 5, NOW)).result == "left alone"


def test_a_table_of_any_name_has_a_report_that_every_store_can_take(tmp_path):
    shop = Shop()
    shop.blobs = Folder(tmp_path)
    for name in ("x" * 1009, "../a", ".hidden", "a\nb", "é" * 500, "deep/er/and/deeper"):
        event = shop.drop(f"womenswear/{name}.csv", TABLE)
        assert shop.take_in(event).result == "read"
    names = [blob.name for blob in shop.blobs.list("womenswear/reports/")]
    assert len(names) == 6
    assert "womenswear/reports/deep/er/and/deeper.csv.report.json" in names


@pytest.mark.parametrize(
    "item_id", ["sub/a1", "", "x" * 201, "x" * 1009, "a\nb", "../a1", "../../etc/passwd", "a/../b", "a\x7f"]
)
@pytest.mark.parametrize("kind", ["finalized", "metadataUpdated", "deleted"])
def test_a_name_that_can_be_no_item_is_rejected(shop, item_id, kind):
    event = StorageEvent(kind, "images", f"womenswear/{item_id}.jpg", 7, 1, 5, NOW)
    outcome = shop.take_in(event)
    assert (outcome.result, outcome.details["error"]) == ("rejected", "NameRefused")
    recorded = rejections(shop.blobs, "womenswear").get(item_id)
    assert recorded is None if kind == "deleted" else recorded.type == "NameRefused"
    assert shop.deltas() == []


@pytest.mark.parametrize(
    "name",
    ["a1.jpg", "kids/a1.jpg", "womenswear", "womenswear/readme.txt", "womenswear/jpg", "womenswear/a.jpg/b",
     "Womenswear/a1.jpg", "womenswear/a1.gif", "womenswear/a1.jpg.part", "models/womenswear/a1.jpg"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["finalized", "metadataUpdated", "deleted"])
def test_anything_else_is_left_alone(shop, name, kind):
    before = [blob.name for blob in shop.blobs.list()]
    assert shop.take_in(StorageEvent(kind, "images", name, 7, 1, 5, NOW)).result == "left alone"
    assert [blob.name for blob in shop.blobs.list()] == before


# what may succeed later


def test_a_department_without_a_model_waits_for_it(shop):
    shop.blobs.delete("menswear/manifest.json")
    event = shop.drop("menswear/a1.jpg", picture())
    with pytest.raises(ModelMissing, match=r"menswear/manifest\.json"):
        shop.take_in(event)
    swap_manifest(shop.blobs, Manifest(department="menswear", model="colours-1"), if_generation=0)
    assert shop.take_in(event).result == "embedded"


def test_tables_and_removals_need_no_model(shop):
    shop.blobs.delete("womenswear/manifest.json")
    assert shop.take_in(shop.drop("womenswear/prices.csv", TABLE)).result == "read"
    shop.drop(A1, picture())
    assert shop.take_in(shop.delete(A1)).result == "removed"


def history(shop: Shop) -> Iterator[StorageEvent]:
    """Each kind of event, in the order in which a shop may make them happen."""
    yield shop.drop("womenswear/prices.csv", TABLE)
    yield shop.drop(A1, b"no picture", {"brand": "Luma"})
    yield shop.drop(A1, picture(RED), {"brand": "Luma"})
    yield shop.change(A1, {"brand": "Sol"})
    yield shop.drop("womenswear/a3.jpg", picture(GREEN))
    yield shop.drop("womenswear/a3.jpg", b"no picture")
    yield shop.drop("womenswear/a3.jpg", picture(BLUE))
    yield shop.drop("womenswear/a4.jpg", picture(BLUE))
    yield shop.delete("womenswear/a4.jpg")


EXPECTED = {
    "a1": seen((1, 0, 0), "dress", brand="Sol", price=5.0, currency="EUR"),
    "a3": seen((0, 0, 1), "shoes", price=7.0, currency="EUR"),
}


def test_a_history_ends_as_the_bucket_is(shop):
    for event in history(shop):
        shop.take_in(event)
    assert shop.items() == EXPECTED


@pytest.mark.parametrize("done_before", [False, True], ids=["not done", "done, but the answer was lost"])
def test_any_one_call_of_the_store_may_fail(done_before):
    """Each event is sent again until it is acknowledged; at every possible fault the end is the same."""
    for fails_at in range(1, 1000):
        shop, raised = Shop(), 0
        blobs = Faulty(shop.blobs)
        blobs.fails_at, blobs.done_before = fails_at, done_before
        for event in history(shop):
            try:
                shop.take_in(event, blobs)
            except StoreUnavailable:
                raised += 1
                shop.take_in(event, blobs)
        assert shop.items() == EXPECTED
        assert rejections(shop.blobs, "womenswear") == {}
        if not raised:
            break
    assert fails_at >= 30


def test_any_call_of_the_pictures_bucket_may_fail():
    for fails_at in range(1, 1000):
        images = Faulty(Memory())
        shop, raised = Shop(images), 0
        for event in history(shop):
            images.calls, images.fails_at = 0, fails_at
            try:
                shop.take_in(event)
            except StoreUnavailable:
                raised += 1
                shop.take_in(event)
            images.fails_at = 0
        assert shop.items() == EXPECTED
        if not raised:
            break
    assert fails_at > 2


def test_instances_that_take_in_one_event_at_once_write_it_once(tmp_path):
    shop = Shop(Folder(tmp_path / "images"))
    shop.blobs = Folder(tmp_path / "catalogue")
    publish(shop.blobs, card())
    swap_manifest(shop.blobs, Manifest(department="womenswear", model="colours-1"), if_generation=0)
    events = [shop.drop(A1, picture(RED), {"brand": "Luma"}), shop.drop("womenswear/prices.csv", TABLE)]
    with ThreadPoolExecutor(8) as instances:
        outcomes = list(instances.map(shop.take_in, events * 8))
    assert {outcome.result for outcome in outcomes} <= {"embedded", "known", "read"}
    assert len(shop.deltas()) == 3
    assert shop.items() == {"a1": seen((1, 0, 0), "dress", brand="Luma", price=5.0, currency="EUR")}


LATER = datetime.now(UTC) + timedelta(days=1)


def test_an_event_that_comes_again_after_its_delta_was_folded_embeds_nothing(shop):
    event = shop.drop(A1, picture(), {"brand": "Luma"})
    shop.take_in(event)
    compact(shop.images, shop.blobs, "womenswear", LATER)
    assert shop.deltas() == []
    before = shop.items()
    assert shop.take_in(event).result == "known"
    assert shop.take_in(shop.change(A1, {"brand": "Sol"})).result == "known"
    assert shop.encoder.encoded == 1
    assert shop.items() == {"a1": before["a1"] | {"brand": "Sol"}}


def test_events_that_were_lost_are_asked_for_once_and_then_all_is_quiet(shop):
    """Reconciliation touches what no event told of; what the touches bring must satisfy it."""
    for _ in history(shop):
        pass
    shop.drop("womenswear/a5.jpg", b"no picture", {"photographer": "x"})
    shop.drop("womenswear/bad.csv", b"no table")
    shop.drop("womenswear/readme.txt", b"neither")
    touched = {}
    for round in range(3):
        compact(shop.images, shop.blobs, "womenswear", LATER)
        now = {blob.name: blob for blob in shop.images.list()}
        news = [blob for name, blob in now.items() if round == 0 or touched[name] != blob]
        touched = now
        for blob in news:
            if blob.metageneration > 1:
                shop.take_in(happened("metadataUpdated", blob))
        assert bool(news) == (round == 0)
    assert shop.items() == EXPECTED
    assert set(rejections(shop.blobs, "womenswear")) == {"a5"}
