"""The array of pictures: what serving decodes, whole after any kill, and back again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

pd = pytest.importorskip("pandas", reason="a shop's own data needs pandas, of the training group")

from scripts.wardrobe import draw  # noqa: E402
from shared.pictures import square  # noqa: E402
from training.extract import ExtractRefused, as_pictures, back, extract, load  # noqa: E402
from training.stock import Stock, of_table  # noqa: E402

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Path:
    """Six drawn garments and their table, in which one style is not known."""
    folder = tmp_path_factory.mktemp("shop")
    items = list(draw("menswear", 6, 4))
    for item in items:
        (folder / f"{item.item_id}.jpg").write_bytes(item.picture())
    pd.DataFrame(
        {
            "item_id": [item.item_id for item in items],
            "style": [item.style for item in items[:5]] + [""],
            "price": [item.price for item in items],
        }
    ).to_csv(folder / "items.csv", index=False)
    return folder


class Counted:
    """A stock that counts what is read of it, and dies at the ``dies_at``-th picture."""

    def __init__(self, stock: Stock, dies_at: int = 0) -> None:
        self.whole, self.reads, self.dies_at = stock, 0, dies_at
        self.stock = Stock(stock.name, stock.items, self.read)

    def read(self, image: str):
        self.reads += 1
        if self.reads == self.dies_at:
            raise KeyboardInterrupt
        return self.whole.read(image)


def test_the_array_is_what_serving_decodes_and_lies_on_the_disk(shop, tmp_path):
    assert extract(of_table(shop), tmp_path / "out") == {}
    pictures, items = load(tmp_path / "out")
    assert isinstance(pictures, np.memmap)
    assert (pictures.shape, pictures.dtype) == ((6, 224, 224, 3), np.uint8)
    for row, image in enumerate(items["image"]):
        assert np.array_equal(pictures[row], square((shop / image).read_bytes()))
    assert items["price"].tolist() == pd.read_csv(shop / "items.csv", dtype=str)["price"].tolist()
    assert set(items["split"]) <= {"training", "validation", "test"}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "items.parquet", "listed.parquet", "pictures.npy",
    ]  # fmt: skip


def test_there_and_back_again(shop, tmp_path):
    extract(of_table(shop), tmp_path / "out")
    back(tmp_path / "out", tmp_path / "back")
    extract(of_table(tmp_path / "back"), tmp_path / "again")
    (first, items), (second, again) = load(tmp_path / "out"), load(tmp_path / "again")
    assert np.array_equal(first, second)
    same = ["item_id", "style", "category", "price"]
    assert items[same].equals(again[same])


@pytest.mark.parametrize("dies_at", [1, 3, 6])
def test_a_killed_run_goes_on_and_ends_as_an_uninterrupted_one(shop, tmp_path, dies_at):
    extract(of_table(shop), tmp_path / "whole")
    dying = Counted(of_table(shop), dies_at)
    with pytest.raises(KeyboardInterrupt):
        extract(dying.stock, tmp_path / "killed", step=2)
    with pytest.raises(ExtractRefused, match="finished extraction"):
        load(tmp_path / "killed")
    resumed = Counted(of_table(shop))
    extract(resumed.stock, tmp_path / "killed")
    assert resumed.reads == 6 - (dies_at - 1) // 2 * 2
    for name in ("pictures.npy", "items.parquet"):
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    again = Counted(of_table(shop))
    extract(again.stock, tmp_path / "killed")
    assert again.reads == 0


def test_a_process_that_is_killed_goes_on(tmp_path):
    shop = tmp_path / "shop"
    shop.mkdir()
    data = next(iter(draw("menswear", 1, 4))).picture()
    for number in range(400):
        (shop / f"{number}.jpg").write_bytes(data)
    pd.DataFrame({"item_id": range(400)}).to_csv(shop / "items.csv", index=False)
    command = [sys.executable, "-m", "training.extract", shop, "--output", tmp_path / "out"]
    running = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    while not (tmp_path / "out" / "hashes.building.npy").exists() and running.poll() is None:
        time.sleep(0.005)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    pictures, items = load(tmp_path / "out")
    assert len(items) == 400
    assert (pictures == square(data)).all()


def test_pictures_that_can_not_be_read_are_left_out_and_told(shop, tmp_path):
    stock = of_table(shop)
    items = stock.items.copy()
    items.loc[1, "image"] = ""
    items.loc[4, "image"] = "items.csv"
    told = extract(Stock("some", items, stock.read), tmp_path / "out")
    assert list(told) == [items["item_id"][1], items["item_id"][4]]
    assert told[items["item_id"][1]] == "expected a picture, found none"
    assert "JPEG, PNG or WebP" in told[items["item_id"][4]]
    pictures, left = load(tmp_path / "out")
    assert left["item_id"].tolist() == [items["item_id"][row] for row in (0, 2, 3, 5)]
    assert np.array_equal(pictures[3], square(stock.read(items["image"][5])))


def test_a_folder_of_other_items_is_refused(shop, tmp_path):
    stock = of_table(shop)
    extract(stock, tmp_path / "out")
    fewer = Stock("fewer", stock.items.iloc[:3].reset_index(drop=True), stock.read)
    with pytest.raises(ExtractRefused, match="expected an extraction of the same table"):
        extract(fewer, tmp_path / "out")


def test_an_extraction_is_something_to_learn_from(shop, tmp_path):
    extract(of_table(shop), tmp_path / "out")
    pictures = as_pictures(tmp_path / "out", "shop")
    assert pictures.squares.shape == (6, 224, 224, 3)
    assert pictures.styles[5] == ""
    assert len(pictures.fingerprint) == 64
