"""The metrics of terraform/metrics.tf find what they ask for in lines that the functions really write."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from scripts.wardrobe import draw
from scripts.watch import Change, cloud_event
from shared.storage.folder import Folder
from tests.staged import Staged, call, started
from tests.terraform import local_values

METRICS = {**local_values()["counted"], **local_values()["measured"]}


def written(staged: Staged) -> list[dict[str, Any]]:
    """The JSON lines of a function's log."""
    lines = staged.log.read_text(errors="replace").splitlines()
    return [json.loads(line) for line in lines if line.startswith('{"')]


def ask(staged: Staged) -> None:
    """A recommendation for a shopper that register has told of."""
    with httpx.Client(timeout=60, trust_env=False) as http, started("register", staged.local.parent) as other:
        token = http.post(other.address, json={"department": "womenswear"}).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        assert http.post(staged.address, json={}, headers=headers).status_code == 200


def drop(staged: Staged) -> None:
    """A picture of a department whose model is gone, and a text that calls itself a picture."""
    (staged.local / "catalogue" / "menswear" / "manifest.json").unlink()
    images, now = Folder(staged.local / "images"), datetime.now(UTC)
    picture = next(draw("menswear", 1)).picture()
    for name, data in (("menswear/one.jpg", picture), ("womenswear/no.jpg", b"text")):
        headers, body = cloud_event(Change("finalized", images.write(name, data)), "images", now)
        httpx.post(staged.address, headers=headers, json=body, timeout=60, trust_env=False)


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What each function writes in an ordinary life, and in a bad one."""
    found = {}
    for function, more in (("register", None), ("recommend", ask), ("embed_on_upload", drop)):
        with started(function, tmp_path_factory.mktemp(function)) as staged:
            call(function, staged)
            if more:
                more(staged)
            found[function] = written(staged)
    return found


def holds(line: dict[str, Any], field: str, operator: str, value: str) -> bool:
    """A comparison of Cloud Logging's query language, as far as the metrics use it."""
    if operator == ">=":
        return isinstance(line.get(field), int | float) and line[field] >= float(value)
    return line.get(field) == value.strip('"')


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_finds_its_lines(name: str, lines: dict[str, list[dict[str, Any]]]) -> None:
    metric = METRICS[name]
    functions = re.findall(r"\$\{local\.lines\.(\w+)\}", metric["filter"])
    wanted = re.findall(r'jsonPayload\.(\w+)(>=|=)("[^"]*"|\d+)', metric["filter"])
    assert functions
    assert wanted
    for function in functions:
        found = [line for line in lines[function] if all(holds(line, *one) for one in wanted)]
        assert found, f"{function} wrote no such line, but {lines[function]}"
        for line in found:
            for expression in metric["labels"].values():
                assert field(expression) in line
            if "value" in metric:
                assert isinstance(line[field(metric["value"])], int | float)


def field(expression: str) -> str:
    """The field that an extractor reads."""
    return re.fullmatch(r"EXTRACT\(jsonPayload\.(\w+)\)", expression)[1]


def test_alerts_and_dashboard_read_labels_that_metrics_have() -> None:
    labels = {label for metric in METRICS.values() for label in metric["labels"]} | {"response_code_class"}
    for name in ("alerts.tf", "dashboard.json"):
        text = (Path(__file__).parents[2] / "terraform" / name).read_text()
        assert set(re.findall(r"metric\.labels?\.(\w+)", text)) <= labels, name
