"""What each call of a shopper costs in Firestore, counted on the wire."""

import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from scripts.emulators import Emulator
from shared import wiring
from shared.storage.firestore import Firestore
from shared.storage.patient import PatientProfiles
from tests.shop import AXES, Shop
from tests.storage.wire import GrpcWire

READ, WRITE = {"BatchGetDocuments": 1}, {"Commit": 1}


@pytest.fixture
def clients(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, firestore_emulator: Emulator
) -> Iterator[Mapping[str, FlaskClient]]:
    shop = Shop(tmp_path)
    shop.open("womenswear")
    for place, name in enumerate("abcd"):
        shop.put(name, AXES[place])
    address = f"firestore://test-{uuid.uuid4().hex[:16]}/(default)"
    with shop.serving(monkeypatch, USERS=address) as clients:
        yield clients


@pytest.fixture
def wire(clients: Mapping[str, FlaskClient], firestore_emulator: Emulator) -> GrpcWire:
    users = wiring.users()
    assert isinstance(users, PatientProfiles)
    assert isinstance(users._users, Firestore)
    return GrpcWire(users._users, firestore_emulator.address)


def register(clients: Mapping[str, FlaskClient]) -> str:
    answer = clients["register"].post("/", json={"department": "womenswear"})
    assert answer.status_code == 201
    token: str = answer.get_json()["token"]
    return token


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_recommendation_is_one_read_and_one_write(
    clients: Mapping[str, FlaskClient], wire: GrpcWire
) -> None:
    token = register(clients)
    assert wire.taken() == WRITE
    for body in ({}, {"likes": ["a"], "dislikes": ["b"], "limit": 2}, {"limit": 2}):
        answer = clients["recommend"].post("/", json=body, headers=bearer(token))
        assert answer.status_code == 200
        assert answer.get_json()["recommendations"]
        assert wire.taken() == READ | WRITE
    assert wiring.users().get(token.partition(".")[0]).likes("womenswear") == ("a",)


def test_a_refused_call_writes_nothing(clients: Mapping[str, FlaskClient], wire: GrpcWire) -> None:
    token = register(clients)
    wire.taken()
    other = token[:-1] + ("A" if token[-1] != "A" else "B")
    stranger = "f" * 32 + token[32:]
    for wrong, cost in ((other, READ), (stranger, READ), ("no token", {})):
        assert clients["recommend"].post("/", json={}, headers=bearer(wrong)).status_code == 401
        assert wire.taken() == cost
        for method in ("get", "delete"):
            answer = getattr(clients["register"], method)("/", headers=bearer(wrong))
            assert answer.status_code == 401
            assert wire.taken() == cost
    answer = clients["recommend"].post("/", json={"likes": ["never"]}, headers=bearer(token))
    assert answer.status_code == 400
    assert wire.taken() == READ


def test_a_profile_is_shown_changed_and_erased(clients: Mapping[str, FlaskClient], wire: GrpcWire) -> None:
    token = register(clients)
    wire.taken()
    client, headers = clients["register"], bearer(token)
    assert client.get("/", headers=headers).status_code == 200
    assert wire.taken() == READ
    change = {"preferences": {"max_price": 5}}
    assert client.patch("/", json=change, headers=headers).status_code == 200
    assert wire.taken() == READ | WRITE
    assert client.delete("/", headers=headers).status_code == 204
    assert wire.taken() == READ | WRITE
