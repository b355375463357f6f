"""``compact_catalogue`` as the scheduler sees it, through functions-framework."""

import json
from collections.abc import Iterator
from pathlib import Path

import functions_framework
import pytest
from flask.testing import FlaskClient

from shared import wiring
from shared.departments import DEPARTMENTS
from shared.log import append, delta_name
from shared.reader import Reader
from tests.facts import picture, publish

SOURCE = Path(__file__).resolve().parents[2] / "functions" / "compact_catalogue" / "main.py"
CACHED = (wiring.settings, wiring.images, wiring.catalogue)


@pytest.fixture(name="client")
def make_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    monkeypatch.setenv("IMAGES", f"file://{tmp_path}/images")
    monkeypatch.setenv("CATALOGUE", f"file://{tmp_path}/catalogue")
    for cached in CACHED:
        cached.cache_clear()
    yield functions_framework.create_app("compact_catalogue", str(SOURCE)).test_client()
    for cached in CACHED:
        cached.cache_clear()


def publish_all() -> None:
    for department in DEPARTMENTS:
        publish(wiring.catalogue(), department=department)


def test_both_departments_are_compacted(client: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    publish_all()
    fact = picture("a", 1)
    append(wiring.catalogue(), "womenswear", delta_name(fact.clock, "picture", "v1"), [fact])
    answer = client.post("/", json={})
    assert answer.status_code == 200
    reports = answer.get_json()["departments"]
    assert list(reports) == ["womenswear", "menswear"]
    assert reports["womenswear"]["items"] == reports["womenswear"]["facts_read"] == 1
    assert reports["womenswear"]["snapshot"].startswith("0000000001-")
    assert reports["menswear"]["snapshot"] is None
    assert Reader(wiring.catalogue(), "womenswear", 0).catalogue().version == reports["womenswear"]["version"]
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert line["departments"] == list(reports.values())
    assert client.post("/compact_catalogue").get_json()["departments"]["womenswear"]["snapshot"] is None


def test_what_the_bucket_has_and_the_catalogue_lacks_is_asked_for(client: FlaskClient) -> None:
    publish_all()
    wiring.images().write("menswear/a.jpg", b"picture")
    report = client.post("/").get_json()["departments"]["menswear"]["reconciled"]
    assert report == {"removed": 0, "asked": 0, "hidden": 0, "forgotten": 0}  # it is too young


def test_it_is_ready_once_models_are_published(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert client.post("/").status_code == 503
    publish_all()
    assert client.get("/healthz").get_json() == {"status": "ready"}


def test_other_calls_are_problems(client: FlaskClient) -> None:
    publish_all()
    assert client.get("/").status_code == 405
    assert client.get("/").headers["Allow"] == "POST"
    assert client.post("/womenswear").status_code == 404
