import json

import pytest

from shared.errors import EmptyPicture, NotAPicture
from shared.facts import clock
from shared.rejected import readmit, reject, rejection_name, rejections
from tests.facts import DEPARTMENT, image
from tests.storage.memory import Memory

EARLY, LATE = clock(1, 0, image("a")), clock(2, 0, image("a"))
NAME = "womenswear/rejected/a.json"


def test_a_refusal_is_recorded_with_its_reason() -> None:
    blobs = Memory()
    assert reject(blobs, DEPARTMENT, "a", EARLY, EmptyPicture("expected a picture, found 0 bytes"))
    assert json.loads(blobs.read(NAME)[0]) == {
        "item_id": "a",
        "clock": EARLY,
        "type": "EmptyPicture",
        "reason": "expected a picture, found 0 bytes",
    }
    assert rejections(blobs, DEPARTMENT)["a"].clock == EARLY


@pytest.mark.parametrize("order", [(EARLY, LATE), (LATE, EARLY), (LATE, EARLY, LATE)])
def test_only_the_latest_counts(order: tuple[str, ...]) -> None:
    blobs = Memory()
    for at in order:
        reject(blobs, DEPARTMENT, "a", at, NotAPicture(at))
    assert rejections(blobs, DEPARTMENT)["a"].reason == LATE


def test_the_same_refusal_again_writes_nothing() -> None:
    blobs = Memory()
    for _ in range(2):
        assert reject(blobs, DEPARTMENT, "a", EARLY, NotAPicture("text"))
        generation = blobs.stat(NAME).generation
    assert generation == 1


def test_a_good_picture_ends_earlier_refusals_only() -> None:
    blobs = Memory()
    reject(blobs, DEPARTMENT, "a", LATE, NotAPicture("text"))
    assert not readmit(blobs, DEPARTMENT, "a", EARLY)
    assert "a" in rejections(blobs, DEPARTMENT)
    assert readmit(blobs, DEPARTMENT, "a", LATE)
    assert not readmit(blobs, DEPARTMENT, "a", LATE)
    assert rejections(blobs, DEPARTMENT) == {}


def test_any_id_has_a_name_every_store_can_take() -> None:
    names = [
        rejection_name(DEPARTMENT, item_id)
        for item_id in ("a", "Größe 38", ".a", "a/b", "", "ö" * 150, "\ud800")
    ]
    assert names[:2] == [NAME, "womenswear/rejected/Größe 38.json"]
    assert len(set(names)) == len(names)
    for name in names:
        _, _, last = name.split("/")
        assert not last.startswith(".")
        assert len(last.encode()) <= 255


def test_what_can_not_be_read_is_left_out_and_written_over() -> None:
    blobs = Memory()
    blobs.write(NAME, b"{")
    assert rejections(blobs, DEPARTMENT) == {}
    assert reject(blobs, DEPARTMENT, "a", EARLY, NotAPicture("text"))
    assert rejections(blobs, DEPARTMENT)["a"].clock == EARLY
