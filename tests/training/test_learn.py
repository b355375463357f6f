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


def test_several_processes_learn_together_and_one_writes(shop, tmp_path):
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--standalone"]
    command += [
        "-m",
        "training.learn",
        shop / "extracted",
        "--department",
        "womenswear",
        "--version",
        "shop-2",
    ]
    command += ["--weights", "none", "--fewest", "2", "--threads", "1", "--batch", "8", "--epochs", "1"]
    command += ["--resolution", "64", "--cache", tmp_path / "cache", "--output", tmp_path / "models"]
    command += ["--no-bfloat16", "--device", "cpu"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip().count("shop-2") == 1
    assert Encoder.load(Folder(tmp_path), "womenswear", "shop-2").card.metrics["test"]["pictures"] > 0


def test_a_teacher_is_asked_about_piles_of_other_pictures(shop, tmp_path):
    pytest.importorskip("efficientnet_lite_pytorch", reason="the teacher's package is of the training group")
    pile = tmp_path / "pile"
    pile.mkdir()
    for item in draw("menswear", 9, 4):
        (pile / f"{item.item_id}.jpg").write_bytes(item.picture())
    words = ["--weights", "none", "--fewest", "2", "--resolution", "64", "--epochs", "1", "--patience", "0"]
    ran = run(shop, tmp_path, *words, "--distill", str(pile))
    assert ran.returncode == 0, ran.stderr
    told = Encoder.load(Folder(tmp_path), "womenswear", "shop-1").card.training
    assert told["unlabelled"] == 9
    assert "EfficientNet" in told["teacher"]
    assert [round(each["style"], 6) == 0 for each in told["curves"]["style_cnn"]] == [False, False]


def test_an_empty_pile_is_told(shop, tmp_path):
    (tmp_path / "pile").mkdir()
    ran = run(shop, tmp_path, "--weights", "none", "--fewest", "2", "--distill", str(tmp_path / "pile"))
    assert ran.returncode == 1
    assert "expected pictures" in ran.stderr
