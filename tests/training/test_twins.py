"""Near-duplicates: what is one picture to the eye, and what is not."""

import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scripts.wardrobe import draw
from shared.pictures import square
from training.copies import flip, reencode
from training.twins import close, marks, twins

PHOTOGRAPHS = Path(__file__).parents[3] / "shared" / "data" / "clothing_cc0" / "dev" / "images"


@pytest.fixture(scope="module")
def drawn() -> list[np.ndarray]:
    return [square(item.picture()) for item in draw("womenswear", 12, 5)]


@pytest.mark.parametrize("copy", [reencode, flip])
def test_a_picture_stored_again_or_mirrored_is_its_twin(drawn, copy):
    again = [np.asarray(copy(Image.fromarray(each), random.Random(1))) for each in drawn]
    found = {tuple(pair) for pair in twins([*drawn, *again]).tolist()}
    assert {(row, row + len(drawn)) for row in range(len(drawn))} <= found


def test_another_colour_of_the_whole_picture_is_no_twin():
    red, blue = (np.full((224, 224, 3), colour, np.uint8) for colour in ((200, 30, 30), (30, 30, 200)))
    assert len(twins([red, blue])) == 0
    assert twins([red, red]).tolist() == [[0, 1]]


def test_every_pair_is_told_once_the_lesser_first(drawn):
    assert twins([drawn[0], drawn[0], drawn[0]]).tolist() == [[0, 1], [0, 2], [1, 2]]
    assert twins([]).shape == (0, 2)


def test_pairs_are_those_of_a_plain_comparison():
    chance = np.random.default_rng(3)
    bits = chance.integers(0, 2**63, 30, np.uint64) & np.uint64(0xFFF)  # so that some are close
    colours = chance.uniform(0, 30, (30, 192)).astype(np.float32)
    wanted = [
        [first, second]
        for first in range(30)
        for second in range(first + 1, 30)
        if (int(bits[first]) ^ int(bits[second])).bit_count() <= 6
        and abs(colours[first] - colours[second]).mean() <= 10
    ]
    found = close((bits, colours), (bits, colours))
    assert found.tolist() == wanted
    assert 0 < len(wanted) < 435


def test_a_fingerprint_does_not_depend_on_the_light():
    picture = np.random.default_rng(1).integers(0, 200, (224, 224, 3)).astype(np.uint8)
    assert marks(picture)[0] == marks(picture + 20)[0]


@pytest.mark.skipif(
    not PHOTOGRAPHS.is_dir(), reason="needs the photographs in ../shared/data/clothing_cc0/dev"
)
def test_photographs_are_hardly_ever_taken_for_twins():
    paths = sorted(PHOTOGRAPHS.iterdir())[:600]
    pairs = twins(square(path.read_bytes()) for path in paths)
    assert len(pairs) <= 3  # of 179,700
