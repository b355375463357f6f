"""What is special to Firestore: what a call costs, and what becomes of it when others write or answers get
lost. The contract itself is in test_profiles."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scripts.emulators import Emulator
from shared.errors import FormatError, ProfileExists, ProfileNotFound, StoreUnavailable
from shared.profile import Profile, new_token
from shared.storage.firestore import COLLECTION, KEPT, LIMIT, Firestore
from tests.storage.wire import GrpcWire

ADA = Profile(user_id="a" * 32, department="womenswear")
ROOT = Path(__file__).resolve().parents[2]
READ, WRITE = "BatchGetDocuments", "Commit"


@pytest.fixture
def users(firestore_emulator: Emulator) -> Iterator[Firestore]:
    users = Firestore(f"test-{uuid.uuid4().hex[:16]}", "(default)", patience=0.5)
    yield users
    users.close()


@pytest.fixture
def wire(users: Firestore, firestore_emulator: Emulator) -> GrpcWire:
    return GrpcWire(users, firestore_emulator.address)


def stored(users: Firestore) -> dict[str, object]:
    found: dict[str, object] = users._client.document(f"profiles/{ADA.user_id}").get().to_dict()
    return found


def test_what_each_call_costs(users: Firestore, wire: GrpcWire) -> None:
    users.create(ADA)
    assert wire.taken() == {WRITE: 1}
    users.get(ADA.user_id)
    assert wire.taken() == {READ: 1}
    users.update(ADA.user_id, lambda profile: profile.with_tastes("womenswear", ["x"]))
    assert wire.taken() == {READ: 1, WRITE: 1}
    users.delete(ADA.user_id)
    assert wire.taken() == {WRITE: 1}


def test_a_conflict_costs_another_read_and_write(users: Firestore, wire: GrpcWire) -> None:
    users.create(ADA)
    other = Firestore(users.project, users.database)
    seen = []

    def change(profile: Profile) -> Profile:
        if not seen:
            other.update(ADA.user_id, lambda other: other.with_tastes("womenswear", ["other"]))
        seen.append(profile)
        return profile.with_tastes("womenswear", ["own"])

    wire.taken()
    assert users.update(ADA.user_id, change).likes("womenswear") == ("other", "own")
    assert wire.taken() == {READ: 2, WRITE: 2}
    other.close()


def test_a_profile_that_never_stands_still_is_unavailable(users: Firestore) -> None:
    users.create(ADA)
    other = Firestore(users.project, users.database)
    numbers = iter(range(10**6))

    def change(profile: Profile) -> Profile:
        other.update(ADA.user_id, lambda other: other.with_tastes("womenswear", [f"other-{next(numbers)}"]))
        return profile.with_tastes("womenswear", ["own"])

    with pytest.raises(StoreUnavailable, match="stand still"):
        users.update(ADA.user_id, change)
    kept = other.get(ADA.user_id).likes("womenswear")
    assert len(kept) >= 2
    assert "own" not in kept
    other.close()


def test_a_change_whose_answer_is_lost_is_made_once(users: Firestore, wire: GrpcWire) -> None:
    users.create(ADA)
    wire.lost = [WRITE]
    wire.taken()
    changed = users.update(ADA.user_id, lambda profile: profile.with_shown("womenswear", ["x"], 7))
    assert [shown.at for shown in changed.shown] == [(7,)]
    assert users.get(ADA.user_id) == changed
    assert wire.taken() == {READ: 3, WRITE: 2}


def test_a_creation_whose_answer_is_lost_exists(users: Firestore, wire: GrpcWire) -> None:
    wire.lost = [WRITE]
    with pytest.raises(ProfileExists):
        users.create(ADA)
    assert users.get(ADA.user_id) == ADA


def test_a_profile_expires_a_year_after_its_last_change(users: Firestore) -> None:
    users.create(ADA)
    first = stored(users)["expires"]
    assert isinstance(first, datetime)
    assert abs(first - datetime.now(UTC) - KEPT) < timedelta(minutes=1)
    users.update(ADA.user_id, lambda profile: profile)
    second = stored(users)["expires"]
    assert isinstance(second, datetime)
    assert second > first


def test_only_the_profile_and_its_end_are_stored(users: Firestore) -> None:
    token = new_token(ADA.user_id)
    users.create(ADA.with_token(token))
    document = stored(users)
    assert sorted(document) == ["expires", "profile"]
    assert token not in str(document)
    assert token.partition(".")[2] not in str(document)


def test_erasing_leaves_no_document(users: Firestore) -> None:
    users.create(ADA)
    users.delete(ADA.user_id)
    assert list(users._client.collection("profiles").list_documents()) == []


def test_a_document_of_something_else_is_told(users: Firestore) -> None:
    users.create(ADA)
    for fields in ({"name": "Ada"}, {"profile": b'{"format":99}'}):
        users._client.document(f"profiles/{ADA.user_id}").set(fields)
        with pytest.raises(FormatError, match="expected a profile of format 1"):
            users.get(ADA.user_id)


def test_the_largest_profile_fits_a_document(users: Firestore) -> None:
    rare = "\N{DRESS}" * 195
    users.create(ADA)

    def fill(profile: Profile) -> Profile:
        profile = profile.with_tastes("womenswear", [f"{rare}{number:05}" for number in range(500)])
        return profile.with_shown("womenswear", [f"{rare}{number:05}" for number in range(1000)], 1)

    kept = users.update(ADA.user_id, fill)
    assert users.get(ADA.user_id) == kept
    assert len(kept.tastes) == 500
    assert 0 < len(kept.shown) < 1000
    data = stored(users)["profile"]
    assert isinstance(data, bytes)
    assert LIMIT // 2 < len(data) <= LIMIT


def test_without_credentials_it_is_unavailable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FIRESTORE_EMULATOR_HOST", raising=False)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "nothing.json"))
    with pytest.raises(StoreUnavailable, match="found DefaultCredentialsError"):
        Firestore("stylekin", "(default)").get(ADA.user_id)


def test_nobody_is_unknown_not_unavailable(users: Firestore) -> None:
    with pytest.raises(ProfileNotFound):
        users.get("nobody")


def test_the_indexes_that_are_declared_are_of_the_fields_there_are(users: Firestore) -> None:
    """The profile is found by its name alone, so no field needs an index; the end is the time to live."""
    users.create(ADA)
    declared = json.loads((ROOT / "firestore.indexes.json").read_text())
    assert [index["collectionGroup"] for index in declared["indexes"]] == ["items"]  # see test_stocks
    own = [field for field in declared["fieldOverrides"] if field["collectionGroup"] == COLLECTION]
    fields = {field["fieldPath"]: field for field in own}
    assert fields.keys() == stored(users).keys()
    for name, field in fields.items():
        assert field["indexes"] == []
        assert field.get("ttl", False) is (name == "expires")
