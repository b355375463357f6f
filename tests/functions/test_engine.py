"""Functions whose items an engine holds answer as those do that hold them themselves."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient

from scripts import fill_engine
from shared import wiring
from shared.storage.firestore_items import FirestoreItems
from tests.shop import WIDTH, Shop

COUNT = 30


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    shop.open("womenswear")
    random = np.random.default_rng(1)
    for place in range(COUNT):
        price = None if place % 5 == 0 else 10.0 * place
        shop.put(f"{place:02d}", random.normal(size=WIDTH), price=price, sizes=["M"] if place % 2 else ["S"])
    shop.remove("29")
    yield shop
    shop.forget()


def asked(client: FlaskClient, token: str, **fields: object) -> dict:
    answer = client.post("/", headers={"Authorization": f"Bearer {token}"}, json=fields)
    assert answer.status_code == 200, answer.text
    body: dict = answer.json
    return body


def lists(shop: Shop, monkeypatch: pytest.MonkeyPatch, engine: str) -> list[object]:
    """What two shoppers see, page after page, and a map."""
    with shop.serving(
        monkeypatch, CATALOGUE_ENGINE=engine, USERS=f"sqlite:///{shop.root}/{uuid.uuid4()}.db"
    ) as clients:
        if engine != "memory":
            assert clients["recommend"].get("/healthz").status_code == 503
            assert fill_engine.main() == fill_engine.main() == 0
        token = clients["register"].post("/", json={"department": "womenswear"}).json["token"]
        client = clients["recommend"]
        told: list[object] = [client.get("/healthz").json]
        likes = {"likes": ["03", "08"], "dislikes": ["11"], "explore": 0.2, "seed": 4, "limit": 8}
        for request in (
            {"limit": 6, "seed": 1},
            likes,
            {"near": "05", "filters": {"sizes": ["M"]}, "explore": 0},
        ):
            first = asked(client, token, **request)
            told += [first["recommendations"], first["catalogue"]["items"], first["next"] is None]
            if first["next"]:
                told.append(asked(client, token, **request, cursor=first["next"])["recommendations"])
        answer = client.post("/style", headers={"Authorization": f"Bearer {token}"}, json={})
        told.append(answer.json)
        items = wiring.engine()
        if isinstance(items, FirestoreItems):
            items.close()
        return told


def test_lists_pages_and_maps_are_the_same(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, firestore_emulator: object
) -> None:
    held = lists(shop, monkeypatch, "memory")
    found = lists(shop, monkeypatch, f"firestore://test-{uuid.uuid4().hex[:16]}/(default)")
    for one, other in zip(held, found, strict=True):
        assert one == other
