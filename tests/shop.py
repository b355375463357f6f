"""A shop to test against: items put into a real log in a folder, profiles in SQLite, functions under Flask.

Directions are unit vectors one can see: ``shop.put("a", X)`` makes an item whose parts both point along X.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import functions_framework
import numpy as np
import pytest
from flask.testing import FlaskClient

from shared import wiring
from shared.card import Part, write_card
from shared.facts import Attributes, Picture, Removed, clock
from shared.log import Manifest, append, delta_name, swap_manifest
from shared.storage.folder import Folder
from shared.storage.patient import PatientProfiles
from shared.vectors import fuse
from tests.bundles import WEIGHTS, card, publish

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 8
AXES = np.eye(WIDTH, dtype=np.float32)


def embedding(resnet: Any, cnn: Any = None) -> np.ndarray:
    """The stored vector of an item whose two networks say these directions."""
    parts = [np.array([part], np.float32) for part in (resnet, resnet if cnn is None else cnn)]
    return fuse(parts, tuple(WEIGHTS.values()))[0].astype(np.float16)


class Shop:
    """The catalogue of a small shop; each call is one more source event.

    Its models have no networks, and parts of 8 directions each; with ``colours`` they are the networks that
    average colours, whose parts have 3.
    """

    def __init__(self, root: Path, colours: bool = False) -> None:
        self.root = root
        self.colours = colours
        self.blobs = Folder(root / "catalogue")
        self.generation = 1000
        parts = tuple(Part(name, f"{name}.onnx", WIDTH, weight) for name, weight in WEIGHTS.items())
        changes = {} if colours else {"parts": parts}
        self.cards = {name: card(name, **changes) for name in ("womenswear", "menswear")}

    def open(self, *departments: str) -> None:
        """Publish the model of these departments."""
        for name in departments:
            model = self.cards[name]
            if self.colours:
                publish(self.blobs, model)
            else:
                self.blobs.write(f"models/{name}/{model.version}/card.json", write_card(model))
            swap_manifest(self.blobs, Manifest(department=name, model=model.version), if_generation=0)

    def put(
        self,
        item_id: str,
        resnet: Any,
        cnn: Any = None,
        /,
        department: str = "womenswear",
        predicted: tuple[str, float] = ("dress", 0.0),
        **fields: Any,
    ) -> None:
        """An item's picture, and its attributes."""
        model = self.cards[department].version
        at = self._clock(department, item_id)
        vector = embedding(resnet, cnn)
        facts = [Picture(item_id, at, model, vector, *predicted)]
        assert append(self.blobs, department, delta_name(at, "picture", model), facts)
        if fields:
            self.tell(item_id, department, **fields)

    def tell(self, item_id: str, department: str = "womenswear", **fields: Any) -> None:
        """Attributes of an item."""
        at = self._clock(department, item_id)
        fields = {name: tuple(value) if name == "sizes" else value for name, value in fields.items()}
        facts = [Attributes(item_id, at, fields)]
        assert append(self.blobs, department, delta_name(at, "attributes"), facts)

    def remove(self, item_id: str, department: str = "womenswear") -> None:
        """The item's picture is gone."""
        at = self._clock(department, item_id)
        assert append(self.blobs, department, delta_name(at, "removed"), [Removed(item_id, at, 1)])

    def _clock(self, department: str, item_id: str) -> str:
        self.generation += 1
        return clock(self.generation, 0, f"{department}/{item_id}.jpg")

    @contextmanager
    def serving(
        self, monkeypatch: pytest.MonkeyPatch, **settings: str
    ) -> Iterator[Mapping[str, FlaskClient]]:
        """Clients of the functions that people call, on this shop's stores."""
        stores = {
            "IMAGES": f"file://{self.root}/images",
            "CATALOGUE": f"file://{self.root}/catalogue",
            "USERS": f"sqlite:///{self.root}/users.db",
        }
        for name, value in {**stores, "CATALOGUE_MAX_AGE": "0", **settings}.items():
            monkeypatch.setenv(name, value)
        self.forget()
        clients = {}
        for name in ("register", "recommend", "inspect_catalogue"):
            source = ROOT / "functions" / name / "main.py"
            clients[name] = functions_framework.create_app(name, str(source)).test_client()
        yield clients
        self.forget()

    @staticmethod
    def forget() -> None:
        """Let the next call read the environment anew."""
        if wiring.users.cache_info().currsize:
            users = wiring.users()
            assert isinstance(users, PatientProfiles)
            users.close()
        stores = (wiring.users, wiring.catalogue, wiring.indexed_catalogue, wiring.images, wiring.engine)
        for once in (wiring.settings, *stores, wiring.reader, wiring.engine_stock, wiring.encoders):
            once.cache_clear()
