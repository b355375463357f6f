"""``python -m scripts.trace``: the life of an item, in each way in which it can be visible or not."""

import subprocess
import sys
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scripts.trace import main
from shared.compacting import compact
from shared.storage.folder import Folder
from tests.running import ROOT, run_here
from tests.uploads import BLUE, RED, Shop, picture

A1 = "womenswear/a1.jpg"
LATER = datetime.now(UTC) + timedelta(days=1)


class Traced:
    """A shop in two folders, and what is told of its items."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.shop = Shop(Folder(root / "images"), Folder(root / "catalogue"))

    def take(self, *events: object) -> None:
        for event in events:
            self.shop.take_in(event)

    def trace(self, *arguments: str) -> tuple[int, list[str]]:
        """Status, and the lines of the answer or of the complaint."""
        found = run_here(main, self.root, arguments)
        return found.returncode, (found.stdout or found.stderr).splitlines()


@pytest.fixture
def traced(tmp_path: Path) -> Traced:
    return Traced(tmp_path)


def test_the_whole_life_of_a_visible_item(traced: Traced) -> None:
    shop = traced.shop
    traced.take(
        shop.drop(A1, picture(RED), {"brand": "Luma"}),
        shop.drop("womenswear/t.csv", b"item_id,price\na1,5\n"),
    )
    compact(shop.images, shop.blobs, "womenswear", datetime.now(UTC))
    traced.take(shop.change(A1, {"brand": "Sol"}))
    status, lines = traced.trace("a1")
    blob, table = shop.images.stat(A1), shop.images.stat("womenswear/t.csv")
    at = f"{blob.generation:020d}"
    assert (status, lines[0], lines[-1]) == (0, "womenswear a1", "visible")
    text = "\n".join(lines)
    assert f"{A1}: generation {blob.generation}, metageneration 2, {blob.size} bytes\n    brand=Sol" in text
    assert f"picture, by colours-1: dress (1.00) at {at}.0000000000.{A1}" in text
    assert f"attributes: brand='Luma' at {at}.0000000001.{A1}" in text
    assert f"  brand: 'Sol' at {at}.0000000002.{A1}" in text
    assert f"  price: 5.0 at {table.generation:020d}.0000000000.womenswear/t.csv" in text
    assert "model colours-1, snapshot 0000000001-" in text


def test_why_an_item_is_not_visible(traced: Traced) -> None:
    shop = traced.shop
    traced.take(shop.drop("womenswear/kept.jpg", picture(BLUE)))

    def told(item_id: str = "a1") -> str:
        status, lines = traced.trace(item_id)
        assert status == 1, lines
        return lines[-1]

    assert told() == "expected an item of womenswear or menswear, found nothing ever heard of 'a1'"
    traced.take(shop.drop("womenswear/t.csv", b"item_id,price\na1,5\n"))
    assert told() == "not visible: it has attributes and no picture; upload one"
    event = shop.drop(A1, picture(RED))
    assert told() == "not visible: its event was not taken in yet; compact_catalogue asks for it again"
    traced.take(event)
    assert traced.trace("a1")[0] == 0
    traced.take(shop.drop(A1, b"no picture"))
    assert told().startswith("not visible: rejected; upload a good picture")
    traced.take(shop.drop(A1, picture(RED)))
    traced.take(shop.delete(A1))
    assert told().startswith("not visible: removed at ")


def test_an_item_that_is_hidden_by_a_later_removal_of_another_file(traced: Traced) -> None:
    shop = traced.shop
    traced.take(shop.drop(A1, picture(RED)), shop.drop("womenswear/a1.png", picture(BLUE)))
    traced.take(shop.delete("womenswear/a1.png"))
    status, lines = traced.trace("a1")
    told = "not visible: a newer file of it was deleted; compact_catalogue brings this one back"
    assert (status, lines[-1]) == (1, told)


def test_what_is_sold_out_is_said(traced: Traced) -> None:
    traced.take(traced.shop.drop(A1, picture(RED), {"available": "false"}))
    status, lines = traced.trace("--department", "womenswear", "a1")
    assert (status, lines[-1]) == (0, "visible, but not available: only who asks for such items sees it")


def test_an_id_may_be_written_in_either_way(traced: Traced) -> None:
    apart = unicodedata.normalize("NFD", "é")
    traced.take(traced.shop.drop(f"womenswear/{apart}.jpg", picture(RED)))
    for item_id in (apart, "é"):
        status, lines = traced.trace(item_id)
        assert (status, lines[0]) == (0, "womenswear é")
        assert f"womenswear/{apart}.jpg: generation" in lines[2]


def test_mistakes_are_named(traced: Traced) -> None:
    status, lines = traced.trace("a/b")
    assert (status, "without '/'" in lines[-1]) == (1, True)
    traced.root /= "elsewhere"
    status, lines = traced.trace("a1")
    assert (status, "publish a model" in lines[-1]) == (1, True)


def test_help_is_worth_reading() -> None:
    command = [sys.executable, "-m", "scripts.trace", "--help"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout
    for words in ("Reads and changes nothing", "--department", "IMAGES and CATALOGUE", "status 0 if"):
        assert words in told
