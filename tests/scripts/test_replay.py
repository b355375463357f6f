"""``python -m scripts.replay`` on the folders of this machine: what it touches, and what comes of it."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from scripts.replay import main
from shared.rejected import rejections
from shared.storage.folder import Folder
from tests.running import ROOT, run_here
from tests.uploads import NOW, RED, Shop, happened, picture

GOOD, GONE, BAD, TABLE = "womenswear/a1.jpg", "womenswear/a2.jpg", "menswear/m1.jpg", "womenswear/t.csv"


class Unanswering(Folder):
    """A bucket that is listed and not read."""

    def read(self, name, generation=None):
        raise TimeoutError("no answer")

    open = read


class Rejecting:
    """Two folders in which two pictures and a table were given up, and one picture is none."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.shop = Shop(Folder(root / "images"), Folder(root / "catalogue"))
        images = self.shop.images
        self.shop.images = Unanswering(root / "images")
        late = NOW + timedelta(hours=7)
        for name in (GOOD, GONE):
            event = happened("finalized", images.write(name, picture(RED)))
            assert self.shop.take_in(event, now=late).result == "rejected"
        event = happened("finalized", images.write(TABLE, b"item_id,brand\na1,Luma\n"))
        assert self.shop.take_in(event, now=late).result == "rejected"
        self.shop.images = images
        self.shop.take_in(self.shop.drop(BAD, b"no picture"))
        images.delete(GONE)

    def replay(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run_here(main, self.root, arguments)

    def deliver(self) -> None:
        """The events of what was touched."""
        for blob in list(self.shop.images.list()):
            if blob.metageneration > 1:
                self.shop.take_in(happened("metadataUpdated", blob), now=NOW + timedelta(hours=8))

    def rejected(self) -> set[str]:
        found = (rejections(self.shop.blobs, department) for department in ("womenswear", "menswear"))
        return {item_id for each in found for item_id in each}


@pytest.fixture
def rejecting(tmp_path: Path) -> Rejecting:
    found = Rejecting(tmp_path)
    assert found.rejected() == {"a1", "a2", TABLE, "m1"}
    return found


def test_what_was_rejected_is_embedded_again(rejecting: Rejecting) -> None:
    answer = rejecting.replay()
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines()[-1] == "3 asked for again, 1 gone, forgotten"
    assert "asked for again: womenswear a1: GivenUp: expected success within 6 hours" in answer.stdout
    rejecting.deliver()
    assert set(rejecting.shop.items()) == {"a1"}
    assert rejecting.shop.items()["a1"]["brand"] == "Luma"
    assert rejecting.rejected() == {"m1"}, "what is no picture stays none"
    rejecting.replay()
    assert rejecting.rejected() == {"m1"}


def test_one_kind_one_department_or_some_items(rejecting: Rejecting) -> None:
    for arguments, expected in (
        (["--type", "NotAPicture"], "menswear m1"),
        (["--department", "menswear"], "menswear m1"),
        (["a1"], "womenswear a1"),
        ([TABLE], f"womenswear {TABLE}"),
    ):
        first, last = rejecting.replay(*arguments).stdout.splitlines()
        assert first.startswith(f"asked for again: {expected}: ")
        assert last == "1 asked for again"


def test_a_dry_run_touches_nothing(rejecting: Rejecting) -> None:
    answer = rejecting.replay("--dry-run")
    assert (answer.returncode, answer.stdout.splitlines()[-1]) == (0, "4 rejected")
    assert {blob.metageneration for blob in rejecting.shop.images.list()} == {1}
    assert len(rejecting.rejected()) == 4


def test_what_is_not_rejected_is_named(rejecting: Rejecting) -> None:
    answer = rejecting.replay("a1", "nobody")
    assert (answer.returncode, answer.stderr.splitlines()[-1]) == (1, "not rejected: nobody")
    assert answer.stdout.splitlines()[-1] == "1 asked for again"


def test_nothing_rejected_is_said(rejecting: Rejecting) -> None:
    rejecting.root /= "elsewhere"
    answer = rejecting.replay()
    assert (answer.returncode, answer.stdout) == (0, "nothing is rejected\n")


def test_an_address_of_no_store_is_named(rejecting: Rejecting) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "scripts.replay"],
        cwd=ROOT,
        env={**os.environ, "IMAGES": "ftp://x"},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 1
    assert answer.stderr.startswith("expected the buckets of IMAGES and CATALOGUE, found: IMAGES: expected")


def test_help_is_worth_reading() -> None:
    command = [sys.executable, "-m", "scripts.replay", "--help"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout
    for words in ("announces it like any\nother change", "--dry-run", "IMAGES and CATALOGUE", "GivenUp"):
        assert words in told
