"""What the five functions write, against the table of fields in docs/operations.md."""

import base64
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import functions_framework
import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from shared import wiring
from shared.log import Manifest, swap_manifest
from shared.storage.folder import Folder
from shared.storage.patient import PatientProfiles
from tests.bundles import card, publish

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = ("register", "recommend", "embed_on_upload", "compact_catalogue", "inspect_catalogue")
ONCE = (wiring.settings, wiring.users, wiring.images, wiring.catalogue, wiring.reader, wiring.encoders)
TRACE, SPAN = "4b" * 16, "0a" * 8
TRACED = {"traceparent": f"00-{TRACE}-{SPAN}-01"}
STAGES = {
    "register": ["body", "write", "answer"],
    "recommend": ["body", "profile", "catalogue", "rank", "write", "answer"],
    "embed_on_upload": ["catalogue", "write", "read", "decode", "model", "encode"],
    "compact_catalogue": ["read", "fold", "write", "delete", "reconcile", "answer"],
    "inspect_catalogue": ["read", "body", "catalogue", "rank", "answer"],
}


def documented() -> dict[str, set[str]]:
    """The fields that docs/operations.md names, by function."""
    fields: dict[str, set[str]] = {function: set() for function in FUNCTIONS}
    text = (ROOT / "docs/operations.md").read_text()
    for field, of in re.findall(
        r"^\| `(\S+)` \| (all|`.*?`) \| ", text.partition("\n\nWhat becomes")[0], re.M
    ):
        for function in FUNCTIONS if of == "all" else re.findall(r"`(\w+)`", of):
            fields[function].add(field)
    return fields


def photograph(seed: int = 0) -> bytes:
    """A picture of noise, so that no piece of it is anywhere by chance."""
    buffer = BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 256, (64, 64, 3), np.uint8)
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


class Shop:
    """The five functions on the stores of one folder."""

    def __init__(self, root: Path) -> None:
        self.root, self.images = root, Folder(root / "images")
        self.clients: dict[str, FlaskClient] = {
            name: functions_framework.create_app(name, str(ROOT / f"functions/{name}/main.py")).test_client()
            for name in FUNCTIONS
            if name != "embed_on_upload"
        }
        source = str(ROOT / "functions/embed_on_upload/main.py")
        app = functions_framework.create_app("embed_on_upload", source, "cloudevent")
        self.clients["embed_on_upload"] = app.test_client()

    def upload(self, name: str, data: bytes, kind: str = "finalized", **metadata: str) -> int:
        """Put an object into the bucket and tell of it; the status of the answer."""
        blob = self.images.write(name, data, metadata=metadata)
        envelope = {
            "ce-specversion": "1.0",
            "ce-id": f"event-{blob.generation}",
            "ce-type": f"google.cloud.storage.object.v1.{kind}",
            "ce-source": "//storage.googleapis.com/projects/_/buckets/images",
            "ce-time": datetime.now(UTC).isoformat(),
        }
        told = {"bucket": "images", "name": name, "generation": str(blob.generation), "metadata": metadata}
        return (
            self.clients["embed_on_upload"].post("/", headers={**TRACED, **envelope}, json=told).status_code
        )


@pytest.fixture(name="project")
def make_project() -> str | None:
    return "my-shop"


@pytest.fixture(name="shop")
def make_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project: str | None) -> Iterator[Shop]:
    monkeypatch.setenv("IMAGES", f"file://{tmp_path}/images")
    monkeypatch.setenv("CATALOGUE", f"file://{tmp_path}/catalogue")
    monkeypatch.setenv("USERS", f"sqlite:///{tmp_path}/users.db")
    monkeypatch.setenv("CATALOGUE_MAX_AGE", "0")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", project or "")
    for once in ONCE:
        once.cache_clear()
    for department in ("womenswear", "menswear"):
        publish(wiring.catalogue(), card(department))
        manifest = Manifest(department=department, model="colours-1")
        swap_manifest(wiring.catalogue(), manifest, if_generation=0)
    yield Shop(tmp_path)
    users = wiring.users()
    assert isinstance(users, PatientProfiles)
    users.close()
    for once in ONCE:
        once.cache_clear()


def read(out: str) -> list[dict[str, Any]]:
    """Every line as the JSON object that it must be, of the functions alone."""
    assert out.endswith("\n")
    lines = [json.loads(line) for line in out.splitlines()]
    assert all(isinstance(line, dict) for line in lines)
    return lines


def check(line: dict[str, Any], project: str | None = "my-shop") -> None:
    """What holds for every line."""
    assert set(line) <= documented()[line["function"]]
    assert {"severity", "message", "function", "trace", "ms", "stages"} <= set(line)
    assert line["severity"] in ("INFO", "WARNING", "ERROR")
    if line["trace"] and project:
        assert line["logging.googleapis.com/trace"] == f"projects/{project}/traces/{line['trace']}"
    else:
        assert not [field for field in line if field.startswith("logging.")]
    assert all(isinstance(spent, float) and spent >= 0 for spent in (line["ms"], *line["stages"].values()))
    assert sum(line["stages"].values()) <= line["ms"] + 0.1 * len(line["stages"])  # rounded


@pytest.mark.parametrize("project", ["my-shop", None])
def test_each_function_tells_its_name_trace_and_stages(
    shop: Shop, project: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert shop.upload("womenswear/a1.png", photograph()) == 200
    made = shop.clients["register"].post("/", json={"department": "womenswear"}, headers=TRACED)
    bearer = {**TRACED, "Authorization": f"Bearer {made.get_json()['token']}"}
    assert shop.clients["recommend"].post("/", json={}, headers=bearer).status_code == 200
    assert shop.clients["compact_catalogue"].post("/", headers=TRACED).status_code == 200
    inspect = shop.clients["inspect_catalogue"]
    assert inspect.post("/womenswear/preview", json={}, headers=TRACED).status_code == 200
    lines = {line["function"]: line for line in read(capsys.readouterr().out)}
    assert {function: list(line["stages"]) for function, line in lines.items()} == STAGES
    for line in lines.values():
        check(line, project)
        assert line["trace"] == TRACE
        assert line.get("logging.googleapis.com/spanId") == (SPAN if project else None)
    assert lines["recommend"]["kinds"] == {"diverse": 1}
    embedded = lines["embed_on_upload"]
    assert (embedded["message"], embedded["item_id"]) == ("embedded", "a1")
    assert embedded["event_id"] == f"event-{embedded['generation']}"


def play(shop: Shop) -> tuple[list[str], list[bytes]]:
    """Every kind of line once; the secrets and the pictures that went in."""
    secrets, pictures = (
        [],
        [photograph(1), photograph(2), photograph(3)[:900], b"no picture: " + photograph(4)],
    )
    register, recommend, compact = (
        shop.clients[name] for name in ("register", "recommend", "compact_catalogue")
    )
    assert shop.upload("womenswear/a1.png", pictures[0], colour="red", price="cheap") == 200
    assert shop.upload("womenswear/a2.png", pictures[1], price="5") == 200
    assert shop.upload("womenswear/cut.png", pictures[2]) == 200
    assert shop.upload("womenswear/text.png", pictures[3]) == 200
    assert shop.upload("womenswear/spring.csv", b"item_id,price,margin\na1,x,1\na2,7,2\n") == 200
    assert shop.upload("womenswear/readme.txt", pictures[0]) == 200
    assert shop.upload("womenswear/a1.png", pictures[0], "archived") == 200
    made = register.post(
        "/",
        json={"department": "womenswear", "likes": ["a1"]},
        headers={**TRACED, "Idempotency-Key": "a-key-that-nobody-guesses"},
    ).get_json()
    token, user_id = made["token"], made["user_id"]
    secrets += ["a-key-that-nobody-guesses", token.partition(".")[2]]
    bearer = {"Authorization": f"Bearer {token}"}
    for body in ({}, {"explore": 1, "seed": 1}, {"likes": ["never"]}, {"limit": token}, {token: 1}):
        recommend.post(f"/?token={token}", json=body, headers=bearer)
    recommend.post("/", data=pictures[0], content_type="image/png", headers=bearer)
    recommend.post("/", data=pictures[0], content_type="application/json", headers=bearer)
    recommend.post("/", json={}, headers={"Authorization": f"Basic {token}"})
    recommend.post(f"/{token}", json={}, headers=bearer)
    register.open("/", method=token.partition(".")[2], headers=bearer)
    register.get(f"/{user_id}", headers={**bearer, "traceparent": token})
    register.get(f"/{token}", headers=bearer)
    register.patch("/", json={"preferences": {"sizes": [token]}}, headers=bearer)
    register.patch("/", json={"preferences": {token: None}}, headers=bearer)
    assert compact.post("/", headers=bearer).status_code == 200
    for path in ("", "/rejected", "/reports", "/duplicates", "/items/a1", f"/items/{token}"):
        shop.clients["inspect_catalogue"].get(f"/womenswear{path}", headers=bearer)
    obstacle = shop.root / "catalogue" / "menswear" / "deltas"
    obstacle.write_bytes(b"")  # a file where the log's folder must be
    assert shop.upload("menswear/m1.png", pictures[1]) == 500
    obstacle.unlink()
    wiring.catalogue().write("menswear/manifest.json", pictures[0])  # what no manifest is
    wiring.reader.cache_clear()
    assert recommend.post("/", json={"department": "menswear"}, headers=bearer).status_code == 500
    assert register.delete("/", headers=bearer).status_code == 204
    assert register.get("/", headers=bearer).status_code == 401
    return secrets, pictures


def traces(secret: bytes) -> Iterator[str]:
    """Every form in which 18 bytes of a secret could stand in a line: of what is no picture, 12 may."""
    for start in range(0, len(secret) - 17, 18):
        piece = secret[start : start + 18]
        yield from (piece.hex(), base64.b64encode(piece).decode(), repr(piece)[2:-1], repr([*piece])[1:-1])
        yield from (piece.decode("latin-1"), json.dumps(piece.decode("latin-1"))[1:-1])


def test_the_lines_have_the_documented_fields_and_no_secret(
    shop: Shop, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    secrets, pictures = play(shop)
    out, err = capfd.readouterr()
    lines = read(out)
    for line in lines:
        check(line)
    assert {field for line in lines for field in line} == set().union(*documented().values())
    assert {line["severity"] for line in lines} == {"INFO", "WARNING", "ERROR"}
    assert {"event refused", "event to be sent again"} < {line["message"] for line in lines}
    told = (out + err).casefold()
    for secret in (*map(str.encode, secrets), *pictures):
        assert [trace for trace in traces(secret) if trace.casefold() in told] == []


def test_a_trace_of_a_secret_would_be_found() -> None:
    secret = photograph()
    for told in (secret[:99].hex(), base64.b64encode(secret).decode(), repr(secret), repr([*secret])):
        assert any(trace in told for trace in traces(secret))
