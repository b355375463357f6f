import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shared.errors import BlobNotFound, NameRefused, PreconditionFailed, StoreUnavailable
from shared.storage import disk
from shared.storage.folder import MAPPED, Folder, _outlive
from shared.storage.sidecar import Sidecar

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "bucket")


def drop(folder: Folder, name: str, data: bytes) -> Path:
    """What another program does: write a file, in place if it is there."""
    path = folder.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_a_dropped_file_is_an_object_whose_generation_is_its_change_time(folder: Folder) -> None:
    path = drop(folder, "womenswear/a.jpg", b"picture")
    data, blob = folder.read("womenswear/a.jpg")
    assert bytes(data) == b"picture"
    assert blob.generation == path.stat().st_ctime_ns
    assert [blob.name for blob in folder.list()] == ["womenswear/a.jpg"]


def test_a_copy_with_an_old_modification_time_is_new(folder: Folder) -> None:
    path = drop(folder, "a.jpg", b"1")
    before = folder.stat("a.jpg").generation
    time.sleep(0.02)
    path.write_bytes(b"2")
    os.utime(path, (0, 0))
    assert folder.stat("a.jpg").generation > before


def test_content_read_at_a_generation_is_the_last_of_that_generation(folder: Folder) -> None:
    """The clock that stamps files ticks slower than files change: a read waits until the tick is over."""
    for number in range(30):
        path = drop(folder, "a.jpg", b"early %d" % number)
        generation = folder.stat("a.jpg").generation
        with path.open("wb") as file:
            file.write(b"late %d" % number)
        try:
            early, _ = folder.read("a.jpg", generation)
        except BlobNotFound:
            continue
        assert bytes(early) == b"late %d" % number
        path.write_bytes(b"later")
        assert folder.stat("a.jpg").generation != generation


def test_a_file_that_another_program_changes_in_place_is_no_longer_read(folder: Folder) -> None:
    path = drop(folder, "a.csv", b"1" * 10)
    file, _ = folder.open("a.csv")
    assert file.read(1) == b"1"
    time.sleep(0.02)
    with path.open("r+b") as other:
        other.write(b"2" * 10)
    file, blob = folder.open("a.csv")
    assert file.read(10) == b"2" * 10
    with path.open("r+b") as other:
        other.write(b"3")
    with pytest.raises(BlobNotFound, match=f"a.csv: expected generation {blob.generation}, found"):
        folder._piece(blob, 0, 10)


def test_metadata_is_forgotten_once_another_program_changes_the_file(folder: Folder) -> None:
    folder.write("a.jpg", b"1", metadata={"price": "12"})
    folder.touch("a.jpg")
    time.sleep(0.02)
    drop(folder, "a.jpg", b"22")
    blob = folder.stat("a.jpg")
    assert (blob.metageneration, blob.metadata) == (1, {})


@pytest.mark.parametrize(
    "name",
    ["", "/a", "a/", "a//b", "..", "../a", "a/../b", "a/./b", ".hidden", "a/.hidden/b", "a\\b", "a\0b",
     "a" * 1025, "\ud800", ".stylekin/lock"],
)  # fmt: skip
def test_names_that_are_no_objects_are_refused(folder: Folder, name: str) -> None:
    for call in (
        folder.stat,
        folder.read,
        folder.open,
        folder.touch,
        folder.delete,
        lambda name: folder.write(name, b""),
    ):
        with pytest.raises(NameRefused, match="expected a name"):
            call(name)
    assert not folder.root.exists()


def test_names_no_file_can_have_are_refused_when_written(folder: Folder) -> None:
    folder.write("a", b"")
    folder.write("b/c", b"")
    for name in ("a/below", "b", "x" * 300):
        with pytest.raises(NameRefused):
            folder.write(name, b"")
    for name in ("a/below", "b", "x" * 300):
        with pytest.raises(BlobNotFound):
            folder.read(name)


def test_only_plain_files_with_plain_names_are_listed(folder: Folder, tmp_path: Path) -> None:
    drop(folder, "a/there", b"1")
    drop(folder, "a/.hidden", b"1")
    drop(folder, ".git/config", b"1")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"1")
    os.symlink(outside, folder.root / "link")
    os.symlink(outside / "secret", folder.root / "a/link")
    os.mkfifo(folder.root / "a/pipe")
    (folder.root / os.fsdecode(b"a/\xff")).write_bytes(b"1")
    (folder.root / "a/back\\slash").write_bytes(b"1")
    assert [blob.name for blob in folder.list()] == ["a/there"]
    for name in ("a/link", "a/pipe"):
        with pytest.raises(BlobNotFound):
            folder.read(name)
        with pytest.raises(BlobNotFound):
            folder.stat(name)


def test_large_objects_are_mapped_and_nobody_can_shorten_them(folder: Folder) -> None:
    folder.write("large", b"1" * MAPPED)
    data, _ = folder.read("large")
    assert isinstance(data, memoryview)
    assert (folder.root / "large").stat().st_mode & 0o222 == 0
    folder.write("large", b"2" * MAPPED)
    assert bytes(data) == b"1" * MAPPED
    drop(folder, "dropped", b"3" * MAPPED)
    assert isinstance(folder.read("dropped")[0], bytes)


def test_nothing_is_left_of_writes_that_were_refused(folder: Folder) -> None:
    folder.write("a", b"1")
    with pytest.raises(PreconditionFailed):
        folder.write("a", b"2", if_generation=0)
    with pytest.raises(NameRefused):
        folder.write("a/b", b"2")
    assert list((folder.root / ".stylekin/writing").iterdir()) == []


def test_what_the_killed_left_behind_goes_after_a_day(folder: Folder) -> None:
    drafts = folder.root / ".stylekin/writing"
    old, young = drafts / "old", drafts / "young"
    drafts.mkdir(parents=True)
    old.write_bytes(b"1")
    young.write_bytes(b"1")
    os.utime(old, (time.time() - 2 * disk.A_DAY,) * 2)
    folder.write("a", b"1")
    assert (old.exists(), young.exists()) == (False, True)


def test_metadata_announced_before_a_kill_is_there_after_it(folder: Folder, tmp_path: Path) -> None:
    """A kill between the rename and the final sidecar: the file's inode, size and time are known already."""
    old = folder.write("a", b"old", metadata={"price": "1"})
    draft = tmp_path / "draft"
    draft.write_bytes(b"newer")
    sidecar = folder._sidecar("a")
    sidecar.announce(os.lstat(draft), {"price": "2"})
    assert folder.stat("a") == old
    os.rename(draft, folder.root / "a")
    assert (folder.stat("a").metadata, folder.stat("a").metageneration) == ({"price": "2"}, 1)


def test_a_sidecar_that_can_not_be_read_says_nothing(folder: Folder) -> None:
    folder.write("a", b"1", metadata={"price": "1"})
    for path in (folder.root / ".stylekin/metadata").rglob("*.json"):
        path.write_bytes(b"{")
    assert folder.stat("a").metadata == {}


def test_a_sidecar_of_another_name_says_nothing(tmp_path: Path) -> None:
    path, drafts = tmp_path / "sidecar.json", tmp_path / "drafts"
    Sidecar(path, "a", drafts).keep(path.parent.stat().st_ctime_ns, 7, {"price": "1"})
    assert Sidecar(path, "b", drafts).of(path.parent.stat()) == (1, {})


def test_a_clock_set_back_is_an_error_only_for_what_it_would_replace(tmp_path: Path) -> None:
    draft = tmp_path / "draft"
    draft.write_bytes(b"")
    future = time.time_ns() + 3600 * 10**9
    with pytest.raises(StoreUnavailable, match="3600 s behind"):
        _outlive(draft, future, strict=future)
    _outlive(draft, future, strict=0)
    soon = time.time_ns() + 50_000_000
    _outlive(draft, soon, strict=soon)
    assert draft.stat().st_ctime_ns > soon


WRITER = """
import sys, pathlib
from shared.storage.folder import Folder
from shared.errors import PreconditionFailed
folder = Folder(pathlib.Path(sys.argv[1]))
while True:
    data, blob = folder.read("counter")
    number = int(bytes(data).split()[0]) + 1
    text = (f"{number} " * 5000).encode()
    try:
        folder.write("counter", text, if_generation=blob.generation, metadata={"number": str(number)})
        print(number, flush=True)
    except PreconditionFailed:
        pass
"""


def test_several_processes_count_and_some_are_killed(folder: Folder) -> None:
    """Every number is given once, no acknowledged write is lost, no reader sees half of one."""
    folder.write("counter", b"0 " * 5000)
    chance = random.Random(5)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", WRITER, str(folder.root)]
    given: list[int] = []
    for _ in range(4):
        writers = [
            subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=environment) for _ in range(3)
        ]
        try:
            assert writers[0].stdout
            given.append(int(writers[0].stdout.readline()))
            time.sleep(chance.uniform(0.05, 0.3))
            for _ in range(20):
                data, blob = folder.read("counter")
                numbers = bytes(data).split()
                assert len(numbers) == 5000
                assert len(set(numbers)) == 1
                assert blob.metadata.get("number", "0").encode() == numbers[0]
        finally:
            for writer in writers:
                writer.send_signal(signal.SIGKILL)
        for writer in writers:
            given += [int(line) for line in writer.communicate()[0].split()]
    assert len(given) == len(set(given))
    last = int(bytes(folder.read("counter")[0]).split()[0])
    # a writer may be killed between its write and its word
    assert max(given) <= last <= max(given) + 12
    assert len(given) >= last - 12
    folder.write("counter", b"done")
