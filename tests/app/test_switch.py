"""The switch of the merchandiser's page, and the words it finds for time. No browser."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from app.desk import ago
from app.settings import BadSetting, settings
from tests.running import ROOT

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_the_switch_is_an_address_or_nothing() -> None:
    assert settings({}).merchandiser_url is None
    assert settings({"MERCHANDISER_URL": ""}).merchandiser_url is None
    address = "https://host/inspect"
    assert settings({"MERCHANDISER_URL": address}).merchandiser_url == address
    with pytest.raises(BadSetting, match="MERCHANDISER_URL: expected an address"):
        settings({"MERCHANDISER_URL": "yes"})


def test_serve_wants_a_page_to_put_it_into() -> None:
    command = [sys.executable, "-m", "scripts.serve", "--merchandiser"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (found.returncode, "expected --page" in found.stderr) == (2, True)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (7199, "1 hour ago"),
        (7200, "2 hours ago"),
        (90000, "1 day ago"),
    ],
)
def test_how_long_ago(seconds: float, told: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == told
