"""Varied views: of their originals, different from them, and the same for a seed."""

# ruff: noqa: E402
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from shared.pictures import normalise
from training.data import decoded, wardrobe
from training.views import augmented, varied, views


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    return decoded("few", wardrobe("menswear", 4, 5), tmp_path_factory.mktemp("cache"))


def test_views_keep_the_labels_and_groups_of_their_originals(pictures):
    found = varied(pictures, np.array([1, 3]), 2, seed=1)
    assert list(found.item_ids) == [pictures.item_ids[row] for row in (1, 3, 1, 3)]
    for column in ("styles", "categories", "groups"):
        assert np.array_equal(getattr(found, column), getattr(pictures, column)[[1, 3, 1, 3]])
    assert found.squares.shape == (4, 224, 224, 3)
    assert found.source != pictures.source


def test_every_view_is_another_picture(pictures):
    found = varied(pictures, np.array([0]), 3, seed=1)
    every = [pictures.squares[0], *found.squares]
    assert len({picture.tobytes() for picture in every}) == 4


def test_a_seed_gives_the_same_views(pictures):
    first, again, other = (varied(pictures, np.array([0, 1]), 1, seed) for seed in (1, 1, 2))
    assert np.array_equal(first.squares, again.squares)
    assert first.fingerprint == again.fingerprint != other.fingerprint


def test_views_of_white_are_an_even_grey_or_white():
    white = np.full((6, 224, 224, 3), 255, np.uint8)
    found = views(white, torch.Generator().manual_seed(1)).reshape(6, -1)
    assert (np.ptp(found, axis=1) <= 1).all()
    assert found.min() >= 0.75 * 255 - 1


def test_white_stays_white_or_grows_a_little_darker():
    squares = np.full((4, 224, 224, 3), 255, np.uint8)
    pictures = augmented(squares, 224, torch.Generator().manual_seed(1)).numpy()
    white, darker = normalise(squares), normalise(np.full_like(squares, 228))
    assert (pictures <= white + 1e-5).all()
    assert (pictures >= darker).all()
    assert np.ptp(pictures.reshape(12, -1), axis=1).max() < 1e-5  # evenly so


def test_a_varied_picture_is_near_the_one_that_serving_sees():
    squares = np.full((8, 224, 224, 3), 255, np.uint8)
    squares[:, 60:164, 60:164] = (200, 30, 30)
    pictures = augmented(squares, 224, torch.Generator().manual_seed(2))
    assert pictures.shape == (8, 3, 224, 224)
    centre = pictures[:, :, 100:124, 100:124].mean((2, 3)).numpy()
    wanted = normalise(squares)[:, :, 100:124, 100:124].mean((2, 3))
    assert np.abs(centre - wanted).max() < 0.45  # a tenth brighter or darker
    assert not np.allclose(pictures[0], pictures[1])


def test_a_smaller_side_is_the_same_picture_smaller():
    squares = np.random.default_rng(1).integers(0, 255, (2, 224, 224, 3), np.uint8)
    assert augmented(squares, 160, torch.Generator().manual_seed(2)).shape == (2, 3, 160, 160)
