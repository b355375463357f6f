"""The fault-injecting store: each fault does what it says, by its seed, and nothing else."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from shared.errors import BlobNotFound, StoreUnavailable
from shared.profile import Profile
from shared.storage.ports import Blobs
from shared.storage.sqlite import Sqlite
from tests.faults.store import FAULTS, LAG, Clock, Faulty, FaultyProfiles, Observed, Trouble
from tests.storage.memory import Memory

ADA = Profile(user_id="a" * 32, department="womenswear")


class Bucket:
    """A bucket in trouble, on a clock that is set by hand, and the same one without."""

    def __init__(self, fault: str, ghosts: Path, seed: str = "1") -> None:
        self.clock = Clock(time.time(), 1)
        self.now = self.clock.now()
        self.memory = Memory(lambda: self.now)
        self.trouble = Trouble(fault, seed)
        self.faulty: Blobs = Faulty(self.memory, self.trouble, self.clock, ghosts)

    def fails(self, number: int) -> list[bool]:
        """Which of some writes end in an error."""
        failed = []
        for each in range(number):
            try:
                self.faulty.write(f"{each:03d}", b"1234")
                failed.append(False)
            except StoreUnavailable:
                failed.append(True)
        return failed


def test_errors_do_nothing(tmp_path: Path) -> None:
    bucket = Bucket("errors", tmp_path)
    failed = bucket.fails(300)
    assert 0 < sum(failed) < 60
    assert sum(failed) == bucket.trouble.injected
    assert [name in bucket.memory.objects for name in map("{:03d}".format, range(300))] == [
        not each for each in failed
    ]


def test_a_seed_tells_what_fails(tmp_path: Path) -> None:
    assert Bucket("errors", tmp_path).fails(100) == Bucket("errors", tmp_path).fails(100)
    assert Bucket("errors", tmp_path).fails(100) != Bucket("errors", tmp_path, seed="2").fails(100)


def test_a_listing_breaks_off_in_its_middle(tmp_path: Path) -> None:
    bucket, lengths = Bucket("errors", tmp_path), set()
    for number in range(20):
        bucket.memory.write(f"{number:02d}", b"1")
    for _ in range(300):
        names = []
        try:
            for blob in bucket.faulty.list():
                names.append(blob.name)
        except StoreUnavailable:
            lengths.add(len(names))
        assert names == sorted(bucket.memory.objects)[: len(names)]
    assert len(lengths) > 2


def test_a_lost_acknowledgement_is_of_something_that_was_done(tmp_path: Path) -> None:
    bucket = Bucket("lost acknowledgements", tmp_path)
    assert any(bucket.fails(100))
    assert len(bucket.memory.objects) == 100
    assert len(list(bucket.faulty.list())) == 100


def test_a_timeout_leaves_open_what_was_done(tmp_path: Path) -> None:
    bucket = Bucket("timeouts", tmp_path)
    failed = bucket.fails(150)
    there = [f"{number:03d}" in bucket.memory.objects for number, each in enumerate(failed) if each]
    assert {True, False} == set(there)


def test_a_truncated_read_tells_the_whole_size(tmp_path: Path) -> None:
    bucket = Bucket("truncated reads", tmp_path)
    written = bucket.faulty.write("a", b"1234")
    reads = [bucket.faulty.read("a") for _ in range(200)]
    assert {blob for _, blob in [(0, each[1].size) for each in reads]} == {written.size}
    assert {bytes(data) for data, _ in reads} > {b"1234"}
    assert all(b"1234".startswith(bytes(data)) for data, _ in reads)


def test_a_truncated_file_ends_before_its_end_and_can_be_read_on(tmp_path: Path) -> None:
    bucket, read = Bucket("truncated reads", tmp_path), b""
    bucket.faulty.write("a", bytes(100))
    file, blob = bucket.faulty.open("a")
    while len(read) < blob.size:
        read += file.read(1) or b""
    assert read == bytes(100)
    assert bucket.trouble.injected > 0


def test_a_listing_that_lags_shows_what_was(tmp_path: Path) -> None:
    bucket = Bucket("lagging listings", tmp_path)
    bucket.now -= LAG + timedelta(seconds=60)
    old = bucket.faulty.write("old", b"1")
    bucket.faulty.write("gone", b"1")
    bucket.now += LAG + timedelta(seconds=60)
    bucket.faulty.write("new", b"1")
    bucket.faulty.delete("gone", old.generation + 1)
    assert [blob.name for blob in bucket.faulty.list()] == ["gone", "old"]
    assert bucket.trouble.injected == 1
    assert bucket.faulty.stat("new").name == "new"
    with pytest.raises(BlobNotFound):
        bucket.faulty.read("gone")


@pytest.mark.parametrize("fault", FAULTS)
def test_profiles_meet_faults_too(fault: str, tmp_path: Path) -> None:
    sqlite = Sqlite(tmp_path / "users.db")
    trouble = Trouble(fault, "1")
    users = FaultyProfiles(sqlite, trouble)
    sqlite.create(ADA)
    failed = 0
    for number in range(100):
        try:
            users.update(ADA.user_id, lambda profile, n=number: profile.with_tastes("womenswear", [str(n)]))
            users.get(ADA.user_id)
        except StoreUnavailable:
            failed += 1
    likes = sqlite.get(ADA.user_id).likes("womenswear")
    sqlite.close()
    assert (failed > 0) == (fault in ("errors", "timeouts", "lost acknowledgements"))
    assert (len(likes) < 100) == (fault in ("errors", "timeouts"))


def test_the_shops_clock_and_the_snapshots_that_were_named(tmp_path: Path) -> None:
    clock = Clock(time.time() - 10, 300)
    memory = Memory()
    blobs = Observed(memory, clock, tmp_path)
    data = b'{"snapshot": "0000000001-0123456789abcdef"}'
    created = blobs.write("womenswear/manifest.json", data).created
    assert created == clock.of(memory.stat("womenswear/manifest.json").created)
    assert created - memory.stat("womenswear/manifest.json").created > timedelta(seconds=2980)
    assert [path.name for path in tmp_path.iterdir()] == []
    blobs.read("womenswear/manifest.json")
    assert [path.name for path in tmp_path.iterdir()] == ["0000000001-0123456789abcdef"]
