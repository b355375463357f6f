"""Synthetic duplicates: six kinds, each doing what it says and nothing else, the same for a seed."""

import random

import numpy as np
import pytest
from PIL import Image

from scripts.wardrobe import draw
from training.copies import KINDS, crop, flip, recolour, reencode, rotate, shadow

SEEDS = range(12)


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    return next(draw("womenswear", 1, 3)).image


def pixels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture).astype(float)


def plain(*colour: int) -> Image.Image:
    return Image.new("RGB", (90, 60), colour)


def luma(picture: Image.Image) -> np.ndarray:
    return pixels(picture.convert("L"))


def test_there_are_the_six_kinds():
    assert list(KINDS) == ["crop", "flip", "rotate", "recolour", "reencode", "shadow"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_is_another_picture_of_the_same_size_and_the_original_stays(kind, picture):
    before = picture.tobytes()
    copy = KINDS[kind](picture, random.Random(1))
    assert (copy.size, copy.mode) == (picture.size, "RGB")
    assert copy.tobytes() != before
    assert picture.tobytes() == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_gives_the_same_copy_and_another_seed_another(kind, picture):
    first, again, other = (KINDS[kind](picture, random.Random(seed)).tobytes() for seed in (1, 1, 2))
    assert first == again
    assert (first == other) == (kind == "flip")  # which leaves nothing to chance


@pytest.mark.parametrize("kind", ["crop", "flip", "rotate", "recolour", "reencode"])
def test_white_stays_white(kind):
    for seed in SEEDS:
        assert pixels(KINDS[kind](plain(255, 255, 255), random.Random(seed))).min() >= (
            254 if kind == "reencode" else 255
        )


def test_a_crop_shows_80_to_95_percent_of_each_side():
    across, down = np.meshgrid(np.arange(240), np.arange(160))
    ramps = Image.fromarray(np.stack([across, down, 0 * down], axis=-1).astype(np.uint8))
    for seed in SEEDS:
        shown = pixels(crop(ramps, random.Random(seed)))
        for side, channel in ((240, 0), (160, 1)):
            assert 0.78 <= np.ptp(shown[..., channel]) / side <= 0.96


def test_flipping_twice_is_the_original(picture):
    chance = random.Random(1)
    assert flip(flip(picture, chance), chance).tobytes() == picture.tobytes()
    assert np.array_equal(pixels(flip(picture, chance)), pixels(picture)[:, ::-1])


def test_a_turn_is_of_2_to_8_degrees_either_way():
    bar = Image.new("RGB", (200, 200), "white")
    bar.paste("black", (0, 98, 200, 102))
    slopes = []
    for seed in SEEDS:
        dark = pixels(rotate(bar, random.Random(seed)))[..., 0] < 128
        heights = [np.flatnonzero(dark[:, column]).mean() for column in (20, 180)]
        slopes.append(np.degrees(np.arctan2(heights[1] - heights[0], 160)))
    assert all(1.8 <= abs(slope) <= 8.2 for slope in slopes)
    assert min(slopes) < 0 < max(slopes)


@pytest.mark.parametrize("colour", [(200, 40, 40), (40, 90, 160), (128, 128, 128), (90, 60, 30)])
def test_recolouring_changes_the_hue_and_keeps_the_light(colour):
    original = plain(*colour)
    for seed in SEEDS:
        copy = recolour(original, random.Random(seed))
        assert np.abs(pixels(copy) - pixels(original)).max() >= 15
        if not {0, 255} & set(np.unique(pixels(copy))):  # a colour that does not exist is clipped
            assert np.abs(luma(copy) - luma(original)).max() <= 2


def test_recolouring_leaves_black_and_white_alone():
    for level in (0, 255):
        assert np.array_equal(
            pixels(recolour(plain(level, level, level), random.Random(1))), pixels(plain(level, level, level))
        )


def test_storing_again_costs_detail_and_little_else(picture):
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (120, 120, 3), np.uint8))
    for seed in SEEDS:
        assert np.abs(pixels(reencode(picture, random.Random(seed))) - pixels(picture)).mean() < 5
        assert pixels(reencode(noise, random.Random(seed))).std() < 0.8 * pixels(noise).std()


def test_a_shadow_takes_15_to_35_percent_of_the_light_of_a_part():
    for seed in SEEDS:
        light = pixels(shadow(plain(200, 200, 200), random.Random(seed))) / 200
        assert light.max() > 0.97
        assert 0.64 <= light.min() <= 0.86
        assert np.ptp(light, axis=-1).max() == 0  # on all colours alike
