"""The command that promotes: on folder buckets, from the first model to the second and back."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

pd = pytest.importorskip("pandas", reason="a shop's own data needs pandas, of the training group")

from shared.card import read_card, write_card  # noqa: E402
from shared.manifest import read_manifest  # noqa: E402
from shared.storage.folder import Folder  # noqa: E402
from tests.bundles import FILES, card  # noqa: E402
from tests.training.test_evidence import pictures  # noqa: E402
from tests.training.test_promotion import COLOURS, Department, filled, holds  # noqa: E402

ROOT = Path(__file__).parents[2]
NEW = "colours-2"


@pytest.fixture
def world(tmp_path):
    """A department on folders, and a folder of labelled pictures to judge by."""
    department = filled(Department(Folder(tmp_path / "images"), Folder(tmp_path / "catalogue")))
    for blob in list(department.blobs.list(f"models/womenswear/{NEW}/")):
        department.blobs.delete(blob.name)
    shop = tmp_path / "shop"
    shop.mkdir()
    squares = pictures(["casual", "street", "dressy"] * 12)
    for name, square in zip(squares.item_ids, squares.squares, strict=True):
        Image.fromarray(square).save(shop / f"{name}.png")
    pd.DataFrame({"item_id": squares.item_ids, "style": squares.styles}).to_csv(shop / "items.csv")
    return tmp_path, department


def bundle(root: Path, department: Department, **changes) -> Path:
    """A bundle of the second model in a folder."""
    import msgspec

    folder = root / "models" / "womenswear" / NEW
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "card.json").write_bytes(write_card(msgspec.structs.replace(department.cards[NEW], **changes)))
    for name, data in FILES.items():
        (folder / f"{name}.onnx").write_bytes(data)
    return folder


def run(root: Path, *words: object) -> subprocess.CompletedProcess[str]:
    stores = {name: f"file://{root}/{name.lower()}" for name in ("IMAGES", "CATALOGUE")}
    command = [sys.executable, "-m", "training.promote", *map(str, words), "--settle", "0"]
    command += ["--cache", str(root / "cache")]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | stores, capture_output=True, text=True, check=False
    )


def test_a_bundle_that_is_no_worse_goes_live_and_back(world):
    root, department = world
    ran = run(root, bundle(root, department), root / "shop", "--split", "all")
    assert ran.returncode == 0, ran.stderr
    assert "4 pictures to embed" in ran.stdout
    assert "womenswear colours-2 is live, instead of colours-1" in ran.stdout
    holds(department, NEW, COLOURS)
    published = department.blobs.read(f"models/womenswear/{NEW}/card.json")[0]
    told = read_card(published, "card.json").training["promotion"]
    assert (told["instead_of"], told["forced"], told["pictures"]) == ("colours-1", False, 36)
    ran = run(root, "--rollback", "--department", "womenswear")
    assert ran.returncode == 0, ran.stderr
    assert "colours-1 is live again, instead of colours-2" in ran.stdout
    holds(department, "colours-1", COLOURS)


def test_what_was_only_announced_is_promoted_later(world):
    root, department = world
    words = [bundle(root, department), root / "shop", "--split", "all"]
    ran = run(root, *words, "--announce")
    assert ran.returncode == 0, ran.stderr
    assert "womenswear colours-2 is announced: embed by training.embed_pipeline" in ran.stdout
    assert read_manifest(department.blobs, "womenswear")[0].coming == NEW
    assert list(department.blobs.list("womenswear/promotions/")) == []
    holds(department, "colours-1", COLOURS)
    assert department.embed(department.way()) == 4
    ran = run(root, words[0])
    assert ran.returncode == 0, ran.stderr
    assert "going on" in ran.stdout
    assert "0 pictures to embed" in ran.stdout
    holds(department, NEW, COLOURS)


def test_a_bundle_that_is_worse_is_refused_unless_forced_and_its_card_says_so(world):
    root, department = world
    shop = root / "shop"
    for name in list(shop.glob("*.png"))[::3]:  # twelve items with one picture
        name.write_bytes((shop / "00.png").read_bytes())
    worse = bundle(root, department, duplicate_threshold=1.0)
    words = [worse, shop, "--split", "all"]
    ran = run(root, *words)
    assert ran.returncode == 1
    assert "expected no more near-duplicates in lists" in ran.stderr
    assert list(department.blobs.list(f"models/womenswear/{NEW}/")) == []
    assert read_manifest(department.blobs, "womenswear")[0].coming is None
    ran = run(root, *words, "--force")
    assert ran.returncode == 0, ran.stderr
    card_ = json.loads(bytes(department.blobs.read(f"models/womenswear/{NEW}/card.json")[0]))
    assert card_["training"]["promotion"]["forced"] is True
    assert card_["training"]["promotion"]["against"]
    holds(department, NEW, COLOURS)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "expected a bundle, or --rollback and --department"),
        (["--rollback"], "expected a bundle, or --rollback and --department"),
        (["nowhere"], "expected a bundle with card.json"),
        (["BUNDLE"], "expected SOURCE, labelled pictures to judge by"),
        (["--rollback", "--department", "womenswear"], "expected a model that was live before, found none"),
    ],
)
def test_what_is_wrong_is_told(world, words, expected):
    root, department = world
    ran = run(root, *[bundle(root, department) if word == "BUNDLE" else word for word in words])
    assert ran.returncode != 0
    assert expected in ran.stderr
    holds(department, "colours-1", COLOURS)


def test_other_networks_need_a_new_version(world):
    root, department = world
    folder = bundle(root, department)
    other = card(
        version=NEW, files=department.cards["colours-1"].files | {"extra.onnx": card().files["resnet50.onnx"]}
    )
    department.blobs.write(f"models/womenswear/{NEW}/card.json", write_card(other))
    ran = run(root, folder, root / "shop", "--split", "all")
    assert ran.returncode == 1
    assert "give it a new version" in ran.stderr
