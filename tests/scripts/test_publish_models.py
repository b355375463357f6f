"""Publishing bundles: whole, once, and not silent about a card that is another."""

from pathlib import Path

import pytest

from scripts.publish_models import publish
from shared.card import read_card, write_card
from shared.storage.folder import Folder
from tests.bundles import FILES, card

NAME = "models/womenswear/colours-1"


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder with one bundle."""
    bundle = tmp_path / NAME
    bundle.mkdir(parents=True)
    (bundle / "card.json").write_bytes(write_card(card()))
    for name, data in FILES.items():
        (bundle / f"{name}.onnx").write_bytes(data)
    return tmp_path / "models"


def test_a_bundle_is_published_whole_and_again_without_a_word(
    models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bucket = Folder(tmp_path / "bucket")
    for _ in range(2):
        assert publish(bucket, models) == [NAME]
        assert {blob.name.removeprefix(f"{NAME}/") for blob in bucket.list(f"{NAME}/")} == {
            "card.json", "resnet50.onnx", "style_cnn.onnx",
        }  # fmt: skip
    assert capsys.readouterr().err == ""


def test_another_card_of_the_same_version_stays_and_is_told_of(
    models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bucket = Folder(tmp_path / "bucket")
    publish(bucket, models)
    changed = card(duplicate_threshold=0.9)
    (models / "womenswear/colours-1/card.json").write_bytes(write_card(changed))
    publish(bucket, models)
    assert read_card(bucket.read(f"{NAME}/card.json")[0], "card.json") == card()
    assert f"delete {NAME}/card.json" in capsys.readouterr().err
    # what it says helps
    bucket.delete(f"{NAME}/card.json")
    publish(bucket, models)
    assert read_card(bucket.read(f"{NAME}/card.json")[0], "card.json") == changed
    assert capsys.readouterr().err == ""
