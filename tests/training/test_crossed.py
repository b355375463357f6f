"""Photographs asked across folds: nobody is asked what it was taught."""

import csv
import json

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("efficientnet_lite_pytorch", reason="the teacher's package is of the training group")

from scripts.wardrobe import draw
from training.crossed import folds, main, setting


def test_folds_are_of_whole_groups_and_about_even():
    groups = np.repeat(np.char.add("g", np.arange(12).astype(str)), [30, 9, 8, 8, 7, 6, 6, 5, 5, 4, 1, 1])
    found = folds(groups, 3)
    for group in np.unique(groups):
        assert len(set(found[groups == group])) == 1
    assert np.ptp(np.bincount(found)) <= 2
    order = np.random.default_rng(1).permutation(len(groups))
    assert np.array_equal(folds(groups[order], 3), found[order])


def test_folds_are_learned_and_reported_on(tmp_path, capsys):
    with (tmp_path / "metadata.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["item_id", "image", "category", "style", "kids", "contributor_id"])
        for index, item in enumerate(draw("womenswear", 40, 77)):
            (tmp_path / f"{index}.jpg").write_bytes(item.picture())
            writer.writerow(
                [index, f"{index}.jpg", "dress" if index % 2 else "hat", item.style, "False", index % 20]
            )
    run = ["--photographs", str(tmp_path), "--run", str(tmp_path / "run"), "--cache", str(tmp_path / "cache")]
    run += ["--folds", "2"]
    assert main(["report", *run]) == 1
    assert "fold-0.npz; learn --fold 0 writes it" in capsys.readouterr().err
    small = ["--networks", "style_cnn", "--cnn-resolution", "56", "--epochs", "0.01", "--device", "cpu"]
    assert main(["learn", *run, *small]) == 0
    assert main(["report", *run, "--some", "--json", str(tmp_path / "told.json")]) == 0
    told = json.loads((tmp_path / "told.json").read_text())
    assert told["photographs"] == 20
    assert set(told["precision_at_10"]["style"]["all"]) == {"style_cnn", "teacher", "colour histogram"}
    assert 0 <= told["precision_at_10"]["category"]["all"]["teacher"]["value"] <= 1


def test_a_hyper_parameter_can_be_another(tmp_path, capsys):
    assert setting("category_loss=1.5") == ("category_loss", 1.5)
    assert setting("mixed_labels=true") == ("mixed_labels", True)
    for wrong in ("categories=1.5", "category_loss=much", "category_loss"):
        with pytest.raises(SystemExit):
            main(["learn", "--photographs", str(tmp_path), "--run", str(tmp_path), "--set", wrong])
        assert f"found {wrong}" in capsys.readouterr().err
