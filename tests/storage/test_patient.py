"""Stores that fail, asked again: what is tried twice, what is not, and whose work a later attempt finds."""

from collections.abc import Callable, Iterator, Mapping
from io import RawIOBase
from typing import Any

import pytest

from shared.errors import BlobNotFound, PreconditionFailed, ProfileExists, ProfileNotFound, StoreUnavailable
from shared.log import Manifest, swap_manifest
from shared.profile import Profile
from shared.storage.patient import ATTEMPTS, Patient, PatientProfiles
from shared.storage.pieces import Content, Pieces
from shared.storage.ports import Blob
from shared.storage.sqlite import Sqlite
from tests.storage.memory import Memory

BEFORE, AFTER = "before", "after"  # of what a call does, the store fails
ADA = Profile(user_id="a" * 32, department="womenswear")


class Failing(Memory):
    """A bucket whose next calls fail, each before or after it did what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.failures: list[str] = []
        self.calls = 0
        self.meanwhile: Callable[[], object] = lambda: None  # done by somebody else after a failure

    def _fails(self, job: Callable[[], Any]) -> Any:
        self.calls += 1
        when = self.failures.pop(0) if self.failures else ""
        if when == AFTER:
            job()
        if when:
            self.meanwhile()
            raise StoreUnavailable("expected an answer, found none")
        return job()

    def list(self, prefix: str = "") -> Iterator[Blob]:
        for number, blob in enumerate(super().list(prefix)):
            if number == 1:
                self._fails(lambda: None)
            yield blob

    def stat(self, name: str) -> Blob:
        return self._fails(lambda: super(Failing, self).stat(name))

    def read(self, name: str, generation: int | None = None) -> tuple[bytes | memoryview, Blob]:
        return self._fails(lambda: super(Failing, self).read(name, generation))

    def write(
        self,
        name: str,
        data: Content,
        *,
        if_generation: int | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Blob:
        job = lambda: super(Failing, self).write(  # noqa: E731
            name, data, if_generation=if_generation, metadata=metadata
        )
        return self._fails(job)

    def touch(self, name: str, metadata: Mapping[str, str] | None = None) -> Blob:
        return self._fails(lambda: super(Failing, self).touch(name, metadata))

    def delete(self, name: str, generation: int | None = None) -> None:
        self._fails(lambda: super(Failing, self).delete(name, generation))


@pytest.fixture
def failing() -> Failing:
    return Failing()


@pytest.mark.parametrize("failures", [[BEFORE], [AFTER], [AFTER, BEFORE, AFTER]])
def test_what_changes_nothing_is_asked_again(failing: Failing, failures: list[str]) -> None:
    blobs, written = Patient(failing), failing.write("a", b"1")
    for call in (
        lambda: blobs.stat("a"),
        lambda: blobs.read("a")[1],
        lambda: blobs.read("a", written.generation)[1],
    ):
        failing.failures = list(failures)
        assert call() == written
        assert failing.failures == []


def test_a_listing_goes_on_where_it_broke_off(failing: Failing) -> None:
    for name in "abcd":
        failing.write(name, b"1")
    failing.failures = [BEFORE, BEFORE]
    assert [blob.name for blob in Patient(failing).list()] == list("abcd")
    assert failing.failures == []


def test_what_is_not_there_is_not_asked_for_again(failing: Failing) -> None:
    for call in (Patient(failing).stat, Patient(failing).read, lambda name: Patient(failing).delete(name, 1)):
        before = failing.calls
        with pytest.raises(BlobNotFound):
            call("a")
        assert failing.calls == before + 1


def test_patience_ends(failing: Failing, capsys: pytest.CaptureFixture[str]) -> None:
    failing.write("a", b"1")
    failing.failures, before = [BEFORE] * ATTEMPTS, failing.calls
    with pytest.raises(StoreUnavailable, match="expected an answer"):
        Patient(failing).stat("a")
    assert failing.calls == before + ATTEMPTS
    assert (
        capsys.readouterr().out.count('"asked a store again", "call": "stat", "about": "a"') == ATTEMPTS - 1
    )


def test_fewer_bytes_than_there_are_is_no_answer() -> None:
    class Short(Memory):
        short = 2

        def read(self, name: str, generation: int | None = None) -> tuple[bytes | memoryview, Blob]:
            data, blob = super().read(name, generation)
            self.short -= 1
            return (data[:3] if self.short >= 0 else data), blob

    short = Short()
    short.write("a", b"12345")
    assert Patient(short).read("a")[0] == b"12345"
    short.short = ATTEMPTS
    with pytest.raises(StoreUnavailable, match="a: expected 5 bytes, found 3"):
        Patient(short).read("a")


@pytest.mark.parametrize("failures", [[BEFORE], [AFTER, BEFORE, AFTER]])
def test_each_piece_of_a_file_is_asked_for_again(failing: Failing, failures: list[str]) -> None:
    failing.write("a", bytes(range(100)))
    failing.piece = 10
    failing.failures = list(failures)
    file, _ = Patient(failing).open("a")
    for place in range(0, 100, 10):
        failing.failures = list(failures)
        assert file.read(10) == bytes(range(place, place + 10))
        assert failing.failures == []
    assert file.read(10) == b""
    file.seek(0)
    failing.failures = [BEFORE] * ATTEMPTS
    with pytest.raises(StoreUnavailable):
        file.read(1)


def test_the_end_of_a_file_before_the_objects_is_no_answer() -> None:
    class Short(Memory):
        """A bucket whose files end where they are, ``short`` times."""

        short = 2

        def open(self, name: str, generation: int | None = None) -> tuple[RawIOBase, Blob]:
            bucket = self

            class Ending(Pieces):
                def readinto(self, buffer: Any, /) -> int:
                    bucket.short -= 1
                    return 0 if bucket.short >= 0 else super().readinto(buffer)

            return Ending(name, 5, lambda start, size: b"12345"[start : start + size]), self.stat(name)

    short = Short()
    short.write("a", b"12345")
    file, _ = Patient(short).open("a")
    assert file.read(10) == b"12345"
    short.short = ATTEMPTS
    file.seek(1)
    with pytest.raises(StoreUnavailable, match="a: expected 5 bytes, found 1"):
        file.read(10)


@pytest.mark.parametrize("when", [BEFORE, AFTER])
def test_a_conditional_write_is_done_once(failing: Failing, when: str) -> None:
    blobs = Patient(failing)
    failing.failures = [when]
    first = blobs.write("a", b"1", if_generation=0, metadata={"price": "12"})
    assert failing.objects["a"] == (b"1", first)
    failing.failures = [when]
    second = blobs.write("a", b"2", if_generation=first.generation)
    assert failing.objects["a"] == (b"2", second)
    assert second.generation == first.generation + 1


@pytest.mark.parametrize("failures", [[BEFORE], [AFTER], [AFTER, BEFORE, AFTER]])
def test_a_file_is_written_from_its_beginning_each_time(failing: Failing, failures: list[str]) -> None:
    content = bytes(range(256)) * 9
    file = Pieces("the file", len(content), lambda start, size: content[start : start + size], 1000)
    failing.failures = list(failures)
    written = Patient(failing).write("a", file, if_generation=0)
    assert failing.objects == {"a": (content, written)}


@pytest.mark.parametrize("theirs", [b"12", b"1234", b"123x", b""])
def test_another_content_is_not_taken_for_a_file_whose_acknowledgement_was_lost(
    failing: Failing, theirs: bytes
) -> None:
    file = Pieces("the file", 3, lambda start, size: b"123"[start : start + size], 2)
    failing.failures, failing.meanwhile = [BEFORE], lambda: Memory.write(failing, "a", theirs)
    with pytest.raises(PreconditionFailed):
        Patient(failing).write("a", file, if_generation=0)


@pytest.mark.parametrize("theirs", [b"2", None])
def test_what_somebody_else_did_after_a_write_that_failed_is_no_success(
    failing: Failing, theirs: bytes | None
) -> None:
    def meanwhile() -> None:
        if theirs is None:
            Memory.delete(failing, "a")
            Memory.write(failing, "a", b"3")
        else:
            Memory.write(failing, "a", theirs)

    failing.failures, failing.meanwhile = [AFTER], meanwhile
    with pytest.raises(PreconditionFailed):
        Patient(failing).write("a", b"1", if_generation=0)


def test_a_refused_write_is_refused_at_once(failing: Failing) -> None:
    failing.write("a", b"1")
    before = failing.calls
    with pytest.raises(PreconditionFailed):
        Patient(failing).write("a", b"1", if_generation=0)
    assert failing.calls == before + 1


def test_a_manifest_whose_acknowledgement_was_lost_is_swapped(failing: Failing) -> None:
    failing.failures = [AFTER]
    assert swap_manifest(Patient(failing), Manifest("womenswear"), 0) == 1


@pytest.mark.parametrize("when", [BEFORE, AFTER])
def test_a_conditional_deletion_is_done_once(failing: Failing, when: str) -> None:
    generation = failing.write("a", b"1").generation
    failing.failures = [when]
    Patient(failing).delete("a", generation)
    assert failing.objects == {}


def test_a_touch_may_be_done_twice(failing: Failing) -> None:
    written = failing.write("a", b"1", metadata={"price": "12"})
    failing.failures = [AFTER]
    touched = Patient(failing).touch("a")
    assert (touched.generation, touched.metadata) == (written.generation, {"price": "12"})
    assert touched.metageneration == 3


@pytest.mark.parametrize(
    "call",
    [
        lambda blobs: blobs.write("a", b"2"),
        lambda blobs: blobs.touch("a", {"price": "12"}),
        lambda blobs: blobs.delete("a"),
    ],
)
def test_what_has_no_condition_is_tried_once(failing: Failing, call: Callable[[Patient], object]) -> None:
    failing.write("a", b"1")
    failing.failures, before = [AFTER], failing.calls
    with pytest.raises(StoreUnavailable):
        call(Patient(failing))
    assert failing.calls == before + 1


class FailingProfiles:
    """Profiles whose next call fails, before or after it did what it was asked for."""

    def __init__(self, users: Sqlite) -> None:
        self.users = users
        self.failures: list[str] = []

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any) -> Any:
            when = self.failures.pop(0) if self.failures else ""
            answer = None if when == BEFORE else getattr(self.users, name)(*arguments)
            if when:
                raise StoreUnavailable("expected to reach the profiles, found nobody")
            return answer

        return call


@pytest.fixture
def users(tmp_path: Any) -> Iterator[tuple[FailingProfiles, PatientProfiles]]:
    sqlite = Sqlite(tmp_path / "users.db")
    failing = FailingProfiles(sqlite)
    yield failing, PatientProfiles(failing)
    sqlite.close()


@pytest.mark.parametrize("failures", [[BEFORE], [AFTER], [AFTER, BEFORE], [AFTER, AFTER]])
def test_profiles_are_asked_again(
    users: tuple[FailingProfiles, PatientProfiles], failures: list[str]
) -> None:
    failing, patient = users
    shown = lambda profile: profile.with_shown("womenswear", ["a"], 1)  # noqa: E731
    failing.failures = list(failures)
    patient.create(ADA)
    failing.failures = list(failures)
    assert patient.get(ADA.user_id) == ADA
    failing.failures = list(failures)
    assert patient.update(ADA.user_id, shown) == shown(ADA)  # shown once, not twice
    assert failing.users.get(ADA.user_id) == shown(ADA)
    failing.failures = list(failures)
    patient.delete(ADA.user_id)
    with pytest.raises(ProfileNotFound):
        failing.users.get(ADA.user_id)
    assert failing.failures == []


def test_a_profile_that_somebody_else_created_is_there(
    users: tuple[FailingProfiles, PatientProfiles],
) -> None:
    failing, patient = users
    failing.users.create(ADA.with_tastes("womenswear", ["a"]))
    failing.failures = [BEFORE]
    with pytest.raises(ProfileExists):
        patient.create(ADA)


def test_profiles_run_out_of_patience(users: tuple[FailingProfiles, PatientProfiles]) -> None:
    failing, patient = users
    failing.failures = [BEFORE] * ATTEMPTS
    with pytest.raises(StoreUnavailable):
        patient.get(ADA.user_id)
    assert failing.failures == []
