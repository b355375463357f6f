"""From a shop's own pictures to a bundle that serving loads, on a small drawn wardrobe."""

# ruff: noqa: E402
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs torch")
pd = pytest.importorskip("pandas", reason="a shop's own data needs pandas, of the training group")

from scripts.wardrobe import draw
from shared.encoder import Encoder
from shared.pictures import decode
from shared.storage.folder import Folder
from training.extract import extract
from training.stock import of_table

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Path:
    """An extraction of forty drawn items."""
    folder = tmp_path_factory.mktemp("shop")
    items = list(draw("womenswear", 40, 21))
    for item in items:
        (folder / f"{item.item_id}.jpg").write_bytes(item.picture())
    columns = ("item_id", "style", "category", "group_id")
    table = {name: [getattr(item, name) for item in items] for name in columns}
    pd.DataFrame(table).to_csv(folder / "items.csv", index=False)
    extract(of_table(folder), folder / "extracted")
    return folder


def run(shop: Path, out: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "training.learn", shop / "extracted", "--department", "womenswear"]
    command += ["--version", "shop-1", "--threads", "1", "--batch", "8", "--epochs", "2"]
    command += ["--cache", out / "cache", "--output", out / "models", "--no-bfloat16", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_shops_own_pictures_become_a_bundle(shop, tmp_path):
    ran = run(shop, tmp_path, "--weights", "none", "--fewest", "2", "--board", str(tmp_path / "board"))
    assert ran.returncode == 0, ran.stderr
    encoder = Encoder.load(Folder(tmp_path), "womenswear", "shop-1")
    embedding = encoder.encode(decode(next(iter(draw("womenswear", 1, 21))).picture()))
    assert embedding.vector.shape == (768,)
    told = encoder.card.training
    assert [row["epoch"] for row in told["curves"]["resnet50"]] == [1, 2]
    assert told["weights"] == "none"
    assert sum(told["data"][0][side] for side in ("training", "validation", "test")) == 40
    assert encoder.card.metrics["test"]["pictures"] == told["data"][0]["test"]
    assert list((tmp_path / "board").iterdir())


def test_too_little_to_learn_from_is_told(shop, tmp_path):
    ran = run(shop, tmp_path, "--weights", "none", "--fewest", "30")
    assert ran.returncode == 1
    assert "expected two styles of 30 training pictures each, found []" in ran.stderr
    assert not (tmp_path / "models").exists()
