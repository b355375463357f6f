"""A bundle on disk: its card and files, as serving reads them."""

import hashlib

import pytest

from shared.card import read_card
from shared.errors import ModelDamaged
from training.bundle import CNN_FILE, RESNET_FILE, card_of, write_bundle

FILES = {RESNET_FILE: b"large", CNN_FILE: b"small"}


def card(**changes):
    settings = {
        "duplicate_threshold": 0.9, "category_threshold": 0.5, "training": {"data": []}, "metrics": {},
    } | changes  # fmt: skip
    return card_of("menswear", "demo-4", FILES, (512, 256), ("casual", "smart"), ("hat",), **settings)


def test_a_bundle_is_the_card_and_its_files(tmp_path):
    folder = write_bundle(tmp_path, card(), FILES)
    assert folder == tmp_path / "menswear" / "demo-4"
    assert {path.name for path in folder.iterdir()} == {RESNET_FILE, CNN_FILE, "card.json"}
    found = read_card((folder / "card.json").read_bytes(), "card.json")
    assert found == card()
    for name, data in FILES.items():
        assert (folder / name).read_bytes() == data
        assert found.files[name].sha256 == hashlib.sha256(data).hexdigest()
        assert found.files[name].bytes == len(data)


def test_the_parts_are_the_resnet_then_the_cnn():
    assert [(part.name, part.width, part.weight) for part in card().parts] == [
        ("resnet50", 512, 0.7),
        ("style_cnn", 256, 0.3),
    ]


def test_a_card_out_of_range_is_refused_when_it_is_read(tmp_path):
    folder = write_bundle(tmp_path, card(duplicate_threshold=1.5), FILES)
    with pytest.raises(ModelDamaged):
        read_card((folder / "card.json").read_bytes(), "card.json")
