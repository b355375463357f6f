"""From pictures to bundles that serving loads, with a tiny wardrobe and a handful of photographs."""

# ruff: noqa: E402
import csv
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("efficientnet_lite_pytorch", reason="the teacher's package is of the training group")

from scripts.wardrobe import draw
from scripts.wardrobe.styles import STYLES
from shared.departments import DEPARTMENTS
from shared.encoder import Encoder
from shared.pictures import decode
from shared.storage.folder import Folder
from training.bundling import again, publish
from training.data import PHOTOGRAPHS
from training.demo_models import train
from training.plan import Plan
from training.recipe import Recipe
from training.school import school

PUBLISHED = "womenswear"  # one is enough: they are exported and measured alike
SHORT = Recipe(epochs=1, batch=16, small_side=112)


@pytest.fixture(scope="module")
def plan(tmp_path_factory) -> Plan:
    """Photographs are drawn items here: 24 of them by 8 contributors."""
    folder = tmp_path_factory.mktemp("photographs")
    with (folder / "metadata.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["item_id", "image", "category", "style", "kids", "contributor_id"])
        for index, item in enumerate(draw("womenswear", 24, 77)):
            (folder / f"{index}.jpg").write_bytes(item.picture())
            writer.writerow([index, f"{index}.jpg", item.category, item.style, "False", index % 8])
    return Plan(
        photographs=folder,
        cache=tmp_path_factory.mktemp("cache"),
        output=tmp_path_factory.mktemp("models"),
        items=24,
        demo_items=12,
        fresh_items=12,
        duplicate_items=24,
        fewest=2,
        teacher_width=16,
        resnet_resolution=64,
        cnn_resolution=56,
        wardrobe_held_out=0.4,
        photographs_held_out=0.4,
        resnet={"all": SHORT},
        cnn={"all": SHORT, "department": SHORT},
    )


@pytest.fixture(scope="module")
def taught(plan):
    torch.set_num_threads(1)
    return school(plan)


@pytest.fixture(scope="module")
def bundles(plan, taught) -> dict[str, Path]:
    # exports are compared on pictures; how good so short a training is does not matter here
    trained = train(plan, taught)
    return {PUBLISHED: publish(plan, taught, PUBLISHED, trained[PUBLISHED])}


def test_no_group_is_trained_on_and_held_out(taught):
    groups, aside = taught.pictures.groups, taught.held_out
    assert not set(groups[aside]) & set(groups[~aside])
    for source in (PHOTOGRAPHS, *DEPARTMENTS):
        assert len(taught.rows(source, held_out=True)) > 0
        assert len(taught.rows(source, held_out=False)) > 0


def test_the_demos_items_are_never_trained_on(taught):
    for source in (f"{department}-{only}" for department in DEPARTMENTS for only in ("demo", "fresh")):
        assert len(taught.rows(source, held_out=False)) == 0
        assert len(taught.rows(source, held_out=True)) == 12


@pytest.mark.parametrize("department", [PUBLISHED])
def test_serving_loads_a_bundle_and_sees_what_training_saw(bundles, plan, taught, department):
    blobs = Folder(plan.output.parent / "bucket")
    for path in bundles[department].iterdir():
        blobs.write(f"models/{department}/{plan.version}/{path.name}", path.read_bytes())
    encoder = Encoder.load(blobs, department, plan.version)
    found = encoder.encode_batch(np.stack([decode(item.picture()) for item in draw(department, 2, 7)]))
    assert [each.vector.shape for each in found] == [(768,)] * 2
    assert encoder.card.styles == STYLES
    assert {each.category for each in found} <= set(taught.categories)


@pytest.mark.parametrize("department", [PUBLISHED])
def test_a_card_tells_data_recipe_and_figures(bundles, plan, department):
    from shared.card import read_card

    card = read_card((bundles[department] / "card.json").read_bytes(), "card.json")
    assert {each["name"] for each in card.training["data"]} == {
        PHOTOGRAPHS,
        "wardrobe, womenswear",
        "wardrobe, menswear",
    }
    assert all(each["licence"] and len(each["fingerprint"]) == 64 for each in card.training["data"])
    assert card.training["recipes"]["resnet50.onnx"]["all"]["epochs"] == 1
    assert card.training["resolution"] == {"resnet50.onnx": 64, "style_cnn.onnx": 56}
    assert card.training["category_head"]["layers"][:2] == [2048, 256]
    asked = card.metrics["photographs_held_out"]
    for gallery in ("all", "held_out"):
        assert set(asked[f"category_among_{gallery}"]) == {"category_head", "teacher", "difference"}
    for pictures in ("wardrobe_held_out", "wardrobe_demo", "wardrobe_fresh", "photographs_held_out"):
        assert 0 <= card.metrics[pictures]["resnet50"]["style_accuracy"] <= 1
        assert 0 <= card.metrics[pictures]["style_cnn"]["style_accuracy"] <= 1
    assert card.metrics["export"]["resnet50.onnx"]["least_cosine_quantised"] >= 0.9995
    for chosen in card.metrics["duplicates"]["chosen_on"].values():
        assert chosen["hidden_wrongly"] <= 0.01 * chosen["items"]
    assert set(card.metrics["duplicates"]["measured_on"]) == {"wardrobe", "photographs"}


def test_the_networks_of_a_version_are_taken_and_the_rest_is_made_anew(bundles, plan, taught):
    from shared.card import read_card

    old, new = plan.version, "anew"
    made = again(replace(plan, version=new), taught, PUBLISHED, old)
    assert made == plan.output / PUBLISHED / new
    cards = [read_card((each / "card.json").read_bytes(), str(each)) for each in (bundles[PUBLISHED], made)]
    assert cards[1].training["networks_of"] == old
    assert cards[1].version == new
    assert cards[0].training["curves"] == cards[1].training["curves"]
    assert cards[0].files == cards[1].files  # the same pictures make the same head


def test_the_same_plan_goes_on_from_what_is_there(bundles, plan, taught):
    before = {path: path.stat().st_mtime_ns for path in plan.cache.rglob("*.pt")}
    assert len(before) == 1 + 3  # of all, and of the CNN's departments
    train(replace(plan), taught)
    assert {path: path.stat().st_mtime_ns for path in plan.cache.rglob("*.pt")} == before


def test_without_photographs_it_says_what_is_missing(tmp_path):
    command = [sys.executable, "-m", "training.demo_models", "--photographs", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.returncode == 2
    assert "metadata.csv" in done.stderr


def test_without_the_networks_that_are_to_be_taken_it_says_what_is_missing(plan):
    command = [sys.executable, "-m", "training.demo_models", "--photographs", str(plan.photographs)]
    command += ["--output", str(plan.output), "--networks-of", "demo-0"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.returncode == 2
    assert "womenswear/demo-0/card.json, found none" in done.stderr
