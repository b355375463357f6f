"""The contract every store of profiles keeps. A new adapter joins by adding its name to ``STORES``."""

import hashlib
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.errors import ProfileExists, ProfileNotFound
from shared.profile import Preferences, Profile, new_token
from shared.storage.patient import PatientProfiles
from shared.storage.ports import Profiles
from shared.storage.sqlite import Sqlite

ROOT = Path(__file__).resolve().parents[2]
ADA = Profile(user_id="a" * 32, department="womenswear")
BOB = Profile(user_id="b" * 32, department="menswear")


def open_sqlite(folder: Path) -> Profiles:
    return Sqlite(folder / "deep" / "users.db")


def open_patiently(folder: Path) -> Profiles:
    return PatientProfiles(open_sqlite(folder))


def open_firestore(folder: Path) -> Profiles:
    """A project of its own for each folder, on the server that FIRESTORE_EMULATOR_HOST names."""
    from shared.storage.firestore import Firestore  # here, so that processes on SQLite start without it

    return Firestore(f"test-{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}", "(default)")


STORES: dict[str, Callable[[Path], Profiles]] = {
    "sqlite": open_sqlite,
    "patient": open_patiently,
    "firestore": open_firestore,
}


def close(users: Profiles) -> None:
    users.close()  # type: ignore[attr-defined]


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if name == "firestore":
        request.getfixturevalue("firestore_emulator")
    return name


@pytest.fixture
def opener(store: str, tmp_path: Path) -> Callable[[], Profiles]:
    return lambda: STORES[store](tmp_path)


@pytest.fixture
def users(opener: Callable[[], Profiles]) -> Iterator[Profiles]:
    users = opener()
    yield users
    close(users)


def test_gives_back_what_was_created(users: Profiles) -> None:
    full = Profile(
        user_id="c" * 32,
        department="menswear",
        preferences=Preferences(max_price=9.5, sizes=("M", "Ü\x01"), categories=("coat",)),
        registration="r",
    )
    full = full.with_tastes("menswear", ["a", "ж"], ["b"]).with_shown("menswear", ["x"], 1)
    full = full.with_token(new_token(full.user_id))
    users.create(full)
    assert users.get(full.user_id) == full


def test_knows_nothing_of_strangers(users: Profiles) -> None:
    for call in (
        lambda: users.get(ADA.user_id),
        lambda: users.update(ADA.user_id, lambda profile: profile),
        lambda: users.delete(ADA.user_id),
    ):
        with pytest.raises(ProfileNotFound):
            call()
    with pytest.raises(ProfileNotFound):
        users.get(ADA.user_id)  # an update of nothing made nothing


def test_creates_once(users: Profiles) -> None:
    users.create(ADA)
    with pytest.raises(ProfileExists):
        users.create(ADA.with_tastes("womenswear", ["late"]))
    assert users.get(ADA.user_id) == ADA


def test_update_returns_and_keeps_the_change(users: Profiles) -> None:
    users.create(ADA)
    changed = users.update(ADA.user_id, lambda profile: profile.with_tastes("womenswear", ["x"]))
    assert changed.likes("womenswear") == ("x",)
    assert users.get(ADA.user_id) == changed


def test_a_failing_change_writes_nothing_and_leaves_the_store_usable(users: Profiles) -> None:
    users.create(ADA)

    def change(profile: Profile) -> Profile:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        users.update(ADA.user_id, change)
    assert users.get(ADA.user_id) == ADA
    users.update(ADA.user_id, lambda profile: profile.with_tastes("womenswear", ["x"]))
    assert users.get(ADA.user_id).likes("womenswear") == ("x",)


def test_a_change_made_meanwhile_is_not_lost(users: Profiles) -> None:
    users.create(ADA)
    seen: list[tuple[str, ...]] = []

    def change(profile: Profile) -> Profile:
        if not seen:
            users.update(ADA.user_id, lambda other: other.with_tastes("womenswear", ["other"]))
        seen.append(profile.likes("womenswear"))
        return profile.with_tastes("womenswear", ["own"])

    changed = users.update(ADA.user_id, change)
    assert changed.likes("womenswear") == ("other", "own")
    assert users.get(ADA.user_id) == changed
    assert seen == [(), ("other",)]


def test_what_is_erased_meanwhile_stays_erased(users: Profiles) -> None:
    users.create(ADA)

    def change(profile: Profile) -> Profile:
        users.delete(ADA.user_id)
        return profile.with_tastes("womenswear", ["own"])

    with pytest.raises(ProfileNotFound):
        users.update(ADA.user_id, change)
    with pytest.raises(ProfileNotFound):
        users.get(ADA.user_id)


def test_deletes_one_shopper_only(users: Profiles) -> None:
    users.create(ADA)
    users.create(BOB)
    users.delete(ADA.user_id)
    with pytest.raises(ProfileNotFound):
        users.get(ADA.user_id)
    assert users.get(BOB.user_id) == BOB
    users.create(ADA)  # the id is free again


def test_another_opening_sees_the_same(users: Profiles, opener: Callable[[], Profiles]) -> None:
    users.create(ADA)
    other = opener()
    assert other.get(ADA.user_id) == ADA
    other.update(ADA.user_id, lambda profile: profile.with_tastes("womenswear", ["x"]))
    assert users.get(ADA.user_id).likes("womenswear") == ("x",)
    close(other)


def test_threads_lose_nothing(users: Profiles) -> None:
    users.create(ADA)

    def like(writer: int) -> None:
        for number in range(20):
            item = f"{writer}-{number}"
            users.update(ADA.user_id, lambda profile, item=item: profile.with_tastes("womenswear", [item]))

    threads = [threading.Thread(target=like, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = users.get(ADA.user_id).likes("womenswear")
    assert sorted(kept) == sorted(f"{writer}-{number}" for writer in range(8) for number in range(20))
    for writer in range(8):  # and each writer's likes stand in its order
        own = [item for item in kept if item.startswith(f"{writer}-")]
        assert own == [f"{writer}-{number}" for number in range(20)]


def _like_in_process(store: str, folder: Path, writer: int) -> None:
    users = STORES[store](folder)
    for item in [f"{writer}-{number}" for number in range(20)]:
        users.update(ADA.user_id, lambda profile, item=item: profile.with_tastes("womenswear", [item]))


def test_processes_lose_nothing(store: str, tmp_path: Path) -> None:
    users = STORES[store](tmp_path)
    users.create(ADA)
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=_like_in_process, args=(store, tmp_path, writer)) for writer in range(3)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    kept = users.get(ADA.user_id).likes("womenswear")
    assert sorted(kept) == sorted(f"{writer}-{number}" for writer in range(3) for number in range(20))
    close(users)


def test_one_of_many_concurrent_creations_wins(users: Profiles) -> None:
    outcomes: list[str] = []
    start = threading.Barrier(16)

    def create(number: int) -> None:
        start.wait()
        try:
            users.create(ADA.with_tastes("womenswear", [str(number)]))
            outcomes.append(str(number))
        except ProfileExists:
            outcomes.append("exists")

    threads = [threading.Thread(target=create, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("exists") == 15
    (winner,) = [outcome for outcome in outcomes if outcome != "exists"]
    assert users.get(ADA.user_id).likes("womenswear") == (winner,)


WRITER = """
import sys
from pathlib import Path
from tests.storage.test_profiles import ADA, STORES
users = STORES[sys.argv[1]](Path(sys.argv[2]))
for number in range(100_000):
    users.update(ADA.user_id, lambda profile: profile.with_tastes("womenswear", [str(number)]))
    print(number, flush=True)
"""


def test_survives_kill_9(store: str, tmp_path: Path) -> None:
    users = STORES[store](tmp_path)
    users.create(ADA)
    for wait in (0.0, 0.013, 0.029):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, store, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT
        )
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline() for _ in range(10)]
        time.sleep(wait)
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged += writer.stdout.readlines()
        writer.stdout.close()
        writer.wait()
        done = [line.decode().strip() for line in acknowledged if line.endswith(b"\n")]
        assert len(done) >= 10
        assert set(done) <= set(users.get(ADA.user_id).likes("womenswear"))
    users.update(ADA.user_id, lambda profile: profile.with_tastes("womenswear", ["after"]))
    assert users.get(ADA.user_id).likes("womenswear")[-1] == "after"
    close(users)
