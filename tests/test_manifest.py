import pytest

from shared.errors import FormatError, ModelMissing, PreconditionFailed
from shared.manifest import (
    LINEAGE,
    Manifest,
    read_manifest,
    sequence_of,
    snapshot_id,
    snapshot_name,
    swap_manifest,
)
from tests.storage.memory import Memory

ONE, TWO, THREE = (f"{number:010d}-0123456789abcdef" for number in (1, 2, 3))


def test_a_manifest_is_read_as_it_was_written() -> None:
    blobs = Memory()
    manifest = Manifest("womenswear", model="v1").advanced(7, ONE)
    generation = swap_manifest(blobs, manifest, 0)
    assert read_manifest(blobs, "womenswear") == (manifest, generation)


def test_of_two_swaps_one_fails() -> None:
    blobs = Memory()
    generation = swap_manifest(blobs, Manifest("womenswear"), 0)
    swap_manifest(blobs, Manifest("womenswear", model="v1"), generation)
    with pytest.raises(PreconditionFailed):
        swap_manifest(blobs, Manifest("womenswear", model="v2"), generation)
    with pytest.raises(PreconditionFailed):
        swap_manifest(blobs, Manifest("womenswear", model="v2"), 0)
    assert read_manifest(blobs, "womenswear")[0].model == "v1"


def test_without_a_manifest_there_is_no_model() -> None:
    with pytest.raises(ModelMissing, match=r"womenswear/manifest\.json"):
        read_manifest(Memory(), "womenswear")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"format": 1}',
        b'{"department": "womenswear", "format": 2}',
        b'{"department": "womenswear", "snapshot": "../1"}',
        b'{"department": "womenswear", "snapshots": []}',
        b'{"department": "menswear"}',
    ],
)
def test_a_manifest_that_can_not_be_understood(data: bytes) -> None:
    blobs = Memory()
    blobs.write("womenswear/manifest.json", data)
    with pytest.raises(FormatError, match=r"womenswear/manifest\.json: expected"):
        read_manifest(blobs, "womenswear")


def test_whoever_advances_follows_what_was_there() -> None:
    first = Manifest("womenswear", model="v1")
    second = first.advanced(10, ONE)
    third = second.advanced(20, TWO)
    assert (second.follows(10), second.follows(20)) == (True, False)
    assert (third.follows(10), third.follows(20), third.follows(30)) == (True, True, False)
    assert [ancestor.snapshot for ancestor in third.lineage] == [None, ONE]


def test_a_lineage_is_not_endless() -> None:
    manifest = Manifest("womenswear")
    for generation in range(3 * LINEAGE):
        manifest = manifest.advanced(generation, f"{generation:010d}-0123456789abcdef")
    assert [ancestor.generation for ancestor in manifest.lineage] == list(range(2 * LINEAGE, 3 * LINEAGE))


def test_going_back_breaks_the_lineage_and_going_on_starts_another() -> None:
    """An operator changes ``snapshot`` alone; that manifest is at generation 40."""
    third = Manifest("womenswear", model="v1").advanced(10, ONE).advanced(20, TWO).advanced(30, THREE)
    back = Manifest(
        "womenswear", model="v1", snapshot=TWO, lineage=third.lineage, lineage_of=third.lineage_of
    )
    assert not any(back.follows(generation) for generation in (10, 20, 30, 40))
    on = back.advanced(40, "0000000004-0123456789abcdef")
    assert [on.follows(generation) for generation in (10, 20, 30, 40)] == [False, False, False, True]


def test_a_snapshot_that_no_manifest_named_is_passed_over() -> None:
    first = Manifest("womenswear", model="v1").advanced(10, ONE)
    third = first.advanced(20, THREE)
    other_one, between, other_three, later = (f"{number:010d}-fedcba9876543210" for number in (1, 2, 3, 4))
    assert not any(map(third.passed_over, (ONE, THREE)))
    assert all(map(third.passed_over, (other_one, between, other_three)))
    assert not third.passed_over(later)  # its compaction may be about to name it
    assert not first.passed_over(between)
    assert not Manifest("womenswear").passed_over(ONE)


def test_a_snapshot_that_was_gone_back_from_is_not_passed_over() -> None:
    third = Manifest("womenswear", model="v1").advanced(10, ONE).advanced(20, TWO).advanced(30, THREE)
    back = Manifest(
        "womenswear", model="v1", snapshot=ONE, lineage=third.lineage, lineage_of=third.lineage_of
    )
    fourth, fifth = (f"{number:010d}-0123456789abcdef" for number in (4, 5))
    for manifest in (back, back.advanced(40, fourth), back.advanced(40, fourth).advanced(50, fifth)):
        assert not any(map(manifest.passed_over, (TWO, THREE, fourth, fifth)))


def test_snapshot_names() -> None:
    assert snapshot_name("womenswear", ONE) == "womenswear/snapshots/0000000001-0123456789abcdef.arrow"
    assert snapshot_id(snapshot_name("womenswear", ONE)) == ONE
    assert sequence_of(THREE) == 3
    for name in ("womenswear/snapshots/notes.txt", f"a/{ONE}", f"a/x{ONE}.arrow"):
        assert snapshot_id(name) is None
    with pytest.raises(FormatError):
        sequence_of("latest")


def test_an_announcement_changes_nothing_for_who_catches_up() -> None:
    live = Manifest("womenswear", model="v1").advanced(10, ONE)
    announced = live.announcing(20, "v2")
    assert (announced.coming, announced.model, announced.snapshot) == ("v2", "v1", ONE)
    assert announced.follows(20)
    assert announced.advanced(30, TWO).coming == "v2"
    assert announced.announcing(30, None).coming is None


def test_a_switch_is_one_that_nobody_catches_up_across() -> None:
    live = Manifest("womenswear", model="v1").advanced(10, ONE).announcing(20, "v2")
    switched = live.switched("v2", TWO)
    assert (switched.model, switched.snapshot, switched.coming) == ("v2", TWO, None)
    assert not any(switched.follows(generation) for generation in (10, 20))
    assert switched.former is not None
    assert (switched.former.model, switched.former.snapshot) == ("v1", ONE)
    assert Manifest("womenswear").switched("v1", ONE).former is None
