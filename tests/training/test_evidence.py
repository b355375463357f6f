"""Reports: networks that average colours, on pictures of which a colour is the style."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.bundles import FILES, STYLES, card
from training.conclusions import concluded
from training.data import Pictures
from training.evidence import evidence, latency, seen

NETWORKS = (FILES["resnet50"], FILES["style_cnn"])
COLOURS = {"casual": (220, 30, 30), "street": (30, 220, 30), "dressy": (30, 30, 220)}


def pictures(styles: list[str], labels: list[str] | None = None) -> Pictures:
    """Squares of their style's colour, each a little lighter or darker, so that no two are the same."""
    random = np.random.default_rng(4)
    squares = np.full((len(styles), 224, 224, 3), 255, np.uint8)
    for row, style in enumerate(styles):
        top, left = random.integers(0, 60, 2)
        squares[row, top : top + 160, left : left + 160] = np.add(COLOURS[style], random.integers(0, 10))
    names = np.array([f"{row:02d}" for row in range(len(styles))])
    kinds = np.array(["dress" if row % 2 else "shoes" for row in range(len(styles))])
    return Pictures("squares", squares, names, np.array(labels or styles), kinds, names, "0")


@pytest.fixture(scope="module")
def looked():
    return seen(card(), NETWORKS, pictures(["casual", "street", "dressy"] * 16))


@pytest.fixture(scope="module")
def figures(looked):
    return evidence(looked)


def test_where_a_colour_is_the_style_neighbours_are_right(figures):
    for name in ("ensemble", "resnet50", "style_cnn", "colour histogram"):
        assert figures["retrieval"][name]["precision_at_10"] == {"value": 1.0, "low": 1.0, "high": 1.0}
        assert figures["retrieval"][name]["recall_at_1"]["value"] == 1.0
    chance = figures["retrieval"]["random"]["precision_at_10"]
    assert 0.2 < chance["value"] < 0.4
    assert figures["ensemble_better_by"]["random"]["low"] > 0.5
    assert figures["weights"]["best_better_by"]["value"] == 0
    assert set(figures["categories"]) == {"dress", "shoes"}
    assert figures["categories"]["dress"]["items"] == 24
    assert np.sum(figures["confusion"]) == 48


def test_a_report_is_json_and_the_same_again(looked, figures):
    assert json.loads(json.dumps(figures)) == figures
    assert evidence(looked) == figures


def test_styles_that_mean_nothing_are_not_praised():
    styles = ["casual", "street", "dressy"] * 16
    labels = np.random.default_rng(1).choice(["smart", "sporty"], 48).tolist()
    words = " ".join(concluded(evidence(seen(card(), NETWORKS, pictures(styles, labels)))))
    assert "The ensemble is better" not in words
    assert "No difference can be told" in words
    assert "The networks tell styles apart" not in words


def test_pictures_without_a_known_style_are_told_as_such():
    words = concluded(evidence(seen(card(), NETWORKS, pictures(["casual"] * 12, ["unheard of"] * 12))))
    assert words[0] == "No picture has a style that the networks know: how well they tell it is not known."


def test_the_words_are_those_of_the_figures(figures):
    words = concluded(figures)
    assert any("with items taken at random" in each and "The ensemble is better by" in each for each in words)
    assert any("neither better nor worse than ResNet-50 alone" in each for each in words)
    assert words[-1].startswith("All of this is of 48 pictures in 48 groups, which are few")


def test_a_worse_ensemble_is_called_worse(figures):
    worse = {"value": -0.1, "low": -0.2, "high": -0.05}
    changed = figures | {"ensemble_better_by": figures["ensemble_better_by"] | {"colour histogram": worse}}
    assert any("The ensemble is worse by 0.100 (0.050 to 0.200)" in each for each in concluded(changed))


def test_lists_as_served_hold_no_near_duplicates_that_the_threshold_finds():
    same = pictures(["casual", "street", "dressy"] * 8)
    same.squares[1:3] = same.squares[0]  # three items with one picture
    lists = evidence(seen(card(duplicate_threshold=0.9999), NETWORKS, same))["lists"]
    assert lists["ensemble"]["duplicates"]["value"] > lists["ensemble, as served"]["duplicates"]["value"]
    assert lists["ensemble, as served"]["duplicates"]["value"] == 0


def test_latency_is_of_both_networks():
    told = latency(NETWORKS, pictures(["casual"] * 3))
    assert told["pictures"] == 3
    assert 0 <= told["resnet50"]["median_ms"] <= told["resnet50"]["p95_ms"]


def test_the_page_shows_words_figures_neighbours_and_a_map(looked, figures):
    pytest.importorskip("sklearn", reason="the map needs scikit-learn, of the training group")
    from training.report import report

    told = {
        "department": "womenswear",
        "version": "colours-1",
        "latency": latency(NETWORKS, looked.pictures),
        "curves": {"resnet50": [{"epoch": 1, "loss": 2.5, "right": 0.4}]},
        "sets": {"squares": figures},
    }
    page = report(told, {"squares": looked})
    for sentence in concluded(figures):
        assert sentence.replace("'", "&#x27;") in page
    assert page.count("<image ") == 48
    assert page.count('class="right"') == 10 * 8
    assert page.count("<svg") == 1
    assert "http" not in page
    assert "2.500" in page
    assert all(style in page for style in STYLES)


def test_the_command_writes_both_files_of_a_shops_own_pictures(tmp_path: Path):
    pd = pytest.importorskip("pandas", reason="a shop's own data needs pandas, of the training group")
    pytest.importorskip("sklearn", reason="the map needs scikit-learn, of the training group")
    import subprocess
    import sys

    from PIL import Image

    from shared.card import write_card

    bundle = tmp_path / "models" / "womenswear" / "colours-1"
    bundle.mkdir(parents=True)
    (bundle / "card.json").write_bytes(write_card(card()))
    for name, data in FILES.items():
        (bundle / f"{name}.onnx").write_bytes(data)
    squares = pictures(["casual", "street", "dressy"] * 10)
    shop = tmp_path / "shop"
    shop.mkdir()
    for name, square in zip(squares.item_ids, squares.squares, strict=True):
        Image.fromarray(square).save(shop / f"{name}.png")
    pd.DataFrame({"item_id": squares.item_ids, "style": squares.styles}).to_csv(shop / "items.csv")
    command = [sys.executable, "-m", "training.evaluate", shop, "--models", tmp_path / "models"]
    command += ["--version", "colours-1", "--department", "womenswear", "--output", tmp_path / "out"]
    command += ["--cache", tmp_path / "cache"]
    root = Path(__file__).parents[2]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    folder = tmp_path / "out" / "womenswear"
    told = json.loads((folder / "report.json").read_text())
    assert told["sets"]["items"]["pictures"] == 30
    assert told["version"] == "colours-1"
    assert (folder / "report.html").read_text().startswith("<!doctype html>")
