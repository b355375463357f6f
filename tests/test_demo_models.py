"""The committed demo bundles: whole, small enough, good enough, and told truly in docs/training.md."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from scripts.wardrobe import draw
from shared.card import read_card
from shared.departments import DEPARTMENTS
from shared.encoder import PREPROCESSING, Encoder
from shared.pictures import decode
from shared.storage.folder import Folder
from training.data import wardrobe
from training.duplicates import embedder, figures, gallery
from training.figures import PAGE, reports
from training.figures import page as figured

MODELS = Path(__file__).parent.parent / "models"
VERSION = "demo-4"
ITEMS = 60  # of each department's demo, measured again here


@pytest.fixture(params=DEPARTMENTS)
def folder(request) -> Path:
    return MODELS / request.param / VERSION


@pytest.fixture
def card(folder):
    return read_card((folder / "card.json").read_bytes(), str(folder))


def test_files_are_those_of_the_card(folder, card):
    assert {path.name for path in folder.iterdir()} == {*card.files, "card.json", "report.json"}
    for name, file in card.files.items():
        data = (folder / name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file.bytes, file.sha256)


def test_the_card_is_of_its_folder_and_of_serving(folder, card):
    assert (card.department, card.version) == (folder.parent.name, folder.name)
    assert card.preprocessing == PREPROCESSING
    assert card.widths == (512, 256)
    assert card.weights == (0.7, 0.3)


def test_all_files_together_are_at_most_60_megabytes():
    assert sum(path.stat().st_size for path in MODELS.rglob("*.onnx")) <= 60_000_000


@pytest.mark.parametrize("network", ["resnet50", "style_cnn"])
@pytest.mark.parametrize("pictures", ["wardrobe_held_out", "wardrobe_demo", "wardrobe_fresh"])
def test_styles_of_unseen_wardrobe_items_are_found(card, pictures, network):
    assert card.metrics[pictures]["pictures"] >= 150
    assert card.metrics[pictures][network]["style_accuracy"] >= 0.90


def test_hardly_any_item_is_hidden_by_a_different_one(card):
    """The promise of the threshold, kept where it was chosen; elsewhere it is told (docs/training.md)."""
    found = card.metrics["duplicates"]
    assert set(found["chosen_on"]) == set(found["measured_on"]) == {"wardrobe", "photographs", "shop"}
    for chosen in found["chosen_on"].values():
        assert chosen["items"] > 40
        assert chosen["hidden_wrongly"] <= found["hidden_at_most"] * chosen["items"]


def test_training_data_is_named_with_licence_and_split(card):
    for data in card.training["data"]:
        assert data["licence"]
        assert data["split_by"] in ("group_id", "contributor_id")
        assert data["trained_on"] > 0
        assert data["held_out"] > 0
    assert len({data["fingerprint"] for data in card.training["data"]}) == 3  # photographs, two wardrobes


def test_the_page_tells_the_figures_of_the_cards_and_of_the_reports():
    page = PAGE.read()
    assert PAGE.filled(page, figured()) == page


def test_a_report_is_of_the_files_that_are_there(card):
    (report,) = (each for each in reports() if each["department"] == card.department)
    assert report["version"] == card.version
    assert report["files"] == {name: file.sha256 for name, file in card.files.items()}


@pytest.mark.parametrize("department", DEPARTMENTS)
def test_serving_finds_the_styles_of_the_demo(tmp_path, department):
    bucket = tmp_path / "models" / department
    bucket.mkdir(parents=True)
    (bucket / VERSION).symlink_to(MODELS / department / VERSION)
    encoder = Encoder.load(Folder(tmp_path), department, VERSION, threads=2)
    items = list(draw(department, ITEMS))
    found = [encoder.encode(decode(item.picture())) for item in items]
    right = [
        encoder.card.styles[int(each.styles.argmax())] == item.style
        for each, item in zip(found, items, strict=True)
    ]
    assert np.mean(right) >= 0.85


@pytest.mark.parametrize("department", DEPARTMENTS)
def test_an_item_stored_again_is_a_near_duplicate_and_another_item_is_none(department):
    bundle = MODELS / department / VERSION
    card = read_card((bundle / "card.json").read_bytes(), "card.json")
    embed = embedder([(bundle / part.file).read_bytes() for part in card.parts], card.weights)
    drawn = wardrobe(department, ITEMS, 3)
    found = figures(
        gallery("some", drawn, [f"{each.category}, {each.style}" for each in drawn], embed),
        card.duplicate_threshold,
    )
    assert found["kinds"]["reencode"]["recall"] >= 0.95
    assert found["hidden_wrongly"] <= 0.05 * ITEMS
