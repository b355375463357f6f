"""The category head: learned from what a served ResNet-50 sees, in the place of the one the file had."""

# ruff: noqa: E402
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs torch")
onnx = pytest.importorskip("onnx", reason="export needs onnx")
pd = pytest.importorskip("pandas", reason="a shop's own data needs pandas, of the training group")

from scripts.wardrobe import draw
from shared.card import read_card
from shared.encoder import Encoder
from shared.pictures import decode, normalise
from shared.storage.folder import Folder
from training.category_head import Head, attached, features, fit
from training.data import NO_LABEL, decoded, wardrobe
from training.extract import extract
from training.onnx_session import Session
from training.stock import of_table

ROOT = Path(__file__).parents[2]
BUNDLE = ROOT / "models" / "womenswear" / "demo-4"


@pytest.fixture(scope="module")
def blobs():
    """Points around four centres, and whose each is."""
    random = np.random.default_rng(5)
    truth = random.integers(0, 4, 400)
    centres = random.normal(size=(4, 24)) * 0.7
    return (centres[truth] * 3 + random.normal(size=(400, 24)) + 10).astype(np.float32), truth


def test_what_can_be_told_apart_is_told_apart(blobs):
    points, truth = blobs
    head = fit(points[:300], truth[:300], 4)
    told = head.probabilities(points[300:])
    assert told.sum(1) == pytest.approx(1, abs=1e-5)
    assert (told.argmax(1) == truth[300:]).mean() > 0.9
    assert head.seen(points).shape == (400, head.width)
    assert (head.seen(points) >= 0).all()


def test_the_same_points_make_the_same_head_whatever_was_drawn_before(blobs):
    import torch

    points, truth = blobs
    torch.manual_seed(1)
    first = fit(points, truth, 4)
    state = torch.get_rng_state()
    torch.manual_seed(2)
    second = fit(points, truth, 4)
    assert all(np.array_equal(*pair) for pair in zip(astuple(first), astuple(second), strict=True))
    torch.manual_seed(1)
    assert torch.equal(torch.get_rng_state(), state)


def test_rows_without_a_label_teach_nothing(blobs):
    points, truth = blobs
    some = np.where(np.arange(400) < 300, truth, NO_LABEL)
    points = np.where((some == NO_LABEL)[:, None], np.float32(1e6), points)
    assert all(
        np.array_equal(*pair)
        for pair in zip(
            astuple(fit(points, some, 4)), astuple(fit(points[:300], truth[:300], 4)), strict=True
        )
    )
    with pytest.raises(ValueError, match="expected pictures of known category, found none"):
        fit(points, np.full(400, NO_LABEL), 4)


def test_a_head_that_is_cooled_chooses_the_same(blobs):
    points, truth = blobs
    head = fit(points[:100], truth[:100], 4)
    wrong = np.where(np.arange(300) % 3 == 0, (truth[100:] + 1) % 4, truth[100:])  # a third is said wrongly
    cooled = head.cooled(points[100:], wrong)
    assert cooled.temperature > head.temperature == 1
    before, after = (each.probabilities(points[100:]) for each in (head, cooled))
    assert np.array_equal(before.argmax(1), after.argmax(1))
    assert after.max(1).mean() < before.max(1).mean()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    return decoded("few", wardrobe("womenswear", 5, 3), tmp_path_factory.mktemp("cache"))


@pytest.mark.parametrize("department", ["womenswear", "menswear"])
def test_a_served_network_gets_another_head_and_keeps_the_rest(department, pictures):
    random = np.random.default_rng(7)
    network = (ROOT / "models" / department / "demo-4" / "resnet50.onnx").read_bytes()
    given = (random.normal(size=shape).astype(np.float32) * 0.1 for shape in ((2048, 256), 256, (256, 3), 3))
    head = Head(*given)
    made = attached(network, head)
    onnx.checker.check_model(onnx.load_from_string(made), full_check=True)
    squares = normalise(np.array(pictures.squares))
    before, after = (Session(each, 1).run(squares) for each in (network, made))
    assert np.array_equal(before["embedding"], after["embedding"])
    assert np.array_equal(before["style"], after["style"])
    wanted = head.probabilities(features(network, pictures))
    assert after["category"].shape == (5, 3)
    assert after["category"] == pytest.approx(wanted, abs=0.02)  # its weights are stored in eight bits
    # and once more, since what it had is gone
    assert attached(made, head) == made
    assert len(made) < len(network) + 10_000


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Path:
    """An extraction of drawn items that its shop calls by two names."""
    folder = tmp_path_factory.mktemp("shop")
    items = [item for item in draw("womenswear", 500, 21) if item.category in ("dress", "boots", "heels")]
    for item in items:
        (folder / f"{item.item_id}.jpg").write_bytes(item.picture())
    called = ["Kleid" if item.category == "dress" else "Schuh" for item in items]
    table = {name: [getattr(item, name) for item in items] for name in ("item_id", "style", "group_id")}
    pd.DataFrame({**table, "category": called}).to_csv(folder / "items.csv", index=False)
    extract(of_table(folder), folder / "extracted")
    return folder


def run(shop: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "training.categories", shop / "extracted", "--department", "womenswear"]
    command += ["--version", BUNDLE.name, "--threads", "1", "--fewest", "5", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_shop_has_its_own_categories(shop, tmp_path):
    ran = run(shop, "--new", "shop-1", "--output", tmp_path / "models")
    assert ran.returncode == 0, ran.stderr
    bundle = tmp_path / "models" / "womenswear" / "shop-1"
    written, told = ran.stdout.splitlines()
    assert written == str(bundle)
    assert "2 learned categories: right " in told
    card, old = (read_card((each / "card.json").read_bytes(), str(each)) for each in (bundle, BUNDLE))
    assert card.categories == ("Kleid", "Schuh")
    assert card.training["networks_of"] == "demo-3"
    assert card.metrics["test"]["resnet50"]["category_accuracy"] > 0.9
    assert set(card.metrics) == {"test", "duplicates", "export"}  # no figure of the head that it had
    encoders = (
        Encoder.load(Folder(tmp_path), "womenswear", "shop-1"),
        Encoder.load(Folder(ROOT), "womenswear", old.version),
    )
    dress = next(item for item in draw("womenswear", 40, 77) if item.category == "dress")
    new, before = (each.encode(decode(dress.picture())) for each in encoders)
    assert new.category == "Kleid"
    assert np.array_equal(new.vector, before.vector)
    assert np.array_equal(new.styles, before.styles)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--new", "demo-4"), "expected another version than demo-4, found the same"),
        (("--new", "shop-1", "--fewest", "5000"), "expected two categories of 5000 training pictures each"),
        (("--new", "shop-1", "--version", "shop-0"), "womenswear/shop-0/card.json"),
    ],
)
def test_what_cannot_be_taught_is_told_and_nothing_is_written(shop, tmp_path, words, expected):
    ran = run(shop, "--output", tmp_path / "models", *words)
    assert ran.returncode == 1
    assert expected in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "models").exists()
